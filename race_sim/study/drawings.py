"""What each kind of figure that a study can ask for shows: the figure, the table behind it, and its words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.analysis.cells import columns, groups
from race_sim.analysis.codebook import WEEKLY
from race_sim.analysis.discovery import discover, rules_words
from race_sim.analysis.extremes import best_words, extremes_words
from race_sim.analysis.intervals import mean_estimate
from race_sim.analysis.measures import measure
from race_sim.analysis.phase import boundary_words, grid_boundary, phase_table, side
from race_sim.analysis.sensitivity import morris_table, sensitivity_words, sobol_table
from race_sim.plots.discovery import discovery_figure
from race_sim.plots.lines import lines_figure
from race_sim.plots.phase import phase_figure
from race_sim.plots.sensitivity import morris_figure, sensitivity_figure
from race_sim.plots.surfaces import Plane, surface_figure
from race_sim.plots.weeks import weeks_figure
from race_sim.scenario.schema import Parameters
from race_sim.study.definition import Drawing, Factor, Kind, Part
from race_sim.study.execute import WEEKLY_PREFIX
from race_sim.study.policy_drawings import draw_effects, draw_interaction
from race_sim.study.refine import boundary_table, line_of, panel_factors, panels, plane, predicted, tried
from race_sim.study.result import StudyResult
from race_sim.study.subject import Drawn, Subject, drawn
from race_sim.study.wording import Wording

Floats = npt.NDArray[np.float64]

LINE = (
    "The line with its 95% band. A limit of 0 or -inf is below the smallest level tried, one of inf above the largest. "
    "Crossings: how often the best estimate crosses the threshold; the lowest counts. Side: where all of it lies if it "
    "never does; the line is then where its slope would have it, and may be nowhere."
)
"""What a table of a refined boundary holds."""
YEAR = 52  # weeks
ALONE = "all"  # stands for the series of a figure without any
OUTCOMES = {"above": 1.0, "below": 0.0}
"""Sides of a threshold as outcomes; where there is no evidence, it is unclear."""


def draw(drawing: Drawing, part: Part, result: StudyResult) -> Drawn:
    """A figure of a part.

    Raises InputError if there are too few runs for it, or an extra is missing.
    """
    whole = part.model_copy(update={"factors": _factors(part, result)})
    return KINDS[drawing.kind](Subject(drawing, whole, result, Wording(result.study)))


def _factors(part: Part, result: StudyResult) -> Mapping[str, Factor]:
    """The factors of a part, those that its screen has found included."""
    if part.screen is None:
        return part.factors
    before = result.study.named(part.screen.part).factors
    return {name: before[name] for name in result.factors(part.name)}


def _phase(subject: Subject) -> Drawn:
    drawing = subject.drawing
    x, y = str(drawing.x), str(drawing.y)
    threshold = subject.threshold
    table = phase_table(subject.rows, x, y, subject.column, drawing.reference or None, drawing.panels, threshold or 1.0)
    boundary = None
    told = [extremes_words(table, [*drawing.panels, x, y], subject.label, subject.words.level)]
    if threshold is None or set(drawing.reference) == {y}:  # with the reference along y, all cross there
        told.append(best_words(table, x, y, drawing.panels, subject.label, subject.words.level))
    else:
        boundary = grid_boundary(
            subject.rows,
            x,
            y,
            subject.column,
            drawing.reference or None,
            drawing.panels,
            threshold,
            y_scale=subject.scale(y),
        )
        what = f"the line where {subject.label.lower()} is {threshold:g}"
        told.append(boundary_words(boundary, x, y, drawing.panels, what=what, words=subject.words.level))
    figure = phase_figure(
        table,
        boundary,
        x,
        y,
        labels={x: subject.words.axis(x), y: subject.words.axis(y), "value": subject.axis},
        scales={x: subject.scale(x), y: subject.scale(y), "value": "linear" if threshold is None else "log"},
        panels=drawing.panels,
        panel_words=subject.panel_words(table),
        threshold=threshold,
        title=drawing.title,
    )
    return drawn(subject, figure, "\n\n".join(told), table)


def _boundary(subject: Subject) -> Drawn:
    limits, ranges = plane(subject.part)
    table = boundary_table(subject.part, subject.rows)
    others = list(panel_factors(subject.part))
    generation = subject.result.points[subject.part.name].set_index("point")["generation"]
    surfaces = [
        Plane(
            subject.words.place(panel.levels),
            *predicted(panel, ranges),
            tried(panel, subject.part, generation),
            line_of(table, panel.levels),
        )
        for panel in panels(subject.part, subject.rows)
    ]
    output = measure(limits.output)
    reference = subject.words.place(limits.reference)
    label = f"{output.label} over that of {reference}" if limits.reference else output.label
    figure = surface_figure(
        surfaces,
        limits.x,
        limits.y,
        labels={
            limits.x: subject.words.axis(limits.x),
            limits.y: subject.words.axis(limits.y),
            "value": label if limits.reference else output.axis,
        },
        scales={limits.x: ranges[0].scale, limits.y: ranges[1].scale, "value": "log"},
        threshold=limits.threshold,
        title=subject.drawing.title,
    )
    what = f"the line where {label.lower()} is {limits.threshold:g}"
    told = boundary_words(table, limits.x, limits.y, others, what=what, words=subject.words.level)
    return drawn(subject, figure, told, table, note=LINE)


def _lines(subject: Subject) -> Drawn:
    drawing = subject.drawing
    x, series = str(drawing.x), drawing.series
    rows = subject.rows if series is not None else subject.rows.assign(**{ALONE: ""})
    table = phase_table(rows, x, series or ALONE, subject.column, drawing.reference or None, drawing.panels)
    factors = [*drawing.panels, *([series] if series else []), x]
    told = [extremes_words(table, factors, subject.label, subject.words.level)]
    if series is not None:
        told.append(best_words(table, x, series, drawing.panels, subject.label, subject.words.level))
    labels = {x: subject.words.axis(x), "value": subject.axis}
    figure = lines_figure(
        table,
        x,
        "value",
        series=series,
        panels=drawing.panels,
        panel_words=subject.panel_words(table),
        labels=labels | ({series: subject.words.axis(series)} if series else {}),
        scales={x: subject.scale(x), "value": "log" if drawing.reference else "linear"},
        level=1.0 if drawing.reference else None,
        title=drawing.title,
    )
    return drawn(subject, figure, "\n\n".join(told), table.drop(columns=ALONE, errors="ignore"))


def _weeks(subject: Subject) -> Drawn:
    drawing = subject.drawing
    name, series = drawing.output or subject.part.series[0], str(drawing.series)
    sound = subject.rows[subject.rows["error"] == ""]
    unit, meaning = WEEKLY[name]
    lines, panel_of, names, tables = {}, {}, {}, []
    for place, own in groups(sound, [*drawing.panels, series]):
        title = subject.words.place(place)
        lines[title] = np.stack(own[WEEKLY_PREFIX + name].to_list())
        panel_of[title] = subject.words.place({one: place[one] for one in drawing.panels})
        names[title] = subject.words.level(series, place[series])
        tables.append(_weeks_table(lines[title]).assign(**place))
    words = _weeks_words(subject, lines, panel_of, names)
    figure = weeks_figure(
        lines,
        f"{name.replace('_', ' ').capitalize()} ({unit})",
        _burn_in(subject),
        title=drawing.title,
        groups=panel_of,
    )
    table = pd.concat(tables, ignore_index=True)
    return drawn(
        subject, figure, words, table[[*drawing.panels, series, "week", "value", "value_low", "value_high"]], meaning
    )


def _weeks_table(weekly: Floats) -> pd.DataFrame:
    """Mean over runs with its interval, a row a week."""
    found = [{"week": week, **columns("value", mean_estimate(values))} for week, values in enumerate(weekly.T)]
    return pd.DataFrame(found)


def _weeks_words(
    subject: Subject, lines: Mapping[str, Floats], panels: Mapping[str, str], names: Mapping[str, str]
) -> str:
    """Means over the first and the last year after burn-in (half of a shorter time), a sentence a panel."""
    first = _burn_in(subject)
    told: dict[str, list[str]] = {}
    for title, weekly in lines.items():
        measured = weekly[:, first:]
        weeks = max(1, min(YEAR, measured.shape[1] // 2))
        early, late = (mean_estimate(np.nanmean(part, axis=1)) for part in (measured[:, :weeks], measured[:, -weeks:]))
        span = "year" if weeks == YEAR else f"{weeks} weeks"
        said = f"{names[title]} {early} in the first {span} after burn-in and {late} in the last"
        told.setdefault(panels[title], []).append(said)
    sentences = [f"{panel}: {'; '.join(said)}." if panel else f"{'; '.join(said)}." for panel, said in told.items()]
    return "\n".join(one[:1].upper() + one[1:] for one in sentences)


def _burn_in(subject: Subject) -> int:
    """Weeks of burn-in of the part's races."""
    definition = json.loads(subject.result.points[subject.part.name]["definition"].iloc[0])
    return int(definition["changes"].get("run.burn_in_weeks", Parameters().run.burn_in_weeks))


def _morris(subject: Subject) -> Drawn:
    name, output = subject.part.name, subject.output
    values = subject.result.values(name, output.name)
    table = morris_table(subject.result.unit(name), values, subject.factor_names)
    return drawn(subject, morris_figure(table, output.axis), sensitivity_words(table, output.label), table)


def _sobol(subject: Subject) -> Drawn:
    output = subject.output
    table = sobol_table(subject.result.values(subject.part.name, output.name), subject.factor_names)
    return drawn(subject, sensitivity_figure(table, output.label), sensitivity_words(table, output.label), table)


def _rules(subject: Subject) -> Drawn:
    drawing, threshold = subject.drawing, subject.threshold or 1.0
    names = list(subject.part.factors)
    numbers = subject.rows.groupby("point", sort=True)
    by_place = {tuple(here[names].iloc[0]): here.set_index("seed") for _, here in numbers}
    levels, estimates = [], []
    for place, own in by_place.items():
        here = dict(zip(names, place, strict=True))
        other = tuple({**here, **drawing.reference}.values())
        if drawing.reference and (other == place or other not in by_place):
            continue
        levels.append({name: level for name, level in here.items() if name not in drawing.reference})
        estimates.append(
            subject.output.paired(own, by_place[other]) if drawing.reference else subject.output.estimate(own)
        )
    frame = pd.DataFrame(levels)
    sides = [side(one, threshold) for one in estimates]
    outcome = np.array([OUTCOMES.get(one, math.nan) for one in sides])
    found = discover(frame, outcome, names={str(name): subject.words.name(str(name)).lower() for name in frame})
    clause = f"{subject.label.lower()} is above {threshold:g}"
    limits = pd.DataFrame([columns("value", one) for one in estimates])
    table = pd.concat([frame, limits], axis=1).assign(side=sides)
    return drawn(subject, discovery_figure(frame, outcome, found, clause), rules_words(found, clause), table)


KINDS: Mapping[Kind, Callable[[Subject], Drawn]] = {
    "phase": _phase,
    "boundary": _boundary,
    "lines": _lines,
    "weeks": _weeks,
    "morris": _morris,
    "sobol": _sobol,
    "rules": _rules,
    "effects": draw_effects,
    "interaction": draw_interaction,
}
