"""The figure of the demo: where the shorter cycle outweighs the larger arsenal, and what controls leave of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.forces import Comparison, ControlResult, Force, RegimeResult
from race_sim.analysis.intervals import Estimate
from race_sim.plots.series import series_style
from race_sim.plots.style import (
    FAINT,
    INK,
    SERIES_COLOURS,
    TEXT,
    dress,
    empty_figure,
    legend,
)

if TYPE_CHECKING:
    from race_sim.study.demo import DemoResult

RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
LEGEND_ROOM = 5.0  # factor on a logarithmic axis


def demo_figure(result: DemoResult) -> Figure:
    """A panel a regime with the ratio of hits by cycle and arsenal, and one with the controls."""
    figure = empty_figure(12.5, 12.5)
    rows = (len(result.results) + 1) // 2
    grid = figure.add_gridspec(2, 1, height_ratios=[4.0 * rows, 4.6])
    above, below = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    regimes = above.subplots(rows, 2, squeeze=False).ravel()[: len(result.results)]
    span = _span([one.ratio for here in result.results for one in here.comparisons()])
    for axes, here in zip(regimes, result.results, strict=True):
        _draw_regime(axes, here, span)
    _draw_controls(below.subplots(), result)
    own = result.results[0].reference
    above.suptitle(
        f"Hits of the force with a {own.cycle_weeks}-week cycle and x{own.multiple:g} arsenal over hits of other "
        f"forces; {result.size.runs} races a force, bars: 95% intervals\n{result.headline}",
        x=0.01,
        ha="left",
        fontsize=TEXT["title"],
        color=INK,
        wrap=True,
    )
    return figure


def _draw_regime(axes: Axes, here: RegimeResult, span: tuple[float, float]) -> None:
    """Ratio of hits over the other force's arsenal, a line a cycle; the legend holds the exchange rates."""
    own = here.reference
    title = str(here.regime)
    dress(axes, title[:1].upper() + title[1:], "arsenal of the other force (multiple)", "ratio of hits")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.axhspan(1.0, span[1] * LEGEND_ROOM, color=SERIES_COLOURS[1], alpha=0.08, linewidth=0)
    axes.axhline(1.0, color=INK, linewidth=1.2)
    for place, weeks in enumerate(here.cycles):
        ratios = [here.comparison(Force(weeks, multiple)).ratio for multiple in here.multiples]
        values = [ratio.value for ratio in ratios]
        axes.errorbar(here.multiples, values, yerr=_reaches(ratios), label=_label(here, weeks), **series_style(place))
    axes.set_ylim(span[0], span[1] * LEGEND_ROOM)
    axes.xaxis.set_major_locator(FixedLocator(here.multiples))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"x{value:g}"))
    _ratio_ticks(axes, "y", span)
    axes.text(
        0.02,
        0.03,
        f"above 1: {own.cycle_weeks}-week cycle with x{own.multiple:g} arsenal hits more",
        transform=axes.transAxes,
        ha="left",
        va="bottom",
        fontsize=TEXT["small"],
        color=INK,
    )
    title = f"cycle of the other force: arsenals that a {own.cycle_weeks}-week cycle is worth"
    legend(axes, place="upper right", title=title, columns=2)


def _label(here: RegimeResult, weeks: int) -> str:
    """Name of a line: the other force's cycle, and the exchange rate against it."""
    if weeks == here.reference.cycle_weeks:
        return f"{weeks} {'week' if weeks == 1 else 'weeks'}, only arsenals differ"
    return f"{weeks} weeks: {here.exchange_rate(weeks)}"


def _draw_controls(axes: Axes, result: DemoResult) -> None:
    """The ratio between shortest and longest cycle with equal arsenals, as measured and with one thing changed."""
    fast, slow = result.size.extremes
    measured = [here.comparison(slow) for here in result.results]
    groups = [("as above", measured), *_groups([one for one in result.controls if one.comparison.other == slow])]
    title = f"With equal arsenals (x{fast.multiple:g}), and one thing changed at a time"
    dress(axes, title, f"hits with a {fast.cycle_weeks}-week cycle over hits with a {slow.cycle_weeks}-week cycle", "")
    axes.set_xscale("log")
    axes.axvline(1.0, color=INK, linewidth=1.2)
    for place, one in enumerate(measured):
        ratios = [group[place].ratio for _, group in groups]
        heights = np.arange(len(groups)) + (place - (len(measured) - 1) / 2) * 0.8 / len(measured)
        values = [ratio.value for ratio in ratios]
        axes.errorbar(
            values, heights, xerr=_reaches(ratios), label=str(one.regime), **series_style(place, joined=False)
        )
    span = _span([one.ratio for _, group in groups for one in group])
    axes.set_xlim(*span)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_yticks(range(len(groups)), [words for words, _ in groups])
    _ratio_ticks(axes, "x", span)
    axes.grid(visible=False, axis="y")
    for height in range(len(groups) - 1):
        axes.axhline(height + 0.5, color=FAINT, linewidth=0.8)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.4, -0.14),
        ncols=2,
        fontsize=TEXT["small"],
        frameon=False,
        columnspacing=1.2,
        handletextpad=0.3,
    )


def _groups(controls: Sequence[ControlResult]) -> list[tuple[str, list[Comparison]]]:
    """Comparisons of each control over the regimes, under the control's meaning."""
    groups: dict[str, list[Comparison]] = {}
    for control in controls:
        groups.setdefault(control.meaning, []).append(control.comparison)
    return list(groups.items())


def _reaches(ratios: Sequence[Estimate]) -> np.ndarray[Any, Any]:
    """How far each interval reaches down and up from its value; NaN, which draws no bar, where it is absent."""
    pairs = [
        (math.nan, math.nan) if one.interval is None else (one.value - one.interval[0], one.interval[1] - one.value)
        for one in ratios
    ]
    return np.array(pairs).T


def _span(ratios: Sequence[Estimate]) -> tuple[float, float]:
    """Limits of a logarithmic axis that hold all ratios and 1, with some room."""
    known = [ratio.value for ratio in ratios if ratio.value > 0.0]
    return min([*known, 1.0]) / 1.6, max([*known, 1.0]) * 1.6


def _ratio_ticks(axes: Axes, which: str, span: tuple[float, float]) -> None:
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(FixedLocator([tick for tick in RATIO_TICKS if span[0] <= tick <= span[1]]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
