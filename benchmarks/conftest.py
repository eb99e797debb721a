"""What the benchmarks share: the lines they report, and the clock they time with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.timing import Timer

HERE = Path(__file__).parent
LINES: list[str] = []


@pytest.fixture
def report() -> Callable[[str], None]:
    """Add a line to what is printed after the last benchmark."""
    return LINES.append


@pytest.fixture
def timer(benchmark: object) -> Timer:
    """Times things in turn, the first of them as the benchmark of pytest-benchmark."""
    return Timer(benchmark)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Time nothing unless `make bench` asks for it."""
    if not config.getoption("benchmark_only"):
        for item in items:
            if item.path.parent == HERE:
                item.add_marker(pytest.mark.skip(reason="timed by `make bench` only"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print all reported lines in one place."""
    if LINES:
        terminalreporter.section("medians and ratios")
        for line in LINES:
            terminalreporter.write_line(line)
