"""The arsenal: how old the drones left are, and how many of them countermeasures have already caught up with."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from race_sim.records import KIND_NAMES, KINDS
from race_sim.watch.sight import Sight

FIRST_AGES = (0, 4, 8, 13, 26, 52)
"""Age in weeks at which each band of ages begins; the last has no end."""
AGES = (*(f"{first}-{after - 1}" for first, after in pairwise(FIRST_AGES)), f"{FIRST_AGES[-1]}+")
"""What the bands are called."""


def arsenal(sight: Sight) -> dict[str, Any]:
    """Drones left after the week's sorties, by band of age: how many, and how many of them are countered.

    A drone is countered if countermeasures have taken half of the unopposed success of its design or more. "dropped"
    are drones whose design operators no longer fly.
    """
    stock = sight.stock
    band = np.searchsorted(FIRST_AGES, stock.age, side="right") - 1
    place = stock.kind * len(FIRST_AGES) + band
    shape = (KINDS, len(FIRST_AGES))
    drones = np.bincount(place, stock.quantity, KINDS * len(FIRST_AGES)).reshape(shape)
    countered = np.bincount(place, stock.quantity * stock.countered, KINDS * len(FIRST_AGES)).reshape(shape)
    counted = np.stack([drones, countered], axis=2).astype(np.int64)
    return {
        "ages": list(AGES),
        **{KIND_NAMES[kind]: counted[kind].tolist() for kind in range(KINDS)},
        "total": int(stock.quantity.sum()),
        "countered": int(stock.quantity[stock.countered].sum()),
        "dropped": int(stock.quantity[stock.dropped].sum()),
    }
