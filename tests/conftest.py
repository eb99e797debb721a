"""Settings of every test: hypothesis without deadlines, and the mark of what runs the Mesa driver."""

from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a rule compiles it, which no deadline per example survives.
settings.register_profile("race_sim", deadline=None, derandomize=True)
settings.load_profile("race_sim")

TESTS = Path(__file__).parent


def runs_mesa(path: Path) -> bool:
    """Whether a file tests the Mesa driver: it is in tests/agents or called test_model*, test_parity*."""
    place = path.relative_to(TESTS)
    return place.parts[0] == "agents" or place.name.startswith(("test_model", "test_parity"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if TESTS in item.path.parents and runs_mesa(item.path):
            item.add_marker(pytest.mark.mesa)
