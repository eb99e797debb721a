"""Budgets of raced scenarios: what goes in comes out, and a record that does not add up is refused."""

from functools import cache

import numpy as np
import pytest

from race_sim.analysis.policy_budget import (
    HOME_TREASURY,
    LESS_DEBT,
    LOANS,
    MAKERS,
    PARTNERS_TREASURY,
    STOCK,
    Budget,
    budget,
)
from race_sim.firms import BORROWED, INTEREST, MATERIALS, REPAID
from race_sim.records import TOTAL
from race_sim.results import Records
from race_sim.scenario import load
from race_sim.study.execute import race_compiled

WEEKS, BURN_IN, SEEDS = 60, 26, (1, 2)
SCENARIOS = (
    "baseline",
    "export_open",
    "build_abroad",
    "joint_ventures",
    "barter_deal",
    "plant_strikes",
    "us_withdrawal",
)


@cache
def raced(name: str) -> Records:
    scenario = load(name).with_changes({"run.weeks": WEEKS})
    records = Records.empty(np.array(SEEDS, np.uint64), WEEKS)
    for row in range(len(SEEDS)):
        race_compiled(scenario, records, row)
    return records


def flow(found: Budget, source: str, target: str) -> float:
    return sum(one.euros for one in found.flows if (one.source, one.target) == (source, target))


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_goes_in_comes_out(name: str) -> None:
    found = budget(raced(name).weekly, BURN_IN)
    for place in (HOME_TREASURY, PARTNERS_TREASURY, MAKERS):
        assert found.into(place) == pytest.approx(found.out_of(place), rel=1e-9)
    assert found.total == pytest.approx(sum(found.into(end) for end in found.ends), rel=1e-9)
    assert all(one.euros > 0.0 for one in found.flows)


def test_flows_are_those_of_the_records() -> None:
    weekly = raced("baseline").weekly
    money = weekly["kinds"]["money"][:, BURN_IN:, TOTAL].mean(axis=(0, 1))
    found = budget(weekly, BURN_IN)
    assert flow(found, MAKERS, "interest") == pytest.approx(money[INTEREST])
    fates = ("flown", "exported", "bartered", "kept by hosts", "lost to strikes", "scrapped", STOCK)
    assert sum(flow(found, MAKERS, fate) for fate in fates) == pytest.approx(money[MATERIALS])
    lent = money[BORROWED] - money[REPAID]
    assert flow(found, LOANS, MAKERS) - flow(found, MAKERS, LESS_DEBT) == pytest.approx(lent)


def test_policies_show_where_they_act() -> None:
    exported = budget(raced("export_open").weekly, BURN_IN)
    assert flow(exported, "customers abroad", MAKERS) > 0.0
    assert flow(exported, MAKERS, "exported") > 0.0
    assert flow(budget(raced("barter_deal").weekly, BURN_IN), MAKERS, "bartered") > 0.0
    assert flow(budget(raced("build_abroad").weekly, BURN_IN), PARTNERS_TREASURY, "plants abroad") > 0.0


def test_lost_money_and_lost_drones_are_refused() -> None:
    weekly = raced("baseline").weekly.copy()
    weekly["kinds"]["money"][:, 40, TOTAL, INTEREST] += 1_000_000
    with pytest.raises(ValueError, match="makers took in"):
        budget(weekly, BURN_IN)
    weekly = raced("baseline").weekly.copy()
    weekly["kinds"]["stock"][:, -1, 0] += 500
    with pytest.raises(ValueError, match="workshops built"):
        budget(weekly, BURN_IN)
    weekly = raced("baseline").weekly.copy()
    weekly["treasuries"]["cash"][:, -1, 0] += 1_000_000
    with pytest.raises(ValueError, match="home treasury took in"):
        budget(weekly, BURN_IN)
