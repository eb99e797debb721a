"""The race in a browser: `race-sim watch`, or `solara run race_sim.page`. Needs the extra `page`.

`Page` is the component, `Layout` fills the window with it, `routes` tell Solara that there is no other page. They are
imported when they are asked for, so that what lies below them can be used without Solara.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from race_sim.page.app import Layout, Page, routes

__all__ = ["Layout", "Page", "routes"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from race_sim.page import app  # noqa: PLC0415 -- see above

    return getattr(app, name)
