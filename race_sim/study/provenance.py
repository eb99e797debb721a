"""Where a result comes from: versions, law, commit, seeds, command, date."""

import platform
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import race_sim
from race_sim.rules.compiler import law_hash

PACKAGES = ("mesa", "numba", "llvmlite", "numpy", "pandas", "pyarrow")


def provenance(*, seeds: Sequence[int], driver: str, model: str | None, command: Sequence[str]) -> dict[str, Any]:
    """Facts with which a result can be made again, as plain values for JSON.

    `command` are the words of the command line, or empty if the race was run from Python.
    """
    return {
        "race_sim": race_sim.__version__,
        "commit": source_commit(),
        "law": law_hash(),
        "driver": driver,
        "model": model,
        "seeds": {"first": seeds[0], "last": seeds[-1], "runs": len(seeds)},
        "command": list(command) or None,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def source_commit() -> str | None:
    """Git commit of the source tree this runs from, "-dirty" if changed; None if installed or unknown."""
    root = Path(race_sim.__file__).resolve().parents[1]
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    describe = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(describe, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
