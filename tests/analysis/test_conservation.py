"""Identities of drones and money: they hold in every race, and a lost drone or euro is told where it was lost."""

import numpy as np
import pytest

from race_sim.analysis.conservation import checked, first_violation, identities
from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import EXPORTED, MATERIALS, PARTNERS, ROYALTIES_EARNED
from race_sim.records import JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario, load
from tests.small import six_workshops

RUN, WEEK = 1, 30
SHORT = ("run.weeks=60", "run.burn_in_weeks=10", "workshops.count=8", "primes.count=2")
EVERYTHING = load("joint_ventures", [*SHORT, "exports.regime=open", "strikes.home_hazard=0.05"])
"""Joint lines, exports and strikes in one race."""


@pytest.fixture(scope="module")
def records() -> Records:
    return run_ensemble(EVERYTHING, [4, 5, 6])


@pytest.mark.parametrize(
    "scenario",
    [
        EVERYTHING,
        six_workshops(),
        six_workshops().with_changes({"workshops.count": 0}),
        six_workshops().with_changes({"money.accounts": False}),
    ],
    ids=["everything", "short", "no workshops", "no accounts"],
)
def test_nothing_is_lost_or_made_up(scenario: Scenario) -> None:
    records = run_ensemble(scenario, [1, 2])
    assert first_violation(scenario, records) is None
    said = checked(scenario, records)
    assert said.startswith("checked: no drone and no euro is lost or made up; ")
    assert f"{len(list(identities(scenario, records)))} sums agree in all {records.weeks} weeks of 2 runs" in said


def test_the_races_hold_what_the_identities_are_about(records: Records) -> None:
    kinds = records.weekly["kinds"]
    assert kinds["drones"][:, :, WORKSHOP, EXPORTED].any()
    assert kinds["money"][:, :, WORKSHOP, ROYALTIES_EARNED].any()
    assert kinds["makers"][:, :, JOINT_LINE].any()
    assert records.weekly["strikes"].any()


KIND_FIELDS = (
    "stock",
    "deliveries",
    "sorties",
    "scrapped",
    "at_makers",
    "cash",
    "debt",
    "makers",
    "failed",
    "invoiced",
)


@pytest.mark.parametrize("kind", [WORKSHOP, PRIME, JOINT_LINE, TOTAL])
@pytest.mark.parametrize("field", KIND_FIELDS)
def test_one_drone_or_euro_too_many_is_told_with_its_week(records: Records, field: str, kind: int) -> None:
    weekly = records.weekly.copy()
    weekly["kinds"][field][RUN, WEEK, kind] += 1
    found = first_violation(EVERYTHING, Records(records.seeds, weekly, records.lives))
    assert found is not None
    assert (found.run, found.seed, found.week) == (RUN, 5, WEEK)
    assert abs(found.left - found.right) == 1


@pytest.mark.parametrize(("array", "places"), [("drones", range(1, 8)), ("money", range(16))])
def test_every_flow_of_drones_and_money_counts(records: Records, array: str, places: range) -> None:
    for place in places:
        weekly = records.weekly.copy()
        weekly["kinds"][array][RUN, WEEK, (WORKSHOP, TOTAL), place] += 7
        assert first_violation(EVERYTHING, Records(records.seeds, weekly, records.lives)) is not None, place


@pytest.mark.parametrize("field", ["income", "aid", "paid", "commission", "imports", "plants", "committed", "cash"])
def test_treasuries_are_added_up_too(records: Records, field: str) -> None:
    weekly = records.weekly.copy()
    weekly["treasuries"][field][RUN, WEEK, PARTNERS] -= 1
    found = first_violation(EVERYTHING, Records(records.seeds, weekly, records.lives))
    assert found is not None
    assert (found.run, found.week) == (RUN, WEEK)


@pytest.mark.parametrize("field", ["cash_of_all", "debt_of_all"])
def test_all_accounts_together_hold_nothing(records: Records, field: str) -> None:
    weekly = records.weekly.copy()
    weekly[field][RUN, WEEK] = 12_345
    found = first_violation(EVERYTHING, Records(records.seeds, weekly, records.lives))
    assert str(found).startswith("run 1 (seed 5), week 30, all accounts: ")
    assert str(found).endswith(" = 12,345 EUR, but nothing = 0 EUR")


def test_the_first_of_several_is_told_with_both_sides(records: Records) -> None:
    weekly = records.weekly.copy()
    weekly["kinds"]["stock"][2, 3, WORKSHOP] += 1
    weekly["kinds"]["money"][RUN, WEEK, PRIME, MATERIALS] += 1_000_000
    found = first_violation(EVERYTHING, Records(records.seeds, weekly, records.lives))
    assert found is not None
    assert (found.run, found.week, found.identity.whose, found.identity.left_name) == (RUN, WEEK, "primes", "cash")
    assert found.left - found.right == 1_000_000
    assert str(found) == (
        f"run 1 (seed 5), week 30, primes: cash = {found.left:,} EUR, but cash the week before + received - spent = "
        f"{found.right:,} EUR"
    )


def test_sides_are_counts_of_every_week(records: Records) -> None:
    for one in identities(EVERYTHING, records):
        assert one.left.shape == one.right.shape == (3, 60)
        assert np.issubdtype(one.left.dtype, np.integer)
