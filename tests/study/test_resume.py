"""Going on with a study: nothing is raced again, nothing is mixed in, nothing that was there is lost."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from race_sim.errors import InputError
from race_sim.study import sweep
from race_sim.study.definition import Study
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult, read_result
from race_sim.study.store import MANIFEST, QUARANTINE, RUNS, Store
from race_sim.study.sweep import CHECKING, RACING, Request, Sweep, run_study
from race_sim.study.tally import Status
from tests.cli.commands import entries
from tests.study.counting import StoppedError, blocks, raced, same_rows, stop_at
from tests.study.small_study import written

SCENARIOS = 10  # 8 of the first part and 2 of the second, which shares 2 with the first


RACES = 3 * SCENARIOS


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def done(study: Study, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return run_study(study, tmp_path_factory.mktemp("out"), Request(workers=1))


def test_what_is_kept_is_not_run_again(done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_study(done.study, tmp_path / "out", Request(parts=("first",), workers=1))
    assert list(first.parts) == ["first"]
    assert raced(done, monkeypatch, tmp_path / "out") == RACES - 24
    assert raced(done, monkeypatch, tmp_path / "out") == 0
    assert raced(done, monkeypatch, tmp_path / "out", block_runs=1) == 0  # blocks are as they were when it began


@pytest.mark.parametrize(("races", "kept"), [(1, 1), (9, 3), (24, 8), (27, 9), (30, 10)])
def test_an_interrupted_study_goes_on(
    races: int, kept: int, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoppedError):
        run_study(done.study, tmp_path / "out", Request(workers=1, block_runs=3), progress=stop_at(races))
    assert len(blocks(tmp_path / "out")) == kept
    assert raced(done, monkeypatch, tmp_path / "out", block_runs=3) == RACES - 3 * kept


def test_stopped_before_the_first_race_nothing_is_left(study: Study, tmp_path: Path) -> None:
    def stop(status: Status) -> None:
        if status.doing == CHECKING and status.done == 12:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_study(study, tmp_path / "out", progress=stop)
    assert not (tmp_path / "out").exists()


def test_a_partial_sweep_is_a_coarse_whole(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for races, replicates in ((8, [1] * 8), (12, [2] * 4 + [1] * 4), (16, [2] * 8)):
        with pytest.raises(StoppedError):
            run_study(study, out, Request(workers=1, block_runs=4), progress=stop_at(races))
        there = read_result(Store.open(out))
        assert (there.there, there.wanted) == (races, 24)
        assert sorted(there.parts["first"].groupby("point").size(), reverse=True) == replicates
        assert there.parts["first"]["seed"].max() - 5 == replicates[0] - 1


def changed_manifest(out: Path, **changes: object) -> None:
    manifest = json.loads((out / MANIFEST).read_text())
    (out / MANIFEST).write_text(json.dumps({**manifest, **changes}))


FACTS = {
    "format": 1,
    "law": "0" * 16,
    "schema": "0" * 16,
    "measures": "0" * 16,
    "quick": True,
    "model": "mine:Mine",
    "model_source": "0" * 16,
}


@pytest.fixture
def first_alone(study: Study, tmp_path: Path) -> Path:
    run_study(study, tmp_path / "out", Request(parts=("first",), workers=1))
    return tmp_path / "out"


def test_rows_of_another_law_other_measures_or_another_model_are_not_mixed_in(study: Study, first_alone: Path) -> None:
    whole = (first_alone / MANIFEST).read_text()
    for fact, value in FACTS.items():
        changed_manifest(first_alone, **{fact: value})
        with pytest.raises(
            InputError, match=rf"holds runs with {fact} = \S+, now it is .*: .*; give --new-dir for a new directory"
        ):
            run_study(study, first_alone)
        (first_alone / MANIFEST).write_text(whole)
    assert len(blocks(first_alone)) == 1
    run_study(study, first_alone, Request(workers=1))


def test_rows_of_which_not_all_is_known_are_not_mixed_in(study: Study, first_alone: Path) -> None:
    whole = json.loads((first_alone / MANIFEST).read_text())
    for fact in FACTS:
        (first_alone / MANIFEST).write_text(json.dumps({name: value for name, value in whole.items() if name != fact}))
        with pytest.raises(InputError, match=rf"does not say which {fact} its runs have: an older version .*--new-dir"):
            run_study(study, first_alone)


def changed(study: Study, **changes: object) -> Study:
    return study.model_copy(update=changes)


def changed_part(study: Study, **changes: object) -> Study:
    return changed(study, part=[study.part[0].model_copy(update=changes), *study.part[1:]])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: changed(one, first_seed=6), "first_seed was 5, now it is 6"),
        (lambda one: changed(one, replicates=4), "replicates was 3, now it is 4"),
        (lambda one: changed(one, constants={"output": 90}), "constants.output was 60, now it is 90"),
        (lambda one: changed(one, common_random_numbers=False), "common_random_numbers was true, now it is false"),
        (lambda one: changed(one, set={**one.set, "run.weeks": 15}), "set.run.weeks was 14, now it is 15"),
        (lambda one: changed(one, part=one.part[:1]), "part.second was there"),
        (
            lambda one: changed_part(one, factors={**one.part[0].factors, "teams": [1, 3]}),
            "part.first.factors.teams.2 was 2, now it is 3",
        ),
        (
            lambda one: changed_part(one, factors={**one.part[0].factors, "teams": [1]}),
            "part.first.factors.teams was [1, 2], now it is [1]",
        ),
        (lambda one: changed_part(one, series=["total_hits"]), 'part.first.series was [], now it is ["total_hits"]'),
    ],
)
def test_a_changed_study_is_refused_with_the_first_difference(
    change: Callable[[Study], Study], told: str, study: Study, first_alone: Path
) -> None:
    before = blocks(first_alone)
    with pytest.raises(InputError) as refused:
        run_study(change(study), first_alone)
    message = str(refused.value)
    assert message.startswith(f"{first_alone}: holds runs of a study that was different: {told}; give --new-dir")
    assert "--more-replicates and --more-points add runs" in message
    assert blocks(first_alone) == before


def test_what_is_shown_of_a_study_may_change(
    done: StudyResult, first_alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = changed(changed_part(done.study, question="What?", outputs=["sorties"]), title="New", question="New?")
    result = StudyResult(renamed, done.parts, done.points, done.wanted, done.there, done.failed)
    assert raced(result, monkeypatch, first_alone) == RACES - 24
    assert Store.open(first_alone).study == renamed


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
def test_a_damaged_manifest_is_told(content: bytes, study: Study, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(InputError, match=rf"{MANIFEST}: (is not readable|was not written by a study)"):
        run_study(study, tmp_path)
    assert (tmp_path / MANIFEST).read_bytes() == content


def test_what_was_killed_before_its_manifest_was_there_does_no_harm(study: Study, tmp_path: Path) -> None:
    (tmp_path / ".tmp-0123").write_text("{")
    Sweep(study, tmp_path, Request()).prepare()
    assert {MANIFEST, RUNS} <= set(entries(tmp_path))


def test_half_a_block_of_a_killed_process_is_removed(study: Study, tmp_path: Path) -> None:
    Sweep(study, tmp_path, Request()).prepare()
    there, gone = (tmp_path / RUNS / f".tmp-{os.uname().nodename}-{pid}-0123" for pid in (os.getpid(), 2**22 + 1))
    there.write_bytes(b"PAR1")
    gone.write_bytes(b"PAR1")
    store = Sweep(study, tmp_path, Request()).prepare()
    assert entries(tmp_path / RUNS) == [there.name]  # this process is alive and may be writing it
    assert len(store.rows()) == 0


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_block_is_put_aside_and_raced_again(
    damage: str, done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run_study(done.study, out, Request(workers=1, block_runs=4))
    block = min((out / RUNS).rglob("*.parquet"))
    sound = block.read_bytes()
    if damage == "other":
        pd.DataFrame({"a": [1]}).to_parquet(block)
    else:
        block.write_bytes(sound[: 0 if damage == "empty" else -100])
    with pytest.raises(InputError, match=rf"{block.name}: is damaged: .*`race-sim sweep` .* races it again"):
        read_result(Store.open(out))
    sweeping = Sweep(done.study, out, Request(workers=1))
    sweeping.prepare()
    assert sweeping.damaged == [block]
    assert [path.name for path in (out / QUARANTINE).rglob("*.parquet")] == [block.name]
    assert raced(done, monkeypatch, out) == 4
    assert block.read_bytes() == sound


def test_a_block_damaged_while_the_sweep_runs_is_raced_again(
    done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, spoiled = Store.write, []

    def spoiling(self: Store, place: Any, rows: pd.DataFrame) -> Path:
        path = write(self, place, rows)
        if not spoiled:
            path.write_bytes(path.read_bytes()[:-1])
            spoiled.append(path)
        return path

    monkeypatch.setattr(Store, "write", spoiling)
    sweeping = Sweep(done.study, tmp_path / "out", Request(workers=1, block_runs=4))
    store = sweeping.run()
    assert sweeping.damaged == spoiled
    same_rows(read_result(store), done)


def test_a_block_that_another_process_added_damaged_is_raced_here(
    done: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled = tmp_path / "out" / RUNS / "g000" / "0000" / f"b0000004.{'0' * 16}.parquet"

    def another(status: Status) -> None:
        if status.done == 4 and status.doing == RACING:
            spoiled.write_bytes(b"PAR1")

    monkeypatch.setattr(sweep, "LISTING_TIMES", 0.0)  # it is seen to be there, and not raced
    sweeping = Sweep(done.study, tmp_path / "out", Request(parts=("first",), workers=1, block_runs=4), another)
    store = sweeping.run()
    assert sweeping.damaged == [spoiled]
    assert_frame_equal(read_result(store).parts["first"], done.parts["first"], check_exact=True)
