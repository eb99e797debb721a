"""A founded race with accounts in round numbers, whose money rules a test calls one by one."""

from typing import Any

from race_sim.firms import MONEY_NAMES, PARTIES, STOPPED
from race_sim.records import WORKSHOP
from race_sim.rules.accounts import party
from race_sim.rules.arsenal import hold_unsold
from race_sim.rules.calendar import begin_week
from race_sim.rules.terms import quote
from tests.bare_race import BareRace

ROUND_NUMBERS = (
    "money.accounts=true",
    "founders.climb_evaluations=0",
    "primes.search_evaluations=10",
    "entry.places=2",
    "entry.rate=0",
    "primes.count=2",
    "joint_lines.places=2",
    "strikes.home_hazard=0",
    "strikes.abroad_hazard=0",
    "exports.rival_week_cost=0",
    "money.margin=0.2",
    "money.advance_share=0.1",
    "money.payment_weeks=8",
    "workshop_accounts.unit_cost=500",
    "workshop_accounts.initial_capacity=100",
    "workshop_accounts.initial_cash=100000",
    "workshop_accounts.cost_of_capital=0.52",
    "workshop_accounts.credit_weeks=4",
    "workshop_accounts.overhead=10",
    "workshop_accounts.plant_cost=2000",
    "workshop_accounts.research_share=0.1",
    "workshop_accounts.candidate_cost=350",
    "prime_accounts.unit_cost=2000",
    "prime_accounts.initial_capacity=500",
    "prime_accounts.initial_cash=5000000",
    "prime_accounts.cost_of_capital=0.104",
    "prime_accounts.credit_weeks=10",
    "prime_accounts.overhead=100",
    "prime_accounts.plant_cost=50000",
    "prime_accounts.research_share=0.1",
    "joint_lines.unit_cost=1000",
    "treasuries.home_budget=100000",
    "treasuries.partner_aid=0",
    "treasuries.american_aid=0",
    "treasuries.partner_budget=1000000",
    "treasuries.home_growth=1",
    "treasuries.partner_growth=1",
    "procurement.crony_share=0",
    "procurement.connected_share=0",
    "procurement.intermediary_share=0",
    "procurement.secrecy=0",
    "coalition.veto_chance=0",
)
"""Interest is 1% a week for workshops and 0.2% for primes; a drone sells for 600, 2400 and, of a line, 1200 euros."""

NEWCOMER, PRIME, LINE = 4, 6, 8
"""First rows of each kind of maker: workshops 0 to 3, places for newcomers 4 and 5, primes 6 and 7, lines 8 and 9."""
MAKERS = 10


class FirmsRace(BareRace):
    """The race of `ROUND_NUMBERS` as week 0 begins, with further overrides; nothing has been booked yet."""

    def __init__(self, *overrides: str, **settings: Any) -> None:
        super().__init__(*ROUND_NUMBERS, *overrides, **settings)
        begin_week(self.world)

    def supplier(self, i: int = 0) -> Any:
        """A maker as a firm."""
        return self.world.suppliers[i]

    def cash(self, i: int) -> int:
        """Cash of a maker."""
        return int(self.world.accounts[i].cash)

    def debt(self, i: int) -> int:
        """Debt of a maker."""
        return int(self.world.accounts[i].debt)

    def held_by(self, which: int) -> int:
        """Cash of a treasury or an outside party."""
        return int(self.world.accounts[party(self.world, which)].cash)

    def endow(self, i: int = 0, *, cash: int, debt: int = 0, research: int = 0, expected: float = 20.0) -> Any:
        """Give a maker these means; what all accounts sum to is made up by the last party, which plays no part."""
        last = self.world.accounts[MAKERS + PARTIES - 1]
        last.cash += self.cash(i) - cash
        last.debt += self.debt(i) - debt
        self.world.accounts[i].cash = cash
        self.world.accounts[i].debt = debt
        supplier = self.supplier(i)
        supplier.research = research
        supplier.expected_orders = expected
        return supplier

    def fund(self, which: int, cash: int) -> None:
        """Give a treasury this cash."""
        last = self.world.accounts[MAKERS + PARTIES - 1]
        treasury = self.world.accounts[party(self.world, which)]
        last.cash += treasury.cash - cash
        treasury.cash = cash

    def booked(self, kind: int = WORKSHOP) -> dict[str, int]:
        """What makers of a kind have booked this week, by purpose, where it is not 0."""
        money = self.world.flows[kind].money
        return {name: int(money[n]) for n, name in enumerate(MONEY_NAMES) if money[n]}

    def hold(self, i: int, quantity: int, week: int = 0) -> None:
        """A maker holds drones of its fielded design unsold."""
        hold_unsold(self.world, i, quantity, week)

    def send_abroad(self, i: int) -> None:
        """A workshop has moved abroad and quotes accordingly."""
        self.supplier(i).abroad = 1
        quote(self.world, i, self.params)

    def stop(self, i: int) -> None:
        """A maker has stopped, in name only."""
        self.supplier(i).standing = STOPPED

    def is_balanced(self) -> bool:
        """Whether cash and debts over all accounts, outside parties included, sum to 0."""
        return self.world.accounts["cash"].sum() == 0 and self.world.accounts["debt"].sum() == 0
