"""The scenarios that come with the package say what they say."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from race_sim.scenario import Event, library, load
from tests.scenario.comparison import same_timeline

each_scenario = pytest.mark.parametrize("name", library())

DIFFERENCES: dict[str, dict[str, object]] = {
    "baseline": {},
    "workshops_only": {"workshops.weekly_output": 100, "primes.count": 0},
    "primes_only": {"workshops.count": 0, "primes.weekly_output": 1000},
    "interceptors": {"countermeasures.kind": "point", "countermeasures.capacity_per_week": 83},
    "independent_founders": {"founders.origin": "independent"},
    "no_sharing": {"workshops.copy_probability": 0.0, "workshops.network": "none"},
    "fast_red": {"teams.discovery_weeks": 2.0, "teams.diffusion_weeks": 2.0},
    "slow_red": {"teams.discovery_weeks": 24.0, "teams.diffusion_weeks": 12.0},
    "no_red": {"teams.count": 0},
    "frozen_red": {},
    "frozen_blue": {"workshops.adapts": False, "primes.develops": False},
    "blind_drift": {
        "workshops.judgement": "chance",
        "workshops.adoption_probability": 0.46,
        "workshops.bench_noise": 10.0,
        "workshops.copy_probability": 0.0,
        "feedback.quality": 0.0,
        "feedback.delay_weeks": 0,
    },
    "shuffled_feedback": {"feedback.shuffled": True},
}


def test_the_baseline_comes_first_and_nothing_is_missing() -> None:
    assert library()[0] == "baseline"
    assert set(library()) == set(DIFFERENCES)


@each_scenario
def test_a_library_scenario_differs_from_the_baseline_in_what_it_says(name: str) -> None:
    baseline = load("baseline").parameters.values()
    here = load(name).parameters.values()
    assert {path: here[path] for path in here if here[path] != baseline[path]} == {
        path: value for path, value in DIFFERENCES[name].items() if value != baseline[path]
    }


@each_scenario
def test_only_frozen_red_has_an_event(name: str) -> None:
    frozen = (Event(26, "teams.active", False),)
    assert load(name).events == (frozen if name == "frozen_red" else ())


@each_scenario
def test_a_library_scenario_asks_a_question(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.description.endswith("?")
    assert 1 <= scenario.description.count(".") + scenario.description.count("?") <= 3


@each_scenario
def test_a_library_scenario_round_trips(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.toml"
    file.write_text(load(name).to_toml(), encoding="utf-8")
    assert load(file) == load(name)
    assert same_timeline(load(file), load(name))


@each_scenario
def test_a_library_scenario_survives_pickling(name: str) -> None:
    assert pickle.loads(pickle.dumps(load(name))) == load(name)  # noqa: S301 -- pickled one line ago


def test_makers_of_the_one_sided_scenarios_build_what_the_baseline_builds() -> None:
    def built(name: str) -> int:
        workshops, primes = load(name).parameters.workshops, load(name).parameters.primes
        return workshops.count * workshops.weekly_output + primes.count * primes.weekly_output

    assert {built(name) for name in ("baseline", "workshops_only", "primes_only")} == {6000}


def test_interceptors_engage_about_half_of_the_sorties() -> None:
    parameters = load("interceptors").parameters
    capacity = parameters.teams.count * parameters.teams.slots * parameters.countermeasures.capacity_per_week
    assert capacity == 2988
    assert capacity / parameters.operators.crews == pytest.approx(0.5, abs=0.01)


def test_frozen_red_switches_teams_off_from_week_26_on() -> None:
    timeline = load("frozen_red").timeline()
    active = timeline.segments["teams_active"][timeline.segment_of_week]
    assert np.array_equal(active, (np.arange(156) < 26).astype(np.int64))
