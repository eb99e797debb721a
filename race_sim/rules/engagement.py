"""Engagement: flying products against the countermeasures standing, in keyed random order.

A column is one flying product: all its sorties share one design, whatever the dates of their lots.
"""

from race_sim.records import NEVER, ON_TRIAL
from race_sim.rules.arithmetic import exponential, logarithm, popcount
from race_sim.rules.compiler import rule
from race_sim.rules.countermeasure import chance_to_pass, engagement_fraction
from race_sim.rules.draws import binomial, uniform
from race_sim.rules.purposes import ENGAGEMENT_ORDER, HITS, STOPPED

LIGHT_LOAD = 1e-5  # hits a target below which the first two terms of the saturation's series are exact enough
LEAST_SURVIVAL = 1e-300  # keeps the logarithm finite where a module stops everything


@rule
def gather(world, week):
    """Line up the products that fly this week as columns; returns the sorties of all."""
    columns = 0
    sorties = 0
    for place in range(world.tally[0].lineup):
        row = world.columns.lineup[place]
        product = world.products[row]
        if product.sorties == 0:
            continue
        world.columns.row[columns] = row
        world.columns.design[columns] = product.design
        world.columns.alive[columns] = float(product.sorties)
        if product.week_first_flown == NEVER:
            product.week_first_flown = week
        sorties += product.sorties
        columns += 1
    world.tally[0].columns = columns
    for module in range(world.columns.survival.shape[0]):
        for column in range(columns):
            world.columns.survival[module, column] = 1.0
    return sorties


@rule
def order_countermeasures(world, week, seed):
    """Draw the order in which standing countermeasures act this week; returns how many stand."""
    count = 0
    slots = world.countermeasures.shape[0]
    for slot in range(slots):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 0:
            continue
        priority = uniform(seed, week, slot, ENGAGEMENT_ORDER, 0)
        place = count
        while place > 0 and world.priority[place - 1] > priority:
            world.priority[place] = world.priority[place - 1]
            world.order[place] = world.order[place - 1]
            place -= 1
        world.priority[place] = priority
        world.order[place] = slot
        count += 1
    return count


@rule
def confront(design, alive, survival, columns, pattern, mask, passing):
    """One countermeasure against every column: the inner loop of the race.

    `passing[h]` is the chance to get past at Hamming distance h. Returns the expected sorties left alive, summed in
    four lanes (a fixed order, and one the processor need not wait for).
    """
    lane0 = 0.0
    lane1 = 0.0
    lane2 = 0.0
    lane3 = 0.0
    whole = columns - columns % 4
    for column in range(0, whole, 4):
        pass0 = passing[popcount((design[column] ^ pattern) & mask)]
        pass1 = passing[popcount((design[column + 1] ^ pattern) & mask)]
        pass2 = passing[popcount((design[column + 2] ^ pattern) & mask)]
        pass3 = passing[popcount((design[column + 3] ^ pattern) & mask)]
        alive[column] *= pass0
        alive[column + 1] *= pass1
        alive[column + 2] *= pass2
        alive[column + 3] *= pass3
        survival[column] *= pass0
        survival[column + 1] *= pass1
        survival[column + 2] *= pass2
        survival[column + 3] *= pass3
        lane0 += alive[column]
        lane1 += alive[column + 1]
        lane2 += alive[column + 2]
        lane3 += alive[column + 3]
    for column in range(whole, columns):
        chance = passing[popcount((design[column] ^ pattern) & mask)]
        alive[column] *= chance
        survival[column] *= chance
        lane0 += alive[column]
    return (lane0 + lane1) + (lane2 + lane3)


@rule
def weaken(design, success, columns, pattern, mask, passing):
    """Multiply the success of every design by its chance to get past one countermeasure."""
    for column in range(columns):
        success[column] *= passing[popcount((design[column] ^ pattern) & mask)]


@rule
def engage(world, params, sorties, standing):
    """Let every standing countermeasure act in turn on the sorties still alive."""
    columns = world.tally[0].columns
    left = float(sorties)
    passing = world.columns.passing
    for place in range(standing):
        countermeasure = world.countermeasures[world.order[place]]
        wanted = left * countermeasure.reach
        fraction = engagement_fraction(world, wanted, float(sorties), params)
        countermeasure.fraction = fraction
        countermeasure.engagements = wanted * fraction
        chance_to_pass(countermeasure, countermeasure.reach * fraction, passing)
        survivors = confront(
            world.columns.design,
            world.columns.alive,
            world.columns.survival[countermeasure.module],
            columns,
            countermeasure.pattern,
            countermeasure.mask,
            passing,
        )
        stops = left - survivors
        if stops < 0.0:
            stops = 0.0
        memory = params[0].teams_stops_memory
        countermeasure.stops = memory * countermeasure.stops + stops
        countermeasure.exposure = memory * countermeasure.exposure + countermeasure.reach
        left = survivors


@rule
def saturation(world, params):
    """Share of would-be hits that find a target left: 1, or T (1 - exp(-H / T)) / H with T targets a week."""
    targets = params[0].front_targets_per_week
    if targets <= 0:
        return 1.0
    expected = 0.0
    for column in range(world.tally[0].columns):
        expected += world.columns.alive[column] * world.products[world.columns.row[column]].success
    load = expected / targets
    if load < LIGHT_LOAD:
        return 1.0 - 0.5 * load
    return (1.0 - exponential(-load)) / load


@rule
def settle(world, params, week, seed):
    """Draw the outcome of every column: stopped, then hits among the rest; attribute what was stopped to modules."""
    tally = world.tally[0]
    tally.saturation = saturation(world, params)
    for column in range(tally.columns):
        product = world.products[world.columns.row[column]]
        key = world.makers[product.maker].key
        alive = world.columns.alive[column]
        survival = alive / product.sorties
        if survival > 1.0:
            survival = 1.0
        product.stopped = binomial(product.sorties, 1.0 - survival, seed, week, key, STOPPED, product.ordinal)
        success = product.success * tally.saturation
        product.hits = binomial(product.sorties - product.stopped, success, seed, week, key, HITS, product.ordinal)
        tally.expected_hits[product.kind] += alive * success
        if product.status == ON_TRIAL:
            world.flows[product.kind].trial_sorties += product.sorties
            world.flows[product.kind].trial_hits += product.hits
            world.flows[product.kind].expected_trial_hits += alive * success
        if product.stopped > 0:
            attribute(product, world.columns.survival, column)


@rule
def attribute(product, survivals, column):
    """Attribute the stopped sorties of a column to modules in proportion to -ln(survival in that module)."""
    total = 0.0
    for module in range(survivals.shape[0]):
        survival = survivals[module, column]
        if survival < LEAST_SURVIVAL:
            survival = LEAST_SURVIVAL
        hazard = -logarithm(survival)
        product.losses[module] = hazard
        total += hazard
    if total > 0.0:
        for module in range(survivals.shape[0]):
            product.losses[module] *= product.stopped / total
