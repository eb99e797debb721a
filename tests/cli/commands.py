"""Runs the command line, in a process of its own as a user does or, faster, in this one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from race_sim.cli.app import app

SMALL = ("--weeks", "6", "--set", "workshops.count=3", "--set", "primes.count=1")
"""Options that make a race short, so that tests do not take longer than what they test."""


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    output: str
    errors: str


Command = Callable[..., Done]


def race_sim(*arguments: str | Path, folder: Path | None = None, **environment: str) -> Done:
    """`race-sim` with these arguments in a process of its own, in this current directory."""
    done = subprocess.run(
        [sys.executable, "-m", "race_sim", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def race_sim_here(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Done:
    """`race-sim` with these arguments in this process, in its current directory."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as leaving:
        app([str(argument) for argument in arguments], prog_name="race-sim")
    printed = capsys.readouterr()
    return Done(int(leaving.value.code or 0), printed.out, printed.err)


def refusal(done: Done) -> str:
    """The message of a command that refused its input: status 2, no output, no traceback, but perhaps progress."""
    assert done.status == 2, done
    assert done.output == ""
    assert "Traceback" not in done.errors
    lines = [line for line in done.errors.splitlines() if not line.endswith(" s elapsed")]
    assert lines
    assert all(line.startswith("error: ") for line in lines)
    return "\n".join(line.removeprefix("error: ") for line in lines)


def entries(folder: Path) -> list[str]:
    """Names of everything in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())
