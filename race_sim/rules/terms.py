"""Terms on which a maker works: what a drone costs and sells for, what money and plant cost, what lenders advance."""

import math

from race_sim.firms import ACTIVE, STOPPED
from race_sim.records import JOINT_LINE, NOBODY, PRIME, WORKSHOP
from race_sim.rules.compiler import rule

WEEKS_A_YEAR = 52.0


@rule
def quote(world, i, params):
    """Set a maker's cost and price of a drone for the week, in whole euros."""
    supplier = world.suppliers[i]
    kind = world.makers[i].kind
    cost = float(params[0].joint_lines_unit_cost)
    if kind == PRIME:
        cost = float(params[0].prime_accounts_unit_cost)
    elif kind == WORKSHOP:
        cost = float(params[0].workshop_accounts_unit_cost)
        if supplier.abroad == 1:
            cost *= params[0].abroad_cost_ratio
    supplier.cost = int(math.floor(cost + 0.5))
    supplier.price = int(math.floor(cost * (1.0 + params[0].money_margin) + 0.5))


@rule
def price_abroad(world, i, params):
    """What a customer abroad pays a workshop for a drone, in whole euros."""
    return int(math.floor(world.suppliers[i].price * params[0].exports_price_ratio))


@rule
def royalty(world, i, params):
    """What a joint line owes for a drone to the workshop whose design it builds, in whole euros."""
    partner = world.suppliers[i].workshop
    if world.makers[i].kind != JOINT_LINE or partner == NOBODY or world.suppliers[partner].standing == STOPPED:
        return 0
    return int(math.floor(params[0].joint_lines_royalty * world.suppliers[i].price))


@rule
def yearly_rate(world, i, params):
    """A maker's cost of capital a year: its industry's, and the primes' where it is foreign or guaranteed."""
    rate = params[0].prime_accounts_cost_of_capital
    if world.makers[i].kind == WORKSHOP and world.suppliers[i].foreign == 0:
        guaranteed = params[0].treasuries_guaranteed_share
        rate = (1.0 - guaranteed) * params[0].workshop_accounts_cost_of_capital + guaranteed * rate
    return rate


@rule
def credit_left(world, i, params):
    """What lenders would still advance, in euros: weeks of expected orders' cost and a share of plant, less debt."""
    supplier = world.suppliers[i]
    if supplier.standing != ACTIVE:
        return 0
    weeks = params[0].prime_accounts_credit_weeks
    if world.makers[i].kind == WORKSHOP:
        weeks = params[0].workshop_accounts_credit_weeks
    security = params[0].money_loan_to_value * plant_cost(world, i, params) * supplier.capacity
    limit = int(math.floor(weeks * supplier.expected_orders * supplier.cost + security))
    left = limit - world.accounts[i].debt
    return left if left > 0 else 0


@rule
def plant_cost(world, i, params):
    """What plant for one more drone a week costs a maker, in whole euros; a workshop's is dearer abroad."""
    if world.makers[i].kind != WORKSHOP:
        return params[0].prime_accounts_plant_cost
    if world.suppliers[i].abroad == 0:
        return params[0].workshop_accounts_plant_cost
    return int(math.floor(params[0].workshop_accounts_plant_cost * params[0].abroad_cost_ratio))


@rule
def build_weeks(world, i, params):
    """Weeks from paying for plant to its first output."""
    if world.makers[i].kind == WORKSHOP:
        return params[0].workshop_accounts_build_weeks
    return params[0].prime_accounts_build_weeks


@rule
def overhead_rate(world, i, params):
    """Fixed cost a week for each drone a week of capacity, in euros; a workshop's is higher abroad."""
    if world.makers[i].kind != WORKSHOP:
        return params[0].prime_accounts_overhead
    if world.suppliers[i].abroad == 0:
        return params[0].workshop_accounts_overhead
    return params[0].workshop_accounts_overhead * params[0].abroad_cost_ratio


@rule
def overhead(world, i, params):
    """Fixed cost of a maker's plant this week in whole euros; a prime pays for every standard beyond the first too."""
    amount = int(math.floor(overhead_rate(world, i, params) * world.suppliers[i].capacity))
    if world.makers[i].kind == PRIME:
        amount += params[0].prime_accounts_cost_per_standard * (params[0].primes_standards - 1)
    return amount


@rule
def interest(world, i, params):
    """Interest on a maker's debt for a week, in whole euros."""
    return int(math.floor(world.accounts[i].debt * (yearly_rate(world, i, params) / WEEKS_A_YEAR)))


@rule
def running_cost(world, i, params):
    """What a week of expected orders costs a maker to build, with its overhead, in whole euros."""
    supplier = world.suppliers[i]
    return int(math.ceil(supplier.expected_orders * supplier.cost)) + overhead(world, i, params)


@rule
def research_share(world, i, params):
    """Share of what a maker is paid that it sets aside for research; a joint line does none of its own."""
    kind = world.makers[i].kind
    if kind == WORKSHOP:
        return params[0].workshop_accounts_research_share
    return params[0].prime_accounts_research_share if kind == PRIME else 0.0
