"""The races that are timed."""

from __future__ import annotations

import numpy as np

from benchmarks.counting import CountingRace
from race_sim.ensemble.driver import run_block
from race_sim.results import Records
from race_sim.scenario import Scenario, load

SEED = 1
WORKSHOPS_A_TEAM = 6
WORKSHOPS_A_PRIME = 10
CREWS_A_WORKSHOP = 100


def baseline(weeks: int | None = None) -> Scenario:
    """The library's baseline, or its first weeks."""
    return load("baseline", [] if weeks is None else [f"run.weeks={weeks}", "run.burn_in_weeks=2"])


def grown(workshops: int, *, teams: int | None = None, weeks: int = 26) -> Scenario:
    """Baseline with more makers and crews in proportion, and teams in proportion too unless their number is given."""
    return load(
        "baseline",
        [
            f"run.weeks={weeks}",
            "run.burn_in_weeks=2",
            f"workshops.count={workshops}",
            f"primes.count={workshops // WORKSHOPS_A_PRIME}",
            f"teams.count={workshops // WORKSHOPS_A_TEAM if teams is None else teams}",
            f"operators.crews={workshops * CREWS_A_WORKSHOP}",
        ],
    )


def race(scenario: Scenario) -> Records:
    """One whole race by the ensemble driver, its founding included, in the calling thread."""
    return run_block(scenario.timeline(), np.array([SEED], dtype=np.uint64))


def counted(scenario: Scenario) -> CountingRace:
    """The same race by the Mesa driver, to count its pairs."""
    model = CountingRace(scenario, seed=SEED)
    model.run()
    return model
