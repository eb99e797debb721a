"""Before week 0: an empty world of the right size, its landscape, and the makers' first designs."""

import numpy as np

from race_sim.parameter_table import FOUNDERS_ORIGIN_COMMON
from race_sim.records import (
    BALANCES,
    BENCH,
    COUNTERMEASURE,
    FAMILY,
    FLOW,
    KINDS,
    LIFE_NAMES,
    LOT,
    MAKER,
    MAXIMUM_VARIANTS,
    NEVER,
    NOBODY,
    PRIME,
    PRODUCT,
    PUBLISHED,
    REPORT,
    TALLY,
    TEAM,
    TRIAL,
    WORKSHOP,
    Landscape,
    World,
)
from race_sim.rules.arsenal import add_lot
from race_sim.rules.bits import bit
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform, uniform_index
from race_sim.rules.landscape import climb, flip_difference, quality_sum, raise_landscape
from race_sim.rules.prime import start_first_programme
from race_sim.rules.products import field_product, new_product
from race_sim.rules.purposes import FOUNDER_CLIMB, FOUNDER_FLIP, FOUNDER_START
from race_sim.rules.reports import publish
from race_sim.rules.room import empty_columns
from race_sim.rules.workshop import link_workshops, start_midway

MEASURES = len(LIFE_NAMES)
PRIME_KEYS = 1048576  # agent words below this are workshops'; primes count from here
ANCESTOR = 2097152  # agent word of the common ancestor
WORD_PARTS = 65536.0  # a design is drawn in parts of 16 bits
SPARE = 16  # rows an array starts with beyond two a maker, before it has to grow


def trial_slots(segments: np.ndarray) -> int:
    """Trial slots a workshop can need at once under any segment of the timeline. Not compiled."""
    variants = max(segment["workshops_variants_per_cycle"] for segment in segments)
    longest_cycle = max(segment["workshops_iteration_weeks"] for segment in segments)
    shortest_cycle = min(segment["workshops_iteration_weeks"] for segment in segments)
    delay = max(segment["feedback_delay_weeks"] for segment in segments)
    return int(variants * ((longest_cycle + delay) // shortest_cycle + 2))


def empty_world(segments: np.ndarray) -> World:
    """A world of the size these parameters need, nothing in it. Not compiled."""
    params = segments[0]
    workshops = int(params["workshops_count"])
    primes = int(params["primes_count"])
    makers = workshops + primes
    teams = int(params["teams_count"])
    slots = teams * int(params["teams_slots"])
    modules = int(params["design_modules"])
    loci = modules * int(params["design_bits_per_module"])
    inputs = int(params["landscape_interactions"]) + 1
    rows = 2 * makers + workshops * int(params["workshops_variants_per_cycle"]) + SPARE
    return World(
        makers=np.zeros(makers, MAKER),
        published=np.zeros(makers, PUBLISHED),
        families=np.zeros(makers, FAMILY),
        products=np.zeros(rows, PRODUCT),
        free=np.zeros(rows, np.int64),
        lots=np.zeros(rows, LOT),
        trials=np.zeros((workshops, trial_slots(segments)), TRIAL),
        reports=np.zeros(rows, REPORT),
        teams=np.zeros(teams, TEAM),
        countermeasures=np.zeros(slots, COUNTERMEASURE),
        known=np.zeros((primes, slots), COUNTERMEASURE),
        order=np.zeros(slots, np.int64),
        priority=np.zeros(slots, np.float64),
        network=np.zeros((workshops, int(params["workshops_network_degree"])), np.int64),
        bench=np.zeros(MAXIMUM_VARIANTS, BENCH),
        lives=np.zeros((KINDS, MEASURES, int(params["run_weeks"]) + 1, 2), np.int64),
        flows=np.zeros(KINDS, FLOW),
        tally=np.zeros(1, TALLY),
        landscape=empty_landscape(loci, inputs),
        columns=empty_columns(rows, modules),
    )


def empty_landscape(loci: int, inputs: int) -> Landscape:
    """A landscape of this many loci, each contribution of which reads `inputs` of them; nothing drawn yet."""
    return Landscape(
        neighbours=np.zeros((loci, inputs), np.int64),
        contributions=np.zeros((loci, 1 << inputs), np.int64),
        touched_start=np.zeros(loci + 1, np.int64),
        touched_locus=np.zeros(loci * inputs, np.int64),
        touched_place=np.zeros(loci * inputs, np.int64),
    )


@rule
def random_design(world, seed, agent):
    """A uniformly random design, drawn in parts of 16 bits."""
    loci = world.landscape.neighbours.shape[0]
    design = np.uint64(0)
    for part in range(4):
        draw = np.uint64(int(uniform(seed, 0, agent, FOUNDER_START, part) * WORD_PARTS))
        design |= draw << np.uint64(16 * part)
    if loci < 64:
        design &= bit(loci) - np.uint64(1)
    return design


@rule
def climbed_design(world, evaluations, seed, agent):
    """A random design improved by its own one-flip climb: (design, quality sum)."""
    design = random_design(world, seed, agent)
    design, total, _ = climb(
        world.landscape, design, quality_sum(world.landscape, design), evaluations, seed, agent, FOUNDER_CLIMB
    )
    return design, total


@rule
def founder_design(world, i, params, seed):
    """The first design of maker `i`: (design, quality sum).

    Workshops with a common origin stand a few random flips from one ancestor; all others climb on their own.
    """
    maker = world.makers[i]
    if maker.kind == PRIME:
        return climbed_design(world, params[0].primes_search_evaluations, seed, maker.key)
    evaluations = params[0].founders_climb_evaluations
    if params[0].founders_origin != FOUNDERS_ORIGIN_COMMON:
        return climbed_design(world, evaluations, seed, maker.key)
    design, total = climbed_design(world, evaluations, seed, ANCESTOR)
    for flip in range(params[0].founders_flips):
        locus = uniform_index(world.landscape.neighbours.shape[0], seed, 0, maker.key, FOUNDER_FLIP, flip)
        total += flip_difference(world.landscape, design, locus)
        design ^= bit(locus)
    return design, total


@rule
def found_maker(world, i, params, seed):
    """Give maker `i` its number, its founder's design as fielded product and family, and its initial stock."""
    maker = world.makers[i]
    workshops = params[0].workshops_count
    maker.kind = WORKSHOP if i < workshops else PRIME
    maker.number = i if i < workshops else i - workshops
    maker.key = maker.number if i < workshops else PRIME_KEYS + maker.number
    maker.product = NOBODY
    maker.programme_end = NEVER
    world.families[i].kind = maker.kind
    world.families[i].ended = NEVER
    design, total = founder_design(world, i, params, seed)
    row = new_product(world, params, i, design, total, i)
    product = world.products[row]
    field_product(world, row, -1, product.success)
    stock = params[0].workshops_initial_stock if maker.kind == WORKSHOP else params[0].primes_initial_stock
    add_lot(world, row, stock, 0)
    world.flows[maker.kind].initial += stock


@rule
def found(world, params, seed):
    """Lay out the landscape, the network, the makers and the teams before week 0."""
    raise_landscape(world.landscape, params, seed)
    link_workshops(world, params, seed)
    for level in range(BALANCES):
        world.tally[0].decided[level] = NEVER
    for i in range(world.teams.shape[0]):
        world.teams[i].number = i
        world.teams[i].project_end = NEVER
    for i in range(world.makers.shape[0]):
        found_maker(world, i, params, seed)
        if world.makers[i].kind == PRIME:
            start_first_programme(world, i, params, seed)
        else:
            start_midway(world, i, params, seed)
    publish(world)
