"""How long designs and lineages stay effective, and what is censored."""

from typing import Any

import numpy as np
import pytest

from race_sim.records import (
    CENSORED,
    COUNTER_LAG,
    FIELDED_LIFE,
    LINEAGE_LIFE,
    NEVER,
    OBSERVED,
    PRIME,
    SHADOW_LIFE,
    WORKSHOP,
)
from race_sim.rules.arsenal import tidy
from race_sim.rules.lives import close_lives, follow_products
from race_sim.rules.products import field_product
from tests.bare_race import SHARP, BareRace

LONELY = ("workshops.count=1", "primes.count=0", "workshops.adapts=false", "workshops.initial_stock=5000")


def lonely(*overrides: str) -> BareRace:
    """One workshop, whose design 0 always succeeds, and countermeasures put there by hand."""
    race = BareRace(*SHARP, *LONELY, *overrides)
    product = race.fielded()
    product.design, product.success, product.expected = np.uint64(0), 1.0, 1.0
    return race


def follow(race: BareRace, reaches: list[float], first: int = 0) -> None:
    """Weeks in which a countermeasure that matches design 0 has these reaches."""
    for week, reach in enumerate(reaches, first):
        race.counter(0, reach=reach)
        follow_products(race.world, race.params, week)


def replace_design(race: BareRace, week: int, design: int = 0xFFF, success: float = 1.0) -> int:
    """Field another design at the end of a week; returns the row of the one before."""
    old = int(race.world.makers[0].product)
    field_product(race.world, race.add_product(design, success=success), week, 0.3)
    return old


def close(race: BareRace, week: int) -> None:
    close_lives(race.world, race.params, week)


def lives(race: BareRace, measure: int, ending: int, kind: int = WORKSHOP) -> list[int]:
    """Durations in a life table, in weeks."""
    counts = race.world.lives[kind, measure, :, ending]
    return [int(weeks) for weeks in np.repeat(np.arange(len(counts)), counts)]


# Expected success and the gap


def test_expected_success_is_against_all_that_stands() -> None:
    race = BareRace(*SHARP)
    product = race.fielded()
    product.design, product.success = np.uint64(0), 0.6
    race.counter(0, reach=0.5, slot=0)
    race.counter(0, module=3, reach=0.2, slot=1).fraction = 0.25  # serves a quarter of what it wants to engage
    race.counter(0xFFF, reach=1.0, slot=2)
    follow_products(race.world, race.params, 0)
    assert product.expected == pytest.approx(0.6 * 0.5 * (1 - 0.2 * 0.25))


def test_served_success_is_against_all_that_stands_if_none_were_overwhelmed() -> None:
    race = BareRace(*SHARP)
    product = race.fielded()
    product.design, product.success = np.uint64(0), 0.6
    race.counter(0, reach=0.5, slot=0)
    follow_products(race.world, race.params, 0)
    assert product.expected_served == product.expected == pytest.approx(0.6 * 0.5)
    race.counter(0, module=3, reach=0.2, slot=1).fraction = 0.25
    follow_products(race.world, race.params, 0)
    assert product.expected == pytest.approx(0.6 * 0.5 * (1 - 0.2 * 0.25))
    assert product.expected_served == pytest.approx(0.6 * 0.5 * (1 - 0.2))


def test_gap_is_the_distance_to_the_nearest_countermeasure_in_breadths() -> None:
    race = BareRace()
    product = race.fielded()
    product.design = np.uint64(0)
    follow_products(race.world, race.params, 0)
    assert np.isnan(product.gap)  # nothing stands
    race.counter(0b1111, slot=0, breadth=2.0)
    race.counter(0b111 << 12, slot=1, module=1, breadth=1.0)
    follow_products(race.world, race.params, 0)
    assert product.gap == pytest.approx(2.0)


# Half-life


@pytest.mark.parametrize(
    ("reaches", "life"),
    [
        ([0, 0.2, 0.4, 0.5, 0.9], 3),
        ([0, 0.2, 0.49, 0.49, 0.49], None),
        ([0.4, 0.4, 0, 0.49, 0.51], 4),  # half of its own peak, which came later
        ([0.6, 0.6, 0.7, 0.8], 3),  # a design fielded into opposition: half of what it ever had
        ([0, 0.5, 0, 0, 0.9], 1),  # what comes back later does not undo it
    ],
)
def test_half_life_is_weeks_to_half_of_its_own_peak(reaches: list[float], life: int | None) -> None:
    race = lonely()
    follow(race, reaches)
    close(race, len(reaches) - 1)
    for measure in (FIELDED_LIFE, SHADOW_LIFE):
        assert lives(race, measure, OBSERVED) == ([] if life is None else [life])
        assert lives(race, measure, CENSORED) == ([len(reaches) - 1] if life is None else [])


def test_a_retired_design_is_censored_when_fielded_and_followed_as_a_shadow() -> None:
    race = lonely("measures.shadow_weeks=10")
    follow(race, [0, 0.2, 0.2])
    replace_design(race, 3)
    follow(race, [0.3, 0.4, 0.6, 0.6], first=3)
    close(race, 6)
    assert (lives(race, FIELDED_LIFE, CENSORED), lives(race, FIELDED_LIFE, OBSERVED)) == ([2, 3], [])
    assert (lives(race, SHADOW_LIFE, CENSORED), lives(race, SHADOW_LIFE, OBSERVED)) == ([2], [5])


def test_a_design_that_failed_while_fielded_failed_by_both_measures() -> None:
    race = lonely("measures.shadow_weeks=10")
    follow(race, [0, 0.2, 0.9])
    replace_design(race, 3)
    follow(race, [0.9, 0.9], first=3)
    close(race, 4)
    assert lives(race, FIELDED_LIFE, OBSERVED) == lives(race, SHADOW_LIFE, OBSERVED) == [2]


@pytest.mark.parametrize("shadow", [0, 1, 5])
def test_a_shadow_is_censored_when_its_weeks_are_over(shadow: int) -> None:
    """Retired at the end of week 3, it is evaluated for `shadow_weeks` weeks more, whatever comes after."""
    race = lonely(f"measures.shadow_weeks={shadow}")
    follow(race, [0, 0, 0])
    replace_design(race, 3)
    follow(race, [0] + [0] * shadow + [0.9] * 5, first=3)
    close(race, 3 + shadow + 5)
    assert 3 + shadow in lives(race, SHADOW_LIFE, CENSORED)
    assert lives(race, SHADOW_LIFE, OBSERVED) == []


@pytest.mark.parametrize("shadow", [1, 5])
def test_a_failure_in_the_last_week_as_a_shadow_is_seen(shadow: int) -> None:
    race = lonely(f"measures.shadow_weeks={shadow}")
    follow(race, [0, 0, 0])
    replace_design(race, 3)
    follow(race, [0] + [0] * (shadow - 1) + [0.9], first=3)
    close(race, 3 + shadow)
    assert lives(race, SHADOW_LIFE, OBSERVED) == [3 + shadow]


def test_a_design_forgotten_on_the_way_is_counted_once_like_any_other() -> None:
    race = lonely("measures.shadow_weeks=2")
    follow(race, [0, 0])
    old = replace_design(race, 2)
    race.world.products[old].stock = 0
    for week in range(2, 9):
        follow(race, [0.0], first=week)
        tidy(race.world, race.params, week)
    close(race, 9)
    assert lives(race, FIELDED_LIFE, CENSORED) == [2, 6]
    assert lives(race, SHADOW_LIFE, CENSORED) == [4, 6]


def test_designs_fielded_during_the_burn_in_are_left_out() -> None:
    race = lonely("run.burn_in_weeks=5")
    for week, design in ((2, 0xFFF), (3, 0xFF0), (4, 0xF00), (7, 0xABC)):
        replace_design(race, week, design)
    race.fly({})
    follow(race, [0] * 10)
    close(race, 9)
    assert lives(race, FIELDED_LIFE, CENSORED) == [1, 2]  # fielded in weeks 8 and 5, retired in week 7


def test_primes_are_counted_apart() -> None:
    race = BareRace("primes.count=2")
    follow(race, [0] * 4)
    close(race, 3)
    assert lives(race, FIELDED_LIFE, CENSORED, WORKSHOP) == [3] * 4
    assert lives(race, FIELDED_LIFE, CENSORED, PRIME) == [3] * 2


# Counter lag


def first_flight(race: BareRace, week: int, row: int) -> None:
    race.world.products[row].week_first_flown = week


@pytest.mark.parametrize(("reaches", "lag"), [([0, 0.2, 0.4, 0.6], 3), ([0.4, 0.69, 0.71], 2), ([0, 0.4, 0.4], None)])
def test_counter_lag_is_weeks_from_first_use_to_half_of_the_success_then(reaches: list[float], lag: int | None) -> None:
    race = lonely()
    first_flight(race, 4, race.world.makers[0].product)
    follow(race, [0.0] * 4 + reaches)
    close(race, 3 + len(reaches))
    assert lives(race, COUNTER_LAG, OBSERVED) == ([] if lag is None else [lag])
    assert lives(race, COUNTER_LAG, CENSORED) == ([len(reaches) - 1] if lag is None else [])


def test_a_design_never_flown_has_no_counter_lag() -> None:
    race = lonely()
    follow(race, [0, 1, 1])
    close(race, 2)
    assert lives(race, COUNTER_LAG, OBSERVED) == lives(race, COUNTER_LAG, CENSORED) == []


def one_team(*overrides: str) -> BareRace:
    """A design that always succeeds, and a team that counters it completely from week 2 on.

    It senses week 0, needs a week, fields at the end of week 1.
    """
    return lonely(
        "design.modules=1",
        "operators.crews=100",
        "operators.drop_after_weeks=0",
        "teams.discovery_weeks=1",
        "teams.sensing_error=0",
        "teams.reach_budget=16",
        *overrides,
    )


def outcome(race: BareRace, weeks: int) -> tuple[list[int], Any]:
    weekly = race.run(weeks)
    close(race, weeks - 1)
    return weekly["kinds"]["hits"][:, WORKSHOP].tolist(), race


def test_durations_are_those_of_the_hits_recorded() -> None:
    """Three weeks of hits: zero, one; then none. Both durations are two weeks."""
    hits, race = outcome(one_team(), 6)
    assert hits == [100, 100, 0, 0, 0, 0]
    assert lives(race, COUNTER_LAG, OBSERVED) == [2]
    assert lives(race, FIELDED_LIFE, OBSERVED) == [2]


def test_a_countermeasure_that_can_hardly_engage_ends_no_design_s_life() -> None:
    hits, race = outcome(one_team("countermeasures.kind=point", "countermeasures.capacity_per_week=1"), 6)
    assert min(hits) > 80
    assert lives(race, COUNTER_LAG, OBSERVED) == []
    assert lives(race, FIELDED_LIFE, OBSERVED) == []


@pytest.mark.parametrize("override", ["measures.shadow_weeks=0", "measures.shadow_weeks=50"])
def test_measuring_lives_changes_nothing_in_the_race(override: str) -> None:
    crowded = ("operators.crews=150", "arsenal.shelf_life_weeks=8")
    records = [BareRace(*overrides, under_way=True).run(30) for overrides in (crowded, (*crowded, override))]
    for weekly in records:
        weekly["front_balance"] = 0  # which does not move during the burn-in
    assert records[0].tobytes() == records[1].tobytes()


# Lineages


def fail(race: BareRace, maker: int, expected: float) -> None:
    """Let the design of a maker succeed this often from now on."""
    race.fielded(maker).success = expected


def test_a_lineage_lives_on_in_a_copy() -> None:
    """Designs of four founders after burn-in: one halves, one halves but was copied before, two stay."""
    race = BareRace("primes.count=0", "run.burn_in_weeks=2")
    for maker in range(4):
        fail(race, maker, 0.8)
    for week in range(4):
        follow_products(race.world, race.params, week)
    copy = race.add_product(maker=2, success=0.8)
    race.world.products[copy].family = 1  # the third workshop now fields the second's design
    field_product(race.world, copy, 4, 0.5)
    fail(race, 0, 0.4)
    for week in range(4, 7):
        follow_products(race.world, race.params, week)
    fail(race, 1, 0.1)
    for week in range(7, 10):
        follow_products(race.world, race.params, week)
    close(race, 9)
    assert lives(race, LINEAGE_LIFE, OBSERVED) == [2, 2]  # the first halved, the third gave its own up
    assert lives(race, LINEAGE_LIFE, CENSORED) == [7, 7]
    assert race.world.families["ended"].tolist() == [4, NEVER, 4, NEVER]


def test_lineages_are_counted_from_the_end_of_the_burn_in() -> None:
    """What happens to families before it says nothing: everyone's design then starts a lineage of its own."""
    race = BareRace("primes.count=0", "run.burn_in_weeks=3")
    for maker in range(4):
        fail(race, maker, 0.8)
    for week in range(3):
        follow_products(race.world, race.params, week)
    for maker in range(4):
        race.fielded(maker).family = 0  # all copied the first
        fail(race, maker, 0.2)  # and were countered
    for week in range(3, 8):
        follow_products(race.world, race.params, week)
    close(race, 7)
    assert sorted(product.family for product in map(race.fielded, range(4))) == [0, 1, 2, 3]
    assert lives(race, LINEAGE_LIFE, OBSERVED) == []
    assert lives(race, LINEAGE_LIFE, CENSORED) == [4] * 4
