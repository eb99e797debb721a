"""The start of a week: last week's results are cleared, so that every count below is this week's."""

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
    for slot in range(world.countermeasures.shape[0]):
        world.countermeasures[slot].engagements = 0.0
    for row in range(tally.product_rows):
        product = world.products[row]
        product.sorties = 0
        product.stopped = 0
        product.hits = 0
        for module in range(product.losses.shape[0]):
            product.losses[module] = 0.0
