"""The ensemble driver: how much of a race is engagement, how it grows, what a second thread brings."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
import pytest

from benchmarks.loops import Lineup
from benchmarks.races import alike, baseline, counted, given_output, grown, race
from benchmarks.timing import Timer, elapsed
from race_sim.ensemble.driver import run_ensemble
from race_sim.scenario import Scenario

SIZES = (60, 200, 600, 2_000, 6_000)
RUNS = 32
PAIRS_TIMED = 1_000_000
SPIN = """
import time
start = time.perf_counter()
number = 1
for _ in range(4_000_000):
    number = number * 48271 % 2147483647
print(time.perf_counter() - start)
"""


@pytest.mark.parametrize(
    ("name", "scenario", "rounds"),
    [
        ("baseline, 156 weeks", baseline(), 51),
        ("given output, 60 workshops, 156 weeks", given_output(), 51),
        ("600 workshops, 26 weeks", grown(600), 11),
        ("6,000 workshops, 26 weeks", grown(6_000), 3),
    ],
)
def test_race_over_its_pairs(
    name: str, scenario: Scenario, rounds: int, timer: Timer, report: Callable[[str], None]
) -> None:
    counts = counted(scenario)
    columns = counts.flying // counts.week
    lineup = Lineup(columns, 1 + PAIRS_TIMED // columns)
    medians = timer.medians({"race": partial(race, scenario), "pairs": lineup.compiled}, rounds=rounds)
    pair = medians["pairs"] / lineup.pairs
    engagement = counts.engaged * pair
    report(
        f"whole race, {name}: {medians['race'] * 1e3:.1f} ms, {medians['race'] / counts.week * 1e6:.0f} us a week; "
        f"{counts.engaged:,} pairs at {pair * 1e9:.2f} ns are {engagement * 1e3:.2f} ms: "
        f"{medians['race'] / engagement:.1f} times its pairs"
    )
    followed = counts.followed * pair
    report(
        f"    with {counts.followed:,} pairs evaluated without flying: "
        f"{medians['race'] / (engagement + followed):.1f} times all its pairs"
    )


@pytest.mark.parametrize(("growing", "teams"), [("lots and countermeasures", None), ("lots, 12 teams", 12)])
def test_time_against_pairs(growing: str, teams: int | None, timer: Timer, report: Callable[[str], None]) -> None:
    scenarios = {f"{size:,} workshops": grown(size, teams=teams) for size in SIZES}
    pairs = np.array([counted(scenario).engaged for scenario in scenarios.values()], dtype=float)
    actions = {name: partial(race, scenario) for name, scenario in scenarios.items()}
    medians = timer.medians(actions, rounds=3)
    seconds = np.array(list(medians.values()))
    report(f"time against pairs, growing {growing}:")
    for name, count, taken in zip(medians, pairs, seconds, strict=True):
        report(f"    {name:>16}: {count:15,.0f} pairs {taken * 1e3:10.1f} ms {taken / count * 1e9:8.1f} ns a pair")
    exponent = np.polyfit(np.log(pairs), np.log(seconds), 1)[0]
    upper = np.polyfit(np.log(pairs[2:]), np.log(seconds[2:]), 1)[0]
    slope, start = np.polyfit(pairs, seconds, 1, w=1.0 / seconds)
    report(
        f"    time ~ pairs ** {exponent:.2f} (from 600 workshops on: {upper:.2f}); "
        f"line {start * 1e3:.1f} ms + {slope * 1e9:.1f} ns a pair"
    )


@pytest.mark.parametrize("equal", [False, True], ids=["as they are", "with the same makers and drones"])
def test_accounts_against_given_output(equal: bool, timer: Timer, report: Callable[[str], None]) -> None:
    """What money costs: the baseline against given output, and against a race with its makers and drones."""
    pair = alike() if equal else {"accounts": baseline(), "output given": given_output()}
    medians = timer.medians({name: partial(race, scenario) for name, scenario in pair.items()}, rounds=51)
    money, plain = medians["accounts"], medians["output given"]
    words = "with the same makers and drones" if equal else "of the library"
    report(
        f"accounts {money * 1e3:.1f} ms, output given {plain * 1e3:.1f} ms a race {words}: "
        f"{money / plain:.2f} times the time, {1 - plain / money:.0%} fewer runs a second"
    )


def spin(processes: int) -> float:
    """Seconds of the slowest of some processes that count at the same time and hardly use memory."""
    command = [sys.executable, "-c", SPIN]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return max(float(process.communicate()[0]) for process in running)


def test_two_threads(timer: Timer, report: Callable[[str], None]) -> None:
    """Elapsed time depends on what else runs; the processor seconds a race costs in two threads hardly do."""
    scenario = baseline()
    spinning: dict[int, list[float]] = {1: [], 2: []}
    processor: dict[int, list[float]] = {1: [], 2: []}

    def run_in(threads: int) -> None:
        ensemble = partial(run_ensemble, scenario, range(RUNS), threads=threads)
        processor[threads].append(elapsed(ensemble, time.process_time))

    def spin_both() -> None:
        for processes, seconds in spinning.items():
            seconds.append(spin(processes))

    medians = timer.medians(
        {"one thread": partial(run_in, 1), "two threads": partial(run_in, 2), "processes": spin_both},
        rounds=11,
        clock=time.perf_counter,
    )
    one, two = medians["one thread"], medians["two threads"]
    cost = median(processor[2]) / median(processor[1])
    report(f"{RUNS} races of baseline: one thread {one:.2f} s ({RUNS / one:.0f} races a second), two {two:.2f} s")
    report(f"    two threads do {one / two:.2f} times the work of one, for {cost:.2f} times the processor seconds")
    reachable = 2.0 * median(spinning[1]) / median(spinning[2])
    report(f"    two memory-free processes do {reachable:.2f} times the work of one on this machine")
