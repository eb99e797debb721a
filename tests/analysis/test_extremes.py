"""Where a measure is largest: named only with what can be told from chance."""

from collections.abc import Sequence

import pandas as pd
import pytest

from race_sim.analysis.extremes import apart, best_words, extremes_words
from race_sim.analysis.intervals import Estimate


def words(factor: str, level: object) -> str:
    return f"{factor} {level}"


def table(values: Sequence[tuple[int, str, float]], reach: float) -> pd.DataFrame:
    rows = [(lag, cycle, value, value - reach, value + reach) for lag, cycle, value in values]
    return pd.DataFrame(rows, columns=["lag", "cycle", "value", "value_low", "value_high"])


VALUES = [(2, "fast", 0.10), (2, "slow", 0.30), (8, "fast", 0.40), (8, "slow", 0.20)]


def test_largest_and_smallest_are_named_with_their_intervals() -> None:
    told = extremes_words(table(VALUES, 0.01), ["lag", "cycle"], "Hits", words)
    assert told.startswith("Hits was largest, 0.400 [0.390, 0.410], with lag 8, cycle fast, and smallest, 0.100 [0.090")
    assert told.endswith("with lag 2, cycle fast.")


def test_the_sentence_turns_with_the_numbers() -> None:
    turned = [(lag, cycle, 0.5 - value) for lag, cycle, value in VALUES]
    told = extremes_words(table(turned, 0.01), ["lag", "cycle"], "Hits", words)
    assert "largest, 0.400 [0.390, 0.410], with lag 2, cycle fast" in told
    assert "smallest, 0.100 [0.090, 0.110], with lag 8, cycle fast" in told


def test_overlapping_intervals_are_no_evidence() -> None:
    told = extremes_words(table(VALUES, 0.2), ["lag", "cycle"], "Hits", words)
    assert "no evidence that these differ" in told
    assert "more have intervals" not in told


def test_rivals_of_the_largest_are_counted() -> None:
    told = extremes_words(table(VALUES, 0.06), ["lag", "cycle"], "Hits", words)
    assert told.endswith("Of the 4 points 1 more have intervals that overlap that of the largest.")


def test_a_factor_that_does_not_vary_is_not_named() -> None:
    told = extremes_words(table(VALUES, 0.01)[2:], ["lag", "cycle"], "Hits", words)
    assert "lag" not in told


def test_nothing_measured_and_a_single_point() -> None:
    empty = table([(2, "fast", float("nan"))], 0.1)
    assert extremes_words(empty, ["lag"], "Hits", words) == "Hits: nothing was measured."
    assert (
        extremes_words(table(VALUES[:1], 0.1), ["lag"], "Hits", words) == "Hits: 0.100 [0, 0.200], at the only point."
    )


@pytest.mark.parametrize(("reach", "rivals"), [(0.01, False), (0.2, True)])
def test_the_best_level_is_told_with_what_cannot_be_told_from_it(reach: float, rivals: bool) -> None:
    told = best_words(table(VALUES, reach), "lag", "cycle", [], "Hits", words)
    assert told.startswith("Hits, most by cycle: lag 2: cycle slow (0.300")
    assert "lag 8: cycle fast (0.400" in told
    assert ("not to be told apart from cycle fast" in told) == rivals


def test_panels_have_sentences_of_their_own() -> None:
    both = pd.concat([table(VALUES, 0.01).assign(founders=name) for name in ("common", "independent")])
    told = best_words(both, "lag", "cycle", ["founders"], "Hits", words).splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "Hits, most by cycle (founders common)",
        "Hits, most by cycle (founders independent)",
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Estimate(1, 0.9, 1.1), Estimate(2, 1.9, 2.1), True),
        (Estimate(2, 1.9, 2.1), Estimate(1, 0.9, 1.1), True),
        (Estimate(1, 0.9, 1.5), Estimate(2, 1.4, 2.1), False),
        (Estimate(1), Estimate(2, 1.9, 2.1), False),
    ],
)
def test_apart_needs_two_intervals_without_overlap(one: Estimate, other: Estimate, expected: bool) -> None:
    assert apart(one, other) == expected
