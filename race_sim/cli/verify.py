"""`race-sim verify`: the limits that the law must keep, measured on this machine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.verify import Check

MISSED = 1

EXAMPLES = (
    "race-sim verify",
    "race-sim verify --quick",
)


def verify(
    quick: Annotated[bool, typer.Option("--quick", help="Smaller samples, hence wider tolerances.")] = False,
) -> None:
    """Check that both drivers keep the limits of the model, measured from their recorded output.

    A limit holds if what was measured is within the tolerance of what theory expects. The exit status is 1 if
    any is missed.
    """
    with Watch("checking", None) as watch:
        from race_sim.verify import LIMITS, check_limits

        checks = check_limits(quick=quick, progress=lambda _: watch.advance())
    screen = results()
    for limit, (statement, _) in LIMITS.items():
        of_limit = [check for check in checks if check.limit == limit]
        if of_limit:
            screen.print(_table(f"Limit {limit}: {statement}", of_limit))
    missed = [check for check in checks if not check.verdict]
    screen.print(f"{len(checks) - len(missed)} of {len(checks)} checks hold.")
    if missed:
        screen.print(_table("Missed:", missed))
    if missed or not checks:
        raise typer.Exit(MISSED)


def _table(title: str, checks: "Sequence[Check]") -> "Table":
    numbers = ("expected", "measured", "tolerance")
    listed = table("driver", "what", *numbers, "verdict", title=title, numbers=numbers)
    for check in checks:
        values = (f"{value:.6g}" for value in (check.expected, check.measured, check.tolerance))
        verdict, style = ("holds", "") if check.verdict else ("MISSED", "red")
        listed.add_row(check.driver, check.what, *values, verdict, style=style)
    return listed
