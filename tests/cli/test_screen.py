"""Nothing is cut off: what a wide screen shows, a narrow one shows too."""

import re
from collections import Counter
from pathlib import Path

import pytest

from race_sim.cli.screen import results, table
from tests.cli.commands import SMALL, Command

RULES = re.compile("─+")
SECONDS = re.compile(r"[\d,]+ races in .*")


def words(output: str) -> Counter[str]:
    """Everything printed, wherever its lines are broken; without what measures time."""
    return Counter(SECONDS.sub("", RULES.sub("", output)).split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "baseline", "--runs", "3", *SMALL),
        ("compare", "baseline", "frozen_blue", "--runs", "3", *SMALL, "--set", "run.burn_in_weeks=2"),
        ("codebook",),
        ("scenarios",),
        ("evidence",),
        ("evidence", "--unused"),
        ("demo", "--quick"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
@pytest.mark.parametrize("columns", [100, 80, 60])
def test_no_word_or_number_of_a_command_is_cut(
    arguments: tuple[str, ...], columns: int, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = []
    for width in (columns, 300):
        monkeypatch.setenv("COLUMNS", str(width))
        done = command(*arguments)
        assert done.status == 0
        printed.append(words(done.output))
    assert printed[0] == printed[1]
    assert printed[0].total() > 50


def shown(columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    made = table("measure of all", "value", "unit", numbers=("value",))
    made.add_row("countered share of stock", "123456 [110557, 141330] *", "engagements/week")
    results().print(made)
    return [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]


def test_a_wide_screen_keeps_rows_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.split(" {2,}", shown(80, capsys, monkeypatch)[-1]) == [
        "countered share of stock",
        "123456 [110557, 141330] *",
        "engagements/week",
    ]


def test_a_narrow_one_puts_intervals_below_and_breaks_text_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [re.split(" {2,}", line) for line in shown(60, capsys, monkeypatch)]
    assert ["countered share of", "123456", "engagements/week"] in rows
    assert ["stock", "[110557, 141330] *"] in rows


def test_what_is_wider_than_the_screen_is_left_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = shown(30, capsys, monkeypatch)
    assert any("[110557, 141330] *" in line for line in lines)
    assert any("engagements/week" in line for line in lines)
    assert any(line.startswith("countered") for line in lines)
    assert max(map(len, lines)) > 30
