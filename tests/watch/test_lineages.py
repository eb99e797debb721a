"""The stream of families is all sorties, week by week, and its marks are the countermeasures that acted."""

import json
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from race_sim.records import KIND_NAMES, TOTAL
from race_sim.watch import WatchedRace
from race_sim.watch.lineages import MOST_FAMILIES, MOST_MARKS, MOST_WEEKS, Answers, lineages, note_answers
from tests.watch.watching import watched

MANY = ("workshops.count=20", "founders.origin=independent", "workshops.network=none", "operators.crews=2000")


def layers(stream: dict[str, Any]) -> np.ndarray:
    return np.array([*(family["sorties"] for family in stream["families"]), stream["others"]])


def streamed(family_sorties: list[tuple[list[int], list[int]]], race: WatchedRace) -> dict[str, Any]:
    """The stream of a race in which these families flew: (families, sorties) by week."""
    weeks = [(np.array(families, np.int64), np.array(sorties, np.int64)) for families, sorties in family_sorties]
    production = replace(race.history.last.production, kind=np.repeat([0, 1], [20, 5]))
    history = SimpleNamespace(
        family_sorties=weeks, fieldings=[], answers={}, last=replace(race.history.last, production=production)
    )
    made_up = SimpleNamespace(history=history, scenario=race.scenario, week=len(weeks) - 1)
    return lineages(made_up)


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    return watched("run.weeks=60")


def test_families_and_others_sum_to_all_recorded_sorties_of_every_week(race: WatchedRace) -> None:
    for watched_race in (race, watched(*MANY)):
        stream = lineages(watched_race)
        assert stream["weeks"] == list(range(watched_race.weeks))
        recorded = watched_race.weekly["kinds"]["sorties"][:, TOTAL]
        assert layers(stream).sum(axis=0).tolist() == recorded.tolist()


def test_a_family_drawn_by_itself_is_all_its_sorties(race: WatchedRace) -> None:
    for watched_race, workshops in ((race, 6), (watched(*MANY), 20)):
        flown = [
            dict(zip(families.tolist(), counts.tolist(), strict=True))
            for families, counts in watched_race.history.family_sorties
        ]
        for family in lineages(watched_race)["families"]:
            number = family["family"]
            assert family["sorties"] == [week.get(number, 0) for week in flown]
            assert family["name"] == f"family {number}"
            assert family["kind"] == KIND_NAMES[number >= workshops]


def test_the_families_drawn_are_those_with_most_sorties_since_they_were_counted_anew() -> None:
    race = watched(*MANY, "run.weeks=20", "run.burn_in_weeks=10", weeks=0)
    for _ in range(20):
        race.step()
        stream = lineages(race)
        assert stream["rooted"] == (10 if race.week >= 10 else None)
        totals: Counter[int] = Counter()
        for families, counts in race.history.family_sorties[stream["rooted"] or 0 :]:
            totals.update(dict(zip(families.tolist(), counts.tolist(), strict=True)))
        drawn = [family["family"] for family in stream["families"]]
        assert drawn == sorted(drawn)
        assert len(drawn) == MOST_FAMILIES < len(totals)
        left_out = [count for family, count in totals.items() if family not in drawn]
        assert min(totals[family] for family in drawn) >= max(left_out)


def test_without_a_burn_in_families_are_never_counted_anew() -> None:
    assert lineages(watched("run.burn_in_weeks=0"))["rooted"] is None


def test_a_race_in_which_nobody_flies_has_no_families() -> None:
    stream = lineages(watched("operators.crews=0"))
    assert stream["families"] == []
    assert set(stream["others"]) == {0}


@pytest.mark.parametrize("weeks", [MOST_WEEKS, MOST_WEEKS + 1, 2 * MOST_WEEKS + 5])
def test_a_long_race_is_drawn_in_means_over_spans_of_weeks(weeks: int, race: WatchedRace) -> None:
    flown = [([3, 21], [100 + week % 2, 40]) for week in range(weeks)]
    stream = streamed(flown, race)
    assert len(stream["weeks"]) <= MOST_WEEKS
    assert stream["weeks"][-1] == weeks - 1
    changing, even = (family["sorties"] for family in stream["families"])
    assert set(even) == {40}
    assert set(changing) <= {100, 101}
    assert [family["kind"] for family in stream["families"]] == ["workshops", "primes"]


def test_every_countermeasure_that_acted_has_a_mark_at_its_first_week() -> None:
    race = watched("run.weeks=30", weeks=0)
    acted = set()
    while not race.over:
        race.step()
        standing = race.history.last.standing
        names = np.array(["link", "navigation", "guidance", "airframe"])[standing.module]
        acted |= {
            (int(week), str(name), f"team-{team}")
            for week, name, team in zip(standing.week, names, standing.team, strict=True)
        }
        marks = lineages(race)["marks"]
        assert {(mark["week"], mark["module"], mark["team"]) for mark in marks} == acted
        assert [mark["week"] for mark in marks] == sorted(mark["week"] for mark in marks)
    assert len(acted) > 5


def test_a_mark_names_the_family_of_which_most_was_stopped_in_a_week() -> None:
    race = watched("run.weeks=30", weeks=0)
    best: dict[tuple[int, str], tuple[float, int, float, int]] = {}
    while not race.over:
        race.step()
        sight = race.history.last
        for n, chances in enumerate(sight.stopping()):
            key = (int(sight.standing.week[n]), f"team-{sight.standing.team[n]}")
            for family in set(sight.flying.family.tolist()):
                own = sight.flying.family == family
                stopped = float((chances * sight.flying.sorties)[own].sum())
                if stopped > best.get(key, (0.0,))[0]:
                    best[key] = (stopped, family, stopped / sight.flying.sorties[own].sum(), race.week)
    marks = lineages(race)["marks"]
    named = [mark for mark in marks if mark["family"] is not None]
    assert len(named) > 3
    for mark in named:
        _, family, share, week = best[mark["week"], mark["team"]]
        assert (mark["family"], mark["best"]) == (family, week)
        assert mark["stops"] == pytest.approx(share, abs=0.0006)
    for mark in marks:
        assert 0.0 <= mark["stops"] <= 1.0
        assert (mark["family"] is None) == (best.get((mark["week"], mark["team"]), (0, 0, 0.0))[2] < 0.01)


def test_a_countermeasure_that_stops_nothing_is_against_no_family(race: WatchedRace) -> None:
    sight = race.history.last
    harmless = replace(sight, standing=replace(sight.standing, effect=np.zeros_like(sight.standing.effect)))
    answers: Answers = {}
    note_answers(answers, harmless)
    assert {answer.share for answer in answers.values()} == {0.0}
    history = SimpleNamespace(**{**vars(race.history), "answers": answers, "last": sight})
    stream = lineages(SimpleNamespace(history=history, scenario=race.scenario, week=race.week))
    assert {mark["family"] for mark in stream["marks"]} == {None}


def test_only_the_newest_marks_are_kept() -> None:
    race = watched("run.weeks=90", "teams.count=5")
    stream = lineages(race)
    assert len(stream["marks"]) == MOST_MARKS
    acted = sum(fielding.week < race.week for fielding in race.history.fieldings)
    assert stream["omitted_marks"] == acted - MOST_MARKS > 0
    assert stream["marks"][-1]["week"] == max(fielding.week + 1 for fielding in race.history.fieldings[:acted])


def test_a_stream_is_plain_values(race: WatchedRace) -> None:
    stream = lineages(race)
    assert json.loads(json.dumps(stream, allow_nan=False)) == stream
