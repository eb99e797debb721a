"""A week of building under accounts: who is served, who pays what when, and who gets the drones."""

import numpy as np
import pytest

from race_sim.firms import (
    ACTIVE,
    AT_FRONT,
    AT_MAKER,
    BROKERS,
    BUILT,
    CUSTOMERS,
    ECONOMY,
    EXPORTED,
    HOME,
    KEPT,
    ORDERED,
    PARTNERS,
    RING_WEEKS,
)
from race_sim.records import JOINT_LINE, WORKSHOP
from race_sim.records import PRIME as PRIMES
from race_sim.rules.arsenal import release_unsold
from race_sim.rules.delivery import bill, build, build_given, expect_orders, export, kept_by_host, pay_royalty
from race_sim.rules.production import produce_line, produce_prime, produce_workshop
from race_sim.rules.terms import quote
from tests.firms_race import LINE, NEWCOMER, PRIME, FirmsRace

WEEK = 5


def due(race: FirmsRace, which: int, i: int = 0) -> dict[int, int]:
    """What a treasury owes a maker, by slot of the ring."""
    owed = race.world.invoices[:, which, i]
    return {int(slot): int(owed[slot]) for slot in np.flatnonzero(owed)}


def drones(race: FirmsRace, name: int, kind: int = WORKSHOP) -> int:
    return int(race.world.flows[kind].drones[name])


def ordered(race: FirmsRace, i: int = 0, *, home: int = 0, partners: int = 0, exports: int = 0) -> None:
    supplier = race.supplier(i)
    supplier.home_orders, supplier.partner_orders, supplier.export_orders = home, partners, exports


# Invoices


def test_the_advance_is_paid_at_once_and_the_rest_after_delivery_and_payment_weeks() -> None:
    race = FirmsRace()
    race.endow(0, cash=0)
    bill(race.world, 0, HOME, 7, 3, race.params, WEEK)
    treasury = race.world.treasuries[HOME]
    assert (race.cash(0), race.supplier().research, race.supplier().invoiced) == (420, 42, 3780)
    assert due(race, HOME) == {WEEK + 3 + 8: 3780}
    assert (treasury.paid, treasury.committed, race.held_by(HOME)) == (420, 3780, -420)
    bill(race.world, 0, HOME, 0, 3, race.params, WEEK)
    assert race.booked() == {"sales": 420}


def test_the_week_of_payment_turns_with_the_ring() -> None:
    race = FirmsRace("money.payment_weeks=52")
    bill(race.world, PRIME, PARTNERS, 10, 51, race.params, 2 * RING_WEEKS + 100)
    assert due(race, PARTNERS, PRIME) == {(100 + 103) % RING_WEEKS: 21_600}


def test_without_payment_weeks_all_is_paid_on_delivery() -> None:
    race = FirmsRace("money.payment_weeks=0")
    race.endow(0, cash=0)
    bill(race.world, 0, HOME, 7, 0, race.params, WEEK)
    assert (race.cash(0), due(race, HOME), race.world.treasuries[HOME].paid) == (4200, {}, 4200)
    bill(race.world, 0, HOME, 7, 1, race.params, WEEK)
    assert due(race, HOME) == {WEEK + 1: 3780}


def test_partners_pay_workshops_at_home_at_once() -> None:
    race = FirmsRace()
    bill(race.world, 0, PARTNERS, 7, 0, race.params, WEEK)
    assert (race.world.treasuries[PARTNERS].paid, due(race, PARTNERS)) == (4200, {})


def test_intermediaries_are_paid_by_the_home_treasury_only_and_at_once() -> None:
    race = FirmsRace("procurement.intermediary_share=0.1", "procurement.intermediary_markup=0.3")
    bill(race.world, 0, HOME, 7, 0, race.params, WEEK)
    bill(race.world, 0, PARTNERS, 7, 0, race.params, WEEK)
    assert [int(treasury.commission) for treasury in race.world.treasuries] == [7 * 18, 0]
    assert race.held_by(BROKERS) == 7 * 18
    assert race.is_balanced()


# Building


def test_a_week_s_output_is_paid_for_billed_and_sent_to_the_front() -> None:
    race = FirmsRace()
    race.endow(0, cash=200_000)
    ordered(race, home=40, partners=30)
    assert build(race.world, 0, 0, race.params, WEEK) == 70
    assert race.supplier().built == drones(race, BUILT) == drones(race, ORDERED) == 70
    assert race.booked() == {"sales": 30 * 600 + 40 * 60, "materials": 35_000}
    assert race.held_by(ECONOMY) == 35_000
    assert race.world.flows[WORKSHOP].bound.tolist() == [1, 0, 0, 0]
    assert race.is_balanced()


@pytest.mark.parametrize("credit_weeks", [0, 1, 4])
def test_building_never_takes_a_maker_beyond_its_credit(credit_weeks: int) -> None:
    free = "workshop_accounts.overhead=0"
    race = FirmsRace(f"workshop_accounts.credit_weeks={credit_weeks}", "money.loan_to_value=0", free)
    race.endow(0, cash=1001, research=500, expected=13.0)
    ordered(race, home=90)
    build(race.world, 0, 0, race.params, WEEK)
    limit = credit_weeks * 13 * 500
    assert limit - 446 < race.debt(0) <= limit
    assert race.cash(0) >= race.supplier().research


def test_who_does_not_work_builds_nothing() -> None:
    race = FirmsRace()
    race.stop(0)
    for i in (0, NEWCOMER, LINE):
        ordered(race, i, home=40)
        race.supplier(i).built = 9
        assert build(race.world, i, 0, race.params, WEEK) == 0
        assert race.supplier(i).built == 0
    assert race.world.flows["bound"].sum() == race.world.flows["drones"].sum() == race.world.flows["money"].sum() == 0


def test_orders_are_served_from_unsold_drones_first_and_partners_before_home() -> None:
    race = FirmsRace()
    race.endow(0, cash=0)
    race.hold(0, 50, week=2)
    before = int(race.fielded().stock)
    ordered(race, home=30, partners=40)
    assert build(race.world, 0, 3, race.params, WEEK) == 20
    assert race.supplier().unsold == race.fielded().kept == 0
    assert race.fielded().stock - before == race.world.flows[WORKSHOP].deliveries == 50
    assert drones(race, BUILT) == 20
    assert due(race, HOME) == {WEEK + 8: 10 * 540, WEEK + 3 + 8: 20 * 540}
    assert race.world.treasuries[PARTNERS].paid == 40 * 600


def test_drones_out_of_stock_keep_their_date_and_design() -> None:
    race = FirmsRace()
    first = int(race.world.makers[0].product)
    race.hold(0, 30, week=1)
    race.hold(0, 30, week=2)
    release_unsold(race.world, 0, 40, 0)
    lots = race.world.lots[: race.tally.lots]
    lots = lots[(lots["product"] == first) & (lots["quantity"] > 0)]
    found = sorted((int(lot.place), int(lot.week), int(lot.quantity)) for lot in lots)
    assert [lot for lot in found if lot[0] == AT_FRONT and lot[1] > 0] == [(AT_FRONT, 1, 30), (AT_FRONT, 2, 10)]
    assert [lot for lot in found if lot[0] == AT_MAKER] == [(AT_MAKER, 2, 20)]


def test_what_is_built_at_own_risk_stays_with_the_maker() -> None:
    race = FirmsRace("money.own_risk_weeks=1")
    race.endow(0, cash=200_000)
    assert build(race.world, 0, 0, race.params, WEEK) == 0
    assert (race.supplier().unsold, race.fielded().kept, drones(race, BUILT)) == (20, 20, 20)
    assert race.booked() == {"materials": 10_000}


def test_expected_orders_follow_all_orders_that_steady_income_pays_for_built_or_not() -> None:
    race = FirmsRace("money.orders_memory=0.9")
    race.world.treasuries["steady"] = [0.5, 0.25]
    race.endow(0, cash=0, expected=20.0)
    ordered(race, home=300, partners=400, exports=500)
    expect_orders(race.world, 0, race.params)
    assert race.supplier().expected_orders == pytest.approx(0.9 * 20 + 0.1 * (150 + 400 + 500))
    race.endow(0, cash=0, expected=20.0)
    build(race.world, 0, 0, race.params, WEEK)
    assert race.supplier().built < 1200
    assert race.supplier().expected_orders == pytest.approx(0.9 * 20 + 0.1 * (150 + 400 + 500))


def test_partners_earmarked_orders_are_steady_and_those_of_primes_as_far_as_income_goes() -> None:
    race = FirmsRace("money.orders_memory=0.9")
    race.world.treasuries["steady"] = [0.5, 0.25]
    race.endow(PRIME, cash=0, expected=20.0)
    ordered(race, PRIME, partners=400)
    expect_orders(race.world, PRIME, race.params)
    assert race.supplier(PRIME).expected_orders == pytest.approx(0.9 * 20 + 0.1 * 100)


# Customers abroad


def test_customers_pay_the_price_abroad_on_delivery() -> None:
    race = FirmsRace("exports.regime=open", "exports.price_ratio=1.5")
    race.endow(0, cash=0)
    assert export(race.world, 0, 10, race.params) == 0
    assert race.booked() == {"export_sales": 9000}
    assert (race.cash(0), race.supplier().research, race.held_by(CUSTOMERS)) == (9000, 900, -9000)
    assert race.fielded().exported == drones(race, EXPORTED) == 10


@pytest.mark.parametrize(("built", "wanted", "sold"), [(20, 10, 8), (21, 10, 8), (30, 10, 10), (2, 10, 0)])
def test_the_front_gets_what_customers_do_not_of_a_surplus(built: int, wanted: int, sold: int) -> None:
    race = FirmsRace("exports.regime=surplus", "exports.partner_share=0.4")
    ordered(race, exports=wanted)
    assert export(race.world, 0, built, race.params) == built - sold
    assert drones(race, EXPORTED) == sold


def test_of_a_surplus_the_front_s_part_is_delivered_and_not_billed() -> None:
    race = FirmsRace("exports.regime=surplus", "exports.partner_share=0.5")
    race.endow(0, cash=200_000)
    ordered(race, home=10, exports=20)
    assert build(race.world, 0, 0, race.params, WEEK) == 10 + 20
    assert (drones(race, BUILT), drones(race, EXPORTED)) == (50, 20)
    assert race.booked()["sales"] == 10 * 60


# Plants abroad, joint lines, primes


def test_the_host_keeps_its_share_of_what_is_built_abroad() -> None:
    race = FirmsRace("abroad.front_share=0.7")
    race.send_abroad(1)
    assert kept_by_host(race.world, 0, 9, race.params) == 0
    assert kept_by_host(race.world, 1, 9, race.params) == 3
    assert drones(race, KEPT) == 3
    race.endow(1, cash=200_000)
    ordered(race, 1, partners=10)
    assert build(race.world, 1, 0, race.params, WEEK) == 7
    assert drones(race, BUILT) == 10


def test_the_host_keeps_its_share_of_what_was_held_unsold() -> None:
    race = FirmsRace("abroad.front_share=0.7")
    race.send_abroad(1)
    race.hold(1, 4, week=1)
    race.hold(1, 26, week=2)
    before = race.world.products["stock"].sum()
    ordered(race, 1, partners=20)
    assert build(race.world, 1, 0, race.params, WEEK) == 0
    assert drones(race, KEPT) == 6
    assert race.world.products["stock"].sum() - before == race.world.flows[WORKSHOP].deliveries == 14
    assert race.supplier(1).unsold == race.world.products["kept"].sum() == 10
    assert race.supplier(1).invoiced + race.booked().get("sales", 0) == 20 * race.supplier(1).price


def line_race(*overrides: str) -> FirmsRace:
    """A race in which the first line builds the design of workshop 2."""
    race = FirmsRace("joint_lines.royalty=0.05", *overrides)
    line = race.supplier(LINE)
    line.standing, line.capacity, line.workshop, line.prime = ACTIVE, 100, 2, PRIME
    quote(race.world, LINE, race.params)
    race.world.makers[LINE].product = race.add_product(maker=LINE)
    return race


def test_a_line_pays_its_workshop_for_every_drone_that_sets_a_share_aside() -> None:
    race = line_race()
    race.endow(LINE, cash=100_000)
    race.endow(2, cash=0)
    ordered(race, LINE, partners=10)
    assert build(race.world, LINE, 0, race.params, WEEK) == 10
    assert race.booked(JOINT_LINE) == {"sales": 1200, "materials": 10_000, "royalties": 600}
    assert race.booked(WORKSHOP) == {"royalties_earned": 600}
    assert (race.cash(2), race.supplier(2).research) == (600, 60)
    assert race.is_balanced()


def test_a_line_pays_for_what_it_builds_at_its_own_risk_once() -> None:
    race = line_race("money.own_risk_weeks=1")
    race.endow(LINE, cash=100_000, expected=10)
    build(race.world, LINE, 0, race.params, WEEK)
    assert race.booked(JOINT_LINE) == {"materials": 10_000, "royalties": 600}
    ordered(race, LINE, partners=10)
    race.endow(LINE, cash=0, expected=0)
    build(race.world, LINE, 0, race.params, WEEK + 1)
    assert race.booked(JOINT_LINE)["royalties"] == 600


def test_a_royalty_is_within_the_means_of_a_line() -> None:
    free = "prime_accounts.overhead=0"
    race = line_race("money.loan_to_value=0", "prime_accounts.credit_weeks=0", "money.advance_share=0", free)
    race.endow(LINE, cash=10_599)
    ordered(race, LINE, partners=10)
    assert build(race.world, LINE, 0, race.params, WEEK) == 9
    assert (race.cash(LINE), race.debt(LINE)) == (10_599 - 9 * 1060, 0)


def test_a_royalty_may_be_borrowed() -> None:
    race = line_race()
    race.endow(LINE, cash=100)
    pay_royalty(race.world, LINE, 10, race.params)
    assert (race.cash(LINE), race.debt(LINE)) == (0, 500)


def test_no_royalty_to_a_workshop_that_has_stopped() -> None:
    race = line_race()
    race.stop(2)
    race.endow(LINE, cash=100_000)
    ordered(race, LINE, partners=10)
    build(race.world, LINE, 0, race.params, WEEK)
    assert race.booked(JOINT_LINE) == {"sales": 1200, "materials": 10_000}


def test_lines_and_workshops_deliver_in_the_same_week_and_primes_in_batches() -> None:
    race = line_race("primes.batch_weeks=4")
    for i in (0, PRIME, PRIME + 1, LINE):
        race.endow(i, cash=10_000_000)
        ordered(race, i, partners=10)
    produce_workshop(race.world, 0, race.params, 0)
    produce_line(race.world, LINE, race.params, 0)
    produce_prime(race.world, PRIME, race.params, 0)
    produce_prime(race.world, PRIME + 1, race.params, 0)
    assert race.world.flows["deliveries"].tolist() == [10, 10, 10]
    assert race.world.makers[PRIME + 1].backlog == 10
    assert race.fielded(LINE).stock == 10
    assert due(race, PARTNERS, LINE) == due(race, PARTNERS, 0) | {8: 10_800}
    assert due(race, PARTNERS, PRIME) == {8: 21_600}  # delivered at once: its batch is due
    assert due(race, PARTNERS, PRIME + 1) == {3 + 8: 21_600}  # delivered three weeks later


def test_without_accounts_output_is_given() -> None:
    race = FirmsRace()
    build_given(race.world, PRIME, 33)
    assert (race.supplier(PRIME).built, drones(race, BUILT, PRIMES)) == (33, 33)
    assert race.world.flows["money"].sum() == 0


def test_no_drone_is_lost_or_made_in_any_week_of_building() -> None:
    chance = np.random.default_rng(2)
    race = FirmsRace("money.own_risk_weeks=2", "abroad.front_share=0.6", "exports.regime=surplus")
    race.send_abroad(3)
    for week in range(60):
        race.params[0].exports_regime = int(chance.integers(4))
        for i in range(4):
            race.endow(i, cash=int(chance.integers(60_000)), expected=float(chance.integers(40)))
            ordered(
                race,
                i,
                home=int(chance.integers(60)),
                partners=int(chance.integers(60)),
                exports=int(chance.integers(60)) if i < 3 and race.params[0].exports_regime else 0,
            )
            before = int(race.supplier(i).unsold)
            flow = race.world.flows[WORKSHOP]
            gone = int(flow.deliveries + flow.drones[EXPORTED] + flow.drones[KEPT])
            produce_workshop(race.world, i, race.params, week)
            sent = int(flow.deliveries + flow.drones[EXPORTED] + flow.drones[KEPT]) - gone
            assert before + race.supplier(i).built == sent + race.supplier(i).unsold
            assert 0 <= race.supplier(i).built <= race.supplier(i).capacity
            assert race.cash(i) >= race.supplier(i).research >= 0
        assert race.is_balanced()
