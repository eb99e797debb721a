"""Settings of every test: hypothesis without deadlines, the mark of what runs the Mesa driver, one browser."""

from __future__ import annotations

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
    "test_docs.py",
    "test_api.py",
    "test_recorder.py",
    "test_follow.py",
}
MESA_FOLDERS = {"watch", "page"}
ONCE = {"test_endurance.py"}  # more than a minute of drawing, about memory of the page and not about Mesa


def runs_mesa(path: Path) -> bool:
    """Whether a file runs the Mesa driver, so that it is repeated on the newest Python and Mesa."""
    place = path.relative_to(TESTS)
    return place.name not in ONCE and (place.name in MESA_FILES or place.parts[0] in MESA_FOLDERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if TESTS in item.path.parents and runs_mesa(item.path):
            item.add_marker(pytest.mark.mesa)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process: Playwright cannot be started twice in one."""
    with chromium() as browser:
        yield browser
