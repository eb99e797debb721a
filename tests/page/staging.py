"""Frames drawn on a stage in a browser, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from race_sim.watch.assets import stage_script, stage_style
from tests.page.browsing import visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Frame = dict[str, Any]
Show = Callable[..., "Page"]


@contextmanager
def stages(browser: Browser) -> Iterator[Show]:
    """Draws frames on a stage whose callbacks write what they are told into `told`."""
    with ExitStack() as tabs:

        def shown(*frames: Frame, dark: bool = False, playing: bool = False, width: int = 1280, **more: Any) -> Page:
            page = tabs.enter_context(visit(browser, dark=dark, width=width)).page
            page.set_content(f"<!doctype html><style>{stage_style()}</style><div id='stage'></div>")
            page.add_script_tag(content=stage_script())
            page.evaluate(
                """scene => {
                    window.told = [];
                    const tell = (name) => (value) => told.push([name, value]);
                    const root = document.getElementById("stage");
                    window.stage = RaceStage.create(root, { select: tell("select"), week: tell("week") });
                    window.scene = Object.assign({ number: 1, labels: [], comparison: null, selected: null }, scene);
                    stage.draw(window.scene);
                }""",
                {"frames": frames, "dark": dark, "playing": playing, **more},
            )
            return page

        yield shown
