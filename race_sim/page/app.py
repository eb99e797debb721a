"""The page: one session for each browser window, its loop, and the three parts that show it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara
import solara.lab

from race_sim.errors import InputError
from race_sim.page.commands import obey
from race_sim.page.controls import catalogue
from race_sim.page.offer import SHELF
from race_sim.page.privacy import stay_home
from race_sim.page.session import SPEEDS, Session
from race_sim.page.views import bar, panel, panel_state, scene
from race_sim.page.widgets import Bar, Panel, Stage

TITLE = "race_sim"
STYLE = Path(__file__).with_name("page.css")
BREATH_SECONDS = 0.002  # pause in which the browser's messages are read
PATIENCE_SECONDS = 1.0  # how long a window that draws nothing, such as a hidden one, is waited for
JOB_BREATH_SECONDS = 0.1
WAKE = {"do": "wake"}
"""What a window sends when weeks should go on and do not: the loop ends with the connection, which may come back."""

LOG = logging.getLogger(__name__)

stay_home(TITLE)  # before any window opens, under `solara run` as well


class Desk:
    """What a page holds between its renderings: the session, and what has been sent to the browser of it."""

    def __init__(self, query: str) -> None:
        self.session = Session(SHELF.take(), query)
        self.catalogue = catalogue()
        self.dark = False
        self.shown = 0
        self.scenes = 0
        self.drawn = -1
        self.scene = ""
        self.panel: dict[str, Any] = {}
        self._panel_state: object = None

    def picture(self) -> None:
        """Make a new scene of the session as it is."""
        self.scenes += 1
        self.scene = json.dumps(scene(self.session, self.scenes, dark=self.dark), allow_nan=False)

    def guarded(self, do: Callable[[], None]) -> None:
        """Do something with the races; a failure stops them and becomes a message, and the page lives on.

        A model of the user's own may raise anything.
        """
        try:
            do()
        except InputError as error:
            self.session.tell(error)
        except Exception as failure:
            LOG.exception("a race stopped")
            self.session.fail(failure)

    def beside(self) -> dict[str, Any]:
        """The panel; the same object as long as nothing in it changes."""
        state = panel_state(self.session)
        if state != self._panel_state:
            self._panel_state, self.panel = state, panel(self.session)
        return self.panel


@solara.component
def Page() -> None:
    """One race or two, watched in a browser."""
    router = solara.use_router()
    desk: Desk = solara.use_memo(lambda: _opened(router.search or ""), [])
    shown = solara.use_reactive(0)
    busy = solara.use_reactive(desk.session.busy)
    job = solara.use_reactive(desk.session.job)
    wakings = solara.use_reactive(0)

    def show(*, picture: bool = True) -> None:
        desk.shown += 1
        if picture:
            desk.guarded(desk.picture)
        busy.value = desk.session.busy
        job.value = desk.session.job
        shown.value = desk.shown

    def act(command: object) -> None:
        if command == WAKE:
            wakings.value += 1
            return
        desk.guarded(lambda: obey(desk.session, command))
        show(picture=desk.session.goal is None)  # on the way to a week the last picture stays

    def turn(dark: bool) -> None:
        desk.dark = dark
        show()

    def drew(number: int) -> None:
        desk.drawn = number

    async def run() -> None:
        await _run(desk, show)

    async def work() -> None:
        await _work(desk, show)

    solara.lab.use_task(run, dependencies=[busy.value, wakings.value], prefer_threaded=False)
    solara.lab.use_task(work, dependencies=[job.value, wakings.value], prefer_threaded=False)
    solara.use_effect(lambda: desk.session.close, [])

    solara.Title(TITLE)
    solara.Style(STYLE)
    with solara.Div(classes=["race-page", "race-dark" if desk.dark else "race-light"]):
        with solara.Div(classes=["race-top"]):
            Bar.element(view=bar(desk.session) | {"shown": shown.value}, dark=desk.dark, on_dark=turn, command=act)
        with solara.Div(classes=["race-side"]):
            Panel.element(
                catalogue=desk.catalogue,
                view=desk.beside(),
                working=desk.session.job is not None,
                download=desk.session.download,
                command=act,
            )
        with solara.Div(classes=["race-middle"]):
            Stage.element(scene=desk.scene, map=desk.session.map, on_drawn=drew, command=act)


@solara.component
def Layout(children: list[Any]) -> None:
    """The whole window, without the bar and drawer that Solara would add."""
    solara.Div(children=children, classes=["race-window"])


routes = [solara.Route("/", component=Page, layout=Layout, label=TITLE)]
"""The only page."""


def _opened(query: str) -> Desk:
    desk = Desk(query)
    desk.guarded(desk.picture)
    return desk


async def _run(desk: Desk, show: Callable[..., None]) -> None:
    """Run weeks for as long as the session asks for them, and never draw ahead of the browser."""
    session = desk.session
    while session.busy:
        began = time.monotonic()
        if session.goal is not None:
            desk.guarded(session.approach)
            show(picture=session.goal is None)
            await asyncio.sleep(BREATH_SECONDS)
            continue
        desk.guarded(session.advance)
        show()
        patient_until = began + PATIENCE_SECONDS
        while desk.drawn < desk.scenes - 1 and time.monotonic() < patient_until:
            await asyncio.sleep(BREATH_SECONDS)
        left = began + 1.0 / SPEEDS[session.speed] - time.monotonic()
        await asyncio.sleep(max(left, 0.0))


async def _work(desk: Desk, show: Callable[..., None]) -> None:
    """Wait for the session's job, which is done in another thread, and let the window see how far it is."""
    session, job = desk.session, desk.session.job
    if job is None:
        return
    result = job.start()
    while not result.done():
        show(picture=False)
        await asyncio.sleep(JOB_BREATH_SECONDS)
    if session.job is job:
        session.job = None
        desk.guarded(lambda: job.finish(result.result()))
        show(picture=False)
