"""Parameters as rows for readers: `race-sim show` and the parameter table of the documentation."""

from collections.abc import Mapping
from typing import NamedTuple

from race_sim.scenario.schema import FIELDS, ParameterField, Parameters, Value


class Row(NamedTuple):
    """One parameter of a scenario: its value, what the schema says of it, and where the value comes from."""

    path: str
    value: Value
    unit: str
    bounds: str
    default: Value
    description: str
    source: str


def describe(parameters: Parameters, origins: Mapping[str, str] | None = None) -> list[Row]:
    """One row per parameter, in schema order.

    The source of a default is the schema's; that of any other value is what set it, from a scenario's `origins`.
    """
    return [
        Row(
            path=field.path,
            value=parameters.value(field.path),
            unit=field.unit,
            bounds=field.bounds,
            default=field.default,
            description=field.description,
            source=_source(field, parameters.value(field.path), origins or {}),
        )
        for field in FIELDS
    ]


def _source(field: ParameterField, value: Value, origins: Mapping[str, str]) -> str:
    if value == field.default:
        return str(field.source)
    return f"set by {origins.get(field.path, 'the caller')}"
