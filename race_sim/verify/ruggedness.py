"""Limit 4: the landscapes of races have the optima, walks and correlations of NK theory (Kauffman 1993)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np

from race_sim.model import RaceModel
from race_sim.records import WORKSHOP
from race_sim.rules.landscape import climb, quality_sum
from race_sim.scenario import Scenario
from race_sim.verify.check import STANDARD_ERRORS, Check, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.formulas import (
    climbed_quality,
    climbed_variance,
    flip_correlation,
    local_optima,
    quality_variance,
)
from race_sim.verify.sample import Estimate, Numbers, mean, ratio

LOCI = 10
LANDSCAPES = 400
TO_THE_TOP = 1000  # random flips after which all 10 loci have been tried but for once in 10**44 walks
WALKS = 5  # on each landscape
PURPOSE = 1000  # purpose word of the walks below; the law uses none so high
RUGGEDNESS = (
    ("random", 0),
    ("random", 2),
    ("random", 5),
    ("random", 9),
    ("adjacent", 2),
    ("adjacent", 5),
    ("adjacent", 9),
)
SETTINGS = (
    "run.burn_in_weeks=0",
    "founders.origin=independent",
    "workshops.count=1",
    "workshops.judgement=chance",
    "workshops.adoption_probability=1",
    "workshops.bench_candidates_per_week=1",
    "workshops.minimum_flips=1",
    "workshops.flips_per_step=0",
    "workshops.copy_probability=0",
    "feedback.quality=0",
    "feedback.delay_weeks=0",
    "primes.count=0",
    "teams.count=0",
)
"""One workshop, whose design from week 2 on is one random flip from last week's."""
SMALL = ("design.modules=1", f"design.bits_per_module={LOCI}")


def wandering(drivers: Drivers, interactions: int, *further: str) -> Scenario:
    """A lone workshop on a landscape with so many interactions."""
    return drivers.given("baseline", [*SETTINGS, f"landscape.interactions={interactions}", *further])


def recorded_quality(drivers: Drivers, scenario: Scenario, landscapes: int) -> Numbers:
    """Quality of the workshop's design by race and week."""
    weekly = drivers.ensemble(scenario, range(landscapes)).weekly
    return np.asarray(weekly["kinds"]["quality"][..., WORKSHOP], dtype=np.float64)


def check_ruggedness(drivers: Drivers) -> Iterator[Check]:
    """Correlation at a flip, moments, peaks, walks and local optima."""
    yield from check_correlations(drivers)
    yield from check_climbs(drivers)
    yield from check_walks(drivers)
    yield from check_optima(drivers)


def check_correlations(drivers: Drivers) -> Iterator[Check]:
    """Correlation of recorded quality between successive weeks, moments about 1/2 pooled over landscapes."""
    landscapes = drivers.sample(1000, LANDSCAPES)
    walk = ("run.weeks=100", "founders.climb_evaluations=0")
    for neighbourhood, interactions in RUGGEDNESS:
        scenario = wandering(drivers, interactions, *SMALL, *walk, f"landscape.neighbourhood={neighbourhood}")
        quality = recorded_quality(drivers, scenario, landscapes)
        words = f"{neighbourhood} neighbours, N = {LOCI}, K = {interactions}"
        yield from check_moments(quality, LOCI, interactions, words)
    scenario = wandering(drivers, 3, *walk)
    quality = recorded_quality(drivers, scenario, landscapes)
    yield from check_moments(quality, 48, 3, "random neighbours, N = 48, K = 3")


def check_moments(quality: Numbers, loci: int, interactions: int, words: str) -> Iterator[Check]:
    """Mean 1/2, variance 1 / 12 N, correlation at one flip 1 - (K + 1) / N; a race is one landscape."""
    deviation = quality[:, 1:] - 0.5
    squares = (deviation * deviation).mean(axis=1)
    # The walk's first and last week count half in the squares, as each is in one pair only.
    ends = (deviation[:, 0] ** 2 + deviation[:, -1] ** 2) / 2
    products = (deviation[:, :-1] * deviation[:, 1:]).sum(axis=1)
    pairs = (deviation * deviation).sum(axis=1) - ends
    quantities: list[tuple[str, float, Estimate]] = [
        ("mean quality", 0.5, mean(0.5 + deviation.mean(axis=1))),
        ("variance of quality", quality_variance(loci), mean(squares)),
        ("correlation at one flip", flip_correlation(loci, interactions), ratio(products, pairs)),
    ]
    for name, expected, estimate in quantities:
        yield equal(
            "4",
            "ensemble",
            f"{name}: {words}",
            expected=expected,
            measured=estimate.value,
            tolerance=STANDARD_ERRORS * estimate.error,
        )


def check_climbs(drivers: Drivers) -> Iterator[Check]:
    """Quality of founders that have climbed, K = 0; in the end the mean peak, 2/3."""
    landscapes = drivers.sample(4000, LANDSCAPES)
    for evaluations in (LOCI // 2, 2 * LOCI, TO_THE_TOP):
        scenario = wandering(
            drivers,
            0,
            *SMALL,
            "run.weeks=1",
            "workshops.adapts=false",
            f"founders.climb_evaluations={evaluations}",
        )
        quality = recorded_quality(drivers, scenario, landscapes)
        yield equal(
            "4",
            "ensemble",
            f"mean quality of founders after {evaluations} flips tried: N = {LOCI}, K = 0",
            expected=climbed_quality(LOCI, evaluations),
            measured=float(quality.mean()),
            tolerance=STANDARD_ERRORS * math.sqrt(climbed_variance(LOCI, evaluations) / landscapes),
        )


def landscapes_of(drivers: Drivers, interactions: int) -> Iterator[RaceModel]:
    """Races at their start, each with its landscape."""
    scenario = wandering(drivers, interactions, *SMALL, "run.weeks=1")
    return (drivers.model(scenario, seed=seed) for seed in range(drivers.sample(800, LANDSCAPES)))


def check_walks(drivers: Drivers) -> Iterator[Check]:
    """Flips kept by an adaptive walk from a random start to the peak, K = 0."""
    starts = random.Random(4)  # noqa: S311
    kept: list[int] = []
    for race in landscapes_of(drivers, 0):
        landscape = race.world.landscape
        for walk in range(WALKS):
            start = np.uint64(starts.getrandbits(LOCI))
            total = quality_sum(landscape, start)
            kept.append(climb(landscape, start, total, TO_THE_TOP, race.run_seed, walk, PURPOSE)[2])
    yield equal(
        "4",
        "mesa",
        f"steps of an adaptive walk from a random start: N = {LOCI}, K = 0",
        expected=LOCI / 2,
        measured=float(np.mean(kept)),
        tolerance=STANDARD_ERRORS * math.sqrt(LOCI / 4 / len(kept)),
    )


def count_optima(race: RaceModel) -> int:
    """Designs of this race's landscape that no single flip improves."""
    landscape = race.world.landscape
    designs = np.arange(2**LOCI)
    totals = np.array([quality_sum(landscape, design) for design in designs.astype(np.uint64)])
    highest = np.ones(len(designs), dtype=bool)
    for locus in range(LOCI):
        highest &= totals >= totals[designs ^ 1 << locus]
    return int(highest.sum())


def check_optima(drivers: Drivers) -> Iterator[Check]:
    """Local optima among all designs, K = N - 1."""
    races = landscapes_of(drivers, LOCI - 1)
    estimate = mean(np.array([count_optima(race) for race in races]))
    yield equal(
        "4",
        "mesa",
        f"local optima of a landscape: N = {LOCI}, K = {LOCI - 1}",
        expected=local_optima(LOCI),
        measured=estimate.value,
        tolerance=STANDARD_ERRORS * estimate.error,
    )
