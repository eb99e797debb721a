"""The figure of scenario discovery: points in the two most telling factors, with the boxes of rules."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from race_sim.analysis.discovery import Discovery, Rule
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.rule_tree import FEW_LEVELS, Condition, Floats
from race_sim.plots.style import INK, TEXT, caption, dress, empty_figure

HOLDS, FAILS, UNCLEAR = "#0072b2", "#e69f00", "#8a8a8a"
SPREAD = 0.36  # of the distance of two levels: as far points that share a level are drawn to either side of it
FILLINGS = (0.6180339887498949, 0.41421356237309515)
"""Multiples of these, less whole numbers, fill an interval evenly; one for each axis, so that they fill a square."""
MARGIN = 0.03  # of an axis, beyond its points
INSET = 0.008  # of an axis, by which boxes of neighbouring rules keep apart


def discovery_figure(levels: pd.DataFrame, outcome: npt.ArrayLike, discovery: Discovery, outcome_label: str) -> Figure:
    """Points in the two factors that tell most, by outcome, and the boxes of the rules worth telling.

    Where the tree has fewer than two factors, the first of the others stand in.

    Args:
        levels: a row a point, a column a factor, two at least, as `discover` took them.
        outcome: probability that the outcome holds, NaN where unclear; drawn as holding above 0.5.
        discovery: what was found.
        outcome_label: the outcome, a clause such as "the short cycle hits more".
    """
    chance = np.asarray(outcome, np.float64)
    factors = [*discovery.importance, *(name for name in levels.columns if name not in discovery.importance)]
    across, up = _Scale(levels[factors[0]], FILLINGS[0]), _Scale(levels[factors[1]], FILLINGS[1])
    rules = discovery.told
    figure = empty_figure(8.4, 6.2 + 0.24 * len(rules))
    axes = figure.subplots()
    dress(axes, "", str(factors[0]), str(factors[1]))
    axes.grid(visible=False)
    _draw_points(axes, across.at, up.at, chance, outcome_label)
    across.label(axes, "x")
    up.label(axes, "y")
    for number, rule in enumerate(rules, start=1):
        _draw_box(axes, (across, up), rule, number)
    figure.legend(
        *_keys(axes, rules), loc="outside lower left", ncols=1, fontsize=TEXT["small"], frameon=False, alignment="left"
    )
    shares = "; shares are of points that had no say in the rules" if rules else ": no rule was found, beyond chance"
    further = f", {discovery.unclear} unclear" if discovery.unclear else ""
    caption(
        figure,
        f"Where {outcome_label}{shares}\n{discovery.points} points{further}; overall {_share(discovery.base_rate)}",
    )
    return figure


class _Scale:
    """Places of levels along an axis: numbers as they are; few levels, and choices, evenly and spread about each."""

    def __init__(self, levels: pd.Series, filling: float) -> None:
        self._factor = str(levels.name)
        is_number = is_numeric_dtype(levels) and not is_bool_dtype(levels)
        values = levels.to_numpy(np.float64) if is_number else levels.astype(str).to_numpy(str)
        every, place = np.unique(values, return_inverse=True)
        self._levels = None if is_number and len(every) > FEW_LEVELS else every
        if self._levels is None:
            self.at: Floats = np.asarray(values, np.float64)
            low, high = float(self.at.min()), float(self.at.max())
            reach = MARGIN * (high - low)
            self.span = (low - reach, high + reach)
            return
        self.at = place + SPREAD * (2.0 * (np.arange(1, len(values) + 1) * filling % 1.0) - 1.0)
        self.span = (-0.5, len(every) - 0.5)

    def label(self, axes: Axes, along: str) -> None:
        axis = axes.xaxis if along == "x" else axes.yaxis
        (axes.set_xlim if along == "x" else axes.set_ylim)(*self.span)
        if self._levels is not None:
            words = [f"{level:g}" if isinstance(level, float) else str(level) for level in self._levels.tolist()]
            axis.set_ticks(range(len(words)), words)
            for between in np.arange(0.5, len(words) - 1):
                (axes.axvline if along == "x" else axes.axhline)(between, color="#cccccc", linewidth=0.6, zorder=0)

    def stretches(self, conditions: tuple[Condition, ...]) -> Iterator[tuple[float, float]]:
        """Stretches of the axis that these conditions allow."""
        own = [condition for condition in conditions if condition.factor == self._factor]
        if not own:
            yield self.span
        elif self._levels is None:
            yield max(own[0].low, self.span[0]), min(own[0].high, self.span[1])
        else:
            allowed = own[0].holds(pd.DataFrame({self._factor: self._levels}))
            for inside, run in groupby(range(len(allowed)), key=lambda place: bool(allowed[place])):
                places = list(run)
                if inside:
                    yield places[0] - 0.5, places[-1] + 0.5

    @property
    def inset(self) -> float:
        """By which a box keeps away from its neighbour."""
        return INSET * (self.span[1] - self.span[0])


def _draw_points(axes: Axes, x: Floats, y: Floats, chance: Floats, outcome_label: str) -> None:
    unclear = np.isnan(chance)
    for chosen, colour, marker, size, label in (
        (~unclear & (chance <= 0.5), FAILS, "x", 26, "does not hold"),
        (~unclear & (chance > 0.5), HOLDS, "o", 26, f"holds: {outcome_label}"),
        (unclear, UNCLEAR, ".", 16, "unclear: no evidence"),
    ):
        if chosen.any():
            axes.scatter(
                x[chosen], y[chosen], s=size, color=colour, marker=marker, linewidths=1.1, alpha=0.8, label=label
            )


def _draw_box(axes: Axes, scales: tuple[_Scale, _Scale], rule: Rule, number: int) -> None:
    across, up = scales
    for left, right in across.stretches(rule.conditions):
        for bottom, top in up.stretches(rule.conditions):
            corner = (left + across.inset, bottom + up.inset)
            size = (right - left - 2.0 * across.inset, top - bottom - 2.0 * up.inset)
            look: dict[str, Any] = {"linewidth": 2.2, "linestyle": "-" if rule.more else "--"}
            axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=INK, zorder=4, **look))
            axes.annotate(
                str(number),
                (corner[0], corner[1] + size[1]),
                xytext=(4, -4),
                textcoords="offset points",
                ha="left",
                va="top",
                fontweight="bold",
                color=INK,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
                zorder=5,
            )


def _keys(axes: Axes, rules: tuple[Rule, ...]) -> tuple[list[Artist], list[str]]:
    """The legend: outcomes, then a line a rule with the share in it."""
    handles, labels = axes.get_legend_handles_labels()
    for number, rule in enumerate(rules, start=1):
        handles.append(Line2D([], [], color=INK, linewidth=2.2, linestyle="-" if rule.more else "--"))
        labels.append(f"{number}: {rule.words}: {_share(rule.density)}, {'more' if rule.more else 'less'} than overall")
    return handles, labels


def _share(estimate: Estimate) -> str:
    if estimate.interval is None:
        return "unknown" if math.isnan(estimate.value) else f"{estimate.value:.0%}"
    low, high = estimate.interval
    return f"{estimate.value:.0%} [{low:.0%}, {high:.0%}]"
