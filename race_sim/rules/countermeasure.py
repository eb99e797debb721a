"""One countermeasure: its effect by Hamming distance, its installation, its spread over the front."""

from race_sim.parameter_table import COUNTERMEASURES_KIND_AREA, COUNTERMEASURES_KIND_POINT
from race_sim.rules.arithmetic import exponential, logistic, power
from race_sim.rules.bits import module_mask
from race_sim.rules.compiler import rule

DIFFUSION_STEEPNESS = 4.0  # logistic units between fielding and half of full reach: 1.8% at fielding


@rule
def effect_at(distance, breadth, params):
    """v(h) = peak(b) exp(-h^2 / 2 b^2), peak(b) = min(1, (b0 / b)^g): wider is weaker."""
    peak = power(params[0].countermeasures_reference_breadth / breadth, params[0].countermeasures_breadth_penalty)
    if peak > 1.0:
        peak = 1.0
    return peak * exponential(-(distance * distance) / (2.0 * breadth * breadth))


@rule
def chance_to_pass(countermeasure, chance, passing):
    """Fill `passing[h]`, the chance to get past at Hamming distance h, for a chance to be engaged."""
    for step in range(passing.shape[0]):
        passing[step] = 1.0 - chance * countermeasure.effect[step]


@rule
def diffusion_share(age, diffusion_weeks):
    """Share of full reach `age` weeks after fielding: logistic, one half at `diffusion_weeks`."""
    if diffusion_weeks <= 0.0:
        return 1.0
    return logistic(DIFFUSION_STEEPNESS * (age - diffusion_weeks) / diffusion_weeks)


@rule
def install(world, slot, team, module, pattern, breadth, full_reach, params, week):
    """Field a countermeasure in a slot; it acts from `week` on, replacing whatever stood there."""
    countermeasure = world.countermeasures[slot]
    bits = params[0].design_bits_per_module
    mask = module_mask(module, bits)
    countermeasure.standing = 1
    countermeasure.team = team
    countermeasure.module = module
    countermeasure.mask = mask
    countermeasure.pattern = pattern & mask
    countermeasure.breadth = breadth
    countermeasure.week = week
    countermeasure.full_reach = full_reach
    countermeasure.reach = full_reach * diffusion_share(0.0, params[0].teams_diffusion_weeks)
    countermeasure.fraction = 1.0
    countermeasure.engagements = 0.0
    countermeasure.stops = 0.0
    countermeasure.exposure = 0.0
    for step in range(bits + 1):
        countermeasure.effect[step] = effect_at(float(step), breadth, params)
    world.tally[0].countermeasures_fielded += 1


@rule
def spread(world, slot, params, week):
    """Bring the reach of a standing countermeasure to what it will be next week."""
    countermeasure = world.countermeasures[slot]
    if countermeasure.standing == 1:
        age = float(week + 1 - countermeasure.week)
        share = diffusion_share(age, params[0].teams_diffusion_weeks)
        countermeasure.reach = countermeasure.full_reach * share


@rule
def engagement_fraction(world, wanted, sorties, params):
    """Share of the engagements wanted that a countermeasure serves: 1 for area ones, min(1, k / E) for point ones."""
    kind = params[0].countermeasures_kind
    if kind == COUNTERMEASURES_KIND_AREA or wanted <= 0.0:
        return 1.0
    capacity = engagement_capacity(world, sorties, params)
    if wanted <= capacity:
        return 1.0
    return capacity / wanted


@rule
def engagement_capacity(world, sorties, params):
    """Engagements a week one point countermeasure can make, k: fixed, or growing with the attack."""
    if params[0].countermeasures_kind == COUNTERMEASURES_KIND_POINT:
        return params[0].countermeasures_capacity_per_week
    return params[0].countermeasures_capacity_ratio * sorties / world.countermeasures.shape[0]
