"""The front: a balance that hits push one way and regeneration the other."""

from race_sim.records import BALANCES, CENTRAL, NEVER
from race_sim.rules.compiler import rule


@rule
def move_front(world, params, week):
    """Add (hits * value - regeneration) / scale to the balance, for three regenerations; +1 or -1 decides and stays.

    The front stands still during the burn-in, in which the attack has yet to meet its first countermeasures.
    """
    if week < params[0].run_burn_in_weeks:
        return
    tally = world.tally[0]
    hits = 0
    for column in range(tally.columns):
        hits += world.products[world.columns.row[column]].hits
    for level in range(BALANCES):
        if tally.decided[level] != NEVER:
            continue
        spread = params[0].front_regeneration_spread * (level - CENTRAL)
        regeneration = params[0].front_regeneration * (1.0 + spread)
        gain = hits * params[0].front_value_per_hit - regeneration
        tally.balance[level] += gain / params[0].front_scale
        if tally.balance[level] >= 1.0:
            tally.balance[level] = 1.0
            tally.decided[level] = week
        elif tally.balance[level] <= -1.0:
            tally.balance[level] = -1.0
            tally.decided[level] = week
