"""What a window's session does to its races, without a browser: playing, jumping, levers, two races at a time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from race_sim.page.presets import GENERAL, POLICY_GROUP, presets
from race_sim.page.views import bar, panel, scene
from race_sim.scenario import Event, Scenario, load
from race_sim.watch.link import Setup, read_link, read_value
from tests.page.sessions import OFFER, SMALL, do, pull, same_weeks, session


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load("baseline").with_changes(SMALL)


def test_a_race_is_the_one_that_is_named(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "20")
    assert watched.week == 20
    assert same_weeks(watched, small)


def test_a_lever_acts_from_the_next_week(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "9")
    pull(watched, "teams.discovery_weeks", "2")
    do(watched, "jump", "25")
    changed = replace(small, events=(Event(10, "teams.discovery_weeks", 2.0),))
    assert same_weeks(watched, changed)
    assert not same_weeks(watched, small)
    assert watched.scenario.segments == changed.segments


def test_a_lever_pulled_twice_in_a_week_counts_once(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "9")
    pull(watched, "teams.discovery_weeks", "2")
    pull(watched, "teams.discovery_weeks", "20")
    do(watched, "jump", "25")
    assert same_weeks(watched, replace(small, events=(Event(10, "teams.discovery_weeks", 20.0),)))


def test_a_lever_can_start_the_race_anew(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "9")
    do(watched, "when", "anew")
    pull(watched, "teams.discovery_weeks", "2")
    assert watched.week == -1
    do(watched, "jump", "12")
    assert same_weeks(watched, small.with_changes({"teams.discovery_weeks": 2.0}))


def test_before_the_first_week_a_lever_changes_the_start(small: Scenario) -> None:
    watched = session()
    pull(watched, "teams.skill", "0.1")
    assert watched.link.races[0].events == ()
    do(watched, "jump", "12")
    assert same_weeks(watched, small.with_changes({"teams.skill": 0.1}))
    do(watched, "reset")
    pull(watched, "teams.skill", "0.7")
    assert ("teams.skill", 0.1) not in watched.link.races[0].changes
    assert watched.scenario.parameters == small.parameters


def test_what_is_fixed_starts_the_race_anew_and_says_so(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "9")
    pull(watched, "workshops.count", "5")
    assert watched.week == -1
    assert watched.message is not None
    assert "workshops.count" in watched.message.text
    do(watched, "jump", "9")
    assert same_weeks(watched, small.with_changes({"workshops.count": 5}))


def test_a_lever_at_rest_changes_nothing() -> None:
    watched = session()
    do(watched, "jump", "9")
    before = watched.link
    pull(watched, "teams.skill", "0.7")
    assert (watched.link, watched.week) == (before, 9)


def test_a_lever_at_the_end_is_refused() -> None:
    watched = session()
    do(watched, "jump", "29")
    before = watched.link
    pull(watched, "teams.skill", "0.1")
    assert watched.message is not None
    assert "over" in watched.message.text
    assert watched.link == before


def test_undoing_gives_the_race_without_it(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "5")
    pull(watched, "teams.skill", "0.1")
    do(watched, "jump", "9")
    pull(watched, "operators.crews", "300")
    do(watched, "jump", "15")
    do(watched, "undo", "0", what="event")
    assert watched.week == 15
    assert same_weeks(watched, replace(small, events=(Event(10, "operators.crews", 300),)))
    do(watched, "undo-all")
    assert watched.week == 15
    assert watched.link.races == (Setup("baseline"),)


@pytest.mark.parametrize("target", ["3", "15", "0"])
def test_jumping_anywhere_gives_the_same_race(target: str, small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "15")
    do(watched, "jump", target)
    assert watched.week == int(target)
    assert same_weeks(watched, small)


def test_playing_ends_with_the_race_and_starts_again() -> None:
    watched = session()
    do(watched, "jump", "28")
    do(watched, "play")
    assert watched.busy
    watched.advance()
    assert watched.over
    assert not watched.busy
    do(watched, "step")
    assert watched.message is not None
    do(watched, "play")
    assert (watched.week, watched.playing) == (-1, True)
    do(watched, "play")
    assert not watched.busy


def test_two_races_meet_the_same_chance_and_step_together(small: Scenario) -> None:
    watched = session()
    do(watched, "jump", "12")
    do(watched, "beside", "cycles")
    assert [race.week for race in watched.races] == [12, 12]
    do(watched, "step")
    for number, weeks in enumerate((1, 16)):
        assert same_weeks(watched, small.with_changes({"workshops.iteration_weeks": weeks}), number)


def test_levers_act_on_the_chosen_race(small: Scenario) -> None:
    watched = session()
    do(watched, "beside", "own")
    do(watched, "jump", "6")
    do(watched, "choose", "0")
    pull(watched, "operators.crews", "100")
    do(watched, "jump", "20")
    assert same_weeks(watched, replace(small, events=(Event(7, "operators.crews", 100),)), 0)
    assert not same_weeks(watched, small, 0)
    assert same_weeks(watched, small, 1)


@pytest.mark.parametrize("preset", [*GENERAL, "policy-joint_ventures"])
def test_every_pair_can_be_raced_shown_and_linked(preset: str) -> None:
    watched = session()
    do(watched, "jump", "2")
    do(watched, "beside", preset)
    assert watched.message is None
    assert watched.week == 2
    assert read_link(watched.place.query(), OFFER.scenarios) == watched.place
    json.dumps([scene(watched, 1, dark=False), bar(watched), panel(watched)], allow_nan=False)


def test_policies_of_the_library_are_offered_beside_the_baseline() -> None:
    policies = {key: preset for key, preset in presets().items() if preset.group == POLICY_GROUP}
    assert {"policy-danish_model", "policy-export_open", "policy-joint_ventures", "policy-coalition"} <= set(policies)
    assert not {"policy-frozen_red", "policy-shuffled_feedback", "policy-given_output"} & set(policies)
    for key, preset in policies.items():
        names = [setup.name for setup in preset.races((), 0)]
        assert names == ["baseline", key.removeprefix("policy-")]
        assert names[1] in OFFER.scenarios


def test_a_policy_lever_moved_in_mid_race_is_an_event_of_the_timeline(small: Scenario) -> None:
    for path, value in (("joint_lines.lines", "2"), ("exports.regime", "open"), ("treasuries.home_funding", "400000")):
        watched = session()
        do(watched, "jump", "6")
        pull(watched, path, value)
        assert watched.message is None or watched.message.kind == "note"
        do(watched, "jump", "14")
        event = Event(7, path, read_value(path, value))
        assert same_weeks(watched, replace(small, events=(event,)))
