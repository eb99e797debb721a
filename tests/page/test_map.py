"""The map of a stored sweep on the page: a click on a point runs that very run, and the page proves it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from race_sim.study.reading import load_study
from race_sim.study.replay import listed_runs
from race_sim.study.store import Store
from race_sim.study.sweep import Request, Sweep
from race_sim.watch.stored_run import stored_run
from tests.page.browsing import visit, watching
from tests.page.driving import choose, go_to, kept, pull
from tests.page.showing import assert_shows
from tests.study.gallery import gallery

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LAST = 19  # week of the study's races


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("map")
    return Sweep(load_study(gallery(folder)), folder / "out", Request(parts=["plane"], workers=1)).run()


def run_watched(page: Page) -> str:
    """Name of the run that the page says it watches."""
    page.wait_for_selector("[data-key=message]:has-text('stored run')")
    found = re.search(r"[0-9a-f]{16}-[0-9]+", page.inner_text("[data-key=message]"))
    assert found is not None
    return found[0]


@pytest.mark.slow
def test_a_click_on_the_map_watches_that_run(browser: Browser, store: Store, tmp_path: Path) -> None:
    with watching("--store", store.directory, folder=tmp_path) as server, visit(browser) as tab:
        page = tab.page
        page.goto(server.address)
        page.wait_for_selector("[data-do=play]")
        choose(page, "map", store.directory.name)
        plot = page.locator("[data-panel=map] .rs-drawing")
        plot.locator("svg").wait_for()
        plot.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        drawing = kept(page, "[data-panel=map] button[data-save=svg]", tmp_path)
        assert ET.fromstring(drawing.read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314 -- our own
        name = run_watched(page)
        assert name in set(listed_runs(store)["run"])
        page.wait_for_selector("[data-key=message]:has-text('to the bit')", timeout=60_000)
        stored = stored_run(store, name)
        page.wait_for_timeout(300)
        assert_shows(page, stored.scenario, stored.seed, LAST)
        cycle = stored.scenario.parameters.workshops.iteration_weeks
        assert re.search(rf"\b{cycle}\b", page.inner_text("[data-panel=map] [data-chosen]"))
        go_to(page, 3)
        pull(page, "teams.discovery_weeks", "5")  # it is another race from here on, and is not held against the row
        go_to(page, LAST)
        message = page.locator("[data-key=message]")
        assert message.count() == 0 or "to the bit" not in message.inner_text()
