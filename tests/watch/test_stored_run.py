"""Stored runs watched again: the very same race, to the bit, and told so; one that is not is found out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.study.design import Place
from race_sim.study.reading import load_study
from race_sim.study.replay import listed_runs
from race_sim.study.store import Store
from race_sim.study.sweep import Request, run_study
from race_sim.watch import WatchedRace
from race_sim.watch.stored_run import StoredRun, agreement, stored_run
from tests.study.small_study import written
from tests.study.sweeping import offer_models
from tests.study.test_replay import a_value_for_none, last_bit, study_in, tampered


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("stored")
    run_study(study_in(folder), folder / "out", Request(workers=1))
    return Store.open(folder / "out")


def watched(stored: StoredRun) -> Records:
    race = WatchedRace(stored.scenario, stored.seed, stored.model)
    while not race.over:
        race.step()
        race.frame()
    return race.model.records()


@pytest.mark.parametrize("part", ["first", "second", "sampled", "event"])
def test_a_stored_run_is_watched_to_the_bit(part: str, store: Store) -> None:
    for name in list(listed_runs(store, part)["run"])[::5]:
        stored = stored_run(store, name)
        assert stored.name == name
        assert part in [member.part for member in stored.members]
        found = agreement(stored, watched(stored))
        assert found.same
        assert "all" in found.sentence
        assert name in found.sentence


def test_it_is_the_run_of_that_point(store: Store) -> None:
    table = listed_runs(store, "first")
    row = table[table["levels"] == "teams = 2, cycle = 3, arsenal = 2"].iloc[1]
    stored = stored_run(store, row["run"])
    assert stored.seed == row["seed"] == 6
    assert stored.scenario.parameters.workshops.iteration_weeks == 3
    assert stored.scenario.parameters.teams.count == 2
    assert "cycle 3" in stored.scenario.title
    assert stored.row["total_hits"] > 0
    assert stored.other == []


@pytest.mark.parametrize("change", [last_bit, a_value_for_none])
def test_a_row_that_differs_in_one_bit_is_found_out(change: object, store: Store, tmp_path: Path) -> None:
    altered = tampered(store, tmp_path, change, Place(0, 0))  # type: ignore[arg-type]
    run = altered.generations()[0].block(0)[0]
    stored = stored_run(altered, run.name)
    found = agreement(stored, watched(stored))
    assert not found.same
    assert ("total_hits" if change is last_bit else "primes_stock_age") in found.sentence


def test_a_race_changed_on_the_way_is_not_the_stored_run(store: Store) -> None:
    stored = stored_run(store, listed_runs(store, "first")["run"].iloc[0])
    race = WatchedRace(stored.scenario, stored.seed)
    while not race.over:
        if race.week == 4:
            race.change({"teams.active": False, "operators.crews": 10})
        race.step()
    found = agreement(stored, race.model.records())
    assert not found.same
    assert "differ" in found.sentence


def test_records_of_another_race_are_refused(store: Store) -> None:
    names = listed_runs(store, "first")["run"]
    stored, other = (stored_run(store, name) for name in (names.iloc[0], names.iloc[1]))
    assert stored.seed != other.seed
    with pytest.raises(InputError, match="is not the run"):
        agreement(stored, watched(other))


def test_another_law_is_told(store: Store) -> None:
    changed = Store(store.directory, store.study, {**store.facts, "law": "of another time"})
    stored = stored_run(changed, listed_runs(store, "first")["run"].iloc[0])
    assert stored.other == ["law"]
    records = watched(stored)
    records.weekly["kinds"]["hits"] += 1
    assert "another law" in agreement(stored, records).sentence


@pytest.mark.parametrize("name", ["zzz", "", "../../secret", "<script>", "12345678-99999999999999999999999"])
def test_a_name_of_no_run_is_refused(name: str, store: Store) -> None:
    with pytest.raises(InputError):
        stored_run(store, name)


def test_a_run_that_failed_or_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer_models(tmp_path, monkeypatch)
    study = load_study(written(tmp_path))
    run_study(study, tmp_path / "out", Request(parts=["first"], workers=1, model="odd_models:Fails"))
    store = Store.open(tmp_path / "out")
    failed = listed_runs(store, "first", failed=True)["run"].iloc[0]
    with pytest.raises(InputError, match="no luck"):
        stored_run(store, failed)
    sound = stored_run(store, listed_runs(store, "first")["run"].iloc[0])
    assert sound.model.__name__ == "Fails"
    assert agreement(sound, watched(sound)).same
    for path in store.blocks(0).values():
        path.unlink()
    with pytest.raises(InputError, match="not been raced yet"):
        stored_run(store, failed)


def test_missing_values_are_alike_and_zeros_of_other_signs_are_not(store: Store) -> None:
    stored = stored_run(store, listed_runs(store, "first")["run"].iloc[0])
    records = watched(stored)
    assert np.isnan(stored.row["primes_stock_age"])
    assert agreement(stored, records).same
    zero = next(name for name, value in stored.row.items() if isinstance(value, float) and value == 0.0)
    other = replace(stored, row={**stored.row, zero: -0.0})
    assert zero in agreement(other, records).sentence
