"""The stage in a browser: what it draws of frames, and what it answers to mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from race_sim.scenario import Event
from race_sim.watch import WatchedRace
from tests.page.staging import Frame, Show, stages
from tests.watch.watching import watched, watched_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WEEKLY = ("ahead", "balance", "stream")  # panels drawn over weeks
LEAST_CONTRAST = 3.0  # of graphics against what they are drawn on (WCAG 2.2, 1.4.11)
NEXT_TO_NOTHING = 0.005  # share of all sorties


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    return watched("run.weeks=40", weeks=30)


@pytest.fixture(scope="module")
def frame(race: WatchedRace) -> Frame:
    return race.frame()


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    with stages(browser) as shown:
        yield shown


def told(page: Page) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate("window.told")
    return found


def spot_of_week(page: Page, panel: str, week: int) -> tuple[float, float]:
    """Where on the page a week of a weekly drawing lies, in the middle of its plot."""
    place: list[float] = page.evaluate(
        """([panel, week]) => {
            const svg = document.querySelector(`[data-panel=${panel}] svg[data-axis]`);
            svg.scrollIntoView({ block: "center" });
            const [left, right, first, last] = svg.getAttribute("data-axis").split(" ").map(Number);
            const box = svg.getBoundingClientRect();
            const x = left + ((week - first) / (last - first)) * (right - left);
            return [box.left + (x * box.width) / svg.viewBox.baseVal.width, box.top + box.height / 2];
        }""",
        [panel, week],
    )
    return place[0], place[1]


def contrast(page: Page, colour: str, ground: str) -> float:
    """Contrast of two colours of the light theme, by their names in it: 1 is none, 21 is black on white."""
    value: float = page.evaluate(
        """names => {
            const [one, other] = names.map((name) => {
                const hex = name.split(".").reduce((part, key) => part[key], RaceStage.theme.LIGHT);
                const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
                    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
                return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05;
            });
            return Math.max(one, other) / Math.min(one, other);
        }""",
        [colour, ground],
    )
    return value


@pytest.mark.parametrize("panel", WEEKLY)
def test_one_click_in_a_weekly_chart_leaves_the_week_and_two_go_there(show: Show, frame: Frame, panel: str) -> None:
    page = show(frame)
    x, y = spot_of_week(page, panel, 12)
    page.mouse.click(x, y)
    assert [one for one in told(page) if one[0] == "week"] == []
    page.wait_for_timeout(700)  # the next press is not the second of two
    page.mouse.dblclick(x, y)
    assert [one for one in told(page) if one[0] == "week"] == [["week", 12]]


def test_two_clicks_count_though_the_chart_is_drawn_anew_between_them(show: Show, frame: Frame) -> None:
    page = show(frame, playing=True)
    x, y = spot_of_week(page, "ahead", 12)
    page.mouse.click(x, y)
    page.evaluate("frame => stage.draw(Object.assign(scene, { frames: [frame] }))", {**frame, "week": 29, "burn_in": 3})
    page.mouse.click(x, y, click_count=2)
    assert told(page) == [["week", 12]]


@pytest.mark.parametrize("panel", WEEKLY)
def test_the_words_at_the_pointer_say_how_to_go_to_the_week(show: Show, frame: Frame, panel: str) -> None:
    page = show(frame)
    page.mouse.move(*spot_of_week(page, panel, 12))
    assert page.inner_text(".rs-stage > .rs-tip").endswith("double-click: go to week 12")


def test_enter_goes_to_the_week_at_the_cursor_of_the_keyboard(show: Show, frame: Frame) -> None:
    page = show(frame)
    page.focus("[data-panel=ahead] .rs-drawing")
    for _ in range(4):  # the first press shows the cursor, at the week now
        page.keyboard.press("ArrowLeft")
    assert told(page) == []
    assert page.inner_text(".rs-stage > .rs-tip").endswith("Enter: go to week 26")
    page.keyboard.press("Enter")
    assert told(page) == [["week", 26]]


def test_every_entry_of_the_log_is_a_button_that_leads_to_its_agent_or_its_week(show: Show, frame: Frame) -> None:
    page = show(frame)
    buttons = page.locator("[data-panel=log] li > button")
    assert buttons.count() == page.locator("[data-panel=log] li").count() == len(frame["log"])
    expected = [["select", one["select"]] if one["select"] else ["week", one["week"]] for one in frame["log"]]
    assert {name for name, _ in expected} == {"select", "week"}
    for n in range(buttons.count()):
        buttons.nth(n).focus()
        page.keyboard.press("Enter")
    assert told(page) == expected
    weeks = page.locator("[data-panel=log] li > button[data-week]")
    for n in range(weeks.count()):
        assert weeks.nth(n).get_attribute("title") == f"go to week {weeks.nth(n).get_attribute('data-week')}"


def test_an_entry_keeps_the_focus_when_the_log_is_drawn_anew(show: Show, frame: Frame) -> None:
    page = show(frame)
    entry = page.locator("[data-panel=log] button[data-week]").last
    entry.focus()
    newer = {**frame["log"][0], "text": "something else happens"}
    page.evaluate(
        "log => stage.draw(Object.assign(scene, { frames: [Object.assign({}, scene.frames[0], { log })] }))",
        [
            newer,
            *frame["log"],
        ],
    )
    assert page.locator("[data-panel=log] li").first.inner_text().endswith("something else happens")
    assert page.evaluate("document.activeElement.dataset.week") == entry.get_attribute("data-week")


@pytest.mark.parametrize("weeks", [3, 30])
def test_how_far_the_verdict_can_be_trusted_is_always_in_sight(show: Show, weeks: int) -> None:
    frame = watched("run.weeks=40", "run.burn_in_weeks=5", weeks=weeks).frame()
    page = show(frame)
    caution = page.locator("[data-key='0.verdict.caution']")
    assert caution.count() == 1
    assert caution.is_visible()
    assert caution.inner_text() == frame["verdict"]["caution"].replace("`", "")
    assert page.locator(".rs-warm-up").is_visible() == (weeks <= 5)
    if weeks <= 5:
        assert "warm-up" in page.inner_text(".rs-warm-up")


def test_a_change_of_the_timeline_is_drawn_once_its_week_has_come(show: Show, race: WatchedRace) -> None:
    scenario = replace(
        race.scenario, events=(Event(8, "operators.crews", 300), Event(20, "workshops.iteration_weeks", 3))
    )
    for weeks, expected in ((8, 0), (9, 1), (20, 1), (21, 2)):
        page = show(watched_scenario(scenario, weeks=weeks).frame())
        for panel in WEEKLY:
            flags = page.locator(
                f"[data-panel={panel}] svg [data-tip^='week 8:'], [data-panel={panel}] [data-tip^='week 20:']"
            )
            flags = flags.and_(page.locator("rect"))
            assert flags.count() == expected
            assert page.locator(f"[data-panel={panel}] text", has_text="a parameter changes").count() == (expected > 0)
        assert page.locator("[data-panel=ahead] .rs-lead b").count() == expected
        assert "lever" not in page.inner_text("[data-panel=ahead]")


@pytest.mark.parametrize(("changes", "number"), [(2, "1, 2"), (3, "1\u20133")])
def test_changes_of_one_week_share_a_flag(show: Show, frame: Frame, changes: int, number: str) -> None:
    together = [{"week": 8, "text": f"change {n}"} for n in range(1, changes + 1)]
    page = show({**frame, "ahead": {**frame["ahead"], "events": [{"week": 20, "text": "later"}, *together]}})
    for panel in WEEKLY:
        flags = page.locator(f"[data-panel={panel}] svg rect[data-tip^='week ']")
        tips = [flags.nth(n).get_attribute("data-tip") for n in range(flags.count())]
        assert tips == ["week 8: " + "\n".join(one["text"] for one in together), "week 20: later"]
        told = flags.evaluate_all("all => all.map(one => one.nextElementSibling.textContent)")
        assert told == [number, str(changes + 1)]
        inside = """all => all.every(one => one.getBoundingClientRect().width
            >= one.nextElementSibling.getBoundingClientRect().width)"""
        assert flags.evaluate_all(inside)
    lead = page.inner_text("[data-panel=ahead] .rs-lead").splitlines()
    assert lead == [f"{n} from week 8: change {n}" for n in range(1, changes + 1)] + [
        f"{changes + 1} from week 20: later"
    ]


@pytest.mark.parametrize("founders", [("workshops", "primes"), ("workshops", "joint_lines", "primes"), ("primes",)])
def test_only_tints_that_are_drawn_are_named(show: Show, frame: Frame, founders: tuple[str, ...]) -> None:
    like = frame["stream"]["families"][0]
    families = [{**like, "family": n, "name": f"family {n}", "kind": kind} for n, kind in enumerate(founders)]
    lines = {**frame["flows"]["by_kind"], "joint_lines": frame["flows"]["by_kind"]["primes"]}
    page = show(
        {**frame, "stream": {**frame["stream"], "families": families}, "flows": {**frame["flows"], "by_kind": lines}}
        | {"kinds": ["workshops", "primes", "joint_lines"]}
    )
    said = page.inner_text("[data-panel=stream] .rs-explanation")
    for kind, tint in (("workshops", "blue from"), ("primes", "orange from"), ("joint_lines", "green from")):
        assert (tint in said) == (kind in founders)
    assert ("Joint lines fly in the family of their workshop" in said) == ("joint_lines" not in founders)
    assert "family of their workshop" not in show(frame).inner_text("[data-panel=stream] .rs-explanation")


def test_without_a_control_the_reason_stands_in_the_place_of_its_key(show: Show, frame: Frame) -> None:
    reason = "no control beside a race of more than 300,000 makers times weeks: it would hold up the page"
    words = "[...document.querySelectorAll('[data-panel=ahead] text')].map(one => one.textContent).join(' ')"
    without = {**frame, "ahead": {**frame["ahead"], "control": None, "control_note": reason}}
    assert reason in show(without).evaluate(words)
    beside = {**frame, "ahead": {**frame["ahead"], "control_note": ""}}
    assert frame["ahead"]["control"]["label"] in show(beside).evaluate(words)


def test_a_new_countermeasure_has_a_ring_and_says_what_it_would_stop(show: Show, frame: Frame) -> None:
    disc = max(frame["space"]["discs"], key=lambda one: one["covered"])
    new = {**disc, "reach": 0.01, "fraction": 1.0, "stops": 0.0042, "covered": 0.42, "covers": True, "team": "team-0"}
    page = show({**frame, "space": {**frame["space"], "discs": [new]}})
    ring = page.locator("[data-panel=space] circle[data-select=team-0]")
    assert ring.count() == 1
    tip = " ".join((ring.get_attribute("data-tip") or "").split())
    assert "stops next to nothing yet: it reaches 1% of sorties; of those it meets it would stop 42%" in tip


@pytest.mark.parametrize("kind", ["workshops", "primes"])
def test_points_and_lines_stand_out_from_paper(show: Show, frame: Frame, kind: str) -> None:
    page = show(frame)
    assert contrast(page, f"edges.{kind}", "paper") >= LEAST_CONTRAST
    edge = page.evaluate(f"RaceStage.theme.LIGHT.edges.{kind}")
    shape = "rect" if kind == "primes" else "circle"
    points = page.locator(f"[data-panel=space] {shape}[data-tip^='family ']")
    assert points.count() > 0
    assert {points.nth(n).get_attribute("stroke") for n in range(points.count())} == {edge}
    assert page.locator(f"[data-panel=ahead] path[stroke='{edge}']").count() >= 2


@pytest.mark.parametrize("width", [1280, 1500, 1900])
@pytest.mark.parametrize(("races", "dark"), [(1, False), (2, True)])
def test_every_word_of_a_drawing_lies_inside_it(show: Show, frame: Frame, races: int, dark: bool, width: int) -> None:
    page = show(*[frame] * races, dark=dark, width=width)
    assert page.locator("[data-panel=space] svg").count() == races
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".rs-drawing svg text")].filter((text) => {
            const own = text.getBoundingClientRect();
            const whole = text.ownerSVGElement.getBoundingClientRect();
            return own.left < whole.left - 1 || own.right > whole.right + 1 || own.bottom > whole.bottom + 1;
        }).map((text) => text.textContent)"""
    )
    assert outside == []


def filled_rings(page: Page) -> list[str]:
    """Teams of the rings that have a fill."""
    found: list[str] = page.eval_on_selector_all(
        "[data-panel=space] [clip-path] circle[data-select^='team-']",
        "all => all.filter(one => one.getAttribute('fill') !== 'none').map(one => one.dataset.select)",
    )
    return found


def test_only_what_stops_most_and_the_selected_team_is_fully_drawn(show: Show, race: WatchedRace) -> None:
    space = race.frame()["space"]
    discs = [
        {**space["discs"][0], "covers": True, "team": f"team-{team}", "stops": stops}
        for team, stops in enumerate((0.05, 0.2, 0.03, 0.1, 0.04))
    ]
    frame = {**race.frame(), "space": {**space, "discs": discs}}
    page = show(frame)
    assert sorted(filled_rings(page)) == ["team-0", "team-1", "team-3"]
    assert page.locator("[data-panel=space] [clip-path] circle[data-select^='team-']").count() == len(discs)
    named = page.locator("[data-panel=space] svg > text", has_text="team ").all_text_contents()
    assert sorted(text for text in named if ":" not in text) == ["team 0", "team 1", "team 3"]
    listed = [text for text in page.locator("[data-panel=space] svg text").all_text_contents() if "against the" in text]
    assert [text.split(",")[0] for text in listed if ":" in text] == ["team 1", "team 3", "team 0"]
    assert sorted(filled_rings(show(frame, selected="team-2"))) == ["team-0", "team-1", "team-2", "team-3"]


def test_the_list_of_countermeasures_lies_below_every_mark(show: Show, frame: Frame) -> None:
    page = show(frame)
    title = page.locator("[data-panel=space] text", has_text="Alone they would stop most").bounding_box()
    square = page.locator("[data-panel=space] svg > rect").first.bounding_box()
    assert title is not None
    assert square is not None
    assert title["y"] >= square["y"] + square["height"]


def test_only_the_selected_maker_has_a_trail(show: Show, race: WatchedRace) -> None:
    trails = race.frame()["space"]["trails"]
    maker = trails[0]["maker"]
    assert len(trails) > 1
    drawn = "[data-panel=space] [clip-path] path[fill=none]"
    none = show(race.frame()).locator(drawn).count()
    assert show(race.frame(maker), selected=maker).locator(drawn).count() == none + 1


def test_a_race_that_has_not_begun_says_what_there_will_be_and_has_nothing_to_save(show: Show) -> None:
    page = show(watched(weeks=0).frame())
    assert page.locator("[data-save]:visible").count() == 0
    said = page.locator(".rs-panels .rs-explanation:visible").all_inner_texts()
    assert len(said) == page.locator(".rs-panels [data-panel]:visible").count()
    assert all(text.startswith("Here: ") for text in said)
    assert len(set(said)) == len(said)


def test_the_record_of_an_agent_follows_the_design_space(show: Show, frame: Frame) -> None:
    for width in (600, 1280, 1500):
        page = show(frame, width=width)
        space, record = (page.locator(f"[data-panel={name}]").bounding_box() for name in ("space", "inspect"))
        assert space is not None
        assert record is not None
        assert record["x"] == space["x"]
        assert 0 < record["y"] - space["y"] - space["height"] < space["height"] / 10


def test_two_races_are_compared_in_larger_letters_and_in_a_table_once_there_are_numbers(
    show: Show, frame: Frame
) -> None:
    compared = {"headline": "A is ahead of B.", "sentences": [], "rows": []}
    page = show(frame, frame, comparison=compared)
    sizes: list[float] = page.eval_on_selector_all(
        ".rs-comparison .rs-headline, .rs-verdict .rs-headline > *",
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))",
    )
    assert sizes[0] > max(sizes[1:])
    assert page.locator("[data-panel=comparison] table").count() == 0
    rows = [{"measure": "Hits", "unit": "hits", "a": 1, "b": 2, "ratio": 2.0}]
    assert show(frame, frame, comparison={**compared, "rows": rows}).locator("[data-panel=comparison] table").count()


def test_the_whole_race_stands_under_the_verdict_on_the_last_weeks(show: Show, frame: Frame) -> None:
    whole = {"window": [5, 29], "text": "Since the warm-up workshops made 0.2 hits a sortie.", "rows": []}
    page = show({**frame, "verdict": {**frame["verdict"], "whole": whole}})
    assert page.locator(".rs-whole").is_visible()
    assert page.inner_text(".rs-whole") == whole["text"]
    assert "last 13 weeks: weeks 17 to 29" in page.inner_text("[data-panel=verdict] thead")
    without = show({**frame, "verdict": {**frame["verdict"], "whole": None}})
    assert without.inner_text(".rs-whole") == ""


def test_the_legend_says_why_a_line_breaks_off(show: Show, frame: Frame) -> None:
    legend = "[data-panel=ahead] text:text-matches('^workshops( .gaps|$)')"
    ahead = {**frame["ahead"], "workshops": [*frame["ahead"]["workshops"][:-2], None, frame["ahead"]["workshops"][-1]]}
    assert show({**frame, "ahead": ahead}).locator(legend).all_text_contents() == ["workshops (gaps: no sorties)"]
    assert show(frame).locator(legend).all_text_contents() == ["workshops"]


def test_numbers_of_drones_are_whole_and_inside_the_drawing(show: Show, frame: Frame) -> None:
    cells = [[225, 100], [16_234, 0], [0, 0], [0, 0], [0, 0], [74_700, 1]]
    arsenal = {**frame["arsenal"], "workshops": cells, "primes": cells, "total": 182_318, "dropped": 182_000}
    page = show({**frame, "arsenal": arsenal}, width=760)
    numbers = page.locator("[data-panel=arsenal] svg text").all_text_contents()
    assert numbers.count("225") == numbers.count("16,200") == numbers.count("74,700") == 2
    assert page.inner_text("[data-key='0.arsenal.dropped']") == "182,000"
    frame_box = page.locator("[data-panel=arsenal] svg").bounding_box()
    assert frame_box is not None
    for box in (one.bounding_box() for one in page.locator("[data-panel=arsenal] svg text", has_text="74,700").all()):
        assert box is not None
        assert box["x"] + box["width"] <= frame_box["x"] + frame_box["width"] + 1
