"""From tables of plain values to checked parameters; faults are explained in the words of a scenario file."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from race_sim.errors import InputError
from race_sim.scenario.schema import BY_PATH, FIELDS, GROUPS, Parameters
from race_sim.scenario.text import did_you_mean, nearest, shown

Tables = Mapping[str, Any]


def resolve(tables: Tables) -> Parameters:
    """Check the groups of a scenario, {group: {key: value}}, and fill in defaults.

    Raises InputError with one line for each fault.
    """
    try:
        return Parameters.model_validate(tables)
    except ValidationError as error:
        faults = [_explain(fault) for fault in error.errors(include_url=False)]
    raise InputError("\n".join(faults))


def merged(base: Parameters, tables: Tables) -> Parameters:
    """The base with the given groups or single keys replaced, checked as a whole.

    Raises InputError with one line for each fault.
    """
    values: dict[str, Any] = base.model_dump()
    for group, table in tables.items():
        known = isinstance(table, Mapping) and group in values
        values[group] = {**values[group], **table} if known else table
    return resolve(values)


def changed(base: Parameters, changes: Mapping[str, object]) -> Parameters:
    """The base with the values at dotted paths replaced, checked as a whole. NumPy scalars are welcome.

    Raises InputError with one line for each fault.
    """
    tables: dict[str, dict[str, object]] = {}
    for path, value in changes.items():
        check_path(path)
        group, name = path.split(".")
        tables.setdefault(group, {})[name] = value.item() if hasattr(value, "item") else value
    return merged(base, tables)


def check_path(path: str) -> None:
    """Raises InputError, with the nearest match, unless the dotted path names a parameter."""
    if path not in BY_PATH:
        raise InputError(f"unknown parameter {shown(path)}.{did_you_mean(nearest_parameters(path))}")


def refused(path: str, value: object) -> str:
    """Sentence saying that a parameter cannot have this value, and what it can have."""
    return f"{path} = {shown(value)} is not allowed: give {BY_PATH[path].allowed}"


def nearest_parameters(path: str) -> list[str]:
    """Parameters that an unknown path may have meant: the right key in the wrong group first."""
    group, _, key = path.rpartition(".")
    same_key = [field.path for field in FIELDS if field.name == key]
    if len(same_key) == 1 or (same_key and not group):
        return same_key
    if group in GROUPS:
        return [f"{group}.{name}" for name in nearest(key, GROUPS[group].model_fields)]
    if not group:
        names = nearest(key, [field.name for field in FIELDS])
        return [field.path for field in FIELDS if field.name in names]
    return nearest(path, BY_PATH)


def _explain(fault: ErrorDetails) -> str:
    match fault["loc"]:
        case ():
            return str(fault["ctx"]["error"])
        case (group,) if group in GROUPS:
            return f"{group} = {shown(fault['input'])} is not allowed: {group} is a table, [{group}], of keys"
        case (group,):
            return f"unknown key or table {shown(group)}.{did_you_mean(nearest(str(group), GROUPS))}"
        case (group, key) if f"{group}.{key}" in BY_PATH:
            return refused(f"{group}.{key}", fault["input"])
        case (group, key, *_):
            return f"unknown key {shown(key)} in [{group}].{did_you_mean(nearest_parameters(f'{group}.{key}'))}"
    raise AssertionError(fault)
