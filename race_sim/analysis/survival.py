"""How long designs and lineages live: Kaplan-Meier on the life tables that drivers record."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import Estimate, bootstrap_interval, resampling_weights
from race_sim.records import OBSERVED

ROUNDING = 1e-12  # a product of fractions that should be 1/2 counts as 1/2

Table = npt.NDArray[np.integer] | npt.NDArray[np.floating]


def survival(table: Table) -> npt.NDArray[np.float64]:
    """Share alive after each duration 0, 1, ... weeks, by Kaplan and Meier (1958).

    `table[..., week, (censored, observed)]` counts how many ended or were lost from view at each duration;
    those lost in a week count as alive in it. Leading axes are separate tables. Beyond the last duration seen
    the share stays what it was.
    """
    counts = np.asarray(table, np.float64)
    leaving = counts.sum(axis=-1)
    at_risk = np.flip(np.cumsum(np.flip(leaving, -1), -1), -1)
    ended = counts[..., OBSERVED]
    hazard = np.divide(ended, at_risk, out=np.zeros_like(ended), where=at_risk > 0)
    return np.asarray(np.cumprod(1.0 - hazard, axis=-1))


def median_weeks(table: Table) -> npt.NDArray[np.float64]:
    """First duration at which at most half are alive; infinity if not reached, NaN for an empty table."""
    counts = np.asarray(table, np.float64)
    reached = survival(counts) <= 0.5 + ROUNDING
    weeks = np.where(reached.any(axis=-1), reached.argmax(axis=-1), math.inf)
    return np.where(counts.sum(axis=(-2, -1)) > 0, weeks, math.nan)


def median_estimate(tables: Table) -> Estimate:
    """Median duration over the runs' tables[run, week, 2] taken together, in weeks; see `median_weeks`.

    The interval resamples whole runs, since the designs of one run share their landscape and their opponents.
    """
    value = float(median_weeks(tables.sum(axis=0)))
    runs = len(tables)
    if runs < 2 or math.isnan(value):
        return Estimate(value)
    resampled = median_weeks(resampled_tables(tables))
    known = resampled[~np.isnan(resampled)]
    return Estimate(value, *bootstrap_interval(known, runs))


def median_difference(tables: Table, others: Table) -> Estimate:
    """Median duration in `others` less that in `tables`, in weeks; both [run, week, 2], run by run with equal seeds.

    The interval resamples pairs of runs. NaN where a median is not reached or there is none; no interval where that
    happens to a resampled one.
    """
    runs = len(tables)
    ends = [float(median_weeks(part.sum(axis=0))) for part in (tables, others)]
    value = ends[1] - ends[0] if all(math.isfinite(end) for end in ends) else math.nan
    if runs < 2 or math.isnan(value):
        return Estimate(value)
    medians = [median_weeks(resampled_tables(part)) for part in (tables, others)]
    if not all(np.isfinite(part).all() for part in medians):
        return Estimate(value)
    return Estimate(value, *bootstrap_interval(medians[1] - medians[0], runs))


def survival_estimate(tables: Table, week: int) -> Estimate:
    """Share alive after `week` weeks over the runs' tables[run, week, 2] taken together; see `survival_at`.

    The interval resamples whole runs, as in `median_estimate`.
    """
    value = survival_at(tables.sum(axis=0), week)
    runs = len(tables)
    if runs < 2 or math.isnan(value):
        return Estimate(value)
    resampled = survival(resampled_tables(tables))[:, week]
    return Estimate(value, *bootstrap_interval(resampled, runs))


def resampled_tables(tables: Table) -> npt.NDArray[np.float64]:
    """Bootstrap life tables f8[resamples, week, 2]: means over whole runs drawn from tables[run, week, 2]."""
    runs = len(tables)
    flat = tables.reshape(runs, -1).astype(np.float64)
    return np.asarray((resampling_weights(runs) @ flat).reshape(-1, *tables.shape[1:]))


def observed_share(table: Table) -> float:
    """Share of lives whose end was seen; the others were lost from view, as by retirement. NaN if none."""
    counts = np.asarray(table, np.float64)
    total = float(counts.sum())
    return float(counts[:, OBSERVED].sum()) / total if total > 0 else math.nan


def survival_at(table: Table, week: int) -> float:
    """Share alive after `week` weeks; NaN if nobody was followed that long."""
    counts = np.asarray(table, np.float64)
    if week >= len(counts) or not counts[week:].sum() > 0:
        return math.nan
    return float(survival(counts)[week])
