"""How often trials were adopted at the points of an earlier part, for formulas that match it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from race_sim.analysis.cells import adopted_share, groups
from race_sim.errors import InputError
from race_sim.study.definition import ADOPTED_SHARE, Levels
from race_sim.study.points import AdoptedShare


def any_share(_: Levels) -> float:
    """Stands for shares not known yet, so that all points are checked before the first race."""
    return 0.5


def shares_of(before: str, rows: pd.DataFrame, factors: Sequence[str]) -> AdoptedShare:
    """The share of judged trials adopted at the same levels of a part `before`; 0 where no trial was judged.

    `rows` are those of the part, with its `factors`. What it returns raises InputError for levels that are not there.
    """
    shares = {
        tuple(place.values()): adopted_share(here) if here["total_trials_judged"].any() else 0.0
        for place, here in groups(rows, factors)
    }

    def share(levels: Levels) -> float:
        place = tuple(levels.get(name) for name in factors)
        if place not in shares:
            raise InputError(f"part {before} has no such point to take {ADOPTED_SHARE} from")
        return shares[place]

    return share
