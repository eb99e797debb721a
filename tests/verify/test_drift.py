"""Limit 3 is missed when drift is not blind, not of its rate, or the copy not of its age."""

from functools import partial

import pytest

from race_sim.model import RaceModel
from race_sim.verify.check import Check
from race_sim.verify.drift import check_drift
from tests.verify.mutants import BiasedRace, LazyRace, TeamsDelayed, missed, quick, run_with


def checked(driver: str, **mutation: object) -> list[Check]:
    return [check for check in check_drift(quick(**mutation)) if check.driver == driver]


mesa = partial(checked, "mesa")


@pytest.mark.parametrize("model", [LazyRace, BiasedRace, TeamsDelayed])
def test_another_drift_or_another_lag(model: type[RaceModel]) -> None:
    found = missed(mesa(model=model))
    assert "share of bits that differ from the copy: v = 2 flips a week, T = 1 weeks" in found
    assert "share of sorties stopped by the copy: v = 2 flips a week, T = 1 weeks" in found


@pytest.mark.parametrize(
    "changes",
    [
        {"workshops.minimum_flips": 1},
        {"workshops.bench_candidates_per_week": 4, "landscape.interactions": 0},
        {"workshops.adoption_probability": 0.8},
        {"teams.sensing_error": 0.02},
        {"teams.diffusion_weeks": 1.0},
        {"countermeasures.breadth": 1.8},
        {"teams.discovery_weeks": 1.3},
    ],
)
def test_what_should_not_matter_does(changes: dict[str, object]) -> None:
    found = missed(checked("ensemble", ensemble=run_with(changes)))
    assert any("v = 1 flips" in what for what in found)


@pytest.mark.parametrize("weeks", [2.5, 9.0])
def test_discovery_of_another_length(weeks: float) -> None:
    found = missed(checked("ensemble", ensemble=run_with({"teams.discovery_weeks": weeks})))
    assert any("discovery in 1 + Poisson" in what for what in found)
