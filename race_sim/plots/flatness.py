"""The figure of flatness: the calibrated measures over the range of each parameter, and what the bands pin down."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from race_sim.analysis.band import Band
from race_sim.plots.style import (
    BAND,
    FAINT,
    INK,
    KIND_COLOURS,
    SERIES_COLOURS,
    SERIES_MARKERS,
    TEXT,
    caption,
    dress,
    empty_figure,
    legend,
)

if TYPE_CHECKING:
    from race_sim.study.flatness import Cloud, End, Flatness

ROW_HEIGHT = 0.19  # inches
PANEL_WIDTH = 2.7  # inches
TITLE_LETTERS = 30  # of a line of a panel's title
LEAST_MOVE = 0.1  # of the width of a band
INSIDE_COLOUR, OUTSIDE_COLOUR = KIND_COLOURS["workshops"], KIND_COLOURS["primes"]
BAND_COLOUR = SERIES_COLOURS[2]
POINT_MARKERS = (*SERIES_MARKERS, "P", "X")
MARKERS = {"low": "<", "high": ">", "choice": "D"}
BEYOND = 1.35  # the axis ends at this multiple of the band's upper limit; what lies further is drawn at its edge


def flatness_figure(result: Flatness) -> Figure:
    """A row a parameter, those that leave a band first; a column a calibrated measure, the last for all together.

    Parameters that neither leave a band nor move any measure by a tenth of its band are left out.
    """
    rows, left_out = _order(result)
    bands = [finding.band for finding in result.base]
    columns = len(bands) + (1 if result.clouds else 0)
    figure = empty_figure(3.2 + PANEL_WIDTH * columns, 2.2 + ROW_HEIGHT * len(rows))
    panels = np.atleast_1d(figure.subplots(1, columns, sharey=True))
    heights = {path: height for height, path in enumerate(rows)}
    for place, band in enumerate(bands):
        _draw_measure(panels[place], result, heights, place, band)
    if result.clouds:
        _draw_distances(panels[-1], result.clouds[-1], heights)
    panels[0].set_yticks(range(len(rows)), rows, fontsize=TEXT["small"] - 1)
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    for axes in panels:
        axes.axhline(len(result.leaving) - 0.5, color=INK, linewidth=0.8, linestyle=":")
    caption(
        figure,
        f"{result.scenario.title}: each parameter at the ends of its plausible range, one at a time; above the dotted "
        "line, those that leave a band.\n"
        "Green: the bands. At the right edge: further off, or half of the designs never fail. Not shown: "
        f"{left_out} parameters that move no measure by a tenth of its band.",
    )
    figure.legend(handles=_keys(), loc="outside lower center", ncols=5, fontsize=TEXT["small"], frameon=False)
    return figure


def _order(result: Flatness) -> tuple[list[str], int]:
    """Parameters by how far they move any measure, in widths of its band, and how many are left out.

    Those that leave a band come first.
    """
    ranks: dict[str, tuple[bool, float]] = {}
    for end in result.ends:
        moves = [
            abs(finding.estimate.value - own.estimate.value) / (finding.band.high - finding.band.low)
            for finding, own in zip(end.findings, result.base, strict=True)
        ]
        move = max((math.inf if math.isnan(one) else one for one in moves), default=0.0)
        leaves, before = ranks.get(end.path, (False, 0.0))
        ranks[end.path] = (leaves or not end.inside, max(before, move))
    ordered = sorted(ranks, key=lambda path: (not ranks[path][0], -ranks[path][1], path))
    kept = [path for path in ordered if ranks[path][0] or ranks[path][1] >= LEAST_MOVE]
    return kept, len(ordered) - len(kept)


def _draw_measure(axes: Axes, result: Flatness, heights: dict[str, int], place: int, band: Band) -> None:
    words = band.what[:1].upper() + band.what[1:]
    dress(axes, textwrap.fill(words, TITLE_LETTERS), "" if band.unit == "1" else band.unit, "")
    axes.axvspan(band.low, band.high, color=BAND_COLOUR, alpha=BAND, linewidth=0)
    own, last = result.base[place].estimate.value, band.high * BEYOND
    axes.axvline(own, color=INK, linewidth=0.9)
    axes.set_xlim(0.0, last * 1.03)
    for end_name, marker in MARKERS.items():
        ends = [end for end in result.ends if end.end == end_name and end.path in heights]
        rows = np.array([heights[end.path] for end in ends])
        shown = np.array([_shown(end, place, last) for end in ends])
        colours = [INSIDE_COLOUR if end.findings[place].holds else OUTSIDE_COLOUR for end in ends]
        axes.hlines(rows, own, shown, colors=colours, linewidth=1.6, alpha=0.7)
        axes.scatter(shown, rows, s=20, c=colours, marker=marker, clip_on=False, zorder=3)
        for row in rows[np.isnan(shown)]:
            axes.text(0.01 * last, row, "not measured", fontsize=TEXT["small"] - 2, va="center", color=INK)


def _shown(end: End, place: int, last: float) -> float:
    return min(end.findings[place].estimate.value, last)


def _draw_distances(axes: Axes, cloud: Cloud, heights: dict[str, int]) -> None:
    """Distances as multiples of what chance gives the farthest parameter: beyond 1 a parameter is pinned down."""
    dress(axes, f"All together, {cloud.span:.0%} of every range", "distance of what fits (1: beyond chance)", "")
    known = {name: one for name, one in cloud.pinnings.items() if not math.isnan(one.critical)}
    if not known:
        axes.text(0.5, 0.5, "too few points fit,\nor fail, to tell", transform=axes.transAxes, ha="center", color=INK)
    for place, (name, one) in enumerate(known.items()):
        colour, marker = SERIES_COLOURS[place % len(SERIES_COLOURS)], POINT_MARKERS[place]
        pins = [pin for pin in one.pins if pin.path in heights]
        distances = np.array([pin.distance / one.critical for pin in pins])
        rows = np.array([heights[pin.path] for pin in pins])
        colours = [colour if pin.detected else FAINT for pin in pins]
        axes.scatter(distances, rows, s=24, c=colours, marker=marker, edgecolors="#777777", linewidths=0.4)
        axes.scatter([], [], color=colour, marker=marker, label=name.replace("_", " "))
    axes.axvline(1.0, color=INK, linestyle="--", linewidth=1.0)
    axes.set_xlim(left=0.0)
    legend(axes, place="lower right", title="points inside")


def _keys() -> list[Line2D]:
    return [
        Line2D([], [], color=INSIDE_COLOUR, marker="<", linewidth=1.6, label="low end, inside the band"),
        Line2D([], [], color=INSIDE_COLOUR, marker=">", linewidth=1.6, label="high end, inside"),
        Line2D([], [], color=OUTSIDE_COLOUR, marker=">", linewidth=1.6, label="outside"),
        Line2D([], [], color=INSIDE_COLOUR, marker="D", linewidth=1.6, label="another choice"),
        Line2D([], [], color=INK, linestyle="--", label="beyond it: pinned down (5% for all together)"),
    ]
