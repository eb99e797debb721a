"""Designs in the unit cube: Latin hypercubes, Sobol' sequences, Saltelli's radial design, Morris trajectories.

Every function gives the same points for the same arguments. A design can be continued: with a further generation, or
from the index at which it ended, what is added and what there was make up a good design together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.errors import InputError

Floats = npt.NDArray[np.float64]

MORRIS_LEVELS = 4


def latin_hypercube(factors: int, points: int, seed: int, generation: int = 0) -> Floats:
    """f8[points, factors] in [0, 1): in each factor one point in each of `points` equal parts (McKay et al. 1979).

    Each generation is a Latin hypercube of its own, drawn independently of the others.

    Raises InputError without SciPy, ValueError unless there are factors and points.
    """
    _check(factors=factors, points=points)
    _check_from_zero(seed=seed, generation=generation)
    drawn = _qmc().LatinHypercube(factors, seed=np.random.default_rng([seed, generation])).random(points)
    return np.asarray(drawn, np.float64)


def sobol_points(factors: int, first: int, points: int, seed: int) -> Floats:
    """f8[points, factors] in [0, 1): points first, first + 1, ... of a scrambled Sobol' sequence (Owen 1998).

    Pieces drawn one after another are the sequence drawn at once. It is most even where it ends after a power of two.

    Raises InputError without SciPy, ValueError unless there are factors and points.
    """
    _check(factors=factors, points=points)
    _check_from_zero(seed=seed, first=first)
    sequence = _qmc().Sobol(factors, seed=np.random.default_rng(seed))
    if first == 0:  # asked for a power of two, it does not warn that another number is less even
        return np.asarray(sequence.random_base2((points - 1).bit_length())[:points], np.float64)
    sequence.fast_forward(first)
    return np.asarray(sequence.random(points), np.float64)


def saltelli(factors: int, first: int, base: int, seed: int) -> Floats:
    """f8[base * (factors + 2), factors] in [0, 1): base samples first, first + 1, ... of Saltelli's design.

    A base sample is `factors` + 2 rows in this order: A; AB_1, which is A with the first factor taken from B; AB_2
    with the second, and so on; B. A and B are the two halves of one point of a scrambled Sobol' sequence in twice as
    many dimensions (Saltelli et al. 2010, Computer Physics Communications 181:259-270). It is most even where the
    number of base samples is a power of two.

    Raises InputError without SciPy, ValueError unless there are factors and base samples.
    """
    _check(factors=factors, base=base)
    halves = sobol_points(2 * factors, first, base, seed)
    own, other = halves[:, :factors], halves[:, factors:]
    groups = np.repeat(own[:, None, :], factors + 2, axis=1)
    each = np.arange(factors)
    groups[:, each + 1, each] = other
    groups[:, -1] = other
    return groups.reshape(-1, factors)


def morris_trajectories(
    factors: int, trajectories: int, seed: int, generation: int = 0, levels: int = MORRIS_LEVELS
) -> Floats:
    """f8[trajectories * (factors + 1), factors] in [0, 1]: trajectories that change one factor after another.

    A trajectory is `factors` + 1 rows: a random point of the grid 0, 1 / (levels - 1), ..., 1, then every factor once
    in random order, up or down by levels / (2 (levels - 1)), which reaches all levels equally often (Morris 1991,
    Technometrics 33:161-174). Trajectories are independent of one another and of those of other generations. Drawn
    with NumPy: SALib's own draw differs from version to version and leaves the state of the global generator changed.

    Raises ValueError unless there are factors and trajectories, and levels are even.
    """
    _check(factors=factors, trajectories=trajectories)
    _check_from_zero(seed=seed, generation=generation)
    if levels < 2 or levels % 2:
        raise ValueError(f"a Morris grid has an even number of levels, not {levels}")
    chance = np.random.default_rng([seed, generation])
    lower = chance.integers(levels // 2, size=(trajectories, 1, factors))
    starts_high = chance.integers(2, size=(trajectories, 1, factors))
    turn = chance.permuted(np.tile(np.arange(factors), (trajectories, 1)), axis=1)[:, None, :]
    moved = np.arange(factors + 1)[None, :, None] > turn
    grid = lower + (moved ^ (starts_high == 1)) * (levels // 2)
    return np.asarray(grid / (levels - 1), np.float64).reshape(-1, factors)


def _qmc() -> Any:
    try:
        from scipy.stats import qmc  # noqa: PLC0415 -- belongs to an optional extra
    except ImportError:
        raise InputError("sampled designs need SciPy: pip install 'race-sim[analysis]'") from None
    return qmc


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"a design needs {name} of at least 1, not {count}")


def _check_from_zero(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 0:
            raise ValueError(f"a design needs a {name} of at least 0, not {number}")
