"""Money of a race: what treasuries received and spent, what makers did with it, this week and over the run so far.

Every number is read off the weekly records. What stands in stock, or was destroyed, is valued at what a drone of that
kind of maker costs to make at home in the week in question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.firms import (
    BARTERED,
    BUILT,
    CONSTRAINT_NAMES,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    EXPORTED,
    HOME,
    MONEY_IN,
    MONEY_NAMES,
    ORDERED,
    SALES,
    TREASURY_NAMES,
    WRITTEN_OFF,
)
from race_sim.records import KIND_NAMES, KINDS, WORKSHOP

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

UNIT_COSTS = ("workshop_accounts_unit_cost", "prime_accounts_unit_cost", "joint_lines_unit_cost")
"""Parameters that say what a drone costs to make at home, by kind of maker."""
TREASURY_FLOWS = ("income", "aid", "paid", "commission", "imports", "plants")
"""What a treasury receives and spends in a week, in euros."""
TREASURY_LEVELS = ("withheld", "committed", "cash")
"""What stands at the end of a week: joint money held up, invoices accepted and not paid yet, and cash in euros."""
MAKER_LEVELS = ("makers", "capacity", "at_makers", "cash", "debt", "invoiced")
"""What stands at the end of a week at makers of a kind."""
DRONES = {"ordered": ORDERED, "built": BUILT, "exported": EXPORTED, "bartered": BARTERED}
SHARE_PLACES = 9  # decimals of a share, so many that what is shown is rounded once

Weeks = npt.NDArray[Any]


def money(race: WatchedRace) -> dict[str, Any] | None:
    """Accounts of the newest week and of the run so far, as plain values; None where makers have none.

    "week" and "run" hold the same sums, over one week and over all; see `_period`. "treasuries" and "makers" say what
    stands at the end of the week, "start" the cash that makers began the run with, "bound" how many makers of each kind
    each constraint kept from building more.
    """
    if not race.has_accounts:
        return None
    weekly = race.weekly
    now: Any = weekly[-1]
    kinds = now["kinds"]
    costs = unit_costs(race)
    return {
        "week": _period(weekly[-1:], costs[-1:]),
        "run": _period(weekly, costs),
        "treasuries": {
            name: {level: int(now["treasuries"][level][which]) for level in TREASURY_LEVELS}
            for which, name in enumerate(TREASURY_NAMES)
        },
        "makers": {
            name: {level: int(kinds[level][kind]) for level in MAKER_LEVELS}
            | {"utilisation": _share(int(kinds["drones"][kind, BUILT]), int(kinds["capacity"][kind]))}
            for kind, name in enumerate(KIND_NAMES)
        },
        "start": _cash_at_start(weekly["kinds"]),
        "bound": {
            name: dict(zip(CONSTRAINT_NAMES, kinds["bound"][kind].tolist(), strict=True))
            for kind, name in enumerate(KIND_NAMES)
        },
        "stock": _by_kind(kinds["stock"][:KINDS] * costs[-1]),
        "goodwill": round(float(now["goodwill"]), SHARE_PLACES),
        "interceptors": round(float(now["interceptors"]), SHARE_PLACES),
    }


def _cash_at_start(kinds: Weeks) -> dict[str, int]:
    """Cash of each kind of maker before the first week: what it has now, less what it received, plus what it spent."""
    flows = kinds["money"].sum(axis=0)
    grown = flows[:, :MONEY_IN].sum(axis=1) - flows[:, MONEY_IN:WRITTEN_OFF].sum(axis=1)
    return dict(zip(KIND_NAMES, (kinds["cash"][-1] - grown).tolist(), strict=True))


def unit_costs(race: WatchedRace) -> npt.NDArray[np.int64]:
    """i8[weeks run, kinds]: what a drone of each kind of maker cost to make at home in each week, in euros."""
    timeline = race.model.timeline
    segments = np.stack([timeline.segments[name] for name in UNIT_COSTS], axis=1)
    costs: npt.NDArray[np.int64] = segments[timeline.segment_of_week[: race.week + 1]]
    return costs


def _period(weekly: Weeks, costs: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Sums over some weeks: of treasuries, of makers by purpose of money, of drones; and what strikes destroyed.

    "orders" tells what each treasury paid to each kind of maker: the home treasury buys from workshops alone.
    """
    treasuries, kinds = weekly["treasuries"], weekly["kinds"]
    spent = {
        name: {flow: int(treasuries[flow][:, which].sum()) for flow in TREASURY_FLOWS}
        for which, name in enumerate(TREASURY_NAMES)
    }
    by_purpose = kinds["money"].sum(axis=0)
    drones = kinds["drones"].sum(axis=0)
    destroyed = kinds["drones"][:, :KINDS, [DESTROYED, DESTROYED_AT_MAKERS]].sum(axis=2)
    sales = by_purpose[:KINDS, SALES].tolist()
    home = [spent[TREASURY_NAMES[HOME]]["paid"] if kind == WORKSHOP else 0 for kind in range(KINDS)]
    partners = [sold - paid for sold, paid in zip(sales, home, strict=True)]
    return {
        "treasuries": spent,
        "orders": {
            name: dict(zip(KIND_NAMES, paid, strict=False))
            for name, paid in zip(TREASURY_NAMES, (home, partners), strict=True)
        },
        "makers": {
            name: dict(zip(MONEY_NAMES, by_purpose[kind].tolist(), strict=True)) for kind, name in enumerate(KIND_NAMES)
        },
        "drones": {
            name: {what: int(drones[kind, column]) for what, column in DRONES.items()}
            for kind, name in enumerate(KIND_NAMES)
        },
        "lost": _by_kind((destroyed * costs).sum(axis=0)) | {"drones": int(destroyed.sum())},
        "strikes": {name: int(weekly[name].sum()) for name in ("strikes", "strikes_stopped", "depots_struck")},
        "rival_sales": int(weekly["rival_sales"].sum()),
    }


def _by_kind(values: npt.NDArray[np.int64]) -> dict[str, int]:
    """Values of each kind of maker, and their sum as the total."""
    return dict(zip(KIND_NAMES, [*values.tolist(), int(values.sum())], strict=True))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, SHARE_PLACES) if whole else None
