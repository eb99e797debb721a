"""Replay: every kind of run comes out the same to the bit through both drivers, and one that does not is found out."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.records import TOTAL
from race_sim.study.blocks import read_block
from race_sim.study.definition import Study
from race_sim.study.design import Generation, Place, Run, table_of
from race_sim.study.racing import race_block, racer
from race_sim.study.reading import load_study
from race_sim.study.replay import find_run, listed_runs, members, replay
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import Request, run_study
from tests.study.small_study import written

PARTS = """
[[part]]
name = "sampled"
question = "Anywhere?"
design = "latin_hypercube"
points = 2
series = ["total_hits", "workshops_gap"]

[part.factors]
"feedback.quality" = { low = 0.1, high = 0.9, scale = "log" }
"teams.skill" = { low = 0.2, high = 0.8 }

[[part]]
name = "event"
question = "And if red stops?"
replicates = 2

[part.factors]
frozen = ["no", "yes"]

[part.set]
"run.weeks" = 30

[levels.frozen.no]

[levels.frozen.yes]
scenario = "frozen_red"

[quick]
replicates"""


def study_in(folder: Path) -> Study:
    return load_study(
        written(folder, ("\n[quick]\nreplicates", PARTS), ('control = "none"\n', 'control = "none"\ncycle = 1\n'))
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("replay")
    run_study(study_in(folder), folder / "out", Request(workers=1))
    return Store.open(folder / "out")


def names(store: Store, part: str) -> list[str]:
    return list(listed_runs(store, part)["run"])


@pytest.mark.parametrize(("part", "runs"), [("first", 24), ("second", 12), ("sampled", 6), ("event", 4)])
def test_every_run_comes_out_the_same_through_both_drivers(part: str, runs: int, store: Store) -> None:
    found = names(store, part)
    assert len(set(found)) == runs
    for name in found[:: 1 if runs < 12 else 5]:
        again = replay(store, name)
        assert list(again.again) == ["ensemble", "mesa"]
        assert (again.identical, again.failed, dict(again.other)) == (True, False, {})
        assert again.run.name == name
        assert part in [member.part for member in again.members]
        assert again.records["ensemble"].same_bytes(again.records["mesa"])


def test_what_is_raced_is_what_the_row_stands_for(store: Store) -> None:
    """The event, the series and the seed are those of the run, not only the same on both sides."""
    frozen = listed_runs(store, "event").query("levels == 'frozen = yes'")["run"]
    again = replay(store, frozen.iloc[1], "ensemble")
    assert again.scenario is not None
    assert [event.path for event in again.scenario.events] == ["teams.active"]
    records = run_ensemble(again.scenario, [again.run.seed])
    assert again.records["ensemble"].same_bytes(records)
    assert again.stored["total_hits"] == records.weekly["kinds"]["hits"][0, 4:, TOTAL].mean()
    sampled = replay(store, names(store, "sampled")[0], "mesa")
    weeks = sampled.records["mesa"].weekly["kinds"][0, :, TOTAL]["hits"]
    assert list(sampled.stored["weekly_total_hits"]) == list(sampled.again["mesa"]["weekly_total_hits"]) == list(weeks)


def test_a_run_of_several_parts_names_them_all(store: Store) -> None:
    shared = set(names(store, "first")) & set(names(store, "second"))
    assert len(shared) == 6
    for name in shared:
        found = {member.part: member.levels for member in members(store, find_run(store, name))}
        assert list(found) == ["first", "second"]
        assert found["second"]["control"] == "none"
        assert found["first"]["cycle"] == found["second"]["cycle"]


def tampered(store: Store, folder: Path, change: Callable[[pd.DataFrame], object], place: Place) -> Store:
    """A copy of a store in which the rows of one block are others, with the right checksum."""
    copy = Store.create(folder / "tampered", store.study, {k: v for k, v in store.facts.items() if k != "study"})
    for one in store.generations():
        copy.append(one)
        for block, path in store.blocks(one.number).items():
            rows = read_block(path).to_pandas()
            if (one.number, block) == place:
                change(rows)
            copy.write(Place(one.number, block), rows)
    return copy


def last_bit(rows: pd.DataFrame) -> None:
    rows.loc[0, "total_hits"] = np.nextafter(rows.loc[0, "total_hits"], np.inf)


def no_value(rows: pd.DataFrame) -> None:
    rows.loc[0, "total_hits"] = np.nan


def a_value_for_none(rows: pd.DataFrame) -> None:
    assert np.isnan(rows.loc[0, "primes_stock_age"])
    rows.loc[0, "primes_stock_age"] = 0.0


def an_error(rows: pd.DataFrame) -> None:
    rows.loc[0, "error"] = "ValueError: none"


def another_sign_of_zero(rows: pd.DataFrame) -> None:
    assert rows.loc[0, "primes_hits"] == 0.0
    rows.loc[0, "primes_hits"] = -0.0


def another_seed(rows: pd.DataFrame) -> None:
    rows.loc[0, "seed"] = np.uint64(6)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (last_bit, "total_hits"),
        (no_value, "total_hits"),
        (a_value_for_none, "primes_stock_age"),
        (another_sign_of_zero, "primes_hits"),
        (another_seed, "seed"),
    ],
)
def test_a_row_that_was_tampered_with_is_found_out(
    change: Callable[[pd.DataFrame], None], column: str, store: Store, tmp_path: Path
) -> None:
    first, second = names(store, "first")[0], names(store, "first")[3]
    copy = tampered(store, tmp_path, change, Place(0, 0))
    again = replay(copy, first)
    assert not again.identical
    assert dict(again.differing) == {"ensemble": [column], "mesa": [column]}
    assert replay(copy, second).identical


@pytest.mark.parametrize(("column", "same"), [("primes_stock_age", True), ("total_hits", False)])
def test_a_column_that_is_not_there_is_one_of_no_values(column: str, same: bool, store: Store, tmp_path: Path) -> None:
    copy = tampered(store, tmp_path, lambda rows: rows.pop(column), Place(0, 0))
    again = replay(copy, names(store, "first")[0], "ensemble")
    assert again.differing["ensemble"] == ([] if same else [column])


def test_a_series_that_was_tampered_with_is_found_out(store: Store, tmp_path: Path) -> None:
    name = names(store, "sampled")[0]
    run = find_run(store, name)
    where = [
        (Place(one.number, block), position)
        for one in store.generations()
        for block in range(one.blocks)
        for position, other in enumerate(one.block(block))
        if other == run
    ]
    ((place, position),) = where

    def change(rows: pd.DataFrame) -> None:
        series = rows.loc[position, "weekly_total_hits"].copy()
        series[13] = np.nextafter(series[13], np.inf)
        rows.at[position, "weekly_total_hits"] = series

    again = replay(tampered(store, tmp_path, change, place), name, "ensemble")
    assert dict(again.differing) == {"ensemble": ["weekly_total_hits"]}


def test_a_run_said_to_have_failed_that_does_not_is_found_out(store: Store, tmp_path: Path) -> None:
    again = replay(tampered(store, tmp_path, an_error, Place(0, 0)), names(store, "first")[0], "ensemble")
    assert again.failed
    assert again.differing["ensemble"] == ["error"]
    assert again.again["ensemble"]["error"] == ""


def test_a_run_that_failed_fails_again(store: Store, tmp_path: Path) -> None:
    """A value this version does not allow, as where another version of race_sim defined the run."""
    copy = tampered(store, tmp_path, lambda _: None, Place(0, 0))
    definition = json.dumps({"changes": {"workshops.count": -3}, "events": [], "series": []})
    points = table_of({}, set()).astype(object)
    points.loc[0] = ["first", 8, "0123456789abcdef", "{}", "[]", definition, True]
    points["raced"] = points["raced"].astype(bool)
    number = len(copy.generations())
    copy.append(Generation(number, "more-points", 1, 0, 1, 5, True, 1, points))
    race_block(copy, Place(number, 0), racer(None))
    assert list(listed_runs(copy, failed=True)["run"]) == ["0123456789abcdef-5"]
    again = replay(copy, "0123-5")
    assert again.failed
    assert "workshops.count" in again.stored["error"]
    assert again.identical
    assert (again.scenario, dict(again.records)) == (None, {})


MODEL = """
import os
from race_sim.model import RaceModel

class Odd(RaceModel):
    def run(self):
        if self.run_seed == 6:
            raise ValueError("six")
        if self.run_seed == 7:
            os.kill(os.getpid(), 9)
        return super().run()
"""


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Store]:
    """Races the small study by the model above, one scenario, with these options."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "replayed_model", raising=False)
    Path("replayed_model.py").write_text(MODEL, encoding="utf-8")

    def raced(replicates: int, workers: int) -> Store:
        changes = (("teams = [1, 2]\n", ""), ("arsenal = [1, 2]\n", ""), ("[1, 3]", "[3]"), ("= 3", f"= {replicates}"))
        request = Request(parts=["first"], workers=workers, model="replayed_model:Odd", block_runs=1)
        run_study(load_study(written(tmp_path, *changes)), Path("out"), request)
        return Store.open(Path("out"))

    return raced


def test_runs_of_a_model_are_raced_by_the_model(odd: Callable[..., Store]) -> None:
    """Its failures are its own, in the words they were kept in."""
    store = odd(2, 1)
    five, six = (replay(store, name) for name in names(store, "first"))
    assert [list(again.again) for again in (five, six)] == [["mesa"]] * 2
    assert [again.identical for again in (five, six)] == [True, True]
    assert [again.failed for again in (five, six)] == [False, True]
    assert six.stored["error"] == "ValueError: six"
    assert five.model == "replayed_model:Odd"
    for driver in ("ensemble", "both"):
        with pytest.raises(InputError, match="only the Mesa driver runs models"):
            replay(store, five.run.name, driver)
    Path("replayed_model.py").write_text(MODEL.replace("six", "a half dozen"), encoding="utf-8")
    changed = replay(store, six.run.name)
    assert changed.differing["mesa"] == ["error"]
    assert list(changed.other) == ["model_source"]


@pytest.mark.slow
def test_a_run_that_ended_its_process_does_so_again(odd: Callable[..., Store]) -> None:
    store = odd(3, 2)
    seven = replay(store, names(store, "first")[2])
    assert (seven.failed, seven.identical) == (True, True)
    assert "SIGKILL" in seven.stored["error"]


@pytest.mark.parametrize("fact", ["law", "schema", "measures"])
def test_another_law_is_told_and_the_run_raced_all_the_same(fact: str, store: Store) -> None:
    other = Store(store.directory, store.study, {**store.facts, fact: "0" * 16})
    again = replay(other, names(store, "first")[0], "ensemble")
    assert again.identical
    assert dict(again.other) == {fact: ("0" * 16, store.facts[fact])}


def test_a_beginning_of_the_key_is_enough_if_it_is_of_one_run_only(store: Store) -> None:
    every = set(listed_runs(store)["run"])
    shorter = 0
    for name in names(store, "first"):
        key, _, seed = name.partition("-")
        alike = [
            {other for other in every if other.startswith(key[:length]) and other.endswith(f"-{seed}")}
            for length in range(1, 17)
        ]
        for length, runs in enumerate(alike, start=1):
            given = f"{key[:length]}-{seed}"
            if len(runs) == 1:
                assert find_run(store, given).name == find_run(store, f" {given.upper()}").name == name
                shorter += length < 16
            else:
                with pytest.raises(InputError, match=f"stands for {len(runs)} runs") as told:
                    find_run(store, given)
                assert all(f"  {run} (part " in str(told.value) for run in runs)
        with pytest.raises(InputError, match="stands for 3 runs") as told:
            find_run(store, key)
        assert f"{key}-7 (part first, point" in str(told.value)
    assert shorter > 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("xyz-1", '"xyz-1" does not name a run'),
        ("-5", "does not name a run"),
        ("", "does not name a run"),
        ("b89e-", "does not name a run"),
        ("b89f-5", "no scenario .* begins with b89f; the nearest is b89e9a598fd47e1e"),
        ("b89e-99", r"no run of b89e9a598fd47e1e has the seed 99; there are:\n  b89e9a598fd47e1e-5 \(part first"),
    ],
)
def test_a_name_of_no_run_is_told(name: str, told: str, store: Store) -> None:
    with pytest.raises(InputError, match=told):
        find_run(store, name)


def test_a_driver_that_is_none_is_told(store: Store) -> None:
    with pytest.raises(
        InputError, match=r'driver = "messa" is not allowed: give ensemble, mesa or both\. Did you mean'
    ):
        replay(store, names(store, "first")[0], "messa")


def test_a_run_not_raced_yet_and_a_damaged_block_are_told(store: Store, tmp_path: Path) -> None:
    copy = tampered(store, tmp_path, lambda _: None, Place(0, 0))
    name = names(copy, "first")[0]
    path = copy.block(Place(0, 0))
    assert path is not None
    content = path.read_bytes()
    path.write_bytes(content[:-9])
    with pytest.raises(InputError, match=r"checksum .*puts it aside"):
        replay(copy, name)
    path.unlink()
    with pytest.raises(InputError, match="is in the design and has not been raced yet"):
        replay(copy, name)


def test_runs_with_seeds_of_their_own_and_further_replicates_are_found(tmp_path: Path) -> None:
    own = ("first_seed = 5", "first_seed = 5\ncommon_random_numbers = false")
    study = load_study(written(tmp_path, own, ("cycle = [1, 3]\ncontrol", "cycle = [1]\ncontrol")))
    request = Request(parts=["first"], workers=1, block_runs=5)
    run_study(study, tmp_path / "out", request)
    run_study(study, tmp_path / "out", Request(parts=["first"], workers=1, block_runs=5, more_replicates=1))
    store = Store.open(tmp_path / "out")
    runs = listed_runs(store, "first")
    assert runs["seed"].nunique() == len(runs) == 32
    for name in runs["run"].iloc[[0, 3, 13, 31]]:
        again = replay(store, name, "ensemble")
        assert again.identical
        assert [member.part for member in again.members] == ["first"]
    (place,) = [one for one in store.blocks(0) if store.generations()[0].block(one)[0].name == runs["run"].iloc[0]]

    def next_seed(rows: pd.DataFrame) -> None:
        rows.loc[0, "seed"] += np.uint64(1)

    other = tampered(store, tmp_path, next_seed, Place(0, place))
    assert replay(other, runs["run"].iloc[0], "ensemble").differing["ensemble"] == ["seed"]


def test_a_run_beyond_the_replicates_of_a_part_is_not_of_that_part(tmp_path: Path) -> None:
    fewer = ('after = "first"\n', 'after = "first"\nreplicates = 1\n')
    study = load_study(written(tmp_path, fewer, ('"none", "blind_drift"', '"none"')))
    run_study(study, tmp_path / "out", Request(workers=1))
    store = Store.open(tmp_path / "out")
    shared = names(store, "second")
    assert [name.partition("-")[2] for name in shared] == ["5", "5"]
    assert [one.part for one in members(store, find_run(store, shared[0]))] == ["first", "second"]
    assert [one.part for one in members(store, find_run(store, shared[0].replace("-5", "-6")))] == ["first"]


def test_the_list_is_that_of_the_rows(store: Store) -> None:
    runs, rows = listed_runs(store), store.rows([])
    assert set(runs["run"]) == set(rows["scenario"] + "-" + rows["seed"].astype(str))
    assert list(runs["part"].unique()) == ["first", "second", "sampled", "event"]
    assert runs["levels"].iloc[0] == "teams = 1, cycle = 1, arsenal = 1"
    assert list(runs["seed"].iloc[:4]) == [5, 6, 7, 5]
    assert len(listed_runs(store, failed=True)) == 0
    with pytest.raises(InputError, match="no part"):
        listed_runs(store, "frist")


def test_names_are_those_of_the_design(store: Store) -> None:
    run = store.generations()[0].block(0)[4]
    assert isinstance(run, Run)
    assert find_run(store, run.name) == run
    assert (store.directory / MANIFEST).is_file()
