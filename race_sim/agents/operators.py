"""Operators: fly the arsenal with the crews they have, and remember what worked."""

from __future__ import annotations

from race_sim.agents.race_agent import RaceAgent
from race_sim.rules.operators import allocate_sorties, review_products


class Operators(RaceAgent):
    """The crews of the front, one agent for all of them."""

    @property
    def crews(self) -> int:
        """Sorties they can fly a week."""
        return int(self.model.params[0].operators_crews)

    @property
    def products_dropped(self) -> int:
        """Products still in stock that they no longer fly."""
        products = self.model.world.products
        return int(((products["dropped"] == 1) & (products["stock"] > 0)).sum())

    def allocate(self) -> None:
        """Choose what flies this week and take it out of its lots."""
        model = self.model
        allocate_sorties(model.world, model.params, model.week, model.run_seed)

    def review(self) -> None:
        """Update their memory with this week's results; drop what has failed too often."""
        review_products(self.model.world, self.model.params)
