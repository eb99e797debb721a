"""What does not depend on a mutation is raced once for all tests of this folder."""

from collections.abc import Sequence
from functools import cache

import pytest

from race_sim.verify import draws
from race_sim.verify.reproduction import digests_elsewhere


@cache
def _elsewhere(scenario: str, overrides: tuple[str, ...], first_seed: int, runs: int) -> tuple[list[str], list[str]]:
    return digests_elsewhere(scenario, overrides, first_seed, runs)


@pytest.fixture
def elsewhere_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process, which knows of no mutation, is asked once for the same races."""

    def asked(scenario: str, overrides: Sequence[str], first_seed: int, runs: int) -> tuple[list[str], list[str]]:
        return _elsewhere(scenario, tuple(overrides), first_seed, runs)

    monkeypatch.setattr(draws, "digests_elsewhere", asked)
