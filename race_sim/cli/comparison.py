"""A comparison of two scenarios as tables with units, and in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.analysis.contrast import Contrast, Quantity
    from race_sim.analysis.intervals import Estimate
    from race_sim.study.compare import ComparisonResult

NONE = "-"


def print_comparison(compared: ComparisonResult) -> None:
    """Print headline quantities, the terms of the difference in hits, and what drove it."""
    contrast = compared.contrast
    screen = results()
    seeds, parameters = compared.seeds, contrast.a.scenario.parameters
    screen.print(
        f"{contrast.b.label} against {contrast.a.label}: {parameters.run.weeks} weeks, of which the first "
        f"{parameters.run.burn_in_weeks} are not measured; seeds {seeds[0]} to {seeds[-1]}, the same for both"
    )
    screen.print(_quantities(contrast))
    screen.print(_terms(contrast))
    if contrast.runs > 1:
        screen.print(
            "B against A: x is B over A, all else B less A. Brackets hold 95% intervals over runs, paired by seed; "
            "* marks one that leaves out what no difference would give."
        )
    screen.print(f"{NONE} is none: nothing to measure, or not reached. docs/compare.md says what the terms mean.\n")
    screen.print(compared.explanation)


def _quantities(contrast: Contrast) -> Table:
    columns = (f"A: {contrast.a.label}", f"B: {contrast.b.label}", "B against A")
    made = table("measured weeks", *columns, "unit", numbers=columns)
    for one in contrast.quantities.values():
        if not all(side.value == 0.0 or math.isnan(side.value) for side in (one.a, one.b)):
            made.add_row(
                _words(one.name), _cell(one.a), _cell(one.b), _against(one), "" if one.unit == "1" else one.unit
            )
    return made


def _against(one: Quantity) -> str:
    """B over A, led by an x, where quantities are compared so; else B less A with its sign."""
    from race_sim.analysis.contrast import evident

    if one.ratio is not None and one.ratio.value > 0.0:
        return f"x {_star(one.ratio, evident(one.ratio, 1.0))}"
    sign = "+" if one.difference.value > 0.0 else ""
    return f"{sign}{_star(one.difference, evident(one.difference))}"


def _terms(contrast: Contrast) -> Table:
    from race_sim.analysis.decomposition import PARTS, TERMS
    from race_sim.analysis.explanation import PART_NAMES, TERM_NAMES
    from race_sim.analysis.intervals import rounded

    kinds = [kind for kind in contrast.of_runs if kind != "total"] if len(contrast.accounted) > 1 else []
    columns = ("hits a week, B - A", *kinds, "share")
    made = table("made of", *columns, numbers=columns)
    whole = contrast.difference.value

    def row(name: str, words: str) -> None:
        term = contrast.terms[name, "total"]
        share = NONE if whole == 0.0 else f"{round(100.0 * term.difference.value / whole)}%"
        of_kinds = (rounded(contrast.terms[name, kind].difference.value) for kind in kinds)
        made.add_row(words, _star(term.difference, term.evident), *of_kinds, share)

    for name in TERMS:
        row(name, TERM_NAMES[name])
        for part in (part for part, of in PARTS.items() if of == name):
            if any(contrast.of_runs["total"][part] != 0.0):
                row(part, f"  of it: {PART_NAMES[part]}")
    made.add_row("all of it", _cell(contrast.difference), *("" for _ in kinds), NONE if whole == 0.0 else "100%")
    return made


def _words(name: str) -> str:
    return name.replace("total_", "all makers_", 1).replace("_", " ")


def _star(estimate: Estimate, marked: bool) -> str:
    return f"{_cell(estimate)}{' *' if marked else '  '}"


def _cell(estimate: Estimate) -> str:
    text = str(estimate)
    return NONE if text == "nan" else text.replace("inf", "never")
