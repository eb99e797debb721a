"""Who is ahead in a race, and why: a verdict in words made of what was recorded in its last weeks alone."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.records import CENTRAL, KIND_NAMES
from race_sim.scenario.text import listed
from race_sim.watch.names import KIND_SINGULAR
from race_sim.watch.side import LEAST_WEEKS, Side, apart, sides_of
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
LEAST_SIDES = 2
"""Fewest kinds of maker that must have flown for one of them to be ahead."""
FACTOR_NOTED = 0.03
"""Size of the logarithm of a factor left to chance, or to targets that run out, from which on it is told."""
DECIDED = 1.0
"""Size of the front balance at which it is decided."""


def verdict(race: WatchedRace) -> dict[str, Any]:
    """Who is ahead over the last weeks, why, where the front stands, how far to trust it, and the whole race so far.

    Ahead is who makes more hits a sortie than every other kind, if they have intervals over weeks and its own does not
    overlap theirs; a kind that has flown too seldom for one is told apart where two others have one. Exchanging the
    records of workshops and primes exchanges their parts in every sentence. Stock is that after the last week.
    """
    first = max(0, race.week + 1 - WINDOW_WEEKS)
    sides = sides_of(race, first)
    flew = sorted((side for side in sides[:-1] if side.sorties), key=lambda side: -side.rate.value)
    span = weeks_text(first, race.week)
    return {
        "leader": _leader(flew),
        "headline": sentence(_headline(flew, sides, span)),
        "why": sentences(_why(flew)),
        "front": front_text(race),
        "caution": caution_text(race, first),
        "window": [first, race.week],
        "rows": [side.row() for side in sides],
        "whole": whole_race(race),
    }


def whole_race(race: WatchedRace) -> dict[str, Any] | None:
    """What each kind of maker has made since the warm-up, in numbers and in words; None while it lasts."""
    since = race.scenario.parameters.run.burn_in_weeks
    if race.week < since:
        return None
    sides = sides_of(race, since)
    began = "since the warm-up" if since else "since the start"
    told = sentence(f"{began}, {weeks_text(since, race.week)}, {_made(sides)}")
    return {
        "window": [since, race.week],
        "text": f"The race is over. {told}" if race.over else told,
        "rows": [
            {"kind": KIND_NAMES[side.kind], "sorties": side.sorties, "hits": side.hits, "rate": known(side.rate.value)}
            for side in sides
        ],
    }


def _made(sides: list[Side]) -> str:
    """Hits of each kind and hits a sortie, whoever made more hits first."""
    flew = sorted((side for side in sides[:-1] if side.sorties), key=lambda side: -side.hits)
    if not flew:
        return "nothing has flown"
    more, *others = flew
    rate = rate_text(more.rate.value)
    if not others:
        return f"{more.name} made {counted(more.hits, 'hit')} ({rate} a sortie); {_idle(more, sides)}"
    if len(others) > 1:
        made = [f"{number_text(side.hits)} of {side.name} ({rate_text(side.rate.value)})" for side in others]
        return f"{more.name} made {counted(more.hits, 'hit')} ({rate} a sortie), against {listed(made)}"
    (fewer,) = others
    if not _same(more, fewer):
        return (
            f"{more.name} made {counted(more.hits, 'hit')} ({rate} a sortie) "
            f"and {fewer.name} {number_text(fewer.hits)} ({rate_text(fewer.rate.value)})"
        )
    if more.hits == fewer.hits:
        return f"both kinds of maker made {counted(more.hits, 'hit')}, {rate} a sortie"
    return (
        f"{more.name} made {counted(more.hits, 'hit')} and {fewer.name} {number_text(fewer.hits)}, both {rate} a sortie"
    )


def _same(one: Side, other: Side) -> bool:
    """Whether the two make as many hits a sortie in the digits that are told."""
    return rate_text(one.rate.value) == rate_text(other.rate.value)


def _idle(side: Side, sides: list[Side]) -> str:
    """That the other kinds of maker are not there, or fly nothing."""
    idle = [other for other in sides[:-1] if other.kind != side.kind]
    if all(other.makers == 0 for other in idle):
        return f"there are no {idle[0].name}"
    return f"{listed([other.name for other in idle if other.makers])} flew nothing"


def _leader(flew: list[Side]) -> str:
    if len(flew) < LEAST_SIDES:
        return "none"
    better, *others = _judged(flew)
    return KIND_NAMES[better.kind] if all(apart(better.rate, other.rate) for other in others) else "level"


def _judged(flew: list[Side]) -> list[Side]:
    """The kinds that a verdict is about: those that flew, where two of them have intervals only those that have."""
    with_interval = [side for side in flew if side.rate.interval is not None]
    return with_interval if len(with_interval) >= LEAST_SIDES else flew


def _headline(flew: list[Side], sides: list[Side], span: str) -> str:
    if not flew:
        return f"nothing has flown in {span}"
    if len(flew) < LEAST_SIDES:
        return _attack_and_defence(flew[0], sides, span)
    judged = _judged(flew)
    better, other, *_ = judged
    made = (_made_by_three if len(judged) > LEAST_SIDES else _made_by_two)(judged, span)
    against = [side for side in judged[1:] if not apart(better.rate, side.rate)]
    if not against:
        return _lead(judged, span)
    seldom = [side for side in judged if side.rate.interval is None]
    if seldom:
        flown = listed([f"{side.name} flew in {counted(side.weeks_flown, 'week')}" for side in seldom])
        return f"too early to say who is ahead: {made}, but {flown}, and to tell takes at least {LEAST_WEEKS}"
    if len(judged) > LEAST_SIDES:
        return f"no clear lead: {made}; {_pairs(judged)}"
    overlap = "and" if _same(better, other) else "but"
    return f"no clear lead: {made}, {overlap} the intervals overlap: no evidence either way"


def _pairs(judged: list[Side]) -> str:
    """Which of three kinds of maker are apart, if any are, and which overlap; `judged` has the highest rate first."""
    pairs = list(combinations(judged, 2))
    ahead = [pair for pair in pairs if apart(pair[0].rate, pair[1].rate)]
    first, *more = (f"{one.name} and {other.name}" for one, other in pairs if (one, other) not in ahead)
    if not ahead:
        return f"the intervals of {listed([side.name for side in judged])} all overlap: no evidence either way"
    told = [f"{one.name} are ahead of {other.name}" for one, other in ahead]
    overlap = f"the intervals of {first} overlap{''.join(f', and those of {pair}' for pair in more)}"
    return f"{listed(told)}, but {overlap}: no evidence either way between these"


def _lead(judged: list[Side], span: str) -> str:
    better, *others = judged
    if len(others) == 1 and _same(better, others[0]):
        high = rate_text(better.rate.value)
        return f"{better.name} are ahead, but by little: both made {high} hits a sortie when rounded, {span}"
    against = listed([f"{rate_text(side.rate.value)} of {side.name}" for side in others])
    return f"{better.name} are ahead: {rate_text(better.rate.value)} hits a sortie against {against}, {span}"


def _made_by_two(judged: list[Side], span: str) -> str:
    better, other = judged
    high = rate_text(better.rate.value)
    if _same(better, other):
        return f"both made {high} hits a sortie, {span}"
    return f"{better.name} made {high} hits a sortie and {other.name} {rate_text(other.rate.value)}, {span}"


def _made_by_three(judged: list[Side], span: str) -> str:
    better, *others = judged
    against = listed([f"{rate_text(side.rate.value)} of {side.name}" for side in others])
    return f"{better.name} made {rate_text(better.rate.value)} hits a sortie against {against}, {span}"


def _attack_and_defence(side: Side, sides: list[Side], span: str) -> str:
    """The headline where one kind of maker flies alone: what it makes, and what countermeasures leave of it."""
    return (
        f"{side.name} make {rate_text(side.rate.value)} hits a sortie, {span}, and countermeasures take "
        f"{share_text(side.taken)} of what their designs could do; {_idle(side, sides)} to compare with"
    )


def _why(flew: list[Side]) -> list[str]:
    if len(flew) < LEAST_SIDES:
        return [*(_own(side) for side in flew), _found(flew)]
    judged = _judged(flew)
    better, other, *third = judged
    seldom = [side for side in flew if side not in judged]
    return [
        *_factors(better, other),
        *(_own(side) for side in third),
        *(
            f"{side.name} flew in {counted(side.weeks_flown, 'week')} of these, too few to be judged: "
            f"{rate_text(side.rate.value)} hits a sortie"
            for side in seldom
        ),
        _found(flew),
        _ages(better, other),
        _countered(better, other),
        *_efforts(better, other),
    ]


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
    targets = better.finding / other.finding
    chance = ratio / (designs * passing * targets)
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
    rest = ((targets, "from finding targets left"), (chance, "from chance"))
    terms += [f"{factor_text(factor)} {words}" for factor, words in rest if abs(math.log(factor)) > FACTOR_NOTED]
    makes = f"{better.name} make {factor_text(ratio)} the hits a sortie of {other.name}"
    if _same(better, other):
        makes = f"both make {rate_text(better.rate.value)} hits a sortie; {better.name} against {other.name}"
    product = f"{makes}: {', times '.join(terms)}"
    return [product, *(told for _, _, told in parts)]


def _found(flew: list[Side]) -> str:
    """How many would-be hits found a target left, where targets ran out to any extent worth telling."""
    if not any(side.finding < math.exp(-FACTOR_NOTED) for side in flew):
        return ""
    shares = listed([f"{share_text(side.finding)} of those of {side.name}" for side in flew])
    return f"targets run out: of the hits past countermeasures that designs could make, {shares} found one left"


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
        f"a {KIND_SINGULAR[side.kind]} {number_text(side.changes / side.makers)} times"
        for side in (better, other)
        if side.makers
    )
    more, fewer = (better, other) if better.hits >= other.hits else (other, better)
    made = f"{counted(more.hits, 'hit')} in {counted(more.sorties, 'sortie')}"
    return [
        f"in these weeks a new design went into production at {often}",
        f"in these weeks, {more.name} made more hits: {made}, "
        f"against {number_text(fewer.hits)} in {number_text(fewer.sorties)} of {fewer.name}"
        if more.hits > fewer.hits
        else f"in these weeks, both made {counted(more.hits, 'hit')}",
    ]


def front_text(race: WatchedRace) -> str:
    """Where the front balance stands for the three values of regeneration, and which are decided."""
    burn_in = race.scenario.parameters.run.burn_in_weeks
    if race.week < burn_in:
        return f"The front stands still until the warm-up ends with week {burn_in - 1}."
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
    told = (
        "One race is one draw, which another seed may turn round: "
        "to see whether it holds with other seeds, run `race-sim compare` on the command line."
    )
    if race.week < burn_in:
        return f"These weeks are warm-up, which lasts to week {burn_in - 1}: both sides still start. {told}"
    if first < burn_in:
        return f"Weeks before {burn_in} are warm-up and still among these. {told}"
    return told
