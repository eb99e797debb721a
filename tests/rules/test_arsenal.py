"""Dated lots: how drones come, wait, and leave."""

import numpy as np
import pytest

from race_sim.records import FREE, PRIME, RETIRED, WORKSHOP
from race_sim.rules.arsenal import (
    add_lot,
    draw_from_lots,
    line_up,
    scrap_expired,
    tidy,
)
from race_sim.rules.calendar import begin_week
from race_sim.rules.operators import allocate_sorties
from race_sim.rules.production import produce_prime, produce_workshop
from race_sim.rules.products import field_product
from race_sim.rules.workshop import start_trial
from tests.bare_race import BareRace


def lots(race: BareRace) -> list[tuple[int, int, int]]:
    """(product, week, drones) of every lot, in order."""
    return [(int(lot.product), int(lot.week), int(lot.quantity)) for lot in race.world.lots[: race.tally.lots]]


def trial(race: BareRace, maker: int = 0, week: int = 0) -> int:
    """Product row of a new trial of a workshop."""
    return int(start_trial(race.world, maker, np.uint64(0), 0, maker, race.params, week))


def test_a_delivery_is_a_dated_lot_and_stock(race: BareRace) -> None:
    row = race.add_product()
    for week, quantity in ((3, 20), (4, 0), (5, 7)):
        add_lot(race.world, row, quantity, week)
    assert lots(race) == [(row, 3, 20), (row, 5, 7)]
    assert race.world.products[row].stock == 27


def test_a_lot_without_room_is_refused() -> None:
    race = BareRace(spare=0)
    row = race.world.makers[0].product
    for _ in range(len(race.world.lots)):
        add_lot(race.world, row, 1, 0)
    with pytest.raises(IndexError, match="room"):
        add_lot(race.world, row, 1, 0)
    assert race.tally.lots == race.fielded().stock == len(race.world.lots)


def test_what_is_in_stock_is_listed_by_its_oldest_lot_whatever_its_row(race: BareRace) -> None:
    low, middle, high, empty = (race.add_product() for _ in range(4))
    for week, row in enumerate((high, low, high, middle, low)):
        race.deliver(row, 5, week)
    line_up(race.world)
    assert race.world.columns.lineup[: race.tally.lineup].tolist() == [high, low, middle]
    race.world.lots[1].quantity = 0  # the oldest lot of `low` is used up
    line_up(race.world)
    assert race.world.columns.lineup[: race.tally.lineup].tolist() == [high, middle, low]
    assert empty not in race.world.columns.lineup[: race.tally.lineup]


def test_oldest_drones_fly_first(race: BareRace) -> None:
    row, other = race.add_product(), race.add_product()
    for week in range(3):
        race.deliver(row, 10, week)
        race.deliver(other, 10, week)
    race.fly({row: 14, other: 3})
    draw_from_lots(race.world)
    left = [(row, 0, 0), (other, 0, 7), (row, 1, 6), (other, 1, 10), (row, 2, 10), (other, 2, 10)]
    assert lots(race) == left
    assert (race.world.products[row].stock, race.world.products[other].stock) == (16, 27)


def test_drones_built_to_an_old_design_stay_and_fly_as_that_design(race: BareRace) -> None:
    race.deliver(race.world.makers[0].product, 30)
    old = race.world.makers[0].product
    new = race.add_product(0xABC, maker=0)
    field_product(race.world, new, 0, 0.3)
    produce_workshop(race.world, 0, race.params, 1)
    tidy(race.world, race.params, 1)
    allocate_sorties(race.world, race.params, 1, race.seed)
    race.engage(1)
    assert race.world.products[old].status == RETIRED
    assert (race.world.products[old].sorties, race.world.products[new].sorties) == (30, 50)
    assert race.world.columns.row[: race.tally.columns].tolist() == [old, new]
    assert race.world.columns.design[0] == race.world.products[old].design != 0xABC


def test_all_output_is_of_the_fielded_design_without_a_trial(race: BareRace) -> None:
    produce_workshop(race.world, 2, race.params, 6)
    assert lots(race) == [(race.world.makers[2].product, 6, 50)]
    assert race.world.flows[WORKSHOP].deliveries == 50


@pytest.mark.parametrize(("share", "output"), [(0.1, 50), (0.13, 7), (0.5, 3), (0.0, 50)])
def test_trials_take_their_share_of_output_in_the_long_run(share: float, output: int) -> None:
    race = BareRace(
        f"workshops.trial_share={share}",
        f"workshops.weekly_output={output}",
        "workshops.iteration_weeks=100",
        "workshops.variants_per_cycle=3",
    )
    variants = [trial(race) for _ in range(3)]
    fielded = race.world.makers[0].product
    for week in range(1, 101):
        produce_workshop(race.world, 0, race.params, week)
    built = [int(race.world.products[row].stock) for row in variants]
    assert sum(built) == pytest.approx(share * output * 100, abs=1)
    assert max(built) - min(built) <= 0.02 * sum(built) + 1
    assert race.world.products[fielded].stock == 100 * output - sum(built)
    assert race.world.flows[WORKSHOP].deliveries == 100 * output


def test_a_variant_is_built_until_its_cycle_ends() -> None:
    race = BareRace("workshops.iteration_weeks=3")
    variant = trial(race, week=4)
    stock = []
    for week in range(5, 10):
        produce_workshop(race.world, 0, race.params, week)
        stock.append(int(race.world.products[variant].stock))
    assert stock == [5, 10, 15, 15, 15]
    assert race.fielded().stock == 5 * 50 - 15


def test_primes_deliver_whole_batches_out_of_step() -> None:
    race = BareRace("primes.count=4", "primes.batch_weeks=4", "primes.weekly_output=500")
    delivered = np.zeros((4, 12), int)
    for week in range(12):
        for number in range(4):
            before = int(race.fielded(4 + number).stock)
            produce_prime(race.world, 4 + number, race.params, week)
            delivered[number, week] = race.fielded(4 + number).stock - before
    assert sorted(delivered[:, 4:8].argmax(axis=1)) == [0, 1, 2, 3]
    assert (np.sort(delivered[:, 4:8]) == [0, 0, 0, 2000]).all()
    assert (delivered[:, 4:8] == delivered[:, 8:]).all()
    assert (delivered.sum(axis=1) + race.world.makers["backlog"][4:] == 12 * 500).all()
    assert race.world.flows[PRIME].deliveries == delivered.sum()


def test_a_batch_is_of_the_design_fielded_when_it_is_delivered() -> None:
    race = BareRace("primes.batch_weeks=4", "primes.weekly_output=500")
    for week in (1, 2, 3):
        produce_prime(race.world, 4, race.params, week)
    new = race.add_product(0xABC, maker=4)
    field_product(race.world, new, 3, 0.3)
    produce_prime(race.world, 4, race.params, 4)
    assert lots(race) == [(new, 4, 2000)]


def test_drones_are_scrapped_at_their_shelf_life_and_counted() -> None:
    race = BareRace("arsenal.shelf_life_weeks=5")
    row, prime = race.add_product(), race.add_product(maker=4)
    race.deliver(row, 10, 0)
    race.deliver(prime, 30, 1)
    race.deliver(row, 20, 2)
    scrapped = []
    for week in range(4, 8):
        begin_week(race.world)
        scrap_expired(race.world, race.params, week)
        tidy(race.world, race.params, week)
        scrapped.append((int(race.world.flows[WORKSHOP].scrapped), int(race.world.flows[PRIME].scrapped)))
    assert scrapped == [(0, 0), (10, 0), (0, 30), (20, 0)]
    assert lots(race) == []
    assert race.world.products["stock"].sum() == 0


def test_tidying_keeps_lots_in_order_of_delivery(race: BareRace) -> None:
    one, other = race.add_product(), race.add_product()
    for week in range(4):
        race.deliver(one, 5, week)
        race.deliver(other, 5, week)
    race.fly({one: 10, other: 5})
    draw_from_lots(race.world)
    tidy(race.world, race.params, 4)
    assert lots(race) == [(other, 1, 5), (one, 2, 5), (other, 2, 5), (one, 3, 5), (other, 3, 5)]


def test_only_a_retired_design_without_stock_is_forgotten(race: BareRace) -> None:
    stocked, empty = race.add_product(), race.add_product()
    on_trial = trial(race)
    race.deliver(stocked, 1)
    tidy(race.world, race.params, 9)
    assert race.world.products[empty].status == FREE
    assert FREE not in race.world.products["status"][[race.world.makers[0].product, on_trial, stocked]]
    assert race.add_product() == empty


def test_a_retired_design_is_followed_as_a_shadow_before_it_is_forgotten() -> None:
    race = BareRace("measures.shadow_weeks=6")
    old = race.world.makers[0].product
    field_product(race.world, race.add_product(0xABC, maker=0), 10, 0.3)
    kept = []
    for week in range(10, 20):
        tidy(race.world, race.params, week)
        kept.append(race.world.products[old].status != FREE)
    assert sum(kept) in (5, 6)
    assert kept == sorted(kept, reverse=True)
