"""The money view: its drawing and its tables say what the records say, and add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from race_sim.firms import MONEY_IN, MONEY_NAMES, TREASURY_NAMES
from race_sim.records import KIND_NAMES
from race_sim.watch import WatchedRace
from tests.page.showing import money_numbers, short_money, shown_numbers
from tests.page.staging import Frame, Show, stages
from tests.small import six_firms
from tests.watch.watching import watched_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PANEL = "[data-panel=money]"


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    """A race with joint lines, makers that failed, and a veto in its last week."""
    return watched_scenario(six_firms("coalition.veto_chance=1", "workshop_accounts.overhead=400"))


@pytest.fixture(scope="module")
def frame(race: WatchedRace) -> Frame:
    return race.frame()


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    with stages(browser) as shown:
        yield shown


def ribbons(page: Page) -> dict[str, int]:
    """Euros of each flow that is drawn, by its words."""
    tips: list[str] = page.eval_on_selector_all(f"{PANEL} svg path[data-tip]", "all => all.map(one => one.dataset.tip)")
    return {name: int(euros.replace(",", "")) for name, euros in (tip.split(": EUR ") for tip in tips)}


def lines(page: Page) -> list[tuple[str, list[int]]]:
    """The lines of the table of what makers received and spent: their words and their euros, kind by kind."""
    page.eval_on_selector_all(f"{PANEL} details", "all => all.forEach(one => (one.open = true))")
    found: list[tuple[str, list[str]]] = page.eval_on_selector_all(
        f"{PANEL} details tbody tr",
        "all => all.map(row => [row.firstChild.textContent, "
        "[...row.querySelectorAll('td')].map(one => one.dataset.tip)])",
    )
    return [
        (words, [int(tip.removeprefix("EUR ").replace(",", "").replace("\u2212", "-")) for tip in tips])
        for words, tips in found
    ]


def test_numbers_are_those_recorded(show: Show, race: WatchedRace, frame: Frame) -> None:
    shown = shown_numbers(show(frame))
    expected = money_numbers(race.weekly)
    assert any(name.endswith("written_off") for name in expected)
    assert {name: shown.get(name) for name in expected} == expected


def test_what_makers_received_and_spent_leads_from_their_cash_at_the_start_to_now(
    show: Show, race: WatchedRace, frame: Frame
) -> None:
    (start, began), *between, (end, now) = lines(show(frame))
    assert (start, end) == ("cash at the start", "= cash now")
    assert now == race.weekly["kinds"]["cash"][-1].tolist()
    signs = ["+-".index(words.replace("\u2212", "-")[0]) for words, _ in between]
    assert signs == sorted(signs)
    changes = [[euros * (1, -1)[sign] for euros in row] for sign, (_, row) in zip(signs, between, strict=True)]
    assert [sum(column) for column in zip(began, *changes, strict=True)] == now


def test_loans_are_drawn_less_repayments(show: Show, race: WatchedRace, frame: Frame) -> None:
    repaid = deepcopy(frame)
    repaid["flows"]["money"]["run"]["makers"]["primes"] |= {"borrowed": 2_000, "repaid": 5_000}
    kept = race.weekly["kinds"]["money"].sum(axis=0)
    for page_frame in (frame, repaid):
        money = page_frame["flows"]["money"]
        drawn = ribbons(show(page_frame))
        for kind, name in enumerate(KIND_NAMES[:-1]):
            own = money["run"]["makers"][name]
            if page_frame is frame:
                assert own == dict(zip(MONEY_NAMES, kept[kind].tolist(), strict=True))
            net = own["borrowed"] - own["repaid"]
            words = name.replace("_", " ")
            brought = money["start"][name] + own["paid_in"] + max(0, net)
            assert drawn.get(f"owners, banks to {words}", 0) == brought
            assert drawn.get(f"{words} to owners, banks", 0) == own["paid_out"] + max(0, -net)
    assert kept[0, MONEY_NAMES.index("repaid")] > 0
    assert MONEY_NAMES.index("borrowed") < MONEY_IN


def test_what_flows_into_makers_flows_out_but_for_what_passes_between_them(show: Show, frame: Frame) -> None:
    drawn = ribbons(show(frame))
    money = frame["flows"]["money"]
    for name in KIND_NAMES[:-1]:
        words, own = name.replace("_", " "), money["run"]["makers"][name]
        came = sum(euros for flow, euros in drawn.items() if flow.endswith(f" to {words}"))
        went = sum(euros for flow, euros in drawn.items() if flow.startswith(f"{words} to "))
        passed = own["royalties_earned"] + own["taken_over"] - own["royalties"] - own["handed_on"]
        assert came + passed == went


def test_a_veto_is_told_while_it_holds_up_money_and_stands_apart_from_sums(show: Show, frame: Frame) -> None:
    held = {name: frame["flows"]["money"]["treasuries"][name]["withheld"] for name in TREASURY_NAMES}
    assert sum(held.values()) > 0
    page = show(frame)
    lead = page.inner_text(f"{PANEL} .rs-lead")
    goodwill = shown_numbers(page)["money.goodwill"]
    assert lead.startswith(f"Donors' goodwill: {goodwill}; a veto holds up joint money.")
    assert page.locator(f"{PANEL} table", has_text="veto").count() == 0
    told = shown_numbers(page)
    assert [told.get(f"money.{name}.withheld") for name in held] == [
        short_money(euros) if euros else None for euros in held.values()
    ]
    free = deepcopy(frame)
    for name in held:
        free["flows"]["money"]["treasuries"][name]["withheld"] = 0
    page = show(free)
    assert page.inner_text(f"{PANEL} .rs-lead").startswith(f"Donors' goodwill: {goodwill}.")
    assert "veto" not in page.inner_text(PANEL)


def test_a_treasury_is_chosen_by_its_bar_and_by_its_name(show: Show, frame: Frame) -> None:
    page = show(frame)
    for which, words in enumerate(("home treasury", "partners' treasury")):
        mark = page.locator(f"{PANEL} svg [data-select=treasury-{which}]")
        assert mark.count() == 1
        for part in (mark.locator("rect").first, mark.locator("text", has_text=words)):
            part.scroll_into_view_if_needed()
            box: Any = part.bounding_box()
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.evaluate("told") == [["select", f"treasury-{which}"] for which in (0, 0, 1, 1)]


def test_one_thing_has_one_name(show: Show, frame: Frame) -> None:
    page = show(frame)
    text = page.inner_text(PANEL) + " ".join(words for words, _ in lines(page)) + " ".join(ribbons(page))
    assert "held back by" in text
    assert "overhead" in text
    assert not re.search("fixed cost|limited by|bound by", text)
