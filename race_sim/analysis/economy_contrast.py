"""Two scenarios side by side as economies: what was built, what became of it, what bound it and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.columns import BOUND_NAMES, EXITS, economy_columns
from race_sim.analysis.frames import kind_fields, shares
from race_sim.analysis.intervals import Estimate, evident, ratio_estimate
from race_sim.records import KIND_NAMES

if TYPE_CHECKING:
    from race_sim.analysis.contrast import Contrast

Floats = npt.NDArray[np.float64]

OF_KIND = (
    "makers",
    "built",
    *(name for name in EXITS if name != "sorties"),
    "utilisation",
    *(f"{name}_share" for name in BOUND_NAMES),
    "failed_a_run",
    "debt",
    "procurement",
    "euros_per_sortie",
    "euros_per_hit",
)
"""Quantities of each kind of maker, and of all."""
OF_ECONOMY = (
    "public_spending",
    "home_aid",
    "home_commission",
    "partners_imports",
    "partners_plants",
    "goodwill",
    "interceptors",
    "strikes",
    "announced",
    "rival_sales",
    "rival_weeks",
)
"""Quantities of the economy as a whole."""


def economy_values(weekly: npt.NDArray[Any], first_week: int) -> dict[str, Floats]:
    """Quantities by name in the codebook: what each run measured from a week on, [runs], of WEEK[runs, weeks]."""
    found: dict[str, Floats] = {}
    measured = weekly[:, first_week:]
    for place, kind in enumerate(KIND_NAMES):
        failed = weekly["kinds"]["failed"][:, :, place].sum(axis=1).astype(np.float64)
        values = {**_of_kind(measured, place), "failed_a_run": failed}
        found |= {f"{kind}_{name}": values[name] for name in OF_KIND}
    columns = economy_columns(measured)
    return found | {name: columns[name].mean(axis=1) for name in OF_ECONOMY}


def _of_kind(measured: npt.NDArray[Any], place: int) -> dict[str, Floats]:
    fields = kind_fields(measured, place)
    means = {name: values.mean(axis=1) for name, values in fields.items()}
    bound = sum(means[name] for name in BOUND_NAMES)
    return {
        **means,
        "utilisation": shares(means["built"], means["capacity"]),
        "euros_per_sortie": shares(means["procurement"], means["sorties"]),
        "euros_per_hit": shares(means["procurement"], means["hits"]),
        **{f"{name}_share": shares(means[name], bound) for name in BOUND_NAMES},
    }


def price_of_extra_hits(contrast: Contrast) -> Estimate | None:
    """Euros that the treasuries spent more for each hit more of the scenario that hits more, weekly means over runs.

    None unless there is evidence that one of the two both hits more and spends more.
    """
    hits, spending = contrast.difference, contrast.economy["public_spending"].difference
    if not (contrast.evident and evident(spending)) or (hits.value > 0.0) != (spending.value > 0.0):
        return None
    extra_hits, extra_spending = (
        np.sign(hits.value) * (contrast.b.run_values(name) - contrast.a.run_values(name))
        for name in ("total_hits", "public_spending")
    )
    return ratio_estimate(extra_spending, extra_hits)
