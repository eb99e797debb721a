"""Estimates over runs with 95% intervals. One run has no interval: it is absent, never of zero width."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
"""Probability with which an interval is meant to cover the value it estimates."""
RESAMPLES = 2000
RESAMPLING_SEED = 20_240_301  # of the bootstrap: the same records always give the same interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval; `low` and `high` are None when there are too few runs for one.

    The value is NaN where nothing was measured. Durations and exchange rates use infinity for "not reached".
    """

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both limits, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def __str__(self) -> str:
        if self.interval is None:
            return rounded(self.value)
        low, high = self.interval
        return f"{rounded(self.value)} [{rounded(low)}, {rounded(high)}]"


def evident(difference: Estimate, none: float = 0.0) -> bool:
    """Whether the interval of an estimate is there and leaves out the value that would mean no difference."""
    limits = difference.interval
    return limits is not None and not limits[0] <= none <= limits[1]


def rounded(value: float) -> str:
    """The value to three significant digits, or to three decimals below 0.1, without an exponent."""
    if not math.isfinite(value):
        return str(value)
    decimals = max(0, 2 - math.floor(math.log10(abs(value)))) if value != 0.0 else 0
    return f"{value:.{min(decimals, 3)}f}"


@cache
def student_quantile(probability: float, degrees: int) -> float:
    """Quantile of Student's t for whole degrees of freedom, by bisection on its distribution function.

    Raises ValueError unless 0 < probability < 1 and degrees >= 1.
    """
    if not 0.0 < probability < 1.0 or degrees < 1:
        raise ValueError(f"no quantile for probability {probability} and {degrees} degrees of freedom")
    low, high = -math.pi / 2, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if _student_distribution(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return math.sqrt(degrees) * math.tan((low + high) / 2)


def two_sided_probability(statistic: float, degrees: int) -> float:
    """Chance that Student's t with so many degrees of freedom (at least 1) is as far from 0 as the statistic."""
    if math.isinf(statistic):
        return 0.0
    angle = math.atan(abs(statistic) / math.sqrt(degrees))
    return min(1.0, max(0.0, 2.0 * (1.0 - _student_distribution(angle, degrees))))


def _student_distribution(angle: float, degrees: int) -> float:
    """P(T <= sqrt(degrees) tan(angle)): the finite sums 26.7.3 and 26.7.4 of Abramowitz and Stegun (1964)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = degrees % 2
    term = cosine if odd else 1.0
    terms = []
    for step in range((degrees - odd) // 2):
        if step > 0:
            term *= cosine * cosine * (2 * step - 1 + odd) / (2 * step + odd)
        terms.append(term)
    total = sine * math.fsum(terms)
    two_sided = 2.0 / math.pi * (angle + total) if odd else total
    return 0.5 + 0.5 * two_sided


def mean_estimate(values: npt.ArrayLike) -> Estimate:
    """Mean over runs with Student's t interval; runs in which nothing was measured (NaN) are left out."""
    known = _finite(values)
    if len(known) == 0:
        return Estimate(math.nan)
    mean = float(known.mean())
    if len(known) == 1:
        return Estimate(mean)
    error = float(known.std(ddof=1)) / math.sqrt(len(known))
    reach = student_quantile(0.5 + LEVEL / 2, len(known) - 1) * error
    return Estimate(mean, mean - reach, mean + reach)


def ratio_estimate(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Estimate:
    """Ratio of two means over the same runs, paired run by run, with an interval on its logarithm.

    The runs may share their seeds (common random numbers): what they share leaves the interval. Linearised,
    with Student's t; swapping numerators and denominators turns value and limits into their reciprocals.
    The ratio is NaN when the denominators' mean is not positive; a ratio of 0 has no interval.
    """
    above, below = np.asarray(numerators, np.float64), np.asarray(denominators, np.float64)
    if above.shape != below.shape or above.ndim != 1:
        raise ValueError(f"a paired ratio needs runs one to one, not {above.shape} and {below.shape}")
    runs = len(above)
    if runs == 0 or not float(below.mean()) > 0.0:
        return Estimate(math.nan)
    ratio = float(above.mean() / below.mean())
    if runs == 1 or ratio <= 0.0:
        return Estimate(ratio)
    spread = (above / above.mean() - below / below.mean()).std(ddof=1)
    reach = math.exp(student_quantile(0.5 + LEVEL / 2, runs - 1) * float(spread) / math.sqrt(runs))
    return Estimate(ratio, ratio / reach, ratio * reach)


def resampling_weights(runs: int, resamples: int = RESAMPLES) -> Floats:
    """Bootstrap weights f8[resamples, runs], rows summing to 1: weights @ values are means of resampled runs.

    Always the same for the same number of runs, so that what is compared is resampled together.
    """
    draws = np.random.default_rng(RESAMPLING_SEED).multinomial(runs, np.full(runs, 1.0 / runs), size=resamples)
    return draws / runs


def bootstrap_interval(resampled: npt.ArrayLike, runs: int) -> tuple[float, float]:
    """Percentile interval from resampled values of an estimate over `runs` runs (at least 2).

    Percentiles are widened to what Student's t would give for so few runs (Hesterberg 2015, "expanded
    percentile"). They are order statistics, so infinity ("not reached") may be among the values.
    """
    ordered = np.sort(np.asarray(resampled, np.float64))
    quantile = -math.sqrt(runs / (runs - 1)) * student_quantile(0.5 + LEVEL / 2, runs - 1)
    beyond = int(NormalDist().cdf(quantile) * len(ordered))
    return float(ordered[beyond]), float(ordered[len(ordered) - 1 - beyond])


def _finite(values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, np.float64)
    return array[np.isfinite(array)]
