"""Sales abroad: what customers order under the regime in force, and what selling does to aid and to the rival."""

import math

from race_sim.firms import CUSTOMERS, ECONOMY, EXPORTED, RIVAL
from race_sim.parameter_table import (
    EXPORTS_CUSTOMERS_WORLD,
    EXPORTS_REGIME_BAN,
    EXPORTS_REGIME_QUOTA,
    EXPORTS_REGIME_SURPLUS,
)
from race_sim.records import WORKSHOP
from race_sim.rules.accounts import party, pay
from race_sim.rules.compiler import rule
from race_sim.rules.terms import price_abroad
from race_sim.rules.treasury import weigh_workshops


@rule
def clear_orders(world):
    """Orders are for one week: what was not built of last week's lapses."""
    for i in range(world.suppliers.shape[0]):
        supplier = world.suppliers[i]
        supplier.home_orders = 0
        supplier.partner_orders = 0
        supplier.export_orders = 0


@rule
def open_demand(params):
    """Drones a week that customers would buy and may."""
    if params[0].exports_regime == EXPORTS_REGIME_BAN:
        return 0
    demand = params[0].exports_nato_demand
    if params[0].exports_customers == EXPORTS_CUSTOMERS_WORLD:
        demand += params[0].exports_other_demand
    return demand


@rule
def sale_pays(world, i, params):
    """Whether a workshop does not lose by selling abroad; of shared surplus it has to build the front's part too."""
    share = 1.0
    if params[0].exports_regime == EXPORTS_REGIME_SURPLUS:
        share = params[0].exports_partner_share
    return share * price_abroad(world, i, params) >= world.suppliers[i].cost


@rule
def order_for_customers(world, params):
    """Customers divide what they want over workshops at home by capacity and reported success, up to any quota.

    Shares are rounded so that they add up to the demand.
    """
    demand = open_demand(params)
    if demand == 0:
        return
    total = weigh_workshops(world, 0, False, params[0].procurement_merit)
    if total <= 0.0:
        return
    passed = 0.0
    divided = 0
    for i in range(world.makers.shape[0]):
        passed += world.shares[i]
        due = int(math.floor(demand * min(1.0, passed / total))) - divided
        divided += due
        if world.shares[i] <= 0.0 or not sale_pays(world, i, params):
            continue
        supplier = world.suppliers[i]
        supplier.export_orders = due
        if params[0].exports_regime == EXPORTS_REGIME_QUOTA:
            quota = int(math.floor(params[0].exports_quota_share * supplier.expected_orders))
            supplier.export_orders = min(supplier.export_orders, quota)


@rule
def close_markets(world, params):
    """After the week's sales: goodwill follows the share sold abroad, and the rival serves the markets left to it."""
    flow = world.flows[WORKSHOP]
    exported = flow.drones[EXPORTED]
    sold = exported + flow.deliveries
    share = exported / sold if sold > 0 else 0.0
    willing = max(0.0, 1.0 - params[0].exports_goodwill_loss * share)
    economy = world.economy[0]
    economy.goodwill += (willing - economy.goodwill) / params[0].exports_goodwill_weeks
    served = 0
    if params[0].exports_customers == EXPORTS_CUSTOMERS_WORLD:
        served = max(0, exported - params[0].exports_nato_demand)
    unserved = max(0, params[0].exports_other_demand - served)
    price = params[0].workshop_accounts_unit_cost * (1.0 + params[0].money_margin) * params[0].exports_price_ratio
    economy.rival_sales = int(math.floor(unserved * price))
    pay(world, party(world, CUSTOMERS), party(world, RIVAL), economy.rival_sales)


@rule
def hurry_project(world, weeks, params):
    """Weeks that a countermeasure team's project takes once the rival has paid to shorten it, at most to half."""
    cost = params[0].exports_rival_week_cost
    if params[0].money_accounts == 0 or cost == 0:
        return weeks
    rival = party(world, RIVAL)
    saved = min(weeks // 2, world.accounts[rival].cash // cost)
    pay(world, rival, party(world, ECONOMY), saved * cost)
    world.economy[0].rival_weeks += saved
    return weeks - saved
