"""Policies of a study that was raced: their ranking, their interactions, and where budgets went."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from race_sim.analysis.cells import groups
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.measures import measure
from race_sim.analysis.policy_budget import Budget, budget
from race_sim.analysis.policy_effects import TOGETHER, effects_words, interaction_table
from race_sim.analysis.policy_ranking import (
    NO_POLICY,
    POLICY,
    agreement_words,
    order_words,
    pairwise,
    ranking_table,
)
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import load
from race_sim.scenario.schema import Parameters
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.study.definition import Part, Study
from race_sim.study.execute import race_compiled
from race_sim.study.points import defined
from race_sim.study.report import QUICK
from race_sim.study.result import StudyResult
from race_sim.study.wording import Wording

BUDGET_RACES = 4  # races, each with a seed of its own, over which a budget is followed
FOUNDERS = "founders"
ORIGIN = "founders.origin"
FOUNDERS_WORDS = (
    "Common founders: workshops start near one common ancestor. Independent founders: each starts from a climb of its "
    "own. The baseline has {} founders."
)


@dataclass(frozen=True, eq=False)
class Policies:
    """Policies of a part of a study.

    Attributes:
        result: what the study's runs measured.
        part: that varies policies, one at a time.
        quick: whether the runs only tested the set-up.
    """

    result: StudyResult
    part: Part
    quick: bool = False

    @classmethod
    def of(cls, result: StudyResult, *, quick: bool = False) -> Policies:
        """Of the first part that varies policies. Raises InputError if there is none, or it has no races."""
        for part in result.study.part:
            if POLICY in part.factors and POLICY in result.study.levels and part.name in result.parts:
                return cls(result, part, quick)
        raise InputError(
            f"study {result.study.name} has no races that vary a factor {shown(POLICY)} with tables [levels.{POLICY}]: "
            "give the directory of a sweep of policy_levers, or of a study like it"
        )

    @property
    def study(self) -> Study:
        """What was run."""
        return self.result.study

    @property
    def by(self) -> list[str]:
        """Factors of the part beside policies: each combination of levels is ranked by itself."""
        return [name for name in self.part.factors if name != POLICY]

    @cached_property
    def none(self) -> str:
        """The level without any policy. Raises InputError if there is none."""
        levels = self.study.levels[POLICY]
        empty = [name for name, meaning in levels.items() if meaning == type(meaning)()]
        if not empty:
            raise InputError(f"study {self.study.name}: no level of {POLICY} is the baseline itself, without settings")
        return NO_POLICY if NO_POLICY in empty else empty[0]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Races of single policies."""
        rows = self.result.parts[self.part.name]
        return rows[~rows[POLICY].astype(str).str.contains(TOGETHER, regex=False)]

    @property
    def references(self) -> dict[str, str]:
        """{policy: what it is compared with}."""
        against = self.study.against(POLICY)
        names = [str(name) for name in self.rows[POLICY].unique() if name != self.none]
        return {name: str(against.get(name, self.none)) for name in names}

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Of `ranking_table`. Raises InputError if nothing can be compared."""
        definition = json.loads(self.result.points[self.part.name]["definition"].iloc[0])
        horizon = int(definition["changes"].get("run.weeks", Parameters().run.weeks))
        table = ranking_table(self.rows, self.references, horizon, self.by)
        if table.empty:
            raise InputError(f"study {self.study.name}: no policy has races beside those of {self.none}")
        return table

    @cached_property
    def pairs(self) -> dict[tuple[object, ...], Mapping[tuple[str, str], Estimate]]:
        """{levels of a panel: extra hits of each policy less those of each other}."""
        places = [place for place, _ in groups(self.ranking, self.by)] if self.by else [{}]
        return {tuple(place.values()): pairwise(self.rows, self.references, place) for place in places}

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """What two policies bring together beyond what each brings alone; empty if no part has any two."""
        for part in self.study.part:
            joined = any(TOGETHER in str(level) for level in part.factors.get(POLICY, ()))
            if joined and part.name in self.result.parts:
                rows = self.result.parts[part.name]
                return interaction_table(rows, POLICY, None, measure("hits"), {POLICY: self.none}, self.by)
        return pd.DataFrame()

    @property
    def warning(self) -> str:
        """What must be read before any number; empty if nothing."""
        return QUICK if self.quick else ""

    @property
    def founders(self) -> str:
        """What founders are, and which the baseline has; empty if panels do not differ in them."""
        if FOUNDERS not in self.by or self.study.set.get(ORIGIN) != f"= {FOUNDERS}":
            return ""
        return FOUNDERS_WORDS.format(load("baseline").parameters.value(ORIGIN))

    def words(self) -> list[str]:
        """What panels are, then what the intervals say: an order in each, which policies help in all, which pairs."""
        wording = Wording(self.study)
        told = [self.founders]
        for place, here in groups(self.ranking, self.by) if self.by else [({}, self.ranking)]:
            lead = wording.place(place)
            said = order_words(here, self.pairs[tuple(place.values())])
            told.append(f"{lead}: {said}" if lead else said)
        told.append(agreement_words(self.ranking, self.by))
        if not self.interactions.empty:
            label = "hits a week together, beyond the sum of both"
            words = wording_of(self.by, wording)
            told.append(effects_words(self.interactions, ["one", "other"], self.by, label, words))
        return [one[:1].upper() + one[1:] for one in told if one]

    @property
    def followed(self) -> dict[str, object]:
        """Levels of the panel in which budgets are followed: the first."""
        levels = json.loads(self.result.points[self.part.name]["levels"].iloc[0])
        return {name: levels[name] for name in self.by}

    def budgets(self, names: Sequence[str]) -> list[tuple[str, Budget]]:
        """Where the budget went with these policies: races of the first seeds in one panel, `followed`, run again.

        Raises InputError if there is no such policy, or makers kept no accounts.
        """
        table = self.result.points[self.part.name]
        first: dict[str, str] = {}
        for text, definition in zip(table["levels"], table["definition"], strict=True):
            levels = json.loads(text)
            if self.followed.items() <= levels.items():
                first.setdefault(str(levels[POLICY]), definition)
        found = []
        for name in names:
            if name not in first:
                known = f"Policies: {', '.join(first)}."
                raise InputError(f"there is no policy {shown(name)}.{did_you_mean(nearest(name, first))} {known}")
            scenario, _ = defined(first[name])
            if not scenario.parameters.money.accounts:
                raise InputError(f"policy {shown(name)}: makers keep no accounts there, so no budget can be followed")
            seeds = np.arange(self.study.first_seed, self.study.first_seed + BUDGET_RACES).astype(np.uint64)
            records = Records.empty(seeds, scenario.parameters.run.weeks)
            for row in range(BUDGET_RACES):
                race_compiled(scenario, records, row)
            found.append((name, budget(records.weekly, scenario.parameters.run.burn_in_weeks)))
        return found


def wording_of(by: Sequence[str], wording: Wording) -> Callable[[str, object], str]:
    """Says levels of these factors in full, and policies by their names."""
    return lambda name, level: wording.level(name, level) if name in by else str(level)
