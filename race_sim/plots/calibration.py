"""The figure of a calibration: lives and hits beside the bands they were held against, then two patterns that were not.

Solid shading marks bands the baseline is calibrated to; hatching those it is not tuned on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from race_sim.analysis.bands import (
    AREA_ELASTICITY_BAND,
    HITS_BAND,
    QUARTER_WEEKS,
    SHADOW_BAND,
    WORKSHOP_YIELD_BAND,
    hits_a_sortie,
    quarterly_yield,
)
from race_sim.analysis.intervals import LEVEL, ratio_estimate
from race_sim.analysis.survival import observed_share, resampled_tables, survival
from race_sim.plots.style import BAND, INK, KIND_COLOURS, SERIES_COLOURS, TEXT, dress, empty_figure, legend
from race_sim.records import FIELDED_LIFE, PRIME, SHADOW_LIFE, TOTAL, WORKSHOP

if TYPE_CHECKING:
    from race_sim.study.calibration import Calibration

LIMITS = (50 - 50 * LEVEL, 50 + 50 * LEVEL)  # percentiles
BAND_COLOUR = SERIES_COLOURS[2]
LAST_WEEK = 60  # of the axis of lives
LIVES = (
    ("workshops, shadow", WORKSHOP, SHADOW_LIFE, "-"),
    ("workshops, fielded", WORKSHOP, FIELDED_LIFE, "--"),
    ("primes, fielded (not tuned on)", PRIME, FIELDED_LIFE, ":"),
)
COLOURS = {WORKSHOP: KIND_COLOURS["workshops"], PRIME: KIND_COLOURS["primes"], TOTAL: KIND_COLOURS["total"]}


def calibration_figure(result: Calibration) -> Figure:
    """Four panels: lives of designs, hits a sortie of each seed, hits a drone by quarter, hits over supply."""
    figure = empty_figure(12.0, 9.0)
    lives, hits, quarters, supply = figure.subplots(2, 2).ravel()
    _draw_lives(lives, result)
    _draw_hits(hits, result)
    _draw_quarters(quarters, result)
    _draw_supply(supply, result)
    figure.suptitle(
        f"{result.scenario.title} beside the stylised facts: {result.records.runs} runs. "
        "Above: calibrated. Below: not tuned on (hatched).",
        x=0.01,
        ha="left",
        fontsize=TEXT["title"] + 1.5,
        color=INK,
    )
    return figure


def _draw_lives(axes: Axes, result: Calibration) -> None:
    dress(axes, "Designs above half of their own peak", "weeks since fielding", "share of designs (Kaplan-Meier)")
    axes.axvspan(SHADOW_BAND.low, SHADOW_BAND.high, color=BAND_COLOUR, alpha=BAND, linewidth=0)
    axes.axhline(0.5, color=INK, linewidth=1.0)
    for words, kind, life, line in LIVES:
        tables = result.records.lives[:, kind, life]
        together = tables.sum(axis=0)
        if not together.any():
            continue
        shown = min(LAST_WEEK, int(np.flatnonzero(together.sum(axis=1)).max()))
        weeks = np.arange(shown + 1)
        seen = f"{words}: {observed_share(together):.0%} of ends seen"
        axes.step(weeks, survival(together)[: shown + 1], line, where="post", color=COLOURS[kind], label=seen)
        if len(tables) > 1:
            low, high = np.percentile(survival(resampled_tables(tables)), LIMITS, axis=0)
            axes.fill_between(
                weeks,
                low[: shown + 1],
                high[: shown + 1],
                step="post",
                color=COLOURS[kind],
                alpha=BAND,
                linewidth=0,
            )
    axes.annotate(
        f"the median has to\ncross here: {SHADOW_BAND} weeks",
        ((SHADOW_BAND.low + SHADOW_BAND.high) / 2, 0.5),
        xytext=(30.0, 0.56),
        fontsize=TEXT["small"],
        color=INK,
        arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 0.8},
    )
    axes.set_xlim(0, LAST_WEEK)
    axes.set_ylim(0.0, 1.02)
    legend(axes, place="upper right")


def _draw_hits(axes: Axes, result: Calibration) -> None:
    dress(axes, "Workshops' hits a sortie, a dot a seed", "hits a sortie", "seeds, in order of their value")
    values = np.sort(hits_a_sortie(result.scenario, result.records))
    values = values[~np.isnan(values)]
    axes.axvspan(HITS_BAND.low, HITS_BAND.high, color=BAND_COLOUR, alpha=BAND, linewidth=0)
    axes.plot(values, np.arange(1, len(values) + 1), "o", color=COLOURS[WORKSHOP], markersize=4)
    estimate = next(finding for finding in result.findings if finding.band is HITS_BAND).estimate
    axes.axvline(estimate.value, color=INK, linewidth=1.0, label=f"together: {estimate} (95%)")
    if estimate.interval is not None:
        axes.axvspan(*estimate.interval, color=INK, alpha=BAND, linewidth=0)
    axes.set_xlim(0.0, max(0.5, *values * 1.1) if len(values) else 0.5)
    legend(axes, place="lower right", title=f"band {HITS_BAND}: plausible, around SF05")


def _draw_quarters(axes: Axes, result: Calibration) -> None:
    dress(axes, "Hits a drone delivered, by quarter", "last week of the quarter", "hits a drone")
    _hatch(axes, WORKSHOP_YIELD_BAND.low, WORKSHOP_YIELD_BAND.high)
    first = result.scenario.parameters.run.burn_in_weeks
    for words, kind, line in (("workshops", WORKSHOP, "-"), ("all makers", TOTAL, "--")):
        values = quarterly_yield(result.scenario, result.records, kind)
        values = values[~np.isnan(values).any(axis=1)]
        if not values.size:
            continue
        weeks = first + QUARTER_WEEKS * np.arange(1, values.shape[1] + 1)
        axes.plot(weeks, values.mean(axis=0), line, marker="o", markersize=3.5, color=COLOURS[kind], label=words)
        axes.fill_between(weeks, *np.percentile(values, (10, 90), axis=0), color=COLOURS[kind], alpha=BAND, linewidth=0)
    axes.set_ylim(bottom=0.0)
    legend(axes, place="lower right", title=f"band {WORKSHOP_YIELD_BAND}, no trend; shaded: 10th to 90th percentile")


def _draw_supply(axes: Axes, result: Calibration) -> None:
    """Hits over deliveries on logarithmic axes, each over its value with the least supply, and the slopes of SF06."""
    dress(axes, "Hits with more supply at the same tempo", "supply (multiple)", "hits (multiple of those at the left)")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    multiples = sorted({multiple for _, multiple in result.supply})
    scale = np.array(multiples) / multiples[0]
    band = AREA_ELASTICITY_BAND
    _hatch_between(axes, multiples, scale**band.low, scale**band.high, f"elasticity {band} (SF06)")
    axes.plot(multiples, scale, color=INK, linewidth=0.8, label="in proportion")
    for place, (kind, line) in enumerate((("area", "-"), ("point", "--"))):
        hits = [result.supply[kind, multiple][1] for multiple in multiples]
        if not hits[0].any():
            continue
        ratios = [ratio_estimate(more, hits[0]).value for more in hits]
        colour = SERIES_COLOURS[(0, 3)[place]]
        axes.plot(multiples, ratios, line, marker="os"[place], color=colour, label=f"{kind} countermeasures")
    axes.xaxis.set_major_locator(FixedLocator(multiples))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(StrMethodFormatter("x{x:g}"))
    legend(axes)


def _hatch(axes: Axes, low: float, high: float) -> None:
    axes.axhspan(low, high, facecolor="none", edgecolor=BAND_COLOUR, hatch="///", alpha=0.6, linewidth=0)


def _hatch_between(axes: Axes, x: Any, low: Any, high: Any, words: str) -> None:
    axes.fill_between(
        x, low, high, facecolor="none", edgecolor=BAND_COLOUR, hatch="///", alpha=0.6, linewidth=0, label=words
    )
