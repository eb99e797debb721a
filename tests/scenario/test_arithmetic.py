"""Expressions as texts: what they may say, and one clear refusal for everything else."""

import pytest

from race_sim.errors import InputError
from race_sim.scenario.arithmetic import Result, evaluate, names_in

NAMES: dict[str, Result] = {"W057.firms": 60, "MONTH": 52 / 12, "workshops.network": "ring", "a.b.c": 2, "x": 3.0}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("W057.firms", 60),
        (" round((12 + 24) / 2 * MONTH) ", 78),
        ("a.b.c + x", 5.0),
        ("-x // 2", -2.0),
        ("7 % 4 + 2 ** 3", 11),
        ("max(1, x) - min(2, abs(-1))", 2.0),
        ("floor(2.5) + ceil(2.5)", 5),
        ("sqrt(16)", 4.0),
        ("round(2.5)", 2),
        ("round(1282.05, -2)", 1300.0),
        ('1 if workshops.network == "ring" else 0', 1),
        ("'word'", "word"),
        ("1 < x <= 3 and not x != 3", True),
        ("x > 3 or x < 1", False),
    ],
)
def test_an_expression_has_a_value(expression: str, value: Result) -> None:
    result = evaluate(expression, NAMES)
    assert (type(result), result) == (type(value), value)


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "is not an expression"),
        ("1 +", "is not an expression"),
        ("x = 1", "is not an expression"),
        ("(" * 400, "is not an expression"),
        ("1 +" * 400 + "1", "is longer than 1000 characters"),
        ("-" * 900 + "1", "is nested too deeply"),
        ("W057.firm", 'unknown name "W057.firm". Did you mean "W057.firms"?'),
        ("a.b", "unknown name"),
        ("x.real", "unknown name"),
        ("max", "unknown name"),
        ("open('x')", "open() is unknown; there are abs, ceil, floor, max, min, round, sqrt"),
        ("'a'.upper()", "is unknown"),
        ("'a'.upper", "may not hold"),
        ("round(x, ndigits=1)", "is unknown"),
        ("[1, 2]", 'may not hold "[1, 2]"'),
        ("x[0]", "may not hold"),
        ("lambda: 1", "may not hold"),
        ("f'{x}'", "may not hold"),
        ("None", "may not hold"),
        ("x is x", "may not hold"),
        ("1 << 2", "may not hold"),
        ("1 / 0", "cannot be worked out: division by zero"),
        ("x + 'a'", "cannot be worked out"),
        ("9 ** 9 ** 9", "cannot be worked out"),
        ("'a' * 10 ** 9", "cannot be worked out"),
        ("1e308 * 10", "gives no finite number, switch or word"),
        ("(-1) ** 0.5", "gives no finite number, switch or word"),
    ],
)
def test_what_is_no_expression_is_refused_by_name(expression: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluate(expression, NAMES)
    assert str(caught.value).startswith('expression "')
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_come_whole_once_and_in_order() -> None:
    assert names_in("b.c + max(a, b.c) * W057.firms") == ("b.c", "a", "W057.firms")
    assert names_in("1 + 2") == ()
