"""What a window's session does, without a browser: each command, and what it leaves of the race."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.page.commands import COMMANDS, MOST_TEXT, obey
from race_sim.page.offer import Offer, offer_of
from race_sim.page.presets import GENERAL, POLICY_GROUP, presets
from race_sim.page.session import SPEEDS, Session
from race_sim.page.views import bar, panel, scene
from race_sim.scenario import Event, Scenario, load
from race_sim.watch.link import Setup, read_link, read_value

SMALL = {"workshops.count": 8, "primes.count": 1, "teams.count": 3, "run.weeks": 30, "run.burn_in_weeks": 5}
OFFER = offer_of(changes=SMALL)
SEED = 3


def session(query: str = f"seed={SEED}", offer: Offer = OFFER) -> Session:
    opened = Session(offer, query)
    arrive(opened)
    return opened


def arrive(watched: Session) -> None:
    """Let the races run to where they are going, as the page's loop does."""
    while watched.goal is not None:
        watched.approach()


def do(watched: Session, name: str, value: str = "", **more: str) -> None:
    obey(watched, {"do": name, "value": value, **more})
    arrive(watched)


def pull(watched: Session, path: str, value: str) -> None:
    do(watched, "pull", value, path=path)


def same_weeks(watched: Session, scenario: Scenario, race: int = 0, seed: int = SEED) -> bool:
    """Whether a race has recorded, so far, what the other driver records of this scenario, to the bit."""
    weekly = watched.races[race].weekly
    return bool(run_ensemble(scenario, [seed]).weekly[0, : len(weekly)].tobytes() == weekly.tobytes())


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
def test_exports_are_of_the_race_that_was_watched(export: str, small: Scenario, tmp_path) -> None:
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
        from race_sim.analysis.frames import weekly_frame  # noqa: PLC0415

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
    from race_sim.page.views import panel_state  # noqa: PLC0415

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


def test_a_replay_of_a_window_that_is_closed_is_given_up() -> None:
    watched = session()
    do(watched, "export", "replay")
    job = watched.job
    assert job is not None
    watched.close()
    with pytest.raises(InputError, match="closed"):
        job.start().result(timeout=60)
    assert job.start().done()  # begun once
