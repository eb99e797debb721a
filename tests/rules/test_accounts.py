"""Double entry: every euro that one account gains another loses."""

import numpy as np
import pytest

from race_sim.firms import BANKS, ECONOMY, MATERIALS, OWNERS, PARTIES, SALES, TAXPAYERS
from race_sim.records import JOINT_LINE, PRIME
from race_sim.rules.accounts import (
    book,
    borrow_lacking,
    earn,
    free_cash,
    owe,
    party,
    pay,
    pay_in,
    pay_out,
    repay,
    spend,
    spend_on_research,
    write_off,
)
from tests import firms_race
from tests.firms_race import LINE, MAKERS, FirmsRace


@pytest.fixture
def race() -> FirmsRace:
    return FirmsRace()


def test_parties_have_the_rows_after_the_makers(race: FirmsRace) -> None:
    assert party(race.world, TAXPAYERS) == MAKERS + 2
    assert len(race.world.accounts) == MAKERS + PARTIES


def test_a_founded_race_is_balanced(race: FirmsRace) -> None:
    assert race.is_balanced()
    assert race.held_by(OWNERS) == -4 * 100_000 - 2 * 5_000_000


def test_paying_moves_euros_and_nothing_else(race: FirmsRace) -> None:
    before = race.world.accounts.copy()
    pay(race.world, 0, 1, 700)
    assert (race.world.accounts["cash"] - before["cash"])[:2].tolist() == [-700, 700]
    assert (race.world.accounts["cash"] == before["cash"])[2:].all()
    assert (race.world.accounts["debt"] == before["debt"]).all()


def test_a_debt_is_a_claim_of_the_banks(race: FirmsRace) -> None:
    owe(race.world, 2, 300)
    owe(race.world, 2, -100)
    assert race.debt(2) == 200
    assert race.world.accounts[party(race.world, BANKS)].debt == -200


def test_money_is_booked_under_the_kind_of_its_maker(race: FirmsRace) -> None:
    for i, amount in ((0, 5), (3, 7), (firms_race.PRIME, 11), (LINE, 13)):
        book(race.world, i, MATERIALS, amount)
    assert race.booked() == {"materials": 12}
    assert race.booked(PRIME) == {"materials": 11}
    assert race.booked(JOINT_LINE) == {"materials": 13}


@pytest.mark.parametrize(("maker", "amount", "aside"), [(0, 1009, 100), (firms_race.PRIME, 1000, 100), (LINE, 1000, 0)])
def test_a_share_of_income_is_set_aside_for_research(race: FirmsRace, maker: int, amount: int, aside: int) -> None:
    race.endow(maker, cash=50, research=20)
    earn(race.world, maker, party(race.world, TAXPAYERS), SALES, amount, race.params)
    assert race.cash(maker) == 50 + amount
    assert race.supplier(maker).research == 20 + aside
    assert free_cash(race.world, maker) == 30 + amount - aside
    assert race.is_balanced()


def test_a_maker_borrows_what_it_lacks_beside_its_research_money(race: FirmsRace) -> None:
    race.endow(0, cash=500, research=200)
    spend(race.world, 0, ECONOMY, MATERIALS, 1000)
    assert (race.cash(0), race.debt(0), race.supplier().research) == (200, 700, 200)
    assert (race.held_by(BANKS), race.held_by(ECONOMY)) == (-700, 1000)
    assert race.booked() == {"materials": 1000, "borrowed": 700}
    assert race.is_balanced()


def test_a_single_euro_is_borrowed_too(race: FirmsRace) -> None:
    race.endow(0, cash=500, research=200)
    spend(race.world, 0, ECONOMY, MATERIALS, 301)
    assert (race.cash(0), race.debt(0)) == (200, 1)


def test_nothing_is_borrowed_that_is_not_lacking(race: FirmsRace) -> None:
    race.endow(0, cash=500, research=200)
    spend(race.world, 0, ECONOMY, MATERIALS, 300)
    borrow_lacking(race.world, 0, 0)
    assert (race.cash(0), race.debt(0)) == (200, 0)
    assert race.booked() == {"materials": 300}


def test_research_is_paid_out_of_what_was_set_aside(race: FirmsRace) -> None:
    race.endow(0, cash=500, research=200)
    spend_on_research(race.world, 0, 150)
    assert (race.cash(0), race.supplier().research, race.held_by(ECONOMY)) == (350, 50, 150)
    assert race.booked() == {"research": 150}


def test_debt_is_repaid_or_written_off(race: FirmsRace) -> None:
    race.endow(0, cash=500, debt=400)
    repay(race.world, 0, 150)
    assert (race.cash(0), race.debt(0), race.held_by(BANKS)) == (350, 250, 150)
    write_off(race.world, 0)
    assert (race.cash(0), race.debt(0), race.held_by(BANKS)) == (350, 0, 150)
    assert race.booked() == {"repaid": 150, "written_off": 250}
    assert race.is_balanced()


def test_owners_pay_in_and_are_paid_out(race: FirmsRace) -> None:
    race.endow(0, cash=500)
    owners = race.held_by(OWNERS)
    pay_in(race.world, 0, 300)
    pay_out(race.world, 0, OWNERS, 100)
    assert (race.cash(0), race.held_by(OWNERS) - owners) == (700, -200)
    assert race.booked() == {"paid_in": 300, "paid_out": 100}


def test_any_sequence_of_entries_stays_balanced(race: FirmsRace) -> None:
    chance = np.random.default_rng(1)
    world, state = race.world, party(race.world, TAXPAYERS)
    for _ in range(300):
        i, amount = int(chance.integers(MAKERS)), int(chance.integers(1_000_000))
        match int(chance.integers(6)):
            case 0:
                earn(world, i, state, SALES, amount, race.params)
            case 1:
                spend(world, i, ECONOMY, MATERIALS, amount)
            case 2:
                repay(world, i, min(amount, race.debt(i)))
            case 3:
                spend_on_research(world, i, min(amount, int(race.supplier(i).research)))
            case 4:
                write_off(world, i)
            case 5:
                pay_in(world, i, amount)
        assert race.is_balanced()
    assert (world.suppliers["research"] >= 0).all()
