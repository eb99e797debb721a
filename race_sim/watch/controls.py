"""Controls to hold a race against: the same race on the same random numbers with one channel cut."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import Event, Scenario, Value, load
from race_sim.scenario.resolve import changed
from race_sim.scenario.text import did_you_mean, nearest, shown

NO_CONTROL = "none"
CONTROLS = {
    NO_CONTROL: "no control",
    "frozen_blue": "if no maker ever changed its design",
    "blind_drift": "if workshops changed designs blindly",
    "shuffled_feedback": "if reports reached the wrong workshops",
    "frozen_red": "if countermeasures stayed as they are in week 26",
    "no_red": "if nobody countered anything",
}
"""Scenarios of the library whose changes make a control, and what the line of each is called."""
MOST_MAKER_WEEKS = 300_000  # makers times weeks of a race that has a control beside it: some seconds to race it


def check_control(name: str) -> None:
    """Raises InputError unless there is such a control."""
    if name not in CONTROLS:
        raise InputError(
            f"control = {shown(name)} is not allowed: give one of {', '.join(CONTROLS)}."
            f"{did_you_mean(nearest(name, CONTROLS))}"
        )


def control_note(scenario: Scenario, name: str, *, own_model: bool) -> str:
    """Why a race has no control beside it although one is wanted; empty if it has, or none is wanted."""
    parameters = scenario.parameters
    makers = parameters.workshops.count + parameters.primes.count
    if name == NO_CONTROL:
        return ""
    if own_model:
        return "no control: it would be another model than this one, which is a user's own"
    if makers * parameters.run.weeks > MOST_MAKER_WEEKS:
        return (
            f"no control beside a race of more than {MOST_MAKER_WEEKS:,} makers times weeks: it would hold up the page"
        )
    return ""


def control_scenario(scenario: Scenario, name: str) -> Scenario:
    """The scenario with the channel cut that a control cuts; its other parameters and events stay.

    Raises InputError if there is no such control, or the whole is contradictory.
    """
    check_control(name)
    changes, events = _cut(name)
    last = scenario.parameters.run.weeks
    cut = {*changes, *(event.path for event in events)}
    kept = [event for event in scenario.events if event.path not in cut]
    return replace(
        scenario,
        name=f"{scenario.name}, {name}",
        parameters=changed(scenario.parameters, changes),
        events=(*kept, *(event for event in events if event.week < last)),
    )


def control_records(scenario: Scenario, seed: int, name: str) -> Records | None:
    """What the control of a race recorded over its whole length; None for `NO_CONTROL`.

    Raises InputError as `control_scenario` does.
    """
    if name == NO_CONTROL:
        return None
    return run_ensemble(control_scenario(scenario, name), [seed], threads=1)


@cache
def _cut(name: str) -> tuple[dict[str, Value], tuple[Event, ...]]:
    """What a control changes in the baseline: parameters at the start, and events."""
    if name == NO_CONTROL:
        return {}, ()
    control, usual = load(name), load("baseline").parameters
    values = control.parameters.values()
    return {path: value for path, value in values.items() if value != usual.value(path)}, control.events
