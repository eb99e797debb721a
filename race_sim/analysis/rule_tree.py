"""A classification tree over factors, pruned by cross-validation, and its leaves as conditions in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from race_sim.analysis.intervals import rounded
from race_sim.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

DEPTH = 3
SMALLEST_LEAF = 0.05  # share of the weight of all points
FOLDS = 5
ROOT_ALONE = 1.0  # price of a leaf that no split is worth: impurity is 0.5 at most
FEW_LEVELS = 12  # up to so many, conditions name levels instead of a limit between two
RANDOM_STATE = 20_240_301  # of halves, folds and ties: the same points always give the same rules


@dataclass(frozen=True, slots=True)
class Condition:
    """What a box asks of a factor: above `low` and at most `high`, or, of choices, one of `choices`.

    Attributes:
        factor: its name.
        words: the condition in words, such as "cycle at most 4".
        low: exclusive, minus infinity for none.
        high: inclusive, infinity for none.
        choices: those allowed, as text; empty for a factor that is a number.
    """

    factor: str
    words: str
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()

    def holds(self, levels: pd.DataFrame) -> Booleans:
        """bool[points]: whether points with these levels meet it."""
        if self.choices:
            return levels[self.factor].astype(str).isin(self.choices).to_numpy(bool)
        numbers = levels[self.factor].to_numpy(np.float64)
        return np.asarray((numbers > self.low) & (numbers <= self.high))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a tree: the span (exclusive, inclusive) of each column it limits, and the outcome's share in it."""

    spans: Mapping[int, tuple[float, float]]
    share: float


@dataclass(frozen=True, eq=False)
class RulePoints:
    """Points a tree is grown or judged on.

    Attributes:
        levels: a row a point, a column a factor.
        columns: factor of each column of `encoded`, and its choice if the factor has choices.
        encoded: f8[points, columns], numbers as they are, 0 or 1 for each choice.
        chance: f8[points], probability that the outcome holds.
        weights: f8[points].
        blocks: i8[points]; points with the same number stay together.
    """

    levels: pd.DataFrame
    columns: tuple[tuple[str, str | None], ...]
    encoded: Floats
    chance: Floats
    weights: Floats
    blocks: Integers

    @classmethod
    def of(cls, levels: pd.DataFrame, chance: Floats, weights: Floats, blocks: Integers) -> RulePoints:
        """Points with their factors encoded."""
        columns: list[tuple[str, str | None]] = []
        encoded = []
        for factor in levels.columns:
            if is_numeric_dtype(levels[factor]) and not is_bool_dtype(levels[factor]):
                columns.append((factor, None))
                encoded.append(levels[factor].to_numpy(np.float64))
                continue
            words = levels[factor].astype(str)
            for choice in sorted(words.unique()):
                columns.append((factor, choice))
                encoded.append((words == choice).to_numpy(np.float64))
        return cls(levels, tuple(columns), np.column_stack(encoded), chance, weights, blocks)

    def __len__(self) -> int:
        return len(self.chance)

    def where(self, chosen: Booleans) -> RulePoints:
        """The points chosen."""
        return replace(
            self,
            levels=self.levels[chosen],
            encoded=self.encoded[chosen],
            chance=self.chance[chosen],
            weights=self.weights[chosen],
            blocks=self.blocks[chosen],
        )

    def parts(self, number: int) -> Integers:
        """Part of each point, 0 to number - 1: blocks dealt out at random, as evenly as can be."""
        every, place = np.unique(self.blocks, return_inverse=True)
        dealt = np.random.default_rng([RANDOM_STATE, number]).permutation(np.arange(len(every)) % number)
        return np.asarray(dealt[place], np.int64)


def pruned_tree(points: RulePoints) -> Any:
    """A scikit-learn classification tree, as small as cross-validation allows.

    Of the trees on the path of cost-complexity pruning (Breiman et al. 1984, Classification and Regression Trees), the
    smallest whose squared error in points it has not seen is within one standard error of the least, the error taken of
    the difference point by point.

    Raises InputError without scikit-learn.
    """
    path = _grown(points, 0.0).cost_complexity_pruning_path(*_doubled(points))
    alphas = np.unique(np.maximum(path.ccp_alphas, 0.0))
    between = np.append(np.sqrt(alphas[:-1] * alphas[1:]), ROOT_ALONE)
    folds = points.parts(FOLDS)
    errors = np.empty((len(between), len(points)))
    for fold in range(FOLDS):
        own, other = points.where(folds != fold), points.where(folds == fold)
        for place, alpha in enumerate(between):
            errors[place, folds == fold] = (forecast(_grown(own, alpha), other) - other.chance) ** 2
    best = int(np.argmin(errors @ points.weights))
    worse = points.weights * (errors - errors[best])
    slack = worse.std(axis=1) * math.sqrt(len(points))
    return _grown(points, float(between[np.flatnonzero(worse.sum(axis=1) <= slack)[-1]]))


def forecast(tree: Any, points: RulePoints) -> Floats:
    """f8[points]: share of the outcome in the leaf of each point."""
    return np.asarray(tree.predict_proba(points.encoded)[:, 1])


def leaves(tree: Any) -> list[Leaf]:
    """The leaves from left to right; one without spans if the tree has no split."""
    nodes, found = tree.tree_, []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, spans = waiting.pop()
        column = int(nodes.feature[node])
        if column < 0:
            found.append(Leaf(spans, float(nodes.value[node, 0, 1] / nodes.value[node, 0].sum())))
            continue
        low, high = spans.get(column, (-math.inf, math.inf))
        limit = float(nodes.threshold[node])
        waiting.append((int(nodes.children_right[node]), {**spans, column: (max(low, limit), high)}))
        waiting.append((int(nodes.children_left[node]), {**spans, column: (low, min(high, limit))}))
    return found


def importance(tree: Any, points: RulePoints) -> dict[str, float]:
    """{factor: its share in the impurity that the tree takes away}, the most telling first; factors in the tree."""
    shares: dict[str, float] = {}
    for (factor, _), share in zip(points.columns, tree.feature_importances_.tolist(), strict=True):
        shares[factor] = shares.get(factor, 0.0) + share
    return {factor: share for factor, share in sorted(shares.items(), key=lambda one: -one[1]) if share > 0.0}


def conditions(leaf: Leaf, points: RulePoints, names: Mapping[str, str]) -> tuple[Condition, ...]:
    """The conditions of a leaf, one a factor, in the order of the factors, in words that fit the levels of `points`."""
    spans: dict[str, tuple[float, float]] = {}
    barred: dict[str, set[str]] = {}
    for column, (low, high) in sorted(leaf.spans.items()):
        factor, choice = points.columns[column]
        if choice is None:
            spans[factor] = (low, high)
            continue
        every = {other for name, other in points.columns if name == factor and other is not None}
        barred.setdefault(factor, set()).update({choice} if high < 1.0 else every - {choice})
    found = []
    for factor in points.levels.columns:
        name = names.get(factor, factor)
        if factor in spans:
            low, high = spans[factor]
            words = _span_words(name, low, high, np.unique(points.levels[factor].to_numpy(np.float64)))
            found.append(Condition(factor, words, low, high))
        elif factor in barred:
            allowed = tuple(c for n, c in points.columns if n == factor and c is not None and c not in barred[factor])
            either = " or ".join(allowed)
            words = f"{name} is {either.lower()}" if is_bool_dtype(points.levels[factor]) else f"{name} {either}"
            found.append(Condition(factor, words, choices=allowed))
    return tuple(found)


def _span_words(name: str, low: float, high: float, levels: Floats) -> str:
    if len(levels) <= FEW_LEVELS or np.array_equal(levels, np.round(levels)):
        inside = levels[(levels > low) & (levels <= high)]
        least, most = f"{inside[0]:g}", f"{inside[-1]:g}"
        if len(inside) == 1:
            return f"{name} {least}"
        if low == -math.inf:
            return f"{name} at most {most}"
        return f"{name} at least {least}" if high == math.inf else f"{name} {least} to {most}"
    if low == -math.inf:
        return f"{name} at most {_limit(high)}"
    return f"{name} more than {_limit(low)}" + ("" if high == math.inf else f" and at most {_limit(high)}")


def _limit(value: float) -> str:
    return rounded(value) if abs(value) >= 1.0 else f"{value:.2g}"


def _doubled(points: RulePoints) -> tuple[Floats, Integers, Floats]:
    """Every point twice, once for each side, with the share of its weight on that side."""
    sides = np.repeat([0, 1], len(points))
    shares = np.concatenate([1.0 - points.chance, points.chance]) * np.tile(points.weights, 2)
    return np.tile(points.encoded, (2, 1)), sides, shares


def _grown(points: RulePoints, alpha: float) -> Any:
    try:
        from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 -- belongs to an optional extra
    except ImportError:
        raise InputError("scenario discovery needs scikit-learn: pip install 'race-sim[analysis]'") from None
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_weight_fraction_leaf=SMALLEST_LEAF, random_state=RANDOM_STATE, ccp_alpha=alpha
    )
    encoded, sides, shares = _doubled(points)
    return tree.fit(encoded, sides, sample_weight=shares)
