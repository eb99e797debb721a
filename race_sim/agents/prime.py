"""A prime: develops for years against what was known at the requirement freeze, and delivers in bulk."""

from __future__ import annotations

from race_sim.agents.maker import Maker
from race_sim.rules.prime import develop
from race_sim.rules.production import produce_prime


class Prime(Maker):
    """A maker with a long programme."""

    @property
    def programme_weeks_left(self) -> int:
        """Weeks until its next generation is fielded."""
        return max(0, int(self.row.programme_end) - self.model.week)

    def produce(self) -> None:
        """Build towards the next batch; deliver it when it is due."""
        produce_prime(self.model.world, self.index, self.model.params, self.model.week)

    def develop(self) -> None:
        """A week of search; field the generation when its programme ends, and freeze the next requirement."""
        model = self.model
        develop(model.world, self.index, model.params, model.week, model.run_seed)
