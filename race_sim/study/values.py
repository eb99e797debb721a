"""A sampled part as arrays: points in the unit cube, and a value for each point and replicate."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.measures import measure

Floats = npt.NDArray[np.float64]


def values_of(rows: pd.DataFrame, output: str, count: int) -> Floats:
    """An output of `count` points of a part, f8[points, replicates]; NaN where a run failed or is not there."""
    wide = pd.DataFrame({"point": rows["point"], "seed": rows["seed"], "value": measure(output).of_runs(rows)})
    return wide.pivot(index="point", columns="seed", values="value").reindex(range(count)).to_numpy(np.float64)


def unit_of(points: pd.DataFrame) -> Floats:
    """Coordinates of the points of a sampled part, f8[points, factors], from the rows of its design."""
    return np.array([json.loads(unit) for unit in points["unit"]], np.float64)
