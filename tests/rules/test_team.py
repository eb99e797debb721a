"""The countermeasure team: what it senses, what it works on, what it fields."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from race_sim.records import NEVER, NOBODY
from race_sim.rules.team import (
    choose_target,
    field_project,
    slot_to_use,
    spread_countermeasures,
    take_up_project,
)
from tests.bare_race import SHARP, BareRace
from tests.chance import agrees, follows, mean_agrees, share_agrees

WEEKS = 3000


def attack(race: BareRace, flying: list[tuple[int, int, int]], exported: int = 0) -> None:
    """Fly products of these (design, hits, stopped), of each so many are exported; column n is the n-th."""
    rows = [race.add_product(design) for design, _, _ in flying]
    race.fly(dict.fromkeys(rows, 1000))
    race.engage()
    for row, (_, hits, stopped) in zip(rows, flying, strict=True):
        race.world.products[row].hits = hits
        race.world.products[row].stopped = stopped
        race.world.products[row].exported = exported


def projects(race: BareRace, weeks: int = WEEKS) -> np.ndarray:
    """The project a team takes up in each of many weeks, as if idle in all of them."""
    found = []
    for week in range(weeks):
        race.world.teams[0].project_end = NEVER
        take_up_project(race.world, 0, race.params, week, race.seed)
        found.append(race.world.teams[0].copy())
    return np.array(found)


# Sensing and targets


def targets(race: BareRace) -> np.ndarray:
    """In how many weeks each column is the target."""
    found = Counter(int(choose_target(race.world, 0, race.params, week, race.seed)) for week in range(WEEKS))
    return np.array([found[column] for column in range(race.tally.columns)])


SENSED = [(1, 100, 0), (2, 0, 100), (3, 40, 60), (4, 0, 0)]


@pytest.mark.parametrize(("hits", "wrecks"), [(0.7, 0.3), (1.0, 0.0), (0.2, 0.9)])
def test_designs_are_targets_in_proportion_to_hits_and_wreckage(hits: float, wrecks: float) -> None:
    race = BareRace(f"teams.hits_weight={hits}", f"teams.wreckage_weight={wrecks}")
    attack(race, SENSED)
    attention = np.array([hits * suffered + wrecks * found for _, suffered, found in SENSED])
    assert agrees(targets(race), attention)


def test_a_greedy_team_takes_what_it_senses_most() -> None:
    race = BareRace("teams.targeting=greedy")
    attack(race, [(1, 90, 0), (2, 80, 60), (3, 0, 200)])  # 63, 74, 60
    assert targets(race).tolist() == [0, WEEKS, 0]


def test_a_random_team_takes_anything_that_flies() -> None:
    race = BareRace("teams.targeting=random")
    attack(race, SENSED)
    assert agrees(targets(race))


@pytest.mark.parametrize("targeting", ["proportional", "greedy", "random"])
def test_a_team_that_senses_nothing_stays_idle(targeting: str) -> None:
    race = BareRace(f"teams.targeting={targeting}")
    attack(race, [(1, 0, 0), (2, 0, 0)])
    assert choose_target(race.world, 0, race.params, 0, race.seed) == NOBODY
    take_up_project(race.world, 0, race.params, 0, race.seed)
    assert race.world.teams[0].project_end == NEVER
    assert race.world.teams[0].projects == 0


def test_teams_choose_independently() -> None:
    race = BareRace("teams.count=2")
    attack(race, [(1, 50, 0), (2, 50, 0)])
    pairs = Counter(
        tuple(int(choose_target(race.world, team, race.params, week, race.seed)) for team in (0, 1))
        for week in range(WEEKS)
    )
    assert agrees([pairs[one, other] for one in (0, 1) for other in (0, 1)])


# Choice of the module

SHARED = 0b101101 << 24  # module 2 of three designs that differ elsewhere
ATTACK = [(SHARED | 0b111, 100, 0), (SHARED | 0b111 << 5, 90, 0), (SHARED | 0b1111 << 38, 80, 0)]


@pytest.mark.parametrize("skill", [0.0, 0.7, 1.0])
def test_a_skilled_team_counters_the_module_that_covers_most_damage(skill: float) -> None:
    race = BareRace(f"teams.skill={skill}", "teams.targeting=greedy")
    attack(race, ATTACK)
    effect = np.exp(-(np.arange(13) ** 2) / (2 * 1.5**2))
    target = ATTACK[0][0]
    covered = [
        sum(hits * effect[((target ^ design) >> 12 * module & 0xFFF).bit_count()] for design, hits, _ in ATTACK)
        for module in range(4)
    ]
    best = int(np.argmax(covered))
    counts = np.bincount(projects(race)["module"], minlength=4)
    shares = np.full(4, (1 - skill) / 4)
    shares[best] += skill
    assert agrees(counts, shares)


def test_damage_is_what_hit_not_what_flew() -> None:
    """The module shared with a design that flew as often and hit nothing is not worth more."""
    race = BareRace("teams.skill=1", "teams.targeting=greedy")
    own, shares_1, shares_3 = 0xF, 0xFF0 | 0xFFF << 24 | 0xFFF << 36, 0xFF0 | 0xFFF << 12 | 0xFFF << 24
    attack(race, [(own, 100, 0), (shares_1, 0, 0), (shares_3, 50, 0)])
    assert set(projects(race, 50)["module"]) == {3}


# The pattern


def wrong_bits(race: BareRace, design: int) -> np.ndarray:
    """Share of weeks in which each bit of the target's module is copied wrong."""
    found = projects(race)
    masks = np.array([0xFFF << 12 * int(module) for module in found["module"]], dtype=np.uint64)
    assert ((found["pattern"] & ~masks) == 0).all()
    wrong = (found["pattern"] ^ np.uint64(design)) & masks
    places = [(int(word) >> 12 * int(module)) & 0xFFF for word, module in zip(wrong, found["module"], strict=True)]
    return np.array([[place >> bit & 1 for bit in range(12)] for place in places]).mean(axis=0)


@pytest.mark.parametrize("error", [0.0, 0.03, 0.25, 0.5])
def test_each_bit_of_the_pattern_is_sensed_wrong_with_the_sensing_error(error: float) -> None:
    race = BareRace(f"teams.sensing_error={error}")
    design = 0xABC_DEF_123_456
    attack(race, [(design, 100, 500)])
    found = wrong_bits(race, design)
    assert all(share_agrees(share, error, WEEKS) for share in found)
    assert share_agrees(found.mean(), error, 12 * WEEKS)


@pytest.mark.parametrize(("wrecks", "divided_by"), [(0, 1), (50, 2), (350, 8)])
def test_the_sensing_error_falls_with_the_wrecks_of_that_product(wrecks: int, divided_by: int) -> None:
    race = BareRace("teams.sensing_error=0.4", "teams.wreckage_half=50", "teams.targeting=greedy")
    attack(race, [(0x123, 1000, wrecks), (0xFED, 0, 777)])
    found = wrong_bits(race, 0x123)
    assert share_agrees(found.mean(), 0.4 / divided_by, 12 * WEEKS)


@pytest.mark.parametrize(("leak", "share"), [(0.0, 1.0), (0.5, 100 / (100 + 25)), (2.0, 0.5)])
def test_what_leaks_from_abroad_is_free_of_sensing_error(leak: float, share: float) -> None:
    race = BareRace(
        "teams.sensing_error=0.4",
        "teams.targeting=greedy",
        "teams.hits_weight=1",
        "teams.wreckage_weight=0",
        f"exports.leak={leak}",
    )
    attack(race, [(0x123, 100, 0)], exported=50)
    assert share_agrees(wrong_bits(race, 0x123).mean(), 0.4 * share, 12 * WEEKS)


# Discovery


@pytest.mark.parametrize("mean", [1, 3, 8])
def test_discovery_takes_a_week_and_a_poisson_number_more(mean: int) -> None:
    race = BareRace(f"teams.discovery_weeks={mean}")
    attack(race, [(1, 100, 0)])
    durations = projects(race)["project_end"] - np.arange(WEEKS)
    assert durations.min() == 1
    assert mean_agrees(durations, mean)
    if mean > 1:
        values = np.arange(2 * mean)
        expected = np.append(stats.poisson(mean - 1).pmf(values), stats.poisson(mean - 1).sf(values[-1]))
        counts = np.bincount(np.minimum(durations - 1, 2 * mean), minlength=2 * mean + 1)
        assert agrees(counts, expected)


def test_a_busy_team_takes_up_nothing_else() -> None:
    race = BareRace("teams.discovery_weeks=30")
    attack(race, [(1, 100, 0)])
    take_up_project(race.world, 0, race.params, 0, race.seed)
    project = race.world.teams[0].copy()
    take_up_project(race.world, 0, race.params, 1, race.seed)
    assert race.world.teams[0] == project
    assert project.projects == 1


def test_a_project_is_fielded_when_ready_and_acts_from_next_week() -> None:
    race = BareRace("teams.discovery_weeks=6", "teams.sensing_error=0", "teams.diffusion_weeks=5")
    attack(race, [(0xABC_DEF_123_456, 100, 0)])
    take_up_project(race.world, 0, race.params, 0, race.seed)
    team = race.world.teams[0]
    ready, module = int(team.project_end), int(team.module)
    standing = []
    for week in range(ready + 2):
        field_project(race.world, 0, race.params, week)
        spread_countermeasures(race.world, 0, race.params, week)
        standing.append(int(race.world.countermeasures["standing"].sum()))
    assert standing == [0] * ready + [1, 1]
    countermeasure = race.world.countermeasures[0]
    assert countermeasure.week == ready + 1
    assert int(countermeasure.pattern) == 0xABC_DEF_123_456 & 0xFFF << 12 * module
    assert (countermeasure.team, countermeasure.module, countermeasure.breadth) == (0, module, 1.5)
    assert 0 < countermeasure.reach < 0.2 * countermeasure.full_reach
    assert team.project_end == NEVER


# Slots and reach


def fielded_slot(race: BareRace, week: int, team: int = 0) -> int:
    """Field a project of a team in this week; the slot it goes to."""
    project = race.world.teams[team]
    project.project_end, project.breadth = week, 1.5
    field_project(race.world, team, race.params, week)
    return int(np.flatnonzero(race.world.countermeasures["week"] == week + 1)[0])


@pytest.mark.parametrize(("budget", "slots", "reach"), [(2.0, 3, 2 / 3), (0.6, 2, 0.3), (9.0, 3, 1.0), (0.0, 3, 0.0)])
def test_slots_share_the_reach_budget(budget: float, slots: int, reach: float) -> None:
    race = BareRace(f"teams.reach_budget={budget}", f"teams.slots={slots}", "teams.diffusion_weeks=3")
    for week in range(2 * slots):
        fielded_slot(race, week)
    for week in range(2 * slots, 60):
        spread_countermeasures(race.world, 0, race.params, week)
    assert race.world.countermeasures["full_reach"] == pytest.approx(reach)
    assert race.world.countermeasures["reach"] == pytest.approx(reach, rel=1e-6)
    assert race.world.countermeasures["reach"].sum() <= budget + 1e-9


def test_empty_slots_are_used_first_then_the_one_that_stops_least_for_its_reach() -> None:
    """What they stop, over their reach, is 40, 100 and 60 sorties."""
    race = BareRace(*SHARP, "teams.count=2", "teams.slots=3")
    assert sorted(fielded_slot(race, week, team=1) for week in range(3)) == [3, 4, 5]
    assert race.world.countermeasures["standing"].tolist() == [0, 0, 0, 1, 1, 1]
    patterns, reaches = (0x001, 0x010, 0x100), (0.9, 0.1, 0.5)
    for place, (pattern, reach) in enumerate(zip(patterns, reaches, strict=True)):
        race.counter(pattern, slot=3 + place, reach=reach)
    race.fly({race.add_product(pattern): sorties for pattern, sorties in zip(patterns, (40, 100, 60), strict=True)})
    race.engage()
    assert race.world.countermeasures["stops"][3:].argmin() == 1
    assert slot_to_use(race.world, 1, race.params) == 3
    assert fielded_slot(race, 10, team=1) == 3


def test_a_countermeasure_that_has_not_acted_yet_is_kept() -> None:
    race = BareRace("teams.slots=3")
    race.counter(0, slot=2)
    race.fly({race.add_product(0): 100})
    race.engage()
    race.counter(0, slot=0)
    race.counter(0, slot=1)
    assert slot_to_use(race.world, 0, race.params) == 2


def test_stops_of_long_ago_do_not_save_a_countermeasure() -> None:
    """It stopped a thousand a week for ten weeks and nothing since; the other stops forty all the time."""
    race = BareRace(*SHARP, "teams.slots=2", "teams.stops_memory=0.7")
    race.counter(0x0FF, slot=0)
    race.counter(0xFF0, slot=1)
    early, steady = race.add_product(0x0FF), race.add_product(0xFF0)
    for week in range(25):
        race.fly({early: 1000 if week < 10 else 0, steady: 40})
        race.engage(week)
        forgotten = week >= 10 and 1000 * 0.7 ** (week - 9) * (1 - 0.7**10) < 40 * (1 - 0.7 ** (week + 1))
        assert slot_to_use(race.world, 0, race.params) == (0 if forgotten else 1)


# Breadth


def test_breadth_is_the_set_one_unless_it_evolves() -> None:
    race = BareRace("countermeasures.breadth=2.5")
    attack(race, [(1, 100, 0)])
    race.counter(0, breadth=7.0).stops = 50.0
    assert set(projects(race, 50)["breadth"]) == {2.5}


def test_breadth_evolves_by_log_normal_steps_from_the_one_that_stops_most() -> None:
    race = BareRace("countermeasures.breadth_evolves=true", "countermeasures.breadth_step=0.2")
    attack(race, [(1, 100, 0)])
    steps = np.log(projects(race)["breadth"] / 1.5) / 0.2
    assert follows(steps, "norm")
    race.counter(0, slot=0, breadth=0.7).stops = 10.0
    race.counter(0, slot=1, breadth=4.0).stops = 30.0
    race.counter(0, slot=2, breadth=9.0).stops = 20.0
    steps = np.log(projects(race)["breadth"] / 4.0) / 0.2
    assert follows(steps, "norm")
