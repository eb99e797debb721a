"""The scenarios that come with the package say what they say."""

import pickle
import re
from pathlib import Path

import numpy as np
import pytest

from race_sim.scenario import Event, library, load
from tests.scenario.comparison import same_timeline

each_scenario = pytest.mark.parametrize("name", library())

DIFFERENCES: dict[str, dict[str, object]] = {
    "baseline": {},
    "workshops_only": {"workshops.weekly_output": 100, "primes.count": 0, "money.accounts": False},
    "primes_only": {"workshops.count": 0, "primes.weekly_output": 1000, "money.accounts": False},
    "interceptors": {"countermeasures.kind": "point", "countermeasures.capacity_per_week": 83},
    "independent_founders": {"founders.origin": "independent"},
    "no_sharing": {"workshops.copy_probability": 0.0, "workshops.network": "none"},
    "fast_red": {"teams.discovery_weeks": 2.0, "teams.diffusion_weeks": 2.0},
    "slow_red": {"teams.discovery_weeks": 24.0, "teams.diffusion_weeks": 12.0},
    "no_red": {"teams.count": 0},
    "frozen_red": {},
    "frozen_blue": {"workshops.adapts": False, "primes.develops": False},
    "blind_drift": {
        "workshops.bench_noise": 10.0,
        "workshops.judgement": "chance",
        "workshops.adoption_probability": 0.42,
        "workshops.copy_probability": 0.0,
        "feedback.delay_weeks": 0,
        "feedback.quality": 0.0,
    },
    "shuffled_feedback": {"feedback.shuffled": True},
    "barter_deal": {},
    "build_abroad": {},
    "capital_without_feedback": {},
    "captured_procurement": {},
    "coalition": {},
    "common_standard": {"primes.standards": 4},
    "danish_model": {},
    "european_tempo": {"primes.batch_weeks": 1, "primes.development_weeks": 1},
    "export_ban": {},
    "export_controlled": {},
    "export_open": {},
    "faster_approval": {"entry.approval_weeks": 104, "entry.variant_approval_weeks": 26},
    "foreign_firms": {"entry.places": 60},
    "fragmented_standards": {"primes.standards": 4},
    "given_output": {"money.accounts": False},
    "imported_arms": {},
    "integrity_reform": {},
    "joint_ventures": {},
    "open_sharing": {},
    "plant_strikes": {},
    "postwar_stockpile": {},
    "rearmament": {},
    "slow_approval": {"entry.approval_weeks": 104, "entry.variant_approval_weeks": 26},
    "supply_shock": {},
    "surplus_split": {},
    "unanimity": {},
    "us_withdrawal": {},
}

EVENTS: dict[str, tuple[Event, ...]] = {
    "frozen_red": (Event(26, "teams.active", False),),
    "barter_deal": (Event(26, "barter.drones_per_week", 100),),
    "build_abroad": (
        Event(26, "abroad.firms", 10),
        Event(26, "abroad.budget", 1000000),
    ),
    "capital_without_feedback": (
        Event(26, "treasuries.partner_budget", 12000000),
        Event(26, "prime_accounts.research_share", 0.07),
    ),
    "captured_procurement": (
        Event(26, "procurement.crony_share", 0.4),
        Event(26, "procurement.intermediary_share", 0.5),
        Event(26, "procurement.secrecy", 1.0),
    ),
    "coalition": (Event(26, "coalition.rule", "coalition"),),
    "common_standard": (
        Event(26, "primes.standards", 1),
        Event(26, "joint_lines.pilot_weeks_saved", 4),
    ),
    "danish_model": (
        Event(26, "treasuries.home_funding", 1000000),
        Event(26, "treasuries.guaranteed_share", 1.0),
    ),
    "export_controlled": (Event(26, "exports.regime", "quota"),),
    "export_open": (
        Event(26, "exports.regime", "open"),
        Event(26, "exports.customers", "world"),
    ),
    "faster_approval": (
        Event(26, "entry.approval_weeks", 4),
        Event(26, "entry.variant_approval_weeks", 0),
    ),
    "foreign_firms": (Event(26, "entry.rate", 0.2), Event(26, "entry.foreign_share", 0.5)),
    "imported_arms": (Event(26, "treasuries.import_share", 0.4),),
    "integrity_reform": (
        Event(26, "procurement.crony_share", 0.0),
        Event(26, "procurement.intermediary_share", 0.0),
        Event(26, "procurement.secrecy", 0.0),
    ),
    "joint_ventures": (
        Event(26, "joint_lines.lines", 6),
        Event(26, "joint_lines.budget", 1000000),
    ),
    "open_sharing": (
        Event(26, "workshops.copy_probability", 0.6),
        Event(26, "feedback.delay_weeks", 0),
        Event(26, "feedback.quality", 0.9),
    ),
    "plant_strikes": (Event(26, "strikes.home_hazard", 0.01),),
    "postwar_stockpile": (
        Event(26, "operators.crews", 300),
        Event(104, "operators.crews", 6000),
    ),
    "rearmament": (
        Event(26, "treasuries.partner_growth", 2.0),
        Event(26, "treasuries.partner_ceiling", 3.0),
    ),
    "supply_shock": (
        Event(26, "inputs.availability", 0.5),
        Event(78, "inputs.availability", 1.0),
    ),
    "surplus_split": (Event(26, "exports.regime", "surplus"),),
    "us_withdrawal": (
        Event(26, "treasuries.american_aid", 0),
        Event(26, "inputs.availability", 0.9),
    ),
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
def test_a_library_scenario_has_the_events_it_tells_of(name: str) -> None:
    assert load(name).events == EVENTS.get(name, ())


@each_scenario
def test_a_library_scenario_asks_a_question(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.description.endswith("?")
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", scenario.description)) <= 3


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
