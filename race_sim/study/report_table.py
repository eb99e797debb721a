"""Tables of a report: columns as a reader sees them, with limits in brackets, and all of them as a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from race_sim.analysis.codebook import CODEBOOK
from race_sim.analysis.intervals import rounded

MISSING = "\N{EN DASH}"
"""Shown where there is no value."""
MOST_ROWS = 400
"""Rows of a table that the page holds; the file has all."""
SHORT = 24
"""Characters of words that stay on one line."""

_LIMITS = ("_low", "_high")
_WORDS = "_words"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report.

    Attributes:
        name: begins the name of its file and the address of its place in the page.
        title: what it shows, in words.
        note: how to read it; empty if that is plain.
        frame: the numbers; the index is not shown, so a level that matters is a column.
        headings: words for columns that the codebook does not know, by name of the column.
        numbers: columns of text to be set as numbers, such as "1.7 [1.6, 1.9]".
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame
    headings: Mapping[str, str] | None = None
    numbers: Sequence[str] = ()

    @property
    def csv(self) -> str:
        """All rows and columns under their own names, each float with as many digits as it takes to read it back."""
        return self.frame.to_csv(index=False, lineterminator="\n")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown.

    Attributes:
        name: its name in the file.
        heading: its name in words.
        unit: of its values; empty if they have none or it is not known.
        meaning: what the codebook says of it; empty if it is not there.
        number: whether it holds numbers.
        cells: its values in words, a row each.
    """

    name: str
    heading: str
    unit: str
    meaning: str
    number: bool
    cells: Sequence[str]

    @property
    def style(self) -> str:
        """How its cells are set: as a number, as words short enough to stay on one line, or as text."""
        if self.number:
            return "number"
        return "short" if max(map(len, self.cells), default=0) <= SHORT else ""


def shown_columns(table: Table) -> list[Column]:
    """The columns of a table's first `MOST_ROWS` rows.

    `x`, `x_low` and `x_high` become one column of cells "x [low, high]"; where `x_words` says the same in words, with
    what is beyond the values tried, its words stand in their place.
    """
    frame = table.frame.iloc[:MOST_ROWS].rename(columns=str)
    names = set(frame.columns)
    return [
        _column(name, _cells(frame, name, names), table, number=_holds_numbers(frame, name, table))
        for name in frame.columns
        if not _told_elsewhere(name, names)
    ]


def shown_value(value: Any) -> str:
    """A value in words: floats rounded as everywhere, but never to a zero that they are not."""
    if value is None or value is pd.NA or value is pd.NaT:
        return MISSING
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = rounded(value)
    return f"{value:.1e}" if value != 0.0 and float(text) == 0.0 else text


def _told_elsewhere(name: str, names: set[str]) -> bool:
    """Whether another column's cells hold what this one says."""
    bases = [name.removesuffix(limit) for limit in _LIMITS if name.endswith(limit)]
    if any(base in names and _has_limits(base, names) for base in bases):
        return True
    return name.endswith(_WORDS) and name.removesuffix(_WORDS) in names


def _has_limits(name: str, names: set[str]) -> bool:
    return all(f"{name}{limit}" in names for limit in _LIMITS)


def _holds_numbers(frame: pd.DataFrame, name: str, table: Table) -> bool:
    return name in table.numbers or (is_numeric_dtype(frame[name]) and not is_bool_dtype(frame[name]))


def _cells(frame: pd.DataFrame, name: str, names: set[str]) -> list[str]:
    if f"{name}{_WORDS}" in names:
        return [shown_value(value) for value in frame[f"{name}{_WORDS}"]]
    if _has_limits(name, names):
        return list(_with_limits(frame, name))
    if is_float_dtype(frame[name]) and all(
        value.is_integer() for value in frame[name].dropna() if math.isfinite(value)
    ):
        return [f"{value:.0f}" if math.isfinite(value) else shown_value(value) for value in frame[name].astype(float)]
    return [shown_value(value) for value in frame[name]]


def _with_limits(frame: pd.DataFrame, name: str) -> Iterator[str]:
    """Cells "x [low, high]", or the value alone where there is no limit."""
    for parts in zip(frame[name], *(frame[f"{name}{limit}"] for limit in _LIMITS), strict=True):
        value, low, high = map(shown_value, parts)
        yield value if low == high == MISSING else f"{value} [{low}, {high}]"


def _column(name: str, cells: Sequence[str], table: Table, *, number: bool) -> Column:
    unit, meaning = CODEBOOK.get(name, ("", ""))
    heading = (table.headings or {}).get(name) or name.replace("_", " ")
    return Column(name, heading, "" if unit == "1" else unit, meaning, number, cells)
