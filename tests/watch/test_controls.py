"""A control is the same race on the same random numbers with one channel cut."""

from dataclasses import replace

import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.records import TOTAL
from race_sim.scenario import Event, load
from race_sim.watch.controls import CONTROLS, NO_CONTROL, control_records, control_scenario
from tests.small import six_workshops
from tests.watch.watching import watched


@pytest.mark.parametrize("name", [name for name in CONTROLS if name != NO_CONTROL])
def test_a_control_of_the_baseline_is_the_scenario_of_the_library(name: str) -> None:
    control = control_records(load("baseline"), 4, name)
    assert control is not None
    assert control.same_bytes(run_ensemble(load(name), [4]))


def test_a_control_keeps_changes_and_events_of_the_race_but_not_in_what_it_cuts() -> None:
    scenario = replace(
        six_workshops("teams.skill=0.3"),
        events=(Event(2, "workshops.adapts", True), Event(3, "teams.sensing_error", 0.2)),
    )
    control = control_scenario(scenario, "frozen_blue")
    assert control.parameters.teams.skill == 0.3
    assert not control.parameters.workshops.adapts
    assert [event.path for event in control.events] == ["teams.sensing_error"]


def test_frozen_makers_field_nothing() -> None:
    control = control_records(six_workshops(), 3, "frozen_blue")
    assert control is not None
    assert control.weekly["kinds"]["designs_fielded"].sum() == 0
    assert control.weekly["kinds"]["sorties"][0, :, TOTAL].sum() > 0


def test_a_control_is_made_anew_after_a_change() -> None:
    race = watched(weeks=5)
    before = race.control_run
    assert race.control_run is before
    race.change({"teams.discovery_weeks": 9.0})
    after = race.control_run
    assert before is not None
    assert after is not None
    assert before.weekly[0, :5].tobytes() == after.weekly[0, :5].tobytes()
    assert before.weekly.tobytes() != after.weekly.tobytes()


def test_an_unknown_control_is_refused() -> None:
    with pytest.raises(InputError, match='control = "frozen_green" is not allowed: give one of none, frozen_blue'):
        watched(weeks=1).hold_against("frozen_green")
