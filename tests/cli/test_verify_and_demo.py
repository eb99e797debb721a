"""The commands that measure: verify, demo; and the codebook that explains what is measured."""

from pathlib import Path

import pytest

import race_sim.verify
from race_sim.analysis.codebook import CODEBOOK
from race_sim.verify import Check
from tests.cli.commands import Command, entries, refusal

REPORT = Path("results/demo/report.html")
HOLDS = Check("2", "mesa", "unstopped sorties", 10.0, 10.125, 0.5, True)
MISSED = Check("5", "ensemble", "drones out of nowhere", 0.0, 3.0, 0.0, False)


def give(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> list[bool]:
    """Let these be the results of the checks; returns the values of `quick` with which they are asked for."""
    asked: list[bool] = []

    def check_limits(*, quick: bool, progress: object) -> list[Check]:
        asked.append(quick)
        for check in checks:
            progress(check)  # type: ignore[operator]
        return list(checks)

    monkeypatch.setattr(race_sim.verify, "check_limits", check_limits)
    return asked


def test_verify_shows_expected_measured_tolerance_verdict(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = give(monkeypatch, HOLDS)
    done = command("verify")
    assert (done.status, done.errors, asked) == (0, "", [False])
    assert "Limit 2: point countermeasures saturate" in done.output
    assert "Limit 5" not in done.output
    line = next(line for line in done.output.splitlines() if "unstopped" in line)
    assert line.split() == ["mesa", "unstopped", "sorties", "10", "10.125", "0.5", "holds"]
    assert "1 of 1 checks hold." in done.output


def test_verify_has_status_1_on_a_miss(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = give(monkeypatch, HOLDS, MISSED)
    done = command("verify", "--quick")
    assert (done.status, asked) == (1, [True])
    everything, missed = done.output.split("1 of 2 checks hold.")
    for lines in (everything, missed):
        line = next(line for line in lines.splitlines() if "drones out of nowhere" in line)
        assert line.split()[-1] == "MISSED"
    assert "unstopped" not in missed


def test_verify_does_not_hold_without_checks(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch)
    assert command("verify").status == 1


def test_demo_tells_what_it_found(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("demo", "--quick")
    assert done.status == 0
    for word in ("independent", "point", "Controls", "shuffled_feedback", "worth", "races in", "a second"):
        assert word in done.output
    assert done.errors.splitlines()[-1].endswith(f": {REPORT}")
    assert entries(tmp_path) == ["results"]
    assert entries(tmp_path / "results" / "demo") == ["report.html"]
    (tmp_path / REPORT).with_name("thesis.txt").touch()
    first = (tmp_path / REPORT).stat().st_ino
    again = command("demo", "--quick")
    assert again.status == 0
    assert (tmp_path / REPORT).stat().st_ino != first
    assert entries(tmp_path / "results" / "demo") == ["report.html", "thesis.txt"]


def test_demo_writes_what_it_is_asked_to(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = ["demo.csv", "demo.png", "provenance.json", "report.html", "verdict.txt"]
    done = command("demo", "--quick", "--out", "mine")
    assert (done.status, entries(tmp_path), entries(tmp_path / "mine")) == (0, ["mine"], files)
    assert done.errors.splitlines()[-1].endswith(f": {Path('mine/report.html')}")
    bare = command("demo", "--quick", "--out", "mine", "--overwrite", "--no-report")
    files.remove("report.html")
    assert (bare.status, entries(tmp_path), entries(tmp_path / "mine")) == (0, ["mine"], files)
    assert "report" not in bare.errors
    silent = command("demo", "--quick", "--no-report")
    assert (silent.status, entries(tmp_path)) == (0, ["mine"])
    assert "note" not in silent.errors


def test_demo_loses_no_result_where_nothing_can_be_written(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").touch()  # no directory can be made there, whoever asks
    done = command("demo", "--quick")
    assert done.status == 2
    assert "Controls" in done.output
    assert "a second" in done.output
    told = [line for line in done.errors.splitlines() if line.startswith("error: ")]
    assert len(told) == 1
    assert told[0].startswith(f"error: no report was written: {REPORT}: cannot be written")
    assert entries(tmp_path) == ["results"]


def test_demo_refuses_before_it_runs(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / REPORT).parent.mkdir(parents=True)
    (tmp_path / REPORT).write_text("my thesis", encoding="utf-8")
    assert "was not written by race_sim" in refusal(command("demo", "--quick"))
    assert "is there already" in refusal(command("demo", "--quick", "--out", "results/demo"))
    assert "was not written by race_sim" in refusal(command("demo", "--quick", "--out", "results/demo", "--overwrite"))
    assert (tmp_path / REPORT).read_text(encoding="utf-8") == "my thesis"


def test_codebook_lists_every_column(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    done = command("codebook")
    assert (done.status, done.errors) == (0, "")
    lines = {line.split()[0]: line for line in done.output.splitlines() if line.split()}
    for column, (unit, meaning) in CODEBOOK.items():
        assert unit in lines[column]
        assert meaning in lines[column]
