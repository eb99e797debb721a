"""A founded race of a few makers, whose rules a test calls one by one."""

from dataclasses import replace
from typing import Any

import numpy as np

from race_sim.ensemble.week import run_week
from race_sim.records import LOT, PRODUCT, REPORT, RETIRED, WEEK, World
from race_sim.rules.arsenal import add_lot
from race_sim.rules.countermeasure import install
from race_sim.rules.engagement import engage, gather, order_countermeasures, settle
from race_sim.rules.founding import empty_world, found
from race_sim.rules.landscape import quality_sum
from race_sim.rules.products import new_product
from race_sim.rules.room import empty_columns, make_room, needs_room
from race_sim.scenario import Event, load

FEW = (
    "run.weeks=60",
    "run.burn_in_weeks=0",
    "money.accounts=false",
    "workshops.count=4",
    "workshops.network_degree=2",
    "primes.count=1",
    "teams.count=1",
    "teams.diffusion_weeks=0",
)
SPARE = 600
SHARP = ("countermeasures.breadth=0.1", "countermeasures.reference_breadth=0.1")
"""A countermeasure stops every sortie it engages that matches its pattern, and no other."""


def latest(*overrides: str) -> list[str]:
    """The overrides, of those that set the same path the last one."""
    return list({override.partition("=")[0]: override for override in overrides}.values())


def with_spare_rows(world: World, spare: int) -> World:
    """The same world with more rows for products, lots and reports, so that no array moves while a test holds it."""
    rows = len(world.products) + spare
    return replace(
        world,
        products=np.append(world.products, np.zeros(spare, PRODUCT)),
        lots=np.append(world.lots, np.zeros(spare, LOT)),
        reports=np.append(world.reports, np.zeros(spare, REPORT)),
        free=np.append(world.free, np.zeros(spare, np.int64)),
        columns=empty_columns(rows, len(world.columns.survival)),
    )


class BareRace:
    """The world before week 0: the baseline with the few agents of `FEW`, and further overrides.

    Unless `under_way`, no workshop has the trials with which a race begins, so that a test starts those it is about.
    """

    def __init__(
        self,
        *overrides: str,
        seed: int = 1,
        events: tuple[Event, ...] = (),
        spare: int = SPARE,
        under_way: bool = False,
    ) -> None:
        self.scenario = replace(load("baseline", latest(*FEW, *overrides)), events=events)
        self.segments, self.segment_of_week = self.scenario.timeline()
        self.params = self.segments[:1]
        self.seed = np.uint64(seed)
        self.world = with_spare_rows(empty_world(self.segments), spare)
        at_founding = self.segments.copy()
        if not under_way:
            at_founding["workshops_adapts"] = 0
        found(self.world, at_founding, self.seed)

    @property
    def tally(self) -> Any:
        """Its one record of sums."""
        return self.world.tally[0]

    @property
    def bits(self) -> int:
        """Bits of a module."""
        return int(self.params[0].design_bits_per_module)

    @property
    def loci(self) -> int:
        """Bits of a design."""
        return int(self.params[0].design_modules) * self.bits

    def fielded(self, maker: int = 0) -> Any:
        """The product that a maker fields."""
        return self.world.products[self.world.makers[maker].product]

    def add_product(
        self, design: int = 0, *, maker: int = 0, success: float | None = None, status: int = RETIRED
    ) -> int:
        """Row of a new product of a maker, with the success its quality gives unless another is set."""
        word = np.uint64(design)
        total = quality_sum(self.world.landscape, word)
        row = int(new_product(self.world, self.params, maker, word, total, maker))
        product = self.world.products[row]
        product.status = status
        if success is not None:
            product.success = product.expected = success
        return row

    def deliver(self, row: int, quantity: int, week: int = 0) -> None:
        """Put a lot of drones of a product into the arsenal."""
        add_lot(self.world, row, quantity, week)

    def counter(
        self,
        pattern: int,
        *,
        module: int = 0,
        reach: float = 1.0,
        slot: int = 0,
        breadth: float | None = None,
    ) -> Any:
        """Field a countermeasure that acts from week 0 at this reach."""
        width = float(self.params[0].countermeasures_breadth) if breadth is None else breadth
        install(self.world, slot, 0, module, np.uint64(pattern), width, reach, self.params, 0)
        countermeasure = self.world.countermeasures[slot]
        countermeasure.reach = reach
        return countermeasure

    def fly(self, sorties: dict[int, int]) -> None:
        """Send up this many sorties of each product row, and nothing else; column n is the n-th row."""
        self.world.products["sorties"] = 0
        self.tally.lineup = len(sorties)
        for place, (row, number) in enumerate(sorties.items()):
            self.world.columns.lineup[place] = row
            self.world.products[row].sorties = number

    def engage(self, week: int = 0) -> int:
        """What flies meets the countermeasures; returns all sorties."""
        sorties = int(gather(self.world, week))
        engage(self.world, self.params, sorties, order_countermeasures(self.world, week, self.seed))
        return sorties

    def fight(self, week: int = 0) -> None:
        """Engage, and draw what was stopped and what hit."""
        self.world.products["losses"] = 0.0
        self.engage(week)
        settle(self.world, self.params, week, self.seed)

    def alive(self) -> np.ndarray:
        """Expected sorties that nothing stopped, by column."""
        return self.world.columns.alive[: self.tally.columns].copy()

    def run(self, weeks: int) -> np.ndarray:
        """Whole weeks of the schedule from week 0; returns their records. Records held before may be stale then."""
        weekly = np.zeros(weeks, WEEK)
        for week in range(weeks):
            if needs_room(self.world):
                self.world = make_room(self.world)
            segment = self.segment_of_week[week]
            self.params = self.segments[segment : segment + 1]
            run_week(self.world, self.params, week, self.seed, weekly)
        return weekly
