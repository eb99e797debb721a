"""Killed at any moment, a sweep goes on: in the end every byte is that of an undisturbed one."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from race_sim.study.blocks import write_block
from race_sim.study.staging import write_once
from tests.study.sweeping import (
    LONG_RACES,
    PATIENCE,
    TWO_POINTS,
    blocks,
    children,
    finished,
    left_over,
    many_blocks,
    started,
    swept,
    waited,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="kills processes, and reads /proc")

DYING = """
import os, signal, sys
from pathlib import Path
from race_sim.study.reading import load_study
from race_sim.study.sweep import Request, Sweep

study, folder = load_study(sys.argv[1]), Path(sys.argv[2])

def sweep(out):
    Sweep(study, out, Request(workers=1, block_runs=3)).run()

def die_at(last):
    steps = iter(range(1, 1000))
    def step():
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    def stepped(owner, name):
        act = getattr(owner, name)
        def acting(*arguments, **options):
            step()
            done = act(*arguments, **options)
            step()
            return done
        setattr(owner, name, acting)
    write = Path.write_bytes
    def write_by_halves(path, content):
        write(path, content[:len(content) // 2])
        step()
        return write(path, content)
    Path.write_bytes = write_by_halves
    for owner, name in ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "mkdir"), (Path, "unlink")):
        stepped(owner, name)

def in_a_process(act, *arguments):
    process = os.fork()
    if process == 0:
        act(*arguments)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

def dying(last, out):
    die_at(last)
    sweep(out)

sweep(folder / "undisturbed")  # compiles
for number in range(1, 1000):
    out = folder / f"killed-{number}"
    ended = in_a_process(dying, number, out)
    print(ended, in_a_process(sweep, out), flush=True)
    if ended == 0:
        break
"""
"""Sweeps killed at the first, second, third step of writing files, each then gone on with, until none is left."""


@pytest.mark.slow
def test_killed_at_any_step_of_writing(tmp_path: Path) -> None:
    path = many_blocks(tmp_path, *TWO_POINTS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DYING, path, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        timeout=5 * PATIENCE,
        check=True,
    )
    ended = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(ended) > 40
    assert ended == [*(len(ended) - 1) * [(-signal.SIGKILL, 0)], (0, 0)]
    undisturbed = blocks(tmp_path / "undisturbed")
    assert len(undisturbed) == 2
    for number in range(1, len(ended) + 1):
        assert blocks(tmp_path / f"killed-{number}") == undisturbed
        assert left_over(tmp_path / f"killed-{number}") == []


@pytest.mark.slow
def test_killed_again_and_again(tmp_path: Path) -> None:
    """The whole group of processes three times, then single workers four times."""
    path, out = many_blocks(tmp_path, *LONG_RACES, replicates=8), tmp_path / "out"
    chance = random.Random(4)  # noqa: S311 -- moments

    def wait_for_more(process: subprocess.Popen[str]) -> None:
        goal = len(blocks(out)) + chance.randint(1, 6)
        waited(lambda: len(blocks(out)) >= goal, process)
        time.sleep(0.1 * chance.random())

    for _ in range(3):
        process = started(path, out, workers=2)
        wait_for_more(process)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.communicate()
        assert 0 < len(blocks(out)) < 64
    process = started(path, out, workers=2)
    killed = 0
    for _ in range(4):
        wait_for_more(process)
        if at_work := children(process.pid):
            os.kill(chance.choice(at_work), signal.SIGKILL)
            killed += 1
    assert finished(process) == ""
    assert killed >= 3
    assert blocks(out) == blocks(swept(path, tmp_path / "undisturbed").directory)
    assert len(blocks(out)) == 80
    assert left_over(out) == []


@pytest.mark.slow
def test_workers_end_by_themselves_once_nobody_gives_orders(tmp_path: Path) -> None:
    path, out = many_blocks(tmp_path, *LONG_RACES, replicates=20), tmp_path / "out"
    process = started(path, out, workers=2)
    waited(lambda: len(blocks(out)) >= 2, process)
    at_work = children(process.pid)
    assert len(at_work) == 2
    process.kill()
    process.communicate()
    waited(lambda: not any(alive(worker) for worker in at_work))
    assert len(blocks(out)) < 160
    assert left_over(out) == []


def alive(process: int) -> bool:
    """Whether a process has not ended, even if nobody has taken note of its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut leaves a name with nothing in it."""
    said: list[tuple[str, int]] = []
    sync, rename, link = os.fsync, Path.replace, os.link

    def syncing(descriptor: int) -> None:
        status = os.fstat(descriptor)
        said.append(("folder" if stat.S_ISDIR(status.st_mode) else "file", status.st_size))
        sync(descriptor)

    def renaming(path: Path, target: Path) -> Path:
        said.append(("name", path.stat().st_size))
        return rename(path, target)

    def linking(path: Path, target: Path) -> None:
        said.append(("name", Path(path).stat().st_size))
        link(path, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "replace", renaming)
    monkeypatch.setattr(os, "link", linking)
    for write in (lambda: write_block(tmp_path, 3, b"12345"), lambda: write_once(tmp_path / "once", b"12345")):
        said.clear()
        write()
        assert said[:2] == [("file", 5), ("name", 5)]
        assert [what for what, _ in said[2:]] == ["folder"]
