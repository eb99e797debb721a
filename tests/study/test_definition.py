"""Files of studies: those that ship load and can be designed; a bad one gives one error that says what and where."""

import json
from itertools import islice
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.errors import InputError
from race_sim.study.definition import Level, Range, Study, factor_levels, level_at
from race_sim.study.growth import first_samples
from race_sim.study.points import combinations, points
from race_sim.study.reading import kept_study, load_study, shipped_studies
from tests.study.small_study import BOUNDARY_STUDY, SAMPLED_STUDY, SMALL_STUDY, written

Scale: TypeAlias = Literal["linear", "log"]


@pytest.mark.parametrize("name", shipped_studies())
@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_shipped_studies_have_points(name: str, quick: bool) -> None:
    study = load_study(name).smaller() if quick else load_study(name)
    for part in study.part:
        whole = part
        if part.screen is not None:
            screened = study.named(part.screen.part).factors
            whole = part.model_copy(update={"factors": dict(list(screened.items())[: part.screen.most])})
        found = list(points(study, whole, lambda _: 0.5, islice(first_samples(study, whole), 3)))
        assert found
        assert all(list(point.levels) == list(whole.factors) for point in found)
        assert part.question.endswith("?")
        assert part.figures or part.figure or any(other.needs == part.name for other in study.part)


def test_the_headline_study_ships() -> None:
    assert "headline" in shipped_studies()


def test_the_small_study_is_right(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    assert study.name == "small"
    assert list(study.seeds) == [5, 6, 7]
    assert [len(list(combinations(part))) for part in study.part] == [8, 4]
    assert list(combinations(study.part[1]))[1] == {"cycle": 1, "control": "blind_drift"}
    quick = study.smaller()
    assert list(quick.seeds) == [5, 6]
    assert [len(list(combinations(part))) for part in quick.part] == [4, 2]


TEXTS = {"small": SMALL_STUDY, "sampled": SAMPLED_STUDY, "boundary": BOUNDARY_STUDY}


def test_a_study_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'unknown study "headlin"\. Did you mean "headline"\? There are .*headline'):
        load_study("headlin")
    with pytest.raises(InputError, match=r"nowhere\.toml: no such file"):
        load_study(str(tmp_path / "nowhere.toml"))
    written(tmp_path)
    with pytest.raises(InputError, match=r'smal\.toml: no such file\. Did you mean "small\.toml"'):
        load_study(str(tmp_path / "smal.toml"))
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InputError, match=r"folder\.toml: is a directory"):
        load_study(str(tmp_path / "folder.toml"))


def test_an_unknown_part_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    with pytest.raises(
        InputError, match=r'study small has no part "secnd"\. Did you mean "second"\? Its parts are first'
    ):
        study.parts(("secnd",))


def test_a_part_brings_all_parts_it_comes_after(tmp_path: Path) -> None:
    third = '[[part]]\nname = "third"\nquestion = "?"\nafter = "second"\n\n[part.factors]\ncycle = [1]\n\n[quick]'
    study = load_study(written(tmp_path, ("[quick]", third)))
    assert [part.name for part in study.parts()] == ["first", "second", "third"]
    assert [part.name for part in study.parts(("third",))] == ["first", "second", "third"]
    assert [part.name for part in study.parts(("second",))] == ["first", "second"]
    assert [part.name for part in study.parts(("first",))] == ["first"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("= output * arsenal / 3", "= outptu * arsenal / 3", 'unknown name "outptu". Did you mean "output"?'),
        ("= output * arsenal / 3", "= output * arsenal / (cycle - 1)", "workshops.weekly_output: expression"),
        ("= output * arsenal / 3", "= output * arsenal / 7", "workshops.weekly_output = 8.571"),
        (
            "= output * arsenal / 3",
            "= -output * arsenal / 3",
            "workshops.weekly_output = -20 is not allowed: give a whole",
        ),
        ('"teams.count" = "= teams"', '"teams.count" = "= 600 * teams * cycle"', "teams.count = 1800 is not allowed"),
        (
            '"workshops.trial_share" = 0.3',
            '"workshops.trial_share" = 0.6',
            "workshops.trial_share = 0.6 is not allowed",
        ),
        ('"run.weeks" = 14', '"run.weeks" = 4', "run.burn_in_weeks = 4 must be smaller than run.weeks = 4"),
        (
            '"workshops.trial_share" = 0.3',
            '"workshops.trial_share" = "= adopted_share"',
            'unknown name "adopted_share"',
        ),
    ],
)
def test_a_bad_point_is_named_by_study_part_and_levels(old: str, new: str, told: str, tmp_path: Path) -> None:
    study = load_study(written(tmp_path, (old, new)))
    with pytest.raises(InputError) as refused:
        list(points(study, study.part[0]))
    message = str(refused.value)
    assert message.startswith("study small, part first (teams = ")
    assert ", arsenal = " in message.partition(")")[0]
    assert told in message
    assert "\n" not in message


def test_a_fraction_for_a_whole_number_is_refused_and_a_whole_one_taken(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, ("= output * arsenal / 3", "= output / 3 * arsenal / 1.0")))
    value = next(points(study, study.part[0])).scenario.parameters.value("workshops.weekly_output")
    assert (value, type(value)) == (20, int)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_study_comes_back_from_its_manifest_as_it_was(text: str, tmp_path: Path) -> None:
    for study in (load_study(written(tmp_path, text=text)), load_study(written(tmp_path, text=text)).smaller()):
        assert kept_study(json.loads(json.dumps(study.model_dump(mode="json"))), tmp_path) == study
    with pytest.raises(
        InputError, match=r"manifest: holds no study this version of race_sim can read: part is missing"
    ):
        kept_study({**study.model_dump(mode="json", exclude={"part"})}, Path("manifest"))


def test_levels_of_a_range_are_evenly_spaced_on_its_scale_and_include_both_ends() -> None:
    assert Range(low=1, high=2, steps=5).levels == [1.0, 1.25, 1.5, 1.75, 2.0]
    assert Range(low=0.25, high=16, steps=7, scale="log").levels == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert Range(low=0.1, high=3, steps=3, scale="log").levels == pytest.approx([0.1, 0.3**0.5, 3.0])
    whole = Range(low=1, high=4, steps=7, whole=True).levels
    assert whole == [1, 2, 3, 4]
    assert all(type(level) is int for level in whole)
    assert factor_levels(Range(low=1, high=8, steps=4, scale="log", whole=True)) == [1, 2, 4, 8]
    assert factor_levels(["a", True]) == ["a", True]


@given(
    low=st.floats(1e-3, 1e3),
    span=st.floats(1.001, 1e6),
    share=st.floats(0, 1),
    scale=st.sampled_from(["linear", "log"]),
)
def test_a_level_of_a_range_lies_in_it_at_the_share_it_tells(
    low: float, span: float, share: float, scale: Scale
) -> None:
    one = Range(low=low, high=low * span, scale=scale)
    level = one.at(share)
    assert one.low <= level <= one.high
    assert one.share(level) == pytest.approx(share, abs=1e-6)
    assert (one.at(0.0), one.at(1.0)) == pytest.approx((one.low, one.high), rel=1e-11)


def test_levels_of_a_list_are_sampled_as_often_as_one_another() -> None:
    factor: list[Level] = ["a", "b", "c"]
    found = [level_at(factor, (place + 0.5) / 300) for place in range(300)]
    assert [found.count(level) for level in factor] == [100, 100, 100]
    assert level_at(factor, 1.0) == "c"  # a Morris grid includes both ends
    assert level_at(Range(low=1, high=4, whole=True), 1.0) == 4


def test_a_part_brings_the_part_that_screens_its_factors(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, text=SAMPLED_STUDY))
    assert [part.name for part in study.parts(("indices",))] == ["one_by_one", "indices"]


def test_a_quick_study_has_fewer_points_replicates_and_levels(tmp_path: Path) -> None:
    quick = "[quick]\nreplicates = 1\npoints = 2\nbudget = 5\n\n[quick.factors]\nteams = [2]\n"
    boundary = load_study(written(tmp_path, text=BOUNDARY_STUDY + quick)).smaller()
    part = boundary.part[0]
    assert (boundary.replicates_of(part), part.points, part.factors["teams"]) == (1, 2, [2])
    assert part.boundary is not None
    assert part.boundary.budget == 5
    sampled = load_study(written(tmp_path, text=SAMPLED_STUDY + quick.replace("teams", "cycle"))).smaller()
    assert [sampled.replicates_of(part) for part in sampled.part] == [1, 1, 1, 1]
    assert [part.points for part in sampled.part] == [2, 2, 2, 2]
    assert [part.factors.get("cycle") for part in sampled.part] == [[2], [2], [2], None]


def deciding(study: Study, **changes: object) -> bool:
    """Whether a study changed so is another one."""
    return study.model_copy(update=changes).deciding != study.deciding


def test_what_decides_a_race_is_told_from_how_it_is_shown(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, text=SAMPLED_STUDY))

    def part(**changes: object) -> bool:
        return deciding(study, part=[study.part[0].model_copy(update=changes), *study.part[1:]])

    assert not deciding(
        study, title="Other", question="Other?", outputs=["hits"], quick=study.quick.model_copy(update={"points": 2})
    )
    assert not part(question="Other?", outputs=["sorties"], figures=["a"], figure=["b"])
    assert not deciding(study, part=study.part[::-1])
    for change in (
        {"replicates": 3},
        {"first_seed": 2},
        {"common_random_numbers": False},
        {"design_seed": 2},
        {"base": "no_red"},
        {"set": {}},
        {"defaults": {}},
        {"constants": {"a": 1}},
        {"levels": {"cycle": {}}},
        {"part": study.part[:-1]},
    ):
        assert deciding(study, **change), change
    for change in (
        {"name": "other"},
        {"points": 5},
        {"replicates": 5},
        {"design": "sobol"},
        {"factors": {}},
        {"set": {"run.weeks": 20}},
        {"series": ["total_hits"]},
        {"after": "even"},
    ):
        assert part(**change), change
