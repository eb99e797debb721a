"""What the tests of commands share."""

from functools import partial

import pytest

from tests.cli.commands import Command, race_sim_here


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`race-sim` with the given arguments, in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    return partial(race_sim_here, capsys)
