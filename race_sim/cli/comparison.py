"""A comparison of two scenarios as tables with units, and in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from race_sim.cli.cells import NONE, unit_words, words
from race_sim.cli.economy import DRONES, HAPPENINGS, OUTPUT
from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.analysis.contrast import Contrast, Quantity
    from race_sim.analysis.intervals import Estimate
    from race_sim.study.compare import ComparisonResult

KINDS = ("workshops", "primes", "joint_lines", "total")
LARGE = 10_000.0
ECONOMY_WORDS = {
    **OUTPUT,
    **DRONES,
    "procurement": "paid for by the treasuries",
    "failed_a_run": "insolvent, a run",
    "debt": "debt to banks",
    "public_spending": "spent by the treasuries",
    "home_aid": "aid from donors",
    "home_commission": "taken by intermediaries",
    "partners_imports": "spent on other arms abroad",
    "partners_plants": "spent on plants abroad",
    **HAPPENINGS,
}
ALWAYS = ("public_spending", "total_built", "total_procurement", "total_euros_per_hit")
"""Quantities of the economy shown even if they are alike."""


def print_comparison(compared: ComparisonResult) -> None:
    """Print headline quantities, the terms of the difference in hits, and what drove it."""
    contrast = compared.contrast
    screen = results()
    seeds, parameters = compared.seeds, contrast.a.scenario.parameters
    screen.print(
        f"{contrast.b.label} against {contrast.a.label}: {parameters.run.weeks} weeks, of which the first "
        f"{parameters.run.burn_in_weeks} are not measured; seeds {seeds[0]} to {seeds[-1]}, the same for both"
    )
    screen.print(_quantities("measured weeks", contrast, _with_values(contrast.quantities)))
    screen.print(_quantities("output, drones and money", contrast, _that_differ(contrast), ECONOMY_WORDS))
    screen.print(_terms(contrast))
    if contrast.runs > 1:
        screen.print(
            "B against A: x is B over A, all else B less A. Brackets hold 95% intervals over runs, paired by seed; "
            "* marks one that leaves out what no difference would give."
        )
        screen.print("Of output, drones and money only what differs so is listed, kind by kind; --json has all of it.")
    screen.print(f"{NONE} is none: nothing to measure, or not reached. docs/compare.md says what the terms mean.\n")
    screen.print(compared.explanation)


def _with_values(quantities: Mapping[str, Quantity]) -> list[Quantity]:
    """Quantities that are not 0, or nothing, on both sides."""
    return [one for one in quantities.values() if not all(_is_nothing(side) for side in (one.a, one.b))]


def _that_differ(contrast: Contrast) -> list[Quantity]:
    """Quantities of the economy that differ with evidence, kind by kind, and those that always tell what it is.

    Most of an economy is alike on both sides, and would hide what is not.
    """
    from race_sim.analysis.intervals import evident

    def differs(one: Quantity) -> bool:
        return one.difference.value != 0.0 if contrast.runs == 1 else evident(one.difference)

    return [
        one
        for one in _with_values(contrast.economy)
        if one.name in ALWAYS or (differs(one) and not one.name.startswith("total_"))
    ]


def _is_nothing(side: Estimate) -> bool:
    return side.value == 0.0 or math.isnan(side.value)


def _quantities(
    title: str, contrast: Contrast, quantities: Sequence[Quantity], names: Mapping[str, str] | None = None
) -> Table:
    columns = (f"A: {contrast.a.label}", f"B: {contrast.b.label}", "B against A")
    made = table(title, *columns, "unit", numbers=columns)
    for one in quantities:
        made.add_row(_name(one.name, names or {}), _cell(one.a), _cell(one.b), _against(one), unit_words(one.unit))
    return made


def _against(one: Quantity) -> str:
    """B over A, led by an x, where quantities are compared so; else B less A with its sign."""
    from race_sim.analysis.intervals import evident

    if one.ratio is not None and one.ratio.value > 0.0:
        return f"x {_star(one.ratio, evident(one.ratio, 1.0))}"
    sign = "+" if one.difference.value > 0.0 else ""
    return f"{sign}{_star(one.difference, evident(one.difference))}"


def _terms(contrast: Contrast) -> Table:
    from race_sim.analysis.decomposition import PARTS, TERMS
    from race_sim.analysis.explanation import PART_NAMES, TERM_NAMES
    from race_sim.analysis.intervals import rounded

    kinds = [kind for kind in contrast.of_runs if kind != "total"] if len(contrast.accounted) > 1 else []
    columns = ("hits a week, B - A", *map(words, kinds), "share")
    made = table("made of", *columns, numbers=columns)
    whole = contrast.difference.value

    def row(name: str, meaning: str) -> None:
        term = contrast.terms[name, "total"]
        share = NONE if whole == 0.0 else f"{round(100.0 * term.difference.value / whole)}%"
        of_kinds = (rounded(contrast.terms[name, kind].difference.value) for kind in kinds)
        made.add_row(meaning, _star(term.difference, term.evident), *of_kinds, share)

    for name in TERMS:
        row(name, TERM_NAMES[name])
        for part in (part for part, of in PARTS.items() if of == name):
            if any(contrast.of_runs["total"][part] != 0.0):
                row(part, f"  of it: {PART_NAMES[part]}")
    made.add_row("all of it", _cell(contrast.difference), *("" for _ in kinds), NONE if whole == 0.0 else "100%")
    return made


def _name(name: str, names: Mapping[str, str]) -> str:
    """A quantity in words, led by whose it is; measures without a name of their own have that of the codebook."""
    for kind in KINDS:
        if name.startswith(f"{kind}_"):
            own = name.removeprefix(f"{kind}_")
            return f"{'all makers' if kind == 'total' else words(kind)} {names.get(own, words(own))}"
    return names.get(name, words(name))


def _star(estimate: Estimate, marked: bool) -> str:
    return f"{_cell(estimate)}{' *' if marked else '  '}"


def _cell(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return NONE
    text = _grouped(estimate.value)
    if estimate.interval is not None:
        low, high = estimate.interval
        text += f" [{_grouped(low)}, {_grouped(high)}]"
    return text.replace("inf", "never")


def _grouped(value: float) -> str:
    """Three significant digits, and from 10,000 on whole numbers with their thousands apart."""
    from race_sim.analysis.intervals import rounded

    return f"{value:,.0f}" if math.isfinite(value) and abs(value) >= LARGE else rounded(value)
