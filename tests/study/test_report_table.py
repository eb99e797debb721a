"""Tables of a report: every value in words, limits behind their value."""

import math

import numpy as np
import pandas as pd
import pytest

from race_sim.study.report_table import MISSING, Table, shown_columns, shown_value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (math.nan, MISSING),
        (None, MISSING),
        (pd.NA, MISSING),
        (pd.NaT, MISSING),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (0.0, "0"),
        (1.234567, "1.23"),
        (-35983.2, "-35983"),
        (0.00004, "4.0e-05"),
        (-0.00004, "-4.0e-05"),
        (np.float64(0.0512), "0.051"),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (np.bool_(True), "yes"),
        ("text", "text"),
        ("", ""),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert shown_value(value) == words


def cells(frame: pd.DataFrame) -> dict[str, list[str]]:
    return {column.name: list(column.cells) for column in shown_columns(Table("map", "", "", frame))}


def test_limits_stand_behind_their_value_only_if_both_are_there() -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5, 3.5], "x_low": [1.0, math.nan, math.nan], "x_high": [2.0, math.nan, 4.0]})
    assert cells(frame) == {"x": ["1.50 [1.00, 2.00]", "2.50", f"3.50 [{MISSING}, 4.00]"]}
    assert list(cells(frame[["x", "x_low"]])) == ["x", "x_low"]
    assert list(cells(frame[["x_low", "x_high"]])) == ["x_low", "x_high"]


def test_words_of_an_estimate_stand_for_its_codes() -> None:
    frame = pd.DataFrame({"worth": [math.inf], "worth_low": [16.0], "worth_high": [math.inf], "worth_words": [">16"]})
    assert cells(frame) == {"worth": [">16"]}
    assert shown_columns(Table("map", "", "", frame))[0].number
    assert cells(pd.DataFrame({"in_words": ["one"]})) == {"in_words": ["one"]}


def test_whole_numbers_kept_as_floats_have_no_decimals_and_others_keep_theirs() -> None:
    assert cells(pd.DataFrame({"x": [1.0, 32.0, math.nan, math.inf]})) == {"x": ["1", "32", MISSING, "∞"]}
    assert cells(pd.DataFrame({"x": [1.0, 32.5]})) == {"x": ["1.00", "32.5"]}
