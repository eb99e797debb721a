"""Limit 2 is missed when capacity does not bind, or countermeasures do not act one after another."""

import pytest

from race_sim.model import RaceModel
from race_sim.verify.capacity import check_capacity
from race_sim.verify.check import Check
from tests.verify.mutants import OneAtATime, WithoutCapacity, missed, quick, run_with


def checked(driver: str, **mutation: object) -> list[Check]:
    return [check for check in check_capacity(quick(**mutation)) if check.driver == driver]


def test_capacity_not_applied() -> None:
    checks = checked("mesa", model=WithoutCapacity)
    found = missed(checks)
    assert all(check.what in found for check in checks if check.expected > 0 and "past" in check.what)


def test_one_countermeasure_of_many() -> None:
    found = missed(checked("mesa", model=OneAtATime))
    assert "sorties a week past point countermeasures: n = 1000, k = 90, J = 4" in found
    assert "sorties a week past point countermeasures: n = 1000, k = 250, J = 4" in found


@pytest.mark.parametrize(
    "changes",
    [
        {"teams.sensing_error": 0.05},
        {"countermeasures.kind": "area"},
        {"teams.reach_budget": 0.5},
        {"landscape.success_max": 0.95},
    ],
)
def test_what_should_be_certain_is_not(changes: dict[str, object]) -> None:
    assert len(missed(checked("ensemble", ensemble=run_with(changes)))) >= 4


class NoProjects(RaceModel):
    """Teams never act."""

    def act_teams(self) -> None:
        pass


def test_nobody_stands() -> None:
    assert len(missed(checked("mesa", model=NoProjects))) == 9
