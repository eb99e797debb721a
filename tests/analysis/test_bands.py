"""Bands: what lies inside, measures as the summary has them, slopes of series whose slope is known."""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

import race_sim.analysis.bands as module
from race_sim.analysis import firm_bands
from race_sim.analysis.band import Band, Finding, Role, Verdict
from race_sim.analysis.bands import (
    CALIBRATED,
    DESIGN_BANDS,
    FIELDED_BAND,
    HITS_BAND,
    SHADOW_BAND,
    TOTAL_TREND_BAND,
    calibrated_findings,
    calibrated_values,
    elasticity_estimate,
    hits_a_sortie,
    quarterly_yield,
    reported_findings,
    supply_totals,
    trend_estimate,
)
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.summary import summarise
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario
from tests.small import six_workshops

FACTS = tomllib.loads((Path(__file__).parents[2] / "seeds" / "stylised_facts.toml").read_text(encoding="utf-8"))
EVIDENCE = tomllib.loads((Path(__file__).parents[2] / "seeds" / "S3.toml").read_text(encoding="utf-8"))
BANDS = [
    *(value for value in vars(module).values() if isinstance(value, Band)),
    *(value for value in vars(firm_bands).values() if isinstance(value, Band)),
]
SCENARIO = six_workshops().with_changes({"run.weeks": 62, "run.burn_in_weeks": 10})


@pytest.fixture(scope="module")
def records() -> Records:
    return run_ensemble(SCENARIO, range(1, 6))


def found(findings: list[Finding], band: Band) -> Estimate:
    return next(finding.estimate for finding in findings if finding.band is band)


@pytest.mark.parametrize(
    ("estimate", "verdict", "undecided"),
    [
        (Estimate(10.0, 9.0, 11.0), Verdict.INSIDE, False),
        (Estimate(6.0, 6.0, 7.0), Verdict.INSIDE, False),
        (Estimate(7.0, 5.0, 9.0), Verdict.INSIDE, True),
        (Estimate(5.0, 4.0, 7.0), Verdict.OUTSIDE, True),
        (Estimate(5.0, 4.0, 5.5), Verdict.OUTSIDE, False),
        (Estimate(17.0), Verdict.OUTSIDE, False),
        (Estimate(math.inf, 15.0, math.inf), Verdict.OUTSIDE, True),
        (Estimate(math.nan), Verdict.NOT_MEASURED, False),
    ],
)
def test_a_value_is_inside_outside_or_at_the_edge(estimate: Estimate, verdict: Verdict, undecided: bool) -> None:
    finding = Finding(SHADOW_BAND, estimate)
    assert (finding.verdict, finding.undecided, finding.holds) == (verdict, undecided, verdict is Verdict.INSIDE)
    assert finding.words == verdict.value + (", at the edge" if undecided else "")


@pytest.mark.parametrize(
    ("estimate", "verdict"),
    [
        (Estimate(0.01, -0.01, 0.03), Verdict.INSIDE),
        (Estimate(0.01, 0.005, 0.015), Verdict.OUTSIDE),
        (Estimate(-0.01, -0.02, -0.005), Verdict.OUTSIDE),
        (Estimate(0.01), Verdict.OUTSIDE),
        (Estimate(math.nan), Verdict.NOT_MEASURED),
    ],
)
def test_a_trend_is_inside_if_its_interval_holds_zero(estimate: Estimate, verdict: Verdict) -> None:
    finding = Finding(TOTAL_TREND_BAND, estimate)
    assert finding.verdict is verdict
    assert not finding.undecided


def test_every_band_names_a_stylised_fact() -> None:
    assert len(BANDS) == 23
    assert {band.fact for band in BANDS} <= {*FACTS, "S3-14"}
    assert "S3-14" in EVIDENCE


def test_the_half_life_bands_are_the_facts() -> None:
    for band in (FIELDED_BAND, SHADOW_BAND):
        assert f"{band.low:g}-{band.high:g}" in FACTS[band.fact]["band"]
    for number in ("0.2", "0.4"):
        assert number in HITS_BAND.note
        assert number in FACTS[HITS_BAND.fact]["band"]


def test_no_pattern_of_primes_is_calibrated() -> None:
    assert [band for band in BANDS if band.role is Role.CALIBRATED] == list(CALIBRATED)
    assert all("workshops" in band.what for band in CALIBRATED)
    assert CALIBRATED[: len(DESIGN_BANDS)] == DESIGN_BANDS


def test_measures_are_those_of_the_summary(records: Records) -> None:
    summary = summarise(SCENARIO, records)
    findings = calibrated_findings(SCENARIO, records) + reported_findings(SCENARIO, records)
    same = {
        FIELDED_BAND: "workshops_fielded_half_life",
        SHADOW_BAND: "workshops_shadow_half_life",
        HITS_BAND: "workshops_effectiveness",
        module.WORKSHOP_LAG_BAND: "workshops_counter_lag",
        module.PRIME_LAG_BAND: "primes_counter_lag",
        module.BEYOND_PEAK_BAND: "primes_fielded_half_life_beyond_26",
        module.BEYOND_FIRST_BAND: "primes_counter_lag_beyond_26",
        module.WORKSHOP_YIELD_BAND: "workshops_hits_per_drone",
        module.TOTAL_YIELD_BAND: "total_hits_per_drone",
    }
    for band, name in same.items():
        expected = summary[name]
        value = found(findings, band).value
        assert (value if math.isfinite(value) else None) == pytest.approx(expected), name
    share = found(findings, module.FIELD_BAND).value
    assert share == pytest.approx(summary["primes_effectiveness"] / summary["primes_unopposed_success"])  # type: ignore[operator]
    assert found(findings, module.TEMPO_BAND).value == 5.0


def test_values_without_intervals_are_the_same(records: Records) -> None:
    findings = calibrated_findings(SCENARIO, records)
    values = calibrated_values(SCENARIO, records)
    assert values == pytest.approx([finding.estimate.value for finding in findings], nan_ok=True)
    seeds = hits_a_sortie(SCENARIO, records)
    assert seeds.min() < values[2] < seeds.max()


def test_a_race_without_workshops_has_nothing_to_hold_against_the_bands() -> None:
    scenario = SCENARIO.with_changes({"workshops.count": 0})
    findings = calibrated_findings(scenario, run_ensemble(scenario, [1, 2]))
    assert [finding.verdict for finding in findings] == [Verdict.NOT_MEASURED] * 3
    assert not any(finding.holds for finding in findings)


def test_quarters_are_measured_weeks(records: Records) -> None:
    quarterly = quarterly_yield(SCENARIO, records, WORKSHOP)
    assert quarterly.shape == (5, 4)
    weeks = records.weekly["kinds"][:, 10:23, WORKSHOP]
    assert quarterly[:, 0] == pytest.approx(weeks["hits"].sum(axis=1) / weeks["deliveries"].sum(axis=1))
    deliveries, hits = supply_totals(SCENARIO, records)
    assert hits == pytest.approx(records.weekly["kinds"]["hits"][:, 10:, TOTAL].sum(axis=1))
    assert (deliveries > hits).all()


def test_the_trend_of_a_line_is_its_slope() -> None:
    lines = 0.3 + np.array([[0.02], [0.04]]) * np.arange(6)
    assert trend_estimate(lines).value == pytest.approx(0.03)
    assert trend_estimate(lines).interval is not None
    assert math.isnan(trend_estimate(lines[:, :3]).value)
    with_gap = np.vstack([lines, np.full(6, np.nan)])
    assert trend_estimate(with_gap).value == pytest.approx(0.03)


def test_the_elasticity_of_a_power_is_its_exponent() -> None:
    deliveries = np.array([[100.0, 200.0, 800.0], [50.0, 110.0, 390.0]])
    assert elasticity_estimate(deliveries, 3.0 * deliveries**0.44).value == pytest.approx(0.44)
    none = np.where(deliveries == 100.0, 0.0, deliveries)
    assert elasticity_estimate(deliveries, none).value == pytest.approx(1.0)
    assert elasticity_estimate(deliveries, none).interval is None
    assert math.isnan(elasticity_estimate(deliveries, np.zeros((2, 3))).value)


def test_a_short_race_has_no_trend() -> None:
    short: Scenario = SCENARIO.with_changes({"run.weeks": 40})
    findings = reported_findings(short, run_ensemble(short, [1, 2]))
    trends = [finding for finding in findings if finding.band in (module.WORKSHOP_TREND_BAND, TOTAL_TREND_BAND)]
    assert [finding.verdict for finding in trends] == [Verdict.NOT_MEASURED] * 2
