"""What the benchmarks share: the lines they report, and the clock they time with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.timing import Timer

LINES: list[str] = []


@pytest.fixture
def report() -> Callable[[str], None]:
    """Add a line to what is printed after the last benchmark."""
    return LINES.append


@pytest.fixture
def timer(benchmark: object) -> Timer:
    """Times things in turn, the first of them as the benchmark of pytest-benchmark."""
    if getattr(benchmark, "disabled", False):
        pytest.skip("benchmarks run by `make bench` only")
    return Timer(benchmark)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print all reported lines in one place."""
    if LINES:
        terminalreporter.section("medians and ratios")
        for line in LINES:
            terminalreporter.write_line(line)
