"""`race-sim evidence`: where values come from, and what a piece of evidence sets."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from race_sim.scenario.evidence import Evidence
    from race_sim.scenario.trail import ParameterTrail, RowTrail, ScenarioTrail, Setting, Step, Use

EXAMPLES = (
    "race-sim evidence",
    "race-sim evidence workshops.count",
    "race-sim evidence W057",
    "race-sim evidence fast_red",
    "race-sim evidence --unused --kind mechanism",
)


def evidence(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ID|PARAMETER|SCENARIO]", help="A row, a parameter or a scenario of the library."),
    ] = None,
    unused: Annotated[bool, typer.Option("--unused", help="List the rows that set nothing, by reason.")] = False,
    kind: Annotated[str | None, typer.Option("--kind", help="With --unused: only rows of this kind.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Trace a parameter to its evidence, and a row of evidence to what it sets."""
    if unused and name is not None:
        raise typer.BadParameter("give either --unused or a name")
    if kind is not None and not unused:
        raise typer.BadParameter("--kind goes with --unused")
    if unused:
        _show_unused(kind, as_json=as_json)
    elif name is not None:
        _show_trail(name, as_json=as_json)
    else:
        _show_overview(as_json=as_json)


def _show_overview(*, as_json: bool) -> None:
    from race_sim.scenario.trail import overview

    counts = overview()
    if as_json:
        rows = [
            {"file": file, "kind": kind, "rows": all_rows, "used": used}
            for (file, kind), (all_rows, used) in counts.rows.items()
        ]
        _print_json({"rows": rows, "parameters": counts.parameters})
        return
    screen = results()
    listed = table("file", "kind", "rows", "used", title="Rows of evidence", numbers=("rows", "used"), whole=("file",))
    for (file, kind), (all_rows, used) in counts.rows.items():
        listed.add_row(file, kind, str(all_rows), str(used))
    totals = [sum(pair[which] for pair in counts.rows.values()) for which in (0, 1)]
    listed.add_row("all", "", *map(str, totals))
    screen.print(listed)
    listed = table("basis", "parameters", title="What defaults stand on", numbers=("parameters",))
    for basis, count in counts.parameters.items():
        listed.add_row(basis, str(count))
    screen.print(listed)
    screen.print("Ask on: race-sim evidence W057, workshops.count or fast_red; --unused lists the rest with reasons.")


def _show_unused(kind: str | None, *, as_json: bool) -> None:
    from race_sim.scenario.trail import unused

    groups = unused(kind)
    if as_json:
        _print_json({reason: [asdict(row) for row in rows] for reason, rows in groups.items()})
        return
    screen = results()
    screen.print(f"{sum(map(len, groups.values()))} rows set nothing.")
    for reason, rows in groups.items():
        listed = table("id", "what it says", "why unused", title=f"{reason} ({len(rows)})", whole=("id",))
        for row in rows:
            listed.add_row(row.id, row.text, row.unused.partition(":")[2].strip())
        screen.print(listed)


def _show_trail(name: str, *, as_json: bool) -> None:
    from race_sim.scenario.trail import ParameterTrail, RowTrail, trail

    found = trail(name)
    if as_json:
        _print_json(asdict(found))
    elif isinstance(found, ParameterTrail):
        _print_parameter(results(), found)
    elif isinstance(found, RowTrail):
        _print_row_trail(results(), found)
    else:
        _print_scenario(results(), found)


def _print_parameter(screen: "Console", found: "ParameterTrail") -> None:
    from race_sim.scenario.text import toml_value

    unit = "" if found.unit == "1" else f" {found.unit}"
    screen.print(f"{found.path} = {toml_value(found.default)}{unit}")
    screen.print(found.description)
    screen.print(f"Basis: {found.basis}{f': {found.note}' if found.note else ''}.")
    if found.basis != "reading":
        _print_steps(screen, found.steps)
    if found.rows:
        screen.print("\nRows:")
        _print_rows(screen, found.rows)
    if found.settings:
        screen.print("\nOther values in the library:")
        for setting in found.settings:
            _indent(screen, f"{setting.scenario}: {_changed(setting)}")


def _print_row_trail(screen: "Console", found: "RowTrail") -> None:
    _print_row(screen, found.row)
    if found.row.unused:
        _indent(screen, f"unused: {found.row.unused}")
    for use in found.uses:
        _print_use(screen, use)
    for scenario, title in found.scenarios.items():
        screen.print(f"\nSets scenario {scenario}: {title}")
    for pattern in found.patterns:
        screen.print(f"\nSets {pattern.id}: {pattern.text}, {pattern.value}")
    if found.rests_on:
        screen.print("\nRests on:")
        for row in found.rests_on:
            _indent(screen, f"{row.id}: {row.text}")


def _print_use(screen: "Console", use: "Use") -> None:
    from race_sim.scenario.text import toml_value

    unit = "" if use.unit == "1" else f" {use.unit}"
    verb = "Sets" if use.steps or use.basis == "reading" else "Informs"
    screen.print(f"\n{verb} {use.path} = {toml_value(use.default)}{unit} ({use.basis})")
    if not use.steps:
        _indent(screen, use.note)
    _print_steps(screen, use.steps)


def _print_scenario(screen: "Console", found: "ScenarioTrail") -> None:
    screen.print(f"{found.name}: {found.title}")
    if found.settings:
        screen.print("\nDiffers from the defaults in:")
        for setting in found.settings:
            _indent(screen, f"{setting.path} = {_changed(setting)}")
    if found.rows:
        screen.print("\nRows:")
        _print_rows(screen, found.rows)
    else:
        screen.print("\nNo row of evidence sets this scenario: it is a control, a baseline or an assumption.")


def _print_steps(screen: "Console", steps: "Iterable[Step]") -> None:
    from race_sim.scenario.text import toml_value

    for step in steps:
        if step.arithmetic is None:
            _indent(screen, f"{step.of} {toml_value(step.value)}: assumed")
        else:
            stated = ", ".join(f"{name} = {value:g}" for name, value in step.figures.items())
            where = "" if step.arithmetic in step.figures else f", with {stated}"
            _indent(screen, f"{step.of} {toml_value(step.value)} = {step.arithmetic}{where}")


def _changed(setting: "Setting") -> str:
    from race_sim.scenario.text import toml_value

    since = f" from week {setting.week}" if setting.week else ""
    return f"{toml_value(setting.value)}{since} (default {toml_value(setting.default)})"


def _print_rows(screen: "Console", rows: "Iterable[Evidence]") -> None:
    for row in rows:
        _print_row(screen, row)


def _print_row(screen: "Console", row: "Evidence") -> None:
    screen.print(f"{row.id} ({row.kind}): {row.text}")
    facts = (
        ("value", f"{row.value} {row.unit}".strip()),
        ("measure" if row.kind == "stylised fact" else "noted for", row.use),
        ("date", row.date),
        ("said by", row.said_by),
        ("page", row.url),
        ("quality", row.source_quality),
        ("basis", row.basis),
    )
    for label, fact in facts:
        if fact:
            _indent(screen, f"{label}: {fact}")


def _indent(screen: "Console", text: str) -> None:
    from rich.padding import Padding

    screen.print(Padding(text, (0, 0, 0, 4)))


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
