"""Limit 4 is missed on landscapes of another ruggedness."""

import pytest

from race_sim.verify.ruggedness import check_climbs, check_correlations, check_optima, check_walks
from tests.verify.mutants import OwnLoci, load_with, missed, quick, run_with


@pytest.mark.parametrize(
    "changes", [{"landscape.interactions": 1}, {"landscape.interactions": 8}, {"workshops.flips_per_step": 0.3}]
)
def test_another_correlation(changes: dict[str, object]) -> None:
    found = missed(list(check_correlations(quick(ensemble=run_with(changes)))))
    assert "correlation at one flip: adjacent neighbours, N = 10, K = 5" in found


def test_designs_that_have_climbed_are_not_random() -> None:
    changes: dict[str, object] = {"founders.climb_evaluations": 30, "workshops.judgement": "evidence"}
    found = missed(list(check_correlations(quick(ensemble=run_with(changes)))))
    assert "mean quality: random neighbours, N = 10, K = 2" in found


@pytest.mark.parametrize("changes", [{"landscape.interactions": 1}, {"founders.climb_evaluations": 12}])
def test_another_climb(changes: dict[str, object]) -> None:
    assert missed(list(check_climbs(quick(ensemble=run_with(changes)))))


def test_another_walk() -> None:
    assert missed(list(check_walks(quick(load=load_with({"landscape.interactions": 5})))))


def test_fewer_optima() -> None:
    assert missed(list(check_optima(quick(model=OwnLoci))))
    assert missed(list(check_optima(quick(load=load_with({"landscape.interactions": 7})))))
