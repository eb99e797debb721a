"""What is seen of a week is what the driver recorded of it."""

import numpy as np
import pytest

from race_sim.records import PRIME, TOTAL, WORKSHOP
from race_sim.watch import WatchedRace
from tests.watch.watching import watched


@pytest.fixture(params=["area", "point"])
def race(request: pytest.FixtureRequest) -> WatchedRace:
    return watched(f"countermeasures.kind={request.param}")


def test_sorties_stopped_and_hits_are_those_recorded(race: WatchedRace) -> None:
    for sight in race.history.sights:
        recorded = race.weekly["kinds"][sight.week]
        flying = sight.flying
        for kind in range(TOTAL):
            for name in ("sorties", "stopped", "hits"):
                assert getattr(flying, name)[flying.kind == kind].sum() == recorded[name][kind]
        assert flying.sorties[flying.on_trial].sum() == recorded["trial_sorties"][TOTAL]
        expected = flying.sorties * flying.alive * flying.success
        assert expected.sum() == pytest.approx(recorded["expected_hits"][TOTAL])


def test_stock_is_that_recorded(race: WatchedRace) -> None:
    for sight in race.history.sights:
        recorded, stock = race.weekly["kinds"][sight.week], sight.stock
        for kind in range(TOTAL):
            own = stock.kind == kind
            assert stock.quantity[own].sum() == recorded["stock"][kind]
            assert stock.quantity[own & stock.countered].sum() == recorded["stock_countered"][kind]
            assert stock.quantity[own & stock.dropped].sum() == recorded["stock_dropped"][kind]
            age = (stock.quantity * stock.age)[own].sum() / max(1, stock.quantity[own].sum())
            assert age == pytest.approx(np.nan_to_num(recorded["stock_age"][kind]))


def test_production_is_that_recorded(race: WatchedRace) -> None:
    for sight in race.history.sights:
        recorded, production = race.weekly["kinds"][sight.week], sight.production
        for kind in (WORKSHOP, PRIME):
            own = production.kind == kind
            assert production.quality[own].mean() == pytest.approx(recorded["quality"][kind])
            assert production.expected[own].mean() == pytest.approx(recorded["fielded_success"][kind])
            assert production.gap[own].mean() == pytest.approx(recorded["gap"][kind], nan_ok=True)


def test_countermeasures_are_those_recorded(race: WatchedRace) -> None:
    for sight in race.history.sights:
        assert len(sight.standing.slot) == race.weekly["countermeasures_standing"][sight.week]
        if len(sight.standing.slot):
            assert sight.standing.reach.mean() == pytest.approx(race.weekly["mean_reach"][sight.week])


def test_chances_to_be_stopped_multiply_to_what_gets_past(race: WatchedRace) -> None:
    """Countermeasures act one after the other: what all leave alive is the product of what each lets past."""
    for sight in race.history.sights:
        assert np.prod(1.0 - sight.stopping(), axis=0) == pytest.approx(sight.flying.alive)


def test_a_week_seen_stays_as_it_was() -> None:
    race = watched(weeks=4)
    sight = race.history.last
    before = {name: array.copy() for name, array in vars(sight.flying).items()}
    while not race.over:
        race.step()
    for name, array in before.items():
        assert np.array_equal(getattr(sight.flying, name), array)
