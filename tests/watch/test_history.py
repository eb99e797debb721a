"""What is remembered of a race agrees with what was recorded of it."""

from itertools import pairwise

import numpy as np

from race_sim.records import PRIME, TOTAL, WORKSHOP
from race_sim.watch.history import RECORD_WEEKS, TRAIL_WEEKS
from tests.watch.watching import watched


def test_families_sum_to_all_sorties() -> None:
    race = watched()
    for week, (families, sorties) in enumerate(race.history.family_sorties):
        assert sorties.sum() == race.weekly["kinds"]["sorties"][week, TOTAL]
        assert np.all(np.diff(families) > 0)


def test_makers_sum_to_all_sorties_and_hits() -> None:
    race = watched()
    for week in race.history.maker_weeks:
        recorded = race.weekly["kinds"][week.week]
        assert week.sorties[:6].sum() == recorded["sorties"][WORKSHOP]
        assert week.hits[6:].sum() == recorded["hits"][PRIME]
        assert week.stopped.sum() == recorded["stopped"][TOTAL]


def test_every_design_and_countermeasure_fielded_is_remembered_once() -> None:
    race = watched("run.weeks=40")
    adoptions = [one for own in race.history.adoptions.values() for one in own]
    for week in range(race.weeks):
        recorded = race.weekly[week]
        for kind, planned in ((WORKSHOP, False), (PRIME, True)):
            found = [one for one in adoptions if one.week == week and one.planned == planned]
            assert len(found) == recorded["kinds"]["designs_fielded"][kind]
        fielded = [one for one in race.history.fieldings if one.week == week]
        assert len(fielded) == recorded["countermeasures_fielded"]
    assert adoptions
    assert race.history.fieldings


def test_a_new_design_follows_the_one_before_it() -> None:
    race = watched("run.weeks=40")
    burn_in = race.scenario.parameters.run.burn_in_weeks
    chains = race.history.adoptions.values()
    assert any(len(chain) > 1 for chain in chains)
    for chain in chains:
        for earlier, later in pairwise(chain):
            assert later.previous_design == earlier.design
            rooted = earlier.week < burn_in <= later.week  # families are counted anew when the burn-in ends
            assert later.previous_family == (later.maker if rooted else earlier.family)
            assert later.week > earlier.week


def test_memory_of_whole_weeks_is_bounded() -> None:
    race = watched("run.weeks=80")
    assert len(race.history.sights) == TRAIL_WEEKS + 1
    assert len(race.history.maker_weeks) == RECORD_WEEKS
    assert race.history.last.week == 79
