"""A contrast of two scenarios as data frames."""

from __future__ import annotations

import math

import pandas as pd

from race_sim.analysis.contrast import Contrast, Quantity
from race_sim.analysis.decomposition import PARTS, TERMS
from race_sim.analysis.economy_contrast import price_of_extra_hits
from race_sim.analysis.intervals import Estimate


def quantities_frame(contrast: Contrast) -> pd.DataFrame:
    """One row a quantity, those of the economy last, then the price of an extra hit where there is one.

    The columns are quantity, unit, then a, b, difference and ratio, each with `_low` and `_high`.
    """
    nothing = Estimate(math.nan)
    price = Quantity("euros_per_extra_hit", "EUR/hit", nothing, nothing, price_of_extra_hits(contrast) or nothing, None)
    return pd.DataFrame(
        [
            {
                "quantity": one.name,
                "unit": one.unit,
                **_columns("a", one.a),
                **_columns("b", one.b),
                **_columns("difference", one.difference),
                **_columns("ratio", one.ratio or Estimate(math.nan)),
            }
            for one in (*contrast.quantities.values(), *contrast.economy.values(), price)
        ]
    )


def terms_frame(contrast: Contrast) -> pd.DataFrame:
    """One row a term of B's hits a week less A's and kind of maker, all makers first; parts of terms at the end.

    The columns are term, part_of (the term that a part belongs to, else ""), kind, difference with its limits in
    hits a week, and share of the whole difference (NaN if that is 0).
    """
    whole = contrast.difference.value
    return pd.DataFrame(
        [
            {
                "term": name,
                "part_of": PARTS.get(name, ""),
                "kind": kind,
                **_columns("difference", contrast.terms[name, kind].difference),
                "share": contrast.terms[name, kind].difference.value / whole if whole != 0.0 else math.nan,
            }
            for name in (*TERMS, *PARTS)
            for kind in reversed(contrast.of_runs)
        ]
    )


def comparison_frame(contrast: Contrast) -> pd.DataFrame:
    """Quantities, then terms, in one table; a term is the quantity "{kind}_hits_by_{term}"."""
    terms = terms_frame(contrast)
    terms.insert(0, "quantity", terms["kind"] + "_hits_by_" + terms["term"])
    terms.insert(1, "unit", "hits/week")
    return pd.concat([quantities_frame(contrast), terms.drop(columns=["term", "part_of", "kind"])], ignore_index=True)


def _columns(name: str, estimate: Estimate) -> dict[str, float]:
    low, high = estimate.interval or (math.nan, math.nan)
    return {name: estimate.value, f"{name}_low": low, f"{name}_high": high}
