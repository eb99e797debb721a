"""Small races in which everything happens at once, for limits that must hold whatever happens.

In one output is given, in the other makers have accounts and every policy acts.
"""

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
    "money.accounts=false",
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


FIRMS = (
    f"run.weeks={WEEKS}",
    "run.burn_in_weeks=5",
    "workshops.count=8",
    "workshops.initial_stock=150",
    "workshops.network_degree=4",
    "primes.count=3",
    "primes.batch_weeks=2",
    "primes.initial_stock=400",
    "primes.development_weeks=6",
    "teams.count=4",
    "teams.discovery_weeks=2",
    "teams.diffusion_weeks=1",
    "operators.crews=600",
    "arsenal.shelf_life_weeks=6",
    "money.payment_weeks=3",
    "money.own_risk_weeks=1",
    "money.reserve_weeks=1",
    "workshop_accounts.initial_cash=30000",
    "workshop_accounts.credit_weeks=1",
    "workshop_accounts.build_weeks=2",
    "workshop_accounts.overhead=100",
    "prime_accounts.build_weeks=2",
    "prime_accounts.plant_cost=2000",
    "treasuries.home_budget=150000",
    "treasuries.partner_aid=50000",
    "treasuries.american_aid=50000",
    "treasuries.partner_budget=2000000",
    "treasuries.home_funding=50000",
    "treasuries.import_share=0.1",
    "procurement.connected_share=0.3",
    "coalition.veto_chance=0.3",
    "exports.regime=open",
    "exports.customers=world",
    "exports.nato_demand=150",
    "exports.other_demand=100",
    "exports.rival_week_cost=100000",
    "barter.drones_per_week=10",
    "barter.interceptors_per_drone=0.05",
    "barter.interception=0.5",
    "abroad.firms=2",
    "abroad.planned_weeks=2",
    "abroad.slip=1.5",
    "abroad.conversion=0.8",
    "abroad.budget=100000",
    "abroad.front_share=0.7",
    "joint_lines.lines=2",
    "joint_lines.places=3",
    "joint_lines.setup_weeks=3",
    "joint_lines.sync_weeks=2",
    "joint_lines.integration_weeks=1",
    "joint_lines.budget=200000",
    "entry.places=5",
    "entry.rate=0.4",
    "entry.approval_weeks=2",
    "strikes.home_hazard=0.1",
    "strikes.abroad_hazard=0.05",
    "strikes.depot_hazard=0.2",
    "strikes.repair_weeks=2",
    "inputs.availability=0.8",
)
FIRM_EVENTS = (
    Event(18, "exports.regime", "surplus"),
    Event(22, "joint_lines.lines", 1),
    Event(24, "treasuries.home_budget", 10_000),
    Event(26, "coalition.rule", "coalition"),
    Event(30, "inputs.availability", 0.5),
    Event(34, "operators.crews", 200),
)
"""Markets open, then only surplus is sold; a joint line ends; the home treasury runs dry, so that makers fail."""


def busy(drivers: Drivers) -> Scenario:
    """Generations, countermeasures, copies, drops, scrapping and events within a year; output is given."""
    return replace(drivers.load("baseline", SETTINGS), events=EVENTS)


def busy_firms(drivers: Drivers) -> Scenario:
    """Orders, credit, failures, entry, exports, barter, strikes, plants abroad and joint lines within a year."""
    return replace(drivers.load("baseline", FIRMS), events=FIRM_EVENTS)
