"""What a difference in hits between two sets of races is made of: an exact account, run by run.

The hits a week of one kind of maker in a run are

    hits = chance + n x,    n = P g s

with P the sorties that crews and stock allow, g the share of them that is flown (operators ground designs they have
dropped, and crews stay idle), s the share of would-be hits that find a target left, x the expected success of what
flew, a sortie that finds its target, and chance what the draws added. x and g are split into steps, each a
difference between recorded numbers:

    starting       D_frozen                g_frozen              had makers never changed a design
    movement       D_blind - D_frozen      g_blind - g_frozen    had they changed as often, but blindly
    evidence       D - D_blind             g - g_blind           what aiming and judging added to that
    defence        F - D                                         the defence could not serve all it wanted to engage
    choice         C - F                                         which makers flew, and in which weeks
    obsolescence   R - C                                         what flew was built to older designs
    trials         x - R                                         unproven variants flew among it

F is the success of designs in production, a mean over makers and weeks, and D the same had no countermeasure been
saturated; D_frozen, g_frozen and D_blind, g_blind are those of twin races. C is F with the sorties flown as weights, R
what flew with trials left out; C, R and x are averages over weeks with the run's own n as weights. No weights of a
run's own touch its twins: twins that do not differ have no difference to account for.

Between races A and B each product is split by the midpoint rule, which for two factors is Shapley's: of M x, B has
mean(M) (x_B - x_A) + mean(x) (M_B - M_A) more than A. Products of more factors are split from the outside in, as
nested above. Every term changes its sign when A and B change places, and the terms of a run add up to its
difference. All factors are taken over all measured weeks, not week by week: deliveries in bursts would otherwise
pass for a difference in capacity.

The account is kept for each kind of maker and added up. Where a kind could fly but did not, because all of it is
grounded, its x counts as equal to the other side's: the loss is in g. Means over weeks leave out those in which no
maker of the kind was at work; where a twin has none at all, its steps are 0. Where one side has a kind of maker that
the other does not have at all, each side's force is accounted for as a whole (`Account.together`): else all of the
kind would pass for capacity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.frames import shares
from race_sim.records import KINDS, TOTAL

Floats = npt.NDArray[np.float64]
Weeks = npt.NDArray[Any]

TWIN_STEPS = ("starting", "movement", "evidence")
"""Steps that success and the share flown have in common."""
STEPS = (*TWIN_STEPS, "defence", "choice", "obsolescence", "trials")
"""Steps of success."""
TERMS = ("starting", "movement", "evidence", "choice", "obsolescence", "trials", "capacity", "chance")
"""Terms of a difference, in the order in which they are shown."""
PARTS = {
    **{f"{name}_{what}": name for name in TWIN_STEPS for what in ("success", "flown")},
    "capacity_sorties": "capacity",
    "capacity_targets": "capacity",
    "capacity_defence": "capacity",
}
"""Parts of terms, each with the term it belongs to."""


def grounded(weekly: Weeks, crews: Weeks) -> Floats:
    """Sorties that operators did not fly for grounding designs: [runs, weeks, kinds].

    Dropped drones in stock could have been flown by crews that had nothing else to fly. Each could have flown once:
    what is taken from the stock here is gone in later weeks. Kinds of maker take crews in proportion to what is left.

    Args:
        weekly: WEEK[runs, weeks] from week 0 on.
        crews: of each of these weeks.
    """
    kinds = weekly["kinds"]
    dropped = kinds["stock_dropped"][:, :, :KINDS].astype(np.float64)
    idle = np.maximum(crews - kinds["sorties"][:, :, TOTAL], 0)
    left = np.zeros_like(dropped[:, 0])
    taken = np.zeros_like(dropped)
    before = np.zeros_like(left)
    for week in range(dropped.shape[1]):
        left = np.maximum(left + dropped[:, week] - before, 0.0)
        before = dropped[:, week]
        share = shares(np.minimum(idle[:, week], left.sum(axis=1)), left.sum(axis=1))
        taken[:, week] = left * np.nan_to_num(share)[:, np.newaxis]
        left = left - taken[:, week]
    return taken


@dataclass(frozen=True, eq=False)
class Flights:
    """Races as the account sees them, in measured weeks.

    Attributes:
        weekly: WEEK[runs, weeks].
        grounded: sorties that operators did not fly for grounding designs, [runs, weeks, kinds].
    """

    weekly: Weeks
    grounded: Floats

    @classmethod
    def of(cls, weekly: Weeks, crews: Weeks, first_week: int) -> Flights:
        """From records and crews of all weeks."""
        return cls(weekly[:, first_week:], grounded(weekly, crews)[:, first_week:])

    def possible(self, kind: int) -> Floats:
        """Sorties a week that crews and stock allow, [runs]."""
        flown = self.weekly["kinds"]["sorties"][:, :, kind]
        return np.asarray((flown + self.grounded[:, :, kind]).mean(axis=1))

    def share(self, kind: int) -> Floats:
        """Share of the possible sorties that was flown in each run, NaN where none was possible."""
        return shares(self.weekly["kinds"]["sorties"][:, :, kind].mean(axis=1), self.possible(kind))

    def served(self, kind: int) -> Floats:
        """Success of designs in production had no countermeasure been saturated, [runs, weeks]."""
        return np.asarray(self.weekly["kinds"]["fielded_success_served"][:, :, kind])


@dataclass(frozen=True, eq=False)
class Account:
    """Factors of the hits of one kind of maker in each run over the measured weeks; every array is [runs].

    Attributes:
        hits: hits a week.
        chance: hits a week beyond what was to be expected.
        possible: sorties a week that crews and stock allow, P.
        flown: the steps of the share of them that is flown, g, by name (`TWIN_STEPS`); NaN where none is possible.
        targets: share of would-be hits that find a target left, s, weighted by sorties; NaN without sorties.
        success: the steps of x by name (`STEPS`), in hits a sortie that finds its target; NaN without sorties.
    """

    hits: Floats
    chance: Floats
    possible: Floats
    flown: dict[str, Floats]
    targets: Floats
    success: dict[str, Floats]

    @classmethod
    def of(cls, own: Flights, frozen: Flights, blind: Flights, kind: int) -> Account:
        """From the races of a scenario and of its twins."""
        kinds = own.weekly["kinds"][:, :, kind]
        targets = own.weekly["saturation"]
        sorties, hits = kinds["sorties"], kinds["expected_hits"]
        effective = sorties * targets
        proven = (sorties - kinds["trial_sorties"]) * targets
        fielded = kinds["fielded_success"]
        in_production = (frozen.served(kind), blind.served(kind), own.served(kind), fielded)
        as_flown = (
            np.where(proven > 0, kinds["current_success"], fielded),
            np.where(proven > 0, shares(hits - kinds["expected_trial_hits"], proven), fielded),
            shares(hits, effective),
        )
        weeks = sorties.shape[1]
        flew = effective.any(axis=1)
        levels = [np.where(flew, _known_mean(level), np.nan) for level in in_production]
        levels += [_weighted(level, effective) for level in as_flown]
        return cls(
            hits=kinds["hits"].sum(axis=1) / weeks,
            chance=(kinds["hits"].sum(axis=1) - hits.sum(axis=1)) / weeks,
            possible=own.possible(kind),
            flown=_steps(TWIN_STEPS, _unbroken([one.share(kind) for one in (frozen, blind, own)])),
            targets=shares(effective.sum(axis=1), sorties.sum(axis=1)),
            success=_steps(STEPS, _unbroken(levels)),
        )

    @classmethod
    def together(cls, accounts: Sequence[Account]) -> Account:
        """Several kinds of maker as one force: steps and shares of each count by what it can fly, or flew."""
        possible = _sum([one.possible for one in accounts])
        sorties = [one.sorties for one in accounts]
        effective = [flown * np.nan_to_num(one.targets) for flown, one in zip(sorties, accounts, strict=True)]
        return cls(
            hits=_sum([one.hits for one in accounts]),
            chance=_sum([one.chance for one in accounts]),
            possible=possible,
            flown={
                name: _mixed([one.flown[name] for one in accounts], [one.possible for one in accounts])
                for name in TWIN_STEPS
            },
            targets=_mixed([one.targets for one in accounts], sorties),
            success={name: _mixed([one.success[name] for one in accounts], effective) for name in STEPS},
        )

    @property
    def sorties(self) -> Floats:
        """Sorties flown a week."""
        return self.possible * np.nan_to_num(_total(self.flown))


def decompose(a: Account, b: Account) -> dict[str, Floats]:
    """Hits a week of B less those of A, run by run: every term of `TERMS` and every part of `PARTS`, each [runs].

    The terms add up to `b.hits - a.hits`, and the parts of a term to the term.
    """
    success = {name: _filled(a.success[name], b.success[name]) for name in STEPS}
    flown = {name: _filled(a.flown[name], b.flown[name]) for name in TWIN_STEPS}
    targets = _filled(a.targets, b.targets)
    possible = a.possible, b.possible
    whole_success, whole_flown = _sides(success), _sides(flown)
    sorties = possible[0] * whole_flown[0], possible[1] * whole_flown[1]
    effective = _mean(sorties[0] * targets[0], sorties[1] * targets[1])
    a_sortie = _mean(*whole_success) * _mean(*targets)
    of_success = {name: effective * _change(pair) for name, pair in success.items()}
    of_flown = {name: a_sortie * _mean(*possible) * _change(pair) for name, pair in flown.items()}
    found = {f"{name}_success": of_success.pop(name) for name in TWIN_STEPS}
    found |= {f"{name}_flown": values for name, values in of_flown.items()}
    found["capacity_sorties"] = a_sortie * _mean(*whole_flown) * _change(possible)
    found["capacity_targets"] = _mean(*whole_success) * _mean(*sorties) * _change(targets)
    found["capacity_defence"] = of_success.pop("defence")
    terms = {name: _sum([found[part] for part, of in PARTS.items() if of == name]) for name in PARTS.values()}
    return {**of_success, **terms, "chance": b.chance - a.chance, **found}


def added(terms: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    """Terms of several kinds of maker, added up."""
    return {name: _sum([one[name] for one in terms]) for name in terms[0]}


def _weighted(level: Floats, weights: Floats) -> Floats:
    """Mean over the second axis with these weights, NaN where they are all 0; what has no weight is not looked at."""
    known = np.where(weights > 0, weights * level, 0.0)
    return shares(known.sum(axis=1), weights.sum(axis=1))


def _known_mean(level: Floats) -> Floats:
    """Mean over the weeks in which there was a maker to have a design in production; NaN where there never was."""
    known = ~np.isnan(level)
    return shares(np.where(known, level, 0.0).sum(axis=1), known.sum(axis=1))


def _unbroken(levels: Sequence[Floats]) -> list[Floats]:
    """The levels with what is missing taken from the next one: a step that nothing was measured for is no step."""
    filled = list(levels)
    for place in reversed(range(len(filled) - 1)):
        filled[place] = np.where(np.isnan(filled[place]), filled[place + 1], filled[place])
    return filled


def _mixed(values: Sequence[Floats], weights: Sequence[Floats]) -> Floats:
    """Mean over kinds of maker with these weights, run by run; NaN where they are all 0."""
    return _weighted(np.nan_to_num(np.stack(values, axis=1)), np.stack(weights, axis=1))


def _steps(names: Sequence[str], levels: Sequence[Floats]) -> dict[str, Floats]:
    """The first level, then by how much each is above the one before."""
    rises = [levels[0], *(after - before for before, after in pairwise(levels))]
    return dict(zip(names, rises, strict=True))


def _filled(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Both with what is missing on one side taken from the other, and 0 where it is missing on both."""
    return (
        np.nan_to_num(np.where(np.isnan(one), other, one)),
        np.nan_to_num(np.where(np.isnan(other), one, other)),
    )


def _sides(steps: dict[str, tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Sums of the steps of A and of B."""
    return _sum([pair[0] for pair in steps.values()]), _sum([pair[1] for pair in steps.values()])


def _total(steps: dict[str, Floats]) -> Floats:
    return _sum(list(steps.values()))


def _sum(parts: Sequence[Floats]) -> Floats:
    return sum(parts, np.zeros_like(parts[0]))


def _mean(one: Floats, other: Floats) -> Floats:
    return (one + other) / 2.0


def _change(pair: tuple[Floats, Floats]) -> Floats:
    return pair[1] - pair[0]
