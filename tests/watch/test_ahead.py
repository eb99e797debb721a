"""The lines of who is ahead are ratios of what was recorded, for the race and for its control."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.records import KIND_NAMES, PRIME, WORKSHOP
from race_sim.results import Records
from race_sim.watch import WatchedRace, controls
from race_sim.watch.ahead import MOST_WEEKS, ahead, success_by_week, weeks_drawn
from race_sim.watch.controls import CONTROLS, NO_CONTROL, control_scenario
from tests.watch.watching import watched

WINDOW = 4


def by_hand(kinds: Any, kind: int) -> list[float | None]:
    """Hits over sorties of the last `WINDOW` weeks, week by week."""
    found = []
    for week in range(len(kinds)):
        weeks = range(max(0, week - WINDOW + 1), week + 1)
        hits, sorties = (sum(int(kinds[name][one, kind]) for one in weeks) for name in ("hits", "sorties"))
        found.append(hits / sorties if sorties else None)
    return found


def agree(shown: list[float | None], expected: list[float | None]) -> None:
    assert [value is None for value in shown] == [value is None for value in expected]
    numbers = [value for value in expected if value is not None]
    assert [value for value in shown if value is not None] == pytest.approx(numbers, abs=0.00006)


def swapped(race: WatchedRace) -> Any:
    """What `ahead` reads of a race, with the records of workshops and primes in each other's place."""

    def swap(weekly: Any) -> Any:
        other = weekly.copy()
        other["kinds"][..., [WORKSHOP, PRIME]] = weekly["kinds"][..., [PRIME, WORKSHOP]]
        return other

    run = race.control_run
    assert run is not None
    return SimpleNamespace(
        weekly=swap(race.weekly),
        scenario=race.scenario,
        control=race.control,
        control_run=Records(run.seeds, swap(run.weekly), run.lives),
        control_note=race.control_note,
    )


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    return watched("run.weeks=30", weeks=20)


def test_lines_are_recorded_hits_over_recorded_sorties(race: WatchedRace) -> None:
    found = ahead(race)
    assert found["window"] == WINDOW
    assert found["weeks"] == list(range(20))
    for kind in (WORKSHOP, PRIME):
        agree(found[KIND_NAMES[kind]], by_hand(race.weekly["kinds"], kind))


def test_the_control_is_the_same_race_on_the_same_seed_with_its_channel_cut(race: WatchedRace) -> None:
    found = ahead(race)["control"]
    records = run_ensemble(control_scenario(race.scenario, race.control), [race.seed])
    assert (found["name"], found["label"]) == (race.control, CONTROLS[race.control])
    assert found["weeks"] == list(range(30))
    for kind in (WORKSHOP, PRIME):
        agree(found[KIND_NAMES[kind]], by_hand(records.weekly["kinds"][0], kind))


def test_without_a_control_there_is_no_line(race: WatchedRace) -> None:
    alone = WatchedRace(race.scenario, race.seed, control=NO_CONTROL)
    alone.step()
    assert ahead(alone)["control"] is None
    assert ahead(alone)["control_note"] == ""


def test_a_control_that_would_take_too_long_is_left_out_and_the_reason_told(
    race: WatchedRace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ahead(race)["control_note"] == ""
    monkeypatch.setattr(controls, "MOST_MAKER_WEEKS", 8 * 30 - 1)
    held_back = watched("run.weeks=30", weeks=1)
    assert ahead(held_back)["control"] is None
    assert "239" in ahead(held_back)["control_note"]


def test_swapped_forces_swap_the_lines(race: WatchedRace) -> None:
    one, other = ahead(race), ahead(swapped(race))
    assert one["workshops"] != one["primes"]
    for line, mirrored in ((one, other), (one["control"], other["control"])):
        assert (mirrored["workshops"], mirrored["primes"]) == (line["primes"], line["workshops"])


def test_a_week_without_sorties_in_the_window_has_no_value() -> None:
    found = ahead(watched("primes.count=0"))
    assert set(found["primes"]) == {None}
    assert None not in found["workshops"]


@pytest.mark.parametrize("silent", [1, 3, 4, 6])
def test_a_pause_shows_once_it_fills_the_window(silent: int) -> None:
    kind = np.zeros(12, [("hits", "i8"), ("sorties", "i8")])
    kind["sorties"], kind["hits"] = 10, 4
    kind[2 : 2 + silent] = 0
    missing = np.flatnonzero(np.isnan(success_by_week(kind)))
    assert missing.tolist() == list(range(2 + WINDOW - 1, 2 + silent))
    assert success_by_week(kind)[~np.isnan(success_by_week(kind))] == pytest.approx(0.4)


def test_the_balance_is_the_recorded_one_for_three_regenerations(race: WatchedRace) -> None:
    balance = ahead(race)["balance"]
    recorded = race.weekly["front_balance"]
    for level, name in enumerate(("low", "central", "high")):
        assert balance[name] == pytest.approx(recorded[:, level], abs=0.00006)
    assert balance["low"][-1] > balance["high"][-1]


def test_levers_moved_are_on_the_timeline() -> None:
    race = watched(weeks=5)
    assert ahead(race)["events"] == []
    race.change({"workshops.iteration_weeks": 3, "teams.active": False})
    events = ahead(race)["events"]
    assert [event["week"] for event in events] == [5, 5]
    assert events[0]["text"] == "workshops: iteration weeks = 3 weeks"
    assert events[1]["text"] == "teams: active = false"


@pytest.mark.parametrize("weeks", [1, 2, MOST_WEEKS, MOST_WEEKS + 1, 2 * MOST_WEEKS, 5000])
def test_weeks_drawn_are_few_and_even_and_hold_the_first_and_the_last(weeks: int) -> None:
    drawn = weeks_drawn(weeks)
    assert len(drawn) <= MOST_WEEKS + 1
    assert (drawn[0], drawn[-1]) == (0, weeks - 1)
    assert len(drawn) >= min(weeks, MOST_WEEKS / 2)
    assert len(set(np.diff(drawn)[:-1].tolist())) <= 1


def test_a_long_race_is_thinned_out_without_changing_values(race: WatchedRace) -> None:
    weeks = 2 * MOST_WEEKS + 7
    weekly = np.resize(race.weekly, weeks)
    kept = SimpleNamespace(weekly=weekly, scenario=race.scenario, control="none", control_run=None, control_note="")
    found = ahead(kept)
    whole = by_hand(weekly["kinds"], WORKSHOP)
    agree(found["workshops"], [whole[week] for week in found["weeks"]])
    assert found["balance"]["weeks"] == found["weeks"]
