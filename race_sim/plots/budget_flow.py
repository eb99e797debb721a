"""Where a budget went: ribbons as wide as the euros they carry, from those who pay to what it ends in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from race_sim.analysis.policy_budget import HOME_TREASURY, MAKERS, PARTNERS_TREASURY, Budget
from race_sim.analysis.policy_ranking import euros_words
from race_sim.plots.style import INK, TEXT, caption, empty_figure

TREASURY_COLOURS = {HOME_TREASURY: "#0072b2", PARTNERS_TREASURY: "#e69f00"}
COLOURS = {
    **TREASURY_COLOURS,
    MAKERS: "#4d4d4d",
    "flown": "#0072b2",
    "in stock": "#56b4e9",
    "exported": "#009e73",
    "lost to strikes": "#d55e00",
    "mark-up of intermediaries": "#cc79a7",
    "interest": "#cc79a7",
}
OTHER = "#9a9a9a"
NODE = 0.025  # width of a bar, of the whole
GAP = 0.035  # between bars of a column, of the whole height
RIBBON_ALPHA = 0.45
COLUMN = (0.0, 0.32, 0.6, 1.0)  # where sources, treasuries, makers and ends stand
WIDTH, HEIGHT = 11.0, 6.4  # inches of one diagram


def budget_figure(budgets: Sequence[tuple[str, Budget]], title: str) -> Figure:
    """A diagram below another for each budget, all to the same scale: areas are in proportion to euros.

    Args:
        budgets: name and flows of each.
        title: what they show.
    """
    figure = empty_figure(WIDTH, HEIGHT * len(budgets) + 0.6)
    grid = figure.subplots(len(budgets), 1, squeeze=False)
    most = max(one.total for _, one in budgets)
    for axes, (name, one) in zip(grid.flat, budgets, strict=True):
        _draw(axes, one, most)
        axes.set_title(
            f"{name}: EUR {euros_words(one.total)} a week", loc="left", fontsize=TEXT["title"], fontweight="bold"
        )
    caption(figure, f"{title}\nBars and ribbons are as high as the euros a week are many; money is counted when paid.")
    return figure


def bars(one: Budget, most: float) -> dict[str, tuple[float, float, float]]:
    """Left edge, lower edge and height of the bar of each place; heights are euros over `most`."""
    inner = [name for name in (HOME_TREASURY, PARTNERS_TREASURY) if one.into(name) > 0.0]
    columns = (one.sources, inner, [MAKERS], sorted(one.ends, key=one.into, reverse=True))
    found = {}
    for left, names in zip(COLUMN, columns, strict=True):
        heights = [max(one.into(name), one.out_of(name)) / most for name in names]
        top = 0.5 + (sum(heights) + GAP * (len(names) - 1)) / 2
        for name, height in zip(names, heights, strict=True):
            found[name] = (left, top - height, height)
            top -= height + GAP
    return found


def _draw(axes: Axes, one: Budget, most: float) -> None:
    places = bars(one, most)
    left_at = {name: low + height for name, (_, low, height) in places.items()}
    right_at = dict(left_at)
    order = {name: -low for name, (_, low, _) in places.items()}
    entering: dict[tuple[str, str], float] = {}
    for flow in sorted(one.flows, key=lambda flow: (order[flow.target], order[flow.source])):
        left_at[flow.target] -= flow.euros / most
        entering[flow.source, flow.target] = left_at[flow.target]
    for flow in sorted(one.flows, key=lambda flow: (order[flow.source], order[flow.target])):
        right_at[flow.source] -= flow.euros / most
        ends = places[flow.source][0] + NODE, places[flow.target][0]
        lows = right_at[flow.source], entering[flow.source, flow.target]
        axes.add_patch(_ribbon(ends, lows, flow.euros / most, _colour(flow.source, flow.target)))
    for name, (left, low, height) in places.items():
        axes.add_patch(Rectangle((left, low), NODE, height, color=COLOURS.get(name, OTHER), linewidth=0))
    _name(axes, one, places)
    ends_low = min(low for _, low, _ in places.values())
    ends_high = max(low + height for _, low, height in places.values())
    axes.set_xlim(-0.24, 1.34)
    axes.set_ylim(ends_low - GAP, ends_high + 2 * GAP)
    axes.axis("off")


def _name(axes: Axes, one: Budget, places: dict[str, tuple[float, float, float]]) -> None:
    """Write what each bar is and how much it holds; names at the right keep apart."""
    below = np.inf
    for name, (left, low, height) in places.items():
        euros = max(one.into(name), one.out_of(name))
        said = f"{name}: {euros_words(euros)}"
        middle = low + height / 2
        if left == COLUMN[0]:
            axes.text(left - 0.01, middle, said, ha="right", va="center", fontsize=TEXT["small"], color=INK)
        elif left == COLUMN[-1]:
            middle = min(middle, below - GAP)
            below = middle
            share = f"{said} ({euros / one.total:.1%})"
            axes.text(left + NODE + 0.01, middle, share, ha="left", va="center", fontsize=TEXT["small"], color=INK)
        else:
            axes.text(left, low + height + 0.008, said, ha="left", va="bottom", fontsize=TEXT["small"], color=INK)


def _colour(source: str, target: str) -> str:
    return COLOURS.get(target, OTHER) if source == MAKERS else COLOURS.get(source, COLOURS.get(target, OTHER))


def _ribbon(ends: tuple[float, float], lows: tuple[float, float], height: float, colour: str) -> PathPatch:
    """A band of this height throughout from one bar to another."""
    (left, right), (start, end) = ends, lows
    middle = (left + right) / 2
    lower = [(left, start), (middle, start), (middle, end), (right, end)]
    upper = [(right, end + height), (middle, end + height), (middle, start + height), (left, start + height)]
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    shape = Path([*lower, *upper, (left, start)], [*codes, Path.CLOSEPOLY])
    return PathPatch(shape, facecolor=colour, alpha=RIBBON_ALPHA, linewidth=0)
