"""What binds output is recorded, and relaxing it alone raises output; who cannot pay stops, and nothing is lost."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import BORROWED as BORROWED_MONEY
from race_sim.firms import BUILT, CONSTRAINT_NAMES, MONEY_IN, ORDERED, REPAID, SCRAPPED_AT_MAKERS, WRITTEN_OFF
from race_sim.records import KINDS, PRIME, WORKSHOP
from race_sim.scenario import Event, load

SEEDS = range(4)
MEASURED = slice(20, 50)
WORKSHOPS = 8
SMALL = {
    "run.weeks": 50,
    "run.burn_in_weeks": 5,
    "workshops.count": WORKSHOPS,
    "primes.count": 1,
    "teams.count": 2,
    "entry.places": 0,
    "joint_lines.places": 0,
    "strikes.home_hazard": 0,
    "treasuries.home_budget": 250_000,  # 50 drones a week for each of eight workshops
    "treasuries.partner_aid": 0,
    "treasuries.american_aid": 0,
    "treasuries.home_growth": 1,
    "procurement.merit": 0,
    "procurement.crony_share": 0,
    "procurement.intermediary_share": 0,
    "workshop_accounts.initial_capacity": 100,
    "workshop_accounts.initial_cash": 1_000_000,
    "workshop_accounts.credit_weeks": 26,
    "money.investment_weeks": 1,  # nobody invests
}
BOUND_BY = {
    "orders": {},
    "finance": {
        "workshop_accounts.initial_cash": 60_000,
        "workshop_accounts.credit_weeks": 0,
        "workshop_accounts.overhead": 0,
        "money.loan_to_value": 0,
        "money.advance_share": 0,
        "money.margin": 0.06,  # what is earned beside research money lets nobody grow out of it
    },
    "inputs": {  # customers want what plants could build, and do not save what they could not spend
        "inputs.availability": 0.4,
        "treasuries.home_budget": 0,
        "exports.regime": "open",
        "exports.nato_demand": 100 * WORKSHOPS,
    },
    "capacity": {"treasuries.home_budget": 1_000_000},
}
RELAXED = {
    "finance": {"workshop_accounts.credit_weeks": 52.0, "workshop_accounts.initial_cash": 5_000_000},
    "inputs": {"inputs.availability": 1.0},
    "capacity": {"workshop_accounts.initial_capacity": 150},
}


def setting(bound_by: str, relaxed: str | None = None) -> dict[str, Any]:
    values = {**SMALL, **BOUND_BY[bound_by]}
    if relaxed == "orders":
        values["treasuries.home_budget"] += values["treasuries.home_budget"] // 2
        values["exports.nato_demand"] = 150 * WORKSHOPS
    elif relaxed is not None:
        values |= RELAXED[relaxed]
    return values


@cache
def measured(bound_by: str, relaxed: str | None = None) -> Any:
    """Records of the workshops in the measured weeks: [runs, weeks]."""
    scenario = load("baseline").with_changes(setting(bound_by, relaxed))
    return run_ensemble(scenario, SEEDS).weekly["kinds"][:, MEASURED, WORKSHOP]


def output(bound_by: str, relaxed: str | None = None) -> float:
    return float(measured(bound_by, relaxed)["drones"][:, :, BUILT].mean())


@pytest.mark.parametrize("name", CONSTRAINT_NAMES)
def test_each_constraint_can_bind_most_makers_in_most_weeks(name: str) -> None:
    rows = measured(name)
    bound = rows["bound"][:, :, CONSTRAINT_NAMES.index(name)]
    assert (bound > WORKSHOPS / 2).mean() > 0.5
    assert (rows["bound"].sum(axis=2) == rows["makers"]).all()


@pytest.mark.parametrize("name", CONSTRAINT_NAMES)
def test_relaxing_what_binds_raises_output(name: str) -> None:
    assert output(name, name) > 1.2 * output(name)


@pytest.mark.parametrize(
    ("name", "other"), [(name, other) for name in CONSTRAINT_NAMES for other in CONSTRAINT_NAMES if name != other]
)
def test_relaxing_what_does_not_bind_does_not(name: str, other: str) -> None:
    assert output(name, other) < 1.03 * output(name)


def test_with_orders_binding_all_that_is_ordered_is_built() -> None:
    drones = measured("orders")["drones"]
    assert (drones[:, :, BUILT] == drones[:, :, ORDERED]).all()


# Insolvency

LAST_INCOME = 15


@cache
def without_income(stopped: bool = True) -> Any:
    """Races whose home treasury receives nothing more from a week on, and few of whose drones fly a week."""
    changes = {**SMALL, "run.weeks": 70, "operators.crews": 150, "money.reserve_weeks": 8.0, "money.loan_to_value": 0}
    changes |= {"workshop_accounts.overhead": 40, "workshop_accounts.initial_cash": 200_000}
    changes |= {"workshop_accounts.credit_weeks": 4.0}
    scenario = load("baseline").with_changes(changes)
    if stopped:
        scenario = type(scenario)(
            scenario.name,
            scenario.title,
            scenario.description,
            scenario.parameters,
            (Event(LAST_INCOME, "treasuries.home_budget", 0),),
        )
    return run_ensemble(scenario, SEEDS).weekly


def test_makers_without_income_stop_and_are_counted() -> None:
    weekly = without_income()
    rows = weekly["kinds"][:, :, WORKSHOP]
    assert (rows["failed"].sum(axis=1) == WORKSHOPS).all()
    assert (rows["makers"] == WORKSHOPS - rows["failed"].cumsum(axis=1)).all()
    assert rows["failed"][:, :LAST_INCOME].sum() == 0
    assert weekly["kinds"]["failed"][:, :, PRIME].sum() == 0
    assert without_income(stopped=False)["kinds"]["failed"].sum() == 0


def test_their_drones_at_the_front_still_fly() -> None:
    rows = without_income()["kinds"][:, :, WORKSHOP]
    gone = rows["makers"] == 0
    assert (gone & (rows["sorties"] > 0)).any(axis=1).all()
    assert rows["drones"][gone].sum(axis=0)[BUILT] == 0
    assert rows["capacity"][gone].sum() == 0


def test_their_debts_are_written_off_and_what_they_are_owed_goes_to_the_banks() -> None:
    rows = without_income()["kinds"][:, :, WORKSHOP]
    assert (rows["money"][:, :, WRITTEN_OFF].sum(axis=1) > 0).all()
    gone = rows["makers"] == 0
    assert rows["debt"][gone].sum() == rows["cash"][gone].sum() == 0
    assert rows["invoiced"][:, -1].sum() == 0


@pytest.mark.parametrize("stopped", [False, True])
def test_nothing_vanishes(stopped: bool) -> None:
    weekly = without_income(stopped)
    assert not weekly["cash_of_all"].any()
    assert not weekly["debt_of_all"].any()
    for kind in range(KINDS):
        rows = weekly["kinds"][:, :, kind]
        money = rows["money"]
        moved = money[:, :, :MONEY_IN].sum(axis=2) - money[:, :, MONEY_IN:WRITTEN_OFF].sum(axis=2)
        assert (np.diff(rows["cash"], axis=1) == moved[:, 1:]).all()
        owed = money[:, :, BORROWED_MONEY] - money[:, :, REPAID] - money[:, :, WRITTEN_OFF]
        assert (np.diff(rows["debt"], axis=1) == owed[:, 1:]).all()
        drones = rows["drones"]
        front = np.diff(rows["stock"], axis=1) + (rows["sorties"] + rows["scrapped"] - rows["deliveries"])[:, 1:]
        assert not front.any()
        at_makers = drones[:, :, BUILT] - drones[:, :, SCRAPPED_AT_MAKERS] - rows["deliveries"]
        assert (np.diff(rows["at_makers"], axis=1) == at_makers[:, 1:]).all()
