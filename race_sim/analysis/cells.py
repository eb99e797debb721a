"""Tables of a study's cells: exchange rates, paired ratios, hits a sortie, each with intervals over runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from race_sim.analysis.exchange import exchange_rate
from race_sim.analysis.forces import Floats, finding
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.analysis.measures import Measure

HITS = "total_hits"
SORTIES = "total_sorties"
DECISION_WEEK = "front_decision_week_central"
BALANCE_END = "front_balance_end_central"


def point_table(rows: pd.DataFrame, factors: Sequence[str], outputs: Sequence[Measure] = ()) -> pd.DataFrame:
    """Hits a week, hits a sortie and other outputs with intervals over runs, a row a point.

    Returns `factors`, `runs` that gave a value, `failed` ones, `hits`, `hits_a_sortie` with limits, the share of judged
    trials adopted, and the outputs with limits.
    """
    found = []
    others = [one for one in outputs if one.name not in {"total_hits", "hits_a_sortie", "adopted_share"}]
    for place, every in groups(rows, factors):
        here = every[every["error"] == ""]
        found.append(
            {
                **place,
                "runs": len(here),
                "failed": len(every) - len(here),
                **columns("hits", mean_estimate(_values(here, HITS))),
                **columns("hits_a_sortie", ratio_estimate(_values(here, HITS), _values(here, SORTIES))),
                "adopted_share": adopted_share(here),
                **{name: value for one in others for name, value in columns(one.name, one.estimate(here)).items()},
            }
        )
    return pd.DataFrame(found)


def adopted_share(rows: pd.DataFrame) -> float:
    """Share of judged trials that were adopted, over all these runs; NaN if none was judged."""
    judged = float(rows["total_trials_judged"].sum())
    return float(rows["total_trials_adopted"].sum()) / judged if judged > 0 else math.nan


def exchange_table(rows: pd.DataFrame, cell: Sequence[str]) -> pd.DataFrame:
    """What the shortest cycle is worth against each longer one, a row a cell and longer cycle.

    Args:
        rows: one row a point and seed, with the factors of `cell`, `cycle` (weeks), `arsenal` (multiple), `seed`
            and measures as weekly means; every cell has the shortest cycle with arsenal 1, the reference.
        cell: factors that tell cells apart.

    Returns:
        the cell, `cycle`, then: `worth`, `worth_low`, `worth_high` (exchange rate; 0 below and infinity above the
        multiples tried), `worth_words`; `ratio`, `ratio_low`, `ratio_high` (reference's hits over the other's, equal
        arsenals, paired by seed) and `finding` on it ("wins", "loses", "no evidence": of the reference);
        `ratio_x2` and so on, with `finding_x2`, for every other arsenal; hits a sortie of both with equal arsenals;
        `decision_week` of both, the median week in which the front is decided (infinity: most races are not), and the
        shares of races in which the force `prevails` and `fails` there.
    """
    found = []
    for place, here in groups(rows, cell):
        reference = _runs(here[(here["cycle"] == here["cycle"].min()) & (here["arsenal"] == 1)])
        for cycle, other in groups(here[here["cycle"] > here["cycle"].min()], ["cycle"]):
            found.append({**place, **cycle, **_exchange(reference, other)})
    return pd.DataFrame(found)


def _exchange(reference: pd.DataFrame, other: pd.DataFrame) -> dict[str, object]:
    forces = _by_arsenal(other)
    own = _values(reference, HITS)
    rate = exchange_rate(list(forces), np.array([_values(force, HITS) for force in forces.values()]), own)
    row: dict[str, object] = {**columns("worth", rate.estimate), "worth_words": str(rate)}
    equal = forces[1.0]
    for arsenal, force in forces.items():
        ratio = ratio_estimate(own, _values(force, HITS))
        name = "" if arsenal == 1.0 else f"_x{arsenal:g}"
        row |= columns(f"ratio{name}", ratio) if arsenal == 1.0 else {f"ratio{name}": ratio.value}
        row[f"finding{name}"] = finding(ratio, mean_estimate(own), mean_estimate(_values(force, HITS))).value
    for side, force in (("reference", reference), ("other", equal)):
        row[f"{side}_hits_a_sortie"] = _share(force, HITS, SORTIES)
        row[f"{side}_decision_week"] = _median(force[DECISION_WEEK])
        row[f"{side}_prevails"] = float((force[BALANCE_END] >= 1.0).mean())
        row[f"{side}_fails"] = float((force[BALANCE_END] <= -1.0).mean())
    return row


def ratio_table(
    rows: pd.DataFrame, cell: Sequence[str], within: str, base: object, measure: str = HITS
) -> pd.DataFrame:
    """Measure at each level of a factor over the measure at its level `base`, paired by seed, a row a cell and level.

    Returns the cell, `within`, then `ratio`, `ratio_low`, `ratio_high`, `finding` (of the level over the base) and the
    level's own hits a sortie with limits.
    """
    found = []
    for place, here in groups(rows, cell):
        levels = {level[within]: _runs(one) for level, one in groups(here, [within])}
        own = _values(levels[base], measure)
        for level, one in levels.items():
            ratio = ratio_estimate(_values(one, measure), own)
            found.append(
                {
                    **place,
                    within: level,
                    **columns("ratio", ratio),
                    "finding": finding(ratio, mean_estimate(_values(one, measure)), mean_estimate(own)).value,
                    **columns("hits_a_sortie", ratio_estimate(_values(one, HITS), _values(one, SORTIES))),
                }
            )
    return pd.DataFrame(found)


def ladder_table(rows: pd.DataFrame, cell: Sequence[str], rungs: Sequence[str]) -> pd.DataFrame:
    """Hits a sortie on each rung, and what the rung adds to the one below, paired by seed.

    Returns the cell, `rung`, `hits_a_sortie` with limits, and `step` with limits: hits a sortie more than on the rung
    below (0 without limits on the first), mean over runs of each run's own difference.
    """
    found = []
    for place, here in groups(rows, cell):
        by_rung = {rung: _runs(here[here["rung"] == rung]) for rung in rungs}
        below = None
        for rung, one in by_rung.items():
            level = _values(one, HITS) / _values(one, SORTIES)
            step = Estimate(0.0) if below is None else mean_estimate(level - below)
            found.append(
                {
                    **place,
                    "rung": rung,
                    **columns("hits_a_sortie", mean_estimate(level)),
                    **columns("step", step),
                }
            )
            below = level
    return pd.DataFrame(found)


def shared_table(rows: pd.DataFrame, cell: Sequence[str]) -> pd.DataFrame:
    """Workshops and primes in one race: the arsenal multiple with which primes hit as often as workshops.

    Returns the cell, `worth` with limits and words, and `ratio` with limits: workshops' hits over primes' with equal
    arsenals.
    """
    found = []
    for place, here in groups(rows, cell):
        forces = _by_arsenal(here)
        primes = np.array([_values(force, "primes_hits") for force in forces.values()])
        workshops = np.array([_values(force, "workshops_hits") for force in forces.values()])
        rate = exchange_rate(list(forces), primes, workshops)
        equal = list(forces).index(1.0)
        ratio = ratio_estimate(workshops[equal], primes[equal])
        found.append(
            {
                **place,
                **columns("worth", rate.estimate),
                "worth_words": str(rate),
                **columns("ratio", ratio),
                "finding": finding(ratio, mean_estimate(workshops[equal]), mean_estimate(primes[equal])).value,
            }
        )
    return pd.DataFrame(found)


def factor_effects(table: pd.DataFrame, cell: Sequence[str], value: str = "ratio") -> pd.DataFrame:
    """How each level of each factor moves a ratio: its geometric mean over the cells with that level, and extremes.

    Returns `factor`, `level`, `mean`, `least`, `most`, `cells`.
    """
    found = []
    for factor in cell:
        for level, here in table.groupby(factor, sort=False):
            ratios = here[value].to_numpy(np.float64)
            with np.errstate(divide="ignore"):  # a ratio of 0 makes the mean 0
                mean = float(np.exp(np.log(ratios).mean()))
            found.append(
                {
                    "factor": factor,
                    "level": level,
                    "mean": mean,
                    "least": float(ratios.min()),
                    "most": float(ratios.max()),
                    "cells": len(ratios),
                }
            )
    return pd.DataFrame(found)


def columns(name: str, estimate: Estimate) -> dict[str, float]:
    """An estimate as three columns, NaN for absent limits."""
    low, high = estimate.interval or (math.nan, math.nan)
    return {name: estimate.value, f"{name}_low": low, f"{name}_high": high}


def estimates(table: pd.DataFrame, name: str) -> Iterator[Estimate]:
    """The estimates of such columns, row by row."""
    for value, low, high in zip(table[name], table[f"{name}_low"], table[f"{name}_high"], strict=True):
        yield Estimate(value) if math.isnan(low) else Estimate(value, low, high)


def groups(rows: pd.DataFrame, names: Sequence[str]) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Rows that share the levels of these factors, with the levels, in the order in which they first come."""
    for place, here in rows.groupby(list(names), sort=False):
        yield dict(zip(names, place, strict=True)), here


def _by_arsenal(rows: pd.DataFrame) -> dict[float, pd.DataFrame]:
    """Runs with each arsenal, the smallest first."""
    found = {float(place["arsenal"]): _runs(force) for place, force in groups(rows, ["arsenal"])}
    return dict(sorted(found.items()))


def _runs(rows: pd.DataFrame) -> pd.DataFrame:
    """Runs in the order of their seeds, so that forces pair."""
    return rows.sort_values("seed", kind="stable")


def _values(rows: pd.DataFrame, measure: str) -> Floats:
    return rows[measure].to_numpy(np.float64)


def _share(rows: pd.DataFrame, part: str, whole: str) -> float:
    return float(rows[part].sum() / rows[whole].sum())


def _median(weeks: pd.Series) -> float:
    ordered = np.sort(weeks.fillna(math.inf).to_numpy(np.float64))
    return float(ordered[(len(ordered) - 1) // 2])
