"""Limit 5 for money: cash over all accounts is 0, debts cancel claims, and every account moves by what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from race_sim.analysis.conservation import identities
from race_sim.firms import BANKS, MONEY_NAMES, TREASURIES
from race_sim.model import RaceModel
from race_sim.records import TOTAL
from race_sim.results import Records
from race_sim.rules.accounts import party
from race_sim.scenario import Scenario
from race_sim.verify.check import Check, at_least, equal
from race_sim.verify.drivers import Drivers

Races = Sequence[tuple[Scenario, Records]]
EUROS = "EUR"


def unaccounted(races: Races) -> dict[str, int]:
    """The most euros that any week adds or loses, by whose accounts they are."""
    found: dict[str, int] = {}
    for scenario, records in races:
        for one in identities(scenario, records):
            if one.unit == EUROS:
                most = int(np.abs(one.left - one.right).max())
                whose = one.whose.replace("_", " ")
                found[whose] = max(found.get(whose, 0), most)
    return found


class Books:
    """The accounts and invoices in one race of the Mesa driver, week by week."""

    def __init__(self, race: RaceModel) -> None:
        self.race = race

    def unbalanced(self) -> int:
        """The most euros by which accounts and invoices disagree now; the state of the world, not its records."""
        world = self.race.world
        makers = len(world.makers)
        accounts, invoices = world.accounts, world.invoices
        debts = accounts["debt"][:makers]
        owed = invoices.sum(axis=0)  # [treasuries, makers]
        differences = (
            accounts["cash"].sum(),
            debts.sum() + accounts["debt"][party(world, BANKS)],
            np.delete(accounts["debt"][makers:], BANKS).sum(),
            np.abs(owed.sum(axis=0) - world.suppliers["invoiced"]).max(),
            *(owed[which].sum() - world.treasuries["committed"][which] for which in range(TREASURIES)),
        )
        return int(max(abs(difference) for difference in differences))

    def overdrawn(self) -> int:
        """The most euros by which a maker or a treasury has spent more than it had, or repaid more than it owed."""
        world = self.race.world
        makers = len(world.makers)
        cash = world.accounts["cash"][: makers + TREASURIES]
        kept = world.suppliers["research"]
        lowest = (cash.min(), world.accounts["debt"][:makers].min(), kept.min(), (cash[:makers] - kept).min())
        return -min(0, *(int(amount) for amount in lowest))

    def run(self) -> tuple[int, int]:
        """Run the race: the most that was unbalanced, and overdrawn, after any week."""
        unbalanced, overdrawn = self.unbalanced(), self.overdrawn()
        for _ in range(self.race.weeks):
            self.race.step()
            unbalanced, overdrawn = max(unbalanced, self.unbalanced()), max(overdrawn, self.overdrawn())
        return unbalanced, overdrawn


def check_money(drivers: Drivers, races: Races, firms: Scenario) -> Iterator[Check]:
    """Recorded money of the library's races and of busy races of firms, then the accounts themselves."""
    yield from check_sums("ensemble", "the library's races", races)
    for driver, run in drivers.each(range(drivers.sample(200, 40)), drivers.sample(6, 2)):
        records = run(firms)
        yield from check_sums(driver, "a busy race of firms", [(firms, records)])
        yield from check_purposes(driver, records)
    yield from check_books(drivers, firms)


def check_sums(driver: str, words: str, races: Races) -> Iterator[Check]:
    """No euro is lost or made up: of each kind of maker, each treasury and all accounts together."""
    for whose, most in unaccounted(races).items():
        yield equal("5", driver, f"euros unaccounted for in any week of {words}: {whose}", expected=0, measured=most)


def check_purposes(driver: str, records: Records) -> Iterator[Check]:
    """Money is booked under every purpose in the busy races of firms, so that the sums above are of something."""
    booked = records.weekly["kinds"]["money"][:, :, TOTAL].sum(axis=(0, 1))
    words = "purposes under which euros are booked in busy races of firms"
    yield at_least("5", driver, words, bound=len(MONEY_NAMES), measured=int(np.count_nonzero(booked)))


def check_books(drivers: Drivers, firms: Scenario) -> Iterator[Check]:
    """The accounts of the Mesa driver's world: sums over parties, invoices on both sides, nobody overdrawn."""
    found = [Books(drivers.model(firms, seed=seed)).run() for seed in range(drivers.sample(6, 2))]
    unbalanced, overdrawn = (max(part) for part in zip(*found, strict=True))
    for words, most in (
        ("by which accounts, debts or invoices do not cancel", unbalanced),
        ("that a maker or treasury spends without having or borrowing them", overdrawn),
    ):
        yield equal("5", "mesa", f"most euros {words}, any week of a busy race of firms", expected=0, measured=most)
