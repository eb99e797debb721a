"""`race-sim run`: results, files, and what stops it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import race_sim as package
from race_sim.analysis.codebook import CODEBOOK
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import PRIME
from race_sim.results import Records
from race_sim.scenario import load
from tests.cli.commands import SMALL, Command, entries, race_sim, refusal

OUTPUT = [
    "codebook.csv",
    "provenance.json",
    "scenario.toml",
    "summary.json",
    "summary.png",
    "weekly.csv",
    "weekly.parquet",
]
MODEL = """\
from race_sim.agents import Workshop
from race_sim.model import RaceModel

class Idle(Workshop):
    def adapt(self):
        pass

class IdleRace(RaceModel):
    workshop_class = Idle
"""


def test_the_table_has_measures_with_units(command: Command) -> None:
    done = command("run", "baseline", "--runs", "3", *SMALL)
    assert (done.status, done.errors) == (
        0,
        "note: burn-in cut from 26 to 1 weeks; set run.burn_in_weeks for another\n",
    )
    assert done.output.startswith("Baseline: 6 weeks, of which the first 1 are not measured; 3 runs, seeds 1 to 3;")
    lines = {line.strip().partition("  ")[0]: line for line in done.output.splitlines()}
    assert "hits/sortie" in lines["effectiveness"]
    assert "drones/week" in lines["deliveries"]
    assert "95% interval" in done.output
    assert "95% interval" not in command("run", "baseline", *SMALL).output


@pytest.mark.parametrize("scenario", ["baseline", "no_red", "workshops_only"])
def test_the_table_survives_what_is_not_there(scenario: str, command: Command) -> None:
    without_drones = ("--set", "workshops.weekly_output=0", "--set", "primes.weekly_output=0")
    for options in ((), without_drones, ("--set", "design.modules=8", "--set", "design.bits_per_module=2")):
        done = command("run", scenario, "--weeks", "6", "--set", "workshops.count=3", *options)
        assert done.status == 0
        assert "nan" not in done.output


def test_json_is_one_object_and_nothing_else() -> None:
    done = race_sim("run", "baseline", "--seed", "7", "--json", *SMALL)
    assert done.status == 0

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    result = json.loads(done.output, parse_constant=refuse)
    assert list(result) == ["scenario", "seed", "weeks", "summary"]
    assert (result["scenario"], result["seed"], result["weeks"]) == ("baseline", 7, 6)
    assert result["summary"].keys() <= CODEBOOK.keys()
    assert result["summary"]["workshops_hits_low"] is None


def test_out_holds_everything(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "results" / "small"
    done = command("run", "baseline", "--runs", "2", "--seed", "3", "--out", out, *SMALL)
    assert done.status == 0
    assert done.errors.endswith(f"note: wrote {out}\n")
    assert entries(out) == OUTPUT
    assert entries(out.parent) == ["small"]
    weekly = pd.read_csv(out / "weekly.csv")
    assert len(weekly) == 2 * 6
    pd.testing.assert_frame_equal(weekly, pd.read_parquet(out / "weekly.parquet"), check_dtype=False)
    assert set(weekly) <= set(pd.read_csv(out / "codebook.csv")["column"])
    provenance = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["race_sim"] == package.__version__
    assert provenance["seeds"] == {"first": 3, "last": 4, "runs": 2}
    assert len(provenance["law"]) == 16
    assert provenance["packages"].keys() >= {"numpy", "numba", "mesa"}
    assert provenance["command"][0] == "race-sim"
    result = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert list(result) == ["scenario", "seed", "weeks", "summary"]
    assert (out / "summary.png").read_bytes().startswith(b"\x89PNG")


def test_the_resolved_scenario_makes_the_same_race_again(tmp_path: Path, command: Command) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert command("run", "interceptors", "--seed", "4", "--out", first, *SMALL).status == 0
    assert command("run", first / "scenario.toml", "--seed", "4", "--out", again).status == 0
    assert load(first / "scenario.toml").parameters == load(again / "scenario.toml").parameters
    assert (first / "weekly.csv").read_bytes() == (again / "weekly.csv").read_bytes()


@pytest.mark.slow
def test_both_drivers_and_both_times_the_same_bytes(tmp_path: Path) -> None:
    arguments = ("run", "baseline", "--seed", "9", "--runs", "2", *SMALL)
    for name, driver in (("one", "ensemble"), ("two", "ensemble"), ("three", "mesa")):
        assert race_sim(*arguments, "--driver", driver, "--out", tmp_path / name).status == 0
    for name in ("weekly.csv", "weekly.parquet", "summary.json", "scenario.toml", "codebook.csv"):
        one = (tmp_path / "one" / name).read_bytes()
        assert one == (tmp_path / "two" / name).read_bytes() == (tmp_path / "three" / name).read_bytes()


def test_check_adds_up_drones_and_euros(command: Command) -> None:
    done = command("run", "baseline", "--runs", "2", "--check", *SMALL)
    assert done.status == 0
    assert done.output.splitlines()[-1].startswith("checked: no drone and no euro is lost or made up; ")
    as_json = command("run", "baseline", "--check", "--json", *SMALL)
    assert json.loads(as_json.output)["scenario"] == "baseline"
    assert "checked: " in as_json.errors


def test_a_lost_drone_has_status_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(*arguments: Any, **options: Any) -> Records:
        records = run_ensemble(*arguments, **options)
        records.weekly["kinds"]["stock"][0, 3, PRIME] -= 1
        return records

    monkeypatch.setattr("race_sim.ensemble.driver.run_ensemble", losing)
    done = command("run", "baseline", "--check", *SMALL)
    assert done.status == 1
    assert done.output.startswith("Baseline: ")
    assert "not conserved: run 0 (seed 1), week 3, primes: stock at the front = " in done.errors
    assert "checked: " not in done.output


def test_kinds_that_are_not_there_and_money_without_accounts_are_hidden(command: Command) -> None:
    shown = command("run", "baseline", *SMALL).output
    assert "joint lines" not in shown
    assert "euros paid per hit" in shown
    given = command("run", "given_output", *SMALL).output
    assert "EUR" not in given
    assert "where drones went" in given
    lines = command("run", "joint_ventures", "--weeks", "60", "--set", "workshops.count=6").output
    assert "joint lines" in lines


def test_overwrite_replaces_earlier_results(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    assert command("run", "baseline", "--out", out, *SMALL).status == 0
    before = (out / "weekly.csv").read_bytes()
    refused = refusal(command("run", "baseline", "--seed", "2", "--out", out))
    assert refused == f"{out}: is there already; give a new name, or --overwrite (overwrite=True)"
    assert (out / "weekly.csv").read_bytes() == before
    assert command("run", "baseline", "--seed", "2", "--out", out, "--overwrite", *SMALL).status == 0
    assert (out / "weekly.csv").read_bytes() != before
    assert entries(tmp_path) == ["out"]


def test_results_are_shown_even_if_they_cannot_be_saved(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    done = command("run", "baseline", "--out", tmp_path / "out", *SMALL)
    assert done.status == 2
    assert done.output.startswith("Baseline: ")
    assert done.errors.endswith(f"error: {tmp_path / 'out'}: cannot be written: No space left on device\n")
    assert entries(tmp_path) == []


def test_a_model_in_the_current_directory(tmp_path: Path) -> None:
    (tmp_path / "my_race.py").write_text(MODEL, encoding="utf-8")
    own = race_sim("run", "baseline", "--model", "my_race:IdleRace", "--out", "own", *SMALL, folder=tmp_path)
    assert own.status == 0, own.errors
    assert "mesa driver" in own.output
    provenance = json.loads((tmp_path / "own" / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["model"] == "my_race:IdleRace"
    misnamed = race_sim("run", "baseline", "--model", "my_race:IdelRace", folder=tmp_path)
    assert refusal(misnamed) == 'model "my_race:IdelRace": module "my_race" has no "IdelRace". Did you mean "IdleRace"?'
    agent = race_sim("run", "baseline", "--model", "my_race:Idle", folder=tmp_path)
    assert "is a class of agents: give the RaceModel" in refusal(agent)


def test_an_error_in_the_users_model_keeps_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "my_race.py").write_text("1 / 0\n", encoding="utf-8")
    done = race_sim("run", "baseline", "--model", "my_race:Any", folder=tmp_path)
    assert done.status == 1
    assert "Traceback" in done.errors
    assert done.errors.rstrip().endswith("ZeroDivisionError: division by zero")


SLOW = """\
import sys, time
from race_sim.model import RaceModel

class SlowRace(RaceModel):
    def step(self):
        print("ready", file=sys.stderr, flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_ctrl_c_leaves_a_short_message_and_no_files(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    words = ["run", "baseline", "--model", "slow:SlowRace", "--out", "out"]
    process = subprocess.Popen(
        [sys.executable, "-m", "race_sim", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while process.stderr.readline() not in ("ready\n", ""):
        pass
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "interrupted: stopped before the end; nothing was written\n"
    assert [name for name in entries(tmp_path) if name != "__pycache__"] == ["slow.py"]


@pytest.mark.parametrize("arguments", [("show", "baseline"), ("scenarios",), ("--version",)])
def test_a_closed_pipe_is_quiet(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "race_sim", *arguments], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode in (1, 141)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("show", "baseline"), ("--version",)])
def test_a_full_disk_behind_standard_output_is_told(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "race_sim", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"error: output cannot be written: No space left on device\n"
