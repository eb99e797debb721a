"""A page that runs for hours does not grow: neither the server's memory nor the browser's."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.page.browsing import visit, watching
from tests.page.driving import act, choose

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

WEEKS = 601
RESETS = 6
WARM_WEEKS = 200  # after which everything that is made once has been made
LEAST_MEBIBYTES = 6.0  # of growth that no measurement tells from none: arenas of the allocator, caches of the browser
SERVER_BYTES_A_WEEK = 4_000.0  # what a week may leave behind in memory: its record, its log, its sorties by family
SMALL = {"width": 640, "height": 480}  # pixels: quicker to paint
KIBIBYTES = 1024.0
MEBIBYTES = 1024.0 * 1024.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from the Linux kernel"),
]


def server_mebibytes(process: int) -> float:
    """Memory of the server that is resident."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / KIBIBYTES


def browser_mebibytes(session: CDPSession) -> float:
    """Memory of what the page's script still holds."""
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    return float(used) / MEBIBYTES


def run_to(page: Page, week: int) -> None:
    """Play as fast as it is drawn, up to a week."""
    act(page, "play")
    page.wait_for_function(
        "week => Number((document.querySelector('[data-key=week]') || {}).textContent || -1) >= week",
        arg=week,
        timeout=400_000,
    )
    pause = page.locator("button[data-do=play]", has_text="Pause")
    if pause.count():
        pause.click()


def test_memory_stays_flat(browser: Browser, tmp_path: Path) -> None:
    with watching(folder=tmp_path) as here, visit(browser, **SMALL) as tab:
        page = tab.page
        page.goto(f"{here.address}/?set=run.weeks:{WEEKS}&seed=5")
        page.wait_for_selector("[data-do=play]")
        session = page.context.new_cdp_session(page)
        choose(page, "speed", "drawn")
        run_to(page, WARM_WEEKS)
        server, script = server_mebibytes(here.process), browser_mebibytes(session)
        run_to(page, WEEKS - 1)
        grown = server_mebibytes(here.process) - server
        assert grown < LEAST_MEBIBYTES + SERVER_BYTES_A_WEEK * (WEEKS - WARM_WEEKS) / MEBIBYTES
        assert browser_mebibytes(session) - script < LEAST_MEBIBYTES
        act(page, "reset")
        run_to(page, 5)
        server, script = server_mebibytes(here.process), browser_mebibytes(session)
        for _ in range(RESETS):
            act(page, "reset")
            run_to(page, 5)
        time.sleep(1.0)
        assert server_mebibytes(here.process) - server < LEAST_MEBIBYTES
        assert browser_mebibytes(session) - script < LEAST_MEBIBYTES
