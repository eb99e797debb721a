"""What the browser shows of a session, as plain values: the scene on the stage, the bar above, the panel beside."""

from __future__ import annotations

from typing import Any

from race_sim.errors import InputError
from race_sim.page.controls import differing
from race_sim.page.exports import WORDS
from race_sim.page.presets import ALONE, presets
from race_sim.page.session import SPEEDS, Session
from race_sim.scenario import Event, Scenario
from race_sim.watch.comparison import comparison
from race_sim.watch.controls import CONTROLS
from race_sim.watch.link import Setup, labels, plain
from race_sim.watch.watched_race import Frame, WatchedRace

LETTERS = "AB"
SPEED_WORDS = "{speed} weeks a second"
FASTEST_WORDS = "as fast as drawn"


def scene(session: Session, number: int, *, dark: bool) -> dict[str, Any]:
    """All that the stage draws: a frame of every race, in step. `number` tells one scene from another."""
    names = labels(session.link.races)
    compared = None
    if len(session.races) > 1 and all(race.week >= 0 for race in session.races):
        compared = comparison(session.races[0], session.races[1], names)
    return {
        "number": number,
        "frames": [_frame(race, session.selected) for race in session.races],
        "labels": names,
        "comparison": compared,
        "selected": session.selected,
        "dark": dark,
        "playing": session.playing,
    }


def bar(session: Session) -> dict[str, Any]:
    """How far the races are and how they run, for the bar above the stage."""
    message = session.message
    return {
        "playing": session.playing,
        "over": session.over,
        "week": session.week,
        "weeks": session.weeks,
        "goal": session.goal,
        "working": session.job.words if session.job is not None else "",
        "speed": session.speed,
        "speeds": [[key, _speed_words(key)] for key in SPEEDS],
        "message": None if message is None else {"kind": message.kind, "text": message.text},
        "query": session.place.query(),
        "revision": session.revision,
    }


def panel(session: Session) -> dict[str, Any]:
    """What is raced and what can be changed in it, for the panel beside the stage."""
    offered = session.offer.scenarios
    setup, week = session.link.races[session.chosen], session.races[session.chosen].week
    two = len(session.races) > 1
    base, raced = offered[setup.name], session.scenario
    values, usual = raced.in_force(week + 1).values(), base.in_force(week + 1).values()
    return {
        "revision": session.revision,
        "scenario": setup.name,
        "scenarios": [[name, _title(name, one)] for name, one in offered.items()],
        "title": base.title,
        "description": base.description,
        "seed": str(session.link.seed),
        "control": session.link.control,
        "controls": [[key, words] for key, words in CONTROLS.items()],
        "presets": [[key, one.words, one.group] for key, one in presets().items() if two or key not in ALONE],
        "races": _lettered(labels(session.link.races)),
        "chosen": session.chosen,
        "next": week + 1 if 0 <= week < session.races[session.chosen].weeks - 1 and not session.playing else None,
        "restarts": session.restarts,
        "values": {path: plain(value) for path, value in values.items()},
        "usual": {path: plain(usual[path]) for path in differing(values, usual)},
        "changes": [*_changes(setup, base), *_events(setup, base)],
        "undoable": len(setup.changes) + len(setup.events),
        "stores": list(session.offer.stores),
        "store": session.store,
        "exports": [[key, words] for key, words in WORDS.items()],
    }


def panel_state(session: Session) -> tuple[int, int]:
    """What the panel depends on: as long as this stays, so does the panel."""
    week = session.races[session.chosen].week if session.races else -1
    return session.revision, sum(first <= week + 1 for first, _ in session.scenario.segments)


def _frame(race: WatchedRace, selected: str | None) -> Frame:
    """The frame of a race; an agent that it does not have is not inspected."""
    try:
        return race.frame(selected)
    except InputError:
        return race.frame()


def _lettered(names: list[str]) -> list[str]:
    """Names of races as the stage shows them: with a letter if there are two."""
    if len(names) == 1:
        return names
    return [f"{letter}: {name}" for letter, name in zip(LETTERS, names, strict=True)]


def _title(name: str, scenario: Scenario) -> str:
    return name if scenario.title in ("", name) else f"{name}: {scenario.title}"


def _speed_words(key: str) -> str:
    if SPEEDS[key] == float("inf"):
        return FASTEST_WORDS
    return SPEED_WORDS.format(speed=key) if SPEEDS[key] > 1 else "1 week a second"


def _changes(setup: Setup, base: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "what": "change",
            "number": number,
            "text": f"{path} = {plain(value)} from the start (usually {plain(base.parameters.value(path))})",
        }
        for number, (path, value) in enumerate(setup.changes)
    ]


def _events(setup: Setup, base: Scenario) -> list[dict[str, Any]]:
    """Events made here, which can be taken back, and those of the scenario, in order of time."""
    mine = [_event(event, "event", number) for number, event in enumerate(setup.events)]
    places = {(event.week, event.path) for event in setup.events}
    kept = [_event(event, "scenario", -1) for event in base.events if (event.week, event.path) not in places]
    return sorted((*mine, *kept), key=lambda one: one["week"])


def _event(event: Event, what: str, number: int) -> dict[str, Any]:
    of = " (of the scenario)" if what == "scenario" else ""
    return {
        "what": what,
        "number": number,
        "week": event.week,
        "text": f"{event.path} = {plain(event.value)} from week {event.week}{of}",
    }
