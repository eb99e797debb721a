"""The treasuries: what they receive, when joint money is held up, and how they divide their orders."""

import math

from race_sim.firms import ACTIVE, DONORS, ECONOMY, HOME, PARTNERS, TAXPAYERS
from race_sim.parameter_table import COALITION_RULE_UNANIMITY
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP
from race_sim.rules.accounts import party, pay
from race_sim.rules.arithmetic import power
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform
from race_sim.rules.purposes import VETO
from race_sim.rules.terms import WEEKS_A_YEAR

QUARTER_WEEKS = 13


@rule
def is_vetoed(params, week, seed):
    """Whether a dissenter holds up joint money this quarter; a coalition of the willing needs no consent."""
    if params[0].coalition_rule != COALITION_RULE_UNANIMITY:
        return False
    for state in range(params[0].coalition_dissenters):
        if uniform(seed, week // QUARTER_WEEKS, state, VETO, 0) < params[0].coalition_veto_chance:
            return True
    return False


@rule
def raise_level(world, which, growth, ceiling, week):
    """A budget grows by its yearly factor, up to the fiscal ceiling."""
    treasury = world.treasuries[which]
    if week > 0:
        treasury.level *= power(growth, 1.0 / WEEKS_A_YEAR)
    if treasury.level > ceiling:
        treasury.level = ceiling


@rule
def pass_joint_money(world, which, amount, params, week, seed):
    """What comes through of an amount of partners' money this week, with what was held up before; the rest waits."""
    treasury = world.treasuries[which]
    joint = int(math.floor(params[0].coalition_joint_share * amount))
    treasury.vetoed = 1 if is_vetoed(params, week, seed) else 0
    if treasury.vetoed == 1:
        treasury.withheld += joint
        return amount - joint
    share = 1.0
    if params[0].coalition_rule != COALITION_RULE_UNANIMITY:
        share = params[0].coalition_members_share
    treasury.released = int(math.floor(share * treasury.withheld))
    treasury.withheld = 0
    return amount - joint + int(math.floor(share * joint)) + treasury.released


@rule
def receive_home_budget(world, params, week, seed):
    """Taxpayers and donors fund the home treasury; aid is given as far as goodwill goes."""
    raise_level(world, HOME, params[0].treasuries_home_growth, params[0].treasuries_home_ceiling, week)
    treasury = world.treasuries[HOME]
    treasury.income = int(math.floor(params[0].treasuries_home_budget * treasury.level))
    willing = treasury.level * world.economy[0].goodwill
    partners = int(math.floor(params[0].treasuries_partner_aid * willing))
    treasury.aid = pass_joint_money(world, HOME, partners, params, week, seed)
    treasury.aid += int(math.floor(params[0].treasuries_american_aid * willing))
    pay(world, party(world, TAXPAYERS), party(world, HOME), treasury.income)
    pay(world, party(world, DONORS), party(world, HOME), treasury.aid)


@rule
def receive_partner_budget(world, params, week, seed):
    """Partners' taxpayers fund their treasury, and a share of that buys other arms abroad."""
    raise_level(world, PARTNERS, params[0].treasuries_partner_growth, params[0].treasuries_partner_ceiling, week)
    treasury = world.treasuries[PARTNERS]
    budget = int(math.floor(params[0].treasuries_partner_budget * treasury.level))
    treasury.income = pass_joint_money(world, PARTNERS, budget, params, week, seed)
    pay(world, party(world, TAXPAYERS), party(world, PARTNERS), treasury.income)
    treasury.imports = int(math.floor(params[0].treasuries_import_share * treasury.income))
    treasury.released -= int(math.floor(params[0].treasuries_import_share * treasury.released))
    pay(world, party(world, PARTNERS), party(world, ECONOMY), treasury.imports)


@rule
def uncommitted(world, which):
    """Cash of a treasury beyond the invoices it has accepted."""
    return world.accounts[party(world, which)].cash - world.treasuries[which].committed


@rule
def money_to_spend(world, which):
    """What a treasury orders for this week: its income, and part of what it could not spend before.

    What was held up, or is left over, is spread over a quarter; makers know it for what it is, and expect the orders
    that steady income pays for.
    """
    treasury = world.treasuries[which]
    left = uncommitted(world, which)
    income = treasury.income + treasury.aid - treasury.released - treasury.imports
    spent = income + (left - income) // QUARTER_WEEKS if left > income else max(0, left)
    treasury.steady = income / spent if spent > income else 1.0
    return spent


@rule
def commission(price, params):
    """What intermediaries take on the average drone that the home treasury buys, in whole euros."""
    share = params[0].procurement_intermediary_share * params[0].procurement_intermediary_markup
    return int(math.floor(price * share + 0.5))


@rule
def reported_merit(world, i, exponent):
    """A workshop's reported success to a power: how much better it looks than another."""
    estimate = world.published[i].estimate
    if estimate <= 0.0:
        return 1.0 if exponent == 0.0 else 0.0
    return power(estimate, exponent)


@rule
def weigh_workshops(world, abroad, connected, exponent):
    """Weights of active workshops at home or abroad: capacity times reported merit; returns their sum.

    With `connected` only of those that are.
    """
    total = 0.0
    for i in range(world.makers.shape[0]):
        supplier = world.suppliers[i]
        world.shares[i] = 0.0
        if world.makers[i].kind != WORKSHOP or supplier.standing != ACTIVE or supplier.abroad != abroad:
            continue
        if connected and supplier.connected == 0:
            continue
        world.shares[i] = supplier.capacity * reported_merit(world, i, exponent)
        total += world.shares[i]
    return total


@rule
def weigh_by_capacity(world, kind):
    """Weights of the active makers of a kind by their capacity; returns their sum."""
    total = 0.0
    for i in range(world.makers.shape[0]):
        world.shares[i] = 0.0
        if world.makers[i].kind == kind and world.suppliers[i].standing == ACTIVE:
            world.shares[i] = float(world.suppliers[i].capacity)
            total += world.shares[i]
    return total


@rule
def place_orders(world, which, pot, total, params):
    """Divide a treasury's money in proportion to the weights, in whole drones; what is left over stays with it."""
    if total <= 0.0 or pot <= 0:
        return
    for i in range(world.makers.shape[0]):
        if world.shares[i] <= 0.0:
            continue
        supplier = world.suppliers[i]
        money = int(math.floor(pot * (world.shares[i] / total)))
        if which == HOME:
            supplier.home_orders += money // (supplier.price + commission(supplier.price, params))
        else:
            supplier.partner_orders += money // supplier.price


@rule
def order_for_home(world, params):
    """The home treasury spends all it has not committed: part on connected workshops, the rest by merit it can see."""
    pot = money_to_spend(world, HOME)
    kept = int(math.floor(params[0].procurement_crony_share * pot))
    connected = weigh_workshops(world, 0, True, 0.0)
    if connected > 0.0:
        place_orders(world, HOME, kept, connected, params)
        pot -= kept
    exponent = params[0].procurement_merit * (1.0 - params[0].procurement_secrecy)
    place_orders(world, HOME, pot, weigh_workshops(world, 0, False, exponent), params)


@rule
def order_earmarked(world, amount, pot, total, params):
    """The partners' treasury orders for an earmarked amount, as far as there is money; returns what is set aside."""
    if total <= 0.0:
        return 0
    aside = min(amount, pot)
    place_orders(world, PARTNERS, aside, total, params)
    return aside


@rule
def keep_steady(treasury, whole, earmarked):
    """Of a treasury's money earmarks take the steady part first; what is left of that is steady for the others."""
    if earmarked > 0 and whole > earmarked:
        treasury.steady = max(0.0, treasury.steady * whole - earmarked) / (whole - earmarked)


@rule
def order_for_partners(world, params):
    """The partners' treasury spends what is earmarked for workshops and joint lines, and the rest on primes.

    Money is set aside for those who are there to take it.
    """
    whole = money_to_spend(world, PARTNERS)
    pot = whole
    merit = params[0].procurement_merit
    if params[0].treasuries_home_funding > 0:
        total = weigh_workshops(world, 0, False, merit)
        pot -= order_earmarked(world, params[0].treasuries_home_funding, pot, total, params)
    if params[0].abroad_budget > 0:
        total = weigh_workshops(world, 1, False, merit)
        pot -= order_earmarked(world, params[0].abroad_budget, pot, total, params)
    if params[0].joint_lines_budget > 0:
        total = weigh_by_capacity(world, JOINT_LINE)
        pot -= order_earmarked(world, params[0].joint_lines_budget, pot, total, params)
    keep_steady(world.treasuries[PARTNERS], whole, whole - pot)
    place_orders(world, PARTNERS, pot, weigh_by_capacity(world, PRIME), params)
