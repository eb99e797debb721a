"""A week of building and delivering under accounts: who gets the drones, who pays, and what building costs."""

import math

from race_sim.firms import (
    ACTIVE,
    BROKERS,
    BUILT,
    CUSTOMERS,
    ECONOMY,
    EXPORT_SALES,
    EXPORTED,
    HOME,
    KEPT,
    MATERIALS,
    ORDERED,
    PARTNERS,
    RING_WEEKS,
    ROYALTIES,
    ROYALTIES_EARNED,
    SALES,
)
from race_sim.parameter_table import EXPORTS_REGIME_SURPLUS
from race_sim.records import PRIME
from race_sim.rules.accounts import book, borrow_lacking, earn, party, pay, spend
from race_sim.rules.arsenal import hold_unsold, release_unsold
from race_sim.rules.compiler import rule
from race_sim.rules.output import advance_share, plan
from race_sim.rules.terms import price_abroad, royalty
from race_sim.rules.treasury import commission


@rule
def bill(world, i, which, drones, wait, params, week):
    """A treasury accepts drones: it pays the advance, and the rest so many weeks and the payment weeks later."""
    if drones == 0:
        return
    supplier = world.suppliers[i]
    treasury = world.treasuries[which]
    amount = drones * supplier.price
    advance = int(math.floor(advance_share(world, i, which, params) * amount))
    earn(world, i, party(world, which), SALES, advance, params)
    treasury.paid += advance
    later = amount - advance
    if params[0].money_payment_weeks + wait == 0:
        earn(world, i, party(world, which), SALES, later, params)
        treasury.paid += later
    else:
        world.invoices[(week + wait + params[0].money_payment_weeks) % RING_WEEKS, which, i] += later
        supplier.invoiced += later
        treasury.committed += later
    if which == HOME:
        taken = drones * commission(supplier.price, params)
        pay(world, party(world, HOME), party(world, BROKERS), taken)
        treasury.commission += taken


@rule
def pay_royalty(world, i, drones, params):
    """A joint line pays the workshop whose design it builds for the drones it has built."""
    amount = drones * royalty(world, i, params)
    if amount == 0:
        return
    borrow_lacking(world, i, amount)
    book(world, i, ROYALTIES, amount)
    earn(world, world.suppliers[i].workshop, i, ROYALTIES_EARNED, amount, params)


@rule
def export(world, i, built, params):
    """Customers take what was built for them; returns what is left for the front.

    Under the surplus regime that is all but the customers' share.
    """
    supplier = world.suppliers[i]
    sold = built
    if params[0].exports_regime == EXPORTS_REGIME_SURPLUS:
        sold = min(int(math.floor(params[0].exports_partner_share * built)), supplier.export_orders)
    earn(world, i, party(world, CUSTOMERS), EXPORT_SALES, sold * price_abroad(world, i, params), params)
    world.products[world.makers[i].product].exported += sold
    world.flows[world.makers[i].kind].drones[EXPORTED] += sold
    return built - sold


@rule
def kept_by_host(world, i, drones, params):
    """How many of a week's drones the host of a plant abroad keeps."""
    if world.suppliers[i].abroad == 0:
        return 0
    kept = drones - int(math.floor(params[0].abroad_front_share * drones))
    world.flows[world.makers[i].kind].drones[KEPT] += kept
    return kept


@rule
def expect_orders(world, i, params):
    """A maker's expected orders follow what customers ordered this week, and treasuries out of steady income.

    What partners order of others than primes is earmarked, and steady.
    """
    memory = params[0].money_orders_memory
    supplier = world.suppliers[i]
    steady = supplier.home_orders * world.treasuries[HOME].steady + supplier.export_orders
    if world.makers[i].kind == PRIME:
        steady += supplier.partner_orders * world.treasuries[PARTNERS].steady
    else:
        steady += supplier.partner_orders
    supplier.expected_orders = memory * supplier.expected_orders + (1.0 - memory) * steady


@rule
def build(world, i, wait, params, week):
    """A maker builds, is paid what is due, and pays for what it has used; returns the drones for the front.

    Orders are served from what it holds unsold first. `wait` are the weeks until what it builds is delivered.
    """
    supplier = world.suppliers[i]
    supplier.built = 0
    if supplier.standing != ACTIVE:
        return 0
    flow = world.flows[world.makers[i].kind]
    flow.capacity += supplier.capacity
    stock_for_partners = min(supplier.unsold, supplier.partner_orders)
    stock_for_home = min(supplier.unsold - stock_for_partners, supplier.home_orders)
    from_stock = stock_for_partners + stock_for_home
    release_unsold(world, i, from_stock, kept_by_host(world, i, from_stock, params))
    bill(world, i, PARTNERS, stock_for_partners, 0, params, week)
    bill(world, i, HOME, stock_for_home, 0, params, week)
    for_partners, for_home, for_customers, for_stock = plan(
        world, i, supplier.partner_orders - stock_for_partners, supplier.home_orders - stock_for_home, params
    )
    supplier.built = for_partners + for_home + for_customers + for_stock
    to_front = for_partners + for_home
    if for_customers > 0:
        to_front += export(world, i, for_customers, params)
    bill(world, i, PARTNERS, for_partners, wait, params, week)
    bill(world, i, HOME, for_home, wait, params, week)
    spend(world, i, ECONOMY, MATERIALS, supplier.built * supplier.cost)
    pay_royalty(world, i, supplier.built, params)
    hold_unsold(world, i, for_stock, week)
    flow.drones[ORDERED] += supplier.home_orders + supplier.partner_orders + supplier.export_orders
    flow.drones[BUILT] += supplier.built
    flow.bound[supplier.constraint] += 1
    expect_orders(world, i, params)
    return to_front - kept_by_host(world, i, to_front, params)


@rule
def build_given(world, i, output):
    """Without accounts a maker builds a given number of drones; returns them."""
    world.suppliers[i].built = output
    world.flows[world.makers[i].kind].drones[BUILT] += output
    return output
