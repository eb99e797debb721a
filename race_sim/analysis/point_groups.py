"""Outputs of a design in groups of points: means over replicates, their noise, and resampling of groups and replicates.

A group is what a design draws at once: a trajectory, a base sample. Two sources make an estimate over groups uncertain:
which groups were drawn, and chance in the races at their points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import bootstrap_interval, resampling_weights
from race_sim.errors import InputError

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

SWEEPS = 50  # passes that take out the effects of replicates; one is enough where no run failed
ROUNDING = 1e-12  # relative difference of equal values that were added up in another order
FACTS = ("failed_runs", "runs", "groups_left_out", "groups")
SOURCES = ("", "_sampling", "_replicates")
"""What is resampled for an interval: both, the groups, the replicates."""


@dataclass(frozen=True, eq=False)
class PointGroups:
    """Outputs at the points of a design.

    Attributes:
        values: f8[groups, places, replicates], NaN where a run has no value. What a replicate adds to all points alike
            (they may share its seed) is taken out: no comparison between points depends on it.
    """

    values: Floats

    @classmethod
    def of(cls, values: npt.ArrayLike, places: int) -> PointGroups:
        """Groups of f8[points, replicates], `places` points a group.

        Raises ValueError if the points do not make whole groups, InputError if an output is infinite.
        """
        outputs = np.asarray(values, np.float64)
        if outputs.ndim != 2 or outputs.shape[1] == 0 or len(outputs) == 0 or len(outputs) % places:
            raise ValueError(f"outputs of shape {outputs.shape} are not whole groups of {places} points")
        if np.isinf(outputs).any():
            raise InputError("an output is infinite in some runs: its variance, hence its sensitivity, is not defined")
        return cls(_without_replicate_effects(outputs).reshape(-1, places, outputs.shape[1]))

    @cached_property
    def known(self) -> Booleans:
        """bool[groups, places, replicates]: whether the run has a value."""
        return ~np.isnan(self.values)

    @cached_property
    def means(self) -> Floats:
        """f8[groups, places]: mean over the replicates that have a value, NaN where none has."""
        return _mean(self.values, self.known, axis=2)

    @cached_property
    def is_complete(self) -> Booleans:
        """bool[groups]: whether every point has a value."""
        return np.asarray(~np.isnan(self.means).any(axis=1))

    @cached_property
    def complete(self) -> PointGroups:
        """The groups in which every point has a value."""
        return PointGroups(self.values[self.is_complete])

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """Means with the smallest, and with the largest mean seen in place of those missing; some must be known."""
        missing = np.isnan(self.means)
        seen = self.means[~missing]
        return np.where(missing, seen.min(), self.means), np.where(missing, seen.max(), self.means)

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.values)

    @property
    def replicate_count(self) -> int:
        """Replicates of a point, those without a value included."""
        return int(self.values.shape[2])

    def resampled_means(self) -> Iterator[tuple[Floats, float]]:
        """Means f8[groups, places] over resampled replicates, the same at all points, one for each resample.

        With the variance that independent noise has in them, as a multiple of what it has in the plain means. A point
        none of whose values is drawn keeps its mean.
        """
        filled = np.where(self.known, self.values, 0.0)
        for weights in resampling_weights(self.replicate_count)[::-1]:  # reversed: not in step with those of groups
            share = self.known @ weights
            means = np.divide(filled @ weights, share, out=self.means.copy(), where=share > 0.0)
            yield means, float(self.replicate_count * (weights * weights).sum())

    def facts(self) -> dict[str, int]:
        """How many of `FACTS` there are: a run has failed if it has no value."""
        numbers = (int((~self.known).sum()), self.known.size, self.count - self.complete.count, self.count)
        return dict(zip(FACTS, numbers, strict=True))


def noise_covariance(one: Floats, other: Floats) -> Floats:
    """Covariance that replicate noise gives the means over replicates (the last axis) of two values.

    Unbiased over the replicates in which both are known; where there are fewer than two, the mean over groups (the
    first axis) stands in, NaN if no group has two.
    """
    known = ~np.isnan(one) & ~np.isnan(other)
    pairs = known.sum(axis=-1)
    deviations = [
        np.where(known, difference(each, _mean(each, known, axis=-1)[..., None]), 0.0) for each in (one, other)
    ]
    products = (deviations[0] * deviations[1]).sum(axis=-1)
    measured = pairs > 1
    found = np.divide(products, pairs * (pairs - 1.0), out=np.full(pairs.shape, math.nan), where=measured)
    return np.where(measured, found, _mean(found, measured, axis=0))


def difference(one: Floats, other: Floats | float) -> Floats:
    """One less other, 0 where they differ by no more than rounding."""
    found = one - other
    return np.where(np.abs(found) <= ROUNDING * np.maximum(np.abs(one), np.abs(other)), 0.0, found)


@dataclass(frozen=True, eq=False)
class Resampled:
    """A statistic of every factor: its estimate f8[factors], and values of resamples, f8[resamples, factors].

    `both` and `replicates` are absent where points have a single replicate.
    """

    estimate: Floats
    both: Floats | None
    sampling: Floats
    replicates: Floats | None

    def centred(self) -> Resampled:
        """Resampled values moved so that their mean is the estimate, but not below 0.

        For statistics that are not negative and that noise makes larger: resampling adds noise once more.
        """
        return Resampled(
            self.estimate,
            None if self.both is None else self._moved(self.both),
            self._moved(self.sampling),
            None if self.replicates is None else self._moved(self.replicates),
        )

    def _moved(self, values: Floats) -> Floats:
        return np.asarray(np.maximum(values - values.mean(axis=0) + self.estimate, 0.0))

    def intervals(self, name: str, groups: PointGroups) -> dict[str, Floats]:
        """Columns `name` and the limits of its 95% intervals from each of `SOURCES`, NaN where absent.

        A value that a resample leaves undefined (NaN) counts as beyond both limits. The quantile for both sources goes
        with degrees of freedom between those of the two (Welch and Satterthwaite).
        """
        count, replicates = groups.count, groups.replicate_count
        found = {name: self.estimate}
        for source, values in zip(SOURCES, (self.both, self.sampling, self.replicates), strict=True):
            limits = np.full((2, len(self.estimate)), math.nan)
            if values is not None and count > 1:
                for factor in np.flatnonzero(~np.isnan(self.estimate)).tolist():
                    units = {"_sampling": count, "_replicates": replicates}.get(source)
                    limits[:, factor] = _interval(values[:, factor], units or self._joint_units(factor, groups))
            found[f"{name}{source}_low"], found[f"{name}{source}_high"] = limits
        return found

    def _joint_units(self, factor: int, groups: PointGroups) -> int:
        """Units whose quantile suits the sum of the variances from the two sources."""
        variances, freedoms = [], []
        for values, units in ((self.sampling, groups.count), (self.replicates, groups.replicate_count)):
            known = values[np.isfinite(values[:, factor]), factor] if values is not None else np.zeros(0)
            variances.append(float(known.var()) if len(known) else 0.0)
            freedoms.append(units - 1)
        if not sum(variances) > 0.0:
            return 1 + min(freedoms)
        parts = [variance**2 / freedom for variance, freedom in zip(variances, freedoms, strict=True)]
        return 1 + max(min(freedoms), math.floor(sum(variances) ** 2 / sum(parts)))


def resampled_statistics(
    groups: PointGroups,
    contributions: Callable[[Floats, float], Floats],
    statistics: Callable[[Floats], dict[str, Floats]],
) -> dict[str, Resampled]:
    """Statistics that are functions of means over groups, with resamples of groups, of replicates and of both at once.

    Args:
        groups: complete ones.
        contributions: from means f8[groups, places], and the variance of noise in them as a multiple of that in the
            plain means, to f8[groups, quantities, factors].
        statistics: from means of these over groups, f8[..., quantities, factors], to {name: f8[..., factors]}.

    Resampling both at once errs on the wide side (Owen 2007, Annals of Applied Statistics 1:386-411).
    """
    own = contributions(groups.means, 1.0)
    if groups.count == 0:
        nothing = np.full((1, *own.shape[1:]), math.nan)
        return {name: Resampled(value[0], None, value, None) for name, value in statistics(nothing).items()}
    weights = resampling_weights(groups.count)
    estimate = statistics(own.mean(axis=0))
    sampling = statistics(np.tensordot(weights, own, axes=1))
    if groups.replicate_count == 1:
        return {name: Resampled(value, None, sampling[name], None) for name, value in estimate.items()}
    sums = np.empty((2, len(weights), *own.shape[1:]))
    for resample, (means, noise) in enumerate(groups.resampled_means()):
        here = contributions(means, noise)
        sums[0, resample] = here.mean(axis=0)
        sums[1, resample] = np.tensordot(weights[resample], here, axes=1)
    replicates, both = statistics(sums[0]), statistics(sums[1])
    return {name: Resampled(value, both[name], sampling[name], replicates[name]) for name, value in estimate.items()}


def variance_bounds(low: Floats, high: Floats) -> tuple[float, float]:
    """Least and greatest variance (divisor: their number) of values that lie somewhere between `low` and `high`.

    The greatest has every value at an end, those with the highest middles at the upper one; exact where all
    intervals that are not points are equally wide.
    """
    centre = math.nan
    values = (low + high) / 2
    for _ in range(1000):
        if values.mean() == centre:
            break
        centre = float(values.mean())
        values = np.clip(centre, low, high)
    order = np.argsort(low + high, kind="stable")
    open_ones = order[(high > low)[order]]
    ends = high.copy()
    greatest = float(ends.var())
    for place in open_ones:
        ends[place] = low[place]
        greatest = max(greatest, float(ends.var()))
    return float(values.var()), greatest


def _interval(resampled: Floats, units: int) -> tuple[float, float]:
    undefined = np.isnan(resampled)
    low, _ = bootstrap_interval(np.where(undefined, -math.inf, resampled), units)
    _, high = bootstrap_interval(np.where(undefined, math.inf, resampled), units)
    return low, high


def _without_replicate_effects(outputs: Floats) -> Floats:
    """f8[points, replicates] less what each replicate adds to all points, from a two-way fit by alternating means."""
    known = ~np.isnan(outputs)
    effects = np.zeros(outputs.shape[1])
    for _ in range(1 if known.all() else SWEEPS):
        points = _mean(outputs - effects, known, axis=1)
        effects = np.nan_to_num(_mean(outputs - points[:, None], known, axis=0))
        effects -= effects.mean()
    return outputs - effects


def _mean(values: Floats, known: Booleans, axis: int) -> Floats:
    """Mean of the known values, NaN where there are none."""
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, math.nan), where=count > 0))
