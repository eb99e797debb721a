"""Runs the parts of a study: every point once a seed, all points with the same seeds, kept as they come."""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from inspect import getsource
from pathlib import Path

import numpy as np
import pandas as pd

from race_sim.analysis import runs
from race_sim.analysis.cells import adopted_share, groups
from race_sim.analysis.frames import BALANCE_NAMES, DEFENCE_FIELDS
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.driver import available_processors, compile_schedule, run_block
from race_sim.errors import InputError
from race_sim.records import KIND_NAMES, KIND_WEEK
from race_sim.rules.compiler import law_hash
from race_sim.scenario import Scenario
from race_sim.study.definition import ADOPTED_SHARE, Levels, Part, Study
from race_sim.study.points import Point, points
from race_sim.study.store import Store

BLOCK_RACES = 400  # races written at a time: a few seconds of two processors
HASH_LENGTH = 16  # hexadecimal digits
CHECKING = "checking points"
"""What progress is told of before the first race."""
AHEAD = 2  # scenarios queued per thread beyond the one it works on

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class StudyResult:
    """What a study's runs measured.

    Attributes:
        study: the study, as it was run.
        parts: {part name: one row a point and seed, with a column a factor (all factors of the study that the part
            varies or has a default for), `scenario`, `seed` and the measures of `analysis.runs.run_frame`}.
    """

    study: Study
    parts: Mapping[str, pd.DataFrame]

    def factors(self, part: str) -> list[str]:
        """The factors that a part varies."""
        return list(next(one for one in self.study.part if one.name == part).factors)


def run_study(
    study: Study,
    directory: Path,
    *,
    parts: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> StudyResult:
    """Run what is missing of the parts wanted, all if none is named, and return all their rows.

    What is already in `directory` is not run again: the same call after an interruption goes on.

    Args:
        study: what is run.
        directory: where rows are kept.
        parts: names of parts; those they come after are run as well.
        threads: worker threads; all processors this process may use by default.
        progress: called in this thread with (`CHECKING`, points checked, points of all parts wanted), then with (part,
            races done, races known to be wanted so far).

    Raises InputError if a part is unknown, a point is wrong, or the directory cannot be used.
    """
    wanted = study.parts(tuple(parts))
    designs = _checked(study, wanted, progress)
    store = Store(
        directory,
        {
            "law": law_hash(),
            "measures": measures_hash(),
            "first_seed": study.first_seed,
            "replicates": study.replicates,
        },
    )
    results: dict[str, pd.DataFrame] = {}
    counted = _Counted(progress, len(study.seeds))
    for part in wanted:
        designed = designs[part.name]
        if part.after is not None:
            designed = list(points(study, part, _adopted_share(study, part.after, results)))
        done = store.keys()
        missing = {point.key: point.scenario for point in designed if point.key not in done}
        counted.start(part.name, len({point.key for point in designed}), len(missing))
        for block in _blocks(missing, study.seeds, threads or available_processors(), counted.advance):
            store.write(block)
        results[part.name] = _joined(study, designed, store.rows())
    return StudyResult(study, results)


def measures_hash() -> str:
    """16 hexadecimal digits that change whenever rows could be measured differently from the same records."""
    columns = (*KIND_NAMES, *(KIND_WEEK.names or ()), *DEFENCE_FIELDS, *BALANCE_NAMES)
    code = ast.dump(ast.parse(getsource(runs)))  # comments and line breaks do not matter
    return hashlib.sha256(f"{columns}{code}".encode()).hexdigest()[:HASH_LENGTH]


def _checked(study: Study, wanted: Sequence[Part], progress: Progress | None) -> dict[str, list[Point]]:
    """All points of the parts wanted, so that what is wrong with one is told before the first race."""
    total = sum(math.prod(map(len, part.factors.values())) for part in wanted)
    designs: dict[str, list[Point]] = {part.name: [] for part in wanted}
    checked = 0
    for part in wanted:
        for point in points(study, part, None if part.after is None else _any_share):
            designs[part.name].append(point)
            checked += 1
            if progress is not None:
                progress(CHECKING, checked, total)
    return designs


def _any_share(_: Levels) -> float:
    """Stands for shares not known yet, so that all points are checked before the first race."""
    return 0.5


def _adopted_share(study: Study, before: str, results: Mapping[str, pd.DataFrame]) -> Callable[[Levels], float]:
    """The share of judged trials adopted at the same levels in the part before; 0 where no trial was judged."""
    factors = StudyResult(study, results).factors(before)
    shares = {
        tuple(place.values()): adopted_share(here) if here["total_trials_judged"].any() else 0.0
        for place, here in groups(results[before], factors)
    }

    def share(levels: Levels) -> float:
        place = tuple(levels.get(name) for name in factors)
        if place not in shares:
            raise InputError(f"part {before} has no such point to take {ADOPTED_SHARE} from")
        return shares[place]

    return share


def _blocks(
    missing: Mapping[str, Scenario], seeds: Sequence[int], workers: int, advance: Callable[[int], None]
) -> Iterator[pd.DataFrame]:
    """Rows of all seeds of the scenarios, some scenarios at a time, in their order."""
    if not missing:
        return
    own = np.array(seeds, np.uint64)
    compile_schedule(next(iter(missing.values())).timeline())

    def run(key: str, scenario: Scenario) -> pd.DataFrame:
        rows = run_frame(run_block(scenario.timeline(), own), scenario.parameters.run.burn_in_weeks)
        rows.insert(0, "scenario", key)
        return rows

    together: list[pd.DataFrame] = []
    waiting = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for number, (key, scenario) in enumerate(missing.items(), start=1):
                waiting.append(pool.submit(run, key, scenario))
                last = number == len(missing)
                while waiting and (last or len(waiting) > AHEAD * workers):
                    together.append(waiting.pop(0).result())
                    advance(len(seeds))
                    if len(together) * len(seeds) >= BLOCK_RACES:
                        yield pd.concat(together, ignore_index=True)
                        together = []
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if together:
        yield pd.concat(together, ignore_index=True)


def _joined(study: Study, designed: Sequence[Point], rows: pd.DataFrame) -> pd.DataFrame:
    """One row a point and seed: levels of the factors, then what was measured."""
    design = pd.DataFrame([{**study.defaults, **point.levels, "scenario": point.key} for point in designed])
    return design.merge(rows, on="scenario", how="left", validate="many_to_many")


class _Counted:
    """Races done so far, told to whoever wants to know."""

    def __init__(self, progress: Progress | None, replicates: int) -> None:
        self._progress = progress
        self._replicates = replicates
        self._part = ""
        self._done = self._total = 0

    def start(self, part: str, scenarios: int, missing: int) -> None:
        self._part = part
        self._total += scenarios * self._replicates
        self.advance((scenarios - missing) * self._replicates)

    def advance(self, races: int) -> None:
        self._done += races
        if self._progress is not None:
            self._progress(self._part, self._done, self._total)
