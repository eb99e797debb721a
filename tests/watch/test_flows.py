"""Drones do not come from nowhere and do not vanish: what flows shows adds up from week to week."""

import pytest

from race_sim.records import TOTAL
from race_sim.watch.flows import flows
from race_sim.watch.watched_race import WatchedRace
from tests.small import six_firms, six_workshops
from tests.watch.watching import watched, watched_scenario

LEFT = ("flown", "scrapped", "bartered", "destroyed")
MADE = ("delivered", *LEFT, "stock", "before")


def run(*overrides: str) -> tuple[WatchedRace, list[dict]]:
    race = watched(*overrides, weeks=0)
    found = []
    while not race.over:
        race.step()
        found.append(flows(race))
    return race, found


@pytest.mark.parametrize("crews", [0, 150, 700])
def test_drones_are_conserved_every_week(crews: int) -> None:
    race, weeks = run("run.weeks=40", f"operators.crews={crews}", "arsenal.shelf_life_weeks=15")
    parameters = six_workshops().parameters
    stock = {
        "workshops": 6 * parameters.workshops.initial_stock,
        "primes": 2 * parameters.primes.initial_stock,
    }
    stock["total"] = sum(stock.values())
    scrapped = 0
    for week, found in enumerate(weeks):
        for name, drones in {**found["by_kind"], "total": found}.items():
            assert drones["before"] == stock.setdefault(name, 0)
            stock[name] += drones["delivered"] - sum(drones[exit_name] for exit_name in LEFT)
            assert drones["stock"] == stock[name]
        assert found["flown"] == race.weekly["kinds"]["sorties"][week, TOTAL]
        scrapped += found["scrapped"]
    assert scrapped > 0
    assert weeks[-1]["exits"] == []


def test_kinds_of_makers_sum_to_the_whole() -> None:
    _, weeks = run()
    for found in weeks:
        for name in MADE:
            assert found[name] == sum(kind[name] for kind in found["by_kind"].values())


def test_crews_are_those_of_the_week() -> None:
    race = watched(weeks=5)
    assert flows(race)["crews"] == 700
    assert flows(race)["used"] == pytest.approx(flows(race)["flown"] / 700, abs=0.0001)
    race.change({"operators.crews": 40})
    assert flows(race)["crews"] == 700
    race.step()
    assert flows(race)["crews"] == 40
    assert flows(race)["used"] == 1.0


def test_without_crews_no_share_of_them_is_used() -> None:
    _, weeks = run("operators.crews=0")
    assert weeks[-1]["used"] is None
    assert weeks[-1]["flown"] == 0


def test_drones_bartered_and_destroyed_are_among_those_that_leave() -> None:
    race = watched_scenario(six_firms("strikes.depot_hazard=0.5"), weeks=0)
    stock = flown = 0
    while not race.over:
        race.step()
        found = flows(race)
        stock = stock if race.week else found["before"]
        assert found["before"] == stock
        stock += found["delivered"] - sum(found[exit_name] for exit_name in LEFT)
        assert found["stock"] == stock
        flown += found["flown"]
    assert flown > 0
    assert found["exits"] == ["bartered", "destroyed"]


def test_it_says_that_there_are_no_accounts() -> None:
    found = flows(watched(weeks=1))
    assert found["money"] is None
    assert "no accounts" in found["note"]
