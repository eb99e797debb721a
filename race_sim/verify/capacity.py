"""Limit 2: J point countermeasures of capacity k that never miss let max(0, n - J k) of n sorties past (Hughes)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from race_sim.agents import CountermeasureTeam
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.verify.check import STANDARD_ERRORS, Check, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.formulas import effect, unstopped

SETTINGS = (
    "run.burn_in_weeks=0",
    "workshops.adapts=false",
    "primes.count=0",
    "founders.flips=0",
    "operators.crews=100000000",
    "operators.drop_after_weeks=0",
    "teams.diffusion_weeks=0",
    "teams.sensing_error=0",
    "teams.discovery_weeks=1",
)
"""Everybody flies one design; a countermeasure takes a week, is an exact copy and reaches the whole front at once."""
CERTAIN = ("landscape.success_max=1", "landscape.success_slope=1000", "landscape.success_half=0")
"""p0 = 1 to the last bit for every design of quality above 0.04."""
WORKSHOPS = 4


class Attack(NamedTuple):
    """n sorties a week against J countermeasures with capacity k each."""

    sorties: int
    capacity: int
    countermeasures: int


ATTACKS = (
    Attack(200, 60, 1),
    Attack(200, 230, 1),
    Attack(1000, 90, 4),
    Attack(1000, 250, 4),
    Attack(1000, 320, 4),
    Attack(480, 27, 12),
    Attack(480, 43, 12),
)
"""On both sides of n = J k, and on it."""


class Copyist(CountermeasureTeam):
    """A harness: in its first week it puts a copy of the attackers' design in every slot, then rests."""

    distance = 0
    reach = 1.0

    def act(self) -> None:
        """Install in all slots, in one module after another; nothing later."""
        if self.model.week > 0:
            return
        modules = int(self.model.params[0].design_modules)
        bits = int(self.model.params[0].design_bits_per_module)
        wrong = (1 << self.distance) - 1
        for slot in range(len(self.slots)):
            module = slot % modules
            pattern = self.model.workshops[0].design ^ wrong << module * bits
            self.install(module, pattern, slot=slot, reach=self.reach)


def attacked(drivers: Drivers, attack: Attack, weeks: int, *further: str) -> Scenario:
    """A race in which these sorties fly every week, with a slot for each countermeasure of one team."""
    return drivers.given(
        "baseline",
        [
            *SETTINGS,
            f"run.weeks={weeks}",
            f"workshops.count={WORKSHOPS}",
            f"workshops.weekly_output={attack.sorties // WORKSHOPS}",
            "teams.count=1",
            f"teams.slots={attack.countermeasures}",
            f"teams.reach_budget={attack.countermeasures}",
            "countermeasures.kind=point",
            f"countermeasures.capacity_per_week={attack.capacity}",
            *further,
        ],
    )


def weekly_total(records: Records, field: str, first_week: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A count of all makers in every week of every run from a week on."""
    return np.asarray(records.weekly["kinds"][field][:, first_week:, -1], dtype=np.float64).ravel()


def check_hughes(driver: str, records: Records, attack: Attack, first_week: int, words: str) -> Iterator[Check]:
    """Mean hits a week, each unstopped sortie being one, against max(0, n - J k)."""
    hits = weekly_total(records, "hits", first_week)
    expected = unstopped(attack.sorties, attack.capacity, attack.countermeasures)
    variance = expected * (1.0 - expected / attack.sorties)
    yield equal(
        "2",
        driver,
        f"sorties a week past {words}: n = {attack.sorties}, k = {attack.capacity}, J = {attack.countermeasures}",
        expected=expected,
        measured=float(hits.mean()),
        tolerance=STANDARD_ERRORS * math.sqrt(variance / len(hits)),
    )


def check_capacity(drivers: Drivers) -> Iterator[Check]:
    """Saturation of point countermeasures, in both drivers."""
    seeds = range(1, 1 + drivers.sample(40, 10))
    weeks = 40
    for attack in ATTACKS:
        standing = attack.countermeasures + 2  # the team fields one a week, from week 1, to act from week 2
        scenario = attacked(
            drivers, attack, weeks + standing, *CERTAIN, "design.modules=1", "design.bits_per_module=16"
        )
        records = drivers.ensemble(scenario, seeds)
        yield from check_hughes("ensemble", records, attack, standing, "point countermeasures")
    attack = Attack(800, 100, 4)
    scenario = attacked(
        drivers,
        attack,
        weeks + 2,
        *CERTAIN,
        "design.modules=1",
        "countermeasures.capacity_ratio=0.5",
    )
    proportional = {
        "teams.count": 4,
        "teams.slots": 1,
        "teams.reach_budget": 1.0,
        "countermeasures.kind": "point_proportional",
    }
    records = drivers.ensemble(scenario.with_changes(proportional), seeds)
    yield from check_hughes("ensemble", records, attack, 2, "point countermeasures that grow with the attack")
    for attack in ATTACKS:
        scenario = attacked(drivers, attack, weeks + 1, *CERTAIN)
        records = drivers.mesa(scenario, seeds[: drivers.sample(5, 1)], team_class=Copyist)
        yield from check_hughes("mesa", records, attack, 1, "point countermeasures")
    yield from check_engagements(drivers, seeds[: drivers.sample(5, 2)], weeks)


def check_engagements(drivers: Drivers, seeds: Sequence[int], weeks: int) -> Iterator[Check]:
    """Capacity counts engagements, not kills: n w of them are wanted, and each stops with probability v."""
    chance = effect(2, breadth=2.0, reference=1.5, penalty=1.0)
    breadth = ("countermeasures.breadth=2", "countermeasures.reference_breadth=1.5")
    for attack in (Attack(400, 120, 1), Attack(400, 300, 1)):
        scenario = attacked(drivers, attack, weeks + 1, *CERTAIN, *breadth)
        team = type("Mistaken", (Copyist,), {"distance": 2, "reach": 0.5})
        records = drivers.mesa(scenario, seeds, team_class=team)
        stopped = weekly_total(records, "stopped", 1)
        expected = min(attack.capacity, 0.5 * attack.sorties) * chance
        variance = expected * (1.0 - expected / attack.sorties)
        yield equal(
            "2",
            "mesa",
            f"stopped a week by engagements at distance 2, reach 0.5: n = {attack.sorties}, k = {attack.capacity}",
            expected=expected,
            measured=float(stopped.mean()),
            tolerance=STANDARD_ERRORS * math.sqrt(variance / len(stopped)),
        )
