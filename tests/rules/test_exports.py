"""Sales abroad: what customers may order, what selling does to goodwill, and what the rival sells instead."""

import numpy as np
import pytest

from race_sim.firms import CUSTOMERS, ECONOMY, EXPORTED, RIVAL
from race_sim.records import WORKSHOP
from race_sim.rules.exports import clear_orders, close_markets, hurry_project, open_demand, order_for_customers
from tests.firms_race import NEWCOMER, FirmsRace

DEMAND = ("exports.nato_demand=200", "exports.other_demand=100")


def export_orders(race: FirmsRace) -> list[int]:
    order_for_customers(race.world, race.params)
    return race.world.suppliers["export_orders"].tolist()  # type: ignore[no-any-return]


def sold(race: FirmsRace, exported: int, delivered: int) -> None:
    flow = race.world.flows[WORKSHOP]
    flow.drones[EXPORTED], flow.deliveries = exported, delivered
    close_markets(race.world, race.params)


@pytest.mark.parametrize(
    ("regime", "customers", "demand"),
    [
        ("ban", "world", 0),
        ("surplus", "nato", 200),
        ("quota", "world", 300),
        ("open", "nato", 200),
        ("open", "world", 300),
    ],
)
def test_customers_want_what_they_may_buy(regime: str, customers: str, demand: int) -> None:
    race = FirmsRace(*DEMAND, f"exports.regime={regime}", f"exports.customers={customers}")
    assert open_demand(race.params) == demand
    race.world.published["estimate"][:4] = 0.25
    race.world.suppliers["expected_orders"] = 1000.0
    assert export_orders(race)[:4] == [demand // 4] * 4


def test_they_order_by_capacity_and_reported_success_from_workshops_at_home() -> None:
    race = FirmsRace(*DEMAND, "exports.regime=open", "procurement.merit=1", "procurement.secrecy=1")
    race.world.published["estimate"][:4] = [0.125, 0.25, 0.25, 0.25]
    race.supplier(1).capacity = 50
    race.send_abroad(2)
    race.stop(3)
    race.supplier(NEWCOMER).capacity = 100
    assert export_orders(race) == [100, 100, 0, 0, 0, 0, 0, 0, 0, 0]


def test_shares_add_up_to_what_customers_want() -> None:
    race = FirmsRace("exports.nato_demand=100", "exports.regime=open")
    race.world.published["estimate"][:4] = 0.25
    for i, capacity in enumerate((30, 30, 30, 1)):
        race.supplier(i).capacity = capacity
    assert export_orders(race)[:4] == [32, 33, 33, 2]


def test_nobody_to_order_from_is_no_fault() -> None:
    race = FirmsRace(*DEMAND, "exports.regime=open")
    race.world.published["estimate"] = 0.0
    assert sum(export_orders(race)) == 0


def test_a_quota_is_a_share_of_expected_orders() -> None:
    race = FirmsRace(*DEMAND, "exports.regime=quota", "exports.quota_share=0.25")
    race.world.published["estimate"][:4] = 0.25
    for i, expected in enumerate((0.0, 50.0, 79.9, 500.0)):
        race.supplier(i).expected_orders = expected
    assert export_orders(race)[:4] == [0, 12, 19, 50]


def test_orders_that_were_not_built_lapse() -> None:
    race = FirmsRace()
    for name in ("home_orders", "partner_orders", "export_orders"):
        race.world.suppliers[name] = 7
    clear_orders(race.world)
    assert not any(race.world.suppliers[name].any() for name in ("home_orders", "partner_orders", "export_orders"))


def test_goodwill_follows_the_share_sold_abroad() -> None:
    race = FirmsRace("exports.goodwill_loss=2", "exports.goodwill_weeks=4")
    sold(race, 10, 90)
    assert race.world.economy[0].goodwill == pytest.approx(1 - 0.2 / 4)
    sold(race, 0, 90)
    assert race.world.economy[0].goodwill == pytest.approx(0.95 + 0.05 / 4)
    sold(race, 0, 0)
    assert race.world.economy[0].goodwill == pytest.approx(0.9625 + 0.0375 / 4)


def test_goodwill_cannot_be_less_than_none() -> None:
    race = FirmsRace("exports.goodwill_loss=10", "exports.goodwill_weeks=1")
    sold(race, 50, 50)
    assert race.world.economy[0].goodwill == 0.0


@pytest.mark.parametrize(
    ("customers", "exported", "unserved"),
    [("nato", 500, 100), ("world", 150, 100), ("world", 240, 60), ("world", 900, 0)],
)
def test_the_rival_sells_what_markets_beyond_nato_are_left_without(
    customers: str, exported: int, unserved: int
) -> None:
    race = FirmsRace(*DEMAND, f"exports.customers={customers}", "exports.price_ratio=1.5")
    sold(race, exported, 1000)
    assert race.world.economy[0].rival_sales == unserved * 900
    assert (race.held_by(RIVAL), race.held_by(CUSTOMERS)) == (unserved * 900, -unserved * 900)


@pytest.mark.parametrize(
    ("cost", "cash", "weeks", "saved"),
    [(1000, 2999, 9, 2), (1000, 9000, 9, 4), (1000, 9000, 1, 0), (1000, 999, 9, 0), (0, 9000, 9, 0)],
)
def test_the_rival_shortens_a_project_as_far_as_it_can_pay(cost: int, cash: int, weeks: int, saved: int) -> None:
    race = FirmsRace(f"exports.rival_week_cost={cost}")
    race.fund(RIVAL, cash)
    assert hurry_project(race.world, weeks, race.params) == weeks - saved
    assert (race.held_by(RIVAL), race.held_by(ECONOMY)) == (cash - saved * cost, saved * cost)
    assert race.world.economy[0].rival_weeks == saved


def test_without_accounts_nobody_pays_to_shorten_a_project() -> None:
    race = FirmsRace("exports.rival_week_cost=1000")
    race.fund(RIVAL, 9000)
    race.params[0].money_accounts = 0
    assert hurry_project(race.world, 9, race.params) == 9
    assert np.array_equal(race.world.economy["rival_weeks"], [0])
