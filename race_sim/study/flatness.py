"""How flat the calibration is: parameters at the ends of their plausible ranges, one at a time and all together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from race_sim.analysis.bands import CALIBRATED, Finding, calibrated_findings, calibrated_values
from race_sim.analysis.pinning import Pinning, pinning
from race_sim.ensemble.driver import available_processors, compile_schedule, run_block
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.scenario.schema import FIELDS, ParameterField, Value
from race_sim.study.calibration import FIRST_SEED, Progress, write_table

POINTS = 600
POINT_RUNS = 4
END_RUNS = 20
DESIGN_SEED = 20_240_303
LOGARITHMIC_SPAN = 10.0  # a range of positive numbers with a greater ratio of its ends is sampled on logarithms

_FRAME = "the frame in which all is measured"
_CONTROL = "a control, which cuts one channel"
EXCLUDED = {
    "run.weeks": _FRAME,
    "run.burn_in_weeks": _FRAME,
    "measures.shadow_weeks": _FRAME,
    "workshops.adapts": _CONTROL,
    "workshops.judgement": _CONTROL,
    "workshops.adoption_probability": "acts only under the control workshops.judgement = chance",
    "feedback.shuffled": _CONTROL,
    "primes.develops": _CONTROL,
    "teams.active": _CONTROL,
}
"""Parameters that are not varied, and why."""
NO_RANGE = "no plausible range is stated"

Measured = TypeVar("Measured")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class End:
    """The races with one parameter at an end of its range, or at another choice.

    Attributes:
        path: the parameter.
        end: "low", "high" or "choice".
        value: its value; of a range whose end contradicts the scenario, the nearest value that does not.
        findings: the calibrated measures, in the order of `CALIBRATED`.
        same: whether every race came out as without the change, in every measure behind the findings.
    """

    path: str
    end: str
    value: Value
    findings: Sequence[Finding]
    same: bool

    @property
    def inside(self) -> bool:
        """Whether all calibrated measures are in their bands."""
        return all(finding.holds for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the design over all ranges together: its parameters and what its races gave (`CALIBRATED`)."""

    changes: dict[str, Value]
    values: tuple[float, ...]

    @property
    def held(self) -> tuple[bool, ...]:
        """Whether each calibrated measure is in its band."""
        return tuple(band.holds(value) for band, value in zip(CALIBRATED, self.values, strict=True))


@dataclass(frozen=True, eq=False)
class Flatness:
    """What the bands leave open.

    Attributes:
        scenario: what was varied.
        base: its own findings, with the seeds of the ends.
        ends: one parameter at a time.
        points: all parameters together.
        races: races run.
        seconds: time they took, compiling left out.
    """

    scenario: Scenario
    base: Sequence[Finding]
    ends: Sequence[End]
    points: Sequence[Point]
    races: int
    seconds: float

    @cached_property
    def pinning(self) -> Pinning:
        """Parameters by how far points inside all bands differ from the others."""
        paths = [field.path for field in varied()]
        values = {path: [point.changes[path] for point in self.points] for path in paths}
        return pinning(values, [all(point.held) for point in self.points])

    def inside_share(self, measure: int | None = None) -> float:
        """Share of points inside one band, or inside all; NaN without points."""
        if not self.points:
            return math.nan
        held = [all(point.held) if measure is None else point.held[measure] for point in self.points]
        return sum(held) / len(held)

    @property
    def verdict(self) -> str:
        """What the bands do not pin down, in a few sentences."""
        leaving = sorted({end.path for end in self.ends if not end.inside})
        paths = {end.path for end in self.ends}
        first = (
            f"One at a time, {len(paths) - len(leaving)} of {len(paths)} parameters can go anywhere in their ranges "
            "without leaving a calibrated band."
        )
        if not self.points:
            return first
        bands = ", ".join(f"{self.inside_share(place):.0%} {band.what}" for place, band in enumerate(CALIBRATED))
        second = f"All together, {self.inside_share():.0%} of {len(self.points)} points are inside all bands ({bands})."
        if math.isnan(self.pinning.critical):
            return f"{first} {second} That is too few, inside or outside, to say which parameters matter."
        pinned = [pin.path for pin in self.pinning.pins if pin.detected]
        named = f": {', '.join(pinned)}" if pinned else ""
        return (
            f"{first} {second} The bands pin down {len(pinned)} of {len(self.pinning.pins)} parameters{named}. "
            "For the others points inside and outside the bands do not differ detectably."
        )

    def write(self, stage: Path) -> None:
        """Write flatness_ends.csv, flatness_points.csv, flatness_parameters.csv and flatness.png."""
        # Imported here: matplotlib is slow to import.
        from race_sim.plots.flatness import flatness_figure  # noqa: PLC0415

        write_table(stage / "flatness_ends.csv", [_end_line(end) for end in self.ends])
        if self.points:
            write_table(stage / "flatness_points.csv", [_point_line(point) for point in self.points])
            write_table(stage / "flatness_parameters.csv", list(self._pin_lines()))
        flatness_figure(self).savefig(stage / "flatness.png", dpi=130)

    def _pin_lines(self) -> Iterator[dict[str, object]]:
        for pin in self.pinning.pins:
            yield {
                "parameter": pin.path,
                "distance": pin.distance,
                "critical": self.pinning.critical,
                "pinned": pin.detected,
                "direction": pin.direction if pin.detected else "",
                "inside": pin.words[0],
                "everywhere": pin.words[1],
            }


def varied() -> list[ParameterField]:
    """Parameters with a plausible range, switches and choices, but for those `EXCLUDED`."""
    return [field for field in FIELDS if field.path not in excluded()]


def excluded() -> dict[str, str]:
    """Parameters that are not varied, each with the reason."""
    return {
        field.path: EXCLUDED.get(field.path, NO_RANGE)
        for field in FIELDS
        if field.path in EXCLUDED or (field.kind in ("int", "float") and field.source.low is None)
    }


def run_flatness(
    scenario: Scenario,
    *,
    end_runs: int = END_RUNS,
    points: int = POINTS,
    point_runs: int = POINT_RUNS,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Flatness:
    """Run a scenario with its parameters at the ends of their ranges, then at points all over them.

    Args:
        scenario: what is varied.
        end_runs: races for each end, at least 2, with the seeds from 1 on.
        points: points of a Latin hypercube over all ranges; 0 leaves it out.
        point_runs: races for each point, with the seeds from 1 on.
        progress: called in this thread with (what is being done, races done, races in all).
        threads: races at once; all processors this process may use by default.

    Raises InputError if a point contradicts the scenario.
    """
    ends = list(_ends(scenario))
    designs = list(_points(scenario, points))
    total = (1 + len(ends)) * end_runs + len(designs) * point_runs
    compile_schedule(scenario.timeline())
    started = time.perf_counter()

    def told(doing: str, before: int, each: int) -> Callable[[int], None]:
        return lambda done: progress(doing, before + done * each, total) if progress is not None else None

    def end_of(one: Scenario, records: Records) -> tuple[list[Finding], Records]:
        return calibrated_findings(one, records), records

    base, *found = each_raced(
        [scenario, *(one for _, _, _, one in ends)],
        range(FIRST_SEED, FIRST_SEED + end_runs),
        end_of,
        told("one parameter at a time", 0, end_runs),
        threads,
    )
    values = each_raced(
        [one for _, one in designs],
        range(FIRST_SEED, FIRST_SEED + point_runs),
        calibrated_values,
        told("all parameters together", (1 + len(ends)) * end_runs, point_runs),
        threads,
    )
    seconds = time.perf_counter() - started
    return Flatness(
        scenario,
        base[0],
        [
            End(path, end, value, findings, same=_same(records, base[1]))
            for (path, end, value, _), (findings, records) in zip(ends, found, strict=True)
        ],
        [Point(changes, measured) for (changes, _), measured in zip(designs, values, strict=True)],
        total,
        seconds,
    )


def each_raced(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    measure: Callable[[Scenario, Records], Measured],
    progress: Callable[[int], None],
    threads: int | None,
) -> list[Measured]:
    """Run each scenario with these seeds and measure it, several scenarios at once; results in their order.

    `progress` is called from this thread with the number of scenarios done. Ctrl-C stops after those in hand.
    """
    array = np.array(seeds, dtype=np.uint64)

    def race(one: Scenario) -> Measured:
        return measure(one, run_block(one.timeline(), array))

    found = []
    with ThreadPoolExecutor(max_workers=threads or available_processors()) as pool:
        waiting = [pool.submit(race, one) for one in scenarios]
        try:
            for done, future in enumerate(waiting, start=1):
                found.append(future.result())
                progress(done)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return found


def latin_hypercube(points: int, dimensions: int) -> Floats:
    """f8[points, dimensions] in [0, 1): in each dimension one point in each of `points` equal parts (McKay 1979)."""
    chance = np.random.default_rng(DESIGN_SEED)
    parts = chance.permuted(np.tile(np.arange(points), (dimensions, 1)), axis=1).T
    return np.asarray((parts + chance.random((points, dimensions))) / max(points, 1))


def at_share(field: ParameterField, share: float) -> Value:
    """The value at a share in [0, 1) of a parameter's plausible range, or of its choices."""
    if field.kind == "bool":
        return share >= 0.5
    if field.kind == "choice":
        return field.choices[int(share * len(field.choices))]
    low, high = _range(field)
    whole = field.kind == "int"
    above = high + 1 if whole else high  # each whole number gets the same share
    if low > 0 and high / low > LOGARITHMIC_SPAN:
        value = math.exp(math.log(low) + share * (math.log(above) - math.log(low)))
    else:
        value = low + share * (above - low)
    return min(int(value), int(high)) if whole else value


def _range(field: ParameterField) -> tuple[float, float]:
    assert field.source.low is not None  # noqa: S101 -- `varied` leaves out parameters without a range
    assert field.source.high is not None  # noqa: S101
    return field.source.low, field.source.high


def _ends(scenario: Scenario) -> Iterator[tuple[str, str, Value, Scenario]]:
    """Path, end, value and scenario of everything that can be changed alone."""
    for field in varied():
        own = scenario.parameters.value(field.path)
        if field.kind in ("bool", "choice"):
            for choice in field.choices or (False, True):
                if choice != own:
                    yield field.path, "choice", choice, scenario.with_changes({field.path: choice})
            continue
        for end, limit in zip(("low", "high"), _range(field), strict=True):
            value: Value = int(limit) if field.kind == "int" else float(limit)
            yield field.path, end, *_nearest(scenario, field.path, value)


def _nearest(scenario: Scenario, path: str, value: Value) -> tuple[Value, Scenario]:
    """The scenario with a parameter at this value, or at the whole number next to it that contradicts nothing."""
    while True:
        try:
            return value, scenario.with_changes({path: value})
        except InputError:
            own = scenario.parameters.value(path)
            if not isinstance(value, int) or not isinstance(own, int) or value == own:
                raise
            value += 1 if value < own else -1


def _points(scenario: Scenario, points: int) -> Iterator[tuple[dict[str, Value], Scenario]]:
    fields = varied()
    for shares in latin_hypercube(points, len(fields)).tolist():
        changes = _agreeing({field.path: at_share(field, share) for field, share in zip(fields, shares, strict=True)})
        yield changes, scenario.with_changes(changes)


def _agreeing(changes: dict[str, Value]) -> dict[str, Value]:
    """The point with what contradicts itself brought back: too many bits for a word, too many neighbours."""
    modules, bits = int(changes["design.modules"]), int(changes["design.bits_per_module"])
    degree, count = int(changes["workshops.network_degree"]), int(changes["workshops.count"])
    return changes | {
        "design.bits_per_module": min(bits, 64 // modules),
        "workshops.network_degree": max(2, min(degree, count - 1) // 2 * 2),
    }


def _same(one: Records, other: Records) -> bool:
    """Whether two sets of races gave the same hits, sorties and lives of designs."""
    fields = ("hits", "sorties")
    return all(
        np.array_equal(one.weekly["kinds"][name], other.weekly["kinds"][name]) for name in fields
    ) and np.array_equal(one.lives, other.lives)


def _end_line(end: End) -> dict[str, object]:
    line: dict[str, object] = {"parameter": end.path, "end": end.end, "value": end.value}
    for name, finding in zip(_COLUMNS, end.findings, strict=True):
        estimate = finding.estimate
        line |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        line[f"{name}_verdict"] = finding.words
    return line | {"inside": end.inside, "same": end.same}


def _point_line(point: Point) -> dict[str, object]:
    return {**point.changes, **dict(zip(_COLUMNS, point.values, strict=True)), "inside": all(point.held)}


_COLUMNS = ("fielded_half_life", "shadow_half_life", "hits_a_sortie")
