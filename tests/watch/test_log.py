"""The log tells what happened, when it happened, with the numbers of the records, and not too much of it."""

import re
from itertools import pairwise

import numpy as np
import pytest

from race_sim.records import PRIME, WORKSHOP
from race_sim.rules.countermeasure import effect_at
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from race_sim.watch.attack_log import IDLE_WEEKS, MOST_GENERATIONS, MOST_NAMED, SUMMED_WEEKS
from race_sim.watch.defence_log import MOST_FIELDINGS, NOTICEABLE_FAMILY, NOTICEABLE_SHARE
from race_sim.watch.history import Entry
from race_sim.watch.names import read_agent_id
from race_sim.watch.sight import Sight
from tests.watch.watching import watched, watched_scenario

PERCENT = re.compile(r"(less than |more than )?(\d+)%")


@pytest.fixture(scope="module")
def baseline() -> WatchedRace:
    return watched_scenario(load("baseline", ["run.weeks=80"]), seed=1)


def told(race: WatchedRace, kind: str) -> list[Entry]:
    return [entry for entry in race.history.log if entry.kind == kind]


def shares_by_family(sight: Sight, chances: list[float]) -> tuple[dict[int, tuple[float, float]], float]:
    """By family, stopped sorties and sorties; and all stopped: one product after the other."""
    families: dict[int, tuple[float, float]] = {}
    flying = sight.flying
    for n, chance in enumerate(chances):
        stopped, sorties = families.get(int(flying.family[n]), (0.0, 0.0))
        own = int(flying.sorties[n])
        families[int(flying.family[n])] = (stopped + chance * own, sorties + own)
    return families, sum(stopped for stopped, _ in families.values())


def assert_shares(text: str, of_family: float, of_all: float) -> None:
    said = [(limit, int(number) / 100) for limit, number in PERCENT.findall(text)]
    assert len(said) == 2
    for (limit, share), expected in zip(said, (of_family, of_all), strict=True):
        assert share == pytest.approx(expected, abs=0.0051), text
        assert (limit == "less than ") == (0.0 < expected < 0.005)


def test_each_fielding_is_told_in_its_week_and_selects_its_team(baseline: WatchedRace) -> None:
    by_week: dict[int, list[Entry]] = {}
    for entry in told(baseline, "fielding"):
        by_week.setdefault(entry.week, []).append(entry)
    for week, count in enumerate(baseline.weekly["countermeasures_fielded"]):
        entries = by_week.get(week, [])
        teams = {f"team-{one.team}" for one in baseline.history.fieldings if one.week == week}
        assert len(entries) == (count if count <= MOST_FIELDINGS else 1)
        assert {entry.select for entry in entries} <= teams
        if count > MOST_FIELDINGS:
            assert entries[0].text.startswith(f"{count} countermeasures")
        for entry in entries:
            assert f"from week {week + 1}" in entry.text or "nothing that flies" in entry.text


def test_when_many_are_fielded_at_once_every_team_is_named() -> None:
    race = watched("teams.count=12", "run.weeks=30")
    many = [entry for entry in told(race, "fielding") if "countermeasures are fielded" in entry.text]
    assert many
    for entry in many:
        teams = {one.team for one in race.history.fieldings if one.week == entry.week}
        named = entry.text.partition("; ")[0].partition(", by ")[2]
        first, *others = [int(number) for number in re.findall(r"\d+", named)]
        assert entry.select == f"team-{first}"
        assert {first, *others} == teams
        assert others == sorted(others)
        assert f"that of team {first} matches most" in entry.text


def test_a_fielding_says_what_it_would_stop_at_full_reach() -> None:
    race, compared = watched(weeks=0), 0
    while not race.over:
        race.step()
        sight, params = race.history.last, race.model.params
        new = [one for one in race.history.fieldings if one.week == race.week]
        for fielding, entry in zip(new, [e for e in told(race, "fielding") if e.week == race.week], strict=True):
            bits = int(params[0].design_bits_per_module)
            mask = ((1 << bits) - 1) << (fielding.module * bits)
            distances = [((int(design) ^ fielding.pattern) & mask).bit_count() for design in sight.flying.design]
            chances = [effect_at(float(step), fielding.breadth, params) * fielding.full_reach for step in distances]
            families, stopped = shares_by_family(sight, chances)
            most = max(families, key=lambda family: families[family][0])
            if re.search(rf"family {most}\b", entry.text):
                of_family = families[most][0] / families[most][1]
                assert_shares(entry.text, of_family, stopped / sight.flying.sorties.sum())
                assert "of that family's sorties as they fly now and" in entry.text
                assert "if it can engage them all" in entry.text
                compared += 1
            else:
                assert "nothing that flies now is near it" in entry.text
                assert stopped < 0.01 * sight.flying.sorties.sum()
    assert compared > 0


def test_a_countermeasure_that_has_come_to_act_is_told_once_with_what_it_stops_then() -> None:
    race = WatchedRace(load("baseline", ["run.weeks=60"]), 1)
    last_noticed: dict[tuple[int, int], int] = {}
    compared = 0
    while not race.over:
        race.step()
        sight = race.history.last
        expected = {}
        for place, chances in enumerate(sight.stopping().tolist()):
            families, stopped = shares_by_family(sight, chances)
            most = max(families, key=lambda family: families[family][0])
            share, flown = families[most][0] / families[most][1], families[most][1] / sight.flying.sorties.sum()
            if share >= NOTICEABLE_SHARE and flown >= NOTICEABLE_FAMILY:
                key = (int(sight.standing.slot[place]), int(sight.standing.week[place]))
                if last_noticed.get(key, -100) < race.week - 12:
                    expected[f"team {sight.standing.team[place]} fielded in week {key[1] - 1} "] = (
                        share,
                        stopped / sight.flying.sorties.sum(),
                    )
                last_noticed[key] = race.week
        entries = [entry for entry in told(race, "acting") if entry.week == race.week]
        assert len(entries) == len(expected)
        for entry in entries:
            (words,) = [words for words in expected if words in entry.text]
            assert_shares(entry.text, *expected[words])
            assert f"team {read_agent_id(entry.select or '').number} " in words
            compared += 1
    assert compared > 5


def test_generations_are_told_with_what_is_left_of_them() -> None:
    race, compared = watched("primes.development_weeks=3", weeks=0), 0
    while not race.over:
        race.step()
        for entry in [entry for entry in told(race, "generation") if entry.week == race.week]:
            row = race.workshops + read_agent_id(entry.select or "").number
            product = race.model.world.products[race.model.world.makers[row].product]
            left = float(product.success)
            for acting in race.history.last.stopping(np.array([product.design])):
                left *= 1.0 - float(acting[0])
            said = [float(number) for number in re.findall(r"\d\.\d+", entry.text)]
            assert said == pytest.approx([float(race.model.world.makers[row].estimate), left], abs=0.0051)
            compared += 1
    assert compared == race.weekly["kinds"]["designs_fielded"][:, PRIME].sum() > 0


def test_many_generations_of_a_week_share_an_entry() -> None:
    race = watched("primes.count=40", "primes.development_weeks=2", weeks=2)
    for week in range(2):
        entries = [entry for entry in told(race, "generation") if entry.week == week]
        fielded = race.weekly["kinds"]["designs_fielded"][week, PRIME]
        assert fielded > MOST_GENERATIONS
        assert len(entries) == 1
        assert entries[0].text.startswith(f"{fielded} primes")


def test_changes_of_many_workshops_are_summed(baseline: WatchedRace) -> None:
    entries = told(baseline, "workshops")
    assert [entry.week for entry in entries] == list(range(SUMMED_WEEKS - 1, baseline.weeks, SUMMED_WEEKS))
    for entry in entries:
        weeks, makers, all_makers, times, moved = (int(number) for number in re.findall(r"\d+", entry.text))
        first = entry.week + 1 - weeks
        assert weeks == SUMMED_WEEKS
        recorded = baseline.weekly["kinds"][first : entry.week + 1, WORKSHOP]
        assert times == recorded["designs_fielded"].sum() - recorded["entered"].sum()  # a first design is no change
        assert moved <= times
        assert all_makers >= 60
        assert makers <= min(times, all_makers)


def test_changes_of_few_workshops_are_told_one_by_one() -> None:
    race = watched("workshops.count=3", "run.weeks=30")
    entries = told(race, "workshops")
    fielded = race.weekly["kinds"]["designs_fielded"][:, WORKSHOP]
    assert fielded.sum() > 0
    assert [sum(entry.week == week for entry in entries) for week in range(30)] == fielded.tolist()
    assert all(entry.select in {"workshop-0", "workshop-1", "workshop-2"} for entry in entries)


def test_designs_given_up_do_not_fly_again() -> None:
    race = watched(
        "operators.poor_ratio=0.9", "operators.drop_after_weeks=2", "operators.minimum_expected_hits=1.0", weeks=0
    )
    given_up: set[tuple[int, int]] = set()
    told_of = 0
    while not race.over:
        race.step()
        flying = race.history.last.flying
        flown = {(int(maker), int(row)) for maker, row in zip(flying.maker, flying.row, strict=True)}
        assert not flown & given_up
        products = race.model.world.products
        dropped = {(maker, row) for maker, row in flown if products[row].dropped}
        given_up = {(maker, row) for maker, row in given_up if products[row].dropped} | dropped
        for entry in [entry for entry in told(race, "dropped") if entry.week == race.week]:
            said = re.search(r"give up (a|\d+) design", entry.text)
            assert said is not None
            assert {"a": "1"}.get(said[1], said[1]) == str(len(dropped))
            stock = sum(int(products[row].stock) for _, row in dropped)
            assert (f"{stock:,} drone" in entry.text) if stock else ("drone" not in entry.text)
            told_of += 1
    assert told_of > 0


def test_a_lever_moved_in_mid_race_is_told_when_it_takes_effect() -> None:
    race = watched(weeks=4)
    race.change({"workshops.iteration_weeks": 4, "teams.skill": race.scenario.parameters.teams.skill})
    assert told(race, "lever") == []
    race.step()
    race.step()
    (entry,) = told(race, "lever")
    assert entry.week == 4
    assert "workshops.iteration_weeks goes from 1 to 4 weeks" in entry.text
    assert entry.select is None
    race.change({"workshops.iteration_weeks": 2})
    race.step()
    assert "goes from 4 to 2 weeks" in told(race, "lever")[-1].text


def test_the_end_of_the_warm_up_is_told_in_the_first_week_that_counts() -> None:
    (entry,) = told(watched(), "burn-in")
    assert entry.week == 3
    assert entry.text.startswith("The warm-up is over")
    assert told(watched("run.burn_in_weeks=0"), "burn-in") == []
    assert told(watched(weeks=3), "burn-in") == []


@pytest.mark.parametrize(("regeneration", "side"), [(0.0, "attackers"), (3000.0, "defenders")])
def test_a_decision_of_the_front_is_told_once_for_each_regeneration(regeneration: float, side: str) -> None:
    race = watched("front.scale=300", f"front.regeneration={regeneration}")
    levels = 0
    for entry in told(race, "front"):
        assert f"the {side} prevail" in entry.text
        for level, name in enumerate(("low", "central", "high")):
            decided = np.flatnonzero(np.abs(race.weekly["front_balance"][:, level]) >= 1.0)
            assert (name in entry.text) == (decided[0] == entry.week)
            levels += name in entry.text
    assert levels == 3


def test_families_that_fly_no_more_are_told_once_and_only_they() -> None:
    race = watched("run.weeks=70", "run.burn_in_weeks=0", "workshops.initial_stock=0", "operators.crews=100000")
    flown = [set(families.tolist()) for families, _ in race.history.family_sorties]
    entries = told(race, "family")
    assert entries
    for entry in entries:
        names = [int(number) for number in re.findall(r"\d+", entry.text.partition(" fl")[0])]
        recent = set().union(*flown[entry.week + 1 - IDLE_WEEKS : entry.week + 1])
        assert "others" in entry.text or not recent & set(names[: MOST_NAMED + 1])
    ended = set().union(*flown) - set().union(*flown[-IDLE_WEEKS:]) - set(race.history.last.production.family.tolist())
    named = {int(number) for entry in entries for number in re.findall(r"\d+", entry.text.partition(" fl")[0])}
    assert ended <= named


def test_no_family_is_said_to_end_because_families_are_counted_anew(baseline: WatchedRace) -> None:
    burn_in = baseline.scenario.parameters.run.burn_in_weeks
    assert not [entry for entry in told(baseline, "family") if burn_in <= entry.week < burn_in + IDLE_WEEKS]


def test_a_leading_family_is_told_when_it_has_lost_half_of_its_success(baseline: WatchedRace) -> None:
    entries = told(baseline, "halved")
    assert entries
    for entry in entries:
        lost = int(PERCENT.findall(entry.text)[0][1]) / 100
        now, peak = (float(number) for number in re.findall(r"0\.\d+", entry.text))
        assert now <= peak / 2 + 0.005
        assert lost == pytest.approx(1 - now / peak, abs=0.03)
    same = [(entry.select, entry.week) for entry in entries]
    for select, week in same:
        assert not [other for name, other in same if name == select and week < other <= week + 12]


def test_a_race_of_default_size_has_few_entries_a_week(baseline: WatchedRace) -> None:
    counts = np.bincount([entry.week for entry in baseline.history.log], minlength=baseline.weeks)
    assert 1 <= counts.mean() <= 4
    assert counts.max() <= 10


@pytest.mark.parametrize("overrides", [(), ("teams.count=0",), ("workshops.count=0",), ("primes.count=0",)])
def test_entries_are_sentences_about_agents_there_are(overrides: tuple[str, ...]) -> None:
    race = watched(*overrides)
    assert race.history.log[0].kind == "start"
    for entry in race.history.log:
        assert entry.text[0].isupper() or entry.text[0].isdigit()
        assert entry.text.endswith(".")
        if entry.select is not None:
            assert race.frame(entry.select)["inspected"]["id"] == entry.select
    for earlier, later in pairwise(race.history.log):
        assert earlier.week <= later.week
