"""Both ways between a row of evidence and what it sets: `race-sim evidence`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from race_sim.errors import InputError
from race_sim.scenario.arithmetic import Result, evaluate, names_in
from race_sim.scenario.evidence import Evidence, evidence, figures
from race_sim.scenario.loading import library, load
from race_sim.scenario.parameter import Assumed, Reading, Source, figure_name
from race_sim.scenario.resolve import nearest_parameters
from race_sim.scenario.schema import BY_PATH, FIELDS, ParameterField, Value
from race_sim.scenario.text import did_you_mean, nearest, shown

Basis: TypeAlias = Literal["evidence", "reading", "assumed"]

_BASES: dict[type, Basis] = {Source: "evidence", Reading: "reading", Assumed: "assumed"}


@dataclass(frozen=True)
class Step:
    """How the default or a bound of its plausible range comes about.

    `of` is "default", "low" or "high" and `value` what the schema has. `arithmetic`, if it has one, is over
    `figures` and gives `result`.
    """

    of: str
    value: Value
    arithmetic: str | None
    figures: dict[str, Result]
    result: Result | None


@dataclass(frozen=True)
class Setting:
    """A scenario of the library that gives a parameter another value, from `week` on."""

    scenario: str
    week: int
    path: str
    value: Value
    default: Value


@dataclass(frozen=True)
class ParameterTrail:
    """From a parameter back to the rows of evidence: those its arithmetic uses and those that inform it."""

    path: str
    default: Value
    unit: str
    description: str
    basis: Basis
    note: str
    steps: tuple[Step, ...]
    rows: tuple[Evidence, ...]
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Use:
    """What a row does for a parameter: steps whose arithmetic uses its figures; none if it informs the note."""

    path: str
    default: Value
    unit: str
    basis: Basis
    note: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class RowTrail:
    """From a row of evidence to what it sets.

    `scenarios` have names and titles; `patterns` are the stylised facts that rest on it; `rests_on` are the rows
    behind it if it is one itself.
    """

    row: Evidence
    uses: tuple[Use, ...]
    scenarios: dict[str, str]
    patterns: tuple[Evidence, ...]
    rests_on: tuple[Evidence, ...]


@dataclass(frozen=True)
class ScenarioTrail:
    """What a scenario of the library changes, and the rows it takes up."""

    name: str
    title: str
    settings: tuple[Setting, ...]
    rows: tuple[Evidence, ...]


@dataclass(frozen=True)
class Overview:
    """How many rows there are, by file and kind, as (all, used), and how many parameters stand on what."""

    rows: dict[tuple[str, str], tuple[int, int]]
    parameters: dict[str, int]


Trail: TypeAlias = ParameterTrail | RowTrail | ScenarioTrail


def trail(name: str) -> Trail:
    """The trail of a row (`W057`), a parameter (`workshops.count`) or a scenario of the library (`fast_red`).

    Raises InputError, with the nearest names, for anything else.
    """
    rows = evidence()
    if name.upper() in rows:
        return row_trail(rows[name.upper()])
    if name in BY_PATH:
        return parameter_trail(BY_PATH[name])
    if name in library():
        return scenario_trail(name)
    options = nearest(name, [*rows, *library()]) if "." not in name else []
    raise InputError(
        f"unknown row, parameter or scenario {shown(name)}.{did_you_mean(options or nearest_parameters(name))}"
        " Give an id such as W057, a parameter such as workshops.count or a scenario such as fast_red."
    )


def parameter_trail(field: ParameterField) -> ParameterTrail:
    """From a parameter back to its rows."""
    return ParameterTrail(
        path=field.path,
        default=field.default,
        unit=field.unit,
        description=field.description,
        basis=_BASES[type(field.source)],
        note=field.source.note,
        steps=_steps(field),
        rows=tuple(evidence()[row_id] for row_id in field.source.ids),
        settings=tuple(setting for name in library() for setting in _settings(name) if setting.path == field.path),
    )


def row_trail(row: Evidence) -> RowTrail:
    """From a row to the parameters, scenarios and stylised facts that it sets."""
    rows = evidence()
    return RowTrail(
        row=row,
        uses=tuple(_use(BY_PATH[path], row) for path in row.parameters),
        scenarios={name: load(name).title for name in row.scenarios},
        patterns=tuple(rows[row_id] for row_id in row.patterns),
        rests_on=tuple(rows[row_id] for row_id in row.sources),
    )


def scenario_trail(name: str) -> ScenarioTrail:
    """From a scenario of the library to the rows it takes up."""
    rows = tuple(row for row in evidence().values() if name in row.scenarios)
    return ScenarioTrail(name, load(name).title, tuple(_settings(name)), rows)


def overview() -> Overview:
    """Counts of rows and parameters. A parameter is "assumed" or, if rows inform it, "assumed, informed"."""
    rows = evidence().values()
    total = Counter((row.file, row.kind) for row in rows)
    used = Counter((row.file, row.kind) for row in rows if row.sets)
    standing = Counter(standing_of(field) for field in FIELDS)
    return Overview({key: (count, used[key]) for key, count in total.items()}, dict(standing))


def unused(kind: str | None = None) -> dict[str, list[Evidence]]:
    """The rows that set nothing, by the first part of their reason (up to a colon), the largest group first.

    Raises InputError if there is no such kind of row.
    """
    rows = evidence().values()
    kinds = sorted({row.kind for row in rows})
    if kind is not None and kind not in kinds:
        meant = did_you_mean(nearest(kind, kinds))
        raise InputError(f"unknown kind of row {shown(kind)}.{meant} There are {', '.join(kinds)}.")
    groups: dict[str, list[Evidence]] = {}
    for row in rows:
        if row.unused and kind in (None, row.kind):
            groups.setdefault(row.unused.partition(":")[0], []).append(row)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


def standing_of(field: ParameterField) -> str:
    """What a default stands on: evidence, a reading of it, or an assumption, perhaps an informed one."""
    basis = _BASES[type(field.source)]
    return "assumed, informed" if basis == "assumed" and field.source.ids else basis


def _steps(field: ParameterField) -> tuple[Step, ...]:
    source = field.source
    if isinstance(source, Reading):
        return (Step("default", field.default, None, {}, None),)
    values = {"default": field.default, "low": source.low, "high": source.high}
    return tuple(_step(of, value, source.expressions.get(of)) for of, value in values.items() if value is not None)


def _step(of: str, value: Value, arithmetic: str | None) -> Step:
    if arithmetic is None:
        return Step(of, value, None, {}, None)
    names = figures(evidence())
    used = {name: names[name] for name in names_in(arithmetic) if name in names}
    return Step(of, value, arithmetic, used, evaluate(arithmetic, names))


def _use(field: ParameterField, row: Evidence) -> Use:
    own = {figure_name(row.id, name) for name in row.figures}
    steps = tuple(step for step in _steps(field) if own & set(step.figures))
    return Use(field.path, field.default, field.unit, _BASES[type(field.source)], field.source.note, steps)


def _settings(name: str) -> Iterable[Setting]:
    scenario = load(name)
    for field in FIELDS:
        value = scenario.parameters.value(field.path)
        if value != field.default:
            yield Setting(name, 0, field.path, value, field.default)
    for event in scenario.events:
        yield Setting(name, event.week, event.path, event.value, BY_PATH[event.path].default)
