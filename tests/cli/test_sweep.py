"""`race-sim sweep`: leaves rows, tables, figures and a verdict; goes on where it stopped; refuses what cannot be."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from race_sim.study import sweep
from tests.cli.commands import Command, entries, refusal
from tests.study.small_study import written

QUICK_NOTE = "note: a quick run tests the set-up: its numbers show nothing"
MANY_RACES = ("replicates = 3", "replicates = 400")
LONGER = ('"run.weeks" = 14', '"run.weeks" = 60')


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is raced from now on."""
    run_block, raced = sweep.run_block, []

    def counting(timeline: object, seeds: object) -> object:
        raced.append(timeline)
        return run_block(timeline, seeds)

    monkeypatch.setattr(sweep, "run_block", counting)
    return raced


@pytest.mark.slow
def test_a_quick_sweep_leaves_everything_and_runs_nothing_twice(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, raced = tmp_path / "out", counted(monkeypatch)
    done = command("sweep", "headline", "--quick", "--out", out)
    assert done.status == 0
    assert len(raced) > 150
    assert entries(out) == ["figures", "manifest.json", "provenance.json", "runs", "tables", "verdict.txt"]
    assert len(entries(out / "figures")) == 11
    assert {"exchange.csv", "effects.csv", "controls.csv", "ladder.csv", "shared.csv"} <= set(entries(out / "tables"))
    assert {f"points-{part}.csv" for part in ("map", "growing", "learning")} <= set(entries(out / "tables"))
    told = (out / "verdict.txt").read_text()
    said, _, told_of_cells = told.partition("\n\n")
    assert said == "This was a quick run: it tests the set-up, and its numbers show nothing."
    assert told_of_cells.startswith("Over 4 cells, a 1-week cycle was worth from ")
    assert done.output.split() == told.split()
    assert QUICK_NOTE in done.errors
    assert f"note: wrote {out}: 11 figures, tables and provenance" in done.errors
    before = tables(out)
    raced.clear()
    again = command("sweep", "headline", "--quick", "--out", out)
    assert (again.status, again.output, raced) == (0, done.output, [])
    assert tables(out) == before


def test_a_study_of_ones_own_goes_to_results_by_its_name(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = command("sweep", path, "--threads", "1")
    assert (done.status, done.output) == (0, "")
    assert entries(Path("results")) == ["small"]
    assert entries(Path("results/small/tables")) == ["points-first.csv", "points-second.csv"]
    assert not (tmp_path / "results" / "small" / "verdict.txt").exists()
    assert QUICK_NOTE not in done.errors
    assert command("sweep", path, "--quick").status == 0
    assert entries(Path("results")) == ["small", "small-quick"]
    full, quick = (Path("results", name, "tables", "points-first.csv").read_text() for name in ("small", "small-quick"))
    assert (len(full.splitlines()), len(quick.splitlines())) == (1 + 8, 1 + 4)


def test_a_part_alone_brings_what_it_comes_after(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, raced = written(tmp_path), counted(monkeypatch)
    assert command("sweep", path, "--part", "first", "--out", tmp_path / "out").status == 0
    assert entries(tmp_path / "out" / "tables") == ["points-first.csv"]
    assert len(raced) == 8
    assert command("sweep", path, "--part", "second", "--out", tmp_path / "out").status == 0
    assert entries(tmp_path / "out" / "tables") == ["points-first.csv", "points-second.csv"]
    assert len(raced) == 10


def test_a_part_of_the_headline_study_leaves_its_table(tmp_path: Path, command: Command) -> None:
    done = command("sweep", "headline", "--quick", "--part", "shared", "--out", tmp_path / "out")
    assert (done.status, done.output) == (0, "")
    assert entries(tmp_path / "out" / "tables") == ["points-shared.csv", "shared.csv"]
    assert entries(tmp_path / "out" / "figures") == ["shared.png"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("headlin", 'unknown study "headlin". Did you mean "headline"? There are '),
        ("nowhere.toml", "nowhere.toml: no such file."),
        ("broken.toml", "broken.toml: is not valid TOML: "),
        ("factor.toml", 'factor.toml: part "first": factor cycles sets nothing'),
        (
            "point.toml",
            "study point, part first (teams = 1, cycle = 1, arsenal = 1): workshops.trial_share = 0.9 is",
        ),
        ("headline --part lader", 'study headline has no part "lader". Did you mean "ladder"? Its parts are map, '),
        ("headline --quick --out file", "file: is a file; give the name of a directory"),
        (
            "headline --quick --out there",
            "there: was not written by a study (it holds no manifest.json); give a new name",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_raced(
    words: str, message: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("[part")
    written(tmp_path, ("cycle = [1, 3]\narsenal", "cycles = [1]\narsenal"), name="factor")
    written(tmp_path, ('"workshops.trial_share" = 0.3', '"workshops.trial_share" = 0.9'), name="point")
    (tmp_path / "file").touch()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").touch()
    raced = counted(monkeypatch)
    refused = refusal(command("sweep", *words.split()))
    assert refused.startswith(message)
    assert "\n" not in refused
    assert raced == []
    assert entries(tmp_path / "there") == ["thesis.txt"]
    assert not (tmp_path / "results").exists()


def test_before_the_first_race_nothing_is_said_to_be_kept(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "points", stopped)
    done = command("sweep", written(tmp_path), "--out", tmp_path / "out")
    assert (done.status, done.output) == (130, "")
    assert "interrupted: stopped; nothing was raced yet" in done.errors
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_after_ctrl_c_the_same_command_goes_on(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = written(tmp_path, MANY_RACES, LONGER), tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "race_sim", "sweep", path, "--out", str(out), "--threads", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list((out / "runs").glob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert f"interrupted: stopped; the races in {out} are kept, and the same command goes on" in errors
    assert "Traceback" not in errors
    kept = len(list((out / "runs").glob("*.parquet")))
    assert 1 <= kept < 10
    assert entries(out) == ["manifest.json", "runs"]
    raced = counted(monkeypatch)
    assert command("sweep", path, "--out", out).status == 0
    assert len(raced) == 10 - kept
    assert command("sweep", path, "--out", tmp_path / "undisturbed").status == 0
    assert tables(out) == tables(tmp_path / "undisturbed")
