"""The figure of a comparison: weekly hits of both scenarios, and the way from A's hits to B's, term by term."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.analysis.contrast import Contrast, Side
from race_sim.analysis.explanation import TERM_NAMES, headline
from race_sim.analysis.intervals import Estimate, rounded
from race_sim.plots.style import BAND, FAINT, INK, TEXT, dress, empty_figure, legend, shade_burn_in
from race_sim.records import TOTAL

COLOURS = ("#0072b2", "#d55e00")  # of A and B: blue and vermilion keep apart for colour-blind readers
LINES = ("-", "--")
GAIN, LOSS = "#009e73", "#cc79a7"
BAND_PERCENTILES = (10.0, 90.0)
ROOM = 0.12  # of the span of the bars, left free on either side


def comparison_figure(contrast: Contrast) -> Figure:
    """Left: hits week by week, means and bands over runs. Right: bars from A's mean hits to B's, with intervals."""
    figure = empty_figure(13.0, 5.6)
    weekly, terms = figure.subplots(1, 2, width_ratios=(1.0, 1.25))
    _draw_weeks(weekly, contrast)
    _draw_terms(terms, contrast)
    runs = "one pair of races" if contrast.runs == 1 else f"{contrast.runs} pairs of races with the same seeds"
    figure.suptitle(
        f"B, {contrast.b.label}, against A, {contrast.a.label}: {runs}\n{headline(contrast)}",
        x=0.01,
        ha="left",
        fontsize=TEXT["title"] + 1.5,
        color=INK,
        wrap=True,
    )
    return figure


def _draw_weeks(axes: Axes, contrast: Contrast) -> None:
    bands = "" if contrast.runs == 1 else "band: 10th to 90th percentile of runs; "
    dress(axes, "Hits week by week", f"week ({bands}grey: not measured)", "hits a week, all makers")
    for name, side, colour, line in zip("AB", (contrast.a, contrast.b), COLOURS, LINES, strict=True):
        hits = _weekly_hits(side)
        weeks = np.arange(hits.shape[1])
        axes.plot(weeks, hits.mean(axis=0), color=colour, linestyle=line, linewidth=1.6, label=f"{name}: {side.label}")
        if contrast.runs > 1:
            low, high = np.percentile(hits, BAND_PERCENTILES, axis=0)
            axes.fill_between(weeks, low, high, color=colour, alpha=BAND, linewidth=0)
    shade_burn_in(axes, contrast.a.first_week)
    axes.set_xlim(0, max(contrast.a.records.weeks - 1, 1))
    axes.set_ylim(bottom=0.0)
    legend(axes)


def _weekly_hits(side: Side) -> np.ndarray[Any, Any]:
    return np.asarray(side.records.weekly["kinds"]["hits"][:, :, TOTAL])


def _draw_terms(axes: Axes, contrast: Contrast) -> None:
    """A waterfall from top to bottom; each bar begins where the one above it ends."""
    hits = contrast.quantities["total_hits"]
    dress(axes, "From A's hits to B's, term by term", "hits a week", "")
    level = hits.a.value
    edges = [level, hits.b.value]
    for place, term in enumerate(contrast.of_all, start=1):
        change = term.difference.value
        edges += [level, level + change, *(level + limit for limit in term.difference.interval or ())]
        colour = GAIN if change > 0.0 else LOSS
        bar = axes.barh(place, change, left=level, height=0.62, color=colour, edgecolor=INK, linewidth=0.6)
        bar.patches[0].set_alpha(1.0 if term.evident else 0.35)
        _draw_interval(axes, level, term.difference, place)
        axes.plot([level + change] * 2, [place, place + 1], color=INK, linewidth=0.6, linestyle=":")
        level += change
    axes.plot([hits.a.value] * 2, [0, 1], color=INK, linewidth=0.6, linestyle=":")
    last = len(contrast.of_all) + 1
    for place, value, colour in ((0, hits.a, COLOURS[0]), (last, hits.b, COLOURS[1])):
        axes.plot(value.value, place, marker="D", markersize=8, color=colour, markeredgecolor=INK, linestyle="none")
    span = max(edges) - min(edges) or 1.0
    axes.set_xlim(min(edges) - ROOM * span, max(edges) + (ROOM + 0.28) * span)
    labels = [f"A: {contrast.a.label}", *(TERM_NAMES[term.name] for term in contrast.of_all), f"B: {contrast.b.label}"]
    axes.set_yticks(range(last + 1), labels)
    axes.set_ylim(last + 0.6, -0.6)
    axes.grid(visible=False, axis="y")
    for place, words in enumerate(_amounts(contrast)):
        axes.annotate(
            words,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            fontsize=TEXT["small"],
            color=INK,
        )
    for place in range(last):
        axes.axhline(place + 0.5, color=FAINT, linewidth=0.6)
    axes.annotate(
        "bars: means, lines: 95% intervals; green: adds to B, rose: takes from B; pale: no evidence",
        (0.0, -0.13),
        xycoords="axes fraction",
        va="top",
        fontsize=TEXT["small"],
        color=INK,
    )


def _draw_interval(axes: Axes, level: float, difference: Estimate, place: int) -> None:
    if difference.interval is not None:
        low, high = difference.interval
        reach = [[difference.value - low], [high - difference.value]]
        axes.errorbar(
            level + difference.value, place, xerr=reach, color=INK, capsize=3, linewidth=1.2, linestyle="none"
        )


def _amounts(contrast: Contrast) -> list[str]:
    hits = contrast.quantities["total_hits"]
    changes = [term.difference.value for term in contrast.of_all]
    signed = [f"+{rounded(change)}" if change > 0.0 else rounded(change) for change in changes]
    return [rounded(hits.a.value), *signed, rounded(hits.b.value)]
