"""What two levels add together beyond what each adds alone: a heat map with the numbers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from race_sim.analysis.cells import groups
from race_sim.analysis.intervals import rounded
from race_sim.analysis.policy_effects import FEWER, MORE
from race_sim.analysis.policy_family import Floats
from race_sim.plots.style import INK, TEXT, caption, empty_figure
from race_sim.plots.tornado import NOTE

COLOURS = "PuOr_r"
CELL_WIDTH, CELL_HEIGHT = 0.62, 0.42  # inches
LABEL_WIDTH, LABEL_HEIGHT, HEAD = 1.9, 1.7, 1.3  # inches for names of rows, names of columns, title and scale
DARK = 0.62  # of half the scale, from which numbers are white
LEAST_WIDTH = 9.0  # inches, for the caption
MOST_UPRIGHT = 4  # columns whose names are not turned
FAINT_ALPHA = 0.35  # opacity of cells without evidence


def interaction_figure(
    table: pd.DataFrame,
    x: str,
    y: str,
    *,
    panels: Sequence[str] = (),
    panel_words: Mapping[tuple[object, ...], str] | None = None,
    words: Callable[[str, object], str] = lambda _, level: str(level),
    label: str,
    title: str,
) -> Figure:
    """A heat map a panel: columns are levels of x, rows of y; cells without evidence are pale, others bold.

    Args:
        table: `x`, `y`, `panels`, `value` with limits and `evidence`, as `policy_effects.interaction_table` returns it.
        panels: factors of the panels.
        panel_words: titles of the panels.
        words: says a factor and its level.
        label: of the colours, with the unit.
        title: what it shows.
    """
    across, down = list(dict.fromkeys(table[x])), list(dict.fromkeys(table[y]))
    places = list(groups(table, panels)) if panels else [({}, table)]
    reach = float(np.abs(table["value"]).max()) or 1.0
    norm = TwoSlopeNorm(0.0, -reach, reach)
    width = LABEL_WIDTH + max(CELL_WIDTH * len(across), 2.0)
    height = LABEL_HEIGHT + CELL_HEIGHT * len(down)
    figure = empty_figure(max(width * len(places) + 0.8, LEAST_WIDTH), height + HEAD)
    grid = figure.subplots(1, len(places), squeeze=False)
    for axes, (place, here) in zip(grid.flat, places, strict=True):
        _cells(axes, here, (x, across), (y, down), norm)
        axes.set_title((panel_words or {}).get(tuple(place.values()), ""), loc="left", fontsize=TEXT["title"])
        turn = 90 if len(across) > MOST_UPRIGHT else 0  # degrees
        axes.set_xticks(range(len(across)), [words(x, level) for level in across], rotation=turn)
        axes.set_yticks(range(len(down)), [words(y, level) for level in down])
        axes.tick_params(labelsize=TEXT["small"], length=0)
    bar = figure.colorbar(ScalarMappable(norm, COLOURS), ax=list(grid.flat), shrink=0.8, aspect=30)
    bar.set_label(label, fontsize=TEXT["label"], color=INK)
    bar.ax.tick_params(labelsize=TEXT["small"])
    caption(figure, f"{title}\nBold: the interval leaves out 0; pale: no evidence. {NOTE}")
    return figure


def _cells(
    axes: Axes, here: pd.DataFrame, x: tuple[str, list[object]], y: tuple[str, list[object]], norm: TwoSlopeNorm
) -> None:
    values: Floats = np.full((len(y[1]), len(x[1])), np.nan)
    opacity: Floats = np.ones(values.shape)
    for _, row in here.iterrows():
        at = y[1].index(row[y[0]]), x[1].index(row[x[0]])
        shown = row["evidence"] in (MORE, FEWER)
        values[at], opacity[at] = row["value"], 1.0 if shown else FAINT_ALPHA
        dark = shown and abs(row["value"]) > DARK * float(norm.vmax or 1.0)
        axes.text(
            at[1],
            at[0],
            rounded(row["value"]),
            ha="center",
            va="center",
            fontsize=TEXT["small"] - 1.5,
            fontweight="bold" if shown else "normal",
            color="white" if dark else INK,
        )
    axes.imshow(np.ma.masked_invalid(values), cmap=COLOURS, norm=norm, alpha=opacity, aspect="auto")
    for side in axes.spines.values():
        side.set_visible(False)
