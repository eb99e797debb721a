"""Settings of every test: hypothesis without deadlines, and the mark of what runs the Mesa driver."""

from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a rule compiles it, which no deadline per example survives.
settings.register_profile("race_sim", deadline=None, derandomize=True)
settings.load_profile("race_sim")

TESTS = Path(__file__).parent
MESA_FILES = {
    "test_model.py",
    "test_parity.py",
    "test_conservation.py",
    "test_docs.py",
    "test_api.py",
    "test_recorder.py",
    "test_follow.py",
}
MESA_FOLDERS = {"watch", "page"}


def runs_mesa(path: Path) -> bool:
    """Whether a file runs the Mesa driver, so that it is repeated on the newest Python and Mesa."""
    place = path.relative_to(TESTS)
    return place.name in MESA_FILES or place.parts[0] in MESA_FOLDERS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if TESTS in item.path.parents and runs_mesa(item.path):
            item.add_marker(pytest.mark.mesa)
