"""Where a budget went: euros a week from those who give them to what they end in, as the records have it.

Everything is paid money, so that debts to makers appear when they are paid. Money paid to build drones ends in what
became of the drones; every account is checked to give out what it takes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from race_sim.analysis.columns import EXITS, recorded_columns
from race_sim.firms import HOME, PARTNERS, TREASURY_WEEK
from race_sim.records import KIND_NAMES, TOTAL

HOME_TREASURY, PARTNERS_TREASURY, MAKERS = "home treasury", "partners' treasury", "makers"
CASH_BEFORE, CASH_AFTER = "cash of before", "cash kept"
LOANS, LESS_DEBT = "banks", "debt paid off"
"""Loans are counted less what is repaid: working capital is lent and repaid over and over."""
ENDS = {
    "flown": ("sorties",),
    "exported": ("exported",),
    "bartered": ("bartered",),
    "kept by hosts": ("kept_by_hosts",),
    "lost to strikes": ("destroyed", "destroyed_at_makers"),
    "scrapped": ("scrapped", "scrapped_at_makers"),
}
"""What becomes of drones, with the columns that count it; what is left is in stock."""
STOCK = "in stock"
MAKERS_OUTLAYS = {
    "overhead": "overhead",
    "research": "research",
    "plant": "plant",
    "interest": "interest",
    "owners and creditors": "paid_out",
}
"""What makers pay for beside building, with the column of each."""
MAKERS_INCOME = {"customers abroad": "export_sales", "owners": "paid_in"}
"""Who pays makers beside the treasuries, with the column of each."""
INSIDE = (("royalties_earned", "royalties"), ("taken_over", "handed_on"))
"""What makers pay each other: as much in as out."""
STORES = ("stock", "at_makers")
"""Columns of drones that are built and not gone."""
TOLERANCE = 1e-6  # of all the money, for what rounding leaves

Array = npt.NDArray[Any]


class Flow(NamedTuple):
    """Euros a week from one place to another."""

    source: str
    target: str
    euros: float


@dataclass(frozen=True, eq=False)
class Budget:
    """Flows of money, mean over runs and measured weeks, each above 0."""

    flows: tuple[Flow, ...]

    def into(self, place: str) -> float:
        """Euros a week that come to a place."""
        return sum(flow.euros for flow in self.flows if flow.target == place)

    def out_of(self, place: str) -> float:
        """Euros a week that leave a place."""
        return sum(flow.euros for flow in self.flows if flow.source == place)

    @property
    def sources(self) -> list[str]:
        """Places that only give."""
        return [name for name in dict.fromkeys(flow.source for flow in self.flows) if self.into(name) == 0.0]

    @property
    def ends(self) -> list[str]:
        """Places that only take."""
        return [name for name in dict.fromkeys(flow.target for flow in self.flows) if self.out_of(name) == 0.0]

    @property
    def total(self) -> float:
        """Euros a week that all sources give."""
        return sum(self.out_of(name) for name in self.sources)


def budget(weekly: Array, first_week: int) -> Budget:
    """Flows of the measured weeks, from WEEK[runs, weeks] of runs with accounts.

    Raises ValueError if an account gives out other than it takes in, or drones are lost or made from nothing.
    """
    first = max(first_week, 1)
    measured, before, after = weekly[:, first:], weekly[:, first - 1], weekly[:, -1]
    weeks = measured.shape[1]
    flows = [*_of_treasuries(measured, before, after, weeks), *_of_makers(measured, before, after, weeks)]
    found = Budget(tuple(flow for flow in flows if flow.euros > 0.0))
    _check(found)
    return found


def _mean(values: Array) -> float:
    """Mean over runs and weeks."""
    return float(values.sum(axis=1, dtype=np.float64).mean() / values.shape[1])


def _kept(place: str, before: Array, after: Array, weeks: int) -> Flow:
    """Cash that a place has more at the end than before, or has drawn on."""
    change = float((after - before).mean(dtype=np.float64)) / weeks
    return Flow(place, CASH_AFTER, change) if change >= 0.0 else Flow(CASH_BEFORE, place, -change)


def _of_treasuries(measured: Array, before: Array, after: Array, weeks: int) -> list[Flow]:
    flows = []
    for which, name, giver in ((HOME, HOME_TREASURY, "home taxpayers"), (PARTNERS, PARTNERS_TREASURY, "partners")):
        own = {field: _mean(measured["treasuries"][field][:, :, which]) for field in TREASURY_WEEK.names or ()}
        flows += [
            Flow(giver, name, own["income"]),
            Flow("donors", name, own["aid"]),
            Flow(name, MAKERS, own["paid"]),
            Flow(name, "mark-up of intermediaries", own["commission"]),
            Flow(name, "other arms abroad", own["imports"]),
            Flow(name, "plants abroad", own["plants"]),
            _kept(name, before["treasuries"]["cash"][:, which], after["treasuries"]["cash"][:, which], weeks),
        ]
    return flows


def _of_makers(measured: Array, before: Array, after: Array, weeks: int) -> list[Flow]:
    total = {name: _mean(values) for name, values in recorded_columns(measured, TOTAL).items()}
    for earned, paid in INSIDE:
        if total[earned] != total[paid]:
            raise ValueError(f"makers' {earned} of {total[earned]} and {paid} of {total[paid]} EUR a week differ")
    flows = [Flow(giver, MAKERS, total[column]) for giver, column in MAKERS_INCOME.items()]
    flows += [Flow(MAKERS, end, total[column]) for end, column in MAKERS_OUTLAYS.items()]
    lent = total["borrowed"] - total["repaid"]
    flows.append(Flow(LOANS, MAKERS, lent) if lent >= 0.0 else Flow(MAKERS, LESS_DEBT, -lent))
    built: dict[str, float] = {}
    for kind in range(TOTAL):
        own = {name: _mean(values) for name, values in recorded_columns(measured, kind).items()}
        stored = float(sum((after["kinds"][name] - before["kinds"][name])[:, kind].mean() for name in STORES)) / weeks
        for end, share in _fates(own, stored, KIND_NAMES[kind]).items():
            built[end] = built.get(end, 0.0) + share * own["materials"]
    flows += [Flow(MAKERS, end, euros) for end, euros in built.items()]
    return [*flows, _kept(MAKERS, before["kinds"]["cash"][:, TOTAL], after["kinds"]["cash"][:, TOTAL], weeks)]


def _fates(own: dict[str, float], stored: float, kind: str) -> dict[str, float]:
    """Shares of what a kind of maker built by what became of it.

    Where more drones were used up than built, stock of before was drawn on, and none of what was built is in stock.
    """
    gone = sum(own[name] for name in EXITS)
    if abs(own["built"] - gone - stored) > TOLERANCE * max(1.0, own["built"], gone):
        raise ValueError(f"{kind} built {own['built']} drones a week, and {gone + stored} are gone or in stock")
    drones = {end: sum(own[name] for name in names) for end, names in ENDS.items()} | {STOCK: max(0.0, stored)}
    every = sum(drones.values())
    if every == 0.0:
        return {STOCK: 1.0}
    return {end: count / every for end, count in drones.items()}


def _check(found: Budget) -> None:
    for place in (HOME_TREASURY, PARTNERS_TREASURY, MAKERS):
        into, out = found.into(place), found.out_of(place)
        if abs(into - out) > TOLERANCE * max(1.0, into, out):
            raise ValueError(f"{place} took in {into} EUR a week and gave out {out}")
