"""From a part of a study to its points: one scenario for each combination of levels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, NamedTuple

from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, Scenario, load
from race_sim.scenario.arithmetic import evaluate
from race_sim.scenario.resolve import changed
from race_sim.scenario.scenario import Event
from race_sim.scenario.schema import Parameters
from race_sim.scenario.text import shown
from race_sim.study.definition import (
    ADOPTED_SHARE,
    FORMULA,
    Change,
    Level,
    Levels,
    Meaning,
    Part,
    Study,
    factor_levels,
    names_used,
)

KEY_LENGTH = 16  # hexadecimal digits
DEFINED_KEPT = 1024  # scenarios kept in memory, a few kilobytes each: replicates of a point come round again

AdoptedShare = Callable[[Levels], float]


class Sample(NamedTuple):
    """Levels of a point and, in a sampled design, its coordinates in the unit cube."""

    levels: Levels
    unit: tuple[float, ...] = ()


@dataclass(frozen=True)
class Point:
    """One combination of levels.

    Attributes:
        levels: level of every factor of the part.
        scenario: what is run.
        series: weekly measures kept week by week.
        unit: coordinates in the unit cube, if it was sampled.
    """

    levels: Levels
    scenario: Scenario
    series: tuple[str, ...] = ()
    unit: tuple[float, ...] = ()

    @cached_property
    def definition(self) -> str:
        """What every run of the point depends on beside its seed, as JSON: see `defined`."""
        events = [[event.week, event.path, event.value] for event in self.scenario.events]
        content = {"changes": self.scenario.changes, "events": events, "series": list(self.series)}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @cached_property
    def key(self) -> str:
        """The same for the same race, whatever part it belongs to: a hash of its definition."""
        return hashlib.sha256(self.definition.encode()).hexdigest()[:KEY_LENGTH]


@lru_cache(maxsize=DEFINED_KEPT)
def defined(definition: str) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario and the series of a `Point.definition`.

    Raises InputError if a value is not allowed, as where another version of race_sim wrote it.
    """
    content = json.loads(definition)
    parameters = changed(Parameters(), content["changes"])
    events = tuple(Event(week, path, value) for week, path, value in content["events"])
    return Scenario("study", "A point of a study", "", parameters, events), tuple(content["series"])


def points(
    study: Study, part: Part, adopted_share: AdoptedShare | None = None, samples: Iterable[Sample] | None = None
) -> Iterator[Point]:
    """All points of a grid, the last factor varying fastest; or these of a part.

    `adopted_share` gives, for the levels of a point, the share of trials adopted in the part it comes after.

    Raises InputError if a formula or a value is wrong, naming study, part and levels.
    """
    settings = _Settings(study, part)
    for here, unit in map(Sample, combinations(part)) if samples is None else samples:
        try:
            scenario = settings.scenario(here, adopted_share)
        except InputError as error:
            words = ", ".join(f"{factor} = {level}" for factor, level in here.items())
            raise error.within(f"study {study.name}, part {part.name} ({words})") from None
        yield Point(here, scenario, tuple(part.series), unit)


def combinations(part: Part) -> Iterator[dict[str, Level]]:
    """Every combination of levels of a part's factors."""
    for levels in product(*map(factor_levels, part.factors.values())):
        yield dict(zip(part.factors, levels, strict=True))


class _Settings:
    """What levels set, in this order: scenarios of levels, the study, the part, meanings, dotted paths.

    Events are those of the base, of scenarios of levels, of the study, of the part, of meanings.
    """

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
        meanings = [
            meaning
            for factor in self._study.levels
            if factor in every
            for meaning in self._study.meanings(factor, every[factor])
        ]
        changes: dict[str, object] = {}
        events = list(self._base.events)
        for meaning in meanings:
            if meaning.scenario is not None:
                changes |= self._scenarios[meaning.scenario].changes
                events += self._scenarios[meaning.scenario].events
        plain = {factor: level for factor, level in every.items() if factor not in BY_PATH}
        names: dict[str, Any] = {**self._study.constants, **plain}
        settings = self._settings(meanings)
        if adopted_share is not None and any(ADOPTED_SHARE in names_used(setting) for setting in settings.values()):
            names[ADOPTED_SHARE] = adopted_share(every)
        settings |= {factor: level for factor, level in every.items() if factor in BY_PATH}
        changes |= {path: _value(path, setting, names) for path, setting in settings.items()}
        own = [*self._study.event, *self._part.event, *(change for meaning in meanings for change in meaning.event)]
        events += [_event(change, names) for change in own]
        return replace(self._base.with_changes(changes), events=tuple(events))

    def _settings(self, meanings: list[Meaning]) -> dict[str, Level]:
        settings = {**self._study.set, **self._part.set}
        for meaning in meanings:
            settings |= meaning.set
        return settings


def _event(change: Change, names: Mapping[str, Any]) -> Event:
    """A change in a week, both computed. Raises InputError if the week is not whole or the value not allowed."""
    week = _result(change.set, change.week, names)
    if isinstance(week, float) and week.is_integer():
        week = int(week)
    if not isinstance(week, int):
        raise InputError(f"{change.set}: event in week {shown(week)}: give a whole number")
    value: Any = _value(change.set, change.value, names)
    return Event(week, change.set, value)


def _value(path: str, setting: Level, names: Mapping[str, Any]) -> object:
    """A setting as a value: formulas computed, whole numbers given to parameters that are whole."""
    value = _result(path, setting, names)
    if value is setting:
        return setting
    kind = BY_PATH[path].kind
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if kind == "float" and isinstance(value, int) and not isinstance(value, bool) else value


def _result(path: str, setting: Level, names: Mapping[str, Any]) -> Any:
    """What a formula gives, or a plain setting itself. Raises InputError, naming the path, if it cannot be computed."""
    if not isinstance(setting, str) or not setting.startswith(FORMULA):
        return setting
    try:
        used = names_used(setting)
        if all(name in names for name in used):
            return _computed(setting, tuple((name, type(names[name]), names[name]) for name in used))
        return evaluate(setting.removeprefix(FORMULA), names)  # refuses, with what may have been meant
    except InputError as error:
        raise error.within(path) from None


@lru_cache(maxsize=10_000)
def _computed(formula: str, names: tuple[tuple[str, type, Any], ...]) -> Any:
    """Value of a formula; of its names, given with kind and value, most have few levels over all points."""
    return evaluate(formula.removeprefix(FORMULA), {name: value for name, _, value in names})
