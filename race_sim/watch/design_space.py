"""The design space: what flew and what stood against it, on a flat layout that is the same for every race.

A bit of a design is an arrow of length 1 that points the way its module lies. Where a design stands is the sum of its
arrows, halved: forward for a bit that is 1, backward for one that is 0. One flipped bit therefore moves a design by
a length of 1, and designs that differ in few bits stand close together. The reverse does not hold: 48 bits do not fit
into two dimensions, and designs far apart in bits may stand on the same spot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from race_sim.firms import STOPPED
from race_sim.records import KIND_NAMES, KINDS, NOBODY
from race_sim.watch.names import AgentId, maker_id, module_names
from race_sim.watch.sight import Sight, Standing

if TYPE_CHECKING:
    from race_sim.watch.history import History

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

MOST_POINTS = 400  # designs drawn, those with most sorties
MOST_TRAILS = 80  # makers whose moves are drawn, those with most sorties
MOST_DISCS = 120  # countermeasures drawn, those that stop most
CHASERS = (*KIND_NAMES[:KINDS], "countermeasures")
CHASE_WEEKS = 4  # weeks a mean place is over: primes deliver, and fly, in batches
LEAST_RADIUS = 0.5  # of a disc, in flips: half a bit, so that a disc around a single design can be seen
LEAST_COVERED = 0.005  # share of the sorties it meets below which a countermeasure counts as covering nothing
SPREADS_SHOWN = 4.0  # half width of the drawing, in standard deviations of random designs along an axis
PLACES = 2  # decimals of a position, in flips
SHARE_PLACES = 3  # decimals of a share
BLOCK = 1_000_000  # chances worked out at once, of countermeasures to stop designs
BITS_OF_A_DIGIT = 4  # of a design written in hexadecimal digits


@dataclass(frozen=True)
class Layout:
    """Where designs of so many modules and bits stand.

    Attributes:
        arrows: f8[loci, 2], the arrow of each bit, of length 1.
        axes: f8[modules, 2], the way each module's arrows point, or point away from.
        extent: half width of the square drawn, in flips; of random designs one in ten thousand stands outside.
    """

    arrows: Numbers
    axes: Numbers
    extent: float

    def place(self, designs: Words) -> Numbers:
        """f8[n, 2]: where designs stand, in flips from the middle of all designs."""
        return self.place_shares(bits_of(designs, len(self.arrows)))

    def place_shares(self, shares: Numbers) -> Numbers:
        """f8[n, 2]: where groups of designs stand on average, given the share of 1 of each bit, f8[n, loci]."""
        placed: Numbers = (shares - 0.5) @ self.arrows
        return placed


@lru_cache(maxsize=16)
def layout(modules: int, bits: int) -> Layout:
    """The layout of designs of so many modules, each of so many bits.

    The modules share half a turn. Within its part the arrows of a module are spread evenly, and every other one is
    turned round, so that the number of ones in a design does not matter.
    """
    locus = np.arange(modules * bits)
    module, bit = np.divmod(locus, bits)
    angles = math.pi / modules * (module + (bit + 0.5) / bits - 0.5)
    signs = np.where(bit % 2 == 0, 1.0, -1.0)
    arrows = signs[:, None] * _directions(angles)
    spread = 0.5 * math.sqrt(float((arrows**2).sum(axis=0).max()))
    return Layout(arrows, _directions(np.arange(modules) * math.pi / modules), SPREADS_SHOWN * spread)


def bits_of(designs: Words, loci: int) -> Numbers:
    """f8[n, loci]: the bits of designs, 0.0 or 1.0, lowest first."""
    places = np.arange(loci, dtype=np.uint64)
    return ((designs[:, None] >> places) & np.uint64(1)).astype(np.float64)


def _directions(angles: Numbers) -> Numbers:
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


@dataclass(frozen=True)
class Cover:
    """What the countermeasures of a week stop, each acting alone, and where the sorties flown and stopped stand.

    What one covers does not depend on how far it is built out: a new one, which reaches few sorties yet, has the same
    centre and radius as it will have at full reach.

    Attributes:
        stops: f8[m], sorties that each is expected to stop.
        covered: f8[m], sorties that each would be expected to stop if it met all of them.
        centre: f8[m, 2], mean place of the sorties covered; NaN where there are none.
        radius: f8[m], root of their mean squared distance from it, in flips.
        chase: f8[kinds + 1, 3], a row for each kind of maker and one for countermeasures: sorties flown or stopped, and
            the sums of x and of y over them.
    """

    stops: Numbers
    covered: Numbers
    centre: Numbers
    radius: Numbers
    chase: Numbers


def stopping_blocks(sight: Sight) -> Iterator[tuple[slice, Numbers]]:
    """`sight.stopping()` in blocks of rows, each with the countermeasures it is of; large races do not fill memory."""
    standing = sight.standing
    count = len(standing.slot)
    length = max(1, BLOCK // max(1, len(sight.flying.design)))
    for first in range(0, count, length):
        rows = slice(first, first + length)
        part = Standing(**{field.name: getattr(standing, field.name)[rows] for field in fields(Standing)})
        yield rows, replace(sight, standing=part).stopping()


_covers: WeakKeyDictionary[Sight, Cover] = WeakKeyDictionary()


def cover(sight: Sight) -> Cover:
    """What the countermeasures of a week stop; worked out once for each week that is remembered."""
    found = _covers.get(sight)
    if found is None:
        found = _covers[sight] = _cover(sight)
    return found


def layout_of(sight: Sight) -> Layout:
    """The layout of the designs of a race."""
    params = sight.params[0]
    return layout(int(params["design_modules"]), int(params["design_bits_per_module"]))


def _cover(sight: Sight) -> Cover:
    flying = sight.flying
    places = layout_of(sight).place(flying.design)
    sorties = flying.sorties.astype(np.float64)
    weighted = np.column_stack([sorties, sorties[:, None] * places, sorties * (places**2).sum(axis=1)])
    standing = sight.standing
    all_met = replace(standing, reach=np.ones_like(standing.reach), fraction=np.ones_like(standing.fraction))
    moments = np.zeros((len(standing.slot), weighted.shape[1]))
    for rows, stopping in stopping_blocks(replace(sight, standing=all_met)):
        moments[rows] = stopping @ weighted
    covered = moments[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = moments[:, 1:3] / covered[:, None]
        variance = moments[:, 3] / covered - (centre**2).sum(axis=1)
    radius = np.sqrt(np.maximum(variance, 0.0))
    met = standing.reach * standing.fraction
    chase = [weighted[flying.kind == kind, :3].sum(axis=0) for kind in range(KINDS)]
    return Cover(met * covered, covered, centre, radius, np.array([*chase, met @ moments[:, :3]]))


def design_space(history: History) -> dict[str, Any]:
    """What flew and what stood against it in the newest week, and how both moved over the last weeks.

    Of a race with thousands of makers the designs, trails and countermeasures that matter most are drawn;
    "omitted_sorties", "omitted_trails" and "omitted_countermeasures" tell how much is left out.
    """
    sight = history.last
    space = layout_of(sight)
    points, omitted_sorties = _points(sight, space)
    trails, omitted_trails = _trails(history, space)
    discs = _discs(sight, space)
    names = module_names(len(space.axes))
    return {
        "extent": round(space.extent, PLACES),
        "axes": [{"module": name, "x": x, "y": y} for name, (x, y) in zip(names, _rounded(space.axes, 4), strict=True)],
        "points": points,
        "omitted_sorties": omitted_sorties,
        "discs": discs[:MOST_DISCS],
        "omitted_countermeasures": max(0, len(discs) - MOST_DISCS),
        "trails": trails,
        "omitted_trails": omitted_trails,
        "chase": _chase(history),
    }


def _rounded(values: Numbers, places: int = PLACES) -> list[Any]:
    rounded: list[Any] = (np.round(values, places) + 0.0).tolist()  # + 0.0 makes -0.0 into 0.0
    return rounded


@dataclass(frozen=True)
class Designs:
    """Designs flown in a week, one entry for each design and kind of maker, those with most sorties first.

    Attributes:
        design: u8[n].
        kind: i8[n], WORKSHOP, PRIME or JOINT_LINE.
        sorties: i8[n].
        countered: f8[n], share of these sorties expected to be stopped.
        makers: i8[n], how many makers flew it.
        maker: i8[n], row of the one of them with most sorties; of equals the first.
        family: i8[n], family of the design as that maker flew it.
        on_trial: bool[n], whether no maker flew it from its regular production.
    """

    design: Words
    kind: Integers
    sorties: Integers
    countered: Numbers
    makers: Integers
    maker: Integers
    family: Integers
    on_trial: npt.NDArray[np.bool_]


def designs_flown(sight: Sight) -> Designs:
    """The designs flown this week."""
    flying = sight.flying
    makers = len(sight.production.kind)
    _, number = np.unique(flying.design, return_inverse=True)
    _, first, group = np.unique(number * KINDS + flying.kind, return_index=True, return_inverse=True)
    groups = len(first)
    sorties = np.bincount(group, flying.sorties, groups)
    stopped = np.bincount(group, flying.sorties * (1.0 - flying.alive), groups)
    pairs, of_pair, pair = np.unique(group * makers + flying.maker, return_index=True, return_inverse=True)
    flown_by_pair = np.bincount(pair, flying.sorties, len(pairs))
    largest_first = np.lexsort((-flown_by_pair, pairs // max(makers, 1)))
    makers_of_group = np.bincount(pairs // max(makers, 1), minlength=groups)
    largest = of_pair[largest_first[np.cumsum(makers_of_group) - makers_of_group]]
    order = np.lexsort((flying.kind[first], flying.design[first], -sorties))
    return Designs(
        design=flying.design[first][order],
        kind=flying.kind[first][order],
        sorties=sorties.astype(np.int64)[order],
        countered=(stopped / np.maximum(sorties, 1.0))[order],
        makers=makers_of_group[order],
        maker=flying.maker[largest][order],
        family=flying.family[largest][order],
        on_trial=(np.bincount(group, ~flying.on_trial, groups) == 0)[order],
    )


def _points(sight: Sight, space: Layout) -> tuple[list[dict[str, Any]], int]:
    """The designs flown, and how many sorties those flew that are left out."""
    designs = designs_flown(sight)
    rows = sight.rows
    digits = -(-len(space.arrows) // BITS_OF_A_DIGIT)
    columns = (
        _rounded(space.place(designs.design[:MOST_POINTS])),
        designs.kind.tolist(),
        designs.sorties.tolist(),
        _rounded(designs.countered, SHARE_PLACES),
        designs.family.tolist(),
        designs.maker.tolist(),
        designs.makers.tolist(),
        designs.on_trial.tolist(),
        designs.design.tolist(),
    )
    points = [
        {
            "x": place[0],
            "y": place[1],
            "kind": KIND_NAMES[kind],
            "sorties": sorties,
            "countered": countered,
            "family": family,
            "maker": str(maker_id(maker, rows)),
            "makers": makers,
            "trial": on_trial,
            "stopped": bool(sight.production.standing[maker] == STOPPED),
            "design": f"{design:0{digits}x}",
        }
        for place, kind, sorties, countered, family, maker, makers, on_trial, design in zip(*columns, strict=False)
    ]
    return points, int(designs.sorties[MOST_POINTS:].sum())


def _discs(sight: Sight, space: Layout) -> list[dict[str, Any]]:
    """The countermeasures that acted, those that stop most first.

    "stops" is the share of all sorties that one is expected to stop now, alone; "covered" the share of the sorties it
    meets; "covers" whether that is more than next to nothing; "reach" and "fraction" the shares of sorties that it
    reaches, and of these that it could serve: their product is the share it meets.
    """
    standing, covered = sight.standing, cover(sight)
    sorties = int(sight.flying.sorties.sum())
    shares = covered.stops / max(sorties, 1)
    of_met = covered.covered / max(sorties, 1)
    covers = of_met >= LEAST_COVERED
    centres = np.where(covers[:, None], covered.centre, _pattern_places(sight, space))
    radii = np.where(covers, np.fmax(covered.radius, LEAST_RADIUS), LEAST_RADIUS)
    names = module_names(len(space.axes))
    places, radius, share, share_of_met, reach, fraction = (
        _rounded(centres),
        _rounded(radii),
        _rounded(shares, SHARE_PLACES),
        _rounded(of_met, SHARE_PLACES),
        _rounded(standing.reach, SHARE_PLACES),
        _rounded(standing.fraction, SHARE_PLACES),
    )
    return [
        {
            "x": places[n][0],
            "y": places[n][1],
            "radius": radius[n],
            "module": names[standing.module[n]],
            "team": str(AgentId("team", int(standing.team[n]))),
            "slot": int(standing.slot[n]),
            "since": int(standing.week[n]),
            "reach": reach[n],
            "fraction": fraction[n],
            "stops": share[n],
            "covered": share_of_met[n],
            "covers": bool(covers[n]),
        }
        for n in np.lexsort((standing.slot, -shares)).tolist()
    ]


def _pattern_places(sight: Sight, space: Layout) -> Numbers:
    """f8[m, 2]: where the designs of the week would stand if their module were what each countermeasure counters."""
    flying, standing, loci = sight.flying, sight.standing, len(space.arrows)
    sorties = flying.sorties.sum()
    mean = flying.sorties @ bits_of(flying.design, loci) / sorties if sorties > 0 else np.full(loci, 0.5)
    countered = bits_of(standing.mask, loci) == 1.0
    return space.place_shares(np.where(countered, bits_of(standing.pattern, loci), mean))


def _trails(history: History, space: Layout) -> tuple[list[dict[str, Any]], int]:
    """How designs in production moved, and how many makers that moved are left out."""
    sight = history.last
    produced = _produced(history)
    moved = np.flatnonzero((produced[1:] != produced[:-1]).any(axis=0))
    makers = len(sight.production.kind)
    sorties = np.bincount(sight.flying.maker, sight.flying.sorties, makers)
    drawn = np.sort(moved[np.argsort(-sorties[moved], kind="stable")][:MOST_TRAILS])
    paths = produced[:, drawn]
    new = np.ones(paths.shape, bool)
    new[1:] = paths[1:] != paths[:-1]
    places = np.round(space.place(paths.ravel()), PLACES).reshape(*paths.shape, 2) + 0.0
    rows = sight.rows
    trails = [
        {
            "kind": KIND_NAMES[sight.production.kind[maker]],
            "maker": str(maker_id(maker, rows)),
            "path": places[new[:, n], n].tolist(),
        }
        for n, maker in enumerate(drawn.tolist())
    ]
    return trails, len(moved) - len(drawn)


def _produced(history: History) -> Words:
    """u8[weeks, makers]: designs in production, before a maker had one its first; of those without one now, none."""
    produced = np.array([earlier.production.design for earlier in history.sights])
    building = np.array([earlier.production.family != NOBODY for earlier in history.sights])
    produced[:, ~building[-1]] = 0
    for maker in np.flatnonzero(building[-1] & ~building.all(axis=0)).tolist():
        first = int(building[:, maker].argmax())
        produced[:first, maker] = produced[first, maker]
    return produced


def _chase(history: History) -> dict[str, list[Any]]:
    """Mean places of sorties flown and stopped, each over `CHASE_WEEKS` weeks, oldest first; none where none flew."""
    sums = np.cumsum([cover(sight).chase for sight in history.sights], axis=0)
    sums[CHASE_WEEKS:] -= sums[:-CHASE_WEEKS].copy()
    whole = sums[min(CHASE_WEEKS, len(sums)) - 1 :]
    return {
        name: _rounded(whole[whole[:, row, 0] > 0, row, 1:] / whole[whole[:, row, 0] > 0, row, :1])
        for row, name in enumerate(CHASERS)
    }
