"""The front balance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.records import NEVER, TOTAL
from race_sim.rules.engagement import gather
from race_sim.rules.front import move_front
from tests.bare_race import BareRace

SETTING = (
    "front.value_per_hit=2",
    "front.regeneration=500",
    "front.regeneration_spread=0.2",
    "front.scale=1000",
)


def week_of_hits(race: BareRace, week: int, *hits: int) -> list[float]:
    """The balances after a week in which products hit this often."""
    rows = [race.add_product() for _ in hits]
    race.fly(dict.fromkeys(rows, 10_000))
    gather(race.world, week)
    for row, number in zip(rows, hits, strict=True):
        race.world.products[row].hits = number
    move_front(race.world, race.params, week)
    return [float(balance) for balance in race.tally.balance]


def test_balance_moves_by_net_worth_of_hits_for_three_regenerations() -> None:
    race = BareRace(*SETTING)
    assert week_of_hits(race, 0, 200, 30) == pytest.approx([(460 - r) / 1000 for r in (400, 500, 600)])
    assert week_of_hits(race, 1, 300) == pytest.approx([(1060 - 2 * r) / 1000 for r in (400, 500, 600)])
    assert race.tally.decided.tolist() == [NEVER] * 3


def test_the_front_stands_still_during_the_burn_in() -> None:
    race = BareRace(*SETTING, "run.burn_in_weeks=3")
    found = [week_of_hits(race, week, 10_000)[1] for week in range(3)]
    assert found == [0.0, 0.0, 0.0]
    assert week_of_hits(race, 3, 300)[1] == pytest.approx(0.1)


def test_no_hits_let_the_other_side_regenerate() -> None:
    assert week_of_hits(BareRace(*SETTING), 0) == pytest.approx([-0.4, -0.5, -0.6])


@pytest.mark.parametrize(("hits", "end"), [(700, 1.0), (0, -1.0)])
def test_once_decided_it_stays_decided(hits: int, end: float) -> None:
    race = BareRace(*SETTING)
    for week in range(6):
        week_of_hits(race, week, hits)
    assert race.tally.balance.tolist() == [end] * 3
    decided = race.tally.decided.tolist()
    steps = np.abs(2 * hits - np.array([400, 500, 600])) / 1000
    assert decided == (np.ceil(1 / steps - 1e-9) - 1).tolist()
    week_of_hits(race, 6, 10_000 if end < 0 else 0)
    assert race.tally.balance.tolist() == [end] * 3
    assert race.tally.decided.tolist() == decided


def test_a_decided_front_does_not_stop_the_race() -> None:
    race = BareRace("front.scale=1", "front.regeneration=1e6")
    weekly = race.run(12)
    assert (weekly["front_balance"] == -1).all()
    assert (weekly["kinds"]["sorties"][:, TOTAL] > 0).all()


@settings(max_examples=50)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12))
def test_balance_stays_within_its_bounds_and_more_regeneration_is_never_better(hits: list[int]) -> None:
    race = BareRace(*SETTING)
    for week, number in enumerate(hits):
        low, central, high = week_of_hits(race, week, number)
        assert 1 >= low >= central >= high >= -1
