"""Dated lots of drones, in the order they were built, at the front or at their makers.

A drone leaves a lot only by flying or by another exit that is counted by its name.
"""

import math

from race_sim.firms import AT_FRONT, AT_MAKER, SCRAPPED_AT_MAKERS
from race_sim.records import FIELDED, FREE, ON_TRIAL
from race_sim.rules.compiler import rule
from race_sim.rules.lives import close_life
from race_sim.rules.products import free_product, shadowed


@rule
def open_lot(world, row, quantity, week, place):
    """Begin a lot of drones of one product, dated `week`. Raises IndexError where the world has no room for it."""
    if world.tally[0].lots >= world.lots.shape[0]:
        raise IndexError("no room for another lot: make room in the world first")
    lot = world.lots[world.tally[0].lots]
    lot.product = row
    lot.week = week
    lot.quantity = quantity
    lot.place = place
    world.tally[0].lots += 1


@rule
def add_lot(world, row, quantity, week):
    """Deliver drones of one product to the front."""
    if quantity > 0:
        open_lot(world, row, quantity, week, AT_FRONT)
        world.products[row].stock += quantity


@rule
def hold_unsold(world, i, quantity, week):
    """A maker keeps drones of its fielded design that nobody has ordered."""
    if quantity > 0:
        row = world.makers[i].product
        open_lot(world, row, quantity, week, AT_MAKER)
        world.products[row].kept += quantity
        world.suppliers[i].unsold += quantity


@rule
def release_unsold(world, i, quantity, kept):
    """A maker delivers drones it has held, the oldest first: they keep the date and design they were built with.

    The host of its plant keeps the oldest `kept` of them, which leave their lots for good.
    """
    for_host = kept
    for_front = quantity - kept
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if for_host + for_front == 0:
            break
        if lot.place != AT_MAKER or world.products[lot.product].maker != i or lot.quantity == 0:
            continue
        given = min(lot.quantity, for_host)
        for_host -= given
        lot.quantity -= given
        taken = min(lot.quantity, for_front)
        for_front -= taken
        world.products[lot.product].kept -= given + taken
        if taken < lot.quantity:
            lot.quantity -= taken
            add_lot(world, lot.product, taken, lot.week)
        elif taken > 0:
            lot.place = AT_FRONT
            world.products[lot.product].stock += taken
    world.suppliers[i].unsold -= quantity
    world.flows[world.makers[i].kind].deliveries += quantity - kept


@rule
def deliver_workshop(world, i, output, params, week):
    """A week's drones of a workshop for the front: a share for variants on trial, the rest of the fielded design."""
    on_trial = 0
    for s in range(world.trials.shape[1]):
        if world.trials[i, s].active == 1 and week <= world.trials[i, s].last_output:
            on_trial += 1
    trial_output = 0
    if on_trial > 0:
        due = params[0].workshops_trial_share * output
        trial_output = int(math.floor(due * (week + 1))) - int(math.floor(due * week))
        turn = 0
        for s in range(world.trials.shape[1]):
            trial = world.trials[i, s]
            if trial.active == 1 and week <= trial.last_output:
                place = (turn + week) % on_trial
                share = trial_output // on_trial
                if place < trial_output % on_trial:
                    share += 1
                add_lot(world, trial.product, share, week)
                turn += 1
    add_lot(world, world.makers[i].product, output - trial_output, week)
    world.flows[world.makers[i].kind].deliveries += output


@rule
def weeks_to_batch(world, i, params, week):
    """Weeks until a prime delivers its next batch; 0 in the week of it."""
    weeks = params[0].primes_batch_weeks
    return (weeks - (week + world.makers[i].number) % weeks) % weeks


@rule
def deliver_prime(world, i, output, params, week):
    """A prime's week of output joins its backlog, which it delivers whole, every `batch_weeks` weeks."""
    maker = world.makers[i]
    maker.backlog += output
    if weeks_to_batch(world, i, params, week) == 0:
        add_lot(world, maker.product, maker.backlog, week)
        world.flows[maker.kind].deliveries += maker.backlog
        maker.backlog = 0


@rule
def deliver_line(world, i, output, week):
    """A joint line delivers what it builds in the same week."""
    add_lot(world, world.makers[i].product, output, week)
    world.flows[world.makers[i].kind].deliveries += output


@rule
def scrap_expired(world, params, week):
    """Scrap every lot that has reached its shelf life, and count it."""
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.quantity > 0 and week - lot.week >= params[0].arsenal_shelf_life_weeks:
            product = world.products[lot.product]
            if lot.place == AT_FRONT:
                product.stock -= lot.quantity
                world.flows[product.kind].scrapped += lot.quantity
            else:
                product.kept -= lot.quantity
                world.suppliers[product.maker].unsold -= lot.quantity
                world.flows[product.kind].drones[SCRAPPED_AT_MAKERS] += lot.quantity
            lot.quantity = 0


@rule
def line_up(world):
    """List the products in stock in the order of their oldest lots, which does not depend on the rows they hold."""
    tally = world.tally[0]
    for row in range(tally.product_rows):
        world.columns.slots[row] = 0
    tally.lineup = 0
    for n in range(tally.lots):
        lot = world.lots[n]
        if lot.quantity > 0 and lot.place == AT_FRONT and world.columns.slots[lot.product] == 0:
            world.columns.slots[lot.product] = 1
            world.columns.lineup[tally.lineup] = lot.product
            tally.lineup += 1


@rule
def draw_from_lots(world):
    """Take this week's sorties of each product out of its lots, oldest first: every sortie uses up its drone."""
    for row in range(world.tally[0].product_rows):
        world.columns.slots[row] = world.products[row].sorties
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        wanted = world.columns.slots[lot.product]
        if wanted > 0 and lot.place == AT_FRONT:
            taken = lot.quantity if lot.quantity < wanted else wanted
            lot.quantity -= taken
            world.columns.slots[lot.product] -= taken
            world.products[lot.product].stock -= taken


@rule
def tidy(world, params, week):
    """Close up the empty lots and free the product rows nothing refers to any more."""
    kept = 0
    for n in range(world.tally[0].lots):
        lot = world.lots[n]
        if lot.quantity > 0:
            if kept != n:
                target = world.lots[kept]
                target.product = lot.product
                target.week = lot.week
                target.quantity = lot.quantity
                target.place = lot.place
            kept += 1
    world.tally[0].lots = kept
    for row in range(world.tally[0].product_rows):
        product = world.products[row]
        if product.status == FREE or product.status == FIELDED or product.status == ON_TRIAL:
            continue
        if world.makers[product.maker].product == row or product.kept > 0:
            continue
        if product.stock == 0 and not shadowed(product, week + 1, params[0].measures_shadow_weeks):
            close_life(world.lives, product, params, week)
            free_product(world, row)
