"""Races from Python: run a scenario or compare two, look at what came out, save it."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

from race_sim.errors import InputError
from race_sim.scenario import Scenario, load
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.study.own_model import race_model

if TYPE_CHECKING:
    import pandas as pd

    from race_sim.analysis.conservation import Violation
    from race_sim.model import RaceModel
    from race_sim.results import Records
    from race_sim.study.compare import ComparisonResult

DRIVERS = ("ensemble", "mesa")
HIGHEST_SEED = 2**64 - 1


@dataclass(frozen=True, eq=False, repr=False)
class Race:
    """One or more runs of a scenario.

    Attributes:
        scenario: what was run, with all changes made.
        records: the recorded output as arrays, the same bytes from both drivers.
        driver: "ensemble" or "mesa".
        model: "module:Class" of the model run by the Mesa driver, None for the ensemble driver.
        notes: what was done that was not asked for, such as a burn-in cut to fit a short run.
    """

    scenario: Scenario
    records: Records
    driver: str
    model: str | None
    notes: tuple[str, ...]

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """One row a run and week; `race-sim codebook` lists the columns with units."""
        from race_sim.analysis.frames import weekly_frame  # noqa: PLC0415 -- pandas is slow to import

        return weekly_frame(self.records, self.scenario)

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """Headline measures over the weeks after burn-in; `race-sim codebook` lists them with units."""
        from race_sim.analysis.summary import summarise  # noqa: PLC0415 -- pandas is slow to import

        return summarise(self.scenario, self.records)

    @cached_property
    def violation(self) -> Violation | None:
        """The first week in which drones or euros of the records do not add up; None if they always do."""
        from race_sim.analysis.conservation import first_violation  # noqa: PLC0415 -- pandas is slow to import

        return first_violation(self.scenario, self.records)

    @property
    def seeds(self) -> list[int]:
        """The seed of each run."""
        return [int(seed) for seed in self.records.seeds]

    def save(self, directory: str | os.PathLike[str], *, overwrite: bool = False, command: Sequence[str] = ()) -> Path:
        """Write everything into a new directory, whole or not at all, and return its path.

        The files are weekly.csv, weekly.parquet, summary.json, summary.png, codebook.csv, scenario.toml (with
        every parameter; loads again) and provenance.json (versions, seeds, law, `command`, date).

        Args:
            directory: a path that does not exist yet; missing parents are made.
            overwrite: replace a directory that an earlier save has written.
            command: the words of the command line that asked for it, for the provenance.

        Raises:
            InputError: the directory exists already or cannot be written.
        """
        from race_sim.study.saving import save_race  # noqa: PLC0415 -- pyarrow and matplotlib are slow to import

        return save_race(self, Path(directory), overwrite=overwrite, command=command)

    def __repr__(self) -> str:
        runs, weeks, first = self.records.runs, self.records.weeks, self.seeds[0]
        return f"<Race: {self.scenario.name}, {runs} x {weeks} weeks from seed {first}, {self.driver} driver>"


def run(
    scenario: str | os.PathLike[str] | Scenario = "baseline",
    *,
    seed: SupportsIndex = 1,
    runs: SupportsIndex = 1,
    weeks: int | None = None,
    changes: Mapping[str, object] | None = None,
    driver: str | None = None,
    model: type[RaceModel] | str | None = None,
    threads: SupportsIndex | None = None,
    progress: Callable[[int], None] | None = None,
) -> Race:
    """Run a scenario once or many times.

    Args:
        scenario: a `Scenario`, a library name such as "baseline", or the path of a scenario file.
        seed: in [0, 2**64); run r (from 0) has the seed `seed + r`.
        runs: number of runs, at least 1.
        weeks: length of each run in weeks, instead of the scenario's. A burn-in that would leave no week to
            measure is cut to a sixth of them, and `Race.notes` says so.
        changes: parameters to change, {dotted path: value}.
        driver: "ensemble" (compiled, on all processors) or "mesa" (agents); both record the same bytes.
            "ensemble" unless a model is given.
        model: a subclass of `RaceModel`, or "module:Class" naming one, to be run by the Mesa driver.
        threads: of the ensemble driver; all processors this process may use by default.
        progress: called in this thread with the number of runs finished since its last call.

    Raises:
        InputError: one of these is not allowed; the message says what is.
    """
    chosen, notes = prepared(scenario, weeks=weeks, changes=changes)
    first = _whole("seed", seed, 0, HIGHEST_SEED)
    count = _whole("runs", runs, 1, HIGHEST_SEED - first + 1)
    worker_threads = None if threads is None else _whole("threads", threads, 1, 4096)
    driver = _driver(driver, model)
    _check_memory(count, chosen.parameters.run.weeks)
    seeds = range(first, first + count)
    if driver == "mesa":
        chosen_class = race_model(model)
        records = _run_mesa(chosen, seeds, chosen_class, progress)
        name = f"{chosen_class.__module__}:{chosen_class.__qualname__}"
        return Race(chosen, records, driver, name, notes)
    from race_sim.ensemble.driver import run_ensemble  # noqa: PLC0415 -- numba is slow to import

    records = run_ensemble(chosen, seeds, threads=worker_threads, progress=progress)
    return Race(chosen, records, driver, None, notes)


def compare(
    a: str | os.PathLike[str] | Scenario,
    b: str | os.PathLike[str] | Scenario,
    *,
    seed: SupportsIndex = 1,
    runs: SupportsIndex = 20,
    weeks: int | None = None,
    changes: Mapping[str, object] | None = None,
    changes_a: Mapping[str, object] | None = None,
    changes_b: Mapping[str, object] | None = None,
    threads: SupportsIndex | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> ComparisonResult:
    """Race two scenarios with the same seeds and say how much more B hits than A, and what drove that.

    Each seed is run six times: A, B, and of each a twin whose makers never change a design and one whose makers
    change designs blindly. docs/compare.md says how the difference is accounted for.

    Args:
        a, b: each a `Scenario`, a library name or the path of a scenario file.
        seed: in [0, 2**64); pair r (from 0) has the seed `seed + r`.
        runs: number of pairs of races, at least 1; one pair has no intervals.
        weeks: length of each race in weeks, instead of the scenarios'; see `run`.
        changes: parameters to change in both, {dotted path: value}.
        changes_a, changes_b: parameters to change in one of them.
        threads: all processors this process may use by default.
        progress: called in this thread with (what is being done, races done, races in all).

    Raises:
        InputError: one of these is not allowed, or the two do not measure the same weeks.
    """
    from race_sim.study.compare import RACES_A_SEED, check_comparable, run_comparison  # noqa: PLC0415 -- slow to import

    sides = {"A": (a, changes_a), "B": (b, changes_b)}
    ready = {name: prepared(of, weeks=weeks, changes=_both(changes, own, name)) for name, (of, own) in sides.items()}
    (first_scenario, notes_a), (second_scenario, notes_b) = ready["A"], ready["B"]
    check_comparable(first_scenario, second_scenario)
    first = _whole("seed", seed, 0, HIGHEST_SEED)
    count = _whole("runs", runs, 1, HIGHEST_SEED - first + 1)
    worker_threads = None if threads is None else _whole("threads", threads, 1, 4096)
    _check_memory(count, RACES_A_SEED * first_scenario.parameters.run.weeks)
    return run_comparison(
        first_scenario,
        second_scenario,
        range(first, first + count),
        threads=worker_threads,
        progress=progress,
        notes=tuple(dict.fromkeys((*notes_a, *notes_b))),
    )


def _both(common: Mapping[str, object] | None, own: Mapping[str, object] | None, name: str) -> dict[str, object]:
    """Changes of both sides and of one. Raises InputError if a path is in both."""
    twice = sorted(set(common or ()) & set(own or ()))
    if twice:
        raise InputError(f"{twice[0]} is set for both scenarios and for {name}: give one of them")
    return {**(common or {}), **(own or {})}


def prepared(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    weeks: int | None = None,
    changes: Mapping[str, object] | None = None,
) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with this length and these changes, and notes on what else had to change.

    Raises InputError if the scenario, a path or a value is not allowed.
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    wanted = dict(changes or {})
    notes: tuple[str, ...] = ()
    if weeks is not None:
        if "run.weeks" in wanted:
            given = f"weeks = {shown(weeks)} and run.weeks = {shown(wanted['run.weeks'])}"
            raise InputError(f"{given}: give one of them")
        wanted["run.weeks"] = weeks
        burn_in = chosen.parameters.run.burn_in_weeks
        if "run.burn_in_weeks" not in wanted and hasattr(weeks, "__index__") and 1 <= weeks <= burn_in:
            wanted["run.burn_in_weeks"] = weeks // 6
            notes = (f"burn-in cut from {burn_in} to {weeks // 6} weeks; set run.burn_in_weeks for another",)
    if not wanted:
        return chosen, notes
    try:
        return chosen.with_changes(wanted), notes
    except InputError as error:
        raise error.within(f"{chosen.name} with changes") from None


def _run_mesa(
    scenario: Scenario,
    seeds: Sequence[int],
    model: type[RaceModel],
    progress: Callable[[int], None] | None,
) -> Records:
    import numpy as np  # noqa: PLC0415 -- slow to import

    from race_sim.results import Records  # noqa: PLC0415

    records = Records.empty(np.array(seeds, dtype=np.uint64), scenario.parameters.run.weeks)
    for index, seed in enumerate(seeds):
        one = model(scenario, seed=seed).run()
        records.weekly[index] = one.weekly[0]
        records.lives[index] = one.lives[0]
        if progress is not None:
            progress(1)
    return records


def _driver(driver: str | None, model: object) -> str:
    if driver is None:
        return "ensemble" if model is None else "mesa"
    if driver not in DRIVERS:
        hint = did_you_mean(nearest(str(driver), DRIVERS))
        raise InputError(f"driver = {shown(driver)} is not allowed: give {' or '.join(DRIVERS)}.{hint}")
    if driver == "ensemble" and model is not None:
        raise InputError("driver = ensemble runs no model of your own: leave it out or give mesa")
    return driver


def _whole(name: str, value: SupportsIndex, low: int, high: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if isinstance(value, bool) or not low <= number <= high:
        raise InputError(f"{name} = {shown(value)} is not allowed: give a whole number in [{low}, {high}]")
    return number


def _check_memory(runs: int, weeks: int) -> None:
    """Raises InputError if the records of these runs alone cannot fit into this machine's memory."""
    from race_sim.records import WEEK  # noqa: PLC0415 -- NumPy is slow to import

    needed = runs * weeks * WEEK.itemsize
    if not hasattr(os, "sysconf"):
        return
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > memory:
        raise InputError(
            f"runs = {runs} is not allowed here: {weeks} weeks each need {needed / 1e9:.3g} GB of the "
            f"{memory / 1e9:.3g} GB of memory; give at most {runs * memory // needed // 4}"
        )
