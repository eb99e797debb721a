"""Saved replays: one file without network or Python that shows every week as the live page does."""

import json
import random
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.errors import InputError
from race_sim.rules.compiler import law_hash
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from race_sim.watch.comparison import comparison
from race_sim.watch.replay_page import in_script, replay_page
from race_sim.watch.replay_tape import ITEMS, PLACES, SLICE, VALUE, Tape, change
from tests.page.browsing import visit
from tests.small import six_workshops

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEED = 7
AGENTS = ("workshop-0", "workshop-5", "prime-1", "team-2")
MOST_BYTES = 5_000_000
HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \"'"


def small(**changes: object) -> WatchedRace:
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    return WatchedRace(six_workshops().with_changes(paths), SEED)


@pytest.fixture(scope="module")
def page() -> str:
    return replay_page(small())


def opened(page: "Page", html: str, folder: Path, link: str = "") -> None:
    path = folder / "replay.html"
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri() + link)
    page.wait_for_selector("#controls:not([disabled])")


def shown(page: "Page") -> str | None:
    return page.text_content("#week")


def until(page: "Page", week: str) -> None:
    """Wait until a week that matches is shown; the page's policy forbids functions that are waited for."""
    page.locator("#week", has_text=re.compile(week)).wait_for()


def test_every_week_and_record_is_the_live_one(browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path)
        race = small()
        while not race.over:
            race.step()
            for agent in (*AGENTS, None):
                saved = tab.page.evaluate(
                    "([week, agent]) => RaceStage.replay.frame(0, week, agent)", [race.week, agent]
                )
                assert saved == json.loads(json.dumps(race.frame(agent)))


def test_families_shown_once_keep_their_records(browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path)
        race = small()
        families: set[str] = set()
        while not race.over:
            race.step()
            families |= {f"family-{family['family']}" for family in race.frame()["stream"]["families"]}
            for family in families:
                saved = tab.page.evaluate(f"RaceStage.replay.frame(0, {race.week}, '{family}')")
                assert saved["inspected"] == json.loads(json.dumps(race.frame(family)))["inspected"]
        assert families


def test_it_plays_pauses_steps_and_scrubs(browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path)
        assert shown(tab.page) == "week 0"
        tab.page.select_option("#speed", "20")
        tab.page.click("#play")
        until(tab.page, r"week 11$")
        assert tab.page.text_content("#play") == "Play again"
        tab.page.click("#back")
        assert shown(tab.page) == "week 10"
        tab.page.click("#first")
        assert shown(tab.page) == "week 0"
        assert tab.page.is_disabled("#back")
        tab.page.fill("#scrubber", "6")
        assert shown(tab.page) == "week 6"
        assert "week 6" in tab.page.text_content("[data-key='0.week']")
        tab.page.select_option("#speed", "1")
        tab.page.click("#play")
        until(tab.page, r"week (?!6$)")
        tab.page.click("#play")
        stopped = shown(tab.page)
        tab.page.wait_for_timeout(300)
        assert shown(tab.page) == stopped


def test_keys_lead_through_it(browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path)
        for key, week in (("End", 11), ("ArrowLeft", 10), ("Home", 0), ("ArrowRight", 1), ("PageDown", 11)):
            tab.page.keyboard.press(key)
            assert shown(tab.page) == f"week {week}"
        tab.page.select_option("#speed", "1")
        tab.page.evaluate("document.activeElement.blur()")
        tab.page.keyboard.press("Home")
        tab.page.keyboard.press(" ")
        assert tab.page.text_content("#play") == "Pause"
        until(tab.page, r"week [1-9]")  # the address that it told before does not stop it
        tab.page.wait_for_timeout(300)
        assert tab.page.text_content("#play") == "Pause"
        tab.page.keyboard.press(" ")
        assert tab.page.text_content("#play") == "Play"


def test_a_link_leads_to_a_week_and_an_agent_and_the_address_follows(
    browser: "Browser", page: str, tmp_path: Path
) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path, "#week=7&select=team-1")
        assert shown(tab.page) == "week 7"
        assert "Team 1" in tab.page.text_content("[data-panel=inspect]")
        tab.page.keyboard.press("ArrowRight")
        assert tab.page.url.endswith("#week=8&select=team-1")
        tab.page.evaluate("location.hash = 'week=3'")
        until(tab.page, r"week 3$")


@pytest.mark.parametrize("link", ["#week=99999", "#week=-5", "#week=abc&select=<b>", "#select=workshop-999", "#%"])
def test_a_bad_link_leaves_a_page_that_works(link: str, browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path, link)
        assert re.fullmatch(r"week (0|11)", shown(tab.page) or "")
        tab.page.keyboard.press("Home")
        assert shown(tab.page) == "week 0"


def test_clicking_an_event_shows_who_is_behind_it(browser: "Browser", page: str, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, page, tmp_path, "#week=11")
        entry = tab.page.locator("[data-panel=log] button[data-select^=team]").first
        agent = entry.get_attribute("data-select")
        entry.click()
        assert (agent or "").replace("-", " ").capitalize() in tab.page.text_content("[data-panel=inspect]")


def test_two_races_step_together_and_are_compared(browser: "Browser", tmp_path: Path) -> None:
    labels = ["as it is", "slow"]
    html = replay_page([small(), small(workshops__iteration_weeks=8)], labels=labels)
    races = [small(), small(workshops__iteration_weeks=8)]
    with visit(browser) as tab:
        opened(tab.page, html, tmp_path)
        for week in range(9):
            for race in races:
                race.step()
            told = comparison(*races, labels)
            tab.page.fill("#scrubber", str(week))
            assert told["headline"] in tab.page.text_content("[data-panel=comparison]")
        for place, race in enumerate(races):
            saved = tab.page.evaluate(f"RaceStage.replay.frame({place}, 8, 'workshop-1')")
            assert saved == json.loads(json.dumps(race.frame("workshop-1")))


def test_of_two_races_the_shorter_one_stays_at_its_end(browser: "Browser", tmp_path: Path) -> None:
    html = replay_page([small(), small(run__weeks=9)])
    with visit(browser) as tab:
        opened(tab.page, html, tmp_path, "#week=11")
        assert [tab.page.evaluate(f"RaceStage.replay.frame({race}, 11).week") for race in (0, 1)] == [11, 8]


@pytest.mark.parametrize("dark", [False, True])
def test_it_follows_the_readers_theme_until_told_otherwise(
    dark: bool, browser: "Browser", page: str, tmp_path: Path
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with visit(browser, dark=dark) as tab:
        opened(tab.page, page, tmp_path)
        first = tab.page.evaluate(ground)
        assert (sum(map(int, re.findall(r"\d+", first)[:3])) < 3 * 128) == dark
        tab.page.click("#theme")
        assert tab.page.evaluate(ground) != first


def test_nothing_may_be_loaded_and_only_its_own_script_may_run(browser: "Browser", page: str, tmp_path: Path) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert set(re.findall(r"\w+://[\w.]+", page)) <= {"http://www.w3.org"}  # the name of SVG
    foreign = page.replace("</footer>", "</footer><script>window.foreign = true</script>")
    context = browser.new_context()
    try:
        tab = context.new_page()
        opened(tab, foreign, tmp_path)
        assert tab.evaluate("window.foreign") is None
        assert tab.evaluate("fetch('http://127.0.0.1:9/').then(() => 'let out', () => 'refused')") == "refused"
    finally:
        context.close()


def test_a_damaged_file_says_so(browser: "Browser", page: str, tmp_path: Path) -> None:
    broken = re.sub(r'(data-tape="race">.{40}).{8}', r"\1AAAAAAAA", page, count=1)
    context = browser.new_context()
    try:
        tab = context.new_page()
        (tmp_path / "replay.html").write_text(broken, encoding="utf-8")
        tab.goto((tmp_path / "replay.html").as_uri())
        tab.wait_for_selector("#trouble:not([hidden])")
        assert "damaged" in tab.text_content("#trouble")
    finally:
        context.close()


def test_its_provenance_gives_the_race_again(page: str, tmp_path: Path) -> None:
    code = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    assert code is not None
    path = tmp_path / "again.toml"
    path.write_text(unescape(code[1]), encoding="utf-8")
    assert load(str(path)).parameters == six_workshops().parameters
    table = dict(re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', page))
    assert table["seed"] == str(SEED)
    assert table["law of the race"] == law_hash()
    assert table["race_sim version"] in page


def test_it_names_no_place_of_the_machine_that_made_it(page: str) -> None:
    packed = re.findall(r'data-tape="\w+">([^<]*)<', page)
    texts = [zlib.decompress(b64decode(tape)).decode() for tape in packed]
    for text in (page, *texts):
        for place in (str(Path.cwd()), str(Path.home()), str(Path(__file__).parents[2])):
            assert f"{place}/" not in text


def test_hostile_words_stay_words(browser: "Browser", tmp_path: Path) -> None:
    scenario = replace(six_workshops().with_changes({"run.weeks": 4}), title=HOSTILE, name=HOSTILE)
    html = replay_page([WatchedRace(scenario, 1), WatchedRace(scenario, 2)], labels=[HOSTILE, HOSTILE])
    with visit(browser) as tab:
        tab.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        opened(tab.page, html, tmp_path)
        assert HOSTILE.partition("<!--")[0] in (tab.page.text_content("h1") or "")
    assert json.loads(in_script(HOSTILE)) == HOSTILE
    assert "<" not in in_script(HOSTILE)


def test_a_race_that_has_begun_and_too_many_are_refused() -> None:
    begun = small()
    begun.step()
    with pytest.raises(InputError, match=r"run to week 0.*anew"):
        replay_page(begun)
    with pytest.raises(InputError, match="not 3"):
        replay_page([small(), small(), small()])
    with pytest.raises(InputError, match="not 0"):
        replay_page([])
    with pytest.raises(InputError, match="1 labels for 2 races"):
        replay_page([small(), small()], labels=["one"])


def test_progress_tells_every_week() -> None:
    weeks: list[int] = []
    replay_page(small(), weeks.append)
    assert weeks == list(range(12))


@pytest.mark.slow
def test_a_baseline_race_fits_into_a_few_megabytes() -> None:
    assert len(replay_page(WatchedRace(load("baseline"), 1)).encode()) < MOST_BYTES


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2).map(lambda value: round(value, 1))
    | st.text("ab"),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text("xyz", max_size=2), inner, max_size=4),
    max_leaves=20,
)


def applied(before: Any, one: Any) -> Any:
    """What a change makes of a value, as the browser does it."""
    if one is None:
        return before
    kind = one[0]
    if kind == VALUE:
        return one[1]
    if kind == SLICE:
        return [*one[1], *before[one[2] : one[3]], *one[4]]
    if kind == PLACES:
        return [applied(item, one[1].get(str(place))) for place, item in enumerate(before)]
    assert kind == ITEMS
    kept = {key: value for key, value in before.items() if key not in one[2]}
    return {**kept, **{key: applied(before.get(key), inner) for key, inner in one[1].items()}}


@given(plain, plain)
def test_a_change_leads_from_one_value_to_the_other(before: Any, after: Any) -> None:
    found = applied(before, json.loads(json.dumps(change(before, after))))
    assert json.dumps(found, sort_keys=True) == json.dumps(after, sort_keys=True)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=40), st.integers(1, 3))
def test_what_grows_at_an_end_and_is_cut_at_the_other_is_kept_once(values: list[int], new: int) -> None:
    values = [place * 10 + value for place, value in enumerate(values)]  # all different
    added = random.Random(new).sample(range(1000, 2000), new)  # noqa: S311 -- no secret
    for after in ([*values, *added], [*added, *values], [*values[new:], *added], [*added, *values[:-new]]):
        kind, head, first, last, tail = change(values, after) or []
        assert kind == SLICE
        assert sorted([*head, *tail]) == sorted(added)
        assert last - first == len(after) - new


def test_a_tape_reads_as_lines_of_json() -> None:
    tape, race = Tape(), small(run__weeks=5)
    while not race.over:
        race.step()
        tape.record(race)
    lines = [json.loads(line) for line in tape.text.split("\n")]
    head = lines[0]
    assert head["weeks"] == 5
    assert len(lines) == 1 + len(head["parts"]) * 5 + len(head["agents"])
