"""Where a measure is largest and where smallest, in words that say whether that can be told from chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from race_sim.analysis.cells import estimates
from race_sim.analysis.intervals import Estimate

Words = Callable[[str, object], str]


def extremes_words(table: pd.DataFrame, factors: Sequence[str], label: str, words: Words) -> str:
    """A sentence on the points with most and least of a measure.

    Args:
        table: a row a point: factors, `value`, `value_low`, `value_high`.
        factors: that tell points apart.
        label: of the measure, such as "Hits a sortie".
        words: says a factor and its level.
    """
    known = table[table["value"].notna()].reset_index(drop=True)
    if known.empty:
        return f"{label}: nothing was measured."
    values = list(estimates(known, "value"))
    most, least = int(known["value"].argmax()), int(known["value"].argmin())
    varied = [name for name in factors if known[name].nunique() > 1]
    if most == least or not varied:
        return f"{label}: {values[most]}, at the only point."
    places = {rank: _place(known.iloc[at], varied, words) for rank, at in (("most", most), ("least", least))}
    ends = f"largest, {values[most]}, with {places['most']}, and smallest, {values[least]}, with {places['least']}"
    told = f"{label} was {ends}"
    if not apart(values[most], values[least]):
        return f"{told}; their intervals overlap: there is no evidence that these differ."
    rivals = sum(not apart(values[most], one) for at, one in enumerate(values) if at != most)
    return f"{told}.{_rivals(rivals, len(values))}"


def best_words(table: pd.DataFrame, along: str, factor: str, by: Sequence[str], label: str, words: Words) -> str:
    """Which level of a factor gives most of a measure at each level of another, a sentence a panel.

    Args:
        table: as for `extremes_words`.
        along: factor whose levels are gone through.
        factor: whose best level is sought.
        by: factors of the panels.
        label: of the measure.
        words: says a factor and its level.
    """
    sentences = []
    for place, here in table.groupby(list(by), sort=False) if by else [((), table)]:
        panel = dict(zip(by, place, strict=True))
        found = [
            f"{words(along, level)}: {_best(own.reset_index(drop=True), factor, words)}"
            for level, own in here.groupby(along, sort=False)
            if own["value"].notna().any()
        ]
        lead = f"{label}, most by {factor.replace('_', ' ')}"
        sentences.append(f"{lead}{_panel(panel, words)}: {'; '.join(found)}.")
    return "\n".join(sentences)


def _best(points: pd.DataFrame, factor: str, words: Words) -> str:
    values = list(estimates(points, "value"))
    best = int(points["value"].argmax())
    rivals = [points[factor][at] for at, one in enumerate(values) if at != best and not apart(values[best], one)]
    beside = f", not to be told apart from {', '.join(words(factor, one) for one in rivals)}" if rivals else ""
    return f"{words(factor, points[factor][best])} ({values[best]}){beside}"


def apart(one: Estimate, other: Estimate) -> bool:
    """Whether both have intervals and these do not overlap."""
    if one.interval is None or other.interval is None:
        return False
    return one.interval[0] > other.interval[1] or one.interval[1] < other.interval[0]


def _place(row: pd.Series, factors: Sequence[str], words: Words) -> str:
    return ", ".join(words(name, row[name]) for name in factors)


def _panel(panel: Mapping[str, object], words: Words) -> str:
    return f" ({', '.join(words(name, level) for name, level in panel.items())})" if panel else ""


def _rivals(rivals: int, points: int) -> str:
    if rivals == 0:
        return ""
    return f" Of the {points} points {rivals} more have intervals that overlap that of the largest."
