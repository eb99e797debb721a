"""Progress: silent for short commands; plain lines at intervals where there is no terminal, a bar where there is."""

import time

import pytest
from numba.core import event

from race_sim.cli import progress
from race_sim.cli.progress import COMPILING, Watch


def compile_something(nested: int = 2) -> None:
    for status in [event.EventStatus.START] * nested + [event.EventStatus.END] * nested:
        event.broadcast(event.Event("numba:compile", status))


def test_a_short_command_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Watch("running", 3) as watch:
        compile_something()
        watch.advance(3)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("before", [True, False])
def test_compiling_is_told_once(
    before: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE_OF_FILES", 0.05)
    with Watch("running", None) as watch:
        if before:  # it begins while patience lasts, and goes on
            event.broadcast(event.Event("numba:compile", event.EventStatus.START))
        time.sleep(0.3)
        compile_something()
        compile_something()
        watch.report("racing", 1, 2)
    output, errors = capsys.readouterr()
    told = [f"{COMPILING}, 0 s elapsed"]
    assert output == ""
    assert errors.splitlines() == (told if before else ["running, 0 s elapsed", *told])


def test_a_file_gets_a_line_at_the_start_and_at_intervals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE_OF_FILES", 0.05)
    monkeypatch.setattr(progress, "INTERVAL", 0.2)
    with Watch("racing", None) as watch:
        watch.report("common founders", 1200, 5600)
        time.sleep(0.6)
        watch.report("blind drift", 2400, 5600)
        time.sleep(0.3)
    time.sleep(0.3)
    output, errors = capsys.readouterr()
    lines = errors.splitlines()
    assert output == ""
    assert 2 <= len(lines) <= 6
    assert lines[0] == "common founders: 1,200 of 5,600, 0 s elapsed"
    assert lines[-1] in ("blind drift: 2,400 of 5,600, 0 s elapsed", "blind drift: 2,400 of 5,600, 1 s elapsed")


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "120"}.items():
        monkeypatch.setenv(name, value)
    with Watch("running", 4) as watch:
        watch.advance(1)
        time.sleep(0.3)
        event.broadcast(event.Event("numba:compile", event.EventStatus.START))
        time.sleep(0.3)
        event.broadcast(event.Event("numba:compile", event.EventStatus.END))
        time.sleep(0.3)
    output, errors = capsys.readouterr()
    assert output == ""
    first, _, later = errors.partition(COMPILING)
    assert "running" in first
    assert "1/4" in first
    assert "running" in later


def test_listening_ends_with_the_watch(capsys: pytest.CaptureFixture[str]) -> None:
    before = len(event._registered["numba:compile"])
    with pytest.raises(KeyboardInterrupt), Watch("running", 1):
        raise KeyboardInterrupt
    assert len(event._registered["numba:compile"]) == before
    assert capsys.readouterr() == ("", "")


def test_a_line_says_what_more_there_is_to_say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE_OF_FILES", 0.05)
    monkeypatch.setattr(progress, "INTERVAL", 0.1)
    with Watch("starting", None, timed=False) as watch:
        watch.report("racing", 1200, 5600, "80 races/s, 55 seconds left")
        time.sleep(0.25)
        event.broadcast(event.Event("numba:compile", event.EventStatus.START))
        time.sleep(0.25)
        event.broadcast(event.Event("numba:compile", event.EventStatus.END))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "racing: 1,200 of 5,600, 80 races/s, 55 seconds left, 0 s elapsed"
    assert f"{COMPILING}: 1,200 of 5,600, 0 s elapsed" in lines


def test_a_bar_shows_it_instead_of_its_own_times(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "160"}.items():
        monkeypatch.setenv(name, value)
    with Watch("starting", None, timed=False) as watch:
        watch.report("racing", 5000, 5600, "80 races/s, 55 seconds left")  # as after a resume: nothing says how fast
        time.sleep(0.4)
    errors = capsys.readouterr().err
    assert "5000/5600" in errors
    assert "80 races/s, 55 seconds left" in errors
    assert "elapsed" not in errors
    assert "-:--" not in errors
