"""Pieces of a map as plain values: axes, colours as in the figures, cells, lines, surfaces, runs behind cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from string import ascii_lowercase, digits
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_hex

from race_sim.analysis.boundary import CERTAIN, Scale
from race_sim.analysis.cells import groups
from race_sim.analysis.intervals import Estimate, rounded
from race_sim.plots.phase import MARKS, MEANINGS, PlainShade, Shade
from race_sim.study.wording import Wording, level_text

MOST_SEEDS = 24  # runs of a group that are listed by name
KEY_STOPS = 33  # colours of the key, evenly spaced over its span
CHARACTERS = digits + ascii_lowercase  # of numbers to the base 36
DIGITS = 6  # significant ones of a number that is drawn

Floats = npt.NDArray[np.float64]
AnyShade = Shade | PlainShade
Plain = dict[str, Any]


class Runs:
    """The runs behind the cells of a map, each group of them listed once.

    Args:
        rows: one row a point and seed, as in `StudyResult.parts`.
        place: factors that tell cells apart.
        reference: levels of the point by which others are divided; none if empty. Factors outside `place` tell a point
            from its reference.
        words: of factors and levels.
    """

    def __init__(self, rows: pd.DataFrame, place: Sequence[str], reference: Mapping[str, Any], words: Wording) -> None:
        extra = [name for name in reference if name not in place]
        self._place, self._reference, self._words = list(place), dict(reference), words
        self._names = [*place, *extra]
        self._rows = {tuple(levels.values()): here for levels, here in groups(rows, self._names)}
        self._own: dict[tuple[Any, ...], dict[str, Any]] = {}
        for key in self._rows:
            levels = dict(zip(self._names, key, strict=True))
            if not extra or any(levels[name] != reference[name] for name in extra):
                self._own[key[: len(place)]] = levels
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._seed_lists: dict[tuple[int, ...], int] = {}
        self._groups: list[Plain] = []

    def listed(self, roles: Sequence[str]) -> Plain:
        """The `groups` of a map, the `seed_lists` they name by their places, and the `roles` of a cell's groups."""
        lists = [[str(seed) for seed in seeds] for seeds in self._seed_lists]
        return {"groups": self._groups, "seed_lists": lists, "roles": list(roles)}

    def count(self, place: int) -> int:
        """How many runs the group at this place has."""
        return int(self._groups[place]["count"])

    def of(self, levels: Mapping[str, Any]) -> list[int]:
        """Places among the groups of the runs at these levels, and of those at the point they are divided by."""
        own = self._own[tuple(levels[name] for name in self._place)]
        other = {**own, **self._reference}
        return [self._number(one) for one in ([own] if other == own else [own, other])]

    def _number(self, levels: Mapping[str, Any]) -> int:
        key = tuple(levels.values())
        if key not in self._numbers:
            rows = self._rows[key]
            seeds = sorted(rows.loc[rows["error"] == "", "seed"])
            self._numbers[key] = len(self._groups)
            self._groups.append(
                {
                    "scenario": str(rows["scenario"].iloc[0]),
                    "label": self._words.place(levels),
                    "seeds": self._seed_lists.setdefault(tuple(seeds[:MOST_SEEDS]), len(self._seed_lists)),
                    "count": len(seeds),
                }
            )
        return self._numbers[key]


def axis(name: str, label: str, scale: Scale, levels: Sequence[Any]) -> Plain:
    """An axis of numbers, its levels in ascending order."""
    return {
        "name": name,
        "label": label,
        "scale": scale,
        "levels": [plain(level) for level in levels],
        "words": [level_text(plain(level)) for level in levels],
    }


def cell_numbers(point: pd.Series[Any], shade: AnyShade) -> Plain:
    """What a cell says and how it is coloured: `value` with its limits and `finding`, as in a table of phases."""
    value, low, high = (float(point[name]) for name in ("value", "value_low", "value_high"))
    lead = float(shade.leads(value))
    return {
        "value": number(value),
        "low": number(low),
        "high": number(high),
        "text": "not measured" if math.isnan(value) else str(_estimate(value, low, high)),
        "finding": point["finding"],
        "mark": shade.mark(point),
        "fill": None if math.isnan(value) else _colour(shade, lead),
        "light": shade.is_dark(lead),
    }


def colour_key(shade: AnyShade) -> Plain:
    """The bar of colours: `stops` from its lower end to its upper, `ticks` as [share of the way, text], `open` ends."""
    low, high = float(shade.norm.vmin or 0.0), float(shade.norm.vmax or 1.0)
    shares = [((float(shade.leads(tick)) - low) / (high - low), shade.words(tick)) for tick in shade.ticks]
    return {
        "stops": [_colour(shade, low + (high - low) * share) for share in np.linspace(0.0, 1.0, KEY_STOPS)],
        "ticks": [[number(share), text] for share, text in shares],
        "open": isinstance(shade, Shade),
    }


def marks(findings: pd.Series[Any], threshold: float | None) -> list[list[str]]:
    """Mark and meaning of each side that occurs."""
    if threshold is None:
        return []
    return [[mark, MEANINGS[name].format(threshold)] for name, mark in MARKS.items() if (findings == name).any()]


def line_of_boundary(boundary: pd.DataFrame, x: str, y: str) -> list[Plain]:
    """The boundary at each level of x, ascending: `y`, `low`, `high` and both in words (`text`).

    Each is a number, "below" or "above" the levels tried, or None where it is not known.
    """
    found = []
    for _, row in boundary.sort_values(x, kind="stable").iterrows():
        limits = row["smallest"], row["largest"]
        value, low, high = (float(row[name]) for name in (y, f"{y}_low", f"{y}_high"))
        said = [_limit_words(one, *limits) for one in (value, low, high)]
        found.append(
            {
                "x": plain(row[x]),
                "y": _limit(value, *limits),
                "low": _limit(low, *limits),
                "high": _limit(high, *limits),
                "text": said[0] if math.isnan(low) else f"{said[0]} [{said[1]}, {said[2]}]",
            }
        )
    return found


def surface_rows(values: Floats, mean: Floats, deviation: Floats, shade: Shade) -> Plain:
    """A fitted surface: `bands` (colours, from low to high), and its values, a text a level of y from the lowest.

    In `rows` two characters a level of x, a number to the base 36, say how far up the bands the value is: 00 is the
    lower end of the lowest band, zz the upper end of the highest. In `unknown` one character, 1 where the side of the
    threshold is not known at 95%. `mean` and `deviation` are those of the response, whose 0 is the threshold.
    """
    edges = shade.bands
    shares = np.clip((shade.leads(values) - edges[0]) / (edges[-1] - edges[0]), 0.0, 1.0)
    unknown = np.abs(mean) < CERTAIN * deviation
    return {
        "bands": [_colour(shade, float(lead)) for lead in (edges[1:] + edges[:-1]) / 2.0],
        "rows": ["".join(_two_characters(share) for share in row) for row in shares],
        "unknown": ["".join("1" if one else "0" for one in row) for row in unknown],
    }


def number(value: float) -> float | None:
    """A number as JSON takes it, rounded to what can be seen; None if it is not finite."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def plain(level: Any) -> Any:
    """A level as JSON takes it."""
    return level.item() if isinstance(level, np.generic) else level


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value) if math.isnan(low) else Estimate(value, low, high)


def _colour(shade: AnyShade, lead: float) -> str:
    return to_hex(colormaps[shade.colours](float(shade.norm(shade.shown(np.float64(lead))))))  # type: ignore[arg-type]


def _two_characters(share: float) -> str:
    first, second = divmod(round(share * (len(CHARACTERS) ** 2 - 1)), len(CHARACTERS))
    return CHARACTERS[first] + CHARACTERS[second]


def _limit(value: float, smallest: float, largest: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "below" if value < smallest else "above" if value > largest else number(value)


def _limit_words(value: float, smallest: float, largest: float) -> str:
    if math.isnan(value):
        return "not measured"
    return f"<{smallest:g}" if value < smallest else f">{largest:g}" if value > largest else rounded(value)
