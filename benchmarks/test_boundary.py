"""The adaptive boundary against a grid: how many runs a grid needs for the same error.

Grids are read in two ways, by straight lines between points and by the same Gaussian process, and may have more points
or more seeds a point: the best of its cost is chosen afterwards, which no user can do. Each repeat has a boundary and
luck of its own, so that no grid fits by chance; all designs see the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from benchmarks.timing import Timer
from race_sim.analysis.boundary import Responses, boundary_along, choose_next, crossings, fit_surface, log_ratios
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.driver import available_processors, run_ensemble
from race_sim.scenario import Scenario, load

Floats = npt.NDArray[np.float64]
Errors = dict[int, list[Floats]]  # {cost, points times shares: mean square errors of the repeats, an array a design}

START = 4  # points a side of the first design
BATCH = 6
SIZES = (16, 28, 40, 52)  # points the adaptive design stops at
REPEATS = 12
SHARES = (1, 2, 4)  # of seeds that each point has
RESAMPLES = 400

TOY_SIDE = 33
TOY_GRIDS = tuple((side, side) for side in (3, 4, 5, 6, 7, 8, 9, 10, 12))
TOY_NOISE = (0.05, 0.2)  # standard error of a response with one share; responses go from about -1.5 to 2.5

CYCLES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
MULTIPLES = tuple(2.0 ** (exponent / 2.0) for exponent in range(-4, 9))
RACE_GRIDS = ((3, 4), (4, 4), (4, 5), (5, 5), (6, 5), (6, 7), (10, 5), (10, 7), (10, 13))
OUTPUT, MAKERS, STOCK_WEEKS, TRIAL_SHARE = 6_000, 6, 4, 0.1  # as in experiments/headline.toml
SEEDS = 10  # in a share
TRUE_SEEDS = 160  # of each point of the grid that stands for the truth


@dataclass(frozen=True, eq=False)
class Repeat:
    """A boundary to be found.

    Attributes:
        truth: f8[columns], where along y it lies; infinite beyond the square.
        responses: {shares of seeds a point: responses at all points of the field, column after column}.
    """

    truth: Floats
    responses: Mapping[int, Responses]

    def error(self, boundary: Floats) -> float:
        """Mean square distance from the truth along y, in heights of the square."""
        return float(((np.clip(boundary, 0.0, 1.0) - np.clip(self.truth, 0.0, 1.0)) ** 2).mean())


@dataclass(frozen=True, eq=False)
class Field:
    """Every point that may be tried, on a lattice in the unit square: x f8[columns] and y f8[rows], increasing."""

    x: Floats
    y: Floats
    repeats: Sequence[Repeat]

    @property
    def places(self) -> Floats:
        return np.stack(np.meshgrid(self.x, self.y, indexing="ij"), axis=-1).reshape(-1, 2)

    def grid(self, columns: int, rows: int) -> list[int]:
        """The lattice points nearest to those of an even grid."""
        across = np.abs(np.linspace(0.0, 1.0, columns)[:, None] - self.x).argmin(axis=1)
        along = np.abs(np.linspace(0.0, 1.0, rows)[:, None] - self.y).argmin(axis=1)
        return [int(column * len(self.y) + row) for column in np.unique(across) for row in np.unique(along)]

    def fitted(self, repeat: Repeat, shares: int, tried: Sequence[int]) -> tuple[float, float]:
        """Error of the Gaussian process's boundary, and how often its band holds the truth."""
        surface = fit_surface(self.places[tried], *seen(repeat.responses[shares], tried))
        found = boundary_along(surface, self.x, np.linspace(0.0, 1.0, 101))
        held = (found["y_low"] <= repeat.truth) & (repeat.truth <= found["y_high"])
        return repeat.error(found["y"].to_numpy(np.float64)), float(held.mean())

    def straight(self, repeat: Repeat, shares: int, tried: Sequence[int]) -> float:
        """Error of the boundary by straight lines between the points of a grid."""
        columns = np.unique(self.places[tried, 0])
        along = np.unique(self.places[tried, 1])
        responses = repeat.responses[shares].mean[tried].reshape(len(columns), len(along))
        found, _ = crossings(along, responses, rising=True)
        return repeat.error(np.interp(self.x, columns, np.clip(found, 0.0, 1.0)))

    def adaptive(self, repeat: Repeat, shares: int) -> dict[int, tuple[float, float]]:
        """{points: (error, share of the truth in the band)} of points chosen batch by batch."""
        places = self.places
        tried = self.grid(START, START)
        found = {}
        for size in SIZES:
            while len(tried) < size:
                surface = fit_surface(places[tried], *seen(repeat.responses[shares], tried))
                tried += choose_next(surface, places, places[tried], min(BATCH, size - len(tried)))
            found[size] = self.fitted(repeat, shares, tried)
        return found


def seen(responses: Responses, tried: Sequence[int]) -> tuple[Floats, Floats, Floats]:
    """Means, errors and their covariance at the points tried."""
    return responses.mean[tried], responses.error[tried], responses.covariance[np.ix_(tried, tried)]


def toy(noise: float) -> Field:
    """Curved boundaries, here and there, whose response bends and changes its slope."""
    line = np.linspace(0.0, 1.0, TOY_SIDE)
    luck = np.array([np.random.default_rng(repeat).normal(0.0, noise, TOY_SIDE**2) for repeat in range(REPEATS)])
    repeats = []
    for repeat, start in enumerate(np.linspace(0.2, 0.45, REPEATS)):
        truth = start + 0.4 * line**2 + 0.08 * np.sin(5.0 * line + repeat)
        ahead = (line[None] - truth[:, None]) * (3.0 - 0.6 * line[:, None])
        response = (ahead + 0.5 * ahead * np.abs(ahead) / 3.0).ravel()
        responses = {}
        for shares in SHARES:
            variance = np.full(response.size, noise**2 / shares)
            mean = response + luck[luck_of(repeat, shares)].mean(axis=0)
            responses[shares] = Responses(mean, np.sqrt(variance), np.diag(variance))
        repeats.append(Repeat(truth, responses))
    return Field(line, line, repeats)


def luck_of(repeat: int, shares: int) -> list[int]:
    """Blocks of luck that a repeat sees: its own, and those of the repeats after it."""
    return [(repeat + block) % REPEATS for block in range(shares)]


def force(cycle: int, multiple: float) -> Scenario:
    """Six workshops with this design cycle and this multiple of the arsenal, at 78 weeks instead of 156."""
    output = OUTPUT * multiple
    settings: Mapping[str, object] = {
        "run.weeks": 78,
        "run.burn_in_weeks": 26,
        "primes.count": 0,
        "operators.drop_after_weeks": 0,
        "measures.shadow_weeks": 0,
        "operators.crews": round(output),
        "workshops.count": MAKERS,
        "workshops.iteration_weeks": cycle,
        "workshops.variants_per_cycle": 1,
        "workshops.step": "per_elapsed_week",
        "workshops.weekly_output": round(output / MAKERS),
        "workshops.initial_stock": round(STOCK_WEEKS * output / MAKERS),
        "workshops.trial_share": TRIAL_SHARE / multiple,
    }
    return load("baseline", [f"{path}={value}" for path, value in settings.items()])


def hits(cycle: int, multiple: float) -> Floats:
    """f8[runs] of a force: the truth's seeds first, then those of each repeat."""
    scenario = force(cycle, multiple)
    seeds = range(1, 1 + TRUE_SEEDS + REPEATS * SEEDS)
    records = run_ensemble(scenario, seeds, threads=available_processors())
    frame = run_frame(records, scenario.parameters.run.burn_in_weeks)
    return frame["total_hits"].to_numpy(np.float64)


def race() -> Field:
    """Hits over those with a 1-week cycle and arsenal 1, over cycle and arsenal; the truth has seeds of its own.

    Each repeat looks for another ratio, from a quarter to equal hits.
    """
    values = np.array([hits(cycle, multiple) for cycle in CYCLES for multiple in MULTIPLES])
    reference = values[MULTIPLES.index(1.0)]
    x = np.log(np.array(CYCLES, np.float64)) / math.log(CYCLES[-1])
    y = np.linspace(0.0, 1.0, len(MULTIPLES))
    blocks = values[:, TRUE_SEEDS:].reshape(len(values), REPEATS, SEEDS)
    own = reference[TRUE_SEEDS:].reshape(REPEATS, SEEDS)
    repeats = []
    for repeat, threshold in enumerate(np.geomspace(0.25, 1.0, REPEATS)):
        dense = log_ratios(values[:, :TRUE_SEEDS], reference[:TRUE_SEEDS], threshold).mean
        truth, _ = crossings(y, dense.reshape(len(x), len(y)), rising=True)
        responses = {}
        for shares in SHARES:
            chosen = luck_of(repeat, shares)
            responses[shares] = log_ratios(blocks[:, chosen].reshape(len(values), -1), own[chosen].ravel(), threshold)
        repeats.append(Repeat(truth, responses))
    return Field(x, y, repeats)


def least_errors(designs: Errors, chosen: npt.NDArray[np.int64] | slice) -> dict[int, float]:
    """Root mean square over these repeats, of the best design for each cost."""
    return {cost: min(float(np.sqrt(errors[chosen].mean())) for errors in alike) for cost, alike in designs.items()}


def needed(grids: Mapping[int, float], error: float) -> float:
    """Cost at which a grid first reaches this error, between costs on logarithmic axes; infinite if none does."""
    costs = sorted(grids)
    least = np.minimum.accumulate([grids[cost] for cost in costs])
    if least[-1] > error:
        return math.inf
    at = int((least <= error).argmax())
    if at == 0:
        return float(costs[0])
    share = math.log(least[at - 1] / error) / math.log(least[at - 1] / least[at])
    return float(costs[at - 1] * (costs[at] / costs[at - 1]) ** share)


def compare(field: Field, sizes: Sequence[tuple[int, int]], name: str, report: Callable[[str], None]) -> None:
    """Report errors of all designs, and runs that grids need over runs that the adaptive design needs."""
    straight: Errors = {}
    fitted: Errors = {}
    for (columns, rows), shares in product(sizes, SHARES):
        tried = field.grid(columns, rows)
        lines = [field.straight(repeat, shares, tried) for repeat in field.repeats]
        process = [field.fitted(repeat, shares, tried)[0] for repeat in field.repeats]
        straight.setdefault(shares * len(tried), []).append(np.array(lines))
        fitted.setdefault(shares * len(tried), []).append(np.array(process))
    report(f"{name}, {REPEATS} repeats; cost in points with one share of seeds, root mean square error along y:")
    readings = {"straight lines": straight, "the same process": fitted}
    for words, errors in readings.items():
        shown = ", ".join(f"{cost}: {error:.4f}" for cost, error in sorted(least_errors(errors, slice(None)).items()))
        report(f"    grid with {words} (the best of its cost): {shown}")
    for shares in SHARES:
        runs = [field.adaptive(repeat, shares) for repeat in field.repeats]
        for size in SIZES:
            own = np.array([run[size][0] for run in runs])
            held = float(np.mean([run[size][1] for run in runs]))
            cost = shares * size
            ratios = ", ".join(f"{ratio_words(errors, own, cost)} with {words}" for words, errors in readings.items())
            report(
                f"    adaptive {size} x {shares} = {cost}: {math.sqrt(own.mean()):.4f}, band holds {held:.0%}; "
                f"grid over adaptive {ratios}"
            )


def ratio_words(grids: Errors, own: Floats, cost: int) -> str:
    """Runs that a grid needs for the adaptive design's error over the runs of that, with a 95% bootstrap interval."""
    most = max(grids) / cost

    def ratio(chosen: npt.NDArray[np.int64] | slice) -> float:
        return needed(least_errors(grids, chosen), float(np.sqrt(own[chosen].mean()))) / cost

    draws = np.random.default_rng(1).integers(0, REPEATS, (RESAMPLES, REPEATS))
    spread = np.sort([ratio(draw) for draw in draws])
    ends = spread[round(0.025 * RESAMPLES)], spread[round(0.975 * RESAMPLES) - 1]
    value, low, high = (f">{most:.1f}" if math.isinf(one) else f"{one:.1f}" for one in (ratio(slice(None)), *ends))
    return f"{value} [{low}, {high}]"


def test_known_boundary(timer: Timer, report: Callable[[str], None]) -> None:
    for noise in TOY_NOISE:
        compare(toy(noise), TOY_GRIDS, f"made-up response, noise {noise}", report)
    field = toy(TOY_NOISE[0])
    tried = field.grid(7, 7)

    def step() -> None:
        surface = fit_surface(field.places[tried], *seen(field.repeats[0].responses[1], tried))
        choose_next(surface, field.places, field.places[tried], BATCH)

    seconds = timer.medians({"fit and choose": step}, rounds=5)["fit and choose"]
    report(f"    fitting {len(tried)} points and choosing {BATCH} of {len(field.places):,}: {seconds:.2f} s")


def test_race(timer: Timer, report: Callable[[str], None]) -> None:
    field = race()
    worth = ", ".join(
        f"{cycle}: x{MULTIPLES[0] * (MULTIPLES[-1] / MULTIPLES[0]) ** place:.2f}"
        for cycle, place in zip(CYCLES, np.clip(field.repeats[-1].truth, 0.0, 1.0), strict=True)
    )
    report(f"arsenal for as many hits as with a 1-week cycle, {TRUE_SEEDS} seeds, by cycle: {worth}")
    compare(field, RACE_GRIDS, f"race of {MAKERS} workshops, {SEEDS} seeds a share", report)
    seconds = timer.medians({"adaptive": lambda: field.adaptive(field.repeats[0], 1)}, rounds=1)["adaptive"]
    report(f"    choosing {SIZES[-1]} points in batches of {BATCH}: {seconds:.1f} s of processor, races apart")
