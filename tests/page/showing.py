"""What a page must show of a race, worked out from the records of the ensemble driver, which the page never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from race_sim.ensemble.driver import run_ensemble
from race_sim.records import KIND_NAMES
from race_sim.scenario import Scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page

VERDICT_WEEKS = 13
LOOKS = 25  # for what is on its way to the browser
LOOK_MILLISECONDS = 200


def shown_numbers(page: Page, race: int = 0) -> dict[str, str]:
    """Numbers on the page about one race, as text, by their key."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"[data-key^='{race}.']", "all => all.map(one => [one.dataset.key, one.textContent.trim()])"
    )
    return {key.removeprefix(f"{race}."): text for key, text in found}


def expected_numbers(scenario: Scenario, seed: int, week: int) -> dict[str, str]:
    """What they must be after a week, as they are written: three decimals of a rate, whole numbers with commas."""
    weekly = run_ensemble(scenario, [seed]).weekly[0, : week + 1]
    late = weekly["kinds"][-VERDICT_WEEKS:]
    expected = {}
    for place, kind in enumerate(KIND_NAMES):
        column: Any = late[:, place]
        sorties, hits = int(column["sorties"].sum()), int(column["hits"].sum())
        if sorties == 0:
            continue
        unopposed = float(np.nansum(column["unopposed_success"] * column["sorties"]))
        expected |= {
            f"verdict.{kind}.sorties": f"{sorties:,}",
            f"verdict.{kind}.hits": f"{hits:,}",
            f"verdict.{kind}.rate": f"{hits / sorties:.3f}",
            f"verdict.{kind}.unopposed": f"{unopposed / sorties:.3f}",
            f"verdict.{kind}.stock": f"{int(column['stock'][-1]):,}",
            f"verdict.{kind}.changes": f"{int(column['designs_fielded'].sum()):,}",
        }
    total: Any = weekly["kinds"][-1, -1]
    if total["stock"] == 0:  # said in words
        return expected
    return expected | {
        "arsenal.total": f"{int(total['stock']):,}",
        "arsenal.countered": f"{int(total['stock_countered']):,}",
    }


def assert_shows(page: Page, scenario: Scenario, seed: int, week: int, race: int = 0) -> None:
    """The page comes to show a race as the ensemble driver has it after this week."""
    expected = expected_numbers(scenario, seed, week)
    for _ in range(LOOKS):
        shown = shown_numbers(page, race)
        differing = {key: (shown.get(key), text) for key, text in expected.items() if shown.get(key) != text}
        if not differing:
            return
        page.wait_for_timeout(LOOK_MILLISECONDS)
    raise AssertionError(f"(shown, expected) after week {week}: {differing}")
