"""The rows of evidence in `seeds/`: what was said, by whom, and what in the model it sets, or why nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from race_sim.errors import InputError
from race_sim.scenario.arithmetic import Result
from race_sim.scenario.files import read_toml, shipped
from race_sim.scenario.loading import library
from race_sim.scenario.parameter import figure_name
from race_sim.scenario.schema import BY_PATH
from race_sim.scenario.text import did_you_mean, nearest, shown

SEEDS = shipped("seeds")
CONSTANTS = {
    "DAYS_IN_SEPTEMBER": 30,
    "DAYS_PER_WEEK": 7,
    "MODEL_DRONES_PER_WEEK": int(BY_PATH["workshops.count"].default) * int(BY_PATH["workshops.weekly_output"].default),
    "WEEKS_PER_MONTH": 52 / 12,
    "WEEKS_PER_YEAR": 52,
}
"""What arithmetic may use beside figures of rows. MODEL_DRONES_PER_WEEK sets the model's scale: what all workshops
build without accounts, for the four million drones a year of S1-22."""

_ID = re.compile(r"S[0-3]-\d\d|W\d{3}|SF\d\d")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ALWAYS = {"sets", "unused", "figures"}
_DOCUMENT = {"kind", "text", "value", "unit", "date", "said_by", "use"}
_KEYS = {
    "web.toml": {"text", "value", "unit", "date", "url", "source_quality", "use"},
    "stylised_facts.toml": {"name", "band", "measure", "sources", "basis"},
}
_KINDS = {"web.toml": "web fact", "stylised_facts.toml": "stylised fact"}
_HEAD = ("title", "source")
_OPTIONAL = ("unit", "date", "said_by", "url", "source_quality", "basis")


@dataclass(frozen=True)
class Evidence:
    """One row. What its file leaves out is empty; of `sets` and `unused` exactly one has content.

    `text` of a stylised fact is its name, `value` its band, `use` its measure and `sources` the rows it rests on.
    `sets` are parameters (dotted paths), scenarios of the library and stylised facts; `figures` are numbers that
    value, text, band, measure or date state, by the names that arithmetic uses.
    """

    id: str
    file: str
    kind: str
    text: str
    value: str
    unit: str
    date: str
    said_by: str
    url: str
    source_quality: str
    use: str
    basis: str
    sources: tuple[str, ...]
    sets: tuple[str, ...]
    unused: str
    figures: Mapping[str, float]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters among what it sets."""
        return tuple(name for name in self.sets if name in BY_PATH)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The stylised facts among what it sets."""
        return tuple(name for name in self.sets if _ID.fullmatch(name))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios of the library among what it sets."""
        return tuple(name for name in self.sets if name not in BY_PATH and not _ID.fullmatch(name))


@cache
def evidence() -> Mapping[str, Evidence]:
    """All rows that come with the package, by id, in the order of the files."""
    return read_evidence(SEEDS)


def read_evidence(folder: Path) -> dict[str, Evidence]:
    """All rows of a folder of evidence, by id.

    Raises InputError, a line for each row at fault, unless every row has the keys of its file, sets something that
    exists or says why it sets nothing, and names only rows that exist.
    """
    rows: dict[str, Evidence] = {}
    faults = []
    for path in sorted(folder.glob("*.toml"), key=_place):
        for row_id, table in read_toml(path).items():
            if row_id in _HEAD:
                continue
            if row_id in rows:
                faults.append(InputError(f"{path}: {row_id}: is also in {rows[row_id].file}"))
                continue
            try:
                rows[row_id] = _row(path.name, row_id, table)
            except InputError as error:
                faults.append(error.within(f"{path}: {row_id}"))
    if not rows and not faults:
        raise InputError(f"{folder}: has no rows of evidence (*.toml); install race-sim again")
    for row in rows.values():
        try:
            _check_targets(row, rows)
        except InputError as error:
            faults.append(error.within(f"{folder / row.file}: {row.id}"))
    if faults:
        raise InputError("\n".join(map(str, faults)))
    return rows


def figures(rows: Mapping[str, Evidence]) -> dict[str, Result]:
    """Every figure of the rows by the name that arithmetic uses, and the constants."""
    stated = {figure_name(row.id, name): figure for row in rows.values() for name, figure in row.figures.items()}
    return {**stated, **CONSTANTS}


def _place(path: Path) -> tuple[int, str]:
    """The order of the files: documents, the web, stylised facts."""
    special = list(_KEYS)
    return (special.index(path.name) + 1 if path.name in special else 0, path.name)


def _row(file: str, row_id: str, table: object) -> Evidence:
    if not _ID.fullmatch(row_id):
        raise InputError("is not an id: S0-01, W001 and SF01 are")
    if not isinstance(table, dict):
        raise InputError(f"{shown(table)} is not allowed: a row is a table, [{row_id}], of keys")
    known = _KEYS.get(file, _DOCUMENT) | _ALWAYS
    for key in table:
        if key not in known:
            raise InputError(f"unknown key {shown(key)}.{did_you_mean(nearest(key, known))}")
    if ("sets" in table) == ("unused" in table):
        raise InputError('give either sets = ["workshops.count"] or unused = "the reason", and not both')
    value = table.get("value", "")
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise InputError(f"value = {shown(value)} is not allowed: give a number or a text in quotes")
    return Evidence(
        id=row_id,
        file=file,
        kind=_KINDS.get(file) or _text(table, "kind"),
        text=_text(table, "name" if "name" in known else "text"),
        value=_text(table, "band") if "band" in known else str(value),
        use=_text(table, "measure" if "measure" in known else "use", optional=True),
        sources=_words(table, "sources") if "sources" in known else (),
        sets=_words(table, "sets") if "sets" in table else (),
        unused=_text(table, "unused") if "unused" in table else "",
        figures=_figures(table.get("figures", {})),
        **{key: _text(table, key, optional=True) for key in _OPTIONAL},
    )


def _text(table: Mapping[str, Any], key: str, *, optional: bool = False) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not (value.strip() or (optional and key not in table)):
        raise InputError(f"{key} = {shown(value)} is not allowed: give a text in quotes")
    return value


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise InputError(f"{key} = {shown(value)} is not allowed: give a list of names in quotes")
    if len(set(value)) < len(value):
        raise InputError(f"{key} = {shown(value)} names something twice")
    return tuple(value)


def _figures(table: object) -> dict[str, float]:
    if not isinstance(table, dict):
        raise InputError(f"figures = {shown(table)} is not allowed: write figures = {{ months = 2 }}")
    for name, figure in table.items():
        if not _NAME.fullmatch(name):
            raise InputError(f"figures.{name}: a name has small letters, digits and underscores")
        if not isinstance(figure, int | float) or isinstance(figure, bool):
            raise InputError(f"figures.{name} = {shown(figure)} is not allowed: give a number")
    return table


def _check_targets(row: Evidence, rows: Mapping[str, Evidence]) -> None:
    known = [*BY_PATH, *library(), *(row_id for row_id, other in rows.items() if other.kind == "stylised fact")]
    for target in row.sets:
        if target not in known:
            raise InputError(
                f"sets {shown(target)}, which is no parameter, scenario or stylised fact."
                f"{did_you_mean(nearest(target, known))}"
            )
    for source in row.sources:
        if source not in rows:
            raise InputError(f"sources has {shown(source)}, which is no row.{did_you_mean(nearest(source, rows))}")
