"""The two drivers on the same race."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.races import SEED, baseline, race
from benchmarks.timing import Timer
from race_sim.model import RaceModel

ROOT = Path(__file__).parent.parent
WEEKS = 52


def test_ensemble_against_mesa_uncompiled(timer: Timer, report: Callable[[str], None]) -> None:
    """The same race, whole, in both: equal hashes say so."""
    scenario = baseline(WEEKS)
    expected = hashlib.sha256(race(scenario).weekly.tobytes()).hexdigest()
    uncompiled = []
    for _ in range(3):
        result = subprocess.run(
            [sys.executable, "-m", "benchmarks.plain_race", str(WEEKS)],
            env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        seconds, found = result.stdout.split()
        assert found == expected
        uncompiled.append(float(seconds))
    medians = timer.medians({"ensemble": partial(race, scenario)}, rounds=51)
    slow, fast = median(uncompiled), medians["ensemble"]
    report(f"baseline, {WEEKS} weeks: Mesa with uncompiled rules {slow:.2f} s, ensemble {fast * 1e3:.2f} ms")
    report(f"    the ensemble is {slow / fast:.0f} times as fast")


def test_mesa_with_compiled_rules(timer: Timer, report: Callable[[str], None]) -> None:
    scenario = baseline()
    models = []

    def run_model() -> None:
        models[0].run()

    def found_model() -> None:
        models[:] = [RaceModel(scenario, seed=SEED)]

    found_model()
    agents = len(models[0].agents)
    medians = timer.medians(
        {"weeks": run_model, "founding": found_model, "ensemble": partial(race, scenario)}, rounds=15
    )
    weeks = int(scenario.parameters.run.weeks)
    rate = agents * weeks / medians["weeks"]
    report(
        f"Mesa driver, compiled rules: {agents} agents, {medians['weeks'] / weeks * 1e3:.2f} ms a week, "
        f"{rate:,.0f} agent-weeks a second; {medians['weeks'] / medians['ensemble']:.0f} times the ensemble's time"
    )
