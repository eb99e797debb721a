"""Studies of policies: levels that hold together, changes in a week, what is compared with what."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from race_sim.analysis.policy_budget import Budget
from race_sim.errors import InputError
from race_sim.plots.budget_flow import budget_figure
from race_sim.study import policy_output
from race_sim.study.definition import spelled_out
from race_sim.study.points import Point, points
from race_sim.study.policy import Policies
from race_sim.study.policy_drawings import in_thousands
from race_sim.study.policy_output import write_policies
from race_sim.study.reading import load_study
from race_sim.study.report import QUICK
from race_sim.study.result import StudyResult
from race_sim.study.sweep import Request, run_study

POLICY_STUDY = """
title = "Policies"
question = "Which one?"
replicates = 3

[constants]
start = 20

[set]
"run.weeks" = 40
"run.burn_in_weeks" = 18
"workshops.count" = 12
"primes.count" = 2
"joint_lines.places" = 2
"teams.count" = 4
"founders.origin" = "= founders"

[[event]]
week = "= start - 2"
set = "feedback.delay_weeks"
value = 2

[defaults]
founders = "common"

[levels.policy.none]

[levels.policy.funded]
event = [{ week = "= start", set = "treasuries.home_funding", value = "= 1000 * start" }]

[levels.policy.sold]
event = [{ week = "= start", set = "exports.regime", value = "open" }]

[levels.policy.mended]
against = "sold"
set = { "feedback.quality" = 0.9 }

[[part]]
name = "alone"
question = "One?"
[part.factors]
founders = ["common", "independent"]
policy = ["none", "funded", "sold", "mended"]

[[part]]
name = "pairs"
question = "Two?"
[part.factors]
founders = ["common", "independent"]
policy = { alone = ["none"], pairs = ["funded", "sold", "mended"], without = [["sold", "mended"]] }

[[part.figure]]
name = "together"
kind = "interaction"
title = "Together"
x = "policy"
output = "hits"
reference = { policy = "none" }
panels = ["founders"]
"""


def written(folder: Path, *changes: tuple[str, str]) -> str:
    text = POLICY_STUDY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def raced_points(folder: Path, part: str) -> dict[str, Point]:
    study = load_study(written(folder))
    return {str(point.levels["policy"]): point for point in points(study, study.named(part))}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    folder = tmp_path_factory.mktemp("policies")
    return run_study(load_study(written(folder)), folder / "runs", Request(workers=1))


def test_pairs_are_spelled_out() -> None:
    given = {"alone": ["none"], "pairs": ["a", "b", "c"], "without": [["c", "a"]]}
    assert spelled_out(given) == ["none", "a", "b", "c", "a + b", "b + c"]
    assert spelled_out(["a"]) == ["a"]


def test_both_policies_of_a_pair_act(tmp_path: Path) -> None:
    found = raced_points(tmp_path, "pairs")
    both = {(event.week, event.path): event.value for event in found["funded + sold"].scenario.events}
    assert both == {
        (18, "feedback.delay_weeks"): 2,
        (20, "treasuries.home_funding"): 20_000,
        (20, "exports.regime"): "open",
    }
    assert found["funded + mended"].scenario.parameters.feedback.quality == 0.9
    assert [event.path for event in found["none"].scenario.events] == ["feedback.delay_weeks"]
    assert json.loads(found["none"].definition)["events"] == [[18, "feedback.delay_weeks", 2]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('without = [["sold", "mended"]]', 'without = [["sold", "nobody"]]'), "no two levels of pairs"),
        (('alone = ["none"], ', "also = 3, "), "not also"),
        (('alone = ["none"]', "alone = [1]"), "lists of names"),
        (('against = "sold"', 'against = "solid"'), "Did you mean"),
        (('week = "= start - 2"', "week = 99"), "the run has weeks 0 to 39"),
        (('week = "= start - 2"', 'week = "= start / 3"'), "give a whole number"),
        (('week = "= start - 2"', 'week = "= begin"'), "begin"),
        (('set = "exports.regime"', 'set = "exports.regim"'), "exports.regime"),
        (('value = "open"', 'value = "ajar"'), "ajar"),
        (('set = "exports.regime", value = "open"', 'set = "treasuries.home_funding", value = 5'), "without ="),
        (("[levels.policy.sold]", '[levels.policy."sold + gone"]'), "joins several"),
        (('reference = { policy = "none" }', ""), "reference is missing"),
    ],
)
def test_a_fault_is_one_clear_error(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = written(tmp_path, change)
    with pytest.raises(InputError, match=words):
        every_point(path)


def every_point(path: str) -> list[Point]:
    study = load_study(path)
    return [point for part in study.part for point in points(study, part)]


def test_policies_are_ranked_against_what_they_start_from(result: StudyResult) -> None:
    found = Policies.of(result)
    assert found.none == "none"
    assert found.by == ["founders"]
    assert found.references == {"funded": "none", "sold": "none", "mended": "sold"}
    table = found.ranking.set_index(["founders", "policy"])
    rows = result.parts["alone"]
    for (founders, name), row in table.iterrows():
        here = rows[rows["founders"] == founders].pivot(index="seed", columns="policy")
        for output, column in (("hits", "total_hits"), ("euros", "public_spending")):
            difference = here[column][name] - here[column][row["against"]]
            assert row[output] == pytest.approx(difference.mean(), abs=1e-9), (name, output)


def test_interactions_are_those_of_the_rows(result: StudyResult) -> None:
    table = Policies.of(result).interactions.set_index(["founders", "one", "other"])["value"]
    rows = result.parts["pairs"]
    assert len(table) == 4
    for (founders, one, other), value in table.items():
        hits = rows[rows["founders"] == founders].pivot(index="seed", columns="policy", values="total_hits")
        by_hand = hits[f"{one} + {other}"] - hits[one] - hits[other] + hits["none"]
        assert value == pytest.approx(by_hand.mean())


def test_three_races_prove_nothing_by_words_of_their_own(result: StudyResult) -> None:
    told = " ".join(Policies.of(result).words())
    assert "no evidence" in told.lower()
    assert "Common founders: " in told


def test_a_study_without_policies_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    text = Path(path).read_text(encoding="utf-8").replace("policy", "plan")
    Path(path).write_text(text, encoding="utf-8")
    study = load_study(path)
    with pytest.raises(InputError, match="give the directory of a sweep of policy_levers"):
        Policies.of(StudyResult(study, {}, {}, 0, 0, 0))


def test_files_hold_what_was_found(result: StudyResult, tmp_path: Path) -> None:
    found = Policies.of(result)
    paths = write_policies(found, tmp_path / "out", ["none", "funded"])
    assert {path.name for path in paths} == {
        *(f"{name}.png" for name in ("hits", "euros", "weeks", "interactions", "budget")),
        *(f"{name}.csv" for name in ("ranking", "interactions", "budget")),
        "words.txt",
        "provenance.json",
    }
    assert all(path.stat().st_size > 0 for path in paths)


@pytest.fixture
def captions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """{file name: caption} of the figures that are saved, which are not drawn."""
    found: dict[str, str] = {}

    def save(figure: Figure, path: Path, **_: object) -> None:
        found[path.name] = figure.get_suptitle()
        path.touch()

    monkeypatch.setattr(Figure, "savefig", save)
    return found


@pytest.mark.parametrize("quick", [True, False])
def test_everything_saved_of_a_quick_run_says_so(
    quick: bool, result: StudyResult, tmp_path: Path, captions: dict[str, str]
) -> None:
    write_policies(Policies.of(result, quick=quick), tmp_path / "out", ["none"])
    words = (tmp_path / "out" / "words.txt").read_text(encoding="utf-8")
    assert len(captions) == 5
    for text in (words, *captions.values()):
        assert text.startswith(f"{QUICK}\n") == quick
        assert (QUICK in text) == quick
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["quick"] is quick


def test_a_budget_says_which_founders_it_shows(
    result: StudyResult, tmp_path: Path, captions: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[list[str]] = []

    def kept(budgets: Sequence[tuple[str, Budget]], title: str) -> Figure:
        drawn.append([name for name, _ in budgets])
        return budget_figure(budgets, title)

    monkeypatch.setattr(policy_output, "budget_figure", kept)
    write_policies(Policies.of(result), tmp_path / "out", ["none", "funded"])
    assert drawn == [["no policy, common founders", "funded, common founders"]]
    assert "with common founders only" in captions["budget.png"]
    assert set(pd.read_csv(tmp_path / "out" / "budget.csv")["founders"]) == {"common"}


def test_founders_are_told_where_they_are_a_factor(result: StudyResult) -> None:
    found = Policies.of(result)
    assert found.words()[0] == found.founders
    assert found.founders.endswith("The baseline has common founders.")
    other = found.study.model_copy(update={"set": {"founders.origin": "independent"}})
    assert Policies(replace(result, study=other), found.part).founders == ""


def test_large_euros_are_told_in_thousands() -> None:
    table = pd.DataFrame({"policy": ["dear"], "value": [2e6], "value_low": [1e6], "value_high": [3e6]})
    assert in_thousands(table)[["value", "value_low", "value_high"]].to_numpy().tolist() == [[2000.0, 1000.0, 3000.0]]


def test_budgets_of_unknown_policies_are_refused(result: StudyResult) -> None:
    with pytest.raises(InputError, match=r'"fundet"\. Did you mean "funded"\? Policies: none, f'):
        Policies.of(result).budgets(["fundet"])
