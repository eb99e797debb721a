"""What a level of a factor adds to an output, and what two levels add together beyond what each adds alone.

Everything is paired by seed; intervals are adjusted for all comparisons of a table together (`policy_family`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from race_sim.analysis.cells import columns, groups
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.measures import Measure
from race_sim.analysis.policy_family import Family, Floats
from race_sim.errors import InputError

TOGETHER = " + "
"""Joins names of levels that hold at once."""
MORE, FEWER, NO_EVIDENCE, ALIKE = "more", "less", "no evidence", "alike"
"""What an interval says of a difference; ALIKE where every pair of races was the same."""
Words = Callable[[str, object], str]
Place = tuple[object, ...]


def evidence(difference: Estimate) -> str:
    """What the interval of a difference says: MORE, FEWER, NO_EVIDENCE or ALIKE."""
    if difference.interval is None:
        return NO_EVIDENCE
    low, high = difference.interval
    if low == high == 0.0:
        return ALIKE
    return MORE if low > 0.0 else FEWER if high < 0.0 else NO_EVIDENCE


class Values:
    """An output of every point of a part, seed by seed.

    Args:
        rows: one row a point and seed: factors, `seed`, measures (NaN for runs that failed or measured nothing).
        factors: that tell points apart.
        output: a measure, or the values of the rows themselves.

    Raises InputError if a point has a seed twice: a factor that varies is not among `factors`.
    """

    def __init__(self, rows: pd.DataFrame, factors: Sequence[str], output: Measure | pd.Series) -> None:
        values = output.of_runs(rows) if isinstance(output, Measure) else output
        table = rows[[*factors, "seed"]].assign(value=values.to_numpy(np.float64))
        if table.duplicated([*factors, "seed"]).any():
            raise InputError(f"points are not told apart by {', '.join(factors)}: a seed comes twice")
        self.factors = list(factors)
        self.seeds = np.sort(table["seed"].unique())
        self._found: dict[Place, Floats] = {}
        for place, here in groups(table, self.factors):
            self._found[tuple(place.values())] = here.set_index("seed")["value"].reindex(self.seeds).to_numpy()

    @property
    def places(self) -> list[dict[str, Any]]:
        """Levels of every point, in their order."""
        return [dict(zip(self.factors, place, strict=True)) for place in self._found]

    def at(self, place: Mapping[str, object]) -> Floats | None:
        """Values at these levels, one a seed; None if there is no such point."""
        return self._found.get(tuple(place[name] for name in self.factors))


def effects_table(
    rows: pd.DataFrame,
    x: str,
    output: Measure | pd.Series,
    reference: Mapping[str, object],
    by: Sequence[str] = (),
    against: Mapping[Any, object] | None = None,
) -> pd.DataFrame:
    """What each level of x adds to the output of its reference, a row a panel and level.

    Args:
        rows, output: as for `Values`.
        x: factor; in levels that join others, `a + b`, both hold.
        reference: {factor: level}: each point is compared with the one of the same levels but these.
        by: factors of the panels.
        against: {level of x: level that it is compared with instead}.

    Returns `by`, x, `value` with limits, `evidence`, `holm` (probability adjusted by Holm's method), `runs`,
    `left_out`. Points without a reference, and the references, are not in it.
    """
    factors = list(dict.fromkeys((*by, x, *reference)))
    values = Values(rows, factors, output)
    found = []
    for place in values.places:
        other = {**place, **reference}
        if place[x] in (against or {}):
            other[x] = (against or {})[place[x]]
        own, base = values.at(place), values.at(other)
        if other != place and own is not None and base is not None:
            found.append((place, own - base))
    return adjusted([place for place, _ in found], [difference for _, difference in found])


def interaction_table(
    rows: pd.DataFrame,
    x: str,
    y: str | None,
    output: Measure | pd.Series,
    reference: Mapping[str, object],
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """What two levels add together beyond what each adds alone: both - one - other + reference, paired by seed.

    Args:
        rows, output, by: as for `effects_table`.
        x, y: factors; if y is None, levels of x that join two others, `a + b`, are looked at.
        reference: the levels of x and y at which nothing is added.

    Returns `by`, x and y (`one` and `other` if y is None), and the columns of `effects_table`.
    """
    factors = list(dict.fromkeys((*by, x, *([] if y is None else [y]), *reference)))
    values = Values(rows, factors, output)
    places, differences = [], []
    for place in values.places:
        corners, named = _corners(place, x, y, reference)
        corner_values = [values.at(corner) for corner in corners]
        known = [one for one in corner_values if one is not None]
        if len(corners) == len(known) == len(("both", "one", "other", "neither")):
            both, one, other, neither = known
            places.append({**{name: place[name] for name in by}, **named})
            differences.append(both - one - other + neither)
    return adjusted(places, differences)


def _corners(
    place: Mapping[str, object], x: str, y: str | None, reference: Mapping[str, object]
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Both, one, the other and neither; and the names of one and other. No corners where it is no combination."""
    neither = {**place, **reference}
    if y is None:
        one, joined, other = str(place[x]).partition(TOGETHER)
        corners = [{**place}, {**place, x: one}, {**place, x: other}, neither]
        return (corners if joined else []), {"one": one, "other": other}
    if place[x] == reference[x] or place[y] == reference[y]:
        return [], {}
    return [{**place}, {**neither, x: place[x]}, {**neither, y: place[y]}, neither], {x: place[x], y: place[y]}


def adjusted(places: Sequence[Mapping[str, object]], differences: Sequence[Floats]) -> pd.DataFrame:
    """A row a comparison: its place, then `value` with limits adjusted for all rows, `evidence`, `holm`, seeds."""
    if not places:
        return pd.DataFrame()
    family = Family.of(differences)
    found = []
    for place, estimate, holm in zip(places, family.estimates, family.holm, strict=True):
        found.append(
            {
                **place,
                **columns("value", estimate),
                "evidence": evidence(estimate),
                "holm": float(holm),
                "runs": family.runs,
                "left_out": family.left_out,
            }
        )
    return pd.DataFrame(found)


def estimate_of(row: pd.Series | Mapping[str, Any], name: str = "value") -> Estimate:
    """The estimate that a row holds under this name."""
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return Estimate(float(row[name])) if math.isnan(low) else Estimate(float(row[name]), low, high)


def effects_words(table: pd.DataFrame, factors: Sequence[str], by: Sequence[str], label: str, words: Words) -> str:
    """What the intervals of a table say, a sentence a panel, then which comparison is lowest and which highest.

    Args:
        table: of `effects_table` or `interaction_table`.
        factors: that tell rows of a panel apart.
        by: factors of the panels.
        label: of what is compared, such as "extra hits".
        words: says a factor and its level.
    """
    if table.empty:
        return f"{label}: nothing could be compared."
    told = []
    for place, here in groups(table, by) if by else [({}, table)]:
        lead = ", ".join(words(name, level) for name, level in place.items())
        said = [f"{kind} with {_listed(some, factors, words)}" for kind, some in _of_kinds(here) if len(some)]
        told.append(f"{lead + ': ' if lead else ''}{label}: {'; '.join(said)}.")
    worst, best = (table.loc[getattr(table["value"], name)()] for name in ("idxmin", "idxmax"))
    cells = [
        f"{rank} {', '.join(words(name, row[name]) for name in (*by, *factors))} ({estimate_of(row)})"
        for rank, row in (("lowest", worst), ("highest", best))
    ]
    told.append(f"Of all {len(table)}: {', '.join(cells)}.")
    return "\n".join(one[:1].upper() + one[1:] for one in told)


def _of_kinds(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(kind, table[table["evidence"] == kind]) for kind in (MORE, FEWER, NO_EVIDENCE, ALIKE)]


def _listed(table: pd.DataFrame, factors: Sequence[str], words: Words) -> str:
    ranked = table.sort_values("value", ascending=False, kind="stable")
    said = []
    for _, row in ranked.iterrows():
        place = " and ".join(words(name, row[name]) for name in factors)
        said.append(place if row["evidence"] in (NO_EVIDENCE, ALIKE) else f"{place} ({estimate_of(row)})")
    return ", ".join(said)
