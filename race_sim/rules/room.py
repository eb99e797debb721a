"""Room for what a week can add: arrays that hold products, lots and reports grow before they are full."""

import numpy as np

from race_sim.records import MAXIMUM_BITS, Columns, World
from race_sim.rules.compiler import rule


@rule
def rows_needed(world):
    """Product rows, lots and reports that one more week can add at most."""
    return world.makers.shape[0] + world.trials.shape[0] * world.trials.shape[1]


@rule
def needs_room(world):
    """Whether another week might not fit."""
    tally = world.tally[0]
    needed = rows_needed(world)
    return (
        tally.product_rows - tally.free_rows + needed > world.products.shape[0]
        or tally.lots + needed > world.lots.shape[0]
        or tally.reports + needed > world.reports.shape[0]
    )


@rule
def make_room(world):
    """The same world with twice the rows another week can need, where it has fewer."""
    tally = world.tally[0]
    needed = rows_needed(world)
    in_use = tally.product_rows - tally.free_rows
    products = grown(world.products, tally.product_rows, in_use + needed)
    rows = products.shape[0]
    free = np.zeros(rows, np.int64)
    for n in range(tally.free_rows):
        free[n] = world.free[n]
    return World(
        world.makers,
        world.published,
        world.families,
        products,
        free,
        grown(world.lots, tally.lots, tally.lots + needed),
        world.trials,
        grown(world.reports, tally.reports, tally.reports + needed),
        world.teams,
        world.countermeasures,
        world.known,
        world.order,
        world.priority,
        world.network,
        world.bench,
        world.lives,
        world.flows,
        world.tally,
        world.landscape,
        empty_columns(rows, world.columns.survival.shape[0]),
    )


@rule
def empty_columns(rows, modules):
    """Work space over this many product rows."""
    return Columns(
        np.zeros(rows, np.int64),
        np.zeros(rows, np.uint64),
        np.zeros(rows, np.float64),
        np.zeros(rows, np.float64),
        np.zeros((modules, rows), np.float64),
        np.zeros(MAXIMUM_BITS + 1, np.float64),
        np.zeros(4 * rows, np.int64),
    )


@rule
def grown(rows, used, needed):
    """The rows, in a larger array when `needed` of them do not fit."""
    if needed <= rows.shape[0]:
        return rows
    larger = np.zeros(2 * needed, rows.dtype)
    for n in range(used):
        larger[n] = rows[n]
    return larger
