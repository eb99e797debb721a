"""The ensemble driver: many runs of one scenario at once, in blocks shared among threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from race_sim.ensemble.week import run_races
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.scenario.timeline import Timeline

BLOCK_RUNS = 8  # runs a thread takes at a time
AHEAD = 2  # blocks queued per thread beyond the one it works on


def block_results(
    scenario: Scenario, seeds: Sequence[int], *, threads: int | None = None, block_runs: int = BLOCK_RUNS
) -> Iterator[Records]:
    """Yield the records of the runs with these seeds, block after block, in the order of the seeds.

    Args:
        scenario: what is run.
        seeds: one seed in [0, 2**64) a run.
        threads: worker threads; all processors this process may use by default.
        block_runs: runs in a block.

    Closing the iterator, or Ctrl-C, stops after the blocks in hand.
    """
    timeline = scenario.timeline()
    workers = threads or available_processors()
    blocks = [
        np.array(seeds[first : first + block_runs], dtype=np.uint64) for first in range(0, len(seeds), block_runs)
    ]
    compile_schedule(timeline)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting = []
        try:
            for block in blocks:
                waiting.append(pool.submit(run_block, timeline, block))
                if len(waiting) > AHEAD * workers:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def compile_schedule(timeline: Timeline) -> None:
    """Compile the law, or load it, in the calling thread, where Ctrl-C is heard at once: run a race of no weeks."""
    records = Records.empty(np.zeros(1, np.uint64), len(timeline.segment_of_week))
    no_weeks = timeline.segment_of_week[:0]
    run_races(timeline.segments, no_weeks, records.seeds, records.weekly[:, :0], records.lives)


def run_block(timeline: Timeline, seeds: np.ndarray) -> Records:
    """Run one block in the calling thread."""
    records = Records.empty(seeds, len(timeline.segment_of_week))
    run_races(timeline.segments, timeline.segment_of_week, records.seeds, records.weekly, records.lives)
    return records


def run_ensemble(
    scenario: Scenario,
    seeds: Sequence[int],
    *,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Records:
    """Run a scenario once for each seed and return all records.

    `progress`, if given, is called from this thread with the number of runs finished since its last call.
    """
    records = Records.empty(np.array(seeds, dtype=np.uint64), len(scenario.timeline().segment_of_week))
    done = 0
    for block in block_results(scenario, seeds, threads=threads):
        records.weekly[done : done + block.runs] = block.weekly
        records.lives[done : done + block.runs] = block.lives
        done += block.runs
        if progress is not None:
            progress(block.runs)
    return records


def available_processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
