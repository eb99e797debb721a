"""Settings of every test: hypothesis without deadlines, the mark of what runs the Mesa driver, one browser."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.page.browsing import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first call of a rule compiles it, which no deadline per example survives.
settings.register_profile("race_sim", deadline=None, derandomize=True)
settings.load_profile("race_sim")

TESTS = Path(__file__).parent
MESA_FILES = {
    "test_model.py",
    "test_parity.py",
    "test_conservation.py",
    "test_api.py",
    "test_recorder.py",
    "test_follow.py",
    "page/test_serving.py",
    "page/test_session.py",
    "page/test_session_commands.py",
    "page/test_watching.py",
    "watch/test_agent_record.py",
    "watch/test_history.py",
    "watch/test_sight.py",
    "watch/test_stored_run.py",
    "watch/test_watched_race.py",
}
"""Files that run the Mesa driver, serve a page of its model, or read its agents while it runs.

What is drawn, told or offered of a race is the same whichever Mesa recorded it, and tested on one Python.
"""


def runs_mesa(path: Path) -> bool:
    """Whether a file depends on the version of Mesa, so that it is repeated on the newest Python and Mesa."""
    return path.relative_to(TESTS).as_posix() in MESA_FILES


def pytest_configure() -> None:
    """Ctrl-C interrupts what tests start, also where a shell has begun the tests in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if TESTS in item.path.parents and runs_mesa(item.path):
            item.add_marker(pytest.mark.mesa)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay for good: no collection of garbage need look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process: Playwright cannot be started twice in one."""
    with chromium() as browser:
        yield browser
