"""The workshop's cycle: judge what was tried, choose a parent, try something new."""

from race_sim.firms import ACTIVE, STOPPED
from race_sim.parameter_table import (
    WORKSHOPS_JUDGEMENT_CHANCE,
    WORKSHOPS_NETWORK_COMPLETE,
    WORKSHOPS_NETWORK_NONE,
    WORKSHOPS_NETWORK_RING,
    WORKSHOPS_STEP_PER_ELAPSED_WEEK,
)
from race_sim.records import NOBODY, RETIRED
from race_sim.rules.bits import bit
from race_sim.rules.compiler import rule
from race_sim.rules.draws import normal, poisson, uniform, uniform_index
from race_sim.rules.landscape import flip_difference, quality
from race_sim.rules.products import field_product, new_product
from race_sim.rules.purposes import (
    ADOPTION,
    BENCH_TEST,
    COPYING,
    FLIP,
    FLIP_COUNT,
    NETWORK_PEER,
    NETWORK_REWIRING,
    PEER_SAMPLE,
)
from race_sim.rules.reports import posterior_mean
from race_sim.rules.research import bench_candidates

FLIPS_RESERVED = 4096  # index words reserved for the flips of one bench candidate
FOUNDING_WEEK = 4294967295  # week word of the draws for the cycle under way when the race begins


@rule
def cycle_weeks(world, i, params):
    """Length of a workshop's design cycle: a plant abroad is farther from the front."""
    weeks = params[0].workshops_iteration_weeks
    if world.suppliers[i].abroad == 1:
        weeks += params[0].abroad_extra_weeks
    return weeks


@rule
def weeks_done(world, i, params, week):
    """Weeks of its cycle that workshop `i` has behind it as `week` begins; cycles are spread evenly over workshops."""
    cycle = cycle_weeks(world, i, params)
    return (week + world.makers[i].number * cycle // params[0].workshops_count) % cycle


@rule
def workshop_is_due(world, i, params, week):
    """Whether the cycle of workshop `i` ends with this week."""
    if params[0].workshops_adapts == 0 or world.suppliers[i].standing != ACTIVE:
        return False
    return weeks_done(world, i, params, week) == cycle_weeks(world, i, params) - 1


@rule
def evidence_weeks(weeks, params):
    """Weeks of a trial whose reports count: as many as can arrive by the end of its `weeks`, or all of them."""
    delay = params[0].feedback_delay_weeks
    return weeks - delay if weeks > delay else weeks


@rule
def trial_gain(world, i, s, params):
    """How much better a trial's variant looks than the fielded design over the same weeks; (gain, its estimate)."""
    trial = world.trials[i, s]
    weight = params[0].workshops_prior_weight
    fielded = posterior_mean(float(trial.fielded_hits), float(trial.fielded_sorties), world.makers[i].estimate, weight)
    variant = posterior_mean(float(trial.hits), float(trial.sorties), fielded, weight)
    return variant - fielded, variant


@rule
def may_be_judged(trial, params, week):
    """Whether the last report on a trial has arrived, and the weeks to approve a variant have passed since."""
    return trial.active == 1 and trial.due + params[0].entry_variant_approval_weeks <= week


@rule
def judge_trials(world, i, params, week, seed):
    """Judge, once, every trial whose last report has arrived: field the best variant that beats the fielded design.

    Under `judgement = chance` each is adopted with a given probability whatever the reports say.
    Returns the product row adopted, or NOBODY. Ties keep the fielded design.
    """
    chosen = NOBODY
    best_gain = 0.0
    estimate = world.makers[i].estimate
    for s in range(world.trials.shape[1]):
        trial = world.trials[i, s]
        if not may_be_judged(trial, params, week):
            continue
        if params[0].workshops_judgement == WORKSHOPS_JUDGEMENT_CHANCE:
            draw = uniform(seed, week, world.makers[i].key, ADOPTION, s)
            if draw < params[0].workshops_adoption_probability:
                chosen = s
        else:
            gain, variant_estimate = trial_gain(world, i, s, params)
            if gain > best_gain:
                best_gain = gain
                estimate = variant_estimate
                chosen = s
    adopted = NOBODY
    for s in range(world.trials.shape[1]):
        trial = world.trials[i, s]
        if not may_be_judged(trial, params, week):
            continue
        world.flows[world.makers[i].kind].trials_judged += 1
        trial.active = 0
        if s == chosen:
            adopted = trial.product
            field_product(world, adopted, week, estimate)
            world.flows[world.makers[i].kind].trials_adopted += 1
        else:
            world.products[trial.product].status = RETIRED
            world.products[trial.product].week_retired = week
    return adopted


@rule
def sample_peer(world, i, params, week, seed, n):
    """The n-th peer that workshop `i` looks at: a random other workshop it can see, or itself if it sees none."""
    workshops = world.economy[0].workshops
    key = world.makers[i].key
    if params[0].workshops_network == WORKSHOPS_NETWORK_COMPLETE:
        if workshops < 2:
            return i
        other = uniform_index(workshops - 1, seed, week, key, PEER_SAMPLE, n)
        return other + 1 if other >= i else other
    link = uniform_index(world.network.shape[1], seed, week, key, PEER_SAMPLE, n)
    if params[0].workshops_network == WORKSHOPS_NETWORK_RING:
        return ring_neighbour(i, link, max(1, params[0].workshops_count))
    return world.network[i, link]


@rule
def choose_parent(world, i, params, week, seed):
    """The maker whose published design the next variants start from: itself, or the best-looking peer sampled."""
    if params[0].workshops_network == WORKSHOPS_NETWORK_NONE:
        return i
    if uniform(seed, week, world.makers[i].key, COPYING, 0) >= params[0].workshops_copy_probability:
        return i
    parent = i
    for n in range(params[0].workshops_peers_sampled):
        peer = sample_peer(world, i, params, week, seed, n)
        if peer == i or world.suppliers[peer].standing == STOPPED:
            continue
        if parent == i or world.published[peer].estimate > world.published[parent].estimate:
            parent = peer
    if parent != i:
        world.flows[world.makers[i].kind].copied += 1
    return parent


@rule
def parent_design(world, i, parent):
    """What variants start from: its own fielded design as it is now, or a peer's as published; with its family."""
    if parent == i:
        product = world.products[world.makers[i].product]
        return product.design, product.quality, product.family
    published = world.published[parent]
    return published.design, published.quality, published.family


@rule
def most_losing_module(makers, i, params):
    """The module that reports blame for most stops, or NOBODY while none has been reported."""
    worst = NOBODY
    most = 0.0
    for module in range(params[0].design_modules):
        if makers[i].losses[module] > most:
            most = makers[i].losses[module]
            worst = module
    return worst


@rule
def mutant(landscape, design, total, module, candidate, key, elapsed, params, week, seed):
    """Candidate number `candidate`: a copy of a design with random flips, aimed at `module` unless it is NOBODY.

    One draw decides both whether a flip is aimed and where it falls. Flips are with replacement.
    Returns (design, quality sum).
    """
    mean = params[0].workshops_flips_per_step
    if params[0].workshops_step == WORKSHOPS_STEP_PER_ELAPSED_WEEK:
        mean *= elapsed
    flips = params[0].workshops_minimum_flips + poisson(mean, seed, week, key, FLIP_COUNT, candidate)
    bits = params[0].design_bits_per_module
    loci = params[0].design_modules * bits
    aimed_share = params[0].feedback_quality if module != NOBODY else 0.0
    for flip in range(flips):
        draw = uniform(seed, week, key, FLIP, candidate * FLIPS_RESERVED + flip)
        if draw < aimed_share:
            locus = module * bits + int(draw / aimed_share * bits)
        else:
            locus = int((draw - aimed_share) / (1.0 - aimed_share) * loci)
        if locus >= loci:
            locus = loci - 1
        total += flip_difference(landscape, design, locus)
        design ^= bit(locus)
    return design, total


@rule
def bench_test(world, i, start, start_total, candidates, params, week, seed):
    """Test so many mutants of one design on a noisy bench and keep the best few in `world.bench`; returns how many."""
    kept = 0
    wanted = params[0].workshops_variants_per_cycle
    elapsed = cycle_weeks(world, i, params) + params[0].entry_variant_approval_weeks
    noise = params[0].workshops_bench_noise
    key = world.makers[i].key
    module = most_losing_module(world.makers, i, params)
    for candidate in range(candidates):
        design, total = mutant(world.landscape, start, start_total, module, candidate, key, elapsed, params, week, seed)
        score = quality(world.landscape, total)
        if noise > 0.0:
            score += noise * normal(seed, week, key, BENCH_TEST, candidate)
        if kept == wanted and score <= world.bench[kept - 1].score:
            continue
        place = kept if kept < wanted else kept - 1
        while place > 0 and world.bench[place - 1].score < score:
            world.bench[place].score = world.bench[place - 1].score
            world.bench[place].design = world.bench[place - 1].design
            world.bench[place].quality = world.bench[place - 1].quality
            place -= 1
        world.bench[place].score = score
        world.bench[place].design = design
        world.bench[place].quality = total
        if kept < wanted:
            kept += 1
    return kept


@rule
def start_trial(world, i, design, total, family, params, week):
    """Put one variant on trial for a cycle from next week on; its product row, or NOBODY without a free slot."""
    return open_trial(world, i, design, total, family, cycle_weeks(world, i, params), params, week)


@rule
def open_trial(world, i, design, total, family, weeks, params, week):
    """Put one variant on trial for so many weeks from next week on; its product row, or NOBODY without a free slot."""
    for s in range(world.trials.shape[1]):
        trial = world.trials[i, s]
        if trial.active == 1:
            continue
        trial.active = 1
        trial.number = world.makers[i].trials_started
        world.makers[i].trials_started += 1
        trial.product = new_product(world, params, i, design, total, family)
        trial.start = week + 1
        trial.last_output = week + weeks
        trial.last_evidence = week + evidence_weeks(weeks, params)
        trial.due = trial.last_evidence + params[0].feedback_delay_weeks
        trial.sorties = 0
        trial.hits = 0
        trial.fielded_sorties = 0
        trial.fielded_hits = 0
        return trial.product
    return NOBODY


@rule
def try_variants(world, i, parent, params, week, seed):
    """Bench-test mutants of the parent's design and fly the best as this cycle's trials."""
    design, total, family = parent_design(world, i, parent)
    candidates = bench_candidates(world, i, cycle_weeks(world, i, params), params)
    kept = bench_test(world, i, design, total, candidates, params, week, seed)
    for n in range(kept):
        start_trial(world, i, world.bench[n].design, world.bench[n].quality, family, params, week)


@rule
def start_midway(world, i, params, seed):
    """Begin the race with a cycle under way: the variants of a bench test before week 0 fly until its first turn.

    Without it a workshop with a long cycle would sit idle until that turn, and learn from a trial only a cycle later.
    """
    if params[0].workshops_adapts == 0:
        return
    cycle = cycle_weeks(world, i, params)
    weeks = cycle - weeks_done(world, i, params, 0)
    design, total, family = parent_design(world, i, i)
    candidates = params[0].workshops_bench_candidates_per_week * cycle
    kept = bench_test(world, i, design, total, candidates, params, FOUNDING_WEEK, seed)
    for n in range(kept):
        open_trial(world, i, world.bench[n].design, world.bench[n].quality, family, weeks, params, -1)


@rule
def ring_neighbour(i, link, workshops):
    """Whom a workshop sees over a link of a ring lattice: near ones first, on either side in turn."""
    step = link // 2 + 1
    return (i + step) % workshops if link % 2 == 0 else (i - step + workshops) % workshops


@rule
def link_workshops(world, params, seed):
    """Lay out whom every workshop can see in a small world: a ring with rewired links (Watts and Strogatz 1998).

    The links of newcomers lead to workshops that were there at the start.
    """
    founders = max(1, params[0].workshops_count)
    for i in range(world.network.shape[0]):
        others = founders - 1 if i < founders else founders
        for n in range(world.network.shape[1]):
            peer = ring_neighbour(i, n, founders)
            if uniform(seed, 0, i, NETWORK_PEER, n) < params[0].workshops_network_rewiring:
                peer = uniform_index(others, seed, 0, i, NETWORK_REWIRING, n)
                if peer >= i:
                    peer += 1
            world.network[i, n] = peer
