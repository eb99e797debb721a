"""A small race in which everything happens at once, for limits that must hold whatever happens."""

from __future__ import annotations

from dataclasses import replace

from race_sim.scenario import Event, Scenario
from race_sim.verify.drivers import Drivers

WEEKS = 40
SETTINGS = (
    f"run.weeks={WEEKS}",
    "run.burn_in_weeks=5",
    "workshops.count=8",
    "workshops.weekly_output=37",
    "workshops.initial_stock=150",
    "workshops.network=small_world",
    "workshops.network_degree=4",
    "workshops.iteration_weeks=2",
    "workshops.variants_per_cycle=2",
    "primes.count=3",
    "primes.weekly_output=110",
    "primes.batch_weeks=3",
    "primes.initial_stock=400",
    "primes.development_weeks=6",
    "teams.count=4",
    "teams.discovery_weeks=2",
    "teams.diffusion_weeks=1",
    "countermeasures.kind=point",
    "countermeasures.capacity_per_week=40",
    "countermeasures.breadth_evolves=true",
    "operators.crews=600",
    "arsenal.shelf_life_weeks=9",
    "measures.shadow_weeks=4",
    "front.regeneration=150",
)
EVENTS = (
    Event(10, "operators.crews", 250),
    Event(15, "workshops.weekly_output", 90),
    Event(15, "feedback.delay_weeks", 3),
    Event(20, "arsenal.shelf_life_weeks", 4),
    Event(24, "primes.weekly_output", 30),
    Event(28, "countermeasures.kind", "area"),
    Event(30, "operators.crews", 2000),
)
"""Crews short, then ample; output up and down; shelf life cut, so that a part of the stock expires at once."""


def busy(drivers: Drivers) -> Scenario:
    """Generations, countermeasures, copies, drops, scrapping and events within a year."""
    return replace(drivers.load("baseline", SETTINGS), events=EVENTS)
