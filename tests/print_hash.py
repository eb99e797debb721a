"""Print a hash of what both drivers record of one scenario; run in a process of its own by the parity tests.

Usage: python -m tests.print_hash [MUTATION]   where MUTATION names a change of the compiled schedule.
"""

import hashlib
import sys

from race_sim.ensemble import week as schedule
from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.results import Records
from tests.small import six_workshops

SEED = 3


def swap(one: str, other: str) -> None:
    """Exchange two steps of the compiled schedule; only possible in plain Python (NUMBA_DISABLE_JIT=1)."""
    first, second = getattr(schedule, one), getattr(schedule, other)
    setattr(schedule, one, second)
    setattr(schedule, other, first)


def skip(step: str) -> None:
    """Leave a step out of the compiled schedule."""
    setattr(schedule, step, lambda *_: None)


MUTATIONS = {
    "teams act before the fight they learn from": lambda: swap("act_teams", "fight"),
    "peers see nothing": lambda: skip("publish"),
    "operators remember nothing": lambda: skip("review_products"),
    "countermeasures do not spread": lambda: skip("spread_countermeasures"),
    "nothing is scrapped": lambda: skip("scrap_expired"),
    "the front does not move": lambda: skip("move_front"),
}


def digest(records: Records) -> str:
    """SHA-256 of everything recorded."""
    return hashlib.sha256(records.weekly.tobytes() + records.lives.tobytes()).hexdigest()


if __name__ == "__main__":
    setting = six_workshops("arsenal.shelf_life_weeks=3")
    mesa = digest(RaceModel(setting, seed=SEED).run())
    if len(sys.argv) > 1:
        MUTATIONS[sys.argv[1]]()
    sys.stdout.write(f"{digest(run_ensemble(setting, [SEED], threads=1))} {mesa}\n")
