"""The record of an agent says what the race recorded of it."""

import json
import re
from typing import Any

import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.records import TOTAL
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from race_sim.watch.agent_record import agent_record
from race_sim.watch.history import KEPT_CHANGES
from race_sim.watch.words import rate_text
from tests.watch.watching import watched, watched_scenario


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    return watched("run.weeks=60", "operators.drop_after_weeks=1", "operators.poor_ratio=0.8")


def series(record: dict[str, Any], label: str) -> dict[int, float | None]:
    (found,) = [one for one in record["series"] if one["label"].startswith(label)]
    return dict(zip(found["weeks"], found["values"], strict=True))


def fact(record: dict[str, Any], label: str) -> str:
    (found,) = [value for name, value in record["facts"] if name == label]
    return str(found)


def makers(race: WatchedRace) -> list[str]:
    return [f"workshop-{n}" for n in range(race.workshops)] + [f"prime-{n}" for n in range(len(race.model.primes))]


def test_sorties_and_hits_of_makers_add_up_to_those_recorded(race: WatchedRace) -> None:
    records = [agent_record(race, agent) for agent in makers(race)]
    assert race.week - 51 == min(series(records[0], "Sorties a week"))
    for week in range(race.week - 51, race.week + 1):
        recorded = race.weekly["kinds"][week, TOTAL]
        sorties = [series(record, "Sorties a week")[week] or 0 for record in records]
        rates = [series(record, "Hits a sortie")[week] for record in records]
        assert sum(sorties) == recorded["sorties"]
        assert [rate is None for rate in rates] == [flown == 0 for flown in sorties]
        hits = sum(flown * (rate or 0.0) for flown, rate in zip(sorties, rates, strict=True))
        assert hits == pytest.approx(recorded["hits"], rel=1e-3)


def test_facts_of_a_maker_are_those_of_its_agent(race: WatchedRace) -> None:
    for maker, agent in zip(race.model.makers, makers(race), strict=True):
        record = agent_record(race, agent)
        production = race.history.last.production
        assert fact(record, "Unopposed it would make").startswith(rate_text(production.success[maker.index]))
        expected = fact(record, "Against this week's countermeasures")
        assert expected == f"{rate_text(production.expected[maker.index])} hits a sortie"
        week = race.history.maker_weeks[-1]
        counts = [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", fact(record, "This week"))]
        assert counts == [week.sorties[maker.index], week.stopped[maker.index], week.hits[maker.index]]
        drones = fact(record, "Drones in the arsenal").partition(":")[0].replace(",", "")
        assert drones == (str(maker.stock) if maker.stock else "none")


def test_what_a_workshop_believes_and_a_prime_plans_is_told(race: WatchedRace) -> None:
    for workshop in race.model.workshops:
        record = agent_record(race, f"workshop-{workshop.number}")
        assert fact(record, "Hits a sortie it believes in") == rate_text(workshop.estimate)
        assert fact(record, "Variants on trial") == str(workshop.trials_in_flight)
        blamed = fact(record, "Module that reports blame most")
        assert blamed == ("link", "navigation", "guidance", "airframe")[int(np.argmax(workshop.losses))]
    for prime in race.model.primes:
        planned = fact(agent_record(race, f"prime-{prime.number}"), "Next generation")
        if prime.row.programme_end >= 0:
            assert f"in {prime.programme_weeks_left} week" in planned
            assert f"froze in week {prime.row.programme_start}" in planned


def test_every_change_of_design_is_in_the_history(race: WatchedRace) -> None:
    changes = 0
    for maker, agent in zip(race.model.makers, makers(race), strict=True):
        record = agent_record(race, agent)
        told = [event["week"] for event in record["history"] if "into production" in event["text"]]
        adopted = [adoption.week for adoption in race.history.adoptions.get(maker.index, [])]
        assert told == adopted[::-1][: len(told)]
        assert len(told) == len(adopted) or len(record["history"]) == KEPT_CHANGES
        assert fact(record, "Changes of design") == (
            str(len(adopted)) if adopted else "none so far: still its first design"
        )
        changes += len(adopted)
    assert changes == race.weekly["kinds"]["designs_fielded"][:, TOTAL].sum()


def test_a_team_is_said_to_stop_what_its_countermeasures_stop_together(race: WatchedRace) -> None:
    for number in range(3):
        record = agent_record(race, f"team-{number}")
        shares = series(record, "Share of all sorties it stops")
        assert list(shares) == [sight.week for sight in race.history.sights]
        for sight in race.history.sights:
            stopped = 0.0
            for n, flown in enumerate(sight.flying.sorties):
                passing = 1.0
                for place in np.flatnonzero(sight.standing.team == number):
                    passing *= 1.0 - float(sight.stopping()[place, n])
                stopped += float(flown) * (1.0 - passing)
            assert shares[sight.week] == pytest.approx(stopped / sight.flying.sorties.sum(), rel=1e-3)
        standing = int((race.history.last.standing.team == number).sum())
        assert fact(record, "Countermeasures that act") == f"{standing} of 3"
        assert sum(label.startswith("To the ") for label, _ in record["facts"]) == standing
        fielded = [one.week for one in race.history.fieldings if one.team == number]
        told = [event["week"] for event in record["history"] if event["text"].startswith("Fields")]
        assert told == fielded[::-1][: len(told)]
        assert fielded
        busy = race.model.teams[number].is_busy
        ready = f"ready in week {race.model.teams[number].row.project_end}"
        assert (ready in fact(record, "In development")) == busy


def test_sorties_of_families_add_up_to_those_recorded() -> None:
    race = watched("run.weeks=30")
    records = [agent_record(race, f"family-{number}") for number in range(len(race.model.makers))]
    weeks = list(series(records[0], "Sorties a week"))
    assert weeks == list(range(3, 30))
    for week in weeks:
        flown = sum(series(record, "Sorties a week")[week] or 0 for record in records)
        assert flown == race.weekly["kinds"]["sorties"][week, TOTAL]
    flying = race.history.last.flying
    for number, record in enumerate(records):
        own = flying.family == number
        assert fact(record, "Designs flying") == str(len(set(flying.design[own].tolist())))
        if own.any():
            rate = series(record, "Hits a sortie")[race.week]
            assert rate == pytest.approx(flying.hits[own].sum() / flying.sorties[own].sum(), rel=1e-3)
            stopped = flying.stopped[own].sum() / flying.sorties[own].sum()
            said = re.match(r"(less than |more than )?(\d+)%", fact(record, "Stopped"))
            assert said is not None
            assert int(said[2]) / 100 == pytest.approx(stopped, abs=0.0101)
        else:
            assert fact(record, "This week") == "no sorties"


def test_makers_of_a_family_are_named_and_their_moves_told() -> None:
    race = watched_scenario(load("baseline", ["run.weeks=45"]), seed=1)
    production = race.history.last.production
    largest = int(np.bincount(production.family[production.family >= 0]).argmax())
    record = agent_record(race, f"family-{largest}")
    made_by = fact(record, "Made by")
    rows = np.flatnonzero(production.family == largest)
    named = re.findall(r"workshop (\d+)", made_by)
    assert [int(number) for number in named] == rows[: len(named)].tolist()
    others = re.search(r"(\d+) other", made_by)
    assert len(named) + (int(others[1]) if others else 0) == len(rows)
    came = [event for event in record["history"] if "turns to it" in event["text"]]
    moves = [
        adoption
        for adoptions in race.history.adoptions.values()
        for adoption in adoptions
        if adoption.family == largest != adoption.previous_family and adoption.week >= 26
    ]
    assert 0 < len(came) <= len(moves)
    assert fact(record, "Descends from").endswith("in week 26")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("team-3", "of teams this race has numbers 0 to 2"),
        ("workshop-6", "of workshops this race has numbers 0 to 5"),
        ("prime-2", "of primes this race has numbers 0 to 1"),
        ("family-8", "of families this race has numbers 0 to 7"),
        ("tank-1", "is not allowed"),
        ("team--1", "is not allowed"),
        ("", "is not allowed"),
    ],
)
def test_an_agent_there_is_not_is_refused_with_what_is_allowed(race: WatchedRace, agent: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        agent_record(race, agent)
    assert f'"{agent}"' in str(error.value)


def test_of_a_kind_there_is_not_none_is_allowed() -> None:
    with pytest.raises(InputError, match="of primes this race has none"):
        agent_record(watched("primes.count=0", weeks=1), "prime-0")


@pytest.mark.parametrize("weeks", [1, 12])
@pytest.mark.parametrize(
    "overrides", [(), ("teams.count=0",), ("operators.crews=0",), ("primes.develops=false", "run.burn_in_weeks=0")]
)
def test_every_record_is_of_plain_values(overrides: tuple[str, ...], weeks: int) -> None:
    race = watched(*overrides, weeks=weeks)
    agents = [*makers(race), *(f"family-{n}" for n in range(len(race.model.makers)))]
    agents += [f"team-{n}" for n in range(len(race.model.teams))]
    for agent in agents:
        record = agent_record(race, agent)
        assert json.loads(json.dumps(record, allow_nan=False)) == record
        assert set(record) == {"id", "title", "facts", "series", "history"}
        assert record["id"] == agent
        assert all(label and value for label, value in record["facts"])
        weeks_told = [event["week"] for event in record["history"]]
        assert weeks_told == sorted(weeks_told, reverse=True)
