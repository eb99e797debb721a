"""Weekly records as named columns: counts that a record holds in one array get a column each, and sums are added."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.firms import (
    CONSTRAINT_NAMES,
    DRONE_NAMES,
    HOME,
    MATERIALS,
    MONEY_NAMES,
    OVERHEAD,
    SALES,
    TREASURY_NAMES,
    TREASURY_WEEK,
)
from race_sim.records import KIND_WEEK, TOTAL, WORKSHOP

Array = npt.NDArray[Any]

ECONOMY_FIELDS = (
    "goodwill",
    "interceptors",
    "strikes",
    "strikes_stopped",
    "depots_struck",
    "announced",
    "rival_sales",
    "rival_weeks",
    "cash_of_all",
    "debt_of_all",
)
"""Fields of a weekly record that are about the economy as a whole."""

BOUND_NAMES = tuple(f"bound_by_{name}" for name in CONSTRAINT_NAMES)
_SPREAD = {"bound": BOUND_NAMES, "drones": DRONE_NAMES, "money": MONEY_NAMES}
"""Arrays of KIND_WEEK and the column of each of their places."""
RECORDED = tuple(column for name in KIND_WEEK.names or () for column in _SPREAD.get(name, (name,)))
"""Columns of a kind of maker that are recorded as they are."""
ADDED = ("procurement", "production_cost")
"""Columns of a kind of maker that are sums of recorded ones; NaN in runs without accounts."""
TREASURY_COLUMNS = tuple(f"{whose}_{name}" for whose in TREASURY_NAMES for name in TREASURY_WEEK.names or ())
ECONOMY_COLUMNS = (*TREASURY_COLUMNS, "public_spending", *ECONOMY_FIELDS)
"""Columns of the treasuries and of the economy as a whole, in their order."""

EXITS = (
    "sorties",
    "exported",
    "kept_by_hosts",
    "bartered",
    "destroyed",
    "destroyed_at_makers",
    "scrapped",
    "scrapped_at_makers",
)
"""Every way in which a drone that was built is gone."""
OUTLAYS = ("paid", "commission", "imports", "plants")
"""What money leaves a treasury for."""


def _keeps_accounts(weekly: Array) -> Array:
    """Whether makers kept accounts in a run, of WEEK[runs, weeks]: bool[runs, 1].

    Under accounts every active maker is bound by something each week.
    """
    return np.asarray(weekly["kinds"]["bound"][:, :, TOTAL].any(axis=(1, 2)))[:, np.newaxis]


def recorded_columns(weekly: Array, place: int) -> dict[str, Array]:
    """Columns `RECORDED`, then `ADDED`, of a kind of maker or of all, from WEEK[runs, weeks]; each is [runs, weeks]."""
    kind = weekly["kinds"][:, :, place]
    columns: dict[str, Array] = {}
    for name in KIND_WEEK.names or ():
        if name in _SPREAD:
            columns |= {column: kind[name][..., part] for part, column in enumerate(_SPREAD[name])}
        else:
            columns[name] = kind[name]
    keeps = _keeps_accounts(weekly)
    columns["procurement"] = np.where(keeps, kind["money"][..., SALES] + _commission(weekly, place), np.nan)
    spent = kind["money"][..., MATERIALS] + kind["money"][..., OVERHEAD]
    columns["production_cost"] = np.where(keeps, spent, np.nan)
    return columns


def _commission(weekly: Array, place: int) -> Array:
    """What intermediaries took on drones of this kind; only the home treasury uses any, and it buys from workshops."""
    taken = weekly["treasuries"]["commission"][:, :, HOME]
    return np.asarray(taken if place in (WORKSHOP, TOTAL) else np.zeros_like(taken))


def economy_columns(weekly: Array) -> dict[str, Array]:
    """Columns `ECONOMY_COLUMNS` from WEEK[runs, weeks]; each is [runs, weeks]."""
    treasuries = weekly["treasuries"]
    columns: dict[str, Array] = {}
    for which, whose in enumerate(TREASURY_NAMES):
        columns |= {f"{whose}_{name}": treasuries[name][:, :, which] for name in TREASURY_WEEK.names or ()}
    spent = sum(treasuries[name].sum(axis=2) for name in OUTLAYS)
    keeps = _keeps_accounts(weekly)
    columns["public_spending"] = np.where(keeps, spent, np.nan)
    columns |= {name: weekly[name] for name in ECONOMY_FIELDS}
    columns["goodwill"] = np.where(keeps, weekly["goodwill"], np.nan)
    return columns
