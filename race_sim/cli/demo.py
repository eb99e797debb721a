"""`race-sim demo`: what a cycle of a week is worth, in a minute."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note, results, table
from race_sim.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.study.demo import DemoResult

EXAMPLES = (
    "race-sim demo",
    "race-sim demo --out results/my-demo",
)

FOLDER = Path("results/demo")
REGIME = ("founders", "countermeasures")


def demo(
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write figure and numbers; all files go into this new directory."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few and small races: tests the set-up, shows nothing.")
    ] = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", help=f"Write no report. Without it: {FOLDER}/report.html, replaced.")
    ] = False,
) -> None:
    """Race forces that differ only in cycle length and arsenal, and say what the numbers showed.

    Everything is also in a report, one page for a browser, whose place is told at the end.
    """
    from race_sim.study.report import check_report
    from race_sim.study.staging import check_target

    report = None if no_report else (out or FOLDER) / "report.html"
    if out is not None:
        check_target(out, overwrite=overwrite)
    elif report is not None:
        check_report(report)
    with Watch("racing", None) as watch:
        from race_sim.analysis.forces import Regime
        from race_sim.study.demo import HOW_TO_READ, run_demo

        shown = run_demo(watch.report, "quick" if quick else "full")
        failure = _save(shown, out, report, overwrite=overwrite)
    screen = results()
    screen.print(HOW_TO_READ)
    for (founders, countermeasures), rows in groupby(shown.rows, itemgetter(*REGIME)):
        forces = [{key: cell for key, cell in row.items() if key not in REGIME} for row in rows]
        screen.print(_table(forces, f"Forces: {Regime(founders, countermeasures)}"))
    screen.print(
        _table(
            shown.control_rows, "Controls: the same ratio for the longest cycle, with x1 arsenal but where x4 is said"
        )
    )
    screen.print(shown.verdict)
    screen.print(f"\n{shown.setting}")
    screen.print(f"\n{shown.races:,} races in {shown.seconds:.1f} s: {shown.rate:,.0f} a second.")
    if failure is not None:
        raise failure
    if out is not None:
        note(f"wrote {out}: figure, numbers and provenance")
    if report is not None:
        note(f"wrote the report, to be opened in a browser: {report}")


def _save(shown: "DemoResult", out: Path | None, report: Path | None, *, overwrite: bool) -> InputError | None:
    """Write what was asked for; what went wrong is told only after the results, which are not lost with the disk."""
    from race_sim.study.demo_report import demo_report
    from race_sim.study.report import write_report

    try:
        if out is not None:
            shown.save(out, overwrite=overwrite, command=command_line(), report=report is not None)
        elif report is not None:
            write_report(demo_report(shown, shown.provenance(command_line())), report)
    except InputError as error:
        return error.within("no report was written") if out is None else error
    return None


def _table(rows: Sequence[Mapping[str, str]], title: str) -> "Table":
    made = table(*rows[0], title=title)
    for row in rows:
        made.add_row(*(cell.replace(" [", "\n[") for cell in row.values()))
    return made
