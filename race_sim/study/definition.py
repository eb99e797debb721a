"""A study as its file defines it: a question, factors and what they set, parts that vary them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import race_sim
from race_sim.errors import InputError
from race_sim.plots.studies import check_figure
from race_sim.scenario.files import read_toml
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
    """What a level of a factor stands for: what a library scenario changes in its base, then settings."""

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
        names |= {needed for name in names if (needed := by_name[name].after)}
        return [part for part in self.part if part.name in names]

    def smaller(self) -> Study:
        """The study as `--quick` runs it."""
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
    package = Path(race_sim.__file__).parent
    inside = package / "experiments"
    return inside if inside.is_dir() else package.parent / "experiments"


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
    try:
        study = Study.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        faults = [_explain(fault) for fault in error.errors(include_url=False)]
        raise InputError("\n".join(faults)).within(path) from None
    try:
        _check(study)
    except InputError as error:
        raise error.within(path) from None
    return study


def _explain(fault: Any) -> str:
    place = ".".join(f"{word + 1}" if isinstance(word, int) else word for word in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"unknown key {shown(place)}"
    if fault["type"] == "missing":
        return f"{place} is missing"
    return f"{place} = {shown(fault['input'])} is not allowed: {fault['msg']}"


def _check(study: Study) -> None:
    """What one table says against another."""
    before: list[str] = []
    for part in study.part:
        if part.name in before:
            raise InputError(f"part {shown(part.name)}: there are two parts of this name")
        if part.after is not None and part.after not in before:
            raise InputError(f"part {shown(part.name)}: after = {shown(part.after)} names no earlier part")
        before.append(part.name)
        for figure in part.figures:
            check_figure(figure)
        for factor, levels in part.factors.items():
            if not levels:
                raise InputError(f"part {shown(part.name)}: factor {factor} has no levels")
            if len(set(levels)) < len(levels):
                raise InputError(f"part {shown(part.name)}: factor {factor} has the same level twice")
            _check_levels(study, part.name, factor, levels)
    for factor, level in study.defaults.items():
        _check_levels(study, "defaults", factor, [level])
    for setting in _settings(study):
        for path in setting:
            check_path(path)


def _check_levels(study: Study, place: str, factor: str, levels: list[Level]) -> None:
    """A level without a meaning would silently change nothing."""
    if factor in study.levels:
        for level in levels:
            if level not in study.levels[factor]:
                raise InputError(
                    f"{place}: {factor} = {shown(level)} has no table [levels.{factor}.{level}]."
                    f"{did_you_mean(nearest(str(level), study.levels[factor]))}"
                )
    elif not any(_names(setting, factor) for settings in _settings(study) for setting in settings.values()):
        raise InputError(
            f"{place}: factor {factor} sets nothing: no formula names it and no [levels.{factor}] is there"
        )


def _names(setting: Level, factor: str) -> bool:
    return isinstance(setting, str) and setting.startswith(FORMULA) and re.search(rf"\b{factor}\b", setting) is not None


def _settings(study: Study) -> list[dict[str, Level]]:
    settings = [study.set, study.quick.set, *(part.set for part in study.part)]
    return [*settings, *(meaning.set for levels in study.levels.values() for meaning in levels.values())]
