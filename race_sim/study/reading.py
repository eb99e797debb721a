"""Reads a study from its file, or from the manifest of a directory that holds its runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from race_sim.errors import InputError
from race_sim.scenario.files import read_toml, shipped
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.study.checks import check
from race_sim.study.definition import Boundary, Drawing, Meaning, Part, Quick, Range, Screen, Study

RANGE = "Range"
LEVEL_KINDS = {"bool", "int", "float", "str"}
"""What pydantic calls the kinds a level may be."""


def experiments() -> Path:
    """The folder of the studies that come with the package."""
    return shipped("experiments")


def shipped_studies() -> list[str]:
    """Names of the studies that come with the package."""
    return sorted(path.stem for path in experiments().glob("*.toml"))


def command_name(study: Study) -> str:
    """What a command line calls a study: its name if it comes with the package, its file otherwise."""
    return study.name if study.name in shipped_studies() else f"{study.name}.toml"


def load_study(name_or_path: str) -> Study:
    """The study of that name, or the one in the file at that path.

    Raises InputError for a file that is missing or wrong, a line for each fault.
    """
    path = experiments() / f"{name_or_path}.toml" if name_or_path in shipped_studies() else Path(name_or_path)
    if path.suffix != ".toml":
        raise InputError(
            f"unknown study {shown(name_or_path)}.{did_you_mean(nearest(name_or_path, shipped_studies()))}"
            f" There are {', '.join(shipped_studies())}; or give the path of a .toml file."
        )
    data = read_toml(path)
    if "name" in data:
        raise InputError(f'{path}: unknown key "name": a study is named by its file')
    try:
        study = Study.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        raise InputError("\n".join(_explained(error.errors(include_url=False)))).within(path) from None
    try:
        check(study)
    except InputError as error:
        raise error.within(path) from None
    return study


def kept_study(kept: Any, place: Path) -> Study:
    """The study as a manifest keeps it, JSON of `Study`; it was checked when it was first read.

    Raises InputError if it is not one.
    """
    try:
        return Study.model_validate(kept)
    except ValidationError as error:
        faults = "; ".join(_explained(error.errors(include_url=False)))
        raise InputError(f"{place}: holds no study this version of race_sim can read: {faults}") from None


def _explained(faults: Sequence[ErrorDetails]) -> list[str]:
    """A sentence for each place; a value that is none of the kinds a level may be is one fault, not four."""
    found: dict[str, str] = {}
    for fault in faults:
        if not _beside_the_point(fault):
            place, what = _sentence(fault)
            found[place] = what
    return list(found.values())


def _beside_the_point(fault: ErrorDetails) -> bool:
    """Whether it says that a table is no list of levels, or that a list is no range: either is allowed."""
    given = fault["input"]
    return (fault["type"] == "list_type" and isinstance(given, dict) and _is_list(fault["loc"][-1])) or (
        fault["type"] == "model_type" and isinstance(given, list) and fault["loc"][-1] == RANGE
    )


def _is_list(word: str | int) -> bool:
    return str(word).startswith("list[")


def _sentence(fault: ErrorDetails) -> tuple[str, str]:
    """Where a fault is, and what it is."""
    loc = fault["loc"]
    words = [f"{word + 1}" if isinstance(word, int) else word for word in loc if not _is_list(word) and word != RANGE]
    given = shown(fault["input"])
    if _is_list(loc[-1]) or loc[-1] == RANGE:
        place = ".".join(words)
        return place, f"{place} = {given} is not allowed: give levels, [1, 4, 16], or a range, {{ low = 1, high = 16 }}"
    if len(words) > 1 and words[-1] in LEVEL_KINDS:
        place = ".".join(words[:-1])
        return place, f"{place} = {given} is not allowed: give a number, a text, true or false"
    place = ".".join(words)
    if fault["type"] == "extra_forbidden":
        table = _table(fault)
        known = [name for name in table.model_fields if table is not Study or name != "name"]
        hint = did_you_mean(nearest(words[-1], known))
        return place, f"unknown key {shown(place)}.{hint} There are {', '.join(known)}."
    if fault["type"] == "missing":
        return place, f"{place} is missing"
    return place, f"{place} = {given} is not allowed: {fault['msg']}"


_TABLES: dict[str, type[BaseModel]] = {
    "part": Part,
    "quick": Quick,
    "levels": Meaning,
    "figure": Drawing,
    "boundary": Boundary,
    "screen": Screen,
    RANGE: Range,
}


def _table(fault: ErrorDetails) -> type[BaseModel]:
    """The innermost table in which a key is unknown."""
    inside = [word for word in fault["loc"][:-1] if word in _TABLES]
    return _TABLES[str(inside[-1])] if inside else Study
