"""The size of a study before it is raced: points as they will be, time and bytes as they were, a question if large."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from race_sim.errors import InputError
from race_sim.scenario import load
from race_sim.study import estimate, growth
from race_sim.study.blocks import block_bytes
from race_sim.study.cost import (
    BLOCK_SECONDS,
    BYTES_A_BLOCK,
    BYTES_A_RACE,
    MOST_BLOCK_RUNS,
    Cost,
    block_runs,
    generation_cost,
    race_seconds,
    remaining_cost,
)
from race_sim.study.definition import Study
from race_sim.study.estimate import SAMPLE, check_size, count_points, duration, processors, size, study_costs
from race_sim.study.execute import block_rows
from race_sim.study.growth import first_samples
from race_sim.study.points import Point, points
from race_sim.study.reading import load_study, shipped_studies
from race_sim.study.result import read_result
from race_sim.study.store import Store
from race_sim.study.sweep import Request, Sweep
from tests.study.small_study import BOUNDARY_STUDY, SAMPLED_STUDY, SMALL_STUDY, written

GB = 1e9


@pytest.mark.parametrize("text", [SMALL_STUDY, SAMPLED_STUDY], ids=["small", "sampled"])
def test_points_are_as_many_as_the_design_has(text: str, tmp_path: Path) -> None:
    study = load_study(written(tmp_path, text=text))
    result = read_result(Sweep(study, tmp_path / "out", Request(workers=1)).run())
    assert {part.name: count_points(study, part) for part in study.part} == {
        name: len(found) for name, found in result.points.items()
    }
    costs = study_costs(study, study.part)
    assert {name: cost.races for name, cost in costs.items()} == {
        name: len(rows) for name, rows in result.parts.items()
    }


@pytest.mark.parametrize("reference", ["{ cycle = 1, arsenal = 1.0 }", "{ cycle = 1 }", "{}"])
def test_a_refined_part_has_no_more_points_than_are_told(reference: str, tmp_path: Path) -> None:
    path = written(tmp_path, ("{ cycle = 1, arsenal = 1.0 }", reference), text=BOUNDARY_STUDY)
    study = load_study(path)
    result = read_result(Sweep(study, tmp_path / "out", Request(workers=1)).run())
    told = count_points(study, study.part[0])
    assert told / 2 <= len(result.points["line"]) <= told


@pytest.mark.parametrize("name", shipped_studies())
def test_points_of_shipped_studies_are_as_many_as_are_told(name: str) -> None:
    study = load_study(name).smaller()
    for part in study.part:
        if part.screen is None and part.boundary is None:
            assert count_points(study, part) == len(list(first_samples(study, part))), part.name


def test_time_and_bytes_are_about_those_of_the_races(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    store = Sweep(study, tmp_path / "out", Request(workers=1)).prepare()
    one = store.generations()[0]
    told = remaining_cost(one, store.missing(one))
    block = one.block(0)
    block_rows(block)  # compiles
    spent = []
    for _ in range(3):
        began = time.thread_time()
        rows = block_rows(block)
        spent.append(time.thread_time() - began)
    seconds = min(spent)  # what others do on the machine only adds
    assert told.races == len(block) == 24
    assert told.seconds / 10 < seconds < 10 * told.seconds
    many = block_bytes(rows.loc[rows.index.repeat(40)].assign(total_hits=range(960)), {})
    assert len(many) < 960 * BYTES_A_RACE + BYTES_A_BLOCK
    assert told.bytes == 24 * BYTES_A_RACE + BYTES_A_BLOCK


def test_more_agents_weeks_series_and_the_mesa_driver_cost_more(tmp_path: Path) -> None:
    baseline = load("baseline")
    own = race_seconds(baseline.parameters)
    assert race_seconds(load("baseline", ["run.weeks=312"]).parameters) > 1.8 * own
    assert race_seconds(load("baseline", ["workshops.count=1000"]).parameters) > 5 * own
    assert race_seconds(baseline.parameters, agents=True) > 5 * own
    plain = load_study(written(tmp_path))
    weekly = load_study(written(tmp_path, ('name = "first"', 'name = "first"\nseries = ["total_hits"]'), name="weekly"))
    difference = study_costs(weekly, weekly.part[:1])["first"].bytes - study_costs(plain, plain.part[:1])["first"].bytes
    assert difference == 24 * 14 * 8
    fast, slow = (study_costs(plain, plain.part, agents=agents)["first"] for agents in (False, True))
    assert (slow.races, slow.bytes) == (fast.races, fast.bytes)
    assert slow.seconds == pytest.approx(7 * fast.seconds)


def definitions(study: Study) -> list[str]:
    return [point.definition for point in points(study, study.part[0])]


def test_a_block_takes_about_a_second(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, ('"run.weeks" = 14', '"run.weeks" = 400')))
    made = definitions(study)
    runs = block_runs(made)
    assert generation_cost(made, 1).seconds / len(made) * runs == pytest.approx(BLOCK_SECONDS, rel=0.01)
    assert block_runs(made, agents=True) == pytest.approx(runs / 7, abs=1)
    assert block_runs([]) == 1
    assert block_runs(definitions(load_study(written(tmp_path)))) <= MOST_BLOCK_RUNS
    long = load_study(
        written(
            tmp_path,
            ('"run.weeks" = 14', '"run.weeks" = 5000'),
            ('"workshops.count" = 3', '"workshops.count" = 1000'),
            ("output = 60", "output = 6000"),
        )
    )
    assert block_runs(definitions(long), agents=True) == 1


def test_costs_add_up() -> None:
    assert Cost(1, 2.0, 3.0) + Cost(10, 20.0, 30.0) == Cost(11, 22.0, 33.0)
    assert generation_cost([], 3) == Cost(0, 0.0, 0.0)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A disk with 10 GB free."""
    usage = SimpleNamespace(total=100 * GB, free=10 * GB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    return usage


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (Cost(1_000_001, 3600.0, 1e6), "1,000,001 races, about 30 minutes on 2 processors and 1 MB"),
        (Cost(1000, 43_201.0, 1e6), "1,000 races, about 6 hours on 2 processors and 1 MB"),
        (Cost(1000, 60.0, 5.1 * GB), "1,000 races, about 30 seconds on 2 processors and 5.1 GB"),
    ],
)
@pytest.mark.usefixtures("disk")
def test_a_large_design_needs_a_yes(cost: Cost, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        check_size(cost, tmp_path / "a" / "b", 2, large=False)
    assert (
        str(refused.value) == f"{tmp_path / 'a' / 'b'}: the design is large: {told}; add --yes to run it all the same"
    )
    check_size(cost, tmp_path / "a" / "b", 2, large=True)
    assert not (tmp_path / "a").exists()


@pytest.mark.usefixtures("disk")
def test_a_design_of_usual_size_is_run_as_it_is(tmp_path: Path) -> None:
    check_size(Cost(1_000_000, 43_200.0, 5 * GB), tmp_path, 1, large=False)


def test_no_yes_makes_room_on_a_disk(disk: SimpleNamespace, tmp_path: Path) -> None:
    for large in (False, True):
        with pytest.raises(InputError, match=r"too large for the disk: .* and 11 GB, where 10 GB are free"):
            check_size(Cost(1000, 60.0, 11 * GB), tmp_path, 2, large=large)
    disk.total = disk.free = 0  # as of file systems that do not tell
    check_size(Cost(1000, 60.0, 11 * GB), tmp_path, 2, large=False)


def test_a_large_study_is_refused_before_its_points_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of the 64,004 than are looked at to judge what a race costs."""
    made: list[Point] = []

    def counted(*arguments: Any) -> Iterator[Point]:
        for point in points(*arguments):
            made.append(point)
            yield point

    for module in (estimate, growth):
        monkeypatch.setattr(module, "points", counted)
    many = ", ".join(map(str, range(1, 41)))
    study = load_study(
        written(
            tmp_path,
            ("teams = [1, 2]", f"teams = [{many}]"),
            ("cycle = [1, 3]\narsenal = [1, 2]", f"cycle = [{many}]\narsenal = [{many}]"),
            ("replicates = 3", "replicates = 20"),
        )
    )
    with pytest.raises(InputError, match=r"the design is large: 1,280,080 races, about .* on .*; add --yes"):
        Sweep(study, tmp_path / "out", Request(workers=1)).run()
    assert 0 < len(made) <= 2 * SAMPLE
    assert not (tmp_path / "out").exists()


def test_a_large_extension_is_refused_and_nothing_is_added(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    store = Sweep(study, tmp_path / "out", Request(workers=1)).run()
    with pytest.raises(InputError, match=r"the design is large: 1,000,010 races, .*; add --yes"):
        Sweep(study, tmp_path / "out", Request(workers=1, more_replicates=100_001)).run()
    assert len(Store.open(store.directory).generations()) == 2


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "1 second"),
        (1.4, "1 second"),
        (40, "40 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (5400, "90 minutes"),
        (12_600, "3.5 hours"),
        (172_800, "2 days"),
        (8.64e6, "100 days"),
    ],
)
def test_times_in_words(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_sizes_and_processors_in_words() -> None:
    assert [size(count) for count in (12, 4_100, 4_149_000, 1e9, 2.5e15)] == [
        "12 bytes",
        "4.1 kB",
        "4.15 MB",
        "1 GB",
        "2,500 TB",
    ]
    assert [processors(count) for count in (1, 2)] == ["1 processor", "2 processors"]
