"""Factors and their levels in words, as axes, panels and sentences have them."""

from __future__ import annotations

from collections.abc import Mapping

from race_sim.analysis.headline import WORDS
from race_sim.analysis.intervals import rounded
from race_sim.scenario import BY_PATH
from race_sim.study.definition import Study


class Wording:
    """Words of a study's factors.

    Args:
        study: whose `labels` come first.
    """

    def __init__(self, study: Study) -> None:
        self._labels = study.labels

    def axis(self, factor: str) -> str:
        """Label of an axis, with the unit."""
        if factor in self._labels:
            return self._labels[factor]
        if factor in BY_PATH:
            unit = BY_PATH[factor].unit
            return self.name(factor) if unit == "1" else f"{self.name(factor)} ({unit})"
        return self.name(factor)

    def name(self, factor: str) -> str:
        """A factor in a sentence, without its unit."""
        words = self._labels.get(factor, factor.replace(".", ": ").replace("_", " "))
        return words.partition(" (")[0][:1].upper() + words.partition(" (")[0][1:]

    def level(self, factor: str, level: object) -> str:
        """A level of a factor in a sentence."""
        known = WORDS.get(factor, {}).get(level)
        if known is not None:
            return known.replace("\n", " ")
        return f"{self.name(factor).lower()} {level_text(level)}"

    def place(self, levels: Mapping[str, object]) -> str:
        """Several levels in a sentence."""
        return ", ".join(self.level(factor, level) for factor, level in levels.items())


def level_text(level: object) -> str:
    """A level alone: numbers to three significant digits."""
    if isinstance(level, float) and not isinstance(level, bool):
        return f"{level:g}" if f"{level:g}" == f"{level:.3g}" else rounded(level)
    return str(level).replace("_", " ")
