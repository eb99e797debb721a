"""`race-sim calibrate`: a scenario beside the stylised facts, and how firmly they hold it in place."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.options import ScenarioArgument, Settings
from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note, results, table

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.analysis.band import Finding
    from race_sim.study.calibration import Calibration
    from race_sim.study.flatness import Cloud, Flatness

MISSED = 1

EXAMPLES = (
    "race-sim calibrate",
    "race-sim calibrate mine.toml --strict",
    "race-sim calibrate baseline --set teams.discovery_weeks=2",
    "race-sim calibrate --flatness --out results/calibration",
)

HOW_TO_READ = """\
Brackets hold 95% intervals over runs. "At the edge": the interval crosses a limit of the band, so other seeds may say \
otherwise. A trend is inside if its interval holds 0.\
"""


def calibrate(
    scenario: ScenarioArgument = "baseline",
    settings: Settings = None,
    runs: Annotated[int, typer.Option(metavar="R", min=2, help="Races of each kind.")] = 40,
    flatness: Annotated[
        bool,
        typer.Option("--flatness", help="Then vary every parameter over its plausible range (10 minutes or more)."),
    ] = False,
    points: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Points of --flatness over all ranges at once, and as many nearer by."),
    ] = 600,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit status 1 if the scenario misses a calibrated band.")
    ] = False,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads. Default: all processors.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all results into this new directory.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
) -> None:
    """Hold a scenario against the stylised facts: the bands it is calibrated to, and those it is not tuned on."""
    from race_sim.scenario import load
    from race_sim.study.staging import check_target

    chosen = load(scenario, settings or ())
    if out is not None:
        check_target(out, overwrite=overwrite)
    with Watch("racing", None) as watch:
        from race_sim.study.calibration import run_calibration
        from race_sim.study.flatness import run_flatness

        found = run_calibration(chosen, runs=runs, progress=watch.report, threads=threads)
        flat = run_flatness(chosen, points=points, progress=watch.report, threads=threads) if flatness else None
        if out is not None:
            found.save(out, flatness=flat, overwrite=overwrite, command=command_line())
    _print_calibration(found)
    if flat is not None:
        _print_flatness(flat)
    if out is not None:
        note(f"wrote {out}")
    if strict and not found.holds:
        raise typer.Exit(MISSED)


def _print_calibration(found: "Calibration") -> None:
    screen = results()
    seeds = found.records.seeds
    screen.print(f"{found.scenario.title}: {found.records.runs} runs, seeds {seeds[0]} to {seeds[-1]}.\n")
    screen.print(_table("Calibrated", found.calibrated))
    screen.print(_table("Not tuned on", found.reported))
    screen.print(HOW_TO_READ)
    screen.print(f"\n{found.verdict}\n\n{found.caution}")
    if found.churn:
        screen.print(f"\n{found.churn}")
    screen.print(f"\n{found.races:,} races in {found.seconds:.1f} s.")


def _table(title: str, findings: "Sequence[Finding]") -> "Table":
    made = table("fact", "measure", "measured", "band", "unit", "verdict", title=title, whole=("fact", "measured"))
    for finding in findings:
        band = finding.band
        role = f" ({band.role.value})" if finding.is_input else ""
        words = f"{band.what}{role}: {band.note}" if band.note else f"{band.what}{role}"
        unit = "" if band.unit == "1" else band.unit
        made.add_row(band.fact, words, str(finding.estimate), str(band), unit, finding.words)
    return made


def _print_flatness(flat: "Flatness") -> None:
    screen = results()
    from race_sim.study.flatness import MEASURES

    columns = [MEASURES[finding.band].replace("_", " ") for finding in flat.base]
    ends = table("parameter", "value", *columns, "", title="One parameter at a time", whole=("parameter", *columns))
    ends.add_row("(none changed)", "", *(str(finding.estimate) for finding in flat.base), "")
    for end in flat.ends:
        cells = (f"{finding.estimate}{'' if finding.holds else ' !'}" for finding in end.findings)
        ends.add_row(end.path, f"{end.value}", *cells, "no effect" if end.same else "" if end.inside else "outside")
    screen.print(ends)
    screen.print("! marks what lies outside its band; no effect: every race came out the same.")
    if flat.impossible:
        screen.print(f"Not run, since it contradicts the scenario: {', '.join(flat.impossible)}.")
    for cloud in flat.clouds:
        if cloud.pinned:
            screen.print(_pins(cloud))
    screen.print(f"\n{flat.verdict}")
    screen.print(f"\n{flat.races:,} races in {flat.seconds:.0f} s.")


def _pins(cloud: "Cloud") -> "Table":
    title = f"All together over {cloud.words}: where points that fit differ from the others"
    made = table("parameter", "points inside", "are", "those inside", "all points", title=title, whole=("parameter",))
    for path, pins in cloud.pinned.items():
        for name, pin in pins.items():
            made.add_row(path, name.replace("_", " "), pin.direction, *pin.words)
    return made
