"""Studies of policies that ship: what is said to be equal is equal, and every policy of the library has its place."""

import math
from collections.abc import Iterator

import pytest

from race_sim.analysis.policy_effects import TOGETHER
from race_sim.scenario import library, load
from race_sim.scenario.scenario import Scenario
from race_sim.study.points import Point, points
from race_sim.study.reading import load_study

BASELINE = load("baseline").parameters
NO_POLICIES = {
    "baseline",
    "blind_drift",
    "export_ban",  # the baseline, written out
    "fast_red",
    "frozen_blue",
    "frozen_red",
    "given_output",
    "independent_founders",
    "interceptors",
    "no_red",
    "no_sharing",
    "postwar_stockpile",  # a war that dies down: the study stockpile_age asks what to buy then
    "primes_only",
    "shuffled_feedback",
    "slow_red",
    "unanimity",  # the baseline, written out
    "workshops_only",
}
"""Scenarios of the library that no level of policy_levers stands for."""


def points_of(name: str, part: str | None = None) -> Iterator[Point]:
    study = load_study(name)
    for one in study.part:
        if part in (None, one.name):
            yield from points(study, one)


def later(scenario: Scenario, path: str, week: int) -> float:
    """Value of a parameter in a week."""
    return float(scenario.in_force(week).value(path))  # type: ignore[arg-type]


def test_every_policy_of_the_library_is_a_level() -> None:
    levels = load_study("policy_levers").levels["policy"]
    assert {meaning.scenario for meaning in levels.values()} - {None} == set(library()) - NO_POLICIES


def test_policies_start_from_what_they_are_compared_with() -> None:
    found = {str(point.levels["policy"]): point.scenario for point in points_of("policy_levers", "alone")}
    against = load_study("policy_levers").against("policy")
    late = {"slow_approval", "fragmented_standards", "european_tempo", "foreign_firms"}  # settings of the whole run
    for name, scenario in found.items():
        base = found[str(against.get(name, "none"))]
        if name not in late:
            assert scenario.in_force(25) == base.in_force(25), name


def test_all_pairs_that_can_be_had_are_there() -> None:
    study = load_study("policy_levers")
    levels = [str(level) for level in study.named("pairs").factors["policy"]]  # type: ignore[union-attr]
    single = [level for level in levels if TOGETHER not in level and level != "none"]
    left_out = math.comb(len(single), 2) - sum(TOGETHER in level for level in levels)
    assert left_out == 5  # each of which `checks` would refuse
    starting_elsewhere = set(study.against("policy")) | {"slow_approval", "fragmented_standards"}
    assert set(single) == set(study.levels["policy"]) - {"none"} - starting_elsewhere


def test_partners_have_as_many_euros_more_wherever_they_go() -> None:
    earmarks = {"home": "treasuries.home_funding", "joint_lines": "joint_lines.budget", "abroad": "abroad.budget"}
    for point in points_of("capital_x_speed"):
        extra = float(point.levels["extra"]) * 1_000_000
        budget = later(point.scenario, "treasuries.partner_budget", 26) - BASELINE.treasuries.partner_budget
        assert budget == extra
        assert later(point.scenario, "treasuries.partner_budget", 25) == BASELINE.treasuries.partner_budget
        for destination, path in earmarks.items():
            given = later(point.scenario, path, 26)
            assert given == (extra if point.levels.get("destination") == destination else 0.0)


def test_a_quota_of_nothing_is_the_ban() -> None:
    for point in points_of("export_ban", "quota"):
        assert point.scenario.in_force(26).exports.regime == "quota"
        assert point.scenario.parameters.exports.quota_share == point.levels["quota"]
    assert 0.0 in load_study("export_ban").named("quota").factors["quota"]  # type: ignore[operator]


def test_stockpiles_cost_as_many_euros_whenever_they_are_bought() -> None:
    for point in points_of("stockpile_age"):
        run, lull = point.scenario.parameters.run, int(point.levels.get("lull", 78))
        assert run.burn_in_weeks == 26 + lull
        which = "home" if point.levels["force"] == "workshops" else "partner"
        path = f"treasuries.{which}_budget"
        spent = sum(later(point.scenario, path, week) for week in range(26, run.weeks))
        even = 1_100_000 if which == "home" else 6_000_000
        assert spent == pytest.approx(even * (run.weeks - 26), rel=1e-6)
        other = "partner" if which == "home" else "home"
        assert later(point.scenario, f"treasuries.{other}_budget", run.weeks - 1) == 0.0


def test_equal_euros_are_equal() -> None:
    for point in points_of("equal_euro"):
        parameters, arsenal = point.scenario.parameters, float(point.levels["arsenal"])
        if not parameters.money.accounts:
            drones = float(parameters.operators.crews)
            assert drones == pytest.approx(6000 * arsenal, rel=0.021)
        else:
            euros = parameters.treasuries.home_budget
            assert euros == round(6000 * arsenal * 625)
            cost = parameters.workshop_accounts.unit_cost
            dear = point.levels["cost_ratio"] if point.levels["cycle"] != 1 else 1
            assert cost == 500 * float(dear)
            drones = euros / (cost * (1 + parameters.money.margin))
            plant = parameters.workshops.count * parameters.workshop_accounts.initial_capacity
            assert plant >= drones
            assert parameters.operators.crews >= drones
        assert drones * parameters.workshops.trial_share == pytest.approx(300, rel=0.021)


def test_nothing_but_place_and_money_moves_abroad() -> None:
    for point in points_of("relocation", "hazard"):
        scenario = point.scenario
        assert later(scenario, "treasuries.partner_budget", 100) == BASELINE.treasuries.partner_budget
        moved = float(point.levels["abroad"])
        assert later(scenario, "abroad.firms", 100) == moved
        assert later(scenario, "abroad.budget", 100) == (1_000_000 if moved else 0)
