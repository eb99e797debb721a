"""What the tests of scenarios share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shared by all examples of a property; each overwrites the file of the one before."""
    return tmp_path_factory.mktemp("scenarios")
