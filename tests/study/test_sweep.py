"""The runner: rows are those of the races themselves, kept as they come, the same however the work is cut up."""

import inspect
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

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
from race_sim.study import sweep
from race_sim.study.definition import Study, load_study
from race_sim.study.output import write_outputs
from race_sim.study.points import points
from race_sim.study.store import MANIFEST, RUNS, Store
from race_sim.study.sweep import CHECKING, StudyResult, measures_hash, run_study
from tests.cli.commands import entries
from tests.study.small_study import written

SCENARIOS = 10  # 8 of the first part and 2 of the second, which shares 2 with the first


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def done(study: Study, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return run_study(study, tmp_path_factory.mktemp("out"))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block a scenario, so that an interruption loses one."""
    monkeypatch.setattr(sweep, "BLOCK_RACES", 1)


def raced(result: StudyResult, monkeypatch: pytest.MonkeyPatch, directory: Path, **options: Any) -> int:
    """How many scenarios are raced when the study runs in this directory; its rows must be those of `result`."""
    run_block, counted = sweep.run_block, []

    def counting(timeline: Any, seeds: np.ndarray) -> Any:
        counted.append(timeline)
        return run_block(timeline, seeds)

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "run_block", counting)
        other = run_study(result.study, directory, **options)
    assert list(other.parts) == list(result.parts)
    for name, rows in result.parts.items():
        assert_frame_equal(other.parts[name], rows, check_exact=True)
    return len(counted)


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
    result = run_study(load_study(path), tmp_path / "out")
    slow = result.parts["first"].query("cycle == 3")
    share = float(slow["total_trials_adopted"].sum() / slow["total_trials_judged"].sum())
    matched = points(result.study, result.study.part[1], lambda _: share)
    keys = {point.key for point in matched if point.levels["cycle"] == 3}
    assert keys == set(result.parts["second"].query("cycle == 3")["scenario"])


def test_where_no_trial_was_judged_chance_adopts_none(tmp_path: Path) -> None:
    path = written(tmp_path, ('"workshops.trial_share" = 0.3', '"workshops.adapts" = false'))
    result = run_study(load_study(path), tmp_path / "out")
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
        run_study(study, tmp_path / "out")


def test_a_bad_point_of_a_later_part_is_told_before_the_first_race(tmp_path: Path) -> None:
    fraction = (BLIND, f'{BLIND}\n\n[part.set]\n"workshops.weekly_output" = "= 10 / cycle"')
    study = load_study(written(tmp_path, fraction))
    with pytest.raises(InputError, match=r"part second \(cycle = 3, control = none\): workshops\.weekly_output = 3"):
        run_study(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_gives_the_same_rows(
    threads: int, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(done, monkeypatch, tmp_path / "out", threads=threads) == SCENARIOS


@pytest.mark.usefixtures("small_blocks")
def test_blocks_of_any_size_give_the_same_rows(
    done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(done, monkeypatch, tmp_path / "out") == SCENARIOS
    assert len(list((tmp_path / "out" / RUNS).iterdir())) == SCENARIOS


def test_what_is_kept_is_not_run_again(done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_study(done.study, tmp_path / "out", parts=("first",))
    assert list(first.parts) == ["first"]
    assert raced(done, monkeypatch, tmp_path / "out") == SCENARIOS - 8
    assert raced(done, monkeypatch, tmp_path / "out") == 0


class StoppedError(Exception):
    """Raised where a user might stop the run."""


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("races", "kept"), [(0, 0), (9, 2), (24, 7), (33, 8), (36, 9)])
def test_an_interrupted_study_goes_on(
    races: int, kept: int, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(doing: str, so_far: int, _total: int) -> None:
        if doing != CHECKING and so_far >= races:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_study(done.study, tmp_path / "out", threads=1, progress=stop)
    assert len(list((tmp_path / "out" / RUNS).glob("*.parquet"))) == kept
    assert raced(done, monkeypatch, tmp_path / "out") == SCENARIOS - kept


KILLED = """
import sys
from pathlib import Path
from race_sim.study import sweep
from race_sim.study.definition import load_study

sweep.BLOCK_RACES = 1
sweep.run_study(load_study(sys.argv[1]), Path(sys.argv[2]), threads=1)
"""


@pytest.mark.slow
def test_a_killed_study_goes_on(done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", KILLED, path, str(out)])
    deadline = time.monotonic() + 120
    while len(list((out / RUNS).glob("*.parquet"))) < 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = len(list((out / RUNS).glob("*.parquet")))
    assert 2 <= kept < SCENARIOS
    assert raced(done, monkeypatch, out) == SCENARIOS - kept
    assert not list(out.rglob(".tmp-*"))


def test_progress_is_told_of_every_race(study: Study, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_study(study, tmp_path / "out", progress=lambda *one: told.append(one))
    assert told[:12] == [(CHECKING, point, 12) for point in range(1, 13)]
    told = told[12:]
    assert told[0] == ("first", 0, 24)
    assert told[-1] == ("second", 36, 36)
    assert [races for _, races, _ in told] == sorted(races for _, races, _ in told)
    again: list[tuple[str, int, int]] = []
    run_study(study, tmp_path / "out", progress=lambda *one: again.append(one))
    assert again[12:] == [("first", 24, 24), ("second", 36, 36)]


@pytest.mark.parametrize(
    ("fact", "value"), [("law", "0" * 16), ("measures", "0" * 16), ("first_seed", 6), ("replicates", 4)]
)
def test_rows_of_another_law_other_measures_or_other_seeds_are_not_mixed_in(
    fact: str, value: object, study: Study, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_study(study, out, parts=("first",))
    manifest = json.loads((out / MANIFEST).read_text())
    (out / MANIFEST).write_text(json.dumps({**manifest, fact: value}))
    with pytest.raises(InputError, match=rf"holds runs with {fact} = {value}, this study has {manifest[fact]}; give"):
        run_study(study, out)


@pytest.mark.parametrize("fact", ["law", "measures", "first_seed", "replicates"])
def test_rows_of_which_not_all_is_known_are_not_mixed_in(fact: str, study: Study, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_study(study, out, parts=("first",))
    manifest = json.loads((out / MANIFEST).read_text())
    del manifest[fact]
    (out / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=rf"does not say which {fact} its runs have: an older version .*give --out"):
        run_study(study, out)


def test_measures_are_others_if_the_code_or_the_columns_are(monkeypatch: pytest.MonkeyPatch) -> None:
    own, source = measures_hash(), inspect.getsource(runs)
    seen = {own}
    for changed in (source.replace("argmax", "argmin"), source.replace("balance[:, -1]", "balance[:, -2]")):
        assert changed != source
        with monkeypatch.context() as patch:
            patch.setattr(sweep, "getsource", lambda _, changed=changed: changed)
            seen.add(measures_hash())
    with monkeypatch.context() as patch:
        patch.setattr(sweep, "DEFENCE_FIELDS", (*sweep.DEFENCE_FIELDS, "more"))
        seen.add(measures_hash())
    assert len(seen) == 4
    with monkeypatch.context() as patch:
        patch.setattr(sweep, "getsource", lambda _: f"# a comment\n\n{source}")
        assert measures_hash() == own


def test_more_replicates_need_a_new_directory(study: Study, tmp_path: Path) -> None:
    run_study(study, tmp_path / "out", parts=("first",))
    with pytest.raises(InputError, match="holds runs with replicates = 3, this study has 4; give --out a new"):
        run_study(study.model_copy(update={"replicates": 4}), tmp_path / "out")


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


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
def test_a_damaged_manifest_is_told(content: bytes, study: Study, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(InputError, match=rf"{MANIFEST}: (is not readable|was not written by a study)"):
        run_study(study, tmp_path)


def test_what_was_killed_before_its_manifest_was_there_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".tmp-0123").write_text("{")
    Store(tmp_path, {"law": "x"})
    assert {MANIFEST, RUNS} <= set(entries(tmp_path))


def test_half_a_block_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    Store(tmp_path, {"law": "x"})
    (tmp_path / RUNS / ".tmp-77-0123").write_bytes(b"PAR1")
    assert Store(tmp_path, {"law": "x"}).keys() == set()
    assert entries(tmp_path / RUNS) == []


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_block_is_told_and_can_be_removed(
    damage: str, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_study(done.study, tmp_path / "out")
    block = min((tmp_path / "out" / RUNS).iterdir())
    if damage == "other":
        pd.DataFrame({"a": [1]}).to_parquet(block)
    else:
        block.write_bytes(block.read_bytes()[: 0 if damage == "empty" else -100])
    with pytest.raises(InputError, match=rf"{block.name}: .*remove it and run the study again"):
        run_study(done.study, tmp_path / "out")
    block.unlink()
    assert raced(done, monkeypatch, tmp_path / "out") in (2, 8)


def test_a_block_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "out", {"law": "x"})
    rows = pd.DataFrame({"scenario": ["a", "a"], "seed": [1, 2], "hits": [0.5, 1.5]})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match="cannot be written: No space left on device"):
            store.write(rows)
    assert entries(tmp_path / "out" / RUNS) == []
    store.write(rows)
    assert store.keys() == {"a"}
    assert_frame_equal(store.rows(), rows)


def test_outputs_have_a_row_a_point(done: StudyResult, tmp_path: Path) -> None:
    files = write_outputs(done, tmp_path / "out", command=["race-sim", "sweep"])
    names = sorted(str(path.relative_to(tmp_path / "out")) for path in files)
    assert names == ["provenance.json", "tables/points-first.csv", "tables/points-second.csv"]
    table = pd.read_csv(tmp_path / "out" / "tables" / "points-first.csv")
    assert list(table.columns[:3]) == ["teams", "cycle", "arsenal"]
    assert (len(table), set(table["runs"])) == (8, {3})
    origin = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert origin["seeds"] == {"first": 5, "last": 7, "runs": 3}
    assert (origin["law"], origin["command"]) == (law_hash(), ["race-sim", "sweep"])
