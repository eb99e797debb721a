"""Strikes on plants and depots, what they destroy, and the interceptors bartered for drones."""

import numpy as np

from race_sim.firms import (
    AT_FRONT,
    BARTERED,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    RING_WEEKS,
)
from race_sim.records import ON_TRIAL, WORKSHOP
from race_sim.rules.strikes import (
    barter,
    damage_plant,
    destroy_at_maker,
    is_intercepted,
    remove_from_front,
    strike_depots,
    strike_plants,
)
from tests import firms_race
from tests.chance import share_agrees
from tests.firms_race import LINE, NEWCOMER, PRIME, FirmsRace

WEEK = 5


def struck(race: FirmsRace, weeks: int = 1) -> np.ndarray:
    """How often each maker's plant was struck; capacity is made whole again every time."""
    capacity = race.world.suppliers["capacity"].copy()
    hit = np.zeros(len(capacity), np.int64)
    for week in range(weeks):
        strike_plants(race.world, race.params, week, race.seed)
        hit += race.world.suppliers["capacity"] < capacity
        race.world.suppliers["capacity"] = capacity
    return hit


def quantities(race: FirmsRace) -> list[int]:
    return race.world.lots["quantity"][: race.tally.lots].tolist()  # type: ignore[no-any-return]


# Plants


def test_only_working_plants_are_struck_each_by_the_hazard_of_its_site() -> None:
    race = FirmsRace("strikes.home_hazard=1", "strikes.abroad_hazard=0", "strikes.repair_cost=0")
    race.send_abroad(1)
    race.stop(2)
    race.supplier(NEWCOMER).capacity = race.supplier(LINE).capacity = 100
    assert np.flatnonzero(struck(race)).tolist() == [0, 3]
    race.params[0].strikes_home_hazard, race.params[0].strikes_abroad_hazard = 0.0, 1.0
    assert np.flatnonzero(struck(race)).tolist() == [1, PRIME, PRIME + 1]


def test_strikes_come_at_their_hazard_and_independently() -> None:
    race = FirmsRace("strikes.home_hazard=0.2", "strikes.repair_cost=0")
    found = struck(race, 600)
    assert all(share_agrees(count / 600, 0.2, 600) for count in found[:4])
    assert found[4:].sum() == 0
    assert race.world.economy[0].strikes == found.sum()


def test_a_strike_puts_capacity_out_of_use_until_it_is_repaired() -> None:
    race = FirmsRace("strikes.capacity_lost=0.6", "strikes.repair_cost=0.5", "strikes.repair_weeks=13")
    race.endow(0, cash=100_000)
    damage_plant(race.world, 0, race.params, WEEK)
    assert (race.supplier().capacity, race.supplier().under_way) == (40, 60)
    assert race.world.opening[(WEEK + 13) % RING_WEEKS, 0] == 60
    assert race.booked() == {"plant": 60_000}
    assert race.is_balanced()


def test_who_cannot_pay_repairs_as_much_as_it_can() -> None:
    """40,000 of credit on orders and 40,000 on the plant that is left, less debt; repair costs 1000 a drone."""
    race = FirmsRace("strikes.capacity_lost=0.6", "strikes.repair_cost=0.5")
    race.endow(0, cash=9000, debt=60_500, research=5000)
    damage_plant(race.world, 0, race.params, WEEK)
    assert (race.supplier().capacity, race.supplier().under_way) == (40, 23)
    assert race.debt(0) == 60_500 + 23_000 - 4000
    race.endow(1, cash=0, debt=90_000)
    damage_plant(race.world, 1, race.params, WEEK)
    assert (race.supplier(1).capacity, race.supplier(1).under_way) == (40, 0)


def test_repair_may_be_free() -> None:
    race = FirmsRace("strikes.capacity_lost=1", "strikes.repair_cost=0")
    race.endow(0, cash=0, debt=500_000)
    damage_plant(race.world, 0, race.params, WEEK)
    assert (race.supplier().capacity, race.supplier().under_way, race.booked()) == (0, 100, {})


def test_a_share_of_each_lot_and_of_the_backlog_at_the_plant_is_destroyed() -> None:
    race = FirmsRace()
    race.world.makers[PRIME].backlog = 101
    race.hold(PRIME, 31)
    race.hold(PRIME, 10)
    race.hold(0, 40)
    race.deliver(race.world.makers[PRIME].product, 50)
    destroy_at_maker(race.world, PRIME, 0.5)
    assert race.world.makers[PRIME].backlog == 51
    assert race.supplier(PRIME).unsold == race.fielded(PRIME).kept == 15 + 5
    assert race.world.flows["drones"][:, DESTROYED_AT_MAKERS].tolist() == [0, (101 + 31 + 10) // 2, 0]
    assert (race.fielded(PRIME).stock, race.fielded(0).kept) == (50, 40)


def test_a_strike_destroys_drones_at_the_plant() -> None:
    race = FirmsRace("strikes.stock_lost=0.25")
    race.hold(0, 40)
    damage_plant(race.world, 0, race.params, WEEK)
    assert race.supplier().unsold == 30


# Interceptors


def test_an_interceptor_is_used_up_whether_or_not_it_stops_a_strike() -> None:
    race = FirmsRace("barter.interception=0.7")
    economy = race.world.economy[0]
    economy.interceptors = 2000.5
    stopped = [bool(is_intercepted(race.world, 0, race.params, week, race.seed)) for week in range(2000)]
    assert share_agrees(float(np.mean(stopped)), 0.7, 2000)
    assert (economy.interceptors, economy.strikes, economy.strikes_stopped) == (0.5, 2000, sum(stopped))
    assert not is_intercepted(race.world, 0, race.params, 2001, race.seed)
    assert (economy.interceptors, economy.strikes) == (0.5, 2001)


def test_a_stopped_strike_does_no_damage() -> None:
    race = FirmsRace("strikes.home_hazard=1", "barter.interception=1")
    race.world.economy[0].interceptors = 3.0
    assert np.flatnonzero(struck(race)).tolist() == [3]


# Depots


def test_a_strike_on_depots_destroys_a_share_of_the_lots_at_the_front() -> None:
    race = FirmsRace("strikes.depot_hazard=1", "strikes.depot_lost=0.1")
    for i, quantity in ((0, 99), (1, 5), (PRIME, 56)):
        race.deliver(race.world.makers[i].product, quantity)
    race.hold(0, 40)
    before = quantities(race)
    strike_depots(race.world, race.params, WEEK, race.seed)
    lost = [a - b for a, b in zip(before, quantities(race), strict=True)]
    assert lost == [9, 1, 6, 0]
    assert (race.fielded(0).stock, race.fielded(1).stock, race.fielded(PRIME).stock) == (90, 4, 50)
    assert race.world.flows["drones"][:, DESTROYED].tolist() == [10, 6, 0]
    assert (race.world.economy[0].depots_struck, race.world.economy[0].strikes) == (1, 1)


def test_depots_are_struck_at_their_hazard_and_may_be_defended() -> None:
    race = FirmsRace("strikes.depot_hazard=0.3", "strikes.depot_lost=0.5", "barter.interception=1")
    race.deliver(race.world.makers[0].product, 100)
    race.world.economy[0].interceptors = 1000.0
    for week in range(1000):
        strike_depots(race.world, race.params, week, race.seed)
    assert share_agrees(race.world.economy[0].depots_struck / 1000, 0.3, 1000)
    assert quantities(race) == [100]


# Barter


def test_the_newest_of_the_workshops_drones_at_the_front_are_bartered() -> None:
    race = FirmsRace("barter.drones_per_week=70", "barter.interceptors_per_drone=0.5")
    trial = race.add_product(maker=0, status=ON_TRIAL)
    retired = race.add_product(maker=1)
    race.deliver(race.world.makers[0].product, 100)
    race.deliver(retired, 60)
    race.deliver(race.world.makers[PRIME].product, 50)
    race.deliver(trial, 30)
    race.hold(0, 40)
    barter(race.world, race.params)
    assert quantities(race) == [100 - 43, 60 - 27, 50, 30, 40]
    assert (race.fielded(0).stock, race.world.products[retired].stock) == (57, 33)
    assert race.world.flows["drones"][:, BARTERED].tolist() == [70, 0, 0]
    assert race.world.economy[0].interceptors == 35.0


def test_drones_of_a_week_are_bartered_before_those_of_the_week_before() -> None:
    race = FirmsRace("barter.drones_per_week=70")
    other = race.add_product(maker=1)
    race.deliver(race.world.makers[0].product, 100, week=1)
    race.deliver(race.world.makers[0].product, 30, week=2)
    race.deliver(other, 20, week=2)
    barter(race.world, race.params)
    assert quantities(race) == [80, 0, 0]
    assert race.world.products[other].stock == 0


def test_no_more_is_bartered_than_there_is() -> None:
    race = FirmsRace("barter.drones_per_week=70", "barter.interceptors_per_drone=0.25")
    race.deliver(race.world.makers[0].product, 20)
    barter(race.world, race.params)
    barter(race.world, race.params)
    assert race.world.flows[WORKSHOP].drones[BARTERED] == 20
    assert race.world.economy[0].interceptors == 5.0


def test_drones_leave_the_front_by_a_named_exit() -> None:
    race = FirmsRace()
    race.deliver(race.world.makers[firms_race.PRIME].product, 20)
    remove_from_front(race.world, 0, 7, DESTROYED)
    assert (quantities(race), race.fielded(PRIME).stock) == ([13], 13)
    assert race.world.lots[0].place == AT_FRONT
