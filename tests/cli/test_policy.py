"""`race-sim policy`: prints what the runs say, races if no directory is given, tells faults in one clear error."""

import re
from pathlib import Path

import pandas as pd
import pytest

from race_sim.analysis.policy_ranking import policy_words
from race_sim.cli import policy
from race_sim.study.policy import Policies
from race_sim.study.reading import load_study
from race_sim.study.report import QUICK
from race_sim.study.result import read_result
from race_sim.study.store import Store
from race_sim.study.sweep import Request, Sweep
from tests.cli.commands import Command, entries, refusal
from tests.study.small_study import written as small
from tests.study.test_policy_study import written


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    Sweep(load_study(written(folder)), folder / "runs", Request(workers=1)).run()
    return folder / "runs"


def test_the_ranking_is_that_of_the_runs(out: Path, command: Command) -> None:
    done = command("policy", out)
    assert done.status == 0
    found = Policies.of(read_result(Store.open(out)))
    for _, row in found.ranking.iterrows():
        said = f"{row['policy']} +{policy_words(row['against'])} "
        assert re.search(said, done.output)
    for told in found.words():
        assert told in done.output
    assert "max-t" in done.output
    assert re.search(r"[+-]\d+ / [+-]\d+ points\n", re.sub(r" +\n", "\n", done.output))
    assert "%" not in done.output.replace("95%", "")
    assert QUICK not in done.output


def test_files_are_written_where_asked(out: Path, tmp_path: Path, command: Command) -> None:
    done = command("policy", out, "--out", tmp_path / "told", "--budget", "sold")
    assert done.status == 0
    assert {"ranking.csv", "budget.png", "interactions.png", "words.txt"} <= set(entries(tmp_path / "told"))
    assert set(pd.read_csv(tmp_path / "told" / "budget.csv")["policy"]) == {"sold"}
    assert "is there already" in refusal(command("policy", out, "--out", tmp_path / "told"))
    assert command("policy", out, "--out", tmp_path / "told", "--overwrite").status == 0


def test_without_a_directory_a_quick_study_is_raced(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "STUDY", written(tmp_path))
    done = command("policy", "--out", tmp_path / "told")
    assert done.status == 0
    assert "no directory is given" in done.errors
    assert "show nothing" in done.errors
    assert "funded" in done.output
    words = (tmp_path / "told" / "words.txt").read_text(encoding="utf-8")
    assert [text.splitlines()[0] for text in (done.output, words)] == [QUICK, QUICK]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "no such directory"),
        (("--budget", "sold"), "say where to, with --out"),
    ],
)
def test_faults_are_one_clear_error(arguments: tuple[str, ...], words: str, command: Command) -> None:
    assert words in refusal(command("policy", *arguments))


def test_other_directories_and_policies_are_refused(out: Path, tmp_path: Path, command: Command) -> None:
    Sweep(load_study(small(tmp_path)), tmp_path / "small", Request(workers=1, parts=("first",))).run()
    assert "give the directory of a sweep of policy_levers" in refusal(command("policy", tmp_path / "small"))
    said = refusal(command("policy", out, "--out", tmp_path / "told", "--budget", "solt"))
    assert 'Did you mean "sold"' in said
    assert not (tmp_path / "told").exists()


def test_help_has_examples(command: Command) -> None:
    done = command("policy", "--help")
    assert done.status == 0
    assert all(example in done.output for example in policy.EXAMPLES)
