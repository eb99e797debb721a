"""Two scenarios raced with the same seeds, side by side: headline quantities, and the terms of the difference in hits.

Everything is paired by seed. A value is the mean over runs of what each run measured after the burn-in; intervals
are Student's t over runs at 95%, those of differences over differences of runs with one seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.codebook import CODEBOOK
from race_sim.analysis.decomposition import PARTS, TERMS, Account, Flights, added, decompose
from race_sim.analysis.economy_contrast import OF_ECONOMY, OF_KIND, economy_values
from race_sim.analysis.frames import shares
from race_sim.analysis.intervals import Estimate, evident, mean_estimate, ratio_estimate
from race_sim.analysis.survival import median_difference, median_estimate
from race_sim.records import KIND_NAMES, KINDS, LIFE_NAMES, TOTAL
from race_sim.results import Records
from race_sim.scenario import Scenario

Floats = npt.NDArray[np.float64]

AS_RATIO = ("hits", "sorties", "effectiveness")
"""Quantities compared by their ratio; all others by their difference."""
LIVES = ("fielded_half_life", "shadow_half_life", "counter_lag")


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two scenarios: its races, and those of its twins with the same seeds.

    Attributes:
        label: what it is called in tables, figures and sentences.
        scenario: what was run.
        records: its races.
        frozen: races of its twin in which no maker changes its design.
        blind: races of its twin in which makers change designs as often, but blindly.
        adoption_probability: with which workshops of the blind twin adopt a trial.
    """

    label: str
    scenario: Scenario
    records: Records
    frozen: Records
    blind: Records
    adoption_probability: float

    def success(self, step: str, kind: str) -> float:
        """A step of success (`STEPS`) of a kind of maker, in hits a sortie: mean over runs; NaN if none flew."""
        return _mean(self.accounts[kind].success[step])

    def flown(self, step: str, kind: str) -> float:
        """A step (`TWIN_STEPS`) of the share of possible sorties that a kind of maker flew: mean over runs."""
        return _mean(self.accounts[kind].flown[step])

    @property
    def first_week(self) -> int:
        """First week measured."""
        return self.scenario.parameters.run.burn_in_weeks

    @property
    def measured(self) -> npt.NDArray[Any]:
        """WEEK[runs, weeks] after the burn-in."""
        return self.records.weekly[:, self.first_week :]

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Factors of the hits of each kind of maker, and of the force as a whole."""
        segments, segment_of_week = self.scenario.timeline()
        crews = segments["operators_crews"][segment_of_week]
        own, frozen, blind = (
            Flights.of(records.weekly, crews, self.first_week) for records in (self.records, self.frozen, self.blind)
        )
        of_kinds = {KIND_NAMES[kind]: Account.of(own, frozen, blind, kind) for kind in range(KINDS)}
        return {**of_kinds, KIND_NAMES[TOTAL]: Account.together(list(of_kinds.values()))}

    @cached_property
    def values(self) -> dict[str, Floats]:
        """Every headline quantity but lives, by its name in the codebook: what each run measured, [runs]."""
        found: dict[str, Floats] = {}
        for place, kind in enumerate(KIND_NAMES):
            weeks = self.measured["kinds"][:, :, place]
            found |= {f"{kind}_{name}": values for name, values in _of_kind(weeks).items()}
        return found

    @cached_property
    def economy(self) -> dict[str, Floats]:
        """Every quantity of output, drones and money by its name in the codebook: what each run measured, [runs]."""
        return economy_values(self.records.weekly, self.first_week)

    def run_values(self, name: str) -> Floats:
        """A quantity of hits or of the economy: what each run measured, [runs]."""
        return self.values[name] if name in self.values else self.economy[name]

    @property
    def kinds(self) -> list[str]:
        """Kinds of maker that have anything to fly in the measured weeks."""
        return [kind for kind in KIND_NAMES[:TOTAL] if self.accounts[kind].possible.any()]


def _of_kind(weeks: npt.NDArray[Any]) -> dict[str, Floats]:
    """Headline quantities of each run from KIND_WEEK[runs, weeks]."""
    totals = {name: weeks[name].sum(axis=1) for name in weeks.dtype.names or ()}
    return {
        "hits": weeks["hits"].mean(axis=1),
        "sorties": weeks["sorties"].mean(axis=1),
        "effectiveness": shares(totals["hits"], totals["sorties"]),
        "trial_sorties_share": shares(totals["trial_sorties"], totals["sorties"]),
        "stock": weeks["stock"].mean(axis=1),
        "stock_age": _known_mean(weeks["stock_age"]),
        "stock_countered_share": shares(totals["stock_countered"], totals["stock"]),
        "designs_fielded": weeks["designs_fielded"].mean(axis=1),
        "trials_adopted_share": shares(totals["trials_adopted"], totals["trials_judged"]),
        "gap": _known_mean(weeks["gap"]),
    }


def _known_mean(values: npt.NDArray[Any]) -> Floats:
    """Mean over weeks of what is known in each run, NaN where nothing is."""
    known = ~np.isnan(values)
    return shares(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1))


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measure of both scenarios: means over runs, and B less A or B over A, paired."""

    name: str
    unit: str
    a: Estimate
    b: Estimate
    difference: Estimate
    ratio: Estimate | None
    """Only of `AS_RATIO`."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of B's hits a week less A's, of one kind of maker or of all.

    Attributes:
        name: of `TERMS`, or of `PARTS` for a part of a term.
        kind: of `KIND_NAMES`.
        difference: hits a week, with its interval.
    """

    name: str
    kind: str
    difference: Estimate

    @property
    def evident(self) -> bool:
        """Whether the interval leaves out 0."""
        return evident(self.difference)


@dataclass(frozen=True, eq=False)
class Contrast:
    """Scenario B against scenario A, run with the same seeds."""

    a: Side
    b: Side

    @property
    def runs(self) -> int:
        """Pairs of races."""
        return self.a.records.runs

    @property
    def identical(self) -> bool:
        """Whether both recorded the same, to the last bit, in every race."""
        return self.a.records.same_bytes(self.b.records)

    @property
    def same_hits(self) -> bool:
        """Whether both made the same hits in every week of every race."""
        hits = [side.records.weekly["kinds"]["hits"] for side in (self.a, self.b)]
        return bool((hits[0] == hits[1]).all())

    @property
    def swapped(self) -> Contrast:
        """The same with A and B exchanged."""
        return Contrast(self.b, self.a)

    @cached_property
    def kinds(self) -> list[str]:
        """Kinds of maker that have anything to fly on either side."""
        return [kind for kind in KIND_NAMES[:TOTAL] if kind in (*self.a.kinds, *self.b.kinds)]

    @property
    def accounted(self) -> list[str]:
        """What accounts are kept of: each kind of maker, or the force as a whole if the sides' kinds differ."""
        return self.kinds if self.a.kinds == self.b.kinds else [KIND_NAMES[TOTAL]]

    def grounds(self, kind: str) -> bool:
        """Whether operators ground designs of this kind of maker in any of the races, twins included."""
        place = KIND_NAMES.index(kind)
        sides = (self.a, self.b)
        races = [records for side in sides for records in (side.records, side.frozen, side.blind)]
        return any(bool(records.weekly["kinds"]["stock_dropped"][:, :, place].any()) for records in races)

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Headline quantities by name: of all makers, then of each kind that flies."""
        whole = [f"{KIND_NAMES[TOTAL]}_{name}" for name in AS_RATIO]
        chosen = list(dict.fromkeys([KIND_NAMES[TOTAL], *self.kinds] if len(self.accounted) == 1 else self.kinds))
        names = [*whole, *(name for kind in chosen for name in self.a.values if name.startswith(f"{kind}_"))]
        found = {name: self._quantity(name) for name in names}
        for kind in self.kinds:
            for life in LIVES:
                name = f"{kind}_{life}"
                found[name] = self._life(name, KIND_NAMES.index(kind), LIFE_NAMES.index(life))
        return found

    @cached_property
    def economy(self) -> dict[str, Quantity]:
        """Output, drones and money by name: of all makers, of each kind that flies, then of the economy."""
        of_kinds = [f"{kind}_{name}" for kind in (KIND_NAMES[TOTAL], *self.kinds) for name in OF_KIND]
        return {name: self._quantity(name) for name in (*of_kinds, *OF_ECONOMY)}

    def _quantity(self, name: str) -> Quantity:
        a, b = self.a.run_values(name), self.b.run_values(name)
        by_ratio = any(name == f"{kind}_{measure}" for kind in KIND_NAMES for measure in AS_RATIO)
        return Quantity(
            name,
            CODEBOOK[name][0],
            mean_estimate(a),
            mean_estimate(b),
            mean_estimate(b - a),
            ratio_estimate(b, a) if by_ratio else None,
        )

    def _life(self, name: str, kind: int, place: int) -> Quantity:
        a, b = self.a.records.lives[:, kind, place], self.b.records.lives[:, kind, place]
        unit = CODEBOOK[name][0]
        return Quantity(name, unit, median_estimate(a), median_estimate(b), median_difference(a, b), None)

    @cached_property
    def of_runs(self) -> dict[str, dict[str, Floats]]:
        """Terms run by run, in hits a week: {kind of `accounted`, then "total": {term: [runs]}}."""
        chosen = self.accounted or [KIND_NAMES[TOTAL]]
        of_kinds = {kind: decompose(self.a.accounts[kind], self.b.accounts[kind]) for kind in chosen}
        return {**of_kinds, KIND_NAMES[TOTAL]: added(list(of_kinds.values()))}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Term]:
        """All terms, then parts of terms, by (name, kind)."""
        return {
            (name, kind): Term(name, kind, mean_estimate(of_runs[name]))
            for name in (*TERMS, *PARTS)
            for kind, of_runs in self.of_runs.items()
        }

    def lead(self, name: str, other: str) -> Estimate:
        """By how much one term of all makers exceeds another, in hits a week, paired by seed."""
        terms = self.of_runs[KIND_NAMES[TOTAL]]
        return mean_estimate(terms[name] - terms[other])

    @property
    def of_all(self) -> list[Term]:
        """Terms of all makers together, in the order of `TERMS`."""
        return [self.terms[name, KIND_NAMES[TOTAL]] for name in TERMS]

    @property
    def difference(self) -> Estimate:
        """Hits a week of B less those of A."""
        return self.quantities["total_hits"].difference

    @property
    def ratio(self) -> Estimate:
        """Hits of B over hits of A; NaN if A never hits."""
        ratio = self.quantities["total_hits"].ratio
        assert ratio is not None  # noqa: S101 -- hits are compared by ratio
        return ratio

    @property
    def evident(self) -> bool:
        """Whether the intervals of difference and, where both sides hit, of the ratio leave out "none"."""
        undefined = not (self.ratio.value > 0.0 and math.isfinite(self.ratio.value))
        return evident(self.difference) and (undefined or evident(self.ratio, 1.0))
