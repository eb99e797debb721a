"""Tables of cells: agree with the other way to the same numbers, with numbers by hand, and with recorded races."""

import math

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.cells import (
    exchange_table,
    factor_effects,
    groups,
    ladder_table,
    point_table,
    ratio_table,
    shared_table,
)
from race_sim.analysis.codebook import WEEKLY
from race_sim.analysis.exchange import exchange_rate
from race_sim.analysis.forces import Force, Outcome, Regime, RegimeResult
from race_sim.analysis.frames import weekly_frame
from race_sim.analysis.intervals import mean_estimate, ratio_estimate
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import TOTAL
from tests.analysis.made_up import ARSENALS, cell_rows, force, swapped
from tests.small import six_workshops

CELL = ["founders", "tempo"]
LEVELS: dict[str, object] = {"founders": "common", "tempo": "fast"}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.concat(
        [
            cell_rows({4: 1.3, 32: 3.0}, LEVELS, noise=0.05),
            cell_rows({4: 0.9, 32: 0.6}, {"founders": "common", "tempo": "slow"}, noise=0.05),
            cell_rows({4: 2.0, 32: 40.0}, {"founders": "independent", "tempo": "fast"}),
        ]
    )


def regime_result(rows: pd.DataFrame) -> RegimeResult:
    outcomes = {
        Force(int(place["cycle"]), float(place["arsenal"])): Outcome(
            hits=here.sort_values("seed")["total_hits"].to_numpy(),
            sorties=here.sort_values("seed")["total_sorties"].to_numpy(),
            trial_sorties=np.zeros(len(here)),
            adopted_share=0.5,
            weeks=1,
        )
        for place, here in groups(rows, ["cycle", "arsenal"])
        if place["cycle"] > 1 or place["arsenal"] == 1
    }
    return RegimeResult(Regime("common", "area"), outcomes)


def test_exchange_rates_and_ratios_are_those_of_forces(rows: pd.DataFrame) -> None:
    shuffled = rows.sample(frac=1.0, random_state=1)
    table = exchange_table(shuffled, CELL)
    assert len(table) == 6
    for _, row in table.iterrows():
        here = rows[(rows["founders"] == row["founders"]) & (rows["tempo"] == row["tempo"])]
        result = regime_result(here)
        rate = result.exchange_rate(row["cycle"])
        assert (row["worth"], row["worth_low"], row["worth_high"]) == pytest.approx(
            (rate.estimate.value, rate.estimate.low, rate.estimate.high)
        )
        assert row["worth_words"] == str(rate)
        for arsenal in ARSENALS:
            name = "" if arsenal == 1 else f"_x{arsenal:g}"
            comparison = result.comparison(Force(row["cycle"], arsenal))
            assert row[f"ratio{name}"] == pytest.approx(comparison.ratio.value)
            assert row[f"finding{name}"] == comparison.finding.value
        equal = result.comparison(Force(row["cycle"], 1)).ratio
        assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(equal.interval)


def test_known_exchange_rates_are_found(rows: pd.DataFrame) -> None:
    table = exchange_table(rows, CELL).set_index([*CELL, "cycle"])
    assert table.loc[("common", "fast", 4), "worth"] == pytest.approx(1.3, rel=0.05)
    assert table.loc[("common", "fast", 32), "worth"] == pytest.approx(3.0, rel=0.05)
    assert table.loc[("common", "slow", 32), "worth"] == pytest.approx(0.6, rel=0.05)
    assert table.loc[("independent", "fast", 32), "worth"] == math.inf
    assert table.loc[("independent", "fast", 32), "worth_words"].startswith(">16")
    assert table.loc[("common", "fast", 32), ["finding", "finding_x2", "finding_x4"]].tolist() == [
        "wins",
        "wins",
        "loses",
    ]


def test_hits_a_sortie_of_both_forces_have_equal_arsenals(rows: pd.DataFrame) -> None:
    row = exchange_table(rows, CELL).set_index([*CELL, "cycle"]).loc[("common", "fast", 32)]
    here = rows[(rows["founders"] == "common") & (rows["tempo"] == "fast") & (rows["arsenal"] == 1)]
    for side, cycle in (("reference", 1), ("other", 32)):
        runs = here[here["cycle"] == cycle]
        assert row[f"{side}_hits_a_sortie"] == pytest.approx(runs["total_hits"].sum() / runs["total_sorties"].sum())
        assert row[f"{side}_decision_week"] == math.inf


@pytest.mark.parametrize(
    ("weeks", "median"),
    [([5, 9, 7], 7), ([np.nan, 9, 7], 9), ([np.nan, np.nan, 7], math.inf), ([8, 4, 6, 9], 6), ([np.nan, 3], 3)],
)
def test_the_decision_week_is_that_by_which_half_are_decided(weeks: list[float], median: float) -> None:
    cell = cell_rows({32: 2.0}, LEVELS)
    cell = cell[cell["seed"] <= len(weeks)].copy()
    slow = (cell["cycle"] == 32) & (cell["arsenal"] == 1)
    cell.loc[slow, "front_decision_week_central"] = weeks
    row = exchange_table(cell, CELL).iloc[0]
    assert (row["other_decision_week"], row["reference_decision_week"]) == (median, math.inf)


def test_shares_of_races_in_which_a_force_prevails_or_fails_at_the_front() -> None:
    cell = cell_rows({32: 2.0}, LEVELS)
    cell = cell[cell["seed"] <= 4].copy()
    equal = cell["arsenal"] == 1
    cell.loc[equal & (cell["cycle"] == 1), "front_balance_end_central"] = [1.0, 1.0, 0.99, -1.0]
    cell.loc[equal & (cell["cycle"] == 32), "front_balance_end_central"] = [-1.0, -1.0, -1.0, 0.0]
    row = exchange_table(cell, CELL).iloc[0]
    assert (row["reference_prevails"], row["reference_fails"]) == (0.5, 0.25)
    assert (row["other_prevails"], row["other_fails"]) == (0.0, 0.75)


def test_swapping_the_forces_turns_everything_round(rows: pd.DataFrame) -> None:
    ends = rows[rows["cycle"].isin([1, 32])]
    one, other = exchange_table(ends, CELL), exchange_table(swapped(ends), CELL)
    assert one[CELL].equals(other[CELL])
    assert other["ratio"].to_numpy() == pytest.approx(1 / one["ratio"].to_numpy())
    assert other["ratio_low"].to_numpy() == pytest.approx(1 / one["ratio_high"].to_numpy())
    assert other["ratio_high"].to_numpy() == pytest.approx(1 / one["ratio_low"].to_numpy())
    turned = {"wins": "loses", "loses": "wins", "no evidence": "no evidence"}
    assert list(other["finding"]) == [turned[word] for word in one["finding"]]
    assert set(one["finding"]) == {"wins", "loses"}
    within = one["worth"].between(0.25, 16)
    assert other["worth"][within].to_numpy() == pytest.approx(1 / one["worth"][within].to_numpy(), rel=0.1)
    assert other["worth"][~within].tolist() == [0.0]


def test_ratios_to_a_base_level_pair_runs_by_seed(rows: pd.DataFrame) -> None:
    here = rows[(rows["cycle"] == 4)].sample(frac=1.0, random_state=2)
    table = ratio_table(here, CELL, "arsenal", 1.0)
    assert len(table) == 3 * len(ARSENALS)
    for _, row in table.iterrows():
        cell = here[(here["founders"] == row["founders"]) & (here["tempo"] == row["tempo"])].sort_values("seed")
        level, base = (cell[cell["arsenal"] == arsenal]["total_hits"] for arsenal in (row["arsenal"], 1.0))
        expected = ratio_estimate(level, base)
        assert row["ratio"] == pytest.approx(expected.value)
        assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(expected.interval)
        share = level.sum() / cell[cell["arsenal"] == row["arsenal"]]["total_sorties"].sum()
        assert row["hits_a_sortie"] == pytest.approx(share)
    assert set(table[table["arsenal"] < 1]["finding"]) == {"loses"}
    assert set(table[table["arsenal"] > 1]["finding"]) == {"wins"}
    assert set(table[table["arsenal"] == 1]["finding"]) == {"no evidence"}


def test_steps_of_the_ladder_lead_from_its_foot_to_its_top() -> None:
    rungs = ["never", "drift", "bench", "copying"]
    found = [
        force(hits, 1.0, noise=0.3, seed=number).assign(**LEVELS, rung=rung)
        for number, (rung, hits) in enumerate(zip(rungs, (300, 900, 700, 1500), strict=True))
    ]
    rows = pd.concat(found).sample(frac=1.0, random_state=3)
    table = ladder_table(rows, CELL, rungs)
    assert list(table["rung"]) == rungs
    assert table["step"].sum() == pytest.approx(table["hits_a_sortie"].iloc[-1] - table["hits_a_sortie"].iloc[0])
    assert (table["step"].iloc[0], table["step_low"].isna().tolist()) == (0.0, [True, False, False, False])
    differences = (found[2]["total_hits"] - found[1]["total_hits"]) / 6000
    expected = mean_estimate(differences)
    assert (table["step"][2], table["step_low"][2], table["step_high"][2]) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert expected.value < 0


def test_primes_reach_workshops_where_they_should() -> None:
    found = []
    for number, arsenal in enumerate(ARSENALS):
        primes = force(200.0 * arsenal, arsenal, seed=number)
        workshops = force(1000.0 * (arsenal / 5.0) ** -0.5, 1.0, seed=number + 50)  # the other kind takes their targets
        found.append(
            primes.assign(
                **LEVELS, arsenal=arsenal, primes_hits=primes["total_hits"], workshops_hits=workshops["total_hits"]
            )
        )
    rows = pd.concat(found).sample(frac=1.0, random_state=4)
    (row,) = (row for _, row in shared_table(rows, CELL).iterrows())
    assert row["worth"] == pytest.approx(5.0, rel=0.03)
    assert row["worth_low"] < row["worth"] < row["worth_high"]
    assert row["ratio"] == pytest.approx(5.0 * 5.0**0.5, rel=0.03)
    assert row["finding"] == "wins"
    turned = rows.rename(columns={"primes_hits": "workshops_hits", "workshops_hits": "primes_hits"})
    (other,) = (row for _, row in shared_table(turned, CELL).iterrows())
    assert (other["ratio"], other["finding"]) == (pytest.approx(1 / row["ratio"]), "loses")


def test_a_reference_for_each_multiple_is_the_old_one_where_it_is_constant() -> None:
    generator = np.random.default_rng(11)
    hits = 100.0 * np.outer(ARSENALS, generator.lognormal(0, 0.2, 20))
    reference = 350.0 * generator.lognormal(0, 0.2, 20)
    one, many = (exchange_rate(ARSENALS, hits, own) for own in (reference, np.tile(reference, (len(ARSENALS), 1))))
    assert one == many
    assert one.estimate.interval is not None
    with pytest.raises(ValueError, match="reference"):
        exchange_rate(ARSENALS, hits, np.ones((2, 20)))


def test_the_row_of_a_point_by_hand() -> None:
    rows = pd.DataFrame(
        {
            "cycle": [1, 1, 1, 2],
            "seed": [1, 2, 3, 1],
            "total_hits": [10.0, 20.0, 30.0, 7.0],
            "total_sorties": [100.0, 100.0, 200.0, 70.0],
            "total_trials_judged": [4.0, 0.0, 6.0, 0.0],
            "total_trials_adopted": [1.0, 0.0, 2.0, 0.0],
            "error": "",
        }
    )
    table = point_table(rows, ["cycle"])
    assert list(table["runs"]) == [3, 1]
    assert list(table["hits"]) == [20.0, 7.0]
    reach = 4.302652729911275 * 10 / math.sqrt(3)  # Student's t with 2 degrees of freedom, standard deviation 10
    assert (table["hits_low"][0], table["hits_high"][0]) == pytest.approx((20 - reach, 20 + reach))
    assert list(table["hits_a_sortie"]) == pytest.approx([0.15, 0.1])
    assert table["adopted_share"][0] == pytest.approx(0.3)
    absent = ["hits_low", "hits_high", "hits_a_sortie_low", "hits_a_sortie_high", "adopted_share"]
    assert table.loc[1, absent].isna().all()


def test_effects_of_factors_are_geometric_means() -> None:
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": [1, 2, 1, 2], "ratio": [2.0, 8.0, 0.5, 2.0]})
    effects = factor_effects(table, ["a", "b"]).set_index(["factor", "level"])
    assert effects["mean"].tolist() == pytest.approx([4.0, 1.0, 1.0, 4.0])
    assert effects.loc[("a", "x"), ["least", "most", "cells"]].tolist() == [2.0, 8.0, 2]
    none = factor_effects(table.assign(ratio=[0.0, 8.0, 0.5, 2.0]), ["a"])
    assert none["mean"].tolist() == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize("kind", ["area", "point"])
def test_a_row_a_run_holds_means_of_the_measured_weeks(kind: str) -> None:
    scenario = six_workshops().with_changes({"countermeasures.kind": kind})
    records = run_ensemble(scenario, [4, 9, 2])
    for first in (0, 3, 11):
        frame = run_frame(records, first)
        weekly = weekly_frame(records, scenario)
        means = weekly[weekly["week"] >= first].groupby("run").mean()  # leaves out NaN, as the frame should
        assert list(frame["seed"]) == [4, 9, 2]
        shared = [name for name in frame if name in means and name != "seed"]
        assert len(shared) > 50
        for name in shared:
            assert frame[name].to_numpy() == pytest.approx(means[name].to_numpy(), nan_ok=True), name
        assert set(frame) - set(WEEKLY) - {"seed"} == {
            f"front_{what}_{level}" for what in ("balance_end", "decision_week") for level in ("low", "central", "high")
        }
        last = weekly[weekly["week"] == 11]
        assert frame["front_balance_end_high"].tolist() == last["front_balance_high"].tolist()


def test_a_measure_that_never_was_is_not_a_number() -> None:
    records = run_ensemble(six_workshops().with_changes({"teams.count": 0}), [1, 2])
    assert run_frame(records, 3)["total_gap"].isna().all()
    records.weekly["kinds"]["gap"][0, 5, TOTAL] = 1.5
    assert run_frame(records, 3)["total_gap"].tolist() == pytest.approx([1.5, math.nan], nan_ok=True)
    assert run_frame(records, 6)["total_gap"].isna().all()


def test_the_front_is_decided_in_the_first_week_at_either_end() -> None:
    records = run_ensemble(six_workshops(), [1, 2, 3, 4])
    balance = records.weekly["front_balance"]
    balance[...] = 0.5
    balance[0, 7:9, 1] = 1.0
    balance[1, 2:, 1] = -1.0
    balance[2, 0, 1] = -1.25
    frame = run_frame(records, 3)
    assert frame["front_decision_week_central"].tolist() == pytest.approx([7, 2, 0, math.nan], nan_ok=True)
    assert frame["front_decision_week_low"].isna().all()
    assert frame["front_balance_end_central"].tolist() == pytest.approx([0.5, -1.0, 0.5, 0.5])
