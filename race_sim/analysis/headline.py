"""What the headline study showed, in words made of its tables alone."""

from __future__ import annotations

import pandas as pd

CELL = ("founders", "makers", "step", "variants", "countermeasures", "tempo")
"""Factors that tell the cells of the fair test apart."""

WORDS: dict[str, dict[object, str]] = {
    "founders": {"common": "common founders", "independent": "independent founders"},
    "makers": {6: "6 makers", 60: "60 makers"},
    "step": {"per_cycle": "equal steps a cycle", "per_elapsed_week": "steps grow with the cycle"},
    "variants": {"one": "1 variant a cycle", "many": "1 variant a week"},
    "countermeasures": {
        "area": "area countermeasures",
        "point": "point countermeasures of fixed capacity",
        "point_proportional": "point countermeasures that grow with the attack",
    },
    "tempo": {"fast": "fast red", "baseline": "baseline red", "slow": "slow red"},
}
"""Levels in words."""

RUNGS = ("never", "drift", "bench", "aim", "evidence", "copying")


def worst_cell(table: pd.DataFrame) -> pd.Series:
    """The row in which speed is worth least: by exchange rate, then by the ratio of hits with equal arsenals."""
    return table.sort_values(["worth", "ratio"], kind="stable").iloc[0]


def best_cell(table: pd.DataFrame) -> pd.Series:
    """The row in which speed is worth most."""
    return table.sort_values(["worth", "ratio"], kind="stable").iloc[-1]
