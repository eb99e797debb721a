"""Pairs of races worth seeing side by side, made from what is being watched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from race_sim.page.policies import is_policy
from race_sim.scenario import Scenario, library, load
from race_sim.watch.controls import CONTROLS
from race_sim.watch.link import USUAL_SCENARIO, Setup

CYCLE = "workshops.iteration_weeks"
WEEKLY, SLOW = 1, 16  # weeks of a workshop's design cycle
FROZEN = "frozen_red"

Races = tuple[Setup, ...]


class Preset(NamedTuple):
    """A choice of races: its name in words and what it makes of those watched and the number of the one controlled.

    `group` is the heading that it stands under; empty for none.
    """

    words: str
    races: Callable[[Races, int], Races]
    group: str = ""


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


GENERAL = {
    "one": Preset("one race: A", _first_alone),
    "second": Preset("one race: B", _second_alone),
    "cycles": Preset(f"a {WEEKLY}-week against a {SLOW}-week design cycle", _cycles),
    "frozen": Preset("baseline against frozen countermeasures", _frozen),
    "as-it-is": Preset("this race against the scenario as it is", _as_it_is),
    "own": Preset("this race twice: change either", _twice),
}
"""Choices that do not depend on the library, by the key that the browser sends."""
POLICY_KEY = "policy-{name}"
POLICY_GROUP = "the baseline against a policy"
ALONE = ("one", "second")
"""Those that make one race of two."""


@cache
def presets() -> Mapping[str, Preset]:
    """What can be raced, by the key that the browser sends: `GENERAL`, and each policy of the library."""
    policies = {name: scenario for name in library() if is_policy_scenario(name, scenario := load(name))}
    return GENERAL | {
        POLICY_KEY.format(name=name): Preset(scenario.title, _beside_baseline(name), POLICY_GROUP)
        for name, scenario in policies.items()
    }


def is_policy_scenario(name: str, scenario: Scenario) -> bool:
    """Whether a scenario of the library changes what governments set, with accounts; controls are not policies."""
    usual = load(USUAL_SCENARIO).parameters.values()
    values = scenario.parameters.values()
    changed = {path for path, value in values.items() if value != usual[path]}
    changed |= {event.path for event in scenario.events}
    return name not in CONTROLS and scenario.parameters.money.accounts and any(is_policy(path) for path in changed)


def _beside_baseline(name: str) -> Callable[[Races, int], Races]:
    return lambda _, __: (Setup(USUAL_SCENARIO), Setup(name))
