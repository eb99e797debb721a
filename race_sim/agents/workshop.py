"""A workshop: iterates every few weeks on what comes back from the front."""

from __future__ import annotations

import numpy as np

from race_sim.agents.maker import Maker
from race_sim.records import NOBODY
from race_sim.rules.landscape import quality_sum
from race_sim.rules.production import produce_workshop
from race_sim.rules.workshop import (
    choose_parent,
    judge_trials,
    start_trial,
    try_variants,
    workshop_is_due,
)


class Workshop(Maker):
    """A maker with a short cycle: judge what was tried, choose a parent, try something new."""

    def produce(self) -> None:
        """Deliver this week's output: a share of variants on trial, the rest of the fielded design."""
        produce_workshop(self.model.world, self.index, self.model.params, self.model.week)

    @property
    def is_due(self) -> bool:
        """Whether its cycle ends this week."""
        model = self.model
        return bool(workshop_is_due(model.world, self.index, model.params, model.week))

    @property
    def estimate(self) -> float:
        """Hits a sortie it believes its fielded design has, from the reports it has read."""
        return float(self.row.estimate)

    @property
    def losses(self) -> list[float]:
        """Stopped sorties that reports blame on each module, faded week by week."""
        modules = int(self.model.params[0].design_modules)
        return [float(loss) for loss in self.row.losses[:modules]]

    @property
    def trials_in_flight(self) -> int:
        """Variants on trial and not judged yet."""
        return int(self.model.world.trials["active"][self.index].sum())

    def adapt(self) -> None:
        """One turn of the cycle; what it decides takes effect next week."""
        self.judge()
        self.try_variants(self.choose_parent())

    def judge(self) -> int | None:
        """Field the best variant whose reports are in and beat the fielded design; its product row, or None."""
        model = self.model
        row = judge_trials(model.world, self.index, model.params, model.week, model.run_seed)
        return None if row == NOBODY else int(row)

    def choose_parent(self) -> int:
        """Index of the maker to start the next variants from: itself, or a peer that looks good."""
        model = self.model
        return int(choose_parent(model.world, self.index, model.params, model.week, model.run_seed))

    def try_variants(self, parent: int) -> None:
        """Bench-test mutants of the parent's design and fly the best on trial from next week on."""
        model = self.model
        try_variants(model.world, self.index, parent, model.params, model.week, model.run_seed)

    def start_trial(self, design: int) -> int | None:
        """Fly a design of your own on trial from next week on; its product row, or None without a free slot."""
        model = self.model
        bits = np.uint64(design)
        total = quality_sum(model.world.landscape, bits)
        family = int(self.product.family)
        row = start_trial(model.world, self.index, bits, total, family, model.params, model.week)
        return None if row == NOBODY else int(row)
