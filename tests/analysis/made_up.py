"""Rows of a study that was never run: hits follow a power law of the arsenal, so that what they show is known."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

CELL_LEVELS: dict[str, tuple[object, ...]] = {
    "founders": ("common", "independent"),
    "makers": (6, 60),
    "step": ("per_elapsed_week",),
    "variants": ("one",),
    "countermeasures": ("area", "point"),
    "tempo": ("baseline",),
}
RUNS = 12
ARSENALS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


def measures(hits: np.ndarray, sorties: np.ndarray) -> dict[str, Any]:
    return {
        "seed": np.arange(1, len(hits) + 1, dtype=np.uint64),
        "total_hits": hits,
        "total_sorties": sorties,
        "total_trials_judged": 3.0,
        "total_trials_adopted": 1.5,
        "front_decision_week_central": np.nan,
        "front_balance_end_central": 0.0,
    }


def force(hits: float, arsenal: float, runs: int = RUNS, noise: float = 0.01, seed: int = 0) -> pd.DataFrame:
    """Runs of a force with these mean hits; forces of the same seeds share their luck."""
    luck = np.random.default_rng(7).lognormal(0.0, 0.05, runs)
    own = np.random.default_rng(seed).lognormal(0.0, noise, runs)
    return pd.DataFrame(measures(hits * luck * own, np.full(runs, 6000.0 * arsenal)))


def cell_rows(worth: dict[int, float], levels: dict[str, object], noise: float = 0.01) -> pd.DataFrame:
    """All forces of a cell: {cycle: arsenals with which it hits as much as a cycle of 1 week does with arsenal 1}."""
    found = []
    for number, (cycle, arsenal) in enumerate(product((1, *worth), ARSENALS)):
        hits = 1000.0 * arsenal / worth.get(cycle, 1.0)
        found.append(force(hits, arsenal, noise=noise, seed=number).assign(**levels, cycle=cycle, arsenal=arsenal))
    return pd.concat(found, ignore_index=True)


def map_rows(worth: dict[tuple[object, ...], float], noise: float = 0.01, cycle: int = 32) -> pd.DataFrame:
    """Rows of a fair test: {(founders, makers, countermeasures): arsenals that the short cycle is worth there}."""
    found = []
    for place in product(*CELL_LEVELS.values()):
        levels = dict(zip(CELL_LEVELS, place, strict=True))
        known = worth[levels["founders"], levels["makers"], levels["countermeasures"]]
        found.append(cell_rows({8: known**0.5, cycle: known}, levels, noise))
    return pd.concat(found, ignore_index=True)


def swapped(rows: pd.DataFrame) -> pd.DataFrame:
    """The same races with the names of the shortest and the longest cycle exchanged."""
    least, most = rows["cycle"].min(), rows["cycle"].max()
    return rows.assign(cycle=rows["cycle"].replace({least: most, most: least}))
