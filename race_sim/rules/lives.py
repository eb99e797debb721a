"""How long designs, and lineages of designs, stay effective: half-life, shadow half-life, counter lag, lineage life."""

import math

from race_sim.firms import STOPPED
from race_sim.records import (
    CENSORED,
    COUNTER_LAG,
    FIELDED,
    FIELDED_LIFE,
    FREE,
    LINEAGE_LIFE,
    NEVER,
    NOBODY,
    OBSERVED,
    RETIRED,
    SHADOW_LIFE,
)
from race_sim.rules.bits import distance
from race_sim.rules.compiler import rule
from race_sim.rules.countermeasure import chance_to_pass
from race_sim.rules.engagement import weaken
from race_sim.rules.products import shadowed

HALF = 0.5


@rule
def follow_products(world, params, week):
    """Evaluate designs that are fielded, on trial, in stock or shadowed against the countermeasures of this week."""
    expect_success(world)
    overwhelmed = any_overwhelmed(world.countermeasures)
    for i in range(world.makers.shape[0]):
        if world.makers[i].product == NOBODY:
            continue
        product = world.products[world.makers[i].product]
        product.gap = nearest_gap(product.design, world.countermeasures)
        product.expected_served = product.expected
        if overwhelmed:
            product.expected_served = served_success(product, world.countermeasures)
    for row in range(world.tally[0].product_rows):
        product = world.products[row]
        if product.status != FREE:
            note_lives(product, params, week)
    follow_families(world, params, week)


@rule
def expect_success(world):
    """Expected success a sortie of every product against the countermeasures as they acted this week."""
    columns = 0
    for row in range(world.tally[0].product_rows):
        product = world.products[row]
        if product.status != FREE:
            world.columns.slots[columns] = row
            world.columns.followed[columns] = product.design
            world.columns.weight[columns] = product.success
            columns += 1
    for slot in range(world.countermeasures.shape[0]):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 1:
            chance = countermeasure.reach * countermeasure.fraction
            chance_to_pass(countermeasure, chance, world.columns.passing)
            weaken(
                world.columns.followed,
                world.columns.weight,
                columns,
                countermeasure.pattern,
                countermeasure.mask,
                world.columns.passing,
            )
    for column in range(columns):
        world.products[world.columns.slots[column]].expected = world.columns.weight[column]


@rule
def any_overwhelmed(countermeasures):
    """Whether a standing countermeasure could not serve all engagements it wanted this week."""
    for slot in range(countermeasures.shape[0]):
        if countermeasures[slot].standing == 1 and countermeasures[slot].fraction < 1.0:
            return True
    return False


@rule
def served_success(product, countermeasures):
    """Expected success a sortie of a product if every standing countermeasure served all engagements it wants."""
    success = product.success
    for slot in range(countermeasures.shape[0]):
        countermeasure = countermeasures[slot]
        if countermeasure.standing == 1:
            step = distance(product.design, countermeasure.pattern, countermeasure.mask)
            success *= 1.0 - countermeasure.reach * countermeasure.effect[step]
    return success


@rule
def nearest_gap(design, countermeasures):
    """Distance of a design to the nearest standing countermeasure in its breadths; NaN where none stands."""
    gap = math.nan
    for slot in range(countermeasures.shape[0]):
        countermeasure = countermeasures[slot]
        if countermeasure.standing == 1:
            breadths = distance(design, countermeasure.pattern, countermeasure.mask) / countermeasure.breadth
            if not breadths >= gap:
                gap = breadths
    return gap


@rule
def note_lives(product, params, week):
    """Note the week a product's expected success falls to half its peak, or to half of its success at first use."""
    if product.week_first_flown == week:
        product.first_expected = product.expected
    if (
        product.counter_lag == NEVER
        and product.week_first_flown != NEVER
        and product.expected <= HALF * product.first_expected
    ):
        product.counter_lag = week - product.week_first_flown
    fielded = product.status == FIELDED and product.week_fielded <= week
    if not fielded and not shadowed(product, week, params[0].measures_shadow_weeks):
        return
    if product.shadow_life != NEVER:
        return
    if product.expected > product.peak:
        product.peak = product.expected
    if product.expected <= HALF * product.peak:
        product.shadow_life = week - product.week_fielded
        if fielded:
            product.fielded_life = product.shadow_life


@rule
def root_families(world):
    """Start the lineages that are measured: what each maker fields, or flies, at the end of the burn-in."""
    for row in range(world.tally[0].product_rows):
        if world.products[row].status != FREE:
            world.products[row].family = world.products[row].maker
    for i in range(world.makers.shape[0]):
        world.families[i].kind = NOBODY
        if world.makers[i].product != NOBODY and world.suppliers[i].standing != STOPPED:
            world.families[i].kind = world.makers[i].kind
            world.families[i].best = world.products[world.makers[i].product].expected


@rule
def follow_families(world, params, week):
    """Note the week in which the best design a lineage still fields falls to half of the lineage's own peak."""
    for family in range(world.families.shape[0]):
        world.families[family].best = 0.0
    for i in range(world.makers.shape[0]):
        if world.makers[i].product == NOBODY or world.suppliers[i].standing == STOPPED:
            continue
        product = world.products[world.makers[i].product]
        family = world.families[product.family]
        if product.expected > family.best:
            family.best = product.expected
    if week < params[0].run_burn_in_weeks:
        return
    if week == params[0].run_burn_in_weeks:
        root_families(world)
    for n in range(world.families.shape[0]):
        family = world.families[n]
        if family.ended != NEVER or family.kind == NOBODY:
            continue
        if family.best > family.peak:
            family.peak = family.best
        if family.best <= HALF * family.peak:
            family.ended = week


@rule
def close_life(lives, product, params, week):
    """Enter a product into the life tables; what has not ended by now is censored at its last week observed."""
    burn_in = params[0].run_burn_in_weeks
    if product.week_first_flown != NEVER and product.week_first_flown >= burn_in:
        if product.counter_lag != NEVER:
            count_life(lives, product.kind, COUNTER_LAG, product.counter_lag, OBSERVED)
        else:
            count_life(lives, product.kind, COUNTER_LAG, week - product.week_first_flown, CENSORED)
    if product.week_fielded == NEVER or product.week_fielded < burn_in or product.week_fielded > week:
        return
    last_fielded = product.week_retired if product.status == RETIRED else week
    if product.fielded_life != NEVER:
        count_life(lives, product.kind, FIELDED_LIFE, product.fielded_life, OBSERVED)
    else:
        count_life(lives, product.kind, FIELDED_LIFE, last_fielded - product.week_fielded, CENSORED)
    if product.shadow_life != NEVER:
        count_life(lives, product.kind, SHADOW_LIFE, product.shadow_life, OBSERVED)
        return
    last_seen = week
    if product.status == RETIRED and product.week_retired + params[0].measures_shadow_weeks < week:
        last_seen = product.week_retired + params[0].measures_shadow_weeks
    count_life(lives, product.kind, SHADOW_LIFE, last_seen - product.week_fielded, CENSORED)


@rule
def count_life(lives, kind, measure, weeks, ending):
    """Count one duration in the life table of a kind of maker."""
    lives[kind, measure, weeks if weeks > 0 else 0, ending] += 1


@rule
def close_lives(world, params, week):
    """At the end of the race, enter every product and lineage still followed into the life tables."""
    for row in range(world.tally[0].product_rows):
        if world.products[row].status != FREE:
            close_life(world.lives, world.products[row], params, week)
    burn_in = params[0].run_burn_in_weeks
    for n in range(world.families.shape[0]):
        family = world.families[n]
        if family.kind == NOBODY:
            continue
        if family.ended != NEVER:
            count_life(world.lives, family.kind, LINEAGE_LIFE, family.ended - burn_in, OBSERVED)
        else:
            count_life(world.lives, family.kind, LINEAGE_LIFE, week - burn_in, CENSORED)
