"""What must hold in every race: drones are conserved, and no number leaves its bounds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.records import (
    COUNTER_LAG,
    FIELDED_LIFE,
    FREE,
    LINEAGE_LIFE,
    PRIME,
    SHADOW_LIFE,
    TOTAL,
    WORKSHOP,
)
from race_sim.results import Records
from race_sim.scenario import Scenario
from tests.small import six_workshops
from tests.strategies import scenarios

SEED = 5
KINDS_AND_TOTAL = (WORKSHOP, PRIME, TOTAL)


class Audited(RaceModel):
    """A race in which every supplier's drones are counted as they come and go."""

    def __init__(self, setting: Scenario, *, seed: int) -> None:
        super().__init__(setting, seed=seed)
        self.expected_stock = self.stock()
        self.built = np.zeros(len(self.world.makers), np.int64)

    def stock(self) -> np.ndarray:
        """Drones in lots, by maker, which must be what product rows say."""
        world = self.world
        lots = world.lots[: world.tally[0].lots]
        by_product = np.bincount(lots["product"], lots["quantity"], len(world.products)).astype(np.int64)
        used = world.products["status"] != FREE
        assert (lots["quantity"] >= 0).all()
        assert (by_product[used] == world.products["stock"][used]).all()
        assert by_product[~used].sum() == 0
        return self.by_maker(world.products["maker"], by_product)

    def by_maker(self, makers: np.ndarray, drones: np.ndarray) -> np.ndarray:
        """Sum of drones for each maker."""
        total = np.zeros(len(self.world.makers), np.int64)
        np.add.at(total, makers[drones > 0], drones[drones > 0])
        return total

    def check(self) -> None:
        assert self.stock().tolist() == self.expected_stock.tolist()

    def begin_week(self) -> None:
        dates = self.world.lots[: self.world.tally[0].lots].copy()
        super().begin_week()
        expired = dates[self.week - dates["week"] >= self.params[0].arsenal_shelf_life_weeks]
        scrapped = self.by_maker(self.world.products["maker"][expired["product"]], expired["quantity"])
        assert scrapped.sum() == self.world.flows["scrapped"].sum()
        self.expected_stock -= scrapped
        self.check()

    def produce(self) -> None:
        makers, output = self.world.makers, self.params[0]
        workshops = makers["kind"] == WORKSHOP
        waiting = makers["backlog"].copy()
        super().produce()
        rate = np.where(workshops, output.workshops_weekly_output, output.primes_weekly_output)
        delivered = waiting + rate - makers["backlog"]
        assert (makers["backlog"] >= 0).all()
        assert delivered.sum() == self.world.flows["deliveries"].sum()
        self.expected_stock += delivered
        self.check()

    def engage(self) -> None:
        products = self.world.products
        flown = self.by_maker(products["maker"], products["sorties"])
        assert (products["sorties"] >= 0).all()
        assert flown.sum() <= self.params[0].operators_crews
        self.expected_stock -= flown
        self.check()
        super().engage()
        assert (products["stopped"] + products["hits"] <= products["sorties"]).all()
        assert (products["stopped"] >= 0).all()
        assert (products["hits"] >= 0).all()
        assert (products["losses"].sum(axis=1) <= products["stopped"] + 1e-6).all()

    def record(self) -> None:
        super().record()
        self.check()


@pytest.mark.mesa
@settings(max_examples=300)
@given(scenarios())
def test_every_supplier_s_drones_are_conserved_every_week(scenario: Scenario) -> None:
    model = Audited(scenario, seed=SEED)
    check_records(scenario, model.run())
    assert (model.expected_stock >= 0).all()


@settings(max_examples=300)
@given(scenarios())
def test_what_the_ensemble_records_is_conserved_and_within_bounds(scenario: Scenario) -> None:
    check_records(scenario, run_ensemble(scenario, [SEED, SEED + 1], threads=1))


def check_records(scenario: Scenario, records: Records) -> None:
    """Everything a driver recorded of these races is consistent."""
    for run in range(records.runs):
        weekly = records.weekly[run]
        check_drones(scenario, weekly)
        check_bounds(scenario, weekly)
        check_lives(scenario, weekly, records.lives[run])


def initial_stock(scenario: Scenario) -> dict[int, int]:
    workshops, primes = scenario.parameters.workshops, scenario.parameters.primes
    initial = {
        WORKSHOP: workshops.count * workshops.initial_stock,
        PRIME: primes.count * primes.initial_stock,
    }
    return initial | {TOTAL: sum(initial.values())}


def check_drones(scenario: Scenario, weekly: Any) -> None:
    """Initial + delivered = flown + scrapped + in stock, every week, every kind; the total is the sum."""
    for kind in KINDS_AND_TOTAL:
        row = weekly["kinds"][:, kind]
        come = initial_stock(scenario)[kind] + row["deliveries"].cumsum()
        gone = row["sorties"].cumsum() + row["scrapped"].cumsum()
        assert (come == gone + row["stock"]).all()
    for name in (
        "deliveries",
        "sorties",
        "stopped",
        "hits",
        "stock",
        "scrapped",
        "trial_sorties",
        "trials_judged",
    ):
        assert (weekly["kinds"][name][:, :TOTAL].sum(axis=1) == weekly["kinds"][name][:, TOTAL]).all()
    segments, segment_of_week = scenario.timeline()
    built = scenario.parameters.workshops.count * segments["workshops_weekly_output"][segment_of_week]
    assert (weekly["kinds"]["deliveries"][:, WORKSHOP] == built).all()
    built = scenario.parameters.primes.count * segments["primes_weekly_output"][segment_of_week]
    assert (weekly["kinds"]["deliveries"][:, PRIME].cumsum() <= built.cumsum()).all()


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
    assert (kinds["copied"] <= scenario.parameters.workshops.count).all()
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
    burn_in, weeks = scenario.parameters.run.burn_in_weeks, scenario.parameters.run.weeks
    makers = {WORKSHOP: scenario.parameters.workshops.count, PRIME: scenario.parameters.primes.count}
    assert (lives >= 0).all()
    longest = max(np.flatnonzero(lives.sum(axis=(0, 1, 3))), default=0)
    assert longest <= weeks - 1 - burn_in
    for kind, count in makers.items():
        fielded = weekly["kinds"]["designs_fielded"][:, kind]
        followed = fielded[max(burn_in - 1, 0) : weeks - 1].sum() + (count if burn_in == 0 else 0)
        assert lives[kind, FIELDED_LIFE].sum() == followed
        assert lives[kind, SHADOW_LIFE].sum() == followed
        assert lives[kind, LINEAGE_LIFE].sum() == count
        assert lives[kind, FIELDED_LIFE, :, 1].sum() <= lives[kind, SHADOW_LIFE, :, 1].sum()
        assert lives[kind, COUNTER_LAG].sum() <= count * (weeks + 1) * 110
        weeks_followed = [(lives[kind, measure].sum(axis=1) * np.arange(weeks + 1)).sum() for measure in range(2)]
        assert weeks_followed[0] <= weeks_followed[1]
        assert weeks_followed[0] <= count * (weeks - burn_in)


def longer() -> Scenario:
    return six_workshops().with_changes({"run.weeks": 40})


def test_the_checks_see_what_they_are_for() -> None:
    """A race that lost one drone, flew one too many or forgot one design does not pass."""
    scenario = longer()
    records = run_ensemble(scenario, [SEED], threads=1)
    check_records(scenario, records)
    for column, change in (("stock", -1), ("sorties", 1), ("hits", 10_000), ("trial_sorties", 10_000)):
        weekly = records.weekly.copy()
        weekly["kinds"][column][0, 20, WORKSHOP] += change
        assert not passes(scenario, Records(records.seeds, weekly, records.lives)), column
    lives = records.lives.copy()
    lives[0, WORKSHOP, FIELDED_LIFE, 3, 0] += 1
    assert not passes(scenario, Records(records.seeds, records.weekly, lives))


def passes(scenario: Scenario, records: Records) -> bool:
    try:
        check_records(scenario, records)
    except AssertionError:
        return False
    return True
