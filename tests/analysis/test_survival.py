"""Kaplan-Meier against published life tables and hand computation."""

import math

import numpy as np
import pytest

from race_sim.analysis.survival import (
    median_estimate,
    median_weeks,
    observed_share,
    survival,
    survival_at,
    survival_estimate,
)

WEEKS = 40
# Remission of leukaemia in weeks, Freireich et al. (1963), as in every textbook on survival analysis.
TREATED = ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [])


def table(lives: tuple[list[int], list[int]]) -> np.ndarray:
    counts = np.zeros((WEEKS, 2), np.int64)
    for place, weeks in ((1, lives[0]), (0, lives[1])):
        np.add.at(counts[:, place], weeks, 1)
    return counts


def test_the_treated_leukaemia_patients() -> None:
    alive = survival(table(TREATED))
    published = {5: 1.0, 6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448, 39: 0.448}
    assert {week: round(float(alive[week]), 3) for week in published} == published
    assert median_weeks(table(TREATED)) == 23


def test_the_patients_on_placebo() -> None:
    alive = survival(table(PLACEBO))
    assert alive[8] == pytest.approx(8 / 21)  # nobody is lost: the share still in remission
    assert alive[23] == 0.0
    assert median_weeks(table(PLACEBO)) == 8


def test_censoring_is_not_an_end() -> None:
    # Two of four end at week 1; one is lost at 2; the last ends at 3: 1/2, 1/2, 0.
    assert survival(table(([1, 1, 3], [2])))[:4] == pytest.approx([1.0, 0.5, 0.5, 0.0])
    assert median_weeks(table(([1, 1, 3], [2]))) == 1


def test_the_median_may_not_be_reached() -> None:
    assert median_weeks(table(([3], [9, 9, 9]))) == math.inf
    assert math.isnan(float(median_weeks(table(([], [])))))


def test_shares() -> None:
    assert observed_share(table(TREATED)) == pytest.approx(9 / 21)
    assert math.isnan(observed_share(table(([], []))))
    assert survival_at(table(TREATED), 16) == pytest.approx(0.627, abs=5e-4)
    assert math.isnan(survival_at(table(TREATED), 36))  # nobody was followed that long
    assert math.isnan(survival_at(table(TREATED), WEEKS + 5))


def test_one_run_has_a_median_without_an_interval() -> None:
    estimate = median_estimate(table(TREATED)[None])
    assert (estimate.value, estimate.interval) == (23.0, None)


def test_several_runs_have_an_interval_around_their_common_median() -> None:
    generator = np.random.default_rng(4)
    runs = np.array([table((generator.integers(1, 20, 30).tolist(), [])) for _ in range(12)])
    estimate = median_estimate(runs)
    assert estimate.value == median_weeks(runs.sum(axis=0))
    assert estimate.interval is not None
    low, high = estimate.interval
    assert low <= estimate.value <= high
    assert high - low < 6


def test_an_upper_limit_may_not_be_reached() -> None:
    runs = np.array([table(([5, 5, 5], [30])), *[table(([5, 6], [30, 30]))] * 2])
    estimate = median_estimate(runs)
    assert estimate.interval is not None
    assert estimate.interval[1] == math.inf or estimate.value <= estimate.interval[1]
    never = median_estimate(np.array([table(([3], [9, 9, 9]))] * 3))
    assert (never.value, never.interval) == (math.inf, (math.inf, math.inf))


def test_runs_share_luck_and_the_interval_knows() -> None:
    """Designs of one run live alike: twice as many of them are not twice the evidence."""
    generator = np.random.default_rng(7)
    means = generator.integers(4, 30, 10)
    few = np.array([table(([int(mean)] * 5, [])) for mean in means])
    many = np.array([table(([int(mean)] * 500, [])) for mean in means])
    assert median_estimate(few).interval == median_estimate(many).interval


def test_the_share_alive_at_a_week_comes_with_an_interval_over_runs() -> None:
    tables = np.array([table(([end] * 5 + [35] * 5, [])) for end in (3, 5, 30, 31)])
    found = survival_estimate(tables, 26)
    assert found.value == pytest.approx(0.75)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert survival_estimate(tables[:1], 26).interval is None
    assert math.isnan(survival_estimate(np.zeros_like(tables), 26).value)
