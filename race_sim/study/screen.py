"""Which factors a Morris screen found to move an output most."""

from __future__ import annotations

import pandas as pd

from race_sim.analysis.sensitivity import morris_table
from race_sim.study.definition import Part, Screen
from race_sim.study.values import unit_of, values_of


def screened(part: Part, screen: Screen, points: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Names of the factors, in the order of their part.

    Args:
        part: with a Morris design.
        screen: how many factors are wanted, and by which output.
        points: rows of its design.
        rows: one a point and seed.
    """
    table = morris_table(unit_of(points), values_of(rows, screen.output, len(points)), list(part.factors)).sort_values(
        "mu_star", ascending=False, kind="stable"
    )
    most = set(table["factor"].head(screen.most))
    return [name for name in part.factors if name in most]
