"""Engagement: what countermeasures stop, what is left to hit, and which module is blamed."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from race_sim.records import NEVER, ON_TRIAL
from race_sim.rules.engagement import gather, order_countermeasures, saturation
from tests.bare_race import SHARP, BareRace
from tests.chance import agrees

POINT = ("countermeasures.kind=point",)


def matched(capacity: float, *overrides: str, teams: int = 3) -> BareRace:
    """A race in which point countermeasures stop every sortie of design 0 that they engage."""
    return BareRace(*SHARP, *POINT, f"countermeasures.capacity_per_week={capacity}", f"teams.count={teams}", *overrides)


# Who flies


def test_only_what_has_sorties_is_lined_up_and_its_first_week_is_noted_once(race: BareRace) -> None:
    idle, early, late = (race.add_product(design) for design in (1, 2, 3))
    race.fly({early: 4, late: 0})
    assert gather(race.world, 5) == 4
    race.fly({early: 2, late: 7})
    assert gather(race.world, 6) == 9
    assert race.world.columns.row[: race.tally.columns].tolist() == [early, late]
    assert race.world.columns.design[: race.tally.columns].tolist() == [2, 3]
    assert [race.world.products[row].week_first_flown for row in (idle, early, late)] == [NEVER, 5, 6]


# In which order countermeasures act


def acting_order(race: BareRace, week: int) -> tuple[int, ...]:
    return tuple(race.world.order[: order_countermeasures(race.world, week, race.seed)].tolist())


def test_order_of_action_is_any_order_equally_often() -> None:
    race = BareRace()
    for slot in range(3):
        race.counter(0, slot=slot)
    found = Counter(acting_order(race, week) for week in range(1200))
    assert set(found) == set(permutations(range(3)))
    assert agrees(list(found.values()))


def test_one_countermeasure_less_leaves_the_order_of_the_others() -> None:
    race = BareRace("teams.count=2")
    for slot in range(6):
        race.counter(0, slot=slot)
    before = [acting_order(race, week) for week in range(20)]
    race.world.countermeasures[2].standing = 0
    assert [acting_order(race, week) for week in range(20)] == [
        tuple(slot for slot in order if slot != 2) for order in before
    ]


# Area countermeasures


def test_area_countermeasures_each_stop_their_share_of_what_they_reach(race: BareRace) -> None:
    """Survival is the product over countermeasures of 1 - w v(h), whatever the number of sorties."""
    designs = (0b000, 0b001, 0b111, 0b111 << 12)
    race.counter(0b000, reach=0.5, slot=0)
    race.counter(0b011, reach=0.8, slot=1)
    race.counter(0, module=1, reach=0.3, slot=2)
    distances = np.array([[0, 2, 0], [1, 1, 0], [3, 1, 0], [0, 2, 3]])
    effect = np.exp(-(distances**2) / (2 * 1.5**2))
    expected = (1 - np.array([0.5, 0.8, 0.3]) * effect).prod(axis=1)
    for sorties in (1, 40, 10_000):
        race.fly({race.add_product(design): sorties for design in designs})
        race.engage()
        assert race.alive() / sorties == pytest.approx(expected, rel=1e-12)


def test_without_countermeasures_all_get_through(race: BareRace) -> None:
    race.fly({race.add_product(0, success=1.0): 500})
    race.fight()
    assert race.alive().tolist() == [500.0]
    assert race.world.products["stopped"].sum() == 0
    assert race.world.products["hits"].sum() == 500


# Point countermeasures


@pytest.mark.parametrize(
    ("sorties", "capacity", "number"), [(1000, 100, 1), (1000, 100, 7), (250, 100, 3), (90, 100, 1)]
)
def test_each_point_countermeasure_stops_its_capacity(sorties: int, capacity: int, number: int) -> None:
    """w = v = 1: max(0, n - J k) are left (Hughes)."""
    race = matched(capacity)
    for slot in range(number):
        race.counter(0, slot=slot)
    race.fly({race.add_product(0): sorties})
    race.engage()
    assert race.alive()[0] == pytest.approx(max(0, sorties - number * capacity), abs=1e-6)


def test_capacity_counts_engagements_not_kills() -> None:
    """A countermeasure that stops half of what it engages stops k / 2, not k."""
    race = BareRace(*POINT, "countermeasures.capacity_per_week=100", "countermeasures.breadth_penalty=1")
    countermeasure = race.counter(0, breadth=3.0)  # twice the reference: stops half at distance 0
    race.fly({race.add_product(0): 1000})
    race.engage()
    assert race.alive()[0] == pytest.approx(950)
    assert countermeasure.engagements == pytest.approx(100)


def test_evaders_use_up_capacity_that_would_have_stopped_others() -> None:
    race = matched(100)
    race.counter(0)
    evader, victim = race.add_product(0xFFF), race.add_product(0)
    race.fly({evader: 900, victim: 100})
    race.engage()
    assert race.alive() == pytest.approx([900, 90])


def test_capacity_is_spent_on_what_is_still_alive() -> None:
    """The second of two countermeasures does not engage what the first has stopped."""
    race = matched(300)
    race.counter(0, slot=0)
    race.counter(0, slot=1)
    race.fly({race.add_product(0): 400})
    race.engage()
    assert race.alive()[0] == pytest.approx(0)
    assert sorted(race.world.countermeasures["engagements"][:2]) == pytest.approx([100, 300])


def test_capacity_may_grow_with_the_attack() -> None:
    race = BareRace(*SHARP, "countermeasures.kind=point_proportional", "countermeasures.capacity_ratio=0.3")
    race.counter(0)  # one of three slots: a third of the capacity
    for sorties in (100, 8000):
        race.fly({race.add_product(0): sorties})
        race.engage()
        assert race.alive()[0] / sorties == pytest.approx(0.9)


def single_sorties(
    generator: np.random.Generator,
    sorties: np.ndarray,
    stopping: np.ndarray,
    reach: np.ndarray,
    capacity: float,
) -> np.ndarray:
    """Sorties alive of each design when every single one meets the countermeasures (rows of `stopping`) in turn.

    A countermeasure reaches each sortie by chance and, if it reaches too many, picks `capacity` of them.
    """
    design = np.repeat(np.arange(len(sorties)), sorties)
    for chances, wide in zip(stopping, reach, strict=True):
        reached = np.flatnonzero(generator.random(len(design)) < wide)
        if len(reached) > capacity:
            reached = generator.choice(reached, int(capacity), replace=False)
        stopped = reached[generator.random(len(reached)) < chances[design[reached]]]
        design = np.delete(design, stopped)
    return np.bincount(design, minlength=len(sorties))


@pytest.mark.parametrize("capacity", [np.inf, 400, 90])
def test_expected_survivors_are_those_of_single_sorties(capacity: float) -> None:
    kind = (
        ("countermeasures.kind=area",)
        if np.isinf(capacity)
        else (*POINT, f"countermeasures.capacity_per_week={capacity}")
    )
    race = BareRace(*kind, "teams.slots=5")
    generator = np.random.default_rng(7)
    patterns = generator.integers(0, 2**12, 5)
    reach = np.array([1.0, 0.7, 0.4, 0.9, 0.2])
    for slot in range(5):
        race.counter(int(patterns[slot]), reach=reach[slot], slot=slot)
    designs = [int(patterns[0]), int(patterns[1]) ^ 0b11, int(patterns[2]) ^ 0b1, int(patterns[3])]
    sorties = np.array([900, 500, 250, 60])
    race.fly({race.add_product(design): number for design, number in zip(designs, sorties, strict=True)})
    race.engage()
    order = race.world.order[:5]
    distances = np.array([[(int(patterns[slot]) ^ design).bit_count() for design in designs] for slot in order])
    stopping = np.exp(-(distances**2) / (2 * 1.5**2))
    drawn = np.array([single_sorties(generator, sorties, stopping, reach[order], capacity) for _ in range(400)])
    error = drawn.std(axis=0) / 20
    assert np.abs(race.alive() - drawn.mean(axis=0)) == pytest.approx(0, abs=(4.5 * error + 0.002 * sorties).min())


# What teams remember of their countermeasures


def test_stops_are_remembered_and_fade_weekly() -> None:
    race = BareRace("teams.stops_memory=0.7", *SHARP)
    countermeasure = race.counter(0, reach=0.5)
    row = race.add_product(0)
    for sorties, remembered in ((100, 50), (40, 35 + 20), (0, 0.7 * 55)):
        race.fly({row: sorties})
        race.engage()
        assert countermeasure.stops == pytest.approx(remembered)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2**12 - 1), min_size=1, max_size=6), st.integers(0, 400), st.data())
def test_every_sortie_is_left_or_stopped_by_one_countermeasure(
    designs: list[int], capacity: int, data: st.DataObject
) -> None:
    race = BareRace(*POINT, f"countermeasures.capacity_per_week={capacity}", "teams.stops_memory=0")
    for slot in range(3):
        race.counter(data.draw(st.integers(0, 4095)), reach=data.draw(st.floats(0, 1)), slot=slot)
    race.fly({race.add_product(design): data.draw(st.integers(1, 500)) for design in designs})
    sorties = race.engage()
    assert (race.alive() >= 0).all()
    assert race.alive().sum() + race.world.countermeasures["stops"].sum() == pytest.approx(sorties)
    assert (race.world.countermeasures["engagements"] <= capacity + 1e-9).all()


# Outcomes


def test_stopped_and_hits_are_binomial() -> None:
    race = BareRace(*SHARP)
    race.counter(0, reach=0.4)
    row = race.add_product(0, success=0.5)
    stopped, hits, beyond = [], [], []
    for week in range(3000):
        race.fly({row: 40})
        race.fight(week)
        product = race.world.products[row]
        stopped.append(int(product.stopped))
        hits.append(int(product.hits))
        beyond.append(40 - stopped[-1] - hits[-1])
    assert min(beyond) >= 0
    for sample, chance in ((stopped, 0.4), (hits, 0.6 * 0.5), (beyond, 0.6 * 0.5)):
        assert fits_binomial(sample, 40, chance)
    assert np.cov(stopped, hits)[0, 1] == pytest.approx(-40 * 0.4 * 0.3, rel=0.1)


def fits_binomial(sample: list[int], count: int, chance: float) -> bool:
    """Chi-square test of a sample, its tails pooled where fewer than 10 are expected."""
    distribution = stats.binom(count, chance)
    values = np.arange(max(sample) + 1)
    expected = len(sample) * distribution.pmf(values)
    common = np.flatnonzero(expected >= 10)
    low, high = common[0], common[-1]
    counts = np.bincount(np.clip(sample, low, high))[low:]
    shares = distribution.pmf(values[low : high + 1])
    shares[0] += distribution.cdf(low - 1)
    shares[-1] += distribution.sf(high)
    return agrees(counts, shares)


def test_outcome_of_a_product_is_drawn_by_its_own_key() -> None:
    """Another product in the air, listed before this one, changes no draw of this one."""
    outcomes = []
    for others in ({}, {3: 77}):
        race = BareRace()
        race.fly({**others, int(race.world.makers[0].product): 50})
        race.fight()
        outcomes.append((race.fielded(0).stopped, race.fielded(0).hits))
    assert outcomes[0] == outcomes[1]


def test_expected_hits_and_trials_are_summed_by_kind() -> None:
    race = BareRace(*SHARP)
    race.counter(0, reach=0.25)
    workshop, prime = race.add_product(0, success=0.5), race.add_product(0, maker=4, success=0.8)
    on_trial = race.add_product(0xFFF, success=1.0, status=ON_TRIAL)
    race.fly({workshop: 100, prime: 40, on_trial: 10})
    race.fight()
    assert race.tally.expected_hits == pytest.approx([100 * 0.75 * 0.5 + 10, 40 * 0.75 * 0.8, 0.0])
    assert (race.world.flows[0].trial_sorties, race.world.flows[0].trial_hits) == (10, 10)
    assert race.world.flows[0].expected_trial_hits == pytest.approx(10.0)
    assert race.world.flows[1].expected_trial_hits == 0.0
    assert race.world.flows[1].trial_sorties == 0


# Attribution


def test_stopped_sorties_are_blamed_on_modules_by_log_survival() -> None:
    race = BareRace(*SHARP)
    race.counter(0, module=0, reach=0.5, slot=0)
    race.counter(0, module=2, reach=0.2, slot=1)
    race.counter(0, module=2, reach=0.3, slot=2)
    row = race.add_product(0)
    race.fly({row: 1000})
    race.fight()
    product = race.world.products[row]
    hazard = -np.log([0.5, 1.0, 0.8 * 0.7, 1.0])
    assert product.stopped > 600
    assert product.losses[:4] == pytest.approx(product.stopped * hazard / hazard.sum())


def test_module_that_stops_everything_takes_nearly_all_blame() -> None:
    race = BareRace(*SHARP)
    race.counter(0, module=1, slot=0)
    race.counter(0, module=3, slot=1, reach=0.5)
    row = race.add_product(0)
    race.fly({row: 100})
    race.fight()
    product = race.world.products[row]
    assert product.stopped == 100
    assert product.losses.sum() == pytest.approx(100)
    assert product.losses[1] > 99


def test_only_stopped_sorties_are_blamed(race: BareRace) -> None:
    row = race.add_product(0, success=0.3)
    race.fly({row: 1000})
    race.fight()
    assert race.world.products[row].hits < 400
    assert race.world.products[row].losses.sum() == 0


# Finite targets


def mean_hits(targets: int, sorties: int, success: float, weeks: int = 200) -> float:
    race = BareRace(f"front.targets_per_week={targets}")
    row = race.add_product(0, success=success)
    hits = 0
    for week in range(weeks):
        race.fly({row: sorties})
        race.fight(week)
        hits += race.world.products[row].hits
    return hits / weeks


def test_hits_saturate_as_when_they_fall_on_targets_at_random() -> None:
    generator = np.random.default_rng(3)
    occupied = [len(np.unique(generator.integers(0, 500, generator.binomial(2000, 0.5)))) for _ in range(2000)]
    assert mean_hits(500, 2000, 0.5) == pytest.approx(np.mean(occupied), rel=0.01)


@pytest.mark.parametrize("hits_a_target", [0.0, 1e-18, 2e-16, 1e-9, 1e-4, 0.3, 5.0, 1e3])
def test_saturation_is_exact_for_many_targets_and_for_few(hits_a_target: float) -> None:
    """Share of would-be hits that find a target: (1 - exp(-H / T)) / (H / T)."""
    race = BareRace("front.targets_per_week=1000")
    row = race.add_product(0, success=hits_a_target / 10)
    race.fly({row: 10_000})
    race.engage()
    expected = -np.expm1(-hits_a_target) / hits_a_target if hits_a_target > 0 else 1.0
    assert saturation(race.world, race.params) == pytest.approx(expected, rel=1e-10)


def test_few_sorties_find_targets_enough() -> None:
    assert mean_hits(1_000_000, 100, 0.5) == pytest.approx(50, rel=0.03)


def test_no_more_hits_than_targets() -> None:
    assert mean_hits(100, 10_000, 0.8) == pytest.approx(100, rel=0.02)


def test_targets_are_unlimited_by_default() -> None:
    race = BareRace()
    row = race.add_product(0, success=1.0)
    race.fly({row: 1_000_000})
    race.fight()
    assert race.world.products[row].hits == 1_000_000
