"""Which factors an output depends on: Morris screening and Sobol' indices, with both their uncertainties kept apart.

Both tables read values f8[points, replicates] in the order of their design (race_sim/study/sampling.py), NaN where a
run failed or measured nothing, and use means over replicates. All intervals are 95% ones, by bootstrap:

    `x_low`, `x_high`: groups (trajectories, base samples) and replicates resampled together.
    `x_sampling_low`, `x_sampling_high`: groups alone, as if these replicates were all there are. Replicate noise that
        differs from point to point is in them too, since every point carries its own.
    `x_replicates_low`, `x_replicates_high`: replicates alone, as if these points were all there are.

Without a second replicate the first and third are absent (NaN). A group with a point that has no value is left out;
had the missing means been any values between the smallest and the largest mean seen, the estimate from all groups
would lie between `x_bound_low` and `x_bound_high`. Bounds do not hold sampling error; where every point has a value
they are the estimate. `runs`, `failed_runs`, `groups` and `groups_left_out` are the same in all rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.cells import estimates
from race_sim.analysis.point_groups import (
    FACTS,
    Floats,
    PointGroups,
    Resampled,
    difference,
    noise_covariance,
    resampled_statistics,
    variance_bounds,
)

HALF_NORMAL = 2.0 / math.pi  # squared mean absolute value of a normal variable of mean 0, over its variance
STEP_TOLERANCE = 1e-9  # of unit coordinates

Bounds = dict[str, tuple[Floats, Floats]]
MOST_LISTED = 12  # factors named in one sentence; of more, their number is told


def morris_table(unit: npt.ArrayLike, values: npt.ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    """Elementary effects of every factor, in units of the output for the whole range of the factor, a row a factor.

    Args:
        unit: f8[points, factors], the design: trajectories of `factors` + 1 points that change one factor at a time.
        values: f8[points, replicates], the output.
        names: of the factors.

    Returns:
        `factor`, then with intervals and bounds `mu_star`, the mean absolute effect (Campolongo et al. 2007,
        Environmental Modelling and Software 22:1509-1518), `mu`, the mean effect, and `sigma`, the standard deviation
        of effects over trajectories (Morris 1991, Technometrics 33:161-174), 0 for a factor that acts in proportion
        and alone. Noise left in means over replicates adds to `mu_star` and `sigma`: `mu_star_noise` and `sigma_noise`
        are what they would be of a factor without effect, were the noise normal (NaN without a second replicate). A
        factor has an effect beyond noise where `mu_star_low` exceeds `mu_star_noise`.

    Raises ValueError unless the points are such trajectories, InputError if an output is infinite.
    """
    groups = PointGroups.of(values, len(names) + 1)
    steps = _Steps.of(np.asarray(unit, np.float64), groups.count, len(names))
    kept, kept_steps = groups.complete, steps.of_groups(groups.is_complete)
    own = kept_steps.effects(kept.means)
    centre = own.sum(axis=0) / max(kept.count, 1)  # squares are summed about it: less rounding
    spread = kept.count / (kept.count - 1) if kept.count > 1 else math.nan

    def contributions(means: Floats, _: float) -> Floats:
        effects = kept_steps.effects(means)
        deviations = difference(effects, centre)
        return np.stack([np.abs(effects), deviations, deviations * deviations], axis=1)

    def statistics(sums: Floats) -> dict[str, Floats]:
        size, deviation, square = np.moveaxis(sums, -2, 0)
        sigma = np.sqrt(spread * np.maximum(square - deviation * deviation, 0.0))
        return {"mu_star": size, "mu": centre + deviation, "sigma": sigma}

    found = resampled_statistics(kept, contributions, statistics)
    found |= {name: found[name].centred() for name in ("mu_star", "sigma")}
    runs = kept_steps.effects(kept.values)
    noise = noise_covariance(runs, runs).sum(axis=0) / max(kept.count, 1)
    noise = np.where(kept.count > 0, noise, math.nan)
    floors = {"mu_star_noise": np.sqrt(HALF_NORMAL * noise), "sigma_noise": np.sqrt(noise)}
    return _table(names, groups, found, partial(_morris_bounds, groups, steps)).assign(**floors)


def sobol_table(values: npt.ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    """Sobol' indices of every factor from Saltelli's design, a row a factor.

    Args:
        values: f8[points, replicates], the output in the order A, AB_1, ..., AB_k, B for each base sample.
        names: of the k factors.

    Returns:
        `factor`, then with intervals and bounds `first`, the share of the variance of the expected output that the
        factor explains alone (Saltelli et al. 2010, Computer Physics Communications 181:259-270, table 2, estimator b),
        `total`, the share it has a part in, alone or with others (Jansen 1999, the same table, estimator f), and
        `noise_share`, the same for all factors.

    Averaging over R replicates leaves 1 / R of the noise in the means. Taken as they are, such means would give every
    factor a total index of at least the noise's share, also one without effect, and first-order indices too small. So
    the noise is taken out of numerators and variance, by its covariance between the points compared (they may share
    seeds): indices are those of the output's expectation, unbiased in both but for their being a ratio, and may come
    out below 0 or above 1 by chance. `noise_share` is what was taken out: the share of the variance of means across
    points that is replicate noise. More replicates make it smaller; where its interval reaches 1, the output does not
    depend on the factors in any way that can be told from chance. With a single replicate it is unknown (NaN): indices
    then are those of the output with these seeds, noise included. Intervals take base samples as independent draws,
    which errs on the wide side for a Sobol' sequence. Indices of an output without variance are NaN.

    Raises ValueError unless the points are whole base samples, InputError if an output is infinite.
    """
    groups = PointGroups.of(values, len(names) + 2)
    kept = groups.complete
    noise = _BaseNoise.of(kept)
    centre = float(kept.means[:, [0, -1]].sum()) / max(2 * kept.count, 1)

    def contributions(means: Floats, noise_ratio: float) -> Floats:
        own, mixed, other = (difference(part, centre) for part in _parts(means))
        step = difference(mixed, own)
        quantities = (
            other * step - noise_ratio * noise.first,
            (step * step - noise_ratio * noise.total) / 2,
            (own * own + other * other) / 2 - noise_ratio * noise.variance,
            (own + other) / 2,
            noise.variance,
        )
        return np.stack([np.broadcast_to(one, mixed.shape) for one in quantities], axis=1)

    def statistics(sums: Floats) -> dict[str, Floats]:
        alone, total, square, mean, chance = np.moveaxis(sums, -2, 0)
        variance = square - mean * mean
        with np.errstate(divide="ignore", invalid="ignore"):
            first = np.where(variance > 0.0, alone / variance, math.nan)
            share = chance / (variance + chance) if groups.replicate_count > 1 else np.full(chance.shape, math.nan)
            return {"first": first, "total": np.where(variance > 0.0, total / variance, math.nan), "noise_share": share}

    found = resampled_statistics(kept, contributions, statistics)
    return _table(names, groups, found, partial(_sobol_bounds, groups, centre))


@dataclass(frozen=True, eq=False)
class _Steps:
    """Where trajectories change each factor: number of the point before, i8[trajectories, factors], and by how much."""

    before: npt.NDArray[np.int64]
    change: Floats

    @classmethod
    def of(cls, unit: Floats, trajectories: int, factors: int) -> _Steps:
        if unit.shape != (trajectories * (factors + 1), factors):
            raise ValueError(f"a design of shape {unit.shape} is not {trajectories} trajectories of {factors} factors")
        changes = np.diff(unit.reshape(trajectories, factors + 1, factors), axis=1)
        moved = np.abs(changes) > STEP_TOLERANCE
        if not ((moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all()):
            raise ValueError("a trajectory does not change every factor once, one at a time")
        return cls(moved.argmax(axis=1), changes.sum(axis=1))

    def of_groups(self, chosen: npt.NDArray[np.bool_]) -> _Steps:
        return _Steps(self.before[chosen], self.change[chosen])

    def effects(self, values: Floats, changed: Floats | None = None) -> Floats:
        """Elementary effects of f8[trajectories, points] or f8[trajectories, points, replicates].

        With `changed`, the values after a change are taken from there.
        """
        further = (slice(None), slice(None), *([None] * (values.ndim - 2)))
        before = np.take_along_axis(values, self.before[further], axis=1)
        after = np.take_along_axis(values if changed is None else changed, (self.before + 1)[further], axis=1)
        return difference(after, before) / self.change[further]


@dataclass(frozen=True, eq=False)
class _BaseNoise:
    """What replicate noise in means adds, by base sample: to the numerators of both indices, and to the variance.

    Zero where points have a single replicate: the noise is unknown.
    """

    first: Floats
    total: Floats
    variance: Floats

    @classmethod
    def of(cls, groups: PointGroups) -> _BaseNoise:
        if groups.replicate_count == 1:
            return cls(*np.zeros((3, groups.count, 1)))
        own, mixed, other = _parts(groups.values)
        step = mixed - own
        variance = (noise_covariance(own, own) + noise_covariance(other, other)) / 2
        return cls(noise_covariance(np.broadcast_to(other, step.shape), step), noise_covariance(step, step), variance)


def _parts(values: Floats) -> tuple[Floats, Floats, Floats]:
    """A, all AB and B of base samples; axis 1 is that of places."""
    return values[:, :1], values[:, 1:-1], values[:, -1:]


def _morris_bounds(groups: PointGroups, steps: _Steps) -> Bounds:
    corners = np.array([steps.effects(before, after) for before, after in product(groups.ends, repeat=2)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    least, most = np.maximum(np.maximum(low, -high), 0.0), np.maximum(np.abs(low), np.abs(high))
    variances = [variance_bounds(low[:, factor], high[:, factor]) for factor in range(low.shape[1])]
    sigmas = np.sqrt(np.array(variances) * groups.count / max(groups.count - 1, 1)).T
    return {
        "mu_star": (least.mean(axis=0), most.mean(axis=0)),
        "mu": (low.mean(axis=0), high.mean(axis=0)),
        "sigma": (sigmas[0], sigmas[1]),
    }


def _sobol_bounds(groups: PointGroups, centre: float) -> Bounds:
    """Outer bounds: those of numerators, each base sample at its own extreme, over those of the variance."""
    own, mixed, other = ([part - centre for part in parts] for parts in zip(*map(_parts, groups.ends), strict=True))
    noise = _BaseNoise.of(groups)
    known = [~np.isnan(part) for part in _parts(groups.means)]
    moves = np.array([b * (ab - a) for a, ab, b in product(own, mixed, other)])
    moves -= np.where(known[0] & known[1] & known[2], noise.first, 0.0)
    steps = np.array([ab - a for a, ab in product(own, mixed)])
    least = np.maximum(np.maximum(steps.min(axis=0), -steps.max(axis=0)), 0.0)
    squares = np.array([least, np.abs(steps).max(axis=0)]) ** 2
    squares -= np.where(known[0] & known[1], noise.total, 0.0)
    ends = (np.concatenate([own[end], other[end]]).ravel() for end in (0, 1))
    chance = float(noise.variance.mean())
    variances = tuple(bound - chance for bound in variance_bounds(*ends))
    shares = [chance / (variance + chance) if groups.replicate_count > 1 else math.nan for variance in variances]
    size = mixed[0].shape[1]
    return {
        "first": _ratio_bounds(moves.min(axis=0).mean(axis=0), moves.max(axis=0).mean(axis=0), variances),
        "total": _ratio_bounds(squares[0].mean(axis=0) / 2, squares[1].mean(axis=0) / 2, variances),
        "noise_share": (np.full(size, shares[1]), np.full(size, shares[0])),
    }


def _ratio_bounds(low: Floats, high: Floats, variances: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Bounds of numerators over variances; infinite on the side where the variance may come near 0."""
    least, most = variances
    if least <= 0.0:
        return np.where(low < 0.0, -math.inf, 0.0), np.where(high > 0.0, math.inf, 0.0)
    return np.where(low < 0.0, low / least, low / most), np.where(high > 0.0, high / least, high / most)


def _table(
    names: Sequence[str], groups: PointGroups, found: dict[str, Resampled], bounds: Callable[[], Bounds]
) -> pd.DataFrame:
    """A row a factor: estimates with intervals and bounds, then facts about the design."""
    columns: dict[str, npt.ArrayLike] = {"factor": list(names)}
    partial_groups = 0 < groups.complete.count < groups.count
    limits = bounds() if partial_groups else {name: (one.estimate, one.estimate) for name, one in found.items()}
    for name, one in found.items():
        low, high = limits[name]
        columns |= one.intervals(name, groups.complete)
        columns |= {f"{name}_bound_low": np.fmin(low, one.estimate), f"{name}_bound_high": np.fmax(high, one.estimate)}
    return pd.DataFrame({**columns, **groups.facts()})


def sensitivity_words(table: pd.DataFrame, output: str) -> str:
    """What a table of `morris_table` or `sobol_table` shows of this output, in sentences.

    Factors are ranked by `mu_star` or `total`. A factor counts as having an effect only if the interval from both
    sources lies above what noise alone gives; two factors are told apart only if their intervals do not overlap.
    """
    morris = "mu_star" in table
    name = "mu_star" if morris else "total"
    measure = "mean absolute effect over the whole range" if morris else "total index (share of the variance)"
    unknown = _why_unknown(table, name)
    if unknown:
        return f"{output}: {unknown} {_failures(table, name, pd.DataFrame())}".strip()
    ranked = table.sort_values(name, ascending=False, kind="stable")
    effective = ranked[_has_effect(ranked, f"{name}_low")]
    without = ranked[~ranked["factor"].isin(effective["factor"])]
    said = []
    if len(effective):
        listed = zip(effective["factor"], estimates(effective, name), strict=True)
        said.append(f"By {measure}: {_listed([f'{factor} {value}' for factor, value in listed])}.")
        said += _overlaps(effective, name)
        said += _interactions(effective)
    if len(without):
        said.append(f"No evidence of an effect of {_listed(without['factor'], 'or')}.")
    if not morris:
        share = next(estimates(table, "noise_share"))
        said.append(f"Of the variance across points, the share {share} is replicate noise, left out of the indices.")
    said.append(_failures(table, name, effective))
    return f"{output}: {' '.join(said)}".strip()


def _has_effect(table: pd.DataFrame, limit: str) -> pd.Series:
    """Whether this limit of the measure lies above what noise alone gives."""
    return table[limit] > (table["mu_star_noise"] if "mu_star" in table else 0.0)


def _why_unknown(table: pd.DataFrame, name: str) -> str:
    """Why no factor can be told from chance, whatever its estimate; empty if that is not so."""
    if (table["groups_left_out"] == table["groups"]).all():
        return "No group of points has a value at every point. Nothing can be said of any factor."
    if table[name].isna().all():
        return "It does not vary across points beyond chance, so no factor has an effect that can be measured."
    if table[f"{name}_low"].isna().all():
        return "With one race a point, or one group of points, effects cannot be told from chance."
    if "noise_share" in table and not (table["noise_share_high"] < 1.0).any():
        return "Its variance across points cannot be told from replicate noise: no evidence of an effect of any factor."
    return ""


def _overlaps(effective: pd.DataFrame, name: str) -> list[str]:
    """Sentences on factors, in their order, whose intervals overlap; one sentence if none do."""
    rows = list(zip(effective["factor"], effective[f"{name}_low"], effective[f"{name}_high"], strict=True))
    said = []
    for place, (factor, low, _) in enumerate(rows):
        alike = [other for other, _, high in rows[place + 1 :] if high >= low]
        if alike:
            said.append(f"{factor} cannot be told apart from {_listed(alike, 'or')}.")
    if not said and len(rows) > 1:
        said.append("No two of these intervals overlap.")
    return said


def _interactions(effective: pd.DataFrame) -> list[str]:
    """Which of the factors with an effect act unevenly or with others, if any can be said to."""
    if "mu_star" in effective:
        rounding = 1e-9 * effective["mu_star"]
        uneven = effective[effective["sigma_low"] > effective["sigma_noise"] + rounding]["factor"]
        return [f"Effects of {_listed(uneven)} differ from place to place (sigma)."] if len(uneven) else []
    joint = effective[effective["total_low"] > effective["first_high"]]["factor"]
    return [f"Part of what {_listed(joint)} does depends on other factors (total above first)."] if len(joint) else []


def _failures(table: pd.DataFrame, name: str, effective: pd.DataFrame) -> str:
    failed, runs, left_out, groups = (int(table[fact].iloc[0]) for fact in FACTS)
    if failed == 0:
        return ""
    said = f"{failed} of {runs} runs have no value; {left_out} of {groups} groups of points are left out for it."
    if not left_out or not len(effective):
        return said
    doubtful = effective[~_has_effect(effective, f"{name}_bound_low")]["factor"]
    if len(doubtful):
        return f"{said} Other values in their place could bring the estimate for {_listed(doubtful, 'or')} to nothing."
    return f"{said} With any values within the range seen in their place, the estimates above stay beyond noise."


def _listed(words: Iterable[str], last: str = "and") -> str:
    every = [str(word) for word in words]
    if len(every) > MOST_LISTED:
        every = [*every[: MOST_LISTED - 1], f"{len(every) - MOST_LISTED + 1} more"]
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}"
