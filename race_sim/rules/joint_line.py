"""Joint lines: a prime's plant and capital build a workshop's design, refreshed every few weeks."""

import math

from race_sim.firms import ACTIVE, BANKS, BORROWED, HANDED_ON, IN_APPROVAL, RING_WEEKS, STOPPED, TAKEN_OVER, TREASURIES
from race_sim.records import NEVER, NOBODY, PRIME
from race_sim.rules.accounts import book, free_cash, owe, party, pay, repay
from race_sim.rules.compiler import rule
from race_sim.rules.products import field_product, new_product
from race_sim.rules.settlement import retire_designs, scrap_at_maker, stop_maker
from race_sim.rules.terms import quote

PARTS_OF_PLANT = 2  # a line takes at most one of so many parts of its prime's plant


@rule
def first_line(world):
    """Row of the first place for a joint line: they come after all other makers."""
    return world.makers.shape[0] - world.economy[0].line_places


@rule
def is_agreed(supplier):
    """Whether a joint line is being set up or runs."""
    return supplier.standing == IN_APPROVAL or supplier.standing == ACTIVE


@rule
def lines_of(world, partner):
    """Joint lines agreed with a prime or a workshop."""
    count = 0
    for i in range(first_line(world), world.makers.shape[0]):
        supplier = world.suppliers[i]
        if is_agreed(supplier) and (supplier.prime == partner or supplier.workshop == partner):
            count += 1
    return count


@rule
def has_running_line(world, prime):
    """Whether a prime has a joint line that runs."""
    for i in range(first_line(world), world.makers.shape[0]):
        if world.suppliers[i].standing == ACTIVE and world.suppliers[i].prime == prime:
            return True
    return False


@rule
def prime_for_line(world):
    """The active prime with the fewest lines, of those the one with most plant; or NOBODY."""
    chosen = NOBODY
    fewest = 0
    for i in range(world.trials.shape[0], first_line(world)):
        if world.makers[i].kind != PRIME or world.suppliers[i].standing != ACTIVE:
            continue
        lines = lines_of(world, i)
        if chosen == NOBODY or lines < fewest:
            chosen = i
            fewest = lines
        elif lines == fewest and world.suppliers[i].capacity > world.suppliers[chosen].capacity:
            chosen = i
    return chosen


@rule
def workshop_for_line(world):
    """The active workshop with the best reports that has no line yet; or NOBODY."""
    chosen = NOBODY
    for i in range(world.economy[0].workshops):
        if world.suppliers[i].standing != ACTIVE or lines_of(world, i) > 0:
            continue
        if chosen == NOBODY or world.published[i].estimate > world.published[chosen].estimate:
            chosen = i
    return chosen


@rule
def agree_lines(world, params, week):
    """Agree one more joint line while fewer stand than wanted; end the last one while more do."""
    economy = world.economy[0]
    standing = 0
    last = NOBODY
    for i in range(first_line(world), world.makers.shape[0]):
        if is_agreed(world.suppliers[i]):
            standing += 1
            last = i
    if standing > params[0].joint_lines_lines:
        end_line(world, last, week)
    if standing >= params[0].joint_lines_lines or economy.lines >= economy.line_places:
        return
    prime = prime_for_line(world)
    workshop = workshop_for_line(world)
    if prime == NOBODY or workshop == NOBODY:
        return
    supplier = world.suppliers[first_line(world) + economy.lines]
    supplier.standing = IN_APPROVAL
    supplier.since = week
    supplier.prime = prime
    supplier.workshop = workshop
    supplier.ready = NEVER
    economy.lines += 1


@rule
def hand_on(world, giver, taker, amount):
    """A prime and its line move cash between them."""
    pay(world, giver, taker, amount)
    book(world, giver, HANDED_ON, amount)
    book(world, taker, TAKEN_OVER, amount)


@rule
def open_line(world, i, params, week):
    """A line takes over plant and working capital of its prime, and begins with its workshop's design of today.

    It takes the plant that its part of the budget for joint lines needs, at most half of the prime's.
    """
    supplier = world.suppliers[i]
    prime = world.suppliers[supplier.prime]
    supplier.standing = ACTIVE
    supplier.since = week
    quote(world, i, params)
    orders = params[0].joint_lines_budget / max(1, params[0].joint_lines_lines) / supplier.price
    needed = int(math.ceil(orders * (1.0 + params[0].money_headroom)))
    supplier.capacity = min(params[0].joint_lines_capacity, needed, prime.capacity // PARTS_OF_PLANT)
    prime.capacity -= supplier.capacity
    working = supplier.capacity * supplier.cost * params[0].money_payment_weeks
    given = min(working, max(0, free_cash(world, supplier.prime)))
    hand_on(world, supplier.prime, i, given)
    supplier.expected_orders = min(float(supplier.capacity), orders)
    published = world.published[supplier.workshop]
    field_design(world, i, published.design, published.quality, published.family, params, week)


@rule
def field_design(world, i, design, total, family, params, week):
    """A line builds another design from next week on."""
    row = new_product(world, params, i, design, total, family)
    field_product(world, row, week, world.published[world.suppliers[i].workshop].estimate)


@rule
def integration_weeks(params):
    """Weeks to bring a design into production: as many for each standard, less what pilots save."""
    weeks = params[0].joint_lines_integration_weeks * params[0].primes_standards
    return max(0, weeks - params[0].joint_lines_pilot_weeks_saved)


@rule
def refresh_design(world, i, params, week):
    """Every `sync_weeks` a line takes its workshop's published design, and builds it once it is integrated.

    While it integrates one it takes no other.
    """
    supplier = world.suppliers[i]
    field_integrated(world, i, params, week)
    if supplier.ready == NEVER and (week - supplier.since) % params[0].joint_lines_sync_weeks == 0:
        published = world.published[supplier.workshop]
        if published.design != world.products[world.makers[i].product].design:
            supplier.pending_design = published.design
            supplier.pending_quality = published.quality
            supplier.pending_family = published.family
            supplier.ready = week + integration_weeks(params)
            field_integrated(world, i, params, week)


@rule
def field_integrated(world, i, params, week):
    """A line builds the design that it has integrated, if one is ready."""
    supplier = world.suppliers[i]
    if supplier.ready != NEVER and supplier.ready <= week:
        field_design(world, i, supplier.pending_design, supplier.pending_quality, supplier.pending_family, params, week)
        supplier.ready = NEVER


@rule
def run_line(world, i, params, week):
    """A week of a joint line: it opens when it is set up and has a budget, then follows its workshop.

    Without its prime it stops.
    """
    supplier = world.suppliers[i]
    if not is_agreed(supplier):
        return
    if world.suppliers[supplier.prime].standing == STOPPED:
        stop_line(world, i, week)
    elif supplier.standing == ACTIVE:
        refresh_design(world, i, params, week)
    elif week + 1 - supplier.since >= params[0].joint_lines_setup_weeks and params[0].joint_lines_budget > 0:
        open_line(world, i, params, week)


@rule
def stop_line(world, i, week):
    """A line whose prime has stopped ends with it."""
    if world.suppliers[i].standing == ACTIVE:
        stop_maker(world, i, week)
    else:
        world.suppliers[i].standing = STOPPED
        world.suppliers[i].since = week


@rule
def take_over(world, i, prime):
    """What a line is owed and the plant that is being built or repaired for it become its prime's."""
    for slot in range(RING_WEEKS):
        world.opening[slot, prime] += world.opening[slot, i]
        world.opening[slot, i] = 0
        for which in range(TREASURIES):
            world.invoices[slot, which, prime] += world.invoices[slot, which, i]
            world.invoices[slot, which, i] = 0
    line = world.suppliers[i]
    world.suppliers[prime].under_way += line.under_way
    world.suppliers[prime].invoiced += line.invoiced
    line.under_way = 0
    line.invoiced = 0


@rule
def end_line(world, i, week):
    """An agreement ends: plant, claims and cash go back to the prime, which takes over what the line owes."""
    supplier = world.suppliers[i]
    prime = supplier.prime
    if world.suppliers[prime].standing == STOPPED:
        stop_line(world, i, week)
        return
    if supplier.standing == ACTIVE:
        take_over(world, i, prime)
        debt = world.accounts[i].debt
        if debt > 0:
            pay(world, party(world, BANKS), prime, debt)
            owe(world, prime, debt)
            book(world, prime, BORROWED, debt)
            hand_on(world, prime, i, debt)
            repay(world, i, debt)
        hand_on(world, i, prime, world.accounts[i].cash)
        world.suppliers[prime].capacity += supplier.capacity
        supplier.capacity = 0
        supplier.expected_orders = 0.0
        scrap_at_maker(world, i)
        retire_designs(world, i, week)
    supplier.standing = STOPPED
    supplier.since = week
