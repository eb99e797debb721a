"""What bands pin down: distances as SciPy has them, what matters is found, what does not is seldom named."""

import math

import numpy as np
import pytest
from scipy import stats

from race_sim.analysis.pinning import distances, pinning

CHANCE = np.random.default_rng(7)
SIZE = 300


def test_numbers_are_told_apart_as_by_kolmogorov_and_smirnov() -> None:
    for values in (CHANCE.random(SIZE), CHANCE.integers(0, 5, SIZE), np.full(SIZE, 3)):
        labels = CHANCE.random((4, SIZE)) < 0.3
        found = distances(values.tolist(), labels)
        for one, distance in zip(labels, found, strict=True):
            assert distance == pytest.approx(stats.ks_2samp(values[one], values[~one]).statistic)


def test_choices_are_told_apart_by_their_shares() -> None:
    values = ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    labels = np.array([[True] * 4 + [False] * 8, [True, False] * 6])
    assert distances(values, labels) == pytest.approx([1.0, 0.0])
    switches = [True, True, False, False]
    assert distances(switches, np.array([[True, True, True, False]])) == pytest.approx([2 / 3])


def test_what_matters_is_found_with_its_direction_and_quartiles() -> None:
    chance = np.random.default_rng(1)
    low, middle, noise = chance.random((3, SIZE))
    choice = chance.choice(["area", "point"], SIZE)
    inside = (low < 0.5) & (abs(middle - 0.5) < 0.3) & ((choice == "area") | (chance.random(SIZE) < 0.1))
    points = {"noise": noise.tolist(), "low": low.tolist(), "middle": middle.tolist(), "choice": choice.tolist()}
    found = pinning(points, inside.tolist())
    by_path = {pin.path: pin for pin in found.pins}
    assert {path: by_path[path].direction for path in ("low", "middle", "choice")} == {
        "low": "lower",
        "middle": "narrower",
        "choice": "area",
    }
    assert [pin.distance for pin in found.pins] == sorted((pin.distance for pin in found.pins), reverse=True)
    assert found.loose == ["noise"]
    assert by_path["low"].inside["upper quartile"] == pytest.approx(np.percentile(low[inside], 75))
    assert by_path["low"].everywhere["median"] == pytest.approx(np.median(low))
    assert by_path["choice"].everywhere["area"] == pytest.approx((choice == "area").mean())


def test_the_direction_can_be_up() -> None:
    values = CHANCE.random(SIZE)
    found = pinning({"up": values.tolist()}, (values > 0.6).tolist())
    assert found.pins[0].direction == "higher"


def test_chance_seldom_names_any_parameter() -> None:
    """Of 60 sets of 20 parameters that do nothing, about 3 name one; one critical value each would name 38."""
    chance = np.random.default_rng(3)
    named = 0
    for _ in range(60):
        points = {f"parameter {place}": chance.random(60).tolist() for place in range(20)}
        found = pinning(points, (chance.random(60) < 0.4).tolist())
        named += any(pin.detected for pin in found.pins)
    assert named <= 9


def test_too_few_points_say_nothing() -> None:
    values = CHANCE.random(SIZE)
    for inside in (values < 0.01, values < 0.99, values < 0.0):
        found = pinning({"parameter": values.tolist()}, inside.tolist())
        assert math.isnan(found.critical)
        assert not found.pins[0].detected
        assert found.loose == ["parameter"]


def test_comparisons_shown_together_share_the_chance_of_error() -> None:
    points = {f"parameter {place}": CHANCE.random(SIZE).tolist() for place in range(5)}
    inside = (CHANCE.random(SIZE) < 0.4).tolist()
    assert pinning(points, inside, comparisons=8).critical > pinning(points, inside).critical
