"""The prime's programme: a requirement freeze, a long search against what was known then, a new generation."""

from race_sim.firms import ACTIVE
from race_sim.records import NEVER
from race_sim.rules.bits import bit, distance
from race_sim.rules.compiler import rule
from race_sim.rules.draws import poisson, uniform, uniform_index
from race_sim.rules.joint_line import has_running_line
from race_sim.rules.landscape import flip_difference, unopposed_success
from race_sim.rules.products import field_product, new_product
from race_sim.rules.purposes import (
    INTELLIGENCE,
    PROGRAMME_FLIP,
    PROGRAMME_FLIP_COUNT,
    PROGRAMME_PHASE,
    PROGRAMME_SEARCH,
)
from race_sim.rules.research import evaluations_due


@rule
def programme_weeks(world, i, params):
    """Length of a programme: development, longer by every standard beyond the first, shorter with a joint line."""
    weeks = params[0].primes_development_weeks
    weeks += params[0].primes_weeks_per_extra_standard * (params[0].primes_standards - 1)
    if params[0].joint_lines_spillover_weeks > 0 and has_running_line(world, i):
        weeks = max(1, weeks - params[0].joint_lines_spillover_weeks)
    return weeks


@rule
def programme_value(world, i, design, total, params, least):
    """Expected success a sortie of a design against the countermeasures known at the freeze.

    Each countermeasure can only lower it: below `least` the rest are left out, and what is returned is below it too.
    """
    value = unopposed_success(world.landscape, params, total)
    known = world.known[world.makers[i].number]
    for n in range(known.shape[0]):
        countermeasure = known[n]
        if countermeasure.standing == 0 or value < least:
            break
        step = distance(design, countermeasure.pattern, countermeasure.mask)
        value *= 1.0 - countermeasure.reach * countermeasure.effect[step]
    return value


@rule
def note_known(world, i, params, week, seed):
    """Copy each standing countermeasure that comes to be known, with its reach of today, to the head of the list."""
    maker = world.makers[i]
    known = world.known[maker.number]
    count = 0
    for slot in range(world.countermeasures.shape[0]):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 0:
            continue
        if uniform(seed, week, maker.key, INTELLIGENCE, slot) >= params[0].primes_intelligence:
            continue
        known[count].standing = 1
        known[count].pattern = countermeasure.pattern
        known[count].mask = countermeasure.mask
        known[count].reach = countermeasure.reach
        for step in range(countermeasure.effect.shape[0]):
            known[count].effect[step] = countermeasure.effect[step]
        count += 1
    for n in range(count, known.shape[0]):
        known[n].standing = 0


@rule
def freeze_requirement(world, i, params, week, seed):
    """Start a programme: note which standing countermeasures are known, redesign, and begin the search there."""
    maker = world.makers[i]
    note_known(world, i, params, week, seed)
    weeks = programme_weeks(world, i, params)
    product = world.products[maker.product]
    design = product.design
    total = product.quality
    loci = world.landscape.neighbours.shape[0]
    number = maker.programme_number
    mean = params[0].primes_flips_per_week * weeks
    flips = 1 + poisson(mean, seed, number, maker.key, PROGRAMME_FLIP_COUNT, 0)
    for flip in range(flips):
        locus = uniform_index(loci, seed, number, maker.key, PROGRAMME_FLIP, flip)
        total += flip_difference(world.landscape, design, locus)
        design ^= bit(locus)
    maker.programme_start = week
    maker.programme_end = week + weeks
    maker.programme_design = design
    maker.programme_quality = total
    maker.programme_value = programme_value(world, i, design, total, params, 0.0)
    maker.evaluations = 0
    maker.programme_number += 1


@rule
def start_first_programme(world, i, params, seed):
    """Begin the race with a programme under way, at a random stage, so that primes do not field in step."""
    weeks = programme_weeks(world, i, params)
    elapsed = uniform_index(weeks, seed, 0, world.makers[i].key, PROGRAMME_PHASE, 0)
    freeze_requirement(world, i, params, 0, seed)
    world.makers[i].programme_start = -elapsed
    world.makers[i].programme_end = weeks - elapsed


@rule
def search(world, i, params, week, seed):
    """Spend the search evaluations due by this week: try random one-flip changes, keep those that raise value."""
    maker = world.makers[i]
    weeks = maker.programme_end - maker.programme_start
    elapsed = week + 1 - maker.programme_start
    if elapsed > weeks:
        elapsed = weeks
    due = evaluations_due(world, i, elapsed, weeks, params, week)
    while maker.evaluations < due:
        locus = uniform_index(
            world.landscape.neighbours.shape[0],
            seed,
            maker.programme_number,
            maker.key,
            PROGRAMME_SEARCH,
            maker.evaluations,
        )
        total = maker.programme_quality + flip_difference(world.landscape, maker.programme_design, locus)
        design = maker.programme_design ^ bit(locus)
        value = programme_value(world, i, design, total, params, maker.programme_value)
        if value > maker.programme_value:
            maker.programme_design = design
            maker.programme_quality = total
            maker.programme_value = value
        maker.evaluations += 1


@rule
def field_generation(world, i, params, week):
    """Field the generation the programme has found; the line changes over at the next batch."""
    maker = world.makers[i]
    family = world.products[maker.product].family
    row = new_product(world, params, i, maker.programme_design, maker.programme_quality, family)
    field_product(world, row, week, maker.programme_value)
    maker.programme_end = NEVER


@rule
def develop(world, i, params, week, seed):
    """A week of a prime: search, field the generation when the programme ends, freeze the next requirement."""
    if params[0].primes_develops == 0 or world.suppliers[i].standing != ACTIVE:
        return
    if world.makers[i].programme_end == NEVER:
        freeze_requirement(world, i, params, week, seed)
    search(world, i, params, week, seed)
    if week + 1 >= world.makers[i].programme_end:
        field_generation(world, i, params, week)
