"""A run of a stored sweep, found again to be watched, and whether the race watched was the very same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.scenario.text import listed
from race_sim.study.design import Run
from race_sim.study.execute import block_rows
from race_sim.study.own_model import look_in_current_directory, race_model
from race_sim.study.points import defined
from race_sim.study.replay import Membership, find_run, members, other_facts
from race_sim.study.store import Store
from race_sim.study.wording import Wording

MOST_COLUMNS = 5  # that a sentence names

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A run of a stored sweep.

    Attributes:
        name: the key of its scenario, a hyphen and its seed.
        scenario: what was raced; its title says which study and levels it comes from.
        seed: of its draws.
        model: the class of models to watch it with: the store's own, or the usual agents.
        members: the points of the study that it belongs to.
        row: as it is kept: scenario, seed, error and what was measured.
        other: facts on which rows depend, such as the law, that are not the same here as in the store.
        run: as the design of the study has it.
    """

    name: str
    scenario: Scenario
    seed: int
    model: type[RaceModel]
    members: Sequence[Membership]
    row: Row
    other: Sequence[str]
    run: Run


class Agreement(NamedTuple):
    """Whether a race that was watched gave the row that is kept, to the bit, and the same in a sentence."""

    same: bool
    sentence: str


def stored_run(store: Store, run_name: str) -> StoredRun:
    """The run of this name, or of this beginning of a scenario's key with a hyphen and a seed.

    Raises InputError if no run, or more than one, has this name, if it failed or has not been raced yet, if its block
    is damaged, or if this installation cannot make its scenario or has no such model.
    """
    run = find_run(store, run_name)
    rows = store.rows(None, {run.scenario})
    kept = rows[rows["seed"] == np.uint64(run.seed)]
    if kept.empty:
        raise InputError(f"{run.name} is in the design of study {store.study.name} and has not been raced yet")
    row = {str(name): kept[name].iloc[0] for name in kept}
    if row["error"]:
        raise InputError(f"{run.name} failed when it was raced: {row['error']}; choose another run")
    scenario, _ = defined(run.definition)
    found = members(store, run)
    place = Wording(store.study).place(found[0].levels) if found else run.scenario
    model = store.facts.get("model")
    if model is not None:
        look_in_current_directory()
    return StoredRun(
        run.name,
        replace(scenario, name=store.study.name, title=f"{store.study.title} {place}"),
        run.seed,
        RaceModel if model is None else race_model(model),
        found,
        row,
        list(other_facts(store)),
        run,
    )


def agreement(stored: StoredRun, records: Records) -> Agreement:
    """Whether a race that was watched to its end measured what is kept of this run, to the bit.

    Args:
        stored: the run.
        records: what the race recorded: one run, all its weeks (`RaceModel.records`).

    Raises InputError if the race is another: its seed or its number of weeks differ.
    """
    weeks = stored.scenario.parameters.run.weeks
    if records.runs != 1 or int(records.seeds[0]) != stored.seed or records.weeks != weeks:
        raise InputError(f"what was watched is not the run {stored.name}: {weeks} weeks with seed {stored.seed}")

    def watched(_: Scenario, room: Records, row: int) -> None:
        room.weekly[row], room.lives[row] = records.weekly[0], records.lives[0]

    again = block_rows([stored.run], watched)
    differing = [
        name
        for name in dict.fromkeys((*stored.row, *again))
        if _bits(stored.row.get(name)) != _bits(again[name].iloc[0] if name in again else None)
    ]
    measures = len(again.columns)
    if not differing:
        return Agreement(
            True, f"The race watched is the stored run {stored.name}: all {measures} values agree to the bit."
        )
    more = len(differing) - MOST_COLUMNS
    named = listed(differing[:MOST_COLUMNS]) + (f" and {more} more" if more > 0 else "")
    why = f" This installation has another {listed(stored.other)} than the store." if stored.other else ""
    return Agreement(False, f"The race watched is not the stored run {stored.name}: {named} differ.{why}")


def _bits(value: Any) -> object:
    """The same for two values exactly if all their bits are; a missing number is the same as NaN."""
    if value is None or isinstance(value, str):
        return value
    numbers = np.asarray(value, np.float64)
    if numbers.ndim == 0 and np.isnan(numbers):
        return None
    return numbers.shape, np.where(np.isnan(numbers), np.nan, numbers).tobytes()
