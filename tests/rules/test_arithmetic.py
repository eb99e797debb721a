"""The law's own elementary functions, against 40 exact digits, and in their extremes."""

import math
from decimal import Decimal, getcontext

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from race_sim.rules.arithmetic import exponential, logarithm, logistic, normal_quantile, popcount, power

getcontext().prec = 40
random = np.random.default_rng(20240601)


def worst_error(function, exact, arguments) -> float:
    """Return the largest error over the arguments, in units in the last place of the truth."""
    worst = 0.0
    for argument in arguments.tolist():
        truth = exact(Decimal(argument))
        error = abs(Decimal(function(argument)) - truth) / Decimal(math.ulp(float(truth)))
        worst = max(worst, float(error))
    return worst


@pytest.mark.parametrize(("low", "high"), [(-745.0, -708.0), (-708.0, 709.7), (-1.0, 1.0), (-1e-8, 1e-8)])
def test_exponential_is_accurate(low, high):
    assert worst_error(exponential, Decimal.exp, random.uniform(low, high, 2000)) <= 1.0


@pytest.mark.parametrize(
    "arguments",
    [
        np.exp(random.uniform(-700.0, 700.0, 2000)),
        random.uniform(0.5, 2.0, 2000),
        random.uniform(0.999, 1.001, 2000),
        np.array([5e-324, 1e-320, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**0.5, 0.5**0.5]),
    ],
    ids=["magnitudes", "around one", "close to one", "extremes"],
)
def test_logarithm_is_accurate(arguments):
    assert worst_error(logarithm, Decimal.ln, arguments) <= 1.0


def test_logistic_is_accurate():
    assert worst_error(logistic, lambda x: 1 / (1 + (-x).exp()), random.uniform(-40.0, 40.0, 3000)) <= 2.5


@pytest.mark.parametrize("exponent", [0.5, 0.7, 1.3, 2.0, 4.0])
def test_power_is_accurate_in_proportion_to_its_logarithm(exponent):
    for base in random.uniform(1e-3, 20.0, 500).tolist():
        truth = (Decimal(exponent) * Decimal(base).ln()).exp()
        error = abs(Decimal(power(base, exponent)) - truth) / truth / Decimal(2**-52)
        assert float(error) <= 2.0 + 1.5 * abs(exponent * math.log(base))


@pytest.mark.parametrize(
    "probabilities",
    [
        random.uniform(0.0, 1.0, 2000),
        10.0 ** random.uniform(-300.0, -1.0, 2000),
        1.0 - 10.0 ** random.uniform(-15.0, -1.0, 2000),
    ],
    ids=["anywhere", "lower tail", "upper tail"],
)
def test_normal_quantile_agrees_with_scipy(probabilities):
    ours = np.array([normal_quantile(probability) for probability in probabilities.tolist()])
    np.testing.assert_allclose(ours, stats.norm.ppf(probabilities), rtol=2e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("probability", "quantile"),
    [(0.25, -0.6744897501960817), (0.001, -3.090232306167813), (1e-20, -9.262340089798408)],
)
def test_normal_quantile_gives_the_values_published_with_the_algorithm(probability, quantile):
    assert normal_quantile(probability) == pytest.approx(quantile, rel=2e-15)


def test_normal_quantile_is_antisymmetric_about_one_half():
    for step in range(1, 512):
        assert normal_quantile(step / 1024) == -normal_quantile(1.0 - step / 1024)


@pytest.mark.parametrize(
    ("function", "argument", "value"),
    [
        (exponential, 0.0, 1.0),
        (exponential, 709.79, math.inf),
        (exponential, math.inf, math.inf),
        (exponential, -745.2, 0.0),
        (exponential, -math.inf, 0.0),
        (logarithm, 1.0, 0.0),
        (logarithm, 0.0, -math.inf),
        (logarithm, -0.0, -math.inf),
        (logarithm, math.inf, math.inf),
        (logistic, 0.0, 0.5),
        (logistic, 40.0, 1.0),
        (logistic, 1e300, 1.0),
        (normal_quantile, 0.5, 0.0),
        (normal_quantile, 0.0, -math.inf),
        (normal_quantile, 1.0, math.inf),
    ],
)
def test_special_values(function, argument, value):
    assert function(argument) == value


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (exponential, math.nan),
        (logarithm, math.nan),
        (logarithm, -1.0),
        (logarithm, -math.inf),
        (normal_quantile, math.nan),
        (normal_quantile, -0.1),
        (normal_quantile, 1.1),
    ],
)
def test_not_a_number_where_undefined(function, argument):
    assert math.isnan(function(argument))


def test_power_of_nothing_is_nothing_and_the_first_power_is_exact():
    assert power(0.0, 0.5) == 0.0
    assert power(-2.0, 2.0) == 0.0
    assert power(0.0, 0.0) == 0.0
    assert power(3.7, 0.0) == 1.0
    assert all(power(base, 1.0) == base for base in random.uniform(0.0, 1e6, 200).tolist())


@given(st.floats(-745.0, 709.0), st.floats(0.0, 50.0))
def test_exponential_and_logistic_never_fall(x, rise):
    assert exponential(min(x + rise, 709.0)) >= exponential(x)
    assert logistic(x + rise) >= logistic(x)
    assert 0.0 <= logistic(x) <= 1.0


@given(st.integers(0, 2**64 - 1))
def test_popcount_counts_the_ones(word):
    assert popcount(np.uint64(word)) == word.bit_count()
    assert popcount.py_func(np.uint64(word)) == word.bit_count() if hasattr(popcount, "py_func") else True


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="reads machine code")
def test_popcount_is_inlined_into_loops_as_the_population_count_of_the_processor():
    @numba.njit
    def total(words):
        ones = 0
        for i in range(words.shape[0]):
            ones += popcount(words[i])
        return ones

    words = random.integers(0, 2**64, 1000, dtype=np.uint64)
    assert total(words) == sum(int(word).bit_count() for word in words)
    (code,) = total.inspect_llvm().values()
    assert "@llvm.ctpop." in code
    loop = code[code.index("define") : code.index("\n}")]
    assert "popcount" not in loop.split("\n", 1)[1]
