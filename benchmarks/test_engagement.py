"""The engagement of one lot and one countermeasure: numba against C."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.loops import Lineup, compile_c
from benchmarks.timing import Timer

PAIRS = 1_000_000  # a round takes about a millisecond: short enough to be timed undisturbed
LOOPS = {
    "confront": "the same loop",
    "confront_plain": "one running sum",
    "confront_apart": "sum in a loop of its own",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiled = compile_c(Path(tmp_path_factory.mktemp("confront")))
    if compiled is None:
        pytest.skip("no gcc here: nothing to compare the compiled rule with")
    return compiled


@pytest.mark.parametrize("columns", [100, 1_000, 10_000])
def test_pair_against_c(columns: int, library: ctypes.CDLL, timer: Timer, report: Callable[[str], None]) -> None:
    lineup = Lineup(columns, PAIRS // columns)
    in_c = {loop: lineup.in_c(library, loop) for loop in LOOPS}
    assert in_c["confront"]() == lineup.compiled()
    medians = timer.medians({"numba": lineup.compiled, **in_c}, rounds=201)
    nanoseconds = {name: seconds / lineup.pairs * 1e9 for name, seconds in medians.items()}
    report(f"engagement, {columns:>6,} columns: numba {nanoseconds['numba']:.3f} ns a pair")
    for loop, description in LOOPS.items():
        share = nanoseconds[loop] / nanoseconds["numba"]
        report(f"    C, {description}: {nanoseconds[loop]:.3f} ns; numba has {share:.0%} of its speed")
