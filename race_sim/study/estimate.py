"""How large a study is before anything is raced: points, races, time, bytes."""

from __future__ import annotations

import math
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from race_sim.errors import InputError
from race_sim.study.adoption import any_share
from race_sim.study.cost import Cost, in_blocks, race_cost
from race_sim.study.definition import Part, Range, Study, factor_levels
from race_sim.study.growth import sampled
from race_sim.study.points import Sample, combinations, points

SAMPLE = 12  # points of a part that are looked at
MOST_SAMPLED = 64  # points, trajectories or base samples of which these are taken
MOST_RACES = 1_000_000
MOST_SECONDS = 12 * 3600.0  # of one processor
MOST_OF_DISK = 0.5  # share of the free space
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0  # seconds
KILO = 1000.0


def count_points(study: Study, part: Part) -> int:
    """Points a part will have; at most as many if it is refined, or if levels of it fall together."""
    part = standing_in(study, part)
    if part.boundary is not None:
        panels = math.prod(len(factor_levels(one)) for one in part.factors.values() if not isinstance(one, Range))
        reference = part.boundary.reference
        if {part.boundary.x, part.boundary.y} <= set(reference):
            return panels * (part.boundary.budget + 1)
        return panels * part.boundary.budget * (2 if reference else 1)  # each point with that it is divided by
    if part.design == "grid":
        return math.prod(len(factor_levels(factor)) for factor in part.factors.values())
    groups = {"morris": len(part.factors) + 1, "saltelli": len(part.factors) + 2}
    return (part.points or 0) * groups.get(part.design, 1)


def study_costs(study: Study, parts: Sequence[Part], *, agents: bool = False) -> dict[str, Cost]:
    """What each part costs, judged by a few of its points; points that parts share are counted in each.

    Raises InputError if one of these points is wrong.
    """
    found = {}
    for part in parts:
        whole = standing_in(study, part)
        share = None if part.after is None else any_share
        some = [point.definition for point in points(study, whole, share, some_samples(study, whole))]
        cost = race_cost(some, 1, agents=agents)
        scale = count_points(study, part) * study.replicates_of(part) / cost.races
        found[part.name] = in_blocks(Cost(round(cost.races * scale), cost.seconds * scale, cost.bytes * scale))
    return found


def standing_in(study: Study, part: Part) -> Part:
    """A part with the first factors of its screen in place of those it will find; itself if it has none."""
    if part.screen is None:
        return part
    before = study.named(part.screen.part).factors
    return part.model_copy(update={"factors": dict(list(before.items())[: part.screen.most])})


def some_samples(study: Study, part: Part, count: int = SAMPLE) -> list[Sample]:
    """At most so many points of a part, spread over it: always the same ones.

    Of a grid, every level of every factor about as often as the others; of a sampled design, points evenly along it.
    """
    if part.design != "grid":
        few = list(sampled(study, part, 0, min(MOST_SAMPLED, part.points or count), 0))
        return [few[place] for place in np.unique(np.linspace(0, len(few) - 1, count).astype(np.int64))]
    levels = {name: factor_levels(factor) for name, factor in part.factors.items()}
    if math.prod(map(len, levels.values())) <= count:
        return list(map(Sample, combinations(part)))
    draws = np.random.default_rng(zlib.crc32(part.name.encode()))
    places = [draws.permutation(count) * len(one) // count for one in levels.values()]
    chosen = dict.fromkeys(zip(*(column.tolist() for column in places), strict=True))
    return [
        Sample({name: one[place] for (name, one), place in zip(levels.items(), row, strict=True)}) for row in chosen
    ]


def check_size(cost: Cost, directory: Path, workers: int, *, large: bool) -> None:
    """Raises InputError if a design is so large that the user should say so (`large`), or too large for the disk."""
    there = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    free = usage.free if usage.total else math.inf  # some file systems do not tell
    time = f"about {duration(cost.seconds / workers)} on {processors(workers)}"
    told = f"{cost.races:,} races, {time} and {size(cost.bytes)}"
    if cost.bytes > free:
        raise InputError(f"{directory}: the design is too large for the disk: {told}, where {size(free)} are free")
    if large:
        return
    if cost.races > MOST_RACES or cost.seconds > MOST_SECONDS or cost.bytes > MOST_OF_DISK * free:
        raise InputError(f"{directory}: the design is large: {told}; add --yes to run it all the same")


def duration(seconds: float) -> str:
    """A time in words: "40 seconds", "3.5 hours"."""
    for unit, length in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= 2 * length:
            return f"{_short(seconds / length, 2)} {unit}s"
    return f"{max(1, round(seconds))} second{'' if round(seconds) <= 1 else 's'}"


def size(count: float) -> str:
    """Bytes in words: "4.1 MB"."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < KILO:
            return f"{_short(count, 3)} {unit}"
        count /= KILO
    return f"{_short(count, 3)} TB"


def _short(value: float, digits: int) -> str:
    """A number to so many significant digits, without an exponent."""
    return f"{float(f'{value:.{digits}g}'):,.12g}"


def processors(count: int) -> str:
    """Processors in words."""
    return f"{count} processor{'' if count == 1 else 's'}"
