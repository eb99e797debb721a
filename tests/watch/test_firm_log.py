"""What makers as firms and treasuries do is told in words, when it happens and only then."""

import re
from dataclasses import replace

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import ACTIVE, BARTERED, STOPPED
from race_sim.records import TOTAL, WORKSHOP
from race_sim.watch import WatchedRace
from race_sim.watch.firm_log import FIRM_KINDS
from race_sim.watch.history import Entry
from tests.small import six_firms
from tests.watch.watching import watched, watched_scenario

KINDS = (*FIRM_KINDS, "barter", "veto")


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    """A race in which everything of the money part happens."""
    return watched_scenario(six_firms("coalition.veto_chance=0.5", "run.weeks=60", "workshop_accounts.overhead=400"))


def told(race: WatchedRace, kind: str) -> list[Entry]:
    return [entry for entry in race.history.log if entry.kind == kind]


def test_all_kinds_of_entries_are_told(race: WatchedRace) -> None:
    assert {entry.kind for entry in race.history.log} >= set(KINDS)


def test_without_accounts_nothing_of_it_is_told() -> None:
    assert not {entry.kind for entry in watched("run.weeks=40").history.log} & set(KINDS)


def test_every_newcomer_is_told_in_its_week_with_what_it_starts_from(race: WatchedRace) -> None:
    entered = race.weekly["kinds"]["entered"][:, WORKSHOP]
    entries = told(race, "entry")
    assert [entry.week for entry in entries] == np.repeat(np.arange(race.weeks), entered).tolist()
    assert [entry.select for entry in entries] == [f"workshop-{row}" for row in range(6, 6 + entered.sum())]
    assert all(re.search(r"its first design is one of family \d+", entry.text) for entry in entries)


def test_every_maker_that_cannot_pay_is_told(race: WatchedRace) -> None:
    failed = int(race.weekly["kinds"]["failed"][:, TOTAL].sum())
    lines = [entry for entry in told(race, "line") if "cannot pay" in entry.text]
    assert failed == len(told(race, "stopped")) + len(lines) > 0


def test_joint_lines_are_told_from_agreement_to_refresh() -> None:
    race = watched_scenario(six_firms("strikes.home_hazard=0", "strikes.abroad_hazard=0"), weeks=19)
    texts = [entry.text for entry in told(race, "line")]
    assert "is agreed: plant and capital of prime 0 will build the design of workshop" in texts[0]
    assert any(text.startswith("Joint line 0 opens with plant for") for text in texts)
    assert any("refreshes its design from workshop" in text for text in texts)
    opened = next(entry.week for entry in told(race, "line") if "opens" in entry.text)
    assert race.weekly["kinds"]["deliveries"][: opened + 1, 2].sum() == 0
    assert race.weekly["kinds"]["deliveries"][opened + 1, 2] > 0


def test_a_line_that_is_wanted_no_more_ends() -> None:
    race = watched_scenario(six_firms("strikes.home_hazard=0", "strikes.abroad_hazard=0"), weeks=12)
    race.change({"joint_lines.lines": 1})
    race.step()
    (ended,) = [entry for entry in told(race, "line") if "ends" in entry.text]
    assert (ended.week, ended.select) == (12, "line-1")
    assert "fewer lines are wanted" in ended.text


def test_strikes_and_depots_are_those_recorded(race: WatchedRace) -> None:
    weekly = race.weekly
    told_weeks = {entry.week for entry in told(race, "strike")}
    assert told_weeks <= set(np.flatnonzero(weekly["strikes"]).tolist())
    assert len([e for e in told(race, "strike") if "depots" in e.text]) <= weekly["depots_struck"].sum()
    stopped = [re.search(r"stop (\d+) of (\d+)", entry.text) for entry in told(race, "strike")]
    assert sum(int(found[1]) for found in stopped if found) == weekly["strikes_stopped"].sum() > 0


def test_barter_is_told_when_it_begins_and_when_it_ends() -> None:
    race = watched_scenario(six_firms(), weeks=10)
    race.change({"barter.drones_per_week": 0})
    race.step()
    begun, ended = told(race, "barter")
    assert race.weekly["kinds"]["drones"][begun.week, TOTAL, BARTERED] > 0
    assert (begun.week, ended.week) == (0, 10)


def test_vetoes_are_told_when_they_hold_up_money(race: WatchedRace) -> None:
    withheld = race.weekly["treasuries"]["withheld"].sum(axis=1)
    began = [week for week in range(race.weeks) if withheld[week] > 0 and (week == 0 or withheld[week - 1] == 0)]
    assert [entry.week for entry in told(race, "veto") if "holds up" in entry.text] == began


def test_who_waits_is_nowhere_to_be_seen() -> None:
    scenario = six_firms("entry.rate=0", "joint_lines.lines=0", "joint_lines.budget=0")
    race = watched_scenario(replace(scenario, events=()))
    frame = race.frame()
    assert frame["kinds"] == ["workshops", "primes"]
    assert {point["kind"] for point in frame["space"]["points"]} <= {"workshops", "primes"}
    assert (race.workshops, race.lines) == (6, 0)
    production = race.history.last.production
    assert (production.family[6:11] == -1).all()
    assert np.isnan(production.quality[-3:]).all()


def test_stopped_makers_build_nothing_and_what_they_built_is_marked(race: WatchedRace) -> None:
    suppliers = race.model.world.suppliers
    stopped = np.flatnonzero(suppliers["standing"] == STOPPED)
    assert len(stopped)
    assert (race.history.last.production.family[stopped] == -1).all()
    points = race.frame()["space"]["points"]
    makers = race.model.workshops + race.model.primes + race.model.joint_lines
    names = {f"workshop-{maker.index}": maker for maker in makers[: len(race.model.workshops)]}
    for point in points:
        if point["maker"] in names:
            assert point["stopped"] == (names[point["maker"]].firm.standing != ACTIVE)


def test_a_race_that_is_watched_is_the_race_that_is_counted(race: WatchedRace) -> None:
    assert race.model.records().same_bytes(run_ensemble(race.scenario, [race.seed]))
