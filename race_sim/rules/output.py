"""How much a maker builds: the least of what is wanted and what finance, inputs and capacity allow."""

import math

from race_sim.firms import CAPACITY, FINANCE, HOME, INPUTS, ORDERS, PARTNERS
from race_sim.parameter_table import EXPORTS_REGIME_OPEN, EXPORTS_REGIME_SURPLUS
from race_sim.records import WORKSHOP
from race_sim.rules.accounts import free_cash
from race_sim.rules.compiler import rule
from race_sim.rules.terms import credit_left, interest, overhead, price_abroad, research_share, royalty


@rule
def inputs_allow(world, i, wanted, params):
    """Drones that inputs allow: of those that are wanted and fit the plant, less the share of imports not to be had.

    Parts are bought for what is to be built, so a shock bites however much plant stands idle.
    """
    dependence = params[0].inputs_partner_dependence
    if world.makers[i].kind == WORKSHOP and world.suppliers[i].abroad == 0:
        dependence = params[0].inputs_home_dependence
    missing = dependence * (1.0 - params[0].inputs_availability)
    return int(math.floor(min(wanted, world.suppliers[i].capacity) * (1.0 - missing)))


@rule
def advance_share(world, i, which, params):
    """Share of the price that a treasury pays when a drone is built; partners pay workshops at home in full."""
    if which == PARTNERS and world.makers[i].kind == WORKSHOP and world.suppliers[i].abroad == 0:
        return 1.0
    return params[0].money_advance_share


@rule
def outlay(world, i, price, share, params):
    """What one drone ties up until it is paid for: its cost and royalty less the advance, net of research money."""
    kept = (1.0 - research_share(world, i, params)) * math.floor(share * price)
    return world.suppliers[i].cost + royalty(world, i, params) - int(math.floor(kept))


@rule
def within_means(wanted, cash, each):
    """How many of the wanted drones cash allows, each tying up so much."""
    if each <= 0 or wanted * each <= cash:
        return wanted
    return cash // each if cash > 0 else 0


@rule
def surplus_wanted(world, i, params):
    """Drones a workshop would build for customers: under the surplus regime with those that go to the front beside."""
    exports = world.suppliers[i].export_orders
    share = params[0].exports_partner_share
    if exports == 0 or params[0].exports_regime != EXPORTS_REGIME_SURPLUS:
        return exports
    return int(math.ceil(exports / share)) if share > 0.0 else 0


@rule
def plan(world, i, partner_orders, home_orders, params):
    """How much a maker builds this week: (for the partners' treasury, the home treasury, customers, own risk).

    It serves them in this turn, customers first under open exports, and notes what kept it from building more. A
    week's interest and overhead are kept back.
    """
    supplier = world.suppliers[i]
    regime = params[0].exports_regime
    cash = free_cash(world, i) + credit_left(world, i, params)
    cash -= interest(world, i, params) + overhead(world, i, params)
    customers = surplus_wanted(world, i, params)
    stock = int(math.floor(params[0].money_own_risk_weeks * supplier.expected_orders)) - supplier.unsold
    room = inputs_allow(world, i, partner_orders + home_orders + customers + max(0, stock), params)
    bound = CAPACITY if room == supplier.capacity else INPUTS
    share = params[0].exports_partner_share if regime == EXPORTS_REGIME_SURPLUS else 1.0
    abroad = outlay(world, i, price_abroad(world, i, params), share, params)
    supplier.constraint = ORDERS
    built_for_customers = 0
    if regime == EXPORTS_REGIME_OPEN:
        built_for_customers = serve(supplier, customers, abroad, room, cash, bound)
        room -= built_for_customers
        cash -= built_for_customers * abroad
    each = outlay(world, i, supplier.price, advance_share(world, i, PARTNERS, params), params)
    for_partners = serve(supplier, partner_orders, each, room, cash, bound)
    room -= for_partners
    cash -= for_partners * each
    each = outlay(world, i, supplier.price, advance_share(world, i, HOME, params), params)
    for_home = serve(supplier, home_orders, each, room, cash, bound)
    room -= for_home
    cash -= for_home * each
    if regime != EXPORTS_REGIME_OPEN:
        built_for_customers = serve(supplier, customers, abroad, room, cash, bound)
        room -= built_for_customers
        cash -= built_for_customers * abroad
    each = outlay(world, i, supplier.price, 0.0, params)
    for_stock = serve(supplier, stock, each, room, cash, bound) if stock > 0 else 0
    return for_partners, for_home, built_for_customers, for_stock


@rule
def serve(supplier, wanted, each, room, cash, bound):
    """How many of the wanted drones room and cash allow; the first shortfall is what binds the maker this week."""
    possible = within_means(wanted, cash, each)
    built = possible if possible < room else room
    if built < wanted and supplier.constraint == ORDERS:
        supplier.constraint = FINANCE if built < room else bound
    return built
