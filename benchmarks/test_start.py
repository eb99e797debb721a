"""Starting up: from nothing, and with the law compiled before."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.timing import Timer, elapsed

ROOT = Path(__file__).parent.parent
RUN = ("run", "baseline", "--weeks", "52", "--json")


def children_time() -> float:
    """Processor seconds of all processes started from here that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def command(arguments: Sequence[str], cache: Path) -> None:
    """Run one `race-sim` command to its end with this directory for compiled code."""
    subprocess.run(
        [sys.executable, "-m", "race_sim", *arguments],
        env={**os.environ, "RACE_SIM_CACHE_DIR": str(cache)},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


def test_start(tmp_path: Path, timer: Timer, report: Callable[[str], None]) -> None:
    processor: dict[str, list[float]] = {"run": [], "--help": [], "first": []}

    def timed(name: str, arguments: Sequence[str]) -> Callable[[], None]:
        def action() -> None:
            processor[name].append(elapsed(lambda: command(arguments, tmp_path), children_time))

        return action

    first = elapsed(timed("first", RUN), time.perf_counter)
    report(f"race-sim {' '.join(RUN)}, nothing compiled: {first:.1f} s ({processor['first'][0]:.1f} s of processor)")
    medians = timer.medians(
        {"run": timed("run", RUN), "--help": timed("--help", ("--help",))}, rounds=7, clock=time.perf_counter
    )
    for name, seconds in medians.items():
        report(f"    race-sim {name}, compiled before: {seconds:.2f} s ({median(processor[name]):.2f} s of processor)")
