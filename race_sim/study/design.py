"""The design of a study as it is kept: generations of points, cut into blocks of runs, breadth first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import pandas as pd

from race_sim.study.definition import Levels
from race_sim.study.points import Point

COLUMNS = ("part", "point", "scenario", "levels", "unit", "definition", "raced")

Origin = Literal["study", "more-replicates", "more-points", "boundary"]

SEED_SHIFT = 32  # bits: where points have seeds of their own, a point's differ from another's above these
MASK = 2**64 - 1


class Run(NamedTuple):
    """One race: key and definition of its scenario, and its seed."""

    scenario: str
    definition: str
    seed: int

    @property
    def name(self) -> str:
        """How commands name it: `1f0c...-7`, scenario and seed."""
        return f"{self.scenario}-{self.seed}"


class Place(NamedTuple):
    """A block: number of its generation, and its own in it."""

    generation: int
    block: int


@dataclass(frozen=True, eq=False)
class Generation:
    """Points that were added to a design together, each with the same replicates.

    What is run, and in which block, follows from these values alone.

    Attributes:
        number: from 0.
        origin: what added it: the study itself, a request for more, or refinement.
        requested: what was asked for, K of `--more-replicates K` or `--more-points K`; 0 otherwise.
        first_replicate: replicate r has the seed `first_seed` + r.
        replicates: races at each point.
        first_seed: of the study.
        common: whether all points have the same seeds.
        block_runs: runs in a block.
        points: a row a point of a part: `part`, `point` (its number in the part), `scenario`, `levels` (JSON),
            `unit` (JSON: coordinates of a sampled point), `definition` (JSON), `raced` (whether this generation races
            it: once, and not if others do).
    """

    number: int
    origin: Origin
    requested: int
    first_replicate: int
    replicates: int
    first_seed: int
    common: bool
    block_runs: int
    points: pd.DataFrame

    @property
    def facts(self) -> dict[str, Any]:
        """Everything but the points, as plain values."""
        names = ("number", "origin", "requested", "first_replicate", "replicates", "first_seed", "common", "block_runs")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def parts(self) -> list[str]:
        """Names of the parts that have points here."""
        return list(self.points["part"].unique())

    @property
    def last_replicate(self) -> int:
        """One past the last."""
        return self.first_replicate + self.replicates

    @cached_property
    def scenarios(self) -> list[tuple[str, str]]:
        """Key and definition of every scenario raced here."""
        raced = self.points[self.points["raced"]]
        return list(zip(raced["scenario"], raced["definition"], strict=True))

    @property
    def runs(self) -> int:
        """How many races it has."""
        return len(self.scenarios) * self.replicates

    @property
    def blocks(self) -> int:
        """How many blocks these are cut into."""
        return -(-self.runs // self.block_runs)

    @property
    def round_blocks(self) -> int:
        """Blocks that together race every scenario once, rounded up."""
        return max(1, -(-len(self.scenarios) // self.block_runs))

    def size(self, block: int) -> int:
        """Runs of a block."""
        return min(self.block_runs, self.runs - block * self.block_runs)

    def block(self, number: int) -> list[Run]:
        """The runs of a block: the first replicate of all scenarios comes before the second of any."""
        first = number * self.block_runs
        found = []
        for run in range(first, first + self.size(number)):
            replicate, place = divmod(run, len(self.scenarios))
            key, definition = self.scenarios[place]
            found.append(Run(key, definition, self.seed(key, self.first_replicate + replicate)))
        return found

    def seed(self, scenario: str, replicate: int) -> int:
        """Seed of a replicate; where points have seeds of their own, they follow from the scenario."""
        return (self.first_seed + replicate + (0 if self.common else scenario_shift(scenario))) & MASK


def scenario_shift(scenario: str) -> int:
    """What is added to the seeds of a scenario where points have seeds of their own."""
    return int(scenario[:8], 16) << SEED_SHIFT


class Spot(NamedTuple):
    """What a design keeps of a point: levels and coordinates as JSON, key and definition of its scenario."""

    levels: str
    unit: str
    scenario: str
    definition: str

    @classmethod
    def of(cls, point: Point) -> Spot:
        """Of a point."""
        unit = json.dumps(point.unit, separators=(",", ":"))
        return cls(levels_text(point.levels), unit, point.key, point.definition)


def table_of(spots: Mapping[str, Sequence[tuple[int, Spot]]], known: Collection[str]) -> pd.DataFrame:
    """Rows of `Generation.points` for {part: numbered points}; scenarios that are `known` are not raced again."""
    seen = set(known)
    rows = []
    for part, numbered in spots.items():
        for number, spot in numbered:
            fresh = spot.scenario not in seen
            rows.append((part, number, spot.scenario, spot.levels, spot.unit, spot.definition, fresh))
            seen.add(spot.scenario)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"point": "int64", "raced": bool})


def levels_text(levels: Levels) -> str:
    """Levels as JSON."""
    return json.dumps(dict(levels), separators=(",", ":"), allow_nan=False)


def raced_scenarios(generations: Iterable[Generation], first: int, last: int) -> set[str]:
    """Keys of the scenarios of which these generations together race all replicates from `first` to before `last`."""
    reached: dict[str, int] = {}
    for one in sorted(generations, key=lambda one: one.first_replicate):
        for key, _ in one.scenarios:
            if one.first_replicate <= reached.get(key, first):
                reached[key] = max(reached.get(key, first), one.last_replicate)
    return {key for key, end in reached.items() if end >= last}


def replicates_of(generations: Sequence[Generation], part: str) -> int:
    """One past the last replicate that points of a part have so far; 0 if it has none."""
    return max((one.last_replicate for one in generations if part in one.parts), default=0)


def points_of(generations: Sequence[Generation], part: str) -> pd.DataFrame:
    """The points of a part, a row each, in their order; columns as in `Generation.points`, and `generation`."""
    tables = [
        one.points[one.points["part"] == part].assign(generation=one.number) for one in generations if part in one.parts
    ]
    if not tables:
        return table_of({}, set()).assign(generation=0)
    found = pd.concat(tables, ignore_index=True).drop_duplicates("point")
    return found.sort_values("point", kind="stable", ignore_index=True)
