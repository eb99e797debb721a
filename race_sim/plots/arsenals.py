"""Figures about the arsenal: its three factors, whether mass feeds learning, and both kinds of maker in one race."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.cells import exchange_table, ratio_table, shared_table
from race_sim.analysis.headline import CELL, level_words
from race_sim.plots.series import draw_series
from race_sim.plots.style import INK, SERIES_COLOURS, TEXT, caption, dress, empty_figure, legend_below

GROWN_COLOURS = ("#d55e00", "#e69f00", "#009e73", "#56b4e9", "#0072b2", "#1b1b3a")
GROWN_MARKERS = ("o", "s", "^", "D", "v", "P")
TRIALS = ("equal", "growing")
JUDGED = ("evidence", "chance")
TRIAL_WORDS = {"equal": "as many trial sorties", "growing": "trials grow with the arsenal"}
EDGE = 1.15  # factor beyond the arsenals tried at which values beyond them are drawn
RATIO_TICKS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


def arsenal_factors_figure(rows: pd.DataFrame) -> Figure:
    """Hits over those of an x1 arsenal, as stock, output or crews grow alone or together."""
    cell = ["founders", "countermeasures", "cycle", "grown"]
    table = ratio_table(rows, cell, "arsenal", 1)
    down = list(product(table["countermeasures"].unique(), table["founders"].unique()))
    across = list(table["cycle"].unique())
    figure = empty_figure(4.4 * len(across) + 0.6, 2.8 * len(down) + 1.4)
    panels = figure.subplots(len(down), len(across), squeeze=False, sharex=True, sharey=True)
    for (row, (kind, founders)), (column, cycle) in product(enumerate(down), enumerate(across)):
        axes = panels[row, column]
        here = table[(table["countermeasures"] == kind) & (table["founders"] == founders) & (table["cycle"] == cycle)]
        title = f"{level_words('countermeasures', kind)}, {level_words('founders', founders)},\n{cycle}-week cycle"
        dress(
            axes, title, "multiple of what grows" if row == len(down) - 1 else "", "hits, x1 = 1" if column == 0 else ""
        )
        axes.title.set_fontsize(TEXT["label"])
        multiples = sorted(here["arsenal"].unique())
        axes.plot(multiples, multiples, color=INK, linewidth=0.8, linestyle=":", label="in proportion")
        for place, grown in enumerate(here["grown"].unique()):
            line = here[here["grown"] == grown].sort_values("arsenal")
            _draw_arsenals(axes, line, "ratio", place, str(grown))
        _doubling_axes(axes, multiples)
    legend_below(figure, panels[0, 0], 4)
    caption(
        figure,
        "Stock, weekly output, crews: hits when one factor of the arsenal grows, and when several do\n"
        "Initial stock at x1 is 26 weeks of output; crews at x1 fly one week's output a week. Bars: 95% intervals.",
    )
    return figure


def learning_figure(rows: pd.DataFrame) -> Figure:
    """Hits a sortie over arsenal: with equal and with growing trials, judged by evidence and by chance."""
    cell = ["founders", "makers", "cycle", "trials", "judged"]
    table = ratio_table(rows, cell, "arsenal", 1)
    down = list(product(table["founders"].unique(), table["makers"].unique()))
    across = list(table["cycle"].unique())
    figure = empty_figure(4.4 * len(across) + 0.6, 2.6 * len(down) + 1.4)
    panels = figure.subplots(len(down), len(across), squeeze=False, sharex=True, sharey="row")
    lines = list(product(TRIALS, JUDGED))
    kinds = ", ".join(level_words("countermeasures", kind) for kind in rows["countermeasures"].unique())
    for (row, (founders, makers)), (column, cycle) in product(enumerate(down), enumerate(across)):
        axes = panels[row, column]
        here = table[(table["founders"] == founders) & (table["makers"] == makers) & (table["cycle"] == cycle)]
        title = f"{level_words('founders', founders)}, {level_words('makers', makers)},\n{cycle}-week cycle"
        dress(axes, title, "arsenal (multiple)" if row == len(down) - 1 else "", "hits a sortie" if column == 0 else "")
        axes.title.set_fontsize(TEXT["label"])
        for place, (trials, judged) in enumerate(lines):
            line = here[(here["trials"] == trials) & (here["judged"] == judged)].sort_values("arsenal")
            label = f"{TRIAL_WORDS[trials]}, judged by {judged}"
            _draw_arsenals(axes, line, "hits_a_sortie", place, label)
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_locator(FixedLocator(sorted(here["arsenal"].unique())))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"x{value:g}"))
    for axes in panels[:, 0]:
        axes.set_ylim(0.0, axes.get_ylim()[1])
    legend_below(figure, panels[0, 0], 2)
    caption(
        figure,
        f"Does mass feed learning? Hits a sortie by size of the arsenal ({kinds})\n"
        "If it does, lines rise to the right, and those judged by evidence more than those judged by chance.",
    )
    return figure


def shared_figure(rows: pd.DataFrame, apart: pd.DataFrame | None) -> Figure:
    """What weekly workshops are worth in arsenals of primes in one race, beside forces that race apart."""
    cell = ["founders", "countermeasures", "tempo", "development"]
    table = shared_table(rows, cell)
    makers = int(rows["makers"].iloc[0])
    beside = None if apart is None else _apart(apart, makers)
    edges = rows["arsenal"].min() / EDGE, rows["arsenal"].max() * EDGE
    down, across = list(table["countermeasures"].unique()), list(table["tempo"].unique())
    figure = empty_figure(3.9 * len(across) + 0.6, 2.9 * len(down) + 1.5)
    panels = figure.subplots(len(down), len(across), squeeze=False, sharex=True, sharey=True)
    for (row, kind), (column, tempo) in product(enumerate(down), enumerate(across)):
        axes = panels[row, column]
        title = f"{level_words('countermeasures', kind)},\n{level_words('tempo', tempo)}"
        dress(
            axes,
            title,
            "development or cycle of the slow makers (weeks)" if row == len(down) - 1 else "",
            "worth, in arsenals" if column == 0 else "",
        )
        axes.title.set_fontsize(TEXT["label"])
        for place, founders in enumerate(table["founders"].unique()):
            chosen = {"founders": founders, "countermeasures": kind, "tempo": tempo}
            line = _where(table, chosen).sort_values("development")
            words = level_words("founders", founders)
            _worth(axes, line, "development", place, f"one race, primes; {words}", edges, hollow=False)
            if beside is not None:
                other = _where(beside, chosen).sort_values("cycle")
                _worth(axes, other, "cycle", place, f"races apart, slow workshops; {words}", edges, hollow=True)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        axes.axhline(1.0, color=INK, linewidth=1.1)
        axes.set_ylim(edges[0] / EDGE, edges[1] * EDGE)
        axes.xaxis.set_major_locator(
            FixedLocator(sorted({*table["development"], *(() if beside is None else beside["cycle"])}))
        )
        axes.yaxis.set_major_locator(FixedLocator(RATIO_TICKS))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    legend_below(figure, panels[0, 0], 2)
    caption(
        figure,
        f"One race instead of two: arsenals of primes that weekly workshops are worth, {makers} makers of each kind\n"
        f"Values at the edge: beyond the arsenals tried (x{rows['arsenal'].min():g} to x{rows['arsenal'].max():g}). "
        "Bars: 95% intervals.",
    )
    return figure


def _apart(rows: pd.DataFrame, makers: int) -> pd.DataFrame | None:
    """Exchange rates of forces that race apart with as many makers; None if none do."""
    alike = rows[(rows["makers"] == makers) & (rows["step"] == "per_elapsed_week") & (rows["variants"] == "one")]
    return None if alike.empty else exchange_table(alike, CELL)


def _where(table: pd.DataFrame, levels: dict[str, object]) -> pd.DataFrame:
    return table[(table[list(levels)] == list(levels.values())).all(axis=1)]


def _worth(
    axes: Axes, line: pd.DataFrame, at: str, place: int, label: str, span: tuple[float, float], *, hollow: bool
) -> None:
    """Exchange rates over the weeks in column `at`: colour for the founders, hollow for races apart."""
    colour = SERIES_COLOURS[0 if place == 0 else 3]
    draw_series(
        axes,
        line[at].to_numpy(np.float64) * (1.0 + 0.03 * (place - 0.5)),
        line,
        "worth",
        place,
        label,
        span=span,
        color=colour,
        marker="s" if hollow else "o",
        markerfacecolor="white" if hollow else colour,
        markeredgecolor=None,
        linestyle="--" if hollow else "-",
    )


def _draw_arsenals(axes: Axes, line: pd.DataFrame, name: str, place: int, label: str) -> None:
    draw_series(
        axes,
        line["arsenal"].to_numpy(np.float64) * (1.0 + 0.02 * (place - 2)),
        line,
        name,
        place,
        label,
        color=GROWN_COLOURS[place % len(GROWN_COLOURS)],
        marker=GROWN_MARKERS[place % len(GROWN_MARKERS)],
    )


def _doubling_axes(axes: Axes, multiples: Sequence[float]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(list(multiples)))
    axes.yaxis.set_major_locator(FixedLocator([2.0**power for power in range(-3, 7)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"x{value:g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
