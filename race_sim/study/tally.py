"""Counts of a sweep, taken from its store alone: runs there, runs failed, how wide intervals are so far."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from race_sim.analysis.intervals import LEVEL, student_quantile
from race_sim.analysis.measures import Measure
from race_sim.study.blocks import read_block
from race_sim.study.design import Generation, Place

FEWEST_RUNS = 2  # that have an interval
LARGE_SAMPLE = 200  # runs beyond which the quantile is that of so many


@dataclass(frozen=True, slots=True)
class Status:
    """How far a sweep is.

    Attributes:
        doing: in words.
        done: runs there, or points checked.
        total: of those known to be wanted.
        rate: runs a second since the command began; None before the first.
        left: seconds left at this rate.
        width: half an interval over its estimate, median over points; None while no point has two runs.
        failed: runs that failed.
    """

    doing: str
    done: int
    total: int
    rate: float | None = None
    left: float | None = None
    width: float | None = None
    failed: int = 0


class Tally:
    """Reads blocks as they come, and keeps mean and spread of one measure for every scenario.

    Args:
        measure: whose intervals are told.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._seen: set[Place] = set()
        self._place: dict[str, int] = {}
        self._sums = np.zeros((3, 0))  # runs, mean, sum of squared deviations (Welford 1962)
        self._began = time.monotonic()
        self._fresh = 0
        self.done = self.failed = 0

    def read(self, generation: Generation, path: Path, *, fresh: bool = False) -> None:
        """Count a block, once. `fresh`: this command waited for it.

        Raises DamagedError if the file is not what was written.
        """
        place = Place(generation.number, int(path.name[1:8]))
        if place in self._seen:
            return
        columns = [self._measure.above] if self._measure.below is None else [self._measure.above, self._measure.below]
        rows = read_block(path, ["scenario", "error", *columns]).to_pandas()
        self._seen.add(place)
        self.done += len(rows)
        self.failed += int((rows["error"] != "").sum())
        self._fresh += len(rows) if fresh else 0
        self._add(rows["scenario"], self._measure.of_runs(rows))

    def has(self, place: Place) -> bool:
        """Whether a block has been counted."""
        return place in self._seen

    def begin(self) -> None:
        """Time counts from now: the law is compiled, the first run begins."""
        self._began = time.monotonic()

    def status(self, doing: str, total: int) -> Status:
        """How far the sweep is."""
        seconds = time.monotonic() - self._began
        rate = self._fresh / seconds if self._fresh and seconds > 0 else None
        left = None if rate is None else (total - self.done) / rate
        return Status(doing, self.done, total, rate, left, self.width(), self.failed)

    def width(self) -> float | None:
        """Half an interval over its estimate, median over scenarios with two runs at least."""
        runs, mean, squares = self._sums
        known = (runs >= FEWEST_RUNS) & (mean != 0.0)
        if not known.any():
            return None
        runs, mean, squares = runs[known], np.abs(mean[known]), squares[known]
        counts = np.unique(runs).astype(int)
        quantiles = {
            int(count): student_quantile(0.5 + LEVEL / 2, min(int(count), LARGE_SAMPLE) - 1) for count in counts
        }
        quantile = np.array([quantiles[int(count)] for count in runs])
        return float(median(quantile * np.sqrt(squares / (runs - 1) / runs) / mean))

    def _add(self, scenarios: pd.Series, values: pd.Series) -> None:
        for key in scenarios.unique():
            self._place.setdefault(key, len(self._place))
        if len(self._place) > self._sums.shape[1]:
            room = max(len(self._place), 2 * self._sums.shape[1])
            self._sums = np.pad(self._sums, ((0, 0), (0, room - self._sums.shape[1])))
        for key, value in zip(scenarios, values, strict=True):
            if not math.isnan(value):
                column = self._sums[:, self._place[key]]
                column[0] += 1
                step = value - column[1]
                column[1] += step / column[0]
                column[2] += step * (value - column[1])
