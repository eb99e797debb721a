"""Figures of what levels add, alone and together, with intervals adjusted for many comparisons."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from race_sim.analysis.policy_effects import effects_table, effects_words, interaction_table
from race_sim.analysis.policy_family import ADJUSTED
from race_sim.analysis.policy_ranking import NO_POLICY, POLICY, policy_words
from race_sim.errors import InputError
from race_sim.plots.interaction import interaction_figure
from race_sim.plots.tornado import COLOURS, NEUTRAL, tornado_figure
from race_sim.study.subject import Drawn, Subject, drawn
from race_sim.study.wording import level_text

NOTE = f"{ADJUSTED}; holm: probabilities of single differences, adjusted by Holm's method."
"""What a table of effects or interactions holds."""
THOUSAND = 1000.0
OF_TOTALS = ("EUR", "EUR/week")
"""Units of amounts that are told in thousands."""
OF_HITS = "hits"
"""Begins the units of which more is better: those have colours that say so."""


def draw_effects(subject: Subject) -> Drawn:
    """A tornado: the output at each level of x less that at the reference."""
    drawing, x = subject.drawing, str(subject.drawing.x)
    against = subject.result.study.against(x)
    table = effects_table(subject.rows, x, subject.output, drawing.reference, drawing.panels, against)
    if table.empty:
        raise InputError(f"figure {drawing.name}: no point has another with {_reference(subject)}")
    label = f"{subject.output.label} more than with {_reference(subject)}"
    others = [
        f"{level_text(level)} with {level_text(other)}" for level, other in against.items() if level in set(table[x])
    ]
    caption = f"Compared otherwise: {'; '.join(others)}." if others else ""
    unit = subject.output.unit
    totals = unit in OF_TOTALS
    figure = tornado_figure(
        in_thousands(table) if totals else table,
        x,
        panels=drawing.panels,
        panel_words=subject.panel_words(table),
        words=level_text,
        label=f"{label} ({unit.replace('EUR', 'EUR 1000') if totals else unit})",
        title=drawing.title,
        colours=COLOURS if unit.startswith(OF_HITS) else NEUTRAL,
    )
    return drawn(
        subject, figure, effects_words(table, [x], drawing.panels, label, _level_alone), table, caption, note=NOTE
    )


def draw_interaction(subject: Subject) -> Drawn:
    """A heat map: what two levels add together beyond what each adds alone."""
    drawing, x, y = subject.drawing, str(subject.drawing.x), subject.drawing.y
    table = interaction_table(subject.rows, x, y, subject.output, drawing.reference, drawing.panels)
    if table.empty:
        raise InputError(f"figure {drawing.name}: no two levels come together and alone")
    across, down = ("other", "one") if y is None else (x, y)
    label = f"{subject.output.label}, together beyond the sum of both"
    figure = interaction_figure(
        table,
        across,
        down,
        panels=drawing.panels,
        panel_words=subject.panel_words(table),
        words=_level_alone if y is None else subject.words.level,
        label=f"together beyond the sum ({subject.output.unit})",
        title=drawing.title,
    )
    words = effects_words(
        table, [down, across], drawing.panels, label, _level_alone if y is None else subject.words.level
    )
    return drawn(subject, figure, words, table, note=NOTE)


def in_thousands(table: pd.DataFrame) -> pd.DataFrame:
    """A table of effects with values and limits over 1000: euros of totals are read so."""
    return table.assign(**{name: table[name] / THOUSAND for name in ("value", "value_low", "value_high")})


def _reference(subject: Subject) -> str:
    """What every point is compared with, in words."""
    levels: Mapping[str, object] = subject.drawing.reference
    return ", ".join(
        policy_words(level) if (factor, level) == (POLICY, NO_POLICY) else subject.words.level(factor, level)
        for factor, level in levels.items()
    )


def _level_alone(_: str, level: object) -> str:
    return level_text(level)
