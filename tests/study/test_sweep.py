"""The runner: rows are those of the races themselves, kept as they come, the same however the work is cut up."""

import inspect
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import race_sim
from race_sim.analysis import runs
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.rules.compiler import law_hash
from race_sim.study import facts
from race_sim.study.blocks import read_block
from race_sim.study.definition import Study
from race_sim.study.design import Place
from race_sim.study.facts import measures_hash
from race_sim.study.output import write_outputs
from race_sim.study.points import points
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import CHECKING, RACING, READING, Request, Sweep, run_study
from race_sim.study.tally import Status
from tests.cli.commands import entries
from tests.study.counting import blocks, raced
from tests.study.small_study import written

SCENARIOS = 10  # 8 of the first part and 2 of the second, which shares 2 with the first


RACES = 3 * SCENARIOS


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def done(study: Study, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return run_study(study, tmp_path_factory.mktemp("out"), Request(workers=1))


def test_rows_are_those_of_the_races(study: Study, done: StudyResult) -> None:
    checked = 0
    for part in study.part:
        rows = done.parts[part.name]
        found = list(points(study, part, lambda _: 0.5))
        assert len(rows) == len(found) * study.replicates
        for point in found:
            if point.levels.get("control") == "blind_drift":
                continue  # its adoption is matched, see below
            here = rows[(rows[list(point.levels)] == list(point.levels.values())).all(axis=1)]
            assert list(here["scenario"]) == [point.key] * 3
            records = run_ensemble(point.scenario, list(study.seeds))
            expected = run_frame(records, point.scenario.parameters.run.burn_in_weeks)
            assert_frame_equal(here[list(expected)].reset_index(drop=True), expected, check_exact=True)
            checked += 1
    assert checked == 10


def test_rows_are_what_the_api_measures(study: Study, done: StudyResult) -> None:
    point = list(points(study, study.part[0]))[-1]
    race = race_sim.run(point.scenario, seed=5, runs=3)
    weekly = race.weekly[race.weekly["week"] >= 4].groupby("run").mean()
    here = done.parts["first"][done.parts["first"]["scenario"] == point.key]
    assert list(here["seed"]) == [5, 6, 7]
    for name in ("total_hits", "workshops_sorties", "primes_hits", "total_trials_adopted", "saturation", "mean_reach"):
        assert here[name].to_numpy() == pytest.approx(weekly[name].to_numpy(), nan_ok=True)
    last = race.weekly[race.weekly["week"] == 13]["front_balance_central"]
    assert here["front_balance_end_central"].to_numpy() == pytest.approx(last.to_numpy())


def test_rows_name_levels_defaults_and_seeds(done: StudyResult) -> None:
    first, second = done.parts["first"], done.parts["second"]
    assert set(first["control"]) == {"none"}
    assert (set(second["teams"]), set(second["arsenal"])) == ({2}, {1})
    assert first["seed"].dtype == np.uint64
    assert done.factors("first") == ["teams", "cycle", "arsenal"]
    assert not first.duplicated(["teams", "cycle", "arsenal", "seed"]).any()
    assert list(first["point"].unique()) == list(range(8))
    assert (first["error"] == "").all()
    assert (done.wanted, done.there, done.failed) == (RACES, RACES, 0)
    assert first["total_hits"].nunique() > 20  # races differ


def test_chance_adopts_as_often_as_the_part_before(study: Study, done: StudyResult) -> None:
    first, second = done.parts["first"], done.parts["second"]
    shares = {}
    for cycle in (1, 3):
        before = first[(first["teams"] == 2) & (first["cycle"] == cycle) & (first["arsenal"] == 1)]
        shares[cycle] = float(before["total_trials_adopted"].sum() / before["total_trials_judged"].sum())
    assert 0 < min(shares.values()) < max(shares.values()) <= 1
    for point in points(study, study.part[1], lambda levels: shares[levels["cycle"]]):
        here = second[(second["cycle"] == point.levels["cycle"]) & (second["control"] == point.levels["control"])]
        assert set(here["scenario"]) == {point.key}
        if point.levels["control"] == "blind_drift":
            parameters = point.scenario.parameters
            assert parameters.workshops.adoption_probability == shares[parameters.workshops.iteration_weeks]
            assert parameters.workshops.judgement == "chance"
            records = run_ensemble(point.scenario, list(study.seeds))
            assert list(here["total_hits"]) == list(run_frame(records, 4)["total_hits"])


def test_a_part_after_one_of_a_single_factor_is_matched_too(tmp_path: Path) -> None:
    path = written(tmp_path, ("teams = [1, 2]\n", ""), ("cycle = [1, 3]\narsenal = [1, 2]", "cycle = [1, 3]"))
    result = run_study(load_study(path), tmp_path / "out", Request(workers=1))
    slow = result.parts["first"].query("cycle == 3")
    share = float(slow["total_trials_adopted"].sum() / slow["total_trials_judged"].sum())
    matched = points(result.study, result.study.part[1], lambda _: share)
    keys = {point.key for point in matched if point.levels["cycle"] == 3}
    assert keys == set(result.parts["second"].query("cycle == 3")["scenario"])


def test_where_no_trial_was_judged_chance_adopts_none(tmp_path: Path) -> None:
    path = written(tmp_path, ('"workshops.trial_share" = 0.3', '"workshops.adapts" = false'))
    result = run_study(load_study(path), tmp_path / "out", Request(workers=1))
    assert (result.parts["first"]["total_trials_judged"] == 0).all()
    keys = {point.key for point in points(result.study, result.study.part[1], lambda _: 0.0)}
    assert set(result.parts["second"]["scenario"]) == keys


BLIND = 'control = ["none", "blind_drift"]'


@pytest.mark.parametrize(
    "changes",
    [
        [("cycle = [1, 3]\ncontrol", "cycle = [1, 3, 2]\ncontrol")],
        [("arsenal = 1\n", ""), (BLIND, f'{BLIND}\n\n[part.set]\n"workshops.weekly_output" = 20')],
    ],
    ids=["a level", "a factor without default"],
)
def test_a_match_that_is_not_there_is_refused(changes: list[tuple[str, str]], tmp_path: Path) -> None:
    study = load_study(written(tmp_path, *changes))
    with pytest.raises(InputError, match=r"study small, part second \(cycle = .*part first has no such point"):
        run_study(study, tmp_path / "out", Request(workers=1))


def test_a_bad_point_of_a_later_part_is_told_before_the_first_race(tmp_path: Path) -> None:
    fraction = (BLIND, f'{BLIND}\n\n[part.set]\n"workshops.weekly_output" = "= 10 / cycle"')
    study = load_study(written(tmp_path, fraction))
    with pytest.raises(InputError, match=r"part second \(cycle = 3, control = none\): workshops\.weekly_output = 3"):
        run_study(study, tmp_path / "out", Request(workers=1))
    assert not (tmp_path / "out").exists()


def test_any_number_of_workers_gives_the_same_rows(done: StudyResult, tmp_path: Path) -> None:
    other = run_study(done.study, tmp_path / "out", Request(parts=("first",), workers=2, block_runs=5))
    assert_frame_equal(other.parts["first"], done.parts["first"], check_exact=True)
    assert len(blocks(tmp_path / "out")) == 5


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_blocks_of_any_size_give_the_same_rows(
    size: int, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(done, monkeypatch, tmp_path / "out", block_runs=size) == RACES
    assert len(blocks(tmp_path / "out")) == {1: 30, 7: 4 + 1, 1000: 1 + 1}[size]


def test_progress_is_told_of_every_block(study: Study, tmp_path: Path) -> None:
    told: list[Status] = []
    run_study(study, tmp_path / "out", Request(workers=1, block_runs=4), progress=told.append)
    assert [(one.doing, one.done, one.total) for one in told[:12]] == [(CHECKING, point, 12) for point in range(1, 13)]
    racing = told[12:]
    assert {one.doing for one in racing} == {RACING}
    assert [one.done for one in racing] == sorted(one.done for one in racing)
    assert {one.done for one in racing} == {4, 8, 12, 16, 20, 24, 28, 30}
    assert [one.total for one in racing] == sorted(one.total for one in racing)
    assert {(one.done, one.total) for one in racing} == {
        *((done, 24) for done in range(4, 25, 4)),
        (24, 30),
        (28, 30),
        (30, 30),
    }
    assert (racing[-1].done, racing[-1].total, racing[-1].failed) == (30, 30, 0)
    for one in racing:
        assert one.rate is not None
        assert one.rate > 0
        assert one.left == pytest.approx((one.total - one.done) / one.rate)
        assert (one.width is None) == (one.done <= 8)  # of no point are there two runs
    again: list[Status] = []
    run_study(study, tmp_path / "out", Request(workers=1), progress=again.append)
    assert [(one.doing, one.done, one.total) for one in again[:8]] == [
        (READING, done, 30) for done in (4, 8, 12, 16, 20, 24, 28, 30)
    ]
    assert {(one.doing, one.done, one.total, one.rate) for one in again[8:]} == {(RACING, 30, 30, None)}


def test_measures_are_others_if_the_code_or_the_columns_are(monkeypatch: pytest.MonkeyPatch) -> None:
    source_of = inspect.getsource
    own, source = measures_hash(), source_of(runs)
    seen = {own}
    for changed in (source.replace("argmax", "argmin"), source.replace("balance[:, -1]", "balance[:, -2]")):
        assert changed != source
        with monkeypatch.context() as patch:
            patch.setattr(facts, "getsource", lambda part, code=changed: code if part is runs else source_of(part))
            seen.add(measures_hash())
    with monkeypatch.context() as patch:
        patch.setattr(facts, "DEFENCE_FIELDS", (*facts.DEFENCE_FIELDS, "more"))
        seen.add(measures_hash())
    assert len(seen) == 4
    with monkeypatch.context() as patch:
        patch.setattr(facts, "getsource", lambda part: f"# a comment\n\n{source_of(part)}")
        assert measures_hash() == own


def test_the_schema_is_another_if_a_default_is(monkeypatch: pytest.MonkeyPatch) -> None:
    own = facts.schema_hash()
    monkeypatch.setattr(facts, "FIELDS", facts.FIELDS[1:])
    assert facts.schema_hash() != own


def test_directories_that_cannot_be_used(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").touch()
    for directory, told in [
        (file, "is a file; give the name of a directory"),
        (foreign, "was not written by a study"),
        (file / "below", "cannot be written"),
        (Path("/proc/race_sim"), "cannot be written"),
    ]:
        with pytest.raises(InputError, match=told) as refused:
            run_study(study, directory)
        assert str(refused.value).startswith(f"{directory}: ")
    assert entries(foreign) == ["thesis.txt"]


def test_a_block_is_written_whole_or_not_at_all(
    done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Sweep(done.study, tmp_path / "out", Request()).prepare()
    generation = store.generations()[0]
    place = generation.block(0)
    rows = pd.DataFrame(
        {
            "scenario": [run.scenario for run in place],
            "seed": np.array([run.seed for run in place], np.uint64),
            "error": "",
            "total_hits": 0.5,
        }
    )

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match="cannot be written: No space left on device"):
            store.write(Place(0, 0), rows)
    assert blocks(tmp_path / "out") == []
    assert not list((tmp_path / "out").rglob(".tmp-*"))
    path = store.write(Place(0, 0), rows)
    assert_frame_equal(read_block(path).to_pandas(), rows)
    assert_frame_equal(store.rows(), rows)


def test_outputs_have_a_row_a_point(study: Study, tmp_path: Path) -> None:
    store = Sweep(study, tmp_path / "out", Request(workers=1)).run()
    files = write_outputs(store, command=["race-sim", "sweep"])
    names = sorted(str(path.relative_to(tmp_path / "out")) for path in files)
    assert names == ["provenance.json", "report.html", "tables/points-first.csv", "tables/points-second.csv"]
    table = pd.read_csv(tmp_path / "out" / "tables" / "points-first.csv")
    assert list(table.columns[:3]) == ["teams", "cycle", "arsenal"]
    assert (len(table), set(table["runs"])) == (8, {3})
    origin = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert origin["seeds"] == {"first": 5, "last": 7, "runs": 3}
    assert (origin["law"], origin["command"]) == (law_hash(), ["race-sim", "sweep"])


def test_the_manifest_says_who_wrote_it_and_what_is_run(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "out"
    Sweep(study, out, Request(command=["race-sim", "sweep", "small.toml"])).prepare()
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["law"] == law_hash()
    assert manifest["record"]["command"] == ["race-sim", "sweep", "small.toml"]
    assert manifest["study"]["first_seed"] == 5
    assert Store.open(out).study == study
