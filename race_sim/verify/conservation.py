"""Limit 5 for drones: every week, of every kind of maker and every supplier, initial + built = what became of them.

That is flown + exported + bartered + kept by hosts of plants abroad + destroyed + scrapped + in stock + at makers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from race_sim.firms import (
    BARTERED,
    BUILT,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    EXPORTED,
    KEPT,
    SCRAPPED_AT_MAKERS,
)
from race_sim.model import RaceModel
from race_sim.records import FREE, JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario, library
from race_sim.verify.busy import busy, busy_firms
from race_sim.verify.check import Check, at_least, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.formulas import built_by_prime, built_by_workshop
from race_sim.verify.money import check_money
from race_sim.verify.sample import Numbers

MAKERS = ("workshops", "primes", "joint lines", "all makers")
EXITS = (EXPORTED, KEPT, BARTERED, DESTROYED, DESTROYED_AT_MAKERS, SCRAPPED_AT_MAKERS)
"""What becomes of drones under accounts, beside flying and reaching the end of their shelf life at the front."""


def initial_stock(scenario: Scenario, kind: int) -> int:
    """Drones of one kind of maker, or of all, before week 0."""
    workshops, primes = scenario.parameters.workshops, scenario.parameters.primes
    stocks = {WORKSHOP: workshops.count * workshops.initial_stock, PRIME: primes.count * primes.initial_stock}
    return sum(stocks.values()) if kind == TOTAL else stocks.get(kind, 0)


def missing(scenario: Scenario, records: Records, kind: int) -> int:
    """The largest number of drones of one kind of maker that are unaccounted for at the end of any week.

    Of all drones, or of those at the front alone.
    """
    rows = records.weekly["kinds"][..., kind]
    drones = rows["drones"]
    initial = initial_stock(scenario, kind)
    left_front = rows["sorties"] + rows["scrapped"] + drones[..., BARTERED] + drones[..., DESTROYED]
    left_makers = sum(drones[..., name] for name in (EXPORTED, KEPT, DESTROYED_AT_MAKERS, SCRAPPED_AT_MAKERS))
    built, delivered = (np.cumsum(part, axis=1) for part in (drones[..., BUILT], rows["deliveries"]))
    in_all = initial + built - np.cumsum(left_front + left_makers, axis=1) - rows["stock"] - rows["at_makers"]
    at_front = initial + delivered - np.cumsum(left_front, axis=1) - rows["stock"]
    return int(max(np.abs(in_all).max(), np.abs(at_front).max()))


def unscheduled(scenario: Scenario, records: Records, kind: int) -> int:
    """The largest difference between what was delivered by the end of a week and what makers build by then."""
    delivered = np.cumsum(records.weekly["kinds"]["deliveries"][..., kind], axis=1)
    workshops, primes = scenario.parameters.workshops, scenario.parameters.primes
    built = [
        workshops.count * built_by_workshop(workshops.weekly_output, week + 1)
        if kind == WORKSHOP
        else sum(
            built_by_prime(primes.weekly_output, week + 1, primes.batch_weeks, number) for number in range(primes.count)
        )
        for week in range(records.weeks)
    ]
    return int(np.abs(delivered - np.array(built)).max())


class Ledger:
    """Drones of every supplier in one race of the Mesa driver, week by week."""

    def __init__(self, race: RaceModel) -> None:
        self.race = race
        self.stock = self.in_lots()
        self.backlog = np.zeros(len(race.makers), dtype=np.int64)
        self.scrapped = 0

    def in_lots(self, oldest: int | None = None) -> Numbers:
        """Drones in lots dated `oldest` or before, of each maker; in all lots by default."""
        world = self.race.world
        lots = world.lots[: int(world.tally[0].lots)]
        counted = lots if oldest is None else lots[lots["week"] <= oldest]
        makers = world.products["maker"][counted["product"]]
        return np.bincount(makers, weights=counted["quantity"], minlength=len(self.race.makers)).astype(np.int64)

    def on_products(self, field: str) -> Numbers:
        """A count of every maker's products: their stock, or their sorties of the week."""
        world = self.race.world
        rows = world.products[: int(world.tally[0].product_rows)]
        if field == "stock":
            rows = rows[rows["status"] != FREE]
        return np.bincount(rows["maker"], weights=rows[field], minlength=len(self.race.makers)).astype(np.int64)

    def built(self) -> Numbers:
        """What every maker should deliver this week."""
        race = self.race
        params = race.timeline.segments[race.timeline.segment_of_week[race.week]]
        for prime in race.primes:
            self.backlog[prime.index] += params.primes_weekly_output
        turn = np.zeros(len(race.makers), dtype=np.int64)
        for prime in race.primes:
            if (race.week + prime.number) % params.primes_batch_weeks == 0:
                turn[prime.index], self.backlog[prime.index] = self.backlog[prime.index], 0
        for workshop in race.workshops:
            turn[workshop.index] = params.workshops_weekly_output
        return turn

    def step(self) -> int:
        """Run a week; the largest number of drones of any supplier unaccounted for."""
        race = self.race
        shelf_life = race.timeline.segments[race.timeline.segment_of_week[race.week]].arsenal_shelf_life_weeks
        scrapped = self.in_lots(oldest=race.week - int(shelf_life))
        should_be = self.stock + self.built() - scrapped
        race.step()
        should_be -= self.on_products("sorties")
        self.stock = self.in_lots()
        self.scrapped += int(scrapped.sum())
        differences = (
            np.abs(should_be - self.stock).max(),
            np.abs(self.stock - self.on_products("stock")).max(),
            abs(int(scrapped.sum()) - int(race.this_week["kinds"]["scrapped"][TOTAL])),
        )
        return int(max(differences))


def check_conservation(drivers: Drivers) -> Iterator[Check]:
    """Drones by kind of maker over the library and busy races, by supplier in the Mesa driver; then money."""
    seeds = range(1, 1 + drivers.sample(8, 2))
    scenarios = [drivers.load(name) for name in library()]
    races = [(scenario, drivers.ensemble(scenario, seeds)) for scenario in scenarios]
    for kind in (WORKSHOP, PRIME, JOINT_LINE, TOTAL):
        yield equal(
            "5",
            "ensemble",
            f"drones unaccounted for in any week of the library's races: {MAKERS[kind]}",
            expected=0,
            measured=max(missing(scenario, records, kind) for scenario, records in races),
        )
    given = [(scenario, records) for scenario, records in races if not scenario.parameters.money.accounts]
    for kind in (WORKSHOP, PRIME):
        yield equal(
            "5",
            "ensemble",
            f"drones delivered besides given output and batches in the library's races: {MAKERS[kind]}",
            expected=0,
            measured=max(unscheduled(scenario, records, kind) for scenario, records in given),
        )
    plain, firms = busy(drivers), busy_firms(drivers)
    for driver, run in drivers.each(range(drivers.sample(200, 40)), drivers.sample(6, 2)):
        for words, scenario in (("a busy race", plain), ("a busy race of firms", firms)):
            records = run(scenario)
            for kind in (WORKSHOP, PRIME, JOINT_LINE, TOTAL):
                yield equal(
                    "5",
                    driver,
                    f"drones unaccounted for in any week of {words}: {MAKERS[kind]}",
                    expected=0,
                    measured=missing(scenario, records, kind),
                )
        yield from check_exits(driver, records)
    yield from check_suppliers(drivers, plain)
    yield from check_money(drivers, races, firms)


def check_exits(driver: str, records: Records) -> Iterator[Check]:
    """Every way out is taken in the busy races of firms, so that the sums above are of something."""
    drones = records.weekly["kinds"]["drones"][:, :, TOTAL].sum(axis=(0, 1))
    taken = int(np.count_nonzero(drones[list(EXITS)]))
    words = "ways out under accounts that drones take in busy races of firms"
    yield at_least("5", driver, words, bound=len(EXITS), measured=taken)


def check_suppliers(drivers: Drivers, scenario: Scenario) -> Iterator[Check]:
    """The same for every supplier, from lots and products of the Mesa driver's world."""
    lost = scrapped = 0
    for seed in range(drivers.sample(6, 2)):
        ledger = Ledger(drivers.model(scenario, seed=seed))
        for _ in range(ledger.race.weeks):
            lost = max(lost, ledger.step())
        scrapped += ledger.scrapped
    yield equal(
        "5",
        "mesa",
        "drones unaccounted for in any week of a busy race: any one supplier",
        expected=0,
        measured=lost,
    )
    yield at_least(
        "5", "mesa", "drones that reach the end of their shelf life in busy races", bound=1, measured=scrapped
    )
