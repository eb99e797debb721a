"""Phase diagrams: which side of a threshold each point lies on, and the boundary with its band."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from race_sim.analysis.boundary import Scale
from race_sim.analysis.cells import groups
from race_sim.plots.style import INK, TEXT, caption, dress, empty_figure, fitting

Floats = npt.NDArray[np.float64]
Labels = Mapping[str, str]
Scales = Mapping[str, Scale]

MARKS = {"above": "+", "below": "\u2212", "no evidence": "?", "reference": "="}
MEANINGS = {
    "above": "above {0:g}",
    "below": "below {0:g}",
    "no evidence": "no evidence: its 95% interval holds {0:g}",
    "reference": "the reference itself",
}
COLOURS = (
    "PuOr_r"  # violet below, orange above: apart for colour-blind readers; marks and numbers serve readers in grey
)
RATIO_TICKS = (1 / 64, 1 / 16, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 16.0, 64.0)
FINE_RATIO_TICKS = (0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 2.0)
PLAIN_COLOURS = "cividis"  # grows lighter all the way, also in grey
PLAIN_DARK = 0.5  # of its span, below which text is light
FULL_COLOUR = 16.0  # ratio to the threshold beyond which the colour does not deepen
BANDS = 16  # shades of a surface
WIDTH, HEIGHT = 4.6, 4.1  # inches of a panel
LEAST_WIDTH = 6.6  # inches of a figure
ENTRY = 3.0  # inches that an entry of the legend may take
MOST_ACROSS = 3  # panels side by side
SQUARE = 2  # so many rows of so many panels, where that is all of them
DARK = 0.72  # share of the full colour from which marks are white
HALO = 2.0  # points around a mark, so that lines do not hide it
MOST_TICKS = 10  # levels along an axis that are all named
HATCH = "////"
BAND_STYLE: dict[str, Any] = {"facecolor": "white", "alpha": 0.45, "linewidth": 0}


def phase_figure(
    table: pd.DataFrame,
    boundary: pd.DataFrame | None,
    x: str,
    y: str,
    *,
    labels: Labels,
    scales: Scales,
    panels: Sequence[str] = (),
    panel_words: Mapping[tuple[object, ...], str] | None = None,
    threshold: float | None = 1.0,
    title: str = "",
) -> Figure:
    """A cell a point, coloured by its value and marked with the side it lies on; the boundary and its 95% band above.

    Without a threshold, cells hold their value in figures.

    Args:
        table: as `analysis.phase.phase_table` returns it.
        boundary: as `analysis.phase.grid_boundary` returns it, of the same panels; None for cells alone.
        x, y: factors of the axes, whose levels are numbers.
        labels: {x, y and "value": what stands at their axes, with units}.
        scales: {x, y and "value": "log" or "linear"}.
        panels: factors whose levels have axes of their own.
        panel_words: {levels of a panel: its title}; "factor level" if not given.
        threshold: value at which the colours change; None if the value is held against none.
        title: what the figure shows, above all.
    """
    figure, everyone = _panels(table, panels)
    values = table["value"].to_numpy(np.float64)
    shade = PlainShade(values) if threshold is None else Shade(values, threshold, scales["value"])
    columns, rows = (_edges(np.unique(table[name].to_numpy(np.float64)), scales[name]) for name in (x, y))
    for place, here, axes in everyone:
        dress(axes, fitting(panel_title(place, panel_words), WIDTH), labels[x], labels[y])
        axes.grid(visible=False)
        _draw_cells(axes, here, x, y, (columns, rows), shade)
        scale_axes(axes, (x, y), scales, (columns, rows), {x: table[x], y: table[y]})
        if boundary is not None:
            draw_boundary(axes, _of_panel(boundary, place), x, y, rows, marker="o")
    colour_bar(figure, [axes for *_, axes in everyone], shade, labels["value"])
    handles: list[Any] = []
    if threshold is not None:
        handles += [_mark_handle(name, threshold) for name in MARKS if (table["finding"] == name).any()]
    handles += [] if boundary is None else boundary_handles(boundary, y)
    if handles:
        shared_legend(figure, handles)
    caption(figure, title)
    return figure


class Shade:
    """Colours of values: how far they lead over the threshold, alike on both sides of it."""

    colours = COLOURS

    def __init__(self, values: Floats, threshold: float, scale: Scale) -> None:
        self._threshold, self._scale = threshold, scale
        leads = self.leads(values)
        known = np.abs(leads[np.isfinite(leads)])
        reach = float(known.max()) if known.size and known.max() > 0.0 else 1.0
        self.reach = min(reach, math.log(FULL_COLOUR)) if scale == "log" else reach
        self.norm = Normalize(-self.reach, self.reach)
        self.bands = np.linspace(-self.reach, self.reach, BANDS + 1)
        self.ticks = self._ticks()

    def leads(self, values: npt.ArrayLike) -> Floats:
        """Logarithm of the ratio to the threshold, or the difference."""
        array = np.asarray(values, np.float64)
        if self._scale == "linear":
            return np.asarray(array - self._threshold)
        with np.errstate(divide="ignore"):  # nothing at all: beyond every colour
            return np.asarray(np.log(array / self._threshold))

    def words(self, value: float) -> str:
        """A value beside the bar of colours."""
        return f"{value:.3g}"

    def mark(self, point: pd.Series[Any]) -> str:
        """What stands in the cell of a point."""
        return MARKS[point["finding"]]

    def is_dark(self, lead: float) -> bool:
        """Whether text on this colour must be light."""
        return math.isfinite(lead) and abs(lead) > DARK * self.reach

    def shown(self, leads: Floats) -> Floats:
        """Leads as they are coloured."""
        return np.clip(leads, -self.reach, self.reach)

    def _ticks(self) -> Floats:
        if self._scale == "linear":
            return self._threshold + np.linspace(-self.reach, self.reach, 5)
        ratios = np.array(RATIO_TICKS if self.reach > math.log(2.0) else FINE_RATIO_TICKS)
        shown = ratios[np.abs(np.log(ratios)) <= self.reach + 1e-9]
        if len(shown) < 2:
            shown = np.exp(np.array([-self.reach, 0.0, self.reach]))
        return np.asarray(self._threshold * shown)


class PlainShade:
    """Colours of values that are held against no threshold, from dark to light."""

    colours = PLAIN_COLOURS

    def __init__(self, values: Floats) -> None:
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
        self.norm = Normalize(low, high if high > low else low + 1.0)
        self.ticks = np.linspace(self.norm.vmin or 0.0, self.norm.vmax or 1.0, 5)

    def leads(self, values: npt.ArrayLike) -> Floats:
        """The values themselves."""
        return np.asarray(values, np.float64)

    def words(self, value: float) -> str:
        """A value beside the bar of colours."""
        return f"{value:.3g}"

    def mark(self, point: pd.Series[Any]) -> str:
        """What stands in the cell of a point."""
        return "" if math.isnan(point["value"]) else f"{point['value']:.2g}"

    def is_dark(self, lead: float) -> bool:
        """Whether text on this colour must be light."""
        return float(self.norm(lead)) < PLAIN_DARK

    def shown(self, leads: Floats) -> Floats:
        """Leads as they are coloured."""
        return leads


def panel_axes(count: int) -> tuple[Figure, list[Axes]]:
    """A figure with so many axes."""
    across = SQUARE if count == SQUARE * SQUARE else min(count, MOST_ACROSS)
    down = math.ceil(count / across)
    figure = empty_figure(max(WIDTH * across + 1.2, LEAST_WIDTH), HEIGHT * down + 1.3)
    every = figure.subplots(down, across, squeeze=False).ravel()
    for axes in every[count:]:
        axes.set_visible(False)
    return figure, list(every[:count])


AnyShade = Shade | PlainShade


def _panels(
    table: pd.DataFrame, panels: Sequence[str]
) -> tuple[Figure, list[tuple[dict[str, Any], pd.DataFrame, Axes]]]:
    """A figure with axes for each combination of levels of these factors."""
    parts = list(groups(table, panels)) if panels else [({}, table)]
    figure, every = panel_axes(len(parts))
    return figure, [(place, here, axes) for (place, here), axes in zip(parts, every, strict=True)]


def _of_panel(boundary: pd.DataFrame, place: Mapping[str, object]) -> pd.DataFrame:
    return boundary[(boundary[list(place)] == list(place.values())).all(axis=1)] if place else boundary


def panel_title(place: Mapping[str, object], words: Mapping[tuple[object, ...], str] | None) -> str:
    """Words for the levels of a panel, or the levels themselves."""
    if words is not None and tuple(place.values()) in words:
        return words[tuple(place.values())]
    return ", ".join(f"{factor} {level}" for factor, level in place.items())


def _edges(levels: Floats, scale: Scale) -> Floats:
    """Edges of the cells of these levels, halfway between them on the scale."""
    places = np.log(levels) if scale == "log" else levels
    if len(places) == 1:
        middles, first, last = places[:0], 0.5, 0.5
    else:
        middles = (places[1:] + places[:-1]) / 2.0
        first, last = middles[0] - places[0], places[-1] - middles[-1]
    edges = np.concatenate([[places[0] - first], middles, [places[-1] + last]])
    return np.exp(edges) if scale == "log" else edges


def _draw_cells(axes: Axes, here: pd.DataFrame, x: str, y: str, edges: tuple[Floats, Floats], shade: AnyShade) -> None:
    columns, rows = edges
    values = np.full((len(rows) - 1, len(columns) - 1), math.nan)
    size = TEXT["title"] if max(values.shape) <= 12 else TEXT["small"] * 0.75
    for _, point in here.iterrows():
        column, row = (int(np.searchsorted(along, point[name])) - 1 for name, along in ((x, columns), (y, rows)))
        values[row, column] = lead = float(shade.leads(point["value"]))
        ink, paper = ("white", INK) if shade.is_dark(lead) else (INK, "white")
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": size, "fontweight": "bold", "color": ink}
        mark = axes.text(point[x], point[y], shade.mark(point), zorder=6, clip_on=True, **look)
        mark.set_path_effects([withStroke(linewidth=HALO, foreground=paper, alpha=0.6)])
    axes.pcolormesh(
        columns, rows, shade.shown(values), cmap=shade.colours, norm=shade.norm, edgecolors="white", linewidth=0.4
    )


def scale_axes(
    axes: Axes, names: tuple[str, str], scales: Scales, ends: tuple[Floats, Floats], levels: Mapping[str, Any]
) -> None:
    """Scale and limit both axes, with ticks where levels were tried or, for many, at powers of two."""
    for name, axis, along, set_limits in (
        (names[0], axes.xaxis, ends[0], axes.set_xlim),
        (names[1], axes.yaxis, ends[1], axes.set_ylim),
    ):
        ticks = np.unique(np.asarray(levels[name], np.float64))
        if scales[name] == "linear" and len(ticks) <= MOST_TICKS:
            axis.set_major_locator(FixedLocator(list(ticks)))
        if scales[name] == "log":
            (axes.set_xscale if axis is axes.xaxis else axes.set_yscale)("log", base=2)
            if len(ticks) > MOST_TICKS:
                first, last = math.ceil(math.log2(along[0]) - 1e-9), math.floor(math.log2(along[-1]) + 1e-9)
                ticks = np.exp2(np.arange(first, last + 1, dtype=np.float64))
            axis.set_major_locator(FixedLocator(list(ticks)))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        set_limits(float(along[0]), float(along[-1]))


def located(boundary: pd.DataFrame, y: str) -> pd.DataFrame:
    """The boundary where its band tells on which side of the levels tried it lies, or that it lies among them.

    Where the whole estimate lies on one side of the threshold and the band spans all levels, it may be anywhere.
    """
    elsewhere = (boundary[y] > boundary["largest"]) | (boundary[y] < boundary["smallest"])
    anywhere = (boundary[f"{y}_low"] < boundary["smallest"]) & (boundary[f"{y}_high"] > boundary["largest"])
    return boundary[~(elsewhere & anywhere)]


def draw_boundary(axes: Axes, boundary: pd.DataFrame, x: str, y: str, ends: Floats, marker: str = "") -> None:
    """The line where the boundary is among the levels tried, large triangles at the edge where it lies beyond.

    A `marker` shows places between two that lie beyond, which no line reaches. Nothing where it is not `located`.
    """
    boundary = located(boundary, y)
    least, most = float(ends[0]), float(ends[-1])
    across = boundary[x].to_numpy(np.float64)
    order = np.argsort(across)
    value, low, high = boundary[[y, f"{y}_low", f"{y}_high"]].to_numpy(np.float64)[order].T
    across = across[order]
    band = np.clip([low, high], least, most)
    axes.fill_between(across, *band, **BAND_STYLE)
    for edge in band:
        axes.plot(across, edge, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    inside = np.where((value >= least) & (value <= most), value, math.nan)
    for colour, width in (("white", 4.2), (INK, 2.2)):
        axes.plot(across, inside, color=colour, linewidth=width, marker=marker, markersize=width + 2.0)
    for triangle, beyond, edge in (("^", across[value > most], most), ("v", across[value < least], least)):
        if len(beyond) > 0:
            look: dict[str, Any] = {"color": INK, "markersize": 9, "markeredgecolor": "white", "linestyle": "none"}
            axes.plot(beyond, np.full(len(beyond), edge), marker=triangle, clip_on=False, zorder=5, **look)


def draw_tried(axes: Axes, tried: pd.DataFrame, x: str, y: str) -> list[Line2D]:
    """Points tried: squares for the first design, circles for what was chosen, the later the darker; size is runs."""
    last = max(int(tried["step"].max()), 1)
    most = float(tried["runs"].max())
    for step, here in tried.groupby("step"):
        grey = f"{0.85 * (1.0 - float(str(step)) / last):.2f}"
        axes.scatter(
            here[x],
            here[y],
            s=55.0 * here["runs"] / most,
            marker="s" if step == 0 else "o",
            facecolor=grey,
            edgecolor="white" if float(grey) < 0.5 else INK,
            linewidth=0.8,
            zorder=4,
            clip_on=False,
        )
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "markersize": 7}
    fewest = float(tried["runs"].min())
    runs = f"{most:g} runs each" if fewest == most else f"{fewest:g} to {most:g} runs each, larger for more"
    handles = [Line2D([], [], marker="s", color="0.85", label=f"first points tried ({runs})", **look)]
    if int(tried["step"].max()) > 0:
        handles.append(
            Line2D(
                [],
                [],
                marker="o",
                color="0.3",
                label=f"chosen in {last} batch{'es' * (last > 1)}: the later the darker",
                **look,
            )
        )
    return handles


def colour_bar(figure: Figure, axes: Sequence[Axes], shade: AnyShade, label: str) -> None:
    """The bar of colours beside these axes."""
    bar = figure.colorbar(
        ScalarMappable(shade.norm, shade.colours),
        ax=list(axes),
        extend="both" if isinstance(shade, Shade) else "neither",
        ticks=list(shade.leads(shade.ticks)),
        pad=0.02,
    )
    bar.ax.set_yticklabels([shade.words(tick) for tick in shade.ticks])
    bar.ax.tick_params(labelsize=TEXT["small"], colors=INK)
    bar.set_label(label, fontsize=TEXT["label"], color=INK)


def _mark_handle(name: str, threshold: float) -> Line2D:
    mark = {"above": "$+$", "below": "$-$", "no evidence": "$?$", "reference": "$=$"}[name]
    return Line2D(
        [], [], linestyle="none", marker=mark, color=INK, markersize=8, label=MEANINGS[name].format(threshold)
    )


def boundary_handles(boundary: pd.DataFrame, y: str) -> list[Line2D]:
    """What is drawn of the boundary."""
    boundary = located(boundary, y)
    if boundary.empty:
        return []
    handles = [
        Line2D([], [], color=INK, linewidth=2.2, label="boundary"),
        Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 2)), label="its 95% band"),
    ]
    if ((boundary[y] > boundary["largest"]) | (boundary[y] < boundary["smallest"])).any():
        handles.append(
            Line2D([], [], color=INK, marker="^", markersize=8, linestyle="none", label="beyond the levels tried")
        )
    return handles


def shared_legend(figure: Figure, handles: Sequence[Any]) -> None:
    """A legend for all axes, below them."""
    figure.legend(
        handles=list(handles),
        loc="outside lower center",
        ncols=max(int(figure.get_figwidth() // ENTRY), 1),
        fontsize=TEXT["small"],
        frameon=False,
    )
