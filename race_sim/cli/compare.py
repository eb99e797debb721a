"""`race-sim compare`: how much more one scenario hits than another, and what drove that."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.comparison import print_comparison
from race_sim.cli.options import Settings
from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.study.compare import ComparisonResult

EXAMPLES = (
    "race-sim compare frozen_blue baseline",
    "race-sim compare baseline mine.toml --runs 40 --out results/mine",
    "race-sim compare baseline baseline --set-b workshops.iteration_weeks=8",
    "race-sim compare primes_only workshops_only --seed 7 --json",
)


def compare(
    a: Annotated[
        str, typer.Argument(metavar="A", help="A name from the library or the path of a TOML file.", show_default=False)
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The other; the difference is B less A.", show_default=False)],
    runs: Annotated[int, typer.Option(metavar="R", help="Pairs of races, each with a seed of its own.")] = 20,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the first pair; a second has the next.")] = 1,
    weeks: Annotated[
        int | None, typer.Option(metavar="W", help="Length of each race, instead of the scenarios'.")
    ] = None,
    settings: Settings = None,
    settings_a: Annotated[
        list[str] | None, typer.Option("--set-a", metavar="PATH=VALUE", help="Change a parameter in A alone.")
    ] = None,
    settings_b: Annotated[
        list[str] | None, typer.Option("--set-b", metavar="PATH=VALUE", help="Change a parameter in B alone.")
    ] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", help="Threads. Default: all processors.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write table, figure, words and scenarios into this new directory."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Race two scenarios with the same seeds: which hits more, by how much, and what drove it.

    Every seed is run six times: both scenarios, and of each a twin in which no maker changes its design and a twin
    in which makers change designs blindly. The difference in hits is split exactly into movement, evidence,
    obsolescence, capacity and some smaller terms.
    """
    from race_sim import api
    from race_sim.scenario.overrides import parse_overrides
    from race_sim.study.staging import check_target

    if out is not None:
        check_target(out, overwrite=overwrite)
    changes, changes_a, changes_b = (parse_overrides(given or ()) for given in (settings, settings_a, settings_b))
    with Watch("comparing", None) as watch:
        compared = api.compare(
            a,
            b,
            seed=seed,
            runs=runs,
            weeks=weeks,
            changes=changes,
            changes_a=changes_a,
            changes_b=changes_b,
            threads=threads,
            progress=watch.report,
        )
        compared.explanation  # noqa: B018 -- computed once, here, while progress is shown
        failure = None if out is None else _save(compared, out, overwrite=overwrite)
    for text in compared.notes:
        note(text)
    if as_json:
        typer.echo(json.dumps(compared.document(), allow_nan=False))
    else:
        print_comparison(compared)
    if failure is not None:
        raise failure
    if out is not None:
        note(f"wrote {out}")


def _save(compared: "ComparisonResult", out: Path, *, overwrite: bool) -> InputError | None:
    """Save a comparison; what went wrong is told only after the results, which are not lost with the disk."""
    try:
        compared.save(out, overwrite=overwrite, command=command_line())
    except InputError as error:
        return error
    return None
