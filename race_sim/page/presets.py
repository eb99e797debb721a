"""Pairs of races worth seeing side by side, made from what is being watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from race_sim.watch.link import USUAL_SCENARIO, Setup

CYCLE = "workshops.iteration_weeks"
WEEKLY, SLOW = 1, 16  # weeks of a workshop's design cycle
FROZEN = "frozen_red"

Races = tuple[Setup, ...]


class Preset(NamedTuple):
    """A choice of races: its name in words and what it makes of those watched and the number of the one controlled."""

    words: str
    races: Callable[[Races, int], Races]


def _first_alone(races: Races, _: int) -> Races:
    return races[:1]


def _second_alone(races: Races, _: int) -> Races:
    return races[-1:]


def _cycles(races: Races, chosen: int) -> Races:
    race = races[chosen]
    kept = Setup(race.name, race.changes, tuple(event for event in race.events if event.path != CYCLE))
    return (kept.starting_with(CYCLE, WEEKLY), kept.starting_with(CYCLE, SLOW))


def _frozen(_: Races, __: int) -> Races:
    return (Setup(USUAL_SCENARIO), Setup(FROZEN))


def _as_it_is(races: Races, chosen: int) -> Races:
    return (races[chosen], Setup(races[chosen].name))


def _twice(races: Races, chosen: int) -> Races:
    return (races[chosen], races[chosen])


PRESETS = {
    "one": Preset("one race: A", _first_alone),
    "second": Preset("one race: B", _second_alone),
    "cycles": Preset(f"a {WEEKLY}-week against a {SLOW}-week design cycle", _cycles),
    "frozen": Preset("baseline against frozen countermeasures", _frozen),
    "as-it-is": Preset("this race against the scenario as it is", _as_it_is),
    "own": Preset("this race twice: change either", _twice),
}
"""What can be raced, by the key that the browser sends."""
ALONE = ("one", "second")
"""Those that make one race of two."""
