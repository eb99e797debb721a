"""The rule by which docs/policy.md judges claims: what stands for one in the tables, and what intervals say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from race_sim.scenario.evidence import evidence

SUPPORTS, CONTRADICTS, CANNOT_SAY, OUTSIDE = "supports", "contradicts", "cannot say", "outside"
FOUNDERS = ("common", "independent")
MORE, FEWER = 1, -1
"""Sign that a claim expects of a difference."""

Interval = tuple[float, float]


def verdict(intervals: Sequence[Interval], expected: int) -> str:
    """What intervals of a difference, one a kind of founders, say of a claim that expects this sign of it.

    SUPPORTS or CONTRADICTS only if every interval leaves out 0 to the same side; CANNOT_SAY otherwise, also where an
    interval is missing (NaN) or founders disagree.
    """
    if intervals and all(low > 0.0 for low, _ in intervals):
        found = MORE
    elif intervals and all(high < 0.0 for _, high in intervals):
        found = FEWER
    else:
        return CANNOT_SAY
    return SUPPORTS if found == expected else CONTRADICTS


@dataclass(frozen=True)
class Difference:
    """A difference that stands for a claim.

    Attributes:
        words: what is compared, as the page says it.
        table: name of the table in docs/data/policy.
        place: levels at which the difference stands there, but for the founders.
        expected: MORE or FEWER.
    """

    words: str
    table: str
    place: Mapping[str, object]
    expected: int

    def row(self, tables: Mapping[str, pd.DataFrame], founders: str) -> pd.Series:
        """The row of a kind of founders. Raises ValueError unless there is exactly one."""
        table = tables[self.table]
        for name, level in {"founders": founders, **self.place}.items():
            table = table[table[name] == level]
        if len(table) != 1:
            raise ValueError(f"{self.table} has {len(table)} rows with founders = {founders}, {dict(self.place)}")
        return table.iloc[0]

    def intervals(self, tables: Mapping[str, pd.DataFrame]) -> list[Interval]:
        """One for each kind of founders."""
        name = "hits" if self.table == "ranking" else "value"
        rows = [self.row(tables, founders) for founders in FOUNDERS]
        return [(float(row[f"{name}_low"]), float(row[f"{name}_high"])) for row in rows]

    def verdict(self, tables: Mapping[str, pd.DataFrame]) -> str:
        """What both kinds of founders say."""
        return verdict(self.intervals(tables), self.expected)

    @property
    def never_grounded(self) -> Difference | None:
        """The same difference where operators ground no design; None if it is not of the ranking."""
        return replace(self, table="never_grounded") if self.table == "ranking" else None


@dataclass(frozen=True)
class Claim:
    """A claim, and what stands for it.

    Attributes:
        id: its row in the ledger.
        tests: differences that stand for it; none if the model cannot find it out.
        outside: why not, if there are none.
    """

    id: str
    tests: tuple[Difference, ...] = field(default=())
    outside: str = ""

    @property
    def text(self) -> str:
        """The claim in the ledger's words."""
        return evidence()[self.id].text
