"""The figures a study may ask for, by name, and what they need of the part that asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from race_sim.analysis.headline import CELL, LIMITS, PER_EURO, POPULATION, REGIME, RUNGS, level_words
from race_sim.errors import InputError
from race_sim.plots.arsenals import JUDGED, TRIALS, arsenal_factors_figure, learning_figure, shared_figure
from race_sim.plots.exchange import exchange_curves, exchange_map
from race_sim.plots.gains import controls_figure, ladder_figure
from race_sim.plots.limits import exchange_by
from race_sim.plots.per_euro import exchange_per_euro
from race_sim.scenario.text import did_you_mean, nearest, shown

Rows = Mapping[str, pd.DataFrame]
EQUAL = {"arsenal": (1,)}


@dataclass(frozen=True, slots=True)
class StudyFigure:
    """A figure of a study.

    Attributes:
        draw: from the rows of the part that asks for it and {figure: rows of the part that asks for that one}.
        factors: factors the rows must have.
        levels: {factor: levels of it that must be there}.
        title: what it shows.
        table: name of the table with its numbers (`analysis.headline.headline_tables`).
        compares_cycles: whether there must be two cycles at least.
    """

    title: str
    table: str
    draw: Callable[[pd.DataFrame, Rows], Figure]
    factors: tuple[str, ...]
    levels: Mapping[str, Sequence[object]]
    compares_cycles: bool = False


def _curves(kind: str, table: str = "exchange") -> StudyFigure:
    return StudyFigure(
        f"Exchange rate over the other force's cycle, {level_words('countermeasures', kind)}",
        table,
        lambda rows, _: exchange_curves(rows[rows["countermeasures"] == kind], CELL),
        (*CELL, "cycle", "arsenal"),
        {**EQUAL, "countermeasures": (kind,)},
        compares_cycles=True,
    )


def _over(factor: str) -> StudyFigure:
    return StudyFigure(
        f"Exchange rate over {factor.replace('_', ' ')}",
        f"exchange_by_{factor}",
        lambda rows, _: exchange_by(rows, factor),
        ("founders", "step", "countermeasures", factor, "cycle", "arsenal"),
        EQUAL,
        compares_cycles=True,
    )


FIGURES: dict[str, StudyFigure] = {
    "exchange_map": StudyFigure(
        "What the shortest cycle is worth in every cell, in arsenals",
        "exchange",
        lambda rows, _: exchange_map(rows),
        (*CELL, "cycle", "arsenal"),
        EQUAL,
        compares_cycles=True,
    ),
    "exchange_curves_area": _curves("area"),
    "exchange_curves_point": _curves("point"),
    "exchange_curves_growing": _curves("point_proportional", "exchange_growing"),
    **{f"exchange_by_{factor}": _over(factor) for factor in LIMITS},
    "exchange_per_euro": StudyFigure(
        "What the shortest cycle is worth in euros and in drones, by what the other force's drones cost",
        "exchange_per_euro",
        lambda rows, _: exchange_per_euro(rows),
        (*PER_EURO, "cycle", "arsenal"),
        {**EQUAL, "counted": ("drones", "euros")},
        compares_cycles=True,
    ),
    "controls": StudyFigure(
        "What is left of the difference when one channel is cut",
        "controls",
        lambda rows, _: controls_figure(rows),
        (*REGIME, *POPULATION, "control", "cycle"),
        {},
        compares_cycles=True,
    ),
    "ladder": StudyFigure(
        "Hits a sortie on each rung of the ladder",
        "ladder",
        lambda rows, _: ladder_figure(rows, RUNGS),
        (*REGIME, *POPULATION, "cycle", "rung"),
        {"rung": RUNGS},
    ),
    "arsenal_factors": StudyFigure(
        "Which factor of an arsenal brings hits",
        "arsenal_factors",
        lambda rows, _: arsenal_factors_figure(rows),
        ("founders", "countermeasures", "cycle", "grown", "arsenal"),
        EQUAL,
    ),
    "learning": StudyFigure(
        "Whether a larger arsenal learns faster",
        "learning",
        lambda rows, _: learning_figure(rows),
        (*POPULATION, "countermeasures", "cycle", "trials", "judged", "arsenal"),
        {**EQUAL, "trials": TRIALS, "judged": JUDGED},
    ),
    "shared": StudyFigure(
        "Workshops and primes in one race",
        "shared",
        lambda rows, asked: shared_figure(rows, asked.get("exchange_map")),
        ("founders", "makers", *REGIME, "development", "arsenal"),
        EQUAL,
    ),
}


def check_figure(name: str, levels: Mapping[str, Sequence[object]]) -> None:
    """Raises InputError unless there is a figure of this name that can be drawn of these {factor: levels}."""
    if name not in FIGURES:
        raise InputError(
            f"there is no figure {shown(name)}.{did_you_mean(nearest(name, FIGURES))} There are {', '.join(FIGURES)}."
        )
    figure = FIGURES[name]
    for factor in figure.factors:
        if factor not in levels:
            raise InputError(f"figure {name} needs factor {factor}, in the part or among the defaults")
    for factor, needed in figure.levels.items():
        missing = [shown(level) for level in needed if level not in levels[factor]]
        if missing:
            raise InputError(f"figure {name} needs {factor} = {', '.join(missing)}")
    if figure.compares_cycles and len(levels["cycle"]) < 2:
        raise InputError(f"figure {name} needs two levels of cycle at least")
