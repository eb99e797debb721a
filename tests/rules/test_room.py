"""Room: arrays that grow before they are full, and lose nothing."""

import numpy as np
import pytest

from race_sim.records import FREE
from race_sim.rules.products import free_product, new_product
from race_sim.rules.reports import queue_reports
from race_sim.rules.room import LOTS_OF_A_MAKER, make_room, needs_room
from tests.bare_race import BareRace

GROWING = ("products", "lots", "reports", "free")


def crowded() -> BareRace:
    """A race whose product rows another week might overfill."""
    race = BareRace(spare=60)
    week = 0
    while not needs_room(race.world):
        row = int(new_product(race.world, race.params, week % 4, np.uint64(week), 0, week % 4))
        race.deliver(row, 10 + week, week)
        week += 1
    race.fly({int(race.world.makers[maker].product): 5 for maker in range(4)})
    race.fight()
    queue_reports(race.world, race.params, 0, race.seed)
    return race


def test_more_room_loses_nothing() -> None:
    race = crowded()
    before, after = race.world, make_room(race.world)
    for name in before.names():
        old, new = getattr(before, name), getattr(after, name)
        if name in GROWING:
            assert len(new) >= len(old)
            assert (new[: len(old)] == old).all()
        elif name not in ("landscape", "columns"):
            assert new is old or (new == old).all()
    assert (
        after.landscape.contributions is before.landscape.contributions
        or (after.landscape.contributions == before.landscape.contributions).all()
    )
    assert len(after.columns.row) == len(after.columns.alive) == after.columns.survival.shape[1] == len(after.products)
    assert len(after.columns.slots) >= 4 * len(after.products)


def test_there_is_room_for_a_week_in_which_everybody_starts_and_delivers_everything() -> None:
    race = crowded()
    world = make_room(race.world)
    assert not needs_room(world)
    makers, trials = len(world.makers), world.trials.size
    tally = world.tally[0]
    assert len(world.products) - tally.product_rows + tally.free_rows >= trials + 1
    assert len(world.lots) - tally.lots >= LOTS_OF_A_MAKER * makers + trials
    assert len(world.reports) - tally.reports >= len(world.trials) + trials


@pytest.mark.parametrize("used", ["product_rows", "lots", "reports"])
def test_more_room_is_asked_for_before_a_week_might_not_fit(used: str) -> None:
    race = BareRace()
    makers, trials = len(race.world.makers), race.world.trials.size
    rows = len(race.world.products)
    race.tally[used] = rows - LOTS_OF_A_MAKER * makers - trials
    assert not needs_room(race.world)
    race.tally[used] += 1
    assert needs_room(race.world)


def test_rows_given_back_are_remembered() -> None:
    race = crowded()
    free_product(race.world, 9)
    world = make_room(race.world)
    assert new_product(world, race.params, 0, np.uint64(0), 0, 0) == 9


def test_rows_given_back_are_room() -> None:
    race = crowded()
    for row in range(len(race.world.makers), race.tally.product_rows):
        free_product(race.world, row)
    race.tally.lots = 0
    assert not needs_room(race.world)
    assert (race.world.products["status"] != FREE).sum() == len(race.world.makers)


def test_a_race_that_outgrows_its_arrays_goes_on_as_one_that_has_room() -> None:
    """Long delays and many variants: the arrays of the one grow on the way, those of the other do not have to."""
    hungry = ("workshops.variants_per_cycle=6", "feedback.delay_weeks=6", "operators.crews=150")
    growing, roomy = BareRace(*hungry, spare=0), BareRace(*hungry, spare=4000)
    sizes = len(growing.world.products), len(roomy.world.products)
    assert growing.run(40).tobytes() == roomy.run(40).tobytes()
    assert len(growing.world.products) > 2 * sizes[0]
    assert len(roomy.world.products) == sizes[1]
