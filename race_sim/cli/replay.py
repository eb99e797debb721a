"""`race-sim replay`: one run of a study again, against the row that is kept of it."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note, results, table
from race_sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from race_sim.study.replay import Replay
    from race_sim.study.store import Store

EXAMPLES = (
    "race-sim replay results/headline --list",
    "race-sim replay results/headline 1f0c-7",
    "race-sim replay results/headline 1f0c-7 --driver mesa --out results/race-7",
    "race-sim replay results/headline --list --failed --all",
)

DIFFERS = 1
FIRST = 20  # runs that are listed if not all are asked for
MOST_COLUMNS = 12  # columns that differ, of which values are shown
NONE = "-"


def replay(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Directory of a study, written by `race-sim sweep`.")
    ],
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="Key of its scenario, or the beginning of it, a hyphen, its seed.", show_default=False
        ),
    ] = None,
    driver: Annotated[
        str | None,
        typer.Option(
            metavar="ensemble|mesa|both", help="Who races it. Default: both; the model that made the runs, if one did."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the whole race, week by week, into this new directory."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help=f"List the first {FIRST} runs instead.")] = False,
    every: Annotated[bool, typer.Option("--all", help="With --list: all runs.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="With --list: only runs that failed.")] = False,
    part: Annotated[str | None, typer.Option(metavar="PART", help="With --list: only runs of this part.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Race any run of a study again and prove that the row kept of it is the same, bit by bit.

    The exit status is 1 if a driver gives another row. A run is named by its scenario and seed; --list shows the names.
    """
    if listing == (run is not None):
        raise InputError("give either a RUN, or --list to see the names of the runs")
    if not listing and (every or failed or part is not None):
        raise InputError("--all, --failed and --part belong to --list")
    if listing and (driver is not None or out is not None):
        raise InputError("--driver and --out belong to a RUN, not to --list")

    from race_sim.study.staging import check_target
    from race_sim.study.store import Store

    store = Store.open(directory)
    if run is None:
        _list(store, part, failed=failed, every=every, as_json=as_json)
        return
    if out is not None:
        check_target(out, overwrite=overwrite)
    with Watch("racing", None):
        from race_sim.study.replay import replay as race_again

        again = race_again(store, run, driver)
        failure = None if out is None else _save(again, out, overwrite=overwrite)
    for fact, (stored, here) in again.other.items():
        note(_other_fact(fact, stored, here))
    if as_json:
        typer.echo(json.dumps(_document(again), allow_nan=False))
    else:
        _print(again)
    if failure is not None:
        raise failure
    if out is not None:
        note(f"wrote {out}")
    if not again.identical:
        raise typer.Exit(DIFFERS)


def _list(store: "Store", part: str | None, *, failed: bool, every: bool, as_json: bool) -> None:
    from race_sim.study.replay import listed_runs

    runs = listed_runs(store, part, failed=failed)
    shown = runs if every else runs.head(FIRST)
    if as_json:
        typer.echo(json.dumps({"study": store.study.name, "of": len(runs), "runs": shown.to_dict("records")}))
        return
    screen = results()
    what = f"{'failed ' if failed else ''}run{'' if len(runs) == 1 else 's'} of study {store.study.name}"
    what += "" if part is None else f", part {part}"
    if len(runs) == 0:
        screen.print(f"There are no {what}.")
        return
    screen.print(_runs(shown, with_part=part is None))
    rest = "" if len(shown) == len(runs) else f"The first {len(shown)} of "
    screen.print(f"{rest}{len(runs):,} {what}{'; --all lists all' if rest else ''}.")


def _runs(runs: "pd.DataFrame", *, with_part: bool) -> Any:
    with_error = bool((runs["error"] != "").any())
    columns = ["run", *(["part"] if with_part else []), "point", "levels", "seed", *(["error"] if with_error else [])]
    listed = table(*columns, numbers=("point", "seed"), whole=("run",))
    for row in runs[columns].astype(str).to_numpy():
        listed.add_row(*row)
    return listed


def _save(again: "Replay", out: Path, *, overwrite: bool) -> InputError | None:
    """Save the race that was compared; what went wrong is told only after the results."""
    from dataclasses import replace

    from race_sim.api import Race
    from race_sim.study.replay import AGENTS

    if again.scenario is None or not again.records:
        return InputError(f"{out}: was not written: the run failed, and there is no race to save")
    driver, records = next(iter(again.records.items()))
    title = "; ".join(str(member) for member in again.members) or "Of no part"
    scenario = replace(again.scenario, title=title, description=f"Run {again.run.name} of study {again.study.name}")
    model = None if driver == "ensemble" else again.model or AGENTS
    try:
        Race(scenario, records, driver, model, ()).save(out, overwrite=overwrite, command=command_line())
    except InputError as error:
        return error
    return None


def _other_fact(fact: str, stored: object, here: object) -> str:
    from race_sim.study.store import WHY

    return (
        f"these runs have {fact} = {stored}, this installation has {here}: {WHY[fact]}. The row may differ for that "
        "reason alone"
    )


def _print(again: "Replay") -> None:
    screen = results()
    screen.print(f"Run {again.run.name}: study {again.study.name}, seed {again.run.seed}")
    for member in again.members:
        screen.print(f"  {member}")
    if not again.members:
        screen.print("  it belongs to no part")
    if again.failed:
        screen.print(f"It had failed: {again.stored['error']}")
    else:
        screen.print(_measures(again))
    for driver, differing in again.differing.items():
        screen.print(f"{_racer(again, driver)}: {_verdict(again, driver)}")
        if differing and not _only_the_error(again, driver):
            screen.print(_differences(again, driver))


def _racer(again: "Replay", driver: str) -> str:
    return f"{driver} driver" if again.model is None else f"{driver} driver with {again.model}"


def _only_the_error(again: "Replay", driver: str) -> bool:
    """Whether it failed then or now, so that there are no measures to set against each other."""
    return bool(again.stored["error"] or again.again[driver]["error"])


def _verdict(again: "Replay", driver: str) -> str:
    differing = again.differing[driver]
    error = again.again[driver]["error"]
    if again.failed:
        if not differing:
            return "fails again in the same words"
        return f"fails again in other words: {error}" if error else "DIFFERS: does not fail any more"
    if error:
        return f"DIFFERS: fails: {error}"
    if not differing:
        return "identical to the bit"
    return f"DIFFERS in {len(differing)} column{'' if len(differing) == 1 else 's'}: {', '.join(differing)}"


def _measures(again: "Replay") -> Any:
    import pandas as pd

    from race_sim.analysis.intervals import rounded
    from race_sim.analysis.measures import measure

    listed = table("measure of the run", "as kept", *again.again, "unit", numbers=("as kept", *again.again))
    rows = [pd.DataFrame([row]) for row in (again.stored, *again.again.values())]
    for name in again.outputs:
        one = measure(name)
        values = (float(one.of_runs(row).iloc[0]) for row in rows)
        listed.add_row(one.label, *(NONE if math.isnan(value) else rounded(value) for value in values), one.unit)
    return listed


def _differences(again: "Replay", driver: str) -> Any:
    differing = again.differing[driver]
    listed = table("column", "as kept", driver, numbers=("as kept", driver), whole=("column",))
    for name in differing[:MOST_COLUMNS]:
        listed.add_row(name, *_values(again.stored.get(name), again.again[driver].get(name)))
    if len(differing) > MOST_COLUMNS:
        listed.add_row(f"and {len(differing) - MOST_COLUMNS} more", "", "")
    return listed


def _values(stored: Any, here: Any) -> tuple[str, str]:
    """Two values with all their digits; of series the first week in which they differ."""
    import numpy as np

    if not any(isinstance(value, np.ndarray) for value in (stored, here)):
        return _digits(stored), _digits(here)
    if stored is None or here is None or len(stored) != len(here):
        lengths = (NONE if value is None else f"{len(value)} weeks" for value in (stored, here))
        return next(lengths), next(lengths)
    week = int(np.argmax([_digits(a) != _digits(b) for a, b in zip(stored, here, strict=True)]))
    return f"week {week}: {_digits(stored[week])}", f"week {week}: {_digits(here[week])}"


def _digits(value: Any) -> str:
    if value is None or isinstance(value, str | int):
        return NONE if value is None else str(value)
    return NONE if math.isnan(value) else repr(float(value))


def _document(again: "Replay") -> dict[str, Any]:
    import pandas as pd

    from race_sim.analysis.measures import measure
    from race_sim.study.saving import plain

    kept = pd.DataFrame([again.stored])
    return {
        "run": again.run.name,
        "study": again.study.name,
        "scenario": again.run.scenario,
        "seed": again.run.seed,
        "parts": [{"part": one.part, "point": one.point, "levels": dict(one.levels)} for one in again.members],
        "model": again.model,
        "error": again.stored["error"],
        "measures": {name: plain(measure(name).of_runs(kept).iloc[0]) for name in again.outputs},
        "other_facts": {name: {"kept": stored, "here": here} for name, (stored, here) in again.other.items()},
        "drivers": {
            driver: {"identical": not differing, "differing": list(differing), "error": again.again[driver]["error"]}
            for driver, differing in again.differing.items()
        },
        "identical": again.identical,
    }
