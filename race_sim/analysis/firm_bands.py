"""Recorded races of makers as firms held against bands: what they use, cost, grow by, and how many there are.

All of it is for races with accounts; where output is given, nothing of it is measured.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.band import Band, Finding, Role
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.firms import BUILT, EXPORTED, SALES
from race_sim.records import JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario

YEAR_WEEK = 52  # S3-12 and SF07 are held against this week
TWO_YEARS_WEEK = 104

Floats = npt.NDArray[np.float64]

UTILISATION_BAND = Band(
    "SF10",
    "workshops' output over capacity in week 52",
    "1",
    0.30,
    0.37,
    Role.CALIBRATED,
    "around the one third of S3-12, at the low end of the fact's 0.3 to 0.6; tuned",
)
COST_BAND = Band(
    "S3-14",
    "price paid for a drone of primes over one of workshops",
    "1",
    3.0,
    5.0,
    Role.CALIBRATED,
    "unit costs were set to it",
)
GROWTH_BAND = Band(
    "SF07", "workshops' output in week 52 over week 0", "1", 1.5, 3.0, Role.CALIBRATED, "while funded; tuned"
)
FIRM_BANDS = (UTILISATION_BAND, COST_BAND, GROWTH_BAND)
"""The bands that a baseline with accounts has to lie in as well, in the order of `firm_values`."""

LATER_GROWTH_BAND = Band(
    "SF07", "workshops' output in week 104 over week 52", "1", 1.5, 3.0, Role.REPORTED, "budgets reach their ceilings"
)
ALL_GROWTH_BAND = Band("SF07", "output of all makers in week 52 over week 0", "1", 1.5, 3.0, Role.REPORTED)
VARIETY_BAND = Band(
    "SF08",
    "effective number of workshops' designs over workshops, week 52",
    "1",
    0.34,
    0.5,
    Role.REPORTED,
    "derived: 170 to 250 models at once over some 500 makers (SF09)",
)
ENTRY_BAND = Band(
    "SF09",
    "active workshops in week 104 over week 0",
    "1",
    2.0,
    3.0,
    Role.REPORTED,
    "derived: from some 200 makers to some 500 in about two years",
)
LINES_BAND = Band("SF14", "joint lines' share of drones delivered", "1", 0.0, 0.01, Role.REPORTED)


def has_accounts(scenario: Scenario) -> bool:
    """Whether makers have accounts, so that any of this is measured."""
    return scenario.parameters.money.accounts


def firm_findings(scenario: Scenario, records: Records) -> list[Finding]:
    """The calibrated measures of firms with 95% intervals over runs, in the order of `FIRM_BANDS`."""
    prices = [price_paid(scenario, records, kind) for kind in (PRIME, WORKSHOP)]
    capacity = _at(records, "capacity", YEAR_WEEK)
    return [
        Finding(UTILISATION_BAND, _over(built_in(records, WORKSHOP, YEAR_WEEK), capacity)),
        Finding(COST_BAND, mean_estimate(prices[0] / prices[1])),
        Finding(GROWTH_BAND, _growth(records, WORKSHOP, 0, YEAR_WEEK)),
    ]


def firm_values(scenario: Scenario, records: Records) -> tuple[float, ...]:
    """The same without intervals."""
    return tuple(finding.estimate.value for finding in firm_findings(scenario, records))


def reported_firm_findings(records: Records) -> list[Finding]:
    """Patterns of firms that the baseline is not tuned on (SF07 to SF09, SF14)."""
    return [
        Finding(LATER_GROWTH_BAND, _growth(records, WORKSHOP, YEAR_WEEK, TWO_YEARS_WEEK)),
        Finding(ALL_GROWTH_BAND, _growth(records, TOTAL, 0, YEAR_WEEK)),
        Finding(VARIETY_BAND, _over(_at(records, "diversity", YEAR_WEEK), _at(records, "makers", YEAR_WEEK))),
        Finding(ENTRY_BAND, _over(_at(records, "makers", TWO_YEARS_WEEK), _at(records, "makers", 0))),
        Finding(LINES_BAND, lines_share(records)),
    ]


def entered_and_failed(records: Records) -> tuple[float, float]:
    """Workshops that entered in a race, and makers of any kind that stopped for want of cash; means over runs."""
    kinds = records.weekly["kinds"]
    return (
        float(kinds["entered"][:, :, WORKSHOP].sum(axis=1).mean()),
        float(kinds["failed"][:, :, TOTAL].sum(axis=1).mean()),
    )


def lines_share(records: Records) -> Estimate:
    """Share of joint lines in the drones delivered by all makers, over the whole race; NaN if no line ever works."""
    kinds = records.weekly["kinds"]
    if not kinds["makers"][:, :, JOINT_LINE].any():
        return Estimate(math.nan)
    deliveries = kinds["deliveries"].sum(axis=1).astype(np.float64)
    return _over(deliveries[:, JOINT_LINE], deliveries[:, TOTAL])


def built_in(records: Records, kind: int, week: int) -> Floats:
    """f8[runs]: drones built by a kind of maker in a week; NaN beyond the end of the race."""
    if week >= records.weeks:
        return np.full(records.runs, np.nan)
    built: Floats = records.weekly["kinds"]["drones"][:, week, kind, BUILT].astype(np.float64)
    return built


def _at(records: Records, field: str, week: int) -> Floats:
    """f8[runs]: what is recorded of workshops in a week; NaN beyond the end of the race."""
    if week >= records.weeks:
        return np.full(records.runs, np.nan)
    values: Floats = records.weekly["kinds"][field][:, week, WORKSHOP].astype(np.float64)
    return values


def _growth(records: Records, kind: int, first: int, last: int) -> Estimate:
    return _over(built_in(records, kind, last), built_in(records, kind, first))


def _over(above: Floats, below: Floats) -> Estimate:
    """A ratio of sums over runs; NaN where it is not measured in every run."""
    if np.isnan(above).any() or np.isnan(below).any() or not below.any():
        return Estimate(math.nan)
    return ratio_estimate(above, below)


def price_paid(scenario: Scenario, records: Records, kind: int) -> Floats:
    """f8[runs]: euros that treasuries paid for a drone built for them in the measured weeks.

    Paid is what makers received and what they have invoiced besides. NaN where nothing was built for treasuries.
    """
    first = scenario.parameters.run.burn_in_weeks
    rows: npt.NDArray[Any] = records.weekly["kinds"][:, :, kind]
    owed = rows["invoiced"][:, -1] - (rows["invoiced"][:, first - 1] if first > 0 else 0)
    paid = rows["money"][:, first:, SALES].sum(axis=1) + owed
    drones = rows["drones"][:, first:]
    built = drones[..., BUILT].sum(axis=1) - drones[..., EXPORTED].sum(axis=1)
    found = np.full(records.runs, np.nan)
    np.divide(paid, built, out=found, where=built > 0)
    return found
