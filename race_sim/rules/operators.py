"""Operators: which drones fly this week, and what operators remember of them."""

import math

from race_sim.records import FREE, ON_TRIAL
from race_sim.rules.arithmetic import power
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform
from race_sim.rules.purposes import SORTIES, SORTIES_OF_TRIALS

MEMORY_PRIOR_SORTIES = 4.0  # sorties at the fleet average with which a product's record starts
PREFERENCE_FLOOR = 0.01  # least share of its stock's weight that a product with a bad record keeps


@rule
def fleet_estimate(world):
    """Hits a sortie of all products as operators remember them; 0 before the first sortie."""
    tally = world.tally[0]
    if tally.fleet_sorties > 0.0:
        return tally.fleet_hits / tally.fleet_sorties
    return 0.0


@rule
def preference_weight(product, fleet, params):
    """Weight of a product in the choice of what flies: its stock times its remembered success over the fleet's."""
    if fleet <= 0.0:
        return float(product.stock)
    remembered = (product.record_hits + MEMORY_PRIOR_SORTIES * fleet) / (
        product.record_sorties + MEMORY_PRIOR_SORTIES
    )
    ratio = power(remembered / fleet, params[0].operators_preference)
    if ratio < PREFERENCE_FLOOR:
        ratio = PREFERENCE_FLOOR
    return product.stock * ratio


@rule
def allocate_sorties(world, params, week, seed):
    """Give this week's crews to the arsenal: variants on trial first, then by preference. Nothing dropped flies."""
    crews = params[0].operators_crews
    crews -= allocate_group(world, params, True, crews, uniform(seed, week, 0, SORTIES_OF_TRIALS, 0))
    allocate_group(world, params, False, crews, uniform(seed, week, 0, SORTIES, 0))
    draw_from_lots(world)


@rule
def allocate_group(world, params, trials, crews, offset):
    """Share `crews` sorties among one group of products in proportion to weight, none beyond its stock.

    Products whose share exceeds their stock fly it all and leave the rest to the others; the remainder is rounded
    by systematic sampling with the given offset, so that expected sorties equal shares. Returns sorties given.
    """
    fleet = fleet_estimate(world)
    count = 0
    stock = 0
    total = 0.0
    for row in range(world.tally[0].product_rows):
        product = world.products[row]
        if product.status == FREE or product.stock == 0 or product.dropped == 1:
            continue
        if (product.status == ON_TRIAL) != trials:
            continue
        world.columns.row[count] = row
        if trials:
            world.columns.weight[count] = float(product.stock)
        else:
            world.columns.weight[count] = preference_weight(product, fleet, params)
        total += world.columns.weight[count]
        stock += product.stock
        count += 1
    if stock <= crews:
        for place in range(count):
            product = world.products[world.columns.row[place]]
            product.sorties = product.stock
        return stock
    given = 0
    left = crews
    capped = True
    while capped:
        capped = False
        remaining = 0.0
        pool = left
        for place in range(count):
            weight = world.columns.weight[place]
            if weight > 0.0:
                product = world.products[world.columns.row[place]]
                if pool * weight >= product.stock * total:
                    product.sorties = product.stock
                    given += product.stock
                    left -= product.stock
                    world.columns.weight[place] = 0.0
                    capped = True
                else:
                    remaining += weight
        total = remaining
    cumulative = offset
    before = 0
    for place in range(count):
        weight = world.columns.weight[place]
        if weight > 0.0:
            product = world.products[world.columns.row[place]]
            cumulative += left * (weight / total)
            after = int(math.floor(cumulative))
            if after > left:
                after = left
            product.sorties = after - before
            if product.sorties > product.stock:
                product.sorties = product.stock
            given += product.sorties
            before = after
    return given


@rule
def draw_from_lots(world):
    """Take this week's sorties of each product out of its lots, oldest first: every sortie uses up its drone."""
    for row in range(world.tally[0].product_rows):
        world.columns.slots[row] = world.products[row].sorties
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        wanted = world.columns.slots[lot.product]
        if wanted > 0:
            taken = lot.quantity if lot.quantity < wanted else wanted
            lot.quantity -= taken
            world.columns.slots[lot.product] -= taken
            world.products[lot.product].stock -= taken


@rule
def review_products(world, params):
    """Operators update what they remember; a product is dropped after its last poor week in a row.

    A week of use is poor when hits a sortie fall below `poor_ratio` of the average over all sorties of the week.
    """
    tally = world.tally[0]
    memory = params[0].operators_memory
    sorties = 0
    hits = 0
    for column in range(tally.columns):
        product = world.products[world.columns.row[column]]
        sorties += product.sorties
        hits += product.hits
    tally.fleet_sorties = memory * tally.fleet_sorties + sorties
    tally.fleet_hits = memory * tally.fleet_hits + hits
    for column in range(tally.columns):
        product = world.products[world.columns.row[column]]
        product.record_sorties = memory * product.record_sorties + product.sorties
        product.record_hits = memory * product.record_hits + product.hits
        if product.status == ON_TRIAL or product.sorties < params[0].operators_minimum_sorties:
            continue
        if product.hits * sorties < params[0].operators_poor_ratio * hits * product.sorties:
            product.poor_weeks += 1
            if params[0].operators_drop_after_weeks > 0 and (
                product.poor_weeks >= params[0].operators_drop_after_weeks
            ):
                product.dropped = 1
        else:
            product.poor_weeks = 0
