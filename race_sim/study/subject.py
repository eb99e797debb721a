"""What a figure of a study is drawn of, and what comes of it: the figure, the table behind it, and its words."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.figure import Figure

from race_sim.analysis.boundary import Scale
from race_sim.analysis.cells import groups
from race_sim.analysis.headline import in_words
from race_sim.analysis.measures import Measure, measure
from race_sim.analysis.phase import Measure as Column
from race_sim.study.definition import Drawing, Part, Range
from race_sim.study.result import StudyResult
from race_sim.study.wording import Wording

INTERVALS = "95% intervals."
WIDE = 8.0  # ratio of the largest to the smallest level from which an axis is logarithmic
DOTS = 150  # dots an inch


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure of a study.

    Attributes:
        name: stem of its files.
        title: what it shows.
        figure: itself.
        alternative: what it shows, for readers who do not see it.
        caption: how to read it.
        words: what its numbers say; empty if they are told elsewhere.
        table: the numbers behind it, None if there are others for them.
        note: what the table holds.
    """

    name: str
    title: str
    figure: Figure
    alternative: str
    caption: str = ""
    words: str = ""
    table: pd.DataFrame | None = None
    note: str = ""

    @cached_property
    def png(self) -> bytes:
        """The figure as an image."""
        return self.image("png")

    def image(self, form: str) -> bytes:
        """The figure as the content of a PNG, SVG or PDF file, without the time it was made."""
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)
        sink = io.BytesIO()
        self.figure.savefig(sink, dpi=DOTS, format=form, metadata=metadata)
        return sink.getvalue()


@dataclass(frozen=True, eq=False)
class Subject:
    """What a figure is drawn of.

    Attributes:
        drawing: what is asked for.
        part: that asks for it, with the factors it has.
        result: of the study.
        words: of factors and levels.
    """

    drawing: Drawing
    part: Part
    result: StudyResult
    words: Wording

    @property
    def rows(self) -> pd.DataFrame:
        """Of the part."""
        return self.result.parts[self.part.name]

    @property
    def output(self) -> Measure:
        """The measure drawn."""
        return measure(self.drawing.output or self.result.study.outputs_of(self.part)[0])

    @property
    def label(self) -> str:
        """Of the measure, or of the ratio drawn, in a sentence."""
        if not self.drawing.reference:
            return self.output.label
        return f"{self.output.label} over that of {self.words.place(self.drawing.reference)}"

    @property
    def threshold(self) -> float | None:
        """What the measure is held against: 1 for a ratio if nothing else is said, None if nothing."""
        return self.drawing.threshold or (1.0 if self.drawing.reference else None)

    @property
    def factor_names(self) -> list[str]:
        """Factors of the part in words."""
        return [self.words.name(name) for name in self.part.factors]

    def panel_words(self, table: pd.DataFrame) -> dict[tuple[object, ...], str]:
        """Titles of the panels."""
        if not self.drawing.panels:
            return {}
        return {tuple(place.values()): self.words.place(place) for place, _ in groups(table, self.drawing.panels)}

    @property
    def axis(self) -> str:
        """Label of the measure's axis, with the unit."""
        return self.label if self.drawing.reference else self.output.axis

    @property
    def column(self) -> Column:
        """The measure as tables of phases take it."""
        return self.output.above if self.output.below is None else (self.output.above, self.output.below)

    def scale(self, factor: str) -> Scale:
        """Scale of a factor's axis: its range's, or logarithmic for positive levels that span a factor of eight."""
        levels = self.part.factors[factor]
        if isinstance(levels, Range):
            return levels.scale
        numbers = [level for level in levels if isinstance(level, int | float) and not isinstance(level, bool)]
        wide = len(numbers) == len(levels) and min(numbers) > 0 and max(numbers) >= WIDE * min(numbers)
        return "log" if wide else "linear"


def drawn(
    subject: Subject, figure: Figure, words: str, table: pd.DataFrame, caption: str = "", note: str = INTERVALS
) -> Drawn:
    """What a figure of a part gives, its words read out to those who do not see it."""
    drawing = subject.drawing
    alternative = f"{drawing.title}. {words}".strip()
    return Drawn(drawing.name, drawing.title, figure, alternative, caption, words, in_words(table), note)
