"""Overriding one method of an agent of money changes what that agent does, and the law for nobody else."""

from typing import Any

import numpy as np
import pytest

from race_sim.agents import HomeTreasury, JointLine, Market, PartnerTreasury, Workshop
from race_sim.firms import ACTIVE, WAITING
from race_sim.model import RaceModel
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP, World
from race_sim.rules.accounts import party
from race_sim.scenario import Scenario, load

pytestmark = pytest.mark.mesa

SMALL = (
    "run.weeks=30",
    "run.burn_in_weeks=5",
    "workshops.count=6",
    "primes.count=2",
    "teams.count=2",
    "entry.places=3",
    "entry.rate=1",
    "entry.approval_weeks=1",
    "joint_lines.places=2",
    "joint_lines.lines=2",
    "joint_lines.setup_weeks=2",
    "joint_lines.sync_weeks=2",
    "joint_lines.integration_weeks=0",
    "joint_lines.budget=100000",
    "treasuries.home_budget=100000",
    "treasuries.partner_aid=0",
    "treasuries.american_aid=0",
    "treasuries.partner_budget=1000000",
    "workshop_accounts.initial_capacity=20",
    "money.investment_weeks=1040",
)
SEED = 3


def small() -> Scenario:
    return load("baseline", list(SMALL))


def run(model: type[RaceModel], weeks: int = 30) -> RaceModel:
    race = model(small(), seed=SEED)
    for _ in range(weeks):
        race.step()
        last = race.this_week
        assert last["cash_of_all"] == last["debt_of_all"] == 0
    return race


def kinds(race: RaceModel, name: str) -> Any:
    """A column of the weekly records, by week and kind of maker."""
    return race.recorded.weekly["kinds"][name][0, : race.week]


def cash_of(world: World, which: int) -> int:
    return int(world.accounts[party(world, which)].cash)


class Miserly(HomeTreasury):
    """Orders nothing from week 10 on."""

    def order(self) -> None:
        if self.model.week < 10:
            super().order()


class MiserlyRace(RaceModel):
    home_treasury_class = Miserly


def test_a_home_treasury_that_does_not_order_keeps_its_money() -> None:
    plain, race = run(RaceModel), run(MiserlyRace)
    assert kinds(race, "drones")[:10].tobytes() == kinds(plain, "drones")[:10].tobytes()
    assert kinds(race, "drones")[10:, WORKSHOP, :2].sum() == 0 < kinds(plain, "drones")[10:, WORKSHOP, 0].sum()
    assert race.home_treasury.cash > plain.home_treasury.cash
    assert race.partner_treasury.cash == plain.partner_treasury.cash
    assert (kinds(race, "drones")[:, PRIME] == kinds(plain, "drones")[:, PRIME]).all()


class Frugal(Workshop):
    """The first workshop buys no plant."""

    def invest(self) -> None:
        if self.index != 0:
            super().invest()


class FrugalRace(RaceModel):
    workshop_class = Frugal


def test_a_workshop_that_does_not_invest_keeps_its_plant_and_the_others_buy_theirs() -> None:
    plain, race = run(RaceModel, 1), run(FrugalRace, 1)
    assert race.workshops[0].firm.under_way == 0 < plain.workshops[0].firm.under_way
    for one, other in zip(race.makers[1:], plain.makers[1:], strict=True):
        assert one.firm.tolist() == other.firm.tolist()
        assert (one.cash, one.debt) == (other.cash, other.debt)
    later, plain = run(FrugalRace), run(RaceModel)
    assert later.workshops[0].firm.capacity == 20 < plain.workshops[0].firm.capacity
    assert later.workshops[1].firm.capacity > 20


class Stubborn(JointLine):
    """Never follows its workshop once it is open."""

    def follow_workshop(self) -> None:
        if not self.is_active:
            super().follow_workshop()


class StubbornRace(RaceModel):
    joint_line_class = Stubborn


def test_a_line_that_does_not_follow_builds_its_first_design_for_good() -> None:
    plain, race = run(RaceModel), run(StubbornRace)
    assert (
        kinds(race, "designs_fielded")[:, JOINT_LINE].sum() == 2 < kinds(plain, "designs_fielded")[:, JOINT_LINE].sum()
    )
    assert all(line.row.born == 1 for line in race.joint_lines)
    assert kinds(race, "drones")[:, JOINT_LINE, 1].sum() > 0


class Broke(PartnerTreasury):
    """Receives nothing from week 10 on."""

    def receive(self) -> None:
        if self.model.week < 10:
            super().receive()


class BrokeRace(RaceModel):
    partner_treasury_class = Broke


def test_partners_that_receive_nothing_order_no_more_than_they_had() -> None:
    plain, race = run(RaceModel), run(BrokeRace)
    assert race.recorded.weekly["treasuries"]["income"][0, 10:, 1].sum() == 0
    assert kinds(race, "drones")[20:, PRIME, 0].sum() < kinds(plain, "drones")[20:, PRIME, 0].sum() / 2
    assert (
        race.recorded.weekly["treasuries"]["income"][0, :, 0] == plain.recorded.weekly["treasuries"]["income"][0, :, 0]
    ).all()
    assert race.partner_treasury.cash >= 0


class Closed(Market):
    """Nobody enters."""

    def admit(self) -> None:
        pass


class ClosedRace(RaceModel):
    market_class = Closed


def test_a_market_that_admits_nobody_leaves_the_places_empty() -> None:
    plain, race = run(RaceModel), run(ClosedRace)
    assert race.world.suppliers["standing"][6:9].tolist() == [WAITING] * 3
    assert plain.world.suppliers["standing"][6:9].tolist() == [ACTIVE] * 3
    assert kinds(race, "entered").sum() == 0
    assert kinds(race, "makers")[-1, WORKSHOP] == 6
    assert kinds(race, "drones")[:, WORKSHOP, 1].sum() > 0


class Generous(HomeTreasury):
    """Orders a fixed number from the first workshop only."""

    def order(self) -> None:
        self.model.world.suppliers[0].home_orders = 5


class GenerousRace(RaceModel):
    home_treasury_class = Generous


def test_orders_of_your_own_are_built_and_paid_by_the_law() -> None:
    race = run(GenerousRace, 20)
    assert race.workshops[0].firm.built == 5
    assert kinds(race, "drones")[:, WORKSHOP, 1].tolist() == [5] * 20
    assert race.recorded.weekly["treasuries"]["paid"][0, 9:20, 0].min() > 0
    sold = kinds(race, "money")[:, WORKSHOP, 0].sum() + race.workshops[0].firm.invoiced
    assert sold == 20 * 5 * race.workshops[0].firm.price


def test_an_agent_of_one_race_leaves_another_race_alone() -> None:
    before = run(RaceModel)
    run(MiserlyRace)
    assert run(RaceModel).records().same_bytes(before.records())
    assert np.array_equal(before.world.accounts, run(RaceModel).world.accounts)
