"""Numbers in sentences are rounded, and never to something they are not."""

import math

import pytest

from race_sim.watch.names import Rows
from race_sim.watch.words import (
    NOT_MEASURED,
    counted,
    factor_text,
    family_text,
    number_text,
    rate_text,
    sentences,
    setting_text,
    share_text,
    weeks_text,
)

ROWS = Rows(workshops=60, primes=6)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.001, "less than 1%"), (0.41, "41%"), (0.999, "more than 99%"), (1.0, "100%")],
)
def test_a_share_is_none_or_all_only_if_it_is(share: float, text: str) -> None:
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(0.0, "0.00"), (0.0001, "less than 0.001"), (0.0521, "0.052"), (0.314, "0.31"), (1.0, "1.00")]
)
def test_a_rate_is_told_to_two_digits_or_so(rate: float, text: str) -> None:
    assert rate_text(rate) == text


@pytest.mark.parametrize(("number", "text"), [(2.0, "2"), (2.34, "2.3"), (23.4, "23"), (12345.0, "12,345"), (0.0, "0")])
def test_a_number_is_told_in_whole_or_to_one_decimal(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(("factor", "text"), [(0.684, "x0.68"), (2.0, "x2.00"), (12.34, "x12.3"), (4321.0, "x4,321")])
def test_a_ratio_is_a_factor(factor: float, text: str) -> None:
    assert factor_text(factor) == text


@pytest.mark.parametrize("text", [share_text, rate_text, number_text, factor_text])
def test_what_was_not_measured_is_no_number(text: object) -> None:
    assert callable(text)
    assert text(math.nan) == NOT_MEASURED


def test_a_value_of_a_parameter_is_told_with_its_unit_if_it_has_one() -> None:
    assert setting_text("primes.development_weeks", 7) == "7 weeks"
    assert setting_text("teams.active", False) == "false"


def test_plurals_spans_families_and_sentences() -> None:
    assert (counted(1, "drone"), counted(2045, "drone")) == ("1 drone", "2,045 drones")
    assert (weeks_text(3, 3), weeks_text(24, 36)) == ("week 3", "weeks 24 to 36")
    assert (family_text(12, ROWS), family_text(63, ROWS)) == ("family 12", "family 63 (of prime 3)")
    assert sentences(["a claim", "", "It ends."]) == ["A claim.", "It ends."]
