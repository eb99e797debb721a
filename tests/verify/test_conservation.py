"""Limit 5 is missed when a drone comes from nowhere, goes uncounted or changes hands."""

import pytest

from race_sim.model import RaceModel
from race_sim.verify.busy import busy
from race_sim.verify.check import Check
from race_sim.verify.conservation import check_conservation, check_suppliers
from tests.verify.mutants import (
    DronesChangeHands,
    DronesReturnRace,
    ScrappingUncounted,
    missed,
    quick,
    run_with,
)

ONE_SUPPLIER = "drones unaccounted for in any week of a busy race: any one supplier"


def suppliers(model: type[RaceModel]) -> list[Check]:
    drivers = quick(model=model)
    return list(check_suppliers(drivers, busy(drivers)))


@pytest.mark.parametrize("model", [DronesReturnRace, ScrappingUncounted])
def test_a_drone_too_many_or_too_few(model: type[RaceModel]) -> None:
    checks = [check for check in check_conservation(quick(model=model)) if check.driver == "mesa"]
    found = missed(checks)
    assert "drones unaccounted for in any week of a busy race: workshops" in found
    assert "drones unaccounted for in any week of a busy race: all makers" in found
    assert ONE_SUPPLIER in found


def test_only_suppliers_can_tell_when_drones_change_hands() -> None:
    checks = [check for check in check_conservation(quick(model=DronesChangeHands)) if check.driver == "mesa"]
    assert [name for name in missed(checks) if "race of firms" not in name] == [ONE_SUPPLIER]


@pytest.mark.parametrize(
    "changes", [{"workshops.weekly_output": 51}, {"primes.batch_weeks": 3}, {"primes.initial_stock": 1}]
)
def test_a_driver_that_builds_something_else(changes: dict[str, object]) -> None:
    assert missed(list(check_conservation(quick(ensemble=run_with(changes)))))
