"""Figures of sensitivity: Sobol' indices and Morris' effects, with sampling and replicate noise drawn apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from race_sim.analysis.point_groups import Floats
from race_sim.plots.style import FAINT, INK, SERIES_COLOURS, SERIES_MARKERS, TEXT, caption, dress, empty_figure

MOST_FACTORS = 25  # rows of a screen; the others are in its table
ROW_HEIGHT = 0.46  # inches
APART = 0.13  # rows between a series and the middle of its row
INDEX_SPAN = (-0.3, 1.3)
"""Indices lie in 0 to 1; what goes beyond this is cut off, with an arrow."""
SAMPLING_WIDTH, REPLICATES_WIDTH, BOTH_WIDTH = 7.0, 2.6, 1.0  # points
BOUND_COLOUR = "#c0006a"
HOW = (
    "Thin line: 95% interval, both sources of chance together. Of these alone:\n"
    "pale bar, which points were drawn; dark bar, chance in the races at them."
)
ONE_RACE = "Pale bar: 95% interval over the points drawn.\nOne race a point: what chance in the races does is unknown."


def sensitivity_figure(table: pd.DataFrame, output_label: str) -> Figure:
    """Sobol' indices of every factor, the largest total first, from `sobol_table`; the noise's own share as a line.

    Args:
        table: a row a factor.
        output_label: what the indices are of.
    """
    ranked = table.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)
    figure = empty_figure(8.6, 2.5 + ROW_HEIGHT * len(ranked))
    axes = figure.subplots()
    _rows(axes, ranked)
    series = (("total", "total: alone or with others", -APART), ("first", "first order: alone", APART))
    for place, (name, _, shift) in enumerate(series):
        _draw(axes, ranked, name, place, np.arange(len(ranked), dtype=np.float64) + shift, INDEX_SPAN)
    share = float(ranked["noise_share"].iloc[0])
    known_noise = not math.isnan(share)
    of = "the expected output" if known_noise else "the output, chance in the races included,"
    dress(axes, "", f"share of the variance of {of} across points", "")
    axes.set_xlim(*_limits(ranked, ("first", "total")))
    keys = [_key(place, label) for place, (_, label, _) in enumerate(series)]
    if known_noise:
        axes.axvline(min(share, INDEX_SPAN[1]), color=SERIES_COLOURS[3], linestyle="--", linewidth=1.4)
        noise = f"noise left in means over races: {share:.2g} of their variance"
        keys.append(Line2D([], [], color=SERIES_COLOURS[3], linestyle="--", label=noise))
    _finish(figure, ranked, keys, f"What {output_label} depends on: Sobol' indices")
    return figure


def morris_figure(table: pd.DataFrame, output_label: str) -> Figure:
    """Mean absolute effect of every factor, the largest first, and beside it sigma, from `morris_table`.

    Args:
        table: a row a factor.
        output_label: the output, with its unit.
    """
    ranked = table.sort_values("mu_star", ascending=False, kind="stable").reset_index(drop=True)
    title = f"What {output_label} depends on: Morris' elementary effects"
    if len(ranked) > MOST_FACTORS:
        title += f", the largest {MOST_FACTORS} of {len(ranked)}"
        ranked = ranked.head(MOST_FACTORS)
    figure = empty_figure(10.4, 2.5 + ROW_HEIGHT * len(ranked))
    left, right = figure.subplots(1, 2, sharey=True, sharex=True)
    _rows(left, ranked)
    at = np.arange(len(ranked), dtype=np.float64)
    panels = ((left, "mu_star", "Mean absolute effect"), (right, "sigma", "Spread of effects over trajectories"))
    for place, (axes, name, title) in enumerate(panels):
        _draw(axes, ranked, name, place, at, (-math.inf, math.inf))
        noise = ranked[f"{name}_noise"].to_numpy(np.float64)
        axes.vlines(noise, at - 0.32, at + 0.32, color=SERIES_COLOURS[3], linestyle="--", linewidth=1.6)
        dress(axes, title, f"{output_label}, for the whole range", "")
        axes.set_xlim(left=0.0)
    keys = [_key(0, "mean absolute effect (mu*)"), _key(1, "sigma: 0 if in proportion and alone")]
    if not ranked["mu_star_noise"].isna().all():
        keys.append(Line2D([], [], color=SERIES_COLOURS[3], linestyle="--", label="what noise alone would give"))
    _finish(figure, ranked, keys, title)
    return figure


def _draw(axes: Axes, table: pd.DataFrame, name: str, place: int, at: Floats, span: tuple[float, float]) -> None:
    """Estimates with three intervals over one another, and the bounds where runs failed; cut at the span."""
    colour = SERIES_COLOURS[1 + place]
    for source, width, shade, alpha in (
        ("_sampling", SAMPLING_WIDTH, colour, 0.35),
        ("_replicates", REPLICATES_WIDTH, INK, 1.0),
        ("", BOTH_WIDTH, INK, 1.0),
    ):
        low, high = (np.clip(table[f"{name}{source}_{end}"].to_numpy(np.float64), *span) for end in ("low", "high"))
        axes.hlines(at, low, high, color=shade, linewidth=width, alpha=alpha, zorder=2)
    value = table[name].to_numpy(np.float64)
    low, high = (table[f"{name}_bound_{end}"].to_numpy(np.float64) for end in ("low", "high"))
    open_rows = high > low
    for ends in (low, high):
        axes.scatter(
            np.clip(ends, *span)[open_rows],
            at[open_rows],
            marker="|",
            s=110,
            color=BOUND_COLOUR,
            linewidth=1.8,
            zorder=4,
        )
    axes.scatter(np.clip(value, *span), at, **_marker(place), zorder=5)
    drawn = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(np.float64)
    for limit, arrow, beyond in ((span[0], "<", drawn < span[0]), (span[1], ">", drawn > span[1])):
        rows = at[beyond.any(axis=1)]
        axes.scatter(np.full(len(rows), limit), rows, marker=arrow, s=26, color=INK, zorder=6)


def _marker(place: int) -> dict[str, Any]:
    look = {"color": SERIES_COLOURS[1 + place], "marker": SERIES_MARKERS[place], "edgecolors": INK, "linewidths": 0.7}
    return {**look, "s": 38}


def _key(place: int, label: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=SERIES_COLOURS[1 + place],
        marker=SERIES_MARKERS[place],
        markeredgecolor=INK,
        linewidth=SAMPLING_WIDTH - 2.0,
        alpha=0.9,
        label=label,
    )


def _rows(axes: Axes, table: pd.DataFrame) -> None:
    axes.set_yticks(range(len(table)), table["factor"])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.axvline(0.0, color=INK, linewidth=1.0)


def _limits(table: pd.DataFrame, names: tuple[str, ...]) -> tuple[float, float]:
    """Limits of the axis: 0 to 1, and further as far as intervals go within the span."""
    ends = [f"{name}{source}_{end}" for name in names for source in ("", "_sampling") for end in ("low", "high")]
    values = np.clip(table[[*names, *ends]].to_numpy(np.float64), *INDEX_SPAN)
    known = values[~np.isnan(values)]
    return min(-0.04, float(known.min(initial=0.0)) - 0.03), max(1.04, float(known.max(initial=1.0)) + 0.03)


def _finish(figure: Figure, table: pd.DataFrame, keys: list[Line2D], title: str) -> None:
    first = table.iloc[0]
    left_out = int(first["groups_left_out"])
    if left_out:
        label = f"bounds: what {left_out} of {int(first['groups'])} groups, left out for failed runs, could change"
        mark: dict[str, Any] = {"marker": "|", "markersize": 10, "markeredgewidth": 1.8, "linestyle": "none"}
        keys.append(Line2D([], [], color=BOUND_COLOUR, label=label, **mark))
    one_race = table.filter(like="_replicates_").isna().all(axis=None)
    caption(figure, f"{title}\n{ONE_RACE if one_race else HOW}")
    figure.legend(handles=keys, loc="outside lower center", ncols=2, fontsize=TEXT["small"], frameon=False)
    for axes in figure.axes:
        axes.grid(visible=True, axis="y", color=FAINT, linewidth=0.4)
