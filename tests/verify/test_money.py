"""Limit 5 for money is missed when a euro comes from nowhere, goes unbooked or is spent without being there."""

import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.scenario import load
from race_sim.verify.busy import busy_firms
from race_sim.verify.conservation import check_conservation, check_exits
from race_sim.verify.money import check_books, check_purposes, check_sums
from tests.verify.mutants import (
    BookedTwice,
    DebtForgiven,
    DestructionUncounted,
    InvoiceLost,
    MoneyFromNowhere,
    Overdrawn,
    PaidOffTheBooks,
    missed,
    quick,
)

CANCEL = "most euros by which accounts, debts or invoices do not cancel, any week of a busy race of firms"
SPENT = "most euros that a maker or treasury spends without having or borrowing them, any week of a busy race of firms"


def of_sums(model: type[RaceModel]) -> set[str]:
    """Whose recorded euros do not add up in busy races of firms."""
    drivers = quick(model=model)
    firms = busy_firms(drivers)
    races = [(firms, drivers.mesa(firms, range(2)))]
    return {what.rpartition(": ")[2] for what in missed(list(check_sums("mesa", "a busy race of firms", races)))}


def of_books(model: type[RaceModel]) -> list[str]:
    drivers = quick(model=model)
    return missed(list(check_books(drivers, busy_firms(drivers))))


def test_the_law_as_it_is_keeps_its_books() -> None:
    assert of_sums(RaceModel) == set()
    assert of_books(RaceModel) == []


def test_a_euro_from_nowhere() -> None:
    assert {"workshops", "all makers", "all accounts"} <= of_sums(MoneyFromNowhere)
    assert CANCEL in of_books(MoneyFromNowhere)


def test_a_payment_off_the_books_is_seen_by_those_paid() -> None:
    assert of_sums(PaidOffTheBooks) == {"workshops", "all makers"}
    assert of_books(PaidOffTheBooks) == []


def test_a_sale_that_nobody_paid_for() -> None:
    assert of_sums(BookedTwice) == {"workshops", "all makers"}


def test_a_debt_that_only_the_debtor_forgets() -> None:
    assert "all accounts" in of_sums(DebtForgiven)
    assert CANCEL in of_books(DebtForgiven)


def test_an_invoice_that_both_sides_wait_for() -> None:
    assert of_books(InvoiceLost) == [CANCEL]


def test_cash_that_is_not_there() -> None:
    assert SPENT in of_books(Overdrawn)


def test_drones_destroyed_and_not_counted() -> None:
    checks = [check for check in check_conservation(quick(model=DestructionUncounted)) if check.driver == "mesa"]
    found = missed(checks)
    assert "drones unaccounted for in any week of a busy race of firms: workshops" in found
    assert "ways out under accounts that drones take in busy races of firms, at least" in found
    assert not any("a busy race:" in what for what in found)


def test_races_in_which_little_happens_are_found_out() -> None:
    """Sums over races without exports, strikes or failures would hold whatever the law did with them."""

    records = run_ensemble(load("baseline", ["run.weeks=40", "run.burn_in_weeks=5", "workshops.count=8"]), [1, 2])
    for checks in (check_exits("ensemble", records), check_purposes("ensemble", records)):
        assert len(missed(list(checks))) == 1


@pytest.mark.parametrize("whose", ["workshops", "primes", "joint lines", "home treasury", "all accounts"])
def test_everybody_is_looked_at(whose: str) -> None:
    drivers = quick()
    firms = busy_firms(drivers)
    checks = check_sums("ensemble", "a busy race of firms", [(firms, drivers.ensemble(firms, [1]))])
    assert any(check.what.endswith(f": {whose}") for check in checks)
