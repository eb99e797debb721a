"""One server for all tests of a process: sessions do not disturb each other, which a test checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.page.browsing import visit, watching

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]


@pytest.fixture(scope="session")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 -- skip first
    with watching(folder=tmp_path_factory.mktemp("server")) as server:
        yield server.address


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page, at a link if one is given, in a session of its own; at the end each must have behaved."""
    with ExitStack() as tabs:

        def opened(query: str = "", *, at: str = address, **how: object) -> Page:
            page = tabs.enter_context(visit(browser, **how)).page  # type: ignore[arg-type]
            page.goto(f"{at}/?{query}" if query else at)
            page.wait_for_selector("[data-panel=verdict]", state="attached")
            page.wait_for_selector("[data-do=play]")
            return page

        yield opened
