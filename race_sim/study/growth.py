"""How the design of a study grows: its parts in waves, refinement, and what a user asks for beyond."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from race_sim.errors import InputError
from race_sim.scenario.text import shown
from race_sim.study.adoption import any_share, shares_of
from race_sim.study.cost import block_runs
from race_sim.study.definition import Level, Part, Range, Study, factor_levels, level_at
from race_sim.study.design import (
    Generation,
    Origin,
    Spot,
    levels_text,
    points_of,
    raced_scenarios,
    replicates_of,
    table_of,
)
from race_sim.study.points import AdoptedShare, Sample, combinations, points
from race_sim.study.refine import next_levels
from race_sim.study.sampling import latin_hypercube, morris_trajectories, saltelli, sobol_points
from race_sim.study.screen import screened

Unit = npt.NDArray[np.float64]
PartRows = Callable[[Part], pd.DataFrame]
"""Gives the rows of a part: one a point and seed, with its factors."""
Numbered = tuple[int, Spot]
"""A point with its number in its part."""
Checked = Callable[[int], None]
"""Told of every point that has been checked."""


class Growth:
    """Decides what is added to a design; all of it follows from the study and from rows already there.

    Args:
        study: what is run.
        wanted: parts of it, each after those it needs.
        agents: whether the Mesa driver races, which takes longer: blocks are smaller then.
        block: runs in a block, if not as many as take a second or two.
    """

    def __init__(self, study: Study, wanted: Sequence[Part], *, agents: bool = False, block: int | None = None) -> None:
        self.study, self.wanted = study, wanted
        self._agents, self._block = agents, block
        self._made: dict[str, list[Spot]] = {}

    def next(self, generations: Sequence[Generation], rows: PartRows) -> list[Generation]:
        """What comes next when all runs of the design are there: the next wave of parts, or points near a boundary.

        Empty when the study is complete. Raises InputError if a point is wrong.
        """
        there = {name for one in generations for name in one.parts}
        ready = [part for part in self.wanted if part.name not in there and part.needs in {None, *there}]
        if ready:
            first = {part.name: self._first(part, generations, rows) for part in ready}
            return self._generations(generations, "study", 0, first)
        refined = {part.name: self._refined(part, generations, rows) for part in self.wanted if part.refine is not None}
        return self._generations(generations, "boundary", 0, {name: spots for name, spots in refined.items() if spots})

    def check(self, checked: Checked) -> None:
        """Make all points of the parts wanted, as far as they are known before anything is raced.

        Raises InputError if one is wrong.
        """
        for part in self.wanted:
            if part.screen is not None:
                continue  # its factors are those of a part that is checked
            share = None if part.after is None else any_share
            made = []
            for point in points(self.study, part, share, first_samples(self.study, part)):
                made.append(Spot.of(point))
                checked(1)
            if part.after is None:
                self._made[part.name] = made

    def more_replicates(
        self, generations: Sequence[Generation], count: int, done: Collection[str] = ()
    ) -> list[Generation]:
        """As many further races at every point there is, but for points of parts that are `done`."""
        found: list[Generation] = []
        by_last: dict[int, list[str]] = {}
        for part in self.wanted:
            if part.name not in done and (last := replicates_of(generations, part.name)):
                by_last.setdefault(last, []).append(part.name)
        for last, names in sorted(by_last.items(), reverse=True):
            every = pd.concat([points_of(generations, name) for name in names], ignore_index=True)
            known = raced_scenarios((*generations, *found), last, last + count)
            every["raced"] = ~(every["scenario"].duplicated() | every["scenario"].isin(known))
            number = len(generations) + len(found)
            found.append(self._generation(number, "more-replicates", count, last, count, every))
        return found

    def more_points(
        self, generations: Sequence[Generation], count: int, rows: PartRows, done: Collection[str] = ()
    ) -> list[Generation]:
        """As many further points of every sampled part, base samples or trajectories where its design counts these.

        Parts that are `done` get none.

        Raises InputError if no part has a sampled design.
        """
        there = {name for one in generations for name in one.parts}
        added: dict[str, list[Numbered]] = {}
        sampled_parts = [part for part in self.wanted if part.design != "grid" and part.name in there]
        if not sampled_parts:
            raise InputError(
                f"study {self.study.name}: --more-points is for sampled designs, and all its parts are grids; "
                "more levels are another study"
            )
        for part in sampled_parts:
            if part.name in done:
                continue
            if part.refine is not None:
                added[part.name] = self._refined(part, generations, rows, more=count)
                continue
            whole = self.resolved(part, generations, rows)
            before = [one for one in generations if part.name in one.parts and one.origin != "more-replicates"]
            first = (part.points or 0) + sum(one.requested for one in before)
            samples = sampled(self.study, whole, first, count, len(before))
            added[part.name] = self._numbered(whole, generations, rows, samples)
        return self._generations(generations, "more-points", count, added)

    def resolved(self, part: Part, generations: Sequence[Generation], rows: PartRows) -> Part:
        """The part with the factors its screen has found; itself if it has none."""
        if part.screen is None:
            return part
        before = self.study.named(part.screen.part)
        if part.name in {name for one in generations for name in one.parts}:
            names = list(json.loads(points_of(generations, part.name)["levels"].iloc[0]))
        else:
            names = screened(before, part.screen, points_of(generations, before.name), rows(before))
        return part.model_copy(update={"factors": {name: before.factors[name] for name in names}})

    def _first(self, part: Part, generations: Sequence[Generation], rows: PartRows) -> list[Numbered]:
        if part.name in self._made:
            return list(enumerate(self._made[part.name]))
        whole = self.resolved(part, generations, rows)
        return self._numbered(whole, generations, rows, first_samples(self.study, whole))

    def _numbered(
        self, part: Part, generations: Sequence[Generation], rows: PartRows, samples: Iterable[Sample]
    ) -> list[Numbered]:
        """Further points of a part, numbered on from those it has."""
        found = points(self.study, part, self._share(part, generations, rows), samples)
        return list(enumerate(map(Spot.of, found), len(points_of(generations, part.name))))

    def _share(self, part: Part, generations: Sequence[Generation], rows: PartRows) -> AdoptedShare | None:
        if part.after is None:
            return None
        before = self.study.named(part.after)
        return shares_of(before.name, rows(before), list(self.resolved(before, generations, rows).factors))

    def _refined(self, part: Part, generations: Sequence[Generation], rows: PartRows, more: int = 0) -> list[Numbered]:
        """Points that refine a boundary; none once the budget is spent."""
        asked = [one.requested for one in generations if one.origin == "more-points" and part.name in one.parts]
        there = set(points_of(generations, part.name)["levels"])
        levels = next_levels(part, rows(part), more + sum(asked))
        fresh = {text: Sample(one) for one in levels if (text := levels_text(one)) not in there}
        return self._numbered(part, generations, rows, fresh.values())

    def _generations(
        self, before: Sequence[Generation], origin: Origin, requested: int, spots: Mapping[str, Sequence[Numbered]]
    ) -> list[Generation]:
        """A generation for each number of replicates among the parts."""
        alike: dict[int, dict[str, Sequence[Numbered]]] = {}
        for name, numbered in spots.items():
            replicates = replicates_of(before, name) or self.study.replicates_of(self.study.named(name))
            alike.setdefault(replicates, {})[name] = numbered
        made: list[Generation] = []
        for replicates, parts in sorted(alike.items(), reverse=True):  # what few need, many have raced already
            known = raced_scenarios((*before, *made), 0, replicates)
            number = len(before) + len(made)
            made.append(self._generation(number, origin, requested, 0, replicates, table_of(parts, known)))
        return made

    def _generation(
        self, number: int, origin: Origin, requested: int, first: int, replicates: int, table: pd.DataFrame
    ) -> Generation:
        definitions = list(table["definition"][table["raced"]])
        size = self._block or block_runs(definitions, agents=self._agents)
        study = self.study
        return Generation(
            number, origin, requested, first, replicates, study.first_seed, study.common_random_numbers, size, table
        )


def first_samples(study: Study, part: Part) -> Iterator[Sample]:
    """The points that a part begins with, in their order."""
    if part.design == "grid":
        yield from map(Sample, combinations(part))
    else:
        yield from sampled(study, part, 0, part.points or 0, 0)


def sampled(study: Study, part: Part, first: int, count: int, generation: int) -> Iterator[Sample]:
    """`count` further points of a sampled design that has `first` so far, in so many generations.

    In a part that is refined, lists are crossed and only ranges are sampled; the points that others are divided by
    come with them.
    """
    if part.boundary is None:
        for coordinates in unit_points(study, part, len(part.factors), first, count, generation):
            shares = zip(part.factors, coordinates, strict=True)
            yield Sample({name: level_at(part.factors[name], share) for name, share in shares}, tuple(coordinates))
        return
    lists = {name: factor_levels(factor) for name, factor in part.factors.items() if not isinstance(factor, Range)}
    ranges = {name: factor for name, factor in part.factors.items() if isinstance(factor, Range)}
    unit = unit_points(study, part, len(ranges), first, count, generation)
    seen: set[str] = set()
    for combination in product(*lists.values()):
        panel = dict(zip(lists, combination, strict=True))
        for coordinates in unit:
            along = {name: ranges[name].at(share) for name, share in zip(ranges, coordinates, strict=True)}
            here: dict[str, Level] = {name: {**panel, **along}[name] for name in part.factors}
            for point in (here, {**here, **part.boundary.reference}):
                if (text := levels_text(point)) not in seen:
                    seen.add(text)
                    yield Sample(point)


def unit_points(study: Study, part: Part, factors: int, first: int, count: int, generation: int) -> Unit:
    """Points of a sampled design in the unit cube, f8[points, factors]."""
    seed = study.design_seed + zlib.crc32(part.name.encode())
    match part.design:
        case "latin_hypercube":
            return latin_hypercube(factors, count, seed, generation)
        case "sobol":
            return sobol_points(factors, first, count, seed)
        case "saltelli":
            return saltelli(factors, first, count, seed)
        case "morris":
            return morris_trajectories(factors, count, seed, generation)
    raise InputError(f"design = {shown(part.design)} is not sampled")
