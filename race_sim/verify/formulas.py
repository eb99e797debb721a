"""What the limits of the law predict, in plain Python and without a look at the law's own code."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


def success(quality: float, *, highest: float, slope: float, half: float) -> float:
    """Unopposed success a sortie: a logistic of intrinsic quality."""
    return highest / (1.0 + math.exp(-slope * (quality - half)))


def nk_quality(design: int, neighbours: Sequence[Sequence[int]], contributions: Sequence[Sequence[int]]) -> float:
    """Mean contribution, in [0, 1), of a design's loci; locus i reads its table at the bits of its neighbours."""
    total = 0
    for reads, table in zip(neighbours, contributions, strict=True):
        total += table[sum((design >> locus & 1) << place for place, locus in enumerate(reads))]
    return total / len(neighbours) / 2**32


def built_by_workshop(output: int, weeks: int) -> int:
    """Drones a workshop delivers in its first weeks."""
    return output * weeks


def built_by_prime(output: int, weeks: int, batch: int, number: int) -> int:
    """Drones prime `number` delivers in its first weeks: whole batches, in the weeks it is its turn."""
    turns = [week for week in range(weeks) if (week + number) % batch == 0]
    return output * (turns[-1] + 1) if turns else 0


def unstopped(sorties: float, capacity: float, countermeasures: int = 1) -> float:
    """Sorties past point countermeasures that never miss, each with this capacity (Hughes)."""
    return max(0.0, sorties - countermeasures * capacity)


def effect(distance: int, *, breadth: float, reference: float, penalty: float) -> float:
    """Chance that a countermeasure stops an engaged sortie, by Hamming distance."""
    peak = min(1.0, (reference / breadth) ** penalty)
    return float(peak * math.exp(-(distance**2) / (2.0 * breadth**2)))


def bit_differs(flips: float, bits: int) -> float:
    """Chance that a bit differs after a Poisson number of random flips, with replacement, of this mean."""
    return (1.0 - math.exp(-2.0 * flips / bits)) / 2.0


def binomial_mean(count: int, probability: float, function: Callable[[int], float]) -> float:
    """Mean of a function of a binomial number."""
    return sum(
        math.comb(count, k) * probability**k * (1.0 - probability) ** (count - k) * function(k)
        for k in range(count + 1)
    )


def neutralisation(flips: float, bits: int, effects: Sequence[float]) -> float:
    """Share of sorties stopped by a copy of the design taken this many flips ago, at full reach."""
    return binomial_mean(bits, bit_differs(flips, bits), lambda distance: effects[distance])


def neutralisation_variance(flips: float, bits: int, effects: Sequence[float]) -> float:
    """Variance over weeks of that share."""
    square = binomial_mean(bits, bit_differs(flips, bits), lambda distance: effects[distance] ** 2)
    return float(square - neutralisation(flips, bits, effects) ** 2)


def poisson_chances(mean: float, longest: int = 80) -> list[float]:
    """Chances of 0, 1, ... up to `longest`."""
    chances = [math.exp(-mean)]
    for count in range(1, longest + 1):
        chances.append(chances[-1] * mean / count)
    return chances


def pursued_neutralisation(rate: float, weeks: float, bits: int, effects: Sequence[float]) -> float:
    """The share stopped when a team copies, works 1 + Poisson(weeks - 1) weeks, fields and copies again.

    A copy that took x weeks meets designs x + 1, x + 2, ... weeks older, until the next has been worked out.
    """
    chances = poisson_chances(weeks - 1.0)
    lasting = [sum(chances[least:]) for least in range(len(chances))]
    total = 0.0
    for more, chance in enumerate(chances):
        for later, still in enumerate(lasting):
            if chance * still > 1e-12:
                total += chance * still * neutralisation(rate * (more + later + 2), bits, effects)
    return total / weeks


def local_optima(loci: int) -> float:
    """Mean number of local optima of an NK landscape with K = N - 1."""
    return float(2**loci / (loci + 1))


def flip_correlation(loci: int, interactions: int) -> float:
    """Correlation of quality at one flip, moments about 1/2."""
    return 1.0 - (interactions + 1) / loci


def quality_variance(loci: int) -> float:
    """Variance about 1/2 of the quality of a random design, pooled over landscapes."""
    return 1.0 / (12.0 * loci)


def climbed_quality(loci: int, evaluations: int) -> float:
    """Mean quality, with K = 0, after trying this many random flips from a random start: 2/3 in the end."""
    return 0.5 + (1.0 - (1.0 - 1.0 / loci) ** evaluations) / 6.0


def climbed_variance(loci: int, evaluations: int) -> float:
    """Its variance between landscapes: a locus holds the better of two contributions if tried, else any."""
    tried = 1.0 - (1.0 - 1.0 / loci) ** evaluations
    square = tried / 2.0 + (1.0 - tried) / 3.0
    return (square - (0.5 + tried / 6.0) ** 2) / loci
