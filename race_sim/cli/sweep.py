"""`race-sim sweep`: runs a study and leaves its tables and figures."""

from pathlib import Path
from typing import Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, complain, note, results

EXAMPLES = (
    "race-sim sweep headline --quick",
    "race-sim sweep headline --out results/headline",
    "race-sim sweep headline --part ladder --out results/headline",
    "race-sim sweep mine.toml",
)

FOLDER = Path("results")
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def sweep(
    study: Annotated[
        str, typer.Argument(metavar="STUDY|FILE", help="A study that comes with the package, or a TOML file.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=f"Directory for rows, tables and figures. Default: {FOLDER}/STUDY."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="PART", help="Run this part, and those it comes after, alone; may be repeated."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few points and short races: tests the set-up, shows nothing.")
    ] = False,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads. Default: all processors.")] = None,
) -> None:
    """Run a study, or what is missing of it, and write its tables, figures and verdict.

    Races are kept as they are run: after Ctrl-C, the same command goes on.
    """
    from race_sim.study.definition import load_study

    chosen = load_study(study)
    if quick:
        chosen = chosen.smaller()
    folder = out or FOLDER / (f"{chosen.name}-quick" if quick else chosen.name)
    try:
        with Watch("racing", None) as watch:
            from race_sim.study.output import write_outputs
            from race_sim.study.sweep import run_study

            result = run_study(chosen, folder, parts=part or (), threads=threads, progress=watch.report)
            watch.report("drawing figures", len(result.parts), len(result.parts))
            written = write_outputs(result, folder, command=command_line(), quick=quick)
    except KeyboardInterrupt:
        from race_sim.study.store import is_store

        kept = f"the races in {folder} are kept, and the same command goes on"
        complain(f"stopped; {kept if is_store(folder) else 'nothing was raced yet'}", label="interrupted")
        raise typer.Exit(INTERRUPTED) from None
    told = [path for path in written if path.name == "verdict.txt"]
    if told:
        results().print(told[0].read_text(encoding="utf-8").strip())
    if quick:
        note("a quick run tests the set-up: its numbers show nothing")
    figures = sum(path.suffix == ".png" for path in written)
    note(f"wrote {folder}: {figures} figures, tables and provenance")
