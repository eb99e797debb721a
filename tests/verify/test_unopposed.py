"""Limit 1 is missed when hits are not sum n p0."""

import pytest

from race_sim.verify.unopposed import check_unopposed
from tests.verify.mutants import BetterThanDesigned, missed, quick, run_with


def test_designs_that_hit_more_than_they_should() -> None:
    found = missed(list(check_unopposed(quick(model=BetterThanDesigned))))
    assert "hits of unopposed workshops, arsenal x1" in found
    assert "hits of unopposed primes, arsenal x16" in found


@pytest.mark.parametrize(
    "changes",
    [
        {"operators.crews": 9000},
        {"front.targets_per_week": 20_000},
        {"arsenal.shelf_life_weeks": 2, "operators.crews": 60_000},
    ],
    ids=["crews bind", "targets run out", "stocks expire"],
)
def test_hits_that_do_not_grow_with_the_arsenal(changes: dict[str, object]) -> None:
    found = missed(list(check_unopposed(quick(ensemble=run_with(changes)))))
    assert "hits of unopposed workshops at arsenal x16 over hits at x1" in found


def test_an_opponent() -> None:
    changes: dict[str, object] = {"teams.count": 1, "teams.discovery_weeks": 1.0}
    assert missed(list(check_unopposed(quick(ensemble=run_with(changes)))))
