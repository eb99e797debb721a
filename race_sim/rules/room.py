"""Room for what a week can add: arrays that hold products, lots and reports grow before they are full."""

from dataclasses import replace

import numpy as np

from race_sim.records import MAXIMUM_BITS, Columns, World
from race_sim.rules.compiler import rule

LOTS_OF_A_MAKER = 3  # most lots that a maker adds in a week: delivered, held, and left of one it held


@rule
def rows_needed(world):
    """Product rows, lots and reports that one more week can add at most.

    A maker may deliver and hold a lot, and split one that it held; a workshop delivers one of each trial beside.
    """
    return LOTS_OF_A_MAKER * world.makers.shape[0] + world.trials.shape[0] * world.trials.shape[1]


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


def make_room(world: World) -> World:
    """The same world with twice the rows another week can need, where it has fewer. Not compiled."""
    tally = world.tally[0]
    needed = rows_needed(world)
    in_use = int(tally["product_rows"] - tally["free_rows"])
    products = grown(world.products, in_use + needed)
    rows = len(products)
    return replace(
        world,
        products=products,
        free=grown(world.free, rows),
        lots=grown(world.lots, int(tally["lots"]) + needed),
        reports=grown(world.reports, int(tally["reports"]) + needed),
        columns=empty_columns(rows, len(world.columns.survival)),
    )


def make_trial_room(world: World, slots: int) -> World:
    """The same world with this many trial slots for each workshop, where it has fewer. Not compiled."""
    workshops, present = world.trials.shape
    if slots <= present:
        return world
    trials = np.zeros((workshops, slots), world.trials.dtype)
    trials[:, :present] = world.trials
    return replace(world, trials=trials)


def empty_columns(rows: int, modules: int) -> Columns:
    """Work space over this many product rows. Not compiled."""
    return Columns(
        lineup=np.zeros(rows, np.int64),
        row=np.zeros(rows, np.int64),
        design=np.zeros(rows, np.uint64),
        weight=np.zeros(rows, np.float64),
        alive=np.zeros(rows, np.float64),
        survival=np.zeros((modules, rows), np.float64),
        passing=np.zeros(MAXIMUM_BITS + 1, np.float64),
        followed=np.zeros(rows, np.uint64),
        slots=np.zeros(4 * rows, np.int64),
    )


def grown(rows: np.ndarray, needed: int) -> np.ndarray:
    """The rows, at the start of a larger array when `needed` of them do not fit. Not compiled."""
    if needed <= len(rows):
        return rows
    larger = np.zeros(2 * needed, rows.dtype)
    larger[: len(rows)] = rows
    return larger
