"""Print a hash of what both drivers record of two scenarios; run in a process of its own by the parity tests.

Usage: python -m tests.print_hash
"""

import hashlib
import sys
from collections.abc import Sequence

from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.results import Records
from tests.small import six_firms, six_workshops

SEED = 5


def digest(runs: Sequence[Records]) -> str:
    """SHA-256 of everything recorded."""
    return hashlib.sha256(b"".join(run.weekly.tobytes() + run.lives.tobytes() for run in runs)).hexdigest()


if __name__ == "__main__":
    settings = (six_workshops("arsenal.shelf_life_weeks=3"), six_firms())
    mesa = digest([RaceModel(setting, seed=SEED).run() for setting in settings])
    ensemble = digest([run_ensemble(setting, [SEED], threads=1) for setting in settings])
    sys.stdout.write(f"{ensemble} {mesa}\n")
