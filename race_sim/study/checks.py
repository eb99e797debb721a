"""What one table of a study file says against another, or against the schema, before anything is raced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from race_sim.analysis.codebook import WEEKLY
from race_sim.analysis.measures import MEASURES, check_measure
from race_sim.analysis.policy_effects import TOGETHER
from race_sim.errors import InputError
from race_sim.plots.lines import MOST_SERIES
from race_sim.plots.studies import check_figure
from race_sim.scenario import BY_PATH, load
from race_sim.scenario.resolve import check_path
from race_sim.scenario.text import did_you_mean, listed, nearest, shown
from race_sim.study.definition import (
    ADOPTED_SHARE,
    Drawing,
    Factor,
    Level,
    Meaning,
    Part,
    Range,
    Study,
    factor_levels,
    level_names,
    names_used,
)

NEEDS: Mapping[str, Sequence[str]] = {
    "phase": ("x", "y"),
    "boundary": (),
    "lines": ("x",),
    "weeks": ("series",),
    "morris": (),
    "sobol": (),
    "rules": ("threshold",),
    "effects": ("x", "reference"),
    "interaction": ("x", "reference"),
}
"""Keys that a kind of figure needs."""
SHOWS_EVERY_POINT = ("phase", "lines", "weeks", "effects", "interaction")
"""Kinds of figures in which every factor of the part has its place."""
DESIGNS: Mapping[str, str] = {"morris": "morris", "sobol": "saltelli"}
"""The design a kind of figure needs."""


def check(study: Study) -> None:
    """Raises InputError at the first contradiction."""
    _check_scenarios(study)
    before: list[str] = []
    for part in study.part:
        try:
            _check_part(study, part, before)
        except InputError as error:
            raise error.within(f"part {shown(part.name)}") from None
        before.append(part.name)
    for factor, default in study.defaults.items():
        _within("defaults", _check_name, factor)
        _within("defaults", _check_factor, study, factor, [default])
    varied = {factor for part in study.part for factor in part.factors}
    for factor, levels in study.quick.factors.items():
        if factor not in varied:
            raise InputError(f"quick: no part varies a factor {shown(factor)}.{did_you_mean(nearest(factor, varied))}")
        _within("quick", _check_factor, study, factor, levels)
    smaller = study.smaller()
    for part in smaller.part:
        _within(f"quick: part {shown(part.name)}", _check_design, smaller, part)
    for factor in study.labels:
        if factor not in {*varied, *study.defaults}:
            raise InputError(f"labels: there is no factor {shown(factor)}.{did_you_mean(nearest(factor, varied))}")
    for settings in study.settings():
        for path in settings:
            check_path(path)
    for output in study.outputs:
        _within("outputs", check_measure, output)


def _within(place: str, checked: Any, *arguments: Any) -> None:
    try:
        checked(*arguments)
    except InputError as error:
        raise error.within(place) from None


def _check_scenarios(study: Study) -> None:
    named = {"base": study.base}
    for factor, meanings in study.levels.items():
        for level, meaning in meanings.items():
            if TOGETHER in level:
                raise InputError(f"levels.{factor}: {shown(level)} is no name: {shown(TOGETHER)} joins several")
            if meaning.against is not None and meaning.against not in meanings:
                raise InputError(
                    f"levels.{factor}.{level}: against = {shown(meaning.against)} is no level of {factor}."
                    f"{did_you_mean(nearest(meaning.against, meanings))}"
                )
            if meaning.scenario is not None:
                named[f"levels.{factor}.{level}"] = meaning.scenario
    for place, scenario in named.items():
        _within(place, load, scenario)


def _check_part(study: Study, part: Part, before: Sequence[str]) -> None:
    if re.fullmatch(r"[\w-]+", part.name) is None:
        raise InputError("the name is not allowed: give letters, digits, _ and -, since files are named by it")
    if part.name in before:
        raise InputError("there are two parts of this name")
    for key, needed in (("after", part.after), ("screen.part", part.screen and part.screen.part)):
        if needed is not None and needed not in before:
            earlier = f"those before it are {', '.join(before)}" if before else "there is none before it"
            raise InputError(f"{key} = {shown(needed)} names no earlier part; {earlier}")
    for factor, levels in part.factors.items():
        _check_name(factor)
        _check_factor(study, factor, levels)
    _check_design(study, part)
    for output in part.outputs:
        _within("outputs", check_measure, output)
    for measure in part.series:
        if measure not in WEEKLY:
            raise InputError(
                f"series: there is no weekly measure {shown(measure)}.{did_you_mean(nearest(measure, WEEKLY))}"
            )
    _check_figures(study, part)


def _check_name(factor: str) -> None:
    if "." in factor:
        check_path(factor)
    elif not factor.isidentifier() or factor in {"scenario", "point", "error", ADOPTED_SHARE, *WEEKLY, *MEASURES}:
        raise InputError(f"a factor cannot be named {shown(factor)}: formulas and measures need the name")


def _check_factor(study: Study, factor: str, levels: Factor) -> None:
    """A level without a meaning would silently change nothing."""
    if isinstance(levels, Range):
        _check_range(factor, levels)
    if not isinstance(levels, Range) and not levels:
        raise InputError(f"factor {factor} has no levels")
    if not isinstance(levels, Range) and len(set(levels)) < len(levels):
        raise InputError(f"factor {factor} has the same level twice")
    if factor in study.levels:
        if isinstance(levels, Range):
            raise InputError(f"factor {factor} has tables [levels.{factor}]: give it a list of levels, not a range")
        for level in levels:
            for name in level_names(level):
                if name not in study.levels[factor]:
                    raise InputError(
                        f"{factor} = {shown(level)} has no table [levels.{factor}.{name}]."
                        f"{did_you_mean(nearest(name, study.levels[factor]))}"
                    )
            _check_together(study, factor, level)
    elif "." not in factor and not any(
        factor in names_used(setting) for settings in study.settings() for setting in settings.values()
    ):
        raise InputError(f"factor {factor} sets nothing: no formula names it and no [levels.{factor}] is there")


def _check_together(study: Study, factor: str, level: Level) -> None:
    """Of levels that hold at once, one would silently undo what another sets."""
    for one, other in combinations(level_names(level), 2):
        both = _paths(study.levels[factor][one]) & _paths(study.levels[factor][other])
        if both:
            raise InputError(
                f"{factor} = {shown(level)}: both change {listed(sorted(both))}, so they cannot hold at once; "
                f'leave the pair out: without = [["{one}", "{other}"]]'
            )


def _paths(meaning: Meaning) -> set[str]:
    """Parameters that a level changes, at the start or later."""
    paths = {*meaning.set, *(change.set for change in meaning.event)}
    return paths if meaning.scenario is None else paths | _scenario_paths(meaning.scenario)


@cache
def _scenario_paths(name: str) -> frozenset[str]:
    scenario = load(name)
    return frozenset((*scenario.changes, *(event.path for event in scenario.events)))


def _check_range(factor: str, levels: Range) -> None:
    if not levels.low < levels.high:
        raise InputError(f"factor {factor}: low = {levels.low:g} must be below high = {levels.high:g}")
    if levels.scale == "log" and levels.low <= 0:
        raise InputError(f'factor {factor}: low = {levels.low:g} must be above 0 where scale = "log"')
    if levels.whole and not (levels.low.is_integer() and levels.high.is_integer()):
        raise InputError(f"factor {factor}: low and high must be whole numbers where whole = true")
    if "." not in factor:
        return
    known = BY_PATH[factor]
    if known.kind not in ("int", "float"):
        raise InputError(f"factor {factor} is no number: give a list of levels, {known.allowed}")
    for end in ("low", "high"):
        value = getattr(levels, end)
        below = known.low is not None and (value < known.low or (known.low_open and value == known.low))
        above = known.high is not None and (value > known.high or (known.high_open and value == known.high))
        if below or above:
            raise InputError(f"factor {factor}: {end} = {value:g} is not allowed: give {known.allowed}")
    if known.kind == "int" and not levels.whole:
        raise InputError(f"factor {factor} is a whole number: add whole = true to its range")


def _check_design(study: Study, part: Part) -> None:
    if part.screen is not None:
        _check_screen(study, part)
    elif not part.factors:
        raise InputError("it has no factors")
    if part.design == "grid" and part.refine is None:
        if part.points is not None:
            raise InputError("points are for sampled designs: a grid has one for every combination of levels")
        varied = part.factors if part.screen is None else study.named(part.screen.part).factors
        for factor, levels in varied.items():
            if isinstance(levels, Range) and levels.steps is None:
                raise InputError(
                    f"factor {factor}: steps is missing: a grid needs to know into how many to cut the range"
                )
    elif part.design != "grid" and part.points is None:
        raise InputError(f"points is missing: how many does design = {shown(part.design)} have?")
    if part.refine is not None or part.boundary is not None:
        _check_boundary(part)


def _check_screen(study: Study, part: Part) -> None:
    screen = part.screen
    assert screen is not None  # noqa: S101 -- the caller has looked
    if study.named(screen.part).design != "morris":
        raise InputError(f'screen.part = {shown(screen.part)}: that part has no design = "morris"')
    if part.factors:
        raise InputError("give either factors or screen: the screen finds the factors")
    _within("screen.output", check_measure, screen.output)


def _check_boundary(part: Part) -> None:
    if part.refine is None or part.boundary is None:
        raise InputError('give both refine = "boundary" and a table [part.boundary], or neither')
    if part.design not in ("sobol", "latin_hypercube"):
        raise InputError('refine needs design = "sobol" or "latin_hypercube" for its first points')
    boundary = part.boundary
    for key in ("x", "y"):
        factor = getattr(boundary, key)
        if not isinstance(part.factors.get(factor), Range):
            raise InputError(f"boundary.{key} = {shown(factor)} is no factor of the part that has a range")
    if boundary.x == boundary.y:
        raise InputError(f"boundary.x and boundary.y are both {shown(boundary.x)}: a boundary lies between two factors")
    for factor in boundary.reference:
        if factor not in (boundary.x, boundary.y):
            raise InputError(f"boundary.reference: {factor} is neither x nor y; along other factors nothing is divided")
    for factor, levels in part.factors.items():
        if isinstance(levels, Range) and factor not in (boundary.x, boundary.y):
            raise InputError(f"factor {factor}: beside x and y a refined part has lists of levels only")
    if part.points is not None and boundary.budget < part.points:
        raise InputError(
            f"boundary.budget = {boundary.budget} must be at least the {part.points} points it starts with"
        )
    _within("boundary.output", check_measure, boundary.output)


def _check_figures(study: Study, part: Part) -> None:
    others = [name for other in study.part if other is not part for name in _names(other)]
    names = _names(part)
    for name in names:
        if name in others:
            raise InputError(f"another part asks for figure {shown(name)} too")
        if names.count(name) > 1:
            raise InputError(f"two of its figures are named {shown(name)}")
    if part.figures and part.design != "grid":
        raise InputError(f"figure {shown(part.figures[0])} needs a grid; sampled parts have tables [[part.figure]]")
    for figure in part.figures:
        for quick in (False, True):
            chosen = (study.smaller() if quick else study).named(part.name)
            fixed: dict[str, list[Level]] = {name: [level] for name, level in study.defaults.items()}
            varied = {name: factor_levels(factor) for name, factor in chosen.factors.items()}
            try:
                check_figure(figure, {**fixed, **varied})
            except InputError as error:
                raise error.within("quick") if quick else error from None
    for drawing in part.figure:
        _within(f"figure {shown(drawing.name)}", _check_drawing, study, part, drawing)


def _names(part: Part) -> list[str]:
    """Names of all figures of a part."""
    return [*part.figures, *(figure.name for figure in part.figure)]


def _check_drawing(study: Study, part: Part, drawing: Drawing) -> None:
    if re.fullmatch(r"[\w-]+", drawing.name) is None:
        raise InputError("the name is not allowed: give letters, digits, _ and -, since files are named by it")
    for key in NEEDS[drawing.kind]:
        if getattr(drawing, key) in (None, {}):
            raise InputError(
                f"{key} is missing: kind = {shown(drawing.kind)} needs {listed(list(NEEDS[drawing.kind]))}"
            )
    if drawing.kind in DESIGNS and part.design != DESIGNS[drawing.kind]:
        raise InputError(f"kind = {shown(drawing.kind)} needs a part with design = {shown(DESIGNS[drawing.kind])}")
    if drawing.kind == "boundary" and part.boundary is None:
        raise InputError('kind = "boundary" needs a part with refine = "boundary"')
    _check_drawn_output(part, drawing)
    _check_drawn_factors(study, part, drawing)


def _check_drawn_output(part: Part, drawing: Drawing) -> None:
    if drawing.kind != "weeks":
        if drawing.output is not None:
            check_measure(drawing.output)
        return
    if not part.series:
        raise InputError('kind = "weeks" needs a part that keeps series of weekly measures')
    if drawing.output is not None and drawing.output not in part.series:
        raise InputError(f"output = {shown(drawing.output)} is not among the series of the part")


def _check_drawn_factors(study: Study, part: Part, drawing: Drawing) -> None:
    levels = {name: [level] for name, level in study.defaults.items()}
    levels |= {name: factor_levels(one) if _has_levels(one) else [] for name, one in part.factors.items()}
    for factor in drawing.factors:
        if factor not in levels:
            raise InputError(f"there is no factor {shown(factor)}.{did_you_mean(nearest(factor, levels))}")
    for factor, level in drawing.reference.items():
        if levels[factor] and level not in levels[factor]:
            raise InputError(f"reference: {factor} = {shown(level)} is none of its levels")
    if drawing.kind in SHOWS_EVERY_POINT:
        for factor, one in part.factors.items():
            if factor not in drawing.factors and (not _has_levels(one) or len(levels[factor]) > 1):
                raise InputError(f"factor {factor} has several levels: give it a place, as x, y, series or in panels")
    if drawing.kind == "lines" and drawing.series is not None and len(levels[drawing.series]) > MOST_SERIES:
        raise InputError(f"series = {shown(drawing.series)} has more than {MOST_SERIES} levels: lines would look alike")
    if drawing.kind == "phase":
        for key, axis in (("x", drawing.x), ("y", drawing.y)):
            if not all(isinstance(level, int | float) for level in levels[str(axis)]):
                raise InputError(f"{key} = {shown(axis)} has levels that are no numbers")


def _has_levels(factor: Factor) -> bool:
    """Whether a factor has levels in a grid."""
    return not isinstance(factor, Range) or factor.steps is not None
