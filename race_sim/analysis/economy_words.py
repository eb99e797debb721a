"""What the hits of two scenarios cost and what became of drones that did not fly, in words made of measured numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from race_sim.analysis.columns import EXITS
from race_sim.analysis.economy_contrast import price_of_extra_hits
from race_sim.analysis.intervals import Estimate, evident, rounded

if TYPE_CHECKING:
    from race_sim.analysis.contrast import Contrast, Quantity

MILLION = 1e6
EXIT_WORDS = {
    "exported": "exported",
    "kept_by_hosts": "kept by the hosts of plants abroad",
    "bartered": "bartered for interceptors",
    "destroyed": "destroyed at the front",
    "destroyed_at_makers": "destroyed at makers",
    "scrapped": "scrapped at the front",
    "scrapped_at_makers": "scrapped at makers",
}


def told_of_money(contrast: Contrast) -> str:
    """Spending, the price of extra hits, and other ways of drones that differ: a paragraph; empty without accounts.

    A difference is called one only where its interval leaves out 0.
    """
    keeps = [side.scenario.parameters.money.accounts for side in (contrast.a, contrast.b)]
    if not any(keeps):
        return ""
    if not all(keeps):
        without = contrast.b if keeps[0] else contrast.a
        return f"In {without.label} output is given and nobody pays for it: what hits cost cannot be compared."
    if contrast.runs == 1:
        return "Whether spending differs cannot be said from one pair of races."
    return " ".join([_spending(contrast), *_price(contrast), *_exits(contrast)])


def euros(value: float) -> str:
    """An amount in words and digits, three of them: "6.86 million" or "12,300"."""
    if not math.isfinite(value):
        return "none"
    if abs(value) >= MILLION:
        return f"{value / MILLION:.3g} million"
    return f"{value:,.0f}" if abs(value) >= 1000.0 else rounded(value)


def _amount(estimate: Estimate, *, signed: bool = False) -> str:
    def shown(value: float) -> str:
        return f"+{euros(value)}" if signed and value > 0.0 else euros(value)

    if estimate.interval is None:
        return shown(estimate.value)
    low, high = estimate.interval
    return f"{shown(estimate.value)} [{shown(low)}, {shown(high)}]"


def _spending(contrast: Contrast) -> str:
    spending = contrast.economy["public_spending"]
    both = (
        f"{_amount(spending.b)} euros a week in {contrast.b.label} and {_amount(spending.a)} in {contrast.a.label}, a "
        f"difference of {_amount(spending.difference, signed=True)}"
    )
    if evident(spending.difference):
        return f"The treasuries spent {both}."
    return f"No evidence of a difference in what the treasuries spent: {both}."


def _price(contrast: Contrast) -> list[str]:
    """What extra hits cost, so far as that can be said."""
    spending = contrast.economy["public_spending"].difference
    average = _average(contrast.economy["total_euros_per_hit"], contrast)
    price = price_of_extra_hits(contrast)
    if price is not None:
        return [f"Each extra hit cost {_amount(price)} euros; on average a hit cost {average}."]
    if contrast.evident and evident(spending):
        more, less = (contrast.b, contrast.a) if contrast.difference.value > 0.0 else (contrast.a, contrast.b)
        return [f"{more.label} hits more than {less.label} and spends less. On average a hit cost {average}."]
    if contrast.evident:
        return [f"So the extra hits came without evidence of more spending. On average a hit cost {average}."]
    if evident(spending):
        return [f"There is no evidence that this made for other hits. On average a hit cost {average}."]
    return [f"On average a hit cost {average}."]


def _average(quantity: Quantity, contrast: Contrast) -> str:
    return f"{_amount(quantity.b)} euros in {contrast.b.label} and {_amount(quantity.a)} in {contrast.a.label}"


def _exits(contrast: Contrast) -> list[str]:
    """Ways besides flying that more drones took on one side."""
    quantities = {name: contrast.economy[f"total_{name}"] for name in EXITS if name in EXIT_WORDS}
    different = [
        f"{EXIT_WORDS[name]} {rounded(one.b.value)} in {contrast.b.label} and {rounded(one.a.value)} in "
        f"{contrast.a.label}"
        for name, one in quantities.items()
        if evident(one.difference)
    ]
    return [f"Drones a week that went other ways than flying: {'; '.join(different)}."] if different else []
