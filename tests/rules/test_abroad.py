"""Workshops that build abroad: who is announced, who pays, whose plant is ever built, and when it opens."""

import numpy as np
import pytest

from race_sim.firms import ECONOMY, PARTNERS
from race_sim.records import NEVER, NOBODY
from race_sim.rules.abroad import announce_move, choose_emigrant, move_abroad
from race_sim.rules.entry import approve, found_newcomer
from race_sim.rules.workshop import cycle_weeks
from tests.chance import share_agrees
from tests.firms_race import NEWCOMER, FirmsRace

WEEK = 5
SURE = ("abroad.firms=2", "abroad.conversion=1", "abroad.planned_weeks=10", "abroad.slip=2.05", "abroad.cost_ratio=1.5")
PLANT = 100 * 2000 * 3 // 2  # euros


def announce(race: FirmsRace, week: int = WEEK) -> None:
    announce_move(race.world, race.params, week, race.seed)


def rich(*overrides: str) -> FirmsRace:
    race = FirmsRace(*SURE, *overrides)
    race.fund(PARTNERS, 10_000_000)
    race.world.published["estimate"][:4] = [0.2, 0.5, 0.3, 0.4]
    return race


def test_by_merit_the_best_reported_at_home_goes_first() -> None:
    race = rich()
    chosen = []
    for _ in range(5):
        chosen.append(int(choose_emigrant(race.world, race.params, WEEK, race.seed)))
        if chosen[-1] != NOBODY:
            race.supplier(chosen[-1]).announced = 1
    assert chosen == [1, 3, 2, 0, NOBODY]


def test_by_connection_a_connected_one_goes_first_and_then_anybody() -> None:
    race = rich("abroad.choice=connection")
    race.supplier(2).connected = 1
    assert {int(choose_emigrant(race.world, race.params, week, race.seed)) for week in range(40)} == {2}
    race.supplier(2).announced = 1
    assert {int(choose_emigrant(race.world, race.params, week, race.seed)) for week in range(40)} == {0, 1, 3}


def test_who_is_stopped_waiting_or_abroad_is_not_chosen() -> None:
    race = rich()
    race.stop(1)
    race.send_abroad(3)
    found_newcomer(race.world, NEWCOMER, 4, race.params, WEEK, race.seed)
    race.world.economy[0].workshops = NEWCOMER + 1
    race.world.published[NEWCOMER].estimate = 0.9
    assert choose_emigrant(race.world, race.params, WEEK, race.seed) == 2
    race.params[0].entry_approval_weeks = 0
    approve(race.world, race.params, WEEK)
    assert choose_emigrant(race.world, race.params, WEEK, race.seed) == NEWCOMER


def test_one_a_week_is_announced_until_there_are_as_many_as_planned() -> None:
    race = rich()
    for week in range(5):
        announce(race, week)
    assert np.flatnonzero(race.world.suppliers["announced"]).tolist() == [1, 3]
    assert race.world.suppliers["moves"][:4].tolist() == [NEVER, 21, NEVER, 22]
    assert race.world.economy[0].announced == 2


def test_partners_pay_for_the_plant_when_it_is_announced() -> None:
    race = rich()
    announce(race)
    assert race.world.treasuries[PARTNERS].plants == PLANT
    assert (race.held_by(PARTNERS), race.held_by(ECONOMY)) == (10_000_000 - PLANT, PLANT)


@pytest.mark.parametrize(("short", "announced"), [(0, 1), (1, 0)])
def test_nothing_is_announced_without_the_money_for_it(short: int, announced: int) -> None:
    race = rich()
    race.fund(PARTNERS, PLANT + 5000 - short)
    race.world.treasuries[PARTNERS].committed = 5000
    announce(race)
    assert race.world.economy[0].announced == announced
    assert (race.world.suppliers["moves"] != NEVER).sum() == announced


def test_some_announcements_come_to_nothing_and_cost_nothing() -> None:
    race = rich("abroad.conversion=0")
    announce(race)
    assert race.supplier(1).announced == race.world.economy[0].announced == 1
    assert race.supplier(1).moves == NEVER
    assert race.held_by(PARTNERS) == 10_000_000


def test_the_share_carried_out_is_as_set() -> None:
    race = FirmsRace("workshops.count=400", *SURE, "abroad.firms=400", "abroad.conversion=0.6")
    race.world.accounts["cash"][-10 + PARTNERS] = 10**12
    for week in range(400):
        announce(race, week)
    assert race.world.economy[0].announced == 400
    assert share_agrees((race.world.suppliers["moves"] != NEVER).sum() / 400, 0.6, 400)


def test_a_workshop_moves_in_the_week_its_plant_is_ready_with_a_longer_cycle() -> None:
    race = rich("workshops.iteration_weeks=3", "abroad.extra_weeks=2")
    race.supplier(1).moves = 20
    race.supplier(2).moves = 20
    race.stop(2)
    move_abroad(race.world, race.params, 19)
    assert (race.supplier(1).abroad, cycle_weeks(race.world, 1, race.params)) == (0, 3)
    move_abroad(race.world, race.params, 20)
    assert (race.supplier(1).abroad, race.supplier(1).moves) == (1, NEVER)
    assert (race.supplier(0).cost, race.supplier(1).cost) == (500, 750)
    assert cycle_weeks(race.world, 1, race.params) == 5
    assert race.world.suppliers["abroad"].sum() == 1
