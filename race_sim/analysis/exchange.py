"""The exchange rate: how many times the arsenal a shorter cycle is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import Estimate, bootstrap_interval, resampling_weights, rounded


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Arsenal multiple A(c) at which a force with a cycle of c weeks hits as much as the reference force.

    Attributes:
        estimate: the multiple with its interval; 0 stands for below, infinity for above the multiples tried.
        smallest: smallest multiple tried.
        largest: largest multiple tried.
    """

    estimate: Estimate
    smallest: float
    largest: float

    @property
    def words(self) -> tuple[str, str | None, str | None]:
        """The multiple and its limits (None for one run), "<1" or ">16" beyond the multiples tried."""
        low, high = self.estimate.low, self.estimate.high
        return (
            self._multiple(self.estimate.value),
            None if low is None else self._multiple(low),
            None if high is None else self._multiple(high),
        )

    def __str__(self) -> str:
        value, low, high = self.words
        return value if low is None else f"{value} [{low}, {high}]"

    def _multiple(self, value: float) -> str:
        if math.isnan(value):
            return "not measured"
        if value < self.smallest:
            return f"<{self.smallest:g}"
        if value > self.largest:
            return f">{self.largest:g}"
        return rounded(value)


def exchange_rate(multiples: Sequence[float], hits: npt.ArrayLike, reference: npt.ArrayLike) -> ExchangeRate:
    """The multiple at which mean hits reach the reference's, by interpolation on logarithmic axes.

    Where hits do not grow with the arsenal throughout, the smallest such multiple counts. The interval
    resamples runs, all forces together, since they share their seeds; it is absent for one run.

    Args:
        multiples: arsenal multiples, increasing and positive.
        hits: f8[multiples, runs], hits of the force with the longer cycle.
        reference: f8[runs], hits of the reference force in races with the same seeds; or f8[multiples, runs], where
            it hits differently beside each arsenal because both race together.

    Raises ValueError if these do not fit together.
    """
    scale = np.asarray(multiples, np.float64)
    others, own = np.asarray(hits, np.float64), np.asarray(reference, np.float64)
    if own.ndim == 1:
        own = np.broadcast_to(own, others.shape)
    if others.ndim != 2 or len(others) != len(scale) or own.shape != others.shape:
        raise ValueError(f"hits of shape {others.shape} for {len(scale)} multiples, reference of {own.shape}")
    if len(scale) == 0 or scale[0] <= 0 or (np.diff(scale) <= 0).any():
        raise ValueError(f"multiples must be positive and increase: {list(multiples)}")
    runs = own.shape[1]
    value = float(_crossing(scale, others.mean(axis=1)[None], own.mean(axis=1)[None])[0])
    if runs < 2:
        return ExchangeRate(Estimate(value), float(scale[0]), float(scale[-1]))
    weights = resampling_weights(runs)
    resampled = _crossing(scale, weights @ others.T, weights @ own.T)
    estimate = Estimate(value, *bootstrap_interval(resampled, runs))
    return ExchangeRate(estimate, float(scale[0]), float(scale[-1]))


def _crossing(
    multiples: npt.NDArray[np.float64], hits: npt.NDArray[np.float64], reference: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """For each row of `hits` and `reference` (one column a multiple), where the first reach the second."""
    reached = hits >= reference
    above = reached.argmax(axis=1)
    below = np.maximum(above - 1, 0)
    rows = np.arange(len(hits))
    least = np.nextafter(0.0, 1.0)  # no hits at all: the logarithm stays finite
    lead = np.log(np.maximum(hits, least)) - np.log(np.maximum(reference, least))
    start, end = lead[rows, below], lead[rows, above]
    share = np.divide(-start, end - start, out=np.ones_like(start), where=end > start)
    found = np.exp(np.log(multiples[below]) + share * (np.log(multiples[above]) - np.log(multiples[below])))
    found = np.where((above == 0) & (hits[:, 0] > reference[:, 0]), 0.0, found)
    return np.where(reached.any(axis=1), found, math.inf)
