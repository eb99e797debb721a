"""The server lets in nobody but this machine, says what is wrong before it starts, and ends quietly."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from race_sim.scenario import load
from tests.cli.commands import race_sim, refusal
from tests.page.browsing import ADDRESS, serving, visit
from tests.page.conftest import Open
from tests.page.driving import go_to, wait_for_week
from tests.page.showing import assert_shows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOOPBACK = "0100007F"  # 127.0.0.1 as the kernel writes it
LISTENING = "0A"
LEAST_TEXT = 12  # pixels
COMPILE_MILLISECONDS = 180_000  # nothing has compiled the law for this server
SMALLEST_TEXT = """
all => Math.min(...all
    .filter(one => one.childElementCount === 0 && one.textContent.trim() && one.getClientRects().length)
    .map(one => parseFloat(getComputedStyle(one).fontSize)))
"""


def listening_addresses(port: int) -> set[str]:
    """Addresses on which something listens at this port, as the kernel writes them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            place, state = line.split()[1], line.split()[3]
            host, _, number = place.partition(":")
            if state == LISTENING and int(number, 16) == port:
                found.add(host)
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads what the Linux kernel says of sockets")
def test_it_listens_on_this_machine_only(address: str) -> None:
    port = urlsplit(address).port
    assert port is not None
    assert listening_addresses(port) == {LOOPBACK}


def test_pages_of_other_origins_get_nothing(address: str) -> None:
    request = urllib.request.Request(address, headers={"Origin": "http://elsewhere.example"})  # noqa: S310 -- loopback
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310 -- loopback
    assert refused.value.code == 403
    refused.value.close()


OUTSIDE = (
    "/../../etc/passwd",
    "/static/public/../../../../../etc/passwd",
    "/_solara/cdn/../../../../../etc/passwd",
    "/static/nbextensions/../../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_to_files(address: str, path: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as link:
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := link.recv(65536):
            answer += part
    assert b"root:" not in answer


def test_a_busy_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = race_sim("watch", "--no-open", "--port", str(port), folder=tmp_path)
    assert f"port {port}" in refusal(done)


@pytest.mark.slow
def test_a_wrong_scenario_is_told_before_anything_is_served(tmp_path: Path) -> None:
    assert "nowhere" in refusal(race_sim("watch", "nowhere", "--no-open", folder=tmp_path))
    assert "seed" in refusal(race_sim("watch", "--seed", "-1", "--no-open", folder=tmp_path))
    assert "teams.skill" in refusal(race_sim("watch", "--set", "teams.skill=9", "--no-open", folder=tmp_path))
    assert "no-such" in refusal(race_sim("watch", "--store", "no-such", "--no-open", folder=tmp_path))


def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "race_sim", "watch", "--no-open", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if (found := ADDRESS.search(line)) is not None:
            break
    wait_until_served(found[0])
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "Traceback" not in "".join(said) + rest


def wait_until_served(address: str) -> None:
    """Return once the server answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 -- loopback
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer at {address}")


def test_a_scenario_in_a_file_can_be_watched_and_linked(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('base = "fast_red"\n[teams]\nskill = 0.3\n', encoding="utf-8")
    command = [sys.executable, "-m", "race_sim", "watch", "mine.toml", "--seed", "9", "--no-open", "--port", "0"]
    with serving(command, tmp_path) as here, visit(browser) as tab:
        tab.page.goto(here.address)
        tab.page.wait_for_selector("[data-do=play]")
        go_to(tab.page, 10)
        assert_shows(tab.page, load("fast_red", ["teams.skill=0.3"]), 9, 10)


def test_solara_run_shows_the_same_page(browser: Browser, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "solara", "run", "race_sim.page", "--production", "--host", "127.0.0.1"]
    with serving([*command, "--port", str(free_port()), "--no-open"], tmp_path) as here:
        wait_until_served(here.address)
        with visit(browser) as tab:
            tab.page.goto(f"{here.address}/?seed=4&week=6")
            wait_for_week(tab.page, 6)
            assert_shows(tab.page, load("baseline"), 4, 6)


@pytest.mark.slow
def test_mesas_own_page_shows_the_same_model(browser: Browser, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "solara", "run", "race_sim.page.mesa_page", "--production", "--host", "127.0.0.1"]
    with serving([*command, "--port", str(free_port()), "--no-open"], tmp_path) as here:
        wait_until_served(here.address)
        with visit(browser) as tab:
            tab.page.goto(here.address)
            step = tab.page.get_by_role("button", name="Step")
            step.wait_for()
            for week in range(1, 4):
                step.click()
                told = tab.page.get_by_text(re.compile(rf"^(Step: {week}|Time: {week}\.0)$"))  # Mesa 3.3, Mesa 3.5
                told.wait_for(timeout=COMPILE_MILLISECONDS)
            assert tab.page.locator("img").count() >= 4


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("query", ["seed=5&week=40", "scenario=baseline&beside.scenario=frozen_red&seed=5&week=40"])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off(open_page: Open, width: int, query: str, dark: bool) -> None:
    page = open_page(query, width=width, dark=dark)
    wait_for_week(page, 40)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for panel in page.query_selector_all("[data-panel]"):
        box = panel.bounding_box()
        if box is not None and box["height"] > 0:
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    smallest = page.eval_on_selector_all("[data-panel] *, .race-panel *, .race-bar *", SMALLEST_TEXT)
    assert smallest >= LEAST_TEXT
