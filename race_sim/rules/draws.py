"""Random draws, each a pure function of its key: the seed of the run, week, agent, purpose and an index.

The same key gives the same draw in either driver, in any order, on any processor. In every draw `seed` is in
[0, 2^64); `week`, `agent`, `purpose` and `index` are in [0, 2^32). For `binomial` and `poisson` the index is in
[0, 2^20), since rejection sampling takes its further attempts from `index + (attempt << 20)`.

Sources: Hoermann (1993), "The generation of binomial random variates", J. Statist. Comput. Simul. 46:101-110
(BTRS); Hoermann (1993), "The transformed rejection method for generating Poisson random variables",
Insurance: Mathematics and Economics 12:39-45 (PTRS).
"""

from __future__ import annotations

import math

import numpy as np

from race_sim.rules.arithmetic import exponential, logarithm, normal_quantile
from race_sim.rules.compiler import rule
from race_sim.rules.philox import WORD_BITS, random_words

HIGH_BITS_LOST = np.uint64(5)
LOW_BITS_LOST = np.uint64(6)
TWO_TO_26 = 67108864.0
TWO_TO_MINUS_52 = 2.220446049250313e-16
TWO_TO_MINUS_53 = 1.1102230246251565e-16

INVERSION_BELOW = 10.0
"""Mean from which the rejection methods are valid; below it the inversion is the faster one."""
NEGLIGIBLE = 1e-18
"""Probability of a single value below which an inversion ends: beyond the reach of 53 random bits."""
ATTEMPT_SHIFT = 20
ATTEMPTS = 1 << 11
"""Bound on the attempts of a rejection method; one attempt fails with a probability below one half."""
LARGEST_COUNT = 9007199254740992.0
"""2^53, up to which whole numbers are exact; a proposal beyond it is refused."""
HALF_LOG_2_PI = 0.9189385332046728
STIRLING_TAILS = (
    0.08106146679532726,
    0.0413406959554093,
    0.02767792568499834,
    0.020790672104765093,
    0.016644691189821193,
    0.013876128823070748,
    0.01189670994589177,
    0.010411265261972096,
    0.009255462182712733,
    0.00833056343336287,
)
"""`stirling_tail` of 0 to 9, where the series is not accurate enough."""


@rule("f8(u8, i8, i8, i8, i8)")
def uniform(seed: int, week: int, agent: int, purpose: int, index: int) -> float:
    """Return a number in [0, 1), a multiple of 2^-53."""
    word_0, word_1, _, _ = random_words(seed, week, agent, purpose, index)
    high = float(np.int64(word_0 >> HIGH_BITS_LOST))
    low = float(np.int64(word_1 >> LOW_BITS_LOST))
    return (high * TWO_TO_26 + low) * TWO_TO_MINUS_53


@rule("UniTuple(f8, 2)(u8, i8, i8, i8, i8)")
def uniform_pair(seed: int, week: int, agent: int, purpose: int, index: int) -> tuple[float, float]:
    """Return two independent numbers strictly inside (0, 1), odd multiples of 2^-53."""
    word_0, word_1, word_2, word_3 = random_words(seed, week, agent, purpose, index)
    high_0 = float(np.int64(word_0 >> LOW_BITS_LOST))
    low_0 = float(np.int64(word_1 >> LOW_BITS_LOST))
    high_1 = float(np.int64(word_2 >> LOW_BITS_LOST))
    low_1 = float(np.int64(word_3 >> LOW_BITS_LOST))
    first = (high_0 * TWO_TO_26 + low_0 + 0.5) * TWO_TO_MINUS_52
    second = (high_1 * TWO_TO_26 + low_1 + 0.5) * TWO_TO_MINUS_52
    return first, second


@rule("i8(i8, u8, i8, i8, i8, i8)")
def uniform_index(count: int, seed: int, week: int, agent: int, purpose: int, index: int) -> int:
    """Return an integer in [0, count), each equally likely to within 2^-64; 0 for a count below 2.

    `count` is below 2^32.
    """
    if count < 2:
        return 0
    word_0, word_1, _, _ = random_words(seed, week, agent, purpose, index)
    choices = np.uint64(count)
    return int(np.int64((word_0 * choices + ((word_1 * choices) >> WORD_BITS)) >> WORD_BITS))


@rule("f8(u8, i8, i8, i8, i8)")
def normal(seed: int, week: int, agent: int, purpose: int, index: int) -> float:
    """Return a standard normal deviate (mean 0, standard deviation 1), always finite."""
    return normal_quantile(uniform_pair(seed, week, agent, purpose, index)[0])


@rule("f8(f8)")
def stirling_tail(k: float) -> float:
    """Return log(k!) - (k + 1/2) log(k + 1) + (k + 1) - log(2 pi) / 2 for a whole number `k` >= 0."""
    if k < 10.0:
        return STIRLING_TAILS[int(k)]
    x = k + 1.0
    square = x * x
    return (
        1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) / square) / square) / square) / square
    ) / x


@rule("i8(f8, f8)")
def poisson_by_inversion(mean: float, remainder: float) -> int:
    """Return the Poisson variate at the uniform number `remainder`, for means in (0, 10)."""
    probability = exponential(-mean)
    k = 0
    while remainder >= probability:
        remainder -= probability
        k += 1
        probability *= mean / float(k)
        if probability < NEGLIGIBLE:
            break
    return k


@rule("i8(f8, u8, i8, i8, i8, i8)")
def poisson_by_rejection(mean: float, seed: int, week: int, agent: int, purpose: int, index: int) -> int:
    """Return a Poisson variate by transformed rejection with squeeze (PTRS), for means of 10 and more."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    for attempt in range(ATTEMPTS):
        first, v = uniform_pair(seed, week, agent, purpose, index + (attempt << ATTEMPT_SHIFT))
        u = first - 0.5
        margin = 0.5 - abs(u)
        position = (2.0 * a / margin + b) * u + mean + 0.43
        if not (0.0 <= position < LARGEST_COUNT) or (margin < 0.013 and v > margin):
            continue
        k = float(math.floor(position))
        if margin >= 0.07 and v <= squeeze:
            return int(k)
        log_density = (
            k * logarithm(mean / (k + 1.0))
            + (k + 1.0 - mean)
            - 0.5 * logarithm(k + 1.0)
            - HALF_LOG_2_PI
            - stirling_tail(k)
        )
        if logarithm(v * inverse_alpha / (a / (margin * margin) + b)) <= log_density:
            return int(k)
    return int(mean)


@rule("i8(f8, u8, i8, i8, i8, i8)")
def poisson(mean: float, seed: int, week: int, agent: int, purpose: int, index: int) -> int:
    """Return a Poisson variate of the given mean, which is at most 1e12; 0 for a mean of 0 or less.

    Rounding changes probabilities by a share of about 1e-16 times the mean, or 1e-16.
    """
    mean = float(mean)
    if not mean > 0.0:
        return 0
    if mean < INVERSION_BELOW:
        return poisson_by_inversion(mean, uniform(seed, week, agent, purpose, index))
    return poisson_by_rejection(mean, seed, week, agent, purpose, index)


@rule("i8(i8, f8, f8)")
def binomial_by_inversion(count: int, probability: float, remainder: float) -> int:
    """Return the binomial variate at the uniform number `remainder`.

    For probabilities in (0, 1/2] and count * probability < 10.
    """
    n = float(count)
    failure = 1.0 - probability
    odds = probability / failure
    mass = 1.0
    factor = failure
    trials = count
    while trials > 0:
        if trials & 1:
            mass *= factor
        factor *= factor
        trials >>= 1
    k = 0
    while remainder >= mass:
        remainder -= mass
        k += 1
        mass *= odds * (n - float(k) + 1.0) / float(k)
        if mass < NEGLIGIBLE:
            break
    return min(k, count)


@rule("i8(i8, f8, u8, i8, i8, i8, i8)")
def binomial_by_rejection(
    count: int, probability: float, seed: int, week: int, agent: int, purpose: int, index: int
) -> int:
    """Return a binomial variate by transformed rejection with squeeze (BTRS).

    For probabilities in (0, 1/2] and count * probability >= 10.
    """
    n = float(count)
    spread = math.sqrt(n * probability * (1.0 - probability))
    odds = probability / (1.0 - probability)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * probability
    centre = n * probability + 0.5
    alpha = (2.83 + 5.1 / b) * spread
    squeeze = 0.92 - 4.2 / b
    mode = float(math.floor((n + 1.0) * probability))
    for attempt in range(ATTEMPTS):
        first, v = uniform_pair(seed, week, agent, purpose, index + (attempt << ATTEMPT_SHIFT))
        u = first - 0.5
        margin = 0.5 - abs(u)
        position = (2.0 * a / margin + b) * u + centre
        if not (0.0 <= position < n + 1.0):
            continue
        k = float(math.floor(position))
        if margin >= 0.07 and v <= squeeze:
            return int(k)
        log_ratio = (
            (mode + 0.5) * logarithm((mode + 1.0) / (odds * (n - mode + 1.0)))
            + (n + 1.0) * logarithm((n - mode + 1.0) / (n - k + 1.0))
            + (k + 0.5) * logarithm(odds * (n - k + 1.0) / (k + 1.0))
            + stirling_tail(mode)
            + stirling_tail(n - mode)
            - stirling_tail(k)
            - stirling_tail(n - k)
        )
        if logarithm(v * alpha / (a / (margin * margin) + b)) <= log_ratio:
            return int(k)
    return int(mode)


@rule("i8(i8, f8, u8, i8, i8, i8, i8)")
def binomial(count: int, probability: float, seed: int, week: int, agent: int, purpose: int, index: int) -> int:
    """Return the number of successes in `count` trials, at most 1e12, of the given probability.

    0 for a count or probability of 0 or less, `count` for a probability of 1 or more. Under the same key the
    successes at probability p and those at 1 - p add up to `count`, as long as p and 1 - p are exact.
    Rounding changes probabilities by a share of about 1e-16 times the count.
    """
    count = int(count)
    probability = float(probability)
    if count <= 0 or not probability > 0.0:
        return 0
    if probability >= 1.0:
        return count
    rarer = min(probability, 1.0 - probability)
    if float(count) * rarer < INVERSION_BELOW:
        successes = binomial_by_inversion(count, rarer, uniform(seed, week, agent, purpose, index))
    else:
        successes = binomial_by_rejection(count, rarer, seed, week, agent, purpose, index)
    if probability > 0.5:
        return count - successes
    return successes
