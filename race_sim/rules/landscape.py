"""Intrinsic quality: an NK landscape (Kauffman and Levin 1987; Kauffman 1993) in exact integers.

Contributions are integers in [0, 2**32), so that a sum over loci is exact and a flip can be followed by its
difference alone. Quality = sum / (loci * 2**32), in [0, 1).
"""

import numpy as np

from race_sim.parameter_table import LANDSCAPE_NEIGHBOURHOOD_RANDOM
from race_sim.rules.arithmetic import logistic
from race_sim.rules.bits import bit
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform, uniform_index
from race_sim.rules.purposes import LANDSCAPE_CONTRIBUTION, LANDSCAPE_NEIGHBOUR

CONTRIBUTION_UNITS = 4294967296.0  # 2**32 units make a contribution of 1
ATTEMPTS = 4096  # index words reserved for the neighbours of one locus


@rule
def raise_landscape(landscape, params, seed):
    """Draw the neighbours of every locus and its table of contributions, U(0, 1)."""
    loci, inputs = landscape.neighbours.shape
    for locus in range(loci):
        landscape.neighbours[locus, 0] = locus
        attempt = 0
        for place in range(1, inputs):
            if params[0].landscape_neighbourhood == LANDSCAPE_NEIGHBOURHOOD_RANDOM:
                fresh = False
                while not fresh:
                    other = uniform_index(loci, seed, 0, 0, LANDSCAPE_NEIGHBOUR, locus * ATTEMPTS + attempt)
                    attempt += 1
                    fresh = True
                    for earlier in range(place):
                        if landscape.neighbours[locus, earlier] == other:
                            fresh = False
            else:
                other = (locus + place) % loci
            landscape.neighbours[locus, place] = other
        entries = landscape.contributions.shape[1]
        for entry in range(entries):
            draw = uniform(seed, 0, 0, LANDSCAPE_CONTRIBUTION, locus * entries + entry)
            landscape.contributions[locus, entry] = int(draw * CONTRIBUTION_UNITS)
    index_touched(landscape)


@rule
def index_touched(landscape):
    """List, for every locus, the contributions its bit enters and the place it takes in their input."""
    loci, inputs = landscape.neighbours.shape
    filled = 0
    for locus in range(loci):
        landscape.touched_start[locus] = filled
        for other in range(loci):
            for place in range(inputs):
                if landscape.neighbours[other, place] == locus:
                    landscape.touched_locus[filled] = other
                    landscape.touched_place[filled] = place
                    filled += 1
    landscape.touched_start[loci] = filled


@rule
def contribution_entry(landscape, design, locus):
    """Which entry of its table a locus reads under this design."""
    entry = 0
    for place in range(landscape.neighbours.shape[1]):
        shifted = design >> np.uint64(landscape.neighbours[locus, place])
        entry |= np.int64(shifted & np.uint64(1)) << place
    return entry


@rule
def quality_sum(landscape, design):
    """Quality of a design in units of 2**-32 of one contribution, summed over loci."""
    total = 0
    for locus in range(landscape.neighbours.shape[0]):
        total += landscape.contributions[locus, contribution_entry(landscape, design, locus)]
    return total


@rule
def flip_difference(landscape, design, locus):
    """Change of the quality sum when `locus` of `design` is flipped."""
    difference = 0
    for touched in range(landscape.touched_start[locus], landscape.touched_start[locus + 1]):
        other = landscape.touched_locus[touched]
        before = contribution_entry(landscape, design, other)
        after = before ^ (1 << landscape.touched_place[touched])
        difference += landscape.contributions[other, after] - landscape.contributions[other, before]
    return difference


@rule
def quality(landscape, total):
    """Quality in [0, 1) of a quality sum."""
    return total / (landscape.neighbours.shape[0] * CONTRIBUTION_UNITS)


@rule
def unopposed_success(landscape, params, total):
    """p0: success a sortie of a design nobody counters, from its quality sum."""
    steepness = params[0].landscape_success_slope
    return params[0].landscape_success_max * logistic(
        steepness * (quality(landscape, total) - params[0].landscape_success_half)
    )


@rule
def climb(landscape, start, total, evaluations, seed, agent, purpose):
    """One-flip adaptive walk: try a random flip `evaluations` times, keep each that raises quality.

    Returns (design, quality sum, flips kept).
    """
    design = start
    kept = 0
    for evaluation in range(evaluations):
        locus = uniform_index(landscape.neighbours.shape[0], seed, 0, agent, purpose, evaluation)
        difference = flip_difference(landscape, design, locus)
        if difference > 0:
            design ^= bit(locus)
            total += difference
            kept += 1
    return design, total, kept
