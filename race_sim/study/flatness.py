"""How flat the calibration is: parameters at the ends of their plausible ranges, one at a time and all together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np

from race_sim.analysis.band import Band, Finding
from race_sim.analysis.bands import (
    FIELDED_BAND,
    HITS_BAND,
    SHADOW_BAND,
    calibrated_bands,
    calibrated_findings,
    calibrated_values,
)
from race_sim.analysis.firm_bands import COST_BAND, GROWTH_BAND, UTILISATION_BAND
from race_sim.analysis.pinning import Pin, Pinning, pinning
from race_sim.ensemble.driver import available_processors, compile_schedule, run_block
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.scenario.schema import Value
from race_sim.scenario.text import shown
from race_sim.study.calibration import FIRST_SEED, Progress, write_table
from race_sim.study.ranges import choices, hypercube_points, is_number, nearest_allowed, plausible, varied

POINTS = 600
POINT_RUNS = 4
END_RUNS = 20
SPANS = (1.0, 0.5)
"""How much of every range the two sets of points take up; the second lies around the scenario."""

MEASURES = {
    FIELDED_BAND: "fielded_half_life",
    SHADOW_BAND: "shadow_half_life",
    HITS_BAND: "hits_a_sortie",
    UTILISATION_BAND: "utilisation",
    COST_BAND: "cost_ratio",
    GROWTH_BAND: "output_growth",
}
"""Short names of the calibrated measures, by band."""
ALL = "all bands"

Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class End:
    """The races with one parameter at an end of its range, or at another choice.

    Attributes:
        path: the parameter.
        end: "low", "high" or "choice".
        value: its value; of a range whose end contradicts the scenario, the nearest value that does not.
        findings: the calibrated measures, in the order of `calibrated_bands`.
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
    """A point of the design over all ranges together: its parameters and what its races gave (`calibrated_bands`)."""

    changes: dict[str, Value]
    values: tuple[float, ...]

    def held(self, bands: Sequence[Band]) -> tuple[bool, ...]:
        """Whether each measure is in its band."""
        return tuple(band.holds(value) for band, value in zip(bands, self.values, strict=True))


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points over all ranges together, held against bands; `span` is the share of every range that they take up."""

    span: float
    points: Sequence[Point]
    bands: Sequence[Band]

    @cached_property
    def pinnings(self) -> dict[str, Pinning]:
        """Parameters by how far points inside a band, or all bands, differ from the others, by `MEASURES` and `ALL`."""
        values = {path: [point.changes[path] for point in self.points] for path in self.points[0].changes}
        held = [point.held(self.bands) for point in self.points]
        labels = {MEASURES[band]: [one[place] for one in held] for place, band in enumerate(self.bands)}
        labels[ALL] = [all(one) for one in held]
        shown_together = len(SPANS) * len(labels)
        return {name: pinning(values, inside, comparisons=shown_together) for name, inside in labels.items()}

    @property
    def pinned(self) -> dict[str, dict[str, Pin]]:
        """Parameters in which points that fit differ from the others, each with the comparisons that show it."""
        found: dict[str, dict[str, Pin]] = {}
        for name, one in self.pinnings.items():
            for pin in one.pins:
                if pin.detected:
                    found.setdefault(pin.path, {})[name] = pin
        return dict(sorted(found.items(), key=lambda item: -max(pin.distance for pin in item[1].values())))

    def inside_share(self, measure: int | None = None) -> float:
        """Share of points inside the band of one measure, or inside all."""
        held = [point.held(self.bands) for point in self.points]
        return sum(all(one) if measure is None else one[measure] for one in held) / len(held)

    @property
    def words(self) -> str:
        """The points' share of the ranges."""
        return "the whole ranges" if self.span == 1.0 else f"{self.span:.0%} of every range around the scenario"

    @property
    def verdict(self) -> str:
        """How many points fit, and which parameters that pins down."""
        bands = ", ".join(f"{self.inside_share(place):.0%} {band.what}" for place, band in enumerate(self.bands))
        fit = f"All together over {self.words}, {self.inside_share():.1%} of {len(self.points)} points fit ({bands})."
        few = [name for name, one in self.pinnings.items() if math.isnan(one.critical)]
        if len(few) == len(self.pinnings):
            return f"{fit} Too few points fit, or fail, to say which parameters make the difference."
        without = f" (too few points for {', '.join(few)})" if few else ""
        return (
            f"{fit} Points that fit a band, or all, differ from the others in {len(self.pinned)} of "
            f"{len(self.points[0].changes)} parameters{without}: {', '.join(self.pinned) or 'none'}. "
            "The rest are not pinned down as far as this can tell."
        )


@dataclass(frozen=True, eq=False)
class Flatness:
    """What the bands leave open.

    Attributes:
        scenario: what was varied.
        base: its own findings, with the seeds of the ends.
        ends: one parameter at a time.
        impossible: choices that contradict the rest of the scenario, "path = choice", which are not among the ends.
        clouds: all parameters together, one cloud for each of `SPANS`; none if no points were asked for.
        races: races run.
        seconds: time they took, compiling left out.
    """

    scenario: Scenario
    base: Sequence[Finding]
    ends: Sequence[End]
    impossible: Sequence[str]
    clouds: Sequence[Cloud]
    races: int
    seconds: float

    @property
    def leaving(self) -> list[str]:
        """Parameters that leave a band within their ranges, with all others at the scenario's values."""
        return list(dict.fromkeys(end.path for end in self.ends if not end.inside))

    @property
    def verdict(self) -> str:
        """What the bands do not pin down, in a few sentences."""
        paths = {end.path for end in self.ends}
        alone = (
            f"One at a time, {len(paths) - len(self.leaving)} of {len(paths)} parameters stay in all calibrated bands "
            f"at both ends of their ranges or with any choice; {len({end.path for end in self.ends} - self._acting)} "
            "of them change nothing that is measured."
        )
        return " ".join([alone, *(cloud.verdict for cloud in self.clouds)])

    @property
    def _acting(self) -> set[str]:
        return {end.path for end in self.ends if not end.same}

    def write(self, stage: Path) -> None:
        """Write flatness_ends.csv, flatness.png and, if there are points, flatness_points and flatness_parameters."""
        # Imported here: matplotlib is slow to import.
        from race_sim.plots.flatness import flatness_figure  # noqa: PLC0415

        write_table(stage / "flatness_ends.csv", [_end_line(end) for end in self.ends])
        if self.clouds:
            points = [_point_line(cloud, point) for cloud in self.clouds for point in cloud.points]
            write_table(stage / "flatness_points.csv", points)
            write_table(stage / "flatness_parameters.csv", list(self._pin_lines()))
        flatness_figure(self).savefig(stage / "flatness.png", dpi=130)

    def _pin_lines(self) -> Iterator[dict[str, object]]:
        for cloud in self.clouds:
            for name, one in cloud.pinnings.items():
                for pin in one.pins:
                    yield {
                        "span": cloud.span,
                        "inside_of": name,
                        "parameter": pin.path,
                        "distance": pin.distance,
                        "critical": one.critical,
                        "pinned": pin.detected,
                        "direction": pin.direction if pin.detected else "",
                        "inside": pin.words[0],
                        "everywhere": pin.words[1],
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
        points: points of a Latin hypercube over all ranges, for each of `SPANS`; 0 leaves them out.
        point_runs: races for each point, with the seeds from 1 on.
        progress: called in this thread with (what is being done, races done, races in all).
        threads: races at once; all processors this process may use by default.

    Raises InputError if a point contradicts the scenario.
    """
    impossible: list[str] = []
    ends = list(_ends(scenario, impossible))
    clouds = [list(hypercube_points(scenario, points, span)) for span in SPANS] if points else []
    changes = [point for cloud in clouds for point in cloud]
    total = (1 + len(ends)) * end_runs + len(changes) * point_runs
    compile_schedule(scenario.timeline())
    started = time.perf_counter()

    def told(doing: str, before: int, each: int) -> Callable[[int], None]:
        return lambda done: progress(doing, before + done * each, total) if progress is not None else None

    base, *found = each_raced(
        [scenario, *(one for _, _, _, one in ends)],
        range(FIRST_SEED, FIRST_SEED + end_runs),
        lambda one, records: (calibrated_findings(one, records), _digest(records)),
        told("one parameter at a time", 0, end_runs),
        threads,
    )
    values = each_raced(
        [scenario.with_changes(point) for point in changes],
        range(FIRST_SEED, FIRST_SEED + point_runs),
        calibrated_values,
        told("all parameters together", (1 + len(ends)) * end_runs, point_runs),
        threads,
    )
    seconds = time.perf_counter() - started
    measured = iter(values)
    return Flatness(
        scenario=scenario,
        base=base[0],
        ends=[
            End(path, end, value, findings, same=digest == base[1])
            for (path, end, value, _), (findings, digest) in zip(ends, found, strict=True)
        ],
        impossible=impossible,
        clouds=[
            Cloud(span, [Point(point, next(measured)) for point in cloud], calibrated_bands(scenario))
            for span, cloud in zip(SPANS, clouds, strict=False)
        ],
        races=total,
        seconds=seconds,
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


def _ends(scenario: Scenario, impossible: list[str]) -> Iterator[tuple[str, str, Value, Scenario]]:
    """Path, end, value and scenario of everything that can be changed alone; what cannot is added to `impossible`."""
    for field in varied(accounts=scenario.parameters.money.accounts):
        if is_number(field):
            for end, limit in zip(("low", "high"), plausible(field), strict=True):
                value: Value = int(limit) if field.kind == "int" else float(limit)
                yield field.path, end, *nearest_allowed(scenario, field.path, value)
            continue
        for choice in choices(field):
            if choice == scenario.parameters.value(field.path):
                continue
            try:
                yield field.path, "choice", choice, scenario.with_changes({field.path: choice})
            except InputError:
                impossible.append(f"{field.path} = {shown(choice)}")


def _digest(records: Records) -> str:
    """A digest of hits, sorties and lives of designs: equal if all of them are."""
    kinds = records.weekly["kinds"]
    parts = (kinds["hits"].tobytes(), kinds["sorties"].tobytes(), records.lives.tobytes())
    return sha256(b"".join(parts)).hexdigest()


def _end_line(end: End) -> dict[str, object]:
    line: dict[str, object] = {"parameter": end.path, "end": end.end, "value": end.value}
    for finding in end.findings:
        name, estimate = MEASURES[finding.band], finding.estimate
        line |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        line[f"{name}_verdict"] = finding.words
    return line | {"inside": end.inside, "same": end.same}


def _point_line(cloud: Cloud, point: Point) -> dict[str, object]:
    return {
        "span": cloud.span,
        **point.changes,
        **{MEASURES[band]: value for band, value in zip(cloud.bands, point.values, strict=True)},
        "inside": all(point.held(cloud.bands)),
    }
