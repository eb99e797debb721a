"""To watch a race does not change it; what is changed on the way is an event that gives the same race again."""

import json
from typing import Any

import numpy as np
import pytest

from race_sim.agents import Workshop
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.records import TOTAL
from race_sim.scenario import Value, library, load
from race_sim.watch import WatchedRace
from tests.small import six_workshops
from tests.watch.watching import watched, watched_scenario


@pytest.mark.parametrize("name", ["baseline", "interceptors", "frozen_red"])
def test_watching_changes_nothing(name: str) -> None:
    scenario = load(name, ["run.weeks=60"])
    race = watched_scenario(scenario, seed=8)
    for agent in ("workshop-3", "team-2"):
        race.frame(agent)
    assert race.model.records().same_bytes(run_ensemble(scenario, [8]))


def test_what_is_changed_on_the_way_makes_the_same_race_as_its_timeline() -> None:
    race = watched("run.weeks=30", weeks=9)
    race.change({"teams.discovery_weeks": 7.0, "workshops.iteration_weeks": 3})
    for _ in range(5):
        race.step()
    race.change({"teams.discovery_weeks": 2.0})
    while not race.over:
        race.step()
    assert [(event.week, event.path) for event in race.scenario.events] == [
        (9, "teams.discovery_weeks"),
        (9, "workshops.iteration_weeks"),
        (14, "teams.discovery_weeks"),
    ]
    assert race.model.records().same_bytes(run_ensemble(race.scenario, [3]))


def test_a_lever_acts_from_the_next_week_and_not_before() -> None:
    changed, same = watched("run.weeks=30", weeks=9), watched("run.weeks=30", weeks=9)
    changed.change({"operators.crews": 50})
    for race in (changed, same):
        while not race.over:
            race.step()
    assert changed.weekly[:9].tobytes() == same.weekly[:9].tobytes()
    assert changed.weekly["kinds"]["sorties"][9, TOTAL] <= 50 < same.weekly["kinds"]["sorties"][9, TOTAL]


def test_a_change_before_the_first_week_is_one_of_the_scenario() -> None:
    race = watched(weeks=0)
    race.change({"founders.origin": "independent", "teams.skill": 0.2})
    assert race.scenario.parameters.founders.origin == "independent"
    assert race.scenario.events == ()
    race.step()
    assert race.weekly.tobytes() == run_ensemble(race.scenario, [3]).weekly[0, :1].tobytes()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"run.weeks": 20}, "fixed for the whole run"),
        ({"teams.skill": 2.0}, "teams.skill = 2.0 is not allowed"),
        ({"teams.skil": 0.2}, "unknown parameter"),
        ({"teams.skill": 0.2, "workshops.weekly_output": -1}, "workshops.weekly_output = -1 is not allowed"),
    ],
)
def test_a_change_that_is_refused_leaves_the_race_as_it_was(changes: dict[str, Value], why: str) -> None:
    race = watched(weeks=4)
    with pytest.raises(InputError, match=why):
        race.change(changes)
    while not race.over:
        race.step()
    assert race.model.records().same_bytes(run_ensemble(six_workshops(), [3]))


def test_nothing_can_be_changed_after_the_end() -> None:
    with pytest.raises(InputError, match="the run has weeks 0 to 11"):
        watched().change({"teams.skill": 0.2})


class Stubborn(Workshop):
    """Never tries anything."""

    def adapt(self) -> None:
        pass


class StubbornRace(RaceModel):
    workshop_class = Stubborn


def test_agents_of_a_users_own_behave_as_they_do_elsewhere() -> None:
    race = WatchedRace(six_workshops(), 3, StubbornRace)
    while not race.over:
        race.step()
    assert race.weekly["kinds"]["designs_fielded"][:, 0].sum() == 0
    assert race.model.records().same_bytes(StubbornRace(six_workshops(), seed=3).run())
    assert race.control_run is None


def test_races_do_not_share_what_they_have_seen() -> None:
    first, second = watched(weeks=3, seed=1), watched(weeks=3, seed=2)
    before = json.dumps(first.frame())
    second.step()
    assert json.dumps(first.frame()) == before


@pytest.mark.parametrize("name", library())
def test_a_frame_is_plain_values_and_small(name: str) -> None:
    race = watched_scenario(load(name), weeks=45)
    frame = race.frame("team-0" if len(race.model.teams) else None)
    text = json.dumps(frame, allow_nan=False)
    assert json.loads(text) == frame
    assert len(text) < 100_000


def test_a_frame_before_the_first_week_shows_nothing_yet() -> None:
    frame = watched(weeks=0).frame()
    assert frame["week"] == -1
    assert frame["space"] is None
    assert frame["log"] == []


def test_a_frame_is_frozen() -> None:
    race = watched(weeks=5)
    frame = race.frame("workshop-1")
    text = json.dumps(frame)
    while not race.over:
        race.step()
    assert json.dumps(frame) == text


def test_the_same_race_gives_the_same_frames() -> None:
    assert watched(weeks=7).frame("workshop-1") == watched(weeks=7).frame("workshop-1")


@pytest.mark.parametrize(
    "overrides",
    [
        ("teams.count=0",),
        ("workshops.count=0", "workshops.network=none"),
        ("primes.count=0",),
        ("design.modules=1",),
        ("design.modules=8", "design.bits_per_module=8"),
        ("operators.crews=0",),
        ("workshops.initial_stock=0", "primes.initial_stock=0", "workshops.weekly_output=0", "primes.weekly_output=0"),
        ("run.weeks=1", "run.burn_in_weeks=0"),
    ],
)
def test_races_in_which_something_is_missing_can_be_watched(overrides: tuple[str, ...]) -> None:
    race = watched(*overrides, weeks=0)
    frames: list[dict[str, Any]] = [race.frame()]
    while not race.over:
        race.step()
        frames.append(race.frame())
    for frame in frames:
        json.dumps(frame, allow_nan=False)
    assert np.diff([frame["week"] for frame in frames]).tolist() == [1] * race.weeks
