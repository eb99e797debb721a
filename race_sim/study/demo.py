"""The demo: forces that differ only in cycle length and arsenal race apart, under several regimes and controls."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from race_sim.analysis.exchange import ExchangeRate
from race_sim.analysis.forces import ControlResult, Force, Outcome, Regime, RegimeResult
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.verdict import verdict
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.scenario import Scenario
from race_sim.scenario.text import shown
from race_sim.study.demo_design import (
    FIRST_SEED,
    GROWING_CAPACITY,
    MASS,
    REGIMES,
    SIZES,
    STOCK_WEEKS,
    DemoSize,
    control_labels,
    control_meanings,
    demo_scenario,
    point_regimes,
)
from race_sim.study.provenance import provenance
from race_sim.study.staging import MARK, staged

Progress = Callable[[str, int, int], None]

HOW_TO_READ = """\
Hits of the force with the shortest cycle and x1 arsenal (the reference) over hits of the force in the cell, in races \
apart with the same seeds; brackets hold 95% intervals. + the reference hits more, - it hits less, ? no evidence: the \
interval of the ratio holds 1, or the two forces' own intervals of hits overlap. "worth" is the arsenal multiple with \
which the longer cycle hits as much as the reference.\
"""
"""How to read `DemoResult.rows` and `DemoResult.control_rows`."""


@dataclass(frozen=True, eq=False)
class DemoResult:
    """What the demo's races showed.

    Attributes:
        size: what was run.
        results: outcomes of all forces, a regime each.
        controls: outcomes of the reference and the slowest force of equal arsenal under each control; for
            `GROWING_CAPACITY`, which is for point countermeasures alone, the slowest has `MASS` times the arsenal.
        races: races run.
        seconds: time they took, compiling left out.
    """

    size: DemoSize
    results: Sequence[RegimeResult]
    controls: Sequence[ControlResult]
    races: int
    seconds: float

    @property
    def rate(self) -> float:
        """Races a second."""
        return self.races / self.seconds

    @cached_property
    def verdict(self) -> str:
        """What the numbers say, in one paragraph."""
        return verdict(self.results, self.controls)

    @property
    def headline(self) -> str:
        """First sentence of the verdict."""
        return self.verdict.partition(". ")[0] + "."

    @property
    def setting(self) -> str:
        """What all forces share, in words."""
        size, reference = self.size, demo_scenario(self.size, REGIMES[0], self.size.extremes[0]).parameters
        engagements = reference.teams.count * reference.teams.slots * reference.countermeasures.capacity_per_week
        crews = reference.operators.crews
        return (
            f"Every force has {size.workshops} workshops against {size.teams} countermeasure teams, the same bench "
            f"tests and trial sorties a week, and the same {size.runs} seeds, each in a race of its own; hits count "
            f"in weeks {size.burn_in_weeks + 1} to {size.weeks}. An arsenal of x1 is {crews:,} drones built and crews "
            f"to fly them a week, and a stock of {STOCK_WEEKS} weeks' output to begin with; a multiple scales all "
            "three. Races begin with a cycle and a trial under way in every workshop, evenly staggered. Point "
            f"countermeasures have a fixed capacity of {engagements:,} engagements a week, "
            f"{engagements / crews:.0%} of the crews of an x1 arsenal, whatever the attack: a larger arsenal saturates "
            "them by construction, so there mass gains from this assumption; one control lets capacity grow with the "
            "attack. Operators never drop a design but in the control where they do. Not varied here: the tempo of "
            f"red (a new countermeasure takes a team {reference.teams.discovery_weeks:g} weeks on average), the step "
            "rule (the longer a cycle, the larger its steps, though with fewer flips a week: each mutant has one) and "
            "the number of makers."
        )

    @property
    def rows(self) -> list[dict[str, str]]:
        """The table: for each regime and cycle, hits of the reference over hits of the force with each arsenal.

        Above 1 the reference (shortest cycle, x1 arsenal) hits more. Each cell ends in `+` if it does, `-` if it
        hits less, `?` if there is no evidence. `worth` is the exchange rate: the arsenal multiple with which the
        longer cycle hits as much. Brackets hold 95% intervals.
        """
        return [row for result in self.results for row in _rows(result)]

    @property
    def control_rows(self) -> list[dict[str, str]]:
        """The same ratio between the shortest and the longest cycle, a row a control; empty where it has no meaning.

        Arsenals are equal, but in the last two rows, where the longest cycle has `MASS` times the arsenal.
        """
        slowest, massed = self.size.extremes[1], self.size.massed[1]
        growing = [one.result for one in self.controls if one.name == GROWING_CAPACITY]
        return [
            _control_row("none", self.results, slowest),
            *(
                _control_row(label, [one.result for one in self.controls if one.name == name], slowest)
                for name, label in control_labels(self.size).items()
            ),
            _control_row(f"x{MASS}: none", self.results, massed),
            _control_row(f"x{MASS}: capacity grows with the attack", growing, massed),
        ]

    @property
    def lines(self) -> list[Mapping[str, str | float | int | None]]:
        """The numbers, one line a force and control; `worth` belongs to a longer cycle and stands in all its lines."""
        return list(_lines(self))

    def provenance(self, command: Sequence[str] = ()) -> dict[str, Any]:
        """Where the numbers come from (`study.provenance`); `command` are the words of the command line, if any."""
        seeds = range(FIRST_SEED, FIRST_SEED + self.size.runs)
        return provenance(seeds=seeds, driver="ensemble", model=None, command=command)

    @cached_property
    def png(self) -> bytes:
        """The figure, as a PNG image."""
        # Imported here: matplotlib is slow to import.
        from race_sim.plots.demo import demo_figure  # noqa: PLC0415

        stream = BytesIO()
        demo_figure(self).savefig(stream, format="png", dpi=150)
        return stream.getvalue()

    def save(
        self, directory: Path, *, overwrite: bool = False, command: Sequence[str] = (), report: bool = True
    ) -> Path:
        """Write demo.png, demo.csv, verdict.txt, provenance.json into a new directory, whole or not at all.

        With `report`, also report.html, one page with all of that in it. Returns the directory.

        Raises InputError if the directory is there already (unless `overwrite`) or cannot be written.
        """
        # Imported here: the report is made from this module's result.
        from race_sim.study.demo_report import REPORT, demo_report  # noqa: PLC0415
        from race_sim.study.report import page  # noqa: PLC0415
        from race_sim.study.saving import write_json  # noqa: PLC0415

        origin = self.provenance(command)
        with staged(directory, overwrite=overwrite) as stage:
            with (stage / "demo.csv").open("w", encoding="utf-8", newline="") as stream:
                lines = self.lines
                writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(lines)
            (stage / "verdict.txt").write_text(f"{self.verdict}\n\n{self.setting}\n", encoding="utf-8")
            write_json(stage / MARK, origin)
            (stage / "demo.png").write_bytes(self.png)
            if report:
                (stage / REPORT).write_bytes(page(demo_report(self, origin)))
        return directory


def run_demo(
    progress: Progress | None = None,
    size: Literal["full", "quick"] = "full",
    *,
    threads: int | None = None,
) -> DemoResult:
    """Run every force under every regime, then the controls, all with the same seeds.

    Args:
        progress: called in this thread with (what is being done, races done, races in all).
        size: "full" runs more than 5,000 races; "quick" is for tests.
        threads: of the ensemble driver; all processors this process may use by default.

    Raises InputError for an unknown size.
    """
    if size not in SIZES:
        raise InputError(f"size = {shown(size)} is not allowed: give {' or '.join(SIZES)}")
    chosen = SIZES[size]
    count = _Count(progress, chosen.races)
    count.tell("preparing the law")
    run_ensemble(demo_scenario(SIZES["quick"], REGIMES[0], Force(1, 1)), [FIRST_SEED], threads=threads)
    started = time.perf_counter()

    def race(scenario: Scenario, doing: str) -> Outcome:
        count.tell(doing)
        seeds = range(FIRST_SEED, FIRST_SEED + chosen.runs)
        records = run_ensemble(scenario, seeds, threads=threads, progress=count.advance)
        return Outcome.of(records, scenario.parameters.run.burn_in_weeks)

    results = [
        RegimeResult(
            regime, {force: race(demo_scenario(chosen, regime, force), str(regime)) for force in chosen.forces}
        )
        for regime in REGIMES
    ]
    controls = []

    def control(name: str, meaning: str, main: RegimeResult, forces: Sequence[Force]) -> None:
        doing = f"{name}, {main.regime}"
        outcomes = {force: race(_control(chosen, main, force, name), doing) for force in forces}
        controls.append(ControlResult(name, meaning, RegimeResult(main.regime, outcomes)))

    for name, meaning in control_meanings(chosen).items():
        for result in results:
            control(name, meaning, result, chosen.extremes)
    for result in results:
        if result.regime in point_regimes():
            control(GROWING_CAPACITY, "when capacity grows with the attack", result, chosen.massed)
    return DemoResult(chosen, results, controls, count.done, time.perf_counter() - started)


def _control(size: DemoSize, result: RegimeResult, force: Force, name: str) -> Scenario:
    """The control of a force; blind drift adopts as many trials as the same force did without the control."""
    adopted = result.outcomes[force].adopted_share if name == "blind_drift" else None
    return demo_scenario(size, result.regime, force, name, adopted=adopted)


class _Count:
    """Races done so far, told to whoever wants to know."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.done = 0
        self._doing = ""
        self._total = total
        self._progress = progress

    def tell(self, doing: str) -> None:
        self._doing = doing
        if self._progress is not None:
            self._progress(doing, self.done, self._total)

    def advance(self, races: int) -> None:
        self.done += races
        self.tell(self._doing)


_MARKS = {"wins": "+", "loses": "-", "no evidence": "?"}


def _short(regime: Regime) -> str:
    return f"{regime.founders}, {regime.countermeasures}"


def _cell(result: RegimeResult, force: Force) -> str:
    comparison = result.comparison(force)
    return f"{comparison.ratio} {_MARKS[comparison.finding.value]}"


def _control_row(label: str, results: Sequence[RegimeResult], force: Force) -> dict[str, str]:
    cells = {result.regime: _cell(result, force) for result in results}
    return {"control": label, **{_short(regime): cells.get(regime, "") for regime in REGIMES}}


def _rows(result: RegimeResult) -> Iterator[dict[str, str]]:
    own = result.reference
    for weeks in result.cycles:
        row = {
            "founders": result.regime.founders,
            "countermeasures": result.regime.countermeasures,
            "cycle": f"{weeks} {'week' if weeks == 1 else 'weeks'}",
        }
        for multiple in result.multiples:
            force = Force(weeks, multiple)
            row[f"x{multiple:g}"] = "1 (reference)" if force == own else _cell(result, force)
        row["worth"] = "" if weeks == own.cycle_weeks else str(result.exchange_rate(weeks))
        yield row


def _lines(demo: DemoResult) -> Iterator[Mapping[str, str | float | int | None]]:
    for result in demo.results:
        for weeks in result.cycles:
            worth = _worth(result.exchange_rate(weeks) if weeks > result.reference.cycle_weeks else None)
            for force in sorted(force for force in result.outcomes if force.cycle_weeks == weeks):
                yield {**_line(result, force, ""), **worth}
    for control in demo.controls:
        for force in control.result.outcomes:
            yield {**_line(control.result, force, control.name), **_worth(None)}


def _line(result: RegimeResult, force: Force, control: str) -> dict[str, str | float | int | None]:
    outcome = result.outcomes[force]
    comparison = result.comparison(force)
    return {
        "founders": result.regime.founders,
        "countermeasures": result.regime.countermeasures,
        "control": control,
        "cycle_weeks": force.cycle_weeks,
        "arsenal_multiple": force.multiple,
        "runs": len(outcome.hits),
        **_columns("hits_a_week", outcome.weekly_hits),
        **_columns("sorties_a_week", outcome.weekly_sorties),
        **_columns("hits_a_sortie", outcome.effectiveness),
        "trial_sorties_a_week": float(outcome.trial_sorties.mean() / outcome.weeks),
        **_columns("reference_over_this", comparison.ratio),
        "reference": "itself" if force == result.reference else comparison.finding.value,
    }


def _worth(rate: ExchangeRate | None) -> dict[str, str | None]:
    """An exchange rate with its limits: as a number, or as "<1" or ">16" beyond the multiples tried."""
    words = (None, None, None) if rate is None else rate.words
    return dict(zip(("worth", "worth_low", "worth_high"), words, strict=True))


def _columns(name: str, estimate: Estimate) -> dict[str, float | None]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
