"""What a sweep costs beside its races: processor time in one process, and memory of a million runs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from benchmarks.timing import Timer
from race_sim.ensemble.driver import compile_schedule
from race_sim.ensemble.week import run_races
from race_sim.results import Records
from race_sim.study.definition import Study
from race_sim.study.points import points
from race_sim.study.sweep import Request, Sweep

POINTS = 100
SIZES = {"60 makers": (60, 1_000), "6 makers": (6, 10_000)}
"""{what: makers and runs}."""
ROUNDS = 3
MILLION = 1_000_000
KIB = 1024.0

MEMORY = """
import resource, sys
from pathlib import Path
from benchmarks.test_sweep import overhead_study
from race_sim.study.sweep import Request, Sweep
short = {"run.weeks": 3, "run.burn_in_weeks": 1, "teams.count": 1}
study = overhead_study(1, int(sys.argv[2]), points=1000, settings=short)
Sweep(study, Path(sys.argv[1]), Request(large=True, workers=2)).run()
own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(own, workers)
"""


def overhead_study(makers: int, runs: int, points: int = POINTS, settings: dict[str, object] | None = None) -> Study:
    """A grid of so many points, which differ in output by a drone, with so many runs in all."""
    part = {"name": "all", "question": "How long?", "factors": {"more": list(range(points))}}
    own = {"workshops.count": makers, "primes.count": 0, "workshops.weekly_output": "= 50 + more", **(settings or {})}
    return Study.model_validate(
        {"name": "overhead", "title": "Overhead", "question": "How long?", "replicates": runs // points, "set": own}
        | {"part": [part]}
    )


@pytest.mark.parametrize("what", SIZES)
def test_sweep_over_its_races(what: str, tmp_path: Path, timer: Timer, report: Callable[[str], None]) -> None:
    makers, runs = SIZES[what]
    study = overhead_study(makers, runs)
    timelines = [point.scenario.timeline() for point in points(study, study.part[0])]
    compile_schedule(timelines[0])
    folders = (tmp_path / f"sweep-{number}" for number in count())

    def races() -> None:
        records = Records.empty(np.zeros(POINTS, np.uint64), len(timelines[0].segment_of_week))
        for seed in study.seeds:
            records.seeds[:] = seed
            for row, timeline in enumerate(timelines):
                here = slice(row, row + 1)
                run_races(
                    timeline.segments,
                    timeline.segment_of_week,
                    records.seeds[here],
                    records.weekly[here],
                    records.lives[here],
                )

    def sweep() -> None:
        Sweep(study, next(folders), Request(workers=1)).run()

    medians = timer.medians({"sweep": sweep, "races": races}, rounds=ROUNDS, clock=time.process_time)
    share = medians["sweep"] / medians["races"] - 1.0
    report(
        f"{runs:,} runs, {what}: sweep {medians['sweep']:.1f} s, its races alone {medians['races']:.1f} s: "
        f"overhead {share:.1%}"
    )


@pytest.mark.parametrize("runs", [MILLION // 10, MILLION])
def test_memory_of_many_runs(runs: int, tmp_path: Path, timer: Timer, report: Callable[[str], None]) -> None:
    measured: list[list[float]] = []

    def sweep() -> None:
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, tmp_path / f"{len(measured)}", str(runs)],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        measured.append([float(one) / KIB for one in done.stdout.split()])

    timer.benchmark.pedantic(sweep, rounds=1)
    own, worker = measured[0]
    report(f"{runs:,} runs of 3 weeks: sweep {own:,.0f} MiB, largest of its workers {worker:,.0f} MiB")
