"""Scenario discovery: where in the space of factors an outcome holds, as rules a reader can check.

In the tradition of Bryant and Lempert (2010, Technological Forecasting and Social Change 77:34-49), with a
classification tree in place of PRIM. The tree is grown on one half of the points; every number that is reported comes
from the other half, which had no say in the rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.intervals import Estimate, mean_estimate
from race_sim.analysis.rule_tree import (
    FOLDS,
    Booleans,
    Condition,
    Floats,
    Integers,
    RulePoints,
    conditions,
    importance,
    leaves,
    pruned_tree,
)

LEAST_POINTS = 40  # with a clear outcome
LEAST_BLOCKS = 2 * FOLDS
NORMAL_95 = 1.959963984540054  # quantile 0.975 of the normal distribution


@dataclass(frozen=True, slots=True)
class Rule:
    """A box in the space of factors.

    Attributes:
        conditions: all of them must hold; one a factor at most.
        density: share of the box's points in which the outcome holds, with Wilson's interval.
        coverage: share of all points in which the outcome holds that lie in the box, likewise.
        points: points of the box in the half that judges; the two shares are of these.
        more: True if the outcome holds more often than in all points, False if less often, None if intervals overlap.
    """

    conditions: tuple[Condition, ...]
    density: Estimate
    coverage: Estimate
    points: int
    more: bool | None

    @property
    def words(self) -> str:
        """The conditions, such as "cycle at most 4 and red answers more than 11.5"."""
        return " and ".join(condition.words for condition in self.conditions)

    def holds(self, levels: pd.DataFrame) -> Booleans:
        """bool[points]: whether points with these levels lie in the box."""
        return _in_box(self.conditions, levels)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found.

    Attributes:
        rules: the boxes of the tree, the densest first; empty if the tree has no split.
        base_rate: share of the judging half's points in which the outcome holds, with Wilson's interval.
        accuracy: share of the judging half that the tree tells right, with an interval.
        base_accuracy: the same of always guessing the side that is likelier in the half that grew the tree.
        skill: share of the squared error (Brier's score) of that half's base rate that the tree takes away, with an
            interval; negative if it forecasts worse, 0 without a split.
        importance: {factor: its share in what the tree tells}, the most telling first; of factors in the tree.
        points: points with a clear outcome.
        judged: of these, points in the half that judges.
        unclear: points whose outcome is unclear, left out.
        enough: whether there were points, and blocks of them, enough to grow a tree.
    """

    rules: tuple[Rule, ...]
    base_rate: Estimate
    accuracy: Estimate
    base_accuracy: float
    skill: Estimate
    importance: Mapping[str, float]
    points: int
    judged: int
    unclear: int
    enough: bool

    @property
    def told(self) -> tuple[Rule, ...]:
        """Rules worth telling: of a tree that forecasts better than the base rate, beyond chance, those that differ."""
        found = self.skill.low is not None and self.skill.low > 0.0
        return tuple(rule for rule in self.rules if rule.more is not None) if found else ()


def discover(
    levels: pd.DataFrame,
    outcome: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    blocks: npt.ArrayLike | None = None,
    names: Mapping[str, str] | None = None,
) -> Discovery:
    """Where in the space of factors an outcome holds.

    Args:
        levels: a row a point, a column a factor: numbers, or choices as text or booleans.
        outcome: whether it holds at each point, or the probability that it does; NaN where that is unclear ("no
            evidence"): such points are counted and left out.
        weights: of points; all the same if absent.
        blocks: points with the same number belong together, as base samples of Saltelli's design and trajectories
            do: they go to the same half, and intervals count blocks instead of points. Absent: each is its own.
        names: {factor: how rules name it}; the factor's own name where there is none.

    The tree has at most three splits one below another, leaves of at least 5% of the points, and is pruned by
    cross-validation on the half that grows it. A point whose outcome is a probability counts in part on either side.
    Reversing the outcome gives the same boxes. With fewer than 40 clear points, or 10
    blocks, there are no rules.

    Raises InputError without scikit-learn, ValueError for arrays that do not match, probabilities outside [0, 1] and
    weights that are not positive.
    """
    points, unclear = _clear_points(levels, outcome, weights, blocks)
    half = points.parts(2)
    growing, judging = points.where(half == 0), points.where(half == 1)
    base_rate = _share(judging, judging.chance)
    guess = float(growing.chance @ growing.weights / growing.weights.sum()) if len(growing) else math.nan
    forecast = np.full(len(judging), guess)
    rules, telling = [], {}
    enough = len(points) >= LEAST_POINTS and len(np.unique(points.blocks)) >= LEAST_BLOCKS
    if enough:
        tree = pruned_tree(growing)
        telling = importance(tree, growing)
        for leaf in leaves(tree):
            if leaf.spans:
                rule = _judged(conditions(leaf, points, names or {}), judging, base_rate)
                forecast[rule.holds(judging.levels)] = leaf.share
                rules.append(rule)
    rules.sort(key=lambda rule: -rule.density.value if rule.points else math.inf)
    right = np.where(forecast > 0.5, judging.chance, 1.0 - judging.chance)
    return Discovery(
        rules=tuple(rules),
        base_rate=base_rate,
        accuracy=_share(judging, right),
        base_accuracy=base_rate.value if guess > 0.5 else 1.0 - base_rate.value,
        skill=_skill(judging, (forecast - judging.chance) ** 2, (guess - judging.chance) ** 2),
        importance=telling,
        points=len(points),
        judged=len(judging),
        unclear=unclear,
        enough=enough,
    )


def rules_words(discovery: Discovery, outcome: str) -> str:
    """What was found about `outcome`, a clause such as "the short cycle hits more", in sentences.

    Rules are told only if the tree forecasts the half that judges better than the base rate does, with the whole
    interval; and of these only those whose density has an interval apart from that of the base rate.
    """
    one = discovery
    unclear = f" {one.unclear} points are unclear and left out." if one.unclear else ""
    if not one.enough:
        return f"{one.points} points, or their blocks, are too few to look for where {outcome}.{unclear}"
    lead = (
        f"In {_percent(one.base_rate)} of {one.judged} points, {outcome}; another {one.points - one.judged} were used "
        f"to look for rules.{unclear}"
    )
    if not one.rules:
        return f"{lead} No rule was found: no factor tells where, beyond chance."
    skill = (
        f"All rules together tell {_percent(one.accuracy)} of points right (always guessing the likelier side: "
        f"{one.base_accuracy:.0%}) and take away {_percent(one.skill)} of the squared error of the base rate."
    )
    if not one.told:
        return f"{lead} No rule was found that tells where, beyond chance. {skill}"
    said = [
        f"Where {rule.words}, {'more' if rule.more else 'less'} often: in {_percent(rule.density)} of {rule.points} "
        f"points; {_percent(rule.coverage)} of all points in which {outcome} lie there."
        for rule in one.told
    ]
    silent = len(one.rules) - len(one.told)
    rest = f"In {silent} further part{'s' * (silent > 1)} of the space there is no evidence of a difference."
    return " ".join([lead, *said, *([rest] if silent else []), skill])


def _clear_points(
    levels: pd.DataFrame, outcome: npt.ArrayLike, weights: npt.ArrayLike | None, blocks: npt.ArrayLike | None
) -> tuple[RulePoints, int]:
    count = len(levels)
    chance = np.asarray(outcome, np.float64)
    weight = np.ones(count) if weights is None else np.asarray(weights, np.float64)
    block: Integers = np.arange(count) if blocks is None else np.asarray(blocks, np.int64)
    if not chance.shape == weight.shape == block.shape == (count,):
        raise ValueError(f"outcome, weights and blocks of {count} points need as many values each")
    if ((chance < 0.0) | (chance > 1.0)).any() or not (weight > 0.0).all():
        raise ValueError("an outcome is a probability between 0 and 1, and weights are above 0")
    clear = ~np.isnan(chance)
    return RulePoints.of(levels, chance, weight, block).where(clear), int((~clear).sum())


def _judged(asked: tuple[Condition, ...], judging: RulePoints, base_rate: Estimate) -> Rule:
    inside = _in_box(asked, judging.levels)
    density = _share(judging.where(inside), judging.chance[inside])
    coverage = _share(judging, inside.astype(np.float64), judging.chance)
    more = None
    if density.interval is not None and base_rate.interval is not None:
        above, below = density.interval[0] > base_rate.interval[1], density.interval[1] < base_rate.interval[0]
        more = above if above or below else None
    return Rule(asked, density, coverage, int(inside.sum()), more)


def _in_box(asked: tuple[Condition, ...], levels: pd.DataFrame) -> Booleans:
    return np.asarray(np.all([condition.holds(levels) for condition in asked], axis=0))


def _share(points: RulePoints, values: Floats, further: Floats | float = 1.0) -> Estimate:
    """Weighted mean of values in [0, 1] with Wilson's interval (1927) for as many trials as there are blocks.

    Of blocks with unequal weights, as many count as would be as informative with equal ones (Kish 1965).
    """
    weights = points.weights * further
    if not weights.sum() > 0.0:
        return Estimate(math.nan)
    share = float(weights @ values / weights.sum())
    by_block = np.bincount(np.unique(points.blocks, return_inverse=True)[1], weights)
    trials = float(by_block.sum() ** 2 / (by_block @ by_block))
    scale = 1.0 + NORMAL_95**2 / trials
    middle = (share + NORMAL_95**2 / (2.0 * trials)) / scale
    reach = NORMAL_95 / scale * math.sqrt(share * (1.0 - share) / trials + (NORMAL_95 / (2.0 * trials)) ** 2)
    return Estimate(share, max(middle - reach, 0.0), min(middle + reach, 1.0))


def _skill(points: RulePoints, errors: Floats, base_errors: Floats) -> Estimate:
    """One less the ratio of two weighted sums of errors, with Student's t interval over blocks, linearised."""
    place = np.unique(points.blocks, return_inverse=True)[1]
    own, base = (np.bincount(place, points.weights * one) for one in (errors, base_errors))
    if not base.sum() > 0.0:
        return Estimate(math.nan)
    skill = 1.0 - float(own.sum() / base.sum())
    spread = mean_estimate(skill + (base - own - skill * base) / base.mean())
    return Estimate(skill) if spread.high is None else Estimate(skill, spread.low, min(spread.high, 1.0))


def _percent(estimate: Estimate) -> str:
    value, *limits = (f"{round(100.0 * share)}%" for share in (estimate.value, *(estimate.interval or ())))
    return f"{value} [{', '.join(limits)}]" if limits else value
