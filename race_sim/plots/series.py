"""Series of estimates with their intervals, in one look for all figures."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from race_sim.plots.style import INK, SERIES_COLOURS, SERIES_LINES, SERIES_MARKERS

Floats = npt.NDArray[np.float64]


def series_style(place: int, *, joined: bool = True) -> dict[str, Any]:
    """Colour, marker and line of the series at this place, so that each differs from its neighbours in all three."""
    return {
        "color": SERIES_COLOURS[place % len(SERIES_COLOURS)],
        "marker": SERIES_MARKERS[place % len(SERIES_MARKERS)],
        "linestyle": SERIES_LINES[place % len(SERIES_LINES)] if joined else "none",
        "markersize": 5,
        "markeredgecolor": INK,
        "markeredgewidth": 0.5,
        "linewidth": 1.4,
        "capsize": 2.5,
    }


def draw_series(
    axes: Axes,
    at: npt.ArrayLike,
    table: pd.DataFrame,
    name: str,
    place: int,
    label: str,
    *,
    span: tuple[float, float] = (-math.inf, math.inf),
    along: Literal["x", "y"] = "x",
    joined: bool = True,
    **look: Any,
) -> Floats:
    """Draw columns `name`, `name_low`, `name_high` of a table, row by row, with bars for the intervals.

    Args:
        axes: where to draw.
        at: places of the rows along the axis `along`.
        table: the estimates; absent limits are NaN and draw no bar.
        name: of the estimate.
        place: of the series among those of the axes; decides its look.
        label: for the legend.
        span: values beyond it are drawn at its ends.
        along: axis of the places; values go along the other.
        joined: whether a line joins the points.
        look: what differs from `series_style`.

    Returns the values as drawn.
    """
    estimates = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(np.float64)
    value, low, high = np.clip(estimates, *span).T
    reaches = np.array([value - low, high - value])
    points = {"x": at, "y": value, "yerr": reaches} if along == "x" else {"x": value, "y": at, "xerr": reaches}
    axes.errorbar(**points, label=label, **{**series_style(place, joined=joined), **look})
    return np.asarray(value)
