"""The treasuries: what they receive, what is held up, and who gets their orders."""

import numpy as np
import pytest

from race_sim.firms import DONORS, ECONOMY, HOME, PARTNERS, TAXPAYERS
from race_sim.records import JOINT_LINE, PRIME
from race_sim.rules.terms import quote
from race_sim.rules.treasury import (
    commission,
    is_vetoed,
    keep_steady,
    money_to_spend,
    order_for_home,
    order_for_partners,
    place_orders,
    raise_level,
    receive_home_budget,
    receive_partner_budget,
    reported_merit,
    uncommitted,
    weigh_by_capacity,
    weigh_workshops,
)
from tests import firms_race
from tests.chance import share_agrees
from tests.firms_race import LINE, NEWCOMER, FirmsRace

AID = ("treasuries.partner_aid=50000", "treasuries.american_aid=20000", "coalition.joint_share=0.4")
VETO = ("coalition.rule=unanimity", "coalition.dissenters=1", "coalition.veto_chance=1")


def receive(race: FirmsRace, week: int = 0) -> None:
    for which in (HOME, PARTNERS):
        race.world.treasuries[which].released = 0
    receive_home_budget(race.world, race.params, week, race.seed)
    receive_partner_budget(race.world, race.params, week, race.seed)


def believe(race: FirmsRace, *estimates: float) -> None:
    """What workshops' reports say of their designs."""
    race.world.published["estimate"][: len(estimates)] = estimates


def orders(race: FirmsRace, name: str) -> list[int]:
    return race.world.suppliers[name].tolist()  # type: ignore[no-any-return]


# Budgets


def test_a_budget_grows_by_its_yearly_factor_up_to_its_ceiling() -> None:
    race = FirmsRace()
    levels = []
    for week in range(53):
        raise_level(race.world, HOME, 1.8, 1.5, week)
        levels.append(float(race.world.treasuries[HOME].level))
    assert levels[0] == 1.0
    assert levels[26] == pytest.approx(1.8**0.5)
    assert levels[52] == 1.5
    raise_level(race.world, HOME, 1.8, 0.7, 53)
    assert race.world.treasuries[HOME].level == 0.7
    assert race.world.treasuries[PARTNERS].level == 1.0


def test_taxpayers_and_donors_fund_the_home_treasury_as_far_as_goodwill_goes() -> None:
    race = FirmsRace(*AID)
    race.world.economy[0].goodwill = 0.5
    race.world.treasuries[HOME].level = 1.2
    receive_home_budget(race.world, race.params, 0, race.seed)
    treasury = race.world.treasuries[HOME]
    assert (treasury.income, treasury.aid) == (120_000, 30_000 + 12_000)
    assert (race.held_by(HOME), race.held_by(TAXPAYERS), race.held_by(DONORS)) == (162_000, -120_000, -42_000)


def test_partners_spend_a_share_on_other_arms_abroad() -> None:
    race = FirmsRace("treasuries.import_share=0.3")
    receive_partner_budget(race.world, race.params, 0, race.seed)
    treasury = race.world.treasuries[PARTNERS]
    assert (treasury.income, treasury.imports, treasury.aid) == (1_000_000, 300_000, 0)
    assert (race.held_by(PARTNERS), race.held_by(ECONOMY)) == (700_000, 300_000)
    assert money_to_spend(race.world, PARTNERS) == 700_000


# Joint money


def test_a_veto_holds_up_joint_money_until_a_quarter_without() -> None:
    race = FirmsRace(*AID, *VETO)
    receive(race)
    home, partners = race.world.treasuries
    assert (home.aid, home.withheld, home.vetoed) == (30_000 + 20_000, 20_000, 1)
    assert (partners.income, partners.withheld) == (600_000, 400_000)
    receive(race, 1)
    assert home.withheld == 40_000
    race.params[0].coalition_veto_chance = 0.0
    receive(race, 13)
    assert (home.aid, home.withheld, home.released, home.vetoed) == (70_000 + 40_000, 0, 40_000, 0)
    assert (race.held_by(HOME), race.held_by(DONORS)) == (3 * 100_000 + 210_000, -210_000)


def test_a_coalition_brings_the_share_of_its_members_of_new_money_and_old() -> None:
    race = FirmsRace(*AID, *VETO, "coalition.members_share=0.8")
    receive(race)
    race.params[0].coalition_rule = 1
    receive(race, 1)
    home = race.world.treasuries[HOME]
    assert (home.released, home.withheld) == (16_000, 0)
    assert home.aid == 30_000 + 16_000 + 16_000 + 20_000


def test_a_coalition_needs_nobody_s_consent() -> None:
    race = FirmsRace("coalition.rule=coalition", "coalition.veto_chance=1")
    assert not is_vetoed(race.params, 0, race.seed)


@pytest.mark.parametrize(("dissenters", "chance"), [(0, 0.0), (1, 0.3), (3, 1 - 0.7**3)])
def test_each_dissenter_may_veto_in_any_quarter(dissenters: int, chance: float) -> None:
    race = FirmsRace("coalition.veto_chance=0.3", f"coalition.dissenters={dissenters}")
    quarters = [bool(is_vetoed(race.params, 13 * quarter, race.seed)) for quarter in range(2000)]
    assert share_agrees(float(np.mean(quarters)), chance, 2000)
    for quarter in range(20):
        weeks = {bool(is_vetoed(race.params, 13 * quarter + week, race.seed)) for week in range(13)}
        assert weeks == {quarters[quarter]}


# What there is to spend


def test_committed_money_cannot_be_spent_again() -> None:
    race = FirmsRace()
    race.fund(HOME, 150_000)
    treasury = race.world.treasuries[HOME]
    treasury.income, treasury.committed = 100_000, 60_000
    assert uncommitted(race.world, HOME) == 90_000
    assert money_to_spend(race.world, HOME) == 90_000
    assert treasury.steady == 1.0
    treasury.committed = 160_000
    assert money_to_spend(race.world, HOME) == 0


def test_what_is_left_over_or_was_held_up_is_spread_over_a_quarter() -> None:
    race = FirmsRace()
    race.fund(HOME, 360_000)
    treasury = race.world.treasuries[HOME]
    treasury.income, treasury.aid, treasury.released = 100_000, 150_000, 120_000
    assert money_to_spend(race.world, HOME) == 130_000 + 230_000 // 13
    assert treasury.steady == pytest.approx(130_000 / (130_000 + 230_000 // 13))


def test_imports_out_of_released_money_leave_the_week_s_own_budget_alone() -> None:
    race = FirmsRace(*VETO, "coalition.joint_share=0.5", "treasuries.import_share=0.6")
    for week in range(10):
        receive(race, week)
    race.params[0].coalition_veto_chance = 0.0
    race.fund(PARTNERS, 0)
    receive(race, 13)
    treasury = race.world.treasuries[PARTNERS]
    assert (treasury.income, treasury.imports, race.held_by(PARTNERS)) == (6_000_000, 3_600_000, 2_400_000)
    assert money_to_spend(race.world, PARTNERS) == 400_000 + 2_000_000 // 13


@pytest.mark.parametrize(
    ("share", "markup", "price", "taken"), [(0.1, 0.3, 600, 18), (0.5, 0.25, 601, 75), (0, 9, 9, 0)]
)
def test_intermediaries_take_their_mark_up_on_their_share(share: float, markup: float, price: int, taken: int) -> None:
    race = FirmsRace(f"procurement.intermediary_share={share}", f"procurement.intermediary_markup={markup}")
    assert commission(price, race.params) == taken


# Weights


def test_merit_is_reported_success_to_a_power() -> None:
    race = FirmsRace()
    believe(race, 0.5, 0.0)
    assert [float(reported_merit(race.world, 0, power)) for power in (0.0, 1.0, 2.0)] == pytest.approx([1, 0.5, 0.25])
    assert [float(reported_merit(race.world, 1, power)) for power in (0.0, 1.0, 2.0)] == [1, 0, 0]


def test_workshops_weigh_by_capacity_times_merit_where_they_may_be_ordered_from() -> None:
    race = FirmsRace()
    believe(race, 0.2, 0.4, 0.4, 0.4)
    race.supplier(1).capacity = 50
    race.send_abroad(2)
    race.stop(3)
    assert weigh_workshops(race.world, 0, False, 1.0) == pytest.approx(40)
    assert race.world.shares.tolist() == pytest.approx([20, 20, 0, 0, 0, 0, 0, 0, 0, 0])
    assert weigh_workshops(race.world, 1, False, 1.0) == pytest.approx(40)
    assert np.flatnonzero(race.world.shares).tolist() == [2]


def test_connected_workshops_weigh_by_capacity_alone() -> None:
    race = FirmsRace()
    believe(race, 0.2, 0.0, 0.4, 0.4)
    race.supplier(1).connected = race.supplier(2).connected = 1
    race.supplier(2).capacity = 30
    assert weigh_workshops(race.world, 0, True, 0.0) == 130
    assert race.world.shares[:4].tolist() == [0, 100, 30, 0]


def test_primes_and_lines_weigh_by_capacity_while_they_work() -> None:
    race = FirmsRace()
    assert weigh_by_capacity(race.world, PRIME) == 1000
    race.stop(firms_race.PRIME)
    race.supplier(LINE).capacity = 70
    assert weigh_by_capacity(race.world, PRIME) == 500
    assert weigh_by_capacity(race.world, JOINT_LINE) == 0


# Orders


def test_orders_are_whole_drones_within_each_share_of_the_money() -> None:
    race = FirmsRace("procurement.intermediary_share=0.1", "procurement.intermediary_markup=0.3")
    race.world.shares[:4] = [1, 2, 0, 1]
    place_orders(race.world, HOME, 100_000, 4.0, race.params)
    assert orders(race, "home_orders")[:4] == [40, 80, 0, 40]  # 618 euros each
    place_orders(race.world, PARTNERS, 100_000, 4.0, race.params)
    assert orders(race, "partner_orders")[:4] == [41, 83, 0, 41]  # 600
    place_orders(race.world, PARTNERS, 0, 4.0, race.params)
    place_orders(race.world, PARTNERS, 100_000, 0.0, race.params)
    assert orders(race, "partner_orders")[:4] == [41, 83, 0, 41]


def test_the_home_treasury_orders_by_merit() -> None:
    race = FirmsRace("procurement.merit=2")
    believe(race, 0.125, 0.25, 0.375, 0.5)
    receive(race)
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[:4] == [100_000 * n * n // 30 // 600 for n in (1, 2, 3, 4)]
    assert sum(orders(race, "home_orders")[4:]) == 0


@pytest.mark.parametrize("override", ["procurement.secrecy=1", "procurement.merit=0"])
def test_who_does_not_see_or_heed_results_orders_by_capacity(override: str) -> None:
    race = FirmsRace(override)
    believe(race, 0.1, 0.2, 0.3, 0.4)
    receive(race)
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[:4] == [41, 41, 41, 41]


def test_half_the_secrecy_halves_the_exponent() -> None:
    race = FirmsRace("procurement.merit=2", "procurement.secrecy=0.5")
    believe(race, 0.1, 0.2, 0.3, 0.4)
    receive(race)
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[:4] == [16, 33, 50, 66]


def test_connected_workshops_get_their_share_and_compete_for_the_rest() -> None:
    race = FirmsRace("procurement.crony_share=0.25", "procurement.secrecy=1")
    receive(race)
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[:4] == [41, 41, 41, 41]  # nobody is connected
    race.world.suppliers["home_orders"] = 0
    race.supplier(1).connected = 1
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[:4] == [31, 41 + 31, 31, 31]


def test_partners_earmark_money_and_buy_from_primes_with_the_rest() -> None:
    race = FirmsRace(
        "treasuries.home_funding=100000", "abroad.budget=60000", "joint_lines.budget=120000", "procurement.secrecy=1"
    )
    believe(race, 0.2, 0.4, 0.4, 0.9)
    race.send_abroad(3)
    line = race.supplier(LINE)
    line.standing, line.capacity = race.supplier().standing, 10
    quote(race.world, LINE, race.params)
    receive(race)
    order_for_partners(race.world, race.params)
    assert orders(race, "partner_orders")[:4] == [33, 66, 66, 50]
    assert orders(race, "partner_orders")[LINE:] == [100, 0]
    assert orders(race, "partner_orders")[firms_race.PRIME : LINE] == [360_000 // 2400] * 2
    assert sum(orders(race, "home_orders")) == 0


def test_earmarks_take_the_steady_part_of_the_money_first() -> None:
    race = FirmsRace("treasuries.home_funding=300000")
    race.world.treasuries[PARTNERS].steady = 0.5
    keep_steady(race.world.treasuries[PARTNERS], 1_000_000, 300_000)
    assert race.world.treasuries[PARTNERS].steady == pytest.approx((500_000 - 300_000) / 700_000)
    keep_steady(race.world.treasuries[PARTNERS], 700_000, 600_000)
    assert race.world.treasuries[PARTNERS].steady == 0.0
    race.world.treasuries[PARTNERS].steady = 1.0
    keep_steady(race.world.treasuries[PARTNERS], 700_000, 300_000)
    assert race.world.treasuries[PARTNERS].steady == 1.0


def test_earmarked_money_is_served_in_turn_when_there_is_too_little() -> None:
    race = FirmsRace("treasuries.home_funding=100000", "abroad.budget=60000", "joint_lines.budget=9000")
    race.params[0].treasuries_partner_budget = 130_000
    race.send_abroad(3)
    receive(race)
    order_for_partners(race.world, race.params)
    assert orders(race, "partner_orders")[3] == 30_000 // 1200
    assert sum(orders(race, "partner_orders")[4:]) == 0


def test_lines_come_last_of_those_with_money_of_their_own() -> None:
    race = FirmsRace("treasuries.home_funding=100000", "abroad.budget=60000", "joint_lines.budget=50000")
    race.params[0].treasuries_partner_budget = 184_000
    race.send_abroad(3)
    line = race.supplier(LINE)
    line.standing, line.capacity = race.supplier().standing, 10
    quote(race.world, LINE, race.params)
    receive(race)
    order_for_partners(race.world, race.params)
    assert orders(race, "partner_orders")[LINE] == 24_000 // 1200
    assert sum(orders(race, "partner_orders")[firms_race.PRIME : LINE]) == 0


def test_nobody_orders_from_newcomers_in_approval() -> None:
    race = FirmsRace()
    race.supplier(NEWCOMER).capacity = 100
    receive(race)
    order_for_home(race.world, race.params)
    assert orders(race, "home_orders")[NEWCOMER] == 0
