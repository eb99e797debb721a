"""Strikes on plants and depots, and the interceptors that may stop them."""

import math

from race_sim.firms import ACTIVE, AT_FRONT, AT_MAKER, BARTERED, DESTROYED, DESTROYED_AT_MAKERS, ECONOMY, PLANT
from race_sim.records import ON_TRIAL, WORKSHOP
from race_sim.rules.accounts import free_cash, spend
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform
from race_sim.rules.plant import begin_work
from race_sim.rules.purposes import DEPOT_STRIKE, INTERCEPTION, STRIKE
from race_sim.rules.terms import credit_left, plant_cost

DEPOTS = 4194304  # agent word of the draws about depots


@rule
def is_intercepted(world, agent, params, week, seed):
    """Whether an interceptor, if there is one, stops a strike; it is used up either way."""
    economy = world.economy[0]
    economy.strikes += 1
    if economy.interceptors < 1.0:
        return False
    economy.interceptors -= 1.0
    if uniform(seed, week, agent, INTERCEPTION, 0) >= params[0].barter_interception:
        return False
    economy.strikes_stopped += 1
    return True


@rule
def strike_plants(world, params, week, seed):
    """Each active maker's plant may be struck, by the hazard of its site; workshops at home are in reach."""
    for i in range(world.makers.shape[0]):
        supplier = world.suppliers[i]
        if supplier.standing != ACTIVE:
            continue
        hazard = params[0].strikes_abroad_hazard
        if world.makers[i].kind == WORKSHOP and supplier.abroad == 0:
            hazard = params[0].strikes_home_hazard
        key = world.makers[i].key
        if uniform(seed, week, key, STRIKE, 0) < hazard and not is_intercepted(world, key, params, week, seed):
            damage_plant(world, i, params, week)


@rule
def damage_plant(world, i, params, week):
    """A strike puts capacity out of use, which is repaired as far as the maker can pay, and destroys drones there."""
    supplier = world.suppliers[i]
    lost = int(math.floor(params[0].strikes_capacity_lost * supplier.capacity))
    supplier.capacity -= lost
    cost = params[0].strikes_repair_cost * plant_cost(world, i, params)
    repaired = lost
    means = free_cash(world, i) + credit_left(world, i, params)
    if cost * lost > means:
        repaired = int(math.floor(means / cost)) if means > 0 else 0
    spend(world, i, ECONOMY, PLANT, int(math.floor(cost * repaired)))
    if repaired > 0:
        begin_work(world, i, repaired, params[0].strikes_repair_weeks, week)
    destroy_at_maker(world, i, params[0].strikes_stock_lost)


@rule
def destroy_at_maker(world, i, share):
    """A share of a maker's backlog and lots is destroyed, and counted: rounded once, along all of them."""
    maker = world.makers[i]
    seen = maker.backlog
    lost = int(math.floor(share * seen))
    maker.backlog -= lost
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        product = world.products[lot.product]
        if lot.place == AT_MAKER and product.maker == i:
            seen += lot.quantity
            part = int(math.floor(share * seen)) - lost
            lot.quantity -= part
            product.kept -= part
            world.suppliers[i].unsold -= part
            lost += part
    world.flows[maker.kind].drones[DESTROYED_AT_MAKERS] += lost


@rule
def strike_depots(world, params, week, seed):
    """Depots may be struck: a share of the lots at the front is destroyed, and counted: rounded along all of them."""
    if uniform(seed, week, DEPOTS, DEPOT_STRIKE, 0) >= params[0].strikes_depot_hazard:
        return
    world.economy[0].depots_struck += 1
    if is_intercepted(world, DEPOTS, params, week, seed):
        return
    seen = 0
    lost = 0
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.place == AT_FRONT:
            seen += lot.quantity
            part = int(math.floor(params[0].strikes_depot_lost * seen)) - lost
            remove_from_front(world, n, part, DESTROYED)
            lost += part


@rule
def remove_from_front(world, n, quantity, exit_name):
    """Drones leave a lot at the front by a named exit."""
    lot = world.lots[n]
    product = world.products[lot.product]
    lot.quantity -= quantity
    product.stock -= quantity
    world.flows[product.kind].drones[exit_name] += quantity


@rule
def may_be_bartered(world, lot):
    """Whether a lot is of workshops' drones at the front, none of them on trial."""
    product = world.products[lot.product]
    return lot.place == AT_FRONT and product.kind == WORKSHOP and product.status != ON_TRIAL


@rule
def barter(world, params):
    """The newest of the workshops' drones at the front leave for interceptors; those of one week in proportion."""
    left = params[0].barter_drones_per_week
    end = world.tally[0].lots
    while left > 0 and end > 0:
        start = end
        there = 0
        while start > 0 and world.lots[start - 1].week == world.lots[end - 1].week:
            start -= 1
            if may_be_bartered(world, world.lots[start]):
                there += world.lots[start].quantity
        wanted = min(left, there)
        passed = 0
        given = 0
        for n in range(start, end):
            if may_be_bartered(world, world.lots[n]):
                passed += world.lots[n].quantity
                part = wanted * passed // there - given if there > 0 else 0
                remove_from_front(world, n, part, BARTERED)
                given += part
        world.economy[0].interceptors += params[0].barter_interceptors_per_drone * given
        left -= given
        end = start
