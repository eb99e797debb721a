"""Directories that are written whole or not at all."""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from race_sim.errors import InputError

TEMPORARY = ".tmp-"  # begins the name of a file that is being written
FOREIGN_ORPHAN_SECONDS = 86_400.0  # age at which a file that another machine began to write is given up
MARK = "provenance.json"
"""Every directory written here holds this file; no other is overwritten, unless it is empty."""


def check_target(directory: Path, *, overwrite: bool) -> None:
    """Find out before a long run whether its results can be written.

    Raises InputError if the directory is there already (and `overwrite` does not apply) or cannot be made.
    """
    with _explained(directory), _stage(_checked(directory, overwrite=overwrite)):
        pass


@contextmanager
def staged(directory: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A new directory to fill, beside the target; it takes the target's name at the end of the block.

    If the block raises anything, Ctrl-C included, the target stays as it was and the new directory goes away.
    Errors of the file system, such as a full disk, become InputError.

    Raises InputError if the target is there already (and `overwrite` does not apply) or cannot be written.
    """
    with _explained(directory):
        target = _checked(directory, overwrite=overwrite)
        with _stage(target) as stage:
            yield stage
            if not (stage / MARK).is_file():
                raise ValueError(f"a directory to be written must hold {MARK}")
            _flush(stage)
            _replace(stage, target)


def write_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Have a file written beside its place, and give it its name once it is on the disk.

    Raises InputError if the file system refuses.
    """
    with _beside(path) as temporary:
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
    return path


def write_once(path: Path, content: bytes) -> bool:
    """Write a file unless it is there already, which it may come to be meanwhile; whether this call wrote it.

    Raises InputError if the file system refuses.
    """
    if path.exists():
        return False
    with _beside(path) as temporary:
        temporary.write_bytes(content)
        _sync(temporary)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links: of two at the same moment, the last one stays
            temporary.replace(path)
    return True


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """The place of a temporary file beside a path, and its folder; the file goes away at the end of the block.

    Whatever has got the path as its name by then is on the disk. Errors of the file system become InputError.
    """
    temporary = path.with_name(temporary_name())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush_directory(path.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def temporary_name() -> str:
    """Name of a file being written that tells which process of which machine writes it."""
    return f"{TEMPORARY}{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def sweep_orphans(directory: Path) -> None:
    """Remove files that processes no longer running had begun to write, here or, a day ago, on other machines."""
    for path in directory.rglob(f"{TEMPORARY}*"):
        with suppress(OSError):
            if _is_orphan(path):
                path.unlink()


def _is_orphan(path: Path) -> bool:
    host, _, process = path.name.removeprefix(TEMPORARY).rpartition("-")[0].rpartition("-")
    if host == socket.gethostname() and process.isdigit():
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        return False
    return time.time() - path.stat().st_mtime > FOREIGN_ORPHAN_SECONDS


def _flush_directory(directory: Path) -> None:
    """Wait until a name is on the disk; elsewhere than on POSIX a directory cannot be opened."""
    if os.name == "posix":
        _sync(directory)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{directory}: cannot be written: {error.strerror or error}") from None


def _checked(directory: Path, *, overwrite: bool) -> Path:
    """The target with links followed, free to be written."""
    if "\0" in str(directory):
        raise InputError(f"{str(directory)!r}: cannot be written: a path holds no null character")
    target = Path(os.path.realpath(directory))
    if not target.exists():
        above = next(parent for parent in target.parents if parent.exists())
        if not above.is_dir():
            raise InputError(f"{directory}: cannot be written: {above} is a file, not a directory")
        return target
    if not target.is_dir():
        raise InputError(f"{directory}: is a file; give the name of a new directory")
    if not overwrite:
        raise InputError(f"{directory}: is there already; give a new name, or --overwrite (overwrite=True)")
    if any(target.iterdir()) and not (target / MARK).is_file():
        raise InputError(f"{directory}: was not written by race_sim (it holds no {MARK}); it is not overwritten")
    return target


@contextmanager
def _stage(target: Path) -> Iterator[Path]:
    """A temporary directory beside the target; it and parents made for it go away unless it was renamed."""
    missing = [parent for parent in target.parents if not parent.exists()]
    stage = target.parent / f".race_sim-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir()
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()


def _flush(stage: Path) -> None:
    """Wait until all files are on the disk: only then may they take the place of others."""
    if os.name != "posix":  # elsewhere a directory cannot be opened
        return
    for path in (*stage.rglob("*"), stage):
        _sync(path)


def _replace(stage: Path, target: Path) -> None:
    """Give the stage the target's name; a directory of that name is removed, but only afterwards."""
    if not target.exists():
        stage.replace(target)
        return
    old = stage.with_name(f"{stage.name}-old")
    target.replace(old)
    try:
        stage.replace(target)
    except BaseException:
        old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
