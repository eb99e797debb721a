"""The expected values, against SciPy, brute force and published numbers."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, poisson

from race_sim.verify.formulas import (
    binomial_mean,
    bit_differs,
    built_by_prime,
    climbed_quality,
    climbed_variance,
    effect,
    flip_correlation,
    local_optima,
    neutralisation,
    neutralisation_variance,
    nk_quality,
    poisson_chances,
    pursued_neutralisation,
    success,
    unstopped,
)

EFFECTS = [effect(distance, breadth=1.5, reference=1.5, penalty=1.0) for distance in range(13)]


def test_success_is_logistic() -> None:
    assert success(0.575, highest=0.8, slope=11.4, half=0.575) == pytest.approx(0.4)
    assert success(0.7, highest=0.8, slope=11.4, half=0.575) == pytest.approx(0.644897, abs=1e-6)


def test_quality_reads_each_table_at_its_neighbours() -> None:
    tables = [[0, 1 << 30, 2 << 30, 3 << 30], [3 << 30, 0, 0, 0]]
    assert nk_quality(0b10, [[0, 1], [1, 0]], tables) == (2 / 4 + 0) / 2


def test_primes_deliver_whole_batches() -> None:
    assert [built_by_prime(10, weeks, 4, 1) for weeks in range(9)] == [0, 0, 0, 0, 40, 40, 40, 40, 80]


def test_hughes() -> None:
    assert [unstopped(100, 30, count) for count in range(5)] == [100, 70, 40, 10, 0]


def test_wider_is_weaker() -> None:
    assert effect(0, breadth=3.0, reference=1.5, penalty=1.0) == 0.5
    assert effect(0, breadth=1.0, reference=1.5, penalty=1.0) == 1.0
    assert effect(2, breadth=1.5, reference=1.5, penalty=1.0) == pytest.approx(0.411112, abs=1e-6)


def test_a_bit_differs_after_an_odd_number_of_flips() -> None:
    odd = sum(poisson.pmf(count, 3.0 / 12) for count in range(1, 60, 2))
    assert bit_differs(3.0, 12) == pytest.approx(odd, rel=1e-12)


def test_binomial_mean_is_scipys() -> None:
    assert binomial_mean(12, 0.3, lambda k: k**1.5) == pytest.approx(binom(12, 0.3).expect(lambda k: k**1.5))


@pytest.mark.parametrize("flips", [0.5, 4.0])
def test_neutralisation_is_what_random_flips_give(flips: float) -> None:
    chance = np.random.default_rng(1)
    counts = poisson.rvs(flips, size=20_000, random_state=2)
    values = []
    for count in counts:
        design = 0
        for _ in range(count):
            design ^= 1 << int(chance.integers(12))
        values.append(EFFECTS[design.bit_count()])
    average = sum(values) / len(values)
    spread = sum((value - average) ** 2 for value in values) / len(values)
    assert neutralisation(flips, 12, EFFECTS) == pytest.approx(average, abs=0.01)
    assert neutralisation_variance(flips, 12, EFFECTS) == pytest.approx(spread, abs=0.01)


def test_poisson_chances_are_scipys() -> None:
    assert poisson_chances(3.7) == pytest.approx(poisson(3.7).pmf(range(81)), abs=1e-15)


def test_a_team_that_always_takes_one_week_follows_two_weeks_behind() -> None:
    assert pursued_neutralisation(0.5, 1.0, 12, EFFECTS) == pytest.approx(neutralisation(1.0, 12, EFFECTS))


def test_pursuit_is_the_mean_over_a_simulated_team() -> None:
    ages: list[int] = []
    weeks = [1 + count for count in poisson.rvs(2.0, size=20_000, random_state=3)]
    for worked, lasting in itertools.pairwise(weeks):
        ages += range(worked + 1, worked + lasting + 1)
    simulated = sum(neutralisation(0.5 * age, 12, EFFECTS) for age in ages) / len(ages)
    assert pursued_neutralisation(0.5, 3.0, 12, EFFECTS) == pytest.approx(simulated, abs=0.005)


def test_landscape_theory() -> None:
    assert local_optima(10) == pytest.approx(93.0909, abs=1e-4)
    assert flip_correlation(10, 9) == 0.0
    assert flip_correlation(10, 0) == 0.9
    assert climbed_quality(10, 0) == 0.5
    assert climbed_quality(10, 1000) == pytest.approx(2 / 3)
    assert climbed_variance(10, 0) == pytest.approx(1 / 120)
    assert climbed_variance(10, 1000) == pytest.approx(1 / 180)
