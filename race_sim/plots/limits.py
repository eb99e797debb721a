"""The exchange rate over the levels of one factor that limits what either side can do."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.cells import exchange_table
from race_sim.analysis.headline import level_words
from race_sim.plots.series import draw_series
from race_sim.plots.style import INK, TEXT, caption, dress, empty_figure

LINES = ("founders", "step")
TICKS = (0.25, 0.35, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0, 16.0)
LABELS = {
    "point_capacity": "engagements of all point countermeasures a week, per sortie of an x1 attack",
    "targets": "targets a week (0: unlimited)",
}
ROOM = 1.08  # factor by which the axis goes beyond the intervals


def exchange_by(rows: pd.DataFrame, factor: str) -> Figure:
    """Arsenals that the shortest cycle is worth against the longest, over the levels of a factor."""
    table = exchange_table(rows, [*LINES, factor])
    table = table[table["cycle"] == table["cycle"].max()]
    levels = list(rows[factor].unique())
    smallest, largest = float(rows["arsenal"].min()), float(rows["arsenal"].max())
    figure = empty_figure(9.0, 5.2)
    axes = figure.subplots()
    dress(axes, "", LABELS[factor], "worth, in arsenals")
    lines = list(product(*(rows[name].unique() for name in LINES)))
    drawn: list[float] = [1.0]
    for place, line in enumerate(lines):
        here = table[(table[list(LINES)] == list(line)).all(axis=1)].set_index(factor).loc[levels]
        words = ", ".join(map(level_words, LINES, line)).replace("\n", " ")
        shift = 0.05 * (place - (len(lines) - 1) / 2)  # side by side, so that bars do not hide one another
        drawn += draw_series(
            axes, np.arange(len(levels)) + shift, here, "worth", place, words, span=(smallest, largest)
        ).tolist()
        limits = here[["worth_low", "worth_high"]].to_numpy(np.float64)
        drawn += np.clip(limits[~np.isnan(limits)], smallest, largest).tolist()
    axes.set_yscale("log")
    axes.axhline(1.0, color=INK, linewidth=1.1)
    axes.set_xticks(range(len(levels)), [f"{level:g}" for level in levels])
    span = min(drawn) / ROOM, max(drawn) * ROOM
    axes.set_ylim(*span)
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in TICKS if span[0] <= tick <= span[1]]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.legend(fontsize=TEXT["small"], frameon=False)
    shortest, longest = int(rows["cycle"].min()), int(rows["cycle"].max())
    kinds = ", ".join(level_words("countermeasures", kind) for kind in rows["countermeasures"].unique())
    caption(
        figure,
        f"Arsenals that a {shortest}-week cycle is worth against a cycle of {longest} weeks ({kinds})\n"
        f"Bars: 95% intervals. Tried: arsenals of x{smallest:g} to x{largest:g}.",
    )
    return figure
