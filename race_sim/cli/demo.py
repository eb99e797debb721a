"""`race-sim demo`: what a cycle of a week is worth, in a minute."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note, results, table

if TYPE_CHECKING:
    from rich.table import Table

EXAMPLES = (
    "race-sim demo",
    "race-sim demo --out results/demo",
)

FOLDER = Path("race-sim-demo")
REGIME = ("founders", "countermeasures")
HOW_TO_READ = """\
Hits of the force with the shortest cycle and x1 arsenal (the reference) over hits of the force in the cell, in races \
apart with the same seeds; brackets hold 95% intervals. + the reference hits more, - it hits less, ? no evidence: the \
interval of the ratio holds 1, or the two forces' own intervals of hits overlap. "worth" is the arsenal multiple with \
which the longer cycle hits as much as the reference.\
"""


def demo(
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=f"New directory for figure and numbers. Default: {FOLDER}, replaced."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few and small races: tests the set-up, shows nothing.")
    ] = False,
) -> None:
    """Race forces that differ only in cycle length and arsenal, and say what the numbers showed."""
    from race_sim.study.staging import check_target

    folder, overwrite = (FOLDER, True) if out is None else (out, overwrite)
    check_target(folder, overwrite=overwrite)
    with Watch("racing", None) as watch:
        from race_sim.analysis.forces import Regime
        from race_sim.study.demo import run_demo

        shown = run_demo(watch.report, "quick" if quick else "full")
        shown.save(folder, overwrite=overwrite, command=command_line())
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
    note(f"wrote {folder}: figure, numbers and provenance")


def _table(rows: Sequence[Mapping[str, str]], title: str) -> "Table":
    made = table(*rows[0], title=title)
    for row in rows:
        made.add_row(*(cell.replace(" [", "\n[") for cell in row.values()))
    return made
