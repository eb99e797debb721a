"""`race-sim plan`: tables of costs and replicates, in words and as JSON, and nothing written."""

import json
from pathlib import Path

import pytest

from race_sim.study.reading import load_study
from race_sim.study.store import MANIFEST
from race_sim.study.sweep import Request, run_study
from tests.cli.commands import Command, entries, refusal
from tests.study.small_study import written

LINES = """
[[part.figure]]
name = "by_cycle"
kind = "lines"
title = "By cycle"
x = "cycle"
series = "arsenal"
panels = ["teams"]
output = "hits"
reference = { cycle = 1 }

[[part]]
name = "second\""""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return written(tmp_path, ('\n[[part]]\nname = "second"', LINES))


def cells(output: str, first: str) -> list[list[str]]:
    """Rows of tables that begin so, cut where there are two spaces."""
    return [
        [cell for cell in line.split("  ") if cell.strip()]
        for line in output.splitlines()
        if line.strip().startswith(first)
    ]


def test_every_part_is_told_with_what_it_costs_and_needs(path: str, command: Command) -> None:
    done = command("plan", path, "--workers", "8", "--seconds", "0", "--width", "0.2")
    assert done.status == 0
    assert "Study small: what it costs as it is, on 8 processors" in done.output
    (first, *_) = cells(done.output, "first ")
    assert [cell.strip() for cell in first[1:4]] == ["8", "3", "24"]
    assert len(cells(done.output, "second ")) == 1
    assert cells(done.output, "all ")[0][1].strip() == "36"
    assert "Part second, from 20 races of a pilot" in done.output
    assert "Half of the trials are taken to be adopted where it will be the share that part first shows." in done.output
    assert "Hits of all makers over that at cycle = 1 (figure by_cycle): 4 points with 5 runs each" in done.output
    widths = [row[1].strip() for row in cells(done.output, "median point")]
    assert widths == ["±20%", "±10%", "±5%", "±2%", "±1%"] * 3
    assert "As it is, with 3 replicates: ±" in done.output
    assert "share their seeds" in done.output
    assert entries(Path()) == []


def test_the_same_as_json(path: str, command: Command) -> None:
    done = command("plan", path, "--part", "first", "--workers", "2", "--seconds", "0", "--json")
    document = json.loads(done.output)
    assert (document["study"], document["workers"], document["races"]) == ("small", 2, 24)
    (part,) = document["parts"]
    assert (part["name"], part["points"], part["replicates"], part["kept"]) == ("first", 8, 3, False)
    assert document["seconds"] == pytest.approx(part["cost"]["seconds"] / 2)
    plain, ratio = part["outputs"]
    assert (plain["measure"]["name"], plain["reference"]) == ("hits_a_sortie", None)
    assert (ratio["measure"]["name"], ratio["reference"]["levels"]) == ("total_hits", {"cycle": 1})
    for output in (plain, ratio):
        for place in ("median", "worst"):
            needs = output[place]["needs"]
            assert [need["width"] for need in needs] == [0.1, 0.05, 0.02, 0.01]
            runs = [need["replicates"] for need in needs]
            assert runs == sorted(runs)
            assert all(need["low"] <= need["replicates"] <= need["high"] for need in needs)
            assert all(0.5 <= need["chance"] <= 1.0 for need in needs)
            assert all(need["assured"] >= need["replicates"] for need in needs)


def test_what_lacks_for_the_width_asked_for_is_told(path: str, command: Command) -> None:
    document = json.loads(command("plan", path, "--part", "first", "--seconds", "0", "--json").output)
    need = document["parts"][0]["outputs"][0]["median"]["needs"][1]["replicates"]
    done = command("plan", path, "--part", "first", "--seconds", "0", "--width", "0.05")
    line = f"For ±5% at the median point: race-sim sweep {path} --part first --more-replicates {need - 3}"
    assert line in done.output.replace("\n", " ")
    assert "--more-replicates" not in command("plan", path, "--part", "first", "--seconds", "0", "--width", "5").output


def test_quick_plans_the_smaller_study(path: str, command: Command) -> None:
    done = command("plan", path, "--quick", "--seconds", "0", "--json")
    parts = json.loads(done.output)["parts"]
    assert [(part["points"], part["replicates"]) for part in parts] == [(4, 2), (2, 2)]
    assert "note: a quick run tests the set-up" in done.errors


def test_a_command_that_adds_races_adds_them_to_the_quick_study(path: str, tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    words = ("plan", path, "--quick", "--part", "first", "--seconds", "0", "--out", out, "--width", "0.001")
    told = "".join(command(*words).output.split())
    assert "".join(f"race-sim sweep {path} --quick --out {out} --part first --more-replicates".split()) in told


def test_rows_of_a_directory_are_used(path: str, tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    assert f"note: {out}: holds no runs" in command("plan", path, "--out", out, "--seconds", "0").errors
    assert not out.exists()
    run_study(load_study(path), out, Request(workers=1))
    before = sorted(str(file) for file in out.rglob("*"))
    done = command("plan", path, "--out", out, "--seconds", "0")
    assert done.status == 0
    assert "Part first, from 24 races of rows that are there" in done.output
    assert "taken to be adopted" not in done.output
    assert sorted(str(file) for file in out.rglob("*")) == before
    assert "holds full runs: omit --quick" in refusal(command("plan", path, "--out", out, "--quick"))
    manifest = out / MANIFEST
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, "law": "0" * 16}), encoding="utf-8")
    older = command("plan", path, "--out", out, "--part", "first", "--seconds", "0")
    assert (older.status, f"note: {out}: law is another one than that of its rows" in older.errors) == (0, True)
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    other = written(tmp_path, ("replicates = 3", "replicates = 4"), name="other")
    assert "holds runs of another study" in refusal(command("plan", other, "--out", out))


def test_what_is_wrong_is_told(path: str, command: Command) -> None:
    assert "unknown study" in refusal(command("plan", "headlin"))
    assert "has no part" in refusal(command("plan", path, "--part", "frist"))
    assert "width = 0 is not allowed" in refusal(command("plan", path, "--width", "0"))
    assert command("plan", path, "--workers", "0").status == 2
