"""What research money buys: mutants on a workshop's bench, evaluations in a prime's search. Breadth, not tempo."""

import math

from race_sim.rules.accounts import spend_on_research
from race_sim.rules.compiler import rule


@rule
def bench_candidates(world, i, cycle, params):
    """Mutants a workshop tests this cycle, paid for out of what it has set aside; without accounts a given number."""
    if params[0].money_accounts == 0:
        return params[0].workshops_bench_candidates_per_week * cycle
    cost = params[0].workshop_accounts_candidate_cost
    candidates = min(world.suppliers[i].research // cost, params[0].workshop_accounts_most_candidates_per_week * cycle)
    spend_on_research(world, i, candidates * cost)
    return candidates


@rule
def evaluations_due(world, i, elapsed, weeks, params, week):
    """Evaluations that a prime's programme has behind it once this week's are made.

    Under accounts they are what its research money buys week by week, else a given number spread over the programme;
    so too are those of a programme that was under way when the race began.
    """
    maker = world.makers[i]
    if params[0].money_accounts == 0 or week == 0:
        return int(math.floor(params[0].primes_search_evaluations * (elapsed / weeks)))
    cost = params[0].prime_accounts_evaluation_cost
    bought = min(world.suppliers[i].research // cost, params[0].prime_accounts_most_evaluations_per_week)
    spend_on_research(world, i, bought * cost)
    return maker.evaluations + bought
