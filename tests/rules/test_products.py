"""Product rows: one design of one maker, from its first trial until nothing refers to it."""

import numpy as np
import pytest

from race_sim.records import FIELDED, FREE, NEVER, ON_TRIAL, RETIRED, WORKSHOP
from race_sim.rules.landscape import quality_sum, unopposed_success
from race_sim.rules.products import field_product, free_product, new_product, shadowed
from tests.bare_race import BareRace


def new(race: BareRace, design: int = 0xABC, maker: int = 2, family: int = 3) -> int:
    word = np.uint64(design)
    total = quality_sum(race.world.landscape, word)
    return int(new_product(race.world, race.params, maker, word, total, family))


def test_a_new_product_is_on_trial_and_has_no_past(race: BareRace) -> None:
    product = race.world.products[new(race)]
    assert (product.status, product.maker, product.family, product.kind) == (ON_TRIAL, 2, 3, WORKSHOP)
    assert product.success == unopposed_success(race.world.landscape, race.params, product.quality)
    assert product.week_fielded == product.week_retired == product.week_first_flown == NEVER
    assert (product.stock, product.sorties, product.record_sorties, product.dropped) == (0, 0, 0.0, 0)


def test_a_row_used_again_remembers_nothing_of_the_product_before(race: BareRace) -> None:
    fresh = race.world.products[new(race)].copy()
    row = new(race)
    product = race.world.products[row]
    for name in product.dtype.names:
        product[name] = 7
    free_product(race.world, row)
    assert race.world.products[row].status == FREE
    assert new(race) == row
    fresh.ordinal = product.ordinal
    assert product == fresh


def test_products_of_a_maker_are_numbered_for_good(race: BareRace) -> None:
    """A number, and with it the key of its draws, is never used again, unlike a row."""
    numbers = [int(race.fielded(2).ordinal)]
    for _ in range(4):
        row = new(race)
        numbers.append(int(race.world.products[row].ordinal))
        free_product(race.world, row)
    assert numbers == [0, 1, 2, 3, 4]
    assert race.world.products[new(race, maker=1)].ordinal == 1


def test_a_product_without_room_is_refused() -> None:
    race = BareRace(spare=0)
    rows = len(race.world.products)
    for _ in range(rows - race.tally.product_rows):
        new(race)
    with pytest.raises(IndexError, match="room"):
        new(race)
    assert race.tally.product_rows == rows


def test_fielding_takes_effect_next_week_and_retires_the_old_design(race: BareRace) -> None:
    old, row = int(race.world.makers[2].product), new(race)
    race.world.makers[2].evidence = 50.0
    race.world.products[row].poor_weeks = 2
    field_product(race.world, row, 9, 0.44)
    product, maker = race.world.products[row], race.world.makers[2]
    assert (maker.product, maker.estimate, maker.evidence) == (row, 0.44, 0.0)
    assert (product.status, product.week_fielded, product.poor_weeks) == (FIELDED, 10, 0)
    assert (race.world.products[old].status, race.world.products[old].week_retired) == (RETIRED, 9)
    assert race.fielded(1).status == FIELDED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"status": FIELDED}, False),
        ({"week_fielded": NEVER}, False),  # it never left its trial
        ({"shadow_life": 12}, False),  # it has failed already
        ({"week_retired": 4}, False),  # too long ago
    ],
)
def test_a_shadow_is_a_design_retired_not_long_ago_that_has_not_failed(changes: dict[str, int], expected: bool) -> None:
    race = BareRace()
    product = race.world.products[race.add_product()]
    product.week_fielded, product.week_retired = 1, 16
    for name, value in changes.items():
        product[name] = value
    assert shadowed(product, 20, 10) == expected
