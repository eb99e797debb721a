"""The races that are timed."""

from __future__ import annotations

import numpy as np

from benchmarks.counting import CountingRace
from race_sim.ensemble.driver import run_block
from race_sim.firms import BUILT
from race_sim.records import PRIME, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario, load

SEED = 1
WORKSHOPS_A_TEAM = 6
WORKSHOPS_A_PRIME = 10
CREWS_A_WORKSHOP = 100


def baseline(weeks: int | None = None) -> Scenario:
    """The library's baseline, or its first weeks."""
    return load("baseline", [] if weeks is None else [f"run.weeks={weeks}", "run.burn_in_weeks=2"])


def given_output() -> Scenario:
    """The same without accounts: every maker builds a given output."""
    return load("given_output")


def alike() -> dict[str, Scenario]:
    """Races with and without accounts that have the same makers, and on average the same drones, to the nearest one.

    Nobody enters, and output that is given is what makers build with accounts.
    """
    closed = load("baseline", ["entry.rate=0", "entry.places=0"])
    built = race(closed).weekly["kinds"]["drones"][0, :, :, BUILT].mean(axis=0)
    makers = closed.parameters
    shares = {
        "workshops.weekly_output": built[WORKSHOP] / makers.workshops.count,
        "primes.weekly_output": built[PRIME] / makers.primes.count,
    }
    given = load("given_output", [f"{path}={round(float(share))}" for path, share in shares.items()])
    return {"accounts": closed, "output given": given.with_changes({"entry.places": 0})}


def grown(workshops: int, *, teams: int | None = None, weeks: int = 26) -> Scenario:
    """Given output from more makers, with crews in proportion, and teams too unless their number is given."""
    return load(
        "given_output",
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
