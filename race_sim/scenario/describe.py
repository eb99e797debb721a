"""Parameters as rows for readers: `race-sim show` and the parameter table of the documentation."""

from typing import NamedTuple

from race_sim.scenario.schema import FIELDS, Parameters, Value


class Row(NamedTuple):
    """One parameter of a scenario: its value and what the schema says of it."""

    path: str
    value: Value
    unit: str
    bounds: str
    default: Value
    description: str
    source: str


def describe(parameters: Parameters) -> list[Row]:
    """One row per parameter, in schema order."""
    return [
        Row(
            path=field.path,
            value=parameters.value(field.path),
            unit=field.unit,
            bounds=field.bounds,
            default=field.default,
            description=field.description,
            source=str(field.source),
        )
        for field in FIELDS
    ]
