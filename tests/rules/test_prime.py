"""The prime's programme: freeze, search, generation."""

import math

import numpy as np
import pytest

from race_sim.records import FIELDED, NEVER, RETIRED
from race_sim.rules.landscape import quality_sum, unopposed_success
from race_sim.rules.prime import develop, freeze_requirement, programme_weeks, search, start_first_programme
from tests.bare_race import BareRace
from tests.chance import agrees, mean_agrees, share_agrees

PRIME = 4  # the first maker after the four workshops


def value_against(race: BareRace, design: int, slots: list[int]) -> float:
    """Expected success of a design against these countermeasures as they stand now."""
    value = unopposed_success(race.world.landscape, race.params, quality_sum(race.world.landscape, np.uint64(design)))
    for slot in slots:
        one = race.world.countermeasures[slot]
        distance = ((design ^ int(one.pattern)) & int(one.mask)).bit_count()
        value *= 1 - float(one.reach) * math.exp(-(distance**2) / (2 * 1.5**2))
    return float(value)


def opposed(*overrides: str) -> BareRace:
    """A race in which four teams' twelve half-spread countermeasures match the prime's design to some extent."""
    race = BareRace("teams.count=4", *overrides)
    design = int(race.fielded(PRIME).design)
    for slot in range(12):
        countermeasure = race.counter(design ^ (1 << 3 * slot), module=slot % 4, reach=0.3 + 0.05 * slot, slot=slot)
        countermeasure.full_reach = 1.0
    return race


@pytest.mark.parametrize(("standards", "weeks"), [(1, 78), (2, 86), (4, 102)])
def test_every_further_standard_lengthens_development(standards: int, weeks: int) -> None:
    race = BareRace(f"primes.standards={standards}")
    assert programme_weeks(race.world, PRIME, race.params) == weeks


def fieldings(race: BareRace, prime: int, weeks: int) -> list[int]:
    """First weeks of the generations a prime fields."""
    found = []
    for week in range(weeks):
        before = race.world.makers[prime].product
        develop(race.world, prime, race.params, week, race.seed)
        if race.world.makers[prime].product != before:
            found.append(int(race.fielded(prime).week_fielded))
    return found


@pytest.mark.parametrize("standards", [1, 3])
def test_a_generation_is_fielded_every_development_time(standards: int) -> None:
    race = BareRace("primes.development_weeks=20", f"primes.standards={standards}", "primes.weeks_per_extra_standard=5")
    weeks = 20 + 5 * (standards - 1)
    found = fieldings(race, PRIME, 5 * weeks)
    assert 0 < found[0] <= weeks
    assert len(found) in (4, 5)
    assert (np.diff(found) == weeks).all()


def test_primes_start_at_a_random_stage_of_their_programme() -> None:
    race = BareRace("primes.count=400", "primes.development_weeks=10", "primes.search_evaluations=1")
    left = race.world.makers["programme_end"][PRIME:]
    assert set(left) == set(range(1, 11))
    assert agrees(np.bincount(left)[1:])


def test_frozen_primes_field_nothing() -> None:
    assert fieldings(BareRace("primes.develops=false", "primes.development_weeks=5"), PRIME, 30) == []


def test_a_new_generation_retires_the_old_and_keeps_the_family() -> None:
    race = BareRace("primes.development_weeks=6", "primes.search_evaluations=0")
    old, first = int(race.world.makers[PRIME].product), race.fielded(PRIME)
    fieldings(race, PRIME, 7)
    new = race.fielded(PRIME)
    assert (race.world.products[old].status, new.status) == (RETIRED, FIELDED)
    assert new.family == first.family == PRIME
    assert new.design != first.design


# The requirement freeze


def known_slots(race: BareRace) -> list[int]:
    """Slots of the countermeasures that the first prime has on its list: each is told by its reach."""
    listed = race.world.known[0]
    reaches = listed["reach"][listed["standing"] == 1]
    return [slot for slot, reach in enumerate(race.world.countermeasures["reach"]) if reach in reaches]


def known_share(intelligence: float) -> float:
    race = opposed(f"primes.intelligence={intelligence}")
    race.world.countermeasures[5].standing = 0
    counts = np.zeros(12)
    for week in range(1500):
        freeze_requirement(race.world, PRIME, race.params, week, race.seed)
        counts[known_slots(race)] += 1
    assert counts[5] == 0
    standing = np.delete(counts, 5)
    assert all(share_agrees(share, intelligence, 1500) for share in standing / 1500)
    return float(standing.mean() / 1500)


@pytest.mark.parametrize("intelligence", [0.0, 0.3, 1.0])
def test_each_standing_countermeasure_is_known_with_the_probability_of_intelligence(
    intelligence: float,
) -> None:
    assert known_share(intelligence) == pytest.approx(intelligence, abs=0.02)


def test_the_programme_works_against_what_was_known_at_the_freeze_whatever_comes_later() -> None:
    race = opposed("primes.intelligence=0.5", "primes.development_weeks=10")
    freeze_requirement(race.world, PRIME, race.params, 30, race.seed)
    known = known_slots(race)
    assert 0 < len(known) < 12
    maker = race.world.makers[PRIME]
    assert maker.programme_value == pytest.approx(value_against(race, int(maker.programme_design), known))
    then = race.world.countermeasures.copy()
    for slot in range(12):  # the opponent moves on
        race.counter(int(maker.programme_design), module=slot % 4, slot=slot)
    search(race.world, PRIME, race.params, 39, race.seed)
    race.world.countermeasures[:] = then
    assert maker.programme_value == pytest.approx(value_against(race, int(maker.programme_design), known))


def test_without_intelligence_it_works_on_quality_alone() -> None:
    race = opposed("primes.intelligence=0", "primes.development_weeks=10")
    freeze_requirement(race.world, PRIME, race.params, 30, race.seed)
    search(race.world, PRIME, race.params, 39, race.seed)
    maker = race.world.makers[PRIME]
    assert maker.programme_value == pytest.approx(value_against(race, int(maker.programme_design), []))


def test_what_happens_at_the_front_does_not_reach_a_programme() -> None:
    designs = []
    for hits, stopped in ((0, 500), (400, 10)):
        race = opposed("primes.development_weeks=8")
        product = race.fielded(PRIME)
        product.hits, product.stopped, product.losses[2], product.dropped = (
            hits,
            stopped,
            stopped,
            int(hits == 0),
        )
        race.world.makers[PRIME].losses[2] = stopped
        fieldings(race, PRIME, 20)
        designs.append(int(race.fielded(PRIME).design))
    assert designs[0] == designs[1]


def test_redesign_at_the_freeze_is_one_flip_and_a_poisson_number_more() -> None:
    """In proportion to the weeks of the programme; with replacement: (1 - (1 - 2/N) exp(-2 m / N)) / 2 a bit."""
    race = BareRace("primes.flips_per_week=0.5", "primes.development_weeks=16", "primes.standards=1")
    start = int(race.fielded(PRIME).design)
    found = []
    for _ in range(1500):
        freeze_requirement(race.world, PRIME, race.params, 0, race.seed)
        found.append((int(race.world.makers[PRIME].programme_design) ^ start).bit_count())
    expected = 24 * (1 - (1 - 2 / 48) * math.exp(-2 * 8 / 48))
    assert mean_agrees(found, expected)


# The search


def test_search_moves_one_flip_at_a_time_and_only_to_a_better_value() -> None:
    race = opposed("primes.intelligence=1", "primes.development_weeks=200", "primes.search_evaluations=200")
    freeze_requirement(race.world, PRIME, race.params, 0, race.seed)
    maker = race.world.makers[PRIME]
    moves = 0
    for week in range(200):
        design, value = int(maker.programme_design), float(maker.programme_value)
        search(race.world, PRIME, race.params, week, race.seed)
        changed = int(maker.programme_design) ^ design
        assert changed.bit_count() <= 1
        assert (float(maker.programme_value) > value) == bool(changed)
        assert maker.programme_quality == quality_sum(race.world.landscape, maker.programme_design)
        assert maker.programme_value == pytest.approx(value_against(race, int(maker.programme_design), list(range(12))))
        moves += bool(changed)
    assert moves > 10


def test_search_does_not_drift_where_all_designs_are_worth_the_same() -> None:
    race = BareRace("landscape.success_slope=0", "primes.development_weeks=10")
    freeze_requirement(race.world, PRIME, race.params, 0, race.seed)
    design = int(race.world.makers[PRIME].programme_design)
    search(race.world, PRIME, race.params, 9, race.seed)
    assert race.world.makers[PRIME].evaluations == 600
    assert race.world.makers[PRIME].programme_design == design


def test_search_finds_the_peak_of_a_smooth_landscape() -> None:
    race = BareRace("landscape.interactions=0", "primes.development_weeks=10", "primes.search_evaluations=2000")
    freeze_requirement(race.world, PRIME, race.params, 0, race.seed)
    search(race.world, PRIME, race.params, 9, race.seed)
    best = race.world.landscape.contributions.argmax(axis=1)
    assert int(race.world.makers[PRIME].programme_design) == sum(int(bit) << locus for locus, bit in enumerate(best))


def test_evaluations_are_spent_evenly_over_the_programme() -> None:
    race = BareRace("primes.development_weeks=8", "primes.search_evaluations=100")
    freeze_requirement(race.world, PRIME, race.params, 5, race.seed)
    spent = []
    for week in range(5, 15):
        search(race.world, PRIME, race.params, week, race.seed)
        spent.append(int(race.world.makers[PRIME].evaluations))
    assert spent == [math.floor(100 * elapsed / 8) for elapsed in range(1, 9)] + [100, 100]


def test_the_first_programme_has_done_the_part_of_the_search_that_its_stage_implies() -> None:
    race = BareRace("primes.development_weeks=50", "primes.search_evaluations=500")
    start_first_programme(race.world, PRIME, race.params, race.seed)
    maker = race.world.makers[PRIME]
    assert maker.programme_end - maker.programme_start == 50
    search(race.world, PRIME, race.params, 0, race.seed)
    assert maker.evaluations == 10 * (1 - maker.programme_start)


def test_a_generation_expects_what_its_programme_computed() -> None:
    race = opposed("primes.development_weeks=5")
    values = []
    for week in range(12):
        before = int(race.world.makers[PRIME].product)
        develop(race.world, PRIME, race.params, week, race.seed)
        maker = race.world.makers[PRIME]
        if maker.product != before:
            values.append((float(maker.estimate), float(maker.programme_value)))
            assert maker.programme_end == NEVER
            assert race.fielded(PRIME).design == maker.programme_design
    assert len(values) >= 2
    assert all(one == other for one, other in values)
