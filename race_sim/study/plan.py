"""How many replicates a study needs for intervals of a wanted width, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.intervals import Estimate, ratio_estimate
from race_sim.analysis.measures import Measure, measure
from race_sim.analysis.replication import FEWEST, shared_seeds
from race_sim.ensemble.driver import available_processors
from race_sim.errors import InputError
from race_sim.study.cost import Cost, block_runs, generation_cost
from race_sim.study.definition import Levels, Part, Study
from race_sim.study.demand import Demand, demands
from race_sim.study.design import Spot, points_of, replicates_of
from race_sim.study.estimate import count_points
from race_sim.study.pilot import FEWEST_SEEDS, POINTS, Pilot, first_spots, levels_of, race_pilot, some_definitions
from race_sim.study.racing import racer
from race_sim.study.result import part_rows
from race_sim.study.spreads import Reference, Spreads, point_spreads, ratio_spreads, references, wide_values
from race_sim.study.store import Store

WIDTHS = (0.10, 0.05, 0.02, 0.01)
"""Half an interval over the value, for which replicates are told."""
WANTED = 0.05
PILOT_SECONDS = 10.0  # of all parts together
TIMING_SECONDS = 0.1  # of that, the share for a part whose spread is known from its rows

EXPECTED = 100  # points of a part for which time is expected without being measured
MOST_COMPARED = 200  # points whose seeds are compared

Progress = Callable[[str, int, int], None]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlannedOutput:
    """Replicates for one output, or for its ratio to that of another point.

    Attributes:
        measure: which.
        reference: what it is divided by; None if it is not.
        points: points whose spread is known.
        unknown: points at which it is not, as where the output is 0.
        runs: of such a point, fewest and most.
        median: what the median point needs; None if no spread is known.
        worst: what the worst point needs.
        worst_levels: of that point.
        seeds: factor by which shared seeds change the interval of a difference between two points, and the limits
            between which it lies in 95% of cases where seeds have nothing in common; see `replication.shared_seeds`.
            None for ratios, or if points have seeds of their own.
        pairing: the interval of a ratio over what it would be if its points had seeds of their own, at the median
            point; None but for ratios of points that share their seeds.
    """

    measure: Measure
    reference: Reference | None
    points: int
    unknown: int
    runs: tuple[int, int]
    median: Demand | None
    worst: Demand | None
    worst_levels: Levels
    seeds: tuple[float, float, float] | None
    pairing: float | None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What a part costs, and the replicates it needs.

    Attributes:
        name: of the part.
        points: of the part, those it may add by refinement included.
        replicates: of the study, or as many as a store has by now.
        cost: of these, as measured.
        expected: the same cost as `cost.py` has it without measuring.
        slower: measured over expected seconds, from the points that were timed.
        kept: whether the spread comes from rows that were there, not from a pilot.
        raced, failed: runs that were looked at for the spread, and how many of them failed.
        stand_ins: what was taken for what earlier parts will decide, a sentence each.
        outputs: what the study asks for.
    """

    name: str
    points: int
    replicates: int
    cost: Cost
    expected: Cost
    slower: Estimate
    kept: bool
    raced: int
    failed: int
    stand_ins: Sequence[str]
    outputs: Sequence[PlannedOutput]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a study.

    Attributes:
        study: which; the smaller one for a quick run.
        workers: processors that will race.
        width: wanted.
        parts: each after those it needs.
    """

    study: Study
    workers: int
    width: float
    parts: Sequence[PlannedPart]

    @property
    def cost(self) -> Cost:
        """Of all parts as the study has them; points that parts share are counted in each."""
        return sum((part.cost for part in self.parts), Cost(0, 0.0, 0.0))


def plan_study(
    study: Study,
    parts: Sequence[str] = (),
    *,
    store: Store | None = None,
    model: str | None = None,
    workers: int | None = None,
    width: float = WANTED,
    seconds: float = PILOT_SECONDS,
    progress: Progress = lambda *_: None,
) -> Plan:
    """Race a pilot of a study and say what it costs and how many replicates it needs.

    Args:
        study: which; the smaller one for a quick run.
        parts: names of those wanted; those they need are planned as well. All if none is named.
        store: runs of the study, whose spread is used instead of a pilot's where a part has two replicates.
        model: "module:Class" of a Mesa model that will race, if not the ensemble driver.
        workers: processes that will race; all processors this process may use by default.
        width: wanted: half an interval over the value; those of `WIDTHS` are planned as well.
        seconds: the pilot takes, about; longer where few races take longer.
        progress: called with what is being done, parts done and parts in all.

    Raises InputError if a part is unknown, a point wrong, the width not in (0, 10], or the store of another study.
    """
    chosen = study.parts(parts)
    if not 0.0 < width <= 10.0:
        raise InputError(f"width = {width:g} is not allowed: give half an interval over its value, in (0, 10]")
    widths = sorted({*WIDTHS, width}, reverse=True)
    if store is not None:
        model = _model_of(store, study, model)
    race = racer(model)
    planned = []
    for number, part in enumerate(chosen):
        progress(f"pilot races of part {part.name}", number, len(chosen))
        there = None if store is None else _rows_there(store, part)
        asked = references(study, part) if study.common_random_numbers else []  # pairs share their seeds
        if there is None:
            spots, spread_over = first_spots(study, part, [one.levels for one in asked])
            fewest, share = FEWEST_SEEDS, 1.0
        else:
            spots, fewest, share = _some_spots(there.points), 1, TIMING_SECONDS
            spread_over = len(spots)
        pilot = race_pilot(
            study,
            part,
            spots,
            race,
            spread_over=spread_over,
            seconds=share * seconds / len(chosen),
            agents=model is not None,
            fewest_seeds=fewest,
        )
        planned.append(_planned(study, part, pilot, there, asked, widths, agents=model is not None))
    progress("planning", len(chosen), len(chosen))
    return Plan(study, workers or available_processors(), width, planned)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a part that a store has, its points, their replicates, and bytes of a row on the disk."""

    rows: pd.DataFrame
    points: pd.DataFrame
    replicates: int
    row_bytes: float


def _model_of(store: Store, study: Study, model: str | None) -> str | None:
    """The model that races in a store. Raises InputError if its study or model is another one."""
    if store.study.deciding != study.deciding:
        raise InputError(f"{store.directory}: holds runs of another study than {study.name} is now; give another --out")
    own: str | None = store.facts.get("model")
    if model is not None and model != own:
        raise InputError(f"{store.directory}: holds runs of {own or 'the ensemble driver'}, not of {model}")
    return own


def _rows_there(store: Store, part: Part) -> _Rows | None:
    """What a store has of a part; None if it has no point with two replicates."""
    own = [one for one in store.generations() if part.name in one.parts]
    if not own:
        return None
    names = {*store.study.outputs_of(part), *(one.output for one in references(store.study, part))}
    columns = {column for name in names for column in (measure(name).above, measure(name).below) if column is not None}
    rows = part_rows(store, part, sorted(columns))
    if len(rows) == 0 or rows.groupby("point").size().max() < FEWEST:
        return None
    blocks = [(one.size(number), path) for one in own for number, path in store.blocks(one.number).items()]
    size = sum(path.stat().st_size for _, path in blocks) / sum(count for count, _ in blocks)
    return _Rows(rows, points_of(own, part.name), replicates_of(own, part.name), size)


def _some_spots(points: pd.DataFrame) -> list[Spot]:
    """Some points of a design, spread over it."""
    places = np.unique(np.linspace(0, len(points) - 1, POINTS).astype(np.int64))
    return [Spot(*map(str, row)) for row in points.iloc[places][list(Spot._fields)].to_numpy()]


def _planned(
    study: Study,
    part: Part,
    pilot: Pilot,
    there: _Rows | None,
    asked: Sequence[Reference],
    widths: Sequence[float],
    *,
    agents: bool,
) -> PlannedPart:
    points = max(count_points(study, part), 0 if there is None else len(there.points))
    replicates = study.replicates_of(part) if there is None else there.replicates
    definitions = some_definitions(study, part, EXPECTED) if there is None else list(there.points["definition"])
    expected = generation_cost(definitions, 1, agents=agents)
    slower = ratio_estimate(pilot.seconds, pilot.expected_seconds)
    second = slower.value * expected.seconds / expected.races
    in_block = block_runs(definitions, agents=agents)

    def cost(count: float) -> Cost | None:
        if not math.isfinite(count):
            return None
        races = round(points * count)
        if there is None:
            size = races * pilot.row_bytes + math.ceil(races / in_block) * pilot.block_bytes
        else:
            size = races * there.row_bytes
        return Cost(races, races * second, size)

    whole = cost(replicates) or Cost(0, 0.0, 0.0)
    share = whole.races / expected.races
    rows, table = (pilot.rows, pilot.points) if there is None else (there.rows, there.points)
    if not study.common_random_numbers:
        rows = rows.assign(seed=rows.groupby("point").cumcount())
    chosen = table["point"].iloc[: pilot.spread_over if there is None else None].tolist()
    outputs = []
    for one in [*(Reference(name, {}, "") for name in study.outputs_of(part)), *asked]:
        wanted = measure(one.output)
        if one.levels:
            spreads = ratio_spreads(wanted, rows, table, chosen, one.levels)
        else:
            spreads = point_spreads(wanted, rows, chosen)
        outputs.append(_output(study, wanted, one, spreads, demands(spreads, replicates, widths, cost), rows, table))
    return PlannedPart(
        part.name,
        points,
        replicates,
        whole,
        Cost(whole.races, expected.seconds * share, expected.bytes * share),
        slower,
        there is not None,
        len(rows),
        int((rows["error"] != "").sum()),
        [] if there is not None else list(_stand_ins(part)),
        outputs,
    )


def _output(
    study: Study,
    wanted: Measure,
    asked: Reference,
    spreads: Spreads,
    needed: tuple[Demand, Demand] | None,
    rows: pd.DataFrame,
    table: pd.DataFrame,
) -> PlannedOutput:
    known = np.isfinite(spreads.spread)
    levels = dict(zip(table["point"].tolist(), levels_of(table), strict=True))
    seeds = pairing = None
    if study.common_random_numbers and known.any():
        if spreads.unpaired is None:
            seeds = shared_seeds(_at_same_seeds(rows, wanted, spreads.point[known].tolist()))
        else:
            varying = known & (spreads.unpaired > 0.0)
            pairing = float(np.median(spreads.spread[varying] / spreads.unpaired[varying])) if varying.any() else None
    median, worst = needed or (None, None)
    return PlannedOutput(
        wanted,
        asked if asked.levels else None,
        int(known.sum()),
        int((~known).sum()),
        (int(spreads.runs[known].min()), int(spreads.runs[known].max())) if known.any() else (0, 0),
        median,
        worst,
        {} if worst is None or worst.point is None else levels[worst.point],
        seeds,
        pairing,
    )


def _at_same_seeds(rows: pd.DataFrame, wanted: Measure, chosen: Sequence[int]) -> Floats:
    """An output at some of these points, f8[points, seeds], for seeds that most of them have."""
    some = list(dict.fromkeys(chosen[:: max(1, len(chosen) // MOST_COMPARED)]))
    wide = wide_values(rows, wanted.of_runs(rows), some)
    return wide[:, np.isfinite(wide).mean(axis=0) > 0.5]


def _stand_ins(part: Part) -> Iterator[str]:
    if part.after is not None:
        yield f"half of the trials are taken to be adopted where it will be the share that part {part.after} shows"
    if part.screen is not None:
        most = part.screen.most
        yield f"the first {most} factors of part {part.screen.part} stand in for the {most} that its screen will find"
    if part.boundary is not None:
        yield "points near the boundary, which refinement will add, are taken to be like those it begins with"
