"""Limit 1: without countermeasures, with makers frozen and crews to spare, hits are sum n p0 and linear in n."""

from __future__ import annotations

import math
from collections.abc import Iterator

from race_sim.model import RaceModel
from race_sim.records import KIND_NAMES, PRIME, WORKSHOP
from race_sim.scenario import Scenario
from race_sim.verify.check import STANDARD_ERRORS, Check, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.formulas import built_by_prime, built_by_workshop, nk_quality, success

WEEKS = 24
MULTIPLES = (1, 3, 16)
SETTINGS = (
    f"run.weeks={WEEKS}",
    "run.burn_in_weeks=0",
    "operators.crews=100000000",
    "operators.drop_after_weeks=0",
)


def unopposed(drivers: Drivers, multiple: int) -> Scenario:
    """The frozen makers of the baseline with this multiple of its output, and of a stock besides."""
    arsenal = (
        f"workshops.weekly_output={50 * multiple}",
        f"workshops.initial_stock={200 * multiple}",
        f"primes.weekly_output={500 * multiple}",
        f"primes.initial_stock={2000 * multiple}",
    )
    return drivers.given("frozen_blue", [*SETTINGS, "teams.count=0", *arsenal])


def expected_hits(race: RaceModel, kind: int) -> tuple[float, float]:
    """Sum n p0 over the founders of this race, and its variance."""
    parameters = race.setting.parameters
    neighbours = race.world.landscape.neighbours.tolist()
    contributions = race.world.landscape.contributions.tolist()
    makers = race.primes if kind == PRIME else race.workshops
    total = variance = 0.0
    for maker in makers:
        if kind == PRIME:
            primes = parameters.primes
            built = built_by_prime(primes.weekly_output, WEEKS, primes.batch_weeks, maker.number)
            flown = primes.initial_stock + built
        else:
            workshops = parameters.workshops
            flown = workshops.initial_stock + built_by_workshop(workshops.weekly_output, WEEKS)
        chance = success(
            nk_quality(maker.design, neighbours, contributions),
            highest=parameters.landscape.success_max,
            slope=parameters.landscape.success_slope,
            half=parameters.landscape.success_half,
        )
        total += flown * chance
        variance += flown * chance * (1.0 - chance)
    return total, variance


def check_unopposed(drivers: Drivers) -> Iterator[Check]:
    """Hits of each kind of maker at several multiples of the arsenal, and their growth with the multiple."""
    seeds = range(1, 1 + drivers.sample(12, 4))
    few = drivers.sample(3, 1)
    scenarios = {multiple: unopposed(drivers, multiple) for multiple in MULTIPLES}
    for driver, run in drivers.each(seeds, few):
        records = {multiple: run(scenarios[multiple]) for multiple in MULTIPLES}
        for kind in (WORKSHOP, PRIME):
            hits: dict[int, float] = {}
            errors: dict[int, float] = {}
            for multiple in MULTIPLES:
                flown = [int(seed) for seed in records[multiple].seeds]
                sums = [expected_hits(RaceModel(scenarios[multiple], seed=seed), kind) for seed in flown]
                expected = sum(total for total, _ in sums)
                deviation = math.sqrt(sum(variance for _, variance in sums))
                hits[multiple] = float(records[multiple].weekly["kinds"]["hits"][..., kind].sum())
                errors[multiple] = deviation / expected
                yield equal(
                    "1",
                    driver,
                    f"hits of unopposed {KIND_NAMES[kind]}, arsenal x{multiple}",
                    expected=expected,
                    measured=hits[multiple],
                    tolerance=STANDARD_ERRORS * deviation,
                )
            for multiple in MULTIPLES[1:]:
                yield equal(
                    "1",
                    driver,
                    f"hits of unopposed {KIND_NAMES[kind]} at arsenal x{multiple} over hits at x1",
                    expected=multiple,
                    measured=hits[multiple] / hits[1],
                    tolerance=STANDARD_ERRORS * multiple * math.hypot(errors[1], errors[multiple]),
                )
