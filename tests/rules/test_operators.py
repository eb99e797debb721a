"""Operators: what flies, what they remember, what they drop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.records import FIELDED, ON_TRIAL
from race_sim.rules.operators import allocate_sorties, review_products
from tests.bare_race import BareRace


def stocked(race: BareRace, *stocks: int, status: int = FIELDED) -> list[int]:
    """Rows of new products with these stocks."""
    rows = [race.add_product(status=status) for _ in stocks]
    for row, stock in zip(rows, stocks, strict=True):
        race.deliver(row, stock)
    return rows


def remember(race: BareRace, row: int, sorties: float, hits: float) -> None:
    """Set what operators remember of a product."""
    race.world.products[row].record_sorties = sorties
    race.world.products[row].record_hits = hits


def allocations(race: BareRace, rows: list[int], weeks: int) -> np.ndarray:
    """Sorties [weeks, rows] out of the same stock in every week."""
    stock, lots = race.world.products["stock"].copy(), race.world.lots.copy()
    flown = []
    for week in range(weeks):
        race.world.products["sorties"] = 0
        allocate_sorties(race.world, race.params, week, race.seed)
        flown.append(race.world.products["sorties"][rows].copy())
        race.world.products["stock"], race.world.lots[:] = stock, lots
    return np.array(flown)


def test_all_fly_when_there_are_crews_enough() -> None:
    race = BareRace("operators.crews=100")
    rows = stocked(race, 60, 40)
    assert allocations(race, rows, 1).tolist() == [[60, 40]]
    allocate_sorties(race.world, race.params, 0, race.seed)
    assert race.world.products["stock"][rows].tolist() == [0, 0]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.booleans(), st.floats(0, 1)), min_size=1, max_size=8),
    st.integers(0, 700),
)
def test_never_more_than_crews_or_stock_and_never_idle(products: list[tuple[int, bool, float]], crews: int) -> None:
    race = BareRace(f"operators.crews={crews}", "operators.preference=3")
    race.tally.fleet_sorties, race.tally.fleet_hits = 100.0, 30.0
    rows = []
    for stock, on_trial, success in products:
        rows += stocked(race, stock, status=ON_TRIAL if on_trial else FIELDED)
        remember(race, rows[-1], 50.0, 50 * success)
    flown = allocations(race, rows, 5)
    stocks = np.array([stock for stock, _, _ in products])
    assert (flown >= 0).all()
    assert (flown <= stocks).all()
    assert (flown.sum(axis=1) == min(crews, stocks.sum())).all()


def test_variants_on_trial_fly_first() -> None:
    race = BareRace("operators.crews=100")
    fielded = stocked(race, 500, 500)
    on_trial = stocked(race, 30, 10, status=ON_TRIAL)
    flown = allocations(race, fielded + on_trial, 50)
    assert (flown[:, 2:] == [30, 10]).all()
    assert (flown[:, :2].sum(axis=1) == 60).all()


def test_crews_short_of_trials_share_them_by_stock() -> None:
    race = BareRace("operators.crews=20")
    fielded = stocked(race, 500)
    on_trial = stocked(race, 30, 10, status=ON_TRIAL)
    assert (allocations(race, on_trial + fielded, 20) == [15, 5, 0]).all()


def test_shares_are_exact_in_expectation_and_rounded_by_less_than_one() -> None:
    race = BareRace("operators.crews=10")
    stocks = np.array([100, 37, 211, 5, 1, 80])
    flown = allocations(race, stocked(race, *stocks), 4000)
    shares = 10 * stocks / stocks.sum()
    assert (np.abs(flown - shares) < 1).all()
    assert flown.mean(axis=0) == pytest.approx(shares, abs=4 * 0.5 / np.sqrt(4000))


@pytest.mark.parametrize("preference", [0.0, 1.0, 2.5])
def test_what_has_worked_is_preferred_by_the_power_of_its_remembered_success(preference: float) -> None:
    """Remembered success over the fleet's, from a prior of four sorties at the fleet's average."""
    race = BareRace("operators.crews=300", f"operators.preference={preference}")
    rows = stocked(race, 1000, 1000, 3000)
    race.tally.fleet_sorties, race.tally.fleet_hits = 100.0, 40.0
    remember(race, rows[0], 96.0, 60.0)
    remember(race, rows[1], 36.0, 9.0)
    remembered = np.array([(60 + 4 * 0.4) / 100, (9 + 4 * 0.4) / 40, 0.4])
    weights = np.array([1000, 1000, 3000]) * (remembered / 0.4) ** preference
    shares = 300 * weights / weights.sum()
    assert allocations(race, rows, 600).mean(axis=0) == pytest.approx(shares, abs=0.1)


def test_before_anything_has_flown_stock_alone_decides() -> None:
    race = BareRace("operators.crews=40", "operators.preference=8")
    assert (allocations(race, stocked(race, 100, 300), 10) == [10, 30]).all()


def test_what_stock_cannot_serve_goes_to_the_others() -> None:
    """The best product flies out; the rest is shared by preference among what is left."""
    race = BareRace("operators.crews=110", "operators.preference=4")
    rows = stocked(race, 10, 200, 200)
    race.tally.fleet_sorties, race.tally.fleet_hits = 1000.0, 100.0
    remember(race, rows[0], 1000.0, 900.0)
    assert (allocations(race, rows, 10) == [10, 50, 50]).all()


@pytest.mark.parametrize(
    ("hits", "fleet_hits", "share"),
    [(0.0, 5000.0, 1 / 101), (9000.0, 500.0, 100 / 101)],
    ids=["never hit", "hits far more often than the others"],
)
def test_the_worst_still_flies_a_little_and_the_best_does_not_fly_alone(
    hits: float, fleet_hits: float, share: float
) -> None:
    """Whatever the preference, a record moves a product's weight by a factor of a hundred at most."""
    race = BareRace("operators.crews=1000", "operators.preference=8")
    rows = stocked(race, 5000, 5000)
    race.tally.fleet_sorties, race.tally.fleet_hits = 10_000.0, fleet_hits
    remember(race, rows[0], 10_000.0, hits)
    assert allocations(race, rows, 1500)[:, 0].mean() == pytest.approx(1000 * share, abs=0.1)


# Memory and dropping


def use(race: BareRace, week: int, results: dict[int, tuple[int, int]]) -> None:
    """One week's (sorties, hits) by product row, reviewed."""
    race.fly({row: sorties for row, (sorties, _) in results.items()})
    race.engage(week)
    for row, (_, hits) in results.items():
        race.world.products[row].hits = hits
    review_products(race.world, race.params)


def test_operators_remember_with_weekly_decay() -> None:
    race = BareRace("operators.memory=0.5")
    row, other = race.add_product(), race.add_product()
    use(race, 0, {row: (40, 20), other: (60, 10)})
    use(race, 1, {row: (10, 1)})
    product = race.world.products[row]
    assert (product.record_sorties, product.record_hits) == (0.5 * 40 + 10, 0.5 * 20 + 1)
    assert (race.tally.fleet_sorties, race.tally.fleet_hits) == (0.5 * 100 + 10, 0.5 * 30 + 1)


def weeks_until_dropped(race: BareRace, weeks: list[tuple[int, int]], status: int = FIELDED) -> int | None:
    """Weeks of (sorties, hits) a product survives beside a fleet of 1000 sorties a week with 500 hits."""
    row, fleet = race.add_product(status=status), race.add_product()
    for week, result in enumerate(weeks):
        use(race, week, {row: result, fleet: (1000, 500)})
        assert race.world.products[fleet].dropped == 0
        if race.world.products[row].dropped:
            return week + 1
    return None


BAD, GOOD, TOO_FEW = (100, 10), (100, 40), (5, 0)  # at an average of one half, 5 sorties tell too little


@pytest.mark.parametrize(
    ("weeks", "dropped_after"),
    [
        ([BAD] * 6, 3),
        ([BAD, BAD, GOOD, BAD, BAD, GOOD, BAD], None),
        ([BAD, BAD, GOOD, BAD, BAD, BAD], 6),
        ([BAD, TOO_FEW, BAD, TOO_FEW, TOO_FEW, BAD], 6),
        ([TOO_FEW] * 10, None),
        ([(0, 0)] * 10, None),
        ([GOOD] * 10, None),
    ],
    ids=[
        "bad",
        "never three in a row",
        "counts anew",
        "weeks of little use",
        "hardly used",
        "not used",
        "good",
    ],
)
def test_dropped_after_three_poor_weeks_of_use_in_a_row(
    weeks: list[tuple[int, int]], dropped_after: int | None
) -> None:
    assert weeks_until_dropped(BareRace(), weeks) == dropped_after


@pytest.mark.parametrize("weeks", [1, 5])
def test_how_many_poor_weeks_drop_a_product_can_be_set(weeks: int) -> None:
    assert weeks_until_dropped(BareRace(f"operators.drop_after_weeks={weeks}"), [BAD] * 9) == weeks


def test_nothing_is_dropped_when_that_is_switched_off() -> None:
    assert weeks_until_dropped(BareRace("operators.drop_after_weeks=0"), [BAD] * 20) is None


def test_variants_on_trial_are_not_dropped() -> None:
    assert weeks_until_dropped(BareRace(), [BAD] * 20, status=ON_TRIAL) is None


def test_poor_is_below_a_share_of_the_week_s_average() -> None:
    """In a fleet that hits half the time (its own sorties included), a third of that is one in six."""
    race = BareRace("operators.poor_ratio=0.25", "operators.drop_after_weeks=1")
    fleet, above, below = race.add_product(), race.add_product(), race.add_product()
    use(race, 0, {fleet: (600, 374), above: (200, 26), below: (200, 24)})  # average 0.424: poor below 0.106
    assert race.world.products["dropped"][[fleet, above, below]].tolist() == [0, 0, 0]
    use(race, 1, {fleet: (600, 450), above: (200, 26), below: (200, 24)})  # average 0.5: poor below 0.125
    assert race.world.products["dropped"][[fleet, above, below]].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("sorties", "dropped"), [(140, 0), (160, 1)])
def test_a_week_counts_only_if_an_average_product_should_have_hit_a_few_times(sorties: int, dropped: int) -> None:
    """At 2% hits a sortie no hit in 140 sorties, 2.8 expected, may be chance; in 160, 3.2 expected, it is poor."""
    race = BareRace("operators.minimum_expected_hits=3", "operators.drop_after_weeks=1")
    row, fleet = race.add_product(), race.add_product()
    use(race, 0, {row: (sorties, 0), fleet: (10_000 - sorties, 200)})
    assert race.world.products[row].dropped == dropped


def test_nothing_is_poor_when_nothing_hits() -> None:
    race = BareRace("operators.drop_after_weeks=1")
    one, other = race.add_product(), race.add_product()
    use(race, 0, {one: (100, 0), other: (100, 0)})
    assert race.world.products["dropped"].sum() == 0


def test_what_is_dropped_stays_in_stock_and_does_not_fly() -> None:
    race = BareRace("operators.crews=100")
    rows = stocked(race, 500, 30)
    race.world.products[rows[0]].dropped = 1
    allocate_sorties(race.world, race.params, 0, race.seed)
    assert race.world.products["sorties"][rows].tolist() == [0, 30]
    assert race.world.products["stock"][rows].tolist() == [500, 0]
