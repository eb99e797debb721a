"""Rows of policies that were never raced: what each adds to hits and spending is known."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

RUNS = 30
HITS, SPENDING = 1000.0, 8_000_000.0  # a week without any policy


def policy_rows(
    effects: Mapping[str, tuple[float, float]], *, founders: tuple[str, ...] = ("common", "independent"), seed: int = 1
) -> pd.DataFrame:
    """Races of {policy: (hits a week more, euros a week more)} and of "none", on the same seeds."""
    draws = np.random.default_rng(seed)
    found = []
    for origin in founders:
        luck, money = draws.normal(0.0, 40.0, RUNS), draws.normal(0.0, 30_000.0, RUNS)
        for name, (hits, euros) in {"none": (0.0, 0.0), **effects}.items():
            found.append(
                pd.DataFrame(
                    {
                        "founders": origin,
                        "policy": name,
                        "seed": np.arange(1, RUNS + 1, dtype=np.uint64),
                        "total_hits": HITS + hits + luck + draws.normal(0.0, 10.0, RUNS),
                        "public_spending": SPENDING + euros + money + draws.normal(0.0, 5000.0, RUNS),
                        "front_decision_week_central": np.where(np.arange(RUNS) % 2, 100.0 - hits / 10, np.nan),
                        "front_balance_end_central": np.where(np.arange(RUNS) % 2, 1.0, 0.2),
                    }
                )
            )
    return pd.concat(found, ignore_index=True)
