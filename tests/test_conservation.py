"""What must hold in every race: drones and money are conserved, and no number leaves its bounds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import AT_FRONT, AT_MAKER, CUSTOMERS, DRONE_NAMES, ECONOMY, MONEY_NAMES, ORDERED, PLANT
from race_sim.records import FIELDED_LIFE, WORKSHOP, World
from race_sim.results import Records
from race_sim.rules import accounts, settlement, strikes
from race_sim.rules.accounts import book, party, pay
from race_sim.scenario import Scenario
from tests.audited import Audited
from tests.consistent import check_records
from tests.small import six_firms, six_workshops
from tests.strategies import scenarios

SEED = 5


@pytest.mark.slow
@pytest.mark.mesa
@settings(max_examples=300)
@given(scenarios())
def test_every_maker_s_drones_and_money_are_conserved_every_week(scenario: Scenario) -> None:
    check_records(scenario, Audited(scenario, seed=SEED).run())


@settings(max_examples=300)
@given(scenarios())
def test_what_the_ensemble_records_is_conserved_and_within_bounds(scenario: Scenario) -> None:
    check_records(scenario, run_ensemble(scenario, [SEED, SEED + 1], threads=1))


@pytest.mark.parametrize("setting", [six_workshops(), six_firms()], ids=["given", "accounts"])
def test_small_races_in_which_everything_happens_are_conserved(setting: Scenario) -> None:
    check_records(setting, Audited(setting, seed=SEED).run())
    check_records(setting, run_ensemble(setting, range(20), threads=1))


def lose_a_euro(world: World, i: int) -> None:
    world.accounts[i].cash -= 1


def pay_without_booking(world: World, i: int) -> None:
    pay(world, party(world, CUSTOMERS), i, 1)


def book_without_paying(world: World, i: int) -> None:
    book(world, i, PLANT, 1)


def pay_from_another_account(world: World, i: int) -> None:
    """Booked for the right kind, but taken from the wrong maker."""
    other = (i + 1) % 2
    pay(world, other, party(world, ECONOMY), 1)
    book(world, i, PLANT, 1)


def forget_a_debt(world: World, i: int) -> None:
    world.accounts[i].debt += 1


def owe_without_borrowing(world: World, i: int) -> None:
    accounts.owe(world, i, 1)


def lose_an_invoice(world: World, i: int) -> None:
    world.invoices[:, :, i] = 0


def commit_too_much(world: World, i: int) -> None:
    world.treasuries[0].committed += i


def build_plant_for_nothing(world: World, i: int) -> None:
    world.suppliers[i].under_way += 1


def overspend_research(world: World, i: int) -> None:
    world.suppliers[i].research = world.accounts[i].cash + 1


def rob_a_treasury(world: World, i: int) -> None:
    pay(world, party(world, 0), party(world, ECONOMY), i)


def lose_a_lot(world: World, i: int) -> None:  # noqa: ARG001
    """Nobody counts it, and its product still says that it is there."""
    world.lots["quantity"][: world.tally[0].lots] = 0


def lose_a_lot_at_the_front(world: World, i: int) -> None:  # noqa: ARG001
    """The product forgets it too."""
    for lot in world.lots[: world.tally[0].lots]:
        if lot.place == AT_FRONT and lot.quantity > 0:
            world.products[lot.product].stock -= lot.quantity
            lot.quantity = 0
            return


def lose_unsold_drones(world: World, i: int) -> None:
    for lot in world.lots[: world.tally[0].lots]:
        if lot.place == AT_MAKER and world.products[lot.product].maker == i:
            world.products[lot.product].kept -= lot.quantity
            world.suppliers[i].unsold -= lot.quantity
            lot.quantity = 0


def make_a_drone(world: World, i: int) -> None:
    world.makers[i].backlog += 1


FAULTS: tuple[Callable[[World, int], None], ...] = (
    lose_a_euro,
    pay_without_booking,
    book_without_paying,
    pay_from_another_account,
    forget_a_debt,
    owe_without_borrowing,
    lose_an_invoice,
    commit_too_much,
    build_plant_for_nothing,
    overspend_research,
    rob_a_treasury,
    lose_a_lot,
    lose_a_lot_at_the_front,
    lose_unsold_drones,
    make_a_drone,
)
"""Ways to break the law: each does its harm when a maker's owners are paid."""


def broken(fault: Callable[[World, int], None]) -> Callable[[World, int, Any], None]:
    """The rule that pays owners, with a fault in it from a workshop's side."""

    def pay_owners(world: World, i: int, params: Any) -> None:
        settlement.pay_owners(world, i, params)
        if i == 1:
            fault(world, i)

    return pay_owners


@pytest.mark.mesa
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_broken_law_is_found(fault: Callable[[World, int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("race_sim.agents.maker.pay_owners", broken(fault))
    with pytest.raises(AssertionError):
        Audited(six_firms("money.payment_weeks=4"), seed=SEED).run()


@pytest.mark.mesa
def test_drones_destroyed_and_not_counted_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def strike_depots(world: World, params: Any, week: int, seed: int) -> None:
        before = world.flows["drones"].copy()
        strikes.strike_depots(world, params, week, seed)
        world.flows["drones"][:] = before

    monkeypatch.setattr("race_sim.model.strike_depots", strike_depots)
    with pytest.raises(AssertionError):
        Audited(six_firms(), seed=SEED).run()


def test_the_checks_of_records_see_what_they_are_for() -> None:
    """A race that lost one drone or euro, flew one too many or forgot one design does not pass."""
    scenario = six_firms()
    records = run_ensemble(scenario, [SEED], threads=1)
    check_records(scenario, records)
    for column, change in (("stock", -1), ("sorties", 1), ("hits", 10_000), ("trial_sorties", 10_000)):
        assert not passes(scenario, with_change(records, column, change)), column
    for column in ("cash", "debt", "invoiced", "at_makers", "makers", "capacity"):
        assert not passes(scenario, with_change(records, column, 1)), column
    lives = records.lives.copy()
    lives[0, WORKSHOP, FIELDED_LIFE, 3, 0] += 1
    assert not passes(scenario, Records(records.seeds, records.weekly, lives))


@pytest.mark.parametrize("column", ["drones", "money"])
def test_every_flow_counts(column: str) -> None:
    """One drone or euro more under any name, in one kind of maker and in the total, does not pass."""
    scenario = six_firms()
    records = run_ensemble(scenario, [SEED], threads=1)
    for number in range(len(DRONE_NAMES if column == "drones" else MONEY_NAMES)):
        if column == "drones" and number == ORDERED:
            continue
        weekly = records.weekly.copy()
        weekly["kinds"][column][0, 20, [WORKSHOP, -1], number] += 1
        assert not passes(scenario, Records(records.seeds, weekly, records.lives)), number


@pytest.mark.parametrize("name", ["income", "aid", "paid", "commission", "imports", "plants", "committed", "cash"])
def test_every_euro_of_a_treasury_counts(name: str) -> None:
    scenario = six_firms()
    records = run_ensemble(scenario, [SEED], threads=1)
    weekly = records.weekly.copy()
    weekly["treasuries"][name][0, 20, 0] += 1
    assert not passes(scenario, Records(records.seeds, weekly, records.lives))


def with_change(records: Records, column: str, change: int) -> Records:
    """The records with another number of workshops in week 20."""
    weekly = records.weekly.copy()
    weekly["kinds"][column][0, 20, WORKSHOP] += change
    return Records(records.seeds, weekly, records.lives)


def passes(scenario: Scenario, records: Records) -> bool:
    try:
        check_records(scenario, records)
    except AssertionError:
        return False
    return True
