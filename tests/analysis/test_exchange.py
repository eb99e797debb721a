"""Exchange rates on forces whose hits follow a power law of the arsenal, so that the rate is known."""

import math

import numpy as np
import pytest

from race_sim.analysis.exchange import exchange_rate

MULTIPLES = [1, 2, 4, 8, 16]


def power_law(rate: float, elasticity: float, runs: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Hits by multiple and of the reference, equal at the multiple `rate`; runs share their luck."""
    generator = np.random.default_rng(seed)
    luck = generator.lognormal(0.0, 0.4, runs)
    hits = np.array([(scale / rate) ** elasticity * luck * generator.lognormal(0, noise, runs) for scale in MULTIPLES])
    return 1000.0 * hits, 1000.0 * luck * generator.lognormal(0, noise, runs)


@pytest.mark.parametrize("elasticity", [0.5, 1.0, 1.3])
@pytest.mark.parametrize("rate", [1.0, 1.5, 2.0, 5.5, 16.0])
def test_a_power_law_is_interpolated_exactly(rate: float, elasticity: float) -> None:
    hits = np.array([[(scale / rate) ** elasticity] for scale in MULTIPLES])
    assert exchange_rate(MULTIPLES, hits, [1.0]).estimate.value == pytest.approx(rate)


def test_beyond_the_multiples_tried() -> None:
    assert str(exchange_rate(MULTIPLES, *power_law(40.0, 1.0, 20, 0.05, 1))) == ">16 [>16, >16]"
    assert str(exchange_rate(MULTIPLES, *power_law(0.5, 1.0, 20, 0.05, 1))) == "<1 [<1, <1]"


def test_one_run_has_no_interval() -> None:
    rate = exchange_rate(MULTIPLES, *power_law(3.0, 1.0, 1, 0.0, 1))
    assert rate.estimate.interval is None
    assert str(rate) == "3.00"


def test_no_hits_at_all() -> None:
    assert exchange_rate(MULTIPLES, np.zeros((5, 3)), np.ones(3)).estimate.value == math.inf
    some = np.array([[0.0], [0.0], [5.0], [9.0], [9.0]])
    assert 2.0 <= exchange_rate(MULTIPLES, some, [4.0]).estimate.value <= 4.0


def test_where_hits_fall_again_the_smallest_multiple_counts() -> None:
    hits = np.array([[1.0], [4.0], [1.0], [4.0], [8.0]])
    assert exchange_rate(MULTIPLES, hits, [2.0]).estimate.value == pytest.approx(math.sqrt(2.0))


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    repeats, covered = 300, 0
    for seed in range(repeats):
        low, high = exchange_rate(MULTIPLES, *power_law(3.0, 0.9, 44, 0.2, seed)).estimate.interval or (0.0, 0.0)
        covered += low <= 3.0 <= high
    assert 0.91 <= covered / repeats <= 0.985


def test_luck_shared_by_all_forces_leaves_the_interval() -> None:
    low, high = exchange_rate(MULTIPLES, *power_law(3.0, 1.0, 44, 0.001, 5)).estimate.interval or (0.0, 0.0)
    assert high - low < 0.01


@pytest.mark.parametrize(("multiples", "shape"), [([1, 2], (3, 4)), ([2, 1], (2, 4)), ([0, 1], (2, 4)), ([], (0, 4))])
def test_what_does_not_fit_together_is_refused(multiples: list[float], shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="multiples"):
        exchange_rate(multiples, np.ones(shape), np.ones(4))
