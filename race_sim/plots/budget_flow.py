"""Where a budget went: ribbons as wide as the euros they carry, from those who pay to what it ends in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from race_sim.analysis.policy_budget import HOME_TREASURY, MAKERS, PARTNERS_TREASURY, Budget
from race_sim.analysis.policy_ranking import euros_words
from race_sim.plots.style import INK, TEXT, caption, empty_figure

COLOURS = {
    HOME_TREASURY: "#0072b2",
    PARTNERS_TREASURY: "#e69f00",
    MAKERS: "#4d4d4d",
    "flown": "#009e73",
    "in stock": "#8a6fb8",
    "exported": "#8c6239",
    "lost to strikes": "#d55e00",
    "mark-up of intermediaries": "#cc79a7",
    "interest": "#cc79a7",
}
OTHER = "#9a9a9a"
NODE = 0.025  # width of a bar, of the whole
GAP = 0.035  # between bars of a column, of the whole height
HEAD_LINE = 0.042  # height of a line of the heads, of the whole height
SWATCH = "\u25a0"  # a square in the colour of a bar
SWATCH_WIDTH = 0.024  # that such a square takes, of the whole
RIBBON_ALPHA = 0.45
MIDDLE = 0.5  # height about which bars of a column stand
COLUMN = (0.0, 0.32, 0.6, 1.0)  # where sources, treasuries, makers and ends stand
HEADS = {COLUMN[1]: 0.25, COLUMN[2]: 0.58}  # where names above treasuries and above makers begin
NOTE = (
    "Bars and ribbons are as high as the euros a week are many; money is counted when paid.\n"
    "Ribbons into and out of a treasury have its colour, ribbons out of makers that of what the money ended in."
)
WIDTH, HEIGHT = 11.0, 6.4  # inches of one diagram


def budget_figure(budgets: Sequence[tuple[str, Budget]], title: str) -> Figure:
    """A diagram below another for each budget, all to the same scale: areas are in proportion to euros.

    Treasuries and makers are named above the diagram, where no ribbon goes.

    Args:
        budgets: title and flows of each.
        title: what they show.
    """
    figure = empty_figure(WIDTH, HEIGHT * len(budgets) + 0.6)
    grid = figure.subplots(len(budgets), 1, squeeze=False)
    most = max(one.total for _, one in budgets)
    reach = max(_reach(bars(one, most)) for _, one in budgets)
    for axes, (name, one) in zip(grid.flat, budgets, strict=True):
        _draw(axes, one, most, reach)
        axes.set_title(
            f"{name}: EUR {euros_words(one.total)} a week", loc="left", fontsize=TEXT["title"], fontweight="bold"
        )
    caption(figure, f"{title}\n{NOTE}")
    return figure


def bars(one: Budget, most: float) -> dict[str, tuple[float, float, float]]:
    """Left edge, lower edge and height of the bar of each place; heights are euros over `most`."""
    inner = [name for name in (HOME_TREASURY, PARTNERS_TREASURY) if one.into(name) > 0.0]
    columns = (one.sources, inner, [MAKERS], sorted(one.ends, key=one.into, reverse=True))
    found = {}
    for left, names in zip(COLUMN, columns, strict=True):
        heights = [max(one.into(name), one.out_of(name)) / most for name in names]
        top = MIDDLE + (sum(heights) + GAP * (len(names) - 1)) / 2
        for name, height in zip(names, heights, strict=True):
            found[name] = (left, top - height, height)
            top -= height + GAP
    return found


def _reach(places: dict[str, tuple[float, float, float]]) -> float:
    """How far bars go from the middle, up and down alike."""
    return max(max(low + height - MIDDLE, MIDDLE - low) for _, low, height in places.values())


def _draw(axes: Axes, one: Budget, most: float, reach: float) -> None:
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
    top = MIDDLE + reach + GAP
    _name_ends(axes, one, places)
    _name_inner(axes, one, places, top)
    axes.set_xlim(-0.24, 1.34)
    axes.set_ylim(MIDDLE - reach - GAP, top + 2 * HEAD_LINE)
    axes.axis("off")


def _name_ends(axes: Axes, one: Budget, places: dict[str, tuple[float, float, float]]) -> None:
    """Write beside the outer bars what each is and how much it holds; names at the right keep apart."""
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


def _name_inner(axes: Axes, one: Budget, places: dict[str, tuple[float, float, float]], above: float) -> None:
    """Write above each inner column what its bars are and how much they hold, in their order, with their colours."""
    for column, head in HEADS.items():
        names = [name for name, (left, _, _) in places.items() if left == column]
        for line, name in enumerate(reversed(names)):
            height = above + line * HEAD_LINE
            said = f"{name}: {euros_words(max(one.into(name), one.out_of(name)))}"
            look: dict[str, Any] = {"ha": "left", "va": "bottom", "fontsize": TEXT["small"]}
            axes.text(head, height, SWATCH, color=COLOURS[name], **look)
            axes.text(head + SWATCH_WIDTH, height, said, color=INK, **look)


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
