"""Replicates for a width: textbook numbers, the share of cases that meet it, limits that hold, what shared seeds do."""

import math

import numpy as np
import pytest
from scipy import stats

from race_sim.analysis.intervals import mean_estimate
from race_sim.analysis.replication import (
    assured_runs,
    chance_of_width,
    chi_square_distribution,
    chi_square_quantile,
    half_width,
    needed_runs,
    quantile,
    shared_seeds,
    spread_interval,
)

CASES = 4000


@pytest.mark.parametrize("degrees", [1, 2, 3, 5, 10, 57, 199, 201, 1000, 50_000])
def test_distributions_are_those_of_scipy(degrees: int) -> None:
    assert quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-6)
    for probability in (1e-5, 0.025, 0.3, 0.5, 0.9, 0.975, 0.99999):
        value = stats.chi2.ppf(probability, degrees)
        assert chi_square_distribution(value, degrees) == pytest.approx(probability, rel=1e-7)
        assert chi_square_quantile(probability, degrees) == pytest.approx(value, rel=1e-7)
    assert chi_square_distribution(0.0, degrees) == 0.0


def test_no_quantile_outside_the_distribution() -> None:
    for probability, degrees in ((0.0, 3), (1.0, 3), (0.5, 0)):
        with pytest.raises(ValueError, match="no quantile"):
            chi_square_quantile(probability, degrees)


def textbook(spread: float, width: float) -> int:
    """Fewest n with t(0.975, n - 1) s / sqrt(n) <= w, tried one after another."""
    return next(n for n in range(2, 100_000) if stats.t.ppf(0.975, n - 1) * spread / math.sqrt(n) <= width)


@pytest.mark.parametrize("spread", [0.01, 0.05, 0.1, 0.3, 1.0, 1.7])
@pytest.mark.parametrize("width", [0.2, 0.1, 0.05])
def test_the_number_is_the_textbook_s(spread: float, width: float) -> None:
    runs = needed_runs(spread, width)
    assert runs == textbook(spread, width)
    assert half_width(spread, int(runs)) <= width
    assert runs == 2 or half_width(spread, int(runs) - 1) > width


def test_the_number_nears_the_normal_one() -> None:
    assert needed_runs(1.0, 0.01) == pytest.approx((stats.norm.ppf(0.975) / 0.01) ** 2, rel=1e-4)


def test_limits_of_the_number() -> None:
    assert needed_runs(0.0, 0.01) == assured_runs(0.0, 0.01, 0.9) == 2
    assert needed_runs(1e3, 0.01) == assured_runs(1e3, 0.01, 0.9) == math.inf
    assert math.isnan(needed_runs(math.nan, 0.01))
    assert chance_of_width(0.0, 0.01, 2) == 1.0


def achieved(spread: float, runs: int) -> np.ndarray:
    """Half the intervals that `mean_estimate` gives for so many cases of normal runs."""
    draws = np.random.default_rng(7).normal(1.0, spread, (CASES, runs))
    for row in draws[:3]:
        limits = mean_estimate(row).interval
        assert limits is not None
        expected = half_width(float(row.std(ddof=1)), runs)
        assert (limits[1] - limits[0]) / 2 == pytest.approx(expected)
    return quantile(runs - 1) * draws.std(axis=1, ddof=1) / math.sqrt(runs)


@pytest.mark.parametrize(("spread", "width"), [(0.05, 0.05), (0.1, 0.05), (0.3, 0.1), (0.3, 0.05)])
def test_the_width_is_met_in_the_stated_share_of_cases(spread: float, width: float) -> None:
    error = 3.5 * 0.5 / math.sqrt(CASES)
    runs = int(needed_runs(spread, width))
    share = float((achieved(spread, runs) <= width).mean())
    assert share == pytest.approx(chance_of_width(spread, width, runs), abs=error)
    assert share > 0.5 - error
    assured = int(assured_runs(spread, width, 0.9))
    assert assured > runs
    met = float((achieved(spread, assured) <= width).mean())
    assert met == pytest.approx(chance_of_width(spread, width, assured), abs=error)
    assert chance_of_width(spread, width, assured) >= 0.9 > chance_of_width(spread, width, assured - 1)


def test_limits_of_a_spread_hold_it_as_often_as_they_say() -> None:
    draws = np.random.default_rng(3).normal(0.0, 2.0, (CASES, 5)).std(axis=1, ddof=1)
    for tail in (0.025, 0.2):
        low, high = spread_interval(draws, np.full(CASES, 5), tail)
        error = 3.5 * math.sqrt(tail / CASES)
        assert (low > 2.0).mean() == pytest.approx(tail, abs=error)
        assert (high < 2.0).mean() == pytest.approx(tail, abs=error)
    low, high = spread_interval(1.0, 3)
    assert (float(low), float(high)) == pytest.approx([math.sqrt(2 / stats.chi2.ppf(p, 2)) for p in (0.975, 0.025)])


def test_what_shared_seeds_do_is_measured() -> None:
    """Of the variance 0.6 is the seed's: differences are sqrt(1 - 0.6) as spread, whatever the scales."""
    draws = np.random.default_rng(5)
    common = math.sqrt(0.6) * draws.normal(size=200)
    values = common + math.sqrt(0.4) * draws.normal(size=(10, 200))
    scaled = values * 10.0 ** np.arange(-3, 7)[:, None] + 5.0
    factor, low, high = shared_seeds(scaled)
    assert factor == pytest.approx(math.sqrt(0.4), abs=0.05)
    assert factor < low < 1.0 < high
    wider, _, limit = shared_seeds(np.stack([common, -common + 0.1 * draws.normal(size=200)]))
    assert wider > limit
    assert wider == pytest.approx(math.sqrt(2), abs=0.02)


def test_seeds_with_nothing_in_common_are_seldom_taken_for_shared() -> None:
    draws = np.random.default_rng(11)
    outside = 0
    for _ in range(200):
        factor, low, high = shared_seeds(draws.normal(size=(6, 5)))
        outside += not low <= factor <= high
    assert 1 <= outside <= 22  # 5% of 200, within four standard deviations


def test_shared_seeds_need_two_points_that_vary() -> None:
    for values in ([[1.0, 2.0, 3.0]], [[1.0, 2.0], [4.0, 4.0]], [[1.0], [2.0]], [[1.0, 2.0], [math.nan, 3.0]]):
        assert all(map(math.isnan, shared_seeds(values)))
