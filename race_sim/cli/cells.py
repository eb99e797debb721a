"""Cells of tables of results: numbers, intervals, units and names as they are shown."""

from collections.abc import Mapping

NONE = "-"


def words(name: str) -> str:
    """A measure's name in words."""
    return name.replace("_", " ")


def unit_words(unit: str) -> str:
    """A unit; nothing for a number without one."""
    return "" if unit == "1" else unit


def cell(summary: Mapping[str, float | None], name: str) -> str:
    """A measure of the summary with its interval below, where it has one; nothing where it is no measure."""
    if name not in summary:
        return ""
    low, high = summary.get(f"{name}_low"), summary.get(f"{name}_high")
    if low is None or high is None:
        return number(summary[name])
    return f"{number(summary[name])}\n[{number(low)}, {number(high)}]"


def number(value: float | None) -> str:
    """A number to three digits, in full from 1000 on."""
    if value is None:
        return NONE
    if abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
