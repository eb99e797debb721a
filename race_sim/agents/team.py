"""A countermeasure team: senses what flies, develops an answer, fields it and spreads it."""

from __future__ import annotations

from typing import Any

import numpy as np

from race_sim.agents.race_agent import RaceAgent
from race_sim.records import NEVER
from race_sim.rules.countermeasure import install
from race_sim.rules.team import field_project, spread_countermeasures, take_up_project


class CountermeasureTeam(RaceAgent):
    """A team that learns to stop what flies; `index` is its row in `world.teams`."""

    @property
    def row(self) -> Any:
        """Its row of the world (`race_sim.records.TEAM`), with attribute access."""
        return self.model.world.teams[self.index]

    @property
    def slots(self) -> range:
        """Rows of `world.countermeasures` that are its own."""
        count = int(self.model.params[0].teams_slots)
        return range(self.index * count, (self.index + 1) * count)

    @property
    def countermeasures(self) -> list[Any]:
        """Its standing countermeasures (`race_sim.records.COUNTERMEASURE`)."""
        rows = self.model.world.countermeasures
        return [rows[slot] for slot in self.slots if rows[slot].standing]

    @property
    def is_busy(self) -> bool:
        """Whether it is developing a countermeasure."""
        return int(self.row.project_end) != NEVER

    def act(self) -> None:
        """One week of the team; what it fields and spreads acts from next week."""
        self.field()
        self.spread()
        self.take_up()

    def field(self) -> None:
        """Field the project that is ready, if any."""
        field_project(self.model.world, self.index, self.model.params, self.model.week)

    def spread(self) -> None:
        """Spread standing countermeasures over the front."""
        spread_countermeasures(self.model.world, self.index, self.model.params, self.model.week)

    def take_up(self) -> None:
        """Start a project against what it senses, when idle."""
        model = self.model
        take_up_project(model.world, self.index, model.params, model.week, model.run_seed)

    def install(
        self, module: int, pattern: int, *, slot: int = 0, breadth: float | None = None, reach: float = 1.0
    ) -> None:
        """Field a countermeasure of your own in one of its slots; it acts from next week.

        Args:
            module: the module it counters.
            pattern: a design word; its bits in that module are the pattern.
            slot: which of the team's slots, from 0; what stands there is replaced.
            breadth: in bits; the scenario's breadth by default.
            reach: full reach in [0, 1].
        """
        params = self.model.params
        width = float(params[0].countermeasures_breadth) if breadth is None else breadth
        install(
            self.model.world,
            self.slots[slot],
            self.index,
            module,
            np.uint64(pattern),
            width,
            reach,
            params,
            self.model.week + 1,
        )
