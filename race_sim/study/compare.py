"""Compares two scenarios: both and their twins raced with the same seeds, then tables, words, figure and files."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from race_sim.analysis.contrast import Contrast, Side
from race_sim.analysis.explanation import explain
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study.provenance import provenance
from race_sim.study.staging import MARK, staged
from race_sim.study.twins import HOW_TWINS_ARE_MADE, adopted_share, blind_twin, frozen_twin, matching_probability

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Progress = Callable[[str, int, int], None]
RACES_A_SEED = 6  # both scenarios, each with two twins
EQUAL = ("run.weeks", "run.burn_in_weeks")
"""Parameters that must be equal for hits of the same weeks to be compared."""


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonResult:
    """Scenario B against scenario A.

    Attributes:
        contrast: the races of both sides and everything computed from them.
        notes: what was done that was not asked for.
    """

    contrast: Contrast
    notes: tuple[str, ...] = ()

    @cached_property
    def table(self) -> pd.DataFrame:
        """Headline quantities: a row each, with unit, A, B, B less A and B over A, each with its 95% interval."""
        from race_sim.analysis.comparison_frames import quantities_frame  # noqa: PLC0415 -- pandas is slow to import

        return quantities_frame(self.contrast)

    @cached_property
    def terms(self) -> pd.DataFrame:
        """Terms of B's hits a week less A's: a row a term and kind of maker, with 95% interval and share."""
        from race_sim.analysis.comparison_frames import terms_frame  # noqa: PLC0415 -- pandas is slow to import

        return terms_frame(self.contrast)

    @cached_property
    def explanation(self) -> str:
        """What drove the difference, in words, paragraphs apart by an empty line; computed from the numbers alone."""
        return f"{explain(self.contrast)}\n\n{HOW_TWINS_ARE_MADE}"

    @property
    def seeds(self) -> list[int]:
        """Seeds that both scenarios and their twins were run with."""
        return [int(seed) for seed in self.contrast.a.records.seeds]

    def figure(self) -> Figure:
        """Weekly hits of both, and the way from A's hits to B's, term by term."""
        from race_sim.plots.comparison import comparison_figure  # noqa: PLC0415 -- matplotlib is slow to import

        return comparison_figure(self.contrast)

    def document(self) -> dict[str, Any]:
        """Everything but the weekly records as plain values for JSON; what is not a number is None."""
        from race_sim.study.saving import plain  # noqa: PLC0415

        return {
            "a": self.contrast.a.label,
            "b": self.contrast.b.label,
            "seed": self.seeds[0],
            "runs": self.contrast.runs,
            "weeks": self.contrast.a.records.weeks,
            "identical": self.contrast.identical,
            "quantities": plain(_rows(self.table)),
            "terms": plain(_rows(self.terms)),
            "explanation": self.explanation,
        }

    def save(self, directory: Path | str, *, overwrite: bool = False, command: Sequence[str] = ()) -> Path:
        """Write everything into a new directory, whole or not at all, and return its path.

        The files are comparison.csv (quantities, then terms), comparison.txt, comparison.png, a.toml and b.toml
        (with every parameter; they load again) and provenance.json.

        Raises InputError if the directory is there already (unless `overwrite`) or cannot be written.
        """
        from race_sim.analysis.comparison_frames import comparison_frame  # noqa: PLC0415
        from race_sim.study.saving import write_json  # noqa: PLC0415

        figure = self.figure()
        sides = {"a": self.contrast.a, "b": self.contrast.b}
        origin = provenance(seeds=self.seeds, driver="ensemble", model=None, command=command)
        origin["twins"] = {name: {"adoption_probability": side.adoption_probability} for name, side in sides.items()}
        with staged(Path(directory), overwrite=overwrite) as stage:
            frame = comparison_frame(self.contrast)
            frame.to_csv(stage / "comparison.csv", index=False, lineterminator="\n")
            (stage / "comparison.txt").write_text(f"{self.explanation}\n", encoding="utf-8")
            for name, side in sides.items():
                (stage / f"{name}.toml").write_text(side.scenario.to_toml(), encoding="utf-8")
            write_json(stage / MARK, origin)
            figure.savefig(stage / "comparison.png", dpi=150)
        return Path(directory)

    def __repr__(self) -> str:
        a, b = self.contrast.a, self.contrast.b
        return f"<ComparisonResult: {b.label} against {a.label}, {self.contrast.runs} pairs of races>"


def run_comparison(
    a: Scenario,
    b: Scenario,
    seeds: Sequence[int],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    notes: tuple[str, ...] = (),
) -> ComparisonResult:
    """Run both scenarios, and the two twins of each, once for each seed.

    Args:
        a, b: scenarios of equal length and burn-in.
        seeds: one in [0, 2**64) for each pair of races.
        threads: of the ensemble driver; all processors this process may use by default.
        progress: called in this thread with (what is being done, races done, races in all).
        notes: told with the result.

    Raises InputError if weeks or burn-in differ.
    """
    check_comparable(a, b)
    done = 0
    labels = (a.name, b.name) if a.name != b.name else (f"{a.name} (A)", f"{b.name} (B)")

    def race(scenario: Scenario, doing: str) -> Records:
        def advance(count: int) -> None:
            nonlocal done
            done += count
            if progress is not None:
                progress(doing, done, RACES_A_SEED * len(seeds))

        advance(0)
        return run_ensemble(scenario, seeds, threads=threads, progress=advance)

    def side(label: str, scenario: Scenario) -> Side:
        records = race(scenario, label)
        share = adopted_share(records, scenario.parameters.run.burn_in_weeks)
        if math.isnan(share):
            share = adopted_share(records, 0)
        probability = matching_probability(share, scenario.parameters.workshops.variants_per_cycle)
        frozen = race(frozen_twin(scenario), f"{label}, frozen twin")
        blind = race(blind_twin(scenario, probability), f"{label}, blind twin")
        return Side(label, scenario, records, frozen, blind, probability)

    return ComparisonResult(Contrast(*(side(*one) for one in zip(labels, (a, b), strict=True))), notes)


def check_comparable(a: Scenario, b: Scenario) -> None:
    """Raises InputError unless both scenarios measure the same weeks."""
    faults = [
        f"{path} is {a.parameters.value(path)} in {a.name} (A) but {b.parameters.value(path)} in {b.name} (B): "
        "only equal weeks can be compared; set it alike in both"
        for path in EQUAL
        if a.parameters.value(path) != b.parameters.value(path)
    ]
    if faults:
        raise InputError("\n".join(faults))


def _rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
