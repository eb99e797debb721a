"""What is measured each week, once, for both drivers. Columns are described in `race_sim.analysis.codebook`."""

import math

import numpy as np

from race_sim.bookkeeping import measure_money
from race_sim.firms import ACTIVE, AT_FRONT
from race_sim.parameter_table import COUNTERMEASURES_KIND_AREA
from race_sim.records import BALANCES, FREE, ON_TRIAL, TOTAL
from race_sim.rules.compiler import rule
from race_sim.rules.countermeasure import engagement_capacity
from race_sim.rules.landscape import quality
from race_sim.rules.lives import HALF

HALF_BITS = np.uint64(32)
LOW_HALF = np.uint64(0xFFFFFFFF)
HASH_OF_LOW_HALF = np.uint64(0x9E3779B1)  # primes near 2**32 / golden ratio and sqrt(2): products fit 64 bits
HASH_OF_HIGH_HALF = np.uint64(0x85EBCA77)


@rule
def measure_outcome(world, params, week, weekly, at):
    """Write what row `at` of the weekly records says of this week's attack, arsenal and countermeasures.

    Taken before makers and teams decide, so that all of it is about what flew, and stood, this week.
    """
    record = weekly[at]
    record.week = week
    measure_modules(world, record)
    for kind in range(TOTAL + 1):
        measure_deliveries(world, kind, record)
    measure_stock(world, week, record)
    for kind in range(TOTAL + 1):
        measure_designs(world, kind, record)
        record.kinds[kind].diversity = diversity(world, kind)
        record.kinds[kind].concentration = concentration(world, kind)
    measure_countermeasures(world, params, record)
    record.saturation = world.tally[0].saturation
    for level in range(BALANCES):
        record.front_balance[level] = world.tally[0].balance[level]


@rule
def measure_decisions(world, weekly, at):
    """Write what row `at` of the weekly records says of the decisions taken this week; they act from the next.

    Firms and treasuries are measured here too: decisions cost money.
    """
    record = weekly[at]
    measure_money(world, record)
    for kind in range(TOTAL + 1):
        row = record.kinds[kind]
        row.designs_fielded = 0
        row.trials_judged = 0
        row.trials_adopted = 0
        row.copied = 0
        for other in range(world.flows.shape[0]):
            if kind == other or kind == TOTAL:
                flow = world.flows[other]
                row.designs_fielded += flow.fielded
                row.trials_judged += flow.trials_judged
                row.trials_adopted += flow.trials_adopted
                row.copied += flow.copied
    record.countermeasures_fielded = world.tally[0].countermeasures_fielded


@rule
def measure_modules(world, record):
    """Stopped sorties of the week by the module they are attributed to."""
    for module in range(record.stopped_by_module.shape[0]):
        record.stopped_by_module[module] = 0.0
    for column in range(world.tally[0].columns):
        product = world.products[world.columns.row[column]]
        for module in range(product.losses.shape[0]):
            record.stopped_by_module[module] += product.losses[module]


@rule
def measure_deliveries(world, kind, record):
    """Deliveries, scrapping and trial sorties of one kind of maker, or of all."""
    row = record.kinds[kind]
    row.deliveries = 0
    row.trial_sorties = 0
    row.trial_hits = 0
    row.scrapped = 0
    row.expected_hits = 0.0
    row.expected_trial_hits = 0.0
    for other in range(world.flows.shape[0]):
        if kind == other or kind == TOTAL:
            flow = world.flows[other]
            row.deliveries += flow.deliveries
            row.trial_sorties += flow.trial_sorties
            row.trial_hits += flow.trial_hits
            row.scrapped += flow.scrapped
            row.expected_hits += world.tally[0].expected_hits[other]
            row.expected_trial_hits += flow.expected_trial_hits


@rule
def measure_stock(world, week, record):
    """Sorties and outcomes of the week, and the arsenal left at its end, of each kind of maker and of all."""
    for kind in range(TOTAL + 1):
        row = record.kinds[kind]
        row.sorties = 0
        row.stopped = 0
        row.hits = 0
        row.stock = 0
        row.stock_countered = 0
        row.stock_dropped = 0
        row.unopposed_success = 0.0
        row.current_success = 0.0
        row.stock_age = 0.0
    for n in range(world.tally[0].product_rows):
        product = world.products[n]
        if product.status != FREE:
            count_product(product, record.kinds[product.kind])
    for column in range(world.tally[0].columns):
        product = world.products[world.columns.row[column]]
        record.kinds[product.kind].unopposed_success += product.sorties * product.success
        if product.status != ON_TRIAL:
            current = world.products[world.makers[product.maker].product]
            record.kinds[product.kind].current_success += product.sorties * current.expected
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.place == AT_FRONT:
            record.kinds[world.products[lot.product].kind].stock_age += lot.quantity * (week - lot.week)
    total = record.kinds[TOTAL]
    for kind in range(TOTAL):
        row = record.kinds[kind]
        total.sorties += row.sorties
        total.stopped += row.stopped
        total.hits += row.hits
        total.stock += row.stock
        total.stock_countered += row.stock_countered
        total.stock_dropped += row.stock_dropped
        total.unopposed_success += row.unopposed_success
        total.current_success += row.current_success
        total.stock_age += row.stock_age
    for kind in range(TOTAL + 1):
        row = record.kinds[kind]
        proven = row.sorties - row.trial_sorties
        row.unopposed_success = row.unopposed_success / row.sorties if row.sorties > 0 else math.nan
        row.current_success = row.current_success / proven if proven > 0 else math.nan
        row.stock_age = row.stock_age / row.stock if row.stock > 0 else math.nan


@rule
def count_product(product, row):
    """Add what a product did this week, and what is left of it, to the record of its kind."""
    row.sorties += product.sorties
    row.stopped += product.stopped
    row.hits += product.hits
    row.stock += product.stock
    if product.expected <= HALF * product.success:
        row.stock_countered += product.stock
    if product.dropped == 1:
        row.stock_dropped += product.stock


@rule
def measure_designs(world, kind, record):
    """Means over makers of the design they field: quality, distance to the nearest countermeasure, success."""
    row = record.kinds[kind]
    total = 0.0
    gaps = 0.0
    success = 0.0
    served = 0.0
    makers = 0
    for i in range(world.makers.shape[0]):
        if (kind != TOTAL and world.makers[i].kind != kind) or world.suppliers[i].standing != ACTIVE:
            continue
        product = world.products[world.makers[i].product]
        total += quality(world.landscape, product.quality)
        gaps += product.gap
        success += product.expected
        served += product.expected_served
        makers += 1
    row.quality = total / makers if makers > 0 else math.nan
    row.gap = gaps / makers if makers > 0 else math.nan
    row.fielded_success = success / makers if makers > 0 else math.nan
    row.fielded_success_served = served / makers if makers > 0 else math.nan


@rule("i8(u8, i8)")
def hash_place(design, size):
    """Where a design belongs in a hash table of `size` places, a power of 2 up to 2**32.

    Designs of one family differ in a few bits: each half is multiplied by a large odd number so that every bit counts.
    """
    mixed = (design & LOW_HALF) * HASH_OF_LOW_HALF ^ (design >> HALF_BITS) * HASH_OF_HIGH_HALF
    return np.int64((mixed >> HALF_BITS) & np.uint64(size - 1))


@rule
def diversity(world, kind):
    """Hill number of order 2 (inverse Simpson) of sorties over designs: the effective number of designs flown."""
    columns = world.tally[0].columns
    size = 4
    while size < 2 * columns:
        size *= 2
    for place in range(size):
        world.columns.slots[place] = -1
    sorties = 0
    for column in range(columns):
        product = world.products[world.columns.row[column]]
        world.columns.weight[column] = 0.0
        if kind != TOTAL and product.kind != kind:
            continue
        sorties += product.sorties
        design = world.columns.design[column]
        place = hash_place(design, size)
        while world.columns.slots[place] != -1 and world.columns.design[world.columns.slots[place]] != design:
            place = (place + 1) % size
        if world.columns.slots[place] == -1:
            world.columns.slots[place] = column
        world.columns.weight[world.columns.slots[place]] += product.sorties
    squares = 0.0
    for column in range(columns):
        squares += world.columns.weight[column] * world.columns.weight[column]
    return float(sorties) * float(sorties) / squares if squares > 0.0 else math.nan


@rule
def concentration(world, kind):
    """Herfindahl-Hirschman index of sorties over makers, in (0, 1]."""
    for i in range(world.makers.shape[0]):
        world.columns.weight[i] = 0.0
    sorties = 0
    for column in range(world.tally[0].columns):
        product = world.products[world.columns.row[column]]
        if kind == TOTAL or product.kind == kind:
            world.columns.weight[product.maker] += product.sorties
            sorties += product.sorties
    squares = 0.0
    for i in range(world.makers.shape[0]):
        squares += world.columns.weight[i] * world.columns.weight[i]
    return squares / (float(sorties) * float(sorties)) if sorties > 0 else math.nan


@rule
def measure_countermeasures(world, params, record):
    """What stands against the makers this week."""
    sorties = float(record.kinds[TOTAL].sorties)
    record.countermeasures_standing = 0
    record.engagements = 0.0
    record.capacity = 0.0
    reach = 0.0
    for slot in range(world.countermeasures.shape[0]):
        countermeasure = world.countermeasures[slot]
        if countermeasure.standing == 0:
            continue
        record.countermeasures_standing += 1
        record.engagements += countermeasure.engagements
        reach += countermeasure.reach
        if params[0].countermeasures_kind != COUNTERMEASURES_KIND_AREA:
            record.capacity += engagement_capacity(world, sorties, params)
    standing = record.countermeasures_standing
    record.mean_reach = reach / standing if standing > 0 else math.nan
    if params[0].countermeasures_kind == COUNTERMEASURES_KIND_AREA:
        record.capacity = math.nan
