"""Twins: the same races without change of designs, and with as much of it but blind."""

from dataclasses import replace

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.records import PRIME, TOTAL, WORKSHOP
from race_sim.scenario import Event, Scenario, library, load
from race_sim.scenario.schema import FIELDS
from race_sim.study.twins import adopted_share, blind_twin, frozen_twin, matching_probability
from tests.duel import changed
from tests.small import six_workshops

SEEDS = range(6)
BLINDED = {
    "workshops.judgement",
    "workshops.adoption_probability",
    "workshops.bench_noise",
    "workshops.copy_probability",
    "feedback.quality",
    "feedback.delay_weeks",
    "primes.develops",
}


def different(one: Scenario, other: Scenario) -> set[str]:
    return {field.path for field in FIELDS if one.parameters.value(field.path) != other.parameters.value(field.path)}


@pytest.mark.parametrize("name", library())
def test_every_library_scenario_has_twins(name: str) -> None:
    scenario = load(name)
    frozen, blind = frozen_twin(scenario), blind_twin(scenario, 0.4)
    assert different(scenario, frozen) <= {"workshops.adapts", "primes.develops"}
    assert different(scenario, blind) <= BLINDED
    assert list(frozen.events) == list(scenario.events)
    of_primes = {event for event in blind.events if event.path.startswith("primes.")}
    assert of_primes >= {event for event in scenario.events if event.path == "primes.standards"}
    others = [event for event in scenario.events if event.path not in BLINDED and event not in of_primes]
    assert [event for event in blind.events if event not in of_primes] == others


def test_in_a_frozen_twin_no_design_ever_changes() -> None:
    records = run_ensemble(frozen_twin(six_workshops()), SEEDS)
    kinds = records.weekly["kinds"]
    assert not kinds["designs_fielded"].any()
    assert not kinds["trial_sorties"].any()
    assert np.ptp(kinds["quality"][:, :, [WORKSHOP, PRIME, TOTAL]], axis=1).max() == 0.0


def test_a_frozen_scenario_is_its_own_twin() -> None:
    scenario = changed("frozen_blue", "primes.count=2")
    own = run_ensemble(scenario, SEEDS)
    assert own.same_bytes(run_ensemble(frozen_twin(scenario), SEEDS))
    blind = run_ensemble(blind_twin(scenario, 0.4), SEEDS)
    served = "fielded_success_served"
    assert np.array_equal(own.weekly["kinds"][served], blind.weekly["kinds"][served], equal_nan=True)


def test_twins_begin_with_the_same_designs() -> None:
    scenario = six_workshops()
    first = [
        run_ensemble(one, SEEDS).weekly["kinds"]["quality"][:, 0, [WORKSHOP, PRIME, TOTAL]]
        for one in (scenario, frozen_twin(scenario), blind_twin(scenario, 0.4))
    ]
    assert (first[0] == first[1]).all()
    assert (first[0] == first[2]).all()


def test_events_on_what_a_twin_sets_go_and_others_stay() -> None:
    events = (
        Event(0, "primes.search_evaluations", 90),
        Event(3, "workshops.adapts", True),
        Event(4, "feedback.quality", 1.0),
        Event(5, "primes.intelligence", 1.0),
        Event(6, "teams.skill", 0.0),
        Event(7, "primes.develops", False),
    )
    scenario = replace(six_workshops(), events=events)
    assert [event.path for event in frozen_twin(scenario).events] == [
        "primes.search_evaluations",
        "feedback.quality",
        "primes.intelligence",
        "teams.skill",
    ]
    blind = blind_twin(scenario, 0.4)
    assert {(event.week, event.path) for event in blind.events} == {
        (3, "workshops.adapts"),
        (6, "teams.skill"),
        (7, "primes.develops"),
        (1, "primes.develops"),
        (1, "primes.search_evaluations"),
        (1, "primes.intelligence"),
    }
    assert blind.parameters.primes.search_evaluations == 90  # of the first designs, which stay as they are


@pytest.mark.parametrize("week", [0, 1])
def test_a_timeline_that_says_whether_primes_develop_is_kept(week: int) -> None:
    scenario = replace(six_workshops(), events=(Event(week, "primes.develops", False),))
    records = run_ensemble(blind_twin(scenario, 0.4), SEEDS)
    assert not records.weekly["kinds"]["designs_fielded"][:, 1:, PRIME].any()


def test_primes_of_a_blind_twin_renew_as_often_and_for_the_worse() -> None:
    scenario = changed("no_red", "primes.count=10", "workshops.count=0", "primes.development_weeks=10", "teams.count=0")
    own, blind = (
        run_ensemble(one, SEEDS).weekly["kinds"][:, :, PRIME] for one in (scenario, blind_twin(scenario, 0.0))
    )
    assert own["designs_fielded"][:, 2:].sum() == blind["designs_fielded"][:, 2:].sum() > 0
    loss = (own["quality"] - blind["quality"]).mean(axis=0)
    assert loss[11] > 0.08  # by then every programme under way at the start has ended, searched by nobody
    assert blind["quality"][:, -1].mean() == pytest.approx(0.5, abs=0.03)  # as random designs


@pytest.mark.parametrize("overrides", [(), ("workshops.variants_per_cycle=4",), ("workshops.iteration_weeks=8",)])
def test_a_blind_twin_adopts_as_much_as_the_scenario_itself(overrides: tuple[str, ...]) -> None:
    scenario = changed("baseline", "run.weeks=200", *overrides)
    seeds = range(30)
    share = adopted_share(run_ensemble(scenario, seeds), 20)
    probability = matching_probability(share, scenario.parameters.workshops.variants_per_cycle)
    twin = run_ensemble(blind_twin(scenario, probability), seeds)
    assert 0.0 < share < 1.0
    assert adopted_share(twin, 20) == pytest.approx(share, abs=0.015)


def test_nothing_is_adopted_blindly_where_nothing_is_adopted() -> None:
    frozen = run_ensemble(changed("frozen_blue"), SEEDS)
    assert frozen.weekly["kinds"]["trials_judged"][:, :, TOTAL].sum() == 0
    assert matching_probability(adopted_share(frozen, 0), 1) == 0.0
    assert matching_probability(0.0, 3) == 0.0
    assert matching_probability(1.0, 1) == 1.0
    assert matching_probability(0.3, 1) == pytest.approx(0.3)
    assert frozen.weekly["kinds"]["designs_fielded"][:, :, WORKSHOP].sum() == 0
