"""Files of studies: those that ship load and can be designed; a bad one gives one error that says what and where."""

from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.study.definition import load_study, shipped_studies
from race_sim.study.points import combinations, points
from tests.study.small_study import written

CYCLES = "cycle = [1, 3]\narsenal"


@pytest.mark.parametrize("name", shipped_studies())
@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_shipped_studies_have_points(name: str, quick: bool) -> None:
    study = load_study(name).smaller() if quick else load_study(name)
    for part in study.part:
        few = part.model_copy(update={"factors": {factor: levels[-1:] for factor, levels in part.factors.items()}})
        assert len(list(points(study, few, lambda _: 0.5))) == 1
        assert part.question.endswith("?")
        assert part.figures or any(other.after == part.name for other in study.part)


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


FAULTS = [
    ("first_seed = 5", "first_sed = 5", ['unknown key "first_sed"', 'Did you mean "first_seed"?', "replicates"]),
    ("replicates = 3", "replicates = 0", ["replicates = 0 is not allowed", "equal to 1"]),
    ("replicates = 3", 'replicates = "three"', ['replicates = "three" is not allowed', "integer"]),
    ("first_seed = 5", "first_seed = -5", ["first_seed = -5 is not allowed"]),
    ('question = "Does the runner run?"\n', "", ["question is missing"]),
    ('title = "Small"', 'title = "Small"\nname = "large"', ['unknown key "name"']),
    ('title = "Small"', 'title = "Small"\nbase = "basline"', ['base: unknown scenario "basline"', '"baseline"?']),
    ('name = "second"', 'name = "second"\nfactor = 1', ['unknown key "part.2.factor"', 'Did you mean "factors"?']),
    ('name = "second"', 'name = "first"', ['part "first": there are two parts of this name']),
    (
        'name = "second"',
        'name = "../second"',
        ['part "../second": the name is not allowed', "letters, digits, _ and -"],
    ),
    ('after = "first"', 'after = "frist"', ['part "second": after = "frist" names no earlier part', "first"]),
    ('after = "first"', 'after = "second"', ['part "second": after = "second" names no earlier part']),
    ('after = "first"', 'figures = ["lader"]', ['part "second": there is no figure "lader"', '"ladder"?']),
    ('after = "first"', 'figures = ["ladder"]', ['part "second": figure ladder needs factor countermeasures']),
    (CYCLES, "cycle = []\narsenal", ['part "first": factor cycle has no levels']),
    (CYCLES, "cycle = [1, 3, 1]\narsenal", ['part "first": factor cycle has the same level twice']),
    (CYCLES, "cycle = [1, 1.0]\narsenal", ['part "first": factor cycle has the same level twice']),
    (CYCLES, "cycle = [[1]]\narsenal", ["part.1.factors.cycle.1 = [1] is not allowed: give a number, a text"]),
    (CYCLES, "cycle = [nan]\narsenal", ["part.1.factors.cycle.1 = nan is not allowed: give a number, a text"]),
    (CYCLES, "cycles = [1]\narsenal", ['part "first": factor cycles sets nothing', "no formula names it"]),
    (CYCLES, "saturation = [1]\narsenal", ['part "first": a factor cannot be named "saturation"']),
    (CYCLES, '"a b" = [1]\narsenal', ['part "first": a factor cannot be named "a b"']),
    (
        '"none", "blind_drift"]',
        '"none", "blind_drft"]',
        ['part "second": control = "blind_drft" has no table [levels.control.blind_drft]', 'mean "blind_drift"?'],
    ),
    ('control = "none"', 'control = "nothing"', ['defaults: control = "nothing" has no table']),
    ("teams = 2\n", "teams = 2\nskill = 1\n", ["defaults: factor skill sets nothing"]),
    ('"teams.count"', '"teams.cont"', ['unknown parameter "teams.cont"', 'Did you mean "teams.count"?']),
    (
        'set = { "workshops.adoption',
        'set = { "workshop.adoption',
        ['unknown parameter "workshop.adoption_probability"'],
    ),
    ('scenario = "blind_drift"', 'scenario = "blind_drit"', ['unknown scenario "blind_drit"', '"blind_drift"?']),
    ('scenario = "blind_drift"', 'scenari = "blind_drift"', ['unknown key "levels.control.blind_drift.scenari"']),
    ("[quick.factors]\ncycle", "[quick.factors]\ncycl", ['quick: no part varies a factor "cycl"', '"cycle"?']),
    ("[quick.factors]\ncycle = [1]", "[quick.factors]\ncycle = []", ["quick: factor cycle has no levels"]),
    ("[quick]\nreplicates = 2", "[quick]\nreplicates = 0", ["quick.replicates = 0 is not allowed"]),
    ("= output * arsenal / 3", "= output * (arsenal", ["= output * (arsenal"[2:], "is not an expression"]),
    ("[constants]", "[constants", ["is not valid TOML"]),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS, ids=[new.split("\n")[-1] or old for old, new, _ in FAULTS])
def test_a_bad_study_gives_one_clear_error(old: str, new: str, told: list[str], tmp_path: Path) -> None:
    path = written(tmp_path, (old, new))
    with pytest.raises(InputError) as refused:
        load_study(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for words in told:
        assert words in message


def test_all_faults_of_form_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, ("replicates = 3", "replicates = 0"), ("[part.factors]", "[part.factor]"))
    with pytest.raises(InputError) as refused:
        load_study(path)
    lines = str(refused.value).splitlines()
    assert len(lines) == 3  # replicates, part.1.factors missing, part.1.factor unknown
    assert all(line.startswith(f"{path}: ") for line in lines)


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
