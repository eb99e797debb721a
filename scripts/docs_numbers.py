"""Write the numbers of docs/calibration.md anew, and its first figure; with `--flatness` those of flatness instead.

Each block of numbers stands between two marks, <!-- NAME --> and <!-- end NAME -->; the prose between blocks is not
touched, and whoever runs this reads it again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill

import numpy as np

from race_sim.analysis.bands import (
    HITS_BAND,
    TOTAL_YIELD_BAND,
    TREND_DRONES,
    WORKSHOP_TREND_BAND,
    quarterly_yield,
    reported_findings,
)
from race_sim.ensemble.driver import run_ensemble
from race_sim.plots.calibration import calibration_figure
from race_sim.plots.flatness import flatness_figure
from race_sim.records import WORKSHOP
from race_sim.scenario import load
from race_sim.study.calibration import FIRST_SEED, RUNS, Calibration, run_calibration
from race_sim.study.flatness import MEASURES, Cloud, Flatness, run_flatness

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "calibration.md"
IMAGES = DOCS / "images"
WIDTH = 118  # letters in a line of prose
TARGETS = (0, 2_000, 1_000, 500)  # a week; 0: unlimited
SETTINGS = (
    (),
    ("founders.origin=independent",),
    ("run.burn_in_weeks=65",),
    ("run.burn_in_weeks=65", "run.weeks=325"),
)
"""Settings under which the trend of hits a drone is shown."""


def table(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measured(found: Calibration) -> str:
    """Every band with what was measured."""
    rows = (
        [finding.band.fact, finding.band.what, str(finding.estimate), str(finding.band), finding.words]
        for finding in found.findings
    )
    return table(("fact", "measure", "measured", "band", "verdict"), rows)


def said(found: Calibration) -> str:
    """What the program says of the bands."""
    return "\n\n".join(fill(sentence, WIDTH) for sentence in (found.verdict, found.caution, found.churn))


def trends() -> str:
    """Hits a thousand drones of workshops, by quarter and setting."""

    def rows() -> Iterator[Sequence[str]]:
        for settings in SETTINGS:
            scenario = load("baseline", settings)
            records = run_ensemble(scenario, range(FIRST_SEED, FIRST_SEED + RUNS))
            quarters = TREND_DRONES * np.nanmean(quarterly_yield(scenario, records, WORKSHOP), axis=0)
            (trend,) = [one for one in reported_findings(scenario, records) if one.band is WORKSHOP_TREND_BAND]
            words = ", ".join(f"`{setting}`" for setting in settings) or "the baseline"
            yield [words, *(f"{quarters[place]:.0f}" for place in (0, 3, -1)), str(trend.estimate)]

    return table(("setting", "first quarter", "fourth", "last", "trend a quarter"), rows())


def targets() -> str:
    """Elasticity of hits to supply where targets run out."""

    def rows() -> Iterator[Sequence[str]]:
        for number in TARGETS:
            found = run_calibration(load("baseline", [f"front.targets_per_week={number}"]))
            area, point = (f"{finding.estimate.value:.2f}" for finding in found.findings[-2:])
            (hits,) = [one for one in found.findings if one.band is HITS_BAND]
            (drones,) = [one for one in found.findings if one.band is TOTAL_YIELD_BAND]
            words = f"{number:,}" if number else "0 (unlimited, the baseline)"
            yield [words, area, point, f"{hits.estimate.value:.3f}", f"{drones.estimate.value:.3f}"]

    return table(
        ("`front.targets_per_week`", "area", "point", "hits a sortie of workshops", "hits a drone, all makers"), rows()
    )


def leaving(flat: Flatness) -> str:
    """What the program says of flatness, and each parameter that leaves a band, with where."""

    def rows() -> Iterator[Sequence[str]]:
        for path in flat.leaving:
            ends = [end for end in flat.ends if end.path == path and not end.inside]
            bands = [MEASURES[one.band] for end in ends for one in end.findings if not one.holds]
            words = ", ".join(dict.fromkeys(name.replace("_", " ") for name in bands))
            yield [f"`{path}`", words, ", ".join(_shown(end.value) for end in ends)]

    told = "\n\n".join(fill(sentence, WIDTH) for sentence in flat.verdict.split("\n"))
    return f"{told}\n\n{table(('parameter', 'leaves the band of', 'at'), rows())}"


def pins(clouds: Sequence[Cloud]) -> str:
    """Parameters in which points inside a band differ from the others."""

    def rows() -> Iterator[Sequence[str]]:
        for cloud in clouds:
            for path, found in cloud.pinned.items():
                for name, pin in found.items():
                    yield [f"{cloud.span:.0%}", f"`{path}`", name.replace("_", " "), pin.direction, *pin.words]

    return table(("of ranges", "parameter", "points inside", "are", "those inside", "all points"), rows())


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def written(text: str, name: str, block: str) -> str:
    """The page with one block exchanged. Raises ValueError if it has no such block."""
    marks = rf"(<!-- {name} -->\n\n).*?(<!-- end {name} -->)"
    if not re.search(marks, text, flags=re.DOTALL):
        raise ValueError(f"{PAGE} has no block {name}")
    return re.sub(marks, lambda match: f"{match[1]}{block}\n\n{match[2]}", text, flags=re.DOTALL)


def measured_blocks() -> Iterator[tuple[str, str]]:
    """Bands, trends and targets; draws the first figure."""
    found = run_calibration(load("baseline"))
    calibration_figure(found).savefig(IMAGES / "calibration.png", dpi=150)
    yield "measured", measured(found)
    yield "said", said(found)
    yield "trends", trends()
    yield "targets", targets()


def flatness_blocks() -> Iterator[tuple[str, str]]:
    """What the bands leave open; draws the second figure."""
    flat = run_flatness(load("baseline"))
    flatness_figure(flat).savefig(IMAGES / "flatness.png", dpi=130)
    yield "leaving", leaving(flat)
    yield "pins", pins(flat.clouds)


def main(*arguments: str) -> None:
    """Write the page, block by block, and one of its figures."""
    for name, block in flatness_blocks() if "--flatness" in arguments else measured_blocks():
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), name, block), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
