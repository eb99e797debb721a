"""A race in the Mesa driver whose drones and money are counted, maker by maker, at every step of every week."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from race_sim.agents import JointLine, Maker, Prime, Workshop
from race_sim.firms import (
    ACTIVE,
    AT_FRONT,
    AT_MAKER,
    BARTERED,
    BORROWED,
    BUILT,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    EXPORTED,
    KEPT,
    MONEY_IN,
    REPAID,
    SCRAPPED_AT_MAKERS,
    TREASURIES,
    WRITTEN_OFF,
)
from race_sim.model import RaceModel
from race_sim.records import FREE, KINDS, WORKSHOP
from race_sim.scenario import Scenario

TREASURY_FLOWS = ("income", "aid", "paid", "commission", "imports", "plants")


class AuditedMaker(Maker):
    """A maker whose money and debt change by what is booked, and nobody else's."""

    model: Audited

    def settle(self) -> None:
        with self.model.booked(self.index):
            super().settle()

    def produce(self) -> None:
        with self.model.booked(self.index):
            super().produce()


class AuditedWorkshop(AuditedMaker, Workshop):
    """A workshop of which that holds when it adapts too."""

    def adapt(self) -> None:
        with self.model.booked(self.index):
            super().adapt()


class AuditedPrime(AuditedMaker, Prime):
    """A prime of which that holds when it develops too."""

    def develop(self) -> None:
        with self.model.booked(self.index):
            super().develop()


class AuditedLine(AuditedMaker, JointLine):
    """A joint line, which moves money of its prime and its workshop too."""

    def produce(self) -> None:
        with self.model.booked(self.index, int(self.firm.workshop)):
            JointLine.produce(self)

    def follow_workshop(self) -> None:
        with self.model.booked(self.index, int(self.firm.prime)):
            super().follow_workshop()


class Audited(RaceModel):
    """A race that fails at the first step that loses or makes a drone or a euro.

    At each step it compares what every maker has at the front, has built and not delivered, has in cash and owes with
    what it had before and what the flows of the week say.
    """

    workshop_class = AuditedWorkshop
    prime_class = AuditedPrime
    joint_line_class = AuditedLine

    def __init__(self, setting: Scenario, *, seed: int) -> None:
        super().__init__(setting, seed=seed)
        self.front = self.at_front()
        self.held = self.at_makers()
        self.treasury_cash = self.cash_of_treasuries()

    def by_maker(self, place: int) -> np.ndarray:
        """Drones in lots kept at a place, by maker, which must be what product rows say."""
        world = self.world
        lots = world.lots[: world.tally[0].lots]
        lots = lots[lots["place"] == place]
        by_product = np.bincount(lots["product"], lots["quantity"], len(world.products)).astype(np.int64)
        used = world.products["status"] != FREE
        assert (lots["quantity"] >= 0).all()
        assert (by_product[used] == world.products["stock" if place == AT_FRONT else "kept"][used]).all()
        assert by_product[~used].sum() == 0
        return self.sum_by_maker(world.products["maker"], by_product)

    def sum_by_maker(self, makers: np.ndarray, drones: np.ndarray) -> np.ndarray:
        """Sum of drones for each maker."""
        total = np.zeros(len(self.world.makers), np.int64)
        np.add.at(total, makers[drones > 0], drones[drones > 0])
        return total

    def at_front(self) -> np.ndarray:
        """Drones at the front, by maker."""
        return self.by_maker(AT_FRONT)

    def at_makers(self) -> np.ndarray:
        """Drones built and not delivered, by maker."""
        unsold = self.by_maker(AT_MAKER)
        backlog = self.world.makers["backlog"]
        assert (backlog >= 0).all()
        assert (unsold == self.world.suppliers["unsold"]).all()
        return unsold + backlog

    def drones(self, name: int) -> np.ndarray:
        """A flow of drones of this week, by kind of maker."""
        return self.world.flows["drones"][:, name].copy()

    def by_kind(self, numbers: np.ndarray) -> np.ndarray:
        """Sum over the makers of each kind."""
        return np.bincount(self.world.makers["kind"], numbers, KINDS).astype(np.int64)

    @contextmanager
    def moved(self, *, from_front: tuple[int, ...] = (), from_makers: tuple[int, ...] = ()) -> Iterator[None]:
        """Drones leave the front and the makers by these named exits alone, and none come."""
        before = {name: self.drones(name) for name in (*from_front, *from_makers)}
        yield
        counted = {name: self.drones(name) - before[name] for name in before}
        front, held = self.at_front(), self.at_makers()
        assert (front <= self.front).all()
        assert (held <= self.held).all()
        gone = self.by_kind(self.front - front)
        assert gone.tolist() == sum((counted[name] for name in from_front), np.zeros(KINDS, np.int64)).tolist()
        gone = self.by_kind(self.held - held)
        assert gone.tolist() == sum((counted[name] for name in from_makers), np.zeros(KINDS, np.int64)).tolist()
        self.front, self.held = front, held

    @contextmanager
    def booked(self, *parties: int) -> Iterator[None]:
        """Cash and debt of each kind change by what is booked for it, and only those of these makers (none: of all)."""
        makers = len(self.world.makers)
        before, flows = self.world.accounts[:makers].copy(), self.world.flows["money"].copy()
        yield
        accounts, money = self.world.accounts, self.world.flows["money"] - flows
        cash = accounts["cash"][:makers] - before["cash"]
        debt = accounts["debt"][:makers] - before["debt"]
        others = np.ones(makers, np.bool_)
        others[list(parties) if parties else slice(None)] = False
        assert not cash[others].any()
        assert not debt[others].any()
        earned = money[:, :MONEY_IN].sum(axis=1) - money[:, MONEY_IN:WRITTEN_OFF].sum(axis=1)
        assert self.by_kind(cash).tolist() == earned.tolist()
        owed = money[:, BORROWED] - money[:, REPAID] - money[:, WRITTEN_OFF]
        assert self.by_kind(debt).tolist() == owed.tolist()
        self.check_accounts()

    def check_accounts(self) -> None:
        """Cash and debts over all accounts are 0, and nobody has less than nothing."""
        world = self.world
        makers = world.accounts[: len(world.makers)]
        assert world.accounts["cash"].sum() == 0
        assert world.accounts["debt"].sum() == 0
        assert (makers["cash"] >= 0).all()
        assert (makers["debt"] >= 0).all()
        assert (world.suppliers["research"] >= 0).all()
        assert (world.suppliers["research"] <= makers["cash"]).all()

    def check_promises(self) -> None:
        """What is owed for drones, and plant under way, is what is written down by the week it falls due."""
        world = self.world
        invoices = world.invoices
        assert (invoices >= 0).all()
        assert (world.suppliers["invoiced"] == invoices.sum(axis=(0, 1))).all()
        assert (world.treasuries["committed"] == invoices.sum(axis=(0, 2))).all()
        assert (world.suppliers["under_way"] == world.opening.sum(axis=0)).all()
        assert (world.suppliers["capacity"] >= 0).all()

    def cash_of_treasuries(self) -> np.ndarray:
        """Cash of the two treasuries."""
        first = len(self.world.makers)
        return self.world.accounts["cash"][first : first + TREASURIES].copy()

    def begin_week(self) -> None:
        lots = self.world.lots[: self.world.tally[0].lots].copy()
        front, held = self.front, self.held
        super().begin_week()
        self.front, self.held = self.at_front(), self.at_makers()
        expired = lots[self.week - lots["week"] >= self.params[0].arsenal_shelf_life_weeks]
        for before, after, place in ((front, self.front, AT_FRONT), (held, self.held, AT_MAKER)):
            there = expired[expired["place"] == place]
            scrapped = self.sum_by_maker(self.world.products["maker"][there["product"]], there["quantity"])
            assert (before - after).tolist() == scrapped.tolist()
            counted = self.world.flows["scrapped"] if place == AT_FRONT else self.drones(SCRAPPED_AT_MAKERS)
            assert self.by_kind(scrapped).tolist() == counted.tolist()

    def pay_and_order(self) -> None:
        with self.moved(from_makers=(SCRAPPED_AT_MAKERS,)), self.booked():
            super().pay_and_order()

    def produce(self) -> None:
        suppliers = self.world.suppliers
        capacity = suppliers["capacity"].copy()
        super().produce()
        active = suppliers["standing"] == ACTIVE
        products = self.world.products
        front, held = self.at_front(), self.at_makers()
        exported = self.sum_by_maker(products["maker"], products["exported"])
        built = suppliers["built"]
        kept = built - exported - (front - self.front) - (held - self.held)
        assert (built[~active] == 0).all()
        if self.params[0].money_accounts:
            assert (built <= capacity).all()
        else:
            output = self.params[0]
            workshops = self.world.makers["kind"] == WORKSHOP
            assert (built == np.where(workshops, output.workshops_weekly_output, output.primes_weekly_output)).all()
        assert (kept >= 0).all()
        assert (kept[suppliers["abroad"] == 0] == 0).all()
        for name, drones in ((BUILT, built), (EXPORTED, exported), (KEPT, kept)):
            assert self.drones(name).tolist() == self.by_kind(drones).tolist()
        delivered = self.by_kind(front - self.front)
        assert delivered.tolist() == self.world.flows["deliveries"].tolist()
        self.front, self.held = front, held

    def strike(self) -> None:
        with self.moved(from_front=(BARTERED, DESTROYED), from_makers=(DESTROYED_AT_MAKERS,)), self.booked():
            super().strike()

    def engage(self) -> None:
        products = self.world.products
        flown = self.sum_by_maker(products["maker"], products["sorties"])
        assert (products["sorties"] >= 0).all()
        assert flown.sum() <= self.params[0].operators_crews
        self.front = self.front - flown
        assert self.at_front().tolist() == self.front.tolist()
        super().engage()
        assert (products["stopped"] + products["hits"] <= products["sorties"]).all()
        assert (products["stopped"] >= 0).all()
        assert (products["hits"] >= 0).all()
        assert (products["losses"].sum(axis=1) <= products["stopped"] + 1e-6).all()

    def decide_makers(self) -> None:
        with self.moved(from_makers=(SCRAPPED_AT_MAKERS,)), self.booked():
            super().decide_makers()

    def record(self) -> None:
        with self.moved(), self.booked():
            super().record()
        self.check_promises()
        self.check_treasuries()

    def check_treasuries(self) -> None:
        """The cash of each treasury changed by what came in and went out this week."""
        week: dict[str, Any] = {name: self.world.treasuries[name] for name in TREASURY_FLOWS}
        spent = week["paid"] + week["commission"] + week["imports"] + week["plants"]
        expected = self.treasury_cash + week["income"] + week["aid"] - spent
        self.treasury_cash = self.cash_of_treasuries()
        assert self.treasury_cash.tolist() == expected.tolist()
        assert (self.treasury_cash >= self.world.treasuries["committed"]).all()
