"""The lesson does what it says: its commands run in order, print what is shown, and every number in it was printed."""

import re
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cli.commands import Command, Done, race_sim_here

LESSON = Path(__file__).parents[1] / "docs" / "lesson.md"
COLUMNS = "100"  # as wide as the lesson asks of a terminal
FENCE = r"^```(\w+)\n(.*?)^```$"
FILE = r"# (\S+\.(?:toml|csv))\n"


def text() -> str:
    return LESSON.read_text(encoding="utf-8")


def blocks() -> list[tuple[str, str]]:
    """Fenced blocks as (language, content), in the order of the page."""
    return re.findall(FENCE, text(), re.DOTALL | re.MULTILINE)


def prose() -> str:
    """The page without its blocks and without the targets of links."""
    return re.sub(r"\]\([^)]*\)", "]", re.sub(FENCE, "", text(), flags=re.DOTALL | re.MULTILINE))


def words(content: str) -> str:
    """Content with single spaces, begun and ended by one, so that parts are found as whole words only."""
    return f" {' '.join(content.split())} "


def fields(content: str) -> str:
    """Content in words, with the fields of tables apart."""
    return words(content.replace(",", " , "))


def missing(shown: str, printed: str) -> Iterator[str]:
    """Lines of an excerpt that are not printed, whole words and in this order, whatever the line breaks."""
    printed, place = words(printed), 0
    for line in shown.splitlines():
        found = printed.find(words(line), place)
        if found < 0:
            yield line
        else:
            place = found + len(words(line)) - 1


def missing_rows(shown: str, written: str) -> Iterator[str]:
    """Rows of an excerpt of a table with which no row of the table begins."""
    rows = [f"{row}," for row in written.splitlines()]
    for line in shown.splitlines():
        if not any(row.startswith(f"{line},") for row in rows):
            yield line


def named(content: str) -> tuple[str, str]:
    """The file that a block names in its first line, and what else stands in the block."""
    name = re.match(FILE, content)
    assert name, f"a block without a file name:\n{content}"
    return name[1], content[name.end() :]


# The commands


def complaint(what: str, lost: Iterator[str], found: str) -> list[str]:
    """What is said if lines are missing from what was found; nothing if none are."""
    lines = list(lost)
    return ["\n".join([f"{what} lacks", *lines, "and has", found])] if lines else []


def lesson_in(folder: Path, command_here: Command) -> Iterator[str]:
    """Goes through the page in one folder, the current one, as a student does, and tells what went wrong."""
    done, command = Done(0, "", ""), ""
    for language, content in blocks():
        if language == "sh":
            for command in content.splitlines():
                program, *arguments = shlex.split(command)
                assert program == "race-sim"
                done = command_here(*arguments)
                if done.status != 0:
                    yield f"{command}: status {done.status}\n{done.errors}"
        elif language == "text":
            yield from complaint(f"the output of {command}", missing(content, done.output), done.output)
        elif language == "toml":
            (folder / named(content)[0]).write_text(content, encoding="utf-8")
        else:
            name, shown = named(content)
            written = (folder / name).read_text(encoding="utf-8")
            yield from complaint(name, missing_rows(shown, written), written)


@pytest.mark.slow
def test_every_command_runs_and_prints_what_the_lesson_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: that `race-sim` starts as a program of its own is checked elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", COLUMNS)
    wrong = list(lesson_in(tmp_path, partial(race_sim_here, capsys)))
    assert not wrong, "\n\n".join(["docs/lesson.md is out of date", *wrong])


def test_lines_are_looked_for_as_whole_words_and_in_order() -> None:
    printed = "hits      12    34\n   [1, 2]\nmean reach  0.49\n"
    assert list(missing("hits 12 34\n[1, 2]\nreach 0.49\n", printed)) == []
    assert list(missing("hits 12\n34 [1, 2]\n", printed)) == []
    assert list(missing("hits 1\n", printed)) == ["hits 1"]
    assert list(missing("[1, 2]\nhits 12 34\n", printed)) == ["hits 12 34"]
    assert list(missing_rows("a,1\n", "a,1,2\n")) == []
    assert list(missing_rows("a,1\n", "a,12\n")) == ["a,1"]


# The page


def test_blocks_are_commands_files_and_excerpts() -> None:
    previous = ""
    for language, _ in blocks():
        assert language in ("sh", "toml", "text", "csv")
        if language in ("text", "csv"):
            assert previous == "sh", "an excerpt that follows no command"
        previous = language
    assert {language for language, _ in blocks()} == {"sh", "toml", "text", "csv"}


def test_the_lesson_takes_thirty_minutes() -> None:
    minutes = [int(number) for number in re.findall(r"^## .*\((\d+) min\)$", text(), re.MULTILINE)]
    assert len(minutes) == 9
    assert sum(minutes) == 30


def test_every_number_quoted_stands_in_an_excerpt() -> None:
    """A number in code style, alone or with its interval, is a result; and printed somewhere on the page."""
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose())]
    quoted = [span for span in spans if re.match(r"[-+]?[\d\[]", span)]
    assert len(quoted) > 40
    shown = fields("".join(content for language, content in blocks() if language in ("text", "csv")))
    assert [span for span in quoted if fields(span) not in shown] == []


def test_no_number_of_a_result_is_quoted_unchecked() -> None:
    """Outside code style there are only small whole numbers (weeks, teams, steps), never results."""
    bare = re.sub(r"`[^`]+`|\b(?:S\d+-|W)\d+\b|\b95%", "", prose())
    assert re.findall(r"\d*\.\d+|\d{3,}|\d+(?:,\d{3})+|\d+ ?%|\[[-+\d]", bare) == []


def test_every_exercise_has_an_answer() -> None:
    exercises, _, answers = text().partition("\n## Exercises\n")[2].partition("\n## Answers for the teacher\n")
    asked = re.findall(r"^(\d+)\. \*\*", exercises, re.MULTILINE)
    answered = re.findall(r"^\*\*(\d+)\.\*\*", answers, re.MULTILINE)
    assert asked == answered == [str(number) for number in range(1, len(asked) + 1)]
    assert 6 <= len(asked) <= 10
