"""The headline measures of a race as tables with units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from race_sim.cli.cells import NONE, cell, unit_words, words
from race_sim.cli.economy import (
    Summary,
    drones_table,
    failures,
    happenings,
    makers_money_table,
    output_table,
    treasuries_table,
)
from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from rich.table import Table

    from race_sim.api import Race

KINDS = ("workshops", "primes", "joint_lines")
TOTAL = "total"
OF_MAKERS = (
    "deliveries",
    "sorties",
    "hits",
    "effectiveness",
    "unopposed_success",
    "hits_per_drone",
    "stock",
    "stock_countered_share",
    "stock_dropped_share",
    "designs_fielded",
    "trials_adopted_share",
    "diversity",
    "gap",
    "shadow_half_life",
    "shadow_half_life_observed",
    "fielded_half_life",
    "fielded_half_life_observed",
    "counter_lag",
    "lineage_life",
)
OF_THE_RACE = ("hits_ratio", "crews_used", "countermeasures_standing", "mean_reach", "engagements")
LEVELS = ("low", "central", "high")
OF_THE_FRONT = (
    "front_attackers_share",
    "front_defenders_share",
    "front_decision_week",
    "front_balance_end",
)


def print_summary(race: Race) -> None:
    """Print the headline measures; `race-sim codebook` says what each of them means."""
    summary, screen = race.summary, results()
    kinds = (*_kinds(summary), TOTAL)
    with_accounts = race.scenario.parameters.money.accounts
    screen.print(f"{race.scenario.title}: {_span(race)}")
    screen.print(_makers(summary, kinds))
    if with_accounts:
        screen.print(output_table(summary, kinds))
    screen.print(drones_table(summary, kinds))
    if with_accounts:
        screen.print(treasuries_table(summary))
        screen.print(makers_money_table(summary, kinds))
    screen.print(_race(summary, with_accounts=with_accounts))
    screen.print(_front(summary))
    for sentence in failures(summary, kinds[:-1], race.records.runs):
        screen.print(sentence)
    if race.records.runs > 1:
        screen.print("Below a value: its 95% interval over runs.")
    if with_accounts:
        screen.print("Euros paid: by the treasuries, with what intermediaries take; in part weeks after delivery.")
    screen.print("Half life observed: share of the lives that were seen to end; the others were cut short.")
    screen.print(f"{NONE} is none: not reached, or nothing to measure. `race-sim codebook` says what is measured.")


def _kinds(summary: Summary) -> list[str]:
    """Kinds of maker that there were, or of which drones were left, in the measured weeks."""
    return [kind for kind in KINDS if any(summary[f"{kind}_{name}"] for name in ("makers", "stock", "sorties"))]


def _makers(summary: Summary, kinds: Sequence[str]) -> Table:
    from race_sim.analysis.codebook import SUMMARY

    made = table("measured weeks", *map(words, kinds), "unit", numbers=tuple(map(words, kinds)))
    for name in OF_MAKERS:
        keys = [f"{kind}_{name}" for kind in kinds]
        unit = next((SUMMARY[key][0] for key in keys if key in SUMMARY), "1")
        made.add_row(words(name), *(cell(summary, key) for key in keys), unit_words(unit))
    return made


def _race(summary: Summary, *, with_accounts: bool) -> Table:
    from race_sim.analysis.codebook import SUMMARY

    made = table("measured weeks", "value", "unit", numbers=("value",))
    for name in OF_THE_RACE:
        made.add_row(words(name), cell(summary, name), unit_words(SUMMARY[name][0]))
    if with_accounts:
        for row in happenings(summary):
            made.add_row(*row)
    return made


def _front(summary: Summary) -> Table:
    from race_sim.analysis.codebook import SUMMARY

    made = table("front, by regeneration", *LEVELS, "unit", numbers=LEVELS)
    for name in OF_THE_FRONT:
        keys = [f"{name}_{level}" for level in LEVELS]
        made.add_row(words(name), *(cell(summary, key) for key in keys), unit_words(SUMMARY[keys[0]][0]))
    return made


def _span(race: Race) -> str:
    seeds = race.seeds
    runs = f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds)} runs, seeds {seeds[0]} to {seeds[-1]}"
    burn_in = race.scenario.parameters.run.burn_in_weeks
    return f"{race.records.weeks} weeks, of which the first {burn_in} are not measured; {runs}; {race.driver} driver"
