"""Directories appear whole or not at all, and take nothing down with them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.study.staging import (
    FOREIGN_ORPHAN_SECONDS,
    MARK,
    TEMPORARY,
    check_target,
    staged,
    sweep_orphans,
    temporary_name,
    write_once,
    write_whole,
)


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail(directory: Path, fault: type[BaseException], *, overwrite: bool = False) -> None:
    with staged(directory, overwrite=overwrite) as stage:
        (stage / MARK).touch()
        raise fault


def write(directory: Path, content: str, *, overwrite: bool = False) -> None:
    with staged(directory, overwrite=overwrite) as stage:
        (stage / MARK).write_text(content, encoding="utf-8")
        (stage / "inner").mkdir()
        (stage / "inner" / "file").write_text(content, encoding="utf-8")


def test_a_directory_appears_with_its_parents(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    with staged(target) as stage:
        (stage / MARK).touch()
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == [MARK]
    assert [path.name for path in target.parent.iterdir()] == ["b"]


def test_a_directory_has_usual_permissions(tmp_path: Path) -> None:
    write(tmp_path / "out", "")
    (tmp_path / "usual").mkdir()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_relative_path_and_the_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("out"), "1")
    Path("empty").mkdir()
    write(Path("empty"), "2", overwrite=True)
    assert entries(Path()) == ["empty", "out"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_whatever_goes_wrong_leaves_nothing(fault: type[BaseException], tmp_path: Path) -> None:
    with pytest.raises(fault):
        fail(tmp_path / "a" / "b", fault)
    assert entries(tmp_path) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_whatever_goes_wrong_keeps_what_was_there(fault: type[BaseException], tmp_path: Path) -> None:
    write(tmp_path / "out", "old")
    with pytest.raises(fault):
        fail(tmp_path / "out", fault, overwrite=True)
    assert (tmp_path / "out" / "inner" / "file").read_text(encoding="utf-8") == "old"
    assert entries(tmp_path) == ["out"]


def test_a_failing_last_step_restores_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "out", "old")
    rename = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if Path(target).name == "out" and not self.name.endswith("-old"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match="out: cannot be written: Input/output error"):
        write(tmp_path / "out", "new", overwrite=True)
    assert (tmp_path / "out" / MARK).read_text(encoding="utf-8") == "old"
    assert entries(tmp_path) == ["out"]


def write_to_full_disk(directory: Path) -> None:
    with staged(directory) as stage:
        (stage / "weekly.csv").symlink_to("/dev/full")
        (stage / "weekly.csv").write_text("x", encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="out: cannot be written: No space left on device"):
        write_to_full_disk(tmp_path / "out")
    assert entries(tmp_path) == []


def test_overwriting_replaces_everything(tmp_path: Path) -> None:
    write(tmp_path / "out", "old")
    (tmp_path / "out" / "more").touch()
    write(tmp_path / "out", "new", overwrite=True)
    assert (tmp_path / "out" / MARK).read_text(encoding="utf-8") == "new"
    assert entries(tmp_path / "out") == ["inner", MARK]
    assert entries(tmp_path) == ["out"]


def test_a_link_to_a_directory_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", "new", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / MARK).read_text(encoding="utf-8") == "new"


def test_an_existing_directory_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", "old")
    for attempt in (
        lambda: check_target(tmp_path / "out", overwrite=False),
        lambda: write(tmp_path / "out", "new"),
    ):
        with pytest.raises(InputError, match=r"out: is there already; give a new name, or --overwrite"):
            attempt()
    assert (tmp_path / "out" / MARK).read_text(encoding="utf-8") == "old"


def test_a_directory_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").touch()
    with pytest.raises(InputError, match="home: was not written by race_sim"):
        write(tmp_path / "home", "new", overwrite=True)
    assert entries(tmp_path / "home") == ["thesis.txt"]


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    for target, message in [
        (tmp_path / "file", "file: is a file; give the name of a new directory"),
        (tmp_path / "file" / "out", "out: cannot be written: .*file is a file, not a directory"),
        (Path("/proc/race/out"), "out: cannot be written: No such file or directory"),
        (tmp_path / "loop", "loop: cannot be written: "),
        (tmp_path / ("x" * 300), "x: cannot be written: File name too long"),
        (tmp_path / "a\0b", "cannot be written: a path holds no null character"),
    ]:
        with pytest.raises(InputError, match=message):
            write(target, "new", overwrite=True)
    with pytest.raises(InputError, match="is a file, not a directory"):
        check_target(tmp_path / "file" / "out", overwrite=False)
    assert entries(tmp_path) == ["file", "loop"]


def test_checking_a_target_leaves_no_trace(tmp_path: Path) -> None:
    check_target(tmp_path / "a" / "b", overwrite=False)
    assert entries(tmp_path) == []


def test_a_file_is_written_once_and_by_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file"
    assert write_once(path, b"first")
    assert not write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert entries(path.parent) == ["file"]


def test_of_two_that_write_at_once_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sync, others = tmp_path / "file", os.fsync, [b"other"]

    def slow(descriptor: int) -> None:
        if others:  # another process is faster by a moment
            assert write_once(path, others.pop())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    assert not write_once(path, b"own")
    assert path.read_bytes() == b"other"
    assert entries(tmp_path) == ["file"]


def test_where_there_are_no_links_a_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", unsupported)
    assert write_once(tmp_path / "file", b"first")
    assert not write_once(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"
    assert entries(tmp_path) == ["file"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "old").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    for attempt in (
        lambda: write_once(tmp_path / "new", b"new"),
        lambda: write_whole(tmp_path / "new", lambda path: path.write_text("new")),
        lambda: write_whole(tmp_path / "old", lambda path: path.write_text("new")),
    ):
        with pytest.raises(InputError, match="cannot be written: No space left on device"):
            attempt()
    assert entries(tmp_path) == ["old"]
    assert (tmp_path / "old").read_text() == "old"


def test_a_writer_that_raises_leaves_what_was_there(tmp_path: Path) -> None:
    def half(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    write_whole(tmp_path / "file", lambda path: path.write_text("whole"))
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "file", half)
    assert entries(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "whole"


@pytest.mark.skipif(os.name != "posix", reason="process numbers")
def test_only_what_nobody_writes_any_more_is_swept_up(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    own = temporary_name()
    host = own.removeprefix(TEMPORARY).rsplit("-", 2)[0]
    names = {
        "own": own,
        "gone": f"{TEMPORARY}{host}-{gone.pid}-0123",
        "elsewhere": f"{TEMPORARY}other-host-{gone.pid}-0123",
        "old": f"{TEMPORARY}other-host-{gone.pid}-4567",
    }
    (tmp_path / "inner").mkdir()
    for name in names.values():
        (tmp_path / "inner" / name).touch()
    (tmp_path / "inner" / "block").touch()
    long_ago = time.time() - FOREIGN_ORPHAN_SECONDS - 10
    os.utime(tmp_path / "inner" / names["old"], (long_ago, long_ago))
    os.utime(tmp_path / "inner" / "block", (long_ago, long_ago))
    sweep_orphans(tmp_path)
    assert entries(tmp_path / "inner") == sorted([names["own"], names["elsewhere"], "block"])
