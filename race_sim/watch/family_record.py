"""Records of families of designs: the descendants of what one maker flew first, or at the end of the warm-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from race_sim.scenario.text import listed
from race_sim.watch.attack_log import families_since
from race_sim.watch.history import RECORD_WEEKS, TRAIL_WEEKS, Adoption
from race_sim.watch.names import maker_id
from race_sim.watch.record_parts import Dated, Record, Series, logged, rates
from race_sim.watch.words import counted, rate_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

MOST_NAMED = 8
"""Most makers of a family that are named."""


def family_record(race: WatchedRace, number: int) -> Record:
    """The record of the family with this number."""
    sight = race.history.last
    flying = sight.flying
    own = flying.family == number
    since = families_since(race)
    founder = maker_id(number, race.rows).words
    began = f"what {founder} flew in week {since}" if since else f"the first design of {founder}"
    facts = [
        ("Descends from", began),
        ("Made by", _makers(race, number)),
        ("Designs flying", str(len(np.unique(flying.design[own])))),
    ]
    sorties = int(flying.sorties[own].sum())
    if sorties:
        share = sorties / int(flying.sorties.sum())
        stopped, hits = int(flying.stopped[own].sum()), int(flying.hits[own].sum())
        alive = float((flying.sorties * flying.alive)[own].sum()) / sorties
        success = float((flying.sorties * flying.success)[own].sum()) / sorties
        facts += [
            ("This week", f"{counted(sorties, 'sortie')} ({share_text(share)} of all), {counted(hits, 'hit')}"),
            (
                "Stopped",
                f"{share_text(stopped / sorties)} of its sorties; {share_text(1.0 - alive)} were to be expected",
            ),
            ("Unopposed it would make", f"{rate_text(success)} hits a sortie"),
        ]
    else:
        facts.append(("This week", "no sorties"))
    return Record(facts=facts, series=_series(race, number, since), history=_history(race, number, since))


def _makers(race: WatchedRace, number: int) -> str:
    rows = np.flatnonzero(race.history.last.production.family == number)
    if len(rows) == 0:
        return "nobody any more"
    names = [maker_id(int(row), race.rows).words for row in rows[:MOST_NAMED]]
    more = len(rows) - len(names)
    return listed([*names, counted(more, "other")] if more else names)


def _series(race: WatchedRace, number: int, since: int) -> list[Series]:
    first = max(since, race.week + 1 - RECORD_WEEKS)
    weeks = list(range(first, race.week + 1))
    sorties = []
    for week in weeks:
        families, flown = race.history.family_sorties[week]
        sorties.append(int(flown[families == number].sum()))
    sights = [sight for sight in race.history.sights if sight.week >= since]
    own = [sight.flying.family == number for sight in sights]
    hits = [int(sight.flying.hits[mine].sum()) for sight, mine in zip(sights, own, strict=True)]
    recent = [int(sight.flying.sorties[mine].sum()) for sight, mine in zip(sights, own, strict=True)]
    return [
        Series("Sorties a week", weeks, list(sorties)),
        Series(f"Hits a sortie, last {TRAIL_WEEKS + 1} weeks", [sight.week for sight in sights], rates(hits, recent)),
    ]


def _history(race: WatchedRace, number: int, since: int) -> list[Dated]:
    told = [(week, text) for week, text in logged(race, f"family-{number}", ("family", "halved")) if week >= since]
    turns = (turn for turn in race.history.turns.get(number, ()) if turn.week >= since)
    told += [(turn.week, _turn_text(race, turn, number)) for turn in turns]
    return told


def _turn_text(race: WatchedRace, turn: Adoption, number: int) -> str:
    """A maker turns to the family, or leaves it."""
    maker = maker_id(turn.maker, race.rows).words.capitalize()
    if turn.family == number:
        return f"{maker} turns to it, away from family {turn.previous_family}."
    return f"{maker} leaves it for family {turn.family}."
