"""What records of agents are made of: facts, series by week and a dated history."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from race_sim.watch.history import KEPT_CHANGES

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

Dated = tuple[int, str]


@dataclass(frozen=True)
class Series:
    """A measure by week, None where it was not measured."""

    label: str
    weeks: list[int]
    values: list[float | None]


@dataclass(frozen=True)
class Record:
    """Facts as (label, value with its unit), series by week, and history as (week, text) in any order."""

    facts: list[tuple[str, str]]
    series: list[Series]
    history: list[Dated]

    def plain(self, agent: str, title: str) -> dict[str, Any]:
        """The record as plain values for a frame, the newest events first."""
        newest = sorted(self.history, key=lambda dated: -dated[0])[:KEPT_CHANGES]
        return {
            "id": agent,
            "title": title,
            "facts": [list(fact) for fact in self.facts],
            "series": [{"label": one.label, "weeks": one.weeks, "values": one.values} for one in self.series],
            "history": [{"week": week, "text": text} for week, text in newest],
        }


def rates(hits: Iterable[int], sorties: Iterable[int]) -> list[float | None]:
    """Hits a sortie week by week, None in weeks without sorties."""
    return [plain(made / flown) if flown else None for made, flown in zip(hits, sorties, strict=True)]


def plain(value: float) -> float | None:
    """The value to four digits, None where nothing was measured."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def logged(race: WatchedRace, agent: str, kinds: tuple[str, ...]) -> list[Dated]:
    """Entries of the log about an agent, of these kinds."""
    return [(entry.week, entry.text) for entry in race.history.log if entry.select == agent and entry.kind in kinds]
