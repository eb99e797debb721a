"""`race-sim plan`: what a study costs, and how many replicates its intervals need."""

import json
import math
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import note, results, table
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.study.definition import Levels
    from race_sim.study.demand import Demand
    from race_sim.study.plan import Plan, PlannedOutput, PlannedPart
    from race_sim.study.store import Store

EXAMPLES = (
    "race-sim plan headline",
    "race-sim plan headline --part ladder --width 0.03",
    "race-sim plan headline --out results/headline --workers 64",
    "race-sim plan mine.toml --quick --json",
)

PILOT_SECONDS = 10.0
NONE = "-"
MOST_LEVELS = 8  # of a point, that are told


def plan(
    study: Annotated[
        str, typer.Argument(metavar="STUDY|FILE", help="A study that comes with the package, or a TOML file.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the study is run: rows that are there are used instead of a pilot."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", metavar="PART", help="Plan this part, and those it comes after, alone; may be repeated."
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Plan the smaller study that `sweep --quick` runs.")] = False,
    width: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Wanted: half a 95% interval over its value. Beside 10%, 5%, 2% and 1%."),
    ] = 0.05,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processors that will race. Default: those of this machine.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="A Mesa model of your own that will race instead.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(metavar="S", min=0.0, help="How long the pilot races, about; longer narrows its ranges.")
    ] = PILOT_SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Say how many replicates a study needs for an interval of a wanted width: races, time, bytes.

    A pilot races a few points of every part with a few seeds. It measures how long a race takes, how many bytes its
    row needs and how much races differ; nothing is written.
    """
    from race_sim.study.reading import load_study

    chosen = load_study(study)
    if quick:
        chosen = chosen.smaller()
    store = _store(out, quick=quick)
    with Watch("pilot races", None) as watch:
        from race_sim.study.plan import plan_study

        planned = plan_study(
            chosen,
            part or (),
            store=store,
            model=model,
            workers=workers,
            width=width,
            seconds=seconds,
            progress=watch.report,
        )
    if as_json:
        from race_sim.study.saving import plain

        typer.echo(json.dumps(plain(_document(planned)), allow_nan=False))
    else:
        _print(planned, _sweeping(study, out, model, quick=quick))
    if quick:
        note("a quick run tests the set-up: its numbers show nothing, and intervals of the full study are others")


def _store(out: Path | None, *, quick: bool) -> "Store | None":
    """The store in a directory; None if there is none there yet."""
    if out is None:
        return None
    from race_sim.study.replay import other_facts
    from race_sim.study.store import WHY, Store, is_store

    if not is_store(out):
        note(f"{out}: holds no runs; a pilot is raced")
        return None
    store = Store.open(out)
    if bool(store.facts.get("quick")) != quick:
        raise InputError(f"{out}: holds {'full' if quick else 'quick'} runs: {'omit' if quick else 'add'} --quick")
    for fact in other_facts(store):
        note(f"{out}: {fact} is another one than that of its rows: {WHY[fact]}; `race-sim sweep` will add none to them")
    return store


def _sweeping(study: str, out: Path | None, model: str | None, *, quick: bool) -> str:
    """The command that runs what is planned, but for its parts."""
    words = ["race-sim", "sweep", study, *(["--quick"] if quick else [])]
    words += [*(["--out", str(out)] if out else []), *(["--model", model] if model else [])]
    return shlex.join(words)


def _print(planned: "Plan", sweeping: str) -> None:
    from race_sim.study.estimate import processors

    screen = results()
    screen.print(f"Study {planned.study.name}: what it costs as it is, on {processors(planned.workers)}")
    screen.print(_costs(planned))
    screen.print(
        "Measured on this machine as busy as it is now; time and bytes in brackets are those expected without\n"
        "measuring. Points that parts share are counted in each of them and raced once."
    )
    for part in planned.parts:
        _print_part(planned, part, sweeping)
    screen.print(
        "\nReplicates: the fewest with which half a 95% interval (Student's t) is no wider than that share of its\n"
        "value, if runs differ as they did; in brackets the same at both limits of that spread (chi-square, 95%),\n"
        "which few runs leave far apart. Spreads come out above and below: so many replicates meet the width in the\n"
        "share of cases under `met`, those under `9 in 10` in nine of ten. All of it presumes normal runs. The worst\n"
        "point is that of the points looked at; others may need more."
    )


def _costs(planned: "Plan") -> Any:
    from race_sim.analysis.intervals import rounded

    numbers = ("points", "replicates", "races", "time", "bytes", "measured / expected time")
    listed = table("part", *numbers, numbers=numbers)
    for part in planned.parts:
        cost, expected = part.cost, part.expected
        listed.add_row(
            part.name,
            f"{part.points:,}",
            f"{part.replicates:,}",
            f"{cost.races:,}",
            f"{_time(planned, cost.seconds)} ({_time(planned, expected.seconds)})",
            f"{_size(cost.bytes)} ({_size(expected.bytes)})",
            str(part.slower) if part.slower.interval else rounded(part.slower.value),
        )
    if len(planned.parts) > 1:
        whole = planned.cost
        listed.add_row("all", "", "", f"{whole.races:,}", _time(planned, whole.seconds), _size(whole.bytes), "")
    return listed


def _print_part(planned: "Plan", part: "PlannedPart", sweeping: str) -> None:
    screen = results()
    source = "rows that are there" if part.kept else "a pilot"
    failed = f", {part.failed} of which failed" if part.failed else ""
    screen.print(f"\nPart {part.name}, from {part.raced:,} races of {source}{failed}")
    for sentence in part.stand_ins:
        screen.print(f"  {sentence[:1].upper()}{sentence[1:]}.")
    if planned.study.named(part.name).design in ("morris", "saltelli"):
        screen.print("  Indices of sensitivity have intervals of their own, which more points narrow: --more-points.")
    for output in part.outputs:
        _print_output(planned, part, output, sweeping)


def _print_output(planned: "Plan", part: "PlannedPart", output: "PlannedOutput", sweeping: str) -> None:
    screen = results()
    title = output.measure.label
    if output.reference is not None:
        title += f" over that at {_levels(output.reference.levels)} ({output.reference.asked_by})"
    if output.median is None or output.worst is None:
        screen.print(f"{title}: not known at any point, since the value is 0 or runs failed")
        return
    fewest, most = output.runs
    seen = f"{output.points:,} points with {fewest if fewest == most else f'{fewest} to {most}'} runs each"
    without = f"; {output.unknown:,} without a spread, as where the value is 0" if output.unknown else ""
    screen.print(f"{title}: {seen}{without}")
    screen.print(_needs(planned, output.median, output.worst))
    if part.replicates > 1:
        screen.print(
            f"As it is, with {part.replicates:,} replicates: {_percent(output.median.now)} at the median point, "
            f"{_percent(output.worst.now)} at the worst ({_levels(output.worst_levels)})"
        )
    else:
        screen.print(
            f"As it is, a single race a point has no interval; the worst point: {_levels(output.worst_levels)}"
        )
    if (told := _more(planned, part, output.median, sweeping)) is not None:
        screen.print(told)
    if (told := _pairing(output)) is not None:
        screen.print(told)


def _needs(planned: "Plan", median: "Demand", worst: "Demand") -> Any:
    columns = ("width", "replicates", "met", "9 in 10", "races", "time", "bytes")
    listed = table("at the", *columns, numbers=columns)
    for name, demand in (("median point", median), ("worst point", worst)):
        for need in demand.needs:
            cost = need.cost
            listed.add_row(
                name,
                _percent(need.width),
                f"{_count(need.replicates)} [{_count(need.low)}, {_count(need.high)}]",
                NONE if math.isnan(need.chance) else f"{need.chance:.0%}",
                _count(need.assured),
                *(
                    (NONE,) * 3
                    if cost is None
                    else (f"{cost.races:,}", _time(planned, cost.seconds), _size(cost.bytes))
                ),
            )
    return listed


def _more(planned: "Plan", part: "PlannedPart", median: "Demand", sweeping: str) -> str | None:
    """The command that adds what the median point lacks for the width asked for; None if it lacks none."""
    need = next(one for one in median.needs if one.width == planned.width)
    if not part.replicates < need.replicates < math.inf:
        return None
    more = round(need.replicates) - part.replicates
    command = f"{sweeping} --part {part.name} --more-replicates {more}"
    return f"For {_percent(need.width)} at the median point: {command}"


def _pairing(output: "PlannedOutput") -> str | None:
    """What shared seeds do, as far as the runs show it."""
    if output.pairing is not None:
        change = "narrower" if output.pairing < 1.0 else "wider"
        return (
            f"Pairs share their seeds, which counts above: the median pair's interval is {abs(1 - output.pairing):.0%} "
            f"{change} than it would be with seeds of their own"
        )
    if output.seeds is None:
        return None
    factor, low, high = output.seeds
    if math.isnan(factor):
        return None
    if factor < low:
        return (
            "Points share their seeds: intervals of differences between two points are tighter for that, by "
            f"{1 - factor:.0%} on average (chance alone seldom gives over {100 * (1 - low):.2g}%)"
        )
    if factor > high:
        return (
            "Points share their seeds, and intervals of differences between two points are wider for that, by "
            f"{factor - 1:.0%} on average (chance alone seldom gives over {100 * (high - 1):.2g}%)"
        )
    return (
        "Points share their seeds, but there is no evidence here that intervals of differences between two points are "
        "tighter for that"
    )


def _levels(levels: "Levels") -> str:
    from itertools import islice

    from race_sim.study.replay import words

    more = len(levels) - MOST_LEVELS
    return words(dict(islice(levels.items(), MOST_LEVELS))) + (f" and {more} more" if more > 0 else "")


def _percent(share: float) -> str:
    return NONE if math.isnan(share) else f"±{100 * share:.2g}%" if share < 1.0 else f"±{100 * share:,.0f}%"


def _count(replicates: float) -> str:
    return "over a million" if math.isinf(replicates) else f"{replicates:,.0f}"


def _time(planned: "Plan", seconds: float) -> str:
    from race_sim.study.estimate import duration

    return duration(seconds / planned.workers)


def _size(count: float) -> str:
    from race_sim.study.estimate import size

    return size(count)


def _document(planned: "Plan") -> dict[str, Any]:
    whole = planned.cost
    return {
        "study": planned.study.name,
        "workers": planned.workers,
        "races": whole.races,
        "seconds": whole.seconds / planned.workers,
        "bytes": whole.bytes,
        "parts": [asdict(part) for part in planned.parts],
    }
