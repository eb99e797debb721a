"""Workshops that build abroad: who is announced, whose plant is ever built, and when it opens."""

import math

from race_sim.firms import ACTIVE, ECONOMY, PARTNERS
from race_sim.parameter_table import ABROAD_CHOICE_MERIT
from race_sim.records import NEVER, NOBODY
from race_sim.rules.accounts import party, pay
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform
from race_sim.rules.purposes import CONVERSION, RELOCATION
from race_sim.rules.terms import plant_cost, quote
from race_sim.rules.treasury import uncommitted


@rule
def may_go(world, i):
    """Whether a workshop is at home and has not been announced."""
    supplier = world.suppliers[i]
    return supplier.standing == ACTIVE and supplier.abroad == 0 and supplier.announced == 0


@rule
def choose_emigrant(world, params, week, seed):
    """The workshop to be announced: by merit the best reported, by connection a connected one first; or NOBODY."""
    chosen = NOBODY
    best = -1.0
    for i in range(world.economy[0].workshops):
        if not may_go(world, i):
            continue
        score = world.published[i].estimate
        if params[0].abroad_choice != ABROAD_CHOICE_MERIT:
            score = world.suppliers[i].connected + uniform(seed, week, world.makers[i].key, RELOCATION, 0)
        if score > best:
            best = score
            chosen = i
    return chosen


@rule
def announce_move(world, params, week, seed):
    """While fewer firms are announced than planned, announce one; perhaps its plant is built, later than said.

    The partners' treasury pays for the plant; without the money for it nothing is announced.
    """
    economy = world.economy[0]
    if economy.announced >= params[0].abroad_firms:
        return
    i = choose_emigrant(world, params, week, seed)
    if i == NOBODY:
        return
    supplier = world.suppliers[i]
    cost = int(math.floor(supplier.capacity * plant_cost(world, i, params) * params[0].abroad_cost_ratio))
    if cost > uncommitted(world, PARTNERS):
        return
    if uniform(seed, week, world.makers[i].key, CONVERSION, 0) < params[0].abroad_conversion:
        pay(world, party(world, PARTNERS), party(world, ECONOMY), cost)
        world.treasuries[PARTNERS].plants += cost
        supplier.moves = week + int(math.floor(params[0].abroad_planned_weeks * params[0].abroad_slip + 0.5))
    supplier.announced = 1
    economy.announced += 1


@rule
def move_abroad(world, params, week):
    """Workshops whose plant abroad is ready move there."""
    for i in range(world.economy[0].workshops):
        supplier = world.suppliers[i]
        if supplier.standing == ACTIVE and supplier.moves != NEVER and supplier.moves <= week:
            supplier.abroad = 1
            supplier.moves = NEVER
            quote(world, i, params)
