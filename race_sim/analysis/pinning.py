"""Which parameters a set of bands pins down: how points inside the bands differ from points outside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FAMILY_LEVEL = 0.05
"""Chance that any parameter at all is named although none makes a difference."""
PERMUTATIONS = 2000
PERMUTATION_SEED = 20_240_302
LEAST_POINTS = 10  # inside, and outside, for a comparison to be worth making
QUARTILES = (25.0, 50.0, 75.0)

Floats = npt.NDArray[np.float64]
Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Pin:
    """How one parameter of the points inside the bands differs from the points outside.

    Attributes:
        path: the parameter.
        distance: numbers: greatest difference of the two distribution functions (Kolmogorov and Smirnov); switches
            and choices: half the sum of differences between the two sets of shares (total variation). 0 to 1.
        detected: whether the distance is beyond what chance gives to the farthest of all parameters.
        inside: what the points inside have: quartiles, or the shares of switches and choices.
        everywhere: the same of all points.
    """

    path: str
    distance: float
    detected: bool
    inside: Mapping[str, float]
    everywhere: Mapping[str, float]

    @property
    def direction(self) -> str:
        """Where the points inside lie: "higher", "lower" or "narrower" for numbers, else the value favoured."""
        if "median" not in self.inside:
            return max(self.inside, key=lambda value: self.inside[value] - self.everywhere[value])
        span = self.everywhere["upper quartile"] - self.everywhere["lower quartile"]
        shifts = [self.inside[name] - self.everywhere[name] for name in _NAMES]
        if span > 0 and shifts[0] > 0 > shifts[2] and abs(shifts[1]) < span / 10:
            return "narrower"
        return "higher" if shifts[0] + shifts[1] + shifts[2] > 0 else "lower"

    @property
    def words(self) -> tuple[str, str]:
        """What the points inside have, and all points, for readers: median and quartiles, or shares."""
        return _words(self.inside), _words(self.everywhere)


@dataclass(frozen=True, slots=True)
class Pinning:
    """All parameters, the farthest first, and the distance that chance seldom exceeds for any of them.

    `critical` is NaN, and nothing is detected, when too few points are inside or outside.
    """

    pins: Sequence[Pin]
    critical: float

    @property
    def loose(self) -> list[str]:
        """Parameters without a detectable difference: the bands do not pin them down."""
        return [pin.path for pin in self.pins if not pin.detected]


_NAMES = ("lower quartile", "median", "upper quartile")


def pinning(points: Mapping[str, Sequence[Value]], inside: Sequence[bool], *, comparisons: int = 1) -> Pinning:
    """Compare points inside with points outside, a parameter at a time.

    One critical distance serves all parameters: the 95th percentile, over permutations of the labels "inside", of
    the greatest distance of any parameter (Westfall and Young 1993). So the chance of naming even one parameter
    falsely is 5% at most, and the correlation of parameters is allowed for.

    Args:
        points: values of each parameter, a value a point.
        inside: whether each point is inside.
        comparisons: how many such comparisons are shown together; they share the 5% (Bonferroni).
    """
    labels = np.asarray(inside, np.bool_)
    few = min(int(labels.sum()), int((~labels).sum())) < LEAST_POINTS
    critical = math.nan if few else critical_distance(points, labels, FAMILY_LEVEL / comparisons)
    pins = []
    for path, values in points.items():
        distance = math.nan if few else float(distances(values, labels[None])[0])
        detected = not few and distance > critical
        pins.append(Pin(path, distance, detected, _described(values, labels), _described(values, None)))
    return Pinning(sorted(pins, key=lambda pin: (-pin.distance, pin.path)), critical)


def critical_distance(points: Mapping[str, Sequence[Value]], labels: npt.NDArray[np.bool_], level: float) -> float:
    """The distance that the farthest parameter exceeds in this share of permutations of the labels."""
    chance = np.random.default_rng(PERMUTATION_SEED)
    permuted = chance.permuted(np.tile(labels, (PERMUTATIONS, 1)), axis=1)
    farthest = np.zeros(PERMUTATIONS)
    for values in points.values():
        farthest = np.maximum(farthest, distances(values, permuted))
    return float(np.quantile(farthest, 1.0 - level, method="higher"))


def distances(values: Sequence[Value], labels: npt.NDArray[np.bool_]) -> Floats:
    """f8[sets]: distance between points labelled true and false, for each set of bool[sets, points]."""
    inside = labels.sum(axis=1, keepdims=True)
    outside = labels.shape[1] - inside
    if nominal(values):
        difference = np.stack(
            [_excess(labels[:, places].sum(axis=1), places.sum(), inside, outside) for places in _places(values)]
        )
        return np.asarray(np.abs(difference).sum(axis=0) / 2)
    array = np.asarray(values, np.float64)
    order = np.argsort(array, kind="stable")
    last = np.append(np.diff(array[order]) > 0, True)  # a distribution function steps once for equal values
    below = labels[:, order].cumsum(axis=1)[:, last]
    all_below = np.flatnonzero(last) + 1
    return np.asarray(np.abs(below / inside - (all_below - below) / outside).max(axis=1))


def nominal(values: Sequence[Value]) -> bool:
    """Whether values are switches or choices, which have no order."""
    return isinstance(values[0], bool | str)


def _places(values: Sequence[Value]) -> list[npt.NDArray[np.bool_]]:
    array = np.asarray(values)
    return [array == value for value in sorted(set(values), key=str)]


def _excess(part: npt.NDArray[Any], whole: int, inside: npt.NDArray[Any], outside: npt.NDArray[Any]) -> Floats:
    """Share of a value among the points inside minus its share among those outside."""
    return np.asarray(part / inside[:, 0] - (whole - part) / outside[:, 0], np.float64)


def _described(values: Sequence[Value], labels: npt.NDArray[np.bool_] | None) -> dict[str, float]:
    """Quartiles of numbers, shares of switches and choices, among the points labelled (all without labels)."""
    chosen = np.asarray(values) if labels is None else np.asarray(values)[labels]
    if nominal(values):
        size = max(len(chosen), 1)
        return {str(value): float((chosen == value).sum()) / size for value in sorted(set(values), key=str)}
    if len(chosen) == 0:
        return dict.fromkeys(_NAMES, math.nan)
    return dict(zip(_NAMES, (float(one) for one in np.percentile(chosen, QUARTILES)), strict=True))


def _words(described: Mapping[str, float]) -> str:
    if "median" in described:
        low, middle, high = (described[name] for name in _NAMES)
        return f"{middle:.3g} ({low:.3g} to {high:.3g})"
    return ", ".join(f"{value} {share:.0%}" for value, share in described.items())
