"""Points in groups: their noise, resampling of groups and replicates, bounds of a variance."""

import math

import numpy as np
import pytest

from race_sim.analysis.point_groups import (
    Floats,
    PointGroups,
    difference,
    noise_covariance,
    resampled_statistics,
    variance_bounds,
)


def test_noise_covariance_is_unbiased_for_means_that_share_seeds() -> None:
    chance = np.random.default_rng(0)
    shared = chance.standard_normal((20_000, 4))
    one, other = shared + chance.standard_normal((20_000, 4)), shared
    one[:100, 1:] = math.nan
    found = noise_covariance(one, other)
    assert found.mean() == pytest.approx(1.0 / 4, rel=0.03)
    assert found[:100] == pytest.approx([found[100:].mean()] * 100)
    assert np.isnan(noise_covariance(one[:100], other[:100])).all()


def test_variance_bounds_are_reached() -> None:
    low, high = np.array([1.0, 2.0, 0.0, 0.0, 0.0]), np.array([1.0, 2.0, 5.0, 5.0, 5.0])
    least, most = variance_bounds(low, high)
    ends = [np.array([1.0, 2.0, x, y, z]).var() for x in (0, 5) for y in (0, 5) for z in (0, 5)]
    assert most == pytest.approx(max(ends))
    assert least == pytest.approx(np.array([1.0, 2.0, 1.5, 1.5, 1.5]).var())
    assert variance_bounds(low, low) == (pytest.approx(low.var()),) * 2


def test_a_difference_within_rounding_is_none() -> None:
    assert difference(np.array([0.3, 1.0]), np.array([0.1 + 0.2, 1.1])) == pytest.approx([0.0, -0.1], abs=0.0, rel=1e-9)


def test_groups_are_resampled_together_with_all_replicates_of_their_points() -> None:
    groups = PointGroups.of(np.arange(24.0).reshape(12, 2), 3)
    means, noise = next(groups.resampled_means())
    assert means.shape == (4, 3)
    assert noise in {1.0, 2.0}
    assert np.allclose(np.diff(means, axis=1), 2.0)


def test_resampling_replicates_does_not_shift_a_statistic_cleared_of_noise() -> None:
    values = np.random.default_rng(2).standard_normal((400, 4))
    groups = PointGroups.of(values, 2)
    step = groups.values[:, 0] - groups.values[:, 1]
    noise = noise_covariance(step, step)

    def contributions(means: Floats, noise_ratio: float) -> Floats:
        squares = (means[:, 0] - means[:, 1]) ** 2 - noise_ratio * noise
        return squares[:, None, None]

    found = resampled_statistics(groups, contributions, lambda sums: {"square": sums[..., 0, :]})["square"]
    spread = found.replicates.std()
    assert found.estimate == pytest.approx([0.0], abs=0.1)  # each mean's noise alone would give 0.5
    assert found.replicates.mean() == pytest.approx(found.estimate[0], abs=0.1 * spread)
    assert spread < 0.1
