"""How many pairs of a flying lot and a countermeasure a race engages."""

from __future__ import annotations

from race_sim.model import RaceModel
from race_sim.records import FREE


class CountingRace(RaceModel):
    """A race that counts. It has the bits of the ensemble's, hence its pairs too.

    Attributes:
        engaged: pairs of a flying product and a standing countermeasure that met, over all weeks.
        followed: pairs of any product still followed and a standing countermeasure, evaluated without flying.
        flying: products that flew, over all weeks.
    """

    engaged = 0
    followed = 0
    flying = 0

    def engage(self) -> None:
        """Count the columns, each against everything that stands."""
        super().engage()
        columns = int(self.world.tally[0].columns)
        self.flying += columns
        self.engaged += columns * self.standing

    def observe(self) -> None:
        """Count the products followed, each against everything that stands."""
        super().observe()
        self.followed += int((self.world.products["status"] != FREE).sum()) * self.standing

    @property
    def standing(self) -> int:
        """Countermeasures standing now."""
        return int(self.world.countermeasures["standing"].sum())
