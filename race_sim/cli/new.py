"""`race-sim new`: a scenario file to start from."""

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = (
    "race-sim new mine.toml",
    "race-sim new quick_opponent.toml --from fast_red",
)


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist.")],
    base: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="The scenario of the library to start from.")
    ] = "baseline",
) -> None:
    """Write a scenario file to start from: every parameter explained, commented out at its value."""
    from race_sim.scenario import write_template

    write_template(file, base)
    typer.echo(f"Wrote {file}. Edit it, then: race-sim run {file}")
