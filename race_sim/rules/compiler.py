"""The `rule` decorator: compiles the law with numba and keeps the machine code where it cannot go stale.

numba's own cache does not notice that a called function, an imported constant or a record type has changed,
and then serves results of the old law. Here the cache folder is named by a hash of everything the machine
code depends on, so any change of the law is a new folder.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, overload

import llvmlite
import numba
import numpy as np
import platformdirs

SETTINGS: Any = numba.config

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILE_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
"""Options of every compiled rule. No fastmath and no parallel: both change the bits of a result."""

COMPILED_SOURCES = (
    *("rules/*.py", "ensemble/*.py", "bookkeeping.py", "recorder.py", "firms.py", "records.py", "layout.py"),
    "parameter_table.py",
)
"""Files, relative to the package, whose code or constants end up in machine code."""

CODE_CHANGING_VARIABLES = (
    "NUMBA_BOUNDSCHECK",
    "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES",
    "NUMBA_OPT",
    "NUMBA_DISABLE_JIT",
)
"""Environment variables under which numba compiles different code."""

FOLDERS_KEPT = 3

RULES: dict[str, Callable[..., Any]] = {}
"""Every rule of the imported modules by its name; names are unique across the law."""


def compiled_sources() -> list[Path]:
    """Return the existing files of this package that match `COMPILED_SOURCES`, in a fixed order."""
    package = Path(__file__).resolve().parent.parent
    return [source for pattern in COMPILED_SOURCES for source in sorted(package.glob(pattern))]


def law_hash() -> str:
    """Return 16 hexadecimal digits that change whenever the compiled law could behave differently.

    Covers the compiled sources, the versions of Python, numba, llvmlite and NumPy, the machine architecture,
    the compile options and the environment variables in `CODE_CHANGING_VARIABLES`.
    """
    digest = hashlib.sha256()
    for source in compiled_sources():
        digest.update(f"{source.parent.name}/{source.name}\0".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    versions = (platform.python_version(), numba.__version__, llvmlite.__version__, np.__version__)
    variables = tuple(os.environ.get(name, "") for name in CODE_CHANGING_VARIABLES)
    digest.update(repr((versions, platform.machine(), sorted(COMPILE_OPTIONS.items()), variables)).encode())
    return digest.hexdigest()[:16]


def cache_directory() -> Path | None:
    """Return the existing, writable folder for the machine code of this law, or None if nothing is writable.

    The folder is `law-<hash>` in the directory named by the environment variable RACE_SIM_CACHE_DIR, or else
    in the user's cache directory of race_sim. Older folders beyond the newest `FOLDERS_KEPT` are removed.
    """
    named = os.environ.get("RACE_SIM_CACHE_DIR")
    parent = Path(named) if named else Path(platformdirs.user_cache_dir("race_sim"))
    folder = parent / f"law-{law_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        return None
    prune(parent, keep=folder)
    return folder


def prune(parent: Path, keep: Path) -> None:
    """Remove all but the newest `FOLDERS_KEPT` folders `law-*` in `parent`, and never `keep`.

    Another process may be pruning too: what has already gone, or cannot be removed, is passed over.
    """
    dated: list[tuple[float, Path]] = []
    try:
        for folder in parent.glob("law-*"):
            try:
                dated.append((folder.stat().st_mtime, folder))
            except OSError:
                continue
    except OSError:
        return
    others = [folder for _, folder in sorted(dated, reverse=True) if folder != keep]
    for folder in others[FOLDERS_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


HASHED_SOURCES = frozenset(compiled_sources())

CACHE_DIRECTORY: Path | None = None if SETTINGS.DISABLE_JIT else cache_directory()
"""Where this process keeps its machine code; None where nothing is cached."""


@overload
def rule(target: Function) -> Function: ...


@overload
def rule(target: str, *signatures: str) -> Callable[[Function], Function]: ...


def rule(target: Function | str, *signatures: str) -> Function | Callable[[Function], Function]:
    """Make a top-level function a rule of the law: compiled, cached and listed in `RULES`.

    Use it bare, `@rule`, to compile for the types of the first call, or with numba signatures,
    `@rule("f8(u8, i8)")`, to compile for exactly these types. Under NUMBA_DISABLE_JIT=1 the function stays as
    it is. A rule defined outside the law's own sources is compiled but not cached: no hash covers its code.

    Raises:
        ValueError: another module already has a rule of that name.
    """
    if isinstance(target, str):
        typed = [target, *signatures]
        return lambda function: _compiled(function, typed)
    return _compiled(target, None)


def _compiled(function: Function, signatures: list[str] | None) -> Function:
    name = function.__name__
    if name in RULES and RULES[name].__module__ != function.__module__:
        raise ValueError(f"{function.__module__}: {RULES[name].__module__} already has a rule named {name}")
    result: Any = function
    if not SETTINGS.DISABLE_JIT:
        hashed = Path(function.__code__.co_filename).resolve() in HASHED_SOURCES
        options = {**COMPILE_OPTIONS, "cache": hashed and CACHE_DIRECTORY is not None}
        previous = SETTINGS.CACHE_DIR
        SETTINGS.CACHE_DIR = str(CACHE_DIRECTORY or "")
        try:
            result = numba.njit(signatures, **options)(function)
        finally:
            SETTINGS.CACHE_DIR = previous
    RULES[name] = result
    return result  # type: ignore[no-any-return]
