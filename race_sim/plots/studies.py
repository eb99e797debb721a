"""The figures a study may ask for, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.figure import Figure

from race_sim.analysis.headline import CELL, RUNGS
from race_sim.errors import InputError
from race_sim.plots.arsenals import arsenal_factors_figure, learning_figure, shared_figure
from race_sim.plots.exchange import exchange_curves, exchange_map
from race_sim.plots.gains import controls_figure, ladder_figure
from race_sim.scenario.text import did_you_mean, nearest, shown

Parts = Mapping[str, pd.DataFrame]


def _curves(kind: str) -> Callable[[pd.DataFrame, Parts], Figure]:
    return lambda rows, _: exchange_curves(rows[rows["countermeasures"] == kind], CELL)


FIGURES: dict[str, Callable[[pd.DataFrame, Parts], Figure]] = {
    "exchange_map": lambda rows, _: exchange_map(rows),
    "exchange_curves_area": _curves("area"),
    "exchange_curves_point": _curves("point"),
    "exchange_curves_growing": _curves("point_proportional"),
    "controls": lambda rows, _: controls_figure(rows),
    "ladder": lambda rows, _: ladder_figure(rows, RUNGS),
    "arsenal_factors": lambda rows, _: arsenal_factors_figure(rows),
    "learning": lambda rows, _: learning_figure(rows),
    "shared": lambda rows, parts: shared_figure(rows, parts.get("map")),
}
"""Each takes the rows of the part that asks for it, and those of all parts that were run."""


def check_figure(name: str) -> None:
    """Raises InputError unless there is a figure of this name."""
    if name not in FIGURES:
        raise InputError(
            f"there is no figure {shown(name)}.{did_you_mean(nearest(name, FIGURES))} There are {', '.join(FIGURES)}."
        )
