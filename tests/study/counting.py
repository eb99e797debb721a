"""Sweeps in this process for tests that count: which races there are, what is kept, what a stopped sweep leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from race_sim.study import racing
from race_sim.study.definition import Study
from race_sim.study.result import StudyResult, read_result
from race_sim.study.store import RUNS, Store
from race_sim.study.sweep import RACING, Request, Sweep, run_study
from race_sim.study.tally import Status

Races = list[tuple[str, int]]
"""Changes of a scenario to the schema's defaults, and the seed, in the order of races."""


def counted(monkeypatch: pytest.MonkeyPatch) -> Races:
    """What this process races from now on."""
    race: Callable[..., None] = vars(racing)["race_compiled"]
    found: Races = []

    def counting(scenario: Any, records: Any, row: int) -> None:
        found.append((str(sorted(scenario.changes.items())), int(records.seeds[row])))
        race(scenario, records, row)

    monkeypatch.setattr(racing, "race_compiled", counting)
    return found


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Any, int], bool]) -> None:
    """Have races fail of which `fails` says so, given scenario and seed."""
    race: Callable[..., None] = vars(racing)["race_compiled"]

    def perhaps(scenario: Any, records: Any, row: int) -> None:
        if fails(scenario, int(records.seeds[row])):
            raise ZeroDivisionError("made to fail")
        race(scenario, records, row)

    monkeypatch.setattr(racing, "race_compiled", perhaps)


def swept(study: Study, out: Path, **options: Any) -> StudyResult:
    """All that a directory holds once the study has run there, to its end."""
    run_study(study, out, Request(workers=1, **options))
    return read_result(Store.open(out))


def raced(result: StudyResult, monkeypatch: pytest.MonkeyPatch, directory: Path, **options: Any) -> int:
    """How many races there are when the study runs in this directory; its rows must be those of `result`."""
    with monkeypatch.context() as patch:
        races = counted(patch)
        other = run_study(result.study, directory, Request(workers=1, **options))
    assert len(races) == len(set(races))
    same_rows(other, result)
    return len(races)


def same_rows(one: StudyResult, other: StudyResult) -> None:
    """Rows must be the same bit by bit."""
    assert list(one.parts) == list(other.parts)
    for name, rows in other.parts.items():
        assert_frame_equal(one.parts[name], rows, check_exact=True)


def blocks(out: Path) -> list[str]:
    """Names of the blocks that are there."""
    return sorted(path.name for path in (out / RUNS).rglob("*.parquet"))


def seeds(result: StudyResult, part: str) -> dict[int, list[int]]:
    """Seeds of every point of a part."""
    return {int(str(point)): list(here["seed"]) for point, here in result.parts[part].groupby("point")}


def generations(out: Path) -> list[tuple[str, list[str], int, int, int]]:
    """Of each generation: origin, parts, first replicate, replicates, scenarios raced."""
    return [
        (one.origin, one.parts, one.first_replicate, one.replicates, len(one.scenarios))
        for one in Store.open(out).generations()
    ]


class StoppedError(Exception):
    """Raised where a user might stop the run."""


def stop_at(races: int) -> Callable[[Status], None]:
    """Stops a sweep once so many races are there."""

    def stop(status: Status) -> None:
        if status.doing == RACING and status.done >= races:
            raise StoppedError

    return stop


def stopped(study: Study, out: Path, races: int, block_runs: int = 4, **options: Any) -> None:
    """A sweep that is stopped once so many races are there."""
    with pytest.raises(StoppedError):
        Sweep(study, out, Request(workers=1, block_runs=block_runs, **options), stop_at(races)).run()
