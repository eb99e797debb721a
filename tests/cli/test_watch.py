"""`race-sim watch`: saving a replay, and refusing what cannot be watched. tests/page opens the page itself."""

from pathlib import Path

import pytest

from tests.cli.commands import Command, entries, refusal

SMALL = (
    "--set",
    "run.weeks=6",
    "--set",
    "run.burn_in_weeks=0",
    "--set",
    "workshops.count=8",
    "--set",
    "primes.count=1",
)


def test_a_replay_is_saved(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "replay.html"
    done = command("watch", "baseline", *SMALL, "--save", file)
    assert (done.status, done.output) == (0, "")
    assert "wrote" in done.errors
    assert file.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert entries(tmp_path) == ["replay.html"]


def test_two_races_are_saved_side_by_side(command: Command, tmp_path: Path) -> None:
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    assert command("watch", "baseline", *SMALL, "--save", one).status == 0
    assert command("watch", "baseline", "no_red", *SMALL, "--save", two).status == 0
    assert "no_red" in two.read_text(encoding="utf-8")
    assert "no_red" not in one.read_text(encoding="utf-8")


def test_a_file_is_replaced_only_if_asked(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "replay.html"
    file.write_text("mine", encoding="utf-8")
    assert "--overwrite" in refusal(command("watch", *SMALL, "--save", file))
    assert file.read_text(encoding="utf-8") == "mine"
    assert command("watch", *SMALL, "--save", file, "--overwrite").status == 0
    assert file.read_text(encoding="utf-8") != "mine"


def test_a_directory_is_no_file(command: Command, tmp_path: Path) -> None:
    assert "directory" in refusal(command("watch", *SMALL, "--save", tmp_path))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "nowhere"),
        (("baseline", "--seed", "-1"), "seed"),
        (("baseline", "--set", "teams.skill=7"), "teams.skill"),
        (("--store", "no-such-store"), "no-such-store"),
        (("--model", "no_such_module:Race"), "no_such_module"),
    ],
)
def test_what_cannot_be_watched_is_refused(command: Command, arguments: tuple[str, ...], told: str) -> None:
    assert told in refusal(command("watch", "--no-open", *arguments))
