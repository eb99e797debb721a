"""Bands of firms: measures recomputed from what is recorded, and what is not measured."""

import math

import pytest

from race_sim.analysis.band import Verdict
from race_sim.analysis.bands import CALIBRATED, DESIGN_BANDS, calibrated_bands, calibrated_findings, calibrated_values
from race_sim.analysis.firm_bands import (
    COST_BAND,
    ENTRY_BAND,
    FIRM_BANDS,
    GROWTH_BAND,
    LINES_BAND,
    UTILISATION_BAND,
    entered_and_failed,
    firm_findings,
    firm_values,
    lines_share,
    price_paid,
    reported_firm_findings,
)
from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import BUILT
from race_sim.records import JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import load
from tests.small import six_firms, six_workshops

BASELINE = load("baseline", ["run.weeks=110"])


@pytest.fixture(scope="module")
def records() -> Records:
    return run_ensemble(BASELINE, range(1, 5))


def test_what_is_held_against_bands_depends_on_accounts() -> None:
    assert calibrated_bands(BASELINE) == CALIBRATED == (*DESIGN_BANDS, *FIRM_BANDS)
    assert calibrated_bands(six_workshops()) == DESIGN_BANDS


def test_measures_are_ratios_of_what_is_recorded(records: Records) -> None:
    kinds = records.weekly["kinds"]
    built = kinds["drones"][..., BUILT].sum(axis=0)
    values = {finding.band: finding.estimate.value for finding in firm_findings(BASELINE, records)}
    assert values[UTILISATION_BAND] == pytest.approx(built[52, WORKSHOP] / kinds["capacity"][:, 52, WORKSHOP].sum())
    assert values[GROWTH_BAND] == pytest.approx(built[52, WORKSHOP] / built[0, WORKSHOP])
    accounts = BASELINE.parameters.prime_accounts.unit_cost / BASELINE.parameters.workshop_accounts.unit_cost
    assert values[COST_BAND] == pytest.approx(accounts, rel=1e-3)
    makers = kinds["makers"][..., WORKSHOP].sum(axis=0)
    reported = {finding.band: finding.estimate.value for finding in reported_firm_findings(records)}
    assert reported[ENTRY_BAND] == pytest.approx(makers[104] / makers[0])


def test_prices_are_those_of_the_scenario(records: Records) -> None:
    margin = 1.0 + BASELINE.parameters.money.margin
    for kind, accounts in (
        (WORKSHOP, BASELINE.parameters.workshop_accounts),
        (PRIME, BASELINE.parameters.prime_accounts),
    ):
        assert price_paid(BASELINE, records, kind) == pytest.approx(margin * accounts.unit_cost, rel=1e-3)


def test_values_without_intervals_are_the_same(records: Records) -> None:
    findings = firm_findings(BASELINE, records)
    assert [finding.band for finding in findings] == list(FIRM_BANDS)
    assert firm_values(BASELINE, records) == tuple(finding.estimate.value for finding in findings)
    assert calibrated_values(BASELINE, records)[-3:] == firm_values(BASELINE, records)
    assert [finding.band for finding in calibrated_findings(BASELINE, records)] == list(CALIBRATED)


def test_a_race_that_ends_before_a_week_does_not_measure_it() -> None:
    short = load("baseline", ["run.weeks=30", "workshops.count=4", "workshops.network_degree=2"])
    findings = {finding.band: finding for finding in firm_findings(short, run_ensemble(short, [1, 2]))}
    assert findings[UTILISATION_BAND].verdict is Verdict.NOT_MEASURED
    assert findings[GROWTH_BAND].verdict is Verdict.NOT_MEASURED
    assert findings[COST_BAND].verdict is Verdict.INSIDE


def test_joint_lines_have_a_share_only_where_there_are_any(records: Records) -> None:
    assert math.isnan(lines_share(records).value)
    lines = run_ensemble(six_firms(), [1, 2])
    deliveries = lines.weekly["kinds"]["deliveries"].sum(axis=(0, 1))
    assert 0.0 < lines_share(lines).value == pytest.approx(deliveries[JOINT_LINE] / deliveries[TOTAL])
    (finding,) = [one for one in reported_firm_findings(lines) if one.band is LINES_BAND]
    assert finding.estimate.value == lines_share(lines).value


def test_who_enters_and_who_fails_is_counted(records: Records) -> None:
    kinds = records.weekly["kinds"]
    entered, failed = entered_and_failed(records)
    assert entered * records.runs == pytest.approx(kinds["entered"][..., WORKSHOP].sum())
    assert failed * records.runs == pytest.approx(kinds["failed"][..., TOTAL].sum())
    assert entered > 0.0
