"""`race-sim replay`: names runs, proves their rows, tells which column differs, saves the whole race."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import race_sim
from race_sim.study.blocks import read_block
from race_sim.study.design import Place
from race_sim.study.points import defined
from race_sim.study.reading import load_study
from race_sim.study.replay import find_run
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import Request, run_study
from tests.cli.commands import Command, entries, refusal
from tests.study.small_study import written

SERIES = ('name = "second"', 'name = "second"\nseries = ["total_hits"]')


@pytest.fixture
def store(tmp_path: Path) -> Store:
    run_study(load_study(written(tmp_path, SERIES)), tmp_path / "out", Request(workers=1))
    return Store.open(tmp_path / "out")


def changed(store: Store, place: Place, column: str, row: int, value: object) -> None:
    """Write another block in the place of one, with the right checksum."""
    path = store.block(place)
    assert path is not None
    rows = read_block(path).to_pandas()
    rows.at[row, column] = value
    path.unlink()
    store.write(place, rows)


def test_a_run_is_named_told_in_words_and_proved(store: Store, command: Command) -> None:
    listed = command("replay", store.directory, "--list")
    assert (listed.status, listed.errors) == (0, "")
    assert "The first 20 of 36 runs of study small; --all lists all." in listed.output
    line = next(line for line in listed.output.splitlines() if "teams = 2, cycle = 3, arsenal = 1" in line)
    name, part, point = line.split()[:3]
    assert (part, point) == ("first", "6")
    done = command("replay", store.directory, f"{name[:10]}-{name.partition('-')[2]}")
    assert done.status == 0
    assert f"Run {name}: study small, seed 5" in done.output
    assert "part first, point 6: teams = 2, cycle = 3, arsenal = 1" in done.output
    assert "ensemble driver: identical to the bit" in done.output
    assert "mesa driver: identical to the bit" in done.output
    kept = store.rows().set_index(["scenario", "seed"]).loc[(name.partition("-")[0], 5)]
    assert f"{kept['total_hits'] / kept['total_sorties']:.3f}" in done.output


def test_the_list_can_be_narrowed(store: Store, command: Command) -> None:
    every = command("replay", store.directory, "--list", "--all").output
    assert every.count("\n first") + every.count("first ") >= 24
    assert "36 runs of study small." in every
    second = command("replay", store.directory, "--list", "--part", "second")
    assert "12 runs of study small, part second." in second.output
    assert "arsenal" not in second.output
    assert "There are no failed runs of study small." in command("replay", store.directory, "--list", "--failed").output
    changed(store, Place(0, 0), "error", 1, "ValueError: odd")
    failed = command("replay", store.directory, "--list", "--failed").output
    assert "1 failed run of study small." in failed
    assert "ValueError: odd" in failed
    document = json.loads(command("replay", store.directory, "--list", "--json", "--failed").output)
    assert (document["of"], [run["error"] for run in document["runs"]]) == (1, ["ValueError: odd"])
    assert find_run(store, document["runs"][0]["run"]).seed == document["runs"][0]["seed"] == 5


def test_a_column_that_differs_is_named_with_both_values(store: Store, command: Command) -> None:
    run = store.generations()[0].block(0)[2]
    kept = read_block(store.block(Place(0, 0)) or Path()).to_pandas()["workshops_hits"][2]
    other = float(np.nextafter(kept, np.inf))
    changed(store, Place(0, 0), "workshops_hits", 2, other)
    done = command("replay", store.directory, run.name, "--driver", "ensemble")
    assert done.status == 1
    assert "ensemble driver: DIFFERS in 1 column: workshops_hits" in done.output
    assert ["workshops_hits", repr(other), repr(float(kept))] in [line.split() for line in done.output.splitlines()]
    assert "mesa" not in done.output
    document = json.loads(command("replay", store.directory, run.name, "--json").output)
    assert document["drivers"]["mesa"] == {"identical": False, "differing": ["workshops_hits"], "error": ""}
    assert (document["identical"], document["run"], document["scenario"]) == (False, run.name, run.scenario)


def test_the_week_from_which_a_series_differs_is_told(store: Store, command: Command) -> None:
    run = store.generations()[1].block(0)[0]
    series = read_block(store.block(Place(1, 0)) or Path()).to_pandas()["weekly_total_hits"][0].copy()
    series[[9, 12]] += 1.0
    changed(store, Place(1, 0), "weekly_total_hits", 0, series)
    done = command("replay", store.directory, run.name, "--driver", "ensemble")
    assert done.status == 1
    assert f"weekly_total_hits  week 9: {series[9]}  week 9: {series[9] - 1}" in done.output


def test_a_failure_that_does_not_come_again_has_status_1(store: Store, command: Command) -> None:
    run = store.generations()[0].block(0)[1]
    changed(store, Place(0, 0), "error", 1, "ValueError: odd")
    done = command("replay", store.directory, run.name, "--driver", "ensemble")
    assert done.status == 1
    assert "It had failed: ValueError: odd" in done.output
    assert "ensemble driver: DIFFERS: does not fail any more" in done.output


def test_another_law_is_told(store: Store, command: Command) -> None:
    manifest = store.directory / MANIFEST
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, "law": "0" * 16}), encoding="utf-8")
    run = store.generations()[0].block(0)[1]
    done = command("replay", store.directory, run.name, "--driver", "ensemble")
    assert (done.status, "identical to the bit" in done.output) == (0, True)
    assert f"note: these runs have law = {'0' * 16}, this installation has {facts['law']}: " in done.errors
    assert "the law of the race is another one" in done.errors


def test_the_whole_race_is_saved(store: Store, tmp_path: Path, command: Command) -> None:
    run = store.generations()[0].block(0)[3]
    done = command("replay", store.directory, run.name, "--out", tmp_path / "race")
    assert (done.status, done.errors.splitlines()[-1]) == (0, f"note: wrote {tmp_path / 'race'}")
    assert {"weekly.csv", "weekly.parquet", "scenario.toml", "summary.png"} <= set(entries(tmp_path / "race"))
    weekly = pd.read_parquet(tmp_path / "race" / "weekly.parquet")
    here = race_sim.run(defined(run.definition)[0], seed=run.seed)
    pd.testing.assert_frame_equal(weekly, here.weekly, check_exact=True)
    again = race_sim.run(tmp_path / "race" / "scenario.toml", seed=run.seed)
    assert again.records.same_bytes(here.records)
    assert "part first, point 3" in (tmp_path / "race" / "scenario.toml").read_text(encoding="utf-8")
    assert "is there already" in refusal(command("replay", store.directory, run.name, "--out", tmp_path / "race"))


def test_what_is_wrong_is_told(store: Store, tmp_path: Path, command: Command) -> None:
    out = store.directory
    assert "give either a RUN, or --list" in refusal(command("replay", out))
    assert "give either a RUN, or --list" in refusal(command("replay", out, "ab-1", "--list"))
    assert "belong to --list" in refusal(command("replay", out, "ab-1", "--failed"))
    assert "not to --list" in refusal(command("replay", out, "--list", "--driver", "mesa"))
    assert "there is no such directory" in refusal(command("replay", tmp_path / "nowhere", "ab-1"))
    assert f"no {MANIFEST}" in refusal(command("replay", tmp_path, "ab-1"))
    assert "has no part" in refusal(command("replay", out, "--list", "--part", "frist"))
    run = out, store.generations()[0].block(0)[0].name
    assert "give ensemble, mesa or both" in refusal(command("replay", *run, "--driver", "x"))
    ambiguous = refusal(command("replay", out, run[1].partition("-")[0]))
    assert "stands for 3 runs:" in ambiguous
    assert all(f"-{seed} (part first, point 0: teams = 1, cycle = 1" in ambiguous for seed in (5, 6, 7))
