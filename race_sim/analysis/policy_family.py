"""Many comparisons at once: simultaneous intervals (max-t), Holm's adjusted probabilities, ratios of two differences.

A family of comparisons is adjusted together: where none of them differs at all, the chance that any interval of the
family leaves out 0 is at most 5%, however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import LEVEL, Estimate, student_quantile, two_sided_probability

SIMULATIONS = 10_000  # of the largest statistic of a family
SIMULATION_SEED = 20_240_302  # the same differences always give the same intervals
ADJUSTED = (
    f"Intervals hold for all comparisons of a family together at {LEVEL:.0%} (max-t, simulated from the joint "
    "distribution of the paired differences)"
)
"""How intervals are adjusted for many comparisons, for captions and notes."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Family:
    """Paired differences of several comparisons over the same seeds.

    Attributes:
        differences: f8[comparisons, seeds]; seeds in which a run of any comparison is missing are left out.
        left_out: how many seeds that were.
    """

    differences: Floats
    left_out: int = 0

    @classmethod
    def of(cls, differences: npt.ArrayLike) -> Family:
        """Of f8[comparisons, seeds] with NaN where a run is missing or failed."""
        every = np.atleast_2d(np.asarray(differences, np.float64))
        whole = np.isfinite(every).all(axis=0)
        return cls(every[:, whole], int((~whole).sum()))

    @property
    def runs(self) -> int:
        """Seeds that every comparison has."""
        return int(self.differences.shape[1])

    @cached_property
    def means(self) -> Floats:
        """Mean difference of each comparison; NaN without runs."""
        if self.runs == 0:
            return np.full(len(self.differences), math.nan)
        return np.asarray(self.differences.mean(axis=1))

    @cached_property
    def errors(self) -> Floats:
        """Standard error of each mean; NaN for fewer than two runs. 0 where all differences are the same."""
        if self.runs < 2:
            return np.full(len(self.differences), math.nan)
        spread: Floats = self.differences.std(axis=1, ddof=1)
        alike = np.ptp(self.differences, axis=1) == 0.0
        return np.where(alike, 0.0, spread) / math.sqrt(self.runs)

    @cached_property
    def critical(self) -> float:
        """Standard errors that every interval of the family reaches to both sides; NaN for fewer than two runs.

        The quantile of the largest of the comparisons' t statistics, simulated without any difference: means with the
        correlation that the differences have, each over a standard error of its own. Bonferroni's bound caps it.
        """
        if self.runs < 2:
            return math.nan
        known = self.errors > 0.0
        count, degrees = int(known.sum()), self.runs - 1
        single = student_quantile(0.5 + LEVEL / 2, degrees)
        if count <= 1:
            return single
        bound = student_quantile(1.0 - (1.0 - LEVEL) / (2 * count), degrees)
        apart = self.differences[known] - self.means[known, None]
        scaled = apart / (self.errors[known, None] * math.sqrt(self.runs * degrees))
        draws = np.random.default_rng(SIMULATION_SEED)
        means = draws.standard_normal((SIMULATIONS, self.runs)) @ scaled.T
        spreads = np.sqrt(draws.chisquare(degrees, means.shape) / degrees)
        largest = np.abs(means / spreads).max(axis=1)
        return min(max(float(np.quantile(largest, LEVEL)), single), bound)

    @cached_property
    def estimates(self) -> list[Estimate]:
        """Mean differences with simultaneous intervals; without an interval for fewer than two runs."""
        if self.runs < 2:
            return [Estimate(float(mean)) for mean in self.means]
        reach = self.critical * self.errors
        return [
            Estimate(float(mean), float(mean - one), float(mean + one))
            for mean, one in zip(self.means, reach, strict=True)
        ]

    @cached_property
    def probabilities(self) -> Floats:
        """Two-sided chance of so large a difference if there were none, each comparison by itself (Student's t)."""
        if self.runs < 2:
            return np.full(len(self.differences), math.nan)
        found = []
        for mean, error in zip(self.means, self.errors, strict=True):
            statistic = mean / error if error > 0.0 else (0.0 if mean == 0.0 else math.inf)
            found.append(two_sided_probability(float(statistic), self.runs - 1))
        return np.array(found)

    @cached_property
    def holm(self) -> Floats:
        """These chances, adjusted by Holm's method for all comparisons of the family."""
        return holm(self.probabilities)


def holm(probabilities: npt.ArrayLike) -> Floats:
    """Holm's step-down adjustment: as monotone as what is given, never below it, at most 1; NaN stays NaN."""
    given = np.asarray(probabilities, np.float64)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    steps = np.maximum.accumulate(given[order] * np.arange(len(order), 0, -1)) if len(order) else given[order]
    adjusted = np.full(len(given), math.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def ratio_of_differences(above: Sequence[float] | Floats, below: Sequence[float] | Floats, critical: float) -> Estimate:
    """Mean of one paired difference over the mean of another, over the same seeds, with Fieller's interval.

    Args:
        above, below: differences, seed by seed.
        critical: standard errors to each side, of the family that `below` belongs to.

    The interval is there exactly where that of `below`, as many standard errors wide, leaves out 0: elsewhere the
    ratio may be anything, and so is NaN.
    """
    x, y = np.asarray(above, np.float64), np.asarray(below, np.float64)
    runs = len(y)
    if runs < 2 or math.isnan(critical):
        return Estimate(math.nan)
    mean_x, mean_y = float(x.mean()), float(y.mean())
    covariance = np.cov(x, y) / runs
    squared = critical * critical
    leading = mean_y * mean_y - squared * float(covariance[1, 1])
    if leading <= 0.0:
        return Estimate(math.nan)
    middle = mean_x * mean_y - squared * float(covariance[0, 1])
    last = mean_x * mean_x - squared * float(covariance[0, 0])
    reach = math.sqrt(max(0.0, middle * middle - leading * last))
    return Estimate(mean_x / mean_y, (middle - reach) / leading, (middle + reach) / leading)
