"""How many replicates an interval of a wanted width needs, from the spread that a few of them have shown."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import LEVEL, student_quantile

FEWEST = 2  # runs that have an interval
MOST = 1_000_000
"""Replicates beyond which nobody goes: a need for more is told as infinity."""
EXACT_DEGREES = 200  # degrees of freedom beyond which Student's quantile is taken from its expansion
SHUFFLES = 400
SHUFFLING_SEED = 20_240_302

Floats = npt.NDArray[np.float64]


def half_width(spread: float, runs: int) -> float:
    """Half a 95% interval of a mean over so many runs whose standard deviation is `spread`, with Student's t."""
    return quantile(runs - 1) * spread / math.sqrt(runs)


def needed_runs(spread: float, width: float) -> float:
    """Fewest runs with which half a 95% interval is no wider than `width` if their standard deviation is `spread`.

    Student's quantile depends on their number, which is found by bisection. Infinity beyond `MOST`; NaN if the spread
    is. As the deviation that runs will show is above `spread` about as often as below, so many runs meet the width in
    about half of all cases: `chance_of_width` says in how many.
    """
    return _fewest(lambda runs: half_width(spread, runs) <= width, spread)


def assured_runs(spread: float, width: float, assurance: float) -> float:
    """Fewest runs with which half an interval is no wider than `width` with this probability; see `needed_runs`."""
    return _fewest(lambda runs: chance_of_width(spread, width, runs) >= assurance, spread)


def chance_of_width(spread: float, width: float, runs: int) -> float:
    """Probability that half an interval over normal runs with this standard deviation is no wider than `width`.

    That of a chi-square of runs - 1 degrees of freedom below (runs - 1) runs (width / (t spread))^2: Kupper and Hafner
    (1989).
    """
    if spread == 0.0:
        return 1.0
    reach = width / (quantile(runs - 1) * spread)
    return chi_square_distribution((runs - 1) * runs * reach * reach, runs - 1)


def _fewest(enough: Callable[[int], bool], spread: float) -> float:
    """Fewest runs that are enough, where more always are."""
    if math.isnan(spread):
        return math.nan
    low, high = FEWEST, FEWEST
    while not enough(high):
        if high >= MOST:
            return math.inf
        low, high = high + 1, min(2 * high, MOST)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high


def spread_interval(
    spread: npt.ArrayLike, runs: npt.ArrayLike, tail: float = (1.0 - LEVEL) / 2
) -> tuple[Floats, Floats]:
    """Limits of true standard deviations from those that normal runs showed, each missed with probability `tail`."""
    shown, degrees = np.asarray(spread, np.float64), np.asarray(runs, np.int64) - 1
    limits = [
        np.array([math.sqrt(count / chi_square_quantile(share, count)) for count in degrees.ravel().tolist()])
        for share in (1.0 - tail, tail)
    ]
    return shown * limits[0].reshape(degrees.shape), shown * limits[1].reshape(degrees.shape)


@cache
def quantile(degrees: int) -> float:
    """Student's quantile of a 95% interval."""
    probability = 0.5 + LEVEL / 2
    if degrees <= EXACT_DEGREES:
        return student_quantile(probability, degrees)
    z = _NORMAL
    first = (z**3 + z) / (4 * degrees)  # 26.7.5 of Abramowitz and Stegun (1964)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    return z + first + second


_NORMAL = 1.959963984540054  # normal quantile of 0.975


@cache
def chi_square_quantile(probability: float, degrees: int) -> float:
    """Quantile of chi-square, by bisection on its distribution function.

    Raises ValueError unless 0 < probability < 1 and degrees >= 1.
    """
    if not 0.0 < probability < 1.0 or degrees < 1:
        raise ValueError(f"no quantile for probability {probability} and {degrees} degrees of freedom")
    low, high = 0.0, degrees + 10.0
    while chi_square_distribution(high, degrees) < probability:
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2
        if chi_square_distribution(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def chi_square_distribution(value: float, degrees: int) -> float:
    """P(chi-square <= value): the regularised lower incomplete gamma function of degrees / 2 at value / 2.

    By its series below the mean and its continued fraction above: 6.5.29 and 6.5.31 of Abramowitz and Stegun (1964).
    """
    if value <= 0.0:
        return 0.0
    shape, x = degrees / 2.0, value / 2.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1.0:
        term = total = 1.0 / shape
        step = shape
        while term > total * 1e-16:
            step += 1.0
            term *= x / step
            total += term
        return min(1.0, scale * total)
    return max(0.0, 1.0 - scale * _continued_fraction(shape, x))


def _continued_fraction(shape: float, x: float) -> float:
    """Of the upper incomplete gamma function over its leading factor, by the modified method of Lentz (1976)."""
    base = x + 1.0 - shape
    numerator, denominator = math.inf, 1.0 / base
    fraction = denominator
    for step in range(1, 10_000):
        factor = step * (shape - step)
        base += 2.0
        denominator = 1.0 / (base + factor * denominator)
        numerator = base + factor / numerator
        change = numerator * denominator
        fraction *= change
        if abs(change - 1.0) < 1e-15:
            break
    return fraction


def shared_seeds(values: npt.ArrayLike) -> tuple[float, float, float]:
    """By what factor shared seeds widen (above 1) or narrow an interval of a difference between two points.

    It is the square root of one less the correlation of two points over the seeds they share, mean over all pairs.

    Args:
        values: f8[points, seeds], an output of points raced with the same seeds.

    Returns:
        The factor, then the limits between which it lies in 95% of cases if the seeds have nothing in common: those of
        the same values with the seeds of every point shuffled. NaN where fewer than two points vary.
    """
    array = np.asarray(values, np.float64)
    known = array[np.isfinite(array).all(axis=1)]
    spread = known.std(axis=1, ddof=1) if known.shape[1] >= FEWEST else np.zeros(len(known))
    known = known[spread > 0.0]
    if len(known) < FEWEST:
        return math.nan, math.nan, math.nan
    scores = (known - known.mean(axis=1, keepdims=True)) / known.std(axis=1, ddof=1, keepdims=True)
    draws = np.random.default_rng(SHUFFLING_SEED)
    chance = np.sort([_narrowing(draws.permuted(scores, axis=1)) for _ in range(SHUFFLES)])
    beyond = int((1.0 - LEVEL) / 2 * SHUFFLES)
    return _narrowing(scores), float(chance[beyond]), float(chance[SHUFFLES - 1 - beyond])


def _narrowing(scores: Floats) -> float:
    points, seeds = scores.shape
    correlation = (float((scores.sum(axis=0) ** 2).sum()) / (seeds - 1) - points) / (points * (points - 1))
    return math.sqrt(max(0.0, 1.0 - correlation))
