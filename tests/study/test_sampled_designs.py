"""Sampled parts of a study: levels where coordinates say, factors from a screen, points that go on, boundaries."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from race_sim.analysis.measures import measure
from race_sim.scenario import load
from race_sim.study.definition import Range, Study
from race_sim.study.design import points_of
from race_sim.study.growth import unit_points
from race_sim.study.points import defined, points
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult
from race_sim.study.store import Store
from tests.study.counting import Races, counted, generations, seeds, stopped, swept
from tests.study.small_study import BOUNDARY_STUDY, SAMPLED_STUDY, written


@pytest.fixture
def races(monkeypatch: pytest.MonkeyPatch) -> Races:
    return counted(monkeypatch)


SKILL = "teams.skill"


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    folder = tmp_path_factory.mktemp("sampled")
    return swept(load_study(written(folder, text=SAMPLED_STUDY)), folder / "out")


def levels(result: StudyResult, part: str) -> pd.DataFrame:
    return pd.DataFrame([json.loads(text) for text in result.points[part]["levels"]])


def test_a_part_has_its_own_replicates(sampled: StudyResult) -> None:
    counts = {name: set(rows.groupby("point").size()) for name, rows in sampled.parts.items()}
    assert counts == {"cube": {2}, "even": {2}, "one_by_one": {3}, "indices": {2}}
    assert {name: len(found) for name, found in sampled.points.items()} == {
        "cube": 4,
        "even": 4,
        "one_by_one": 3 * 4,
        "indices": 2 * 4,
    }


def test_sampled_levels_lie_where_their_coordinates_say(sampled: StudyResult) -> None:
    for name in ("cube", "one_by_one"):
        found, unit = levels(sampled, name), sampled.unit(name)
        assert found["cycle"].tolist() == np.rint(1 + 3 * unit[:, 0]).tolist()
        assert all(isinstance(json.loads(text)["cycle"], int) for text in sampled.points[name]["levels"])
        assert found["arsenal"].to_numpy() == pytest.approx(0.5 * 16 ** unit[:, 1])
        assert found[SKILL].to_numpy() == pytest.approx(0.1 + 0.8 * unit[:, 2])
    even, unit = levels(sampled, "even"), sampled.unit("even")
    assert even["cycle"].tolist() == [[1, 2, 4][int(3 * share)] for share in unit[:, 0]]


def test_a_dotted_path_sets_its_parameter(sampled: StudyResult) -> None:
    for _, point in sampled.points["cube"].iterrows():
        parameters = defined(point["definition"])[0].parameters
        wanted = json.loads(point["levels"])
        assert parameters.teams.skill == wanted[SKILL] != load("baseline").parameters.teams.skill
        assert parameters.workshops.iteration_weeks == wanted["cycle"]
        assert parameters.workshops.weekly_output == round(20 * wanted["arsenal"])
    rows = sampled.parts["cube"]
    assert rows[SKILL].nunique() == 4


def test_a_dotted_path_wins_over_what_the_study_sets(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, ("teams = [1, 2]", '"teams.count" = [7]\nteams = [1, 2]')))
    assert {point.scenario.parameters.teams.count for point in points(study, study.part[0])} == {7}


def strata(unit: np.ndarray) -> list[set[int]]:
    return [set((column * len(unit)).astype(int)) for column in unit.T]


def test_a_latin_hypercube_has_one_point_in_each_part_of_each_factor(sampled: StudyResult) -> None:
    assert strata(sampled.unit("cube")) == [{0, 1, 2, 3}] * 3


def test_designs_of_parts_and_of_seeds_differ(sampled: StudyResult) -> None:
    study = sampled.study
    cube = study.named("cube")
    other_seed = study.model_copy(update={"design_seed": 2})
    other_name = cube.model_copy(update={"name": "cube_2"})
    own = unit_points(study, cube, 3, 0, 4, 0)
    assert (own == sampled.unit("cube")).all()
    assert not (unit_points(other_seed, cube, 3, 0, 4, 0) == own).any()
    assert not (unit_points(study, other_name, 3, 0, 4, 0) == own).any()


def mu_star(result: StudyResult, part: str, output: str) -> dict[str, float]:
    """Mean absolute elementary effect of each factor, from the rows themselves."""
    rows = result.parts[part]
    means = measure(output).of_runs(rows).groupby(rows["point"]).mean()
    unit, names = result.unit(part), result.factors(part)
    effects: dict[str, list[float]] = {name: [] for name in names}
    for point in range(len(unit) - 1):
        if (point + 1) % (len(names) + 1):
            (moved,) = np.flatnonzero(unit[point + 1] != unit[point])
            step = unit[point + 1, moved] - unit[point, moved]
            effects[names[moved]].append(abs((means[point + 1] - means[point]) / step))
    return {name: float(np.mean(values)) for name, values in effects.items()}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_screened_part_varies_the_factors_that_move_the_output_most(
    most: int, sampled: StudyResult, tmp_path: Path
) -> None:
    found = mu_star(sampled, "one_by_one", "hits")
    largest = sorted(found, key=lambda name: -found[name])
    assert found[largest[0]] > found[largest[2]]
    study = load_study(written(tmp_path, ("most = 2", f"most = {most}"), text=SAMPLED_STUDY))
    result = swept(study, tmp_path / "out", parts=("indices",))
    assert list(result.parts) == ["one_by_one", "indices"]
    varied = result.factors("indices")
    assert set(varied) == set(largest[:most])
    assert varied == [name for name in found if name in varied]  # in the order of the part
    assert result.unit("indices").shape == (2 * (most + 2), most)
    for name in set(study.defaults) - set(varied):
        assert set(result.parts["indices"][name]) == {study.defaults[name]}


def test_saltelli_points_differ_as_their_indices_need(sampled: StudyResult) -> None:
    for own, first, second, other in sampled.unit("indices").reshape(2, 4, 2):
        assert first.tolist() == [other[0], own[1]]
        assert second.tolist() == [own[0], other[1]]
    assert sampled.values("indices", "hits").shape == (8, 2)


def test_more_points_go_on_with_the_designs(sampled: StudyResult, tmp_path: Path, races: Races) -> None:
    out = tmp_path / "out"
    before = swept(sampled.study, out)
    races.clear()
    after = swept(sampled.study, out, more_points=4)
    assert [origin for origin, *_ in generations(out)] == ["study", "study", "study", "more-points", "more-points"]
    counts = {name: len(found) for name, found in after.points.items()}
    assert counts == {"cube": 8, "even": 8, "one_by_one": 7 * 4, "indices": 6 * 4}
    for name, found in after.points.items():
        assert list(found["point"]) == list(range(len(found)))
        assert_frame_equal(found.head(len(before.points[name])), before.points[name])
        assert set(after.parts[name].groupby("point").size()) == {3 if name == "one_by_one" else 2}
    assert strata(after.unit("cube")[4:]) == [{0, 1, 2, 3}] * 3
    assert len(np.unique(after.unit("cube"), axis=0)) == 8  # drawn anew, not the same once more
    assert not np.array_equal(after.unit("one_by_one")[12:24], after.unit("one_by_one")[:12])
    study, even = sampled.study, sampled.study.named("even")
    assert (after.unit("even") == unit_points(study, even, 2, 0, 8, 0)).all()
    assert len(np.unique(after.unit("even"), axis=0)) == 8
    indices = study.named("indices")
    assert (after.unit("indices") == unit_points(study, indices, 2, 0, 6, 0)).all()
    assert mu_star(after, "one_by_one", "hits").keys() == set(after.factors("one_by_one"))
    assert len(races) == len(set(races)) == sum(one.runs for one in Store.open(out).generations()[3:])
    third = swept(sampled.study, out, more_points=1, parts=("even",))
    assert (third.unit("even") == unit_points(study, even, 2, 0, 9, 0)).all()


@pytest.mark.slow
@pytest.mark.parametrize("stop", [70, 90, 120])
def test_the_same_command_finishes_points_that_were_being_added(
    stop: int, sampled: StudyResult, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    stopped(sampled.study, out, stop, more_points=2, more_replicates=1)
    result = swept(sampled.study, out, more_points=2, more_replicates=1)
    whole = swept(sampled.study, tmp_path / "whole", more_points=2, more_replicates=1)
    assert {name: len(found) for name, found in result.points.items()} == {
        "cube": 6,
        "even": 6,
        "one_by_one": 20,
        "indices": 16,
    }
    for name, rows in whole.parts.items():
        assert_frame_equal(result.parts[name], rows, check_exact=True)


def test_points_that_are_added_later_have_all_replicates(sampled: StudyResult, tmp_path: Path) -> None:
    study = sampled.study.model_copy(update={"part": [sampled.study.named("even")]})
    swept(study, tmp_path / "out", more_replicates=2)
    result = swept(study, tmp_path / "out", more_points=4)
    assert seeds(result, "even") == {point: [1, 2, 3, 4] for point in range(8)}


@pytest.fixture(scope="module")
def boundary(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("boundary"), text=BOUNDARY_STUDY))


def test_a_boundary_gets_points_in_batches_until_its_budget_is_spent(boundary: Study, tmp_path: Path) -> None:
    result = swept(boundary, tmp_path / "out")
    origins = [origin for origin, *_ in generations(tmp_path / "out")]
    assert origins == ["study"] + ["boundary"] * (len(origins) - 1)
    assert len(origins) > 2
    found = levels(result, "line")
    assert not found.duplicated().any()
    for teams in (1, 3):
        here = found[found["teams"] == teams]
        assert ((here["cycle"] == 1) & (here["arsenal"] == 1.0)).any()  # what others are divided by
        assert len(here) == 8
    arsenal = boundary.part[0].factors["arsenal"]
    assert isinstance(arsenal, Range)
    assert found["arsenal"].between(arsenal.low, arsenal.high).all()
    assert set(found["cycle"]) <= {1, 2, 3, 4}


@pytest.mark.parametrize("stop", [33, 45])
def test_a_boundary_that_was_stopped_is_refined_as_if_it_had_not_been(
    stop: int, boundary: Study, tmp_path: Path
) -> None:
    whole = swept(boundary, tmp_path / "whole")
    stopped(boundary, tmp_path / "out", stop)
    assert_frame_equal(swept(boundary, tmp_path / "out").parts["line"], whole.parts["line"], check_exact=True)


def test_more_points_raise_the_budget_of_a_boundary(boundary: Study, tmp_path: Path, races: Races) -> None:
    swept(boundary, tmp_path / "out")
    result = swept(boundary, tmp_path / "out", more_points=3)
    found = levels(result, "line")
    assert not found.duplicated().any()
    assert found.groupby("teams").size().to_dict() == {1: 11, 3: 11}
    assert len(races) == len(set(races))
    assert len(points_of(Store.open(tmp_path / "out").generations(), "line")) == 22
