"""How much runs differ at each point of a part: of a measure, and of what a study divides it by, paired by seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asinh, sinh

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.measures import Measure
from race_sim.analysis.replication import FEWEST, half_width
from race_sim.plots.studies import FIGURES
from race_sim.study.definition import Levels, Part, Study, factor_levels
from race_sim.study.estimate import standing_in
from race_sim.study.pilot import levels_of

Floats = npt.NDArray[np.float64]
HITS = "total_hits"


@dataclass(frozen=True)
class Reference:
    """What a study divides an output by.

    Attributes:
        output: name of the measure.
        levels: in which the other point differs.
        asked_by: the figure, or the boundary, that asks for it.
    """

    output: str
    levels: Levels
    asked_by: str


@dataclass(frozen=True, eq=False)
class Spreads:
    """Standard deviations of runs in units of the value they estimate, a point each.

    Attributes:
        point: i8[points], number of each point in its part.
        spread: f8[points]; NaN where the value is 0 or fewer than two runs are known.
        runs: i8[points], runs they were found with.
        logarithmic: whether an interval is one of the value's logarithm, as those of ratios are.
        unpaired: f8[points], the same if points did not share seeds; None but for ratios of points.
    """

    point: npt.NDArray[np.int64]
    spread: Floats
    runs: npt.NDArray[np.int64]
    logarithmic: bool
    unpaired: Floats | None = None

    def target(self, width: float) -> float:
        """Half an interval of what the spread is of, where half the value's own is `width` times the value."""
        return asinh(width) if self.logarithmic else width

    def width(self, spread: float, runs: int) -> float:
        """Half an interval over its value, from so many runs."""
        reach = half_width(spread, runs)
        return sinh(min(reach, 700.0)) if self.logarithmic else reach


def references(study: Study, part: Part) -> list[Reference]:
    """All that a part divides outputs by: in its boundary, its figures and the figures of the headline study."""
    factors = standing_in(study, part).factors
    found = []
    if part.boundary is not None:
        found.append(Reference(part.boundary.output, part.boundary.reference, "the boundary"))
    found += [
        Reference(one.output or study.outputs_of(part)[0], one.reference, f"figure {one.name}")
        for one in part.figure
        if one.kind != "weeks"
    ]
    cycles = factors.get("cycle")
    for name in part.figures:
        if FIGURES[name].compares_cycles and cycles is not None:
            shortest = min(factor_levels(cycles), key=float)
            found.append(Reference(HITS, {"cycle": shortest, "arsenal": 1}, f"figure {name}"))
    alike: dict[tuple[object, ...], Reference] = {}
    for one in found:
        levels = {name: level for name, level in one.levels.items() if name in factors}
        if levels:
            alike.setdefault((one.output, *levels.items()), replace(one, levels=levels))
    return list(alike.values())


def point_spreads(measure: Measure, rows: pd.DataFrame, chosen: Sequence[int]) -> Spreads:
    """Of a measure at these points, as its tables estimate it.

    Args:
        measure: which.
        rows: one a point and seed.
        chosen: numbers of the points.
    """
    above = wide_values(rows, rows[measure.above], chosen)
    if measure.below is None:
        known = np.isfinite(above)
        scaled = _over(above, _mean(above, known))
    else:
        below = wide_values(rows, rows[measure.below], chosen)
        known = np.isfinite(above) & np.isfinite(below)
        scaled = _over(above, _mean(above, known)) - _over(below, _mean(below, known))
    spread, runs = _deviation(scaled, known)
    return Spreads(np.asarray(chosen, np.int64), spread, runs, measure.below is not None)


def ratio_spreads(
    measure: Measure, rows: pd.DataFrame, table: pd.DataFrame, chosen: Sequence[int], levels: Levels
) -> Spreads:
    """Of a measure at these points over that at the points with these other levels, paired by seed.

    Points that are their own reference, or whose reference is not there, are left out.
    """
    own = dict(zip(table["point"].tolist(), levels_of(table), strict=True))
    number = {tuple(one.items()): point for point, one in own.items()}  # where 1 and 1.0 are the same level
    pairs = [(point, number.get(tuple({**own[point], **levels}.items()))) for point in chosen]
    kept = [(point, other) for point, other in pairs if other is not None and other != point]
    values = measure.of_runs(rows)
    first, second = (wide_values(rows, values, [pair[side] for pair in kept]) for side in (0, 1))
    known = np.isfinite(first) & np.isfinite(second)
    scaled = [_over(one, _mean(one, known)) for one in (first, second)]
    spread, runs = _deviation(scaled[0] - scaled[1], known)
    apart = np.hypot(_deviation(scaled[0], known)[0], _deviation(scaled[1], known)[0])
    return Spreads(np.array([point for point, _ in kept], np.int64), spread, runs, True, apart)


def wide_values(rows: pd.DataFrame, values: pd.Series, chosen: Sequence[int]) -> Floats:
    """Values of these points, f8[points, seeds]; NaN where there are none."""
    table = pd.DataFrame({"point": rows["point"], "seed": rows["seed"], "value": values})
    wide = table.pivot(index="point", columns="seed", values="value")
    return wide.reindex(list(chosen)).to_numpy(np.float64)


def _mean(values: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    count = known.sum(axis=1)
    total: Floats = np.where(known, values, 0.0).sum(axis=1)
    found = np.full(len(values), np.nan)
    np.divide(total, count, out=found, where=count > 0)
    return found


def _over(values: Floats, mean: Floats) -> Floats:
    """Values over the size of their mean; NaN where that is 0."""
    size = np.abs(mean)[:, None]
    found = np.full(values.shape, np.nan)
    np.divide(values, size, out=found, where=size > 0.0)
    return found


def _deviation(values: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Standard deviation and number of the known values in each row; NaN for fewer than two."""
    runs = known.sum(axis=1)
    squares = (np.where(known, values - _mean(values, known)[:, None], 0.0) ** 2).sum(axis=1)
    found = np.full(len(values), np.nan)
    np.divide(squares, runs - 1, out=found, where=runs >= FEWEST)
    return np.sqrt(found), runs.astype(np.int64)
