"""Small races that tests of both drivers share."""

from dataclasses import replace

from race_sim.scenario import Event, Scenario, load
from race_sim.verify.busy import FIRMS

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

POLICY = (
    "run.weeks=30",
    "workshops.network_degree=6",
    "primes.initial_stock=100",
    "treasuries.partner_budget=700000",
    "inputs.availability=1",
)
"""What differs from `race_sim.verify.busy.FIRMS`, beside `SIX_WORKSHOPS`."""
POLICY_EVENTS = (
    Event(15, "inputs.availability", 0.8),
    Event(20, "joint_lines.lines", 1),
    Event(24, "exports.regime", "surplus"),
)
"""Everything of the money part happens within 30 weeks: `test_parity` says what."""


def six_workshops(*overrides: str) -> Scenario:
    """The race of `SIX_WORKSHOPS` with output given, and with further overrides."""
    return load("baseline", [*SIX_WORKSHOPS, "money.accounts=false", *overrides])


def six_firms(*overrides: str) -> Scenario:
    """The race of `SIX_WORKSHOPS` under accounts, with the policies of `FIRMS` and `POLICY` and further overrides."""
    every = (*FIRMS, *SIX_WORKSHOPS, *POLICY, *overrides)
    chosen = {override.partition("=")[0]: override for override in every}
    return replace(load("baseline", list(chosen.values())), events=POLICY_EVENTS)
