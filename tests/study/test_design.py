"""The design: breadth first, the same for whoever reads it, only ever added to."""

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from race_sim.errors import InputError
from race_sim.study.blocks import read_table
from race_sim.study.design import (
    Generation,
    Run,
    Spot,
    levels_text,
    points_of,
    raced_scenarios,
    replicates_of,
    scenario_shift,
    table_of,
)
from race_sim.study.points import points
from race_sim.study.reading import load_study
from race_sim.study.store import DESIGN, Store
from race_sim.study.sweep import Request, Sweep
from tests.cli.commands import entries
from tests.study.small_study import written


def spot(key: str) -> Spot:
    return Spot(levels_text({"a": key}), "[]", f"{int(key):016x}", json.dumps(key))


def generation(
    keys: Sequence[str],
    replicates: int = 3,
    block_runs: int = 4,
    *,
    number: int = 0,
    first: int = 0,
    part: str = "one",
    common: bool = True,
    first_seed: int = 5,
    known: Sequence[str] = (),
) -> Generation:
    spots = {part: list(enumerate(map(spot, keys)))}
    table = table_of(spots, [spot(key).scenario for key in known])
    return Generation(number, "study", 0, first, replicates, first_seed, common, block_runs, table)


def all_runs(one: Generation) -> list[Run]:
    return list(chain.from_iterable(map(one.block, range(one.blocks))))


def test_the_first_replicate_of_all_comes_before_the_second_of_any() -> None:
    one = generation(["1", "2", "3", "4", "5"])
    found = all_runs(one)
    assert [int(run.scenario, 16) for run in found] == [1, 2, 3, 4, 5] * 3
    assert [run.seed for run in found] == [5] * 5 + [6] * 5 + [7] * 5
    assert [run.definition for run in found[:2]] == [json.dumps("1"), json.dumps("2")]
    assert found[0].name == "0000000000000001-5"
    assert [one.size(block) for block in range(one.blocks)] == [4, 4, 4, 3]
    assert one.round_blocks == 2


@given(points=st.integers(1, 9), replicates=st.integers(1, 5), size=st.integers(1, 50), common=st.booleans())
def test_blocks_hold_every_run_once(points: int, replicates: int, size: int, common: bool) -> None:
    one = generation([str(key) for key in range(points)], replicates, size, common=common)
    sizes = [one.size(block) for block in range(one.blocks)]
    assert [len(one.block(block)) for block in range(one.blocks)] == sizes
    assert all(0 < count <= size for count in sizes)
    assert sum(sizes) == one.runs == points * replicates == len(set(all_runs(one)))
    for done in range(one.blocks + 1):  # whatever is done first, no point is two races ahead of another
        counts = pd.Series([run.scenario for block in range(done) for run in one.block(block)]).value_counts()
        counts = counts.reindex([key for key, _ in one.scenarios], fill_value=0)
        assert counts.max() - counts.min() <= 1


def test_points_have_the_same_seeds_or_each_its_own() -> None:
    assert {run.seed for run in all_runs(generation(["1", "2"]))} == {5, 6, 7}
    keys = [f"{key}{key:08x}" for key in (1, 2**31, 2**32 - 1)]
    own = Generation(0, "study", 0, 0, 3, 5, False, 4, generation(["1"]).points)
    seeds = [own.seed(key[-8:] + key[:8], replicate) for key in keys for replicate in range(3)]
    assert len(set(seeds)) == 9
    assert all(0 <= seed < 2**64 for seed in seeds)
    assert scenario_shift("0000000100000000") == 2**32
    last = Generation(0, "study", 0, 0, 3, 2**63, False, 4, generation(["1"]).points)
    assert 0 <= last.seed("ffffffff00000000", 2) < 2**64


def test_a_scenario_is_raced_once_however_many_points_have_it() -> None:
    spots = {"one": [(0, spot("1")), (1, spot("2"))], "two": [(0, spot("2")), (1, spot("3")), (2, spot("3"))]}
    table = table_of(spots, [spot("1").scenario])
    assert list(table["raced"]) == [False, True, False, True, False]
    one = Generation(0, "study", 0, 0, 2, 5, True, 4, table)
    assert [key for key, _ in one.scenarios] == [spot("2").scenario, spot("3").scenario]
    assert (one.runs, one.blocks, one.parts) == (4, 1, ["one", "two"])
    none = generation(["1"], known=["1"])
    assert (none.runs, none.blocks, none.parts) == (0, 0, ["one"])


def test_a_scenario_counts_as_raced_where_generations_have_all_its_replicates() -> None:
    first = generation(["1", "2"], 3)
    more = generation(["1"], 2, number=1, first=3)
    gap = generation(["2"], 2, number=2, first=4)

    def raced(first_replicate: int, last: int) -> list[int]:
        return sorted(int(key, 16) for key in raced_scenarios([gap, more, first], first_replicate, last))

    assert raced(0, 3) == [1, 2]
    assert raced(0, 5) == [1]
    assert raced(3, 5) == [1]
    assert raced(4, 6) == [2]
    assert raced(0, 6) == []


def test_points_and_replicates_of_a_part_add_up_over_generations() -> None:
    found = [generation(["1", "2"], 3), generation(["1", "2"], 2, number=1, first=3), generation(["9"], 1, part="two")]
    assert (replicates_of(found, "one"), replicates_of(found, "two"), replicates_of(found, "none")) == (5, 1, 0)
    assert list(points_of(found, "one")["point"]) == [0, 1]
    assert list(points_of(found, "two")["scenario"]) == [spot("9").scenario]
    assert len(points_of(found, "none")) == 0
    assert list(points_of(found, "none")) == list(points_of(found, "one"))


@pytest.fixture
def prepared(tmp_path: Path) -> Store:
    study = load_study(written(tmp_path))
    return Sweep(study, tmp_path / "out", Request(block_runs=5)).prepare()


def test_runs_of_a_block_follow_from_what_is_stored_alone(prepared: Store) -> None:
    (own,) = prepared.generations()
    (read,) = Store.open(prepared.directory).generations()
    assert read.facts == own.facts
    assert_frame_equal(read.points, own.points)
    order = list(range(read.blocks))
    order = order[::2] + order[1::2][::-1]
    assert {block: read.block(block) for block in order} == {block: own.block(block) for block in range(own.blocks)}
    study = prepared.study
    keys = [point.key for point in points(study, study.part[0])]
    assert [run.scenario for run in all_runs(read)] == keys * 3
    assert [run.seed for run in all_runs(read)] == [seed for seed in study.seeds for _ in keys]


def test_a_generation_is_never_overwritten(prepared: Store) -> None:
    (own,) = prepared.generations()
    file = prepared.directory / DESIGN / "g000.parquet"
    before = file.read_bytes()
    other = Store.open(prepared.directory)  # another process
    assert not other.append(generation(["1"]))
    assert file.read_bytes() == before
    assert other.append(generation(["1"], number=1))
    assert not prepared.append(generation(["2"], number=1))
    assert [len(one.points) for one in prepared.generations()] == [len(own.points), 1]
    assert points_of(prepared.generations(), "one")["scenario"].iloc[0] == spot("1").scenario
    assert entries(prepared.directory / DESIGN) == ["g000.parquet", "g001.parquet"]


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_generation_is_told_and_nothing_is_raced(damage: str, prepared: Store) -> None:
    file = prepared.directory / DESIGN / "g000.parquet"
    content = bytearray(file.read_bytes())
    if damage == "other":
        pd.DataFrame({"a": [1]}).to_parquet(file)
        content = bytearray(file.read_bytes())
    file.write_bytes(content[: {"cut": -20, "empty": 0}.get(damage, len(content))])
    with pytest.raises(InputError, match=r"g000\.parquet: is damaged"):
        Sweep(prepared.study, prepared.directory, Request(workers=1)).run()
    assert not list((prepared.directory / "runs").rglob("*.parquet"))


def test_no_bit_of_a_generation_can_change_unseen(prepared: Store) -> None:
    file = prepared.directory / DESIGN / "g000.parquet"
    whole = file.read_bytes()
    frame, facts = read_table(file)
    told: list[str] = []
    for place in range(0, len(whole), 3):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            found, said = read_table(file)
        except InputError as error:
            told.append(str(error))
        else:  # a bit that nothing depends on
            assert_frame_equal(found, frame)
            assert said == facts
    assert len(told) > len(whole) / 12
    assert all(one.startswith(f"{file}: is damaged") for one in told)
