"""Plant: capacity that begins to work, and investment in more of it."""

import math

from race_sim.firms import ACTIVE, ECONOMY, PLANT, RING_WEEKS
from race_sim.rules.accounts import free_cash, spend
from race_sim.rules.arithmetic import power
from race_sim.rules.compiler import rule
from race_sim.rules.terms import (
    WEEKS_A_YEAR,
    build_weeks,
    credit_left,
    overhead_rate,
    plant_cost,
    research_share,
    royalty,
    running_cost,
    yearly_rate,
)


@rule
def open_plant(world, i, week):
    """Capacity that was being built or repaired begins to work."""
    slot = week % RING_WEEKS
    ready = world.opening[slot, i]
    if ready > 0:
        world.opening[slot, i] = 0
        world.suppliers[i].capacity += ready
        world.suppliers[i].under_way -= ready


@rule
def begin_work(world, i, capacity, weeks, week):
    """Capacity that is paid for will work in so many weeks."""
    world.opening[(week + weeks) % RING_WEEKS, i] += capacity
    world.suppliers[i].under_way += capacity


@rule
def weeks_of_value(world, i, params):
    """What a euro a week is worth over the weeks that have to repay a plant, discounted at the cost of capital."""
    rate = yearly_rate(world, i, params) / WEEKS_A_YEAR
    weeks = params[0].money_investment_weeks
    if rate <= 0.0:
        return float(weeks)
    return (1.0 - power(1.0 + rate, -float(weeks))) / rate


@rule
def plant_pays(world, i, params):
    """Whether the margin of one more drone a week is worth more than its plant.

    The margin is price less cost, less what of the price goes to research or as royalty, less the overhead of the
    plant, less interest until drones are paid for.
    """
    supplier = world.suppliers[i]
    taken = research_share(world, i, params) * supplier.price + royalty(world, i, params)
    waiting = params[0].money_payment_weeks * (yearly_rate(world, i, params) / WEEKS_A_YEAR) * supplier.cost
    margin = supplier.price - supplier.cost - taken - overhead_rate(world, i, params) - waiting
    return margin * weeks_of_value(world, i, params) > plant_cost(world, i, params)


@rule
def invest(world, i, params, week):
    """A maker whose expected orders outgrow its plant buys more of it, as far as cash and credit go and if it pays."""
    supplier = world.suppliers[i]
    if supplier.standing != ACTIVE:
        return
    wanted = int(math.ceil(supplier.expected_orders * (1.0 + params[0].money_headroom)))
    missing = wanted - supplier.capacity - supplier.under_way
    if missing <= 0 or not plant_pays(world, i, params):
        return
    cost = plant_cost(world, i, params)
    within = free_cash(world, i) - running_cost(world, i, params) + credit_left(world, i, params)
    if cost > 0 and missing * cost > within:
        missing = within // cost if within > 0 else 0
    if missing > 0:
        spend(world, i, ECONOMY, PLANT, missing * cost)
        begin_work(world, i, missing, build_weeks(world, i, params), week)
