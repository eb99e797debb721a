"""A race whose timeline is changed on the way goes on as if it had had that timeline from the start."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.scenario import Event, Scenario
from tests.small import six_workshops
from tests.strategies import scenarios


def with_events_up_to(scenario: Scenario, week: int) -> Scenario:
    return replace(scenario, events=tuple(event for event in scenario.events if event.week <= week))


@settings(max_examples=60)
@given(scenarios())
def test_events_that_become_known_on_the_way_give_the_same_bytes(scenario: Scenario) -> None:
    model = RaceModel(with_events_up_to(scenario, 0), seed=5)
    while model.running:
        if any(event.week == model.week > 0 for event in scenario.events):
            model.follow(with_events_up_to(scenario, model.week))
        model.step()
    assert model.records().same_bytes(run_ensemble(scenario, [5], threads=1))


def test_more_trials_at_once_than_were_foreseen_have_room() -> None:
    short = six_workshops()
    wide = replace(short, events=(Event(4, "workshops.variants_per_cycle", 9), Event(4, "feedback.delay_weeks", 6)))
    model = RaceModel(short, seed=3)
    for _ in range(4):
        model.step()
    slots = model.world.trials.shape[1]
    model.follow(wide)
    assert model.world.trials.shape[1] > slots
    assert model.run().same_bytes(run_ensemble(wide, [3]))


@pytest.mark.parametrize("week", [0, 2, 3])
def test_the_past_cannot_be_changed(week: int) -> None:
    scenario = six_workshops()
    other = replace(scenario, events=(Event(week, "teams.skill", 0.1),))
    model = RaceModel(scenario, seed=3)
    for _ in range(4):
        model.step()
    with pytest.raises(InputError, match=r"differs from .* before week 4: start it anew"):
        model.follow(other)
    assert model.run().same_bytes(run_ensemble(scenario, [3]))


def test_founders_are_the_past_even_before_the_first_week() -> None:
    model = RaceModel(six_workshops(), seed=3)
    with pytest.raises(InputError, match="start it anew"):
        model.follow(six_workshops("founders.origin=independent"))


def test_the_length_cannot_be_changed() -> None:
    model = RaceModel(six_workshops(), seed=3)
    model.step()
    with pytest.raises(InputError, match="start it anew"):
        model.follow(six_workshops().with_changes({"run.weeks": 13}))
