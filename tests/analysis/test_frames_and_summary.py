"""Weekly frame, summary and codebook: complete, consistent with the records, plain numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from race_sim.analysis.codebook import CODEBOOK, COMPARISON, SUMMARY, WEEKLY, WITH_INTERVAL, codebook_frame
from race_sim.analysis.frames import weekly_frame
from race_sim.analysis.summary import summarise
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import JOINT_LINE, KIND_NAMES, MAXIMUM_MODULES, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.scenario.scenario import Event
from tests.small import six_workshops

SCENARIO = six_workshops("design.modules=3", "feedback.delay_weeks=0")
OF_ALL_MODULES = six_workshops("design.modules=8", "design.bits_per_module=8")


@pytest.fixture(scope="module")
def records() -> Records:
    return run_ensemble(SCENARIO, range(5, 10))


def test_the_codebook_names_every_column_and_nothing_else() -> None:
    frame = weekly_frame(run_ensemble(OF_ALL_MODULES, [1]), OF_ALL_MODULES)
    assert list(frame.columns) == list(WEEKLY)


def test_the_codebook_names_every_measure_of_the_summary_and_nothing_else() -> None:
    summary = summarise(OF_ALL_MODULES, run_ensemble(OF_ALL_MODULES, [1, 2]))
    assert set(summary) == set(SUMMARY)
    assert set(WITH_INTERVAL) <= set(SUMMARY)


def test_every_entry_of_the_codebook_has_a_unit_and_a_meaning() -> None:
    assert set(CODEBOOK) == {*WEEKLY, *SUMMARY, *COMPARISON}
    for column, (unit, meaning) in CODEBOOK.items():
        assert unit, column
        assert meaning.endswith("."), column
        assert "{" not in meaning, column
    assert codebook_frame()["column"].tolist() == list(CODEBOOK)


def test_only_modules_in_use_have_columns(records: Records) -> None:
    columns = set(weekly_frame(records, SCENARIO).columns)
    unused = {f"stopped_module_{number}" for number in range(4, MAXIMUM_MODULES + 1)}
    assert columns == set(WEEKLY) - unused
    assert set(SUMMARY) - set(summarise(SCENARIO, records)) == {
        f"stopped_share_module_{number}" for number in range(4, MAXIMUM_MODULES + 1)
    }


def test_rows_are_runs_and_weeks_in_order(records: Records) -> None:
    frame = weekly_frame(records, SCENARIO)
    assert frame["run"].tolist() == [run for run in range(5) for _ in range(12)]
    assert frame["week"].tolist() == list(range(12)) * 5
    assert frame["seed"].unique().tolist() == list(range(5, 10))
    third = frame[(frame["run"] == 2) & (frame["week"] == 7)].iloc[0]
    recorded = records.weekly[2, 7]
    assert third["primes_hits"] == recorded["kinds"]["hits"][PRIME]
    assert third["workshops_stock"] == recorded["kinds"]["stock"][WORKSHOP]
    assert third["stopped_module_3"] == recorded["stopped_by_module"][2]
    assert third["front_balance_high"] == recorded["front_balance"][2]


def test_derived_columns(records: Records) -> None:
    frame = weekly_frame(records, SCENARIO)
    for kind in KIND_NAMES:
        flown = frame[f"{kind}_sorties"] > 0
        hits, sorties = frame[f"{kind}_hits"], frame[f"{kind}_sorties"]
        assert np.allclose(frame[f"{kind}_effectiveness"][flown], (hits / sorties)[flown])
        assert frame[f"{kind}_effectiveness"][~flown].isna().all()
    assert (frame["workshops_hits"] + frame["primes_hits"] == frame["total_hits"]).all()
    stopped = frame[[f"stopped_module_{number}" for number in (1, 2, 3)]].sum(axis=1)
    assert np.allclose(stopped, frame["total_stopped"])


def test_the_gap_is_unknown_while_nothing_stands(records: Records) -> None:
    frame = weekly_frame(records, SCENARIO)
    assert frame["total_gap"][frame["week"] == 0].isna().all()
    known = frame["total_gap"].dropna()
    assert (known >= 0.0).all()
    assert len(known) > 0


def test_the_summary_is_taken_over_measured_weeks(records: Records) -> None:
    summary = summarise(SCENARIO, records)
    kinds = records.weekly["kinds"][:, 3:]
    assert (summary["runs"], summary["weeks"], summary["first_week"]) == (5, 12, 3)
    hits, sorties = kinds["hits"].sum(axis=(0, 1)), kinds["sorties"].sum(axis=(0, 1))
    for place, kind in enumerate(KIND_NAMES):
        if place == JOINT_LINE:
            assert summary[f"{kind}_effectiveness"] is None
        else:
            assert summary[f"{kind}_effectiveness"] == pytest.approx(hits[place] / sorties[place])
        assert summary[f"{kind}_hits"] == pytest.approx(kinds["hits"][:, :, place].mean())
    assert summary["hits_ratio"] == pytest.approx(hits[WORKSHOP] / hits[PRIME])
    unopposed = np.nansum(kinds["unopposed_success"][:, :, TOTAL] * kinds["sorties"][:, :, TOTAL]) / sorties[TOTAL]
    assert summary["total_unopposed_success"] == pytest.approx(unopposed)


def test_intervals_hold_their_value(records: Records) -> None:
    summary = summarise(SCENARIO, records)
    for name in WITH_INTERVAL:
        value, low, high = (summary[key] for key in (name, f"{name}_low", f"{name}_high"))
        if value is not None and low is not None and high is not None:
            assert low <= value <= high, name
    low, high = summary["total_effectiveness_low"], summary["total_effectiveness_high"]
    assert low is not None
    assert high is not None
    assert low < high


def test_one_run_has_no_intervals() -> None:
    summary = summarise(SCENARIO, run_ensemble(SCENARIO, [5]))
    assert summary["total_effectiveness"] is not None
    for name in WITH_INTERVAL:
        assert summary[f"{name}_low"] is None, name
        assert summary[f"{name}_high"] is None, name


@pytest.mark.parametrize(
    "scenario",
    [
        SCENARIO,
        SCENARIO.with_changes({"workshops.count": 0}),
        SCENARIO.with_changes({"primes.count": 0, "teams.count": 0}),
    ],
    ids=["both kinds", "no workshops", "no countermeasures"],
)
def test_the_summary_holds_plain_finite_numbers_or_none(scenario: Scenario) -> None:
    for runs in (1, 3):
        for name, value in summarise(scenario, run_ensemble(scenario, range(runs))).items():
            assert value is None or (type(value) in (int, float) and math.isfinite(value)), name


def test_what_is_not_there_is_none() -> None:
    scenario = SCENARIO.with_changes({"workshops.count": 0})
    summary = summarise(scenario, run_ensemble(scenario, [1, 2]))
    assert summary["workshops_effectiveness"] is None
    assert summary["workshops_shadow_half_life"] is None
    assert summary["hits_ratio"] == 0.0
    assert summary["primes_effectiveness"] is not None


def test_crews_used_follow_the_crews_there_were() -> None:
    scenario = replace(SCENARIO, events=(Event(7, "operators.crews", 40),))
    records = run_ensemble(scenario, [1, 2])
    crews = np.array([SCENARIO.parameters.operators.crews] * 4 + [40] * 5)
    sorties = records.weekly["kinds"]["sorties"][:, 3:, TOTAL]
    used = summarise(scenario, records)["crews_used"]
    assert used == pytest.approx(sorties.sum() / (2 * crews.sum()))
    assert 0.0 < used <= 1.0
    without = SCENARIO.with_changes({"operators.crews": 0})
    assert summarise(without, run_ensemble(without, [1]))["crews_used"] is None


def front_summary(*balances: list[float]) -> dict[str, float | int | None]:
    records = run_ensemble(SCENARIO, range(len(balances)))
    records.weekly["front_balance"][:, :, 1] = balances
    return summarise(SCENARIO, records)


def test_the_front_is_read_off_the_recorded_balance() -> None:
    won = [0.0, 0.4, 0.8, *[1.0] * 9]
    lost = [0.0, -0.6, *[-1.0] * 10]
    open_ = [0.1] * 12
    summary = front_summary(won, lost, lost, open_)
    assert summary["front_decided_share_central"] == 0.75
    assert summary["front_attackers_share_central"] == 0.25
    assert summary["front_defenders_share_central"] == 0.5
    assert summary["front_decision_week_central"] == 2.0  # weeks 2, 2, 3 and never
    assert summary["front_balance_end_central"] == pytest.approx((1.0 - 1.0 - 1.0 + 0.1) / 4)
    assert front_summary(open_, open_, won)["front_decision_week_central"] is None
