"""Plans: time and bytes are those that were measured."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study import pilot
from race_sim.study import plan as planning
from race_sim.study.cost import race_seconds
from race_sim.study.definition import Study
from race_sim.study.design import Run
from race_sim.study.estimate import count_points
from race_sim.study.execute import block_rows, race_compiled
from race_sim.study.pilot import FEWEST_SEEDS
from race_sim.study.plan import plan_study
from race_sim.study.points import points
from race_sim.study.sweep import Request, run_study
from tests.study.planned_study import small


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return small(tmp_path_factory.mktemp("study"))


@dataclass
class Clock:
    """Processor time that passes only where a test says so, in place of the module `time` of the pilot."""

    now: float = 0.0

    def thread_time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


def test_time_is_that_of_the_races(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """60 ms a race on average, as expected of each, and 5 ms a run beside; the 300 ms of a block do not count."""
    clock = Clock()

    def slow(scenario: Scenario, records: Records, row: int) -> None:
        clock.now += 0.06 * race_seconds(scenario.parameters) / expected
        race_compiled(scenario, records, row)

    def rows_beside(runs: Sequence[Run], *arguments: Any, **options: Any) -> pd.DataFrame:
        clock.now += 0.3 + 0.005 * len(runs)
        return block_rows(runs, *arguments, **options)

    first = study.named("first")
    found = [race_seconds(point.parameters) for point in _scenarios(study)]
    expected = float(np.mean(found))
    monkeypatch.setattr(planning, "racer", lambda _: slow)
    monkeypatch.setattr(planning, "FEWEST_SEEDS", 2)
    monkeypatch.setattr(pilot, "time", clock)
    monkeypatch.setattr(pilot, "block_rows", rows_beside)
    (part,) = plan_study(study, ["first"], workers=1, seconds=0.0).parts
    assert part.cost.seconds == pytest.approx(0.065 * 3 * count_points(study, first))
    assert part.slower.value == pytest.approx(part.cost.seconds / part.expected.seconds)
    assert part.slower.value == pytest.approx(0.065 / expected)


def test_time_is_measured_by_the_clock_of_this_thread(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """No less than a race takes for certain; how much more a busy machine adds, no test can say."""

    def slow(scenario: Scenario, records: Records, row: int) -> None:
        until = time.thread_time() + 0.01
        while time.thread_time() < until:
            pass
        race_compiled(scenario, records, row)

    monkeypatch.setattr(planning, "racer", lambda _: slow)
    monkeypatch.setattr(planning, "FEWEST_SEEDS", 2)
    (part,) = plan_study(study, ["first"], workers=1, seconds=0.0).parts
    assert part.cost.seconds >= 0.01 * part.cost.races


def _scenarios(study: Study) -> list[Scenario]:
    return [point.scenario for point in points(study, study.named("first"))]


def test_a_longer_pilot_races_more_seeds(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as fit in, once there are the fewest: here each takes a quarter of a second."""
    clock = Clock()

    def slow(runs: Sequence[Run], *arguments: Any, **options: Any) -> pd.DataFrame:
        clock.now += 0.25
        return block_rows(runs, *arguments, **options)

    monkeypatch.setattr(pilot, "time", clock)
    monkeypatch.setattr(pilot, "block_rows", slow)
    (short,) = plan_study(study, ["lines"], seconds=0.0).parts
    (long,) = plan_study(study, ["lines"], seconds=2.0).parts
    assert (short.raced, long.raced) == (FEWEST_SEEDS * 6, 8 * 6)


@pytest.mark.parametrize(("in_block", "blocks"), [(None, 1), (100, 6)])
def test_bytes_are_those_on_the_disk(
    in_block: int | None, blocks: int, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a study run as it was planned, in one block or in several."""
    longer = study.model_copy(update={"replicates": 63})
    run_study(longer, tmp_path / "out", Request(parts=["first"], workers=1, block_runs=in_block))
    sizes = [path.stat().st_size for path in (tmp_path / "out" / "runs").rglob("b*.parquet")]
    assert len(sizes) == blocks
    if in_block is not None:
        monkeypatch.setattr(planning, "block_runs", lambda *_, **__: in_block)
    (part,) = plan_study(longer, ["first"], seconds=0.0).parts
    assert part.cost.bytes == pytest.approx(sum(sizes), rel=0.15)
