"""Two races side by side: the words say what was recorded of both, and claim nothing beyond this pair."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from race_sim.records import CENTRAL, JOINT_LINE, PRIME, TOTAL, WEEK, WORKSHOP
from race_sim.scenario import Event, Value, load
from race_sim.watch import WatchedRace
from race_sim.watch.comparison import Pair, comparison, pair_of
from race_sim.watch.names import KIND_WORDS
from race_sim.watch.side import LEAST_WEEKS
from race_sim.watch.words import factor_text, rate_text
from tests.small import six_workshops
from tests.watch.watching import watched, watched_scenario

LABELS = ("first", "second")
BURN_IN = 10
MADE_UP_WEEKS = 60


def made_up(rate: float, noise: np.ndarray, **changes: Any) -> WatchedRace:
    """A race in which each kind flies 1,000 sorties a week and hits at this rate, give or take."""
    weekly = np.zeros(MADE_UP_WEEKS, WEEK)
    for kind in (WORKSHOP, PRIME, TOTAL):
        weekly["kinds"]["sorties"][:, kind] = 1000
        weekly["kinds"]["hits"][:, kind] = np.round(1000 * (rate + noise))
    scenario = load("baseline", [f"run.weeks={MADE_UP_WEEKS}", f"run.burn_in_weeks={BURN_IN}"])
    scenario = scenario.with_changes(changes)
    return cast(WatchedRace, SimpleNamespace(weekly=weekly, week=MADE_UP_WEEKS - 1, scenario=scenario, seed=1))


def noise(seed: int, size: float) -> np.ndarray:
    return size * np.random.default_rng(seed).standard_normal(MADE_UP_WEEKS)


def by_measure(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for row in rows}


@pytest.fixture(scope="module")
def cycles() -> tuple[WatchedRace, WatchedRace]:
    """The baseline with cycles of one week and of sixteen."""
    scenario = load("baseline", ["run.weeks=90"])
    return tuple(
        watched_scenario(scenario.with_changes({"workshops.iteration_weeks": weeks}), seed=1) for weeks in (1, 16)
    )


def test_rows_are_totals_since_the_burn_in_ended(cycles: tuple[WatchedRace, WatchedRace]) -> None:
    rows = by_measure(comparison(*cycles, LABELS)["rows"])
    for kind, name in KIND_WORDS.items():
        if kind == JOINT_LINE:
            assert f"Hits, {name}" not in rows
            continue
        for side, race in zip(("a", "b"), cycles, strict=True):
            weeks = race.weekly["kinds"][26:, kind]
            assert rows[f"Hits, {name}"][side] == weeks["hits"].sum()
            assert rows[f"Sorties, {name}"][side] == weeks["sorties"].sum()
            rate = weeks["hits"].sum() / weeks["sorties"].sum()
            assert rows[f"Hits a sortie, {name}"][side] == pytest.approx(rate, rel=1e-4)
    for row in rows.values():
        assert row["ratio"] is None or row["ratio"] == pytest.approx(row["b"] / row["a"], rel=1e-3)
    front = rows["Front balance, central regeneration"]
    assert front["b"] == pytest.approx(cycles[1].weekly["front_balance"][-1, CENTRAL], rel=1e-4)
    assert front["ratio"] is None


def test_the_headline_says_what_a_longer_cycle_does(cycles: tuple[WatchedRace, WatchedRace]) -> None:
    shown = comparison(*cycles, LABELS)
    rows = by_measure(shown["rows"])
    rate, hits = rows["Hits a sortie, workshops"], rows["Hits, workshops"]
    assert shown["headline"] == (
        f"With a 16-week cycle workshops make {rate_text(rate['b'])} hits a sortie instead of {rate_text(rate['a'])} "
        f"({factor_text(rate['ratio'])}), and {factor_text(hits['ratio'])} the hits, in this pair of races."
    )
    assert any("one pair of races is no evidence" in text.lower() for text in shown["sentences"])


def test_exchanging_the_races_turns_ratios_round(cycles: tuple[WatchedRace, WatchedRace]) -> None:
    one, other = comparison(*cycles, LABELS), comparison(cycles[1], cycles[0], LABELS)
    assert other["headline"].startswith("With a 1-week cycle workshops make ")
    for row, mirrored in zip(one["rows"], other["rows"], strict=True):
        assert (mirrored["a"], mirrored["b"]) == (row["b"], row["a"])
        if row["ratio"]:
            assert mirrored["ratio"] == pytest.approx(1 / row["ratio"], rel=1e-3)
    forth, back = pair_of(*cycles).ratio(WORKSHOP), pair_of(cycles[1], cycles[0]).ratio(WORKSHOP)
    assert back.interval == pytest.approx((1 / forth.interval[1], 1 / forth.interval[0]))


def test_only_weeks_that_both_have_run_are_compared(cycles: tuple[WatchedRace, WatchedRace]) -> None:
    behind = watched_scenario(cycles[1].scenario, weeks=40, seed=1)
    shown = comparison(cycles[0], behind, LABELS)
    assert by_measure(shown["rows"])["Hits, all makers"]["a"] == cycles[0].weekly["kinds"]["hits"][26:40, TOTAL].sum()
    assert "weeks 26 to 39" in shown["sentences"][0]


def test_in_the_burn_in_all_weeks_count_as_warm_up() -> None:
    races = [watched(f"teams.count={teams}", "run.burn_in_weeks=8", weeks=8) for teams in (3, 0)]
    shown = comparison(races[0], races[1], LABELS)
    assert "warm-up still lasts: weeks 0 to 7 do not count as results" in shown["sentences"][0]
    assert by_measure(shown["rows"])["Hits, all makers"]["a"] == races[0].weekly["kinds"]["hits"][:, TOTAL].sum()
    assert not any("front balance" in text for text in shown["sentences"])
    for race in races:
        while race.week < 8:
            race.step()
    shown = comparison(races[0], races[1], LABELS)
    assert "warm-up" not in " ".join(shown["sentences"])
    assert "week 8" in shown["sentences"][0]


def test_a_difference_that_week_by_week_may_be_chance_is_called_level() -> None:
    wide = made_up(0.3, noise(1, 0.05)), made_up(0.305, noise(2, 0.05), **{"teams.skill": 0.5})
    begins = "No clear difference: with teams.skill = 0.5 workshops make "
    assert comparison(*wide, LABELS)["headline"].startswith(begins)
    apart = made_up(0.3, noise(1, 0.05)), made_up(0.4, noise(2, 0.05), **{"teams.skill": 0.5})
    assert comparison(*apart, LABELS)["headline"].startswith("With teams.skill = 0.5 workshops make 0.40 ")


@pytest.mark.parametrize(("more", "size", "begins"), [(1, 0.0, "With "), (0, 0.02, "No clear difference: with ")])
def test_rates_that_are_the_same_in_the_digits_told_are_told_once(more: int, size: float, begins: str) -> None:
    races = made_up(0.3, noise(1, 0.0)), made_up(0.3, noise(2, size), **{"teams.skill": 0.5})
    races[1].weekly["kinds"]["hits"] += more
    headline = comparison(*races, LABELS)["headline"]
    assert headline.startswith(f'{begins}teams.skill = 0.5 workshops make 0.30 hits a sortie, as many as in "first"')
    assert "instead of" not in headline


def test_what_both_races_share_in_a_week_leaves_the_interval() -> None:
    shared = noise(1, 0.05)
    paired = pair_of(made_up(0.3, shared), made_up(0.305, shared))
    unpaired = pair_of(made_up(0.3, shared), made_up(0.305, noise(2, 0.05)))
    assert paired.ratio(WORKSHOP).low > 1.0
    assert unpaired.ratio(WORKSHOP).low < 1.0 < unpaired.ratio(WORKSHOP).high


def test_weeks_with_more_sorties_and_hits_alike_leave_the_interval_narrow() -> None:
    races = made_up(0.3, noise(1, 0.0)), made_up(0.31, noise(1, 0.0))
    for seed, race in enumerate(races):
        share = 1.0 + 0.5 * np.random.default_rng(seed).random(MADE_UP_WEEKS)
        for name in ("sorties", "hits"):
            race.weekly["kinds"][name] = np.round(race.weekly["kinds"][name] * share[:, None])
    assert pair_of(*races).ratio(WORKSHOP).low > 1.02


def test_few_weeks_are_too_early() -> None:
    races = [watched(f"teams.count={teams}", "run.burn_in_weeks=0", weeks=LEAST_WEEKS - 1) for teams in (3, 0)]
    assert "too early to tell" in comparison(races[0], races[1], LABELS)["headline"]


def test_races_that_are_the_same_are_said_to_be() -> None:
    one, other = watched(), watched()
    assert comparison(one, other, LABELS)["headline"] == "So far the two races are the same, weeks 0 to 11."
    longer = watched("run.weeks=20", weeks=12)
    assert comparison(one, longer, LABELS)["headline"] == "So far the two races are the same, weeks 0 to 11."


PARTING = 20


def parted(*later: tuple[int, str, Value], weeks: int = 30, at: int = PARTING) -> tuple[WatchedRace, WatchedRace]:
    """Twins of 30 weeks, the second with frozen countermeasures from week `at` on, and with further events."""
    twin = six_workshops().with_changes({"run.weeks": 30})
    events = tuple(Event(*event) for event in ((at, "teams.active", False), *later))
    return watched_scenario(twin, weeks=weeks), watched_scenario(replace(twin, events=events), weeks=weeks)


def test_weeks_in_which_both_were_the_same_race_do_not_count() -> None:
    races = parted()
    shown = comparison(*races, LABELS)
    assert shown["sentences"][0].startswith(
        "Counted are weeks 20 to 29, since the races differ; both races have the same"
    )
    rows = by_measure(shown["rows"])
    for side, race in zip(("a", "b"), races, strict=True):
        weeks = race.weekly["kinds"][PARTING:, WORKSHOP]
        assert rows["Hits, workshops"][side] == weeks["hits"].sum()
        assert f"{rate_text(weeks['hits'].sum() / weeks['sorties'].sum())} " in shown["headline"]


def test_until_they_part_races_are_said_to_be_the_same() -> None:
    for weeks in (1, 3, 10, PARTING):
        shown = comparison(*parted(weeks=weeks), LABELS)
        span = "week 0" if weeks == 1 else f"weeks 0 to {weeks - 1}"
        assert shown["headline"] == f"So far the two races are the same, {span}."
        assert shown["rows"] == []
    assert "Counted is week 20, since" in comparison(*parted(weeks=PARTING + 1), LABELS)["sentences"][0]


def test_what_sets_races_apart_later_is_told_with_its_week() -> None:
    skill = (24, "teams.skill", 0.1)
    assert (
        "since the races differ; what sets the races apart changed in week 24; both"
        in (comparison(*parted(skill), LABELS)["sentences"][0])
    )
    back = (26, "teams.active", True)
    told = comparison(*parted(skill, back), LABELS)["sentences"][0]
    assert "weeks 20 to 29" in told
    assert "changed in weeks 24 and 26;" in told
    assert "changed" not in comparison(*parted(skill, weeks=24), LABELS)["sentences"][0]


def test_an_event_that_both_races_have_parts_nobody() -> None:
    event = Event(10, "operators.crews", 300)
    same = [watched_scenario(replace(six_workshops(), events=(event,))) for _ in range(2)]
    assert "are the same" in comparison(*same, LABELS)["headline"]
    other = replace(six_workshops("teams.skill=0.1"), events=(event,))
    told = comparison(same[0], watched_scenario(other), LABELS)["sentences"][0]
    assert told.startswith("Counted are weeks 3 to 11; both")


def test_races_that_differed_before_the_burn_in_ended_count_from_its_end() -> None:
    told = comparison(*parted(at=2), LABELS)["sentences"][0]
    assert told.startswith("Counted are weeks 3 to 29; both")
    warming = comparison(*parted(at=1, weeks=3), LABELS)["sentences"][0]
    assert warming.startswith(
        "The warm-up still lasts: weeks 1 to 2, since the races differ, do not count as results; both"
    )


def test_races_of_different_seeds_differ_from_the_start() -> None:
    one, other = parted()
    elsewhere = watched_scenario(other.scenario, seed=4)
    told = comparison(one, elsewhere, LABELS)["sentences"][0]
    assert told.startswith("Counted are weeks 3 to 29; what sets the races apart changed in week 20;")


@pytest.mark.parametrize("seldom", [0, 1])
def test_who_flies_in_few_weeks_only_gives_no_interval(seldom: int) -> None:
    def races(weeks: int) -> tuple[WatchedRace, WatchedRace]:
        pair = made_up(0.3, noise(1, 0.01)), made_up(0.6, noise(2, 0.01), **{"teams.skill": 0.5})
        for name in ("sorties", "hits"):
            pair[seldom].weekly["kinds"][name][:-weeks, WORKSHOP] = 0
        return pair

    for weeks in range(1, LEAST_WEEKS):
        assert pair_of(*races(weeks)).ratio(WORKSHOP).interval is None
        assert "too early to tell" in comparison(*races(weeks), LABELS)["headline"]
    assert pair_of(*races(LEAST_WEEKS)).ratio(WORKSHOP).low > 1.5
    assert "too early" not in comparison(*races(LEAST_WEEKS), LABELS)["headline"]


def test_weeks_without_sorties_do_not_narrow_the_interval() -> None:
    weeks = 6
    long, short = ([made_up(0.3, noise(1, 0.05)), made_up(0.4, noise(2, 0.05))] for _ in range(2))
    for race in long:
        race.weekly["kinds"]["sorties"][:-weeks] = race.weekly["kinds"]["hits"][:-weeks] = 0
    last = pair_of(*short)
    only = Pair(MADE_UP_WEEKS - weeks, last.a[-weeks:], last.b[-weeks:], warm_up=False)
    assert pair_of(*long).ratio(WORKSHOP).interval == pytest.approx(only.ratio(WORKSHOP).interval)


@pytest.mark.parametrize(
    ("rates", "clear"), [((0.0, 0.3), True), ((1.0, 0.3), True), ((0.0, 0.0), False), ((1.0, 1.0), False)]
)
def test_races_in_which_all_or_nothing_hits_are_told_by_their_own_intervals(
    rates: tuple[float, float], clear: bool
) -> None:
    still = noise(1, 0.0)
    for one, other in (rates, rates[::-1]):
        races = made_up(one, still), made_up(other, still, **{"teams.skill": 0.5})
        assert pair_of(*races).ratio(WORKSHOP).interval is None
        assert comparison(*races, LABELS)["headline"].startswith("No clear difference") != clear


def test_a_control_is_named_once_it_differs() -> None:
    one, other = watched(weeks=5), watched(weeks=5)
    other.change({"teams.active": False})
    assert comparison(one, other, LABELS)["headline"].startswith("So far the two races are the same")
    while not one.over:
        one.step()
        other.step()
    assert "with countermeasures frozen " in comparison(one, other, LABELS)["headline"].lower()


def test_races_that_differ_in_much_go_by_their_labels() -> None:
    one, other = watched(), watched("teams.skill=0.1", "operators.crews=300")
    headline = comparison(one, other, LABELS)["headline"]
    assert re.search(
        r'in "second" workshops make 0\.\d+ hits a sortie instead of the 0\.\d+ in "first"', headline, re.IGNORECASE
    )


@pytest.mark.parametrize(
    ("overrides", "whose"), [(("primes.development_weeks=2",), "primes"), (("teams.skill=0.1",), "workshops")]
)
def test_the_headline_is_about_the_kind_that_differs(overrides: tuple[str, ...], whose: str) -> None:
    shown = comparison(watched(), watched(*overrides), LABELS)
    rate = by_measure(shown["rows"])[f"Hits a sortie, {whose}"]
    assert f"{whose} make {rate_text(rate['b'])} hits a sortie instead of {rate_text(rate['a'])}" in shown["headline"]


def test_with_no_kind_in_common_all_makers_are_compared() -> None:
    shown = comparison(watched("primes.count=0"), watched("workshops.count=0"), LABELS)
    assert "all makers make" in shown["headline"]
    assert by_measure(shown["rows"])["Hits a sortie, primes"]["a"] is None


def test_other_random_numbers_are_told() -> None:
    assert "the same random numbers" in comparison(watched(), watched(), LABELS)["sentences"][0]
    assert "different random numbers" in comparison(watched(), watched(seed=4), LABELS)["sentences"][0]


def test_before_the_first_week_and_with_nothing_flying_it_says_so() -> None:
    assert comparison(watched(weeks=0), watched(weeks=3), LABELS)["rows"] == []
    idle = watched("operators.crews=0")
    assert "nothing to compare yet" in comparison(idle, watched(), LABELS)["headline"]
