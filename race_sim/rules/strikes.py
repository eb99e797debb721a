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
    """A share of a maker's backlog and of each lot it holds is destroyed, and counted."""
    maker = world.makers[i]
    lost = int(math.floor(share * maker.backlog))
    maker.backlog -= lost
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        product = world.products[lot.product]
        if lot.place == AT_MAKER and product.maker == i:
            part = int(math.floor(share * lot.quantity))
            lot.quantity -= part
            product.kept -= part
            world.suppliers[i].unsold -= part
            lost += part
    world.flows[maker.kind].drones[DESTROYED_AT_MAKERS] += lost


@rule
def strike_depots(world, params, week, seed):
    """Depots may be struck: a share of every lot at the front is destroyed, and counted."""
    if uniform(seed, week, DEPOTS, DEPOT_STRIKE, 0) >= params[0].strikes_depot_hazard:
        return
    world.economy[0].depots_struck += 1
    if is_intercepted(world, DEPOTS, params, week, seed):
        return
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.place == AT_FRONT:
            remove_from_front(world, n, int(math.floor(params[0].strikes_depot_lost * lot.quantity)), DESTROYED)


@rule
def remove_from_front(world, n, quantity, exit_name):
    """Drones leave a lot at the front by a named exit."""
    lot = world.lots[n]
    product = world.products[lot.product]
    lot.quantity -= quantity
    product.stock -= quantity
    world.flows[product.kind].drones[exit_name] += quantity


@rule
def barter(world, params):
    """The newest of the workshops' drones at the front, trials apart, leave for interceptors."""
    left = params[0].barter_drones_per_week
    for back in range(world.tally[0].lots):
        n = world.tally[0].lots - 1 - back
        lot = world.lots[n]
        product = world.products[lot.product]
        if left == 0:
            break
        if lot.place != AT_FRONT or product.kind != WORKSHOP or product.status == ON_TRIAL:
            continue
        taken = min(left, lot.quantity)
        remove_from_front(world, n, taken, BARTERED)
        left -= taken
        world.economy[0].interceptors += params[0].barter_interceptors_per_drone * taken
