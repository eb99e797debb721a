"""`race-sim plot`: draws the figures of a study from the runs in its directory."""

from pathlib import Path
from typing import Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import note

EXAMPLES = (
    "race-sim plot results/headline",
    "race-sim plot results/headline --figure exchange_map --format svg --format pdf",
    "race-sim plot results/headline --out figures",
)


def plot(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory that `race-sim sweep` has filled.")],
    figure: Annotated[
        list[str] | None,
        typer.Option("--figure", metavar="NAME", help="Draw this figure alone; may be repeated. Default: all."),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="png|svg|pdf", help="File format; may be repeated. Default: png."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the files. Default: DIR/figures.")] = None,
) -> None:
    """Draw figures of a study from its runs, which may still be coming in."""
    from race_sim.study.output import plot_figures
    from race_sim.study.store import Store

    store = Store.open(directory)
    with Watch("drawing figures", None):
        written = plot_figures(store, out or directory / "figures", names=figure or (), formats=formats or ("png",))
    for path in written:
        typer.echo(path)
    if store.facts["quick"]:
        note("a quick run tests the set-up: its numbers show nothing")
