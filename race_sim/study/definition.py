"""A study as its file defines it: a question, factors and what they set, parts that vary them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from race_sim.analysis.codebook import WEEKLY
from race_sim.errors import InputError
from race_sim.plots.studies import check_figure
from race_sim.scenario import load
from race_sim.scenario.arithmetic import names_in
from race_sim.scenario.files import read_toml, shipped
from race_sim.scenario.resolve import check_path
from race_sim.scenario.text import did_you_mean, nearest, shown

Level: TypeAlias = bool | int | float | str
Levels: TypeAlias = Mapping[str, Level]

FORMULA = "="  # first character of a setting that is computed from factors and constants
ADOPTED_SHARE = "adopted_share"
"""Name in formulas: share of judged trials adopted at the same factors in the part named by `after`."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Meaning(_Table):
    """What a level of a factor stands for: what a library scenario changes in the baseline, then settings."""

    scenario: str | None = None
    set: dict[str, Level] = Field(default_factory=dict)


class Part(_Table):
    """One design: every combination of its factors' levels."""

    name: str
    question: str
    factors: dict[str, list[Level]]
    set: dict[str, Level] = Field(default_factory=dict)
    after: str | None = None
    figures: list[str] = Field(default_factory=list)


class Quick(_Table):
    """What is smaller in a quick run, which tests the set-up and shows nothing."""

    replicates: int = Field(default=2, ge=1)
    factors: dict[str, list[Level]] = Field(default_factory=dict)
    set: dict[str, Level] = Field(default_factory=dict)


class Study(_Table):
    """A study; `load_study` reads one from a file.

    Attributes:
        name: the file's stem.
        base: scenario that settings change.
        replicates: races a point, with seeds `first_seed`, `first_seed` + 1, ...: the same for every point
            (common random numbers).
        constants: values that formulas may name.
        set: settings of every point, {parameter path: value or formula}.
        defaults: levels of factors that a part does not vary.
        levels: {factor: {level: meaning}} for levels that stand for more than a value.
        part: the designs.
        quick: what replaces levels and settings in a quick run.
    """

    name: str
    title: str
    question: str
    base: str = "baseline"
    replicates: int = Field(ge=1, le=100_000)
    first_seed: int = Field(default=1, ge=0)
    constants: dict[str, Level] = Field(default_factory=dict)
    set: dict[str, Level] = Field(default_factory=dict)
    defaults: dict[str, Level] = Field(default_factory=dict)
    levels: dict[str, dict[str, Meaning]] = Field(default_factory=dict)
    part: list[Part] = Field(min_length=1)
    quick: Quick = Field(default_factory=Quick)

    @property
    def seeds(self) -> range:
        """Seeds of every point."""
        return range(self.first_seed, self.first_seed + self.replicates)

    def parts(self, wanted: tuple[str, ...] = ()) -> list[Part]:
        """The parts of these names, all if none is given, each after those it needs.

        Raises InputError for an unknown name.
        """
        by_name = {part.name: part for part in self.part}
        for name in wanted:
            if name not in by_name:
                raise InputError(
                    f"study {self.name} has no part {shown(name)}.{did_you_mean(nearest(name, by_name))}"
                    f" Its parts are {', '.join(by_name)}."
                )
        names = set(wanted or by_name)
        for part in reversed(self.part):  # a part comes after earlier ones only
            if part.name in names and part.after is not None:
                names.add(part.after)
        return [part for part in self.part if part.name in names]

    def smaller(self) -> Study:
        """The study as `--quick` runs it; what it measures shows nothing."""
        parts = [
            part.model_copy(
                update={
                    "factors": {name: self.quick.factors.get(name, levels) for name, levels in part.factors.items()}
                }
            )
            for part in self.part
        ]
        return self.model_copy(
            update={"replicates": self.quick.replicates, "set": {**self.set, **self.quick.set}, "part": parts}
        )


def experiments() -> Path:
    """The folder of the studies that come with the package."""
    return shipped("experiments")


def shipped_studies() -> list[str]:
    """Names of the studies that come with the package."""
    return sorted(path.stem for path in experiments().glob("*.toml"))


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
        _check(study)
    except InputError as error:
        raise error.within(path) from None
    return study


def _explained(faults: Sequence[ErrorDetails]) -> list[str]:
    """A sentence for each place; a value that is none of the kinds a level may be is one fault, not four."""
    found: dict[str, str] = {}
    for fault in faults:
        words = [f"{word + 1}" if isinstance(word, int) else word for word in fault["loc"]]
        kinds = {kind.__name__ for kind in get_args(Level)}
        if len(words) > 1 and words[-1] in kinds:
            place = ".".join(words[:-1])
            allowed = "give a number, a text, true or false"
            found[place] = f"{place} = {shown(fault['input'])} is not allowed: {allowed}"
            continue
        place = ".".join(words)
        if fault["type"] == "extra_forbidden":
            table: type[BaseModel] = _TABLES.get(words[0], Study) if len(words) > 1 else Study
            known = [name for name in table.model_fields if table is not Study or name != "name"]
            hint = did_you_mean(nearest(words[-1], known))
            found[place] = f"unknown key {shown(place)}.{hint} There are {', '.join(known)}."
        elif fault["type"] == "missing":
            found[place] = f"{place} is missing"
        else:
            found[place] = f"{place} = {shown(fault['input'])} is not allowed: {fault['msg']}"
    return list(found.values())


_TABLES: dict[str, type[BaseModel]] = {"part": Part, "quick": Quick, "levels": Meaning}


def _check(study: Study) -> None:
    """What one table says against another."""
    named = {"base": study.base}
    for factor, meanings in study.levels.items():
        for level, meaning in meanings.items():
            if meaning.scenario is not None:
                named[f"levels.{factor}.{level}"] = meaning.scenario
    for place, scenario in named.items():
        try:
            load(scenario)
        except InputError as error:
            raise error.within(place) from None
    before: list[str] = []
    for part in study.part:
        _check_part(study, part, before)
        before.append(part.name)
    for factor, default in study.defaults.items():
        _check_levels(study, "defaults", factor, [default])
    varied = {factor for part in study.part for factor in part.factors}
    for factor, levels in study.quick.factors.items():
        if factor not in varied:
            raise InputError(f"quick: no part varies a factor {shown(factor)}.{did_you_mean(nearest(factor, varied))}")
        _check_levels(study, "quick", factor, levels)
    for settings in _settings(study):
        for path in settings:
            check_path(path)


def _check_part(study: Study, part: Part, before: Sequence[str]) -> None:
    place = f"part {shown(part.name)}"
    if re.fullmatch(r"[\w-]+", part.name) is None:
        raise InputError(
            f"{place}: the name is not allowed: give letters, digits, _ and -, since files are named by it"
        )
    if part.name in before:
        raise InputError(f"{place}: there are two parts of this name")
    if part.after is not None and part.after not in before:
        earlier = f"those before it are {', '.join(before)}" if before else "there is none before it"
        raise InputError(f"{place}: after = {shown(part.after)} names no earlier part; {earlier}")
    if not part.factors:
        raise InputError(f"{place}: it has no factors")
    for factor, levels in part.factors.items():
        if not factor.isidentifier() or factor in {"scenario", ADOPTED_SHARE, *WEEKLY}:
            raise InputError(f"{place}: a factor cannot be named {shown(factor)}: formulas and measures need the name")
        _check_levels(study, place, factor, levels)
    for figure in part.figures:
        if any(figure in other.figures for other in study.part if other is not part):
            raise InputError(f"{place}: another part asks for figure {shown(figure)} too")
        for quick in (False, True):
            chosen = next(one for one in (study.smaller() if quick else study).part if one.name == part.name)
            fixed = {name: [level] for name, level in study.defaults.items()}
            try:
                check_figure(figure, {**fixed, **chosen.factors})
            except InputError as error:
                raise error.within(f"{place}, quick" if quick else place) from None


def _check_levels(study: Study, place: str, factor: str, levels: list[Level]) -> None:
    """A level without a meaning would silently change nothing."""
    if not levels:
        raise InputError(f"{place}: factor {factor} has no levels")
    if len(set(levels)) < len(levels):
        raise InputError(f"{place}: factor {factor} has the same level twice")
    if factor in study.levels:
        for level in levels:
            if str(level) not in study.levels[factor]:
                raise InputError(
                    f"{place}: {factor} = {shown(level)} has no table [levels.{factor}.{level}]."
                    f"{did_you_mean(nearest(str(level), study.levels[factor]))}"
                )
    elif not any(factor in names_used(setting) for settings in _settings(study) for setting in settings.values()):
        raise InputError(
            f"{place}: factor {factor} sets nothing: no formula names it and no [levels.{factor}] is there"
        )


def names_used(setting: Level) -> tuple[str, ...]:
    """Names in a setting's formula; none if it is a plain value. Raises InputError if it cannot be read."""
    if not isinstance(setting, str) or not setting.startswith(FORMULA):
        return ()
    return names_in(setting.removeprefix(FORMULA))


def _settings(study: Study) -> list[dict[str, Level]]:
    settings = [study.set, study.quick.set, *(part.set for part in study.part)]
    return [*settings, *(meaning.set for levels in study.levels.values() for meaning in levels.values())]
