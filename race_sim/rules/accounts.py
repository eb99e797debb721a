"""Accounts in double entry: whole euros move from one account to another, and debts stand against banks' claims.

Cash summed over all accounts, those of outside parties included, is 0 at all times, and so are debts.
"""

import math

from race_sim.firms import BANKS, BORROWED, ECONOMY, OWNERS, PAID_IN, PAID_OUT, REPAID, RESEARCH, WRITTEN_OFF
from race_sim.rules.compiler import rule
from race_sim.rules.terms import research_share


@rule
def party(world, which):
    """Row of the account of a treasury or an outside party."""
    return world.makers.shape[0] + which


@rule
def pay(world, payer, payee, amount):
    """Move whole euros between two rows of accounts: the only rule that moves money."""
    world.accounts[payer].cash -= amount
    world.accounts[payee].cash += amount


@rule
def owe(world, i, amount):
    """Raise what a maker owes the banks, and their claims with it; a negative amount lowers both."""
    world.accounts[i].debt += amount
    world.accounts[party(world, BANKS)].debt -= amount


@rule
def book(world, i, purpose, amount):
    """Count money of a maker under a purpose in this week's sums of its kind."""
    world.flows[world.makers[i].kind].money[purpose] += amount


@rule
def free_cash(world, i):
    """Cash of a maker beyond what it has set aside for research."""
    return world.accounts[i].cash - world.suppliers[i].research


@rule
def earn(world, i, payer, purpose, amount, params):
    """A maker is paid from a row of accounts, and sets a share of it aside for research."""
    pay(world, payer, i, amount)
    book(world, i, purpose, amount)
    world.suppliers[i].research += int(math.floor(research_share(world, i, params) * amount))


@rule
def borrow_lacking(world, i, amount):
    """A maker borrows what it lacks to pay an amount. That it may, the caller has made sure."""
    lacking = amount - free_cash(world, i)
    if lacking > 0:
        pay(world, party(world, BANKS), i, lacking)
        owe(world, i, lacking)
        book(world, i, BORROWED, lacking)


@rule
def spend(world, i, payee, purpose, amount):
    """A maker pays a party, and borrows what it lacks."""
    borrow_lacking(world, i, amount)
    pay(world, i, party(world, payee), amount)
    book(world, i, purpose, amount)


@rule
def spend_on_research(world, i, amount):
    """A maker pays for research out of what it has set aside for that."""
    world.suppliers[i].research -= amount
    pay(world, i, party(world, ECONOMY), amount)
    book(world, i, RESEARCH, amount)


@rule
def repay(world, i, amount):
    """A maker pays back part of its debt."""
    pay(world, i, party(world, BANKS), amount)
    owe(world, i, -amount)
    book(world, i, REPAID, amount)


@rule
def write_off(world, i):
    """The banks give up what a maker still owes them."""
    debt = world.accounts[i].debt
    owe(world, i, -debt)
    book(world, i, WRITTEN_OFF, debt)


@rule
def pay_in(world, i, amount):
    """Owners give a maker cash."""
    pay(world, party(world, OWNERS), i, amount)
    book(world, i, PAID_IN, amount)


@rule
def pay_out(world, i, payee, amount):
    """A maker gives a party cash for good."""
    pay(world, i, party(world, payee), amount)
    book(world, i, PAID_OUT, amount)
