"""Who is ahead: hits a sortie of each kind of maker beside the control, the front's balance, changed parameters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.records import KIND_NAMES, KINDS
from race_sim.scenario import Event
from race_sim.scenario.schema import BY_PATH
from race_sim.watch.controls import CONTROLS
from race_sim.watch.words import setting_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

Weekly = npt.NDArray[np.void]
Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WINDOW_WEEKS = 4  # weeks that each value of hits a sortie is over
MOST_WEEKS = 300  # weeks drawn; of a longer race lines have every second, third ..., streams means over so many
PLACES = 4  # decimals of hits a sortie and of the balance


def ahead(race: WatchedRace) -> dict[str, Any]:
    """Weekly lines of the race so far, those of its control over the whole length, and changes of parameters.

    Hits a sortie are hits over sorties of the last `WINDOW_WEEKS` weeks, None where nobody flew.
    """
    weekly = race.weekly
    drawn = weeks_drawn(len(weekly))
    balance = weekly["front_balance"][drawn]
    return {
        "weeks": drawn.tolist(),
        "window": WINDOW_WEEKS,
        **_success_of_kinds(weekly, drawn),
        "control": _control(race),
        "control_note": race.control_note,
        "balance": {
            "weeks": drawn.tolist(),
            **{name: np.round(balance[:, level], PLACES).tolist() for level, name in enumerate(BALANCE_NAMES)},
        },
        "events": [{"week": event.week, "text": event_text(event)} for event in race.scenario.events],
    }


def weeks_drawn(weeks: int) -> Integers:
    """Which of so many weeks are drawn: evenly spaced ones from week 0 on, and the last."""
    step = max(1, -(-weeks // MOST_WEEKS))
    return np.unique(np.append(np.arange(0, weeks, step), weeks - 1))


def success_by_week(kind: Weekly) -> Numbers:
    """f8[weeks]: hits over sorties of each week and the ones before it, `WINDOW_WEEKS` in all; NaN without sorties.

    `kind` are the weekly records of one kind of maker, KIND_WEEK[weeks].
    """
    hits, sorties = (_over_window(kind[name]) for name in ("hits", "sorties"))
    success: Numbers = np.full(len(kind), np.nan)
    np.divide(hits, sorties, out=success, where=sorties > 0)
    return success


def event_text(event: Event) -> str:
    """A change of the timeline in words: "workshops: iteration weeks = 16 weeks"."""
    field = BY_PATH[event.path]
    return f"{field.group.replace('_', ' ')}: {field.name.replace('_', ' ')} = {setting_text(event.path, event.value)}"


def _over_window(counts: Integers) -> Integers:
    sums = np.cumsum(counts)
    sums[WINDOW_WEEKS:] -= sums[:-WINDOW_WEEKS].copy()
    return sums


def _success_of_kinds(weekly: Weekly, drawn: Integers) -> dict[str, list[float | None]]:
    kinds = weekly["kinds"]
    return {KIND_NAMES[kind]: _listed(success_by_week(kinds[:, kind])[drawn]) for kind in range(KINDS)}


def _control(race: WatchedRace) -> dict[str, Any] | None:
    records = race.control_run
    if records is None:
        return None
    drawn = weeks_drawn(records.weeks)
    return {
        "name": race.control,
        "label": CONTROLS[race.control],
        "weeks": drawn.tolist(),
        **_success_of_kinds(records.weekly[0], drawn),
    }


def _listed(values: Numbers) -> list[float | None]:
    rounded = np.round(values, PLACES).tolist()
    return [None if math.isnan(value) else value for value in rounded]
