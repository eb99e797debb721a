"""Small races with an event in mid-race, and the columns of their records that levers move."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import DRONE_NAMES, HOME, MONEY_NAMES, PARTNERS
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP
from race_sim.scenario import Event, load

WEEKS, EVENT = 45, 15
SEEDS = (1, 2, 3, 4)
SMALL: dict[str, Any] = {
    "run.weeks": WEEKS,
    "run.burn_in_weeks": 5,
    "workshops.count": 8,
    "workshops.network_degree": 4,
    "primes.count": 2,
    "primes.development_weeks": 10,
    "teams.count": 2,
    "teams.discovery_weeks": 3,
    "entry.places": 8,
    "entry.rate": 0,
    "joint_lines.places": 2,
    "strikes.home_hazard": 0,
    "strikes.abroad_hazard": 0,
    "treasuries.home_budget": 130_000,
    "treasuries.partner_aid": 50_000,
    "treasuries.american_aid": 30_000,
    "treasuries.partner_budget": 1_000_000,
    "procurement.connected_share": 0.3,
    "procurement.crony_share": 0,
    "coalition.veto_chance": 0,
    "workshop_accounts.initial_capacity": 60,
    "workshop_accounts.initial_cash": 100_000,
}
Setting = dict[str, Any]
Column = Callable[[Any], Any]


def settings(**words: Any) -> Setting:
    """Values by dotted path, written as group__name."""
    return {word.replace("__", "."): value for word, value in words.items()}


@cache
def _weekly(always: tuple[tuple[str, Any], ...], event: tuple[tuple[str, Any], ...]) -> Any:
    scenario = load("baseline").with_changes({**SMALL, **dict(always)})
    events = tuple(Event(EVENT, path, value) for path, value in event)
    weekly = run_ensemble(replace(scenario, events=events), SEEDS).weekly
    assert not weekly["cash_of_all"].any()
    assert not weekly["debt_of_all"].any()
    return weekly


def weekly(always: Setting, event: Setting) -> Any:
    """Weekly records [runs, weeks] of races that some values hold in always, and others from the event on."""
    return _weekly(tuple(sorted(always.items())), tuple(sorted(event.items())))


# Columns of the records: [runs, weeks]


def row(kind: int, name: str) -> Column:
    return lambda records: records["kinds"][:, :, kind][name]


def drones(kind: int, name: str) -> Column:
    return lambda records: records["kinds"][:, :, kind]["drones"][:, :, DRONE_NAMES.index(name)]


def money(kind: int, name: str) -> Column:
    return lambda records: records["kinds"][:, :, kind]["money"][:, :, MONEY_NAMES.index(name)]


def treasury(which: int, name: str) -> Column:
    return lambda records: records["treasuries"][:, :, which][name]


def all_of(kind: int) -> Column:
    """Drones, money and plant of a kind of maker."""
    return lambda records: np.concatenate(
        [
            records["kinds"][:, :, kind][name].reshape(len(SEEDS), -1)
            for name in ("drones", "money", "capacity", "cash")
        ],
        axis=1,
    )


def both(first: Column, second: Column) -> Column:
    """Sum of two columns."""
    return lambda records: first(records) + second(records)


def alone(name: str) -> Column:
    return lambda records: records[name]


WORKSHOPS_BUILT, PRIMES_BUILT, LINES_BUILT = (drones(kind, "built") for kind in (WORKSHOP, PRIME, JOINT_LINE))
WORKSHOPS_ORDERED, PRIMES_ORDERED, LINES_ORDERED = (drones(kind, "ordered") for kind in (WORKSHOP, PRIME, JOINT_LINE))
PLANT_OF_PRIMES_AND_LINES = both(row(PRIME, "capacity"), row(JOINT_LINE, "capacity"))
EXPORTED = drones(WORKSHOP, "exported")
PRIMES, LINES, WORKSHOPS = all_of(PRIME), all_of(JOINT_LINE), all_of(WORKSHOP)
HOME_BUDGET, PARTNER_BUDGET = treasury(HOME, "income"), treasury(PARTNERS, "income")
AID = treasury(HOME, "aid")
LINES_RUN = settings(joint_lines__lines=2, joint_lines__setup_weeks=2, joint_lines__budget=300_000)
OPEN = settings(exports__regime="open")
ABROAD = settings(
    abroad__firms=4, abroad__conversion=1.0, abroad__planned_weeks=2, abroad__slip=1.0, abroad__budget=200_000
)
VETOES = settings(coalition__veto_chance=1.0, coalition__dissenters=1)
STRUCK = settings(strikes__home_hazard=0.1)
BLIND = settings(procurement__merit=0)  # who gets orders does not depend on what happens at the front
DEBTS = settings(workshop_accounts__initial_cash=5_000, workshop_accounts__credit_weeks=16.0, money__loan_to_value=0.8)


@dataclass(frozen=True)
class Lever:
    """What is set in mid-race, what it must move which way, and what it must not.

    `always` holds from the start on and `beside` from the event on, in both of the races that are compared.
    """

    event: Setting
    up: tuple[Column, ...] = ()
    down: tuple[Column, ...] = ()
    same: tuple[Column, ...] = ()
    always: Setting | None = None
    beside: Setting | None = None

    def records(self) -> tuple[Any, Any]:
        """Weekly records (without the event, with it)."""
        always, beside = self.always or {}, self.beside or {}
        return weekly(always, beside), weekly(always, beside | self.event)
