"""Loads scenarios: from the library, from files, on a base, with overrides."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from race_sim.errors import InputError
from race_sim.scenario.files import read_toml
from race_sim.scenario.overrides import parse_overrides
from race_sim.scenario.resolve import merged
from race_sim.scenario.scenario import Event, Scenario
from race_sim.scenario.schema import GROUPS, Parameters
from race_sim.scenario.text import did_you_mean, nearest, shown

LIBRARY = Path(__file__).parent / "library"
_HEAD = ("title", "description", "base", "event")
_EVENT = ("week", "set", "value")


def library() -> list[str]:
    """Names of the scenarios that come with the package, the baseline first."""
    names = (path.stem for path in LIBRARY.glob("*.toml"))
    return sorted(names, key=lambda name: (name != "baseline", name))


def load(name_or_path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> Scenario:
    """The library scenario of that name, or the one in the file at that path, with overrides applied.

    An override is `path=value`, such as `teams.skill=0.5`. Raises InputError for anything the user got wrong.
    """
    scenario = _load(_find(name_or_path, Path()), ())
    if not overrides:
        return scenario
    changes = parse_overrides(overrides)
    try:
        return scenario.with_changes(changes, origin="--set")
    except InputError as error:
        raise error.within(f"{name_or_path} with overrides") from None


def _find(name_or_path: str | os.PathLike[str], folder: Path) -> Path:
    """The file of a scenario named in `folder`: a library name wins over a file of the same name."""
    name = os.fspath(name_or_path)
    known = library()
    if name in known:
        return LIBRARY / f"{name}.toml"
    named = Path(name)
    if name and (named.suffix == ".toml" or len(named.parts) > 1 or os.path.lexists(folder / named)):
        return folder / named
    raise InputError(
        f"unknown scenario {shown(name)}.{did_you_mean(nearest(name, known))}"
        f" The library has {', '.join(known)}; or give the path of a .toml file."
    )


def _load(path: Path, above: tuple[Path, ...]) -> Scenario:
    """The scenario in a file; `above` are the files that name it, directly or not, as their base."""
    data = read_toml(path)
    here = path.resolve()
    if here in above:
        raise InputError(f"{path}: is its own base: {' -> '.join(file.name for file in (*above, here))}")
    try:
        base_file = _find(_text(data, "base"), path.parent) if "base" in data else None
    except InputError as error:
        raise error.within(f"{path}: base") from None
    base = _load(base_file, (*above, here)) if base_file else None
    try:
        return _scenario(path, data, base)
    except InputError as error:
        raise error.within(path) from None


def _scenario(path: Path, data: Mapping[str, Any], base: Scenario | None) -> Scenario:
    for key in data:
        if key not in _HEAD and key not in GROUPS:
            raise InputError(f"unknown key or table {shown(key)}.{did_you_mean(nearest(key, (*_HEAD, *GROUPS)))}")
    here = f"scenario {path.stem}" if path.parent == LIBRARY else path.name
    events = _events(data.get("event", []), here)
    set_here = {(event.week, event.path) for event in events}
    inherited = [
        replace(event, origin=f"{event.origin}, base of {here}")
        for event in (base.events if base else ())
        if (event.week, event.path) not in set_here
    ]
    tables = {key: table for key, table in data.items() if key in GROUPS}
    origins = {name: f"{origin}, base of {here}" for name, origin in base.origins.items()} if base else {}
    origins |= {f"{group}.{key}": here for group, table in tables.items() if isinstance(table, dict) for key in table}
    return Scenario(
        name=path.stem,
        title=_text(data, "title") if "title" in data else path.stem,
        description=_text(data, "description"),
        parameters=merged(base.parameters if base else Parameters(), tables),
        events=(*inherited, *events),
        origins=origins,
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{key} = {shown(value)} is not allowed: give a text in quotes")
    return value


def _events(tables: object, here: str) -> list[Event]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError("event is a list of tables: write each as [[event]] with week, set and value")
    return [_event(number, table, here) for number, table in enumerate(tables, start=1)]


def _event(number: int, table: Mapping[str, Any], here: str) -> Event:
    for key in table:
        if key not in _EVENT:
            raise InputError(f"event {number}: unknown key {shown(key)}.{did_you_mean(nearest(key, _EVENT))}")
    for key in _EVENT:
        if key not in table:
            raise InputError(f"event {number}: {key} is missing; an event has week, set and value")
    week, path = table["week"], table["set"]
    if not isinstance(week, int) or isinstance(week, bool):
        raise InputError(f"event {number}: week = {shown(week)} is not allowed: give a whole number")
    if not isinstance(path, str):
        raise InputError(f'event {number}: set = {shown(path)} is not allowed: give a parameter as "group.key"')
    return Event(week, path, table["value"], here)
