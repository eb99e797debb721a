"""`race-sim calibrate`: bands with what was measured, a status on demand, results written whole."""

from pathlib import Path

import pytest

from tests.cli.commands import Command, entries, refusal

SMALL = (
    *("--runs", "2"),
    *("--set", "run.weeks=14"),
    *("--set", "run.burn_in_weeks=2"),
    *("--set", "workshops.count=4"),
    *("--set", "workshops.network_degree=2"),
    *("--set", "primes.count=1"),
)


def test_calibrate_shows_bands_measures_and_verdicts(command: Command) -> None:
    done = command("calibrate", *SMALL)
    assert done.status == 0
    for words in (
        "Calibrated",
        "Not tuned on",
        "6 to 16",
        "0.15 to 0.45",
        "SF06",
        "calibrated bands hold",
        "ends among",
    ):
        assert words in done.output
    tempo = next(line for line in done.output.splitlines() if "SF03" in line)
    assert "put in" in tempo
    assert "78.0" in tempo


@pytest.mark.parametrize("strict", [True, False])
def test_a_missed_band_has_status_1_only_if_strict(strict: bool, command: Command) -> None:
    missed = command("calibrate", *SMALL, "--set", "teams.count=0", *(["--strict"] if strict else []))
    assert missed.status == int(strict)
    assert "6 of 6" not in missed.output


def test_a_scenario_in_its_bands_is_strictly_right(command: Command) -> None:
    done = command("calibrate", "--runs", "4", "--strict")
    assert done.status == 0
    assert "6 of 6 calibrated bands hold." in done.output


@pytest.mark.slow
def test_flatness_tells_what_bands_do_not_pin_down(tmp_path: Path, command: Command) -> None:
    done = command("calibrate", *SMALL, "--flatness", "--points", "3", "--out", tmp_path / "out")
    assert done.status == 0
    for words in ("One parameter at a time", "(none changed)", "no effect", "front.scale", "Too few points fit"):
        assert words in done.output
    assert entries(tmp_path / "out") == [
        "calibration.csv",
        "calibration.png",
        "flatness.png",
        "flatness_ends.csv",
        "flatness_parameters.csv",
        "flatness_points.csv",
        "provenance.json",
        "scenario.toml",
        "supply.csv",
    ]


def test_calibrate_refuses_before_it_runs(tmp_path: Path, command: Command) -> None:
    (tmp_path / "out").mkdir()
    assert "is there already" in refusal(command("calibrate", *SMALL, "--out", tmp_path / "out"))
    assert "unknown scenario" in refusal(command("calibrate", "baselin"))
    assert "unknown parameter" in refusal(command("calibrate", "--set", "teams.skil=1"))
    assert entries(tmp_path / "out") == []


@pytest.mark.parametrize("arguments", [("--runs", "1"), ("--points", "-1"), ("--threads", "0")])
def test_sizes_out_of_range_are_misuse(arguments: tuple[str, ...], command: Command) -> None:
    done = command("calibrate", *arguments)
    assert (done.status, done.output) == (2, "")
    assert "Traceback" not in done.errors
