"""The summary of a scenario's runs: headline measures over the weeks after burn-in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.codebook import SUMMARY_MEANS
from race_sim.analysis.columns import BOUND_NAMES, EXITS, economy_columns
from race_sim.analysis.frames import BALANCE_NAMES, DEFENCE_FIELDS, kind_fields
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.analysis.survival import median_estimate, observed_share, survival_at
from race_sim.firms import BUILT
from race_sim.records import KIND_NAMES, LIFE_NAMES, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario

COMPARISON_WEEK = 26  # survival of designs is compared at half a year (stylised fact SF04)
QUARTER_WEEKS = 13  # output is compared between the first and the last quarter of a year
WEEKS_A_YEAR = 52.0

SUMMED = ("hits", "sorties", "deliveries", "built", "capacity", "procurement", "production_cost")

Array = npt.NDArray[Any]
Summary = dict[str, float | int | None]


def summarise(scenario: Scenario, records: Records) -> Summary:
    """Measures by name as plain numbers, None where there is none; `codebook.SUMMARY` says what each means.

    All measured weeks and runs count alike; intervals are over runs, and None for one run.
    """
    first = scenario.parameters.run.burn_in_weeks
    measured = records.weekly[:, first:]
    summary: Summary = {"runs": records.runs, "weeks": records.weeks, "first_week": first}
    for place, kind in enumerate(KIND_NAMES):
        summary |= _kind(kind, measured, place)
        summary |= _history(kind, records.weekly["kinds"][:, :, place], first)
        if place != TOTAL:
            summary |= _lives(kind, records.lives[:, place])
    hits = measured["kinds"]["hits"].sum(axis=1)
    summary |= _entries("hits_ratio", ratio_estimate(hits[:, WORKSHOP], hits[:, PRIME]))
    summary["crews_used"] = _crews_used(scenario, measured["kinds"]["sorties"][:, :, TOTAL], first)
    summary |= {name: _mean(measured[name]) for name in DEFENCE_FIELDS}
    summary |= {name: _mean(values) for name, values in economy_columns(measured).items()}
    summary |= _modules(measured["stopped_by_module"], scenario.parameters.design.modules)
    for place, level in enumerate(BALANCE_NAMES):
        summary |= _front(level, records.weekly["front_balance"][:, :, place])
    return summary


def _kind(kind: str, weekly: Array, place: int) -> Summary:
    fields = kind_fields(weekly, place)
    totals = {name: fields[name].sum(axis=1) for name in SUMMED}
    found: Summary = {name: _mean(fields[name]) for name in SUMMARY_MEANS}
    found |= _entries("hits", mean_estimate(fields["hits"].mean(axis=1)))
    found |= _entries("hits_per_drone", ratio_estimate(totals["hits"], totals["deliveries"]))
    found |= _entries("effectiveness", ratio_estimate(totals["hits"], totals["sorties"]))
    found["unopposed_success"] = _weighted(fields["unopposed_success"], fields["sorties"])
    found["trial_effectiveness"] = _share(fields["trial_hits"], fields["trial_sorties"])
    found["trials_adopted_share"] = _share(fields["trials_adopted"], fields["trials_judged"])
    found["stock_countered_share"] = _share(fields["stock_countered"], fields["stock"])
    found["stock_dropped_share"] = _share(fields["stock_dropped"], fields["stock"])
    found |= _entries("utilisation", ratio_estimate(totals["built"], totals["capacity"]))
    found |= _entries("euros_per_hit", ratio_estimate(totals["procurement"], totals["hits"]))
    found["euros_per_sortie"] = _number(ratio_estimate(totals["procurement"], totals["sorties"]).value)
    found["unit_cost"] = _number(ratio_estimate(totals["production_cost"], totals["built"]).value)
    found["stock_change"] = _mean(fields["built"] - sum(fields[name] for name in EXITS))
    bound = np.stack([fields[name] for name in BOUND_NAMES])
    found |= {f"{name}_share": _share(values, bound) for name, values in zip(BOUND_NAMES, bound, strict=True)}
    return {f"{kind}_{name}": value for name, value in found.items()}


def _history(kind: str, weeks: Array, first: int) -> Summary:
    """What became of the makers of a kind, from KIND_WEEK[runs, weeks] of whole runs measured from a week on."""
    built = weeks["drones"][:, first:, BUILT]
    apart = built.shape[1] - QUARTER_WEEKS
    growth = None
    if apart >= QUARTER_WEEKS:
        begun, ended = built[:, :QUARTER_WEEKS].sum(), built[:, -QUARTER_WEEKS:].sum()
        growth = _number((ended / begun) ** (WEEKS_A_YEAR / apart)) if begun > 0 else None
    stopped = weeks["failed"].any(axis=0)
    return {
        f"{kind}_output_growth": growth,
        f"{kind}_entered_a_run": float(weeks["entered"].sum(axis=1).mean()),
        f"{kind}_failed_a_run": float(weeks["failed"].sum(axis=1).mean()),
        f"{kind}_first_failed_week": int(stopped.argmax()) if stopped.any() else None,
    }


def _lives(kind: str, tables: Array) -> Summary:
    found: Summary = {}
    for place, name in enumerate(LIFE_NAMES):
        together = tables[:, place].sum(axis=0)
        found |= _entries(f"{kind}_{name}", median_estimate(tables[:, place]))
        found[f"{kind}_{name}_observed"] = _number(observed_share(together))
        found[f"{kind}_{name}_beyond_26"] = _number(survival_at(together, COMPARISON_WEEK))
    return found


def _crews_used(scenario: Scenario, sorties: Array, first: int) -> float | None:
    segments, segment_of_week = scenario.timeline()
    return _share(sorties, np.broadcast_to(segments["operators_crews"][segment_of_week][first:], sorties.shape))


def _modules(stopped: Array, modules: int) -> Summary:
    return {f"stopped_share_module_{module + 1}": _share(stopped[:, :, module], stopped) for module in range(modules)}


def _front(level: str, balance: Array) -> Summary:
    attackers, defenders = (balance >= 1.0).any(axis=1), (balance <= -1.0).any(axis=1)
    decided = attackers | defenders
    weeks = np.where(decided, (np.abs(balance) >= 1.0).argmax(axis=1), math.inf)
    middle = np.sort(weeks)[(len(weeks) - 1) // 2]
    return {
        f"front_decided_share_{level}": _number(decided.mean()),
        f"front_attackers_share_{level}": _number(attackers.mean()),
        f"front_defenders_share_{level}": _number(defenders.mean()),
        f"front_decision_week_{level}": _number(middle),
        f"front_balance_end_{level}": _number(balance[:, -1].mean()),
    }


def _entries(name: str, estimate: Estimate) -> Summary:
    low, high = estimate.interval or (math.nan, math.nan)
    return {name: _number(estimate.value), f"{name}_low": _number(low), f"{name}_high": _number(high)}


def _mean(values: Array) -> float | None:
    known = values[~np.isnan(values)]
    return _number(known.mean()) if known.size else None


def _share(part: Array, whole: Array) -> float | None:
    return _number(part.sum() / whole.sum()) if whole.sum() > 0 else None


def _weighted(values: Array, weights: Array) -> float | None:
    known = weights > 0
    return _number((values[known] * weights[known]).sum() / weights[known].sum()) if known.any() else None


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
