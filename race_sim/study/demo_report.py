"""The demo's report: its verdict, figure, tables and controls on one page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from race_sim.scenario.text import listed
from race_sim.study.demo import HOW_TO_READ
from race_sim.study.demo_design import CONTROLS, SIZES
from race_sim.study.report import Figure, Report, Section
from race_sim.study.report_table import Table

if TYPE_CHECKING:
    from race_sim.study.demo import DemoResult

REPORT = "report.html"
"""Name of the file."""
REGIME = ("founders", "countermeasures")

_SENTENCES = re.compile(r"(?<=\.) (?=[A-Z])")

RATIOS = "Hits of the reference over hits of the other force"
TITLE = "What is a shorter design cycle worth?"
QUESTION = (
    "When does adaptation speed beat arsenal size, by how much, and when does it not? Forces that differ only in the "
    "length of their design cycle and the size of their arsenal race, each against the same defenders."
)
HEADINGS = {
    "cycle_weeks": "cycle (weeks)",
    "arsenal_multiple": "arsenal (multiple)",
    "control": "what was changed",
    "reference_over_this": "hits of the reference over hits of this force",
    "reference": "finding (of the reference)",
    "worth": "arsenals that the shortest cycle is worth",
}


def demo_report(demo: DemoResult, provenance: Mapping[str, object]) -> Report:
    """The page of a demo; `provenance` is that of its numbers (`DemoResult.provenance`)."""
    quick = demo.size == SIZES["quick"]
    sentences = _SENTENCES.split(demo.verdict.removeprefix(demo.headline).strip())
    return Report(
        title=TITLE,
        question=QUESTION,
        answer="\n".join([demo.headline, "", *(f"- {sentence}" for sentence in sentences)]),
        sections=[_forces(demo), _controls(demo), _every_force(demo)],
        provenance={**provenance, "races": demo.races, "seconds": demo.seconds},
        command="race-sim demo --quick" if quick else "race-sim demo",
        quick=quick,
    )


def _forces(demo: DemoResult) -> Section:
    rows = demo.rows
    multiples = [name for name in rows[0] if name.startswith("x")]
    return Section(
        name="forces",
        title="Shorter cycle against larger arsenal",
        question="How much does the force with the shortest cycle hit, beside one with a longer cycle and more drones?",
        answer=demo.setting,
        figures=[_figure(demo)],
        tables=[
            Table(
                name="ratios",
                title=RATIOS,
                note=HOW_TO_READ,
                frame=pd.DataFrame(rows)[[*REGIME, "cycle", "worth", *multiples]],
                headings={
                    **{name: f"other, {name} arsenal" for name in multiples},
                    "cycle": "cycle of the other",
                    "worth": HEADINGS["worth"],
                },
                numbers=[*multiples, "worth"],
            )
        ],
    )


def _figure(demo: DemoResult) -> Figure:
    own, regimes = demo.results[0].reference, [str(result.regime) for result in demo.results]
    ratio = f"hits of the force with a {own} over hits of another"
    return Figure(
        name="demo",
        title="Ratio of hits, regime by regime, and under each control",
        png=demo.png,
        alternative=(
            f"{len(regimes)} panels, one a regime ({listed(regimes)}): {ratio}, against the arsenal of the other, a "
            "line for each length of its cycle, with 95% intervals. A last panel: the same ratio with equal arsenals "
            f"for the longest cycle, with one thing changed at a time. The tables hold the numbers. {demo.headline}"
        ),
        caption=(
            f"Points are the {ratio}; above 1 (shaded) the reference hits more. Bars are 95% intervals over "
            f"{demo.size.runs} races a force, paired by seed. Legends give the exchange rate: the arsenals of the "
            "longer cycle that the shorter one is worth."
        ),
    )


def _controls(demo: DemoResult) -> Section:
    words = {name: f"{meaning} ({name})" for name, meaning in CONTROLS.items()}
    rows = [{**row, "control": words.get(row["control"], row["control"])} for row in demo.control_rows]
    return Section(
        name="controls",
        title="Controls",
        question="What is left of the ratio when one thing is changed?",
        tables=[
            Table(
                name="controls",
                title="Hits with the shortest cycle over hits with the longest",
                note=(
                    "With equal arsenals, but where another is said. Intervals and marks are those of "
                    f'"{RATIOS}", above.'
                ),
                frame=pd.DataFrame(rows),
                headings=HEADINGS,
                numbers=[name for name in rows[0] if name != "control"],
            )
        ],
    )


def _every_force(demo: DemoResult) -> Section:
    return Section(
        name="numbers",
        title="All numbers",
        question="What did every force do?",
        tables=[
            Table(
                name="demo",
                title="Every force, regime and control",
                note="Means over races. A control is empty where nothing was changed.",
                frame=pd.DataFrame(demo.lines),
                headings=HEADINGS,
                numbers=["worth"],
            )
        ],
    )
