"""`race-sim worker`: races a share of a study's design, such as one job of a job array does."""

import re
from pathlib import Path
from typing import Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import complain, note, results
from race_sim.cli.sweep import INTERRUPTED, damage, progress
from race_sim.errors import InputError
from race_sim.scenario.text import shown

EXAMPLES = (
    "race-sim worker --store results/headline --shard 0/8",
    "race-sim worker --store results/headline --shard $SLURM_ARRAY_TASK_ID/8 --workers 4",
)

MOST_SHARDS = 100_000


def worker(
    store: Annotated[
        Path, typer.Option(metavar="DIR", help="Directory of a study, written by `race-sim sweep STUDY --prepare`.")
    ],
    shard: Annotated[str, typer.Option(metavar="i/N", help="Which share of how many, counted from 0: 0/8 to 7/8.")],
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="PART", help="Of this part, and those it comes after, alone; may be repeated."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes that race. Default: all processors.")
    ] = None,
) -> None:
    """Race one share of a study: the blocks of runs that are its own, wherever the others are raced.

    All shares work in one directory and need no scheduler. `race-sim sweep STUDY --out DIR --prepare` writes the
    design; the same command without --prepare then races what is missing, and writes tables, figures and report.
    For Slurm, with #SBATCH --array=0-7, the second example is the whole script.
    """
    number, shards = share(shard)
    from race_sim.study.store import is_store

    if not is_store(store):
        raise InputError(
            f"{store}: holds no design of a study; write it first, with race-sim sweep STUDY --out {store} --prepare"
        )
    try:
        with Watch("starting", None, timed=False) as watch:
            from race_sim.study.racing import open_checked
            from race_sim.study.sweep import Request, Sweep

            there = open_checked(store)
            if not there.generations():
                raise InputError(
                    f"{store}: its design is not there yet; race-sim sweep STUDY --out {store} --prepare writes it"
                )
            request = Request(parts=part or (), workers=workers, model=there.facts["model"])
            sweeping = Sweep(there.study, store, request, lambda status: watch.report(*progress(status)))
            missing = sweeping.share(there, number, shards)
    except KeyboardInterrupt:
        complain(f"stopped; the races in {store} are kept, and the same command goes on", label="interrupted")
        raise typer.Exit(INTERRUPTED) from None
    if sweeping.damaged:
        note(damage(len(sweeping.damaged), store))
    results().print(told(store, number, shards, missing))


def share(shard: str) -> tuple[int, int]:
    """Which share of how many. Raises InputError if it is none."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", shard, flags=re.ASCII)
    if match is None:
        raise InputError(f"--shard {shown(shard)} is not allowed: give i/N, such as 0/8, the first of eight")
    number, shards = int(match[1]), int(match[2])
    if not 1 <= shards <= MOST_SHARDS:
        raise InputError(f"--shard {shown(shard)} is not allowed: there can be 1 to {MOST_SHARDS:,} shares")
    if number >= shards:
        raise InputError(
            f"--shard {shown(shard)} is not allowed: shares are counted from 0, so the last of {shards} is "
            f"{shards - 1}/{shards}"
        )
    return number, shards


def told(store: Path, number: int, shards: int, missing: int) -> str:
    """What others have yet to race, and how the study is finished."""
    finish = f"race-sim sweep with the same study and --out {store}"
    if missing == 0:
        return f"{store}: all is raced; {finish} writes tables, figures and report."
    blocks = "1 block is" if missing == 1 else f"{missing:,} blocks are"
    return (
        f"{store}: share {number}/{shards} is raced; {blocks} for others to race. Once they have, or instead of them, "
        f"{finish} races the rest and writes tables, figures and report."
    )
