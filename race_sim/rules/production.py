"""A maker's output of the week: given, or what its accounts allow; it enters the lots of the front."""

from race_sim.rules.arsenal import deliver_line, deliver_prime, deliver_workshop, weeks_to_batch
from race_sim.rules.compiler import rule
from race_sim.rules.delivery import build, build_given


@rule
def produce_workshop(world, i, params, week):
    """A workshop builds and delivers in the same week."""
    if params[0].money_accounts == 1:
        output = build(world, i, 0, params, week)
    else:
        output = build_given(world, i, params[0].workshops_weekly_output)
    deliver_workshop(world, i, output, params, week)


@rule
def produce_prime(world, i, params, week):
    """A prime builds towards its next batch."""
    if params[0].money_accounts == 1:
        output = build(world, i, weeks_to_batch(world, i, params, week), params, week)
    else:
        output = build_given(world, i, params[0].primes_weekly_output)
    deliver_prime(world, i, output, params, week)


@rule
def produce_line(world, i, params, week):
    """A joint line builds and delivers in the same week."""
    deliver_line(world, i, build(world, i, 0, params, week), week)
