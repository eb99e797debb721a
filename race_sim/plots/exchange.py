"""Figures of what a short cycle is worth: a map of all cells, and curves over the other force's cycle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.cells import exchange_table
from race_sim.analysis.headline import CELL, level_words, worst_cell
from race_sim.plots.series import draw_series, series_style
from race_sim.plots.style import FAINT, INK, TEXT, caption, dress, empty_figure, legend_below

COLOURS = "PuOr"  # apart for colour-blind readers; the numbers in the cells serve readers in grey
FULL_COLOUR = 8.0  # ratio of hits (or its reciprocal) beyond which the colour does not deepen
ROWS = ("founders", "countermeasures", "tempo")
COLUMNS = ("makers", "step", "variants")
LINES = ("founders", "makers")
WORTH_TICKS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
FINE_TICKS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0)
ROOM = 1.06  # factor by which an axis goes beyond the values it holds
EDGE = 1.35  # factor beyond the arsenals tried at which values beyond them are drawn
BEYOND = 1.6  # factor by which it goes beyond the arsenals tried


def exchange_map(rows: pd.DataFrame) -> Figure:
    """Every cell: the arsenals that the shortest cycle is worth against the longest, coloured by the ratio of hits."""
    table = exchange_table(rows, CELL)
    longest = table[table["cycle"] == table["cycle"].max()]
    places = [list(product(*(longest[name].unique() for name in names))) for names in (ROWS, COLUMNS)]
    height, width = len(places[0]), len(places[1])
    figure = empty_figure(max(9.0, 0.95 * width + 3.2), 0.5 * height + 3.4)
    axes = figure.subplots()
    worst = worst_cell(longest)
    colours = _colours()
    for _, cell in longest.iterrows():
        row = places[0].index(tuple(cell[name] for name in ROWS))
        column = places[1].index(tuple(cell[name] for name in COLUMNS))
        axes.add_patch(Rectangle((column, row), 1, 1, facecolor=colours(cell["ratio"]), edgecolor="white", linewidth=1))
        unclear = " ?" if cell["finding"] == "no evidence" else ""
        text = f"{cell['worth_words'].split(' ')[0]}{unclear}\n({_ratio_text(cell['ratio'])})"
        axes.text(
            column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=TEXT["small"], color=_ink(cell["ratio"])
        )
        if all(cell[name] == worst[name] for name in CELL):
            axes.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor="#c0006a", linewidth=3, zorder=5))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_yticks(np.arange(height) + 0.5, [_row_label(place) for place in places[0]])
    axes.set_xticks(np.arange(width) + 0.5, ["\n".join(_short(COLUMNS[2:], place[2:])) for place in places[1]])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=TEXT["small"], colors=INK)
    _group_columns(axes, places[1])
    for row in range(1, height):
        if places[0][row][0] != places[0][row - 1][0]:
            axes.axhline(row, color=INK, linewidth=1.6)
    for side in axes.spines.values():
        side.set_visible(False)
    cycle, shortest = int(longest["cycle"].iloc[0]), int(rows["cycle"].min())
    axes.set_xlabel(
        f"Large figure: how many times the arsenal a force with a {cycle}-week cycle needs to hit as much as one with "
        f"a {shortest}-week cycle; below 1, the slow force is the better one.\n"
        f"In brackets: hits of the {shortest}-week force over hits of the {cycle}-week force with equal arsenals; "
        "?: no evidence who hits more. Orange: the fast force hits more; violet: the slow one does.\n"
        "Thick frame: the worst cell for speed.",
        fontsize=TEXT["small"],
        loc="left",
        labelpad=10,
    )
    figure.suptitle(
        f"What a {shortest}-week cycle is worth against a {cycle}-week cycle, in arsenals",
        x=0.01,
        ha="left",
        fontsize=TEXT["title"] + 2,
        fontweight="bold",
        color=INK,
    )
    return figure


def _row_label(place: Sequence[object]) -> str:
    founders, countermeasures, tempo = (words.replace("\n", " ") for words in _short(ROWS, place))
    return f"{founders},\n{countermeasures}, {tempo}"


def _short(names: Sequence[str], levels: Sequence[object]) -> list[str]:
    return [level_words(name, level) for name, level in zip(names, levels, strict=True)]


def _group_columns(axes: Axes, places: Sequence[tuple[object, ...]]) -> None:
    """Names of founders and makers above the columns they share, with lines between the groups."""
    for depth, height in ((1, 1.16), (2, 1.09)):
        groups = [list(group) for _, group in groupby(enumerate(places), key=lambda place: place[1][:depth])]
        for group in groups:
            first, last = group[0][0], group[-1][0] + 1
            words = level_words(COLUMNS[depth - 1], group[0][1][depth - 1])
            axes.text(
                (first + last) / 2,
                height,
                words.replace("\n", " "),
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=TEXT["label"],
                fontweight="bold" if depth == 1 else "normal",
                color=INK,
            )
            axes.axvline(last, color=INK, linewidth=1.6 if depth == 1 else 0.7)


def exchange_curves(rows: pd.DataFrame, cell: Sequence[str] = CELL) -> Figure:
    """Arsenals that the shortest cycle is worth over the other force's cycle; a panel a regime, a line a population."""
    table = exchange_table(rows, cell)
    down = list(table["tempo"].unique())
    across = list(product(*(table[name].unique() for name in ("step", "variants"))))
    figure = empty_figure(max(9.0, 2.9 * len(across) + 0.6), 2.9 * len(down) + 1.3)
    panels = figure.subplots(len(down), len(across), squeeze=False, sharex=True, sharey=True)
    smallest, largest = float(rows["arsenal"].min()), float(rows["arsenal"].max())
    span = _worth_span(table, smallest, largest)
    lines = list(product(*(table[name].unique() for name in LINES)))
    for (row, tempo), (column, (step, variants)) in product(enumerate(down), enumerate(across)):
        here = table[(table["tempo"] == tempo) & (table["step"] == step) & (table["variants"] == variants)]
        axes = panels[row, column]
        design = ", ".join(_short(("step", "variants"), (step, variants))).replace("\n", " ")
        title = f"{level_words('tempo', tempo)}\n{design}"
        dress(
            axes,
            title,
            "cycle of the other force (weeks)" if row == len(down) - 1 else "",
            "worth, in arsenals" if column == 0 else "",
        )
        axes.title.set_fontsize(TEXT["label"])
        for place, levels in enumerate(lines):
            line = here[(here[list(LINES)] == list(levels)).all(axis=1)].sort_values("cycle")
            _draw_worth(axes, line, place, ", ".join(_short(LINES, levels)), (smallest, largest))
        _worth_axes(axes, sorted(table["cycle"].unique()), (smallest, largest), span)
    legend_below(figure, panels[0, 0], len(lines) if len(across) > 1 else 2)
    kind = level_words("countermeasures", str(table["countermeasures"].iloc[0]))
    caption(
        figure,
        f"Exchange rate: arsenals that a {int(rows['cycle'].min())}-week cycle is worth, against {kind}\n"
        "Bars: 95% intervals. Above 1: the shorter cycle hits more with equal arsenals. "
        "Triangles: beyond the arsenals tried.",
    )
    return figure


def _draw_worth(axes: Axes, line: pd.DataFrame, place: int, label: str, arsenals: tuple[float, float]) -> None:
    """Exchange rates over the cycle; those beyond the arsenals tried lie at the edge, as large triangles."""
    shift = 2.0 ** (0.07 * (place - 1.5))  # side by side, so that bars do not hide one another
    cycles = line["cycle"].to_numpy(np.float64) * shift
    low, high = arsenals[0] / EDGE, arsenals[1] * EDGE
    worth = draw_series(axes, cycles, line, "worth", place, label, span=(low, high))
    for beyond, marker in ((worth >= high, "^"), (worth <= low, "v")):
        look = {**series_style(place, joined=False), "marker": marker, "markersize": 8}
        del look["capsize"]  # of error bars alone
        axes.plot(cycles[beyond], worth[beyond], **look)


def _worth_span(table: pd.DataFrame, smallest: float, largest: float) -> tuple[float, float]:
    """Limits of the exchange-rate axis: what the intervals need, up to a little beyond the arsenals tried."""
    values = table[["worth", "worth_low", "worth_high"]].to_numpy(np.float64)
    known = values[~np.isnan(values)]
    low, high = float(known.min()), float(known.max())
    return max(min(low / ROOM, 1.0 / ROOM**2), smallest / BEYOND), min(max(high * ROOM, ROOM**2), largest * BEYOND)


def _worth_axes(axes: Axes, cycles: Sequence[int], arsenals: tuple[float, float], span: tuple[float, float]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_ylim(*span)
    axes.axhline(1.0, color=INK, linewidth=1.1)
    axes.axhspan(arsenals[1], max(span[1], arsenals[1]), color=FAINT, alpha=0.6, linewidth=0)
    axes.axhspan(min(span[0], arsenals[0]), arsenals[0], color=FAINT, alpha=0.6, linewidth=0)
    axes.xaxis.set_major_locator(FixedLocator([float(cycle) for cycle in cycles]))
    ticks = WORTH_TICKS if span[1] / span[0] > 4.0 else FINE_TICKS
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in ticks if span[0] <= tick <= span[1]]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _colours() -> Any:
    norm = TwoSlopeNorm(0.0, -math.log(FULL_COLOUR), math.log(FULL_COLOUR))
    shades = colormaps[COLOURS].reversed()
    return lambda ratio: shades(0.08 + 0.84 * float(norm(_bounded(ratio))))


def _ratio_text(ratio: float) -> str:
    return ">100" if ratio > 100.0 else "<0.01" if ratio < 0.01 else f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def _ink(ratio: float) -> str:
    return "white" if abs(_bounded(ratio)) > 0.75 * math.log(FULL_COLOUR) else INK


def _bounded(ratio: float) -> float:
    return min(max(math.log(ratio), -math.log(FULL_COLOUR)), math.log(FULL_COLOUR)) if ratio > 0 else 0.0
