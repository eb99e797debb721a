"""What is being watched, as an immutable value and as the text of a link that gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, Event, ParameterField, Scenario, Value
from race_sim.scenario.resolve import check_path, refused
from race_sim.scenario.text import did_you_mean, nearest, shown, toml_value
from race_sim.watch.controls import NO_CONTROL, check_control
from race_sim.watch.names import CHANGED_HERE

HIGHEST_SEED = 2**64 - 1
LONGEST_QUERY = 20_000  # characters
USUAL_SCENARIO = "baseline"
USUAL_SEED = 1
BESIDE = "beside."
RACE_KEYS = ("scenario", "set", "event")
REPEATED = ("set", "event")
KEYS = ("scenario", "set", "event", "seed", "week", "control", *(BESIDE + key for key in RACE_KEYS))
IN_LINKS = ":.,-"  # characters that stand for themselves
MOST_PARTS = 3  # changes that the words of a race name
_WHOLE = re.compile(r"-?\d{1,20}")
_WEEK = re.compile(r"\d{1,6}")

Offered = Mapping[str, Scenario]
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Setup:
    """One race that is watched: a scenario by name, what is changed at its start, and what on the way.

    Attributes:
        name: of a scenario that is offered.
        changes: (dotted path, value) at the start, each path once.
        events: beside those of the scenario, in order of time; one on the same parameter in the same week as one of
            the scenario takes its place.
    """

    name: str
    changes: tuple[tuple[str, Value], ...] = ()
    events: tuple[Event, ...] = ()

    def scenario(self, offered: Offered) -> Scenario:
        """The scenario as it is raced. Raises InputError if it is not offered, or a value is not allowed."""
        base = _offered(self.name, offered)
        if self.changes:
            base = base.with_changes(dict(self.changes), origin=CHANGED_HERE)
        if not self.events:
            return base
        places = {(event.week, event.path) for event in self.events}
        kept = (event for event in base.events if (event.week, event.path) not in places)
        return replace(base, events=tuple(sorted((*kept, *self.events), key=lambda event: event.week)))

    def starting_with(self, path: str, value: Value) -> Setup:
        """The same race with another value at its start."""
        return replace(self, changes=(*self.starting_as_usual(path).changes, (path, value)))

    def starting_as_usual(self, path: str) -> Setup:
        """The same race with the value of its scenario at its start."""
        return replace(self, changes=tuple(one for one in self.changes if one[0] != path))

    def with_event(self, event: Event) -> Setup:
        """The same race with one more event, which replaces one on the same parameter in the same week."""
        kept = [one for one in self.events if (one.week, one.path) != (event.week, event.path)]
        return replace(self, events=tuple(sorted((*kept, event), key=lambda one: one.week)))

    def without_change(self, number: int) -> Setup:
        """The same race without the change of this number, counted from 0. Raises InputError if there is none."""
        return replace(self, changes=_without(self.changes, number, "change"))

    def without_event(self, number: int) -> Setup:
        """The same race without the event of this number, counted from 0. Raises InputError if there is none."""
        return replace(self, events=_without(self.events, number, "event"))

    @property
    def parts(self) -> tuple[str, ...]:
        """What differs from the scenario, each in a few words."""
        changes = (f"{readable(path)} = {plain(value)}" for path, value in self.changes)
        events = (f"{readable(one.path)} = {plain(one.value)} from week {one.week}" for one in self.events)
        return (*changes, *events)

    @property
    def words(self) -> str:
        """The race in a few words: its scenario and what differs from it."""
        return ", ".join((self.name, *_few(self.parts)))


@dataclass(frozen=True)
class Link:
    """All that is watched: one race or two on the same random numbers, and how far they have been run.

    Attributes:
        races: one or two.
        seed: of all of them, in [0, 2**64).
        week: the last week run, -1 before the first.
        control: a key of `race_sim.watch.controls.CONTROLS`.
    """

    races: tuple[Setup, ...] = (Setup(USUAL_SCENARIO),)
    seed: int = USUAL_SEED
    week: int = -1
    control: str = NO_CONTROL

    def scenarios(self, offered: Offered) -> tuple[Scenario, ...]:
        """What is raced. Raises InputError if a scenario is not offered, or a value is not allowed."""
        return tuple(race.scenario(offered) for race in self.races)

    def query(self) -> str:
        """The link behind the address of the page, without its question mark."""
        pairs = list(_pairs(self.races[0], ""))
        for race in self.races[1:]:
            pairs += _pairs(race, BESIDE)
        pairs.append(("seed", str(self.seed)))
        if self.week >= 0:
            pairs.append(("week", str(self.week)))
        pairs.append(("control", self.control))
        return "&".join(f"{key}={quote(text, safe=IN_LINKS)}" for key, text in pairs)


def labels(races: Sequence[Setup]) -> list[str]:
    """What each race is called; of two, only what sets it apart from the other."""
    if len(races) == 1:
        return [races[0].words]
    same_name = len({race.name for race in races}) == 1
    shared = set.intersection(*(set(race.parts) for race in races))
    found = []
    for race in races:
        own = [part for part in race.parts if part not in shared]
        found.append(", ".join(_few(own) if own and same_name else (race.name, *_few(own))))
    return found


def read_link(query: str, offered: Offered, usual: Link | None = None) -> Link:
    """What a link asks to watch.

    Args:
        query: behind the question mark of an address; empty asks for what is usual.
        offered: scenarios that a link may name; it reaches no others, and no files.
        usual: what is watched where the link says nothing. A link that names or changes a scenario says all of it.

    Raises InputError, with the key, its value and what is allowed, unless all of it can be raced.
    """
    usual = usual or Link()
    if len(query) > LONGEST_QUERY:
        raise InputError(f"the link has {len(query)} characters: at most {LONGEST_QUERY} are allowed")
    pairs = parse_qsl(query, keep_blank_values=True)
    _check_keys([key for key, _ in pairs])
    one = {key: text for key, text in pairs if key not in REPEATED and not key.endswith(REPEATED)}
    races = usual.races
    if any(key in RACE_KEYS or key.startswith(BESIDE) for key, _ in pairs):
        first = _setup("", one.get("scenario", usual.races[0].name), pairs, offered)
        races = (first,)
        if any(key.startswith(BESIDE) for key, _ in pairs):
            races = (first, _setup(BESIDE, one.get(f"{BESIDE}scenario", first.name), pairs, offered))
    weeks = max(race.scenario(offered).parameters.run.weeks for race in races)
    control = one.get("control", usual.control)
    check_control(control)
    return Link(
        races,
        seed=read_seed(one["seed"]) if "seed" in one else usual.seed,
        week=read_week(one["week"], weeks) if "week" in one else -1,
        control=control,
    )


def read_seed(text: str) -> int:
    """The seed in a text. Raises InputError unless it is a whole number in [0, 2**64)."""
    return _whole("seed", text, 0, HIGHEST_SEED)


def read_week(text: str, weeks: int) -> int:
    """The week of a race of so many weeks in a text. Raises InputError unless it has such a week."""
    return _whole("week", text, 0, weeks - 1)


def read_value(path: str, text: str) -> Value:
    """The value of a parameter in a text; bounds are checked with the scenario that it changes.

    Raises InputError if there is no such parameter, or no such value of its kind.
    """
    check_path(path)
    value = _value(BY_PATH[path], text.strip())
    if value is None:
        raise InputError(refused(path, text))
    return value


def plain(value: Value) -> str:
    """A value as links, lists and fields show it, which `read_value` reads back to the bit."""
    return value if isinstance(value, str) else toml_value(value)


def readable(path: str) -> str:
    """The path of a parameter in words: "workshops iteration weeks"."""
    return path.replace(".", " ").replace("_", " ")


def setup_of(scenario: Scenario, offered: Offered) -> Setup:
    """The race of a scenario from elsewhere, told as one that is offered and what is changed in it.

    Raises InputError if the one that is offered has events of its own.
    """
    name = scenario.name if scenario.name in offered else USUAL_SCENARIO
    base = offered[name]
    if any(event not in scenario.events for event in base.events):
        raise InputError(f"{scenario.name} cannot be told as {name} with changes: {name} has events of its own")
    values, usual = scenario.parameters.values(), base.parameters.values()
    return Setup(
        name,
        tuple((path, value) for path, value in values.items() if value != usual[path]),
        tuple(event for event in scenario.events if event not in base.events),
    )


def _few(parts: Sequence[str]) -> list[str]:
    """The first of the parts, and how many more there are."""
    more = len(parts) - MOST_PARTS
    if more <= 0:
        return list(parts)
    return [*parts[:MOST_PARTS], f"{more} more change{'s' if more > 1 else ''}"]


def _pairs(race: Setup, prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}scenario", race.name
    for path, value in race.changes:
        yield f"{prefix}set", f"{path}:{plain(value)}"
    for event in race.events:
        yield f"{prefix}event", f"{event.week}:{event.path}:{plain(event.value)}"


def _check_keys(keys: list[str]) -> None:
    for key in keys:
        if key not in KEYS:
            hint = did_you_mean(nearest(key, KEYS))
            raise InputError(f"link: unknown key {shown(key)}.{hint} A link has {', '.join(KEYS)}.")
        if not key.endswith(REPEATED) and keys.count(key) > 1:
            raise InputError(f"link: {key} is given {keys.count(key)} times: give it once")


def _setup(prefix: str, name: str, pairs: list[tuple[str, str]], offered: Offered) -> Setup:
    """One race of a link, checked as a whole."""
    changes: dict[str, Value] = {}
    events = []
    for key, text in pairs:
        if key == f"{prefix}set":
            path, value = _change(key, text)
            if path in changes:
                raise InputError(f"link: {key} = {shown(text)}: {path} is set twice")
            changes[path] = value
        elif key == f"{prefix}event":
            events.append(_event(key, text))
    setup = Setup(name, tuple(changes.items()), tuple(sorted(events, key=lambda event: event.week)))
    try:
        setup.scenario(offered)
    except InputError as error:
        raise error.within(f"link: {prefix.rstrip('.')}" if prefix else "link") from None
    return setup


def _change(key: str, text: str) -> tuple[str, Value]:
    path, colon, value = text.partition(":")
    if not colon:
        raise InputError(f"link: {key} = {shown(text)} is not allowed: write path:value, such as teams.skill:0.5")
    try:
        return path, read_value(path, value)
    except InputError as error:
        raise error.within(f"link: {key}") from None


def _event(key: str, text: str) -> Event:
    week, colon, change = text.partition(":")
    if not colon or not _WEEK.fullmatch(week) or ":" not in change:
        raise InputError(
            f"link: {key} = {shown(text)} is not allowed: write week:path:value, such as 40:teams.skill:0.2"
        )
    path, value = _change(key, change)
    return Event(int(week), path, value, CHANGED_HERE)


def _offered(name: str, offered: Offered) -> Scenario:
    if name not in offered:
        raise InputError(
            f"scenario = {shown(name)} is not allowed: give one of {', '.join(offered)}."
            f"{did_you_mean(nearest(name, offered))}"
        )
    return offered[name]


def _value(field: ParameterField, text: str) -> Value | None:
    if field.kind == "choice":
        return text if text in field.choices else None
    if field.kind == "bool":
        return {"true": True, "false": False}.get(text)
    if field.kind == "int":
        return int(text) if _WHOLE.fullmatch(text) else None
    try:
        return float(text)
    except ValueError:
        return None


def _whole(key: str, text: str, low: int, high: int) -> int:
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise InputError(f"{key} = {shown(text)} is not allowed: give a whole number in [{low}, {high}]")
    return int(text)


def _without(items: tuple[Kept, ...], number: int, what: str) -> tuple[Kept, ...]:
    if not 0 <= number < len(items):
        raise InputError(f"there is no {what} number {number}: there are {len(items)}")
    return items[:number] + items[number + 1 :]
