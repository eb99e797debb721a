"""The two treasuries: what they receive, what they order, what they barter."""

from __future__ import annotations

from typing import Any

from race_sim.agents.race_agent import RaceAgent
from race_sim.rules.accounts import party
from race_sim.rules.strikes import barter
from race_sim.rules.treasury import (
    order_for_home,
    order_for_partners,
    receive_home_budget,
    receive_partner_budget,
)


class Treasury(RaceAgent):
    """A buyer of drones; `index` is its row in `world.treasuries`."""

    @property
    def row(self) -> Any:
        """Its row of the world (`race_sim.firms.TREASURY`), with attribute access."""
        return self.model.world.treasuries[self.index]

    @property
    def cash(self) -> int:
        """Its cash in euros, committed money included."""
        return int(self.model.world.accounts[party(self.model.world, self.index)].cash)

    def receive(self) -> None:
        """Take in this week's money."""
        raise NotImplementedError

    def order(self) -> None:
        """Place this week's orders."""
        raise NotImplementedError


class HomeTreasury(Treasury):
    """Buys from workshops at home with taxpayers' money and aid."""

    def receive(self) -> None:
        """Take in the home budget and aid, as far as goodwill goes and nobody holds up joint money."""
        model = self.model
        receive_home_budget(model.world, model.params, model.week, model.run_seed)

    def order(self) -> None:
        """Order from connected workshops what is kept for them, and the rest by the merit that buyers can see."""
        order_for_home(self.model.world, self.model.params)

    def barter(self) -> None:
        """Give the newest drones at the front away for interceptors."""
        barter(self.model.world, self.model.params)


class PartnerTreasury(Treasury):
    """Buys from primes, and from workshops and joint lines as far as money is earmarked for them."""

    def receive(self) -> None:
        """Take in the partners' budget, and spend a share of it on other arms abroad."""
        model = self.model
        receive_partner_budget(model.world, model.params, model.week, model.run_seed)

    def order(self) -> None:
        """Order what is earmarked from workshops and joint lines, and for the rest from primes."""
        order_for_partners(self.model.world, self.model.params)
