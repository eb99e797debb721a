"""Two races side by side: what the second made instead of the first, in the weeks that both have run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.intervals import LEVEL, Estimate, student_quantile
from race_sim.records import CENTRAL, KIND_NAMES, PRIME, TOTAL, WORKSHOP
from race_sim.scenario.schema import BY_PATH, Parameters, Value
from race_sim.scenario.text import shown
from race_sim.watch.words import factor_text, known, number_text, rate_text, sentence, sentences, weeks_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

LEAST_WEEKS = 4
"""Fewest weeks from which a difference between two races is told from chance."""
NO_EVIDENCE = "one pair of races is no evidence: `race-sim compare` runs many pairs and gives intervals"

SWITCHED: dict[tuple[str, Value], str] = {
    ("workshops.adapts", False): "workshops that never change their designs",
    ("primes.develops", False): "primes that never change their designs",
    ("teams.active", False): "countermeasures frozen",
    ("feedback.shuffled", True): "reports that reach the wrong workshops",
}
"""What a parameter of this value means, after "with"."""

Weeks = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Pair:
    """The weeks of two races that are compared, one to one.

    Attributes:
        first: first week counted.
        a, b: WEEK[weeks] of the first race and of the second.
        warm_up: whether these weeks are of the burn-in.
    """

    first: int
    a: Weeks
    b: Weeks
    warm_up: bool

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

        There is none with fewer than `LEAST_WEEKS` weeks, or where one of them hits nothing. What both races share in
        a week leaves it; weeks that follow one another are taken as independent, so it is rather too narrow.
        """
        rate_a, rate_b = self.rates(kind)
        value = _ratio(rate_b, rate_a)
        if self.weeks < LEAST_WEEKS or not (math.isfinite(value) and value > 0.0):
            return Estimate(value)
        relative = np.zeros(self.weeks)
        for side, sign in ((self.b, 1.0), (self.a, -1.0)):
            for name, direction in (("hits", 1.0), ("sorties", -1.0)):
                weekly = side["kinds"][name][:, kind].astype(np.float64)
                relative += sign * direction * weekly / weekly.mean()
        error = float(relative.std(ddof=1)) / math.sqrt(self.weeks)
        reach = math.exp(student_quantile(0.5 + LEVEL / 2, self.weeks - 1) * error)
        return Estimate(value, value / reach, value * reach)


def comparison(first: WatchedRace, second: WatchedRace, labels: Sequence[str]) -> dict[str, Any]:
    """What the second race made instead of the first, counted since the burn-in of both ended, or in it.

    `labels` name the races in sentences. Nothing is claimed beyond this pair; hits a sortie whose ratio cannot be
    told from 1 week by week are called level.
    """
    pair = pair_of(first, second)
    if pair.weeks == 0:
        return {"headline": "No week has been run in both races yet.", "sentences": [], "rows": []}
    same_seed = first.seed == second.seed
    return {
        "headline": sentence(_headline(pair, first, second, labels)),
        "sentences": sentences([_counted(pair, same_seed), _hits(pair, labels), _front(pair, labels), NO_EVIDENCE]),
        "rows": _rows(pair),
    }


def pair_of(first: WatchedRace, second: WatchedRace) -> Pair:
    """The weeks that both races have run: those after the burn-in of both, or all while it lasts."""
    run = min(first.week, second.week) + 1
    burn_in = max(race.scenario.parameters.run.burn_in_weeks for race in (first, second))
    warm_up = run <= burn_in
    since = 0 if warm_up else burn_in
    return Pair(since, first.weekly[since:run], second.weekly[since:run], warm_up)


def difference_in_words(first: WatchedRace, second: WatchedRace) -> tuple[str, list[str]]:
    """What sets the second race apart, "a 16-week cycle", and the paths of the parameters that differ now.

    Told of one parameter only; else the words are empty.
    """
    own, other = _in_force(second), _in_force(first)
    differing = [path for path in BY_PATH if own.value(path) != other.value(path)]
    words = _with(differing[0], own.value(differing[0])) if len(differing) == 1 else ""
    return words, differing


def _with(path: str, value: Value) -> str:
    if path == "workshops.iteration_weeks":
        return f"a {value}-week cycle"
    if (path, value) in SWITCHED:
        return SWITCHED[path, value]
    unit = BY_PATH[path].unit
    return f"{path} = {shown(value)}{'' if unit == '1' else f' {unit}'}"


def _in_force(race: WatchedRace) -> Parameters:
    """Parameters of the last week run."""
    return [parameters for first, parameters in race.scenario.segments if first <= race.week][-1]


def _headline(pair: Pair, first: WatchedRace, second: WatchedRace, labels: Sequence[str]) -> str:
    words, differing = difference_in_words(first, second)
    if pair.a["kinds"].tobytes() == pair.b["kinds"].tobytes() and not differing:
        return f"so far the two races are the same, {pair.span}"
    kind = _subject(pair, differing)
    rate_a, rate_b = pair.rates(kind)
    if not (math.isfinite(rate_a) and math.isfinite(rate_b)):
        return f"there is nothing to compare yet: in one of the races nothing has flown, {pair.span}"
    instead = rate_text(rate_a) if words else f'the {rate_text(rate_a)} in "{labels[0]}"'
    told = (
        f"{f'with {words}' if words else _in(labels[1])} {_whose(kind)} make {rate_text(rate_b)} hits a sortie "
        f"instead of {instead}{_size(rate_a, rate_b)}"
    )
    ratio = pair.ratio(kind)
    if pair.weeks < LEAST_WEEKS:
        return f"{told}; too early to tell a difference from chance"
    if ratio.low is not None and ratio.high is not None and ratio.low <= 1.0 <= ratio.high:
        return f"no clear difference: {told}, which week by week cannot be told from chance"
    hits_a, hits_b = pair.totals("hits", kind)
    return f"{told}, and {factor_text(hits_b / hits_a)} the hits, in this pair of races" if hits_a else told


def _in(label: str) -> str:
    return f'in "{label}"'


def _whose(kind: int) -> str:
    return "all makers" if kind == TOTAL else KIND_NAMES[kind]


def _size(a: float, b: float) -> str:
    return f" ({factor_text(b / a)})" if a > 0 and b > 0 else ""


def _subject(pair: Pair, differing: list[str]) -> int:
    """The kind of maker that the headline is about."""
    about_primes = bool(differing) and all(path.startswith("primes.") for path in differing)
    for kind in (PRIME, WORKSHOP) if about_primes else (WORKSHOP, PRIME):
        if min(pair.totals("sorties", kind)) > 0:
            return kind
    return TOTAL


def _counted(pair: Pair, same_seed: bool) -> str:
    counts = f"the burn-in still lasts: {pair.span} count as warm-up" if pair.warm_up else f"counted are {pair.span}"
    chance = "both races have the same random numbers" if same_seed else "the races have different random numbers"
    return f"{counts}; {chance}"


def _hits(pair: Pair, labels: Sequence[str]) -> str:
    parts = []
    for kind in (WORKSHOP, PRIME):
        a, b = pair.totals("hits", kind)
        if a or b:
            parts.append(f"{KIND_NAMES[kind]} {_instead(a, b)}")
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
    for kind in (TOTAL, WORKSHOP, PRIME):
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
