"""One row a run: what each run measured over its measured weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.columns import economy_columns, recorded_columns
from race_sim.analysis.frames import BALANCE_NAMES, DEFENCE_FIELDS
from race_sim.records import KIND_NAMES
from race_sim.results import Records

Array = npt.NDArray[Any]


def run_frame(records: Records, first_week: int) -> pd.DataFrame:
    """One row a run: seed, then weekly measures as their mean over the weeks from `first_week` on.

    Columns are named as in `analysis.codebook.WEEKLY`. Weeks without a value, such as the gap while no
    countermeasure stands, are left out of a mean; NaN where no week has one. `front_decision_week_*` is the first
    week of the whole run in which the balance stood at +1 or -1, NaN if none did.
    """
    measured = records.weekly[:, first_week:]
    columns: dict[str, Array] = {"seed": records.seeds}
    for place, kind in enumerate(KIND_NAMES):
        for name, values in recorded_columns(measured, place).items():
            columns[f"{kind}_{name}"] = _means(values)
    for name in DEFENCE_FIELDS:
        columns[name] = _means(measured[name])
    columns |= {name: _means(values) for name, values in economy_columns(measured).items()}
    for place, level in enumerate(BALANCE_NAMES):
        balance = records.weekly["front_balance"][:, :, place]
        decided = np.abs(balance) >= 1.0
        columns[f"front_balance_end_{level}"] = balance[:, -1]
        columns[f"front_decision_week_{level}"] = np.where(decided.any(axis=1), decided.argmax(axis=1), np.nan)
    return pd.DataFrame(columns)


def _means(weekly: Array) -> Array:
    if weekly.dtype.kind == "i" and weekly.shape[1] > 0:
        return np.asarray(weekly.mean(axis=1))
    known = ~np.isnan(weekly)
    count = known.sum(axis=1)
    total = np.where(known, weekly, 0).sum(axis=1, dtype=np.float64)
    means = np.full(len(weekly), np.nan)
    np.divide(total, count, out=means, where=count > 0)
    return means
