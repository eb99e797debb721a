"""Sweeps of the small study for tests that disturb them: in this process or others, and what they leave behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from race_sim.study.definition import Study
from race_sim.study.protocol import MODULE
from race_sim.study.reading import load_study
from race_sim.study.staging import TEMPORARY
from race_sim.study.store import QUARANTINE, RUNS, Store
from race_sim.study.sweep import Request, Sweep
from tests.study.small_study import SMALL_STUDY, written

PATIENCE = 120.0  # seconds that a busy machine may take for what takes a few on an idle one

SECOND_PART = SMALL_STUDY[SMALL_STUDY.index('[[part]]\nname = "second"') : SMALL_STUDY.index("[quick]")]
LONG_RACES = (('"run.weeks" = 14', '"run.weeks" = 400'), ('"workshops.count" = 3', '"workshops.count" = 30'))
"""About 25 ms each: time to end a process in the middle of one."""

TWO_POINTS = (("teams = [1, 2]\n", ""), ("arsenal = [1, 2]\n", ""), (SECOND_PART, ""))
"""One part of two points, of which the second has a three-week cycle."""

MODELS = """
import os, signal, sys
from race_sim.model import RaceModel

def chosen(setting, options):
    return options["seed"] == 6 and setting.parameters.workshops.iteration_weeks == 3

class Sound(RaceModel):
    pass

class Fails(RaceModel):
    def __init__(self, setting, **options):
        if chosen(setting, options):
            raise ArithmeticError("no luck")
        super().__init__(setting, **options)

class Kills(RaceModel):
    def __init__(self, setting, **options):
        if chosen(setting, options):
            with open(os.environ["TRIES"], "a+") as file:
                file.write(".")
                file.seek(0)
                tries = len(file.read())
            if tries < 10:  # whoever never gives up gets a row, so that a test ends
                os.kill(os.getpid(), signal.SIGKILL)
        super().__init__(setting, **options)

class Talks(RaceModel):
    def __init__(self, setting, **options):
        print('["done", [0, 0]]', flush=True)
        os.write(1, b"this is not for you\\n")
        super().__init__(setting, **options)
"""
"""Models of a user's own, of which one run of the first part, that with seed 6 and a three-week cycle, is odd."""


def offer_models(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let this process, and all it starts, import `odd_models`."""
    (folder / "odd_models.py").write_text(MODELS, encoding="utf-8")
    patch.delitem(sys.modules, "odd_models", raising=False)  # of another folder, whose source a test may have changed
    patch.syspath_prepend(str(folder))
    patch.setenv("PYTHONPATH", str(folder))
    patch.setenv("TRIES", str(folder / "tries"))


HEEDS_CTRL_C = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""Begins the code of a process that is interrupted by Ctrl-C even where whoever runs the tests is not."""

PROCESS = """
import sys
from pathlib import Path
from race_sim.study.protocol import MODULE
from race_sim.study.reading import load_study
from race_sim.study.sweep import Request, Sweep
study, out, workers, block_runs, model = sys.argv[1:]
request = Request(workers=int(workers), block_runs=int(block_runs), model=model or None)
Sweep(load_study(study), Path(out), request).run()
"""
"""`race-sim sweep` with blocks of a few runs, of which a small study has many."""


def many_blocks(folder: Path, *changes: tuple[str, str], replicates: int = 3) -> str:
    """Path of the small study with changes and so many replicates."""
    return written(folder, ("replicates = 3", f"replicates = {replicates}"), *changes)


def swept(study: Study | str, out: Path, *, workers: int = 1, block_runs: int = 1, model: str | None = None) -> Store:
    """A sweep in this process, and processes it starts, to its end."""
    chosen = load_study(study) if isinstance(study, str) else study
    return Sweep(chosen, out, Request(workers=workers, block_runs=block_runs, model=model)).run()


def started(
    study: str, out: Path, *, workers: int = 1, block_runs: int = 1, model: str = "", before: str = "", **extra: str
) -> subprocess.Popen[str]:
    """A sweep in a group of processes of its own; code `before` is run first, with `extra` in the environment."""
    return subprocess.Popen(
        [sys.executable, "-c", before + PROCESS, study, str(out), str(workers), str(block_runs), model],
        env={**os.environ, **extra},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What a sweep said on standard error; it must have ended well."""
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return errors


def children(parent: int) -> list[int]:
    """Worker processes that a process has started and that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            state, above = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z" and MODULE in (path / "cmdline").read_text():
                found.append(int(path.name))
    return found


def waited(condition: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    """Until a condition holds, or a process has ended."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it does not come about"
        if process is not None and process.poll() is not None:
            return
        time.sleep(0.01)


def blocks(out: Path) -> dict[str, bytes]:
    """Blocks that are there, by name: generation, folder, number and checksum."""
    return {str(path.relative_to(out / RUNS)): path.read_bytes() for path in (out / RUNS).rglob("b*.parquet")}


def ordered(store: Store) -> pd.DataFrame:
    """All rows, by seed and scenario."""
    return store.rows().sort_values(["seed", "scenario"], ignore_index=True)


def left_over(out: Path) -> list[str]:
    """Files half written, and blocks put aside as damaged."""
    found = [*out.rglob(f"{TEMPORARY}*"), *(out / QUARANTINE).rglob("*.parquet")]
    return sorted(str(path.relative_to(out)) for path in found)
