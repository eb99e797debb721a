"""Recorded races held against bands of the stylised facts: what is measured, and whether it lies inside."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.band import Band, Finding, Role
from race_sim.analysis.firm_bands import (
    FIRM_BANDS,
    firm_findings,
    firm_values,
    has_accounts,
    reported_firm_findings,
)
from race_sim.analysis.frames import shares
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.analysis.survival import median_estimate, median_weeks, survival_estimate
from race_sim.records import COUNTER_LAG, FIELDED_LIFE, PRIME, SHADOW_LIFE, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario

QUARTER_WEEKS = 13
LEAST_QUARTERS = 4  # SF05 asks for the slope over at least four
HALF_YEAR_WEEKS = 26  # SF04
TREND_DRONES = 1000.0  # drones over which trends are told, as they are small

Floats = npt.NDArray[np.float64]

FIELDED_BAND = Band("SF01", "half-life of workshops' designs, fielded", "weeks", 6.0, 16.0, Role.CALIBRATED)
SHADOW_BAND = Band("SF01", "half-life of workshops' designs, shadow", "weeks", 6.0, 16.0, Role.CALIBRATED)
HITS_BAND = Band(
    "SF05",
    "hits a sortie of workshops",
    "hits/sortie",
    0.15,
    0.45,
    Role.CALIBRATED,
    "a plausibility range around the fact's 0.2 to 0.4 hits a drone; level only",
)
DESIGN_BANDS = (FIELDED_BAND, SHADOW_BAND, HITS_BAND)
CALIBRATED = (*DESIGN_BANDS, *FIRM_BANDS)
"""The bands the baseline has to lie in."""

WORKSHOP_LAG_BAND = Band("SF02", "counter lag of workshops' designs", "weeks", 2.0, 8.0, Role.REPORTED)
PRIME_LAG_BAND = Band("SF02", "counter lag of primes' designs", "weeks", 2.0, 8.0, Role.REPORTED)
TEMPO_BAND = Band("SF03", "programme of a prime over cycle of a workshop", "1", 15.0, 50.0, Role.INPUT)
BEYOND_PEAK_BAND = Band(
    "SF04", "prime designs above half their peak after 26 weeks", "1", 0.0, 0.2, Role.REPORTED, "threshold inferred"
)
BEYOND_FIRST_BAND = Band(
    "SF04",
    "prime designs above half their first success after 26 weeks",
    "1",
    0.0,
    0.2,
    Role.REPORTED,
    "threshold inferred",
)
FIELD_BAND = Band(
    "SF04",
    "hits a sortie of primes over unopposed success",
    "1",
    0.25,
    0.5,
    Role.REPORTED,
    "unopposed success stands for trials",
)
WORKSHOP_YIELD_BAND = Band("SF05", "hits a drone delivered, workshops", "hits/drone", 0.2, 0.4, Role.REPORTED)
TOTAL_YIELD_BAND = Band("SF05", "hits a drone delivered, all makers", "hits/drone", 0.2, 0.4, Role.REPORTED)
WORKSHOP_TREND_BAND = Band("SF05", "its trend, workshops", "hits/1,000 drones/quarter", 0.0, 0.0, Role.REPORTED)
TOTAL_TREND_BAND = Band("SF05", "its trend, all makers", "hits/1,000 drones/quarter", 0.0, 0.0, Role.REPORTED)
AREA_ELASTICITY_BAND = Band("SF06", "elasticity of hits to supply, area countermeasures", "1", 0.3, 0.7, Role.REPORTED)
POINT_ELASTICITY_BAND = Band(
    "SF06", "elasticity of hits to supply, point countermeasures", "1", 0.3, 0.7, Role.REPORTED
)


def calibrated_bands(scenario: Scenario) -> tuple[Band, ...]:
    """The bands a scenario is held against: those of firms only where makers have accounts."""
    return CALIBRATED if has_accounts(scenario) else DESIGN_BANDS


def calibrated_findings(scenario: Scenario, records: Records) -> list[Finding]:
    """The calibrated measures with 95% intervals over runs, in the order of `calibrated_bands`."""
    flown = _totals(scenario, records, WORKSHOP)
    return [
        Finding(FIELDED_BAND, median_estimate(records.lives[:, WORKSHOP, FIELDED_LIFE])),
        Finding(SHADOW_BAND, median_estimate(records.lives[:, WORKSHOP, SHADOW_LIFE])),
        Finding(HITS_BAND, ratio_estimate(flown["hits"], flown["sorties"])),
        *(firm_findings(scenario, records) if has_accounts(scenario) else []),
    ]


def calibrated_values(scenario: Scenario, records: Records) -> tuple[float, ...]:
    """The same without intervals, which take longer than the races of a single point of a design."""
    flown = _totals(scenario, records, WORKSHOP)
    lives = records.lives[:, WORKSHOP].sum(axis=0)
    hits, sorties = float(flown["hits"].sum()), float(flown["sorties"].sum())
    return (
        float(median_weeks(lives[FIELDED_LIFE])),
        float(median_weeks(lives[SHADOW_LIFE])),
        hits / sorties if sorties > 0.0 else math.nan,
        *(firm_values(scenario, records) if has_accounts(scenario) else ()),
    )


def reported_findings(scenario: Scenario, records: Records) -> list[Finding]:
    """Patterns the baseline is not tuned on, as far as a single set of races shows them (all but SF06)."""
    lives, primes = records.lives, _totals(scenario, records, PRIME)
    parameters = scenario.parameters
    tempo = parameters.primes.development_weeks / parameters.workshops.iteration_weeks
    return [
        Finding(WORKSHOP_LAG_BAND, median_estimate(lives[:, WORKSHOP, COUNTER_LAG])),
        Finding(PRIME_LAG_BAND, median_estimate(lives[:, PRIME, COUNTER_LAG])),
        Finding(TEMPO_BAND, Estimate(tempo)),
        Finding(BEYOND_PEAK_BAND, survival_estimate(lives[:, PRIME, FIELDED_LIFE], HALF_YEAR_WEEKS)),
        Finding(BEYOND_FIRST_BAND, survival_estimate(lives[:, PRIME, COUNTER_LAG], HALF_YEAR_WEEKS)),
        Finding(FIELD_BAND, ratio_estimate(primes["hits"], primes["unopposed_hits"])),
        *_yields(scenario, records),
        *(reported_firm_findings(records) if has_accounts(scenario) else []),
    ]


def _yields(scenario: Scenario, records: Records) -> Iterator[Finding]:
    bands = ((WORKSHOP, WORKSHOP_YIELD_BAND, WORKSHOP_TREND_BAND), (TOTAL, TOTAL_YIELD_BAND, TOTAL_TREND_BAND))
    for kind, level, trend in bands:
        totals = _totals(scenario, records, kind)
        yield Finding(level, ratio_estimate(totals["hits"], totals["deliveries"]))
        yield Finding(trend, trend_estimate(TREND_DRONES * quarterly_yield(scenario, records, kind)))


def _totals(scenario: Scenario, records: Records, kind: int) -> dict[str, Floats]:
    """Sums over the measured weeks of a kind of maker, one a run; unopposed hits are what no countermeasure leaves."""
    weeks = _measured(scenario, records, kind)
    unopposed = np.where(weeks["sorties"] > 0, weeks["unopposed_success"], 0.0) * weeks["sorties"]
    sums: dict[str, Floats] = {
        name: weeks[name].sum(axis=1).astype(np.float64) for name in ("hits", "sorties", "deliveries")
    }
    return sums | {"unopposed_hits": unopposed.sum(axis=1)}


def _measured(scenario: Scenario, records: Records, kind: int) -> npt.NDArray[Any]:
    weeks: npt.NDArray[Any] = records.weekly["kinds"][:, scenario.parameters.run.burn_in_weeks :, kind]
    return weeks


def hits_a_sortie(scenario: Scenario, records: Records) -> Floats:
    """f8[runs]: hits of workshops over their sorties in the measured weeks of each run; NaN without sorties."""
    flown = _totals(scenario, records, WORKSHOP)
    return shares(flown["hits"], flown["sorties"])


def quarterly_yield(scenario: Scenario, records: Records, kind: int) -> Floats:
    """f8[runs, quarters]: hits over drones delivered in each whole quarter (13 weeks) of the measured weeks.

    NaN where nothing was delivered. Drones may fly, and hit, in a later quarter than the one they came in.
    """
    weeks = _measured(scenario, records, kind)
    quarters = weeks.shape[1] // QUARTER_WEEKS
    whole = weeks[:, : quarters * QUARTER_WEEKS].reshape(len(weeks), quarters, QUARTER_WEEKS)
    return shares(whole["hits"].sum(axis=2), whole["deliveries"].sum(axis=2))


def trend_estimate(quarterly: Floats) -> Estimate:
    """Mean over runs of the least-squares slope a quarter of values f8[runs, quarters].

    NaN for fewer than `LEAST_QUARTERS` quarters; runs with a quarter that is NaN are left out.
    """
    if quarterly.shape[1] < LEAST_QUARTERS:
        return Estimate(math.nan)
    return mean_estimate(_slopes(np.arange(quarterly.shape[1], dtype=np.float64)[None], quarterly))


def elasticity_estimate(deliveries: Floats, hits: Floats) -> Estimate:
    """Mean over runs of the slope of log hits on log deliveries, both f8[runs, supplies], within each run.

    Runs in which a supply brought no delivery or no hit are left out; NaN if none is left.
    """
    known = ((deliveries > 0.0) & (hits > 0.0)).all(axis=1)
    return mean_estimate(_slopes(np.log(deliveries[known]), np.log(hits[known])))


def supply_totals(scenario: Scenario, records: Records) -> tuple[Floats, Floats]:
    """Deliveries and hits of all makers in the measured weeks, each f8[runs]."""
    totals = _totals(scenario, records, TOTAL)
    return totals["deliveries"], totals["hits"]


def _slopes(x: Floats, y: Floats) -> Floats:
    """Least-squares slope of each row of y on x; NaN where x does not vary."""
    centred = x - x.mean(axis=1, keepdims=True)
    return shares((centred * y).sum(axis=1), (centred * centred).sum(axis=1) * np.ones(len(y)))
