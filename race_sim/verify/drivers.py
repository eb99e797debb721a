"""The two drivers as the checks use them; a test puts a broken one in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from race_sim.ensemble.driver import block_results, run_ensemble
from race_sim.model import RaceModel
from race_sim.results import Records
from race_sim.scenario import Scenario, load


@dataclass(frozen=True)
class Drivers:
    """What the checks run.

    Attributes:
        quick: whether samples are small.
        ensemble: runs a scenario once for each seed, as `race_sim.ensemble.driver.run_ensemble` does.
        blocks: the same block after block, as `race_sim.ensemble.driver.block_results` does.
        model: the Mesa driver.
        load: loads a scenario of the library with overrides.
    """

    quick: bool = False
    ensemble: Callable[..., Records] = run_ensemble
    blocks: Callable[..., Iterator[Records]] = block_results
    model: type[RaceModel] = RaceModel
    load: Callable[..., Scenario] = load

    def given(self, name: str, overrides: Sequence[str] = ()) -> Scenario:
        """A scenario of the library whose makers build a given output: what it says of money does not act."""
        return self.load(name, [*overrides, "money.accounts=false"])

    def sample(self, full: int, quick: int) -> int:
        """Size of a sample."""
        return quick if self.quick else full

    def manned(self, **attributes: Any) -> type[RaceModel]:
        """The Mesa driver with other agent classes: `manned(team_class=...)`."""
        return type(self.model.__name__, (self.model,), attributes)

    def mesa(self, scenario: Scenario, seeds: Sequence[int], **attributes: Any) -> Records:
        """Run a scenario in the Mesa driver once for each seed, with other agent classes where named."""
        race = self.manned(**attributes)
        return joined([race(scenario, seed=seed).run() for seed in seeds])

    def each(self, seeds: Sequence[int], few: int) -> Iterator[tuple[str, Callable[[Scenario], Records]]]:
        """Both drivers by name; the Mesa driver runs the first few seeds only."""
        yield "ensemble", lambda scenario: self.ensemble(scenario, seeds)
        yield "mesa", lambda scenario: self.mesa(scenario, seeds[:few])


def joined(parts: Sequence[Records]) -> Records:
    """Records of several batches of runs as one."""
    return Records(
        seeds=np.concatenate([part.seeds for part in parts]),
        weekly=np.concatenate([part.weekly for part in parts]),
        lives=np.concatenate([part.lives for part in parts]),
    )
