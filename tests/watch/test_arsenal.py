"""The arsenal by age is the arsenal that was recorded."""

from dataclasses import replace

import numpy as np
import pytest

from race_sim.records import KIND_NAMES, PRIME, TOTAL, WORKSHOP
from race_sim.watch.arsenal import AGES, arsenal
from race_sim.watch.sight import Sight, Stock
from tests.watch.watching import watched


def with_lots(sight: Sight, lots: list[tuple[int, int, int, bool]]) -> Sight:
    """The sight with other lots: (kind, age in weeks, drones, countered)."""
    kind, age, quantity, countered = (np.array(column) for column in zip(*lots, strict=True))
    nothing = np.zeros(len(lots), np.int64)
    stock = Stock(kind, nothing, nothing, age, quantity, nothing.astype(np.uint64), countered, countered)
    return replace(sight, stock=stock)


@pytest.mark.parametrize("crews", [0, 150, 700])
def test_bands_of_age_sum_to_the_recorded_stock(crews: int) -> None:
    race = watched("run.weeks=60", f"operators.crews={crews}", "arsenal.shelf_life_weeks=55", weeks=0)
    while not race.over:
        race.step()
        found, recorded = arsenal(race.history.last), race.weekly["kinds"][-1]
        for kind in (WORKSHOP, PRIME):
            drones, countered = np.array(found[KIND_NAMES[kind]]).sum(axis=0)
            assert drones == recorded["stock"][kind]
            assert countered == recorded["stock_countered"][kind]
        assert found["total"] == recorded["stock"][TOTAL]
        assert found["countered"] == recorded["stock_countered"][TOTAL]
        assert found["dropped"] == recorded["stock_dropped"][TOTAL]


def test_some_stock_is_countered() -> None:
    assert arsenal(watched("run.weeks=60", "operators.crews=150").history.last)["countered"] > 0


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-3"), (3, "0-3"), (4, "4-7"), (12, "8-12"), (13, "13-25"), (25, "13-25"), (26, "26-51"), (52, "52+")],
)
def test_a_lot_is_in_the_band_of_its_age(age: int, band: str) -> None:
    found = arsenal(with_lots(watched(weeks=1).history.last, [(PRIME, age, 40, True)]))
    expected = [[40, 40] if name == band else [0, 0] for name in AGES]
    assert found["ages"] == list(AGES)
    assert found["primes"] == expected
    assert found["workshops"] == [[0, 0] for _ in AGES]


def test_swapped_forces_swap_the_bars() -> None:
    sight = watched("operators.crews=150").history.last
    swapped = replace(sight, stock=replace(sight.stock, kind=PRIME - sight.stock.kind))
    one, other = arsenal(sight), arsenal(swapped)
    assert one["workshops"] != one["primes"]
    assert (other["workshops"], other["primes"]) == (one["primes"], one["workshops"])
    assert other["total"] == one["total"]


def test_an_empty_arsenal_is_all_zeros() -> None:
    found = arsenal(watched("workshops.count=0", "primes.count=0").history.last)
    assert found["total"] == found["countered"] == found["dropped"] == 0
    assert found["workshops"] == [[0, 0] for _ in AGES]
