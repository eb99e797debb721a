"""What Solara would do by itself and this page must not: report to its makers, fetch from elsewhere, advertise."""

from __future__ import annotations

import solara.server.settings
import solara.settings

NOWHERE = "http://127.0.0.1:9/"  # the port that discards what it is sent; nothing listens there
CLOSED_AFTER = "30m"  # a window that has not been heard of for so long is closed, and its races with it


def stay_home(title: str) -> None:
    """Set Solara up so that nothing leaves this machine. What the page needs comes from installed packages.

    `title` is that of the window until the page gives its own.
    """
    solara.settings.assets.cdn = NOWHERE
    solara.server.settings.telemetry.mixpanel_enable = False
    solara.server.settings.theme.show_banner = False
    solara.server.settings.theme.title = title
    solara.server.settings.kernel.cull_timeout = CLOSED_AFTER
