"""Damaged files, full disks and wrong directories: told in a sentence, nothing lost, nothing mixed in."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from race_sim.errors import InputError
from race_sim.study.definition import Study
from race_sim.study.reading import load_study
from race_sim.study.result import read_result
from race_sim.study.staging import FOREIGN_ORPHAN_SECONDS, TEMPORARY
from race_sim.study.store import DESIGN, MANIFEST, QUARANTINE, RUNS, WHY, Store
from race_sim.study.sweep import Request, Sweep
from tests.cli.commands import entries
from tests.study.small_study import written
from tests.study.sweeping import PATIENCE, TWO_POINTS, blocks, left_over, offer_models, swept

OTHER = "0123456789abcdef"
"""A checksum that nothing has."""

FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, resource.RLIM_INFINITY))
from race_sim.cli import main
sys.argv = ["race-sim", *sys.argv[1:]]
main()
"""
"""`race-sim` where no file may be longer than so many bytes, as on a disk where no more are free."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def undisturbed(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return swept(study, tmp_path_factory.mktemp("undisturbed") / "out")


@pytest.fixture
def out(undisturbed: Store, tmp_path: Path) -> Path:
    """A copy of a finished sweep."""
    shutil.copytree(undisturbed.directory, tmp_path / "out")
    return tmp_path / "out"


def flipped(content: bytes, place: int) -> bytes:
    """With one bit changed."""
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def flip(block: Path) -> Path:
    content = block.read_bytes()
    block.write_bytes(flipped(content, len(content) // 2))
    return block


def cut(block: Path) -> Path:
    block.write_bytes(block.read_bytes()[:-100])
    return block


def empty(block: Path) -> Path:
    block.write_bytes(b"")
    return block


def rename(block: Path) -> Path:
    return block.rename(block.with_name(f"{block.name.partition('.')[0]}.{OTHER}.parquet"))


def exchange(block: Path) -> Path:
    """A sound table, that of another block."""
    shutil.copy(next(path for path in sorted(block.parent.iterdir()) if path != block), block)
    return block


DAMAGES = [flip, cut, empty, rename, exchange]


def some_block(out: Path) -> Path:
    return sorted((out / RUNS).rglob("b*.parquet"))[7]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_block_is_put_aside_and_raced_again(
    damage: Callable[[Path], Path], study: Study, undisturbed: Store, out: Path
) -> None:
    block = damage(some_block(out))
    content = block.read_bytes()
    with pytest.raises(InputError, match=rf"{block.name}: is damaged: .*`race-sim sweep` with this directory puts it"):
        read_result(Store.open(out))
    sweep = Sweep(study, out, Request(workers=1))
    sweep.run()
    assert sweep.damaged == [block]
    assert blocks(out) == blocks(undisturbed.directory)
    assert [path.read_bytes() for path in (out / QUARANTINE).rglob("*") if path.is_file()] == [content]
    assert read_result(Store.open(out)).there == 30


def test_a_damaged_block_beside_the_sound_one_is_put_aside(study: Study, undisturbed: Store, out: Path) -> None:
    block = some_block(out)
    damaged = block.with_name(f"{block.name.partition('.')[0]}.{'0' * 16}.parquet")
    damaged.write_bytes(b"PAR1")
    swept(study, out)
    assert blocks(out) == blocks(undisturbed.directory)
    assert not damaged.exists()


def test_a_block_damaged_as_it_is_written_is_raced_again(
    study: Study, undisturbed: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that keeps something else than what it was given, once."""
    write = Path.write_bytes
    spoilt: list[Path] = []

    def writing(path: Path, content: bytes) -> int:
        if not spoilt and RUNS in path.parts:
            spoilt.append(path)
            return write(path, flipped(content, 50))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", writing)
    sweep = Sweep(study, tmp_path / "out", Request(workers=1, block_runs=1))
    sweep.run()
    assert len(sweep.damaged) == 1
    assert blocks(tmp_path / "out") == blocks(undisturbed.directory)


def test_a_block_that_another_process_puts_aside_at_the_same_time(
    study: Study, undisturbed: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(some_block(out))
    set_aside = Store.set_aside

    def twice(store: Store, path: Path) -> None:
        set_aside(store, path)
        set_aside(store, path)

    monkeypatch.setattr(Store, "set_aside", twice)
    swept(study, out)
    assert blocks(out) == blocks(undisturbed.directory)


def test_a_block_that_is_gone_by_the_time_it_is_read(
    study: Study, undisturbed: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has put it aside since it was listed."""
    block, listed = some_block(out), Store.blocks

    def gone_once_listed(store: Store, generation: int) -> dict[int, Path]:
        found = listed(store, generation)
        block.unlink(missing_ok=True)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Store, "blocks", gone_once_listed)
        with pytest.raises(InputError, match=block.name):
            read_result(Store.open(out))
    shutil.copy(undisturbed.directory / block.relative_to(out), block)
    monkeypatch.setattr(Store, "blocks", gone_once_listed)
    assert Store.open(out).verify(lambda _, path: path.read_bytes()) == []
    monkeypatch.undo()
    swept(study, out)
    assert blocks(out) == blocks(undisturbed.directory)


def test_no_bit_of_a_design_can_change_unnoticed(out: Path) -> None:
    """What is raced follows from it alone."""
    path = out / DESIGN / "g000.parquet"
    content = path.read_bytes()
    points, facts = Store.open(out).generations()[0].points, Store.open(out).generations()[0].facts
    refused, told = 0, set()
    for place in range(3, len(content), 23):
        path.write_bytes(flipped(content, place))
        try:
            found = Store.open(out).generations()[0]
        except InputError as error:
            told.add(str(error).partition("(")[0])
            refused += 1
        else:
            assert found.points.equals(points)
            assert found.facts == facts
    assert refused > 50
    assert told == {f"{path}: is damaged "}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b"3", b"{}", b'{"format": 2, "study": {"name": 1}}']
)
def test_a_damaged_manifest_is_told(content: bytes, study: Study, out: Path) -> None:
    (out / MANIFEST).write_bytes(content)
    before = blocks(out)
    with pytest.raises(InputError, match=rf"{MANIFEST}"):
        swept(study, out)
    with pytest.raises(InputError, match=rf"{MANIFEST}: (is not readable|was not written by a study|holds no study)"):
        Store.open(out)
    assert blocks(out) == before


def full_after(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, times: int) -> None:
    """Let an operation fail, half done, once it has been done so many times."""
    act, done = getattr(owner, name), []

    def acting(*arguments: Any, **options: Any) -> Any:
        done.append(name)
        if len(done) <= times:
            return act(*arguments, **options)
        if name == "write_bytes":
            act(arguments[0], arguments[1][:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(owner, name, acting)


@pytest.mark.parametrize(("owner", "name"), [(Path, "write_bytes"), (os, "fsync"), (Path, "replace")])
def test_a_full_disk_keeps_what_is_written(
    owner: Any, name: str, study: Study, undisturbed: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        full_after(patch, owner, name, 9)
        with pytest.raises(
            InputError, match=r"b\d{7}\.[0-9a-f]{16}\.parquet: cannot be written: No space left"
        ) as told:
            swept(study, tmp_path / "out")
    assert "\n" not in str(told.value)
    assert left_over(tmp_path / "out") == []
    kept = blocks(tmp_path / "out")
    assert 0 < len(kept) < 24
    assert kept.items() <= blocks(undisturbed.directory).items()
    swept(study, tmp_path / "out")
    assert blocks(tmp_path / "out") == blocks(undisturbed.directory)


def test_a_disk_full_from_the_start(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for times, name in enumerate((MANIFEST, "g000.parquet")):
        with monkeypatch.context() as patch:
            full_after(patch, os, "link", times)
            full_after(patch, Path, "replace", 0)
            with pytest.raises(InputError, match=f"{name}: cannot be written: No space left on device"):
                swept(study, tmp_path / name)
        assert left_over(tmp_path / name) == []
        swept(study, tmp_path / name)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="limits")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_command_with_a_sentence(
    workers: int, study: Study, undisturbed: Store, out: Path
) -> None:
    for number in range(5, 24):
        next(iter((out / RUNS / "g000" / "0000").glob(f"b{number:07d}.*"))).unlink()
    before = blocks(out)
    done = subprocess.run(
        [sys.executable, "-c", FULL, "worker", "--store", str(out), "--shard", "0/1", "--workers", str(workers)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if not line.endswith(" s elapsed")]
    assert (done.returncode, done.stdout, len(said)) == (2, "", 1), done.stderr
    assert said[0].startswith("error: ")
    assert said[0].endswith("cannot be written: File too large")
    assert blocks(out) == before
    assert left_over(out) == []
    swept(study, out)
    assert blocks(out) == blocks(undisturbed.directory)


def test_files_of_the_dead_are_removed_and_those_of_the_living_kept(study: Study, out: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=subprocess.PIPE, check=True)
    here = socket.gethostname()
    ours, gone = f"{TEMPORARY}{here}-{os.getpid()}-01", f"{TEMPORARY}{here}-{int(dead.stdout)}-02"
    theirs, given_up = f"{TEMPORARY}node-1-77-03", f"{TEMPORARY}node-1-77-04"
    odd = f"{TEMPORARY}77"
    folders = (out, out / DESIGN, out / RUNS / "g000" / "0000")
    for folder in folders:
        for name in (ours, gone, theirs, given_up, odd):
            (folder / name).write_bytes(b"PAR1")
        long_ago = time.time() - FOREIGN_ORPHAN_SECONDS - 60
        os.utime(folder / given_up, (long_ago, long_ago))
    swept(study, out)
    for folder in folders:
        assert {name for name in entries(folder) if name.startswith(TEMPORARY)} == {ours, theirs, odd}


def test_directories_that_cannot_be_used(study: Study, tmp_path: Path) -> None:
    file, foreign = tmp_path / "file", tmp_path / "foreign"
    file.touch()
    foreign.mkdir()
    (foreign / "thesis.txt").touch()
    for directory, told in [
        (file, "is a file; give the name of a directory"),
        (foreign, "was not written by a study .*; give a new name"),
        (file / "below", "cannot be written: Not a directory"),
        (Path("/proc/race_sim"), "cannot be written"),
    ]:
        with pytest.raises(InputError, match=told) as refused:
            swept(study, directory)
        assert str(refused.value).startswith(f"{directory}: ")
    assert entries(foreign) == ["thesis.txt"]


@pytest.mark.parametrize("fact", WHY)
def test_runs_with_other_facts_are_not_mixed_in(fact: str, study: Study, out: Path) -> None:
    manifest = out / MANIFEST
    content = json.loads(manifest.read_text())
    before = blocks(out)
    manifest.write_text(json.dumps({**content, fact: OTHER}))
    with pytest.raises(
        InputError, match=rf'holds runs with {fact} = "{OTHER}", now it is .*: {WHY[fact]}; .*--new-dir'
    ):
        swept(study, out)
    del content[fact]
    manifest.write_text(json.dumps(content))
    with pytest.raises(InputError, match=rf"does not say which {fact} its runs have: .*--new-dir"):
        swept(study, out)
    assert blocks(out) == before


def test_quick_runs_and_full_ones_do_not_mix(study: Study, out: Path) -> None:
    with pytest.raises(InputError, match=r"holds runs with quick = false, now it is true: quick runs .*--new-dir"):
        Sweep(study.smaller(), out, Request(quick=True)).run()


def test_a_model_that_has_changed_does_not_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer_models(tmp_path, monkeypatch)
    study = load_study(written(tmp_path, *TWO_POINTS))
    swept(study, tmp_path / "out", model="odd_models:Sound")
    swept(study, tmp_path / "out", model="odd_models:Sound")
    with pytest.raises(InputError, match=r'model = "odd_models:Sound", now it is None: another model .*--new-dir'):
        swept(study, tmp_path / "out")
    with pytest.raises(InputError, match=r'model = .*now it is "odd_models:Talks": another model .*--new-dir'):
        swept(study, tmp_path / "out", model="odd_models:Talks")
    source = tmp_path / "odd_models.py"
    source.write_text(source.read_text() + "\nPATIENCE = 3\n")
    with pytest.raises(InputError, match=r"model_source = .*: the source of the model has changed; .*--new-dir"):
        swept(study, tmp_path / "out", model="odd_models:Sound")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("arsenal = [1, 2]", "arsenal = [1, 3]"), "part.first.factors.arsenal.2 was 2, now it is 3"),
        (("replicates = 3", "replicates = 4"), "replicates was 3, now it is 4"),
        (("output = 60", "output = 61"), "constants.output was 60, now it is 61"),
        (('after = "first"', 'after = "first"\nseries = ["total_hits"]'), "part.second.series was"),
    ],
)
def test_a_study_that_has_changed_does_not_go_on(change: tuple[str, str], told: str, out: Path, tmp_path: Path) -> None:
    before = blocks(out)
    with pytest.raises(InputError, match=rf"holds runs of a study that was different: {told}.*--new-dir"):
        swept(load_study(written(tmp_path, change)), out)
    assert blocks(out) == before


def test_a_study_told_differently_goes_on(undisturbed: Store, out: Path, tmp_path: Path) -> None:
    told = load_study(written(tmp_path, ('title = "Small"', 'title = "Smaller than you think"')))
    swept(told, out)
    assert Store.open(out).study.title == "Smaller than you think"
    assert blocks(out) == blocks(undisturbed.directory)
