"""Figures of what a gain is made of: controls that cut one channel, and the ladder that adds one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.cells import ladder_table, ratio_table
from race_sim.analysis.headline import CONTROL_WORDS, RUNG_WORDS, level_words
from race_sim.plots.series import draw_series
from race_sim.plots.style import FAINT, INK, SERIES_COLOURS, TEXT, caption, dress, empty_figure, legend_below

POPULATION = ("founders", "makers")
REGIME = ("countermeasures", "tempo")
RATIO_TICKS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0)
LEAST, MOST = 0.08, 40.0  # ratios beyond these are drawn at the edge
SPREAD = 0.7  # part of a row that its points share


def controls_figure(rows: pd.DataFrame) -> Figure:
    """Hits of the shortest over the longest cycle, with equal arsenals, as they are and with one channel cut."""
    controls = list(rows["control"].unique())
    shortest, longest = int(rows["cycle"].min()), int(rows["cycle"].max())
    cells = [*REGIME, *POPULATION, "control"]
    table = ratio_table(rows[rows["cycle"].isin([shortest, longest])], cells, "cycle", longest)
    table = table[table["cycle"] == shortest]
    regimes = list(product(*(rows[name].unique() for name in REGIME)))
    across = rows["tempo"].nunique()
    down = len(regimes) // across
    figure = empty_figure(4.1 * across + 2.4, 0.42 * len(controls) * down + 1.9)
    panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    populations = list(product(*(rows[name].unique() for name in POPULATION)))
    for axes, regime in zip(panels.ravel(), regimes, strict=True):
        here = table[(table[list(REGIME)] == list(regime)).all(axis=1)]
        dress(axes, ", ".join(level_words(name, level) for name, level in zip(REGIME, regime, strict=True)), "", "")
        axes.set_xscale("log")
        axes.axvline(1.0, color=INK, linewidth=1.1)
        for place, population in enumerate(populations):
            line = here[(here[list(POPULATION)] == list(population)).all(axis=1)].set_index("control").loc[controls]
            heights = np.arange(len(controls)) + (place - (len(populations) - 1) / 2) * SPREAD / len(populations)
            draw_series(
                axes, heights, line, "ratio", place, _words(population), span=(LEAST, MOST), along="y", joined=False
            )
        _ratio_axes(axes, [CONTROL_WORDS.get(str(control), str(control)) for control in controls])
    for axes in panels[-1]:
        axes.set_xlabel("ratio of hits", fontsize=TEXT["label"], color=INK)
    legend_below(figure, panels[0, 0], 4)
    caption(
        figure,
        f"Hits of a force with a {shortest}-week cycle over hits of one with a {longest}-week cycle, equal arsenals: "
        "what is left when one channel is cut\nBars: 95% intervals. Right of 1 the short cycle hits more. "
        f"Ratios beyond {LEAST:g} and {MOST:g} are drawn at the edge.",
    )
    return figure


def _ratio_axes(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_xlim(LEAST / 1.15, MOST * 1.15)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels)
    axes.grid(visible=False, axis="y")
    for height in range(len(labels) - 1):
        axes.axhline(height + 0.5, color=FAINT, linewidth=0.8)
    axes.xaxis.set_major_locator(FixedLocator(RATIO_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def ladder_figure(rows: pd.DataFrame, rungs: Sequence[str]) -> Figure:
    """Hits a sortie on each rung of the ladder, for the shortest and the longest cycle, founders and regimes."""
    table = ladder_table(rows, [*REGIME, *POPULATION, "cycle"], rungs)
    down = list(product(rows["countermeasures"].unique(), rows["makers"].unique()))
    across = list(rows["tempo"].unique())
    figure = empty_figure(3.9 * len(across) + 0.6, 2.5 * len(down) + 1.4)
    panels = figure.subplots(len(down), len(across), squeeze=False, sharex=True, sharey="row")
    lines = list(product(rows["founders"].unique(), rows["cycle"].unique()))
    for (row, (kind, makers)), (column, tempo) in product(enumerate(down), enumerate(across)):
        axes = panels[row, column]
        here = table[(table["countermeasures"] == kind) & (table["makers"] == makers) & (table["tempo"] == tempo)]
        title = (
            f"{level_words('countermeasures', kind)},\n{level_words('tempo', tempo)}, {level_words('makers', makers)}"
        )
        dress(axes, title, "", "hits a sortie" if column == 0 else "")
        axes.title.set_fontsize(TEXT["label"])
        for founders, cycle in lines:
            line = here[(here["founders"] == founders) & (here["cycle"] == cycle)].set_index("rung").loc[list(rungs)]
            _draw_ladder(
                axes, line, lines.index((founders, cycle)), f"{level_words('founders', founders)}, {cycle}-week cycle"
            )
        axes.set_xticks(range(len(rungs)), [RUNG_WORDS[rung] for rung in rungs], rotation=35, ha="right")
    for axes in panels[:, 0]:
        axes.set_ylim(0.0, axes.get_ylim()[1])
    legend_below(figure, panels[0, 0], 4)
    caption(
        figure,
        "What hits are made of: each rung adds one thing to the one on its left (equal arsenals; bars: 95% intervals)\n"
        'Up to "aimed flips" designs are adopted by chance, as often as the complete workshops adopt theirs.',
    )
    return figure


def _draw_ladder(axes: Axes, line: pd.DataFrame, place: int, label: str) -> None:
    """One line of the ladder: colour for the founders, filled points and a full line for the shorter cycle."""
    short = place % 2 == 0
    draw_series(
        axes,
        np.arange(len(line)) + 0.06 * (place - 1.5),
        line,
        "hits_a_sortie",
        place,
        label,
        color=SERIES_COLOURS[0 if place < 2 else 3],
        marker="o" if short else "s",
        markerfacecolor=None if short else "white",
        markeredgecolor=None,
        linestyle="-" if short else "--",
    )


def _words(population: Sequence[object]) -> str:
    return ", ".join(level_words(name, level) for name, level in zip(POPULATION, population, strict=True))
