"""The result of the whole race is what was recorded since the warm-up, and turns round when the forces do."""

import pytest

from race_sim.records import KIND_NAMES, TOTAL
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from race_sim.watch.verdict import verdict
from race_sim.watch.words import rate_text
from tests.watch.recorded import as_race, exchanged, made_up, other_way_round
from tests.watch.watching import watched, watched_scenario


@pytest.fixture(scope="module")
def baseline() -> list[WatchedRace]:
    """The baseline as it was after several weeks."""
    race = watched_scenario(load("baseline"), seed=1)
    return [as_race(race.weekly[: week + 1].copy(), race.scenario) for week in (0, 5, 14, 30, 60, 155)]


def test_the_whole_race_is_told_since_the_warm_up_and_said_to_be_over_at_its_end(baseline: list[WatchedRace]) -> None:
    for race in baseline:
        whole, since = verdict(race)["whole"], race.scenario.parameters.run.burn_in_weeks
        if race.week < since:
            assert whole is None
            continue
        assert whole["window"] == [since, race.week]
        assert [row["kind"] for row in whole["rows"]] == ["workshops", "primes", "total"]
        for row in whole["rows"]:
            kind = KIND_NAMES.index(row["kind"])
            weeks = race.weekly["kinds"][since : race.week + 1, kind]
            assert (row["sorties"], row["hits"]) == (weeks["sorties"].sum(), weeks["hits"].sum())
            assert row["rate"] == pytest.approx(row["hits"] / row["sorties"])
            assert kind == TOTAL or f"{row['hits']:,}" in whole["text"]
            assert kind == TOTAL or rate_text(row["rate"]) in whole["text"]
        assert f"ince the warm-up, weeks {since} to {race.week}, " in whole["text"]
        assert whole["text"].startswith("The race is over. ") == (race.week == race.scenario.parameters.run.weeks - 1)
    assert [verdict(race)["whole"] is None for race in baseline] == [True, True, True, False, False, False]


def test_the_whole_race_is_told_from_the_week_the_warm_up_has_ended() -> None:
    race = watched("run.burn_in_weeks=5", weeks=5)
    assert verdict(race)["whole"] is None
    race.step()
    whole = verdict(race)["whole"]
    assert whole["window"] == [5, 5]
    assert whole["text"].startswith("Since the warm-up, week 5, ")
    without = verdict(watched("run.burn_in_weeks=0", weeks=1))["whole"]
    assert without["text"].startswith("Since the start, week 0, ")


def test_exchanging_the_forces_exchanges_their_parts_in_the_whole_race(baseline: list[WatchedRace]) -> None:
    still_even = made_up(workshops=[20], primes=[20])
    for race in (*baseline[3:], still_even, made_up(workshops=[30, 31], primes=[12])):
        one, other = verdict(race)["whole"], verdict(exchanged(race))["whole"]
        text = one["text"].removeprefix("The race is over. ")
        assert other["text"].removeprefix("The race is over. ") == other_way_round(text)
        rows = {row["kind"]: row for row in one["rows"]}
        for row in other["rows"]:
            assert {**row, "kind": ""} == {**rows[other_way_round(row["kind"])], "kind": ""}


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ("operators.crews=0", "nothing has flown"),
        ("primes.count=0", "there are no primes"),
        ("workshops.count=0", "there are no workshops"),
    ],
)
def test_the_whole_race_says_who_did_not_fly(overrides: str, words: str) -> None:
    whole = verdict(watched(overrides))["whole"]
    assert words in whole["text"]
    assert [row["rate"] is None for row in whole["rows"]] == [row["sorties"] == 0 for row in whole["rows"]]
