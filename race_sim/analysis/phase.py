"""Phase diagrams: which side of a threshold each point lies on, and where along y the boundary runs for each x."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.boundary import Scale, crossings, rises
from race_sim.analysis.cells import columns, groups
from race_sim.analysis.intervals import (
    Estimate,
    bootstrap_interval,
    mean_estimate,
    ratio_estimate,
    resampling_weights,
    rounded,
)
from race_sim.errors import InputError

Floats = npt.NDArray[np.float64]
Measure: TypeAlias = str | tuple[str, str]
"""A column, or a pair (hits, sorties) that stands for the one over the other, all runs together."""
Reference: TypeAlias = Mapping[str, object] | None
"""{factor: level}: each point is compared with the point of the same levels but for these."""

LEAST = np.nextafter(0.0, 1.0)  # no hits at all: the logarithm stays finite


def phase_table(
    rows: pd.DataFrame,
    x: str,
    y: str,
    measure: Measure,
    reference: Reference = None,
    by: Sequence[str] = (),
    threshold: float = 1.0,
) -> pd.DataFrame:
    """The measure at each point, with its interval and the side of the threshold it lies on.

    Args:
        rows: one row a point and seed: factors, `seed`, measures (NaN for runs that failed or measured nothing).
        x, y: factors of the diagram.
        measure: what is measured.
        reference: the point to compare with, on the same seeds; the value is then the ratio to its measure. A factor
            that is none of x, y and `by` tells points from their references: these are left out.
        by: factors whose levels have a panel each.
        threshold: what the value is held against.

    Returns a row a point: `by`, x, y; `value`, `value_low`, `value_high`; `finding`: "above" or "below" if the point's
    own 95% interval leaves out the threshold, else "no evidence" ("reference" where it is compared with itself);
    `runs`; `left_out`, seeds of the part without a value here or at the reference. Of many points without any
    difference, one in twenty is above or below by chance.

    Raises InputError if a column is missing, points have no reference, or a point has a seed twice.
    """
    found = []
    for point in _points(rows, x, y, measure, reference, by):
        estimate = point.estimate()
        runs = int(point.known.sum())
        found.append(
            {
                **point.panel,
                x: point.x,
                y: point.y,
                **columns("value", estimate),
                "finding": "reference" if point.is_reference else side(estimate, threshold),
                "runs": runs,
                "left_out": len(point.known) - runs,
            }
        )
    return pd.DataFrame(found)


def side(estimate: Estimate, threshold: float) -> str:
    """Where an estimate lies: "above" or "below" if its interval leaves out the threshold, else "no evidence"."""
    if estimate.interval is None:
        return "no evidence"
    low, high = estimate.interval
    return "above" if low > threshold else "below" if high < threshold else "no evidence"


def grid_boundary(
    rows: pd.DataFrame,
    x: str,
    y: str,
    measure: Measure,
    reference: Reference = None,
    by: Sequence[str] = (),
    threshold: float = 1.0,
    y_scale: Scale = "log",
    value_scale: Scale = "log",
) -> pd.DataFrame:
    """Where along y the measure crosses the threshold, for each x, by straight lines between points on these scales.

    The 95% interval resamples seeds, all points of a panel together, since they share their seeds.

    Args:
        rows, x, y, measure, reference, by, threshold: as for `phase_table`; the levels of y are numbers.
        y_scale: on which y is interpolated; positive levels if "log".
        value_scale: on which the measure is; positive threshold if "log".

    Returns a row a panel and x: `by`, x; y, `{y}_low`, `{y}_high`: the lowest crossing; 0 (negative infinity on a
    linear scale) stands for below and infinity for above the levels tried; `crossings` of the estimate; `side`: "above"
    or "below" if all of the estimate lies there, else ""; `smallest` and `largest` level tried; `runs`, the fewest of
    any point. A boundary beyond the levels tried is said to lie where the panel's slope along y would have it: it may
    be nowhere. Limits are NaN for fewer than 2 runs; levels at which nothing was measured are left out.

    Raises InputError as `phase_table` does, and if levels or threshold do not fit their scale.
    """
    if value_scale == "log" and threshold <= 0.0:
        raise InputError(f"a threshold of {threshold:g} has no place on a logarithmic scale: give a positive one")
    panels: dict[tuple[object, ...], list[_Point]] = {}
    for point in _points(rows, x, y, measure, reference, by):
        panels.setdefault(tuple(point.panel.values()), []).append(point)
    found: list[dict[str, object]] = []
    for points in panels.values():
        lines = _lines(points, y, y_scale, value_scale, threshold)
        found += [{**points[0].panel, x: line.x, **line.crossing(y, y_scale)} for line in lines]
    return pd.DataFrame(found)


def boundary_words(
    boundary: pd.DataFrame,
    x: str,
    y: str,
    by: Sequence[str] = (),
    what: str = "the boundary",
    unit: str = "",
    words: Callable[[str, object], str] = "{} {}".format,
) -> str:
    """Where the boundary lies and how it moves with x, a sentence a panel.

    It rises (or falls) if some interval lies wholly above (below) that of a smaller x and none the other way; where all
    intervals overlap there is no evidence that it moves.

    Args:
        boundary: as `grid_boundary` or `boundary.in_levels` returns it.
        x, y: its factors; the order of x is that of its levels, or of its rows if they are no numbers.
        by: factors of its panels.
        what: what the boundary is, such as "equal hits".
        unit: of y, after each number.
        words: says a factor and its level, for panels.
    """
    sentences = []
    for place, here in groups(boundary, by) if by else [({}, boundary)]:
        lead = ", ".join(words(factor, level) for factor, level in place.items())
        sentences.append(f"{lead}: {_sentence(here, x, y, what, unit)}" if lead else _sentence(here, x, y, what, unit))
    text = "\n".join(sentences)
    return text[:1].upper() + text[1:]


def _sentence(boundary: pd.DataFrame, x: str, y: str, what: str, unit: str) -> str:
    ordered = boundary.sort_values(x, kind="stable") if pd.api.types.is_numeric_dtype(boundary[x]) else boundary
    known = ordered[ordered[y].notna()]
    if known.empty:
        return f"{what} is not measured."
    limits = known[[f"{y}_low", f"{y}_high"]].to_numpy(np.float64)
    if len(set(known["side"])) == 1 and known["side"].iloc[0] and (limits[:, 0] == limits[:, 1]).all():
        reached = f"from {known['smallest'].iloc[0]:g} to {known['largest'].iloc[0]:g}"
        return f"{what} is nowhere among {y} {reached}: every point is {known['side'].iloc[0]} the threshold."
    words = [_place_words(row, x, y, unit) for _, row in known.iterrows()]
    several = [_x_words(row[x]) for _, row in known.iterrows() if row["crossings"] > 1]
    rising, falling = _widest_gap(limits), _widest_gap(limits[::-1])
    if rising is not None and falling is not None:
        first, last = rising
        move = f"it both rises and falls with {x}"
        shown = sorted({first, last, *(len(limits) - 1 - place for place in falling)})
    elif rising is not None or falling is not None:
        move = f"it {'rises' if rising is not None else 'falls'} with {x}"
        shown = sorted(rising or [len(limits) - 1 - place for place in falling or ()])
    else:
        move = f"no evidence that it moves with {x}" if len(limits) > 1 else ""
        shown = sorted({0, len(limits) - 1})
    text = f"{what} is at {y} " + ", ".join(words[place] for place in shown) + (f"; {move}." if move else ".")
    if several:
        text += f" There is more than one crossing at {x} {', '.join(several)}; the lowest counts."
    return text


def _widest_gap(limits: Floats) -> tuple[int, int] | None:
    """The pair of rows (an earlier, a later one) with the later interval farthest above the earlier, if any is."""
    best, found = 0.0, None
    for first, last in zip(*np.triu_indices(len(limits), 1), strict=True):
        low, high = limits[last, 0], limits[first, 1]
        gap = low - high if low > high else 0.0
        if gap > best:
            best, found = gap, (int(first), int(last))
    return found


def _place_words(row: pd.Series[Any], x: str, y: str, unit: str) -> str:
    values = [_level_words(float(row[name]), row, unit) for name in (y, f"{y}_low", f"{y}_high")]
    interval = "" if math.isnan(row[f"{y}_low"]) else f" [{values[1]}, {values[2]}]"
    return f"{values[0]}{interval} with {x} {_x_words(row[x])}"


def _x_words(level: object) -> str:
    return f"{level:.3g}" if _is_number(level) else str(level)


def _level_words(value: float, row: pd.Series[Any], unit: str) -> str:
    if value < row["smallest"]:
        return f"<{row['smallest']:g}{unit}"
    return f">{row['largest']:g}{unit}" if value > row["largest"] else f"{rounded(value)}{unit}"


def _is_number(level: object) -> bool:
    return isinstance(level, int | float | np.number) and not isinstance(level, bool)


@dataclass(frozen=True, eq=False)
class _Point:
    """A point and its reference: of each, f8[2, seeds] what is divided by what; ones where nothing divides."""

    panel: Mapping[str, object]
    x: object
    y: object
    own: Floats
    reference: Floats | None
    is_reference: bool

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """bool[seeds]: whether the run, and the reference's with this seed, measured something."""
        both = self.own if self.reference is None else np.concatenate([self.own, self.reference])
        return np.asarray(np.isfinite(both).all(axis=0))

    def estimate(self) -> Estimate:
        top, bottom = self.own[:, self.known]
        if self.reference is not None:
            estimate = ratio_estimate(_linearised(top, bottom), _linearised(*self.reference[:, self.known]))
        else:
            estimate = mean_estimate(top) if (bottom == 1.0).all() else ratio_estimate(top, bottom)
        return estimate if math.isfinite(estimate.value) else Estimate(math.nan)

    def values(self, weights: Floats) -> Floats:
        """The value with each row of weights f8[resamples, seeds] of the runs; NaN where it has none."""
        counted = weights[:, self.known]
        value = _divided(*(counted @ self.own[:, self.known].T).T)
        if self.reference is None:
            return value
        return _divided(value, _divided(*(counted @ self.reference[:, self.known].T).T))


def _divided(top: Floats, bottom: Floats) -> Floats:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), math.nan), where=bottom > 0.0))


def _linearised(top: Floats, bottom: Floats) -> Floats:
    """One value a run, whose mean is the ratio of the means and which vary as it does to the first order."""
    if len(top) == 0 or not bottom.mean() > 0.0:
        return np.full(len(top), math.nan)
    ratio = top.mean() / bottom.mean()
    return np.asarray(ratio + (top - ratio * bottom) / bottom.mean())


def _points(
    rows: pd.DataFrame, x: str, y: str, measure: Measure, reference: Reference, by: Sequence[str]
) -> list[_Point]:
    changed = dict(reference or {})
    place = [*by, x, y]
    extra = [factor for factor in changed if factor not in place]
    pair = (measure,) if isinstance(measure, str) else measure
    for name in (*place, *extra, *pair, "seed"):
        if name not in rows:
            raise InputError(f"the runs have no column {name}")
    kept = rows[(rows[extra] != [changed[factor] for factor in extra]).any(axis=1)] if extra else rows
    if kept.duplicated([*place, "seed"]).any():
        raise InputError(f"runs with the same {', '.join(place)} differ in more than their seed: name what else varies")
    seeds = np.unique(rows["seed"])
    values = {
        tuple(levels.values()): _by_seed(here, pair, seeds)
        for levels, here in groups(rows.drop_duplicates([*place, *extra, "seed"]), [*place, *extra])
    }
    found = []
    for levels, _ in groups(kept, [*place, *extra]):
        key = tuple(levels.values())
        target = tuple(changed.get(name, level) for name, level in levels.items())
        if changed and target not in values:
            missing = ", ".join(f"{name} = {level}" for name, level in zip(levels, target, strict=True))
            raise InputError(f"there is no point {missing} to compare with")
        found.append(
            _Point(
                panel={name: levels[name] for name in by},
                x=levels[x],
                y=levels[y],
                own=values[key],
                reference=values[target] if changed else None,
                is_reference=bool(changed) and key == target,
            )
        )
    return found


def _by_seed(rows: pd.DataFrame, pair: Sequence[str], seeds: npt.NDArray[Any]) -> Floats:
    """f8[2, seeds] of a point's runs, NaN for seeds it has no run with."""
    found = np.full((2, len(seeds)), math.nan)
    at = np.searchsorted(seeds, rows["seed"].to_numpy())
    for row, name in enumerate(pair):
        found[row, at] = rows[name].to_numpy(np.float64)
    if len(pair) == 1:
        found[1, at] = 1.0
    return found


@dataclass(frozen=True, eq=False)
class _Line:
    """The points of one x: places of y f8[levels], their lead over the threshold and that of resampled runs."""

    x: object
    tried: tuple[float, float]  # smallest and largest level of y
    along: Floats
    lead: Floats  # f8[levels]
    resampled: Floats  # f8[resamples, levels]
    runs: int
    rising: bool  # whether leads of the panel grow along y
    resampled_rising: npt.NDArray[np.bool_]  # bool[resamples]

    def crossing(self, y: str, scale: Scale) -> dict[str, object]:
        found: dict[str, object]
        known = np.isfinite(self.lead)
        if not known.any():
            estimate, count, lies = Estimate(math.nan), 0, ""
        else:
            first, counts = crossings(self.along[known], self.lead[None, known], self.rising)
            count = int(counts[0])
            lies = "" if count else "above" if self.lead[known][0] >= 0.0 else "below"
            estimate = Estimate(float(_levels(first, scale)[0]))
            whole = np.isfinite(self.resampled[:, known]).all(axis=1)
            if self.runs > 1 and whole.sum() > len(self.resampled) / 2:
                places, _ = crossings(self.along[known], self.resampled[whole][:, known], self.resampled_rising[whole])
                low, high = bootstrap_interval(_levels(places, scale), self.runs)
                estimate = Estimate(estimate.value, low, high)
        found = {**columns(y, estimate), "crossings": count, "side": lies}
        return {**found, "smallest": self.tried[0], "largest": self.tried[1], "runs": self.runs}


def _lines(points: Sequence[_Point], y: str, y_scale: Scale, value_scale: Scale, threshold: float) -> list[_Line]:
    """The points of a panel by x, in the order of numbers, or as they come."""
    try:
        levels = np.array(sorted({float(point.y) for point in points}))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"{y} has levels that are no numbers: no boundary runs along it") from None
    if y_scale == "log" and levels[0] <= 0.0:
        raise InputError(f"{y} = {levels[0]:g} has no place on a logarithmic scale")
    across = list(dict.fromkeys(point.x for point in points))
    across = sorted(across) if all(_is_number(level) for level in across) else across  # type: ignore[type-var]
    seeds = len(points[0].known)
    weights = np.concatenate([np.full((1, seeds), 1.0 / seeds), resampling_weights(seeds)])
    lead = np.full((len(across), len(weights), len(levels)), math.nan)
    runs = np.full(len(across), seeds)
    for point in points:
        row, column = across.index(point.x), int(np.searchsorted(levels, float(point.y)))  # type: ignore[arg-type]
        values = point.values(weights)
        lead[row, :, column] = (
            np.log(np.maximum(values, LEAST) / threshold) if value_scale == "log" else values - threshold
        )
        if point.known.any():
            runs[row] = min(runs[row], int(point.known.sum()))
    along = np.log(levels) if y_scale == "log" else levels
    rising = np.array([rises(along, lead[:, resample]) for resample in range(len(weights))])
    tried = float(levels[0]), float(levels[-1])
    return [
        _Line(level, tried, along, lead[row, 0], lead[row, 1:], int(runs[row]), bool(rising[0]), rising[1:])
        for row, level in enumerate(across)
    ]


def _levels(places: Floats, scale: Scale) -> Floats:
    return np.exp(places) if scale == "log" else places
