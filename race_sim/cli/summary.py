"""The headline measures of a race as tables with units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from race_sim.cli.screen import results, table

if TYPE_CHECKING:
    from race_sim.api import Race

KINDS = ("workshops", "primes", "total")
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
NONE = "-"

Summary = Mapping[str, float | None]


def print_summary(race: Race) -> None:
    """Print the headline measures; `race-sim codebook` says what each of them means."""
    from race_sim.analysis.codebook import SUMMARY

    screen = results()
    screen.print(f"{race.scenario.title}: {_span(race)}")
    makers = table("measured weeks", *KINDS, "unit", numbers=KINDS)
    for name in OF_MAKERS:
        keys = [f"{kind}_{name}" for kind in KINDS]
        unit = next(SUMMARY[key][0] for key in keys if key in SUMMARY)
        makers.add_row(_words(name), *(_cell(race.summary, key) for key in keys), _unit(unit))
    screen.print(makers)
    others = table("measured weeks", "value", "unit", numbers=("value",))
    for name in OF_THE_RACE:
        others.add_row(_words(name), _cell(race.summary, name), _unit(SUMMARY[name][0]))
    screen.print(others)
    front = table("front, by regeneration", *LEVELS, "unit", numbers=LEVELS)
    for name in OF_THE_FRONT:
        keys = [f"{name}_{level}" for level in LEVELS]
        front.add_row(_words(name), *(_cell(race.summary, key) for key in keys), _unit(SUMMARY[keys[0]][0]))
    screen.print(front)
    if race.records.runs > 1:
        screen.print("Below a value: its 95% interval over runs.")
    screen.print("Half life observed: share of the lives that were seen to end; the others were cut short.")
    screen.print(f"{NONE} is none: not reached, or nothing to measure. `race-sim codebook` says what is measured.")


def _span(race: Race) -> str:
    seeds = race.seeds
    runs = f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds)} runs, seeds {seeds[0]} to {seeds[-1]}"
    burn_in = race.scenario.parameters.run.burn_in_weeks
    return f"{race.records.weeks} weeks, of which the first {burn_in} are not measured; {runs}; {race.driver} driver"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _cell(summary: Summary, name: str) -> str:
    if name not in summary:
        return ""
    low, high = summary.get(f"{name}_low"), summary.get(f"{name}_high")
    if low is None or high is None:
        return _number(summary[name])
    return f"{_number(summary[name])}\n[{_number(low)}, {_number(high)}]"


def _number(value: float | None) -> str:
    if value is None:
        return NONE
    if abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
