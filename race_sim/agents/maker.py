"""What workshops, primes and joint lines have in common: a fielded design, lots in the arsenal, accounts."""

from __future__ import annotations

from typing import Any

import numpy as np

from race_sim.agents.race_agent import RaceAgent
from race_sim.firms import ACTIVE
from race_sim.rules.landscape import quality, quality_sum
from race_sim.rules.plant import invest, open_plant
from race_sim.rules.products import field_product
from race_sim.rules.settlement import collect, meet_obligations, pay_owners


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

    @property
    def firm(self) -> Any:
        """Its row as a firm (`race_sim.firms.SUPPLIER`), with attribute access."""
        return self.model.world.suppliers[self.index]

    @property
    def is_active(self) -> bool:
        """Whether it builds: it has entered, is approved and has not stopped."""
        return int(self.firm.standing) == ACTIVE

    @property
    def cash(self) -> int:
        """Its cash in euros."""
        return int(self.model.world.accounts[self.index].cash)

    @property
    def debt(self) -> int:
        """What it owes the banks, in euros."""
        return int(self.model.world.accounts[self.index].debt)

    def settle(self) -> None:
        """Its week of money: payments come in, what is due goes out, plant opens and is bought, owners are paid."""
        model = self.model
        collect(model.world, self.index, model.params, model.week)
        meet_obligations(model.world, self.index, model.params, model.week)
        open_plant(model.world, self.index, model.week)
        self.invest()
        pay_owners(model.world, self.index, model.params)

    def invest(self) -> None:
        """Buy plant, if expected orders outgrow what there is and it pays."""
        invest(self.model.world, self.index, self.model.params, self.model.week)

    def produce(self) -> None:
        """Deliver this week's output into lots."""
        raise NotImplementedError

    def field(self, product_row: int, estimate: float) -> None:
        """Field a product from next week on, expecting `estimate` hits a sortie; its old product is retired."""
        field_product(self.model.world, product_row, self.model.week, estimate)
