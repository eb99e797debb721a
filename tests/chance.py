"""Whether what was drawn is what was to be expected. Seeds are fixed: a test that passes always passes."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

SUSPICIOUS = 1e-4
"""Significance below which a sample is refused."""
TOO_FAR = 4.5
"""Standard errors beyond which a mean is refused."""


def agrees(counts: Sequence[int] | np.ndarray, weights: Sequence[float] | np.ndarray | None = None) -> bool:
    """Whether counts are in proportion to weights (equal ones by default), with none where the weight is 0."""
    found = np.asarray(counts, float).ravel()
    expected = np.ones(len(found)) if weights is None else np.asarray(weights, float).ravel()
    possible = expected > 0
    if found[~possible].any():
        return False
    scaled = found.sum() * expected[possible] / expected.sum()
    return possible.sum() == 1 or bool(stats.chisquare(found[possible], scaled).pvalue > SUSPICIOUS)


def share_agrees(found: float, expected: float, sample: int) -> bool:
    """Whether a share of a sample of independent draws agrees with their probability."""
    return abs(found - expected) <= TOO_FAR * math.sqrt(expected * (1 - expected) / sample) + 1e-12


def mean_agrees(drawn: Sequence[float] | np.ndarray, expected: float) -> bool:
    """Whether the mean of independent draws agrees with an expectation."""
    sample = np.asarray(drawn, float)
    return bool(abs(sample.mean() - expected) <= TOO_FAR * sample.std() / math.sqrt(len(sample)) + 1e-12)


def follows(drawn: Sequence[float] | np.ndarray, distribution: str) -> bool:
    """Whether draws follow a standard distribution of SciPy (Kolmogorov and Smirnov)."""
    return bool(stats.kstest(np.asarray(drawn, float), distribution).pvalue > SUSPICIOUS)
