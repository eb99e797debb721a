"""What a window's session keeps and gives, without a browser: links, refusals, files to take home, its panel."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.analysis.frames import weekly_frame
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.page.commands import COMMANDS, MOST_TEXT, obey
from race_sim.page.session import SPEEDS, Session
from race_sim.page.views import bar, panel, panel_state, scene
from race_sim.scenario import Event, Scenario, load
from tests.page.sessions import OFFER, SEED, SMALL, do, pull, same_weeks, session


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load("baseline").with_changes(SMALL)


def test_the_link_of_a_session_opens_the_same_session() -> None:
    first = session()
    do(first, "jump", "8")
    pull(first, "teams.skill", "0.2")
    do(first, "control", "no_red")
    do(first, "jump", "14")
    second = session(first.place.query())
    assert second.place == first.place
    assert scene(second, 1, dark=False) == scene(first, 1, dark=False)


def test_a_bad_link_gives_what_is_usual_and_a_message() -> None:
    watched = session("scenario=nowhere")
    assert watched.message is not None
    assert "nowhere" in watched.message.text
    assert watched.link == OFFER.start


def test_another_scenario_seed_and_control() -> None:
    watched = session()
    do(watched, "scenario", "slow_red")
    do(watched, "seed", "12")
    do(watched, "control", "none")
    do(watched, "jump", "4")
    assert same_weeks(watched, load("slow_red"), seed=12)
    assert watched.place.query() == "scenario=slow_red&seed=12&week=4&control=none"


BAD = [
    {"do": "walk"},
    {"do": "jump", "value": "30"},
    {"do": "jump", "value": "soon"},
    {"do": "speed", "value": "1000"},
    {"do": "seed", "value": "x"},
    {"do": "control", "value": "magic"},
    {"do": "scenario", "value": "/etc/passwd"},
    {"do": "when", "value": "yesterday"},
    {"do": "choose", "value": "1"},
    {"do": "choose", "value": "-1"},
    {"do": "beside", "value": "three"},
    {"do": "select", "value": "nobody-1"},
    {"do": "pull", "value": "2", "path": "teams.skill"},
    {"do": "pull", "value": "2", "path": "teams.__class__"},
    {"do": "undo", "value": "0", "what": "event"},
    {"do": "undo", "value": "0", "what": "__class__"},
    {"do": "export", "value": "/etc/passwd"},
    {"do": "map", "value": "headline"},
    {"do": "run", "value": "1f0c-7"},
    {"do": "jump", "value": "9" * (MOST_TEXT + 1)},
    {"do": "jump", "value": 3},
    {"do": ["play"]},
    {},
    None,
    "play",
]


@pytest.mark.parametrize("command", BAD, ids=str)
def test_what_cannot_be_done_is_told_and_changes_nothing(command: object) -> None:
    watched = session()
    do(watched, "jump", "3")
    before = watched.place
    obey(watched, command)
    assert watched.message is not None
    assert watched.message.kind == "error"
    assert (watched.place, watched.busy) == (before, False)


@given(
    st.dictionaries(st.sampled_from(["do", "value", "path", "what", "else"]), st.one_of(st.text(max_size=5), st.none()))
    | st.fixed_dictionaries({"do": st.sampled_from(sorted(COMMANDS)), "value": st.text(max_size=3)})
)
@settings(max_examples=60)
def test_no_command_breaks_a_session(command: object) -> None:
    watched = session(f"seed={SEED}&set=workshops.count:3&set=workshops.network_degree:2&set=primes.count:0")
    obey(watched, command)
    assert watched.races
    json.dumps(scene(watched, 1, dark=True), allow_nan=False)


@pytest.mark.parametrize("export", ["weekly", "scenario"])
def test_exports_are_of_the_race_that_was_watched(export: str, small: Scenario, tmp_path: Path) -> None:
    watched = session()
    do(watched, "jump", "4")
    pull(watched, "teams.skill", "0.1")
    do(watched, "jump", "11")
    do(watched, "export", export)
    text = watched.download["text"]
    changed = replace(small, events=(Event(5, "teams.skill", 0.1),))
    if export == "scenario":
        file = tmp_path / watched.download["name"]
        file.write_text(text, encoding="utf-8")
        assert load(file).segments == changed.segments
    else:
        whole = weekly_frame(run_ensemble(changed, [SEED]), changed).head(12).to_csv(index=False)
        assert text == whole
    do(watched, "kept")
    assert watched.download == {}


def test_the_replay_is_made_beside_the_race() -> None:
    watched = session()
    do(watched, "jump", "3")
    do(watched, "export", "replay")
    job = watched.job
    assert job is not None
    do(watched, "export", "replay")
    assert watched.job is job  # one at a time
    job.finish(job.start().result(timeout=60))
    assert watched.download["name"].endswith("-replay.html")
    assert watched.download["text"].lstrip().startswith("<!")
    assert watched.week == 3


def test_a_replay_of_a_window_that_is_closed_is_given_up() -> None:
    watched = session()
    do(watched, "export", "replay")
    job = watched.job
    assert job is not None
    watched.close()
    with pytest.raises(InputError, match="closed"):
        job.start().result(timeout=60)
    assert job.start().done()  # begun once


def test_an_agent_that_a_race_does_not_have_is_not_inspected() -> None:
    watched = session()
    do(watched, "jump", "1")
    do(watched, "select", "workshop-7")
    assert scene(watched, 1, dark=False)["frames"][0]["inspected"]["id"] == "workshop-7"
    do(watched, "select", "workshop-900")
    assert scene(watched, 1, dark=False)["frames"][0]["inspected"] is None
    do(watched, "select", "")
    assert watched.selected is None


def test_a_closed_session_holds_no_race() -> None:
    watched = session()
    do(watched, "play")
    watched.close()
    assert watched.races == ()
    assert not watched.busy


def test_speeds_are_weeks_a_second() -> None:
    watched = session()
    for key in SPEEDS:
        do(watched, "speed", key)
        assert bar(watched)["speed"] == key
    assert [float(key) for key in list(SPEEDS)[:-1]] == list(SPEEDS.values())[:-1]


def test_sessions_do_not_share_races() -> None:
    first, second = session(), session()
    do(first, "jump", "7")
    pull(first, "teams.skill", "0")
    assert second.week == -1
    assert second.link == replace(OFFER.start, seed=SEED)


def test_a_change_is_listed_until_it_is_undone() -> None:
    watched = session(f"scenario=frozen_red&seed={SEED}")
    own = load("frozen_red").events[0]
    assert [(one["what"], one["week"]) for one in panel(watched)["changes"]] == [("scenario", own.week)]
    do(watched, "jump", "2")
    pull(watched, "operators.crews", "300")
    listed = panel(watched)["changes"]
    assert [(one["what"], one["week"]) for one in listed] == [("event", 3), ("scenario", own.week)]
    assert "operators.crews" in listed[0]["text"]
    assert panel(watched)["usual"] == {"operators.crews": "6000"}


def test_the_panel_stays_as_long_as_nothing_in_it_changes() -> None:
    watched = session(f"scenario=frozen_red&seed={SEED}")
    own = load("frozen_red").events[0]
    do(watched, "jump", str(own.week - 3))
    states: list[object] = []
    values: list[object] = []
    for _ in range(5):
        watched.advance()
        states.append(panel_state(watched))
        values.append(panel(watched)["values"])
    for earlier in range(4):
        assert (states[earlier] == states[earlier + 1]) == (values[earlier] == values[earlier + 1])


def test_a_race_too_large_for_its_control_is_watched_without() -> None:
    small_one, large = (
        session(f"seed={SEED}&control=no_red"),
        Session(OFFER, "set=workshops.count:10000&control=no_red"),
    )
    assert small_one.races[0].control_run is not None
    assert large.races[0].control_run is None
    do(large, "control", "blind_drift")
    assert large.races[0].control_run is None
    assert "it would hold up the page" in large.races[0].control_note
    assert large.link.control == "blind_drift"
