"""What passes through a workshop's hands, noted by harness agents of the Mesa driver: what a control cuts, or not."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from race_sim.agents import Workshop
from race_sim.model import RaceModel
from race_sim.records import FIELDED, NOBODY, ON_TRIAL
from race_sim.rules.landscape import quality
from race_sim.rules.workshop import most_losing_module, mutant
from race_sim.verify.sample import Numbers


class Flight(NamedTuple):
    """What a product did in one week."""

    sorties: int
    hits: int
    expected_hits: float

    @property
    def success(self) -> float:
        """Expected hits a sortie."""
        return self.expected_hits / self.sorties


class Log:
    """What was noted, a row an occasion; for cycles of one week and one variant.

    Attributes:
        judged: (week flown, reported sorties, reported hits, own sorties, own hits, own expected hits,
            expected success of the variant less that of the fielded design, or NaN if that did not fly, adopted).
        aimed: (bits changed, bits changed in the module that reports blame most).
        benched: quality of the candidate flown, less the mean of all candidates, in their standard deviations.
        trials: what a product on trial did, by (product row, week).
        fielded: what a maker's fielded product did, by (maker, week).
    """

    def __init__(self) -> None:
        self.judged: list[tuple[float, ...]] = []
        self.aimed: list[tuple[int, int]] = []
        self.benched: list[float] = []
        self.trials: dict[tuple[int, int], Flight] = {}
        self.fielded: dict[tuple[int, int], Flight] = {}

    def columns(self) -> Numbers:
        """The judged trials, a row a quantity."""
        return np.array(self.judged, dtype=np.float64).T


class NotedWorkshop(Workshop):
    """A harness: a workshop as it is, which notes what it is told, what is true and what it does."""

    model: NotedRace

    def judge(self) -> int | None:
        """Note every trial that is due, with its reports and the truth, and whether it was adopted."""
        model = self.model
        log = model.log
        slots = model.world.trials[self.index]
        due = slots[(slots["active"] == 1) & (slots["due"] <= model.week)].copy()
        adopted = super().judge()
        for trial in due:
            week = int(trial["start"])
            own = log.trials.get((int(trial["product"]), week))
            other = log.fielded.get((self.index, week))
            if own is None:
                continue
            merit = own.success - other.success if other is not None else math.nan
            log.judged.append(
                (
                    week,
                    int(trial["sorties"]),
                    int(trial["hits"]),
                    *own,
                    merit,
                    adopted == int(trial["product"]),
                )
            )
        return adopted

    def try_variants(self, parent: int) -> None:
        """Note where the variant differs from its parent, and how it compares with the candidates left on the bench."""
        model = self.model
        blamed = int(most_losing_module(model.world.makers, self.index, model.params))
        origin = self.product if parent == self.index else model.world.published[parent]
        start, total = np.uint64(origin["design"]), int(origin["quality"])
        super().try_variants(parent)
        slots = model.world.trials[self.index]
        row = slots["product"][(slots["active"] == 1) & (slots["start"] == model.week + 1)][0]
        variant = model.world.products[row]
        if blamed != NOBODY:
            bits = int(model.params[0].design_bits_per_module)
            changed = int(variant["design"]) ^ int(start)
            inside = changed >> bits * blamed & (1 << bits) - 1
            model.log.aimed.append((changed.bit_count(), inside.bit_count()))
        if (model.week + self.number) % model.bench_notes_every == 0:
            self.note_bench(start, total, blamed, float(quality(model.world.landscape, variant["quality"])))

    def note_bench(self, start: np.uint64, total: int, blamed: int, chosen: float) -> None:
        """Note how the variant compares with all candidates of this week."""
        model = self.model
        landscape = model.world.landscape
        candidates = np.array(
            [
                quality(landscape, self.candidate(start, total, blamed, number)[1])
                for number in range(int(model.params[0].workshops_bench_candidates_per_week))
            ]
        )
        if candidates.std() > 0:
            model.log.benched.append((chosen - candidates.mean()) / candidates.std())

    def candidate(self, start: np.uint64, total: int, blamed: int, number: int) -> Any:
        """A candidate of this week: (design, quality sum)."""
        model = self.model
        return mutant(
            model.world.landscape,
            start,
            total,
            blamed,
            number,
            int(self.row.key),
            int(model.params[0].workshops_iteration_weeks),
            model.params,
            model.week,
            model.run_seed,
        )


class NotedRace(RaceModel):
    """A harness: a race that notes the true results of trials and of fielded designs before reports set out."""

    workshop_class = NotedWorkshop
    bench_notes_every = 4

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.log = Log()
        super().__init__(*arguments, **options)

    def report(self) -> None:
        """Note what trials and fielded designs did this week."""
        world = self.world
        columns = int(world.tally[0].columns)
        rows = world.columns.row[:columns]
        products = world.products[rows]
        expected = world.columns.alive[:columns] * products["success"]
        for place in np.flatnonzero(products["status"] == ON_TRIAL):
            self.log.trials[int(rows[place]), self.week] = flight(products[place], expected[place])
        for place in np.flatnonzero(products["status"] == FIELDED):
            maker = int(products["maker"][place])
            self.log.fielded[maker, self.week] = flight(products[place], expected[place])
        super().report()


def flight(product: Any, expected: float) -> Flight:
    """What a product did this week."""
    return Flight(int(product["sorties"]), int(product["hits"]), float(expected))
