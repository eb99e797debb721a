"""Limit 3: blind drift, followed by copies of the design as it was T weeks ago, is stopped as often as chance says."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from race_sim.agents import CountermeasureTeam
from race_sim.records import WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.verify.check import STANDARD_ERRORS, Check, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.formulas import (
    bit_differs,
    effect,
    neutralisation,
    neutralisation_variance,
    pursued_neutralisation,
)
from race_sim.verify.sample import mean

BITS = 12
BREADTH = 2.0
SORTIES = 1000
EFFECTS = [effect(distance, breadth=BREADTH, reference=1.5, penalty=1.0) for distance in range(BITS + 1)]
SETTINGS = (
    "run.burn_in_weeks=0",
    "design.modules=1",
    f"design.bits_per_module={BITS}",
    "landscape.success_slope=0",
    "workshops.count=1",
    f"workshops.weekly_output={SORTIES}",
    "workshops.minimum_flips=0",
    "workshops.bench_candidates_per_week=1",
    "workshops.trial_share=0",
    "workshops.judgement=chance",
    "workshops.adoption_probability=1",
    "workshops.copy_probability=0",
    "feedback.quality=0",
    "feedback.delay_weeks=0",
    "primes.count=0",
    "teams.count=1",
    "teams.slots=1",
    "teams.reach_budget=1",
    "teams.diffusion_weeks=0",
    "teams.sensing_error=0",
    f"countermeasures.breadth={BREADTH}",
    "countermeasures.reference_breadth=1.5",
    "countermeasures.breadth_penalty=1",
    "operators.crews=100000000",
    "operators.drop_after_weeks=0",
)
"""One workshop adopts one mutant a week, good or bad, and flies nothing else; one countermeasure stands, everywhere."""


class Follower(CountermeasureTeam):
    """A harness: every week it replaces its countermeasure by a copy of what will be `lag` weeks old next week."""

    lag = 1

    def __init__(self, model: object, index: int) -> None:
        super().__init__(model, index)  # type: ignore[arg-type]
        self.flown: list[int] = []

    def act(self) -> None:
        """Note the design that flew this week; install what flew `lag - 1` weeks before."""
        self.flown.append(int(self.model.world.columns.design[0]))
        if len(self.flown) >= self.lag:
            self.install(0, self.flown[-self.lag])


def drifting(drivers: Drivers, rate: float, weeks: int, *further: str) -> Scenario:
    """A workshop that drifts by this many flips a week on average."""
    return drivers.given("baseline", [*SETTINGS, f"run.weeks={weeks}", f"workshops.flips_per_step={rate}", *further])


def check_follower(driver: str, records: Records, rate: float, lag: int, first_week: int) -> Iterator[Check]:
    """Bits that differ and sorties stopped, of a design that meets a copy `lag` steps of drift old.

    The design changes every week from week 2 on. Weeks less than T apart share flips: the variance of a mean over
    weeks is at most T times that of independent weeks.
    """
    kinds = records.weekly["kinds"][..., WORKSHOP]
    flips = rate * lag
    gaps = np.asarray(kinds["gap"][:, first_week:], dtype=np.float64)
    differing = bit_differs(flips, BITS)
    yield equal(
        "3",
        driver,
        f"share of bits that differ from the copy: v = {rate:g} flips a week, T = {lag} weeks",
        expected=differing,
        measured=float(gaps.mean()) * BREADTH / BITS,
        tolerance=STANDARD_ERRORS * math.sqrt(lag * differing * (1 - differing) / BITS / gaps.size),
    )
    stopped = np.asarray(kinds["stopped"][:, first_week:], dtype=np.float64)
    share = neutralisation(flips, BITS, EFFECTS)
    variance = lag * neutralisation_variance(flips, BITS, EFFECTS) + share * (1.0 - share) / SORTIES
    yield equal(
        "3",
        driver,
        f"share of sorties stopped by the copy: v = {rate:g} flips a week, T = {lag} weeks",
        expected=share,
        measured=float(stopped.mean()) / SORTIES,
        tolerance=STANDARD_ERRORS * math.sqrt(variance / stopped.size),
    )


def check_drift(drivers: Drivers) -> Iterator[Check]:
    """Several rates and lags: a harness follows in the Mesa driver, a team that takes 2 weeks in the ensemble."""
    runs, weeks = drivers.sample(400, 60), 200
    for rate in (0.25, 1.0, 3.0):
        scenario = drifting(drivers, rate, weeks, "teams.discovery_weeks=1")
        records = drivers.ensemble(scenario, range(runs))
        yield from check_follower("ensemble", records, rate, lag=2, first_week=4)
    for discovery in (3.0, 8.0):
        scenario = drifting(drivers, 0.5, weeks, f"teams.discovery_weeks={discovery}")
        kinds = drivers.ensemble(scenario, range(runs)).weekly["kinds"][..., WORKSHOP]
        share = mean(kinds["stopped"][:, 60:].mean(axis=1) / SORTIES)
        yield equal(
            "3",
            "ensemble",
            f"share of sorties stopped: v = 0.5 flips a week, discovery in 1 + Poisson({discovery - 1:g}) weeks",
            expected=pursued_neutralisation(0.5, discovery, BITS, EFFECTS),
            measured=share.value,
            tolerance=STANDARD_ERRORS * share.error,
        )
    runs, weeks = drivers.sample(6, 2), drivers.sample(400, 200)
    for rate, lag in ((0.5, 1), (0.5, 4), (2.0, 1), (2.0, 3), (0.25, 12)):
        team = type("Follower", (Follower,), {"lag": lag})
        records = drivers.mesa(drifting(drivers, rate, weeks), range(runs), team_class=team)
        yield from check_follower("mesa", records, rate, lag, first_week=lag + 2)
