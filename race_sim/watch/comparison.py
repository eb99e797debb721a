"""Two races side by side: what the second made instead of the first, in the weeks that both have run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import LEVEL, Estimate, student_quantile
from race_sim.records import CENTRAL, JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.scenario.schema import BY_PATH, Value
from race_sim.scenario.text import listed
from race_sim.watch.names import KIND_WORDS
from race_sim.watch.side import LEAST_WEEKS, apart, hit_rate
from race_sim.watch.words import (
    factor_text,
    known,
    number_text,
    rate_text,
    sentence,
    sentences,
    setting_text,
    weeks_text,
)

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

NO_EVIDENCE = (
    "one pair of races is no evidence: to see whether it holds with other seeds, run `race-sim compare` "
    "on the command line, which runs many pairs and gives intervals"
)

SWITCHED: dict[tuple[str, Value], str] = {
    ("workshops.adapts", False): "workshops that never change their designs",
    ("primes.develops", False): "primes that never change their designs",
    ("teams.active", False): "countermeasures frozen",
    ("feedback.shuffled", True): "reports that reach the wrong workshops",
}
"""What a parameter of this value means, after "with"."""
LENGTH = "run.weeks"
"""The parameter that tells only when a race ends: races that differ in it alone are the same week by week."""

Weeks = npt.NDArray[Any]
Difference = dict[str, tuple[Value, Value]]
"""Values in two races, by dotted path, of the parameters that differ."""


@dataclass(frozen=True, eq=False)
class Pair:
    """The weeks of two races that are compared, one to one.

    Attributes:
        first: first week counted.
        a, b: WEEK[weeks] of the first race and of the second.
        warm_up: whether these weeks are of the warm-up.
        parted: whether the races were the same until the first of these weeks, though that could count before.
        changed: weeks after the first in which what sets the two apart changed.
    """

    first: int
    a: Weeks
    b: Weeks
    warm_up: bool
    parted: bool = False
    changed: tuple[int, ...] = ()

    @property
    def weeks(self) -> int:
        """How many weeks are compared."""
        return len(self.a)

    @property
    def span(self) -> str:
        """Those weeks in words."""
        return weeks_text(self.first, self.first + self.weeks - 1)

    def totals(self, name: str, kind: int) -> tuple[int, int]:
        """Sums over the weeks of what was recorded of a kind of maker, of A and of B."""
        return int(self.a["kinds"][name][:, kind].sum()), int(self.b["kinds"][name][:, kind].sum())

    def rates(self, kind: int) -> tuple[float, float]:
        """Hits a sortie of A and of B; NaN without sorties."""
        (hits_a, hits_b), (sorties_a, sorties_b) = self.totals("hits", kind), self.totals("sorties", kind)
        return _ratio(hits_a, sorties_a), _ratio(hits_b, sorties_b)

    def ratio(self, kind: int) -> Estimate:
        """Hits a sortie of B over those of A, with an interval over weeks, paired week by week.

        There is none where one of them flew in fewer than `LEAST_WEEKS` weeks, or made no hit or no miss; degrees of
        freedom are those of the one that flew in fewer weeks. What both races share in a week leaves the interval;
        weeks that follow one another are taken as independent, so it is rather too narrow.
        """
        (hits_a, hits_b), (sorties_a, sorties_b) = self.totals("hits", kind), self.totals("sorties", kind)
        value = _ratio(_ratio(hits_b, sorties_b), _ratio(hits_a, sorties_a))
        samples = self.weeks_flown(kind)
        if samples < LEAST_WEEKS or not (0 < hits_a < sorties_a and 0 < hits_b < sorties_b):
            return Estimate(value)
        relative = np.zeros(self.weeks)
        for side, sign in ((self.b, 1.0), (self.a, -1.0)):
            for name, direction in (("hits", 1.0), ("sorties", -1.0)):
                weekly = side["kinds"][name][:, kind].astype(np.float64)
                relative += sign * direction * weekly / weekly.sum()
        error = math.sqrt(samples / (samples - 1) * float((relative**2).sum()))
        reach = math.exp(student_quantile(0.5 + LEVEL / 2, samples - 1) * error)
        return Estimate(value, value / reach, value * reach)

    def weeks_flown(self, kind: int) -> int:
        """Weeks in which a kind of maker flew, in the race in which these are fewer."""
        return min(int((side["kinds"]["sorties"][:, kind] > 0).sum()) for side in (self.a, self.b))

    def differs(self, kind: int) -> bool:
        """Whether hits a sortie of A and B can be told apart.

        The interval of their ratio leaves out 1 or, where there is none, their own intervals do not overlap.
        """
        ratio = self.ratio(kind)
        if ratio.low is not None and ratio.high is not None:
            return not ratio.low <= 1.0 <= ratio.high
        a, b = (
            hit_rate(side["kinds"]["hits"][:, kind], side["kinds"]["sorties"][:, kind]) for side in (self.a, self.b)
        )
        return apart(a, b) or apart(b, a)


def comparison(first: WatchedRace, second: WatchedRace, labels: Sequence[str]) -> dict[str, Any]:
    """What the second race made instead of the first, in the weeks of `pair_of`.

    While the two have been the same race, that is all that is said. `labels` name the races in sentences. Nothing is
    claimed beyond this pair; hits a sortie that cannot be told apart week by week are called level.
    """
    last = min(first.week, second.week)
    if last < 0:
        return {"headline": "No week has been run in both races yet.", "sentences": [], "rows": []}
    pair = pair_of(first, second)
    chance = f"both races have {'the same' if first.seed == second.seed else 'different'} random numbers"
    if pair.weeks == 0:
        headline = sentence(f"so far the two races are the same, {weeks_text(0, last)}")
        return {"headline": headline, "sentences": sentences([chance]), "rows": []}
    told = [f"{_counted(pair)}; {chance}", _hits(pair, labels), _front(pair, labels), NO_EVIDENCE]
    return {
        "headline": sentence(_headline(pair, difference(first, second, last), labels)),
        "sentences": sentences(told),
        "rows": _rows(pair),
    }


def pair_of(first: WatchedRace, second: WatchedRace) -> Pair:
    """The weeks that both races have run: those after the warm-up of both, or all while it lasts.

    Weeks before the first whose parameters in force differ are left out, so that there are none while both are the
    same race. Races that differ in something else, such as the seed, differ from the start.
    """
    run = min(first.week, second.week) + 1
    burn_in = max(race.scenario.parameters.run.burn_in_weeks for race in (first, second))
    warm_up = run <= burn_in
    usual = 0 if warm_up else burn_in
    changes = _changes(first, second, run)
    parting = changes[0] if changes else run
    if first.weekly[:parting].tobytes() != second.weekly[:parting].tobytes():
        parting = 0
    since = max(usual, parting)
    changed = tuple(week for week in changes if week > since)
    return Pair(since, first.weekly[since:run], second.weekly[since:run], warm_up, since > usual, changed)


def difference(first: WatchedRace, second: WatchedRace, week: int) -> Difference:
    """The parameters in force in a week that differ between two races, apart from their length."""
    own, other = (race.scenario.in_force(week).values() for race in (first, second))
    return {path: (own[path], other[path]) for path in BY_PATH if path != LENGTH and own[path] != other[path]}


def _changes(first: WatchedRace, second: WatchedRace, run: int) -> list[int]:
    """Weeks before week `run` from which on other parameters, or other values of them, set the races apart."""
    starts = sorted({week for race in (first, second) for week, _ in race.scenario.segments if week < run})
    changes, before = [], Difference()
    for week in starts:
        now = difference(first, second, week)
        if now != before:
            changes.append(week)
        before = now
    return changes


def _in_words(differing: Difference) -> str:
    """What sets the second race apart, "a 16-week cycle"; empty unless it is one parameter only."""
    if len(differing) != 1:
        return ""
    ((path, (_, value)),) = differing.items()
    return _with(path, value)


def _with(path: str, value: Value) -> str:
    if path == "workshops.iteration_weeks":
        return f"a {value}-week cycle"
    if (path, value) in SWITCHED:
        return SWITCHED[path, value]
    return f"{path} = {setting_text(path, value)}"


def _headline(pair: Pair, differing: Difference, labels: Sequence[str]) -> str:
    words, kind = _in_words(differing), _subject(pair, differing)
    rate_a, rate_b = pair.rates(kind)
    if not (math.isfinite(rate_a) and math.isfinite(rate_b)):
        return f"there is nothing to compare yet: in one of the races nothing has flown, {pair.span}"
    made = f"{f'with {words}' if words else _in(labels[1])} {_whose(kind)} make {rate_text(rate_b)} hits a sortie"
    if rate_text(rate_a) == rate_text(rate_b):
        told = f"{made}, as many as {_in(labels[0])}"
    else:
        instead = rate_text(rate_a) if words else f"the {rate_text(rate_a)} {_in(labels[0])}"
        told = f"{made} instead of {instead}{_size(rate_a, rate_b)}"
    if pair.weeks_flown(kind) < LEAST_WEEKS:
        return f"{told}; too early to tell a difference from chance"
    if not pair.differs(kind):
        return f"no clear difference: {told}; week by week it cannot be told from chance"
    hits_a, hits_b = pair.totals("hits", kind)
    return f"{told}, and {factor_text(hits_b / hits_a)} the hits, in this pair of races" if hits_a else told


def _in(label: str) -> str:
    return f'in "{label}"'


def _whose(kind: int) -> str:
    return KIND_WORDS[kind]


def _size(a: float, b: float) -> str:
    return f" ({factor_text(b / a)})" if a > 0 and b > 0 else ""


def _subject(pair: Pair, differing: Difference) -> int:
    """The kind of maker that the headline is about."""
    about_primes = bool(differing) and all(path.startswith("primes.") for path in differing)
    for kind in (PRIME, WORKSHOP) if about_primes else (WORKSHOP, PRIME):
        if min(pair.totals("sorties", kind)) > 0:
            return kind
    return TOTAL


def _counted(pair: Pair) -> str:
    span = f"{pair.span}, since the races differ" if pair.parted else pair.span
    if pair.warm_up:
        stop, counts_not = "," if pair.parted else "", "does not count" if pair.weeks == 1 else "do not count"
        counts = f"the warm-up still lasts: {span}{stop} {counts_not} as results"
    else:
        counts = f"counted {'is' if pair.weeks == 1 else 'are'} {span}"
    if not pair.changed:
        return counts
    weeks = f"{'week' if len(pair.changed) == 1 else 'weeks'} {listed([str(week) for week in pair.changed])}"
    return f"{counts}; what sets the races apart changed in {weeks}"


def _hits(pair: Pair, labels: Sequence[str]) -> str:
    parts = []
    for kind in (WORKSHOP, PRIME, JOINT_LINE):
        a, b = pair.totals("hits", kind)
        if a or b:
            parts.append(f"{KIND_WORDS[kind]} {_instead(a, b)}")
    a, b = pair.totals("hits", TOTAL)
    total = f"in this pair of races {number_text(b)} hits were made {_in(labels[1])}, {number_text(a)} {_in(labels[0])}"
    return f"{total}: {', '.join(parts)}" if parts else total


def _instead(a: int, b: int) -> str:
    return f"{number_text(b)} instead of {number_text(a)}{_size(a, b)}"


def _front(pair: Pair, labels: Sequence[str]) -> str:
    if pair.warm_up:
        return ""
    a, b = (float(side["front_balance"][-1, CENTRAL]) for side in (pair.a, pair.b))
    stands = (
        f"the front balance with central regeneration stands at {b:+.2f} {_in(labels[1])}, {a:+.2f} {_in(labels[0])}"
    )
    return f"{stands} (+1: the attackers prevail, -1: the defenders)"


def _rows(pair: Pair) -> list[dict[str, Any]]:
    rows = []
    lines = (JOINT_LINE,) if any(pair.totals("sorties", JOINT_LINE)) else ()
    for kind in (TOTAL, WORKSHOP, PRIME, *lines):
        whose = _whose(kind)
        rows.append(_row(f"Hits, {whose}", "hits", *pair.totals("hits", kind)))
        rows.append(_row(f"Sorties, {whose}", "sorties", *pair.totals("sorties", kind)))
        rows.append(_row(f"Hits a sortie, {whose}", "hits/sortie", *pair.rates(kind)))
    balances = (float(side["front_balance"][-1, CENTRAL]) for side in (pair.a, pair.b))
    rows.append({**_row("Front balance, central regeneration", "1", *balances), "ratio": None})
    return rows


def _row(measure: str, unit: str, a: float, b: float) -> dict[str, Any]:
    return {"measure": measure, "unit": unit, "a": known(a), "b": known(b), "ratio": known(_ratio(b, a))}


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan
