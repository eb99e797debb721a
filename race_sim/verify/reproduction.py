"""Digests of what both drivers record, here and in a process of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import race_sim
from race_sim.results import Records
from race_sim.scenario import load
from race_sim.verify.drivers import Drivers

PROGRAM = f"import sys; from {__name__} import main; main(*sys.argv[1:])"


def digests(records: Records) -> list[str]:
    """SHA-256 of everything recorded of each run."""
    return [
        hashlib.sha256(records.weekly[run].tobytes() + records.lives[run].tobytes()).hexdigest()
        for run in range(records.runs)
    ]


def digests_elsewhere(
    scenario: str, overrides: Sequence[str], first_seed: int, runs: int
) -> tuple[list[str], list[str]]:
    """The digests of (ensemble, Mesa driver) in a process of its own: seeds in reverse order, in one thread."""
    package = str(Path(race_sim.__file__).resolve().parent.parent)
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", PROGRAM, scenario, str(first_seed), str(runs), *overrides]
    result = subprocess.run(  # noqa: S603
        command, env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True, text=True
    )
    found = result.stdout.split()
    return found[:runs], found[runs:]


def main(scenario: str, first_seed: str, runs: str, *overrides: str) -> None:
    """What the other process does: print the digests of both drivers, each in the order of the seeds."""
    seeds = [int(first_seed) + run for run in reversed(range(int(runs)))]
    setting = load(scenario, overrides)
    drivers = Drivers()
    for records in (drivers.ensemble(setting, seeds, threads=1), drivers.mesa(setting, seeds)):
        for digest in reversed(digests(records)):
            sys.stdout.write(f"{digest}\n")
