"""`race-sim sweep`: leaves rows, tables, figures and a verdict; goes on where it stopped; refuses what cannot be."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from race_sim.cli.sweep import next_free, progress
from race_sim.study import growth, output, racing
from race_sim.study.result import read_result
from race_sim.study.store import Store
from race_sim.study.tally import Status
from tests.cli.commands import Command, entries, refusal
from tests.study.counting import counted, failing
from tests.study.small_study import SAMPLED_STUDY, written

QUICK_NOTE = "note: a quick run tests the set-up: its numbers show nothing"
MANY_RACES = ("replicates = 3", "replicates = 250")
LONGER = ('"run.weeks" = 14', '"run.weeks" = 60')


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


@pytest.mark.slow
def test_a_quick_sweep_leaves_everything_and_runs_nothing_twice(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, raced = tmp_path / "out", counted(monkeypatch)
    done = command("sweep", "headline", "--quick", "--out", out, "--workers", "1")
    assert done.status == 0
    assert len(raced) > 300
    assert set(entries(out)) == {
        *("design.parquet", "figures", "finished.json", "manifest.json", "provenance.json", "report.html"),
        *("runs", "tables", "verdict.txt"),
    }
    assert len(entries(out / "figures")) == 11
    assert {"exchange.csv", "effects.csv", "controls.csv", "ladder.csv", "shared.csv"} <= set(entries(out / "tables"))
    assert {f"points-{part}.csv" for part in ("map", "growing", "learning")} <= set(entries(out / "tables"))
    told = (out / "verdict.txt").read_text()
    said, _, told_of_cells = told.partition("\n\n")
    assert said == "A quick run tests the set-up: its numbers show nothing."
    assert told_of_cells.startswith("Over 4 cells, a 1-week cycle was worth from ")
    assert done.output.split() == told.split()
    assert QUICK_NOTE in done.errors
    assert f"note: wrote {out}: 11 figures, tables and provenance" in done.errors
    assert f"note: report: {out / 'report.html'}" in done.errors
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
    done = command("sweep", path, "--workers", "1")
    assert (done.status, done.output) == (0, "")
    assert entries(Path("results")) == ["small"]
    assert entries(Path("results/small/tables")) == ["points-first.csv", "points-second.csv"]
    assert not (tmp_path / "results" / "small" / "verdict.txt").exists()
    assert QUICK_NOTE not in done.errors
    assert command("sweep", path, "--quick").status == 0
    assert entries(Path("results")) == ["small", "small-quick"]
    full, quick = (Path("results", name, "tables", "points-first.csv").read_text() for name in ("small", "small-quick"))
    assert (len(full.splitlines()), len(quick.splitlines())) == (1 + 8, 1 + 4)


def test_a_new_directory_is_the_next_free_one(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("small", "small-2", "small-3"):
        assert f"note: wrote {Path('results', name)}: " in command("sweep", path, "--workers", "1", "--new-dir").errors
    assert entries(Path("results")) == ["small", "small-2", "small-3"]
    Path("results/small").rename("results/other")
    assert next_free(Path("results/small")) == Path("results/small")
    assert next_free(Path("results/small-2")) == Path("results/small-2-2")
    changed = written(tmp_path, ("first_seed = 5", "first_seed = 6"))
    refused = refusal(command("sweep", changed, "--out", "results/other"))
    assert "results/other: holds runs of a study that was different: first_seed was 5, now it is 6; give --new-dir" in (
        refused
    )
    assert command("sweep", changed, "--out", "results/other", "--new-dir", "--workers", "1").status == 0
    assert Store.open(Path("results/other-2")).study.first_seed == 6


def test_a_part_alone_brings_what_it_comes_after(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, raced = written(tmp_path), counted(monkeypatch)
    assert command("sweep", path, "--part", "first", "--out", tmp_path / "out", "--workers", "1").status == 0
    assert entries(tmp_path / "out" / "tables") == ["points-first.csv"]
    assert len(raced) == 8 * 3
    assert command("sweep", path, "--part", "second", "--out", tmp_path / "out", "--workers", "1").status == 0
    assert entries(tmp_path / "out" / "tables") == ["points-first.csv", "points-second.csv"]
    assert len(raced) == 10 * 3


def test_more_replicates_and_points_are_added(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out, raced = written(tmp_path), tmp_path / "out", counted(monkeypatch)
    assert command("sweep", path, "--out", out, "--workers", "1").status == 0
    raced.clear()
    assert command("sweep", path, "--out", out, "--workers", "1", "--more-replicates", "2").status == 0
    assert sorted(seed for _, seed in raced) == [8] * 10 + [9] * 10
    raced.clear()
    assert command("sweep", path, "--out", out, "--workers", "1", "--more-replicates", "2").status == 0
    assert sorted(seed for _, seed in raced) == [10] * 10 + [11] * 10
    raced.clear()
    assert "--more-points is for sampled designs" in refusal(command("sweep", path, "--out", out, "--more-points", "2"))
    assert raced == []
    sampled = written(tmp_path, name="sampled", text=SAMPLED_STUDY)
    words = ("sweep", sampled, "--part", "even", "--out", tmp_path / "sampled", "--workers", "1")
    assert command(*words).status == 0
    raced.clear()
    assert command(*words, "--more-points", "3").status == 0
    assert sorted(seed for _, seed in raced) == [1] * 3 + [2] * 3
    assert len((tmp_path / "sampled" / "tables" / "points-even.csv").read_text().splitlines()) == 1 + 7


def test_results_that_could_not_be_written_do_not_extend_a_study_twice(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out, raced = written(tmp_path), tmp_path / "out", counted(monkeypatch)
    words = ("sweep", path, "--out", out, "--workers", "1", "--more-replicates", "1")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(output, "write_outputs", interrupted)
        done = command(*words)
    assert done.status == 130
    assert f"interrupted: stopped; all races are in {out}, and the same command writes what is missing" in done.errors
    assert len(raced) == 40
    assert command(*words).status == 0
    assert len(raced) == 40


def test_a_design_is_prepared_for_shares(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out, raced = written(tmp_path), tmp_path / "out", counted(monkeypatch)
    done = command("sweep", path, "--out", out, "--prepare")
    assert (done.status, raced) == (0, [])
    first, second, third = done.output.splitlines()
    told = f"{out}: 24 races to run in 1 block, 0 are there; about 1 second on 1 processor, "
    assert first.startswith(told)
    assert re.fullmatch(r"[\d.]+ kB\.", first.removeprefix(told))
    assert second == f"Race share i of N anywhere: race-sim worker --store {out} --shard i/N"
    assert third == "Added once the races that decide them are there: part second."
    assert entries(out) == ["design.parquet", "manifest.json", "runs"]
    assert command("sweep", path, "--out", out, "--workers", "1").status == 0
    again = command("sweep", path, "--out", out, "--prepare")
    assert again.output.splitlines()[0].startswith(f"{out}: 0 races to run in 0 blocks, 30 are there")
    assert len(again.output.splitlines()) == 2
    assert "extend it without --prepare" in refusal(
        command("sweep", path, "--out", out, "--prepare", "--more-replicates", "2")
    )


def test_failed_runs_are_told_with_how_to_see_one(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    failing(monkeypatch, lambda scenario, seed: seed == 6 and scenario.parameters.workshops.iteration_weeks == 3)
    done = command("sweep", written(tmp_path), "--out", out, "--workers", "1")
    assert done.status == 0
    rows = read_result(Store.open(out)).parts["first"]
    scenario = rows[(rows["cycle"] == 3)]["scenario"].iloc[0]
    assert (
        f"note: 5 of 30 runs failed and are left out of every estimate; the first: ZeroDivisionError: made to fail "
        f"(race-sim replay {out} {scenario}-6)"
    ) in done.errors


def test_damaged_blocks_are_told(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    assert command("sweep", path, "--out", out, "--workers", "1").status == 0
    before, raced = tables(out), counted(monkeypatch)
    block = min((out / "runs").rglob("*.parquet"))
    block.write_bytes(block.read_bytes()[:-1])
    done = command("sweep", path, "--out", out, "--workers", "1")
    assert done.status == 0
    told = f"note: 1 block of rows was damaged and put aside in {out / 'quarantine'}; their runs are raced again"
    assert told in done.errors
    assert len(raced) == 24
    assert tables(out) == before


def test_a_part_of_the_headline_study_leaves_its_table(tmp_path: Path, command: Command) -> None:
    done = command("sweep", "headline", "--quick", "--part", "shared", "--out", tmp_path / "out", "--workers", "1")
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
        ("large.toml", "results/large: the design is large: 1,200,000 races, about "),
        ("headline --part lader", 'study headline has no part "lader". Did you mean "ladder"? Its parts are map, '),
        ("headline --quick --out file", "file: is a file; give the name of a directory"),
        (
            "headline --quick --out there",
            "there: was not written by a study (it holds no manifest.json); give a new name",
        ),
        ("headline --quick --model nowhere:Mine", "nowhere:Mine"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_raced(
    words: str, message: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("[part")
    written(tmp_path, ("cycle = [1, 3]\narsenal", "cycles = [1]\narsenal"), name="factor")
    written(tmp_path, ('"workshops.trial_share" = 0.3', '"workshops.trial_share" = 0.9'), name="point")
    written(tmp_path, ("replicates = 3", "replicates = 100000"), name="large")
    (tmp_path / "file").touch()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").touch()
    raced = counted(monkeypatch)
    refused = refusal(command("sweep", *words.split()))
    assert message in refused
    assert refused.startswith(message) or "nowhere:" in message
    assert "\n" not in refused
    assert raced == []
    assert entries(tmp_path / "there") == ["thesis.txt"]
    assert not (tmp_path / "results").exists()


def test_a_large_design_says_how_large_and_runs_if_told_to(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, ("replicates = 3", "replicates = 100000"))
    refused = refusal(command("sweep", path, "--workers", "2"))
    assert "1,200,000 races, about " in refused
    assert re.search(r" on 2 processors and [\d.]+ [MG]B; add --yes to run it all the same$", refused)
    done = command("sweep", path, "--workers", "2", "--yes", "--prepare")
    assert (done.status, done.output.splitlines()[0].split(":")[1][:22]) == (0, " 800,000 races to run ")


def test_threads_are_workers_now(tmp_path: Path, command: Command) -> None:
    done = command("sweep", written(tmp_path), "--threads", "1")
    assert done.status == 2
    assert "No such option" in done.errors


def test_before_the_first_race_nothing_is_said_to_be_kept(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(growth, "points", stopped)
    done = command("sweep", written(tmp_path), "--out", tmp_path / "out")
    assert (done.status, done.output) == (130, "")
    assert "interrupted: stopped; nothing was raced yet" in done.errors
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("new", [False, True])
def test_a_stopped_sweep_says_how_to_go_on(
    new: bool, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(racing, "race_compiled", stopped)
    Path("out").mkdir()
    (Path("out") / "thesis.txt").touch()
    path = written(tmp_path)
    done = command("sweep", path, "--workers", "1", *(("--out", "out", "--new-dir") if new else ("--out", "fresh")))
    assert done.status == 130
    told = (
        "the races in out-2 are kept, and the same command with --out out-2, and without --new-dir, goes on"
        if new
        else "the races in fresh are kept, and the same command goes on"
    )
    assert f"interrupted: stopped; {told}\n" in done.errors


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status("checking points", 3, 8), ""),
        (Status("racing", 10, 400, 12.34, 31.6, None), "12 races/s, 32 seconds left"),
        (Status("racing", 10, 400, 3.456, 7200.0, 0.0412), "3.5 races/s, 2 hours left, intervals +-4.1%"),
        (Status("racing", 10, 400, 1234.5, 0.2, 23.4, 2), "1,234 races/s, 1 second left, intervals +-23, 2 failed"),
        (Status("racing", 400, 400, 50.0, 0.0, 0.01), "50 races/s, intervals +-1.0%"),
    ],
)
def test_progress_in_words(status: Status, told: str) -> None:
    assert progress(status) == (status.doing, status.done, status.total, told)


def started(path: str, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "race_sim", "sweep", path, "--out", str(out), "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_after_ctrl_c_the_same_command_goes_on(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = written(tmp_path, MANY_RACES, LONGER), tmp_path / "out"
    process = started(path, out)
    deadline = time.monotonic() + 120
    while not list((out / "runs").rglob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert f"interrupted: stopped; the races in {out} are kept, and the same command goes on" in errors
    assert "Traceback" not in errors
    kept = len(Store.open(out).rows())
    assert 0 < kept < 2500
    assert entries(out) == ["design.parquet", "manifest.json", "runs"]
    raced = counted(monkeypatch)
    assert command("sweep", path, "--out", out, "--workers", "1").status == 0
    assert len(raced) == 2500 - kept
    assert command("sweep", path, "--out", tmp_path / "undisturbed").status == 0
    assert tables(out) == tables(tmp_path / "undisturbed")
