"""What workshops and primes have in common: a fielded design, lots in the arsenal, a record."""

from __future__ import annotations

from typing import Any

import numpy as np

from race_sim.agents.race_agent import RaceAgent
from race_sim.rules.landscape import quality, quality_sum
from race_sim.rules.products import field_product


class Maker(RaceAgent):
    """A maker of drones; `index` is its row in `world.makers`."""

    @property
    def row(self) -> Any:
        """Its row of the world (`race_sim.records.MAKER`), with attribute access."""
        return self.model.world.makers[self.index]

    @property
    def product(self) -> Any:
        """The row of the product it fields (`race_sim.records.PRODUCT`)."""
        return self.model.world.products[self.row.product]

    @property
    def number(self) -> int:
        """Its number among the makers of its kind, from 0."""
        return int(self.row.number)

    @property
    def design(self) -> int:
        """The design it fields, as a bit string."""
        return int(self.product.design)

    @property
    def quality(self) -> float:
        """Intrinsic quality of the design it fields, in [0, 1)."""
        return float(quality(self.model.world.landscape, int(self.product.quality)))

    @property
    def unopposed_success(self) -> float:
        """Success a sortie of its design when nobody counters it."""
        return float(self.product.success)

    @property
    def expected_success(self) -> float:
        """Success a sortie of its design against the countermeasures of the last week."""
        return float(self.product.expected)

    @property
    def stock(self) -> int:
        """Drones in the arsenal that it has built, of all its designs."""
        products = self.model.world.products
        own = (products["maker"] == self.index) & (products["status"] != 0)
        return int(products["stock"][own].sum())

    @property
    def weeks_fielded(self) -> int:
        """Weeks its design has been fielded by now."""
        return max(0, self.model.week - int(self.product.week_fielded))

    def quality_of(self, design: int) -> float:
        """Intrinsic quality a design would have, in [0, 1)."""
        landscape = self.model.world.landscape
        return float(quality(landscape, quality_sum(landscape, np.uint64(design))))

    def produce(self) -> None:
        """Deliver this week's output into lots."""
        raise NotImplementedError

    def field(self, product_row: int, estimate: float) -> None:
        """Field a product from next week on, expecting `estimate` hits a sortie; its old product is retired."""
        field_product(self.model.world, product_row, self.model.week, estimate)
