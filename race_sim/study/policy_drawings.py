"""Figures of what levels add, alone and together, with intervals adjusted for many comparisons."""

from __future__ import annotations

from race_sim.analysis.policy_effects import effects_table, effects_words, interaction_table
from race_sim.analysis.policy_family import ADJUSTED
from race_sim.errors import InputError
from race_sim.plots.interaction import interaction_figure
from race_sim.plots.tornado import tornado_figure
from race_sim.study.subject import Drawn, Subject, drawn
from race_sim.study.wording import level_text

NOTE = f"{ADJUSTED}; holm: probabilities of single differences, adjusted by Holm's method."
"""What a table of effects or interactions holds."""


def draw_effects(subject: Subject) -> Drawn:
    """A tornado: the output at each level of x less that at the reference."""
    drawing, x = subject.drawing, str(subject.drawing.x)
    against = subject.result.study.against(x)
    table = effects_table(subject.rows, x, subject.output, drawing.reference, drawing.panels, against)
    if table.empty:
        raise InputError(f"figure {drawing.name}: no point has another with {subject.words.place(drawing.reference)}")
    label = f"{subject.output.label} more than with {subject.words.place(drawing.reference)}"
    others = [
        f"{level_text(level)} with {level_text(other)}" for level, other in against.items() if level in set(table[x])
    ]
    caption = f"Compared otherwise: {'; '.join(others)}." if others else ""
    figure = tornado_figure(
        table,
        x,
        panels=drawing.panels,
        panel_words=subject.panel_words(table),
        words=level_text,
        label=f"{label} ({subject.output.unit})",
        title=drawing.title,
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


def _level_alone(_: str, level: object) -> str:
    return level_text(level)
