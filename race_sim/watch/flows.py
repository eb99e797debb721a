"""Where drones come from and go to in a week, how far crews are used, and the money behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from race_sim.firms import BARTERED, DESTROYED
from race_sim.records import KIND_NAMES, KINDS, TOTAL
from race_sim.watch.money import money

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

NO_MONEY = (
    "There are no accounts in this race: makers build a given number of drones a week, and two forces are equal in "
    "drones, not in euros."
)
EXITS = {"bartered": BARTERED, "destroyed": DESTROYED}
"""How drones at the front leave it, beside being flown and scrapped."""
SHARE_PLACES = 9  # decimals of a share, so many that what is shown is rounded once


def flows(race: WatchedRace) -> dict[str, Any]:
    """Drones of the newest week: in stock before + delivered - flown - scrapped - other exits = in stock.

    "used" is the share of crews that flew, None where there are no crews; "exits" are those of `EXITS` that drones
    have left by so far; "money" is None, and "note" says why, where there are no accounts.
    """
    total = _drones(race, TOTAL)
    crews = int(race.history.last.params[0]["operators_crews"])
    left = race.weekly["kinds"]["drones"][:, TOTAL]
    return {
        **total,
        "crews": crews,
        "used": round(total["flown"] / crews, SHARE_PLACES) if crews > 0 else None,
        "by_kind": {KIND_NAMES[kind]: _drones(race, kind) for kind in range(KINDS)},
        "exits": [name for name, column in EXITS.items() if left[:, column].any()],
        "money": money(race),
        "note": "" if race.has_accounts else NO_MONEY,
    }


def _drones(race: WatchedRace, kind: int) -> dict[str, int]:
    """What became of the drones of one kind of maker, or of all, in the newest week."""
    week = race.weekly[-1]["kinds"][kind]
    return {
        "before": _stock_before(race, kind),
        "delivered": int(week["deliveries"]),
        "flown": int(week["sorties"]),
        "scrapped": int(week["scrapped"]),
        **{name: int(week["drones"][column]) for name, column in EXITS.items()},
        "stock": int(week["stock"]),
    }


def _stock_before(race: WatchedRace, kind: int) -> int:
    """Drones in stock when the newest week began."""
    if len(race.weekly) > 1:
        return int(race.weekly[-2]["kinds"][kind]["stock"])
    initial = race.model.world.flows["initial"]
    return int(initial.sum() if kind == TOTAL else initial[kind])
