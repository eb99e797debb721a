"""An adaptive boundary for noisy responses: where a surface crosses zero, learnt from the points that tell most.

A Gaussian process (Rasmussen and Williams 2006) is fitted to estimates that carry their own standard errors; the
next points are those whose side of the boundary is least certain (the straddle rule of Bryan et al. 2005). All factors
lie in the unit cube; a `Span` leads from there to levels.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.intervals import LEVEL, student_quantile
from race_sim.errors import InputError

Floats = npt.NDArray[np.float64]
Scale = Literal["log", "linear"]

CERTAIN = 1.96
"""Standard deviations from zero at which the side of the boundary counts as known (95%)."""
SHORTEST, LONGEST = 0.1, 1.0  # length scales allowed, in edges of the unit cube: longer ones make it too sure of itself
FLOOR = 1e-3  # least standard error of a point, as a share of the responses' size: keeps matrices well conditioned
ROUGHNESS = 1.5  # of the Matern kernel: boundaries of races have bends, where 2.5 is too sure of itself
RESTARTS = 3  # further starts of the search for length scales and variances
RANDOM_STATE = 20_240_301  # of these starts: the same points always give the same surface
LEAST_POINTS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Levels of a factor, from `low` at 0 to `high` at 1 of the unit cube, evenly on this scale.

    Beyond the span, negative infinity stands for below (0 in levels of a logarithmic scale), infinity for above.
    """

    low: float
    high: float
    scale: Scale = "linear"

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.scale == "log" and self.low <= 0.0):
            raise InputError(f"a {self.scale} span needs {'0 < ' * (self.scale == 'log')}low < high, not {self}")

    def unit(self, levels: npt.ArrayLike) -> Floats:
        """Places of these levels in the unit interval."""
        values = np.asarray(levels, np.float64)
        if self.scale == "log":
            return np.asarray(np.log(values / self.low) / math.log(self.high / self.low))
        return (values - self.low) / (self.high - self.low)

    def levels(self, unit: npt.ArrayLike) -> Floats:
        """Levels at these places of the unit interval."""
        places = np.asarray(unit, np.float64)
        if self.scale == "log":
            return np.asarray(self.low * np.exp(places * math.log(self.high / self.low)))
        return self.low + places * (self.high - self.low)


@dataclass(frozen=True, eq=False)
class Responses:
    """What runs say of each point, ready for `fit_surface`.

    Attributes:
        mean: f8[points].
        error: f8[points], standard errors, wide enough for few runs: 1.96 of them reach as far as Student's t.
        covariance: f8[points, points] of these errors: points that share their seeds share luck.
    """

    mean: Floats
    error: Floats
    covariance: Floats


def log_ratios(values: npt.ArrayLike, reference: npt.ArrayLike, threshold: float = 1.0) -> Responses:
    """Log ratio of each point's mean to the reference's over the same runs, less the threshold's logarithm.

    Linearised as in `intervals.ratio_estimate`. The reference's own luck is in every point's ratio: it is in the
    covariance, and does not average out over points.

    Args:
        values: f8[points, runs], of at least 2 runs; without NaN: leave failed runs out of all points.
        reference: f8[runs], or f8[points, runs] where each point has its own, in races with the same seeds.
        threshold: ratio that counts as zero.

    Raises ValueError if these do not fit together, or a mean is not positive: such a point has no log ratio.
    """
    above = np.asarray(values, np.float64)
    below = np.broadcast_to(np.asarray(reference, np.float64), above.shape)
    if above.ndim != 2 or above.shape[1] < 2:
        raise ValueError(f"log ratios need values[points, runs] of 2 runs at least, not {above.shape}")
    tops, bottoms = above.mean(axis=1), below.mean(axis=1)
    if not ((tops > 0.0) & (bottoms > 0.0)).all():
        raise ValueError("a point whose mean is 0, negative or unknown has no log ratio: leave it out")
    runs = above.shape[1]
    luck = above / tops[:, None] - below / bottoms[:, None]
    widened = student_quantile(0.5 + LEVEL / 2, runs - 1) / CERTAIN
    covariance = widened**2 * (luck @ luck.T) / (runs - 1) / runs
    return Responses(np.log(tops / bottoms / threshold), np.sqrt(np.diag(covariance)), covariance)


class Surface:
    """A response over the unit cube, with what is not known of it; made by `fit_surface`.

    Attributes:
        unit: f8[points, factors], the points it was fitted to.
        error: f8[points], their standard errors as used.
        lengths: f8[factors], length scales found: how far one must go along a factor for the response to change.
    """

    def __init__(self, regressor: Any, scale: float, error: Floats, covariance: Floats | None) -> None:
        self.unit: Floats = regressor.X_train_
        self.error = error
        self.lengths: Floats = np.atleast_1d(regressor.kernel_.k2.k2.length_scale)
        self._regressor, self._scale = regressor, scale
        lower = np.linalg.inv(regressor.L_)
        self._inverse: Floats = lower.T @ lower
        self._shared = None if covariance is None else covariance - np.diag(np.diag(covariance))

    def predict(self, unit: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the response, noise apart, at f8[places, factors].

        The standard deviation includes the luck that points of the same seeds share, which more points do not reduce.
        """
        places = np.asarray(unit, np.float64)
        mean, deviation = self.unexplored(places)
        if self._shared is None:
            return mean, deviation
        weights = self._solved(places)
        shared = np.einsum("ij,ij->j", weights, self._shared @ weights)
        return mean, np.sqrt(deviation**2 + np.maximum(shared, 0.0))

    def unexplored(self, unit: npt.ArrayLike) -> tuple[Floats, Floats]:
        """As `predict`, with what further points can reduce alone in the standard deviation."""
        mean, deviation = self._regressor.predict(np.asarray(unit, np.float64), return_std=True)
        return mean * self._scale, deviation * self._scale

    def covariance(self, unit: Floats, place: Floats) -> Floats:
        """f8[places]: covariance of the response at these places with that at one place f8[factors]."""
        kernel = self._regressor.kernel_
        own = kernel(place[None], self.unit) @ self._solved(unit)
        return np.asarray(self._scale**2 * (kernel(place[None], unit) - own)[0])

    def _solved(self, places: Floats) -> Floats:
        """f8[points, places]: weight of each point's response in the mean at each place."""
        return np.asarray(self._inverse @ self._regressor.kernel_(self.unit, places))


def fit_surface(
    unit: npt.ArrayLike, mean: npt.ArrayLike, error: npt.ArrayLike, covariance: npt.ArrayLike | None = None
) -> Surface:
    """A Gaussian process through estimates, each believed as far as its standard error allows.

    Constant plus Matern kernel (3/2, a length scale a factor), parameters of greatest likelihood within bounds. The
    same arguments always give the same surface.

    Args:
        unit: f8[points, factors], from 0 to 1; `LEAST_POINTS` at least. A place may come twice.
        mean: f8[points], responses; the boundary is where they are 0.
        error: f8[points], their standard errors; 0 where a response is known exactly.
        covariance: f8[points, points] of the responses' errors where points share their seeds: it widens what is
            predicted and leaves the mean as it is.

    Raises InputError without scikit-learn, ValueError if these do not fit together or are not finite.
    """
    try:
        from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 -- an optional extra
        from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415 -- likewise
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern  # noqa: PLC0415 -- likewise
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- comes with scikit-learn
    except ImportError:
        raise InputError("an adaptive boundary needs scikit-learn: pip install 'race-sim[analysis]'") from None
    points, responses, errors = (np.asarray(values, np.float64) for values in (unit, mean, error))
    shared = None if covariance is None else np.asarray(covariance, np.float64)
    _check_points(points, responses, errors, shared)
    scale = float(np.sqrt((responses**2).mean())) or 1.0
    errors = np.maximum(errors, FLOOR * scale)
    lengths = np.full(points.shape[1], 0.5)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) + ConstantKernel(1.0, (1e-2, 1e2)) * Matern(
        lengths, (SHORTEST, LONGEST), nu=ROUGHNESS
    )
    regressor = GaussianProcessRegressor(
        kernel, alpha=(errors / scale) ** 2, n_restarts_optimizer=RESTARTS, random_state=RANDOM_STATE
    )
    with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):  # threads cost more than they help here
        warnings.simplefilter("ignore", ConvergenceWarning)  # a bound reached is an answer: a factor that does nothing
        regressor.fit(points, responses / scale)
    return Surface(regressor, scale, errors, shared)


def _check_points(unit: Floats, mean: Floats, error: Floats, covariance: Floats | None) -> None:
    if unit.ndim != 2 or mean.shape != (len(unit),) or error.shape != mean.shape:
        raise ValueError(f"points of shape {unit.shape} with responses {mean.shape} and errors {error.shape}")
    if covariance is not None and covariance.shape != (len(unit), len(unit)):
        raise ValueError(f"a covariance of shape {covariance.shape} for {len(unit)} points")
    if len(unit) < LEAST_POINTS:
        raise ValueError(f"a surface needs {LEAST_POINTS} points at least, not {len(unit)}")
    if not (np.isfinite(unit).all() and np.isfinite(mean).all() and np.isfinite(error).all()):
        raise ValueError("a point, a response or an error is not finite: leave out what was not measured")
    if (unit < 0.0).any() or (unit > 1.0).any() or (error < 0.0).any():
        raise ValueError("points must lie in the unit cube, and errors must not be negative")


def choose_next(surface: Surface, candidates: npt.ArrayLike, taken: npt.ArrayLike, count: int) -> list[int]:
    """Places of the candidates to try next, the most wanted first.

    Each is the one with the largest straddle, 1.96 standard deviations less the mean's distance from 0 (Bryan et al.
    2005): unexplored, close to the boundary, or both. The standard deviations then fall as if it had been tried and had
    come out as expected, with the noise that is usual among the points so far; so a batch spreads out. No candidate
    comes twice, and none that is taken: where noise is what is left, close neighbours serve as repetitions.

    Start from points spread evenly, 16 for two factors: from fewer, the surface may miss a bend of the boundary, be
    sure where it should not be, and never look there again.

    Args:
        surface: fitted to what is known.
        candidates: f8[candidates, factors].
        taken: f8[points, factors], never chosen again.
        count: how many to choose; fewer come back if fewer are free.
    """
    places, used = np.asarray(candidates, np.float64), np.asarray(taken, np.float64)
    free = ~_same(places, used).any(axis=1)
    mean, deviation = surface.unexplored(places)
    variance = deviation**2
    noise = float(np.median(surface.error)) ** 2
    fallen: list[Floats] = []
    chosen: list[int] = []
    while len(chosen) < count and free.any():
        straddle = CERTAIN * np.sqrt(np.maximum(variance, 0.0)) - np.abs(mean)
        best = int(np.where(free, straddle, -math.inf).argmax())
        chosen.append(best)
        free &= ~_same(places, places[best : best + 1])[:, 0]
        together = surface.covariance(places, places[best]) - sum(one * one[best] for one in fallen)
        fallen.append(together / math.sqrt(max(float(variance[best]), 0.0) + noise))
        variance = variance - fallen[-1] ** 2
    return chosen


def _same(some: Floats, others: Floats) -> npt.NDArray[np.bool_]:
    """bool[some, others]: whether these are the same place."""
    return np.asarray(np.abs(some[:, None] - others[None]).max(axis=2) < 1e-9)


def boundary_along(surface: Surface, x: npt.ArrayLike, y: npt.ArrayLike, threshold: float = 0.0) -> pd.DataFrame:
    """Where a surface of two factors crosses the threshold along the second, for each place of the first.

    Args:
        surface: of two factors, x first.
        x: f8[places] in the unit interval.
        y: f8[places], increasing, in the unit interval; crossings are interpolated between them.
        threshold: response at the boundary.

    Returns a row a place of x, in the unit square: `x`; `y`, the lowest crossing of the mean; `y_low` and `y_high`,
    from the first to the last place whose side is not known at 95%; `crossings` of the mean; and `side`, on which all
    of the mean lies ("above", "below", or "" if it crosses). Negative infinity stands for below the places tried,
    infinity for above; a boundary that is not among them is said to lie where the mean's slope along y, all places
    together, would have it: it may be nowhere.
    """
    across, along = np.asarray(x, np.float64), np.asarray(y, np.float64)
    grid = np.stack(np.meshgrid(across, along, indexing="ij"), axis=-1).reshape(-1, 2)
    mean, deviation = (values.reshape(len(across), len(along)) for values in surface.predict(grid))
    lead = mean - threshold
    places, counts = crossings(along, lead, rises(along, lead))
    found = []
    for row, (first, count) in enumerate(zip(places, counts, strict=True)):
        ends = _uncertain_stretch(along, lead[row] / deviation[row])
        found.append(
            {
                "x": float(across[row]),
                "y": float(first),
                "y_low": float(min([first, *ends])),
                "y_high": float(max([first, *ends])),
                "crossings": int(count),
                "side": "" if count else "above" if lead[row, 0] > 0.0 else "below",
            }
        )
    return pd.DataFrame(found)


def in_levels(boundary: pd.DataFrame, x: str, x_span: Span, y: str, y_span: Span) -> pd.DataFrame:
    """A boundary in the unit square as one in levels, named as by `phase.grid_boundary`."""
    named = {name: y_span.levels(boundary[name]) for name in ("y", "y_low", "y_high")}
    return pd.DataFrame(
        {
            x: x_span.levels(boundary["x"]),
            **{name.replace("y", y, 1): values for name, values in named.items()},
            "crossings": boundary["crossings"],
            "side": boundary["side"],
            "smallest": y_span.low,
            "largest": y_span.high,
        }
    )


def uncertain_share(surface: Surface, grid: npt.ArrayLike) -> float:
    """Share of the places f8[places, factors] whose side of the boundary is not known at 95%: when to stop trying.

    Luck that all points share keeps it above 0 however many points there are: only more seeds reduce that.
    """
    mean, deviation = surface.predict(grid)
    return float((np.abs(mean) < CERTAIN * deviation).mean())


def rises(along: Floats, lead: Floats) -> bool:
    """Whether f8[rows, places] rises with its place, by least squares through all rows together."""
    known = np.isfinite(lead)
    finite = np.where(known, lead, 0.0)
    place = np.where(known, along, 0.0)
    count = np.maximum(known.sum(axis=1), 1)
    product = (finite * place).sum(axis=1) - finite.sum(axis=1) * place.sum(axis=1) / count
    return float(product.sum()) >= 0.0


def crossings(
    along: Floats, lead: Floats, rising: bool | npt.NDArray[np.bool_]
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The lowest place at which each row of f8[rows, places] changes its sign, and how often it does.

    Straight between places. Without a change: at an end that is exactly 0; else negative infinity where a row that
    rises is all above 0 or one that falls is all below, and infinity in the two other cases. `rising` says so of every
    row, or of each.
    """
    above = lead >= 0.0
    changes = above[:, 1:] != above[:, :-1]
    first = changes.argmax(axis=1) if changes.shape[1] else np.zeros(len(lead), np.int64)
    rows = np.arange(len(lead))
    start, end = lead[rows, first], lead[rows, np.minimum(first + 1, len(along) - 1)]
    share = np.divide(start, start - end, out=np.zeros_like(start), where=start != end)
    place = along[first] + share * (along[np.minimum(first + 1, len(along) - 1)] - along[first])
    beyond = np.where(above[:, 0] == rising, -math.inf, math.inf)
    beyond = np.where(lead[:, -1] == 0.0, along[-1], beyond)
    beyond = np.where(lead[:, 0] == 0.0, along[0], beyond)
    count = changes.sum(axis=1)
    return np.where(count > 0, place, beyond), count


def _uncertain_stretch(along: Floats, sureness: Floats) -> list[float]:
    """Ends of the stretch whose side is not known, none if it is known everywhere; infinite where it reaches an end."""
    ends = [] if abs(sureness[0]) >= CERTAIN else [-math.inf]
    for limit in (-CERTAIN, CERTAIN):
        start, end = sureness[:-1] - limit, sureness[1:] - limit
        passes = (start < 0.0) != (end < 0.0)
        step = np.diff(along)[passes]
        ends += list(along[:-1][passes] + step * start[passes] / (start[passes] - end[passes]))
    return ends if abs(sureness[-1]) >= CERTAIN else [*ends, math.inf]
