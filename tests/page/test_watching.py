"""A race watched in a browser shows the numbers that the same timeline gives in Python."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from race_sim.page.offer import library_scenarios
from race_sim.scenario import Event, load
from tests.page.conftest import Open
from tests.page.driving import act, choose, go_to, link_of, play, pull, show_lever, wait_for_week, week_now
from tests.page.showing import assert_shows, shown_numbers

SEED = 5
SMALL = {"width": 640, "height": 480}  # pixels: quicker to paint


@pytest.mark.slow
def test_thirty_weeks_and_a_lever_in_mid_race(open_page: Open) -> None:
    page = open_page(f"scenario=baseline&seed={SEED}")
    choose(page, "speed", "20")
    week = play(page, 30)
    assert_shows(page, load("baseline"), SEED, week)
    pull(page, "teams.discovery_weeks", "2")
    changed = replace(load("baseline"), events=(Event(week + 1, "teams.discovery_weeks", 2.0),))
    assert_shows(page, load("baseline"), SEED, week)  # it acts from the next week
    later = play(page, week + 20)
    assert_shows(page, changed, SEED, later)
    assert link_of(page).scenarios(library_scenarios()) == (changed,)
    go_to(page, week)
    go_to(page, later)
    assert_shows(page, changed, SEED, later)


def test_a_slider_moved_in_mid_race(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=30")
    wait_for_week(page, 30)
    slider = page.locator("[data-lever='treasuries.home_budget'] input[type=range]")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
        value = int(slider.input_value())
        page.locator(".race-changes li", has_text=f"treasuries.home_budget = {value} ").wait_for()
    assert value > load("baseline").parameters.treasuries.home_budget
    page.keyboard.press("Tab")
    go_to(page, 50)
    changed = replace(load("baseline"), events=(Event(31, "treasuries.home_budget", value),))
    assert_shows(page, changed, SEED, 50)
    assert link_of(page).scenarios(library_scenarios()) == (changed,)


def test_a_lever_that_starts_the_race_anew(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=20")
    wait_for_week(page, 20)
    page.check("[data-do=when-anew]")
    pull(page, "workshops.iteration_weeks", "8")
    assert page.locator(".race-now").inner_text().startswith("not started")
    go_to(page, 20)
    assert_shows(page, load("baseline", ["workshops.iteration_weeks=8"]), SEED, 20)


def test_a_parameter_that_is_fixed_starts_the_race_anew_and_says_so(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=10")
    wait_for_week(page, 10)
    show_lever(page, "founders.origin")
    page.select_option("[id='lever-founders.origin']", "independent")
    page.wait_for_selector("text=founders.origin cannot change while a race lasts")
    go_to(page, 15)
    assert_shows(page, load("baseline", ["founders.origin=independent"]), SEED, 15)


def test_a_change_is_undone(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&set=teams.skill:0.1&event=5:operators.crews:900&week=12")
    wait_for_week(page, 12)
    changed = load("baseline", ["teams.skill=0.1"])
    assert_shows(page, replace(changed, events=(Event(5, "operators.crews", 900),)), SEED, 12)
    page.locator("li", has_text="operators.crews").get_by_role("button", name="Undo").click()
    page.wait_for_selector("li:has-text('operators.crews')", state="detached")
    wait_for_week(page, 12)
    page.wait_for_timeout(300)
    assert_shows(page, changed, SEED, 12)


def test_another_scenario_and_seed(open_page: Open) -> None:
    page = open_page()
    choose(page, "scenario", "interceptors")
    page.fill("[data-do=seed]", "77")
    page.press("[data-do=seed]", "Enter")
    go_to(page, 28)
    assert_shows(page, load("interceptors"), 77, 28)
    choose(page, "scenario", "slow_red")
    go_to(page, 9)
    assert_shows(page, load("slow_red"), 77, 9)


def test_two_races_step_together_on_the_same_random_numbers(open_page: Open) -> None:
    page = open_page(f"seed={SEED}")
    choose(page, "beside", "cycles")
    page.wait_for_selector("[data-key='1.week']", state="attached")
    act(page, "step")
    wait_for_week(page, 0)
    go_to(page, 40)
    for race, weeks in enumerate((1, 16)):
        assert_shows(page, load("baseline", [f"workshops.iteration_weeks={weeks}"]), SEED, 40, race)
    assert page.inner_text("[data-key='comparison.headline']")
    pull(page, "teams.skill", "0.2")  # acts on the second race alone
    act(page, "step")
    wait_for_week(page, 41)
    assert_shows(page, load("baseline", ["workshops.iteration_weeks=1"]), SEED, 41, 0)
    slow = load("baseline", ["workshops.iteration_weeks=16"])
    assert_shows(page, replace(slow, events=(Event(41, "teams.skill", 0.2),)), SEED, 41, 1)


@pytest.mark.slow
def test_a_link_gives_back_what_was_watched(open_page: Open) -> None:
    first = open_page(f"scenario=interceptors&seed={SEED}")
    go_to(first, 12)
    pull(first, "operators.crews", "3000")
    go_to(first, 25)
    link = link_of(first)
    second = open_page(link.query())
    wait_for_week(second, 25)
    assert shown_numbers(second) == shown_numbers(first)
    changed = replace(load("interceptors"), events=(*load("interceptors").events, Event(13, "operators.crews", 3000)))
    assert_shows(second, changed, SEED, 25)


def test_a_link_with_two_races(open_page: Open) -> None:
    page = open_page(f"scenario=baseline&beside.scenario=frozen_red&seed={SEED}&week=45")
    wait_for_week(page, 45)
    assert_shows(page, load("baseline"), SEED, 45, 0)
    assert_shows(page, load("frozen_red"), SEED, 45, 1)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("scenario=nowhere", "nowhere"),
        ("scenario=/etc/passwd", "/etc/passwd"),
        ("scenario=../../secret.toml", "secret.toml"),
        ("seed=-1", "seed"),
        ("seed=1e9", "seed"),
        ("set=teams.skill:7", "teams.skill = 7"),
        ("set=teams.skil:0.5", "teams.skil"),
        ("event=9999:teams.skill:0.5", "week"),
        ("event=3:run.weeks:20", "fixed"),
        ("control=magic", "magic"),
        ("colour=red", "colour"),
        ("scenario=%3Cscript%3Ealert(1)%3C/script%3E", "<script>"),
    ],
)
def test_a_bad_link_gives_a_message_and_a_living_page(open_page: Open, query: str, why: str) -> None:
    page = open_page(query)
    assert why in page.inner_text("[data-key=message]")
    go_to(page, 3)
    assert_shows(page, load("baseline"), 1, 3)


@pytest.mark.parametrize("value", ["9", "-1", "1e400"])
def test_a_bad_value_gives_a_message_and_changes_nothing(open_page: Open, value: str) -> None:
    page = open_page(f"seed={SEED}&week=4")
    wait_for_week(page, 4)
    show_lever(page, "teams.skill")
    lever = page.locator("[id='lever-teams.skill']")
    lever.fill(value)
    lever.press("Enter")
    page.wait_for_selector("[data-key=message]:has-text('teams.skill')")
    page.wait_for_function(
        "usual => Number(document.querySelector(\"[id='lever-teams.skill']\").value) === usual",
        arg=load("baseline").parameters.teams.skill,
    )
    go_to(page, 8)
    assert_shows(page, load("baseline"), SEED, 8)


def test_a_week_after_the_end_is_refused(open_page: Open) -> None:
    page = open_page("set=run.weeks:30")
    page.evaluate("document.querySelector('[data-do=jump]').form.noValidate = true")
    page.fill("[data-do=jump]", "30")
    page.press("[data-do=jump]", "Enter")
    page.wait_for_selector("[data-key=message]:has-text('30')")
    go_to(page, 29)
    assert page.is_disabled("[data-do=step]")


def test_events_of_the_log_and_points_lead_to_agents(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=40")
    wait_for_week(page, 40)
    entry = page.locator("[data-panel=log] button[data-select^='team-']").first
    team = entry.get_attribute("data-select")
    entry.click()
    title = page.locator("[data-key='0.inspected.title']")
    title.wait_for()
    assert title.inner_text().lower().startswith(str(team).replace("-", " "))
    point = page.locator("[data-panel=space] [data-select^='workshop-']").last
    workshop = point.get_attribute("data-select")
    point.dispatch_event("click")
    words = re.compile(str(workshop).replace("-", " "), re.IGNORECASE)
    page.locator("[data-key='0.inspected.title']", has_text=words).wait_for()


def test_the_keyboard_runs_the_race(open_page: Open) -> None:
    page = open_page(f"seed={SEED}")
    for week in range(3):
        page.keyboard.press("ArrowRight")
        wait_for_week(page, week)
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('[data-key=week]').textContent) >= 6")
    page.keyboard.press("Space")
    page.locator("button[data-do=play]", has_text="Play").wait_for()
    page.keyboard.press("Home")
    page.wait_for_selector(".race-now:has-text('not started')")
    page.focus("[data-do=seed]")
    page.keyboard.press("ArrowRight")  # typing is not running
    page.wait_for_timeout(300)
    assert page.inner_text(".race-now").startswith("not started")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in {"SELECT", "INPUT", "BUTTON"}


def test_the_keyboard_reaches_the_race_at_once(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to the race"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.race-stage-root') !== null")


@pytest.mark.slow
def test_ten_tabs_that_all_play_do_not_disturb_each_other(open_page: Open) -> None:
    pages = [open_page(f"seed={seed}&set=teams.skill:0.{seed % 5 + 1}", **SMALL) for seed in range(10)]
    pull(pages[3], "operators.crews", "700")
    for page in pages:
        choose(page, "speed", "drawn")
        act(page, "play")
    for page in pages:
        page.wait_for_function("Number((document.querySelector('[data-key=week]') || {}).textContent || -1) >= 12")
    for page in pages:
        page.locator("button[data-do=play]", has_text="Pause").click()
    for seed, page in enumerate(pages):
        page.locator("button[data-do=play]", has_text="Play").wait_for()
        page.wait_for_timeout(300)
        changes = [f"teams.skill=0.{seed % 5 + 1}", *(["operators.crews=700"] if seed == 3 else [])]
        assert_shows(page, load("baseline", changes), seed, week_now(page))


def test_closing_a_tab_lets_others_go_on(open_page: Open) -> None:
    page, other = open_page(f"seed={SEED}"), open_page("seed=2")
    act(other, "play")
    other.wait_for_selector("[data-key=week]")
    other.close()
    go_to(page, 12)
    assert_shows(page, load("baseline"), SEED, 12)
