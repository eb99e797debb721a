"""The base of all agents of the race."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import mesa

if TYPE_CHECKING:
    from race_sim.model import RaceModel


class _CountersByModel(WeakKeyDictionary):  # type: ignore[type-arg]
    """Counters of agent numbers that let a model go when it is dropped.

    Mesa 3.3 keeps every model alive in a class-level dictionary of counters; this one holds models weakly.
    """

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        if model not in self:
            self[model] = itertools.count(1)
        return super().__getitem__(model)  # type: ignore[no-any-return]


class RaceAgent(mesa.Agent):
    """An agent that holds row `index` of one of the world's arrays."""

    _ids = _CountersByModel()  # type: ignore[assignment]
    model: RaceModel

    def __init__(self, model: RaceModel, index: int) -> None:
        super().__init__(model)
        self.index = index
