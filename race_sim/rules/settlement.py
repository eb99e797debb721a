"""A maker's week of money: what it is owed comes in, it pays what is due, repays, and stops if it cannot."""

import math

from race_sim.firms import (
    ACTIVE,
    AT_MAKER,
    BANKS,
    ECONOMY,
    INTEREST,
    OVERHEAD,
    OWNERS,
    RING_WEEKS,
    SALES,
    SCRAPPED_AT_MAKERS,
    STOPPED,
    TREASURIES,
)
from race_sim.records import NOBODY, RETIRED, WORKSHOP
from race_sim.rules.accounts import book, earn, free_cash, party, pay, pay_out, repay, spend, write_off
from race_sim.rules.compiler import rule
from race_sim.rules.terms import credit_left, interest, overhead, quote, running_cost


@rule
def collect(world, i, params, week):
    """The treasuries pay a maker the invoices that fall due; what a stopped maker is still owed goes to the banks."""
    slot = week % RING_WEEKS
    for which in range(TREASURIES):
        amount = world.invoices[slot, which, i]
        if amount == 0:
            continue
        world.invoices[slot, which, i] = 0
        world.suppliers[i].invoiced -= amount
        world.treasuries[which].committed -= amount
        world.treasuries[which].paid += amount
        if world.suppliers[i].standing == STOPPED:
            pay(world, party(world, which), i, amount)
            book(world, i, SALES, amount)
            pay_out(world, i, BANKS, amount)
        else:
            earn(world, i, party(world, which), SALES, amount, params)


@rule
def meet_obligations(world, i, params, week):
    """Set this week's terms, pay interest and overhead, repay what is not needed; a maker that cannot pay stops."""
    if world.suppliers[i].standing != ACTIVE:
        return
    quote(world, i, params)
    due = interest(world, i, params)
    fixed = overhead(world, i, params)
    if world.accounts[i].cash + credit_left(world, i, params) < due + fixed:
        stop_maker(world, i, week)
        world.flows[world.makers[i].kind].failed += 1
        return
    if free_cash(world, i) + credit_left(world, i, params) < due + fixed:
        world.suppliers[i].research = 0
    spend(world, i, BANKS, INTEREST, due)
    spend(world, i, ECONOMY, OVERHEAD, fixed)
    spare = free_cash(world, i) - running_cost(world, i, params)
    debt = world.accounts[i].debt
    if spare > 0 and debt > 0:
        repay(world, i, spare if spare < debt else debt)


@rule
def pay_owners(world, i, params):
    """A maker without debt gives its owners the cash beyond its reserve."""
    if world.suppliers[i].standing != ACTIVE or world.accounts[i].debt > 0:
        return
    reserve = int(math.ceil(params[0].money_reserve_weeks * running_cost(world, i, params)))
    spare = free_cash(world, i) - reserve
    if spare > 0:
        pay_out(world, i, OWNERS, spare)


@rule
def stop_maker(world, i, week):
    """A maker ends: its cash goes to its creditors, then its owners; plant and unsold drones are given up.

    The plant that works for a joint line goes back to its prime.
    """
    supplier = world.suppliers[i]
    if supplier.prime != NOBODY and world.suppliers[supplier.prime].standing == ACTIVE:
        world.suppliers[supplier.prime].capacity += supplier.capacity
    supplier.standing = STOPPED
    supplier.since = week
    supplier.research = 0
    cash = world.accounts[i].cash
    debt = world.accounts[i].debt
    back = cash if cash < debt else debt
    if back > 0:
        repay(world, i, back)
    write_off(world, i)
    pay_out(world, i, OWNERS, world.accounts[i].cash)
    supplier.capacity = 0
    supplier.under_way = 0
    supplier.expected_orders = 0.0
    for slot in range(RING_WEEKS):
        world.opening[slot, i] = 0
    scrap_at_maker(world, i)
    retire_designs(world, i, week)


@rule
def scrap_at_maker(world, i):
    """Scrap the drones a maker has built and not delivered, and count them."""
    maker = world.makers[i]
    scrapped = maker.backlog
    maker.backlog = 0
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.place == AT_MAKER and world.products[lot.product].maker == i:
            world.products[lot.product].kept -= lot.quantity
            scrapped += lot.quantity
            lot.quantity = 0
    world.suppliers[i].unsold = 0
    world.flows[maker.kind].drones[SCRAPPED_AT_MAKERS] += scrapped


@rule
def retire_designs(world, i, week):
    """Nobody builds a stopped maker's designs any more; what is at the front still flies."""
    product = world.products[world.makers[i].product]
    product.status = RETIRED
    product.week_retired = week
    if world.makers[i].kind != WORKSHOP:
        return
    for s in range(world.trials.shape[1]):
        trial = world.trials[i, s]
        if trial.active == 1:
            trial.active = 0
            world.products[trial.product].status = RETIRED
            world.products[trial.product].week_retired = week
