"""The server listens where it was asked to, and for this machine's own windows."""

from __future__ import annotations

import socket
from importlib.util import find_spec

import pytest

from race_sim.errors import InputError
from race_sim.page import serve
from race_sim.page.serve import HERE, HERE_NAMES, USUAL_PORT, OwnWindowsOnly, check_page, listen


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


def test_it_listens_on_this_machine_only() -> None:
    with listen(HERE, 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_a_busy_usual_port_gives_a_free_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen(HERE, 0) as busy:
        monkeypatch.setattr(serve, "USUAL_PORT", port_of(busy))
        with listen(HERE, None) as other:
            assert port_of(other) not in (0, port_of(busy))
    assert USUAL_PORT == 8521


def test_a_busy_port_that_was_asked_for_is_refused() -> None:
    with listen(HERE, 0) as busy, pytest.raises(InputError, match=f"port {port_of(busy)}"):
        listen(HERE, port_of(busy))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(InputError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)
    with pytest.raises(InputError, match="no such machine"):
        listen("no such machine", 0)


def test_without_the_extra_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "solara" else find_spec(name))
    with pytest.raises(InputError, match=r"solara.*pip install 'race-sim\[page\]'"):
        check_page()


OWN = "127.0.0.1:8521"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"host": OWN}, True),
        ({"host": OWN, "origin": f"http://{OWN}"}, True),
        ({"host": "localhost:8521", "origin": "http://localhost:8521"}, True),
        ({"host": "[::1]:8521"}, True),
        ({"host": OWN, "origin": "http://elsewhere.example"}, False),
        ({"host": OWN, "origin": "http://127.0.0.1:9999"}, False),
        ({"host": OWN, "origin": "null"}, False),
        ({"host": "elsewhere.example", "origin": "http://elsewhere.example"}, False),
        ({"host": "127.0.0.1.elsewhere.example"}, False),
        ({"host": "[::1"}, False),
        ({}, False),
    ],
)
def test_pages_of_others_cannot_reach_it(headers: dict[str, str], own: bool) -> None:
    assert OwnWindowsOnly(None, HERE_NAMES).is_own(headers) == own


def test_where_others_are_let_in_it_may_have_any_name() -> None:
    guard = OwnWindowsOnly(None, ())
    assert guard.is_own({"host": "teaching.example:80", "origin": "http://teaching.example:80"})
    assert not guard.is_own({"host": "teaching.example:80", "origin": "http://elsewhere.example"})


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_is_refused_does_not_reach_the_application(kind: str) -> None:
    reached: list[str] = []
    sent: list[dict[str, object]] = []

    async def application(scope: dict[str, object], *_: object) -> None:
        reached.append(str(scope["type"]))

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    def ask(*headers: tuple[bytes, bytes]) -> None:
        with pytest.raises(StopIteration):  # nothing in it waits: it runs to its end at once
            OwnWindowsOnly(application, HERE_NAMES)({"type": kind, "headers": headers}, None, send).send(None)

    ask((b"Host", OWN.encode()), (b"Origin", b"http://elsewhere.example"))
    assert reached == []
    assert sent[0].get("status", sent[0].get("code")) in (403, 1008)
    ask((b"Host", OWN.encode()), (b"Origin", f"http://{OWN}".encode()))
    assert reached == [kind]
