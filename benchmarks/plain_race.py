"""Time one race by the Mesa driver in this process: `python -m benchmarks.plain_race WEEKS`.

Run with NUMBA_DISABLE_JIT=1 it is the race with uncompiled rules. Prints processor seconds of founding and weeks
together, and a hash of the weekly records.
"""

from __future__ import annotations

import hashlib
import sys
import time

from benchmarks.races import SEED, baseline
from race_sim.model import RaceModel


def main() -> None:
    """Run and print."""
    scenario = baseline(int(sys.argv[1]))
    start = time.thread_time()
    records = RaceModel(scenario, seed=SEED).run()
    seconds = time.thread_time() - start
    sys.stdout.write(f"{seconds} {hashlib.sha256(records.weekly.tobytes()).hexdigest()}\n")


if __name__ == "__main__":
    main()
