"""What the headline study showed, in words made of its tables alone."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from race_sim.analysis.cells import estimates, exchange_table, factor_effects, ladder_table, ratio_table, shared_table
from race_sim.analysis.forces import Finding
from race_sim.analysis.intervals import LEVEL, rounded
from race_sim.scenario.text import listed

CELL = ("founders", "makers", "step", "variants", "countermeasures", "tempo")
"""Factors that tell the cells of the fair test apart."""
POPULATION = ("founders", "makers")
REGIME = ("countermeasures", "tempo")
PER_EURO = ("founders", "countermeasures", "counted", "cost_ratio")
"""Factors that tell cells apart where equal euros stand beside equal drones."""

WORDS: dict[str, dict[object, str]] = {
    "founders": {"common": "common founders", "independent": "independent founders"},
    "makers": {6: "6 makers", 60: "60 makers"},
    "step": {"per_cycle": "equal\nsteps", "per_elapsed_week": "growing\nsteps", "equal_change": "equal\nchange"},
    "variants": {"one": "1 variant\na cycle", "many": "1 variant\na week"},
    "countermeasures": {
        "area": "area countermeasures",
        "point": "point countermeasures",
        "point_proportional": "point countermeasures that grow with the attack",
    },
    "counted": {"drones": "equal drones", "euros": "equal euros"},
    "tempo": {"fast": "fast red", "baseline": "baseline red", "slow": "slow red"},
}
"""Levels in words; a line feed where a narrow column may break."""

CONTROL_WORDS = {
    "none": "as it is",
    "no_red": "no countermeasures",
    "frozen_red": "countermeasures frozen at week 26",
    "frozen_blue": "no design ever changes",
    "blind_drift": "as many changes, but blind",
    "shuffled_feedback": "reports shuffled among workshops",
    "operators_drop": "operators drop poor designs",
    "long_run": "weeks 339 to 468 of longer races",
}
"""Controls in words."""

RUNG_WORDS = {
    "never": "never adapts",
    "drift": "+ blind drift",
    "bench": "+ bench tests",
    "aim": "+ aimed flips",
    "evidence": "+ evidence",
    "copying": "+ copying",
}
"""Rungs of the ladder in words."""
RUNGS = tuple(RUNG_WORDS)

LIMITS = ("point_capacity", "targets")
"""Factors that limit what either side can do; each has a figure of the exchange rate over its levels."""

MASSES = (2, 4, 8, 16)
"""Larger arsenals of the slow force against which the claim is tested."""
PRICE_RATIO = 4
"""Assumed price of a drone of the slow force over one of the fast force, for the comparison with equal euros (S1-27):
the slow force then has a quarter of the drones. The middle of the 3 to 5 assumed for primes until accounts exist."""


def headline_tables(figures: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables behind these figures of the headline study, {figure: rows of the part that asks for it}, by name."""
    tables = {}
    if "exchange_map" in figures:
        tables["exchange"] = exchange_table(figures["exchange_map"], CELL)
        longest = tables["exchange"]["cycle"] == tables["exchange"]["cycle"].max()
        tables["effects"] = factor_effects(tables["exchange"][longest], CELL)
    if "exchange_curves_growing" in figures:
        tables["exchange_growing"] = exchange_table(figures["exchange_curves_growing"], [*REGIME, *POPULATION])
    for factor in LIMITS:
        if f"exchange_by_{factor}" in figures:
            tables[f"exchange_by_{factor}"] = exchange_table(
                figures[f"exchange_by_{factor}"], ["founders", "step", factor]
            )
    if "exchange_per_euro" in figures:
        tables["exchange_per_euro"] = exchange_table(figures["exchange_per_euro"], PER_EURO)
    if "controls" in figures:
        slowest = figures["controls"]["cycle"].max()
        controls = ratio_table(figures["controls"], [*REGIME, *POPULATION, "control"], "cycle", slowest)
        tables["controls"] = controls[controls["cycle"] < slowest]
    if "ladder" in figures:
        tables["ladder"] = ladder_table(figures["ladder"], [*REGIME, *POPULATION, "cycle"], RUNGS)
    if "arsenal_factors" in figures:
        cell = ["founders", "countermeasures", "cycle", "grown"]
        tables["arsenal_factors"] = ratio_table(figures["arsenal_factors"], cell, "arsenal", 1)
    if "learning" in figures:
        cell = [*POPULATION, "cycle", "trials", "judged"]
        tables["learning"] = ratio_table(figures["learning"], cell, "arsenal", 1)
    if "shared" in figures:
        tables["shared"] = shared_table(figures["shared"], ["founders", *REGIME, "development"])
    return {name: in_words(table) for name, table in tables.items()}


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every estimate also as readers quote it: `ratio_words` is "1.41 [1.22, 1.67]"."""
    worded = table.copy()
    for name in [column.removesuffix("_low") for column in table.columns if column.endswith("_low")]:
        if name in table and f"{name}_words" not in worded:
            worded[f"{name}_words"] = [str(estimate) for estimate in estimates(table, name)]
    return worded


def worst_cell(table: pd.DataFrame) -> pd.Series:
    """The row in which speed is worth least: by exchange rate, then by the ratio of hits with equal arsenals."""
    return table.sort_values(["worth", "ratio"], kind="stable").iloc[0]


def best_cell(table: pd.DataFrame) -> pd.Series:
    """The row in which speed is worth most."""
    return table.sort_values(["worth", "ratio"], kind="stable").iloc[-1]


def verdict(exchange: pd.DataFrame, shortest: int) -> str:
    """One paragraph on the claim that speed beats mass, from the exchange table; nothing is assumed of who wins.

    Args:
        exchange: table "exchange" of `headline_tables`.
        shortest: cycle of the reference in weeks.
    """
    table = exchange[exchange["cycle"] == exchange["cycle"].max()]
    cycle, cells = int(table["cycle"].iloc[0]), len(table)
    worst, best = worst_cell(table), best_cell(table)
    masses = [mass for mass in MASSES if f"finding_x{mass}" in table]
    sentences = [
        (
            f"Over {_cells(cells)}, a {shortest}-week cycle was worth from {_worth(worst, 'worst')} to "
            f"{_worth(best, 'best')} arsenals of a force with a cycle of {cycle} weeks, counting hits."
        ),
        f"With equal arsenals the {shortest}-week force {_score(table['finding'])}.",
        *(f"Against {mass} times the arsenal it {_score(table[f'finding_x{mass}'])}." for mass in masses),
    ]
    if masses:
        sentences.append(_claim(table, masses[0]))
    if f"finding_x{1 / PRICE_RATIO:g}" in table:
        sentences.append(
            f"For equal euros, if a drone of the slow force costs {PRICE_RATIO} times as much (assumed), the "
            f"{shortest}-week force {_score(table[f'finding_x{1 / PRICE_RATIO:g}'])}."
        )
    sentences += _effects(table)
    sentences.append(
        f"A force counts as hitting more only where the {LEVEL:.0%} interval of the ratio of hits, paired by seed, "
        f"leaves out 1 and those of the two forces' own hits do not overlap; were all forces equal, about "
        f"{cells * (1 - LEVEL):.2g} of {cells} ratios would still leave out 1, by chance. Cells are settings that "
        "were tried, not worlds equally likely: their numbers are no probabilities. Hits after burn-in are compared, "
        "not how a war ends. Worst and best were picked after looking; their intervals are those of single cells."
    )
    return " ".join(sentences)


def _worth(cell: pd.Series, rank: str) -> str:
    return f"{cell['worth_words']} ({rank}: {described(cell)})"


def described(cell: pd.Series | Mapping[str, object]) -> str:
    """A cell in words."""
    return ", ".join(level_words(name, cell[name]).replace("\n", " ") for name in CELL)


def level_words(factor: str, level: object) -> str:
    """A level in words, perhaps with a line feed where a narrow column may break."""
    return WORDS.get(factor, {}).get(level, f"{factor} {level}")


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _score(findings: pd.Series) -> str:
    wins, losses, unclear = (int((findings == one.value).sum()) for one in Finding)
    return f"hit more in {_cells(wins)} and less in {losses}, with no evidence in {unclear}"


def _claim(table: pd.DataFrame, mass: int) -> str:
    """Whether the claim holds that adaptation and not the larger arsenal decides (S1-29), read as a claim on hits."""
    findings = table[f"finding_x{mass}"]
    holds, fails = table[findings == Finding.WINS.value], table[findings == Finding.LOSES.value]
    sentence = (
        f"So the claim that speed and not the larger arsenal decides (S1-29), read as hitting more than {mass} times "
        f"the arsenal, held in {len(holds)} of {_cells(len(table))}, failed in {len(fails)} and stayed open in "
        f"{len(table) - len(holds) - len(fails)}"
    )
    return f"{sentence}{_where(holds, table, 'it held only with')}{_where(fails, table, 'it failed only with')}."


def _where(some: pd.DataFrame, table: pd.DataFrame, words: str) -> str:
    """Levels that all of some cells share although others are in the table."""
    if some.empty or len(some) == len(table):
        return ""
    shared = [
        level_words(name, some[name].iloc[0]).replace("\n", " ")
        for name in CELL
        if some[name].nunique() == 1 and table[name].nunique() > 1
    ]
    return f"; {words} {listed(shared)}" if shared else ""


def _effects(table: pd.DataFrame) -> list[str]:
    """A sentence on each factor that was varied, the one that moves the ratio most first; none if none was varied."""
    effects = factor_effects(table, [name for name in CELL if table[name].nunique() > 1])
    if effects.empty:
        return []
    told = []
    spread = effects.groupby("factor", sort=False)["mean"].agg(_spread).sort_values(ascending=False, kind="stable")
    for factor in spread.index:
        here = effects[effects["factor"] == factor].sort_values("mean", ascending=False, kind="stable")
        levels = [
            f"{rounded(mean)} with {level_words(str(factor), level).replace(chr(10), ' ')}"
            for level, mean in zip(here["level"], here["mean"], strict=True)
        ]
        told.append(listed(levels))
    return [f"Geometric means over cells of the ratio of hits with equal arsenals, by factor: {'; '.join(told)}."]


def _spread(means: pd.Series) -> float:
    return float(means.max()) / float(means.min()) if means.min() > 0 else math.inf
