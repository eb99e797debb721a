"""One countermeasure: how well it stops, how it spreads, how much it can engage."""

import math

import numpy as np
import pytest

from race_sim.rules.countermeasure import (
    diffusion_share,
    effect_at,
    engagement_capacity,
    engagement_fraction,
    install,
    spread,
)
from tests.bare_race import BareRace


def stopping(distance: float, breadth: float, reference: float, penalty: float) -> float:
    return min(1.0, (reference / breadth) ** penalty) * math.exp(-(distance**2) / (2 * breadth**2))


@pytest.mark.parametrize("penalty", [0.0, 1.0, 2.5])
@pytest.mark.parametrize("breadth", [0.5, 1.5, 4.0])
def test_effect_falls_with_distance_and_wider_is_weaker(breadth: float, penalty: float) -> None:
    params = BareRace(f"countermeasures.breadth_penalty={penalty}").params
    found = [effect_at(float(distance), breadth, params) for distance in range(13)]
    assert found == pytest.approx([stopping(distance, breadth, 1.5, penalty) for distance in range(13)], rel=1e-12)
    assert found[0] == (1.0 if breadth <= 1.5 or penalty == 0 else pytest.approx((1.5 / breadth) ** penalty))


def test_wider_stops_more_of_what_is_far() -> None:
    params = BareRace().params
    assert effect_at(4.0, 3.0, params) > effect_at(4.0, 1.5, params)
    assert effect_at(0.0, 3.0, params) < effect_at(0.0, 1.5, params)


def test_diffusion_is_logistic_and_half_done_at_diffusion_weeks() -> None:
    assert diffusion_share(6.0, 6.0) == pytest.approx(0.5)
    assert diffusion_share(13.0, 13.0) == pytest.approx(0.5)
    shares = np.array([diffusion_share(float(age), 6.0) for age in range(25)])
    odds = np.log(shares / (1 - shares))
    assert np.diff(odds) == pytest.approx(np.diff(odds)[0], rel=1e-6)
    assert (np.diff(shares) > 0).all()
    assert shares[0] < 0.05
    assert shares[12] > 0.95


def test_without_diffusion_weeks_reach_is_full_at_once() -> None:
    assert diffusion_share(0.0, 0.0) == 1.0


def test_fielded_locally_then_half_reach_when_diffusion_weeks_have_passed() -> None:
    race = BareRace("teams.diffusion_weeks=5")
    install(race.world, 0, 0, 1, np.uint64(2**48 - 1), 1.5, 0.8, race.params, 10)
    countermeasure = race.world.countermeasures[0]
    reach = [float(countermeasure.reach)]  # in week 10, when it first acts
    for week in range(10, 30):
        spread(race.world, 0, race.params, week)
        reach.append(float(countermeasure.reach))
    assert reach[0] < 0.05 * 0.8
    assert reach[5] == pytest.approx(0.4)
    assert reach[20] == pytest.approx(0.8, rel=1e-4)
    assert sorted(reach) == reach


def test_what_was_never_fielded_does_not_spread() -> None:
    race = BareRace()
    spread(race.world, 0, race.params, 10)
    assert race.world.countermeasures[0].reach == 0


def test_installed_pattern_keeps_to_its_module_and_replaces_what_stood() -> None:
    race = BareRace()
    race.counter(0, module=0, reach=0.3).stops = 9.0
    install(race.world, 0, 0, 2, np.uint64(2**64 - 1), 2.0, 1.0, race.params, 4)
    countermeasure = race.world.countermeasures[0]
    assert int(countermeasure.pattern) == int(countermeasure.mask) == (2**12 - 1) << 24
    assert (countermeasure.module, countermeasure.week, countermeasure.stops) == (2, 4, 0.0)
    expected = [stopping(distance, 2.0, 1.5, 1.0) for distance in range(13)]
    assert countermeasure.effect[:13] == pytest.approx(expected, rel=1e-12)
    assert race.tally.countermeasures_fielded == 2


def test_area_countermeasures_engage_all_they_reach() -> None:
    race = BareRace("countermeasures.capacity_per_week=1")
    assert engagement_fraction(race.world, 1e9, 1e9, race.params) == 1.0


@pytest.mark.parametrize(("wanted", "fraction"), [(0.0, 1.0), (50.0, 1.0), (80.0, 1.0), (320.0, 0.25)])
def test_point_countermeasures_engage_up_to_their_capacity(wanted: float, fraction: float) -> None:
    race = BareRace("countermeasures.kind=point", "countermeasures.capacity_per_week=80")
    assert engagement_fraction(race.world, wanted, 1000.0, race.params) == pytest.approx(fraction)


def test_proportional_capacity_of_all_slots_is_a_ratio_of_the_attack() -> None:
    race = BareRace(
        "countermeasures.kind=point_proportional",
        "countermeasures.capacity_ratio=0.6",
        "teams.count=4",
        "teams.slots=5",
    )
    for sorties in (100.0, 5000.0):
        each = engagement_capacity(race.world, sorties, race.params)
        assert 20 * each == pytest.approx(0.6 * sorties)
        assert engagement_fraction(race.world, 4 * each, sorties, race.params) == pytest.approx(0.25)
