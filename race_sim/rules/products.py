"""Product rows: making, fielding, retiring and freeing the designs that makers build."""

from race_sim.records import (
    FIELDED,
    FREE,
    NEVER,
    ON_TRIAL,
    RETIRED,
)
from race_sim.rules.compiler import rule
from race_sim.rules.landscape import unopposed_success


@rule
def new_product(world, params, maker, design, total, family):
    """Open a product row for a design of a maker and return the row.

    Raises IndexError where the world has no room: `make_room` is called once a week, for what a week can add.
    """
    tally = world.tally[0]
    if tally.free_rows > 0:
        tally.free_rows -= 1
        row = world.free[tally.free_rows]
    else:
        row = tally.product_rows
        if row >= world.products.shape[0]:
            raise IndexError("no room for another product: make room in the world first")
        tally.product_rows += 1
    product = world.products[row]
    product.status = ON_TRIAL
    product.maker = maker
    product.kind = world.makers[maker].kind
    product.ordinal = world.makers[maker].born
    product.family = family
    product.design = design
    product.quality = total
    product.success = unopposed_success(world.landscape, params, total)
    product.week_fielded = NEVER
    product.week_retired = NEVER
    product.week_first_flown = NEVER
    product.stock = 0
    product.kept = 0
    product.exported = 0
    product.sorties = 0
    product.stopped = 0
    product.hits = 0
    product.record_sorties = 0.0
    product.record_hits = 0.0
    product.poor_weeks = 0
    product.dropped = 0
    product.expected = product.success
    product.expected_served = product.success
    product.first_expected = 0.0
    product.gap = 0.0
    product.peak = 0.0
    product.fielded_life = NEVER
    product.shadow_life = NEVER
    product.counter_lag = NEVER
    for module in range(product.losses.shape[0]):
        product.losses[module] = 0.0
    world.makers[maker].born += 1
    return row


@rule
def field_product(world, row, week, estimate):
    """Make `row` the fielded product of its maker from next week on; the one before it is retired."""
    product = world.products[row]
    maker = world.makers[product.maker]
    if maker.product >= 0:
        world.products[maker.product].status = RETIRED
        world.products[maker.product].week_retired = week
    maker.product = row
    maker.estimate = estimate
    maker.evidence = 0.0
    product.status = FIELDED
    product.week_fielded = week + 1
    product.poor_weeks = 0
    world.flows[product.kind].fielded += 1


@rule
def shadowed(product, week, shadow_weeks):
    """Whether a retired design is still evaluated without flying."""
    return (
        product.status == RETIRED
        and product.week_fielded != NEVER
        and product.shadow_life == NEVER
        and week - product.week_retired <= shadow_weeks
    )


@rule
def free_product(world, row):
    """Give a product row back for reuse."""
    tally = world.tally[0]
    world.products[row].status = FREE
    world.free[tally.free_rows] = row
    tally.free_rows += 1
