"""The replicates that points of a part need for intervals of wanted widths: the median point, and the worst."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from race_sim.analysis.intervals import LEVEL
from race_sim.analysis.replication import FEWEST, assured_runs, chance_of_width, needed_runs, spread_interval
from race_sim.study.cost import Cost
from race_sim.study.spreads import Spreads

ASSURANCE = 0.9
CostOf = Callable[[float], Cost | None]
"""What so many replicates cost; None for infinitely many."""


@dataclass(frozen=True, slots=True)
class Need:
    """Replicates for a width, and what they cost at all points of the part.

    Attributes:
        width: half a 95% interval over the value.
        replicates: fewest that have it if the standard deviation is what it seemed; infinity for more than a million.
        low, high: the same at the limits of the deviation's own interval.
        chance: share of cases in which that many meet the width.
        assured: replicates that meet it in nine of ten cases.
        cost: of `replicates` at every point of the part; None for infinitely many.
    """

    width: float
    replicates: float
    low: float
    high: float
    chance: float
    assured: float
    cost: Cost | None


@dataclass(frozen=True, slots=True)
class Demand:
    """What one point needs.

    Attributes:
        spread: standard deviation of runs over the value.
        low, high: limits within which it lies.
        now: half an interval over the value with the study's replicates; NaN for a single one.
        needs: one for each width.
        point: number of the worst point; None for the median.
    """

    spread: float
    low: float
    high: float
    now: float
    needs: Sequence[Need]
    point: int | None


def demands(spreads: Spreads, replicates: int, widths: Sequence[float], cost: CostOf) -> tuple[Demand, Demand] | None:
    """What the median point and the worst need; None if no point has a known spread.

    Limits of the median are the medians of all points' limits. Those of the worst hold the largest true deviation of
    these points: its lower limit is the largest of limits so low that all points keep theirs together (Bonferroni), as
    the largest of many estimates is one that chance has enlarged.
    """
    known = np.isfinite(spreads.spread)
    if not known.any():
        return None
    spread, runs = spreads.spread[known], spreads.runs[known]
    low, high = spread_interval(spread, runs)
    together, _ = spread_interval(spread, runs, (1.0 - LEVEL) / 2 / len(spread))
    place = int(spread.argmax())

    def demand(limits: tuple[float, float, float], point: int | None) -> Demand:
        now = spreads.width(limits[0], replicates) if replicates >= FEWEST else math.nan
        return Demand(*limits, now, [_need(spreads, *limits, width, cost) for width in widths], point)

    median = (float(np.median(spread)), float(np.median(low)), float(np.median(high)))
    worst = (float(spread[place]), float(together.max()), float(high.max()))
    return demand(median, None), demand(worst, int(spreads.point[known][place]))


def _need(spreads: Spreads, spread: float, low: float, high: float, width: float, cost: CostOf) -> Need:
    target = spreads.target(width)
    replicates = needed_runs(spread, target)
    chance = chance_of_width(spread, target, int(replicates)) if math.isfinite(replicates) else math.nan
    return Need(
        width,
        replicates,
        needed_runs(low, target),
        needed_runs(high, target),
        chance,
        assured_runs(spread, target, ASSURANCE),
        cost(replicates),
    )
