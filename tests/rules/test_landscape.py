"""Intrinsic quality: an NK landscape, and the climb on it."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.records import Landscape
from race_sim.rules.founding import empty_landscape
from race_sim.rules.landscape import (
    climb,
    flip_difference,
    quality,
    quality_sum,
    raise_landscape,
    unopposed_success,
)
from race_sim.rules.purposes import FOUNDER_CLIMB
from tests.bare_race import BareRace
from tests.chance import agrees, follows, mean_agrees

UNIT = 2.0**-32


@cache
def parameters(neighbourhood: str) -> np.ndarray:
    return BareRace(f"landscape.neighbourhood={neighbourhood}").params


def nk_landscape(loci: int, interactions: int, seed: int = 1, neighbourhood: str = "random") -> Landscape:
    landscape = empty_landscape(loci, interactions + 1)
    raise_landscape(landscape, parameters(neighbourhood), np.uint64(seed))
    return landscape


def qualities(landscape: Landscape) -> np.ndarray:
    """Quality of every design, straight from the tables."""
    loci = len(landscape.neighbours)
    designs = np.arange(2**loci)
    total = np.zeros(2**loci)
    for neighbours, table in zip(landscape.neighbours, landscape.contributions, strict=True):
        entry = sum(((designs >> locus) & 1) << place for place, locus in enumerate(neighbours))
        total += table[entry] * UNIT
    return total / loci


def one_flip_away(loci: int) -> np.ndarray:
    """Designs [loci, 2**loci] that differ from each design in one locus."""
    return np.arange(2**loci)[None, :] ^ (1 << np.arange(loci))[:, None]


@pytest.mark.parametrize("neighbourhood", ["random", "adjacent"])
@pytest.mark.parametrize("interactions", [0, 3, 11])
def test_every_locus_depends_on_itself_and_k_others(neighbourhood: str, interactions: int) -> None:
    neighbours = nk_landscape(48, interactions, 1, neighbourhood).neighbours
    assert (neighbours[:, 0] == np.arange(48)).all()
    assert all(len(set(row)) == interactions + 1 and set(row) <= set(range(48)) for row in neighbours.tolist())


def test_adjacent_loci_interact_around_the_circle() -> None:
    neighbours = nk_landscape(7, 3, 1, "adjacent").neighbours
    assert neighbours[0].tolist() == [0, 1, 2, 3]
    assert neighbours[5].tolist() == [5, 6, 0, 1]


def test_random_loci_are_equally_likely_to_interact() -> None:
    counts = np.zeros((12, 12))
    for seed in range(400):
        for locus, row in enumerate(nk_landscape(12, 3, seed).neighbours):
            counts[locus, row[1:]] += 1
    assert (np.diag(counts) == 0).all()
    assert agrees(counts[~np.eye(12, dtype=bool)])


def test_contributions_are_uniform_between_0_and_1() -> None:
    drawn = np.concatenate([nk_landscape(48, 3, seed).contributions.ravel() for seed in range(10)]) * UNIT
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert follows(drawn, "uniform")


def test_another_seed_is_another_landscape() -> None:
    assert (nk_landscape(48, 3, 1).contributions == nk_landscape(48, 3, 1).contributions).all()
    assert not (nk_landscape(48, 3, 1).contributions == nk_landscape(48, 3, 2).contributions).any()


@pytest.mark.parametrize("interactions", [0, 2, 9])
def test_quality_is_the_mean_contribution(interactions: int) -> None:
    landscape = nk_landscape(10, interactions)
    found = [quality(landscape, quality_sum(landscape, np.uint64(design))) for design in range(1024)]
    assert found == pytest.approx(qualities(landscape), rel=1e-12)


@cache
def large_landscape(interactions: int) -> Landscape:
    return nk_landscape(48, interactions)


@given(st.integers(0, 2**48 - 1), st.integers(0, 47), st.sampled_from([0, 3, 7]))
def test_a_flip_changes_quality_by_its_difference(design: int, locus: int, interactions: int) -> None:
    landscape = large_landscape(interactions)
    before, after = np.uint64(design), np.uint64(design ^ (1 << locus))
    difference = flip_difference(landscape, before, locus)
    assert quality_sum(landscape, before) + difference == quality_sum(landscape, after)


@pytest.mark.parametrize("interactions", [0, 2, 5, 9])
def test_correlation_of_neighbouring_designs(interactions: int) -> None:
    """1 - (K + 1) / N at one flip; moments about 1/2, pooled over landscapes."""
    own, neighbouring = [], []
    for seed in range(120):
        centred = qualities(nk_landscape(10, interactions, seed)) - 0.5
        own.append((centred**2).mean())
        neighbouring.append((centred * centred[one_flip_away(10)]).mean())
    assert np.mean(neighbouring) / np.mean(own) == pytest.approx(1 - (interactions + 1) / 10, abs=0.04)


def test_most_rugged_landscape_has_as_many_local_optima_as_theory_says() -> None:
    """K = N - 1: 2**N / (N + 1) local optima on average (Kauffman 1993)."""

    def optima(seed: int) -> float:
        all_qualities = qualities(nk_landscape(10, 9, seed))
        return float((all_qualities > all_qualities[one_flip_away(10)]).all(axis=0).sum())

    assert mean_agrees([optima(seed) for seed in range(400)], 2**10 / 11)


def walk(landscape: Landscape, evaluations: int, seed: int, start: int = 0) -> tuple[int, int, int]:
    """(design, quality sum, flips kept) of a climb."""
    word = np.uint64(start)
    total = quality_sum(landscape, word)
    design, total, kept = climb(landscape, word, total, evaluations, np.uint64(seed), 0, FOUNDER_CLIMB)
    return int(design), int(total), int(kept)


def test_smooth_landscape_is_climbed_to_its_peak_in_half_the_loci() -> None:
    """K = 0: mean peak 2/3, adaptive walk of N/2 steps from anywhere."""

    def peak(seed: int) -> float:
        return float(qualities(nk_landscape(10, 0, seed)).max())

    def steps(seed: int) -> float:
        landscape = nk_landscape(10, 0, seed)
        design, total, kept = walk(landscape, 300, seed)
        assert qualities(landscape)[design] == pytest.approx(peak(seed), rel=1e-12)
        assert total == quality_sum(landscape, np.uint64(design))
        return kept

    assert mean_agrees([peak(seed) for seed in range(400)], 2 / 3)
    assert mean_agrees([steps(seed) for seed in range(400)], 5)


def test_climb_keeps_every_flip_that_helps_and_no_other() -> None:
    landscape = nk_landscape(48, 3)
    design, total, kept = 0, quality_sum(landscape, np.uint64(0)), 0
    for evaluations in range(1, 120):
        higher, now, steps = walk(landscape, evaluations, 5)
        assert (now > total and steps == kept + 1 and (higher ^ design).bit_count() == 1) or (
            (higher, now, steps) == (design, total, kept)
        )
        design, total, kept = higher, now, steps
    assert kept > 10


def test_climb_stays_on_a_plateau() -> None:
    landscape = nk_landscape(48, 3)
    landscape.contributions[:] = 7
    assert walk(landscape, 100, 5, start=12345)[0] == 12345


@pytest.mark.parametrize(
    "overrides",
    [(), ("landscape.success_max=0.5", "landscape.success_slope=30", "landscape.success_half=0.4")],
)
def test_unopposed_success_is_logistic_in_quality(overrides: tuple[str, ...]) -> None:
    race = BareRace(*overrides)
    landscape = race.world.landscape
    highest, slope, half = (race.params[0][f"landscape_success_{name}"] for name in ("max", "slope", "half"))
    for level in (0.0, 0.3, float(half), 0.6, 0.9):
        total = round(level * race.loci / UNIT)
        expected = highest / (1 + math.exp(-slope * (level - half)))
        assert unopposed_success(landscape, race.params, total) == pytest.approx(expected, rel=1e-9)
