"""The market: who enters, who moves, who joins, and what customers abroad want."""

from __future__ import annotations

from race_sim.agents.race_agent import RaceAgent
from race_sim.rules.abroad import announce_move, move_abroad
from race_sim.rules.entry import admit_workshops, approve
from race_sim.rules.exports import clear_orders, close_markets, order_for_customers
from race_sim.rules.joint_line import agree_lines


class Market(RaceAgent):
    """Everybody who is neither maker nor treasury: newcomers, governments that agree on plants, customers abroad."""

    def admit(self) -> None:
        """Workshops enter, and those examined long enough are approved."""
        model = self.model
        admit_workshops(model.world, model.params, model.week, model.run_seed)
        approve(model.world, model.params, model.week)

    def move(self) -> None:
        """A workshop may be announced to build abroad; those whose plant is ready move."""
        model = self.model
        announce_move(model.world, model.params, model.week, model.run_seed)
        move_abroad(model.world, model.params, model.week)

    def agree_lines(self) -> None:
        """A joint line may be agreed, or ended."""
        agree_lines(self.model.world, self.model.params, self.model.week)

    def clear_orders(self) -> None:
        """What was not built of last week's orders lapses."""
        clear_orders(self.model.world)

    def order(self) -> None:
        """Customers abroad place their orders, as far as the export regime lets them."""
        order_for_customers(self.model.world, self.model.params)

    def close(self) -> None:
        """Goodwill follows what was sold abroad, and the rival serves the markets left to it."""
        close_markets(self.model.world, self.model.params)
