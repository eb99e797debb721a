"""Recorded weeks as a data frame: one row a run and week, a column a measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.columns import economy_columns, recorded_columns
from race_sim.records import KIND_NAMES
from race_sim.results import Records
from race_sim.scenario import Scenario

BALANCE_NAMES = ("low", "central", "high")
"""Regeneration values of the front balance, in recorded order."""
DEFENCE_FIELDS = (
    "countermeasures_standing",
    "countermeasures_fielded",
    "mean_reach",
    "engagements",
    "capacity",
    "saturation",
)
"""Fields of a weekly record that are about countermeasures and targets, not about a kind of maker."""

Array = npt.NDArray[Any]


def weekly_frame(records: Records, scenario: Scenario) -> pd.DataFrame:
    """One row a run and week, with the columns of `analysis.codebook.WEEKLY`; NaN where no value is."""
    runs, weeks = records.runs, records.weeks
    columns: dict[str, Array] = {
        "run": np.repeat(np.arange(runs), weeks),
        "seed": np.repeat(records.seeds, weeks),
        "week": records.weekly["week"].ravel(),
    }
    for place, kind in enumerate(KIND_NAMES):
        fields = kind_fields(records.weekly, place)
        columns |= {f"{kind}_{name}": values.ravel() for name, values in fields.items()}
    for module in range(scenario.parameters.design.modules):
        columns[f"stopped_module_{module + 1}"] = records.weekly["stopped_by_module"][:, :, module].ravel()
    for name in DEFENCE_FIELDS:
        columns[name] = records.weekly[name].ravel()
    columns |= {name: values.ravel() for name, values in economy_columns(records.weekly).items()}
    for place, level in enumerate(BALANCE_NAMES):
        columns[f"front_balance_{level}"] = records.weekly["front_balance"][:, :, place].ravel()
    return pd.DataFrame(columns)


def kind_fields(weekly: Array, place: int) -> dict[str, Array]:
    """Columns of one kind of maker, from WEEK[runs, weeks], and shares derived from them, by name."""
    fields = recorded_columns(weekly, place)
    fields["utilisation"] = shares(fields["built"], fields["capacity"])
    fields["unit_cost"] = shares(fields["production_cost"], fields["built"])
    fields["euros_per_sortie"] = shares(fields["procurement"], fields["sorties"])
    fields["euros_per_hit"] = shares(fields["procurement"], fields["hits"])
    fields["effectiveness"] = shares(fields["hits"], fields["sorties"])
    fields["trial_effectiveness"] = shares(fields["trial_hits"], fields["trial_sorties"])
    fields["stock_countered_share"] = shares(fields["stock_countered"], fields["stock"])
    fields["stock_dropped_share"] = shares(fields["stock_dropped"], fields["stock"])
    return fields


def shares(part: Array, whole: Array) -> Array:
    """Part over whole, NaN where the whole is 0."""
    found = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
