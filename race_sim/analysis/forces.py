"""Forces that race apart on the same seeds, and how the fast one of the smallest arsenal compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.exchange import ExchangeRate, exchange_rate
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.records import TOTAL
from race_sim.results import Records

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, order=True)
class Force:
    """What forces differ in: weeks of a design cycle, and arsenal as a multiple of the reference force's."""

    cycle_weeks: int
    multiple: float

    def __str__(self) -> str:
        return f"{self.cycle_weeks}-week cycle with x{self.multiple:g} arsenal"


@dataclass(frozen=True, slots=True)
class Regime:
    """What a comparison is made under: the makers' founders and the kind of countermeasure."""

    founders: str
    countermeasures: str

    def __str__(self) -> str:
        fixed = " of fixed capacity" if self.countermeasures == "point" else ""
        return f"{self.founders} founders, {self.countermeasures} countermeasures{fixed}"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a force did in the measured weeks, one value a run in the order of the seeds.

    Attributes:
        hits: hits.
        sorties: sorties.
        trial_sorties: sorties with designs on trial.
        adopted_share: trials adopted over trials judged, all runs together; NaN when none was judged.
        weeks: weeks measured.
    """

    hits: Floats
    sorties: Floats
    trial_sorties: Floats
    adopted_share: float
    weeks: int

    @classmethod
    def of(cls, records: Records, first_week: int) -> Outcome:
        """The outcome of all makers from `first_week` on."""
        kinds = records.weekly["kinds"][:, first_week:, TOTAL]
        judged = int(kinds["trials_judged"].sum())
        return cls(
            hits=_total(kinds["hits"]),
            sorties=_total(kinds["sorties"]),
            trial_sorties=_total(kinds["trial_sorties"]),
            adopted_share=int(kinds["trials_adopted"].sum()) / judged if judged else float("nan"),
            weeks=records.weeks - first_week,
        )

    @property
    def weekly_hits(self) -> Estimate:
        """Hits a week, mean over runs."""
        return mean_estimate(self.hits / self.weeks)

    @property
    def weekly_sorties(self) -> Estimate:
        """Sorties a week, mean over runs."""
        return mean_estimate(self.sorties / self.weeks)

    @property
    def effectiveness(self) -> Estimate:
        """Hits a sortie over all runs."""
        return ratio_estimate(self.hits, self.sorties)


class Finding(Enum):
    """What a comparison shows of the reference force: shorter cycle, smaller arsenal."""

    WINS = "wins"
    LOSES = "loses"
    NO_EVIDENCE = "no evidence"


def finding(ratio: Estimate, own: Estimate, other: Estimate) -> Finding:
    """Who hits more, if both ways to ask agree; else, or where an interval is absent, no evidence.

    The 95% interval of the paired ratio (own over other) must leave out 1, and the two forces' own 95% intervals of
    hits must not overlap. The second is the stricter where runs vary in what all forces share. `compare` asks the first
    question alone: it looks at two scenarios, not at many cells of which some differ by chance.
    """
    if ratio.interval is None or own.interval is None or other.interval is None:
        return Finding.NO_EVIDENCE
    if ratio.interval[0] > 1.0 and own.interval[0] > other.interval[1]:
        return Finding.WINS
    return Finding.LOSES if ratio.interval[1] < 1.0 and own.interval[1] < other.interval[0] else Finding.NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Comparison:
    """The reference force beside another under one regime, in races with the same seeds.

    Attributes:
        regime: what both raced under.
        reference: the force with the shorter cycle or the smaller arsenal.
        other: the force it is compared with.
        ratio: hits of the reference over hits of the other, paired by seed.
        reference_hits: hits of the reference, mean over runs.
        other_hits: hits of the other, mean over runs.
    """

    regime: Regime
    reference: Force
    other: Force
    ratio: Estimate
    reference_hits: Estimate
    other_hits: Estimate

    @property
    def finding(self) -> Finding:
        """Who hits more, if both ways to ask agree (see `finding`)."""
        return finding(self.ratio, self.reference_hits, self.other_hits)


@dataclass(frozen=True, eq=False)
class RegimeResult:
    """Outcomes of several forces under one regime, each in its own races with the same seeds.

    The reference force is the one with the shortest cycle and, among these, the smallest arsenal.
    """

    regime: Regime
    outcomes: Mapping[Force, Outcome]

    @property
    def reference(self) -> Force:
        """The force all others are compared with."""
        return min(self.outcomes)

    @property
    def cycles(self) -> list[int]:
        """Cycle lengths in weeks, the reference's first."""
        return sorted({force.cycle_weeks for force in self.outcomes})

    @property
    def multiples(self) -> list[float]:
        """Arsenal multiples, the smallest first."""
        return sorted({force.multiple for force in self.outcomes})

    def comparison(self, other: Force) -> Comparison:
        """The reference force beside another one."""
        own, others = self.outcomes[self.reference].hits, self.outcomes[other].hits
        ratio = ratio_estimate(own, others)
        return Comparison(self.regime, self.reference, other, ratio, mean_estimate(own), mean_estimate(others))

    def comparisons(self) -> list[Comparison]:
        """The reference force beside each other force, in order of cycle and arsenal."""
        return [self.comparison(force) for force in sorted(self.outcomes) if force != self.reference]

    def exchange_rate(self, cycle_weeks: int) -> ExchangeRate:
        """How many times the reference's arsenal a force with this cycle needs in order to hit as much."""
        forces = sorted(force for force in self.outcomes if force.cycle_weeks == cycle_weeks)
        multiples = [force.multiple / self.reference.multiple for force in forces]
        hits = np.array([self.outcomes[force].hits for force in forces])
        return exchange_rate(multiples, hits, self.outcomes[self.reference].hits)


@dataclass(frozen=True, eq=False)
class ControlResult:
    """The reference and a slower force under one regime with one thing changed: what is left of their difference.

    Attributes:
        name: short name, such as that of a control in the scenario library.
        meaning: what is changed, in words that follow "the ratio is 1.2 ...".
        result: the outcomes.
    """

    name: str
    meaning: str
    result: RegimeResult

    @property
    def comparison(self) -> Comparison:
        """The reference beside the other force."""
        return self.result.comparison(max(self.result.outcomes))


def _total(weekly: npt.NDArray[Any]) -> Floats:
    return np.asarray(weekly.sum(axis=1), np.float64)
