"""Plant: when it opens, when it pays, and how much of it a maker can buy."""

import pytest

from race_sim.firms import ECONOMY, RING_WEEKS
from race_sim.rules.plant import begin_work, invest, open_plant, plant_pays, weeks_of_value
from tests.firms_race import LINE, NEWCOMER, FirmsRace

WEEK = 5
PAYS = "money.investment_weeks=52"
ALL_KEPT = "workshop_accounts.research_share=0"


def bought(race: FirmsRace, i: int = 0) -> int:
    """Capacity that a maker has begun to build."""
    return int(race.supplier(i).under_way)


@pytest.mark.parametrize("weeks", [1, 13, 104, RING_WEEKS - 1])
def test_plant_works_so_many_weeks_after_it_was_begun(weeks: int) -> None:
    race = FirmsRace()
    begin_work(race.world, 0, 30, weeks, WEEK)
    begin_work(race.world, 0, 4, weeks, WEEK)
    assert bought(race) == 34
    for week in range(WEEK + 1, WEEK + weeks):
        open_plant(race.world, 0, week)
    assert (race.supplier().capacity, bought(race)) == (100, 34)
    for _ in range(2):
        open_plant(race.world, 0, WEEK + weeks)
    assert (race.supplier().capacity, bought(race)) == (134, 0)
    assert race.supplier(1).capacity == 100


def test_income_is_discounted_week_by_week() -> None:
    race = FirmsRace("money.investment_weeks=2")
    assert weeks_of_value(race.world, 0, race.params) == pytest.approx(1 / 1.01 + 1 / 1.01**2)
    free = FirmsRace("money.investment_weeks=2", "workshop_accounts.cost_of_capital=0")
    assert weeks_of_value(free.world, 0, free.params) == 2.0


@pytest.mark.parametrize(("weeks", "pays"), [(51, False), (52, True)])
def test_plant_pays_once_its_margin_has_repaid_it(weeks: int, pays: bool) -> None:
    """A drone a week leaves 600 - 500 - 10, less 8 weeks' interest on 500: 50 euros, worth 40 weeks of them."""
    race = FirmsRace(ALL_KEPT, f"money.investment_weeks={weeks}")
    assert bool(plant_pays(race.world, 0, race.params)) == pays


@pytest.mark.parametrize(
    "override",
    [
        "money.margin=0.19",
        "workshop_accounts.overhead=11",
        "money.payment_weeks=9",
        "workshop_accounts.plant_cost=2050",
        "workshop_accounts.cost_of_capital=0.53",
        "workshop_accounts.research_share=0.01",
    ],
)
def test_everything_that_costs_speaks_against_plant(override: str) -> None:
    race = FirmsRace(ALL_KEPT, PAYS, override)
    assert not plant_pays(race.world, 0, race.params)


def test_a_maker_buys_what_expected_orders_and_headroom_need() -> None:
    race = FirmsRace(ALL_KEPT, PAYS, "money.headroom=0.2")
    race.endow(0, cash=1_000_000, expected=100.5)  # 120.6 drones a week
    invest(race.world, 0, race.params, WEEK)
    assert bought(race) == 21
    assert race.world.opening[(WEEK + 13) % RING_WEEKS, 0] == 21
    assert race.booked() == {"plant": 42_000}
    assert race.held_by(ECONOMY) == 42_000
    invest(race.world, 0, race.params, WEEK + 1)
    assert bought(race) == 21


def test_it_buys_no_more_than_cash_and_credit_allow_beside_running_costs() -> None:
    """Credit 4 weeks of 90,000 and half the plant, less debt; a week of 91,000 to build is kept back."""
    race = FirmsRace(ALL_KEPT, PAYS, "money.headroom=0.2")
    race.endow(0, cash=20_000, debt=382_000, research=3000, expected=180.0)
    invest(race.world, 0, race.params, WEEK)  # 17,000 - 91,000 + 78,000
    assert bought(race) == 2
    race = FirmsRace(ALL_KEPT, PAYS, "money.headroom=0.2")
    race.endow(0, cash=20_000, debt=390_000, expected=180.0)
    invest(race.world, 0, race.params, WEEK)  # 20,000 - 91,000 + 70,000
    assert bought(race) == 0
    assert race.booked() == {}


def test_plant_may_be_bought_on_credit() -> None:
    race = FirmsRace(ALL_KEPT, PAYS, "money.headroom=0")
    race.endow(0, cash=0, expected=110.0)
    invest(race.world, 0, race.params, WEEK)
    assert race.booked() == {"plant": 20_000, "borrowed": 20_000}
    assert race.debt(0) == 20_000


def test_plant_that_costs_nothing_is_not_limited_by_cash() -> None:
    race = FirmsRace(ALL_KEPT, PAYS, "money.headroom=0", "workshop_accounts.plant_cost=0")
    race.endow(0, cash=0, debt=500_000, expected=110.0)
    invest(race.world, 0, race.params, WEEK)
    assert bought(race) == 10


@pytest.mark.parametrize("overrides", [("money.investment_weeks=51",), (PAYS, "money.headroom=0")])
def test_nothing_is_bought_that_does_not_pay_or_is_not_needed(overrides: tuple[str, ...]) -> None:
    race = FirmsRace(ALL_KEPT, *overrides)
    race.endow(0, cash=1_000_000, expected=100.0)
    invest(race.world, 0, race.params, WEEK)
    assert bought(race) == 0


def test_who_does_not_work_buys_nothing() -> None:
    race = FirmsRace(ALL_KEPT, PAYS)
    race.stop(0)
    for i in (0, NEWCOMER, LINE):
        race.endow(i, cash=1_000_000, expected=500.0)
        invest(race.world, i, race.params, WEEK)
        assert bought(race, i) == 0
