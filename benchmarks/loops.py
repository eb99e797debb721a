"""The inner loop of the race, many times over: compiled by numba and, where there is a compiler, from C."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np

from race_sim.records import MAXIMUM_BITS
from race_sim.rules.engagement import confront

FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")
"""No fast-math, and no fused multiply-add either, which would change the bits."""
PATTERN, MASK = np.uint64(0xA5A), np.uint64(0xFFF)


@numba.njit(nogil=True, error_model="numpy")
def repeat_confront(times, design, alive, survival, columns, pattern, mask, passing):
    """Call the rule many times; the sum keeps the calls alive."""
    total = 0.0
    for _ in range(times):
        total += confront(design, alive, survival, columns, pattern, mask, passing)
    return total


@dataclass
class Lineup:
    """Random designs against one countermeasure, engaged `times` over.

    A chance of 1 to pass keeps the numbers as they are however often the loop runs; it takes the same time as any.
    """

    columns: int
    times: int

    def __post_init__(self) -> None:
        self.design = np.random.default_rng(1).integers(0, 2**48, self.columns).astype(np.uint64)
        self.alive = np.linspace(1.0, 2.0, self.columns)
        self.survival = np.ones(self.columns)
        self.passing = np.ones(MAXIMUM_BITS + 1)

    @property
    def pairs(self) -> int:
        """Pairs engaged by one call of `compiled` or of what `in_c` returns."""
        return self.columns * self.times

    def compiled(self) -> float:
        """The rule as the drivers call it."""
        arrays = self.design, self.alive, self.survival
        return float(repeat_confront(self.times, *arrays, self.columns, PATTERN, MASK, self.passing))

    def in_c(self, library: ctypes.CDLL, loop: str) -> Callable[[], float]:
        """One of the loops of `confront.c` on the same arrays."""
        function = library[f"repeat_{loop}"]
        function.restype = ctypes.c_double
        pointer, integer, word = ctypes.c_void_p, ctypes.c_int64, ctypes.c_uint64
        function.argtypes = [integer, pointer, pointer, pointer, integer, word, word, pointer]
        addresses = [array.ctypes.data for array in (self.design, self.alive, self.survival)]
        arguments = (self.times, *addresses, self.columns, int(PATTERN), int(MASK), self.passing.ctypes.data)
        return lambda: float(function(*arguments))


def compile_c(directory: Path) -> ctypes.CDLL | None:
    """Compile `confront.c` into a directory and load it; None without gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    library = directory / "confront.so"
    source = Path(__file__).with_name("confront.c")
    subprocess.run([compiler, *FLAGS, "-o", str(library), str(source)], check=True)
    return ctypes.CDLL(str(library))
