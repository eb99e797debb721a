"""`race-sim sweep`: runs a study and leaves its tables, figures and report."""

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, complain, note, results
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.study.store import Store
    from race_sim.study.tally import Status

EXAMPLES = (
    "race-sim sweep headline --quick",
    "race-sim sweep headline --out results/headline",
    "race-sim sweep headline --part ladder --out results/headline",
    "race-sim sweep headline --out results/headline --more-replicates 10",
    "race-sim sweep mine.toml --workers 2",
)

FOLDER = Path("results")
MANY = 10  # races a second from which their fraction is not told
WIDE = 10  # times an estimate, half an interval beyond which no percentage is told
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def sweep(
    study: Annotated[
        str, typer.Argument(metavar="STUDY|FILE", help="A study that comes with the package, or a TOML file.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=f"Directory for rows, tables, figures, report. Default: {FOLDER}/STUDY."),
    ] = None,
    new_dir: Annotated[
        bool, typer.Option("--new-dir", help="If that directory is there, take the next free one: DIR-2, DIR-3, ...")
    ] = False,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="PART", help="Run this part, and those it comes after, alone; may be repeated."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few points and short races: tests the set-up, shows nothing.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes that race. Default: all processors.")
    ] = None,
    more_replicates: Annotated[
        int | None, typer.Option(metavar="K", min=1, help="Then race K more seeds at every point.")
    ] = None,
    more_points: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            min=1,
            help="Then add K more points to every sampled part (base samples or trajectories, as its file counts).",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Run a design that takes long or much of the disk.")] = False,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Write the design, race nothing: shares of it are then raced anywhere.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers race: tcp://HOST:PORT.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="A Mesa model of your own that races instead.")
    ] = None,
) -> None:
    """Run a study, or what is missing of it, and write its tables, figures, verdict and report.

    Races are kept as they are run: after Ctrl-C, the same command goes on.
    """
    if prepare and (more_replicates or more_points):
        raise InputError("--prepare writes the design of the study as it is; extend it without --prepare, afterwards")
    from race_sim.study.reading import load_study

    chosen = load_study(study)
    if quick:
        chosen = chosen.smaller()
    folder = out or FOLDER / (f"{chosen.name}-quick" if quick else chosen.name)
    if new_dir:
        folder = next_free(folder)
    store, written = None, []
    try:
        with Watch("starting", None, timed=False) as watch:
            from race_sim.study.sweep import Request, Sweep

            request = Request(
                parts=part or (),
                workers=workers,
                scheduler=scheduler,
                model=model,
                quick=quick,
                more_replicates=more_replicates or 0,
                more_points=more_points or 0,
                large=yes,
                command=command_line(),
            )
            sweeping = Sweep(chosen, folder, request, lambda status: watch.report(*progress(status)))
            if prepare:
                store = sweeping.prepare()
            else:
                store = sweeping.run()
                watch.report("writing tables, figures and report", 0, 1)
                from race_sim.study.output import write_outputs

                written = write_outputs(store, command=command_line())
                sweeping.finish(store)
    except KeyboardInterrupt:
        complain(f"stopped; {kept(folder, new=new_dir, complete=store is not None)}", label="interrupted")
        raise typer.Exit(INTERRUPTED) from None
    if sweeping.damaged:
        note(damage(len(sweeping.damaged), folder))
    if prepare:
        results().print(prepared(store, parts=part or (), workers=workers, model=model))
        return
    _tell(store, written)


def progress(status: "Status") -> tuple[str, int, int, str]:
    """What is being done, how much of how much, and in words how fast, how long, how exact, how many failed."""
    from race_sim.study.estimate import duration

    said = []
    if status.rate is not None:
        said.append(f"{status.rate:,.0f} races/s" if status.rate >= MANY else f"{status.rate:.2g} races/s")
    if status.left is not None and status.done < status.total:
        said.append(f"{duration(status.left)} left")
    if status.width is not None:
        said.append(f"intervals +-{status.width:.2g}" if status.width >= WIDE else f"intervals +-{status.width:.1%}")
    if status.failed:
        said.append(f"{status.failed:,} failed")
    return status.doing, status.done, status.total, ", ".join(said)


def next_free(folder: Path) -> Path:
    """The directory itself if it is not there, or the first beside it that is not: DIR-2, DIR-3, ..."""
    named = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(one for one in chain((folder,), named) if not one.exists())


def kept(folder: Path, *, new: bool, complete: bool) -> str:
    """What is left of a sweep that was stopped, and how to go on."""
    from race_sim.study.store import is_store

    if not is_store(folder):
        return "nothing was raced yet"
    same = f"the same command with --out {folder}, and without --new-dir," if new else "the same command"
    if complete:
        return f"all races are in {folder}, and {same} writes what is missing of tables and figures"
    return f"the races in {folder} are kept, and {same} goes on"


def damage(blocks: int, folder: Path) -> str:
    """That blocks were damaged, where they are now, and that nothing is missing for it."""
    from race_sim.study.store import QUARANTINE

    were = "1 block of rows was" if blocks == 1 else f"{blocks} blocks of rows were"
    return f"{were} damaged and put aside in {folder / QUARANTINE}; their runs are raced again"


def prepared(store: "Store", *, parts: Sequence[str], workers: int | None, model: str | None) -> str:
    """How large a design is, how long it takes and how shares of it are raced."""
    from race_sim.scenario.text import listed
    from race_sim.study.cost import Cost, remaining_cost
    from race_sim.study.estimate import duration, processors, size

    generations = store.generations()
    missing = {one.number: store.missing(one) for one in generations}
    costs = [remaining_cost(one, missing[one.number], agents=model is not None) for one in generations]
    cost = sum(costs, Cost(0, 0.0, 0.0))
    blocks = sum(map(len, missing.values()))
    there = sum(one.runs for one in generations) - cost.races
    what = f"{cost.races:,} races to run in {blocks:,} block{'' if blocks == 1 else 's'}, {there:,} are there"
    time = f"about {duration(cost.seconds / (workers or 1))} on {processors(workers or 1)}"
    lines = [
        f"{store.directory}: {what}; {time}, {size(cost.bytes)}.",
        f"Race share i of N anywhere: race-sim worker --store {store.directory} --shard i/N",
    ]
    known = {name for one in generations for name in one.parts}
    if later := [part.name for part in store.study.parts(parts) if part.name not in known]:
        lines.append(f"Added once the races that decide them are there: part {listed(later)}.")
    return "\n".join(lines)


def failures(store: "Store") -> str:
    """How many runs failed, the first with its error, and how to see it again; empty if none did."""
    rows = store.rows([])
    failed = rows[rows["error"] != ""]
    if len(failed) == 0:
        return ""
    first = failed.iloc[0]
    run = f"{first['scenario']}-{first['seed']}"
    what = f"{len(failed):,} of {len(rows):,} runs failed and are left out of every estimate"
    return f"{what}; the first: {first['error']} (race-sim replay {store.directory} {run})"


def _tell(store: "Store", written: Sequence[Path]) -> None:
    """What a sweep found, then where it is."""
    for path in written:
        if path.name == "verdict.txt":
            results().print(path.read_text(encoding="utf-8").strip())
    if failed := failures(store):
        note(failed)
    if store.facts["quick"]:
        note("a quick run tests the set-up: its numbers show nothing")
    figures = sum(path.suffix == ".png" for path in written)
    note(f"wrote {store.directory}: {figures} figure{'' if figures == 1 else 's'}, tables and provenance")
    note(f"report: {written[-1]}")
