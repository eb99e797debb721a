"""`race-sim compare`: tables, words, JSON, files, and what stops it."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import SMALL, Command, entries, refusal


def test_a_scenario_compared_with_itself_shows_no_difference_at_all(command: Command) -> None:
    done = command("compare", "baseline", "baseline", "--runs", "2", *SMALL)
    assert done.status == 0
    assert "No difference at all: the 2 races of baseline (A) and of baseline (B) recorded the same" in done.output
    assert "*" not in done.output.replace("* marks", "")


def test_tables_and_words(command: Command) -> None:
    done = command("compare", "frozen_blue", "baseline", "--runs", "3", "--weeks", "30", "--set", "workshops.count=6")
    assert done.status == 0, done
    for words in ("A: frozen_blue", "B: baseline", "hits/week", "movement", "evidence", "obsolescence", "Twins are"):
        assert words in done.output
    assert "nan" not in done.output


def test_one_side_is_changed_alone(command: Command) -> None:
    given = ("--set", "money.accounts=false")
    same = ("compare", "baseline", "baseline", "--runs", "2", "--json", *given, *SMALL)
    document = json.loads(command(*same, "--set-b", "workshops.weekly_output=0").output)
    assert document["identical"] is False
    assert "workshops.weekly_output 0 and 50" in document["explanation"]
    assert (document["a"], document["b"], document["runs"]) == ("baseline (A)", "baseline (B)", 2)
    turned = json.loads(command(*same, "--set-a", "workshops.weekly_output=0").output)
    hits = [
        {row["quantity"]: row["difference"] for row in one["quantities"]}["total_hits"] for one in (document, turned)
    ]
    assert hits[0] == -hits[1] < 0


def test_policies_are_compared_by_hits_and_money(command: Command) -> None:
    years = ("--runs", "3", "--weeks", "60", "--set", "workshops.count=6", "--set", "primes.count=2")
    done = command("compare", "baseline", "export_open", *years)
    assert done.status == 0, done
    for words in ("spent by the treasuries", "workshops exported", "all makers euros paid per hit", "On average a hit"):
        assert words in done.output
    assert 'from week 26 exports.regime "open" in export_open' in done.output
    assert "nan" not in done.output
    given = command("compare", "given_output", "joint_ventures", *years)
    assert given.status == 0, given
    assert "In given_output output is given and nobody pays for it: what hits cost cannot be compared." in " ".join(
        given.output.split()
    )
    assert "nan" not in given.output


def test_out_holds_everything(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "results"
    done = command("compare", "baseline", "no_sharing", "--runs", "2", "--out", out, *SMALL)
    assert done.status == 0
    assert done.errors.endswith(f"note: wrote {out}\n")
    assert entries(out) == ["a.toml", "b.toml", "comparison.csv", "comparison.png", "comparison.txt", "provenance.json"]
    again = command("compare", out / "a.toml", out / "b.toml", "--runs", "2", "--json")
    first = command("compare", "baseline", "no_sharing", "--runs", "2", "--json", *SMALL)
    assert json.loads(again.output)["quantities"] == json.loads(first.output)["quantities"]
    assert "is there already" in refusal(command("compare", "baseline", "no_sharing", "--out", out))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("basline baseline", 'unknown scenario "basline". Did you mean "baseline"?'),
        ("baseline baseline --set-b run.weeks=100", "run.weeks is 156 in baseline (A) but 100 in baseline (B)"),
        (
            "baseline baseline --set teams.skill=1 --set-b teams.skill=0",
            "teams.skill is set for both scenarios and for B",
        ),
        ("baseline baseline --set-a teams.skil=1", 'Did you mean "teams.skill"?'),
        ("baseline baseline --runs 0", "runs = 0 is not allowed"),
    ],
)
def test_what_cannot_be_compared(options: str, message: str, command: Command) -> None:
    assert message in refusal(command("compare", *options.split()))
