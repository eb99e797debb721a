"""Means, ratios and correlations of a sample, with their standard errors."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    error: float


def mean(values: Numbers) -> Estimate:
    """Mean of independent values."""
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def ratio(over: Numbers, under: Numbers) -> Estimate:
    """Ratio of the sums of independent pairs, with the error of the delta method."""
    value = over.sum() / under.sum()
    scatter = over - value * under
    return Estimate(float(value), float(np.sqrt((scatter * scatter).sum()) / under.sum()))


def within(groups: Numbers, values: Numbers) -> Numbers:
    """Values less the mean of their group."""
    _, place = np.unique(groups, return_inverse=True)
    means = np.bincount(place, weights=values) / np.bincount(place)
    return np.asarray(values - means[place])


def correlation(groups: Numbers, one: Numbers, other: Numbers) -> Estimate:
    """Correlation inside groups, NaN where one does not vary; its error is that of a sample without any."""
    first, second = within(groups, one), within(groups, other)
    scale = float(np.sqrt((first * first).sum() * (second * second).sum()))
    value = float((first * second).sum()) / scale if scale > 0.0 else math.nan
    return Estimate(value, 1.0 / math.sqrt(len(one) - len(np.unique(groups))))
