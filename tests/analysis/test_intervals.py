"""Intervals: against scipy, against published values, and by how often they cover the truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from race_sim.analysis.intervals import (
    Estimate,
    bootstrap_interval,
    mean_estimate,
    ratio_estimate,
    resampling_weights,
    rounded,
    student_quantile,
)

REPEATS = 600
LEAST_COVERAGE = 0.92  # of a 95% interval, over REPEATS: three standard errors below 0.95 are 0.923


@given(st.floats(0.001, 0.999), st.integers(1, 300))
def test_student_quantiles_are_scipys(probability: float, degrees: int) -> None:
    assert student_quantile(probability, degrees) == pytest.approx(
        stats.t.ppf(probability, degrees), rel=1e-7, abs=1e-9
    )


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 3), (1.0, 3), (0.5, 0)])
def test_quantiles_that_do_not_exist_are_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        student_quantile(probability, degrees)


def test_the_mean_of_a_known_sample() -> None:
    # Student's sleep data (1908), differences of the two drugs: t = 4.0621, 95% interval 0.7001 to 2.4599.
    differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    estimate = mean_estimate(differences)
    assert estimate.value == pytest.approx(1.58)
    assert estimate.interval == pytest.approx((0.7001142, 2.4598858))


def test_one_run_has_no_interval() -> None:
    assert mean_estimate([3.0]) == Estimate(3.0)
    assert ratio_estimate([3.0], [2.0]) == Estimate(1.5)
    assert Estimate(3.0).interval is None


def test_runs_without_a_value_are_left_out_of_a_mean() -> None:
    assert mean_estimate([1.0, math.nan, 3.0]) == mean_estimate([1.0, 3.0])
    assert math.isnan(mean_estimate([math.nan]).value)


def test_a_ratio_needs_a_denominator() -> None:
    assert math.isnan(ratio_estimate([1.0, 2.0], [0.0, 0.0]).value)
    assert ratio_estimate([0.0, 0.0], [1.0, 2.0]) == Estimate(0.0)
    with pytest.raises(ValueError, match="one to one"):
        ratio_estimate([1.0, 2.0], [1.0])


@given(st.lists(st.tuples(st.floats(0.1, 100.0), st.floats(0.1, 100.0)), min_size=2, max_size=30))
def test_swapping_a_ratio_gives_the_reciprocal(pairs: list[tuple[float, float]]) -> None:
    above, below = (list(side) for side in zip(*pairs, strict=True))
    one, other = ratio_estimate(above, below), ratio_estimate(below, above)
    assert one.interval is not None
    assert other.interval is not None
    assert other.value == pytest.approx(1.0 / one.value)
    assert other.interval == pytest.approx((1.0 / one.interval[1], 1.0 / one.interval[0]))


def test_common_random_numbers_narrow_a_ratio() -> None:
    generator = np.random.default_rng(1)
    shared = generator.lognormal(0.0, 0.5, 40)
    own, other = generator.lognormal(0.0, 0.05, 40), generator.lognormal(0.0, 0.05, 40)
    paired = ratio_estimate(2.0 * shared * own, shared * other)
    apart = ratio_estimate(2.0 * shared * own, np.roll(shared * other, 1))
    assert paired.interval is not None
    assert apart.interval is not None
    assert np.diff(paired.interval) < 0.3 * np.diff(apart.interval)


@pytest.mark.parametrize("runs", [3, 10, 44])
def test_a_mean_is_covered_as_often_as_it_says(runs: int) -> None:
    generator = np.random.default_rng(runs)
    covered = 0
    for _ in range(REPEATS):
        low, high = mean_estimate(generator.normal(5.0, 2.0, runs)).interval or (math.nan, math.nan)
        covered += low <= 5.0 <= high
    assert LEAST_COVERAGE <= covered / REPEATS <= 0.98


@pytest.mark.parametrize("runs", [5, 16, 44])
def test_a_ratio_of_skewed_values_is_covered_about_as_often_as_it_says(runs: int) -> None:
    generator = np.random.default_rng(runs)
    covered = 0
    for _ in range(REPEATS):
        shared = generator.lognormal(0.0, 0.3, runs)
        above = 3.0 * shared * generator.lognormal(-0.02, 0.2, runs)
        below = shared * generator.lognormal(-0.02, 0.2, runs)
        low, high = ratio_estimate(above, below).interval or (math.nan, math.nan)
        covered += low <= 3.0 <= high
    assert LEAST_COVERAGE <= covered / REPEATS <= 0.98


@pytest.mark.parametrize("runs", [8, 44])
def test_a_bootstrapped_mean_is_covered_about_as_often_as_it_says(runs: int) -> None:
    generator = np.random.default_rng(runs)
    weights = resampling_weights(runs)
    covered = 0
    for _ in range(REPEATS):
        low, high = bootstrap_interval(weights @ generator.normal(5.0, 2.0, runs), runs)
        covered += low <= 5.0 <= high
    assert LEAST_COVERAGE <= covered / REPEATS <= 0.98


def test_resampling_is_the_same_every_time_and_gives_every_run_its_share() -> None:
    weights = resampling_weights(10)
    assert (weights == resampling_weights(10)).all()
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert weights.mean(axis=0) == pytest.approx(0.1, abs=0.01)


def test_what_was_not_reached_may_be_a_limit() -> None:
    low, high = bootstrap_interval([1.0] * 900 + [math.inf] * 100, 50)
    assert (low, high) == (1.0, math.inf)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.456, "5.46"),
        (0.98765, "0.988"),
        (0.05123, "0.051"),
        (123.4, "123"),
        (1234.5, "1234"),
        (0.0, "0"),
        (1.0, "1.00"),
    ],
)
def test_values_are_written_with_three_digits(value: float, text: str) -> None:
    assert rounded(value) == text
