"""A measure week by week: the mean over runs, how surely it is known, and how far runs differ."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.analysis.intervals import LEVEL, student_quantile
from race_sim.plots.style import INK, SERIES_COLOURS, TEXT, caption, dress, empty_figure, fitting, shade_burn_in

Floats = npt.NDArray[np.float64]

MIDDLE = (10.0, 90.0)  # percentiles of the runs between which the wide band lies
COLOUR = SERIES_COLOURS[1]
OTHERS = "#777777"
INTERVAL, SPREAD = 0.55, 0.16  # opacities: the band of the mean is the darker one
WIDTH, HEIGHT = 4.6, 3.3  # inches of a panel
MOST_ACROSS = 3  # panels side by side


def weeks_figure(
    series: Mapping[str, npt.ArrayLike],
    y_label: str,
    burn_in: int,
    *,
    title: str = "",
    groups: Mapping[str, object] | None = None,
) -> Figure:
    """A panel a series, with axes alike: mean over runs, its 95% interval, and the middle 80% of the runs.

    The interval tells how surely the mean is known and narrows with more runs; the middle 80% tells how far runs differ
    and does not. Both are of each week by itself. Means of the other series of its group lie behind as thin grey lines.

    Args:
        series: {title of the panel: f8[runs, weeks]}, NaN where nothing was measured; weeks from 0.
        y_label: what is measured, with its unit.
        burn_in: weeks shaded at the start, not part of the measures.
        title: what the figure shows, above all.
        groups: {title of a panel: its group}; one group if None.
    """
    grouped = groups or {}
    values = {label: np.asarray(one, np.float64) for label, one in series.items()}
    means = {label: weekly_means(one) for label, one in values.items()}
    across = min(len(values), MOST_ACROSS)
    down = math.ceil(len(values) / across)
    figure = empty_figure(max(WIDTH * across, 6.5), HEIGHT * down + 1.1)
    every = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True).ravel()
    for axes in every[len(values) :]:
        axes.set_visible(False)
    for axes, (label, one) in zip(every, values.items(), strict=False):
        runs = f"{len(one)} runs" if len(one) > 1 else "1 run"
        dress(axes, fitting(f"{label} ({runs})", WIDTH), "week", y_label)
        axes.tick_params(labelbottom=True, labelleft=True)
        shade_burn_in(axes, burn_in)
        others = [
            mean for name, (mean, _) in means.items() if name != label and grouped.get(name) == grouped.get(label)
        ]
        _draw_others(axes, others)
        _draw_weeks(axes, one, *means[label])
        axes.set_xlim(0, max(max(one.shape[1] for one in values.values()) - 1, 1))
    if all(np.nanmin(one, initial=math.inf) >= 0.0 for one in values.values()):
        every[0].set_ylim(bottom=0.0)
    _legend(figure, burn_in)
    caption(figure, title)
    return figure


def weekly_means(values: Floats) -> tuple[Floats, Floats]:
    """Mean of each week f8[weeks] over f8[runs, weeks], and how far its 95% interval (Student's t) reaches either side.

    Runs without a value in a week are left out of it; NaN where fewer than 1 (mean) or 2 (reach) are left.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(len(count), math.nan), where=count > 0)
    squares = np.where(known, values - mean, 0.0) ** 2
    several = count > 1
    variance = np.divide(squares.sum(axis=0), count - 1, out=np.full(len(count), math.nan), where=several)
    quantiles = {int(runs): student_quantile(0.5 + LEVEL / 2, int(runs) - 1) for runs in np.unique(count[several])}
    widths = np.array([quantiles.get(int(runs), math.nan) for runs in count])
    return mean, widths * np.sqrt(variance / np.maximum(count, 1))


def _draw_others(axes: Axes, means: list[Floats]) -> None:
    for number, mean in enumerate(means):
        axes.plot(
            np.arange(len(mean)),
            mean,
            color=OTHERS,
            linewidth=0.8,
            linestyle=(0, (5, 2)),
            label="means of the other lines in the same setting" if number == 0 else None,
        )


def _draw_weeks(axes: Axes, values: Floats, mean: Floats, reach: Floats) -> None:
    weeks = np.arange(values.shape[1])
    if len(values) > 1:
        known = np.isfinite(values).any(axis=0)
        middle = np.full((2, len(weeks)), math.nan)
        middle[:, known] = np.nanpercentile(values[:, known], MIDDLE, axis=0)
        axes.fill_between(weeks, *middle, color=COLOUR, alpha=SPREAD, linewidth=0, label="middle 80% of the runs")
        for edge in middle:
            axes.plot(weeks, edge, color=COLOUR, linewidth=0.7, linestyle=":")
        axes.fill_between(
            weeks,
            mean - reach,
            mean + reach,
            color=COLOUR,
            alpha=INTERVAL,
            linewidth=0,
            label="95% interval of the mean",
        )
    axes.plot(weeks, mean, color=INK, linewidth=1.4, label="mean over runs" if len(values) > 1 else "the run")


def _legend(figure: Figure, burn_in: int) -> None:
    handles: dict[str, Artist] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    if burn_in > 0:
        handles["burn-in, not measured"] = figure.axes[0].patches[0]
    figure.legend(
        list(handles.values()),
        list(handles),
        loc="outside lower center",
        ncols=min(len(handles), 3),
        fontsize=TEXT["small"],
        frameon=False,
    )
