"""How fast a race is drawn in Chromium with every view open, and what a week costs before it is drawn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.timing import Timer
from race_sim.model import RaceModel
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from tests.page.browsing import chromium, visit, watching
from tests.page.driving import act, choose

WANTED = 15.0  # drawn weeks a second
ROUNDS = 3
LAST = 155  # week of the baseline
QUERIES = {
    "one race": "seed=5",
    "two races": "scenario=baseline&beside.scenario=frozen_red&seed=5",
}
DRAWN = """
week => {
    const shown = document.querySelector("[data-key='0.week']");
    return shown && shown.textContent.includes(` ${week} `);
}
"""


@pytest.mark.parametrize("what", QUERIES)
@pytest.mark.parametrize("width", [1280, 1920])
def test_drawn_weeks_a_second(
    what: str, width: int, tmp_path: Path, timer: Timer, report: Callable[[str], None]
) -> None:
    with watching(folder=tmp_path) as server, chromium() as browser, visit(browser, width=width) as tab:
        page = tab.page
        page.goto(f"{server.address}/?{QUERIES[what]}")
        page.wait_for_selector("[data-do=play]")
        choose(page, "speed", "drawn")
        seconds: list[float] = []

        def race() -> None:
            act(page, "reset")
            page.wait_for_selector(".race-now:has-text('not started')")
            began = time.perf_counter()
            act(page, "play")
            page.wait_for_function(DRAWN, arg=LAST, timeout=120_000)
            seconds.append(time.perf_counter() - began)

        timer.benchmark.pedantic(race, rounds=ROUNDS, warmup_rounds=1)
    rate = (LAST + 1) / sorted(seconds)[len(seconds) // 2]
    report(f"page, {what}, {width} pixels: {rate:.0f} drawn weeks a second, {rate / WANTED:.1f} of what is wanted")


def test_a_week_before_it_is_drawn(timer: Timer, report: Callable[[str], None]) -> None:
    scenario = load("baseline")

    def stepped() -> None:
        RaceModel(scenario, seed=5).run()

    def watched() -> None:
        race = WatchedRace(scenario, 5)
        while not race.over:
            race.step()

    def framed() -> None:
        race = WatchedRace(scenario, 5)
        while not race.over:
            race.step()
            json.dumps(race.frame(), allow_nan=False)

    medians = timer.medians({"framed": framed, "watched": watched, "stepped": stepped}, rounds=ROUNDS)
    week = {name: 1000.0 * seconds / (LAST + 1) for name, seconds in medians.items()}
    report(
        f"a week of the baseline: stepped {week['stepped']:.2f} ms, "
        f"watched {week['watched'] / week['stepped']:.1f} times that, "
        f"with its frame {week['framed'] / week['stepped']:.1f} times"
    )
