"""Mutations of the compiled schedule that nobody notices, one a line; run in plain Python by the parity tests.

Usage: NUMBA_DISABLE_JIT=1 python -m tests.mutated_schedules
"""

import sys
from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

from race_sim.ensemble import week as schedule
from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.results import Records
from race_sim.scenario import Scenario
from tests.small import six_firms, six_workshops

SEED = 5
SETTINGS = (six_firms(), six_workshops("arsenal.shelf_life_weeks=3"))
"""The race in which nearly every mutation is noticed comes first: the other is raced if it is not."""


class DepartureError(Exception):
    """A week is not on record as the Mesa driver has it."""


def swap(one: str, other: str) -> None:
    """Exchange two steps of the schedule."""
    first, second = getattr(schedule, one), getattr(schedule, other)
    setattr(schedule, one, second)
    setattr(schedule, other, first)


def skip(step: str) -> None:
    """Leave a step out of the schedule."""
    setattr(schedule, step, lambda *_: None)


def move(step: str, other: str, *, after: bool = False) -> None:
    """Run a step just before, or just after, another that takes the same arguments and perhaps more."""
    moved, fixed = getattr(schedule, step), getattr(schedule, other)

    def both(*arguments: Any) -> None:
        named = dict(zip(signature(fixed).parameters, arguments, strict=True))
        calls = [partial(moved, *(named[name] for name in signature(moved).parameters)), partial(fixed, *arguments)]
        for call in reversed(calls) if after else calls:
            call()

    skip(step)
    setattr(schedule, other, both)


MUTATIONS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "teams act before the fight they learn from": lambda: swap("act_teams", "fight"),
    "peers see nothing": lambda: skip("publish"),
    "operators remember nothing": lambda: skip("review_products"),
    "countermeasures do not spread": lambda: skip("spread_countermeasures"),
    "nothing is scrapped": lambda: skip("scrap_expired"),
    "the front does not move": lambda: skip("move_front"),
    "makers build before orders are placed": lambda: move("produce", "pay_and_order"),
    "plants are struck before they build": lambda: move("strike", "pay_and_order", after=True),
    "drones are bartered after plants are struck": lambda: move("barter", "strike_plants", after=True),
    "the home treasury receives nothing": lambda: skip("receive_home_budget"),
    "obligations are met before payments come in": lambda: swap("collect", "meet_obligations"),
    "owners are paid nothing": lambda: skip("pay_owners"),
    "newcomers are never approved": lambda: skip("approve"),
    "orders never lapse": lambda: skip("clear_orders"),
    "partners order nothing": lambda: skip("order_for_partners"),
    "customers order nothing": lambda: skip("order_for_customers"),
    "nobody moves abroad": lambda: skip("move_abroad"),
    "no joint line is agreed": lambda: skip("agree_lines"),
    "joint lines never open": lambda: skip("run_line"),
    "goodwill stands still": lambda: skip("close_markets"),
    "depots are safe": lambda: skip("strike_depots"),
    "nothing works that was paid for": lambda: skip("open_plant"),
}


def is_noticed(setting: Scenario, expected: Records) -> bool:
    """Whether the ensemble driver, as its schedule stands, departs from what the Mesa driver recorded."""
    whole_week: Any = schedule.run_week

    def watched(world: Any, params: Any, week: int, seed: Any, weekly: Any) -> None:
        whole_week(world, params, week, seed, weekly)
        if weekly[week].tobytes() != expected.weekly[0, week].tobytes():
            raise DepartureError

    schedule.run_week = watched
    try:
        return not run_ensemble(setting, [SEED], threads=1).same_bytes(expected)
    except DepartureError:
        return True
    finally:
        schedule.run_week = whole_week


def main() -> None:
    """Try every mutation by itself."""
    expected = [RaceModel(setting, seed=SEED).run() for setting in SETTINGS]
    untouched = dict(vars(schedule))
    for name, mutate in MUTATIONS.items():
        mutate()
        if not any(is_noticed(setting, records) for setting, records in zip(SETTINGS, expected, strict=True)):
            sys.stdout.write(f"{name}\n")
        vars(schedule).update(untouched)


if __name__ == "__main__":
    main()
