"""What a study's runs measured, read back from its directory: one row a point and seed for each part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.study.definition import Part, Study
from race_sim.study.design import Generation, points_of, replicates_of, scenario_shift
from race_sim.study.store import Store
from race_sim.study.values import unit_of, values_of


@dataclass(frozen=True, eq=False)
class StudyResult:
    """What a study's runs measured.

    Attributes:
        study: the study, as it was run.
        parts: {part name: one row a point and seed, with a column a factor (all factors of the study that the part
            varies or has a default for), `point`, `scenario`, `seed`, `error` and the measures of
            `analysis.runs.run_frame`}; measures of runs that failed are NaN.
        points: {part name: rows of its design}, as in `Generation.points`.
        wanted: runs the design has; fewer rows are there while the sweep is not done.
        there: runs that are there.
        failed: how many of these failed.
    """

    study: Study
    parts: Mapping[str, pd.DataFrame]
    points: Mapping[str, pd.DataFrame]
    wanted: int
    there: int
    failed: int

    def factors(self, part: str) -> list[str]:
        """The factors that a part varies; those its screen has found, if it has one."""
        if len(self.points[part]) == 0:
            return list(self.study.named(part).factors)
        return list(json.loads(self.points[part]["levels"].iloc[0]))

    def unit(self, part: str) -> npt.NDArray[np.float64]:
        """Coordinates of the points of a sampled part in the unit cube, f8[points, factors]."""
        return unit_of(self.points[part])

    def values(self, part: str, output: str) -> npt.NDArray[np.float64]:
        """An output of the points of a part, f8[points, replicates]; NaN where a run failed or is not there."""
        return values_of(self.parts[part], output, len(self.points[part]))


def read_result(
    store: Store, parts: Iterable[Part] | None = None, *, columns: Sequence[str] | None = None
) -> StudyResult:
    """What a store holds of these parts, of all if None is given; all measures or these.

    Raises InputError if a block is damaged.
    """
    generations = store.generations()
    there = {name for one in generations for name in one.parts}
    chosen = [part for part in (store.study.part if parts is None else parts) if part.name in there]
    rows = store.rows(columns).sort_values("seed", kind="stable")
    found = {part.name: joined(store.study, generations, part, rows) for part in chosen}
    points = {part.name: points_of(generations, part.name) for part in chosen}
    wanted = sum(one.runs for one in generations)
    missing = sum(one.size(block) for one in generations for block in store.missing(one))
    failed = int((rows["error"] != "").sum())
    return StudyResult(store.study, found, points, wanted, wanted - missing, failed)


def part_rows(store: Store, part: Part, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Rows of one part, as in `StudyResult.parts`."""
    generations = store.generations()
    scenarios = set(points_of(generations, part.name)["scenario"])
    rows = store.rows(columns, scenarios).sort_values("seed", kind="stable")
    return joined(store.study, generations, part, rows)


def joined(study: Study, generations: Sequence[Generation], part: Part, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a point and replicate of a part: levels of the factors, then what was measured.

    A point that another part shares may have more races than the part has replicates; these are left out.
    """
    points = points_of(generations, part.name)
    levels = pd.DataFrame([{**study.defaults, **json.loads(one)} for one in points["levels"]])
    design = levels.assign(point=points["point"], scenario=points["scenario"])
    own = rows[rows["scenario"].isin(set(points["scenario"]))]
    own = own[replicate_numbers(study, own) < replicates_of(generations, part.name)]
    return design.merge(own, on="scenario", how="inner", validate="many_to_many")


def replicate_numbers(study: Study, rows: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """Which replicate of its scenario each row is, from 0: `Generation.seed` the other way."""
    first = np.uint64(study.first_seed)
    if study.common_random_numbers:
        return rows["seed"].to_numpy(np.uint64) - first
    shift = np.array([scenario_shift(key) for key in rows["scenario"]], np.uint64)
    return rows["seed"].to_numpy(np.uint64) - first - shift
