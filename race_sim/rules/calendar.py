"""The start of a week: last week's results are cleared, so that every count below is this week's."""

from race_sim.firms import CONSTRAINTS, DRONE_FLOWS, MONEY_FLOWS, TREASURIES
from race_sim.records import KINDS
from race_sim.rules.compiler import rule


@rule
def begin_week(world):
    """Clear this week's sorties, outcomes and flows."""
    tally = world.tally[0]
    tally.columns = 0
    tally.countermeasures_fielded = 0
    tally.saturation = 1.0
    for kind in range(KINDS):
        tally.expected_hits[kind] = 0.0
        flow = world.flows[kind]
        flow.deliveries = 0
        flow.scrapped = 0
        flow.trial_sorties = 0
        flow.trial_hits = 0
        flow.expected_trial_hits = 0.0
        flow.fielded = 0
        flow.trials_judged = 0
        flow.trials_adopted = 0
        flow.copied = 0
        flow.capacity = 0
        flow.entered = 0
        flow.failed = 0
        for purpose in range(MONEY_FLOWS):
            flow.money[purpose] = 0
        for name in range(DRONE_FLOWS):
            flow.drones[name] = 0
        for constraint in range(CONSTRAINTS):
            flow.bound[constraint] = 0
    for slot in range(world.countermeasures.shape[0]):
        world.countermeasures[slot].engagements = 0.0
    for row in range(tally.product_rows):
        product = world.products[row]
        product.exported = 0
        product.sorties = 0
        product.stopped = 0
        product.hits = 0
        for module in range(product.losses.shape[0]):
            product.losses[module] = 0.0
    clear_economy(world)


@rule
def clear_economy(world):
    """Clear what treasuries received and paid this week, and what befell the economy."""
    for which in range(TREASURIES):
        treasury = world.treasuries[which]
        treasury.income = 0
        treasury.aid = 0
        treasury.released = 0
        treasury.paid = 0
        treasury.commission = 0
        treasury.imports = 0
        treasury.plants = 0
    economy = world.economy[0]
    economy.strikes = 0
    economy.strikes_stopped = 0
    economy.depots_struck = 0
    economy.rival_sales = 0
    economy.rival_weeks = 0
