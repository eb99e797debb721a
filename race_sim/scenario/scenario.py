"""A scenario: parameters, what changes them while the run lasts, and what question the whole answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from race_sim.errors import InputError
from race_sim.scenario.resolve import changed, check_path
from race_sim.scenario.schema import BY_PATH, FIELDS, GROUPS, Parameters, Value
from race_sim.scenario.text import shown, toml_string, toml_value

if TYPE_CHECKING:
    from race_sim.scenario.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Event:
    """From the start of `week` on, the parameter at `path` has `value`; `origin` says in words what set it."""

    week: int
    path: str
    value: Value
    origin: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"event in week {self.week} setting {self.path} = {shown(self.value)}"


@dataclass(frozen=True)
class Scenario:
    """What a run is. Always valid: a contradiction raises InputError when the scenario is made.

    `name` is the library name or the file's stem, `parameters` hold at the start, `events` change them later.
    `origins` says in words, by dotted path, what gave a parameter its value; a default needs no word.
    """

    name: str
    title: str
    description: str
    parameters: Parameters
    events: tuple[Event, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check_events(self.events, self.parameters.run.weeks)
        self.segments  # noqa: B018 -- computed once, here, so that a contradiction is found now

    @cached_property
    def segments(self) -> tuple[tuple[int, Parameters], ...]:
        """First week and parameters of each stretch of constant parameters, from week 0 on."""
        return tuple(_segments(self.parameters, self.events))

    def in_force(self, week: int) -> Parameters:
        """The parameters that hold in a week; before the first those of week 0, after the last those of the last."""
        begun = [parameters for first, parameters in self.segments if first <= max(week, 0)]
        return begun[-1]

    @property
    def changes(self) -> dict[str, Value]:
        """Values at the start of the run that differ from the defaults of the schema, by dotted path."""
        values = self.parameters.values()
        return {field.path: values[field.path] for field in FIELDS if values[field.path] != field.default}

    def with_changes(self, changes: Mapping[str, object], origin: str = "a change in Python") -> Scenario:
        """The scenario with other values at the start of the run, {dotted path: value}; events stay.

        `origin` says in words who changes them. Raises InputError if a path is unknown, a value not allowed or the
        whole contradictory.
        """
        origins = {**self.origins, **dict.fromkeys(changes, origin)}
        return replace(self, parameters=changed(self.parameters, changes), origins=origins)

    def timeline(self) -> Timeline:
        """The run's parameters as records of the compiled law, and which record holds in which week."""
        return self._timeline

    @cached_property
    def _timeline(self) -> Timeline:
        # Imported late: `tabulate` imports this package before the table behind the records is up to date.
        from race_sim.scenario.timeline import timeline  # noqa: PLC0415

        return timeline(self.parameters.run.weeks, self.segments)

    def to_toml(self) -> str:
        """A scenario file with every parameter written out, which loads to the same scenario."""
        lines = [f"title = {toml_string(self.title)}", f"description = {toml_string(self.description)}"]
        for group in GROUPS:
            lines += ["", f"[{group}]"]
            for known in FIELDS:
                if known.group == group:
                    lines.append(f"{known.name} = {toml_value(self.parameters.value(known.path))}")
        for event in self.events:
            lines += ["", "[[event]]", f"week = {event.week}"]
            lines += [f"set = {toml_string(event.path)}", f"value = {toml_value(event.value)}"]
        return "\n".join(lines) + "\n"


def _check_events(events: tuple[Event, ...], weeks: int) -> None:
    seen: dict[tuple[int, str], Event] = {}
    for event in events:
        try:
            check_path(event.path)
        except InputError as error:
            raise error.within(f"event in week {event.week}") from None
        if not 0 <= event.week < weeks:
            raise InputError(f"{event}: the run has weeks 0 to {weeks - 1}")
        if BY_PATH[event.path].fixed:
            raise InputError(
                f"{event}: {event.path} is fixed for the whole run; set it in [{BY_PATH[event.path].group}]"
            )
        other = seen.get((event.week, event.path))
        if other is not None:
            raise InputError(f"{event}: another event sets it in the same week, to {shown(other.value)}")
        seen[event.week, event.path] = event


def _segments(parameters: Parameters, events: tuple[Event, ...]) -> Iterator[tuple[int, Parameters]]:
    changes: dict[int, dict[str, object]] = {0: {}}
    for event in events:
        changes.setdefault(event.week, {})[event.path] = event.value
    for week in sorted(changes):
        if changes[week]:
            try:
                parameters = changed(parameters, changes[week])
            except InputError as error:
                raise error.within(f"events of week {week}") from None
        yield week, parameters
