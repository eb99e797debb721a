"""Comparisons of small races that several tests look at."""

from functools import cache

from race_sim.scenario import Scenario, load
from race_sim.study.compare import ComparisonResult, run_comparison

WORKSHOPS = (
    "run.weeks=80",
    "run.burn_in_weeks=20",
    "money.accounts=false",
    "workshops.count=12",
    "workshops.weekly_output=100",
    "primes.count=0",
    "teams.count=3",
    "operators.drop_after_weeks=0",
    "operators.crews=5000",
)
"""Twelve workshops of given output against three teams, with more crews than drones; operators ground nothing."""
RUNS = 12


def workshops(*overrides: str) -> Scenario:
    """The race of `WORKSHOPS`, with further overrides of what these are not about."""
    return load("baseline", [*WORKSHOPS, *overrides])


def changed(name: str, *overrides: str) -> Scenario:
    """The same race on another scenario of the library; of overrides of the same path the last one counts."""
    latest = {override.partition("=")[0]: override for override in (*WORKSHOPS, *overrides)}
    return load(name, list(latest.values()))


PAIRS: dict[str, tuple[Scenario, Scenario]] = {
    "same": (changed("baseline"), changed("baseline")),
    "frozen": (changed("frozen_blue"), changed("baseline")),
    "blind": (changed("blind_drift"), changed("baseline")),
    "crews": (
        changed("baseline", "operators.crews=300", "workshops.adapts=false"),
        changed("baseline", "operators.crews=600", "workshops.adapts=false"),
    ),
    "stock": (
        changed("baseline", "operators.crews=600", "workshops.initial_stock=5000"),
        changed("baseline", "operators.crews=600"),
    ),
    "point": (
        changed("baseline"),
        changed("baseline", "countermeasures.kind=point", "countermeasures.capacity_per_week=20"),
    ),
    "targets": (changed("baseline"), changed("baseline", "front.targets_per_week=200")),
    "kinds": (
        changed("baseline"),
        changed("baseline", "workshops.count=0", "primes.count=6", "primes.weekly_output=200"),
    ),
    "grounded": (
        changed("frozen_blue", "operators.drop_after_weeks=3", "primes.count=2"),
        changed("baseline", "operators.drop_after_weeks=3", "primes.count=2"),
    ),
    "slow": (
        changed("baseline", "operators.drop_after_weeks=3"),
        changed("baseline", "operators.drop_after_weeks=3", "workshops.iteration_weeks=16"),
    ),
    "barely": (changed("baseline"), changed("baseline", "workshops.prior_weight=5")),
}


@cache
def duel(name: str) -> ComparisonResult:
    """The comparison of a pair of `PAIRS`."""
    return run_comparison(*PAIRS[name], range(1, 1 + RUNS))


@cache
def reverse(name: str) -> ComparisonResult:
    """The same with A and B exchanged, run anew."""
    a, b = PAIRS[name]
    return run_comparison(b, a, range(1, 1 + RUNS))
