"""Numbers as readers say them, for the sentences that the page shows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from race_sim.scenario.schema import BY_PATH, Value
from race_sim.scenario.text import shown
from race_sim.watch.names import AgentId, Rows, maker_id

NOT_MEASURED = "not measured"
LEAST_WITH_COMMAS = 10_000  # a setting from which on thousands are set apart


def share_text(share: float) -> str:
    """A share in whole percent; below one percent, but not none, it says so."""
    if not math.isfinite(share):
        return NOT_MEASURED
    if 0.0 < share < 0.005:
        return "less than 1%"
    if 0.995 <= share < 1.0:
        return "more than 99%"
    return f"{share:.0%}"


def rate_text(rate: float) -> str:
    """Hits a sortie to two decimals, below 0.1 to three; fewer than these show, but not none, are said to be."""
    if not math.isfinite(rate):
        return NOT_MEASURED
    if 0.0 < rate < 0.0005:
        return "less than 0.001"
    return f"{rate:.3f}" if 0.0 < rate < 0.1 else f"{rate:.2f}"


def number_text(value: float) -> str:
    """A number in whole with commas; below 10, unless it is whole, to one decimal."""
    if not math.isfinite(value):
        return NOT_MEASURED
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 10.0 else f"{value:.1f}"


def factor_text(factor: float) -> str:
    """A ratio as a factor, "x0.68"."""
    if not math.isfinite(factor):
        return NOT_MEASURED
    if factor >= 100.0:
        return f"x{factor:,.0f}"
    return f"x{factor:.2f}" if factor < 10.0 else f"x{factor:.1f}"


def known(value: float | None) -> float | None:
    """The value as it was measured, so that whoever shows it rounds it once; None where nothing was measured."""
    return None if value is None or not math.isfinite(value) else value


def counted(number: int, singular: str) -> str:
    """So many of something that takes an s in the plural: "1 drone", "2,045 drones"."""
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"


def family_text(family: int, rows: Rows) -> str:
    """A family in a sentence; that of a prime stays with it, so the prime is named: "family 63 (of prime 3)"."""
    words = AgentId("family", family).words
    return words if family < rows.workshops else f"{words} (of {maker_id(family, rows).words})"


def euros_text(euros: float) -> str:
    """An amount of money to three digits: "EUR 950", "EUR 12,300", "EUR 1.25 million", "EUR 3.02 billion"."""
    size = abs(euros)
    for unit, name in ((1e9, " billion"), (1e6, " million")):
        if size >= unit:
            return f"EUR {euros / unit:,.{max(0, 2 - int(math.log10(size / unit)))}f}{name}"
    return f"EUR {round(euros, -2) if size >= 10_000 else euros:,.0f}"


def weeks_text(first: int, last: int) -> str:
    """A span of weeks: "week 3", "weeks 24 to 36"."""
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def setting_text(path: str, value: Value) -> str:
    """A value of the parameter at this path with its unit, if it has one: "3 weeks", "1,000,000 EUR/week"."""
    unit = BY_PATH[path].unit
    large = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LEAST_WITH_COMMAS
    text = f"{value:,}" if large else shown(value)
    return text if unit == "1" else f"{text} {unit}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def sentences(texts: Iterable[str]) -> list[str]:
    """Those texts that are not empty, as sentences."""
    return [sentence(text) for text in texts if text]
