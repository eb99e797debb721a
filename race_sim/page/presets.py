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
    """A choice of races: its name in words and what it makes of the race on which controls act."""

    words: str
    races: Callable[[Setup], Races]


def _alone(race: Setup) -> Races:
    return (race,)


def _cycles(race: Setup) -> Races:
    kept = Setup(race.name, race.changes, tuple(event for event in race.events if event.path != CYCLE))
    return (kept.starting_with(CYCLE, WEEKLY), kept.starting_with(CYCLE, SLOW))


def _frozen(race: Setup) -> Races:  # noqa: ARG001 -- compares two scenarios of the library, whatever is watched
    return (Setup(USUAL_SCENARIO), Setup(FROZEN))


def _as_it_is(race: Setup) -> Races:
    return (race, Setup(race.name))


def _twice(race: Setup) -> Races:
    return (race, race)


PRESETS = {
    "one": Preset("one race", _alone),
    "cycles": Preset(f"a {WEEKLY}-week against a {SLOW}-week design cycle", _cycles),
    "frozen": Preset("baseline against frozen countermeasures", _frozen),
    "as-it-is": Preset("this race against the scenario as it is", _as_it_is),
    "own": Preset("this race twice: change either", _twice),
}
"""What can be raced, by the key that the browser sends."""
