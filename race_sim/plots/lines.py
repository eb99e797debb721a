"""A measure over a factor, with intervals: a line for each level of one factor, a panel for each level of others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from race_sim.analysis.cells import groups
from race_sim.plots.phase import panel_title
from race_sim.plots.series import draw_series
from race_sim.plots.style import FAINT, INK, SERIES_MARKERS, caption, dress, empty_figure, fitting, legend_below

WIDTH, HEIGHT = 4.3, 3.4  # inches of a panel
MOST_ACROSS = 3  # panels side by side
SQUARE = 2  # so many rows of so many panels, where that is all of them
NARROW = 4.0  # ratio of the ends of a logarithmic axis below which powers of two would be too few ticks
TICKS = 5  # of such an axis, about
MOST_TICKS = 10  # levels of x that are all named
MOST_SERIES = len(SERIES_MARKERS)
SPREAD = 0.35  # of the least distance between levels, over which series lie side by side
EDGE = 0.04  # share of the axis left free beyond what is shown, where values beyond all bounds are drawn
LEAST_DECADES = 0.1  # of a logarithmic axis: tiny differences do not fill it


def lines_figure(
    table: pd.DataFrame,
    x: str,
    value: str,
    *,
    series: str | None = None,
    panels: Sequence[str] = (),
    panel_words: Mapping[tuple[object, ...], str] | None = None,
    labels: Mapping[str, str],
    scales: Mapping[str, str],
    level: float | None = None,
    title: str = "",
) -> Figure:
    """Estimates over x with their 95% intervals as bars.

    Series stand a little apart along x, so that bars do not hide one another. Zero on a logarithmic axis and infinity
    stand for "beyond what was tried" and lie at the edge, as large triangles; so do ends of bars. Absent limits have no
    bar.

    Args:
        table: x, `series`, `panels` and the columns `value`, `{value}_low`, `{value}_high`; a row a point.
        x: factor along the axis; levels that are not numbers stand side by side.
        value: name of the estimate.
        series: factor with a line for each of its levels, `MOST_SERIES` at most.
        panels: factors whose levels have axes of their own.
        panel_words: {levels of a panel: its title}; "factor level" if not given.
        labels: {x, value and series: what stands at the axes, with units, and above the legend}.
        scales: {x and value: "log" or "linear"}.
        level: value to which a line is drawn, such as 1 for a ratio.
        title: what the figure shows, above all.

    Raises ValueError for more than `MOST_SERIES` series: their looks would come twice.
    """
    lines = list(table[series].unique()) if series is not None else [None]
    if len(lines) > MOST_SERIES:
        raise ValueError(f"{len(lines)} levels of {series}: at most {MOST_SERIES} lines keep apart")
    parts = list(groups(table, panels)) if panels else [({}, table)]
    across = SQUARE if len(parts) == SQUARE * SQUARE else min(len(parts), MOST_ACROSS)
    down = math.ceil(len(parts) / across)
    figure = empty_figure(max(WIDTH * across, 5.5), HEIGHT * down + 1.1)
    every = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True).ravel()
    for axes in every[len(parts) :]:
        axes.set_visible(False)
    levels = _Levels(table, x, scales[x])
    span = _span(table, value, scales[value], level)
    for (place, here), axes in zip(parts, every, strict=False):
        dress(axes, fitting(panel_title(place, panel_words), WIDTH), labels[x], fitting(labels[value], HEIGHT))
        axes.tick_params(labelbottom=True, labelleft=True)
        if level is not None:
            axes.axhline(level, color=INK, linewidth=1.1)
        for number, line in enumerate(lines):
            own = here if series is None else here[here[series] == line]
            own = own.iloc[np.argsort(levels.places(own[x]), kind="stable")]
            _draw_line(axes, levels.places(own[x], number, len(lines)), own, value, number, str(line), span)
        _scale_axes(axes, levels, scales[value], span)
    if series is not None:
        legend_below(figure, every[0], len(lines))
        figure.legends[0].set_title(labels[series])
    bars = "Bars: 95% intervals"
    beyond = f"{bars}; triangles: beyond what was tried" if _any_beyond(table, value, span) else bars
    caption(figure, f"{title}\n{beyond}" if title else beyond)
    return figure


class _Levels:
    """Where the levels of x stand along its axis."""

    def __init__(self, table: pd.DataFrame, x: str, scale: str) -> None:
        self.names = list(table[x].unique())
        self.numbers = pd.api.types.is_numeric_dtype(table[x]) and not pd.api.types.is_bool_dtype(table[x])
        self.log = self.numbers and scale == "log"
        if self.numbers:
            self.names.sort()
        at = self._on_axis(np.arange(len(self.names)) if not self.numbers else np.array(self.names, np.float64))
        self._gap = float(np.diff(at).min()) if len(at) > 1 else 1.0

    def places(self, column: pd.Series, number: int = 0, lines: int = 1) -> np.ndarray:
        """Places of these levels for the line of this number out of so many."""
        values = column.to_numpy(np.float64) if self.numbers else np.array([self.names.index(one) for one in column])
        shift = 0.0 if lines == 1 else SPREAD * self._gap * (number / (lines - 1) - 0.5)
        shifted = self._on_axis(values) + shift
        return np.exp2(shifted) if self.log else shifted

    def _on_axis(self, values: np.ndarray) -> np.ndarray:
        return np.log2(values) if self.log else values.astype(np.float64)


def _span(table: pd.DataFrame, value: str, scale: str, level: float | None) -> tuple[float, float]:
    """Limits of the value axis: all that is neither beyond nor absent, the line at `level`, and some room."""
    shown = table[[value, f"{value}_low", f"{value}_high"]].to_numpy(np.float64).ravel()
    shown = shown[np.isfinite(shown) & ((shown > 0.0) | (scale == "linear"))]
    shown = np.append(shown, [] if level is None else [level])
    if len(shown) == 0:
        return (0.5, 2.0) if scale == "log" else (0.0, 1.0)
    if scale == "linear":
        low, high = float(shown.min()), float(shown.max())
        room = EDGE * ((high - low) or abs(high) or 1.0)
        return (low - room if low < 0.0 else 0.0), (high + room if high > 0.0 else 0.0)
    low, high = np.log(shown.min()), np.log(shown.max())
    room = max(EDGE * (high - low), LEAST_DECADES)
    return float(np.exp(low - room)), float(np.exp(high + room))


def _draw_line(
    axes: Axes, at: np.ndarray, own: pd.DataFrame, value: str, number: int, label: str, span: tuple[float, float]
) -> None:
    """Drawn values of a line, and triangles where the estimate lies beyond what was tried."""
    drawn = draw_series(axes, at, own, value, number, label, span=span)
    raw = own[value].to_numpy(np.float64)
    for marker, beyond in (("^", raw > span[1]), ("v", raw < span[0])):
        if beyond.any():
            look: dict[str, Any] = {"color": INK, "markersize": 9, "linestyle": "none"}
            axes.plot(at[beyond], drawn[beyond], marker=marker, clip_on=False, zorder=5, **look)


def _any_beyond(table: pd.DataFrame, value: str, span: tuple[float, float]) -> bool:
    raw = table[value].to_numpy(np.float64)
    return bool(((raw < span[0]) | (raw > span[1])).any())


def _scale_axes(axes: Axes, levels: _Levels, scale: str, span: tuple[float, float]) -> None:
    if levels.log:
        axes.set_xscale("log", base=2)
    if not levels.numbers:
        axes.set_xticks(np.arange(len(levels.names)), [str(name) for name in levels.names])
    elif len(levels.names) <= MOST_TICKS:
        axes.xaxis.set_major_locator(FixedLocator([float(name) for name in levels.names]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda place, _: f"{place:g}"))
    if scale == "log":
        axes.set_yscale("log", base=2)
        if span[1] < NARROW * span[0]:
            axes.yaxis.set_major_locator(FixedLocator(MaxNLocator(TICKS).tick_values(*span)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda place, _: f"{place:.3g}"))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(*span)
    axes.yaxis.grid(visible=True, color=FAINT)
