"""What the tests of commands share."""

from pathlib import Path

import pytest

from race_sim.cli.app import app
from tests.cli.commands import Command, Done


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`race-sim` with the given arguments, in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            app([str(argument) for argument in arguments], prog_name="race-sim")
        printed = capsys.readouterr()
        return Done(int(leaving.value.code or 0), printed.out, printed.err)

    return run
