"""What a user takes home from the page: the same weeks, the same scenario, figures, a replay that needs no server."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from race_sim import api
from race_sim.scenario import Event, load
from tests.page.browsing import visit
from tests.page.conftest import Open
from tests.page.driving import go_to, kept, pull, wait_for_week
from tests.page.showing import expected_numbers, shown_numbers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEED = 5
PANELS = ("space", "stream", "ahead", "balance", "arsenal")
PNG_MARK = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def changed_page(open_page: Open) -> Page:
    """A race of 30 weeks, run to week 14, changed there, and run on to week 20."""
    page = open_page(f"seed={SEED}&set=run.weeks:30")
    go_to(page, 14)
    pull(page, "feedback.delay_weeks", "4")
    go_to(page, 20)
    return page


CHANGED = replace(load("baseline", ["run.weeks=30"]), events=(Event(15, "feedback.delay_weeks", 4),))


def test_weeks_as_csv(changed_page: Page, tmp_path: Path) -> None:
    path = kept(changed_page, "[data-export=weekly]", tmp_path)
    assert path.suffix == ".csv"
    shown = pd.read_csv(io.BytesIO(path.read_bytes()))
    expected = api.run(CHANGED, seed=SEED).weekly.iloc[:21].reset_index(drop=True)
    assert list(shown.columns) == list(expected.columns)
    for name in expected:
        assert np.array_equal(shown[name], expected[name], equal_nan=True), name


def test_scenario_with_its_timeline(changed_page: Page, tmp_path: Path) -> None:
    path = kept(changed_page, "[data-export=scenario]", tmp_path)
    again = load(path)
    assert again.segments == CHANGED.segments
    assert api.run(again, seed=SEED).records.same_bytes(api.run(CHANGED, seed=SEED).records)


@pytest.mark.slow
def test_replay_shows_what_the_page_showed(changed_page: Page, browser: Browser, tmp_path: Path) -> None:
    path = kept(changed_page, "[data-export=replay]", tmp_path)
    on_the_page = shown_numbers(changed_page)
    with visit(browser) as tab:
        tab.page.goto(f"{path.as_uri()}#week=20")
        tab.page.wait_for_function("document.querySelector(\"[data-key='0.week']\").textContent.includes('20')")
        shown = shown_numbers(tab.page)
    assert {key: shown.get(key) for key in on_the_page} == on_the_page
    expected = expected_numbers(CHANGED, SEED, 20)
    assert {key: shown[key] for key in expected} == expected


@pytest.mark.parametrize("panel", PANELS)
def test_every_view_as_figure(open_page: Open, panel: str, tmp_path: Path) -> None:
    page = open_page(f"seed={SEED}&week=30")
    wait_for_week(page, 30)
    drawing = kept(page, f"[data-panel={panel}] button[data-save=svg]", tmp_path)
    root = ET.fromstring(drawing.read_text(encoding="utf-8"))  # noqa: S314 -- our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter())) > 20
    assert "30" in "".join(root.itertext())
    picture = kept(page, f"[data-panel={panel}] button[data-save=png]", tmp_path)
    assert picture.read_bytes().startswith(PNG_MARK)
    assert picture.stat().st_size > 5_000
