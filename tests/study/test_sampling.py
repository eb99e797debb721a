"""Sampled designs: what each must have, that they repeat, and that they continue."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import qmc

from race_sim.errors import InputError
from race_sim.study.sampling import Floats, latin_hypercube, morris_trajectories, saltelli, sobol_points


@pytest.mark.parametrize(
    "design",
    [
        lambda seed: latin_hypercube(3, 10, seed),
        lambda seed: latin_hypercube(3, 10, seed, 2),
        lambda seed: sobol_points(3, 0, 10, seed),
        lambda seed: sobol_points(3, 7, 10, seed),
        lambda seed: saltelli(3, 5, 4, seed),
        lambda seed: morris_trajectories(3, 4, seed),
    ],
)
def test_a_design_repeats_to_the_byte_and_depends_on_its_seed(design: Callable[[int], Floats]) -> None:
    assert design(1).dtype == np.float64
    assert design(1).tobytes() == design(1).tobytes()
    assert not np.array_equal(design(1), design(2))


def test_drawing_leaves_the_global_generator_alone() -> None:
    np.random.seed(5)  # noqa: NPY002 -- the state under test
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    latin_hypercube(2, 4, 1), sobol_points(2, 0, 4, 1), saltelli(2, 0, 4, 1), morris_trajectories(2, 4, 1)
    assert np.random.random() == expected  # noqa: NPY002


@pytest.mark.parametrize("generation", [0, 1, 5])
def test_each_generation_is_a_latin_hypercube(generation: int) -> None:
    points = latin_hypercube(4, 25, 3, generation)
    assert np.array_equal(np.sort(np.floor(points * 25), axis=0), np.tile(np.arange(25)[:, None], (1, 4)))


def test_generations_differ() -> None:
    for design in (latin_hypercube, morris_trajectories):
        assert not np.array_equal(design(4, 25, 3, 0), design(4, 25, 3, 1))
        assert not np.array_equal(design(4, 25, 3, 1), design(4, 25, 1, 3))


@pytest.mark.parametrize("cuts", [(0, 64), (0, 1, 64), (0, 5, 6, 40, 64), (0, 32, 64)])
def test_a_sobol_sequence_in_pieces_is_the_whole(cuts: tuple[int, ...]) -> None:
    pieces = [sobol_points(3, first, last - first, 9) for first, last in pairwise(cuts)]
    assert np.array_equal(np.concatenate(pieces), sobol_points(3, 0, 64, 9))


def test_a_sobol_sequence_is_more_even_than_chance_also_as_a_union() -> None:
    union = np.concatenate([sobol_points(4, 0, 128, 2), sobol_points(4, 128, 128, 2)])
    chance = np.random.default_rng(0).random((256, 4))
    assert qmc.discrepancy(union) < 0.1 * qmc.discrepancy(chance)
    assert np.array_equal(np.sort(np.floor(union * 256), axis=0), np.tile(np.arange(256)[:, None], (1, 4)))


def test_a_base_sample_is_a_then_a_with_one_factor_of_b_each_then_b() -> None:
    groups = saltelli(3, 0, 8, 4).reshape(8, 5, 3)
    for own, *mixed, other in groups:
        assert not np.any(own == other)
        for factor, point in enumerate(mixed):
            assert np.array_equal(np.flatnonzero(point == other), [factor])
            assert np.array_equal(np.flatnonzero(point != own), [factor])
    assert np.array_equal(np.concatenate([groups[:, 0], groups[:, -1]], axis=1), sobol_points(6, 0, 8, 4))


def test_base_samples_continue() -> None:
    assert np.array_equal(np.concatenate([saltelli(3, 0, 6, 4), saltelli(3, 6, 10, 4)]), saltelli(3, 0, 16, 4))


@pytest.mark.parametrize("levels", [2, 4, 8])
def test_a_trajectory_moves_every_factor_once_by_the_same_step_on_the_grid(levels: int) -> None:
    factors = 5
    points = morris_trajectories(factors, 40, 6, levels=levels).reshape(40, factors + 1, factors)
    steps = np.diff(points, axis=1)
    assert np.array_equal((steps != 0).sum(axis=2), np.ones((40, factors)))
    assert np.array_equal((steps != 0).sum(axis=1), np.ones((40, factors)))
    assert np.allclose(np.abs(steps).sum(axis=2), levels / (2 * (levels - 1)))
    assert np.allclose(points * (levels - 1), np.round(points * (levels - 1)))
    assert points.min() == 0.0
    assert points.max() == 1.0


def test_trajectories_use_every_level_order_and_direction_alike() -> None:
    points = morris_trajectories(3, 4000, 1).reshape(4000, 4, 3)
    _, level_counts = np.unique(points[:, 0], return_counts=True)
    assert level_counts / 12_000 == pytest.approx([0.25] * 4, abs=0.02)
    steps = np.diff(points, axis=1)
    assert np.array([steps[:, place, factor] != 0 for place in range(3) for factor in range(3)]).mean(
        axis=1
    ) == pytest.approx([1 / 3] * 9, abs=0.03)
    assert (steps[steps != 0] > 0).mean() == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(points[:, 0].T)[np.triu_indices(3, 1)] == pytest.approx([0.0] * 3, abs=0.06)


@pytest.mark.parametrize(
    "faulty",
    [
        lambda: latin_hypercube(0, 5, 1),
        lambda: latin_hypercube(2, 0, 1),
        lambda: latin_hypercube(2, 5, -1),
        lambda: sobol_points(2, -1, 5, 1),
        lambda: saltelli(2, 0, 0, 1),
        lambda: morris_trajectories(2, 5, 1, levels=5),
        lambda: morris_trajectories(2, 5, 1, levels=0),
    ],
)
def test_designs_that_do_not_exist_are_refused(faulty: Callable[[], Floats]) -> None:
    with pytest.raises(ValueError, match=r"a design needs|even number of levels"):
        faulty()


def test_without_scipy_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(InputError, match=r"pip install 'race-sim\[analysis\]'"):
        latin_hypercube(2, 4, 1)
    assert morris_trajectories(2, 4, 1).shape == (12, 2)


def test_importing_takes_no_extras() -> None:
    modules = (
        "race_sim.study.sampling",
        "race_sim.analysis.sensitivity",
        "race_sim.analysis.discovery",
        "race_sim.plots.sensitivity",
        "race_sim.plots.discovery",
    )
    code = f"import sys, {', '.join(modules)}; print([n for n in ('scipy', 'sklearn', 'SALib') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
