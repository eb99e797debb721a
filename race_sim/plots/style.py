"""How figures look: colours that keep apart for colour-blind readers and in grey, plain axes, shaded burn-in."""

from __future__ import annotations

from textwrap import fill
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

KIND_COLOURS = {"workshops": "#0072b2", "primes": "#e69f00", "joint_lines": "#009e73", "total": "#4d4d4d"}

SERIES_COLOURS = ("#1b1b3a", "#3b6fb6", "#2fa39a", "#e0a030", "#f0cf80")
"""For ordered series, from dark to light; each is drawn with its own marker and line as well."""
SERIES_MARKERS = ("o", "s", "^", "D", "v")
SERIES_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))

INK = "#222222"
FAINT = "#dddddd"
Place = Literal["best", "lower right", "upper right"]
BAND = 0.22  # opacity of a band over runs

TITLE_CHARACTERS = 9.5  # of a bold title on an inch
WARNING_HEIGHT = 0.2  # inches of a line above the caption
TEXT = {"title": 10.5, "label": 9.5, "small": 8.5}  # points


def empty_figure(width: float, height: float) -> Figure:
    """A white figure of this size in inches whose parts keep out of each other's way."""
    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def dress(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    """Give axes a title, labels with units, and no more lines than they need."""
    axes.set_title(title, loc="left", fontsize=TEXT["title"], fontweight="bold", color=INK)
    axes.set_xlabel(x_label, fontsize=TEXT["label"], color=INK)
    axes.set_ylabel(y_label, fontsize=TEXT["label"], color=INK)
    axes.tick_params(labelsize=TEXT["small"], colors=INK)
    axes.grid(visible=True, color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def fitting(title: str, inches: float) -> str:
    """A title of axes that are so wide, with line feeds where it must break."""
    return fill(title, int(inches * TITLE_CHARACTERS))


def shade_burn_in(axes: Axes, weeks: int) -> None:
    """Shade the weeks left out of the measures."""
    if weeks > 0:
        axes.axvspan(0, weeks, color="#888888", alpha=0.13, linewidth=0)


def caption(figure: Figure, text: str) -> None:
    """A text above the whole figure: what it shows, and how to read it."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=TEXT["title"], color=INK)


def warn(figure: Figure, text: str) -> None:
    """Put a line above the caption, which says what a reader must know first; the figure grows by that line."""
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + WARNING_HEIGHT)
    captions = [one for one in figure.texts if figure.get_suptitle() and one.get_text() == figure.get_suptitle()]
    if captions:
        captions[0].set_text(f"{text}\n{captions[0].get_text()}")
    else:
        caption(figure, text)


def legend_below(figure: Figure, axes: Axes, columns: int) -> None:
    """The legend of one of several alike axes, below all of them."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, fontsize=TEXT["small"], frameon=False)


def legend(axes: Axes, *, place: Place = "best", title: str | None = None, columns: int = 1) -> None:
    """The legend of axes that have named lines."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc=place,
            title=title,
            ncols=columns,
            fontsize=TEXT["small"],
            title_fontsize=TEXT["small"],
            alignment="left",
            framealpha=0.85,
            edgecolor="none",
        )
