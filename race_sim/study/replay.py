"""Races any run of a store again, and compares its row with the one that is kept, bit by bit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.rules.compiler import law_hash
from race_sim.scenario import Scenario
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.study.blocks import DamagedError, read_block
from race_sim.study.definition import Levels, Study
from race_sim.study.design import MASK, Generation, Place, Run, replicates_of
from race_sim.study.execute import Race, block_rows
from race_sim.study.facts import measures_hash, schema_hash, source_hash, study_facts
from race_sim.study.points import defined
from race_sim.study.racing import racer
from race_sim.study.result import read_result
from race_sim.study.store import Store
from race_sim.study.workers import Processes

DRIVERS = ("ensemble", "mesa")
BOTH = "both"
AGENTS = "race_sim.model:RaceModel"
"""The Mesa model that races where a store names none of its own."""
NAME = re.compile(r"([0-9a-f]+)(?:-([0-9]+))?")
MOST_CANDIDATES = 10  # runs that a message lists

Row = Mapping[str, Any]
"""A row of a store: scenario, seed, error, measures, series."""


@dataclass(frozen=True)
class Membership:
    """A point of a part that a run belongs to."""

    part: str
    point: int
    levels: Levels

    def __str__(self) -> str:
        return f"part {self.part}, point {self.point}: {words(self.levels)}"


@dataclass(frozen=True, eq=False)
class Replay:
    """A run raced again.

    Attributes:
        study: the study as its store keeps it.
        run: the run.
        model: "module:Class" of the store's own model, None if it has none.
        members: the points it belongs to, one for each part that shares it.
        stored: the row as it is kept.
        again: {driver: the row as it came out now}.
        differing: {driver: columns that are not the same to the bit}; a value that is missing is the same as NaN.
        other: {fact: as the store has it, as this installation has it} for facts of the law that are not the same.
        scenario: what was raced; None if this installation cannot make it.
        records: {driver: all that was recorded}; a run that failed has none.
    """

    study: Study
    run: Run
    model: str | None
    members: Sequence[Membership]
    stored: Row
    again: Mapping[str, Row]
    differing: Mapping[str, Sequence[str]]
    other: Mapping[str, tuple[Any, Any]]
    scenario: Scenario | None
    records: Mapping[str, Records]

    @property
    def identical(self) -> bool:
        """Whether every driver gave the row that is kept."""
        return not any(self.differing.values())

    @property
    def failed(self) -> bool:
        """Whether the run had failed when it was kept."""
        return bool(self.stored["error"])

    @property
    def outputs(self) -> list[str]:
        """Names of the measures in the tables of its parts."""
        names = (self.study.outputs_of(self.study.named(member.part)) for member in self.members)
        return list(dict.fromkeys(name for one in names for name in one))


def replay(store: Store, run_name: str, driver: str | None = None) -> Replay:
    """Race a run of a store again and compare its row with the one that is kept.

    A run that failed is raced in a process of its own, which it may end.

    Args:
        store: where the run is.
        run_name: a beginning of the key of its scenario, "-" and its seed, as in `design.Run.name`.
        driver: "ensemble", "mesa" or "both"; what the store can be raced by if None: its model if it has one, else
            both.

    Raises InputError if no run, or more than one, has this name, if it has not been raced yet, if its block is damaged
    or if there is no such driver or model.
    """
    models = _models(store, driver)
    run = find_run(store, run_name)
    kept = list(_kept(store, run))
    if not kept:
        raise InputError(
            f"{run.name} is in the design and has not been raced yet: `race-sim sweep {store.study.name} --out "
            f"{store.directory}` goes on with what is missing"
        )
    again: dict[str, Row] = {}
    records: dict[str, Records] = {}
    for name, model in models.items():
        if kept[0]["error"]:
            again[name] = _raced_apart(store, run, model)
        else:
            again[name], recorded = _raced(run, racer(model))
            if recorded is not None:
                records[name] = recorded
    differing = {
        name: list(dict.fromkeys(one for row in kept for one in _differing(row, again[name]))) for name in again
    }
    return Replay(
        store.study,
        run,
        store.facts.get("model"),
        members(store, run),
        kept[0],
        again,
        differing,
        other_facts(store),
        _scenario(run),
        records,
    )


def find_run(store: Store, run_name: str) -> Run:
    """The one run of a design that a name stands for.

    Raises InputError, listing what might be meant, if there is none or more than one.
    """
    match = NAME.fullmatch(run_name.strip().lower())
    if match is None:
        raise InputError(
            f"{shown(run_name)} does not name a run: give the key of its scenario or the beginning of it, a hyphen and "
            f"its seed, such as 1f0c-7; `race-sim replay {store.directory} --list` lists the runs"
        )
    begins, seed = match[1], None if match[2] is None else int(match[2])
    generations = store.generations()
    every = list(dict.fromkeys(key for one in generations for key, _ in one.scenarios))
    keys = [key for key in every if key.startswith(begins)]
    if not keys:
        raise InputError(
            f"no scenario of {store.directory} has a key that begins with {begins}; {_nearest_keys(begins, every)}"
        )
    candidates = list(_runs_of(generations, begins))
    found = [run for run in candidates if seed in (None, run.seed)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{shown(run_name)} stands for {len(found):,} runs:\n{_candidates(store, found)}")
    raise InputError(f"no run of {_some(keys)} has the seed {seed}; there are:\n{_candidates(store, candidates)}")


def members(store: Store, run: Run) -> list[Membership]:
    """The points a run belongs to, one for each part that has it among its replicates."""
    found = {}
    generations = store.generations()
    for one in generations:
        number = (run.seed - one.seed(run.scenario, 0)) & MASK
        here = one.points[one.points["scenario"] == run.scenario]
        for part, point, levels in zip(here["part"], here["point"], here["levels"], strict=True):
            if number < replicates_of(generations, part):
                found[part, point] = Membership(part, int(point), json.loads(levels))
    return list(found.values())


def listed_runs(store: Store, part: str | None = None, *, failed: bool = False) -> pd.DataFrame:
    """The runs there are, ordered by part, point and seed; one that several parts share is listed for each.

    Args:
        store: where they are.
        part: the part whose runs are wanted; all if None.
        failed: only runs that failed.

    Returns columns `run` (its name), `part`, `point`, `levels` (in words), `seed` (u8) and `error`.

    Raises InputError if there is no such part or a block is damaged.
    """
    study = store.study
    result = read_result(store, [study.named(part)] if part is not None else None, columns=[])
    tables = []
    for name, rows in result.parts.items():
        chosen = rows[rows["error"] != ""] if failed else rows
        chosen = chosen.sort_values(["point", "seed"], kind="stable", ignore_index=True)
        levels = {point: words(json.loads(text)) for point, text in result.points[name][["point", "levels"]].to_numpy()}
        table = pd.DataFrame({"run": chosen["scenario"] + "-" + chosen["seed"].astype(str), "part": name})
        tables.append(
            table.assign(
                point=chosen["point"], levels=chosen["point"].map(levels), seed=chosen["seed"], error=chosen["error"]
            )
        )
    columns = ["run", "part", "point", "levels", "seed", "error"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def words(levels: Levels) -> str:
    """Levels in words: "cycle = 1, arsenal = 4"."""
    return ", ".join(
        f"{name} = {level:.6g}" if isinstance(level, float) else f"{name} = {level}" for name, level in levels.items()
    )


def _models(store: Store, driver: str | None) -> dict[str, str | None]:
    """{driver: model} by which a run is raced again. Raises InputError if the store's runs have no such driver."""
    if driver is not None and driver not in (*DRIVERS, BOTH):
        known = (*DRIVERS, BOTH)
        hint = did_you_mean(nearest(driver, known))
        raise InputError(f"driver = {shown(driver)} is not allowed: give ensemble, mesa or both.{hint}")
    model = store.facts.get("model")
    if model is not None:
        if driver not in (None, "mesa"):
            raise InputError(
                f"driver = {driver} is not allowed here: the model {model} made these runs, and only the Mesa driver "
                "runs models"
            )
        return {"mesa": model}
    every: dict[str, str | None] = {"ensemble": None, "mesa": AGENTS}
    return every if driver in (None, BOTH) else {str(driver): every[str(driver)]}


def _runs_of(generations: Sequence[Generation], begins: str) -> Iterator[Run]:
    """All runs, raced or not, of scenarios whose key begins so; each once."""
    seen: set[tuple[str, int]] = set()
    for one in generations:
        for key, definition in one.scenarios:
            if key.startswith(begins):
                for number in range(one.first_replicate, one.last_replicate):
                    run = Run(key, definition, one.seed(key, number))
                    if (key, run.seed) not in seen:
                        seen.add((key, run.seed))
                        yield run


def _nearest_keys(begins: str, keys: Sequence[str]) -> str:
    """What there is instead: the keys that share most of their beginning with what was given."""
    if not keys:
        return "its design is empty"
    for length in range(len(begins) - 1, -1, -1):
        alike = [key for key in keys if key.startswith(begins[:length])]
        if alike:
            break
    most = _some(alike)
    return f"the nearest is {most}" if len(alike) == 1 else f"the nearest are {most}"


def _some(keys: Sequence[str]) -> str:
    """Some keys in a sentence."""
    more = len(keys) - MOST_CANDIDATES
    return ", ".join(keys[:MOST_CANDIDATES]) + (f" and {more} more" if more > 0 else "")


def _candidates(store: Store, runs: Sequence[Run]) -> str:
    """Some runs, a line each, with the points they belong to."""
    lines = [
        f"  {run.name} ({'; '.join(map(str, members(store, run))) or 'of no part'})" for run in runs[:MOST_CANDIDATES]
    ]
    more = len(runs) - MOST_CANDIDATES
    return "\n".join([*lines, *([f"  and {more:,} more"] if more > 0 else [])])


class _Copy(NamedTuple):
    """Where a row is kept: its block, and its place in it."""

    place: Place
    position: int


def _copies(generations: Sequence[Generation], run: Run) -> Iterator[_Copy]:
    for one in generations:
        keys = [key for key, _ in one.scenarios]
        number = (run.seed - one.seed(run.scenario, 0)) & MASK
        if run.scenario in keys and one.first_replicate <= number < one.last_replicate:
            index = (number - one.first_replicate) * len(keys) + keys.index(run.scenario)
            block, position = divmod(index, one.block_runs)
            yield _Copy(Place(one.number, block), position)


def _kept(store: Store, run: Run) -> Iterator[Row]:
    """The row of a run, once for every block that holds it. Raises InputError if a block is damaged."""
    for place, position in _copies(store.generations(), run):
        path = store.block(place)
        if path is None:
            continue
        try:
            table = read_block(path)
        except DamagedError as error:
            raise InputError(
                f"{error}; `race-sim sweep` with this directory puts it aside and races it again"
            ) from None
        if position >= table.num_rows:
            raise InputError(f"{path}: holds {table.num_rows} rows, fewer than the design has in this block")
        yield _row(table.slice(position, 1).to_pandas())


def _row(rows: pd.DataFrame) -> dict[str, Any]:
    return {str(name): rows[name].iloc[0] for name in rows}


def _raced(run: Run, race: Race) -> tuple[Row, Records | None]:
    """The row of a run and what was recorded of it."""
    kept: list[Records] = []

    def keeping(scenario: Scenario, records: Records, row: int) -> None:
        race(scenario, records, row)
        kept.append(records)

    return _row(block_rows([run], keeping)), kept[0] if kept else None


def _raced_apart(store: Store, run: Run, model: str | None) -> Row:
    """The row of a run that may end the process that races it: a worker process races it, as in a sweep."""
    with TemporaryDirectory(prefix="race_sim-") as folder:
        apart = Store.create(Path(folder), store.study, study_facts(store.study, quick=False, model=model))
        points = next(one.points for one in store.generations() if run.scenario in dict(one.scenarios))
        alone = points[points["raced"] & (points["scenario"] == run.scenario)]
        apart.append(Generation(0, "study", 0, 0, 1, run.seed, True, 1, alone))
        for _ in Processes(apart, 1, model).race([Place(0, 0)]):
            pass
        return _row(apart.rows())


def _differing(stored: Row, again: Row) -> list[str]:
    """Columns whose bits differ."""
    return [name for name in dict.fromkeys((*stored, *again)) if _bits(stored.get(name)) != _bits(again.get(name))]


def _bits(value: Any) -> object:
    """The same for two values exactly if all their bits are; a missing number, or series, is the same as NaN."""
    if value is None or isinstance(value, str | int | np.integer):
        return value
    numbers = np.asarray(value, np.float64)
    if numbers.ndim == 0 and np.isnan(numbers):
        return None
    return numbers.shape, np.where(np.isnan(numbers), np.nan, numbers).tobytes()


def other_facts(store: Store) -> dict[str, tuple[Any, Any]]:
    """{fact: as a store has it, as this installation has it} for facts on which rows depend that are not the same."""
    model = store.facts.get("model")
    now = {
        "law": law_hash(),
        "schema": schema_hash(),
        "measures": measures_hash(),
        "model_source": None if model is None else source_hash(model),
    }
    return {name: (store.facts.get(name), fact) for name, fact in now.items() if store.facts.get(name) != fact}


def _scenario(run: Run) -> Scenario | None:
    try:
        return defined(run.definition)[0]
    except InputError:
        return None
