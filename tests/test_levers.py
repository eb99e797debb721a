"""Every policy lever, set in mid-race: what must move moves, the right way; what must not stays the same to the bit."""

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import race_sim
from race_sim.firms import PARTNERS
from race_sim.records import JOINT_LINE, WORKSHOP
from race_sim.scenario.schema import BY_PATH, FIELDS
from race_sim.study.ranges import ACCOUNT_GROUPS
from tests.lever_races import (
    ABROAD,
    AID,
    EVENT,
    EXPORTED,
    HOME_BUDGET,
    LINES_BUILT,
    LINES_RUN,
    OPEN,
    PARTNER_BUDGET,
    PRIMES,
    SEEDS,
    SMALL,
    VETOES,
    WEEKS,
    WORKSHOPS_BUILT,
    WORKSHOPS_ORDERED,
    Column,
    Setting,
    alone,
    drones,
    row,
    settings,
    treasury,
    weekly,
)
from tests.lever_table import LEVERS
from tests.strategies import IDLE


def after(column: Column, records: Any) -> float:
    """Sum of a column from the event on."""
    return float(column(records)[:, EVENT:].astype(float).sum())


@pytest.mark.parametrize("name", LEVERS)
def test_nothing_differs_before_the_event(name: str) -> None:
    without, with_event = LEVERS[name].records()
    assert without[:, :EVENT].tobytes() == with_event[:, :EVENT].tobytes()
    assert without.tobytes() != with_event.tobytes()


@pytest.mark.parametrize("name", LEVERS)
def test_what_must_move_moves_the_right_way(name: str) -> None:
    lever = LEVERS[name]
    without, with_event = lever.records()
    rises = [after(column, with_event) - after(column, without) for column in lever.up]
    falls = [after(column, with_event) - after(column, without) for column in lever.down]
    assert all(change > 0 for change in rises), rises
    assert all(change < 0 for change in falls), falls


@pytest.mark.parametrize("name", LEVERS)
def test_what_must_not_move_stays_the_same_to_the_bit(name: str) -> None:
    lever = LEVERS[name]
    without, with_event = lever.records()
    assert [np.array_equal(column(without), column(with_event)) for column in lever.same] == [True] * len(lever.same)


# Exact delays and amounts


def first_week(column: Column, records: Any) -> list[int]:
    """First week of each run in which a column is not 0."""
    return [int(np.flatnonzero(run)[0]) for run in column(records)]


@pytest.mark.parametrize(("planned", "slip", "weeks"), [(2, 1.0, 2), (2, 4.0, 8), (3, 1.5, 5)])
def test_output_abroad_begins_after_the_planned_weeks_times_slip(planned: int, slip: float, weeks: int) -> None:
    always = ABROAD | settings(abroad__firms=0, abroad__front_share=0.0)
    always |= settings(abroad__planned_weeks=planned, abroad__slip=slip)
    records = weekly(always, settings(abroad__firms=1))
    assert first_week(drones(WORKSHOP, "kept_by_hosts"), records) == [EVENT + weeks] * len(SEEDS)
    assert first_week(treasury(PARTNERS, "plants"), records) == [EVENT] * len(SEEDS)


@pytest.mark.parametrize("weeks", [1, 7])
def test_a_joint_line_builds_so_many_weeks_after_it_is_agreed(weeks: int) -> None:
    always = LINES_RUN | settings(joint_lines__lines=0, joint_lines__setup_weeks=weeks)
    records = weekly(always, settings(joint_lines__lines=2))
    assert first_week(LINES_BUILT, records) == [EVENT + weeks] * len(SEEDS)


@pytest.mark.parametrize(
    ("name", "column", "change"),
    [
        ("home_budget", HOME_BUDGET, 70_000),
        ("partner_aid", AID, -50_000),
        ("american_aid", AID, -30_000),
        ("partner_budget", PARTNER_BUDGET, 1_000_000),
    ],
    ids=["home budget", "aid of partners", "American aid", "budget of partners"],
)
def test_what_taxpayers_and_donors_give_changes_to_the_euro(name: str, column: Column, change: int) -> None:
    always = settings(treasuries__home_growth=1.0, treasuries__partner_growth=1.0)
    path = f"treasuries.{name}"
    without, with_event = weekly(always, {}), weekly(always, {path: SMALL[path] + change})
    assert (column(with_event)[:, EVENT:] - column(without)[:, EVENT:] == change).all()


@pytest.mark.parametrize("capacity", [0, 1, 40])
def test_a_joint_line_takes_over_no_more_plant_than_it_may(capacity: int) -> None:
    always = LINES_RUN | settings(joint_lines__lines=0)
    records = weekly(always, settings(joint_lines__lines=2, joint_lines__capacity=capacity))
    opened = row(JOINT_LINE, "makers")(records)[:, :-1]  # at the end of a week; they build from the next on
    assert opened.max() == 2
    assert (row(JOINT_LINE, "capacity")(records)[:, 1:] == capacity * opened).all()


def test_imports_are_a_share_of_the_budget_to_the_euro() -> None:
    records = weekly({}, settings(treasuries__import_share=0.5))
    imports, budget = treasury(PARTNERS, "imports")(records)[:, EVENT:], PARTNER_BUDGET(records)[:, EVENT:]
    assert (imports == budget // 2).all()


def test_a_quota_is_kept_and_demand_is_not_exceeded() -> None:
    records = weekly({}, settings(exports__regime="quota", exports__quota_share=0.1))
    assert EXPORTED(records)[:, EVENT:].max() <= 0.1 * WORKSHOPS_ORDERED(records).max()
    for regime in ("surplus", "open"):
        sold = EXPORTED(weekly({}, settings(exports__regime=regime)))
        assert sold.max() <= BY_PATH["exports.nato_demand"].default  # type: ignore[operator]
        assert sold[:, :EVENT].max() == 0


def test_vetoed_money_comes_when_nobody_vetoes_any_more_and_none_is_lost() -> None:
    always = settings(coalition__veto_chance=1.0, coalition__dissenters=1, treasuries__partner_growth=1.0)
    records = weekly(always, settings(coalition__dissenters=0))
    assert (PARTNER_BUDGET(records).sum(axis=1) == WEEKS * 1_000_000).all()
    assert (treasury(PARTNERS, "withheld")(records)[:, EVENT:] == 0).all()
    assert (treasury(PARTNERS, "withheld")(records)[:, EVENT - 1] == EVENT * 300_000).all()


# Severed channels

SEVERED = {
    "secrecy where buyers do not look at results": (settings(procurement__merit=0), settings(procurement__secrecy=1.0)),
    "a crony share where nobody is connected": (
        settings(procurement__connected_share=0),
        settings(procurement__crony_share=0.9),
    ),
    "leaks where nothing is sold": ({}, settings(exports__leak=10.0)),
    "goodwill lost where nothing is sold": ({}, settings(exports__goodwill_loss=10.0)),
    "a price abroad where neither rival nor maker sells": (
        settings(exports__other_demand=0),
        settings(exports__price_ratio=5.0),
    ),
    "demand under a ban": ({}, settings(exports__nato_demand=5000)),
    "a quota under a ban": ({}, settings(exports__quota_share=0.9)),
    "an intermediary without a mark-up": (
        settings(procurement__intermediary_markup=0),
        settings(procurement__intermediary_share=1.0),
    ),
    "dependence while all inputs can be had": (
        {},
        settings(inputs__home_dependence=1.0, inputs__partner_dependence=1.0),
    ),
    "a veto without joint money": (settings(coalition__joint_share=0), VETOES),
    "a members' share under unanimity": ({}, settings(coalition__members_share=0.1)),
    "royalty, refreshing and spillover without a line": (
        {},
        settings(
            joint_lines__royalty=0.2,
            joint_lines__sync_weeks=1,
            joint_lines__integration_weeks=0,
            joint_lines__spillover_weeks=9,
            joint_lines__capacity=1,
        ),
    ),
    "plant and setting up of lines that run already": (
        LINES_RUN,
        settings(joint_lines__capacity=1, joint_lines__setup_weeks=90),
    ),
    "weeks to follow what is not sold": ({}, settings(exports__goodwill_weeks=1.0)),
    "weeks for more standards than one where there is one": (
        settings(primes__standards=1),
        settings(primes__weeks_per_extra_standard=50),
    ),
    "cost, distance and hosts of plants that nobody has": (
        {},
        settings(abroad__cost_ratio=9.0, abroad__extra_weeks=9, abroad__front_share=0.0, abroad__slip=8.0),
    ),
    "approval without newcomers": ({}, settings(entry__approval_weeks=90, entry__foreign_share=1.0, entry__flips=9)),
    "what strikes destroy when there are none": (
        {},
        settings(
            strikes__capacity_lost=1.0, strikes__stock_lost=1.0, strikes__depot_lost=1.0, strikes__repair_weeks=90
        ),
    ),
    "interception without strikes": ({}, settings(barter__interception=0.0)),
    "copying where nobody sees anybody": (
        settings(workshops__network="none"),
        settings(workshops__copy_probability=1.0, workshops__peers_sampled=9),
    ),
    "a guarantee of no debts": (
        settings(workshop_accounts__initial_cash=50_000_000, money__reserve_weeks=500.0, money__investment_weeks=1),
        settings(treasuries__guaranteed_share=1.0),
    ),
    "feedback to workshops that do not adapt": (
        settings(workshops__adapts=False, procurement__merit=0),
        settings(feedback__quality=0.0, workshops__copy_probability=1.0),
    ),
}


@pytest.mark.parametrize("name", SEVERED)
def test_a_severed_channel_carries_nothing(name: str) -> None:
    always, event = SEVERED[name]
    assert weekly(always, event).tobytes() == weekly(always, {}).tobytes()


@pytest.mark.parametrize("group", sorted(ACCOUNT_GROUPS))
def test_without_accounts_no_lever_acts(group: str) -> None:
    given = settings(money__accounts=False)
    extreme: Setting = {}
    for field in FIELDS:
        if field.group != group or field.fixed or field.path in IDLE or field.path == "entry.variant_approval_weeks":
            continue
        other = field.choices[-1] if field.choices else field.high if field.default == field.low else field.low
        if field.low_open:
            other = field.high
        extreme[field.path] = int(other) if field.kind == "int" else other
    assert weekly(given, extreme).tobytes() == weekly(given, {}).tobytes()


# Who sees what


def who_flies(records: Any) -> Any:
    return records["kinds"]["hits"]


def test_secrecy_changes_whom_buyers_choose_and_not_what_they_spend() -> None:
    always = settings(procurement__merit=3.0, procurement__secrecy=0.0, money__investment_weeks=1)
    without, with_event = weekly(always, {}), weekly(always, settings(procurement__secrecy=1.0))
    assert without[:, :EVENT].tobytes() == with_event[:, :EVENT].tobytes()
    assert np.array_equal(HOME_BUDGET(without), HOME_BUDGET(with_event))
    assert not np.array_equal(WORKSHOPS_ORDERED(without)[:, EVENT], WORKSHOPS_ORDERED(with_event)[:, EVENT])


def test_a_leak_is_seen_by_countermeasure_teams_only() -> None:
    """In the week of the event nothing has changed but what teams sense; it shows when a project is fielded."""
    without, with_event = weekly(OPEN, {}), weekly(OPEN, settings(exports__leak=10.0))
    assert without[:, : EVENT + 1].tobytes() == with_event[:, : EVENT + 1].tobytes()
    assert not np.array_equal(who_flies(without), who_flies(with_event))
    assert np.array_equal(PRIMES(without), PRIMES(with_event))


def test_merit_or_connection_chooses_who_goes_and_not_how_many() -> None:
    always = ABROAD | settings(abroad__firms=0)
    merit = weekly(always, settings(abroad__firms=3))
    connection = weekly(always, settings(abroad__firms=3, abroad__choice="connection"))
    assert np.array_equal(alone("announced")(merit), alone("announced")(connection))
    assert not np.array_equal(who_flies(merit), who_flies(connection))


def test_quality_of_feedback_aims_what_workshops_try_and_touches_no_money_that_week() -> None:
    without, with_event = weekly({}, {}), weekly({}, settings(feedback__quality=0.0))
    assert without[:, :EVENT].tobytes() == with_event[:, :EVENT].tobytes()
    assert WORKSHOPS_BUILT(without)[:, EVENT].tobytes() == WORKSHOPS_BUILT(with_event)[:, EVENT].tobytes()
    assert not np.array_equal(who_flies(without), who_flies(with_event))
    assert np.array_equal(PRIMES(without), PRIMES(with_event))


def test_who_is_sampled_changes_whom_workshops_copy_and_not_how_often() -> None:
    always = settings(workshops__copy_probability=1.0, workshops__peers_sampled=1)
    without, with_event = weekly(always, {}), weekly(always, settings(workshops__peers_sampled=8))
    assert without[:, :EVENT].tobytes() == with_event[:, :EVENT].tobytes()
    assert np.array_equal(row(WORKSHOP, "copied")(without), row(WORKSHOP, "copied")(with_event))
    assert not np.array_equal(who_flies(without), who_flies(with_event))
    assert np.array_equal(PRIMES(without), PRIMES(with_event))


# Where levers are read

RULES = Path(race_sim.__file__).parent / "rules"


def parameters_read(source: str) -> set[str]:
    """Names of parameters that a source reads: attributes of `params[0]`, or of anything called like one."""
    known = {field.record_name for field in FIELDS}
    tree = ast.parse(source)
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return known & (attributes | words)


def of_money(names: set[str]) -> set[str]:
    return {field.record_name for field in FIELDS if field.group in ACCOUNT_GROUPS} & names


@pytest.mark.parametrize("name", ["engagement.py", "front.py", "countermeasure.py"])
def test_engagement_and_front_read_no_lever(name: str) -> None:
    source = (RULES / name).read_text(encoding="utf-8")
    assert parameters_read(source)
    assert of_money(parameters_read(source)) == set()
    imported = [node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    assert not {f"race_sim.rules.{part}" for part in ("accounts", "terms", "treasury", "exports", "output")} & set(
        imported
    )


def test_the_walk_sees_a_lever_that_is_read() -> None:
    assert of_money(parameters_read("def rule(params): return params[0].exports_leak")) == {"exports_leak"}
    assert of_money(parameters_read("def rule(params): return params['exports_leak']")) == {"exports_leak"}
    assert of_money(parameters_read("def rule(params): return params[0].front_target_density")) == set()


SHARING_AND_STANDARDS = {
    "workshops.network",
    "workshops.copy_probability",
    "workshops.peers_sampled",
    "feedback.delay_weeks",
    "feedback.quality",
    "primes.standards",
    "primes.weeks_per_extra_standard",
}
WITHOUT_A_SIGN = {"abroad.choice", "feedback.quality", "workshops.peers_sampled"}
"""Levers that say who goes, where flips aim, or who is copied; tests above compare who flies."""


def test_every_parameter_of_policy_is_a_lever_here() -> None:
    """A lever that can be changed in mid-race is what some lever of the table sets at the event."""
    groups = ACCOUNT_GROUPS - {"money", "workshop_accounts", "prime_accounts"}
    policy = {field.path for field in FIELDS if field.group in groups and not field.fixed} | SHARING_AND_STANDARDS
    directed = {path for lever in LEVERS.values() for path in lever.event}
    assert policy - directed == WITHOUT_A_SIGN
    assert all(lever.same and (lever.up or lever.down) for lever in LEVERS.values())
