"""The kinds of maps there are: of a grid, of a refined boundary, and the headline's map of all cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from race_sim.analysis.cells import exchange_table, groups
from race_sim.analysis.extremes import best_words, extremes_words
from race_sim.analysis.headline import CELL, level_words
from race_sim.analysis.measures import measure
from race_sim.analysis.phase import boundary_words, grid_boundary, phase_table
from race_sim.errors import InputError
from race_sim.plots.exchange import COLUMNS as EXCHANGE_COLUMNS
from race_sim.plots.exchange import ROWS as EXCHANGE_ROWS
from race_sim.plots.phase import PlainShade, Shade
from race_sim.study.definition import Part
from race_sim.study.refine import boundary_table, line_of, panel_factors, panels, plane, predicted
from race_sim.study.result import StudyResult
from race_sim.study.subject import Subject
from race_sim.study.wording import Wording
from race_sim.watch.map_parts import (
    AnyShade,
    Plain,
    Runs,
    axis,
    cell_numbers,
    colour_key,
    line_of_boundary,
    marks,
    plain,
    surface_rows,
)

EXCHANGE_MAP = "exchange_map"
"""The headline study's figure that is a map: its axes have no numbers."""
EQUAL = 1  # arsenal of both forces there
SIDES = {"wins": "above", "loses": "below", "no evidence": "no evidence"}
"""Findings of the force with the shorter cycle, as sides of a ratio of 1."""
UNCLEAR = "?"
POINT, REFERENCE = "This point", "What it is divided by"


def grid_map(subject: Subject) -> Plain:
    """The map of a grid, with the numbers of its figure.

    Raises InputError if points are missing, as in a sweep that is not complete.
    """
    drawing, level = subject.drawing, subject.words.level
    x, y, by, reference = str(drawing.x), str(drawing.y), drawing.panels, drawing.reference or None
    threshold = subject.threshold
    table = phase_table(subject.rows, x, y, subject.column, reference, by, threshold or 1.0)
    told = [extremes_words(table, [*by, x, y], subject.label, level)]
    boundary = None
    if threshold is None or set(drawing.reference) == {y}:  # with the reference along y, all cross there
        told.append(best_words(table, x, y, by, subject.label, level))
    else:
        boundary = grid_boundary(subject.rows, x, y, subject.column, reference, by, threshold, subject.scale(y))
        told.append(boundary_words(boundary, x, y, by, what=_line_words(subject.label, threshold), words=level))
    values = table["value"].to_numpy(np.float64)
    shade = PlainShade(values) if threshold is None else Shade(values, threshold, "log")
    runs = Runs(subject.rows, [*by, x, y], drawing.reference, subject.words)
    found = []
    for place, here in groups(table, by) if by else [({}, table)]:
        line = None if boundary is None else line_of_boundary(line_of(boundary, place), x, y)
        found.append(_panel(subject.words.place(place), _cells(here, (x, y), place, shade, runs), line))
    return {
        **_head(drawing.name, drawing.title, subject.part, told),
        **_legend(subject.axis, threshold, shade, table["finding"]),
        "x": axis(x, subject.words.axis(x), subject.scale(x), sorted(set(table[x]))),
        "y": axis(y, subject.words.axis(y), subject.scale(y), sorted(set(table[y]))),
        "panels": found,
        **runs.listed([POINT, REFERENCE]),
    }


def boundary_map(subject: Subject) -> Plain:
    """The map of a refined boundary: the points tried, the surface fitted to them and its line.

    Raises InputError without scikit-learn, or if points are missing.
    """
    limits, ranges = plane(subject.part)
    x, y, by = limits.x, limits.y, list(panel_factors(subject.part))
    output, reference = measure(limits.output), limits.reference
    label = f"{output.label} over that of {subject.words.place(reference)}" if reference else output.axis
    column = output.above if output.below is None else (output.above, output.below)
    table = phase_table(subject.rows, x, y, column, reference or None, by, limits.threshold)
    inside = table[x].between(ranges[0].low, ranges[0].high) & table[y].between(ranges[1].low, ranges[1].high)
    table = table[inside]  # a reference may lie elsewhere
    lines = boundary_table(subject.part, subject.rows)
    planes = [(panel.levels, predicted(panel, ranges)) for panel in panels(subject.part, subject.rows)]
    values = [limits.threshold * np.exp(mean) for _, (_, _, mean, _) in planes]
    shade = Shade(np.concatenate([one.ravel() for one in values]), limits.threshold, "log")
    runs = Runs(subject.rows, [*by, x, y], reference, subject.words)
    found = []
    for (place, (_, _, mean, deviation)), surface in zip(planes, values, strict=True):
        cells = _cells(line_of(table, place), (x, y), place, shade, runs)
        line = line_of_boundary(line_of(lines, place), x, y)
        fitted = surface_rows(surface, mean, deviation, shade)
        found.append(_panel(subject.words.place(place), cells, line, fitted))
    what = _line_words(label, limits.threshold)
    told = [boundary_words(lines, x, y, by, what=what, words=subject.words.level)]
    across, along = planes[0][1][:2]
    return {
        **_head(subject.drawing.name, subject.drawing.title, subject.part, told),
        **_legend(label, limits.threshold, shade, table["finding"]),
        "x": axis(x, subject.words.axis(x), ranges[0].scale, list(across)),
        "y": axis(y, subject.words.axis(y), ranges[1].scale, list(along)),
        "panels": found,
        **runs.listed([POINT, REFERENCE]),
    }


def exchange_map(part: Part, result: StudyResult) -> Plain:
    """The headline's map: the force with the shortest cycle against the one with the longest, in every cell.

    Raises InputError if its runs have one cycle only.
    """
    rows, words = result.parts[part.name], Wording(result.study)
    cycles = shortest, longest = int(rows["cycle"].min()), int(rows["cycle"].max())
    if shortest == longest:
        raise InputError(f"all its forces have a {shortest}-week cycle")
    table = exchange_table(rows[rows["cycle"].isin(cycles)], CELL)
    table = table.assign(
        value=table["ratio"],
        value_low=table["ratio_low"],
        value_high=table["ratio_high"],
        finding=table["finding"].map(SIDES),
    )
    across, down = (_places(table, names) for names in (EXCHANGE_COLUMNS, EXCHANGE_ROWS))
    shade = Shade(table["value"].to_numpy(np.float64), 1.0, "log")
    runs = Runs(rows, [*CELL, "cycle", "arsenal"], {}, words)
    cells = []
    for _, point in table.iterrows():
        place = {name: point[name] for name in CELL}
        own = [number for cycle in cycles for number in runs.of({**place, "cycle": cycle, "arsenal": EQUAL})]
        cells.append(
            {
                "x": across.index(tuple(point[name] for name in EXCHANGE_COLUMNS)),
                "y": down.index(tuple(point[name] for name in EXCHANGE_ROWS)),
                **cell_numbers(point, shade),
                "mark": _worth_mark(point),
                "runs": min(map(runs.count, own)),
                "left_out": 0,
                "more": [[f"A {shortest}-week cycle is worth, in arsenals", str(point["worth_words"])]],
                "groups": own,
            }
        )
    label = f"Hits of a {shortest}-week force over hits of a {longest}-week force, equal arsenals"
    title = f"What a {shortest}-week cycle is worth against a {longest}-week cycle"
    return {
        **_head(EXCHANGE_MAP, title, part, []),
        **_legend(label, 1.0, shade, table["finding"]),
        "marks": [
            ["2.1", f"arsenals a {longest}-week force needs to hit as much as a {shortest}-week force with one"],
            [UNCLEAR, "no evidence which of them hits more with equal arsenals"],
        ],
        "x": _categories("makers and changes", EXCHANGE_COLUMNS, across),
        "y": _categories("founders and opponents", EXCHANGE_ROWS, down),
        "panels": [_panel("", cells, None)],
        **runs.listed([f"{cycle}-week cycle" for cycle in cycles]),
    }


def _head(name: str, title: str, part: Part, told: Sequence[str]) -> Plain:
    paragraphs = [line for text in told for line in text.splitlines() if line.strip()]
    return {"name": name, "title": title, "part": part.name, "question": part.question, "words": paragraphs}


def _legend(label: str, threshold: float | None, shade: AnyShade, findings: pd.Series[Any]) -> Plain:
    return {
        "value": {"label": label, "threshold": threshold},
        "key": colour_key(shade),
        "marks": marks(findings, threshold),
    }


def _panel(title: str, cells: list[Plain], line: list[Plain] | None, surface: Plain | None = None) -> Plain:
    return {"title": title, "cells": cells, "line": line, "surface": surface}


def _cells(
    table: pd.DataFrame, names: tuple[str, str], place: Mapping[str, Any], shade: AnyShade, runs: Runs
) -> list[Plain]:
    x, y = names
    return [
        {
            "x": plain(point[x]),
            "y": plain(point[y]),
            **cell_numbers(point, shade),
            "runs": int(point["runs"]),
            "left_out": int(point["left_out"]),
            "more": [],
            "groups": runs.of({**place, x: point[x], y: point[y]}),
        }
        for _, point in table.iterrows()
    ]


def _places(table: pd.DataFrame, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Every combination of the levels of these factors, in the order of the study."""
    return list(product(*(table[name].unique() for name in names)))


def _categories(name: str, factors: Sequence[str], places: Sequence[tuple[Any, ...]]) -> Plain:
    """An axis whose levels are combinations of others: places from 0, and the words of each factor's level."""
    said = [
        [level_words(factor, level).replace("\n", " ") for factor, level in zip(factors, place, strict=True)]
        for place in places
    ]
    words = [", ".join(one) for one in said]
    levels = list(range(len(places)))
    return {"name": name, "label": "", "scale": "categories", "levels": levels, "words": words, "parts": said}


def _worth_mark(point: pd.Series[Any]) -> str:
    """The exchange rate without its limits, as in the figure; a second line where it is not clear who hits more."""
    unclear = f"\n{UNCLEAR}" if point["finding"] == "no evidence" else ""
    return str(point["worth_words"]).partition(" ")[0] + unclear


def _line_words(label: str, threshold: float) -> str:
    return f"the line where {label.lower()} is {threshold:g}"
