"""A pilot: a few points of a part raced with a few seeds, to see how long a race takes and how much races differ."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study.adoption import any_share
from race_sim.study.blocks import block_bytes
from race_sim.study.cost import race_seconds
from race_sim.study.definition import Level, Levels, Part, Study
from race_sim.study.design import Generation, Run, Spot, table_of
from race_sim.study.estimate import some_samples, standing_in
from race_sim.study.execute import Race, block_rows
from race_sim.study.points import Sample, defined, points
from race_sim.study.result import joined

POINTS = 12  # of a part
FEWEST_SEEDS = 5  # of each point, however long a race takes
MOST_SEEDS = 100

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pilot:
    """What a pilot of one part measured.

    Attributes:
        points: rows of its design, as in `Generation.points`.
        spread_over: how many of these, the first, are spread over the part; those after are what others are divided by.
        rows: one a point and seed, as `result.joined` gives them.
        seconds: f8[points], processor seconds of a race at each of the points that are spread over the part.
        row_bytes: of a row in a large block.
        block_bytes: of a block beside its rows.
        expected_seconds: f8[points], the same as `cost.py` has them.
    """

    points: pd.DataFrame
    spread_over: int
    rows: pd.DataFrame
    seconds: Floats
    row_bytes: float
    block_bytes: float
    expected_seconds: Floats


def first_spots(study: Study, part: Part, references: Iterable[Levels], count: int = POINTS) -> tuple[list[Spot], int]:
    """Points spread over a part, then those that they are divided by, each once; and how many the first are.

    Where the part needs an earlier one, what `estimate.standing_in` and `adoption.any_share` say stands in for it.

    Raises InputError if a point is wrong.
    """
    spread = some_samples(study, standing_in(study, part), count)
    seen = {tuple(one.levels.items()) for one in spread}  # where 1 and 1.0 are the same level
    others = []
    for reference in references:
        for one in spread:
            levels = {**one.levels, **reference}
            if (place := tuple(levels.items())) not in seen:
                seen.add(place)
                others.append(Sample(levels))
    return _spots(study, part, [*spread, *others]), len(spread)


def some_definitions(study: Study, part: Part, count: int) -> list[str]:
    """Definitions of at most so many points spread over a part, with the same stand-ins."""
    return [spot.definition for spot in _spots(study, part, some_samples(study, standing_in(study, part), count))]


def _spots(study: Study, part: Part, samples: Sequence[Sample]) -> list[Spot]:
    share = None if part.after is None else any_share
    return [Spot.of(point) for point in points(study, standing_in(study, part), share, samples)]


def race_pilot(
    study: Study,
    part: Part,
    spots: Sequence[Spot],
    race: Race,
    *,
    spread_over: int,
    seconds: float,
    agents: bool,
    fewest_seeds: int = FEWEST_SEEDS,
    raced: Callable[[int], None] = lambda _: None,
) -> Pilot:
    """Race points of a part, seed after seed, for about so many seconds.

    Args:
        study: whose seeds they are.
        part: of these points.
        spots: the points.
        race: by which driver.
        spread_over: how many of the points, the first, are spread over the part.
        seconds: after which no further seed is begun, once there are the fewest.
        agents: whether the Mesa driver races.
        fewest_seeds: of each point.
        raced: told of every race.
    """
    table = table_of({part.name: list(enumerate(spots))}, set())
    count = int(table["raced"].sum())
    design = Generation(0, "study", 0, 0, MOST_SEEDS, study.first_seed, study.common_random_numbers, count, table)
    block_rows(design.block(0)[:1], race)  # whatever is compiled or imported is so from here on
    watch = _Timed(race)
    found: list[pd.DataFrame] = []
    began = time.monotonic()
    while len(found) < fewest_seeds or (len(found) < MOST_SEEDS and time.monotonic() - began < seconds):
        found.append(watch.rows(design.block(len(found))))
        raced(count)
    rows = pd.concat(found, ignore_index=True)
    per_row, per_block = _bytes(rows)
    spread = table.iloc[:spread_over]
    scenarios = [defined(definition)[0] for definition in spread["definition"]]
    return Pilot(
        table,
        spread_over,
        joined(study, [design], part, rows),
        np.array([watch.race_seconds(key) for key in spread["scenario"]]),
        per_row,
        per_block,
        np.array([race_seconds(one.parameters, agents=agents) for one in scenarios]),
    )


class _Timed:
    """Races blocks and measures processor time: of each race, and of all that a sweep does for each run beside it."""

    def __init__(self, race: Race) -> None:
        self._race = race
        self._spent: dict[str, float] = {}
        self._races: dict[str, int] = {}
        self._now = ""
        self._beside = 0.0
        self._empty = _seconds(lambda: block_rows([]))

    def rows(self, runs: Sequence[Run]) -> pd.DataFrame:
        """Rows of these runs."""

        def begin(place: int) -> None:
            self._now = runs[place].scenario

        before = sum(self._spent.values())
        began = time.thread_time()
        rows = block_rows(runs, self._timed, begin=begin)
        whole = time.thread_time() - began
        self._beside += max(0.0, whole - (sum(self._spent.values()) - before) - self._empty)
        return rows

    def race_seconds(self, scenario: str) -> float:
        """Of a race of this scenario, its part in what is done beside included."""
        races = max(1, sum(self._races.values()))
        return self._spent.get(scenario, 0.0) / max(1, self._races.get(scenario, 0)) + self._beside / races

    def _timed(self, scenario: Scenario, records: Records, row: int) -> None:
        began = time.thread_time()
        try:
            self._race(scenario, records, row)
        finally:
            self._spent[self._now] = self._spent.get(self._now, 0.0) + time.thread_time() - began
            self._races[self._now] = self._races.get(self._now, 0) + 1


def _seconds(work: Callable[[], Any]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _bytes(rows: pd.DataFrame) -> tuple[float, float]:
    """Bytes of a row and of a block beside its rows, from a block of all rows and one of half of them."""
    half = rows.iloc[: len(rows) // 2]
    whole, part = len(block_bytes(rows, {})), len(block_bytes(half, {}))
    row = max(1.0, (whole - part) / (len(rows) - len(half)))
    return row, max(0.0, whole - row * len(rows))


def levels_of(table: pd.DataFrame) -> list[dict[str, Level]]:
    """Levels of the points of a design, {factor: level} for each."""
    return [json.loads(text) for text in table["levels"]]
