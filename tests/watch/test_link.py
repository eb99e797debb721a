"""A link says all of what is watched, gives it back to the bit, and reaches nothing but what is offered."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.errors import InputError
from race_sim.scenario import FIELDS, Event, Scenario, library, load
from race_sim.watch.controls import CONTROLS
from race_sim.watch.link import HIGHEST_SEED, LONGEST_QUERY, Link, Setup, labels, plain, read_link, read_value, setup_of
from tests.strategies import IDLE, TOGETHER, scenarios, values

OFFERED = {name: load(name) for name in library()}
FREE = [field for field in FIELDS if field.path not in (*TOGETHER, *IDLE, "treasuries.partner_budget")]
CHANGEABLE = [field for field in FREE if not field.fixed]
SHORTEST = min(scenario.parameters.run.weeks for scenario in OFFERED.values())


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Races of the library with changes at the start and on the way."""
    changed = draw(st.lists(st.sampled_from(FREE), max_size=4, unique_by=lambda field: field.path))
    places = draw(
        st.lists(
            st.tuples(st.integers(0, SHORTEST - 1), st.sampled_from(CHANGEABLE)),
            max_size=4,
            unique_by=lambda place: (place[0], place[1].path),
        )
    )
    events = [Event(week, field.path, draw(values(field))) for week, field in places]
    return Setup(
        draw(st.sampled_from(sorted(OFFERED))),
        tuple((field.path, draw(values(field))) for field in changed),
        tuple(sorted(events, key=lambda event: event.week)),
    )


@st.composite
def links(draw: st.DrawFn) -> Link:
    return Link(
        tuple(draw(st.lists(setups(), min_size=1, max_size=2))),
        seed=draw(st.integers(0, HIGHEST_SEED)),
        week=draw(st.integers(-1, SHORTEST - 1)),
        control=draw(st.sampled_from(sorted(CONTROLS))),
    )


@given(links())
def test_a_link_gives_back_what_was_watched(link: Link) -> None:
    again = read_link(link.query(), OFFERED)
    assert again == link
    assert again.scenarios(OFFERED) == link.scenarios(OFFERED)


@given(links())
def test_a_link_survives_the_address_bar(link: Link) -> None:
    """Browsers may encode more than we do, and a question mark may be left in."""
    assert read_link(quote(link.query(), safe="=&%"), OFFERED) == link
    assert all(character.isascii() and not character.isspace() for character in link.query())


@given(st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field.path), values(field))))
def test_a_value_is_read_back_to_the_bit(pair: tuple[str, object]) -> None:
    path, value = pair
    again = read_value(path, plain(value))
    assert (type(again), again) == (type(value), value)


@given(scenarios())
def test_a_scenario_from_elsewhere_is_told_as_one_that_is_offered(scenario: Scenario) -> None:
    setup = setup_of(scenario, OFFERED)
    told = Link((setup,)).query()
    (again,) = read_link(told, OFFERED).scenarios(OFFERED)
    assert again.parameters == scenario.parameters
    assert again.segments == scenario.segments


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_is_told_as_itself(name: str) -> None:
    assert setup_of(OFFERED[name], OFFERED) == Setup(name)


def test_the_link_of_the_documentation() -> None:
    link = read_link(
        "scenario=baseline&seed=3&set=workshops.iteration_weeks:16&event=40:teams.skill:0.2&week=52"
        "&beside.set=workshops.iteration_weeks:1&control=frozen_blue",
        OFFERED,
    )
    assert link == Link(
        (
            Setup("baseline", (("workshops.iteration_weeks", 16),), (Event(40, "teams.skill", 0.2),)),
            Setup("baseline", (("workshops.iteration_weeks", 1),)),
        ),
        seed=3,
        week=52,
        control="frozen_blue",
    )
    first, second = link.scenarios(OFFERED)
    assert [parameters.teams.skill for _, parameters in first.segments] == [0.7, 0.2]
    assert second.parameters == OFFERED["baseline"].parameters


def test_what_a_link_leaves_out_is_as_usual() -> None:
    usual = Link((Setup("no_red"),), seed=9, week=4, control="no_red")
    assert read_link("", OFFERED, usual) == Link((Setup("no_red"),), seed=9, control="no_red")
    assert read_link("seed=2&week=7", OFFERED, usual) == Link((Setup("no_red"),), seed=2, week=7, control="no_red")
    assert read_link("set=teams.skill:0.1", OFFERED, usual).races == (Setup("no_red", (("teams.skill", 0.1),)),)


def test_an_event_takes_the_place_of_the_scenario_s_own_in_the_same_week() -> None:
    own = OFFERED["frozen_red"].events[0]
    link = read_link(f"scenario=frozen_red&event={own.week}:{own.path}:true", OFFERED)
    (scenario,) = link.scenarios(OFFERED)
    assert [(event.week, event.value) for event in scenario.events] == [(own.week, True)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("scenario=basline", ("scenario", "basline", "baseline")),
        ("scenario=/etc/passwd", ("scenario", "/etc/passwd", "give one of")),
        ("scenario=../../secret.toml", ("secret.toml", "give one of")),
        ("scenario=", ("scenario", "give one of")),
        ("beside.scenario=mine.toml", ("beside", "scenario", "mine.toml", "give one of")),
        ("sed=3", ("sed", "seed")),
        ("seed=x", ("seed", '"x"', "[0, 18446744073709551615]")),
        ("seed=-1", ("seed", "-1")),
        ("seed=18446744073709551616", ("seed", "18446744073709551616")),
        ("seed=" + "9" * 5000, ("seed", "whole number")),
        ("seed=1&seed=2", ("seed", "2 times")),
        ("week=156", ("week", "156", "[0, 155]")),
        ("week=-1", ("week", "-1")),
        ("week=1.5", ("week", "1.5")),
        ("set=run.weeks:52&week=52", ("week", "[0, 51]")),
        ("set=teams.skill", ("set", "teams.skill", "path:value")),
        ("set=teams.skil:0.5", ("set", "teams.skil", "teams.skill")),
        ("set=teams.skill:2", ("teams.skill = 2", "[0, 1]")),
        ("set=teams.skill:nan", ("teams.skill", "[0, 1]")),
        ("set=teams.skill:half", ("teams.skill", "half", "[0, 1]")),
        ("set=workshops.iteration_weeks:1.5", ("workshops.iteration_weeks", "whole number")),
        ("set=workshops.adapts:yes", ("workshops.adapts", "yes", "true or false")),
        ("set=countermeasures.kind:line", ("countermeasures.kind", "line", "area")),
        ("set=teams.skill:0.1&set=teams.skill:0.2", ("teams.skill", "twice")),
        ("set=design.modules:8", ("design.modules", "96 bits")),
        ("event=40:teams.skill", ("event", "week:path:value")),
        ("event=x:teams.skill:0.1", ("event", "week:path:value")),
        ("event=156:teams.skill:0.1", ("event in week 156", "0 to 155")),
        ("event=5:workshops.count:3", ("workshops.count", "fixed")),
        ("event=5:teams.skill:0.1&event=5:teams.skill:0.2", ("same week", "teams.skill")),
        ("beside.event=5:teams.skill:7", ("beside", "teams.skill = 7", "[0, 1]")),
        ("control=nobody", ("control", "nobody", "frozen_blue")),
        ("set=" + "x" * LONGEST_QUERY, (str(LONGEST_QUERY),)),
    ],
)
def test_a_link_that_is_wrong_says_what_and_what_is_allowed(query: str, told: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        read_link(query, OFFERED)
    message = str(refused.value)
    assert all(word in message for word in told), message


@given(
    st.text(max_size=60),
    st.sampled_from(["", "scenario=", "seed=", "week=", "set=teams.skill:", "event=", "beside.set="]),
)
def test_no_text_does_more_than_be_refused(text: str, key: str) -> None:
    try:
        link = read_link(key + text, OFFERED)
    except InputError:
        return
    assert {race.name for race in link.races} <= OFFERED.keys()


def test_changes_and_events_are_taken_back() -> None:
    race = Setup("baseline").starting_with("teams.skill", 0.1).starting_with("teams.skill", 0.2)
    assert race.changes == (("teams.skill", 0.2),)
    assert race.starting_as_usual("teams.skill") == race.without_change(0) == Setup("baseline")
    later = race.with_event(Event(9, "teams.skill", 0.3)).with_event(Event(4, "teams.skill", 0.4))
    assert [event.week for event in later.events] == [4, 9]
    assert later.with_event(Event(9, "teams.skill", 0.5)).without_event(1).events == (Event(4, "teams.skill", 0.4),)
    for number in (-1, 2):
        with pytest.raises(InputError, match="there are 2"):
            later.without_event(number)


def test_the_words_of_a_race_name_what_differs() -> None:
    race = Setup("baseline", (("workshops.iteration_weeks", 16),), (Event(40, "teams.skill", 0.2),))
    assert race.words == "baseline, workshops iteration weeks = 16, teams skill = 0.2 from week 40"


def test_many_changes_are_counted() -> None:
    race = Setup("baseline", tuple((field.path, field.default) for field in FREE[:7]))
    assert race.words.endswith(", 4 more changes")


def test_of_two_races_each_is_called_by_what_sets_it_apart() -> None:
    plain_race = Setup("baseline")
    fast = plain_race.starting_with("teams.skill", 0.1).starting_with("workshops.iteration_weeks", 1)
    slow = plain_race.starting_with("teams.skill", 0.1).starting_with("workshops.iteration_weeks", 16)
    assert labels([fast]) == ["baseline, teams skill = 0.1, workshops iteration weeks = 1"]
    assert labels([fast, slow]) == ["workshops iteration weeks = 1", "workshops iteration weeks = 16"]
    assert labels([slow, plain_race]) == ["teams skill = 0.1, workshops iteration weeks = 16", "baseline"]
    assert labels([plain_race, Setup("frozen_red")]) == ["baseline", "frozen_red"]
    assert labels([fast, fast]) == ["baseline", "baseline"]
