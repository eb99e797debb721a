"""`race-sim report`: one page with all that a study found."""

from pathlib import Path
from typing import Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note

EXAMPLES = (
    "race-sim report results/headline",
    "race-sim report results/headline --out headline.html",
)


def report(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory that `race-sim sweep` has filled.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page. Default: DIR/report.html.")] = None,
) -> None:
    """Write one self-contained page: question, answer, figures, tables, provenance, commands. It needs no network.

    Tables and figures in DIR are made again with it. The runs may still be coming in; the page then says what is
    missing.
    """
    from race_sim.study.output import write_outputs
    from race_sim.study.store import Store

    store = Store.open(directory)
    with Watch("writing the report", None):
        written = write_outputs(store, command=command_line(), report=out)
    note(f"wrote {written[-1]}: open it in any browser")
