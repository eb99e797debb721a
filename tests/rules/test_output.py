"""Output: the least of what is wanted, finance, inputs and capacity; who is served first; what binds."""

import pytest

from race_sim.firms import CAPACITY, FINANCE, HOME, INPUTS, ORDERS, PARTNERS
from race_sim.rules.output import advance_share, inputs_allow, outlay, plan, surplus_wanted, within_means
from race_sim.rules.terms import quote
from tests.firms_race import LINE, PRIME, FirmsRace

EACH = 446  # euros that a workshop's drone ties up: 500, less the advance of 60, of which 6 go to research
NO_CREDIT = "workshop_accounts.credit_weeks=0", "money.loan_to_value=0"
NO_DUES = "workshop_accounts.overhead=0", "workshop_accounts.cost_of_capital=0"


def planned(race: FirmsRace, partners: int, home: int, i: int = 0) -> tuple[list[int], int]:
    """(Drones for partners, home, customers, stock), and what bound the maker."""
    built = plan(race.world, i, partners, home, race.params)
    return [int(drones) for drones in built], int(race.supplier(i).constraint)


def rich(*overrides: str) -> FirmsRace:
    race = FirmsRace(*overrides)
    race.endow(0, cash=10_000_000)
    return race


def poor(cash: int, *overrides: str) -> FirmsRace:
    race = FirmsRace(*NO_CREDIT, *NO_DUES, *overrides)
    race.endow(0, cash=cash)
    return race


# What one drone needs


def test_inputs_limit_the_part_of_what_is_to_be_built_that_depends_on_imports() -> None:
    race = FirmsRace("inputs.availability=0.5", "inputs.home_dependence=0.75", "inputs.partner_dependence=0.25")
    race.send_abroad(1)
    race.supplier(LINE).capacity = 50
    assert [inputs_allow(race.world, i, 1000, race.params) for i in (0, 1, PRIME, LINE)] == [62, 87, 437, 43]
    assert [inputs_allow(race.world, i, 50, race.params) for i in (0, 1, PRIME, LINE)] == [31, 43, 43, 43]


def test_with_all_inputs_capacity_is_whole() -> None:
    race = FirmsRace("inputs.home_dependence=1")
    assert inputs_allow(race.world, 0, 101, race.params) == 100
    race.params[0].inputs_availability = 0.0
    assert inputs_allow(race.world, 0, 101, race.params) == 0


def test_partners_pay_workshops_at_home_in_full_when_built() -> None:
    race = FirmsRace()
    race.send_abroad(1)
    assert [advance_share(race.world, i, PARTNERS, race.params) for i in (0, 1, PRIME, LINE)] == [1.0, 0.1, 0.1, 0.1]
    assert [advance_share(race.world, i, HOME, race.params) for i in (0, 1)] == [0.1, 0.1]


def test_a_drone_ties_up_its_cost_and_royalty_less_the_advance_net_of_research_money() -> None:
    race = FirmsRace("joint_lines.royalty=0.05")
    assert outlay(race.world, 0, 600, 0.1, race.params) == EACH
    assert outlay(race.world, 0, 600, 1.0, race.params) == 500 - 540
    quote(race.world, LINE, race.params)
    race.supplier(LINE).workshop = 1
    assert outlay(race.world, LINE, 1200, 0.1, race.params) == 1000 + 60 - 120


@pytest.mark.parametrize(
    ("wanted", "cash", "each", "built"),
    [
        (5, 499, 100, 4),
        (5, 500, 100, 5),
        (5, 0, 100, 0),
        (5, -300, 100, 0),
        (5, -300, 0, 5),
        (5, 0, -7, 5),
        (0, -1, 9, 0),
    ],
)
def test_means_allow_as_many_as_cash_pays_for(wanted: int, cash: int, each: int, built: int) -> None:
    assert within_means(wanted, cash, each) == built


# What binds


def test_with_means_to_spare_what_is_ordered_is_built() -> None:
    assert planned(rich(), 20, 70) == ([20, 70, 0, 0], ORDERS)
    assert planned(rich(), 20, 80) == ([20, 80, 0, 0], ORDERS)


def test_capacity_binds_and_partners_are_served_first() -> None:
    assert planned(rich(), 70, 31) == ([70, 30, 0, 0], CAPACITY)
    assert planned(rich(), 101, 0) == ([100, 0, 0, 0], CAPACITY)


def test_inputs_bind_before_capacity() -> None:
    short = rich("inputs.availability=0", "inputs.home_dependence=0.4")
    assert planned(short, 0, 200) == ([0, 60, 0, 0], INPUTS)
    assert planned(short, 20, 30) == ([20, 10, 0, 0], INPUTS)
    assert planned(short, 0, 0) == ([0, 0, 0, 0], ORDERS)


def test_finance_binds_at_what_cash_and_credit_allow() -> None:
    assert planned(poor(10 * EACH + 445), 0, 50) == ([0, 10, 0, 0], FINANCE)
    assert planned(poor(50 * EACH), 0, 50) == ([0, 50, 0, 0], ORDERS)
    assert planned(poor(0), 0, 50) == ([0, 0, 0, 0], FINANCE)
    race = FirmsRace("money.loan_to_value=0", *NO_DUES)
    race.endow(0, cash=0, debt=40_000 - 10 * EACH, expected=20.0)
    assert planned(race, 0, 50) == ([0, 10, 0, 0], FINANCE)


def test_a_week_s_interest_and_overhead_are_kept_back() -> None:
    """100 drones a week of capacity cost 1000 euros, and a debt of 30,000 costs 300."""
    race = FirmsRace(*NO_CREDIT)
    race.endow(0, cash=10 * EACH + 1000)
    assert planned(race, 0, 50) == ([0, 10, 0, 0], FINANCE)
    race.endow(0, cash=10 * EACH + 1300, debt=30_000)
    assert planned(race, 0, 50) == ([0, 10, 0, 0], FINANCE)
    race.endow(0, cash=900)
    assert planned(race, 0, 50) == ([0, 0, 0, 0], FINANCE)


def test_research_money_is_not_used_to_build() -> None:
    race = poor(0)
    race.endow(0, cash=10 * EACH, research=EACH)
    assert planned(race, 0, 50)[0] == [0, 9, 0, 0]


def test_what_partners_pay_in_full_helps_to_build_for_others() -> None:
    """Each of their drones brings 40 euros more than it ties up."""
    assert planned(poor(0), 50, 5) == ([50, 4, 0, 0], FINANCE)


def test_the_first_shortfall_is_what_binds() -> None:
    """Home orders lack money; own stock would then lack room too."""
    race = poor(99 * EACH, "money.own_risk_weeks=1")
    assert planned(race, 0, 100) == ([0, 99, 0, 0], FINANCE)


# Own risk


def test_a_maker_builds_weeks_of_expected_orders_at_its_own_risk() -> None:
    race = rich("money.own_risk_weeks=1.25")
    assert planned(race, 0, 10) == ([0, 10, 0, 25], ORDERS)
    race.hold(0, 20)
    assert planned(race, 0, 10) == ([0, 10, 0, 5], ORDERS)
    race.hold(0, 20)
    assert planned(race, 0, 10) == ([0, 10, 0, 0], ORDERS)


def test_nothing_is_advanced_for_own_stock() -> None:
    assert planned(poor(9 * 500, "money.own_risk_weeks=1"), 0, 0) == ([0, 0, 0, 9], FINANCE)


# Customers abroad


def exporting(regime: str, *overrides: str, wanted: int = 50) -> FirmsRace:
    race = rich(f"exports.regime={regime}", "exports.price_ratio=1.5", *overrides)
    race.supplier().export_orders = wanted
    return race


def test_customers_come_last_but_first_under_open_exports() -> None:
    assert planned(exporting("quota"), 40, 30) == ([40, 30, 30, 0], CAPACITY)
    assert planned(exporting("open"), 40, 30) == ([40, 10, 50, 0], CAPACITY)


def test_a_surplus_is_built_for_customers_and_front_together() -> None:
    race = exporting("surplus", "exports.partner_share=0.4", wanted=10)
    race.supplier().export_orders = 11
    assert surplus_wanted(race.world, 0, race.params) == 28
    race.supplier().export_orders = 10
    assert surplus_wanted(race.world, 0, race.params) == 25
    assert planned(race, 0, 70) == ([0, 70, 25, 0], ORDERS)
    assert planned(race, 0, 80) == ([0, 80, 20, 0], CAPACITY)
    race.params[0].exports_partner_share = 0.0
    assert surplus_wanted(race.world, 0, race.params) == 0


@pytest.mark.parametrize("regime", ["quota", "open"])
def test_only_a_surplus_is_divided(regime: str) -> None:
    race = exporting(regime, "exports.partner_share=0.4", wanted=10)
    assert surplus_wanted(race.world, 0, race.params) == 10


def test_what_customers_pay_has_to_build_the_surplus() -> None:
    """At 900 euros abroad, 810 of them beside research, a half pays for 405 of 500 euros: 95 are tied up."""
    race = exporting("surplus", "exports.partner_share=0.5", *NO_CREDIT, *NO_DUES, wanted=20)
    race.endow(0, cash=10 * 95)
    assert planned(race, 0, 0) == ([0, 0, 10, 0], FINANCE)


def test_sales_abroad_pay_for_the_front_when_they_come_first() -> None:
    """Each of 10 brings 310 euros more than it costs: enough for six drones at home."""
    race = exporting("open", *NO_CREDIT, *NO_DUES, wanted=10)
    race.endow(0, cash=0)
    assert planned(race, 0, 30) == ([0, 6, 10, 0], FINANCE)
    race = exporting("quota", *NO_CREDIT, wanted=10)
    race.endow(0, cash=0)
    assert planned(race, 0, 30) == ([0, 0, 10, 0], FINANCE)
