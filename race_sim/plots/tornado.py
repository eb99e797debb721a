"""Effects of levels as bars from 0, the largest first, with intervals: a tornado."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from race_sim.analysis.cells import groups
from race_sim.analysis.policy_effects import FEWER, MORE
from race_sim.analysis.policy_family import ADJUSTED
from race_sim.plots.style import FAINT, INK, TEXT, caption, dress, empty_figure

COLOURS = {MORE: "#0072b2", FEWER: "#d55e00"}
NEUTRAL = {MORE: "#5e3c99", FEWER: "#5aae9b"}
"""For outputs of which neither more nor less is better."""
UNCLEAR = "#bdbdbd"
ROW_HEIGHT, PANEL_WIDTH, MARGIN = 0.3, 4.6, 2.2  # inches
LABEL_WIDTH = 2.4  # inches of the names beside the first panel
NOTE = f"{ADJUSTED.replace(' (', chr(10) + '(')}."
"""How intervals are adjusted, in two lines."""
MOST_IN_A_ROW = 3  # panels side by side
SQUARE = 2  # so many rows of so many panels, where that is all of them


def tornado_figure(
    table: pd.DataFrame,
    x: str,
    *,
    panels: Sequence[str] = (),
    panel_words: Mapping[tuple[object, ...], str] | None = None,
    words: Callable[[object], str] = str,
    label: str,
    title: str,
    colours: Mapping[str, str] = COLOURS,
) -> Figure:
    """Bars of an effects table, a panel each of its panels, rows in the same order in all.

    Args:
        table: `x`, `panels`, `value` with limits and `evidence`, as `policy_effects.effects_table` returns it.
        x: factor of the rows.
        panels: factors of the panels.
        panel_words: titles of the panels.
        words: says a level of x.
        label: of the axis, with the unit.
        title: what it shows.
        colours: of MORE and FEWER.
    """
    order = table.groupby(x, sort=False)["value"].mean().sort_values(ascending=False, kind="stable").index
    places = list(groups(table, panels)) if panels else [({}, table)]
    across = SQUARE if len(places) == SQUARE * SQUARE else min(len(places), MOST_IN_A_ROW)
    down = -(-len(places) // across)
    figure = empty_figure(
        LABEL_WIDTH + PANEL_WIDTH * across, (MARGIN / 2 + ROW_HEIGHT * len(order)) * down + MARGIN / 2
    )
    grid = figure.subplots(down, across, sharey=True, sharex=True, squeeze=False)
    for axes, (place, here) in zip(grid.flat, places, strict=False):
        _bars(axes, here.set_index(x).reindex(order), colours)
        dress(axes, (panel_words or {}).get(tuple(place.values()), ""), label, "")
        axes.tick_params(labelbottom=True)
        axes.set_yticks(range(len(order)), [words(level) for level in order])
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.grid(visible=True, axis="y", color=FAINT, linewidth=0.4)
    for axes in grid.flat[len(places) :]:
        axes.set_visible(False)
    keys = [Patch(color=colours[kind], label=kind) for kind in (MORE, FEWER)]
    keys.append(Patch(color=UNCLEAR, label="no evidence"))
    figure.legend(handles=keys, loc="outside lower center", ncols=3, fontsize=TEXT["small"], frameon=False)
    caption(figure, f"{title}\n{NOTE}")
    return figure


def _bars(axes: Axes, here: pd.DataFrame, colours: Mapping[str, str]) -> None:
    at = np.arange(len(here))
    value, low, high = (here[name].to_numpy(np.float64) for name in ("value", "value_low", "value_high"))
    axes.barh(at, value, color=[colours.get(kind, UNCLEAR) for kind in here["evidence"]], height=0.62, zorder=2)
    axes.hlines(at, low, high, color=INK, linewidth=1.2, zorder=3)
    axes.vlines(np.concatenate([low, high]), np.tile(at - 0.14, 2), np.tile(at + 0.14, 2), color=INK, linewidth=1.2)
    axes.axvline(0.0, color=INK, linewidth=1.0)
