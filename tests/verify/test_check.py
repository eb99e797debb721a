"""Verdicts, tolerances and the statistics behind them."""

import math

import numpy as np
import pytest

from race_sim.verify.check import above, at_least, equal
from race_sim.verify.sample import correlation, mean, ratio, within


def test_a_difference_beyond_the_tolerance_fails() -> None:
    assert equal("1", "mesa", "x", expected=10, measured=10.9, tolerance=1).verdict
    assert not equal("1", "mesa", "x", expected=10, measured=11.1, tolerance=1).verdict
    assert equal("1", "mesa", "x", expected=0, measured=0).verdict
    assert not equal("1", "mesa", "x", expected=0, measured=1).verdict


def test_nan_never_holds() -> None:
    assert not equal("1", "mesa", "x", expected=0, measured=math.nan, tolerance=9).verdict
    assert not equal("1", "mesa", "x", expected=0, measured=0, tolerance=math.nan).verdict
    assert not at_least("1", "mesa", "x", bound=0, measured=math.nan).verdict


def test_a_bound_is_reached_or_not() -> None:
    check = at_least("1", "mesa", "x", bound=2, measured=2)
    assert check.verdict
    assert check.what == "x, at least"
    assert not at_least("1", "mesa", "x", bound=2, measured=1.9).verdict


def test_what_is_not_exceeded_fails() -> None:
    assert above("1", "mesa", "x", bound=2, measured=2.1).verdict
    assert not above("1", "mesa", "x", bound=0, measured=0).verdict
    assert not above("1", "mesa", "x", bound=0, measured=math.nan).verdict


def test_mean_and_its_error() -> None:
    estimate = mean(np.array([1.0, 2.0, 3.0, 6.0]))
    assert estimate.value == 3.0
    assert estimate.error == pytest.approx(math.sqrt(14 / 3 / 4))


def test_ratio_of_proportional_columns_has_no_error() -> None:
    under = np.array([1.0, 2.0, 5.0])
    assert ratio(3 * under, under) == pytest.approx((3.0, 0.0))


def test_errors_cover_the_truth_as_often_as_they_say() -> None:
    chance = np.random.default_rng(5)
    beyond = 0
    for _ in range(400):
        under = chance.normal(10, 2, 200)
        over = 0.7 * under + chance.normal(0, 3, 200)
        estimate = ratio(over, under)
        beyond += abs(estimate.value - 0.7) > 2 * estimate.error
    assert 5 <= beyond <= 40


def test_correlation_sees_inside_groups_only() -> None:
    chance = np.random.default_rng(6)
    groups = np.repeat(np.arange(50), 40)
    level = np.repeat(chance.normal(0, 5, 50), 40)
    noise = chance.normal(size=2000)
    apart = correlation(groups, level + chance.normal(size=2000), level + noise)
    assert abs(apart.value) < 4 * apart.error
    assert apart.error == pytest.approx(1 / math.sqrt(1950))
    assert correlation(groups, level + noise, noise).value == pytest.approx(1.0)


def test_what_does_not_vary_has_no_correlation() -> None:
    assert math.isnan(correlation(np.array([1, 1, 2, 2]), np.array([1.0, 2, 3, 4]), np.ones(4)).value)


def test_within_leaves_no_mean() -> None:
    left = within(np.array([3, 3, 8]), np.array([1.0, 2.0, 7.0]))
    assert left.tolist() == [-0.5, 0.5, 0.0]
