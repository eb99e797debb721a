"""The random draws: distributed as they should be, keyed as they should be, the same bits everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from scipy import stats

import race_sim
from race_sim.rules import draws

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="takes compiled loops")

SEED = np.uint64(0x9F1B_77C3_0D2E_4A65)
SAMPLE = 2_000_000
SUSPICIOUS = 1e-4
"""Significance below which a test fails; seeds are fixed, so a test that passes always passes."""


@numba.njit
def uniforms(size, seed):
    drawn = np.empty(size)
    for agent in range(size):
        drawn[agent] = draws.uniform(seed, 3, agent, 5, 7)
    return drawn


@numba.njit
def indices(size, seed, count):
    drawn = np.empty(size, np.int64)
    for agent in range(size):
        drawn[agent] = draws.uniform_index(count, seed, 3, agent, 5, 7)
    return drawn


@numba.njit
def normals(size, seed):
    drawn = np.empty(size)
    for agent in range(size):
        drawn[agent] = draws.normal(seed, 3, agent, 5, 7)
    return drawn


@numba.njit
def poissons(size, seed, mean):
    drawn = np.empty(size, np.int64)
    for agent in range(size):
        drawn[agent] = draws.poisson(mean, seed, 3, agent, 5, 7)
    return drawn


@numba.njit
def binomials(size, seed, count, probability):
    drawn = np.empty(size, np.int64)
    for agent in range(size):
        drawn[agent] = draws.binomial(count, probability, seed, 3, agent, 5, 7)
    return drawn


def assert_drawn_from(distribution, sample):
    """Chi-square over cells cut at quantiles, tails to 1 in 20,000 included, then mean and variance."""
    levels = np.concatenate([[5e-5, 5e-4, 5e-3], np.linspace(0.02, 0.98, 49), [0.995, 0.9995, 0.99995]])
    cuts = np.unique(distribution.ppf(levels))
    share = np.diff(np.concatenate([[0.0], distribution.cdf(cuts), [1.0]]))
    seen = np.bincount(np.searchsorted(cuts, sample), minlength=share.size)
    assert seen[share <= 0.0].sum() == 0
    seen, expected = seen[share > 0.0], share[share > 0.0] * sample.size
    while expected.size > 2 and expected[-1] < 10.0:
        seen = np.append(seen[:-2], seen[-2:].sum())
        expected = np.append(expected[:-2], expected[-2:].sum())
    while expected.size > 2 and expected[0] < 10.0:
        seen = np.insert(seen[2:], 0, seen[:2].sum())
        expected = np.insert(expected[2:], 0, expected[:2].sum())
    assert stats.chisquare(seen, expected, sum_check=False).pvalue > SUSPICIOUS
    mean, variance, _, excess = (float(moment) for moment in distribution.stats("mvsk"))
    assert abs(sample.mean() - mean) < 4.0 * (variance / sample.size) ** 0.5
    assert abs(sample.var() / variance - 1.0) < 4.0 * ((excess + 2.0) / sample.size) ** 0.5


@compiled
@pytest.mark.parametrize(
    ("count", "probability"),
    [
        (1, 0.3),
        (5, 0.5),
        (12, 0.02),
        (12, 0.98),
        (19, 0.5),
        (20, 0.5),
        (40, 0.2499),
        (40, 0.25),
        (100, 0.0999),
        (100, 0.1001),
        (1000, 0.009),
        (1000, 0.011),
        (1000, 0.3),
        (12, 0.55),
        (60, 0.55),
        (50, 0.9),
        (1000, 0.97),
        (10**7, 1e-8),
        (10**7, 9.99e-7),
        (10**7, 1.001e-6),
        (10**7, 0.3),
        (10**7, 0.999),
        (10**7, 0.5),
    ],
)
def test_binomial_is_binomial(count, probability):
    assert_drawn_from(stats.binom(count, probability), binomials(SAMPLE, SEED, count, probability))


@compiled
@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 9.99, 10.0, 10.01, 12.0, 30.0, 100.0, 1e4, 1e7, 1e10])
def test_poisson_is_poisson(mean):
    assert_drawn_from(stats.poisson(mean), poissons(SAMPLE, SEED, mean))


@compiled
@pytest.mark.parametrize("count", [2, 3, 60, 1000])
def test_uniform_index_favours_none(count):
    drawn = indices(SAMPLE, SEED, count)
    assert drawn.min() == 0
    assert drawn.max() == count - 1
    assert stats.chisquare(np.bincount(drawn, minlength=count)).pvalue > SUSPICIOUS


@compiled
def test_uniform_and_normal_pass_kolmogorov_and_smirnov():
    assert stats.kstest(uniforms(SAMPLE, SEED), "uniform").pvalue > SUSPICIOUS
    drawn = normals(SAMPLE, SEED)
    assert stats.kstest(drawn, "norm").pvalue > SUSPICIOUS
    assert abs(drawn.mean()) < 4.0 * SAMPLE**-0.5
    assert abs(stats.kurtosis(drawn)) < 4.0 * (24.0 / SAMPLE) ** 0.5
    assert abs(stats.skew(drawn)) < 4.0 * (6.0 / SAMPLE) ** 0.5


@compiled
def test_uniforms_use_53_bits():
    drawn = uniforms(4096, SEED) * 2.0**53
    assert np.array_equal(drawn, np.floor(drawn))
    assert 0.0 <= drawn.min() < drawn.max() < 2.0**53
    low_bits = drawn.astype(np.int64) % 16
    assert stats.chisquare(np.bincount(low_bits, minlength=16)).pvalue > SUSPICIOUS


def test_a_pair_is_strictly_inside_the_unit_interval_and_independent():
    pairs = np.array([draws.uniform_pair(SEED, 1, agent, 2, 0) for agent in range(4000)])
    assert pairs.min() > 0.0
    assert pairs.max() < 1.0
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4.0 * 4000**-0.5


@pytest.mark.parametrize("word", range(5), ids=["seed", "week", "agent", "purpose", "index"])
def test_every_bit_of_every_word_of_the_key_matters(word):
    key = [int(SEED), 12, 34, 56, 78]
    bits = 64 if word == 0 else 32
    values = {draws.uniform(np.uint64(key[0]), *key[1:])}
    for bit in range(bits):
        changed = list(key)
        changed[word] ^= 1 << bit
        values.add(draws.uniform(np.uint64(changed[0]), *changed[1:]))
    assert len(values) == bits + 1


@pytest.mark.parametrize("word", range(5), ids=["seed", "week", "agent", "purpose", "index"])
def test_draws_along_a_word_of_the_key_are_uniform_and_independent(word):
    size = 4000
    drawn = np.empty(size)
    for step in range(size):
        key = [77, 12, 34, 56, 78]
        key[word] = step
        drawn[step] = draws.uniform(np.uint64(key[0]), *key[1:])
    assert stats.kstest(drawn, "uniform").pvalue > SUSPICIOUS
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4.0 * size**-0.5


def test_words_of_the_key_are_not_interchangeable():
    orders = [(1, 2, 3, 4), (2, 1, 3, 4), (1, 3, 2, 4), (1, 2, 4, 3), (4, 2, 3, 1)]
    assert len({draws.uniform(SEED, *order) for order in orders}) == len(orders)


@pytest.mark.parametrize("count", [-3, 0, 1, 10, 10**7])
@pytest.mark.parametrize("probability", [-0.5, 0.0, 1.0, 1.5, float("nan")])
def test_binomial_of_certainties(count, probability):
    expected = max(count, 0) if probability >= 1.0 else 0
    assert draws.binomial(count, probability, SEED, 1, 2, 3, 4) == expected


@pytest.mark.parametrize("count", [0, -1])
def test_binomial_of_no_trials_is_zero(count):
    assert draws.binomial(count, 0.5, SEED, 1, 2, 3, 4) == 0


@pytest.mark.parametrize("mean", [0.0, -1.0, float("nan")])
def test_poisson_of_no_mean_is_zero(mean):
    assert draws.poisson(mean, SEED, 1, 2, 3, 4) == 0


@pytest.mark.parametrize("count", [-1, 0, 1])
def test_an_index_among_one_or_none_is_zero(count):
    assert draws.uniform_index(count, SEED, 1, 2, 3, 4) == 0


@pytest.mark.parametrize("count", [1, 7, 24, 100, 10**7])
@pytest.mark.parametrize("probability", [0.0625, 0.25, 0.375])
def test_successes_and_failures_are_drawn_alike(count, probability):
    for agent in range(50):
        successes = draws.binomial(count, probability, SEED, 1, agent, 3, 4)
        assert successes + draws.binomial(count, 1.0 - probability, SEED, 1, agent, 3, 4) == count


@pytest.mark.parametrize("mean", [1e-300, 1e-9, 0.3, 2.0, 9.999])
def test_poisson_by_inversion_inverts_and_ends(mean):
    for remainder in np.linspace(0.0005, 0.9995, 300).tolist():
        assert draws.poisson_by_inversion(mean, remainder) == stats.poisson.ppf(remainder, mean)
    assert draws.poisson_by_inversion(mean, 0.0) == 0
    last = draws.poisson_by_inversion(mean, 1.0 - 2.0**-53)
    assert last == 0 or stats.poisson.pmf(last - 1, mean) > 1e-19


@pytest.mark.parametrize(
    ("count", "probability"), [(1, 0.5), (3, 1e-300), (19, 0.5), (100, 0.09), (10**7, 1e-9), (10**7, 9.9e-7)]
)
def test_binomial_by_inversion_inverts_and_ends(count, probability):
    for remainder in np.linspace(0.0005, 0.9995, 300).tolist():
        expected = stats.binom.ppf(remainder, count, probability)
        assert draws.binomial_by_inversion(count, probability, remainder) == expected
    assert draws.binomial_by_inversion(count, probability, 0.0) == 0
    last = draws.binomial_by_inversion(count, probability, 1.0 - 2.0**-53)
    assert last <= count
    assert last == 0 or stats.binom.pmf(last - 1, count, probability) > 1e-19


@pytest.mark.parametrize("count", [10**7, 10**9, 10**12])
@pytest.mark.parametrize("probability", [1e-300, 1e-12, 1e-9, 0.01, 0.5, 0.99, 1.0 - 1e-12])
def test_huge_counts_end_within_their_range(count, probability):
    spread = (count * probability * (1.0 - probability)) ** 0.5
    for agent in range(20):
        drawn = draws.binomial(count, probability, SEED, 1, agent, 3, 4)
        assert 0 <= drawn <= count
        assert abs(drawn - count * probability) <= 8.0 * spread + 12.0


@pytest.mark.parametrize("mean", [1e9, 1e12])
def test_huge_means_end_near_them(mean):
    for agent in range(20):
        assert abs(draws.poisson(mean, SEED, 1, agent, 3, 4) - mean) <= 8.0 * mean**0.5


def test_stirling_tail_agrees_with_log_factorials():
    for k in range(60):
        log_factorial = float(np.sum(np.log(np.arange(1, k + 1))))
        rest = (k + 0.5) * np.log(k + 1.0) - (k + 1.0) + draws.HALF_LOG_2_PI
        assert draws.stirling_tail(float(k)) == pytest.approx(log_factorial - rest, abs=1e-12)
    for k, tail in enumerate(draws.STIRLING_TAILS):
        x = k + 1.0
        assert tail == pytest.approx(1 / (12 * x) - 1 / (360 * x**3), abs=1e-3 / x**5)


BITS = """
import hashlib, math, struct, sys
import numpy as np
from race_sim.rules import arithmetic, draws

random = np.random.default_rng(7)
digest = hashlib.sha256()

def add(value):
    digest.update(struct.pack("<d", value) if isinstance(value, float) else struct.pack("<q", int(value)))

def magnitude(low, high):
    return math.ldexp(1.0 + float(random.random()), int(random.integers(low, high)))

for number in range(int(sys.argv[1])):
    words = [int(random.integers(0, 2**bits)) for bits in (16, 32, 8, 20)]
    mean = magnitude(-13, 30)
    count = int(magnitude(0, 26))
    probability = float(random.random()) if number % 2 else magnitude(-26, -1)
    x = magnitude(-20, 10) if number % 5 else -magnitude(-20, 10)
    if number % 3 == 0:
        words = [np.int64(word) for word in words]
        mean, count, probability, x = map(np.float64, (mean, count, probability, x))
        count = np.int64(count)
    seed = np.uint64(random.integers(0, 2**64, dtype=np.uint64))
    add(draws.uniform(seed, *words))
    add(draws.uniform_index(count, seed, *words))
    add(draws.normal(seed, *words))
    add(draws.poisson(mean, seed, *words))
    add(draws.binomial(count, probability, seed, *words))
    add(arithmetic.exponential(x))
    add(arithmetic.logarithm(abs(x)))
    add(arithmetic.logistic(x))
    add(arithmetic.power(abs(x), probability))
    add(arithmetic.normal_quantile(probability))
    add(arithmetic.popcount(seed))
print(digest.hexdigest())
"""


def hash_of_bits(cache: Path, **variables: str) -> str:
    """Return the hash of thousands of draws and functions at random arguments, in a process of its own.

    The arguments are made without the mathematical library, whose bits differ between processors.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    root = Path(race_sim.__file__).parent.parent
    environment |= {"PYTHONPATH": str(root), "RACE_SIM_CACHE_DIR": str(cache)} | variables
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BITS, "3000"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_bits_are_the_same_compiled_for_any_processor_and_not_compiled(tmp_path):
    here = hash_of_bits(tmp_path)
    assert len(here) == 64
    assert hash_of_bits(tmp_path, NUMBA_DISABLE_JIT="1") == here
    assert hash_of_bits(tmp_path, NUMBA_CPU_NAME="generic") == here
    assert hash_of_bits(tmp_path, GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2") == here


@compiled
def test_every_draw_gives_the_same_bits_as_its_source():
    random = np.random.default_rng(11)
    for agent in range(300):
        mean = 10.0 ** random.uniform(-3.0, 6.0)
        probability = random.uniform()
        key = (SEED, 1, agent, 3, 4)
        assert draws.uniform.py_func(*key) == draws.uniform(*key)
        assert draws.uniform_pair.py_func(*key) == draws.uniform_pair(*key)
        assert draws.normal.py_func(*key) == draws.normal(*key)
        assert draws.uniform_index.py_func(60, *key) == draws.uniform_index(60, *key)
        assert draws.poisson.py_func(mean, *key) == draws.poisson(mean, *key)
        assert draws.binomial.py_func(99, probability, *key) == draws.binomial(99, probability, *key)
