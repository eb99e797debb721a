"""Before week 0: an empty world of the right size, its landscape, and the makers' first designs."""

import math

import numpy as np

from race_sim.firms import ACCOUNT, ACTIVE, ECONOMY_STATE, PARTIES, RING_WEEKS, SUPPLIER, TREASURIES, TREASURY
from race_sim.parameter_table import FOUNDERS_ORIGIN_COMMON
from race_sim.records import (
    BALANCES,
    BENCH,
    COUNTERMEASURE,
    FAMILY,
    FLOW,
    JOINT_LINE,
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
from race_sim.rules.accounts import pay_in
from race_sim.rules.arsenal import add_lot
from race_sim.rules.bits import bit
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform, uniform_index
from race_sim.rules.landscape import climb, flip_difference, quality_sum, raise_landscape
from race_sim.rules.prime import start_first_programme
from race_sim.rules.products import field_product, new_product
from race_sim.rules.purposes import CONNECTED, FOUNDER_CLIMB, FOUNDER_FLIP, FOUNDER_START
from race_sim.rules.reports import publish
from race_sim.rules.room import empty_columns
from race_sim.rules.terms import quote, research_share
from race_sim.rules.workshop import link_workshops, start_midway

MEASURES = len(LIFE_NAMES)
PRIME_KEYS = 1048576  # agent words below this are workshops'; primes count from here
ANCESTOR = 2097152  # agent word of the common ancestor
LINE_KEYS = 3145728  # joint lines count from here
WORD_PARTS = 65536.0  # a design is drawn in parts of 16 bits
SPARE = 16  # rows an array starts with beyond two a maker, before it has to grow


def trial_slots(segments: np.ndarray) -> int:
    """Trial slots a workshop can need at once under any segment of the timeline. Not compiled."""
    approval = max(segment["entry_variant_approval_weeks"] for segment in segments)
    anybody_moves = any(segment["abroad_firms"] > 0 for segment in segments)
    farther = max(segment["abroad_extra_weeks"] for segment in segments) if anybody_moves else 0
    variants = max(segment["workshops_variants_per_cycle"] for segment in segments)
    longest_cycle = max(segment["workshops_iteration_weeks"] for segment in segments)
    shortest_cycle = min(segment["workshops_iteration_weeks"] for segment in segments)
    delay = max(segment["feedback_delay_weeks"] for segment in segments)
    return int(variants * ((longest_cycle + farther + delay + approval) // shortest_cycle + 2))


def empty_world(segments: np.ndarray) -> World:
    """A world of the size these parameters need, nothing in it. Not compiled."""
    params = segments[0]
    with_accounts = int(params["money_accounts"])
    workshops = int(params["workshops_count"] + with_accounts * params["entry_places"])
    primes = int(params["primes_count"])
    lines = int(with_accounts * params["joint_lines_places"])
    makers = workshops + primes + lines
    teams = int(params["teams_count"])
    slots = teams * int(params["teams_slots"])
    modules = int(params["design_modules"])
    loci = modules * int(params["design_bits_per_module"])
    inputs = int(params["landscape_interactions"]) + 1
    rows = 2 * makers + workshops * int(params["workshops_variants_per_cycle"]) + SPARE
    return World(
        makers=np.zeros(makers, MAKER),
        suppliers=np.zeros(makers, SUPPLIER),
        accounts=np.zeros(makers + PARTIES, ACCOUNT),
        invoices=np.zeros((RING_WEEKS, TREASURIES, makers), np.int64),
        opening=np.zeros((RING_WEEKS, makers), np.int64),
        treasuries=np.zeros(TREASURIES, TREASURY),
        economy=np.zeros(1, ECONOMY_STATE),
        shares=np.zeros(makers, np.float64),
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
def lay_out_makers(world, params, seed):
    """Number the rows of makers: workshops and places for newcomers, primes, places for joint lines."""
    workshops = world.trials.shape[0]
    primes = params[0].primes_count
    world.economy[0].workshops = params[0].workshops_count
    world.economy[0].line_places = world.makers.shape[0] - workshops - primes
    for i in range(world.makers.shape[0]):
        maker = world.makers[i]
        if i < workshops:
            maker.kind = WORKSHOP
            maker.number = i
            maker.key = i
        elif i < workshops + primes:
            maker.kind = PRIME
            maker.number = i - workshops
            maker.key = PRIME_KEYS + maker.number
        else:
            maker.kind = JOINT_LINE
            maker.number = i - workshops - primes
            maker.key = LINE_KEYS + maker.number
        maker.product = NOBODY
        maker.programme_end = NEVER
        world.families[i].kind = NOBODY
        world.families[i].ended = NEVER
        supplier = world.suppliers[i]
        supplier.moves = NEVER
        supplier.ready = NEVER
        supplier.prime = NOBODY
        supplier.workshop = NOBODY
        if uniform(seed, 0, maker.key, CONNECTED, 0) < params[0].procurement_connected_share:
            supplier.connected = 1


@rule
def is_founded(world, i, params):
    """Whether a maker is there when the race begins; other rows wait for newcomers and joint lines."""
    kind = world.makers[i].kind
    return kind == PRIME or (kind == WORKSHOP and i < params[0].workshops_count)


@rule
def found_maker(world, i, params, seed):
    """Give maker `i` its founder's design as fielded product and family, its initial stock, and its plant and cash."""
    maker = world.makers[i]
    world.families[i].kind = maker.kind
    world.suppliers[i].standing = ACTIVE
    design, total = founder_design(world, i, params, seed)
    row = new_product(world, params, i, design, total, i)
    product = world.products[row]
    field_product(world, row, -1, product.success)
    stock = params[0].workshops_initial_stock if maker.kind == WORKSHOP else params[0].primes_initial_stock
    add_lot(world, row, stock, 0)
    world.flows[maker.kind].initial += stock
    if params[0].money_accounts == 1:
        found_firm(world, i, params)


@rule
def found_firm(world, i, params):
    """Give maker `i` its plant and its owners' cash."""
    supplier = world.suppliers[i]
    cash = params[0].workshop_accounts_initial_cash
    supplier.capacity = params[0].workshop_accounts_initial_capacity
    if world.makers[i].kind == PRIME:
        cash = params[0].prime_accounts_initial_cash
        supplier.capacity = params[0].prime_accounts_initial_capacity
    pay_in(world, i, cash)
    quote(world, i, params)


@rule
def found_treasuries(world, params):
    """Budgets stand at their start, goodwill is whole, and makers expect to share what the budgets can buy."""
    for which in range(TREASURIES):
        world.treasuries[which].level = 1.0
    world.economy[0].goodwill = 1.0
    home = params[0].treasuries_home_budget + params[0].treasuries_partner_aid + params[0].treasuries_american_aid
    home += params[0].treasuries_home_funding
    expect_share(world, WORKSHOP, float(home), params)
    at_home = 1.0 - params[0].treasuries_import_share
    partners = params[0].treasuries_partner_budget * at_home - params[0].treasuries_home_funding
    expect_share(world, PRIME, max(0.0, partners), params)


@rule
def expect_share(world, kind, budget, params):
    """The makers of a kind expect the orders that a budget gives each of them.

    They set aside for research what those would bring them until they are first paid.
    """
    count = 0
    for i in range(world.makers.shape[0]):
        if world.makers[i].kind == kind and world.suppliers[i].standing == ACTIVE:
            count += 1
    for i in range(world.makers.shape[0]):
        supplier = world.suppliers[i]
        if world.makers[i].kind == kind and supplier.standing == ACTIVE and supplier.price > 0:
            supplier.expected_orders = budget / count / supplier.price
            weekly = research_share(world, i, params) * (budget / count)
            supplier.research = min(world.accounts[i].cash, int(math.floor(weekly * params[0].money_payment_weeks)))


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
    lay_out_makers(world, params, seed)
    for i in range(world.makers.shape[0]):
        if not is_founded(world, i, params):
            continue
        found_maker(world, i, params, seed)
        if world.makers[i].kind == PRIME:
            start_first_programme(world, i, params, seed)
        else:
            start_midway(world, i, params, seed)
    if params[0].money_accounts == 1:
        found_treasuries(world, params)
    publish(world)
