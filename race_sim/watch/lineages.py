"""Lineages: sorties of each family of designs, week by week, with the countermeasures fielded against them.

A family is all that descends from the design of one founder, whose row among the makers is its number. When the
burn-in ends the families are counted anew: the design each maker has then is the founder of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from race_sim.records import KIND_NAMES
from race_sim.watch.ahead import MOST_WEEKS
from race_sim.watch.design_space import stopping_blocks
from race_sim.watch.names import AgentId, module_names
from race_sim.watch.sight import Sight

if TYPE_CHECKING:
    from race_sim.watch.history import Fielding, History
    from race_sim.watch.watched_race import WatchedRace

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

MOST_FAMILIES = 12  # drawn one by one, those with most sorties
MOST_MARKS = 80  # the newest countermeasures fielded
LEAST_OF_FAMILY = 0.01  # share of a family's sorties below which a countermeasure counts as stopping nothing of it
SHARE_PLACES = 3  # decimals of a share


class Answer(NamedTuple):
    """What a countermeasure has done against the family that it has stopped most in a week, acting alone.

    `best` is that week, `family` that family, `stopped` how many of its sorties are expected to be stopped, `share`
    the same as a share of the family's sorties.
    """

    best: int
    family: int
    stopped: float
    share: float


Answers = dict[tuple[int, int], Answer]
"""By first week and slot of the countermeasure."""


class Flown(NamedTuple):
    """Sorties of all weeks in sparse form: one entry for each family and week in which it flew."""

    week: Integers
    family: Integers
    sorties: Integers


def note_answers(answers: Answers, sight: Sight) -> None:
    """Bring up to date, after a week, what each countermeasure has done against the family it has stopped most."""
    standing, flying = sight.standing, sight.flying
    if not len(flying.sorties):
        return
    order = np.argsort(flying.family, kind="stable")
    families, starts = np.unique(flying.family[order], return_index=True)
    sorties = flying.sorties[order]
    flown = np.add.reduceat(sorties, starts)
    for rows, stopping in stopping_blocks(sight):
        stopped = np.add.reduceat(stopping[:, order] * sorties, starts, axis=1)
        most = stopped.argmax(axis=1)
        keys = zip(standing.week[rows].tolist(), standing.slot[rows].tolist(), strict=True)
        found = zip(keys, most.tolist(), stopped[np.arange(len(most)), most].tolist(), strict=True)
        for key, family, count in found:
            if key not in answers or count > answers[key].stopped:
                answers[key] = Answer(sight.week, int(families[family]), count, count / float(flown[family]))


def lineages(race: WatchedRace) -> dict[str, Any]:
    """Sorties by family and week, of the largest families one by one and of the others together, and countermeasures.

    "rooted" is the week in which families were counted anew, None before; the largest are those with most sorties
    since. "marks" are the newest countermeasures that have acted, at the first week each did, with the family of which
    it has stopped most in a week so far, and the share of the family's sorties it stopped then. The family is None
    while that is next to nothing.
    """
    history = race.history
    flown = _flown(history)
    burn_in = race.scenario.parameters.run.burn_in_weeks
    rooted = burn_in if 0 < burn_in <= race.week else None
    families = _largest(flown, rooted or 0)
    weeks = len(history.family_sorties)
    span = -(-weeks // MOST_WEEKS)
    counts = _by_week(flown, families, weeks, span)
    kinds = history.last.production.kind
    return {
        "weeks": [min(first + span, weeks) - 1 for first in range(0, weeks, span)],
        "families": [
            {
                "family": family,
                "kind": KIND_NAMES[kinds[family]],
                "sorties": counts[n],
                "name": AgentId("family", family).words,
            }
            for n, family in enumerate(families.tolist())
        ],
        "others": counts[-1],
        "rooted": rooted,
        **_marks(history),
    }


def _flown(history: History) -> Flown:
    lengths = [len(families) for families, _ in history.family_sorties]
    return Flown(
        week=np.repeat(np.arange(len(lengths)), lengths),
        family=np.concatenate([families for families, _ in history.family_sorties]),
        sorties=np.concatenate([sorties for _, sorties in history.family_sorties]),
    )


def _largest(flown: Flown, since: int) -> Integers:
    """The families with most sorties since a week, in the order of their numbers; of equals the first."""
    recent = flown.week >= since
    totals = np.bincount(flown.family[recent], flown.sorties[recent])
    largest = np.argsort(-totals, kind="stable")[:MOST_FAMILIES]
    return np.sort(largest[totals[largest] > 0])


def _by_week(flown: Flown, families: Integers, weeks: int, span: int) -> list[Any]:
    """Sorties of each of these families, and last those of all others, in means over spans of weeks."""
    rows, spans = len(families) + 1, -(-weeks // span)
    row = np.searchsorted(families, flown.family)
    listed = np.append(families, -1)[row] == flown.family
    row[~listed] = len(families)
    counts = np.bincount(row * spans + flown.week // span, flown.sorties, rows * spans).reshape(rows, spans)
    if span == 1:
        whole: list[Any] = counts.astype(np.int64).tolist()
        return whole
    lengths = np.minimum(span, weeks - span * np.arange(spans))
    means: list[Any] = np.round(counts / lengths).astype(np.int64).tolist()
    return means


def _marks(history: History) -> dict[str, Any]:
    """The newest countermeasures that have acted, in order of time, and how many older ones are left out."""
    names = module_names(int(history.last.params[0]["design_modules"]))
    acted = [fielding for fielding in history.fieldings if fielding.week < history.last.week]
    answers = history.answers
    newest = acted[-MOST_MARKS:]
    return {
        "marks": [_mark(fielding, answers.get((fielding.week + 1, fielding.slot)), names) for fielding in newest],
        "omitted_marks": len(acted) - len(newest),
    }


def _mark(fielding: Fielding, answer: Answer | None, names: tuple[str, ...]) -> dict[str, Any]:
    stops = answer.share if answer is not None else 0.0
    return {
        "week": fielding.week + 1,
        "module": names[fielding.module],
        "team": str(AgentId("team", fielding.team)),
        "family": answer.family if answer is not None and stops >= LEAST_OF_FAMILY else None,
        "stops": round(stops, SHARE_PLACES),
        "best": answer.best if answer is not None else None,
    }
