"""Serves the page from this process."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.page.offer import SHELF, Offer
from race_sim.scenario import load

if TYPE_CHECKING:
    import uvicorn

USUAL_PORT = 8521
HERE = "127.0.0.1"
HERE_NAMES = (HERE, "localhost", "::1")
NEEDED = ("solara", "ipyvue", "ipyvuetify", "uvicorn")
MODULE = "race_sim.page"
LOOK_SECONDS = 0.05
LAST_SECONDS = 1  # that open windows are given when the server ends
WARM_WEEKS = 2  # compiles every rule of the law


def check_page() -> None:
    """Raises InputError, which says how to install it, unless the page's extra is there."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"the page needs {', '.join(missing)}: pip install 'race-sim[page]'")


def warm_up() -> None:
    """Have the law compiled, so that the first race does not wait for it."""
    model = RaceModel(load("baseline", [f"run.weeks={WARM_WEEKS}", "run.burn_in_weeks=0"]), seed=0)
    model.run()


def serve(
    offer: Offer,
    *,
    port: int | None = None,
    host: str = HERE,
    browser: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        offer: what can be watched.
        port: 8521 if None, or a free one if that is busy.
        host: address to listen on; any other than this machine's own lets others in.
        browser: whether to open the page in one.
        tell: called with what the user must know.

    Raises InputError if the page's extra is missing or the address cannot be listened on.
    """
    check_page()
    listening = listen(host, port)
    os.environ["SOLARA_APP"] = MODULE  # read when Solara's server is imported
    tell("preparing the race")
    warm_up()
    SHELF.put(offer)
    server = _server(host)
    place = listening.getsockname()[1]
    address = f"http://{host if ':' not in host else f'[{host}]'}:{place}/"
    if host not in HERE_NAMES:
        tell(f"{host} lets other machines reach this page; nobody is asked who they are")
    tell(f"the race is at {address} (Ctrl-C ends it)")
    if browser:
        threading.Thread(target=_open_when_ready, args=(server, address), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens; on the usual port, or a free one, if none is asked for.

    Raises InputError if the port is busy, or the address is none of this machine.
    """
    wanted = [USUAL_PORT, 0] if port is None else [port]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in wanted:
        # Only of a socket that says it is TCP does asyncio switch off the delay of small messages, 40 ms each.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen()
        except OSError as error:
            listening.close()
            if error.errno == errno.EADDRINUSE and number != wanted[-1]:
                continue
            raise InputError(f"{host}, port {number}: cannot be listened on: {error.strerror or error}") from None
        return listening
    raise AssertionError(wanted)


def _server(host: str) -> uvicorn.Server:
    """A server of Solara's application that only says what went wrong."""
    import uvicorn  # noqa: PLC0415
    from solara.server.starlette import app  # noqa: PLC0415

    logging.getLogger("solara").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # would matter inside another's page
    guarded = OwnWindowsOnly(app, HERE_NAMES if host in HERE_NAMES else ())
    config = uvicorn.Config(guarded, log_level="error", access_log=False, timeout_graceful_shutdown=LAST_SECONDS)
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)  # windows that Ctrl-C cuts off
    return server


class OwnWindowsOnly:
    """Serves only windows that were opened on this server, as any page in the same browser could try to reach it.

    Args:
        application: what is served.
        names: names of this machine by which it may be called; any if there are none.
    """

    def __init__(self, application: Any, names: Collection[str]) -> None:
        self.application = application
        self.names = names

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on if it is called by a right name, and comes from no page of another origin."""
        if scope["type"] in ("http", "websocket"):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            if not self.is_own(headers):
                await _refuse(scope["type"], send)
                return
        await self.application(scope, receive, send)

    def is_own(self, headers: Mapping[str, str]) -> bool:
        """Whether a request with these headers (names in small letters) is one of a window's own."""
        host, origin = headers.get("host", ""), headers.get("origin")
        try:
            called = urlsplit(f"//{host}").hostname
            opened_on = host if origin is None else urlsplit(origin).netloc
        except ValueError:  # no address at all
            return False
        return opened_on == host and (not self.names or called in self.names)


async def _refuse(kind: str, send: Any) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This page is for its own windows only."})


def _open_when_ready(server: uvicorn.Server, address: str) -> None:
    while not server.started:
        time.sleep(LOOK_SECONDS)
    webbrowser.open(address)
