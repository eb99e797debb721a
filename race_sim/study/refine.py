"""Adaptive refinement: what the runs of a part say of its boundary, and where to race next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.boundary import (
    Responses,
    Span,
    boundary_along,
    choose_next,
    fit_surface,
    in_levels,
    log_ratios,
    uncertain_share,
)
from race_sim.analysis.cells import groups
from race_sim.analysis.measures import measure
from race_sim.study.definition import Boundary, Level, Levels, Part, Range

if TYPE_CHECKING:
    from race_sim.analysis.boundary import Surface

GRID = 33  # candidates along each axis
CERTAIN_SHARE = 0.01  # of the plane uncertain: below, a boundary is known well enough
LARGEST = (
    5.0  # logarithms below its negative are taken for this: where next to nothing hits, how little does not matter
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panel:
    """The plane of a boundary at one combination of the other factors.

    Attributes:
        levels: of the other factors.
        points: i8[points], numbers of its points in the part.
        unit: f8[points, 2], places of its points in the unit square.
        responses: logarithm of the output, or of its ratio to the reference's, over the threshold.
        replicates: races each is taken over.
        left_out: points left out because runs failed.
    """

    levels: Mapping[str, Any]
    points: npt.NDArray[np.int64]
    unit: Floats
    responses: Responses
    replicates: int
    left_out: int

    def surface(self) -> Surface:
        """The surface through its points."""
        return fit_surface(self.unit, self.responses.mean, self.responses.error, self.responses.covariance)


def next_levels(part: Part, rows: pd.DataFrame, added: int) -> list[Levels]:
    """Levels of the points to race next, for every combination whose budget is not spent nor boundary certain.

    Args:
        part: refined; it has a `boundary`.
        rows: all its rows so far, one a point and seed.
        added: points added to the budget of each combination.
    """
    boundary, ranges = plane(part)
    found: list[Levels] = []
    for panel in panels(part, rows):
        wanted = min(boundary.batch, boundary.budget + added - len(panel.unit) - panel.left_out)
        if wanted <= 0:
            continue
        surface = panel.surface()
        candidates, levels = candidates_of(ranges)
        if added == 0 and uncertain_share(surface, candidates) < CERTAIN_SHARE:
            continue
        for index in choose_next(surface, candidates, panel.unit, wanted):
            chosen: dict[str, Level] = {boundary.x: levels[index][0], boundary.y: levels[index][1]}
            point = {name: {**panel.levels, **chosen}[name] for name in part.factors}
            found += [point, {**point, **boundary.reference}]
    return list({tuple(levels.items()): levels for levels in found}.values())


def boundary_table(part: Part, rows: pd.DataFrame) -> pd.DataFrame:
    """The boundary with its band, a row a combination and level of x, named as by `phase.grid_boundary`."""
    boundary, ranges = plane(part)
    spans = [span(one) for one in ranges]
    tables = []
    for panel in panels(part, rows):
        across, along = unit_axes(ranges)
        line = in_levels(boundary_along(panel.surface(), across, along), boundary.x, spans[0], boundary.y, spans[1])
        tables.append(line.assign(runs=panel.replicates, **panel.levels))
    found = pd.concat(tables, ignore_index=True)
    others = list(panel_factors(part))
    return found[[*others, *(name for name in found if name not in others)]]


def line_of(table: pd.DataFrame, levels: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of one combination of a `boundary_table`."""
    own = np.all([table[name] == level for name, level in levels.items()], axis=0) if levels else slice(None)
    return table[own]


def predicted(panel: Panel, ranges: tuple[Range, Range]) -> tuple[Floats, Floats, Floats, Floats]:
    """A surface where points might be raced: levels of x and y, mean and standard deviation f8[y levels, x levels]."""
    across, along = unit_axes(ranges)
    grid = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
    mean, deviation = (values.reshape(len(along), len(across)) for values in panel.surface().predict(grid))
    return span(ranges[0]).levels(across), span(ranges[1]).levels(along), mean, deviation


def tried(panel: Panel, part: Part, generation: pd.Series) -> pd.DataFrame:
    """The points of a panel: levels of x and y, `runs`, and `step`, 0 for the first design and one more each time.

    `generation` has for each point of the part the generation of the design that brought it.
    """
    boundary, ranges = plane(part)
    places = zip((boundary.x, boundary.y), ranges, panel.unit.T, strict=True)
    steps = generation.reindex(panel.points).rank(method="dense").to_numpy(np.int64) - 1
    levels = {name: span(one).levels(unit) for name, one, unit in places}
    return pd.DataFrame({**levels, "runs": panel.replicates, "step": steps})


def plane(part: Part) -> tuple[Boundary, tuple[Range, Range]]:
    """The boundary of a part and the ranges of its two factors."""
    boundary = part.boundary
    if boundary is None:
        raise ValueError(f"part {part.name} has no boundary")
    x, y = part.factors[boundary.x], part.factors[boundary.y]
    if not isinstance(x, Range) or not isinstance(y, Range):
        raise ValueError(f"the boundary of part {part.name} is not between ranges")  # noqa: TRY004 -- a study's fault
    return boundary, (x, y)


def panel_factors(part: Part) -> tuple[str, ...]:
    """Factors that are not along the axes of the boundary."""
    boundary, _ = plane(part)
    return tuple(name for name in part.factors if name not in (boundary.x, boundary.y))


def span(factor: Range) -> Span:
    """A range as the surface knows it."""
    return Span(factor.low, factor.high, factor.scale)


def axes_of(ranges: tuple[Range, Range]) -> list[list[Level]]:
    """Levels along each axis at which points might be raced."""
    return [list(dict.fromkeys(one.at(share) for share in np.linspace(0.0, 1.0, GRID))) for one in ranges]


def unit_axes(ranges: tuple[Range, Range]) -> tuple[Floats, Floats]:
    """The same in the unit square."""
    shares = [
        np.unique([one.share(level) for level in axis]) for one, axis in zip(ranges, axes_of(ranges), strict=True)
    ]
    return shares[0], shares[1]


def candidates_of(ranges: tuple[Range, Range]) -> tuple[Floats, list[tuple[Level, Level]]]:
    """Points that might be raced: f8[points, 2] in the unit square, and their levels."""
    across, along = axes_of(ranges)
    levels = [(x, y) for x in across for y in along]
    return np.array([[ranges[0].share(x), ranges[1].share(y)] for x, y in levels], np.float64), levels


def panels(part: Part, rows: pd.DataFrame) -> Iterator[Panel]:
    """The plane at each combination of the other factors; points outside the ranges, such as a reference, left out.

    Seeds of which a run failed are left out of all points; where that would leave fewer than two, points are.
    """
    boundary, ranges = plane(part)
    others = list(panel_factors(part))
    wanted = measure(boundary.output)
    for levels, here in groups(rows, others) if others else [({}, rows)]:
        values = here.assign(value=wanted.of_runs(here)).pivot(
            index=[boundary.x, boundary.y], columns="seed", values="value"
        )
        reference = _references(boundary, values)
        known = values.notna() & reference.notna()
        usable = known.all(axis=0)
        if usable.sum() < 2:
            values, reference = values[known.all(axis=1)], reference[known.all(axis=1)]
            usable = values.notna().all(axis=0)
        own, other = values.loc[:, usable].to_numpy(np.float64), reference.loc[:, usable].to_numpy(np.float64)
        unit = np.array([[ranges[0].share(x), ranges[1].share(y)] for x, y in values.index], np.float64)
        numbers = here.groupby([boundary.x, boundary.y])["point"].min().reindex(values.index).to_numpy(np.int64)
        inside = ((unit > -1e-9) & (unit < 1.0 + 1e-9)).all(axis=1)
        own = np.maximum(own, math.exp(-LARGEST) * other.mean(axis=1, keepdims=True))
        responses = log_ratios(own[inside], other[inside], boundary.threshold)
        yield Panel(
            levels, numbers[inside], unit[inside], responses, int(usable.sum()), int((~known.any(axis=1)).sum())
        )


def _references(boundary: Boundary, values: pd.DataFrame) -> pd.DataFrame:
    """What each point is divided by: its reference's values, or 1 where there is none."""
    if not boundary.reference:
        return values.where(values.isna(), 1.0)
    places = [(boundary.reference.get(boundary.x, x), boundary.reference.get(boundary.y, y)) for x, y in values.index]
    return values.reindex(pd.MultiIndex.from_tuples(places, names=values.index.names)).set_axis(values.index)
