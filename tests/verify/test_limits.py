"""The limits hold, in both drivers; and each is missed when the law is broken (the other tests of this folder)."""

import pytest

from race_sim.verify import LIMITS, Check, check_limits
from race_sim.verify.drivers import Drivers
from tests.verify.mutants import missed

pytestmark = pytest.mark.mesa


@pytest.mark.slow
@pytest.mark.parametrize("limit", LIMITS)
def test_limit_holds(limit: str) -> None:
    checks = list(LIMITS[limit][1](Drivers(quick=True)))
    assert missed(checks) == []
    assert {check.limit for check in checks} == {limit}
    assert {"ensemble", "mesa"} <= {check.driver for check in checks}


def test_all_limits_are_there() -> None:
    assert list(LIMITS) == ["1", "2", "3", "4", "5", "6", "7"]


def test_progress_hears_of_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    two = {limit: LIMITS[limit] for limit in ("1", "2")}
    monkeypatch.setattr("race_sim.verify.limits.LIMITS", two)
    heard: list[Check] = []
    checks = check_limits(quick=True, progress=heard.append)
    assert heard == checks
    assert {check.limit for check in checks} == {"1", "2"}
