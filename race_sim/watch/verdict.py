"""Who is ahead in a race, and why: a verdict in words made of what was recorded in its last weeks alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.analysis.intervals import LEVEL, Estimate, ratio_estimate
from race_sim.records import CENTRAL, KIND_NAMES, PRIME, TOTAL, WORKSHOP
from race_sim.scenario.text import listed
from race_sim.watch.names import KIND_SINGULAR
from race_sim.watch.words import (
    counted,
    factor_text,
    known,
    number_text,
    rate_text,
    sentence,
    sentences,
    share_text,
    weeks_text,
)

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

WINDOW_WEEKS = 13
"""Weeks that a verdict looks back: a quarter."""
CHANCE_NOTED = 0.03
"""Size of the logarithm of the factor left to chance from which on it is told."""
DECIDED = 1.0
"""Size of the front balance at which it is decided."""

ROUNDING_DIGITS = 9
"""Digits of a share kept, so that what nobody countered is whole."""

Weeks = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Side:
    """One kind of maker over some weeks.

    Attributes:
        kind: WORKSHOP, PRIME or TOTAL.
        weeks: KIND_WEEK[weeks], what was recorded of it.
        saturation: f8[weeks], share of would-be hits that found a target.
        makers: how many of its kind there are.
    """

    kind: int
    weeks: Weeks
    saturation: npt.NDArray[np.float64]
    makers: int

    @property
    def name(self) -> str:
        """Its kind in a sentence: "workshops"."""
        return KIND_NAMES[self.kind]

    @property
    def sorties(self) -> int:
        """Sorties in these weeks."""
        return int(self.weeks["sorties"].sum())

    @property
    def hits(self) -> int:
        """Hits in these weeks."""
        return int(self.weeks["hits"].sum())

    @property
    def changes(self) -> int:
        """Designs put into production in these weeks."""
        return int(self.weeks["designs_fielded"].sum())

    @cached_property
    def rate(self) -> Estimate:
        """Hits a sortie, with an interval over weeks; without one of a single week.

        If nothing hit, the upper limit is the chance to hit at which as many sorties would still miss that often.
        """
        estimate = ratio_estimate(self.weeks["hits"], self.weeks["sorties"])
        if estimate.value == 0.0 and len(self.weeks) > 1:
            return Estimate(0.0, 0.0, 1.0 - ((1.0 - LEVEL) / 2.0) ** (1.0 / self.sorties))
        return estimate

    @property
    def unopposed(self) -> float:
        """Hits a sortie if no countermeasure had stood; NaN without sorties."""
        return self._possible / self.sorties if self.sorties else math.nan

    @property
    def passing(self) -> float:
        """Share of the hits possible unopposed that got past countermeasures, to be expected; NaN without any."""
        past = float((self.weeks["expected_hits"] / self.saturation).sum())
        return round(past / self._possible, ROUNDING_DIGITS) if self._possible > 0.0 else math.nan

    @property
    def taken(self) -> float:
        """Share of them that countermeasures take; NaN without any."""
        return 1.0 - self.passing

    @property
    def stock(self) -> int:
        """Drones in the arsenal after the last week."""
        return int(self.weeks["stock"][-1])

    @property
    def stock_age(self) -> float:
        """Their mean age in weeks; NaN without any."""
        return float(self.weeks["stock_age"][-1])

    @property
    def countered(self) -> float:
        """Share of them that countermeasures have robbed of half their success or more; NaN without any."""
        return float(self.weeks["stock_countered"][-1]) / self.stock if self.stock else math.nan

    @property
    def dropped(self) -> float:
        """Share of them that operators no longer fly; NaN without any."""
        return float(self.weeks["stock_dropped"][-1]) / self.stock if self.stock else math.nan

    @property
    def _possible(self) -> float:
        flown = self.weeks["sorties"] > 0
        return float((self.weeks["unopposed_success"][flown] * self.weeks["sorties"][flown]).sum())

    def row(self) -> dict[str, Any]:
        """The side as a row of a table; None where nothing was measured."""
        return {
            "kind": self.name,
            "sorties": self.sorties,
            "hits": self.hits,
            "rate": known(self.rate.value),
            "low": known(self.rate.low),
            "high": known(self.rate.high),
            "unopposed": known(self.unopposed),
            "taken": known(self.taken),
            "stock": self.stock,
            "stock_age": known(self.stock_age),
            "countered": known(self.countered),
            "changes": self.changes,
        }


def verdict(race: WatchedRace) -> dict[str, Any]:
    """Who is ahead over the last weeks, why, where the front stands, and how far to trust it.

    Ahead is who makes more hits a sortie, if the intervals over weeks do not overlap. Exchanging the records of
    workshops and primes exchanges their parts in every sentence. Stock is that after the last week.
    """
    first = max(0, race.week + 1 - WINDOW_WEEKS)
    sides = sides_of(race, first)
    flew = sorted((side for side in sides[:TOTAL] if side.sorties), key=lambda side: -side.rate.value)
    span = weeks_text(first, race.week)
    return {
        "leader": _leader(flew),
        "headline": sentence(_headline(flew, sides, span)),
        "why": sentences(_why(flew)),
        "front": front_text(race),
        "caution": caution_text(race, first),
        "window": [first, race.week],
        "rows": [side.row() for side in sides],
    }


def sides_of(race: WatchedRace, first: int) -> list[Side]:
    """Workshops, primes and both together from a week on."""
    parameters = race.scenario.parameters
    makers = {WORKSHOP: parameters.workshops.count, PRIME: parameters.primes.count}
    makers[TOTAL] = sum(makers.values())
    weeks = race.weekly[first : race.week + 1]
    return [Side(kind, weeks["kinds"][:, kind], weeks["saturation"], makers[kind]) for kind in makers]


def _apart(better: Side, other: Side) -> bool:
    """Whether the two intervals of hits a sortie do not overlap."""
    return better.rate.low is not None and other.rate.high is not None and better.rate.low > other.rate.high


def _leader(flew: list[Side]) -> str:
    if len(flew) < TOTAL:
        return "none"
    better, other = flew
    return better.name if _apart(better, other) else "level"


def _headline(flew: list[Side], sides: list[Side], span: str) -> str:
    if not flew:
        return f"nothing has flown in {span}"
    if len(flew) < TOTAL:
        return _attack_and_defence(flew[0], sides, span)
    better, other = flew
    high, low = rate_text(better.rate.value), rate_text(other.rate.value)
    if _apart(better, other):
        return f"{better.name} are ahead: {high} hits a sortie against {low} of {other.name}, {span}"
    if len(better.weeks) == 1:
        return (
            f"too early to say who is ahead: in the first week {better.name} made {high} hits a sortie, "
            f"{other.name} {low}"
        )
    return (
        f"no clear lead: {better.name} made {high} hits a sortie and {other.name} {low}, {span}, "
        "but the intervals overlap: no evidence either way"
    )


def _attack_and_defence(side: Side, sides: list[Side], span: str) -> str:
    """The headline where one kind of maker flies alone: what it makes, and what countermeasures leave of it."""
    idle = next(other for other in sides[:TOTAL] if other.kind != side.kind)
    alone = f"there are no {idle.name}" if idle.makers == 0 else f"{idle.name} flew nothing"
    return (
        f"{side.name} make {rate_text(side.rate.value)} hits a sortie, {span}, and countermeasures take "
        f"{share_text(side.taken)} of what their designs could do; {alone} to compare with"
    )


def _why(flew: list[Side]) -> list[str]:
    if len(flew) < TOTAL:
        return [_own(side) for side in flew]
    better, other = flew
    return [*_factors(better, other), _ages(better, other), _countered(better, other), *_efforts(better, other)]


def _own(side: Side) -> str:
    return (
        f"unopposed, designs of {side.name} would make {rate_text(side.unopposed)} hits a sortie; "
        f"{share_text(side.passing)} of that gets past countermeasures"
    )


def _factors(better: Side, other: Side) -> list[str]:
    """The ratio of hits a sortie as a product, the larger factor first, and what each factor is made of."""
    if other.hits == 0 or not (other.passing > 0.0 and better.passing > 0.0):
        return [_own(better), _own(other)]
    ratio = better.rate.value / other.rate.value
    designs, passing = better.unopposed / other.unopposed, better.passing / other.passing
    chance = ratio / (designs * passing)
    could = (
        f"unopposed, designs of {better.name} would make {rate_text(better.unopposed)} hits a sortie, "
        f"those of {other.name} {rate_text(other.unopposed)}"
    )
    taken = (
        f"countermeasures take {share_text(better.taken)} of what designs of {better.name} could do, "
        f"and {share_text(other.taken)} of those of {other.name}"
    )
    parts = [
        (designs, "from what designs could do unopposed", could),
        (passing, "from getting past countermeasures", taken),
    ]
    parts.sort(key=lambda part: -abs(math.log(part[0])))
    terms = [f"{factor_text(factor)} {words}" for factor, words, _ in parts]
    if abs(math.log(chance)) > CHANCE_NOTED:
        terms.append(f"{factor_text(chance)} from chance")
    product = f"{better.name} make {factor_text(ratio)} the hits a sortie of {other.name}: {', times '.join(terms)}"
    return [product, *(told for _, _, told in parts)]


def _ages(better: Side, other: Side) -> str:
    if not (better.stock and other.stock):
        return ""
    return (
        f"stock of {better.name} is {number_text(better.stock_age)} weeks old on average, "
        f"that of {other.name} {number_text(other.stock_age)}"
    )


def _countered(better: Side, other: Side) -> str:
    """What countermeasures have made of the stock of each side that has any, and what operators make of it."""
    stocked = [side for side in (better, other) if side.stock]
    if not any(side.countered or side.dropped for side in stocked):
        return ""
    halved = listed([f"{share_text(side.countered)} at {side.name}" for side in stocked])
    dropped = listed([f"{share_text(side.dropped)} at {side.name}" for side in stocked])
    return (
        f"of the stock left, countermeasures have halved the success of {halved}, and operators no longer fly {dropped}"
    )


def _efforts(better: Side, other: Side) -> list[str]:
    """How often designs change, and hits in all: who makes more of those may be the other."""
    often = " and ".join(
        f"a {KIND_SINGULAR[side.kind]} {number_text(side.changes / side.makers)} times" for side in (better, other)
    )
    more, fewer = (better, other) if better.hits >= other.hits else (other, better)
    return [
        f"in these weeks a new design went into production at {often}",
        f"in all, {more.name} made more hits: {counted(more.hits, 'hit')} in {counted(more.sorties, 'sortie')}, "
        f"against {number_text(fewer.hits)} in {number_text(fewer.sorties)} of {fewer.name}"
        if more.hits > fewer.hits
        else f"in all, both made {counted(more.hits, 'hit')}",
    ]


def front_text(race: WatchedRace) -> str:
    """Where the front balance stands for the three values of regeneration, and which are decided."""
    burn_in = race.scenario.parameters.run.burn_in_weeks
    if race.week < burn_in:
        return f"The front stands still until the burn-in ends with week {burn_in - 1}."
    balances = race.weekly["front_balance"][: race.week + 1]
    now = balances[-1]
    places = [f"{now[level]:+.2f} with {name}" for level, name in enumerate(BALANCE_NAMES)]
    stands = f"{_lean(now)}: {', '.join(places)} regeneration (+1: the attackers prevail, -1: the defenders)"
    decided = [
        f"decided with {name} regeneration in week {int((np.abs(balances[:, level]) >= DECIDED).argmax())}"
        for level, name in enumerate(BALANCE_NAMES)
        if abs(now[level]) >= DECIDED
    ]
    return " ".join(sentences([stands, "; ".join(decided)]))


def _lean(balance: npt.NDArray[np.float64]) -> str:
    if (balance > 0.0).all():
        return "the front leans to the attackers"
    if (balance < 0.0).all():
        return "the front leans to the defenders"
    if balance[CENTRAL] == 0.0:
        return "the front leans to nobody"
    return "who gains at the front depends on how fast the defenders regenerate"


def caution_text(race: WatchedRace, first: int) -> str:
    """How far a verdict on weeks from `first` on can be trusted."""
    burn_in = race.scenario.parameters.run.burn_in_weeks
    told = "One race is one draw: with another seed it may come out otherwise. `race-sim compare` runs many."
    if race.week < burn_in:
        return f"These weeks are warm-up (burn-in, to week {burn_in - 1}): both sides still start. {told}"
    if first < burn_in:
        return f"Weeks before {burn_in} are warm-up (burn-in) and still among these. {told}"
    return told
