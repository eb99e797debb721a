"""Money shown is what the ensemble driver, which is never run to show it, has recorded; and it adds up."""

import re
from typing import Any

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import CONSTRAINT_NAMES, DESTROYED, DESTROYED_AT_MAKERS, MONEY_NAMES, TREASURY_NAMES
from race_sim.records import KIND_NAMES, TOTAL
from race_sim.watch import WatchedRace
from race_sim.watch.agent_record import agent_record
from race_sim.watch.money import TREASURY_FLOWS, TREASURY_LEVELS, money
from race_sim.watch.words import euros_text
from tests.small import six_firms
from tests.watch.watching import watched, watched_scenario

RECEIVED = ("sales", "export_sales", "royalties_earned", "paid_in", "borrowed", "taken_over")
COSTS = (500, 2000, 1000)
HELD_BACK = {"orders": "nothing", "finance": "cash and credit", "inputs": "imported inputs", "capacity": "capacity"}


@pytest.fixture(scope="module", params=[1, 7, 30])
def race(request: pytest.FixtureRequest) -> WatchedRace:
    return watched_scenario(six_firms(), weeks=request.param)


@pytest.fixture
def weekly(race: WatchedRace) -> Any:
    return run_ensemble(race.scenario, [race.seed]).weekly[0, : race.week + 1]


def test_sums_are_those_of_the_ensemble(race: WatchedRace, weekly: Any) -> None:
    shown = money(race)
    assert shown is not None
    for span, weeks in (("week", weekly[-1:]), ("run", weekly)):
        for which, name in enumerate(TREASURY_NAMES):
            for flow in TREASURY_FLOWS:
                assert shown[span]["treasuries"][name][flow] == weeks["treasuries"][flow][:, which].sum()
        for kind, name in enumerate(KIND_NAMES):
            sums = weeks["kinds"]["money"][:, kind].sum(axis=0).tolist()
            assert shown[span]["makers"][name] == dict(zip(MONEY_NAMES, sums, strict=True))
        destroyed = weeks["kinds"]["drones"][:, :TOTAL, [DESTROYED, DESTROYED_AT_MAKERS]].sum(axis=(0, 2))
        lost = shown[span]["lost"]
        assert [lost[name] for name in KIND_NAMES[:TOTAL]] == (destroyed * COSTS).tolist()
        assert lost["drones"] == destroyed.sum()


def test_what_stands_is_that_of_the_ensemble(race: WatchedRace, weekly: Any) -> None:
    shown = money(race)
    assert shown is not None
    now = weekly[-1]
    for which, name in enumerate(TREASURY_NAMES):
        assert shown["treasuries"][name] == {level: now["treasuries"][level][which] for level in TREASURY_LEVELS}
    for kind, name in enumerate(KIND_NAMES):
        row = now["kinds"][kind]
        assert shown["makers"][name]["cash"] == row["cash"]
        assert shown["makers"][name]["debt"] == row["debt"]
        assert shown["bound"][name] == dict(zip(CONSTRAINT_NAMES, row["bound"].tolist(), strict=True))
        used = shown["makers"][name]["utilisation"]
        assert used is None or used == pytest.approx(row["drones"][1] / row["capacity"], abs=1e-4)
    stock = now["kinds"]["stock"][:TOTAL] * COSTS
    assert [shown["stock"][name] for name in KIND_NAMES] == [*stock, stock.sum()]
    assert shown["goodwill"] == pytest.approx(now["goodwill"], abs=1e-4)


def test_where_a_budget_went_adds_up(race: WatchedRace) -> None:
    shown = money(race)
    assert shown is not None
    for name in TREASURY_NAMES:
        spent = shown["run"]["treasuries"][name]
        out = spent["paid"] + spent["commission"] + spent["imports"] + spent["plants"]
        assert spent["income"] + spent["aid"] - out == shown["treasuries"][name]["cash"]
        assert sum(shown["run"]["orders"][name].values()) == spent["paid"]
        assert all(paid >= 0 for paid in shown["run"]["orders"][name].values())


def test_money_of_makers_adds_up_from_week_to_week() -> None:
    race = watched_scenario(six_firms(), weeks=0)
    cash: dict[str, int] = {}
    while not race.over:
        race.step()
        shown = money(race)
        assert shown is not None
        for name in KIND_NAMES:
            purposes = shown["week"]["makers"][name]
            change = sum(
                euros if purpose in RECEIVED else -euros
                for purpose, euros in purposes.items()
                if purpose != "written_off"
            )
            now = shown["makers"][name]["cash"]
            assert name not in cash or now == cash[name] + change
            cash[name] = now


def test_cash_at_the_start_is_what_makers_had_before_the_first_week() -> None:
    race = watched_scenario(six_firms("coalition.veto_chance=0.5"), weeks=0)
    world = race.model.world
    cash = world.accounts["cash"][: len(world.makers)]
    began = [int(cash[world.makers["kind"] == kind].sum()) for kind in range(TOTAL)]
    assert sum(began) > 0
    while not race.over:
        race.step()
        shown = money(race)
        assert shown is not None
        assert shown["start"] == dict(zip(KIND_NAMES, [*began, sum(began)], strict=True))


def test_stock_is_valued_at_what_a_drone_costs_in_the_week() -> None:
    race = watched_scenario(six_firms(), weeks=9)
    race.change({"workshop_accounts.unit_cost": 700})
    race.step()
    shown = money(race)
    assert shown is not None
    assert shown["stock"]["workshops"] == 700 * race.weekly["kinds"]["stock"][-1, 0]
    lost = race.weekly["kinds"]["drones"][:, 0, [DESTROYED, DESTROYED_AT_MAKERS]].sum(axis=1)
    assert shown["run"]["lost"]["workshops"] == (lost * np.repeat([500, 700], [9, 1])).sum()


def test_without_accounts_there_is_no_money() -> None:
    race = watched(weeks=3)
    assert money(race) is None
    assert race.frame()["accounts"] is False


def test_records_tell_of_firms_what_the_world_holds(race: WatchedRace) -> None:
    model = race.model
    for maker in (*model.workshops[:6], *model.primes, *model.joint_lines[: race.lines]):
        role = {0: "workshop", 1: "prime", 2: "line"}[int(maker.row.kind)]
        facts = dict(agent_record(race, f"{role}-{int(maker.row.number)}")["facts"])
        if not maker.is_active:
            assert "Built this week" not in facts or "being set up" in facts["Standing"]
            continue
        assert facts["Debt"] == euros_text(maker.debt)
        assert facts["Cash"].startswith(euros_text(maker.cash))
        assert facts["Capacity"].startswith(f"{int(maker.firm.capacity):,} drone")
        constraint = CONSTRAINT_NAMES[int(maker.firm.constraint)]
        assert facts["Held back by"].startswith(HELD_BACK[constraint])
        if role == "workshop":
            assert facts["Connected to buyers"].startswith("yes") == bool(maker.firm.connected)
            assert facts["Site"].startswith("abroad") == bool(maker.firm.abroad)


def test_the_record_of_a_joint_line_names_its_partners_and_its_refreshes() -> None:
    race = watched_scenario(six_firms("strikes.home_hazard=0", "strikes.abroad_hazard=0"), weeks=15)
    facts = dict(agent_record(race, "line-0")["facts"])
    assert facts["Prime"].startswith("prime ")
    assert facts["Workshop"].startswith("workshop ")
    assert facts["Last refresh"].startswith("week ")
    assert facts["Royalty to the workshop"] == "EUR 62 a drone, 5% of its price"
    prime = dict(agent_record(race, facts["Prime"].replace(" ", "-"))["facts"])
    assert prime["Joint lines"] == "joint line 0"


def weeks_of(fact: str) -> list[int]:
    return [int(week) for week in re.findall(r"week (\d+)", fact)]


@pytest.mark.parametrize("saved", [0, 1])
def test_a_line_refreshes_when_its_record_said_and_dates_it_as_the_log_does(saved: int) -> None:
    setting = ("strikes.home_hazard=0", "strikes.abroad_hazard=0", f"joint_lines.pilot_weeks_saved={saved}")
    race = watched_scenario(six_firms(*setting, "joint_lines.integration_weeks=2", "primes.standards=1"), weeks=3)
    promised: set[int] = set()
    refreshed = []
    while race.week < 19:
        race.step()
        facts = dict(agent_record(race, "line-1")["facts"])
        last, built = weeks_of(facts["Last refresh"])
        assert built == last + 1
        logged = [entry for entry in race.history.log if entry.select == "line-1" and entry.kind == "line"]
        assert logged[-1].week == last
        assert ("opens" in logged[-1].text) == ("opened" in facts["Last refresh"])
        if "refreshes" in logged[-1].text and last == race.week:
            refreshed.append(last)
        since = (weeks_of(facts["Design in production"]) or [race.week])[0]
        assert since == built if last < race.week else since < built
        opened, builds = weeks_of(facts["Standing"])
        assert builds == opened + 1
        if "Next refresh" in facts:
            ready, built = weeks_of(facts["Next refresh"])
            assert ready in promised
            assert built == ready + 1
        look, taken = weeks_of(facts["Next look at the workshop's design"])
        assert look > race.week
        assert taken == look + 2 - saved
        promised.add(taken)
    assert refreshed
    assert set(refreshed) <= promised


def test_records_of_treasuries_tell_what_they_received(race: WatchedRace) -> None:
    for number, name in enumerate(TREASURY_NAMES):
        record = agent_record(race, f"treasury-{number}")
        facts = dict(record["facts"])
        spent = race.weekly["treasuries"][:, number]
        assert facts["Paid to makers in this run"] == euros_text(int(spent["paid"].sum()))
        assert facts["In hand"] == euros_text(int(spent["cash"][-1]))
        assert record["series"][0]["values"] == (spent["income"] + spent["aid"]).tolist()
        assert name in ("home", "partners")
