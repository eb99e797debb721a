"""Output, costs, where drones went and where the money went: tables of a race under accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from race_sim.cli.cells import cell, number, unit_words, words
from race_sim.cli.screen import table

if TYPE_CHECKING:
    from rich.table import Table

Summary = Mapping[str, float | None]

OUTPUT = {
    "makers": "makers at work",
    "capacity": "capacity",
    "utilisation": "utilisation: built over capacity",
    "output_growth": "output grows by a factor of",
    "unit_cost": "building a drone costs its maker",
    "euros_per_sortie": "euros paid per sortie",
    "euros_per_hit": "euros paid per hit",
    "bound_by_orders_share": "built all that was wanted",
    "bound_by_finance_share": "held back by cash and credit",
    "bound_by_inputs_share": "held back by imported inputs",
    "bound_by_capacity_share": "held back by capacity",
}
UNITS = {
    "output_growth": "a year",
    **dict.fromkeys((name for name in OUTPUT if name.startswith("bound_by_")), "of makers' weeks"),
}
"""Units of a row in words, where the codebook's would say less."""
DRONES = {
    "built": "built",
    "sorties": "flown",
    "exported": "exported",
    "kept_by_hosts": "kept by hosts abroad",
    "bartered": "bartered for interceptors",
    "destroyed": "destroyed at the front",
    "destroyed_at_makers": "destroyed at makers",
    "scrapped": "scrapped at the front",
    "scrapped_at_makers": "scrapped at makers",
    "stock_change": "added to stocks",
}
ALWAYS = ("built", "sorties", "stock_change")
TREASURIES = {
    "income": "from taxpayers",
    "aid": "from donors",
    "paid": "to makers for drones",
    "commission": "to intermediaries",
    "imports": "for other arms abroad",
    "plants": "for plants abroad",
}
RECEIPTS = ("income", "aid")
NET = "net"
MAKERS = {
    "sales": "from treasuries for drones",
    "export_sales": "from customers abroad",
    "royalties_earned": "from joint lines, royalties",
    "paid_in": "from owners of newcomers",
    NET: "from banks, loans less repayments",
    "materials": "for parts and wages",
    "overhead": "for overhead",
    "research": "for research",
    "plant": "for more plant and repairs",
    "interest": "to banks, interest",
    "royalties": "to workshops, royalties",
    "paid_out": "to owners and creditors",
}
MAKERS_RECEIPTS = ("sales", "export_sales", "royalties_earned", "paid_in", NET)
HAPPENINGS = {
    "goodwill": "donors' goodwill, 1 is all of it",
    "interceptors": "interceptors in stock",
    "strikes": "strikes on plants and depots",
    "strikes_stopped": "of them stopped",
    "depots_struck": "of them on depots",
    "announced": "workshops announced to build abroad",
    "rival_sales": "sales left to the rival",
    "rival_weeks": "weeks the rival saved countermeasure teams",
}


def output_table(summary: Summary, kinds: Sequence[str]) -> Table:
    """Capacity, its use and what held it back, and what drones, sorties and hits cost."""
    from race_sim.analysis.codebook import SUMMARY

    made = table("output and its cost", *map(words, kinds), "unit", numbers=tuple(map(words, kinds)))
    for name, meaning in OUTPUT.items():
        unit = UNITS.get(name, unit_words(SUMMARY[f"{kinds[0]}_{name}"][0]))
        made.add_row(meaning, *(cell(summary, f"{kind}_{name}") for kind in kinds), unit)
    return made


def drones_table(summary: Summary, kinds: Sequence[str]) -> Table:
    """What was built, and by which ways it is gone; ways that no drone took are left out."""
    made = table("where drones went", *map(words, kinds), "unit", numbers=tuple(map(words, kinds)))
    for name, meaning in DRONES.items():
        if name in ALWAYS or any(summary[f"{kind}_{name}"] for kind in kinds):
            sign = "" if name == "built" else "- " if name != "stock_change" else "= "
            made.add_row(f"{sign}{meaning}", *(number(summary[f"{kind}_{name}"]) for kind in kinds), "drones/week")
    return made


def treasuries_table(summary: Summary) -> Table:
    """What treasuries received and spent; the rest is what they did not spend."""
    columns = ("home", "partners")
    made = table("treasuries", *columns, "unit", numbers=columns)
    flows = {name: [summary[f"{whose}_{name}"] or 0.0 for whose in columns] for name in TREASURIES}
    left = [0.0, 0.0]
    for name, values in flows.items():
        sign = 1.0 if name in RECEIPTS else -1.0
        left = [total + sign * value for total, value in zip(left, values, strict=True)]
        if any(values):
            made.add_row(f"{'+' if sign > 0.0 else '-'} {TREASURIES[name]}", *map(number, values), "EUR/week")
    made.add_row("= left in the treasury", *map(number, left), "EUR/week")
    return made


def makers_money_table(summary: Summary, kinds: Sequence[str]) -> Table:
    """What makers received and spent; the rest is what their cash grew by."""
    made = table("makers' money", *map(words, kinds), "unit", numbers=tuple(map(words, kinds)))
    left = [0.0 for _ in kinds]
    for name, meaning in MAKERS.items():
        values = [_net(summary, kind) if name == NET else summary[f"{kind}_{name}"] or 0.0 for kind in kinds]
        sign = 1.0 if name in MAKERS_RECEIPTS else -1.0
        left = [total + sign * value for total, value in zip(left, values, strict=True)]
        if any(values):
            made.add_row(f"{'+' if sign > 0.0 else '-'} {meaning}", *map(number, values), "EUR/week")
    between = [(summary[f"{kind}_taken_over"] or 0.0) - (summary[f"{kind}_handed_on"] or 0.0) for kind in kinds]
    left = [total + value for total, value in zip(left, between, strict=True)]
    if any(between):
        made.add_row("+ between primes and joint lines", *map(number, between), "EUR/week")
    made.add_row("= added to cash", *map(number, left), "EUR/week")
    return made


def _net(summary: Summary, kind: str) -> float:
    return (summary[f"{kind}_borrowed"] or 0.0) - (summary[f"{kind}_repaid"] or 0.0)


def happenings(summary: Summary) -> list[tuple[str, str, str]]:
    """What befell the economy, where anything did: (words, value, unit)."""
    from race_sim.analysis.codebook import SUMMARY

    nothing = {"goodwill": 1.0}
    return [
        (meaning, number(summary[name]), unit_words(SUMMARY[name][0]))
        for name, meaning in HAPPENINGS.items()
        if summary[name] not in (None, nothing.get(name, 0.0))
    ]


def failures(summary: Summary, kinds: Sequence[str], runs: int) -> list[str]:
    """Sentences on newcomers and on makers that could not pay, unmeasured weeks included."""
    said = []
    a_run = "" if runs == 1 else " a run on average"
    for kind in kinds:
        name = words(kind)
        if entered := summary[f"{kind}_entered_a_run"]:
            said.append(f"Newcomers among {name}: {number(entered)}{a_run}.")
        failed, first = summary[f"{kind}_failed_a_run"], summary[f"{kind}_first_failed_week"]
        if failed and first is not None:
            when = f"the first in week {first:.0f}{' of one of the runs' if runs > 1 else ''}"
            said.append(f"Insolvent {name}, which could not pay and stopped: {number(failed)}{a_run}, {when}.")
    return said
