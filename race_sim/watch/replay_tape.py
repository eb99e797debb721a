"""What a replay keeps of a race: every frame, and the record of every agent, as text that a browser unpacks."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from race_sim.watch.agent_record import FAMILY, agent_record, counts
from race_sim.watch.names import read_agent_id

if TYPE_CHECKING:
    from race_sim.watch.watched_race import Frame, WatchedRace

DIVIDED = ("space",)
"""Parts of a frame whose own parts are kept one by one: each repeats what it was the week before, and packs better."""
MADE_HERE = ("inspected",)
"""Parts of a frame that the browser makes itself."""
STRONGEST = 9  # level of packing
MOST_SHIFT = 8  # places by which what two lists share may lie further on in one of them
VALUE, ITEMS, SLICE, PLACES = range(4)
"""Kinds of changes, the first item of each: see `change`."""

Change = list[Any]


class Tape:
    """The weeks of one race, recorded one by one.

    The text holds a line of JSON for each part of a frame and week, all weeks of a part together, and a line for each
    agent: the first week it has a record, that record, and its changes from week to week.
    """

    def __init__(self) -> None:
        self._weeks = 0
        self._parts: dict[tuple[str, ...], list[str]] = {}
        self._agents: dict[str, list[Any]] = {}
        self._records: dict[str, Any] = {}

    def record(self, race: WatchedRace) -> None:
        """Keep the week that a race has just run."""
        frame = race.frame()
        for path, value in _parts(frame):
            self._parts.setdefault(path, []).append(dense(value))
        for agent in self._shown(race, frame):
            record = agent_record(race, agent)
            kept = self._agents.setdefault(agent, [self._weeks])
            kept.append(change(self._records.get(agent), record))
            self._records[agent] = record
        self._weeks += 1

    @property
    def text(self) -> str:
        """All of it: a line that says what follows, then the lines of parts and those of agents."""
        head = {"weeks": self._weeks, "parts": [list(path) for path in self._parts], "agents": list(self._agents)}
        lines = [line for weeks in self._parts.values() for line in weeks]
        return "\n".join([dense(head), *lines, *(dense(agent) for agent in self._agents.values())])

    def _shown(self, race: WatchedRace, frame: Frame) -> list[str]:
        """Agents whose records are kept this week: makers, teams, and families once they have been shown."""
        agents = [
            f"{role}-{number}" for role, count in counts(race).items() for number in range(count) if role != FAMILY
        ]
        shown = [f"family-{family['family']}" for family in frame["stream"]["families"]]
        told = (entry["select"] for entry in frame["log"] if entry["select"] is not None)
        shown += [agent for agent in told if read_agent_id(agent).role == FAMILY]
        earlier = [agent for agent in self._agents if read_agent_id(agent).role == FAMILY]
        return list(dict.fromkeys((*agents, *earlier, *shown)))


def packed(text: str) -> str:
    """A text packed by zlib, as the characters of base64."""
    return b64encode(zlib.compress(text.encode(), STRONGEST)).decode("ascii")


def dense(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def change(before: Any, after: Any) -> Change | None:
    """What leads from one plain value to another; None if they are the same.

    [VALUE, value] stands for the value itself; [ITEMS, {key: change}, [keys no longer there]] for a mapping;
    [PLACES, {place: change}] for a list as long as before; [SLICE, head, first, last, tail] for a list made of the
    head, what was in the places from `first` to before `last`, and the tail.
    """
    if _same(before, after):
        return None
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        changes = {key: change(before.get(key), value) for key, value in after.items() if key in before}
        new = {key: [VALUE, value] for key, value in after.items() if key not in before}
        gone = [key for key in before if key not in after]
        return [ITEMS, {**{key: one for key, one in changes.items() if one is not None}, **new}, gone]
    if isinstance(before, list) and isinstance(after, list):
        return _list_change(before, after)
    return [VALUE, after]


def _list_change(before: Sequence[Any], after: Sequence[Any]) -> Change:
    first, head, length = _longest_shared(before, after)
    if 2 * length >= len(after) > 0:
        return [SLICE, list(after[:head]), first, first + length, list(after[head + length :])]
    if len(before) == len(after):
        changes = {str(place): change(*pair) for place, pair in enumerate(zip(before, after, strict=True))}
        return [PLACES, {place: one for place, one in changes.items() if one is not None}]
    return [VALUE, list(after)]


def _longest_shared(first_list: Sequence[Any], second_list: Sequence[Any]) -> tuple[int, int, int]:
    """Of stretches that two lists share near the beginning of both, the longest: first places in both, and length."""
    before, after = list(map(repr, first_list)), list(map(repr, second_list))  # compared many times, faster as texts
    starts = [(first, 0) for first in range(min(MOST_SHIFT, len(before) - 1) + 1)]
    starts += [(0, head) for head in range(1, min(MOST_SHIFT, len(after) - 1) + 1)]
    found = ((first, head, _run(before, first, after, head)) for first, head in starts)
    return max(found, key=lambda one: one[2], default=(0, 0, 0))


def _run(before: Sequence[str], first: int, after: Sequence[str], head: int) -> int:
    most = min(len(before) - first, len(after) - head)
    return next((length for length in range(most) if before[first + length] != after[head + length]), most)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON: to Python, True is 1 as well."""
    return bool(one == other) and repr(one) == repr(other)


def _parts(frame: Frame) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in frame.items():
        if name in DIVIDED:
            yield from (((name, inner), part) for inner, part in value.items())
        elif name not in MADE_HERE:
            yield (name,), value
