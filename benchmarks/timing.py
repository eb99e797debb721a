"""Medians of things timed in turn, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

Action = Callable[[], object]
Clock = Callable[[], float]


class Timer:
    """Times actions with the `benchmark` fixture of pytest-benchmark, and others beside them.

    Args:
        benchmark: the fixture. The first action of each comparison appears in its table.
    """

    def __init__(self, benchmark: Any) -> None:
        self.benchmark = benchmark

    def medians(
        self, actions: Mapping[str, Action], *, rounds: int, clock: Clock = time.thread_time
    ) -> dict[str, float]:
        """Median seconds of each action over `rounds` rounds; in a round each has its turn.

        The clock counts the calling thread's processor seconds: a busy machine does not slow it. Actions that use
        other threads or processes need `time.perf_counter`.
        """
        names = list(actions)
        seconds: dict[str, list[float]] = {name: [] for name in names}
        for action in actions.values():
            action()

        def others() -> None:
            for name in names[1:]:
                seconds[name].append(elapsed(actions[name], clock))

        def first() -> None:
            seconds[names[0]].append(elapsed(actions[names[0]], clock))

        self.benchmark.pedantic(first, setup=others, rounds=rounds)
        found = {name: median(times) for name, times in seconds.items()}
        self.benchmark.extra_info.update({f"median of {name} (s)": value for name, value in found.items()})
        return found


def elapsed(action: Action, clock: Clock) -> float:
    """Seconds that one call takes."""
    start = clock()
    action()
    return clock() - start
