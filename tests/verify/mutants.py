"""Drivers that break the law, one way each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from race_sim.agents import Operators, Workshop
from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import DESTROYED, DONORS, HOME, SALES, TAXPAYERS
from race_sim.model import RaceModel
from race_sim.parameter_table import COUNTERMEASURES_KIND_AREA
from race_sim.records import WORKSHOP
from race_sim.results import Records
from race_sim.rules.accounts import party, pay
from race_sim.scenario import Scenario, load
from race_sim.verify.check import Check
from race_sim.verify.drivers import Drivers


def missed(checks: Sequence[Check]) -> list[str]:
    """What is checked, of the checks that fail."""
    return [check.what for check in checks if not check.verdict]


def run_with(changes: Mapping[str, object]) -> Callable[..., Records]:
    """An ensemble driver that runs another scenario than it was given."""

    def ensemble(scenario: Scenario, seeds: Sequence[int], **options: Any) -> Records:
        return run_ensemble(scenario.with_changes(changes), seeds, **options)

    return ensemble


def load_with(changes: Mapping[str, object]) -> Callable[..., Scenario]:
    """A library that is not what it says."""

    def loader(name: str, overrides: Sequence[str] = ()) -> Scenario:
        return load(name, overrides).with_changes(changes)

    return loader


class OwnMesaOnce(Drivers):
    """Drivers of which the Mesa driver, unless it is the broken one, races the same once for all tests."""

    def mesa(self, scenario: Scenario, seeds: Sequence[int], **attributes: Any) -> Records:
        """As `Drivers.mesa`; who asks must not write into the records."""
        if self.model is not RaceModel:
            return super().mesa(scenario, seeds, **attributes)
        key = (tuple(scenario.changes.items()), scenario.events, tuple(seeds), tuple(attributes.items()))
        if key not in RACED:
            RACED[key] = super().mesa(scenario, seeds, **attributes)
        return RACED[key]


RACED: dict[object, Records] = {}


def quick(**mutation: Any) -> Drivers:
    """Small samples, and a mutation."""
    return OwnMesaOnce(quick=True, **mutation)


class WithoutCapacity(RaceModel):
    """Point countermeasures engage everything."""

    def engage(self) -> None:
        kept = self.params
        self.params = kept.copy()
        self.params["countermeasures_kind"] = COUNTERMEASURES_KIND_AREA
        super().engage()
        self.params = kept


class OneAtATime(RaceModel):
    """Of the countermeasures standing only the first acts."""

    def engage(self) -> None:
        standing = self.world.countermeasures["standing"].copy()
        self.world.countermeasures["standing"][1:] = 0
        super().engage()
        self.world.countermeasures["standing"] = standing


class BetterThanDesigned(RaceModel):
    """Every design hits 3% more often than it should."""

    def produce(self) -> None:
        if self.week == 0:
            self.world.products["success"] *= 1.03
        super().produce()


class Lazy(Workshop):
    """A workshop that rests every fourth week."""

    def try_variants(self, parent: int) -> None:
        if self.model.week % 4:
            super().try_variants(parent)
        else:
            self.start_trial(self.design)


class Biased(Workshop):
    """A workshop whose flips all fall on the first three bits."""

    def try_variants(self, parent: int) -> None:
        before = self.design
        super().try_variants(parent)
        trials = self.model.world.trials[self.index]
        row = trials["product"][trials["active"] == 1][0]
        changed = int(self.model.world.products["design"][row]) ^ before
        folded = (changed ^ changed >> 3 ^ changed >> 6 ^ changed >> 9) & 7
        self.model.world.products["design"][row] = before ^ folded


class LazyRace(RaceModel):
    workshop_class = Lazy


class BiasedRace(RaceModel):
    workshop_class = Biased


class TeamsDelayed(RaceModel):
    """What teams did last week reaches the front this week."""

    def act_teams(self) -> None:
        kept = self.world.countermeasures.copy()
        super().act_teams()
        self.pending, done = self.world.countermeasures.copy(), getattr(self, "pending", kept)
        self.world.countermeasures[:] = done


class OwnLoci(RaceModel):
    """Landscapes on which every contribution reads its own locus only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.world.landscape.neighbours[:] = self.world.landscape.neighbours[:, :1]


class DronesReturn(Operators):
    """A drone comes back every week."""

    def allocate(self) -> None:
        super().allocate()
        lot = self.model.world.lots[0]
        lot.quantity += 1
        self.model.world.products[lot.product].stock += 1


class DronesReturnRace(RaceModel):
    operators_class = DronesReturn


class ScrappingUncounted(RaceModel):
    """Scrapped drones are in nobody's books."""

    def begin_week(self) -> None:
        super().begin_week()
        self.world.flows["scrapped"] = 0


class DronesChangeHands(RaceModel):
    """A drone of one workshop is taken for another's, so that only suppliers can tell."""

    def produce(self) -> None:
        super().produce()
        lots = self.world.lots[: int(self.world.tally[0].lots)]
        products = self.world.products
        own = np.flatnonzero((products["kind"][lots["product"]] == WORKSHOP) & (lots["quantity"] > 0))
        giver, taker = lots[own[0]], lots[own[-1]]
        giver.quantity -= 1
        taker.quantity += 1
        products[giver.product].stock -= 1
        products[taker.product].stock += 1


class MoneyFromNowhere(RaceModel):
    """A workshop finds a euro every week."""

    def produce(self) -> None:
        super().produce()
        self.world.accounts[0].cash += 1


class PaidOffTheBooks(RaceModel):
    """Taxpayers give a workshop a euro a week, which is in nobody's books."""

    def produce(self) -> None:
        super().produce()
        pay(self.world, party(self.world, TAXPAYERS), 0, 1)


class BookedTwice(RaceModel):
    """A sale is booked that nobody paid for."""

    def produce(self) -> None:
        super().produce()
        self.world.flows[WORKSHOP].money[SALES] += 1


class DebtForgiven(RaceModel):
    """The banks write off what they go on claiming."""

    def produce(self) -> None:
        super().produce()
        debtor = int(self.world.accounts["debt"].argmax())
        if self.world.accounts[debtor].debt > 0:
            self.world.accounts[debtor].debt -= 1


class InvoiceLost(RaceModel):
    """An invoice of the home treasury disappears; both sides still think that they owe, or are owed, the money."""

    def produce(self) -> None:
        super().produce()
        if self.week == 0:
            invoices = self.world.invoices[:, HOME]
            invoices[np.unravel_index(invoices.argmax(), invoices.shape)] = 0


class Overdrawn(RaceModel):
    """A workshop pays donors whatever it has, and a euro more."""

    def record(self) -> None:
        pay(self.world, 0, party(self.world, DONORS), int(self.world.accounts[0].cash) + 1)
        super().record()


class DestructionUncounted(RaceModel):
    """What strikes destroy in depots is in nobody's books."""

    def strike(self) -> None:
        super().strike()
        self.world.flows["drones"][:, DESTROYED] = 0


class HiddenChance(RaceModel):
    """Races that depend on how many were run before."""

    made = 0

    def __init__(self, setting: Scenario, *, seed: int = 0) -> None:
        type(self).made += 1
        super().__init__(setting, seed=seed + HiddenChance.made)
        HiddenChance.made += 1


class SharedStream(RaceModel):
    """The order of countermeasures comes from Mesa's random stream."""

    def engage(self) -> None:
        kept, self.run_seed = self.run_seed, np.uint64(self.random.getrandbits(60))
        super().engage()
        self.run_seed = kept
