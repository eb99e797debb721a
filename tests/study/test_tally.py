"""What a sweep tells of itself is counted from its store: runs, failures, speed, and how wide intervals are."""

import math
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.intervals import LEVEL, mean_estimate, student_quantile
from race_sim.analysis.measures import measure
from race_sim.study import tally
from race_sim.study.blocks import DamagedError, block_bytes, write_block
from race_sim.study.design import Generation, Spot, table_of
from race_sim.study.reading import load_study
from race_sim.study.sweep import Request, Sweep
from race_sim.study.tally import Status, Tally
from tests.study.counting import failing
from tests.study.small_study import written

KEYS = [f"{key:016x}" for key in range(6)]
RATIO = measure("hits_a_sortie")


@pytest.fixture
def generation() -> Generation:
    spots = {"one": [(place, Spot("{}", "[]", key, "{}")) for place, key in enumerate(KEYS)]}
    return Generation(0, "study", 0, 0, 30, 1, True, 10, table_of(spots, ()))


def made_up(seed: int = 1) -> pd.DataFrame:
    """30 runs at each of 6 points, which differ in mean and spread; some failed, some without sorties."""
    chance = np.random.default_rng(seed)
    rows = pd.DataFrame({"scenario": KEYS * 30, "seed": np.repeat(np.arange(1, 31, dtype=np.uint64), 6), "error": ""})
    rows["total_sorties"] = chance.uniform(50, 150, len(rows))
    rows["total_hits"] = (
        rows["total_sorties"] * chance.normal(1 + np.arange(6), 0.3 + 0.1 * np.arange(6), (30, 6)).ravel()
    )
    rows.loc[[7, 50], "error"] = "ValueError: no"
    rows.loc[[7, 50], ["total_hits", "total_sorties"]] = math.nan
    rows.loc[20, ["total_hits", "total_sorties"]] = 0.0
    return rows


def told(rows: pd.DataFrame, generation: Generation, folder: Path, blocks: int, counted: Tally) -> Tally:
    size = generation.block_runs
    for number in range(blocks):
        content = block_bytes(rows.iloc[number * size : (number + 1) * size], {})
        counted.read(generation, write_block(folder, number, content))
    return counted


def half_widths(rows: pd.DataFrame, name: str) -> list[float]:
    """Half an interval over its mean for each point, by pandas."""
    values = measure(name).of_runs(rows).groupby(rows["scenario"]).agg(["count", "mean", "std"])
    return [
        student_quantile(0.5 + LEVEL / 2, int(count) - 1) * spread / math.sqrt(count) / abs(mean)
        for count, mean, spread in values[values["count"] >= 2].itertuples(index=False)
    ]


@pytest.mark.parametrize("name", ["hits_a_sortie", "hits"])
@pytest.mark.parametrize("blocks", [1, 2, 7, 18])
def test_the_width_is_that_of_the_intervals(name: str, blocks: int, generation: Generation, tmp_path: Path) -> None:
    rows = made_up()
    found = told(rows, generation, tmp_path, blocks, Tally(measure(name)))
    there = rows.head(10 * blocks)
    assert (found.done, found.failed) == (len(there), (there["error"] != "").sum())
    expected = half_widths(there, name)
    assert found.width() == pytest.approx(np.median(expected), rel=1e-9)
    if name == "hits" and blocks == 18:  # and it is the interval that tables have
        estimates = [mean_estimate(here["total_hits"].dropna().to_numpy()) for _, here in rows.groupby("scenario")]
        assert expected == pytest.approx([(one.high - one.value) / one.value for one in estimates])  # type: ignore[operator]


def test_there_is_no_width_before_a_point_has_two_runs(generation: Generation, tmp_path: Path) -> None:
    rows = made_up()
    rows = rows[rows["seed"] == 1].reset_index(drop=True)
    assert told(rows, generation, tmp_path, 1, Tally(RATIO)).width() is None
    assert Tally(RATIO).width() is None
    zero = made_up().assign(total_hits=0.0)
    assert told(zero, generation, tmp_path / "zero", 18, Tally(RATIO)).width() is None


def test_a_block_is_counted_once_and_a_damaged_one_not_at_all(generation: Generation, tmp_path: Path) -> None:
    found = told(made_up(), generation, tmp_path, 2, Tally(RATIO))
    paths = sorted(tmp_path.rglob("*.parquet"))
    found.read(generation, paths[0])
    assert found.done == 20
    path = write_block(tmp_path, 2, block_bytes(made_up().iloc[20:30], {}))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedError):
        found.read(generation, path)
    assert found.done == 20
    width = found.width()
    path.unlink()
    found.read(generation, write_block(tmp_path, 2, block_bytes(made_up().iloc[20:30], {})))
    assert found.done == 30
    assert found.width() != width


def test_speed_is_that_of_races_this_command_waited_for(
    generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(tally.time, "monotonic", lambda: now)
    found = told(made_up(), generation, tmp_path, 4, Tally(RATIO))
    status = found.status("racing", 180)
    assert (status.done, status.rate, status.left) == (40, None, None)  # what was there says nothing of speed
    now = 110.0
    found.begin()
    now = 115.0
    found.read(generation, write_block(tmp_path, 4, block_bytes(made_up().iloc[40:50], {})), fresh=True)
    assert found.status("racing", 180) == Status(
        "racing", 50, 180, rate=10 / 5, left=130 / 2, width=found.width(), failed=1
    )


def test_failed_runs_are_counted_by_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, lambda scenario, seed: seed == 6 and scenario.parameters.teams.count == 2)
    seen: list[Status] = []
    study = load_study(written(tmp_path))
    Sweep(study, tmp_path / "out", Request(workers=1), seen.append).run()
    assert (seen[-1].done, seen[-1].failed) == (30, 4 + 2)
    again: list[Status] = []
    Sweep(study, tmp_path / "out", Request(workers=1), again.append).run()
    assert again[-1].failed == 6


@pytest.mark.slow
def test_counting_takes_little_time(tmp_path: Path) -> None:
    spots = {"one": [(place, Spot("{}", "[]", f"{place:016x}", "{}")) for place in range(1000)]}
    generation = Generation(0, "study", 0, 0, 10, 1, True, 10_000, table_of(spots, ()))
    rows = pd.concat([made_up()] * 56, ignore_index=True).head(10_000)
    rows["scenario"] = [f"{place % 1000:016x}" for place in range(10_000)]
    path = write_block(tmp_path, 0, block_bytes(rows, {}))
    spent = []
    for _ in range(3):
        found, began = Tally(RATIO), time.process_time()
        found.read(generation, path)
        found.status("racing", 10_000)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.5  # what others do on the machine only adds; of the 25 s or so that these races take
