"""The verdict says who is ahead and why in numbers that were recorded, and turns round when the forces do."""

import math
import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from race_sim.analysis.intervals import ratio_estimate
from race_sim.records import CENTRAL, KIND_NAMES, PRIME, WORKSHOP
from race_sim.scenario import load
from race_sim.watch import WatchedRace
from race_sim.watch.side import LEAST_WEEKS, sides_of
from race_sim.watch.verdict import WINDOW_WEEKS, verdict
from race_sim.watch.words import rate_text
from tests.watch.recorded import WEEKS, as_race, exchanged, made_up, other_way_round
from tests.watch.watching import watched, watched_scenario


@pytest.fixture(scope="module")
def baseline() -> list[WatchedRace]:
    """The baseline as it was after several weeks."""
    race = watched_scenario(load("baseline"), seed=1)
    return [as_race(race.weekly[: week + 1].copy(), race.scenario) for week in (0, 5, 14, 30, 60, 155)]


def test_rows_are_what_was_recorded(baseline: list[WatchedRace]) -> None:
    for race in baseline:
        shown = verdict(race)
        first, last = shown["window"]
        assert last == race.week
        assert last - first + 1 == min(WINDOW_WEEKS, race.week + 1)
        assert [row["kind"] for row in shown["rows"]] == ["workshops", "primes", "total"]
        for row in shown["rows"]:
            kind = KIND_NAMES.index(row["kind"])
            weeks = race.weekly["kinds"][first : last + 1, kind]
            assert row["sorties"] == weeks["sorties"].sum()
            assert row["hits"] == weeks["hits"].sum()
            assert row["changes"] == weeks["designs_fielded"].sum()
            assert row["stock"] == weeks["stock"][-1]
            if row["stock"]:
                assert row["stock_age"] == pytest.approx(weeks["stock_age"][-1], rel=1e-3)
                assert row["countered"] == pytest.approx(weeks["stock_countered"][-1] / row["stock"], rel=1e-3)
            flown = weeks[weeks["sorties"] > 0]
            estimate = ratio_estimate(flown["hits"], flown["sorties"])
            assert row["rate"] == pytest.approx(row["hits"] / row["sorties"], rel=1e-4)
            assert (row["low"], row["high"]) == (
                (None, None) if len(flown) < LEAST_WEEKS else pytest.approx(estimate.interval, rel=1e-3)
            )
            possible = (flown["unopposed_success"] * flown["sorties"]).sum()
            assert row["unopposed"] == pytest.approx(possible / row["sorties"], rel=1e-3)
            assert row["taken"] == pytest.approx(1 - weeks["expected_hits"].sum() / possible, abs=1e-4)


def test_exchanging_the_forces_exchanges_their_parts(baseline: list[WatchedRace]) -> None:
    for race in baseline:
        one, other = verdict(race), verdict(exchanged(race))
        assert other["headline"] == other_way_round(one["headline"])
        assert other["why"] == [other_way_round(sentence) for sentence in one["why"]]
        assert other["leader"] == other_way_round(one["leader"])
        assert other["front"] == one["front"]
        rows = {row["kind"]: row for row in one["rows"]}
        for row in other["rows"]:
            assert {**row, "kind": ""} == {**rows[other_way_round(row["kind"])], "kind": ""}


def test_whoever_can_learn_is_ahead_of_whoever_cannot() -> None:
    equal = (
        "money.accounts=false",
        "primes.count=60",
        "primes.weekly_output=50",
        "primes.batch_weeks=1",
        "primes.intelligence=1",
    )
    setting = load("baseline", ["run.weeks=70", "operators.drop_after_weeks=0", "teams.targeting=greedy", *equal])
    learners = {
        "workshops": {"primes.develops": False},
        "primes": {"workshops.adapts": False, "primes.development_weeks": 6},
    }
    for name, changes in learners.items():
        shown = verdict(watched_scenario(setting.with_changes(changes), seed=1))
        assert shown["leader"] == name
        assert shown["headline"].lower().startswith(f"{name} are ahead: ")


@pytest.mark.parametrize(
    ("workshops", "primes", "leader"),
    [
        ([30, 31, 29], [12, 13, 11], "workshops"),
        ([12, 13, 11], [30, 31, 29], "primes"),
        ([30, 10, 50], [25, 45, 20], "level"),
        ([30, 31, 29], [10, 45, 25], "level"),
        ([0], [12, 13, 11], "primes"),
        ([100], [88, 87, 89], "workshops"),
        ([88, 87, 89], [100], "primes"),
        ([100], [100], "level"),
        ([0], [0], "level"),
    ],
)
def test_a_leader_is_named_only_where_intervals_do_not_overlap(
    workshops: list[int], primes: list[int], leader: str
) -> None:
    shown = verdict(made_up(workshops=workshops, primes=primes))
    assert shown["leader"] == leader
    ends = {row["kind"]: (row["low"], row["high"]) for row in shown["rows"]}
    apart = ends["workshops"][0] > ends["primes"][1] or ends["primes"][0] > ends["workshops"][1]
    assert apart == (leader != "level")
    headline = shown["headline"]
    rates = [rate_text(row["rate"]) for row in shown["rows"][:-1]]
    assert all(rate in headline for rate in rates)
    assert f"weeks {WEEKS - WINDOW_WEEKS} to {WEEKS - 1}" in headline
    if leader == "level":
        assert headline.startswith("No clear lead: ")
        assert "no evidence either way" in headline
    else:
        assert headline.startswith(f"{leader.capitalize()} are ahead: {max(rates)} hits a sortie against {min(rates)} ")


@pytest.mark.parametrize(
    "hits",
    [
        {"workshops": [30, 31, 29], "primes": [10, 45, 25], "joint_lines": [12, 13, 11]},
        {"workshops": [30, 31, 29], "primes": [31, 32, 26], "joint_lines": [12, 13, 11]},
        {"workshops": [20, 40, 30], "primes": [20, 38, 29], "joint_lines": [18, 40, 25]},
        {"workshops": [10, 50, 35], "primes": [30, 31, 29], "joint_lines": [22, 23, 21]},
        {"workshops": [30, 31, 29], "primes": [22, 23, 21], "joint_lines": [5, 45, 20]},
    ],
)
def test_of_three_kinds_it_says_which_are_apart_and_which_overlap(hits: dict[str, list[int]]) -> None:
    shown = verdict(made_up(**hits))
    rows = sorted(shown["rows"][:-1], key=lambda row: -row["rate"])
    headline = shown["headline"].replace("joint lines", "joint_lines")
    assert (shown["leader"], len(rows)) == ("level", 3)
    overlapping = []
    for one, other in combinations(rows, 2):
        apart = one["low"] > other["high"]
        assert (f"{one['kind']} are ahead of {other['kind']}" in headline) == apart
        if not apart:
            overlapping.append(f"{one['kind']} and {other['kind']}")
    assert headline.startswith("No clear lead: ")
    if len(overlapping) == len(rows):
        assert headline.endswith("all overlap: no evidence either way.")
    else:
        told = headline[headline.index("intervals of ") :].partition(": no evidence either way between these.")[0]
        assert re.findall(r"(\w+ and \w+)", told.replace(", and those of ", "; ")) == overlapping


def test_after_one_week_it_is_too_early_to_say(baseline: list[WatchedRace]) -> None:
    shown = verdict(baseline[0])
    assert shown["leader"] == "level"
    assert shown["headline"].startswith("Too early to say")


def flying_only(race: WatchedRace, kind: int, weeks: int) -> WatchedRace:
    """The race with nothing flown by a kind but in the last so many weeks."""
    row = race.weekly["kinds"][: WEEKS - weeks, kind]
    for name in ("sorties", "hits", "expected_hits"):
        row[name] = 0
    return race


@pytest.mark.parametrize("seldom", [WORKSHOP, PRIME])
@pytest.mark.parametrize(
    "rates", [{"workshops": [12, 13, 11], "primes": [64, 66, 65]}, {"workshops": [0], "primes": [100]}]
)
def test_who_flies_in_few_weeks_only_neither_leads_nor_is_behind(seldom: int, rates: dict[str, list[int]]) -> None:
    assert verdict(made_up(**rates))["leader"] == "primes"
    for weeks in range(1, LEAST_WEEKS):
        race = flying_only(made_up(**rates), seldom, weeks)
        shown = verdict(race)
        assert shown["leader"] == "level"
        assert shown["headline"].startswith("Too early to say who is ahead: primes made ")
        assert f"{KIND_NAMES[seldom]} flew in {weeks} week" in shown["headline"]
        assert KIND_NAMES[1 - seldom] + " flew in" not in shown["headline"]
        assert "overlap" not in shown["headline"]
        assert (shown["rows"][seldom]["low"], shown["rows"][seldom]["high"]) == (None, None)
        turned = verdict(exchanged(race))
        assert (turned["headline"], turned["leader"]) == (other_way_round(shown["headline"]), "level")
    shown = verdict(flying_only(made_up(**rates), seldom, WINDOW_WEEKS))
    assert shown["leader"] == "primes"
    assert verdict(exchanged(flying_only(made_up(**rates), seldom, WINDOW_WEEKS)))["leader"] == "workshops"


def test_weeks_without_sorties_do_not_narrow_an_interval() -> None:
    hits = [64, 60, 68, 62, 66]
    race = flying_only(made_up(workshops=[30, 31], primes=hits), PRIME, len(hits))
    flown = race.weekly["kinds"][-len(hits) :, PRIME]
    row = verdict(race)["rows"][PRIME]
    assert (row["low"], row["high"]) == ratio_estimate(flown["hits"], flown["sorties"]).interval


@pytest.mark.parametrize("all_hit", [True, False])
def test_few_sorties_that_all_hit_or_all_miss_are_no_lead(all_hit: bool) -> None:
    race = made_up(workshops=[60, 62, 58] if all_hit else [40, 42, 38], primes=[0])
    row = race.weekly["kinds"][:, PRIME]
    row["sorties"] = 0
    row["sorties"][-LEAST_WEEKS:] = 1
    row["hits"] = row["sorties"] * all_hit
    shown = verdict(race)
    assert shown["leader"] == "level"
    assert shown["headline"].startswith("No clear lead")
    low, high = shown["rows"][PRIME]["low"], shown["rows"][PRIME]["high"]
    assert (high == 1.0 and low**LEAST_WEEKS == pytest.approx(0.025)) if all_hit else low == 0.0 < high


def test_one_delivery_does_not_make_a_lone_prime_the_leader() -> None:
    scenario = load("baseline", ["primes.count=1", "run.weeks=40"])
    for seed in (1, 2, 3):
        race = watched_scenario(scenario, weeks=LEAST_WEEKS, seed=seed)
        flown = (race.weekly["kinds"]["sorties"][:, PRIME] > 0).sum()
        assert 0 < flown < LEAST_WEEKS
        shown = verdict(race)
        assert shown["leader"] == "level"
        assert shown["headline"].startswith("Too early to say who is ahead: ")


def factors(sentence: str) -> list[float]:
    return [float(number) for number in re.findall(r"x(\d+\.\d+)", sentence)]


def test_the_ratio_is_told_as_a_product_with_the_larger_factor_first(baseline: list[WatchedRace]) -> None:
    orders = set()
    for race in baseline[1:]:
        shown = verdict(race)
        better, other = sorted(shown["rows"][:-1], key=lambda row: -row["rate"])
        ratio = better["rate"] / other["rate"]
        found = factors(shown["why"][0])
        if rate_text(better["rate"]) == rate_text(other["rate"]):
            assert shown["why"][0].startswith(
                f"Both make {rate_text(better['rate'])} hits a sortie; {better['kind']} against "
            )
        else:
            assert found.pop(0) == pytest.approx(ratio, abs=0.0051)
        first, second, *chance = found
        left = chance[0] if chance else 1.0
        assert first * second * left == pytest.approx(ratio, rel=0.04)
        designs = better["unopposed"] / other["unopposed"]
        passing = (1 - better["taken"]) / (1 - other["taken"])
        assert sorted((first, second)) == pytest.approx(sorted((designs, passing)), abs=0.0051)
        assert abs(math.log(first)) >= abs(math.log(second)) - 0.02
        order = "designs" if shown["why"][0].index("unopposed") < shown["why"][0].index("past") else "passing"
        assert shown["why"][1].startswith("Unopposed" if order == "designs" else "Countermeasures take")
        orders.add(order)
    assert orders == {"designs", "passing"}


def test_chance_is_told_where_it_counts() -> None:
    race = made_up(workshops=[24], primes=[20])
    race.weekly["kinds"]["expected_hits"][:, PRIME] = 30
    (sentence,) = [sentence for sentence in verdict(race)["why"] if "chance" in sentence]
    assert math.prod(factors(sentence)[1:]) == pytest.approx(factors(sentence)[0], rel=0.02)
    assert not [text for text in verdict(made_up(workshops=[20], primes=[20]))["why"] if "chance" in text]


def test_targets_that_run_out_are_told_apart_from_chance() -> None:
    race = made_up(workshops=[20], primes=[20])
    kinds, saturation = race.weekly["kinds"], race.weekly["saturation"]
    early, late = slice(WEEKS - WINDOW_WEEKS, WEEKS - 6), slice(WEEKS - 6, WEEKS)
    saturation[early] = 0.4
    kinds["sorties"][late, WORKSHOP] = kinds["sorties"][early, PRIME] = 10
    for name in ("hits", "expected_hits"):
        kinds[name] = 0.5 * kinds["sorties"] * saturation[:, None]
    why = verdict(race)["why"]
    assert "chance" not in " ".join(why)
    ratio, *parts = factors(why[0])
    assert "from finding targets left" in why[0]
    assert math.prod(parts) == pytest.approx(ratio, rel=0.02)
    sides = sides_of(race, WEEKS - WINDOW_WEEKS)[:-1]
    assert all(side.taken == 0.0 for side in sides)
    found = {KIND_NAMES[side.kind]: f"{side.rate.value / side.unopposed:.0%}" for side in sides}
    told = next(text for text in why if text.startswith("Targets run out"))
    for name in ("workshops", "primes"):
        assert f"{found[name]} of those of {name}" in told
    race.weekly["kinds"]["hits"][:, PRIME] = race.weekly["kinds"]["hits"][:, PRIME] * 4 // 5
    assert re.search(r"times x0\.\d+ from chance|times x1\.\d+ from chance", verdict(race)["why"][0])
    race.weekly["saturation"] = 1.0
    assert "targets" not in " ".join(verdict(race)["why"])


def test_why_tells_changes_for_each_maker_and_hits_in_all(baseline: list[WatchedRace]) -> None:
    race = baseline[-2]
    shown = verdict(race)
    rows = {row["kind"]: row for row in shown["rows"]}
    text = " ".join(shown["why"])
    workshops = race.weekly["kinds"]["makers"][-WINDOW_WEEKS:, WORKSHOP].mean()
    assert f"a workshop {rows['workshops']['changes'] / workshops:.1f} times" in text
    assert f"a prime {rows['primes']['changes'] / 6:.1f} times" in text
    more = max(rows["workshops"]["hits"], rows["primes"]["hits"])
    assert f"{more:,} hits in" in text


def test_whoever_hits_more_in_all_is_named_though_behind_in_hits_a_sortie() -> None:
    race = made_up(workshops=[30, 31], primes=[12, 13])
    for name in ("sorties", "hits", "expected_hits"):
        race.weekly["kinds"][name][:, PRIME] *= 10
    shown = verdict(race)
    assert shown["leader"] == "workshops"
    assert any(text.startswith("In these weeks, primes made more hits") for text in shown["why"])


def test_targets_that_run_out_are_not_taken_by_countermeasures() -> None:
    race = watched("front.targets_per_week=50", "teams.count=0")
    for side in sides_of(race, 0):
        assert side.taken == 0.0
        assert side.rate.value < 0.7 * side.unopposed


@pytest.mark.parametrize(("missing", "flying"), [("primes", "Workshops"), ("workshops", "Primes")])
def test_one_kind_alone_is_judged_against_the_defence(missing: str, flying: str) -> None:
    race = watched(f"{missing}.count=0")
    shown = verdict(race)
    (row,) = [row for row in shown["rows"] if row["kind"] == flying.lower()]
    assert shown["leader"] == "none"
    assert shown["headline"].startswith(f"{flying} make {rate_text(row['rate'])} hits a sortie")
    assert f"countermeasures take {row['taken']:.0%}" in shown["headline"]
    assert f"there are no {missing}" in shown["headline"]


def test_a_kind_that_is_there_but_does_not_fly_is_said_not_to_fly() -> None:
    assert "primes flew nothing" in verdict(watched("primes.weekly_output=0", "primes.initial_stock=0"))["headline"]


def test_nothing_flying_is_no_error() -> None:
    shown = verdict(watched("operators.crews=0", weeks=5))
    assert shown["headline"] == "Nothing has flown in weeks 0 to 4."
    assert shown["leader"] == "none"
    assert {row["rate"] for row in shown["rows"]} == {None}


def test_the_front_is_told_as_recorded_and_when_it_was_decided() -> None:
    race = watched("front.scale=2000")
    balance = race.weekly["front_balance"][-1]
    text = verdict(race)["front"]
    for level, name in enumerate(("low", "central", "high")):
        assert f"{balance[level]:+.2f} with {name}" in text
        decided = np.flatnonzero(np.abs(race.weekly["front_balance"][:, level]) >= 1.0)
        told = re.search(rf"decided with {name} regeneration in week (\d+)", text, re.IGNORECASE)
        assert (told is not None) == (len(decided) > 0)
        assert told is None or int(told[1]) == decided[0]
    assert len(np.flatnonzero(np.abs(race.weekly["front_balance"][-1]) >= 1.0)) > 0


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        ((0.3, 0.2, 0.1), "leans to the attackers"),
        ((-0.1, -0.2, -0.3), "leans to the defenders"),
        ((0.1, -0.1, -0.3), "depends on how fast the defenders regenerate"),
    ],
)
def test_the_front_leans_to_whom_all_three_balances_do(balance: tuple[float, ...], words: str) -> None:
    race = made_up(workshops=[20], primes=[20])
    race.weekly["front_balance"] = balance
    assert words in verdict(race)["front"]
    assert race.weekly["front_balance"][-1, CENTRAL] == balance[1]


def test_the_front_stands_still_and_weeks_are_warm_up_until_the_burn_in_ends() -> None:
    race = watched("run.burn_in_weeks=5", weeks=5)
    shown = verdict(race)
    assert "stands still" in shown["front"]
    assert "warm-up" in shown["caution"]
    race.step()
    shown = verdict(race)
    assert "stands still" not in shown["front"]
    assert "before 5 are warm-up" in shown["caution"]
    long = made_up(workshops=[20], primes=[20])
    assert "warm-up" not in verdict(long)["caution"]


def test_it_always_says_that_one_race_is_one_draw(baseline: list[WatchedRace]) -> None:
    for race in baseline:
        caution: Any = verdict(race)["caution"]
        assert "one draw" in caution
        assert "race-sim compare" in caution


def test_rates_that_are_the_same_in_the_digits_told_are_told_once() -> None:
    race = made_up(workshops=[20], primes=[20])
    for name in ("sorties", "hits", "expected_hits"):
        race.weekly["kinds"][name][:, PRIME] *= 10
    shown = verdict(race)
    assert shown["headline"].startswith(
        "No clear lead: both made 0.20 hits a sortie, weeks 27 to 39, and the intervals "
    )
    assert "x1.00 the hits" not in " ".join(shown["why"])
    assert shown["whole"]["text"].endswith(" primes made 2,800 hits and workshops 280, both 0.20 a sortie.")
    race = made_up(workshops=[2000], primes=[2020])
    race.weekly["kinds"]["sorties"] *= 100
    shown = verdict(race)
    assert shown["leader"] in {"level", "primes"}
    assert "0.20 hits a sortie against 0.20" not in shown["headline"]
    assert "both made 0.20 hits a sortie" in shown["headline"]
