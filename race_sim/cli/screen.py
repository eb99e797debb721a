"""What commands write to: results to standard output, everything else to standard error."""

import os
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_OF_FILES = 140  # columns of a table written to a file or a pipe


def results() -> "Console":
    """The console of results. Text is shown as it is: brackets are bounds, not markup; no table is cut off."""
    from race_sim.cli.fitting import Screen

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return Screen(markup=False, highlight=False, emoji=False, width=wide)


def messages() -> "Console":
    """The console of progress and notes."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def table(
    *columns: str, title: str | None = None, numbers: tuple[str, ...] = (), whole: tuple[str, ...] = ()
) -> "Table":
    """An empty table: columns in `numbers` are flush right, those and the ones in `whole` are never broken."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title, title_justify="left", title_style="bold")
    for column in columns:
        made.add_column(
            column,
            justify="right" if column in numbers else "left",
            no_wrap=column in numbers or column in whole,
            overflow="fold",
        )
    return made


def note(text: str) -> None:
    """Tell the user something beside the results."""
    typer.echo(f"note: {text}", err=True)


def complain(text: str, label: str = "error") -> None:
    """Tell the user what went wrong, a line for each fault."""
    for line in text.split("\n"):
        typer.echo(f"{label}: {line}", err=True)


def command_line() -> list[str]:
    """The words of this command, the program by its name and not its place."""
    return ["race-sim", *sys.argv[1:]]
