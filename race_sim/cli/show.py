"""`race-sim show`: the parameters of a scenario."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.options import ScenarioArgument, Settings
from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from rich.console import Console

    from race_sim.scenario import Event, Row

EXAMPLES = (
    "race-sim show baseline",
    "race-sim show interceptors --changed",
    "race-sim show mine.toml --set teams.skill=0.5",
)

ROOM_FOR_SOURCES = 110  # a narrower screen has no room for a column of sources


def show(
    scenario: ScenarioArgument,
    changed: Annotated[bool, typer.Option("--changed", help="List only what differs from the default.")] = False,
    settings: Settings = None,
) -> None:
    """Show every parameter of a scenario: value, unit, bounds and source."""
    from race_sim.scenario import describe, load

    chosen = load(scenario, settings or ())
    rows = [row for row in describe(chosen.parameters, chosen.origins) if not changed or row.value != row.default]
    screen = results()
    screen.print(f"{chosen.name}: {chosen.title}")
    screen.print(" ".join(chosen.description.split()))
    if not rows:
        screen.print("Every parameter is at its default.")
    elif screen.width >= ROOM_FOR_SOURCES:
        _print_table(screen, rows, with_default=changed)
    else:
        _print_list(screen, rows)
    if chosen.events:
        _print_events(screen, chosen.events)


def _print_table(screen: "Console", rows: "Sequence[Row]", *, with_default: bool) -> None:
    from race_sim.scenario.text import toml_value

    default = ("default",) if with_default else ()
    listed = table(
        *("parameter", "value", *default, "unit", "bounds", "source"),
        numbers=("value", "default"),
        whole=("parameter",),
    )
    for row in rows:
        values = [toml_value(row.value), *([toml_value(row.default)] if with_default else [])]
        listed.add_row(row.path, *values, row.unit, row.bounds, row.source)
    screen.print(listed)


def _print_list(screen: "Console", rows: "Sequence[Row]") -> None:
    from rich.padding import Padding

    from race_sim.scenario.text import toml_value

    for row in rows:
        unit = "" if row.unit == "1" else f" {row.unit}"
        default = "" if row.value == row.default else f" (default {toml_value(row.default)})"
        screen.print(f"\n{row.path} = {toml_value(row.value)}{unit}{default}")
        screen.print(Padding(f"{row.bounds}; {row.source}", (0, 0, 0, 4)))


def _print_events(screen: "Console", events: "Sequence[Event]") -> None:
    from race_sim.scenario.text import toml_value

    listed = table("from week", "parameter", "value", "source", title="Events", numbers=("from week", "value"))
    for event in events:
        listed.add_row(str(event.week), event.path, toml_value(event.value), f"set by {event.origin}")
    screen.print(listed)
