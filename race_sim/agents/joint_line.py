"""A joint line: a prime's plant and capital build a workshop's design."""

from __future__ import annotations

from race_sim.agents.maker import Maker
from race_sim.records import NOBODY
from race_sim.rules.joint_line import run_line
from race_sim.rules.production import produce_line


class JointLine(Maker):
    """A maker that designs nothing: every few weeks it takes its workshop's design, and pays a royalty for it."""

    @property
    def prime(self) -> Maker | None:
        """The prime whose plant and capital it uses; None before it is agreed."""
        return self._partner(int(self.firm.prime))

    @property
    def workshop(self) -> Maker | None:
        """The workshop whose design it builds; None before it is agreed."""
        return self._partner(int(self.firm.workshop))

    def _partner(self, row: int) -> Maker | None:
        return None if row == NOBODY else self.model.makers[row]

    def produce(self) -> None:
        """Build what is ordered, and deliver it in the same week."""
        produce_line(self.model.world, self.index, self.model.params, self.model.week)

    def follow_workshop(self) -> None:
        """Open when it is set up; then refresh its design from its workshop's when that is due."""
        run_line(self.model.world, self.index, self.model.params, self.model.week)
