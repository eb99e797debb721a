"""A scenario held against the stylised facts: the bands it is calibrated to, and the patterns it is not tuned on."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from race_sim.analysis.band import Band, Finding, Role, Verdict
from race_sim.analysis.bands import (
    AREA_ELASTICITY_BAND,
    POINT_ELASTICITY_BAND,
    Floats,
    calibrated_findings,
    elasticity_estimate,
    reported_findings,
    supply_totals,
)
from race_sim.analysis.firm_bands import entered_and_failed, has_accounts
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import FIELDED_LIFE, OBSERVED, SHADOW_LIFE, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study.provenance import provenance
from race_sim.study.staging import MARK, staged

if TYPE_CHECKING:
    from race_sim.study.flatness import Flatness

Progress = Callable[[str, int, int], None]

FIRST_SEED = 1
RUNS = 40
FEW_ENDS = 0.25  # share of lives seen to end below which the fielded half-life comes with a warning
SUPPLIES = (0.5, 1.0, 2.0, 4.0)
"""Multiples of the scenario's supply whose hits give the elasticity."""
SUPPLY = (
    "workshops.weekly_output",
    "workshops.initial_stock",
    "primes.weekly_output",
    "primes.initial_stock",
    "operators.crews",
)
"""What a multiple of supply scales where output is given; nothing else changes, tempo least of all."""
MONEY_SUPPLY = (
    "workshops.initial_stock",
    "primes.initial_stock",
    "operators.crews",
    "workshop_accounts.initial_capacity",
    "workshop_accounts.initial_cash",
    "workshop_accounts.candidate_cost",
    "prime_accounts.initial_capacity",
    "prime_accounts.initial_cash",
    "prime_accounts.evaluation_cost",
    "prime_accounts.cost_per_standard",
    "treasuries.home_budget",
    "treasuries.partner_aid",
    "treasuries.american_aid",
    "treasuries.partner_budget",
    "treasuries.home_funding",
    "abroad.budget",
    "joint_lines.budget",
    "joint_lines.capacity",
    "exports.nato_demand",
    "exports.other_demand",
    "exports.rival_week_cost",
    "barter.drones_per_week",
)
"""What it scales under accounts: budgets, demand, plant and cash, and crews; the price of research as well, so that
more income does not buy a broader search."""
ELASTICITIES = {"area": AREA_ELASTICITY_BAND, "point": POINT_ELASTICITY_BAND}
"""Bands of the elasticity by kind of countermeasure."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the races of a scenario gave beside the bands.

    Attributes:
        scenario: what was run.
        records: its races.
        findings: calibrated bands first, then the patterns not tuned on.
        supply: deliveries and hits of all makers by kind of countermeasure and multiple of supply, f8[runs] each.
        races: races run in all.
        seconds: time they took, compiling left out.
    """

    scenario: Scenario
    records: Records
    findings: Sequence[Finding]
    supply: Mapping[tuple[str, float], tuple[Floats, Floats]]
    races: int
    seconds: float

    @property
    def calibrated(self) -> list[Finding]:
        """Findings on the bands the baseline is calibrated to."""
        return [finding for finding in self.findings if finding.band.role is Role.CALIBRATED]

    @property
    def reported(self) -> list[Finding]:
        """Findings on all other patterns."""
        return [finding for finding in self.findings if finding.band.role is not Role.CALIBRATED]

    @property
    def holds(self) -> bool:
        """Whether every calibrated measure lies in its band."""
        return all(finding.holds for finding in self.calibrated)

    @property
    def verdict(self) -> str:
        """How many bands hold, in a sentence or two."""
        inside = sum(finding.holds for finding in self.calibrated)
        others = [
            finding for finding in self.reported if not finding.is_input and finding.verdict is not Verdict.NOT_MEASURED
        ]
        return (
            f"{inside} of {len(self.calibrated)} calibrated bands hold. Of {len(others)} measures of patterns not "
            f"tuned on, {sum(finding.holds for finding in others)} come out inside their bands."
        )

    @property
    def caution(self) -> str:
        """How many ends of designs the half-lives rest on."""
        (seen, designs), shadow = (self._ends(life) for life in (FIELDED_LIFE, SHADOW_LIFE))
        rests = f"The fielded half-life rests on {seen:,} ends among {designs:,} designs ({_share(seen, designs)})"
        followed = f"The shadow half-life follows replaced designs on and sees {_share(*shadow)} of them end."
        if seen < FEW_ENDS * designs:
            return f"{rests}: most are replaced before they fail, and those left are no random sample. {followed}"
        return f"{rests}. {followed}"

    @property
    def churn(self) -> str:
        """How many makers come and go, in a sentence; empty where output is given."""
        if not has_accounts(self.scenario):
            return ""
        entered, failed = entered_and_failed(self.records)
        return f"In a race of {self.records.weeks} weeks {entered:.1f} workshops enter and {failed:.1f} makers fail."

    def _ends(self, life: int) -> tuple[int, int]:
        """Designs of workshops whose end was seen, and all of them."""
        table = self.records.lives[:, WORKSHOP, life].sum(axis=(0, 1))
        return int(table[OBSERVED]), int(table.sum())

    def save(
        self,
        directory: Path,
        *,
        flatness: Flatness | None = None,
        overwrite: bool = False,
        command: Sequence[str] = (),
    ) -> Path:
        """Write tables, figures, scenario and provenance into a new directory, whole or not at all.

        Raises InputError if the directory is there already (unless `overwrite`) or cannot be written.
        """
        # Imported here: matplotlib is slow to import.
        from race_sim.plots.calibration import calibration_figure  # noqa: PLC0415
        from race_sim.study.saving import write_json  # noqa: PLC0415

        figure = calibration_figure(self)
        seeds = [int(seed) for seed in self.records.seeds]
        origin = provenance(seeds=seeds, driver="ensemble", model=None, command=command)
        with staged(directory, overwrite=overwrite) as stage:
            write_table(stage / "calibration.csv", [_line(finding) for finding in self.findings])
            write_table(stage / "supply.csv", list(self._supply_lines()))
            (stage / "scenario.toml").write_text(self.scenario.to_toml(), encoding="utf-8")
            write_json(stage / MARK, origin)
            figure.savefig(stage / "calibration.png", dpi=150)
            if flatness is not None:
                flatness.write(stage)
        return directory

    def _supply_lines(self) -> Iterator[dict[str, str | float]]:
        weeks = self.records.weeks - self.scenario.parameters.run.burn_in_weeks
        for (kind, multiple), (deliveries, hits) in self.supply.items():
            yield {
                "countermeasures": kind,
                "supply_multiple": multiple,
                "deliveries_a_week": float(deliveries.mean()) / weeks,
                "hits_a_week": float(hits.mean()) / weeks,
            }


def run_calibration(
    scenario: Scenario, *, runs: int = RUNS, progress: Progress | None = None, threads: int | None = None
) -> Calibration:
    """Run a scenario and hold it against the bands; then run it with less and more supply.

    Args:
        scenario: what is held against the bands.
        runs: races of each kind, at least 2, with the seeds from 1 on.
        progress: called in this thread with (what is being done, races done, races in all).
        threads: of the ensemble driver; all processors this process may use by default.

    Raises InputError if a multiple of supply is not allowed in this scenario.
    """
    supplies = {
        (kind, multiple): supply_scenario(scenario, kind, multiple) for kind in ELASTICITIES for multiple in SUPPLIES
    }
    total, done = runs * (1 + len(supplies)), 0
    seeds = range(FIRST_SEED, FIRST_SEED + runs)

    def race(one: Scenario, doing: str) -> Records:
        nonlocal done

        def advance(races: int) -> None:
            nonlocal done
            done += races
            if progress is not None:
                progress(doing, done, total)

        advance(0)
        return run_ensemble(one, seeds, threads=threads, progress=advance)

    run_ensemble(scenario, [FIRST_SEED], threads=threads)  # compiles the law, or loads it
    started = time.perf_counter()
    records = race(scenario, scenario.name)
    supply = {
        key: supply_totals(one, race(one, f"supply x{key[1]:g}, {key[0]} countermeasures"))
        for key, one in supplies.items()
    }
    seconds = time.perf_counter() - started
    findings = [
        *calibrated_findings(scenario, records),
        *reported_findings(scenario, records),
        *(elasticity_finding(band, kind, supply) for kind, band in ELASTICITIES.items()),
    ]
    return Calibration(scenario, records, findings, supply, total, seconds)


def supply_scenario(scenario: Scenario, kind: str, multiple: float) -> Scenario:
    """The scenario with one kind of countermeasure and a multiple of its supply, in its events as well.

    Supply is what is built a week, or under accounts what pays for it; what there is to begin with; and the crews
    that fly it. Capacity of point countermeasures stays what it is.

    Raises InputError if the scaled values are not allowed.
    """
    scaled = MONEY_SUPPLY if has_accounts(scenario) else SUPPLY
    events = tuple(
        replace(event, value=round(multiple * event.value))
        if event.path in scaled and isinstance(event.value, int)
        else event
        for event in scenario.events
    )
    changes: dict[str, object] = {path: round(multiple * int(scenario.parameters.value(path))) for path in scaled}
    return replace(scenario, events=events).with_changes(changes | {"countermeasures.kind": kind})


def elasticity_finding(band: Band, kind: str, supply: Mapping[tuple[str, float], tuple[Floats, Floats]]) -> Finding:
    """The elasticity of hits to deliveries over all multiples of supply with one kind of countermeasure."""
    deliveries, hits = (
        np.stack([supply[kind, multiple][place] for multiple in SUPPLIES], axis=1) for place in range(2)
    )
    return Finding(band, elasticity_estimate(deliveries, hits))


def write_table(path: Path, lines: Sequence[Mapping[str, object]]) -> None:
    """Write lines with the same keys as a CSV file; None is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _line(finding: Finding) -> dict[str, str | float | None]:
    band, estimate = finding.band, finding.estimate
    return {
        "fact": band.fact,
        "role": band.role.value,
        "measure": band.what,
        "unit": band.unit,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "band_low": band.low,
        "band_high": band.high,
        "verdict": finding.words,
        "note": band.note,
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"
