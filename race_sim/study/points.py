"""From a part of a study to its points: one scenario for each combination of levels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, Scenario, load
from race_sim.scenario.arithmetic import evaluate
from race_sim.study.definition import ADOPTED_SHARE, FORMULA, Level, Levels, Meaning, Part, Study, names_used

KEY_LENGTH = 16  # hexadecimal digits

AdoptedShare = Callable[[Levels], float]


@dataclass(frozen=True, slots=True)
class Point:
    """One combination of levels.

    Attributes:
        levels: level of every factor of the part.
        scenario: what is run.
        key: the same for the same race, whatever part it belongs to: a hash of parameters and events.
    """

    levels: Levels
    scenario: Scenario
    key: str


def points(study: Study, part: Part, adopted_share: AdoptedShare | None = None) -> Iterator[Point]:
    """All points of a part, the last factor varying fastest.

    `adopted_share` gives, for the levels of a point, the share of trials adopted in the part it comes after.

    Raises InputError if a formula or a value is wrong, naming study, part and levels.
    """
    settings = _Settings(study, part)
    for levels in combinations(part):
        try:
            scenario = settings.scenario(levels, adopted_share)
        except InputError as error:
            here = ", ".join(f"{factor} = {level}" for factor, level in levels.items())
            raise error.within(f"study {study.name}, part {part.name} ({here})") from None
        yield Point(levels, scenario, _key(scenario))


def combinations(part: Part) -> Iterator[dict[str, Level]]:
    """Every combination of levels of a part's factors."""
    for levels in product(*part.factors.values()):
        yield dict(zip(part.factors, levels, strict=True))


def _key(scenario: Scenario) -> str:
    plain = replace(scenario, name="", title="", description="").to_toml()
    return hashlib.sha256(plain.encode()).hexdigest()[:KEY_LENGTH]


class _Settings:
    """What the levels of a part set, in this order: scenarios of levels, the study, the part, levels themselves."""

    def __init__(self, study: Study, part: Part) -> None:
        self._study, self._part = study, part
        self._base = load(study.base)
        self._scenarios = {
            meaning.scenario: load(meaning.scenario)
            for levels in study.levels.values()
            for meaning in levels.values()
            if meaning.scenario is not None
        }

    def scenario(self, levels: Levels, adopted_share: AdoptedShare | None) -> Scenario:
        every = {**self._study.defaults, **levels}
        meanings = [self._study.levels[factor][str(every[factor])] for factor in self._study.levels if factor in every]
        changes: dict[str, object] = {}
        events = list(self._base.events)
        for meaning in meanings:
            if meaning.scenario is not None:
                changes |= self._scenarios[meaning.scenario].changes
                events += self._scenarios[meaning.scenario].events
        names: dict[str, Any] = {**self._study.constants, **every}
        settings = self._settings(meanings)
        if adopted_share is not None and any(ADOPTED_SHARE in names_used(setting) for setting in settings.values()):
            names[ADOPTED_SHARE] = adopted_share(every)
        changes |= {path: _value(path, setting, names) for path, setting in settings.items()}
        return replace(self._base.with_changes(changes), events=tuple(events))

    def _settings(self, meanings: list[Meaning]) -> dict[str, Level]:
        settings = {**self._study.set, **self._part.set}
        for meaning in meanings:
            settings |= meaning.set
        return settings


def _value(path: str, setting: Level, names: Mapping[str, Any]) -> object:
    """A setting as a value: formulas computed, whole numbers given to parameters that are whole."""
    if not isinstance(setting, str) or not setting.startswith(FORMULA):
        return setting
    try:
        value = evaluate(setting.removeprefix(FORMULA), names)
    except InputError as error:
        raise error.within(path) from None
    kind = BY_PATH[path].kind
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if kind == "float" and isinstance(value, int) and not isinstance(value, bool) else value
