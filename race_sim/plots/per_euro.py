"""What the shortest cycle is worth in euros and in drones, over what a drone of the slower force costs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.cells import exchange_table, groups
from race_sim.analysis.headline import PER_EURO, level_words
from race_sim.plots.series import draw_series
from race_sim.plots.style import INK, TEXT, caption, dress, empty_figure, legend_below

LINES = ("counted", "founders")
PANELS = ("countermeasures", "cycle")
TICKS = (0.25, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0)
ROOM = 1.1  # factor by which the axis goes beyond what is drawn
SHIFT = 0.03  # of the axis, between lines, so that bars do not hide one another
PANEL = (4.6, 3.6)  # inches
LEAST_WIDTH = 7.6  # inches, for caption and legend


def exchange_per_euro(rows: pd.DataFrame) -> Figure:
    """Multiples of euros and of drones that the shortest cycle is worth, a panel a countermeasure and longer cycle."""
    table = exchange_table(rows, PER_EURO)
    smallest, largest = float(rows["arsenal"].min()), float(rows["arsenal"].max())
    places = list(groups(table, PANELS))
    across = table["cycle"].nunique()
    down = -(-len(places) // across)
    figure = empty_figure(max(PANEL[0] * across, LEAST_WIDTH), PANEL[1] * down + 1.2)
    grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    drawn = [1.0]
    for axes, (place, here) in zip(grid.flat, places, strict=False):
        drawn += _lines(axes, here, (smallest, largest))
        title = f"{level_words('countermeasures', place['countermeasures'])}, cycle of {place['cycle']} weeks"
        dress(axes, title, "unit cost of the slower force, over the faster's", "worth, in multiples")
    span = min(drawn) / ROOM, max(drawn) * ROOM
    for axes in grid.flat:
        axes.set_yscale("log")
        axes.set_ylim(*span)
        axes.axhline(1.0, color=INK, linewidth=1.1)
        axes.yaxis.set_major_locator(FixedLocator([tick for tick in TICKS if span[0] <= tick <= span[1]]))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.tick_params(labelsize=TEXT["small"])
    legend_below(figure, grid.flat[0], 2)
    caption(
        figure,
        f"Euros, or drones, that a {int(rows['cycle'].min())}-week cycle is worth against a longer one\n"
        f"Bars: 95% intervals. Tried: x{smallest:g} to x{largest:g}.",
    )
    return figure


def _lines(axes: Axes, here: pd.DataFrame, span: tuple[float, float]) -> list[float]:
    drawn: list[float] = []
    for number, line in enumerate(product(*(here[name].unique() for name in LINES))):
        own = here[(here[list(LINES)] == list(line)).all(axis=1)].sort_values("cost_ratio", kind="stable")
        at = own["cost_ratio"].to_numpy(np.float64) * (1.0 + SHIFT * (number - 1.5))
        label = ", ".join(map(level_words, LINES, line))
        drawn += draw_series(axes, at, own, "worth", number, label, span=span).tolist()
        limits = own[["worth_low", "worth_high"]].to_numpy(np.float64)
        drawn += np.clip(limits[~np.isnan(limits)], *span).tolist()
    return drawn
