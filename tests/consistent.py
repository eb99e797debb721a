"""What the records of every race must be: nothing lost, nothing made, every number within its bounds."""

from typing import Any

import numpy as np

from race_sim.firms import (
    BARTERED,
    BORROWED,
    BUILT,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    EXPORTED,
    HANDED_ON,
    KEPT,
    MONEY_IN,
    REPAID,
    ROYALTIES,
    ROYALTIES_EARNED,
    SALES,
    SCRAPPED_AT_MAKERS,
    TAKEN_OVER,
    WRITTEN_OFF,
)
from race_sim.records import (
    COUNTER_LAG,
    FIELDED_LIFE,
    JOINT_LINE,
    LINEAGE_LIFE,
    PRIME,
    SHADOW_LIFE,
    TOTAL,
    WORKSHOP,
)
from race_sim.results import Records
from race_sim.scenario import Scenario

KINDS_AND_TOTAL = (WORKSHOP, PRIME, JOINT_LINE, TOTAL)
ADDITIVE = (
    "deliveries",
    "sorties",
    "stopped",
    "hits",
    "stock",
    "scrapped",
    "trial_sorties",
    "trials_judged",
    "makers",
    "capacity",
    "at_makers",
    "entered",
    "failed",
    "bound",
    "drones",
    "money",
    "cash",
    "debt",
    "invoiced",
)
"""Columns whose total is the sum over the kinds of maker."""


def check_records(scenario: Scenario, records: Records) -> None:
    """Everything a driver recorded of these races is consistent."""
    for run in range(records.runs):
        weekly = records.weekly[run]
        check_totals(weekly)
        check_drones(scenario, weekly)
        check_money(scenario, weekly)
        check_bounds(scenario, weekly)
        check_lives(scenario, weekly, records.lives[run])


def check_totals(weekly: Any) -> None:
    """The total of what can be added is the sum over the kinds of maker."""
    for name in ADDITIVE:
        column = weekly["kinds"][name]
        assert (column[:, :TOTAL].sum(axis=1) == column[:, TOTAL]).all(), name


def at_start(scenario: Scenario, each_workshop: int, each_prime: int) -> dict[int, int]:
    """Sum over the makers of each kind, and of all, that are there before week 0."""
    parameters = scenario.parameters
    initial = {
        WORKSHOP: parameters.workshops.count * each_workshop,
        PRIME: parameters.primes.count * each_prime,
        JOINT_LINE: 0,
    }
    return initial | {TOTAL: sum(initial.values())}


def check_drones(scenario: Scenario, weekly: Any) -> None:
    """Initial + built = flown + lost to every named exit + at the front + at makers, every week, every kind."""
    initial = at_start(scenario, scenario.parameters.workshops.initial_stock, scenario.parameters.primes.initial_stock)
    for kind in KINDS_AND_TOTAL:
        row = weekly["kinds"][:, kind]
        drones = row["drones"].cumsum(axis=0)
        come = initial[kind] + row["deliveries"].cumsum()
        gone = row["sorties"].cumsum() + row["scrapped"].cumsum() + drones[:, BARTERED] + drones[:, DESTROYED]
        assert (come == gone + row["stock"]).all()
        left = drones[:, EXPORTED] + drones[:, KEPT] + drones[:, DESTROYED_AT_MAKERS] + drones[:, SCRAPPED_AT_MAKERS]
        assert (drones[:, BUILT] == row["deliveries"].cumsum() + left + row["at_makers"]).all()
    segments, segment_of_week = scenario.timeline()
    if not scenario.parameters.money.accounts:
        built = scenario.parameters.workshops.count * segments["workshops_weekly_output"][segment_of_week]
        assert (weekly["kinds"]["deliveries"][:, WORKSHOP] == built).all()
        built = scenario.parameters.primes.count * segments["primes_weekly_output"][segment_of_week]
        assert (weekly["kinds"]["drones"][:, PRIME, BUILT] == built).all()


def check_money(scenario: Scenario, weekly: Any) -> None:
    """Money of every kind of maker and of both treasuries in double entry, every week."""
    kinds, treasuries = weekly["kinds"], weekly["treasuries"]
    assert not weekly["cash_of_all"].any()
    assert not weekly["debt_of_all"].any()
    start = scenario.segments[0][1]
    initial = at_start(scenario, start.workshop_accounts.initial_cash, start.prime_accounts.initial_cash)
    for kind in KINDS_AND_TOTAL:
        row = kinds[:, kind]
        money = row["money"].cumsum(axis=0)
        paid_in = initial[kind] if scenario.parameters.money.accounts else 0
        earned = money[:, :MONEY_IN].sum(axis=1) - money[:, MONEY_IN:WRITTEN_OFF].sum(axis=1)
        assert (row["cash"] == paid_in + earned).all()
        assert (row["debt"] == money[:, BORROWED] - money[:, REPAID] - money[:, WRITTEN_OFF]).all()
    total = kinds["money"][:, TOTAL]
    assert (total[:, SALES] == treasuries["paid"].sum(axis=1)).all()
    assert (total[:, TAKEN_OVER] == total[:, HANDED_ON]).all()
    assert (total[:, ROYALTIES_EARNED] == total[:, ROYALTIES]).all()
    assert (kinds["invoiced"][:, TOTAL] == treasuries["committed"].sum(axis=1)).all()
    out = sum(treasuries[name].cumsum(axis=0) for name in ("paid", "commission", "imports", "plants"))
    assert (treasuries["cash"] == treasuries["income"].cumsum(axis=0) + treasuries["aid"].cumsum(axis=0) - out).all()
    assert (treasuries["cash"] >= treasuries["committed"]).all()
    for name in treasuries.dtype.names:
        assert (treasuries[name] >= 0).all(), name
    if not scenario.parameters.money.accounts:
        assert not kinds["money"].any()
        assert not treasuries.tobytes().strip(b"\0")


def check_bounds(scenario: Scenario, weekly: Any) -> None:
    """No negative stock, no more sorties than crews, no more outcomes than sorties, shares between 0 and 1."""
    segments, segment_of_week = scenario.timeline()
    kinds = weekly["kinds"]
    for name in kinds.dtype.names:
        assert not (kinds[name] < 0).any(), name
    assert (kinds["sorties"][:, TOTAL] <= segments["operators_crews"][segment_of_week]).all()
    assert (kinds["hits"] + kinds["stopped"] <= kinds["sorties"]).all()
    assert (kinds["expected_hits"] <= kinds["sorties"] * (1 + 1e-9)).all()
    assert (kinds["trial_hits"] <= kinds["trial_sorties"]).all()
    assert (kinds["trial_sorties"] <= kinds["sorties"]).all()
    assert (kinds["trials_adopted"] <= kinds["trials_judged"]).all()
    places = scenario.parameters.entry.places if scenario.parameters.money.accounts else 0
    assert (kinds["copied"] <= scenario.parameters.workshops.count + places).all()
    for name in ("stock_countered", "stock_dropped"):
        assert (kinds[name] <= kinds["stock"]).all()
    flown = kinds["sorties"] > 0
    assert (np.isnan(kinds["diversity"]) == ~flown).all()
    assert (kinds["diversity"][flown] >= 1 - 1e-9).all()
    assert (kinds["diversity"][flown] <= kinds["sorties"][flown] + 1e-9).all()
    assert (kinds["concentration"][flown] > 0).all()
    assert (kinds["concentration"][flown] <= 1 + 1e-9).all()
    assert (kinds["unopposed_success"][flown] <= segments["landscape_success_max"].max() + 1e-9).all()
    total = kinds["stopped"][:, TOTAL]
    assert np.allclose(weekly["stopped_by_module"].sum(axis=1), total)
    assert (np.abs(weekly["front_balance"]) <= 1).all()
    assert ((weekly["saturation"] > 0) & (weekly["saturation"] <= 1)).all()
    check_counter_side(scenario, weekly)


def check_counter_side(scenario: Scenario, weekly: Any) -> None:
    slots = scenario.parameters.teams.count * scenario.parameters.teams.slots
    standing = weekly["countermeasures_standing"]
    assert ((standing >= 0) & (standing <= slots)).all()
    assert (np.diff(standing) >= 0).all()
    assert (weekly["countermeasures_fielded"] <= scenario.parameters.teams.count).all()
    assert (np.isnan(weekly["mean_reach"]) == (standing == 0)).all()
    assert not (weekly["mean_reach"] > 1).any()
    limited = ~np.isnan(weekly["capacity"])
    assert (weekly["engagements"][limited] <= weekly["capacity"][limited] + 1e-6).all()
    assert (weekly["engagements"] >= 0).all()


def check_lives(scenario: Scenario, weekly: Any, lives: np.ndarray) -> None:
    """Every design and lineage is in its table once, and none lasted longer than the race."""
    parameters = scenario.parameters
    burn_in, weeks = parameters.run.burn_in_weeks, parameters.run.weeks
    founded = {WORKSHOP: parameters.workshops.count, PRIME: parameters.primes.count, JOINT_LINE: 0}
    most = {WORKSHOP: parameters.entry.places, PRIME: 0, JOINT_LINE: parameters.joint_lines.places}
    assert (lives >= 0).all()
    longest = max(np.flatnonzero(lives.sum(axis=(0, 1, 3))), default=0)
    assert longest <= weeks - 1 - burn_in
    for kind, count in founded.items():
        row = weekly["kinds"][:, kind]
        fielded = row["designs_fielded"]
        followed = fielded[max(burn_in - 1, 0) : weeks - 1].sum() + (count if burn_in == 0 else 0)
        assert lives[kind, FIELDED_LIFE].sum() == followed
        assert lives[kind, SHADOW_LIFE].sum() == followed
        check_lineages(kind, row, count, burn_in, lives[kind, LINEAGE_LIFE].sum())
        assert lives[kind, FIELDED_LIFE, :, 1].sum() <= lives[kind, SHADOW_LIFE, :, 1].sum()
        makers = count + most[kind]
        assert lives[kind, COUNTER_LAG].sum() <= makers * (weeks + 1) * 110
        weeks_followed = [(lives[kind, measure].sum(axis=1) * np.arange(weeks + 1)).sum() for measure in range(2)]
        assert weeks_followed[0] <= weeks_followed[1]
        assert weeks_followed[0] <= makers * (weeks - burn_in)


def check_lineages(kind: int, row: Any, founded: int, burn_in: int, lineages: int) -> None:
    """There is a lineage for every maker that has a design at the end of the burn-in and has not stopped by then.

    Of joint lines one may have been ended in that very week, which no record tells.
    """
    if kind == JOINT_LINE:
        running = row["makers"][burn_in - 1] if burn_in > 0 else 0
        assert running - row["failed"][burn_in] - 1 <= lineages <= running
        return
    weeks = slice(burn_in + 1)
    assert lineages == founded + row["entered"][weeks].sum() - row["failed"][weeks].sum()
