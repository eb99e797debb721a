"""Many comparisons at once: null effects give discoveries at the nominal rate, planted ones are found, Holm is Holm."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.analysis.intervals import mean_estimate, student_quantile, two_sided_probability
from race_sim.analysis.policy_family import Family, holm, ratio_of_differences

FAMILIES = 300  # made-up families without any effect
EFFECTS, RUNS = 12, 15
ERROR = 0.05


def differences(seed: int, effect: float = 0.0, shared: float = 0.7) -> np.ndarray:
    """Paired differences with luck in common, as those against one baseline have; the first has an effect."""
    draws = np.random.default_rng(seed)
    found = shared * draws.normal(size=(1, RUNS)) + draws.normal(size=(EFFECTS, RUNS))
    found[0] += effect
    return np.asarray(found)


def found_in(family: Family) -> list[bool]:
    return [not one.low <= 0.0 <= one.high for one in family.estimates if one.low is not None and one.high is not None]


def test_null_effects_are_found_in_at_most_one_family_in_twenty() -> None:
    falsely = [any(found_in(Family.of(differences(seed)))) for seed in range(FAMILIES)]
    spread = math.sqrt(ERROR * (1 - ERROR) / FAMILIES)
    assert np.mean(falsely) <= ERROR + 3 * spread
    alone = [any(not one.low <= 0.0 <= one.high for one in map(mean_estimate, differences(seed))) for seed in range(60)]  # type: ignore[operator]
    assert np.mean(alone) > 2 * ERROR  # what adjusting is for


def test_planted_effects_are_found() -> None:
    found = np.array([found_in(Family.of(differences(seed, effect=2.0))) for seed in range(100)])
    assert found[:, 0].mean() > 0.9
    assert found[:, 1:].mean() < ERROR


def test_one_comparison_has_students_interval() -> None:
    values = differences(1)[:1]
    (found,) = Family.of(values).estimates
    assert found.interval == pytest.approx(mean_estimate(values[0]).interval)


def test_intervals_widen_with_the_family_up_to_bonferroni() -> None:
    widths = [Family.of(differences(3)[:count]).critical for count in (1, 4, 12)]
    assert widths == sorted(widths)
    assert widths[-1] <= student_quantile(1 - ERROR / (2 * EFFECTS), RUNS - 1)
    alike = np.repeat(differences(4)[:1], EFFECTS, axis=0)
    assert Family.of(alike).critical <= Family.of(differences(4)).critical + 0.1


def test_seeds_that_miss_a_run_are_left_out_of_all() -> None:
    values = differences(5)
    values[3, 2] = math.nan
    family = Family.of(values)
    assert (family.runs, family.left_out) == (RUNS - 1, 1)
    assert family.means == pytest.approx(np.delete(values, 2, axis=1).mean(axis=1))


def test_one_seed_has_no_interval_and_the_same_races_no_width() -> None:
    assert Family.of([[1.0], [2.0]]).estimates[0].interval is None
    same, other = Family.of([np.zeros(5), [1.0, 2.0, 3.0, 2.0, 1.0]]).estimates
    assert same.interval == (0.0, 0.0)
    assert other.interval is not None


def test_probabilities_are_students() -> None:
    assert two_sided_probability(student_quantile(0.975, 7), 7) == pytest.approx(0.05)
    assert two_sided_probability(0.0, 3) == pytest.approx(1.0)
    assert two_sided_probability(math.inf, 3) == 0.0


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, math.nan, 0.5]) == pytest.approx([0.04, 0.09, 0.09, math.nan, 0.5], nan_ok=True)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_never_helps(given_probabilities: list[float]) -> None:
    adjusted = holm(given_probabilities)
    order = np.argsort(given_probabilities, kind="stable")
    assert (np.diff(adjusted[order]) >= 0.0).all()
    assert (adjusted >= np.array(given_probabilities)).all()
    assert (adjusted <= 1.0).all()


def test_a_ratio_has_fiellers_interval() -> None:
    draws = np.random.default_rng(6)
    covered = []
    for _ in range(200):
        below = 3.0 + draws.normal(size=20)
        above = 12.0 + 2.0 * draws.normal(size=20)
        found = ratio_of_differences(above, below, student_quantile(0.975, 19))
        assert found.low is not None
        assert found.high is not None
        covered.append(found.low <= 4.0 <= found.high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.05)


def test_a_ratio_is_absent_where_its_divisor_may_be_none() -> None:
    below = np.random.default_rng(7).normal(size=20)
    assert math.isnan(ratio_of_differences(below + 5.0, below - below.mean(), 2.1).value)
