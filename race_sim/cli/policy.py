"""`race-sim policy`: which policy brings most hits, what a hit costs, and where the budget went."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.progress import Watch
from race_sim.cli.screen import command_line, note, results, table
from race_sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from race_sim.study.policy import Policies
    from race_sim.study.result import StudyResult

EXAMPLES = (
    "race-sim policy",
    "race-sim policy results/policy_levers",
    "race-sim policy results/policy_levers --out results/policy",
    "race-sim policy results/policy_levers --budget danish_model --out results/policy",
)

STUDY = "policy_levers"
THOUSAND = 1000.0
QUICK = "the quick version of the study: few races, short ones and few policies; its numbers show nothing"


def policy(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help=f"Directory of a sweep of {STUDY}, or of a study like it. Without one its quick version is raced.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write tables, words and figures into this new directory."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --out replace a directory written before.")
    ] = False,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            "--budget",
            metavar="POLICY",
            help="With --out: also draw where the budget went with this policy; may be repeated. "
            "Default: without any policy, and with the one of most hits.",
        ),
    ] = None,
) -> None:
    """Rank policies by extra hits, with what a hit costs and how much sooner the front is decided.

    Every policy is compared with the baseline (or with the scenario that it starts from) on the same seeds. Intervals
    are adjusted for the number of policies: each of the three outputs is a family of comparisons.
    """
    from race_sim.study.staging import check_target

    if budget and out is None:
        raise InputError("--budget draws a figure: say where to, with --out DIR")
    if out is not None:
        check_target(out, overwrite=overwrite)
    found = _found(directory)
    with Watch("comparing policies", None) as watch:
        found.ranking, found.words()
        written = []
        if out is not None:
            from race_sim.study.policy_output import write_policies

            watch.report("drawing figures", 0, 1)
            written = write_policies(found, out, budget or (), overwrite=overwrite, command=command_line())
    _tell(found)
    if out is not None:
        note(f"wrote {out}: {', '.join(path.name for path in written)}")


def _found(directory: Path | None) -> "Policies":
    """Policies of a stored sweep, or of the quick study raced now."""
    from race_sim.study.policy import Policies

    if directory is not None:
        from race_sim.study.result import read_result
        from race_sim.study.store import Store

        store = Store.open(directory)
        return Policies.of(read_result(store), quick=bool(store.facts["quick"]))
    return Policies.of(_raced(), quick=True)


def _raced() -> "StudyResult":
    """The quick study, raced in a directory that is gone afterwards."""
    from race_sim.cli.sweep import progress
    from race_sim.study.reading import load_study
    from race_sim.study.sweep import Request, run_study

    note(f"no directory is given: racing {QUICK}")
    with TemporaryDirectory() as folder, Watch("starting", None, timed=False) as watch:
        return run_study(
            load_study(STUDY).smaller(),
            Path(folder) / "runs",
            Request(quick=True, command=command_line()),
            progress=lambda status: watch.report(*progress(status)),
        )


def _tell(found: "Policies") -> None:
    """That a run was a quick one, if it was; the ranking of each panel, then what the intervals say."""
    from race_sim.analysis.cells import groups
    from race_sim.analysis.policy_family import ADJUSTED
    from race_sim.study.wording import Wording

    wording = Wording(found.study)
    if found.warning:
        results().print(f"{found.warning}\n", soft_wrap=True)
    for place, here in groups(found.ranking, found.by) if found.by else [({}, found.ranking)]:
        results().print(_table(here, wording.place(place)))
    for told in found.words():
        results().print(f"{told}\n", soft_wrap=True)
    first = found.ranking.iloc[0]
    how = f"{ADJUSTED}, {int(first['runs'])} seeds; the interval of what a hit costs is Fieller's."
    results().print(how, soft_wrap=True)
    results().print(
        "Weeks to decision: for either side; undecided races count all their weeks. Won / lost: by how many percentage "
        "points the share of races grows that the attackers, or the defenders, decide for themselves; these have no "
        "interval.",
        soft_wrap=True,
    )
    if int(first["left_out"]):
        note(f"{int(first['left_out'])} seeds are left out, since a run of theirs is missing or failed")
    if found.result.there < found.result.wanted:
        missing = found.result.wanted - found.result.there
        note(f"{missing:,} of {found.result.wanted:,} runs are not there: the sweep is not done")


def _table(here: "pd.DataFrame", title: str) -> object:
    from race_sim.analysis.policy_effects import estimate_of
    from race_sim.analysis.policy_ranking import POLICY, cost_words, policy_words, scaled

    shown = table(
        "Policy",
        "Against",
        "Extra hits a week",
        "Extra EUR 1000 a week",
        "What hits cost",
        "Weeks to decision",
        "Won / lost",
        title=title[:1].upper() + title[1:],
        whole=("Policy", "Against"),
    )
    for _, row in here.iterrows():
        hits, euros, weeks = (estimate_of(row, name) for name in ("hits", "euros", "weeks"))
        cost = cost_words(hits, euros, estimate_of(row, "euros_a_hit"))
        spent = str(scaled(euros, 1 / THOUSAND))
        sides = f"{_points(row['prevails'])} / {_points(row['fails'])} points"
        shown.add_row(str(row[POLICY]), policy_words(row["against"]), str(hits), spent, cost, str(weeks), sides)
    return shown


def _points(share: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return f"{round(100.0 * share, 0) + 0.0:+.0f}"  # no -0
