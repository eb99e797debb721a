"""What is measured each week, against the same numbers computed from the world with NumPy."""

from typing import Any

import numpy as np
import pytest

from race_sim.recorder import hash_place, measure_decisions, measure_outcome
from race_sim.records import FREE, KINDS, MAXIMUM_MODULES, ON_TRIAL, PRIME, RETIRED, TOTAL, WEEK, WORKSHOP
from race_sim.rules.countermeasure import install
from race_sim.rules.engagement import gather
from tests.bare_race import BareRace

POINT = ("countermeasures.kind=point", "countermeasures.capacity_per_week=60")
SAME_NAMES = (
    "deliveries",
    "scrapped",
    "trial_sorties",
    "trial_hits",
    "expected_trial_hits",
    "trials_judged",
    "trials_adopted",
    "copied",
)
NOW = 20  # the week that is measured


def busy_race(*overrides: str) -> BareRace:
    """A world of random products, lots and countermeasures in a week with random outcomes."""
    race = BareRace("workshops.count=5", "primes.count=3", "teams.count=2", "operators.crews=999", *overrides)
    generator = np.random.default_rng(5)
    for slot in range(4):
        countermeasure = race.counter(int(generator.integers(2**12)), slot=slot, reach=generator.random())
        countermeasure.engagements = 10 * generator.random()
    rows = [int(maker.product) for maker in race.world.makers]
    rows += [race.add_product(int(generator.integers(5)), maker=maker) for maker in range(8) for _ in range(3)]
    for row in rows:
        for _ in range(3):
            race.deliver(row, int(generator.integers(1, 50)), int(generator.integers(NOW - 10, NOW)))
    race.fly({row: int(generator.integers(1, 100)) for row in rows[::2]})
    gather(race.world, NOW)
    products = race.world.products
    for row in rows:
        product = products[row]
        product.stopped = generator.integers(0, product.sorties + 1)
        product.hits = generator.integers(0, product.sorties - product.stopped + 1)
        product.losses[:4] = generator.random(4) if product.sorties else 0
        product.expected = product.success * generator.random()
        product.expected_served = product.expected * generator.random()
        product.gap = 4 * generator.random()
        product.dropped = generator.integers(0, 2)
    for flow in race.world.flows:
        for name in flow.dtype.names:
            flow[name] = generator.integers(0, 1000)
    race.tally.expected_hits[:] = generator.random(KINDS)
    race.tally.balance[:] = generator.random(3)
    race.tally.saturation = generator.random()
    return race


def measured(race: BareRace) -> Any:
    weekly = np.full(2, -1).astype(WEEK)
    record_week(race, weekly, 1)
    return weekly[1]


def record_week(race: BareRace, weekly: np.ndarray, at: int) -> None:
    measure_outcome(race.world, race.params, NOW, weekly, at)
    measure_decisions(race.world, weekly, at)


def used(race: BareRace, kind: int) -> Any:
    """Products of one kind, or of all."""
    products = race.world.products[race.world.products["status"] != FREE]
    return products if kind == TOTAL else products[products["kind"] == kind]


KINDS_AND_TOTAL = pytest.mark.parametrize("kind", [WORKSHOP, PRIME, TOTAL])


@KINDS_AND_TOTAL
def test_flows_are_those_of_the_week(kind: int) -> None:
    race = busy_race()
    row, flows = measured(race).kinds[kind], race.world.flows
    chosen = flows if kind == TOTAL else flows[kind : kind + 1]
    for name in SAME_NAMES:
        assert row[name] == chosen[name].sum()
    assert row.designs_fielded == chosen["fielded"].sum()
    expected = race.tally.expected_hits
    assert row.expected_hits == pytest.approx(expected.sum() if kind == TOTAL else expected[kind])


@KINDS_AND_TOTAL
def test_sorties_outcomes_and_stock_are_sums_over_products(kind: int) -> None:
    race = busy_race()
    row, products = measured(race).kinds[kind], used(race, kind)
    for name in ("sorties", "stopped", "hits", "stock"):
        assert row[name] == products[name].sum() > 0
    assert row.unopposed_success == pytest.approx(np.average(products["success"], weights=products["sorties"]))
    assert row.stock_dropped == products["stock"][products["dropped"] == 1].sum()
    assert row.stock_countered == products["stock"][products["expected"] <= 0.5 * products["success"]].sum()
    assert 0 < row.stock_countered < row.stock


@KINDS_AND_TOTAL
def test_age_of_stock_is_weeks_since_delivery_a_drone(kind: int) -> None:
    race = busy_race()
    lots = race.world.lots[: race.tally.lots]
    own = np.full(len(lots), True) if kind == TOTAL else race.world.products["kind"][lots["product"]] == kind
    expected = np.average(NOW - lots["week"][own], weights=lots["quantity"][own])
    assert measured(race).kinds[kind].stock_age == pytest.approx(expected)


@KINDS_AND_TOTAL
def test_quality_and_gap_are_means_over_makers_of_what_they_field(kind: int) -> None:
    race = busy_race()
    makers = race.world.makers
    own = np.full(8, True) if kind == TOTAL else makers["kind"] == kind
    fielded = race.world.products[makers["product"][own]]
    row = measured(race).kinds[kind]
    assert row.quality == pytest.approx((fielded["quality"] / (race.loci * 2.0**32)).mean())
    assert row.gap == pytest.approx(fielded["gap"].mean())


@KINDS_AND_TOTAL
def test_fielded_success_is_a_mean_over_makers_of_what_they_have_in_production(kind: int) -> None:
    race = busy_race()
    makers = race.world.makers
    own = np.full(8, True) if kind == TOTAL else makers["kind"] == kind
    fielded = race.world.products[makers["product"][own]]
    row = measured(race).kinds[kind]
    assert row.fielded_success == pytest.approx(fielded["expected"].mean())
    assert row.fielded_success_served == pytest.approx(fielded["expected_served"].mean())


@KINDS_AND_TOTAL
def test_current_success_is_of_what_the_makers_of_proven_sorties_have_in_production(kind: int) -> None:
    race = busy_race()
    products = race.world.products
    on_trial = np.flatnonzero((products["status"] == RETIRED) & (products["sorties"] > 0))[::2]
    products["status"][on_trial] = ON_TRIAL
    for place, flow in enumerate(race.world.flows):
        flow.trial_sorties = products["sorties"][on_trial][products["kind"][on_trial] == place].sum()
    proven = used(race, kind)
    proven = proven[proven["status"] != ON_TRIAL]
    current = products["expected"][race.world.makers["product"][proven["maker"]]]
    assert len(on_trial) > 3
    assert measured(race).kinds[kind].current_success == pytest.approx(np.average(current, weights=proven["sorties"]))


@KINDS_AND_TOTAL
def test_diversity_is_the_effective_number_of_designs_flown(kind: int) -> None:
    """Hill number of order two over designs, whoever built them."""
    race = busy_race()
    products = used(race, kind)
    designs, place = np.unique(products["design"], return_inverse=True)
    shares = np.bincount(place, weights=products["sorties"]) / products["sorties"].sum()
    assert len(designs) < len(products)
    assert measured(race).kinds[kind].diversity == pytest.approx(1 / (shares**2).sum())


@KINDS_AND_TOTAL
def test_concentration_is_the_herfindahl_index_over_makers(kind: int) -> None:
    race = busy_race()
    products = used(race, kind)
    shares = np.bincount(products["maker"], weights=products["sorties"]) / products["sorties"].sum()
    assert measured(race).kinds[kind].concentration == pytest.approx((shares**2).sum())


@pytest.mark.parametrize("designs", [1, 2, 7, 40])
def test_diversity_of_equal_shares_is_their_number(designs: int) -> None:
    race = BareRace()
    race.fly({race.add_product(place): 10 for place in range(designs) for _ in range(2)})
    gather(race.world, NOW)
    assert measured(race).kinds[TOTAL].diversity == pytest.approx(designs)
    assert measured(race).kinds[TOTAL].concentration == pytest.approx(1.0)


def test_what_cannot_be_measured_is_not_a_number() -> None:
    race = BareRace("primes.count=0")
    race.fly({})
    gather(race.world, NOW)
    record = measured(race)
    for kind in range(KINDS + 1):
        row = record.kinds[kind]
        assert row.sorties == row.hits == row.stock == 0
        for name in ("unopposed_success", "current_success", "stock_age", "diversity", "concentration"):
            assert np.isnan(row[name])
    assert np.isnan(record.kinds[PRIME].quality)
    assert np.isnan(record.kinds[PRIME].gap)
    assert np.isnan(record.kinds[PRIME].fielded_success)
    assert np.isnan(record.kinds[PRIME].fielded_success_served)
    assert np.isnan(record.mean_reach)
    assert record.kinds[WORKSHOP].quality == record.kinds[TOTAL].quality > 0


def test_stops_by_module_front_and_week() -> None:
    race = busy_race()
    record = measured(race)
    flying = race.world.products[race.world.columns.row[: race.tally.columns]]
    assert record.stopped_by_module.shape == (MAXIMUM_MODULES,)
    assert record.stopped_by_module == pytest.approx(flying["losses"].sum(axis=0))
    assert record.front_balance.tolist() == race.tally.balance.tolist()
    assert record.saturation == race.tally.saturation
    assert record.week == NOW


@pytest.mark.parametrize("overrides", [(), POINT])
def test_counter_side(overrides: tuple[str, ...]) -> None:
    race = busy_race(*overrides)
    install(race.world, 5, 1, 0, np.uint64(0), 1.5, 0.5, race.params, NOW + 1)
    standing = race.world.countermeasures[race.world.countermeasures["standing"] == 1]
    record = measured(race)
    assert record.countermeasures_standing == len(standing) == 5
    assert record.countermeasures_fielded == race.tally.countermeasures_fielded
    assert record.mean_reach == pytest.approx(standing["reach"].mean())
    assert record.engagements == pytest.approx(standing["engagements"].sum())
    assert record.capacity == pytest.approx(5 * 60) if overrides else np.isnan(record.capacity)


def test_a_row_is_written_whole_whatever_was_there_before() -> None:
    race = busy_race()
    rows = []
    for before in (0, -1):
        weekly = np.full(1, before).astype(WEEK)
        record_week(race, weekly, 0)
        rows.append(weekly.tobytes())
    assert rows[0] == rows[1]


def test_designs_of_one_family_spread_over_the_hash_table() -> None:
    """A thousand designs a few flips apart take about as many of 2,048 places as random numbers would: 790."""
    flips = np.random.default_rng(1).integers(0, 48, (1_000, 4))
    family = {0x9F3A55C01D27 ^ int(sum({1 << int(locus) for locus in row})) for row in flips}
    places = {hash_place(np.uint64(design), 2_048) for design in family}
    assert len(family) > 990
    assert len(places) > 740
