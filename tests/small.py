"""Small races that tests of both drivers share."""

from race_sim.scenario import Scenario, load

SIX_WORKSHOPS = (
    "run.weeks=12",
    "run.burn_in_weeks=3",
    "workshops.count=6",
    "workshops.initial_stock=300",
    "primes.count=2",
    "primes.development_weeks=5",
    "teams.count=3",
    "teams.discovery_weeks=2",
    "teams.diffusion_weeks=1",
    "countermeasures.kind=point",
    "operators.crews=700",
)
"""Everything happens within 12 weeks: generations, countermeasures, binding crews, point capacity."""


def six_workshops(*overrides: str) -> Scenario:
    """The race of `SIX_WORKSHOPS`, with further overrides."""
    return load("baseline", [*SIX_WORKSHOPS, *overrides])
