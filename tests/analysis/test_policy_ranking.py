"""Rankings of made-up policies: planted effects come out, words turn round with policies, costs have their signs."""

import math

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.intervals import Estimate
from race_sim.analysis.measures import measure
from race_sim.analysis.policy_effects import (
    MORE,
    NO_EVIDENCE,
    effects_table,
    effects_words,
    evidence,
    interaction_table,
)
from race_sim.analysis.policy_ranking import (
    agreement_words,
    cost_words,
    order_words,
    pairwise,
    ranking_table,
    scaled,
    weeks_to_decision,
)
from tests.analysis.policy_rows import RUNS, policy_rows

WEEKS = 156
EFFECTS = {"good": (50.0, 100_000.0), "cheap": (50.0, -100_000.0), "idle": (0.0, 0.0), "bad": (-50.0, -200_000.0)}
REFERENCES = dict.fromkeys(EFFECTS, "none")


def ranked(**effects: tuple[float, float]) -> pd.DataFrame:
    return ranking_table(policy_rows(effects), dict.fromkeys(effects, "none"), WEEKS)


def row(table: pd.DataFrame, name: str, founders: str = "common") -> pd.Series:
    return table[(table["policy"] == name) & (table["founders"] == founders)].iloc[0]


def test_planted_effects_come_out_in_order() -> None:
    table = ranked(**EFFECTS)
    for founders, here in table.groupby("founders"):
        assert list(here["hits"]) == sorted(here["hits"], reverse=True), founders
        assert dict(zip(here["policy"], here["hits_evidence"], strict=True)) == {
            "good": "more",
            "cheap": "more",
            "idle": "no evidence",
            "bad": "less",
        }
    good = row(table, "good")
    assert good["hits_low"] < 50.0 < good["hits_high"]
    assert good["euros_a_hit_low"] < 2000.0 < good["euros_a_hit_high"]
    assert math.isnan(row(table, "idle")["euros_a_hit"])
    assert good["weeks"] == pytest.approx(-5.0 / 2)  # half of the races are decided, five weeks sooner


def test_differences_are_those_of_the_rows() -> None:
    rows = policy_rows(EFFECTS)
    table = ranking_table(rows, {"good": "bad"}, WEEKS)
    wide = rows[rows["founders"] == "common"].pivot(index="seed", columns="policy", values="total_hits")
    assert set(table["policy"]) == {"good"}
    assert row(table, "good")["hits"] == pytest.approx((wide["good"] - wide["bad"]).mean())


def test_a_seed_that_failed_is_left_out_of_every_output() -> None:
    rows = policy_rows(EFFECTS)
    failed = (rows["policy"] == "bad") & (rows["seed"] == 3)
    rows.loc[failed, ["total_hits", "public_spending", "front_balance_end_central"]] = math.nan
    table = ranking_table(rows, REFERENCES, WEEKS)
    assert set(table["runs"]) == {RUNS - 1}
    assert set(table["left_out"]) == {1}


@pytest.mark.parametrize(
    ("hits", "euros", "words"),
    [
        ((5.0, 2.0, 8.0), (10.0, 5.0, 15.0), "EUR 2 [1, 3] spent a hit more"),
        ((5.0, 2.0, 8.0), (-10.0, -15.0, -5.0), "more hits, less spent"),
        ((5.0, 2.0, 8.0), (1.0, -5.0, 7.0), "more hits, no evidence on spending"),
        ((-5.0, -8.0, -2.0), (-10.0, -15.0, -5.0), "EUR 2 [1, 3] not spent a hit lost"),
        ((-5.0, -8.0, -2.0), (10.0, 5.0, 15.0), "fewer hits, more spent"),
        ((1.0, -2.0, 4.0), (10.0, 5.0, 15.0), "no evidence"),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), "alike"),
    ],
)
def test_costs_are_told_by_their_signs(
    hits: tuple[float, float, float], euros: tuple[float, float, float], words: str
) -> None:
    assert cost_words(Estimate(*hits), Estimate(*euros), Estimate(2.0, 1.0, 3.0)) == words


def test_pairs_turn_round_with_the_policies() -> None:
    def pairs(a: float, b: float) -> dict[tuple[str, str], Estimate]:
        rows = policy_rows({"a": (a, 0.0), "b": (b, 0.0)})
        return pairwise(rows, {"a": "none", "b": "none"}, {"founders": "common"})

    first, second, equal = pairs(50.0, 0.0), pairs(0.0, 50.0), pairs(9.0, 9.0)
    assert evidence(first["a", "b"]) == evidence(second["b", "a"]) == MORE
    assert first["b", "a"] == scaled(first["a", "b"], -1.0)
    assert evidence(equal["a", "b"]) == NO_EVIDENCE


def order(**effects: tuple[float, float]) -> str:
    rows, references = policy_rows(effects), dict.fromkeys(effects, "none")
    table = ranking_table(rows, references, WEEKS)
    here = table[table["founders"] == "common"]
    return order_words(here, pairwise(rows, references, {"founders": "common"}))


def test_the_order_is_that_of_the_intervals() -> None:
    assert order(a=(80.0, 0.0), b=(0.0, 0.0), c=(-80.0, 0.0)).startswith("a brings most extra hits")
    assert order(a=(-80.0, 0.0), b=(0.0, 0.0), c=(80.0, 0.0)).startswith("c brings most extra hits")
    assert order(a=(80.0, 0.0), b=(0.0, 0.0), c=(-80.0, 0.0)).count("than every other") == 2
    assert "no evidence that it differs from" in order(a=(80.0, 0.0), b=(80.0, 0.0), c=(-80.0, 0.0))
    nothing = order(a=(0.0, 0.0), b=(0.0, 0.0), c=(0.0, 0.0))
    assert nothing.count("There is no evidence that any one policy brings") == 2


def test_agreement_over_settings() -> None:
    rows = policy_rows({"good": (50.0, 0.0), "mixed": (50.0, 0.0), "bad": (-50.0, 0.0)})
    turned = (rows["policy"] == "mixed") & (rows["founders"] == "independent")
    rows.loc[turned, "total_hits"] -= 100.0
    words = agreement_words(ranking_table(rows, {"good": "none", "mixed": "none", "bad": "none"}, WEEKS))
    assert "More hits with every setting of founders: good. Fewer hits" in words
    assert "Evidence in some of them only: mixed." in words


def test_undecided_races_count_all_their_weeks() -> None:
    rows = pd.DataFrame(
        {"front_decision_week_central": [10.0, np.nan, np.nan], "front_balance_end_central": [1, 0, np.nan]}
    )
    assert list(weeks_to_decision(rows, WEEKS))[:2] == [10.0, 156.0]
    assert math.isnan(weeks_to_decision(rows, WEEKS)[2])


def test_scaled_turns_limits_round() -> None:
    assert scaled(Estimate(1.0, -1.0, 3.0), -2.0) == Estimate(-2.0, -6.0, 2.0)


def test_interactions_of_policies() -> None:
    rows = policy_rows(
        {"a": (50.0, 0.0), "b": (20.0, 0.0), "c": (10.0, 0.0), "a + b": (140.0, 0.0), "a + c": (60.0, 0.0)}
    )
    table = interaction_table(rows, "policy", None, measure("hits"), {"policy": "none"}, ["founders"])
    here = table[table["founders"] == "common"].set_index(["one", "other"])
    assert here.loc[("a", "b"), "value"] == pytest.approx(70.0, abs=10.0)
    assert list(here["evidence"]) == ["more", "no evidence"]
    words = effects_words(table, ["one", "other"], ["founders"], "together", lambda _, level: str(level))
    assert words.startswith("Common: together: more with a and b (")
    assert "no evidence with a and c" in words


def test_interactions_of_two_factors_are_differences_of_differences() -> None:
    rows = pd.concat(
        [policy_rows({"fast": (30.0, 0.0)}).assign(euros=0), policy_rows({"fast": (90.0, 0.0)}).assign(euros=1)]
    )
    table = interaction_table(rows, "euros", "policy", measure("hits"), {"euros": 0, "policy": "none"}, ["founders"])
    values = {
        key: here["total_hits"].to_numpy()
        for key, here in rows[rows["founders"] == "common"].groupby(["euros", "policy"])
    }
    by_hand = values[1, "fast"] - values[1, "none"] - values[0, "fast"] + values[0, "none"]
    assert table[table["founders"] == "common"]["value"].item() == pytest.approx(by_hand.mean())
    assert len(table) == 2


def test_effects_can_be_against_another_level() -> None:
    rows = policy_rows({"slow": (-50.0, 0.0), "mended": (-20.0, 0.0)})
    plain = effects_table(rows, "policy", measure("hits"), {"policy": "none"}, ["founders"])
    own = effects_table(rows, "policy", measure("hits"), {"policy": "none"}, ["founders"], {"mended": "slow"})
    assert set(plain[plain["policy"] == "mended"]["evidence"]) == {"less"}
    assert set(own[own["policy"] == "mended"]["evidence"]) == {"more"}
