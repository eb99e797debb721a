"""Operators: which drones fly this week, and what operators remember of them."""

import math

from race_sim.records import ON_TRIAL
from race_sim.rules.arithmetic import power
from race_sim.rules.arsenal import draw_from_lots, line_up
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform
from race_sim.rules.purposes import SORTIES, SORTIES_OF_TRIALS

MEMORY_PRIOR_SORTIES = 4.0  # sorties at the fleet average with which a product's record starts
PREFERENCE_FLOOR = 0.01  # least share of its stock's weight that a product with a bad record keeps
PREFERENCE_CEILING = 100.0  # most times its stock's weight that a product with a good record gets


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
    remembered = (product.record_hits + MEMORY_PRIOR_SORTIES * fleet) / (product.record_sorties + MEMORY_PRIOR_SORTIES)
    ratio = power(remembered / fleet, params[0].operators_preference)
    if ratio < PREFERENCE_FLOOR:
        ratio = PREFERENCE_FLOOR
    if ratio > PREFERENCE_CEILING:
        ratio = PREFERENCE_CEILING
    return product.stock * ratio


@rule
def allocate_sorties(world, params, week, seed):
    """Give this week's crews to the arsenal: variants on trial first, then by preference. Nothing dropped flies."""
    line_up(world)
    crews = params[0].operators_crews
    crews -= allocate_group(world, params, True, crews, uniform(seed, week, 0, SORTIES_OF_TRIALS, 0))
    allocate_group(world, params, False, crews, uniform(seed, week, 0, SORTIES, 0))
    draw_from_lots(world)


@rule
def allocate_group(world, params, trials, crews, offset):
    """Share `crews` sorties among the variants on trial, or among all other products; returns the sorties given.

    With crews for all of it the whole stock flies. Else shares are in proportion to weight, none beyond its stock.
    """
    count = weigh_group(world, params, trials)
    stock = 0
    for place in range(count):
        product = world.products[world.columns.row[place]]
        product.sorties = product.stock
        stock += product.stock
    if stock <= crews:
        return stock
    left = fly_short_stocks(world, count, crews)
    return crews - left + round_shares(world, count, left, offset)


@rule
def weigh_group(world, params, trials):
    """List one group of products that may fly, with their weights: stock for trials, else stock times preference."""
    fleet = fleet_estimate(world)
    count = 0
    for place in range(world.tally[0].lineup):
        row = world.columns.lineup[place]
        product = world.products[row]
        if product.dropped == 1 or (product.status == ON_TRIAL) != trials:
            continue
        world.columns.row[count] = row
        if trials:
            world.columns.weight[count] = float(product.stock)
        else:
            world.columns.weight[count] = preference_weight(product, fleet, params)
        count += 1
    return count


@rule
def fly_short_stocks(world, count, crews):
    """Fly in full every product whose share of the crews exceeds its stock; returns the crews left for the others.

    What such a product leaves is shared again among the others, until no share exceeds a stock. A product settled
    here has its weight set to zero.
    """
    left = crews
    settled = True
    while settled:
        settled = False
        total = 0.0
        for place in range(count):
            total += world.columns.weight[place]
        pool = left
        for place in range(count):
            weight = world.columns.weight[place]
            stock = world.products[world.columns.row[place]].stock
            if weight > 0.0 and pool * weight >= stock * total:
                left -= stock
                world.columns.weight[place] = 0.0
                settled = True
    return left


@rule
def round_shares(world, count, crews, offset):
    """Share crews in proportion to weight, in whole sorties, by systematic sampling; returns the sorties given.

    With the offset uniform in [0, 1) each product's expected sorties equal its share.
    """
    total = 0.0
    for place in range(count):
        total += world.columns.weight[place]
    cumulative = offset
    given = 0
    for place in range(count):
        weight = world.columns.weight[place]
        if weight > 0.0:
            product = world.products[world.columns.row[place]]
            cumulative += crews * (weight / total)
            sorties = int(math.floor(cumulative)) - given
            if sorties > crews - given:
                sorties = crews - given
            if sorties > product.stock:
                sorties = product.stock
            product.sorties = sorties
            given += sorties
    return given


@rule
def review_products(world, params):
    """Operators update what they remember; a product is dropped after its last poor week in a row.

    A week of use is poor when hits a sortie fall below `poor_ratio` of the average over all sorties of the week. A
    week counts as use only if at that average the product's sorties should have made `minimum_expected_hits`.
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
        average_hits = product.sorties * (hits / sorties)
        if product.status == ON_TRIAL or average_hits < params[0].operators_minimum_expected_hits:
            continue
        if product.hits < params[0].operators_poor_ratio * average_hits:
            product.poor_weeks += 1
            if params[0].operators_drop_after_weeks > 0 and (
                product.poor_weeks >= params[0].operators_drop_after_weeks
            ):
                product.dropped = 1
        else:
            product.poor_weeks = 0
