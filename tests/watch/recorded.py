"""Races made of weekly records alone, as verdicts read them, and the same with the forces exchanged."""

import re
from types import SimpleNamespace
from typing import cast

import numpy as np

from race_sim.records import JOINT_LINE, KIND_NAMES, KINDS, PRIME, WEEK, WORKSHOP
from race_sim.scenario import Scenario, load
from race_sim.watch import WatchedRace

WEEKS = 40
COUNTS = ("workshops.count=60", "primes.count=60", f"run.weeks={WEEKS}")


def as_race(weekly: np.ndarray, scenario: Scenario) -> WatchedRace:
    """What a verdict reads of a race, with these weekly records."""
    over = len(weekly) == scenario.parameters.run.weeks
    kinds = tuple(kind for kind in range(KINDS) if kind != JOINT_LINE or weekly["kinds"]["sorties"][:, kind].any())
    seen = SimpleNamespace(weekly=weekly, week=len(weekly) - 1, scenario=scenario, over=over, kinds=kinds)
    return cast(WatchedRace, seen)


def exchanged(race: WatchedRace) -> WatchedRace:
    """The race with the records and the numbers of workshops and primes exchanged."""
    weekly = race.weekly.copy()
    weekly["kinds"][:, [WORKSHOP, PRIME]] = weekly["kinds"][:, [PRIME, WORKSHOP]]
    counts = race.scenario.parameters.workshops.count, race.scenario.parameters.primes.count
    changes = {"workshops.count": counts[1], "primes.count": counts[0], "workshops.network_degree": 2}
    return as_race(weekly, race.scenario.with_changes(changes))


def other_way_round(text: str) -> str:
    swapped = {"workshop": "prime", "prime": "workshop", "Workshop": "Prime", "Prime": "Workshop"}
    return re.sub("workshop|prime|Workshop|Prime", lambda found: swapped[found[0]], text)


def made_up(**hits: list[int]) -> WatchedRace:
    """A race in which 60 makers of each kind fly 100 sorties a week and hit so often; they could hit 0.5 a sortie.

    Joint lines fly nothing unless they are given hits.
    """
    weekly = np.zeros(WEEKS, WEEK)
    weekly["saturation"] = 1.0
    for name, made in hits.items():
        row = weekly["kinds"][:, KIND_NAMES.index(name)]
        row["makers"] = 60
        row["sorties"] = 100
        row["hits"] = np.resize(made, WEEKS)
        row["expected_hits"] = row["hits"]
        row["unopposed_success"] = 0.5
    return as_race(weekly, load("baseline", COUNTS))
