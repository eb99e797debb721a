"""How a design grows: parts in waves, factors from a screen, sampled designs that go on, more seeds, boundaries."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from race_sim.errors import InputError
from race_sim.study.definition import Study
from race_sim.study.design import Generation
from race_sim.study.growth import Growth
from race_sim.study.reading import load_study
from race_sim.study.result import part_rows, read_result
from race_sim.study.store import Store
from race_sim.study.sweep import FINISHED, Request, Sweep
from tests.study.counting import Races, counted, generations, seeds, stopped, swept
from tests.study.small_study import written


@pytest.fixture
def races(monkeypatch: pytest.MonkeyPatch) -> Races:
    return counted(monkeypatch)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


def test_a_part_comes_once_the_rows_it_needs_are_there(small: Study, tmp_path: Path) -> None:
    store = Sweep(small, tmp_path / "out", Request(workers=1)).prepare()
    assert generations(tmp_path / "out") == [("study", ["first"], 0, 3, 8)]
    result = read_result(store)
    assert (list(result.parts), len(result.parts["first"])) == (["first"], 0)
    swept(small, tmp_path / "out")
    assert generations(tmp_path / "out") == [("study", ["first"], 0, 3, 8), ("study", ["second"], 0, 3, 2)]


def test_what_is_added_follows_from_study_and_rows_alone(small: Study, tmp_path: Path) -> None:
    store = Sweep(small, tmp_path / "out", Request(workers=1)).run()
    own = store.generations()
    for number, one in enumerate(own):
        (again,) = Growth(small, small.part).next(own[:number], lambda part: part_rows(store, part))
        assert again.facts == one.facts
        assert_frame_equal(again.points, one.points)
    assert Growth(small, small.part).next(own, lambda part: part_rows(store, part)) == []


def test_more_replicates_add_as_many_seeds_and_run_none_again(small: Study, tmp_path: Path, races: Races) -> None:
    before = swept(small, tmp_path / "out")
    assert len(races) == 30
    races.clear()
    after = swept(small, tmp_path / "out", more_replicates=2)
    assert len(races) == 2 * 10
    assert {seed for _, seed in races} == {8, 9}
    for name, rows in before.parts.items():
        assert set(map(tuple, seeds(after, name).values())) == {(5, 6, 7, 8, 9)}
        old = after.parts[name][after.parts[name]["seed"] <= 7].reset_index(drop=True)
        assert_frame_equal(old, rows, check_exact=True)
    races.clear()
    third = swept(small, tmp_path / "out", more_replicates=1)  # one more, on top
    assert {seed for _, seed in races} == {10}
    assert set(map(tuple, seeds(third, "first").values())) == {(5, 6, 7, 8, 9, 10)}
    races.clear()
    assert swept(small, tmp_path / "out").there == 60
    assert races == []


def test_more_replicates_are_those_the_study_would_have_had(small: Study, tmp_path: Path) -> None:
    study = small.model_copy(update={"part": small.part[:1]})
    extended = swept(study, tmp_path / "out", more_replicates=2)
    whole = swept(study.model_copy(update={"replicates": 5}), tmp_path / "whole")
    assert_frame_equal(extended.parts["first"], whole.parts["first"], check_exact=True)


@pytest.mark.parametrize("stop", [4, 26, 34, 48])
def test_the_same_command_finishes_an_extension_that_was_stopped(
    stop: int, small: Study, tmp_path: Path, races: Races
) -> None:
    out = tmp_path / "out"
    stopped(small, out, stop, more_replicates=2)
    result = swept(small, out, block_runs=4, more_replicates=2)
    assert (result.there, result.wanted) == (50, 50)
    assert len(races) == len(set(races)) == 50
    assert set(map(tuple, seeds(result, "first").values())) == {(5, 6, 7, 8, 9)}
    assert swept(small, out, block_runs=4).there == 50
    assert swept(small, out, block_runs=4, more_replicates=2).there == 70  # the next one adds


UNEVEN = (
    ('name = "second"', 'name = "second"\nreplicates = 5'),
    ('after = "first"\n', ""),
    ('"none", "blind_drift"', '"none"'),
    ('set = { "workshops.adoption_probability" = "= adopted_share" }', ""),
)


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The second part shares both its points with the first and has five replicates of them."""
    return load_study(written(tmp_path_factory.mktemp("uneven"), *UNEVEN))


def test_an_extension_is_finished_until_its_results_are_written(small: Study, tmp_path: Path, races: Races) -> None:
    """Whoever is killed while figures are drawn gives the same command again."""
    out = tmp_path / "out"
    for _ in range(2):
        assert read_result(Sweep(small, out, Request(workers=1, more_replicates=2)).run()).there == 50
    assert len(races) == 50
    assert swept(small, out, more_replicates=2).there == 50
    assert swept(small, out, more_replicates=2).there == 70
    (out / FINISHED).write_text("{")
    with pytest.raises(InputError, match=rf"{FINISHED}: is damaged; remove it and run the command again"):
        swept(small, out, more_replicates=2)


def test_points_shared_by_parts_with_other_replicates_are_raced_once(
    uneven: Study, tmp_path: Path, races: Races
) -> None:
    out = tmp_path / "out"
    result = swept(uneven, out)
    assert len(races) == len(set(races)) == 6 * 3 + 2 * 5
    assert generations(out) == [("study", ["second"], 0, 5, 2), ("study", ["first"], 0, 3, 6)]
    assert set(map(tuple, seeds(result, "first").values())) == {(5, 6, 7)}
    assert set(map(tuple, seeds(result, "second").values())) == {(5, 6, 7, 8, 9)}
    shared = result.parts["first"]["scenario"].isin(result.parts["second"]["scenario"])
    assert shared.sum() == 2 * 3
    races.clear()
    more = swept(uneven, out, more_replicates=1)
    assert len(races) == 6 + 2  # what the first lacks of the shared ones, the second has
    assert set(map(tuple, seeds(more, "first").values())) == {(5, 6, 7, 8)}
    assert set(map(tuple, seeds(more, "second").values())) == {(5, 6, 7, 8, 9, 10)}


def test_an_extension_of_which_half_was_written_is_finished(uneven: Study, tmp_path: Path) -> None:
    out = tmp_path / "out"
    swept(uneven, out)
    store = Store.open(out)
    both = Growth(uneven, uneven.part).more_replicates(store.generations(), 2)
    assert [one.parts for one in both] == [["second"], ["first"]]
    store.append(both[0])  # and killed then
    result = swept(uneven, out, more_replicates=2)
    assert set(map(tuple, seeds(result, "first").values())) == {(5, 6, 7, 8, 9)}
    assert set(map(tuple, seeds(result, "second").values())) == {(5, 6, 7, 8, 9, 10, 11)}
    assert len(generations(out)) == 4


def test_points_have_seeds_of_their_own_if_asked(tmp_path: Path, races: Races) -> None:
    study = load_study(written(tmp_path, ("first_seed = 5", "first_seed = 5\ncommon_random_numbers = false")))
    result = swept(study, tmp_path / "out", parts=("first",))
    of_points = seeds(result, "first")
    every = [seed for found in of_points.values() for seed in found]
    assert len(set(every)) == len(every) == 24
    assert all(np.diff(found).tolist() == [1, 1] for found in of_points.values())
    again = swept(study, tmp_path / "out", parts=("first",), more_replicates=1)
    assert all(found[:3] == of_points[point] for point, found in seeds(again, "first").items())
    assert {len(found) for found in seeds(again, "first").values()} == {4}
    assert len(set(races)) == len(races) == 32


def test_a_grid_has_no_more_points(small: Study, tmp_path: Path) -> None:
    before = swept(small, tmp_path / "out")
    with pytest.raises(InputError, match="study small: --more-points is for sampled designs, and all its parts are"):
        swept(small, tmp_path / "out", more_points=2)
    assert swept(small, tmp_path / "out").there == before.there


def at_once(count: int) -> Callable[..., Any]:
    """Another process that extends the same store just before this one does."""

    def appending(store: Store, generation: Generation) -> bool:
        if generation.origin == "more-replicates":
            other = Store.open(store.directory)
            growth = Growth(store.study, store.study.part)
            for one in growth.more_replicates(other.generations(), count):
                append(other, one)
        return append(store, generation)

    append = Store.append
    return appending


def test_two_processes_that_add_the_same_add_it_once(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(small, tmp_path / "out")
    sweeping = Sweep(small, tmp_path / "out", Request(workers=1, more_replicates=2))
    monkeypatch.setattr(Store, "append", at_once(2))
    assert read_result(sweeping.run()).there == 50
    assert len(generations(tmp_path / "out")) == 3


def test_two_processes_that_add_something_else_do_not_mix_it(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(small, tmp_path / "out")
    sweeping = Sweep(small, tmp_path / "out", Request(workers=1, more_replicates=2))
    monkeypatch.setattr(Store, "append", at_once(1))
    with pytest.raises(InputError, match="another process has added to the design; run the command again"):
        sweeping.run()
    assert [replicates for *_, replicates, _ in generations(tmp_path / "out")] == [3, 3, 1]
