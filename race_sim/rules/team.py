"""The countermeasure team: what it senses, what it targets, what it fields."""

import math

from race_sim.parameter_table import (
    TEAMS_TARGETING_GREEDY,
    TEAMS_TARGETING_RANDOM,
)
from race_sim.records import NEVER, NOBODY
from race_sim.rules.arithmetic import exponential
from race_sim.rules.bits import bit, distance, module_mask
from race_sim.rules.compiler import rule
from race_sim.rules.countermeasure import effect_at, install, spread
from race_sim.rules.draws import normal, poisson, uniform, uniform_index
from race_sim.rules.exports import hurry_project
from race_sim.rules.purposes import BREADTH, DISCOVERY, MODULE, SENSING, SKILL, TARGET

NARROWEST = 0.1  # bits; breadth never evolves outside these
WIDEST = 16.0


@rule
def sensed_at_front(product, params):
    """How strongly a flying product draws attention by its hits and its wrecks."""
    return params[0].teams_hits_weight * product.hits + params[0].teams_wreckage_weight * product.stopped


@rule
def sensed(product, params):
    """How strongly a flying product draws attention: at the front, and by what leaks of it where it is sold."""
    return sensed_at_front(product, params) + params[0].exports_leak * product.exported


@rule
def choose_target(world, i, params, week, seed):
    """The column a team works against, or NOBODY when it senses nothing: in proportion, greedily, or at random."""
    columns = world.tally[0].columns
    total = 0.0
    for column in range(columns):
        total += sensed(world.products[world.columns.row[column]], params)
    if total <= 0.0:
        return NOBODY
    draw = uniform(seed, week, i, TARGET, 0)
    if params[0].teams_targeting == TEAMS_TARGETING_RANDOM:
        return int(draw * columns)
    best = 0
    if params[0].teams_targeting == TEAMS_TARGETING_GREEDY:
        for column in range(columns):
            if sensed(world.products[world.columns.row[column]], params) > sensed(
                world.products[world.columns.row[best]], params
            ):
                best = column
        return best
    passed = 0.0
    for column in range(columns):
        attention = sensed(world.products[world.columns.row[column]], params)
        if attention > 0.0:
            best = column
        passed += attention
        if draw * total < passed:
            return column
    return best


@rule
def damage_covered(world, pattern, module, breadth, params):
    """Hits of this week that a countermeasure with this pattern would have stopped at full reach."""
    bits = params[0].design_bits_per_module
    mask = module_mask(module, bits)
    passing = world.columns.passing
    for step in range(bits + 1):
        passing[step] = effect_at(float(step), breadth, params)
    covered = 0.0
    for column in range(world.tally[0].columns):
        hits = world.products[world.columns.row[column]].hits
        covered += hits * passing[distance(world.columns.design[column], pattern, mask)]
    return covered


@rule
def choose_module(world, i, design, breadth, params, week, seed):
    """The module to counter: with probability `skill` the one that covers most current damage, else any."""
    modules = params[0].design_modules
    if uniform(seed, week, i, SKILL, 0) >= params[0].teams_skill:
        return uniform_index(modules, seed, week, i, MODULE, 0)
    best = 0
    most = -1.0
    for module in range(modules):
        covered = damage_covered(world, design, module, breadth, params)
        if covered > most:
            most = covered
            best = module
    return best


@rule
def project_breadth(world, i, params, week, seed):
    """Breadth of a new project: the set one, or a log-normal step from the team's countermeasure that stops most."""
    if params[0].countermeasures_breadth_evolves == 0:
        return params[0].countermeasures_breadth
    breadth = params[0].countermeasures_breadth
    most = 0.0
    slots = params[0].teams_slots
    for slot in range(i * slots, (i + 1) * slots):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 1 and countermeasure.stops > most:
            most = countermeasure.stops
            breadth = countermeasure.breadth
    breadth *= exponential(params[0].countermeasures_breadth_step * normal(seed, week, i, BREADTH, 0))
    if breadth < NARROWEST:
        return NARROWEST
    if breadth > WIDEST:
        return WIDEST
    return breadth


@rule
def sense_pattern(world, i, column, module, params, week, seed):
    """What a team believes the module looks like: each bit wrong with the sensing error.

    With `wreckage_half` set the error falls with the wrecks of that product: error / (1 + wrecks / wreckage_half). What
    leaks from abroad is a whole drone, and free of error: only the part of the attention that the front draws errs.
    """
    bits = params[0].design_bits_per_module
    error = params[0].teams_sensing_error
    product = world.products[world.columns.row[column]]
    attention = sensed(product, params)
    if attention > 0.0:
        error *= sensed_at_front(product, params) / attention
    if params[0].teams_wreckage_half > 0.0:
        error /= 1.0 + product.stopped / params[0].teams_wreckage_half
    pattern = world.columns.design[column]
    for place in range(bits):
        if uniform(seed, week, i, SENSING, place) < error:
            pattern ^= bit(module * bits + place)
    return pattern & module_mask(module, bits)


@rule
def start_project(world, i, column, params, week, seed):
    """Begin work against a target: choose the module, copy its pattern, draw how long discovery takes."""
    team = world.teams[i]
    breadth = project_breadth(world, i, params, week, seed)
    module = choose_module(world, i, world.columns.design[column], breadth, params, week, seed)
    team.module = module
    team.breadth = breadth
    team.pattern = sense_pattern(world, i, column, module, params, week, seed)
    weeks = 1 + poisson(params[0].teams_discovery_weeks - 1.0, seed, week, i, DISCOVERY, 0)
    team.project_end = week + hurry_project(world, weeks, params)
    team.projects += 1


@rule
def slot_to_use(world, i, params):
    """An empty slot of the team, or the one whose countermeasure stops least for its reach.

    Stops and reach are both summed over weeks with the same decay, so that one which has not spread yet is judged by
    what it does where it stands; one that has not acted yet is kept.
    """
    slots = params[0].teams_slots
    chosen = i * slots
    least = math.inf
    for slot in range(i * slots, (i + 1) * slots):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 0:
            return slot
        if countermeasure.exposure > 0.0 and countermeasure.stops / countermeasure.exposure < least:
            least = countermeasure.stops / countermeasure.exposure
            chosen = slot
    return chosen


@rule
def field_project(world, i, params, week):
    """Field what the team has developed when it is ready; it acts, locally at first, from next week."""
    team = world.teams[i]
    if team.project_end == NEVER or team.project_end > week:
        return
    full_reach = params[0].teams_reach_budget / params[0].teams_slots
    if full_reach > 1.0:
        full_reach = 1.0
    slot = slot_to_use(world, i, params)
    install(world, slot, i, team.module, team.pattern, team.breadth, full_reach, params, week + 1)
    team.project_end = NEVER


@rule
def spread_countermeasures(world, i, params, week):
    """Spread what the team has standing over the front."""
    slots = params[0].teams_slots
    for slot in range(i * slots, (i + 1) * slots):
        spread(world, slot, params, week)


@rule
def take_up_project(world, i, params, week, seed):
    """An idle team senses this week's attack and starts a project against what it chooses."""
    if world.teams[i].project_end == NEVER:
        column = choose_target(world, i, params, week, seed)
        if column != NOBODY:
            start_project(world, i, column, params, week, seed)
