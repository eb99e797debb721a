"""The verdict says what the tables hold and nothing else: it turns round when the forces do."""

import re
from collections.abc import Mapping
from itertools import product

import pandas as pd
import pytest

from race_sim.analysis.cells import exchange_table
from race_sim.analysis.headline import (
    CELL,
    PRICE_RATIO,
    WORDS,
    best_cell,
    described,
    headline_tables,
    in_words,
    verdict,
    worst_cell,
)
from tests.analysis.made_up import map_rows, swapped

Place = tuple[object, ...]
PLACES: list[Place] = list(product(("common", "independent"), (6, 60), ("area", "point")))

WORTH: dict[Place, float] = {
    ("common", 6, "area"): 6.0,
    ("common", 6, "point"): 3.0,
    ("common", 60, "area"): 12.0,
    ("common", 60, "point"): 3.1,
    ("independent", 6, "area"): 1.5,
    ("independent", 6, "point"): 1.4,
    ("independent", 60, "area"): 1.0,
    ("independent", 60, "point"): 0.4,
}


def table(worth: Mapping[Place, float], *, swap: bool = False, noise: float = 0.01, cycle: int = 32) -> pd.DataFrame:
    rows = map_rows(dict(worth), noise, cycle)
    return exchange_table(swapped(rows) if swap else rows, CELL)


@pytest.fixture(scope="module")
def exchange() -> pd.DataFrame:
    return table(WORTH)


def scores(text: str) -> dict[str, tuple[int, int, int]]:
    """How often the short cycle hit more, less, and neither, by the words before."""
    found = {}
    for sentence in text.split(". "):
        score = re.search(r"hit more in (\d+) cells? and less in (\d+), with no evidence in (\d+)", sentence)
        if score is not None:
            words = " ".join(sentence.split()[:3]).removesuffix(",")
            found[words] = (int(score[1]), int(score[2]), int(score[3]))
    return found


def test_counts_are_those_of_the_cells(exchange: pd.DataFrame) -> None:
    text = verdict(exchange, 1)
    assert text.startswith("Over 8 cells, a 1-week cycle was worth from ")
    assert scores(text) == {
        "With equal arsenals": (6, 1, 1),
        "Against 2 times": (4, 4, 0),
        "Against 4 times": (2, 6, 0),
        "Against 8 times": (1, 7, 0),
        "Against 16 times": (0, 8, 0),
        "For equal euros": (8, 0, 0),
    }
    assert PRICE_RATIO == 4  # equal euros: the slow force has arsenal x0.25, which all cells beat
    assert (
        "read as hitting more than 2 times the arsenal, held in 4 of 8 cells, failed in 4 and stayed open in 0" in text
    )
    assert "it held only with common founders; it failed only with independent founders" in text


def test_the_verdict_turns_round_with_the_forces(exchange: pd.DataFrame) -> None:
    ratios = exchange[exchange["cycle"] == 32]
    turned = table(WORTH, swap=True)
    text, other = verdict(ratios, 1), verdict(turned, 1)
    wins, losses, unclear = scores(text)["With equal arsenals"]
    assert scores(other)["With equal arsenals"] == (losses, wins, unclear)
    assert wins > losses
    assert described(worst_cell(turned[turned["cycle"] == 32])) == described(best_cell(ratios))
    assert described(best_cell(turned[turned["cycle"] == 32])) == described(worst_cell(ratios))
    assert "held in 1 of 8 cells" in other  # 1 / 0.4 is more than 2


def test_worst_and_best_cell_are_named_with_their_exchange_rates(exchange: pd.DataFrame) -> None:
    longest = exchange[exchange["cycle"] == 32]
    worst, best = worst_cell(longest), best_cell(longest)
    assert (worst["founders"], worst["makers"], worst["countermeasures"]) == ("independent", 60, "point")
    assert (best["founders"], best["makers"], best["countermeasures"]) == ("common", 60, "area")
    text = verdict(exchange, 1)
    assert (
        f"{worst['worth_words']} (worst: independent founders, 60 makers, growing steps, 1 variant a cycle, point"
        in text
    )
    assert f"to {best['worth_words']} (best: common founders, 60 makers, growing steps, 1 variant a cycle, area" in text
    assert worst["worth"] == pytest.approx(0.4, rel=0.05)
    assert best["worth"] == pytest.approx(12.0, rel=0.05)


def test_beyond_the_arsenals_tried_the_ratio_tells_worst_and_best() -> None:
    worth = dict.fromkeys(PLACES, 2.0) | {
        ("common", 6, "area"): 0.01,
        ("common", 60, "area"): 0.001,
        ("independent", 6, "point"): 40.0,
        ("independent", 60, "point"): 400.0,
    }
    longest = table(worth).query("cycle == 32")
    assert (worst_cell(longest)["founders"], worst_cell(longest)["makers"]) == ("common", 60)
    assert (best_cell(longest)["founders"], best_cell(longest)["makers"]) == ("independent", 60)
    text = verdict(longest, 1)
    assert "was worth from <0.25 [<0.25, <0.25] (worst: common founders, 60 makers" in text
    assert "to >16 [>16, >16] (best: independent founders, 60 makers" in text


def test_where_intervals_overlap_there_is_no_evidence() -> None:
    text = verdict(table(dict.fromkeys(PLACES, 1.02), noise=0.4), 1)
    assert scores(text)["With equal arsenals"] == (0, 0, 8)


def test_equal_forces_are_not_told_apart() -> None:
    text = verdict(table(dict.fromkeys(PLACES, 1.0)), 1)
    assert scores(text)["With equal arsenals"][2] >= 7


@pytest.mark.parametrize(
    ("factor", "favoured", "words"),
    [
        (0, "common", ("common founders", "independent founders")),
        (0, "independent", ("independent founders", "common founders")),
        (1, 6, ("6 makers", "60 makers")),
        (1, 60, ("60 makers", "6 makers")),
        (2, "area", ("area countermeasures", "point countermeasures")),
        (2, "point", ("point countermeasures", "area countermeasures")),
    ],
)
def test_the_claim_is_placed_where_it_held(factor: int, favoured: object, words: tuple[str, str]) -> None:
    text = verdict(table({place: 9.0 if place[factor] == favoured else 0.6 for place in PLACES}), 1)
    assert "held in 4 of 8 cells, failed in 4 and stayed open in 0" in text
    assert f"it held only with {words[0]}; it failed only with {words[1]}." in text
    first = text.partition("by factor: ")[2].split(";")[0]
    assert re.fullmatch(rf"[\d.]+ with {words[0]} and [\d.]+ with {words[1]}", first)


def test_a_claim_that_holds_everywhere_or_nowhere_is_placed_nowhere() -> None:
    everywhere, nowhere = (verdict(table(dict.fromkeys(PLACES, worth)), 1) for worth in (9.0, 0.5))
    assert "held in 8 of 8 cells, failed in 0" in everywhere
    assert "held in 0 of 8 cells, failed in 8" in nowhere
    assert "only with" not in everywhere + nowhere


def test_no_number_or_word_about_results_is_constant() -> None:
    texts = [
        verdict(table(WORTH), 1),
        verdict(table({place: 1.0 / worth for place, worth in WORTH.items()}, cycle=16), 2),
        verdict(table({place: 20.0 / worth for place, worth in WORTH.items()}), 1),
    ]
    sentences = [text.split(". ") for text in texts]
    constant = set(sentences[0]).intersection(*sentences[1:])
    # What stays is about the method alone: how a winner is told, what cells are, what is compared.
    assert all(not re.search(r"\b(held|failed|was worth|hit more|Geometric)\b", sentence) for sentence in constant)
    assert "a 2-week cycle" in texts[1]
    assert "the 2-week force" in texts[1]
    assert "a force with a cycle of 16 weeks" in texts[1]
    assert "1-week" not in texts[1]


def test_chance_findings_are_counted_for_the_cells_at_hand(exchange: pd.DataFrame) -> None:
    assert "about 0.4 of 8 ratios would still leave out 1, by chance" in verdict(exchange, 1)
    few = exchange[exchange["founders"] == "common"]
    assert "about 0.2 of 4 ratios would still leave out 1, by chance" in verdict(few, 1)


def test_one_cell_has_a_verdict_without_factors(exchange: pd.DataFrame) -> None:
    one = exchange[(exchange[["founders", "makers", "countermeasures"]] == ["common", 60, "area"]).all(axis=1)]
    text = verdict(one, 1)
    assert text.startswith("Over 1 cell, a 1-week cycle was worth from ")
    assert "by factor" not in text


def test_masses_that_were_not_tried_are_not_spoken_of(exchange: pd.DataFrame) -> None:
    few = exchange[[name for name in exchange if not re.search(r"_x(0\.25|2|8|16)$", str(name))]]
    text = verdict(few, 1)
    assert set(scores(text)) == {"With equal arsenals", "Against 4 times"}
    assert "read as hitting more than 4 times the arsenal" in text
    none = exchange[[name for name in exchange if not re.search(r"_x[\d.]+$", str(name))]]
    assert "S1-29" not in verdict(none, 1)


def test_levels_without_words_are_named_as_they_are(exchange: pd.DataFrame) -> None:
    other = exchange.assign(makers=exchange["makers"].replace({6: 13}))
    assert 13 not in WORDS["makers"]
    assert "makers 13" in verdict(other, 1)


def test_tables_are_those_of_the_figures_asked_for() -> None:
    rows = map_rows(WORTH)
    tables = headline_tables({"exchange_map": rows})
    assert set(tables) == {"exchange", "effects"}
    assert set(tables["effects"]["cells"]) == {8, 4}
    assert (tables["exchange"]["cycle"] == 8).any()
    assert headline_tables({"exchange_curves_area": rows}) == {}


def test_estimates_are_told_in_words(exchange: pd.DataFrame) -> None:
    worded = in_words(exchange)
    row = worded.iloc[0]
    value, low, high = (float(number) for number in re.findall(r"[\d.]+", row["ratio_words"]))
    assert (value, low, high) == pytest.approx((row["ratio"], row["ratio_low"], row["ratio_high"]), rel=0.01)
    assert list(worded["worth_words"]) == list(exchange["worth_words"])
