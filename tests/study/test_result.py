"""What comes back from a directory: rows of parts with their points, weekly series, failed runs, arrays."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import race_sim
from race_sim.analysis.measures import measure
from race_sim.study.execute import WEEKLY_PREFIX
from race_sim.study.points import defined
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult, part_rows, read_result
from race_sim.study.store import Store
from race_sim.study.sweep import Request, Sweep, run_study
from tests.study.counting import failing
from tests.study.small_study import SAMPLED_STUDY, written

WEEKLY = [
    "total_hits",
    "workshops_sorties",
    "primes_quality",
    "total_stock_countered",
    "saturation",
    "mean_reach",
    "front_balance_central",
]
KEEPS_SERIES = ('name = "first"', f'name = "first"\nseries = {json.dumps(WEEKLY)}')


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("weekly")
    study = load_study(written(folder, KEEPS_SERIES))
    return Sweep(study, folder / "out", Request(workers=1, block_runs=5)).run()


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    folder = tmp_path_factory.mktemp("sampled")
    return run_study(load_study(written(folder, text=SAMPLED_STUDY)), folder / "out", Request(workers=1))


def test_series_are_the_weeks_that_the_api_gives(weekly: Store) -> None:
    rows = read_result(weekly).parts["first"]
    for point in (0, 7):
        here = rows[rows["point"] == point]
        definition = weekly.generations()[0].points["definition"].iloc[point]
        race = race_sim.run(defined(definition)[0], seed=5, runs=3)
        for run, (_, row) in enumerate(here.iterrows()):
            frame = race.weekly[race.weekly["run"] == run]
            for name in WEEKLY:
                assert row[WEEKLY_PREFIX + name] == pytest.approx(frame[name].to_numpy(), nan_ok=True), name
                assert len(row[WEEKLY_PREFIX + name]) == 14


def test_series_are_kept_of_the_part_that_asks_for_them_alone(weekly: Store) -> None:
    result = read_result(weekly)
    columns = [name for name in result.parts["first"] if name.startswith(WEEKLY_PREFIX)]
    assert sorted(columns) == sorted(WEEKLY_PREFIX + name for name in WEEKLY)
    assert result.parts["second"][columns].isna().all(axis=None)
    plain = result.parts["first"].drop(columns=columns)
    assert not plain.drop(columns=["mean_reach"]).isna().all().all()
    again = read_result(weekly, columns=[WEEKLY_PREFIX + "total_hits"]).parts["first"]
    assert_frame_equal(
        again[["scenario", "seed", WEEKLY_PREFIX + "total_hits"]],
        result.parts["first"][["scenario", "seed", WEEKLY_PREFIX + "total_hits"]],
    )


def test_keeping_series_changes_no_other_number(weekly: Store, tmp_path: Path) -> None:
    plain = run_study(load_study(written(tmp_path)), tmp_path / "out", Request(workers=1)).parts["first"]
    kept = read_result(weekly).parts["first"]
    measures = [name for name in plain if name != "scenario"]
    assert_frame_equal(kept[measures], plain[measures], check_exact=True)
    assert not set(kept["scenario"]) & set(plain["scenario"])  # they are other rows: these have no series


def test_chosen_columns_are_those_of_all(weekly: Store) -> None:
    whole = read_result(weekly)
    some = read_result(weekly, columns=["total_hits", "total_sorties", "no_such_column"])
    for name, rows in some.parts.items():
        assert set(rows) == {
            *("teams", "arsenal", "control", "cycle", "point", "scenario", "seed", "error"),
            *("total_hits", "total_sorties"),
        }
        assert_frame_equal(rows, whole.parts[name][list(rows)])
    assert (some.wanted, some.there, some.failed) == (36, 36, 0)  # what keeps series is not shared with what keeps none


def test_one_part_alone_has_the_same_rows(weekly: Store) -> None:
    whole = read_result(weekly)
    for part in weekly.study.part:
        rows = part_rows(weekly, part)
        assert_frame_equal(rows, whole.parts[part.name][list(rows)])
        assert list(read_result(weekly, [part]).parts) == [part.name]


def test_failed_runs_are_rows_without_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(written(tmp_path, KEEPS_SERIES))
    with monkeypatch.context() as patch:
        failing(patch, lambda scenario, seed: seed == 6 and scenario.parameters.workshops.iteration_weeks == 3)
        result = run_study(study, tmp_path / "out", Request(workers=1))
    whole = run_study(study, tmp_path / "whole", Request(workers=1))
    assert (result.wanted, result.there, result.failed) == (36, 36, 4 + 2)
    rows = result.parts["first"]
    bad = (rows["seed"] == 6) & (rows["cycle"] == 3)
    assert set(rows["error"][bad]) == {"ZeroDivisionError: made to fail"}
    assert (rows["error"][~bad] == "").all()
    measures = list(rows.columns[rows.columns.get_loc("error") + 1 :])
    assert rows.loc[bad, measures].isna().all(axis=None)
    assert_frame_equal(rows[~bad], whole.parts["first"][~bad], check_exact=True)
    hits = measure("hits_a_sortie")
    for point, here in rows.groupby("point"):
        other = whole.parts["first"][(whole.parts["first"]["point"] == point)]
        left = other[~((other["seed"] == 6) & (other["cycle"] == 3))]
        assert hits.estimate(here) == hits.estimate(left)


def test_arrays_of_a_sampled_part_are_in_the_order_of_its_design(sampled: StudyResult) -> None:
    for part in ("cube", "one_by_one", "indices"):
        rows, values = sampled.parts[part], sampled.values(part, "hits_a_sortie")
        assert values.shape == (len(sampled.points[part]), rows["seed"].nunique())
        for _, row in rows.iterrows():
            place = sorted(rows["seed"].unique()).index(row["seed"])
            assert values[row["point"], place] == row["total_hits"] / row["total_sorties"]
    assert sampled.unit("cube").shape == (4, 3)
    assert sampled.factors("indices") == list(json.loads(sampled.points["indices"]["levels"].iloc[0]))


def test_values_that_are_not_there_are_unknown(sampled: StudyResult) -> None:
    rows = sampled.parts["cube"]
    lost = rows[(rows["point"] != 2) & ~((rows["point"] == 1) & (rows["seed"] == 2))]
    part = StudyResult(sampled.study, {"cube": lost}, sampled.points, 68, 65, 0)
    values, whole = part.values("cube", "hits"), sampled.values("cube", "hits")
    missing = np.isnan(values)
    assert missing.tolist() == [[False, False], [False, True], [True, True], [False, False]]
    assert (values[~missing] == whole[~missing]).all()


def test_a_store_without_rows_has_parts_without_rows(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    result = read_result(Sweep(study, tmp_path / "out", Request()).prepare())
    assert list(result.parts) == ["first"]
    assert (len(result.parts["first"]), result.wanted, result.there, result.failed) == (0, 24, 0, 0)
    assert isinstance(result.parts["first"], pd.DataFrame)
    assert result.factors("first") == ["teams", "cycle", "arsenal"]
