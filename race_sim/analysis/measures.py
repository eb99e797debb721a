"""What a study can ask of its runs by name: the columns of a run, and shares of one in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from race_sim.analysis.codebook import DEFENCE_COLUMNS, KIND_COLUMNS, WHOSE
from race_sim.analysis.columns import ADDED, RECORDED
from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.analysis.industry_entries import ECONOMY_ENTRIES
from race_sim.analysis.intervals import Estimate, mean_estimate, ratio_estimate
from race_sim.errors import InputError
from race_sim.scenario.text import did_you_mean, nearest, shown


@dataclass(frozen=True, slots=True)
class Measure:
    """A number a run.

    Attributes:
        name: as a study file has it.
        label: in words, for an axis.
        unit: "1" if it has none.
        above: column of the rows.
        below: column it is divided by, over all runs together; None if it is not.
    """

    name: str
    label: str
    unit: str
    above: str
    below: str | None = None

    @property
    def axis(self) -> str:
        """Label with unit."""
        return self.label if self.unit == "1" else f"{self.label} ({self.unit})"

    def of_runs(self, rows: pd.DataFrame) -> pd.Series:
        """The measure of each run; NaN where it failed or where what it is divided by is 0."""
        if self.below is None:
            return rows[self.above]
        return rows[self.above] / rows[self.below].where(rows[self.below] > 0)

    def paired(self, own: pd.DataFrame, other: pd.DataFrame) -> Estimate:
        """The measure of one point over that of another, paired by seed: both frames have the seed as their index."""
        values = pd.concat([self.of_runs(own), self.of_runs(other)], axis=1, join="inner").dropna().to_numpy()
        return ratio_estimate(values[:, 0], values[:, 1])

    def estimate(self, rows: pd.DataFrame) -> Estimate:
        """The measure over runs; failed runs are left out."""
        if self.below is None:
            return mean_estimate(rows[self.above].to_numpy())
        known = rows.dropna(subset=[self.above, self.below])
        return ratio_estimate(known[self.above].to_numpy(), known[self.below].to_numpy())


def _shares() -> dict[str, Measure]:
    found = {}
    for kind, whose in WHOSE.items():
        prefix = "" if kind == "total" else f"{kind}_"
        words = "" if kind == "total" else f" of {whose}"
        for name, label, unit, above, below in (
            ("hits_a_sortie", "Hits a sortie", "hits/sortie", "hits", "sorties"),
            ("adopted_share", "Share of judged trials adopted", "1", "trials_adopted", "trials_judged"),
            ("stock_countered_share", "Share of the stock that is countered", "1", "stock_countered", "stock"),
            ("hits_a_delivery", "Hits a drone delivered", "hits/drone", "hits", "deliveries"),
            ("utilisation", "Output over capacity", "1", "built", "capacity"),
            ("exported_share", "Share of the output that is exported", "1", "exported", "built"),
            ("unit_cost", "Cost of building a drone", "EUR/drone", "production_cost", "built"),
            ("euros_a_sortie", "Euros paid a sortie", "EUR/sortie", "procurement", "sorties"),
            ("euros_a_hit", "Euros paid a hit", "EUR/hit", "procurement", "hits"),
        ):
            found[prefix + name] = Measure(prefix + name, f"{label}{words}", unit, f"{kind}_{above}", f"{kind}_{below}")
    return found


def _columns() -> dict[str, Measure]:
    found = {}
    for kind, whose in WHOSE.items():
        for name in (*RECORDED, *ADDED):
            column = f"{kind}_{name}"
            words = name.replace("_", " ").capitalize()
            found[column] = Measure(column, f"{words} of {whose}", KIND_COLUMNS[name][0], column)
    for name, (unit, _) in {**DEFENCE_COLUMNS, **ECONOMY_ENTRIES}.items():
        found[name] = Measure(name, name.replace("_", " ").capitalize(), unit, name)
    for level in BALANCE_NAMES:
        name = f"front_balance_end_{level}"
        found[name] = Measure(name, f"Front balance at the end, {level} regeneration", "1", name)
    return found


SHORT = {"hits": "total_hits", "sorties": "total_sorties", "diversity": "workshops_diversity"}
"""Short names of measures often asked for."""
MEASURES: Mapping[str, Measure] = {**_columns(), **_shares()}
"""Every measure by name."""


def measure(name: str) -> Measure:
    """The measure of this name. Raises InputError, with the nearest name, if there is none."""
    check_measure(name)
    return MEASURES[SHORT.get(name, name)]


def check_measure(name: str) -> None:
    """Raises InputError, with the nearest name, unless there is a measure of this name."""
    if SHORT.get(name, name) not in MEASURES:
        hint = did_you_mean(nearest(name, [*SHORT, *MEASURES]))
        raise InputError(f"there is no measure {shown(name)}.{hint} `race-sim codebook` lists the columns.")
