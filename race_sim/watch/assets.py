"""The script and the style that draw a race: files of `race_sim/watch/assets`, joined in the order they need."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

SCRIPTS = (
    "namespace",
    "theme",
    "words",
    "scales",
    "drawing",
    "week_plot",
    "covers",
    "space",
    "stream",
    "ahead",
    "balance",
    "arsenal",
    "flows",
    "money_flow",
    "money",
    "log",
    "inspect",
    "verdict",
    "comparison",
    "map_layout",
    "map_surface",
    "map_drawing",
    "phase_map",
    "export",
    "pointer",
    "stage",
)
"""Files of the script, each of which uses those before it. They leave one name, `RaceStage`."""

STYLES = ("stage", "panels")
"""Files of the style sheet."""


def asset(name: str) -> str:
    """The text of a file among the assets, such as "stage.css"."""
    return files("race_sim.watch").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def stage_script() -> str:
    """All that draws a race, as one script that runs in a page or in a function; it needs nothing else."""
    return "\n".join(asset(f"{name}.js") for name in SCRIPTS)


@cache
def stage_style() -> str:
    """The style sheet of what the script draws; its classes begin with "rs-"."""
    return "\n".join(asset(f"{name}.css") for name in STYLES)
