"""Adaptive boundaries: the surface fitted to the points tried, the boundary with its band, a panel a combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from race_sim.analysis.boundary import CERTAIN
from race_sim.plots.phase import (
    COLOURS,
    HATCH,
    WIDTH,
    Labels,
    Scales,
    Shade,
    boundary_handles,
    colour_bar,
    draw_boundary,
    draw_tried,
    panel_axes,
    scale_axes,
    shared_legend,
)
from race_sim.plots.style import INK, TEXT, caption, dress, fitting

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plane:
    """A fitted surface of two factors.

    Attributes:
        title: of its panel.
        x_levels, y_levels: f8[columns], f8[rows], where the surface was predicted.
        mean: f8[rows, columns], response: the value's logarithm less the threshold's, or their difference if the value
            is on a linear scale.
        deviation: f8[rows, columns], its standard deviation.
        tried: x, y, `runs` and `step` (0 for the first design, then 1, 2, ... for each batch) of each point.
        boundary: as `analysis.boundary.in_levels` returns it.
    """

    title: str
    x_levels: Floats
    y_levels: Floats
    mean: Floats
    deviation: Floats
    tried: pd.DataFrame
    boundary: pd.DataFrame

    def values(self, scale: str, threshold: float) -> Floats:
        """The value at each place, f8[rows, columns]."""
        return threshold * np.exp(self.mean) if scale == "log" else threshold + self.mean


def surface_figure(
    planes: Sequence[Plane],
    x: str,
    y: str,
    *,
    labels: Labels,
    scales: Scales,
    threshold: float = 1.0,
    title: str = "",
) -> Figure:
    """Each surface as shades, hatched where its side is not known; points tried, boundary and 95% band.

    Args:
        planes: a panel each, with axes alike.
        x, y, labels, scales, threshold, title: as for `phase_figure`.
    """
    figure, every = panel_axes(len(planes))
    values = [plane.values(scales["value"], threshold) for plane in planes]
    shade = Shade(np.concatenate([one.ravel() for one in values]), threshold, scales["value"])
    sizes = []
    for axes, plane, value in zip(every, planes, values, strict=True):
        dress(axes, fitting(plane.title, WIDTH), labels[x], labels[y])
        axes.grid(visible=False)
        _draw_surface(axes, plane, value, shade)
        scale_axes(axes, (x, y), scales, (plane.x_levels, plane.y_levels), {x: plane.x_levels, y: plane.y_levels})
        draw_boundary(axes, plane.boundary, x, y, plane.y_levels)
        sizes = draw_tried(axes, plane.tried, x, y)
    colour_bar(figure, every, shade, labels["value"])
    hatched = Patch(facecolor="none", edgecolor=INK, hatch=HATCH, linewidth=0, label="side not known at 95%")
    everywhere = pd.concat([plane.boundary for plane in planes], ignore_index=True)
    shared_legend(figure, [*boundary_handles(everywhere, y), hatched, *sizes])
    caption(figure, title)
    return figure


def _draw_surface(axes: Axes, plane: Plane, values: Floats, shade: Shade) -> None:
    """Shades of the value, lines at round values, hatching where the side is not known."""
    across, along, leads = plane.x_levels, plane.y_levels, shade.leads(values)
    axes.contourf(across, along, leads, shade.bands, cmap=COLOURS, norm=shade.norm, extend="both")
    lines = axes.contour(across, along, leads, shade.leads(shade.ticks), colors=INK, linewidths=0.6, linestyles="-")
    axes.clabel(lines, fmt=dict(zip(lines.levels, map(shade.words, shade.ticks), strict=True)), fontsize=TEXT["small"])
    unknown = (np.abs(plane.mean) < CERTAIN * plane.deviation).astype(np.float64)
    axes.contourf(across, along, unknown, [0.5, 1.5], colors="none", hatches=[HATCH])
