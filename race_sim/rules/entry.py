"""Newcomers: workshops that enter, start from what they see, and wait for approval."""

from race_sim.firms import ACTIVE, IN_APPROVAL, STOPPED
from race_sim.records import WORKSHOP
from race_sim.rules.accounts import pay_in
from race_sim.rules.bits import bit
from race_sim.rules.compiler import rule
from race_sim.rules.draws import poisson, uniform, uniform_index
from race_sim.rules.landscape import flip_difference
from race_sim.rules.products import field_product, new_product
from race_sim.rules.purposes import ENTRANT_FLIP, ENTRANT_PARENT, ENTRY, FOREIGN
from race_sim.rules.terms import quote

MARKET = 5242880  # agent word of the draws about all makers together


@rule
def admit_workshops(world, params, week, seed):
    """Newcomers take the rows that are free, at a mean rate; each begins with a design near one it has seen.

    They have seen those of earlier weeks; where there are none nobody enters.
    """
    economy = world.economy[0]
    seen = economy.workshops
    if seen == 0:
        return
    newcomers = poisson(params[0].entry_rate, seed, week, MARKET, ENTRY, 0)
    for _ in range(newcomers):
        if economy.workshops >= world.trials.shape[0]:
            return
        found_newcomer(world, economy.workshops, seen, params, week, seed)
        economy.workshops += 1


@rule
def found_newcomer(world, i, seen, params, week, seed):
    """A workshop enters: its owners pay in, it flips a few bits of a design it has seen, and asks for approval.

    It expects the orders of the workshop whose design it has seen, one that has not stopped if there is any.
    """
    maker = world.makers[i]
    supplier = world.suppliers[i]
    parent = uniform_index(seen, seed, week, maker.key, ENTRANT_PARENT, 0)
    for _ in range(seen):
        if world.suppliers[parent].standing != STOPPED:
            break
        parent = (parent + 1) % seen
    if uniform(seed, week, maker.key, FOREIGN, 0) < params[0].entry_foreign_share:
        supplier.foreign = 1
    supplier.standing = IN_APPROVAL
    supplier.since = week
    supplier.capacity = params[0].workshop_accounts_initial_capacity
    supplier.expected_orders = world.suppliers[parent].expected_orders
    cash = params[0].prime_accounts_initial_cash if supplier.foreign == 1 else params[0].workshop_accounts_initial_cash
    pay_in(world, i, cash)
    design = world.published[parent].design
    total = world.published[parent].quality
    for flip in range(params[0].entry_flips):
        locus = uniform_index(world.landscape.neighbours.shape[0], seed, week, maker.key, ENTRANT_FLIP, flip)
        total += flip_difference(world.landscape, design, locus)
        design ^= bit(locus)
    row = new_product(world, params, i, design, total, world.published[parent].family)
    field_product(world, row, week, world.published[parent].estimate)
    world.flows[WORKSHOP].entered += 1


@rule
def approve(world, params, week):
    """Newcomers whose model has been examined long enough quote their terms and may be ordered from."""
    for i in range(world.economy[0].workshops):
        supplier = world.suppliers[i]
        if supplier.standing == IN_APPROVAL and week - supplier.since >= params[0].entry_approval_weeks:
            supplier.standing = ACTIVE
            supplier.since = week
            quote(world, i, params)
