"""Writes `race_sim/parameter_table.py`, the schema as plain names for the compiled law.

Run `python -m race_sim.scenario.tabulate` after a change of the schema; a test fails if it is stale.
"""

from pathlib import Path

from race_sim.scenario.schema import FIELDS, ParameterField

TABLE = Path(__file__).parents[1] / "parameter_table.py"

_HEAD = '''"""GENERATED from the schema by `python -m race_sim.scenario.tabulate`: do not edit.

`FIELDS` are the fields of the parameter record (name, NumPy type) in schema order; constants number choices.
"""
'''


def table() -> str:
    """The text of the generated module."""
    lines = [_HEAD, "FIELDS: tuple[tuple[str, str], ...] = ("]
    lines.extend(f'    ("{field.record_name}", "{_number_type(field)}"),' for field in FIELDS)
    lines.append(")\n")
    for field in FIELDS:
        prefix = field.record_name.upper()
        lines.extend(f"{prefix}_{choice.upper()} = {number}" for number, choice in enumerate(field.choices))
    return "\n".join(lines) + "\n"


def _number_type(field: ParameterField) -> str:
    return "f8" if field.kind == "float" else "i8"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
