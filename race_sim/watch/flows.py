"""Where drones come from and go to in a week, and how far crews are used; money has a place here once there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from race_sim.records import KIND_NAMES, KINDS, TOTAL

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

NO_MONEY = (
    "There are no accounts in this version: makers build a given number of drones a week, and two forces are equal in "
    "drones, not in euros."
)
SHARE_PLACES = 4  # decimals of a share


def flows(race: WatchedRace) -> dict[str, Any]:
    """Drones of the newest week: in stock before + delivered - flown - scrapped = in stock.

    "used" is the share of crews that flew, None where there are no crews.
    """
    total = _drones(race, TOTAL)
    crews = int(race.history.last.params[0]["operators_crews"])
    return {
        **total,
        "crews": crews,
        "used": round(total["flown"] / crews, SHARE_PLACES) if crews > 0 else None,
        "by_kind": {KIND_NAMES[kind]: _drones(race, kind) for kind in range(KINDS)},
        "money": None,
        "note": NO_MONEY,
    }


def _drones(race: WatchedRace, kind: int) -> dict[str, int]:
    """What became of the drones of one kind of maker, or of all, in the newest week."""
    week = race.weekly[-1]["kinds"][kind]
    return {
        "before": _stock_before(race, kind),
        "delivered": int(week["deliveries"]),
        "flown": int(week["sorties"]),
        "scrapped": int(week["scrapped"]),
        "stock": int(week["stock"]),
    }


def _stock_before(race: WatchedRace, kind: int) -> int:
    """Drones in stock when the newest week began."""
    if len(race.weekly) > 1:
        return int(race.weekly[-2]["kinds"][kind]["stock"])
    initial = race.model.world.flows["initial"]
    return int(initial.sum() if kind == TOTAL else initial[kind])
