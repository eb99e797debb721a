"""The log of a race that is watched: what happened in a week, as dated events in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.scenario.schema import BY_PATH, Value
from race_sim.scenario.text import listed, shown
from race_sim.watch.attack_log import dropped_designs, families, generations, workshop_changes
from race_sim.watch.defence_log import acting, fielded
from race_sim.watch.firm_log import firm_entries
from race_sim.watch.history import Entry
from race_sim.watch.verdict import DECIDED
from race_sim.watch.words import counted, sentence, setting_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace


def entries(race: WatchedRace) -> list[Entry]:
    """What to log of the week just run; to be called once, when the history holds that week.

    Kinds of entries: "start", "burn-in", "lever", "fielding", "acting", "generation", "workshops", "dropped",
    "family", "halved" and "front", and those of `firm_entries`. A countermeasure has two: when it is fielded, with what
    it could do at full reach, and when it has come to stop a good part of a family. Changes of workshops are summed
    over a few weeks.
    """
    subjects = (
        _start,
        _burn_in,
        _levers,
        fielded,
        acting,
        firm_entries,
        generations,
        workshop_changes,
        dropped_designs,
        families,
        _front,
    )
    return [entry for subject in subjects for entry in subject(race)]


def _start(race: WatchedRace) -> Iterator[Entry]:
    if race.week == 0:
        parameters = race.scenario.parameters
        sides = [
            counted(parameters.workshops.count, "workshop"),
            counted(parameters.primes.count, "prime"),
        ]
        teams = counted(parameters.teams.count, "countermeasure team")
        yield Entry(0, "start", sentence(f"the race begins: {' and '.join(sides)} against {teams}"), None)


def _burn_in(race: WatchedRace) -> Iterator[Entry]:
    burn_in = race.scenario.parameters.run.burn_in_weeks
    if race.week == burn_in > 0:
        text = (
            "the warm-up is over: from this week on results count and hits move the front; "
            "families are counted anew, one from each maker"
        )
        yield Entry(race.week, "burn-in", sentence(text), None)


def _levers(race: WatchedRace) -> Iterator[Entry]:
    """Parameters that have another value from this week on."""
    changed = [event for event in race.scenario.events if event.week == race.week]
    if not changed:
        return
    scenario = race.scenario
    before = scenario.in_force(race.week - 1) if race.week else scenario.parameters
    for event in changed:
        old = before.value(event.path)
        if old != event.value:
            yield Entry(race.week, "lever", _lever_text(event.path, old, event.value), None)


def _lever_text(path: str, old: Value, new: Value) -> str:
    moved = f"A lever is moved: {path} goes from {shown(old)} to {setting_text(path, new)}"
    return f"{moved}. {BY_PATH[path].description}"


def _front(race: WatchedRace) -> Iterator[Entry]:
    """Values of regeneration for which the front was decided this week."""
    now = race.weekly["front_balance"][race.week]
    before = race.weekly["front_balance"][race.week - 1] if race.week > 0 else np.zeros_like(now)
    for side, sign in (("attackers", 1.0), ("defenders", -1.0)):
        levels = [
            name
            for name, after, earlier in zip(BALANCE_NAMES, now, before, strict=True)
            if after * sign >= DECIDED > earlier * sign
        ]
        if levels:
            text = f"the front is decided with {listed(levels)} regeneration: the {side} prevail"
            yield Entry(race.week, "front", sentence(text), None)
