"""Commands that read and write scenarios: scenarios, show, new."""

from pathlib import Path

import pytest

from race_sim.scenario import FIELDS, describe, library, load
from tests.cli.commands import Command, entries, race_sim, refusal


def test_scenarios_lists_the_library(command: Command) -> None:
    done = command("scenarios")
    assert (done.status, done.errors) == (0, "")
    for name in library():
        assert f" {name} " in done.output
        assert load(name).title in done.output


def test_show_has_every_parameter_with_unit_bounds_and_source(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "800")
    done = command("show", "interceptors")
    assert (done.status, done.errors) == (0, "")
    lines = {line.split()[0]: line for line in done.output.splitlines() if line.split()}
    shown = load("interceptors")
    for row in describe(shown.parameters, shown.origins):
        line = lines[row.path]
        assert row.unit in line
        assert row.bounds in line
        assert row.source in line
    assert " 83 " in lines["countermeasures.capacity_per_week"]


@pytest.mark.parametrize("width", ["80", "120"])
def test_show_keeps_parameter_names_whole_on_narrow_terminals(
    width: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    words = command("show", "baseline").output.split()
    assert {field.path for field in FIELDS} <= set(words)


def test_show_changed_lists_only_what_differs(command: Command) -> None:
    output = command("show", "fast_red", "--changed", "--set", "operators.crews=9").output
    shown = {line.split()[0] for line in output.splitlines() if line.split()}
    paths = {field.path for field in FIELDS}
    assert shown & paths == {"teams.discovery_weeks", "teams.diffusion_weeks", "operators.crews"}
    assert "Every parameter is at its default." in command("show", "baseline", "--changed").output


def test_show_lists_events(command: Command) -> None:
    output = command("show", "frozen_red").output
    assert "Events" in output
    assert output.splitlines()[-2].split() == ["26", "teams.active", "false", *["set", "by", "scenario", "frozen_red"]]


def test_show_names_what_set_a_value_that_is_no_default(command: Command) -> None:
    lines = command("show", "fast_red", "--changed", "--set", "operators.crews=9").output.splitlines()
    assert any("teams.discovery_weeks" in line and "set by scenario fast_red" in line for line in lines)
    assert any("operators.crews" in line and "set by --set" in line for line in lines)
    assert not any("W005" in line or "W045" in line for line in lines)


def test_new_writes_a_file_that_runs(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("new", "mine.toml")
    assert done == (0, "Wrote mine.toml. Edit it, then: race-sim run mine.toml\n", "")
    assert load("mine.toml").parameters == load("baseline").parameters
    assert command("show", "mine.toml", "--changed").status == 0


def test_new_from_another_scenario(tmp_path: Path, command: Command) -> None:
    file = tmp_path / "mine.toml"
    assert command("new", file, "--from", "fast_red").status == 0
    assert load(file).parameters == load("fast_red").parameters
    assert "#discovery_weeks = 2.0\n" in file.read_text(encoding="utf-8")


def test_new_refuses(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("precious", encoding="utf-8")
    assert "mine.toml: is there already; give the name of a new file" in refusal(command("new", "mine.toml"))
    assert 'unknown scenario "fast_rd". Did you mean "fast_red"?' in refusal(
        command("new", "other.toml", "--from", "fast_rd")
    )
    assert "cannot be written: " in refusal(command("new", "mine.toml/other.toml"))
    assert entries(Path()) == ["mine.toml"]
    assert Path("mine.toml").read_text(encoding="utf-8") == "precious"


def test_results_go_through_a_pipe_of_any_encoding() -> None:
    done = race_sim("scenarios", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.status == 0
    assert "baseline" in done.output
