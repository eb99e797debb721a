"""The terms on which makers work, and their week of money: payments, interest, overhead, insolvency."""

import pytest

from race_sim.firms import (
    ACTIVE,
    BANKS,
    DESTROYED_AT_MAKERS,
    HOME,
    OWNERS,
    PARTNERS,
    RING_WEEKS,
    SCRAPPED_AT_MAKERS,
    STOPPED,
)
from race_sim.records import RETIRED, WORKSHOP
from race_sim.rules.plant import begin_work
from race_sim.rules.settlement import (
    collect,
    meet_obligations,
    pay_owners,
    scrap_at_maker,
    stop_maker,
)
from race_sim.rules.terms import (
    build_weeks,
    credit_left,
    overhead,
    plant_cost,
    price_abroad,
    quote,
    research_share,
    royalty,
    running_cost,
    yearly_rate,
)
from race_sim.rules.workshop import start_trial
from tests.firms_race import LINE, NEWCOMER, PRIME, FirmsRace

WEEK = 5


@pytest.fixture
def race() -> FirmsRace:
    return FirmsRace()


# Terms


@pytest.mark.parametrize(("maker", "cost", "price"), [(0, 500, 600), (PRIME, 2000, 2400), (LINE, 1000, 1200)])
def test_each_kind_has_its_cost_and_the_margin_on_it(race: FirmsRace, maker: int, cost: int, price: int) -> None:
    quote(race.world, maker, race.params)
    assert (race.supplier(maker).cost, race.supplier(maker).price) == (cost, price)


def test_building_abroad_is_dearer() -> None:
    race = FirmsRace("abroad.cost_ratio=2.5")
    race.send_abroad(1)
    assert (race.supplier(1).cost, race.supplier(1).price, race.supplier(0).cost) == (1250, 1500, 500)


def test_prices_are_rounded_to_whole_euros() -> None:
    race = FirmsRace("money.margin=0.135", "workshop_accounts.unit_cost=507")
    assert race.supplier().price == 575  # 575.445
    race = FirmsRace("money.margin=0.135", "workshop_accounts.unit_cost=509")
    assert race.supplier().price == 578  # 577.715


def test_the_price_abroad_is_a_multiple_of_that_at_home() -> None:
    assert (
        price_abroad(FirmsRace("exports.price_ratio=1.5").world, 0, FirmsRace("exports.price_ratio=1.5").params) == 900
    )


def test_a_guarantee_brings_a_workshop_nearer_to_the_primes_cost_of_capital() -> None:
    for share, rate in ((0.0, 0.52), (0.5, 0.312), (1.0, 0.104)):
        race = FirmsRace(f"treasuries.guaranteed_share={share}")
        assert yearly_rate(race.world, 0, race.params) == pytest.approx(rate)
        assert yearly_rate(race.world, PRIME, race.params) == pytest.approx(0.104)
        race.supplier().foreign = 1
        assert yearly_rate(race.world, 0, race.params) == pytest.approx(0.104)


def test_credit_is_weeks_of_expected_orders_and_half_the_plant_less_debt(race: FirmsRace) -> None:
    race.endow(0, cash=0, debt=30_000, expected=20.5)
    assert credit_left(race.world, 0, race.params) == 4 * 20.5 * 500 + 0.5 * 2000 * 100 - 30_000
    race.endow(PRIME, cash=0, debt=1, expected=10.0)
    assert credit_left(race.world, PRIME, race.params) == 10 * 10 * 2000 + 0.5 * 50_000 * 500 - 1


def test_nobody_lends_beyond_the_limit_or_to_who_does_not_work(race: FirmsRace) -> None:
    race.endow(0, cash=0, debt=200_000)
    assert credit_left(race.world, 0, race.params) == 0
    race.endow(0, cash=0)
    race.stop(0)
    assert credit_left(race.world, 0, race.params) == 0
    assert credit_left(race.world, NEWCOMER, race.params) == 0


def test_overhead_is_for_capacity_and_at_primes_for_standards() -> None:
    race = FirmsRace("primes.standards=3", "prime_accounts.cost_per_standard=7000")
    assert overhead(race.world, 0, race.params) == 10 * 100
    assert overhead(race.world, PRIME, race.params) == 100 * 500 + 2 * 7000
    race.supplier(LINE).capacity = 30
    assert overhead(race.world, LINE, race.params) == 100 * 30


def test_running_cost_is_expected_orders_and_overhead(race: FirmsRace) -> None:
    race.endow(0, cash=0, expected=20.001)
    assert running_cost(race.world, 0, race.params) == 10_001 + 1000


def test_workshops_and_primes_have_terms_of_their_own_and_lines_those_of_primes(race: FirmsRace) -> None:
    terms = [
        (plant_cost(race.world, i, race.params), build_weeks(race.world, i, race.params)) for i in (0, PRIME, LINE)
    ]
    assert terms == [(2000, 13), (50_000, 52), (50_000, 52)]
    assert [research_share(race.world, i, race.params) for i in (0, PRIME, LINE)] == [0.1, 0.1, 0.0]


def test_only_a_line_owes_a_royalty_and_only_while_its_workshop_works() -> None:
    race = FirmsRace("joint_lines.royalty=0.05")
    quote(race.world, LINE, race.params)
    assert royalty(race.world, LINE, race.params) == 0
    race.supplier(LINE).workshop = 2
    assert royalty(race.world, LINE, race.params) == 60
    assert royalty(race.world, 0, race.params) == royalty(race.world, PRIME, race.params) == 0
    race.stop(2)
    assert royalty(race.world, LINE, race.params) == 0


# Payments


def owed(race: FirmsRace, which: int, amount: int, due: int, i: int = 0) -> None:
    race.world.invoices[due % RING_WEEKS, which, i] += amount
    race.supplier(i).invoiced += amount
    race.world.treasuries[which].committed += amount


@pytest.mark.parametrize("which", [HOME, PARTNERS])
def test_an_invoice_is_paid_once_in_the_week_it_is_due(race: FirmsRace, which: int) -> None:
    race.endow(0, cash=10)
    race.fund(which, 5000)
    owed(race, which, 3000, WEEK)
    collect(race.world, 0, race.params, WEEK - 1)
    collect(race.world, 0, race.params, WEEK + 1)
    assert race.cash(0) == 10
    assert race.supplier().invoiced == 3000
    for _ in range(2):
        collect(race.world, 0, race.params, WEEK)
    assert (race.cash(0), race.supplier().research, race.supplier().invoiced) == (3010, 300, 0)
    treasury = race.world.treasuries[which]
    assert (race.held_by(which), treasury.committed, treasury.paid) == (2000, 0, 3000)
    assert race.booked() == {"sales": 3000}


def test_payments_due_after_the_ring_has_turned_are_found(race: FirmsRace) -> None:
    race.endow(0, cash=0)
    owed(race, HOME, 3000, 3 * RING_WEEKS + 2)
    collect(race.world, 0, race.params, 3 * RING_WEEKS + 1)
    assert race.cash(0) == 0
    collect(race.world, 0, race.params, 3 * RING_WEEKS + 2)
    assert race.cash(0) == 3000


def test_what_a_stopped_maker_is_still_owed_goes_to_the_banks(race: FirmsRace) -> None:
    race.endow(0, cash=0)
    banks = race.held_by(BANKS)
    owed(race, HOME, 3000, WEEK)
    race.stop(0)
    collect(race.world, 0, race.params, WEEK)
    assert (race.cash(0), race.supplier().research, race.held_by(BANKS) - banks) == (0, 0, 3000)
    assert race.booked() == {"sales": 3000, "paid_out": 3000}
    assert race.is_balanced()


# Obligations


def test_interest_and_overhead_are_paid_and_spare_cash_repays_debt(race: FirmsRace) -> None:
    race.endow(0, cash=100_000, debt=10_050)
    meet_obligations(race.world, 0, race.params, WEEK)
    assert race.booked() == {"interest": 100, "overhead": 1000, "repaid": 10_050}
    assert (race.cash(0), race.debt(0)) == (88_850, 0)
    assert race.is_balanced()


def test_no_more_is_repaid_than_running_costs_leave(race: FirmsRace) -> None:
    race.endow(0, cash=15_000, debt=10_000, research=500)
    meet_obligations(race.world, 0, race.params, WEEK)
    assert race.booked() == {"interest": 100, "overhead": 1000, "repaid": 2400}
    assert race.cash(0) == 500 + 11_000


def test_interest_is_borrowed_while_there_is_credit(race: FirmsRace) -> None:
    race.endow(0, cash=0, debt=100_000)
    meet_obligations(race.world, 0, race.params, WEEK)
    assert race.booked() == {"borrowed": 2000, "interest": 1000, "overhead": 1000}
    assert (race.cash(0), race.debt(0), race.supplier().standing) == (0, 102_000, ACTIVE)


def test_research_money_is_released_before_a_maker_fails(race: FirmsRace) -> None:
    race.endow(0, cash=3000, debt=200_000, research=2900)
    meet_obligations(race.world, 0, race.params, WEEK)
    assert (race.cash(0), race.supplier().research, race.supplier().standing) == (0, 0, ACTIVE)
    assert race.booked() == {"interest": 2000, "overhead": 1000}


def test_research_money_is_left_alone_while_the_rest_suffices(race: FirmsRace) -> None:
    race.endow(0, cash=5900, debt=200_000, research=2900)
    meet_obligations(race.world, 0, race.params, WEEK)
    assert (race.cash(0), race.supplier().research) == (2900, 2900)


def test_a_maker_one_euro_short_stops_and_its_debt_is_written_off(race: FirmsRace) -> None:
    race.endow(0, cash=2999, debt=200_000, research=100)
    meet_obligations(race.world, 0, race.params, WEEK)
    supplier = race.supplier()
    assert (supplier.standing, supplier.since, supplier.research, supplier.capacity) == (STOPPED, WEEK, 0, 0)
    assert (race.cash(0), race.debt(0)) == (0, 0)
    assert race.booked() == {"repaid": 2999, "written_off": 197_001}
    assert race.world.flows[WORKSHOP].failed == 1
    assert race.is_balanced()


def test_who_does_not_work_has_no_obligations(race: FirmsRace) -> None:
    race.endow(NEWCOMER, cash=0, debt=500)
    race.endow(1, cash=0, debt=500)
    race.stop(1)
    for i in (1, NEWCOMER):
        meet_obligations(race.world, i, race.params, WEEK)
        pay_owners(race.world, i, race.params)
    assert race.booked() == {}
    assert race.world.flows[WORKSHOP].failed == 0


def test_owners_get_what_is_beyond_the_reserve() -> None:
    race = FirmsRace("money.reserve_weeks=2")
    race.endow(0, cash=50_000, research=5000)
    owners = race.held_by(OWNERS)
    pay_owners(race.world, 0, race.params)
    assert (race.cash(0), race.held_by(OWNERS) - owners) == (27_000, 23_000)
    pay_owners(race.world, 0, race.params)
    assert race.cash(0) == 27_000


def test_owners_wait_while_there_is_debt() -> None:
    race = FirmsRace("money.reserve_weeks=2")
    race.endow(0, cash=50_000, debt=1)
    pay_owners(race.world, 0, race.params)
    assert race.cash(0) == 50_000


# The end of a maker


def test_creditors_come_before_owners(race: FirmsRace) -> None:
    race.endow(0, cash=900, debt=400, research=100)
    stop_maker(race.world, 0, WEEK)
    assert race.booked() == {"repaid": 400, "paid_out": 500}
    assert race.is_balanced()


def test_plant_under_way_and_unsold_drones_are_given_up(race: FirmsRace) -> None:
    begin_work(race.world, 0, 30, 13, WEEK)
    race.hold(0, 40)
    race.hold(1, 7)
    stop_maker(race.world, 0, WEEK)
    assert race.world.opening[:, 0].sum() == 0
    assert (race.supplier().under_way, race.supplier().unsold, race.supplier().expected_orders) == (0, 0, 0)
    assert race.world.flows[WORKSHOP].drones[SCRAPPED_AT_MAKERS] == 40
    assert (race.fielded(0).kept, race.fielded(1).kept, race.supplier(1).unsold) == (0, 7, 7)


def test_a_prime_s_backlog_is_scrapped_with_it(race: FirmsRace) -> None:
    race.world.makers[PRIME].backlog = 90
    scrap_at_maker(race.world, PRIME)
    assert race.world.makers[PRIME].backlog == 0
    assert race.world.flows["drones"][:, SCRAPPED_AT_MAKERS].tolist() == [0, 90, 0]
    assert race.world.flows["drones"][:, DESTROYED_AT_MAKERS].sum() == 0


def test_its_designs_are_retired_and_its_trials_end_but_what_is_at_the_front_stays(race: FirmsRace) -> None:
    fielded = race.fielded(0)
    race.deliver(race.world.makers[0].product, 30)
    variant = int(start_trial(race.world, 0, fielded.design, fielded.quality, 0, race.params, WEEK))
    other = int(start_trial(race.world, 1, fielded.design, fielded.quality, 0, race.params, WEEK))
    stop_maker(race.world, 0, WEEK)
    assert (fielded.status, fielded.week_retired, fielded.stock) == (RETIRED, WEEK, 30)
    assert race.world.products[variant].status == RETIRED
    assert race.world.products[variant].week_retired == WEEK
    assert race.world.trials["active"][:2].sum(axis=1).tolist() == [0, 1]
    assert race.world.products[other].status != RETIRED
