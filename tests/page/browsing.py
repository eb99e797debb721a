"""The page in a real browser: a server on a free loopback port, Debian's Chromium, nothing let out of the machine."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

START_SECONDS = 180.0  # the law may have to be compiled
CHROMIUM = ("chromium", "chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = "RACE_SIM_BROWSER"  # set to "required", a missing browser fails instead of skipping
WIDTH, HEIGHT = 1280, 800  # pixels
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/?\S*")


def chromium_path() -> str:
    """Debian's Chromium; the test is skipped where there is none, unless one is required."""
    for name in CHROMIUM:
        if (path := shutil.which(name)) is not None:
            return path
    reason = "no Chromium: install Debian's package `chromium` (sh scripts/install_chromium.sh)"
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = chromium_path()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Server(NamedTuple):
    """A server that runs: where it serves, and the number of its process."""

    address: str
    process: int


@contextmanager
def watching(*arguments: str | Path, folder: Path) -> Iterator[Server]:
    """`race-sim watch` with these arguments, on a free port."""
    command = [sys.executable, "-m", "race_sim", "watch", "--no-open", "--port", "0", *map(str, arguments)]
    with serving(command, folder) as server:
        yield server


@contextmanager
def serving(command: list[str], folder: Path, **environment: str) -> Iterator[Server]:
    """A server that prints its address once it is ready; stopped at the end."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    lines: queue.Queue[str] = queue.Queue()
    said: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if (found := ADDRESS.search(line)) is not None:
                lines.put(found[0])
        lines.put("")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        address = lines.get(timeout=START_SECONDS)
        assert address, f"the server ended:\n{''.join(said)}"
        yield Server(address.rstrip("/"), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        reader.join(5)
        assert process.stdout is not None
        process.stdout.close()


@dataclass
class Visit:
    """A tab, with what it must never do: ask for anything outside the machine, or complain.

    Attributes:
        page: the tab.
        outside: addresses it asked for outside of this machine.
        complaints: errors in its console, and requests that failed.
    """

    page: Page
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Nothing left the machine and nothing went wrong."""
        assert self.outside == []
        assert self.complaints == []


@contextmanager
def visit(browser: Browser, *, dark: bool = False, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Visit]:
    """A tab of a browser session of its own; at the end it must have behaved."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    tab = Visit(page)

    def requested(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob", "file"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            tab.outside.append(address)

    page.on("request", lambda request: requested(request.url))
    page.on("websocket", lambda socket: requested(socket.url))
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    page.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
    try:
        yield tab
        tab.check()
    finally:
        context.close()
