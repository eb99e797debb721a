"""A band, which measures of races are held against, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from race_sim.analysis.intervals import Estimate


class Role(Enum):
    """What a band is to the model."""

    CALIBRATED = "calibrated"  # the baseline has to lie inside
    REPORTED = "not tuned on"  # it comes out as it comes out
    INPUT = "put in"  # parameters alone make it: no test


class Verdict(Enum):
    """Whether what was measured lies in its band."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Band:
    """A range that a measure of the races is held against.

    Attributes:
        fact: the stylised fact (row of `seeds/stylised_facts.toml`), or the row of evidence, it comes from.
        what: what is measured, in words.
        unit: its unit, "1" if it has no dimension.
        low: lower limit.
        high: upper limit; equal to `low` where the fact is a value, which the interval has to hold.
        role: whether the baseline has to lie inside.
        note: how the band follows from the fact, where it is not the fact's own.
    """

    fact: str
    what: str
    unit: str
    low: float
    high: float
    role: Role
    note: str = ""

    def __str__(self) -> str:
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band; NaN does not."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Finding:
    """A band, and what the races gave."""

    band: Band
    estimate: Estimate

    @property
    def verdict(self) -> Verdict:
        """Whether the value lies in the band; where the band is a single value, whether the interval holds it."""
        if math.isnan(self.estimate.value):
            return Verdict.NOT_MEASURED
        if self.band.low < self.band.high:
            inside = self.band.holds(self.estimate.value)
        else:
            low, high = self.estimate.interval or (self.estimate.value, self.estimate.value)
            inside = low <= self.band.low <= high
        return Verdict.INSIDE if inside else Verdict.OUTSIDE

    @property
    def holds(self) -> bool:
        """Whether the verdict is "inside"."""
        return self.verdict is Verdict.INSIDE

    @property
    def is_input(self) -> bool:
        """Whether parameters alone make the value."""
        return self.band.role is Role.INPUT

    @property
    def undecided(self) -> bool:
        """Whether the interval lies on both sides of a limit of the band, so that other seeds may say otherwise."""
        if self.estimate.interval is None or self.band.low == self.band.high:
            return False
        low, high = self.estimate.interval
        return any(low < limit < high for limit in (self.band.low, self.band.high))

    @property
    def words(self) -> str:
        """The verdict as shown to readers."""
        return f"{self.verdict.value}, at the edge" if self.undecided else self.verdict.value
