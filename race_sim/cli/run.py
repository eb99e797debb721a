"""`race-sim run`: one race or many, as a table, as JSON, or into a directory."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.options import ScenarioArgument, Settings
from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, complain, note
from race_sim.cli.summary import print_summary
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.api import Race

LOST = 1  # exit status if drones or euros do not add up

EXAMPLES = (
    "race-sim run baseline",
    "race-sim run interceptors --runs 100 --out results/interceptors",
    "race-sim run baseline --set workshops.iteration_weeks=4 --set teams.skill=0.5",
    "race-sim run export_open --runs 20 --check",
    "race-sim run mine.toml --seed 7 --weeks 104 --json",
    "race-sim run baseline --model my_race:MyRace",
)


def run(
    scenario: ScenarioArgument,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1; a second run has the next, and so on.")
    ] = 1,
    runs: Annotated[int, typer.Option(metavar="R", help="Number of runs, at least 1.")] = 1,
    weeks: Annotated[
        int | None, typer.Option(metavar="W", help="Length of each run, instead of the scenario's.")
    ] = None,
    settings: Settings = None,
    driver: Annotated[
        str | None,
        typer.Option(metavar="ensemble|mesa", help="Compiled or agents; same results. Default: ensemble."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="MODULE:CLASS", help="A RaceModel of your own, run by the Mesa driver."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads of the ensemble driver. Default: all processors.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all results into this new directory.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the table.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Add up all drones and euros; exit status 1 if any is lost or made up.")
    ] = False,
) -> None:
    """Run a scenario and show how the race went."""
    from race_sim import api
    from race_sim.scenario.overrides import parse_overrides
    from race_sim.study.own_model import look_in_current_directory
    from race_sim.study.staging import check_target

    if out is not None:
        check_target(out, overwrite=overwrite)
    if model is not None:
        look_in_current_directory()
    chosen, notes = api.prepared(scenario, weeks=weeks, changes=parse_overrides(settings or ()))
    for text in notes:
        note(text)
    with Watch("running", runs) as watch:
        race = api.run(
            chosen,
            seed=seed,
            runs=runs,
            driver=driver,
            model=model,
            threads=threads,
            progress=watch.advance,
        )
        race.summary  # noqa: B018 -- computed once, here, while progress is shown
        failure = None if out is None else _save(race, out, overwrite=overwrite)
    if as_json:
        from race_sim.study.saving import document

        typer.echo(json.dumps(document(race), allow_nan=False))
    else:
        print_summary(race)
    if failure is not None:
        raise failure
    if out is not None:
        note(f"wrote {out}")
    if check:
        _check(race, as_json=as_json)


def _check(race: "Race", *, as_json: bool) -> None:
    """Tell whether drones and euros add up; leaves with `LOST` if they do not."""
    from race_sim.analysis.conservation import checked

    if race.violation is not None:
        complain(str(race.violation), "not conserved")
        raise typer.Exit(LOST)
    typer.echo(checked(race.scenario, race.records), err=as_json)


def _save(race: "Race", out: Path, *, overwrite: bool) -> InputError | None:
    """Save a race; what went wrong is told only after the results, which are not lost with the disk."""
    try:
        race.save(out, overwrite=overwrite, command=command_line())
    except InputError as error:
        return error
    return None
