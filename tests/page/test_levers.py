"""Levers in a session: what they take back, what they tell, what they refuse; and models that refuse to race."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from race_sim.model import RaceModel
from race_sim.page.offer import Offer
from race_sim.page.session import Session
from race_sim.scenario import Event, Scenario
from tests.page.sessions import do, pull, session


def test_a_race_begun_anew_with_a_lever_is_rid_of_later_changes_of_it() -> None:
    watched = session("week=-1")
    do(watched, "jump", "8")
    pull(watched, "teams.skill", "0.2")
    pull(watched, "operators.crews", "900")
    do(watched, "when", "anew")
    pull(watched, "teams.skill", "0.9")
    assert watched.message is not None
    assert "made here are gone" in watched.message.text
    assert [event.path for event in watched.scenario.events] == ["operators.crews"]
    assert watched.scenario.parameters.teams.skill == 0.9


def test_a_later_event_on_the_same_lever_is_told() -> None:
    watched = session("event=20:teams.skill:0.4")
    do(watched, "jump", "8")
    pull(watched, "teams.skill", "0.2")
    assert watched.message is not None
    assert "In week 20 an event sets teams.skill to 0.4" in watched.message.text


def test_more_changes_than_a_link_holds_are_refused() -> None:
    watched = session("set=run.weeks:5000")
    watched.link = replace(
        watched.link,
        races=(
            replace(
                watched.link.races[0],
                events=tuple(Event(week, "teams.discovery_weeks", 2.0 + week / 5000) for week in range(1000, 1560)),
            ),
        ),
    )
    do(watched, "step", "")
    before = watched.link
    pull(watched, "teams.skill", "0.2")
    assert watched.message is not None
    assert "more changes than a link can hold" in watched.message.text
    assert watched.link == before


def test_of_two_races_either_can_go_on_alone() -> None:
    for preset, weeks in (("one", 1), ("second", 16)):
        watched = session()
        do(watched, "beside", "cycles")
        do(watched, "beside", preset)
        assert [one.parameters.workshops.iteration_weeks for one in watched.scenarios] == [weeks]


def test_a_link_that_a_model_cannot_race_leaves_a_page() -> None:
    class Picky(RaceModel):
        def __init__(self, setting: Scenario, **how: Any) -> None:
            if setting.parameters.teams.count == 3:
                raise ZeroDivisionError("no three teams")
            super().__init__(setting, **how)

    watched = Session(Offer(model=Picky), "set=teams.count:3")
    assert watched.message is not None
    assert "no three teams" in watched.message.text
    assert watched.races[0].week == -1


def test_a_failure_stops_the_race_and_is_told() -> None:
    watched = session()
    do(watched, "play")
    watched.fail(ZeroDivisionError("mine"))
    assert not watched.busy
    assert watched.message is not None
    assert "ZeroDivisionError: mine" in watched.message.text
