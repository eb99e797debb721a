"""Writes `docs/parameters.md`, the schema as tables for readers.

Run `python -m race_sim.scenario.document` in a clone after a change of the schema; a test fails if it is
stale.
"""

from pathlib import Path

from race_sim.scenario.describe import Row, describe
from race_sim.scenario.parameter import Reading
from race_sim.scenario.schema import BY_PATH, GROUPS, Parameters
from race_sim.scenario.text import toml_value

PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"

_HEAD = """\
<!-- GENERATED from the schema by `python -m race_sim.scenario.document` (`make docs-table`): do not edit. -->

# Parameters

Every parameter of a scenario, in the order of the schema. The path is what `--set path=value` and the `set`
of an event take; in a scenario file the part before the dot is a table. Unit `1` marks a number without
dimension, a switch or a choice. Square brackets include a bound, round ones exclude it. A parameter marked
"fixed" holds for the whole run; all others can change at the start of any week by an
[event](extending.md#a-scenario-of-your-own).

Sources: `S1-28` and the like are rows of the seed documents, `W020` of the web evidence, `SF03` stylised
facts. A number with evidence follows from figures of these rows by the arithmetic shown, which a test works out
again; a switch or a choice is a reading of them. "Assumed" means that no evidence fixes the value, though rows may
inform it: the plausible range says how far to vary it, and a conclusion that hangs on it should be shown over that
range. `race-sim evidence PARAMETER` prints the rows, `race-sim evidence ID` what a row sets. What each parameter
does is told in [the model](model.md).
"""

_COLUMNS = ("Path", "Default", "Unit", "Bounds", "In a run", "Meaning", "Source")


def page() -> str:
    """The text of the generated page."""
    rows = describe(Parameters())
    parts = [_HEAD]
    for group, model in GROUPS.items():
        parts.append(f"\n## {group}\n\n{model.__doc__}\n\n")
        parts.append(_line(_COLUMNS) + _line(("---",) * len(_COLUMNS)))
        parts += [_line(_cells(row)) for row in rows if BY_PATH[row.path].group == group]
    return "".join(parts)


def _cells(row: Row) -> tuple[str, ...]:
    changes = "fixed" if BY_PATH[row.path].fixed else "can change"
    default = toml_value(row.default)
    source = row.source + _arithmetic(row.path)
    return (f"`{row.path}`", f"`{default}`", row.unit, row.bounds, changes, row.description, source)


def _arithmetic(path: str) -> str:
    """How the default and its range follow from figures of the evidence."""
    source = BY_PATH[path].source
    if isinstance(source, Reading):
        return ""
    return "".join(f"; {of} = `{expression}`" for of, expression in source.expressions.items())


def _line(cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
