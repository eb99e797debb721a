"""Policies against what they are compared with: extra hits, what a hit costs, time to decision, and in which order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from race_sim.analysis.cells import BALANCE_END, DECISION_WEEK, HITS, columns, groups
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.policy_effects import ALIKE, FEWER, MORE, NO_EVIDENCE, Values, estimate_of, evidence
from race_sim.analysis.policy_family import Family, Floats, ratio_of_differences
from race_sim.scenario.text import listed

POLICY = "policy"
"""Factor whose levels are policies."""
NO_POLICY = "none"
"""Level of that factor without any policy, as studies name it."""
SPENDING = "public_spending"
"""Column: what left both treasuries, in euros a week."""


def weeks_to_decision(rows: pd.DataFrame, horizon: int) -> pd.Series:
    """Weeks until the front was decided for either side, central regeneration; an undecided race counts the horizon.

    NaN for runs that failed.
    """
    weeks = rows[DECISION_WEEK].fillna(float(horizon))
    return weeks.where(rows[BALANCE_END].notna())


def ranking_table(
    rows: pd.DataFrame, references: Mapping[str, str], horizon: int, by: Sequence[str] = ("founders",)
) -> pd.DataFrame:
    """Every policy less what it is compared with, the most extra hits first within each panel.

    Args:
        rows: one row a policy, panel and seed, with the columns "policy", `by`, `seed` and the measures of a run.
        references: {policy: what it is compared with}; others are not ranked.
        horizon: weeks of a run.
        by: factors of the panels; all panels are one family of comparisons.

    Returns `by`, `policy`, `against`; `hits`, `euros` (both a week) and `weeks`, each with limits, `_evidence` and
    `_holm`; `euros_a_hit` with limits, NaN unless hits differ; `prevails` and `fails`, by how much more of the races
    the attackers or the defenders have decided for themselves; `runs`, `left_out`.
    """
    outputs = {"hits": rows[HITS], "euros": rows[SPENDING], "weeks": weeks_to_decision(rows, horizon)}
    values = {name: Values(rows, [*by, POLICY], one) for name, one in outputs.items()}
    shares = {name: Values(rows, [*by, POLICY], one.astype(float)) for name, one in _sides(rows).items()}
    places: list[dict[str, Any]] = []
    for place in values["hits"].places:
        against = references.get(str(place[POLICY]))
        if against is not None and values["hits"].at({**place, POLICY: against}) is not None:
            places.append({**place, "against": against})
    if not places:
        return pd.DataFrame()
    differences = {name: np.array([_difference(one, place) for place in places]) for name, one in values.items()}
    families = _families(differences)
    found = []
    for row, place in enumerate(places):
        told: dict[str, Any] = dict(place)
        for name, family in families.items():
            told |= columns(name, family.estimates[row])
            told |= {f"{name}_evidence": evidence(family.estimates[row]), f"{name}_holm": float(family.holm[row])}
        hits = families["hits"]
        ratio = ratio_of_differences(families["euros"].differences[row], hits.differences[row], hits.critical)
        told |= columns("euros_a_hit", ratio)
        told |= {name: float(np.nanmean(_difference(one, place))) for name, one in shares.items()}
        found.append({**told, "runs": hits.runs, "left_out": hits.left_out})
    table = pd.DataFrame(found).sort_values("hits", ascending=False, kind="stable")
    order = {level: number for number, level in enumerate(rows[by[0]].unique())} if by else {}
    return table.sort_values(by[0], key=lambda levels: levels.map(order), kind="stable") if by else table


def _sides(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {"prevails": rows[BALANCE_END] >= 1.0, "fails": rows[BALANCE_END] <= -1.0}


def _difference(values: Values, place: Mapping[str, Any]) -> Floats:
    own, other = values.at(place), values.at({**place, POLICY: place["against"]})
    assert own is not None  # noqa: S101 -- the place is one of the values'
    assert other is not None  # noqa: S101 -- looked for before
    return own - other


def _families(differences: Mapping[str, Floats]) -> dict[str, Family]:
    """A family an output, all over the same seeds."""
    whole = np.array([np.isfinite(one).all(axis=0) for one in differences.values()]).all(axis=0)
    left_out = int((~whole).sum())
    return {name: Family(one[:, whole], left_out) for name, one in differences.items()}


def cost_words(hits: Estimate, euros: Estimate, euros_a_hit: Estimate) -> str:
    """What a policy's hits cost the treasuries, as the intervals of extra hits and of extra spending have it."""
    more, dearer = evidence(hits), evidence(euros)
    if more in (NO_EVIDENCE, ALIKE):
        return more
    many = "more" if more == MORE else "fewer"
    if dearer in (NO_EVIDENCE, ALIKE):
        return f"{many} hits, no evidence on spending"
    if more == MORE and dearer == MORE:
        return f"EUR {amount(euros_a_hit)} spent a hit more"
    if more == FEWER and dearer == FEWER:
        return f"EUR {amount(euros_a_hit)} not spent a hit lost"
    return f"{many} hits, {'more' if dearer == MORE else 'less'} spent"


def amount(estimate: Estimate) -> str:
    """Euros with their interval, in thousands separated by commas."""
    if estimate.interval is None:
        return euros_words(estimate.value)
    low, high = estimate.interval
    return f"{euros_words(estimate.value)} [{euros_words(low)}, {euros_words(high)}]"


def euros_words(value: float) -> str:
    """Euros to three significant digits."""
    return f"{float(f'{value:.3g}'):,.0f}" if math.isfinite(value) else str(value)


def policy_words(level: object) -> str:
    """A policy by its name; the level without any in words."""
    return "no policy" if level == NO_POLICY else str(level)


def pairwise(
    rows: pd.DataFrame, references: Mapping[str, str], place: Mapping[str, object]
) -> dict[tuple[str, str], Estimate]:
    """Extra hits of each policy less those of each other one in a panel, intervals adjusted for all of these pairs."""
    here = rows[np.logical_and.reduce([rows[name] == level for name, level in place.items()])] if place else rows
    values = Values(here, [POLICY], here[HITS])
    extra: dict[str, Floats] = {}
    for point in values.places:
        own, base = values.at(point), values.at({POLICY: references.get(str(point[POLICY]))})
        if own is not None and base is not None:
            extra[str(point[POLICY])] = own - base
    pairs = list(combinations(extra, 2))
    if not pairs:
        return {}
    family = Family.of([extra[one] - extra[other] for one, other in pairs])
    found = dict(zip(pairs, family.estimates, strict=True))
    return found | {(other, one): scaled(estimate, -1.0) for (one, other), estimate in found.items()}


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """The estimate times a factor, with its interval."""
    if estimate.interval is None:
        return Estimate(factor * estimate.value)
    low, high = sorted(factor * limit for limit in estimate.interval)
    return Estimate(factor * estimate.value, low, high)


def order_words(table: pd.DataFrame, pairs: Mapping[tuple[str, str], Estimate]) -> str:
    """Which policies bring most and least hits, in one panel of a ranking, as the intervals of pairs have it.

    Args:
        table: rows of `ranking_table` of the panel.
        pairs: of `pairwise`, for the panel.
    """
    ranked = table.sort_values("hits", ascending=False, kind="stable")
    names = [str(name) for name in ranked[POLICY]]
    if len(names) < 2:
        return ""
    told = []
    for rank, name, others in (("most", names[0], names[1:]), ("fewest", names[-1], names[-2::-1])):
        alike = [one for one in others if evidence(pairs[name, one]) in (NO_EVIDENCE, ALIKE)]
        estimate = estimate_of(ranked[ranked[POLICY] == name].iloc[0], "hits")
        lead = f"{name} brings {rank} extra hits, {estimate} a week"
        if not alike:
            told.append(f"{lead}: {'more' if rank == 'most' else 'fewer'} than every other.")
        elif len(alike) == len(others):
            told.append(f"There is no evidence that any one policy brings {rank} hits.")
        else:
            told.append(f"{lead}; there is no evidence that it differs from {listed(alike)}.")
    return " ".join(told)


def agreement_words(table: pd.DataFrame, by: Sequence[str] = ("founders",)) -> str:
    """Which policies bring more hits, or fewer, in every panel of a ranking, and which in some only."""
    found: dict[str, list[str]] = {MORE: [], FEWER: [], "mixed": [], NO_EVIDENCE: []}
    for place, here in groups(table, [POLICY]):
        kinds = set(here["hits_evidence"])
        name = str(place[POLICY])
        if kinds <= {NO_EVIDENCE, ALIKE}:
            found[NO_EVIDENCE].append(name)
        else:
            found[kinds.pop() if len(kinds) == 1 else "mixed"].append(name)
    every = f"with every setting of {', '.join(by)}" if by else "here"
    words = {
        MORE: f"More hits {every}",
        FEWER: f"Fewer hits {every}",
        "mixed": "Evidence in some of them only",
        NO_EVIDENCE: "No evidence in any",
    }
    return ". ".join(f"{words[kind]}: {listed(names) if names else 'none'}" for kind, names in found.items()) + "."
