"""One kind of maker over some weeks of a race: what was recorded of it, and its hits a sortie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import LEVEL, Estimate, ratio_estimate
from race_sim.records import KIND_NAMES, TOTAL
from race_sim.watch.names import KIND_WORDS
from race_sim.watch.words import known

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

LEAST_WEEKS = 4
"""Fewest weeks with sorties from which an interval over weeks is told."""
ROUNDING_DIGITS = 9
"""Digits of a share kept, so that what nobody countered is whole."""

Weeks = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Side:
    """One kind of maker over some weeks.

    Attributes:
        kind: WORKSHOP, PRIME, JOINT_LINE or TOTAL.
        weeks: KIND_WEEK[weeks], what was recorded of it.
        saturation: f8[weeks], share of would-be hits that found a target.
        makers: how many of its kind there are, on the mean of these weeks.
    """

    kind: int
    weeks: Weeks
    saturation: npt.NDArray[np.float64]
    makers: float

    @property
    def name(self) -> str:
        """Its kind in a sentence: "workshops"."""
        return KIND_WORDS[self.kind]

    @property
    def sorties(self) -> int:
        """Sorties in these weeks."""
        return int(self.weeks["sorties"].sum())

    @property
    def hits(self) -> int:
        """Hits in these weeks."""
        return int(self.weeks["hits"].sum())

    @property
    def changes(self) -> int:
        """Designs put into production in these weeks."""
        return int(self.weeks["designs_fielded"].sum())

    @cached_property
    def rate(self) -> Estimate:
        """Hits a sortie, with an interval over the weeks with sorties; see `hit_rate`."""
        return hit_rate(self.weeks["hits"], self.weeks["sorties"])

    @property
    def weeks_flown(self) -> int:
        """How many of these weeks it flew in."""
        return int((self.weeks["sorties"] > 0).sum())

    @property
    def unopposed(self) -> float:
        """Hits a sortie if no countermeasure had stood; NaN without sorties."""
        return self._possible / self.sorties if self.sorties else math.nan

    @property
    def passing(self) -> float:
        """Share of the hits possible unopposed that got past countermeasures, to be expected; NaN without any."""
        return round(self._past / self._possible, ROUNDING_DIGITS) if self._possible > 0.0 else math.nan

    @property
    def taken(self) -> float:
        """Share of them that countermeasures take; NaN without any."""
        return 1.0 - self.passing

    @property
    def finding(self) -> float:
        """Share of would-be hits past countermeasures that found a target left, to be expected; NaN without any."""
        return float(self.weeks["expected_hits"].sum()) / self._past if self._past > 0.0 else math.nan

    @property
    def stock(self) -> int:
        """Drones in the arsenal after the last week."""
        return int(self.weeks["stock"][-1])

    @property
    def stock_age(self) -> float:
        """Their mean age in weeks; NaN without any."""
        return float(self.weeks["stock_age"][-1])

    @property
    def countered(self) -> float:
        """Share of them that countermeasures have robbed of half their success or more; NaN without any."""
        return float(self.weeks["stock_countered"][-1]) / self.stock if self.stock else math.nan

    @property
    def dropped(self) -> float:
        """Share of them that operators no longer fly; NaN without any."""
        return float(self.weeks["stock_dropped"][-1]) / self.stock if self.stock else math.nan

    @property
    def _possible(self) -> float:
        flown = self.weeks["sorties"] > 0
        return float((self.weeks["unopposed_success"][flown] * self.weeks["sorties"][flown]).sum())

    @property
    def _past(self) -> float:
        return float((self.weeks["expected_hits"] / self.saturation).sum())

    def row(self) -> dict[str, Any]:
        """The side as a row of a table; None where nothing was measured."""
        return {
            "kind": KIND_NAMES[self.kind],
            "sorties": self.sorties,
            "hits": self.hits,
            "rate": known(self.rate.value),
            "low": known(self.rate.low),
            "high": known(self.rate.high),
            "unopposed": known(self.unopposed),
            "taken": known(self.taken),
            "stock": self.stock,
            "stock_age": known(self.stock_age),
            "countered": known(self.countered),
            "changes": self.changes,
        }


def hit_rate(hits: npt.NDArray[np.int64], sorties: npt.NDArray[np.int64]) -> Estimate:
    """Hits a sortie of weeks, i8[weeks] each, with an interval over those weeks that had sorties.

    There is none with fewer than `LEAST_WEEKS` of them. If nothing hit, the upper limit is the chance to hit at which
    as many sorties would still miss that often; if everything did, the lower limit likewise. NaN without sorties.
    """
    flown = sorties > 0
    estimate = ratio_estimate(hits[flown], sorties[flown])
    if flown.sum() < LEAST_WEEKS:
        return Estimate(estimate.value)
    limit = ((1.0 - LEVEL) / 2.0) ** (1.0 / float(sorties.sum()))
    if hits.sum() == 0:
        return Estimate(0.0, 0.0, 1.0 - limit)
    if hits.sum() == sorties.sum():
        return Estimate(1.0, limit, 1.0)
    return estimate


def apart(better: Estimate, other: Estimate) -> bool:
    """Whether both have an interval and that of `better` lies above that of `other`."""
    return better.low is not None and other.high is not None and better.low > other.high


def sides_of(race: WatchedRace, first: int) -> list[Side]:
    """The kinds of maker that are shown, and last all of them together, from a week on."""
    weeks = race.weekly[first : race.week + 1]
    kinds = weeks["kinds"]
    return [
        Side(kind, kinds[:, kind], weeks["saturation"], float(kinds["makers"][:, kind].mean()))
        for kind in (*race.kinds, TOTAL)
    ]
