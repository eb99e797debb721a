"""docs/policy.md agrees with its tables, its rule for verdicts is one rule, and its tables agree with races run now."""

import re
import shlex

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.intervals import LEVEL, student_quantile
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import TOTAL
from race_sim.scenario import FIELDS, library, load
from race_sim.scenario.evidence import evidence
from race_sim.study.reading import load_study
from scripts.docs_policy import PAGE, written
from scripts.policy_blocks import blocks, both, read, widened
from scripts.policy_claims import CLAIMS
from scripts.policy_extra import COMPARISONS, command, with_founders
from scripts.policy_gather import DATA, IMAGES, LARGEST, SPOT_CHECKS, SPOT_SEEDS
from scripts.policy_rule import CANNOT_SAY, CONTRADICTS, FEWER, FOUNDERS, MORE, SUPPORTS, verdict

TEXT = PAGE.read_text(encoding="utf-8")
TABLES = read(DATA)
BLOCKS = dict(blocks(TABLES))
POLICIES = (
    "export_ban",
    "export_controlled",
    "export_open",
    "surplus_split",
    "danish_model",
    "build_abroad",
    "joint_ventures",
    "common_standard",
    "coalition",
    "unanimity",
    "us_withdrawal",
    "barter_deal",
    "plant_strikes",
    "supply_shock",
    "captured_procurement",
    "integrity_reform",
    "faster_approval",
    "european_tempo",
    "capital_without_feedback",
    "postwar_stockpile",
)
"""Scenarios that the page has to answer for."""
LARGEST_TABLE, ALL_TABLES = 100_000, 600_000  # bytes
TESTS = {test.words: test for claims in CLAIMS.values() for claim in claims for test in claim.tests}
OPPOSITE = {SUPPORTS: CONTRADICTS, CONTRADICTS: SUPPORTS, CANNOT_SAY: CANNOT_SAY}


def commands() -> list[str]:
    """Every command of the page: lines of fenced blocks, and those in code style that begin with race-sim."""
    fenced = [
        line
        for fence in re.findall(r"^```sh\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
        for line in fence.splitlines()
    ]
    return fenced + re.findall(r"`(race-sim \w+ [^`\n]+)`", TEXT)


# Numbers


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_what_the_tables_make_of_it(name: str) -> None:
    assert written(TEXT, name, BLOCKS[name]) == TEXT, "run: make docs-policy"


def test_every_mark_of_the_page_is_that_of_a_block() -> None:
    marks = re.findall(r"<!-- (.*?) -->", TEXT)
    assert sorted(marks) == sorted([*BLOCKS, *(f"end {name}" for name in BLOCKS)])


def test_a_page_without_the_block_is_an_error() -> None:
    with pytest.raises(ValueError, match="no block nothing"):
        written(TEXT, "nothing", "")


def test_tables_and_figures_are_small() -> None:
    sizes = [path.stat().st_size for path in DATA.glob("*.csv")]
    assert max(sizes) <= LARGEST_TABLE
    assert sum(sizes) <= ALL_TABLES
    assert max(path.stat().st_size for path in IMAGES.glob("*.png")) <= LARGEST


# The rule for verdicts


@pytest.mark.parametrize(
    ("intervals", "expected", "said"),
    [
        ([(1.0, 2.0), (0.5, 3.0)], MORE, SUPPORTS),
        ([(-2.0, -1.0), (-3.0, -0.5)], MORE, CONTRADICTS),
        ([(-2.0, -1.0), (-3.0, -0.5)], FEWER, SUPPORTS),
        ([(1.0, 2.0), (-0.5, 3.0)], MORE, CANNOT_SAY),
        ([(1.0, 2.0), (-2.0, -1.0)], MORE, CANNOT_SAY),
        ([(0.0, 2.0), (0.5, 3.0)], MORE, CANNOT_SAY),
        ([(0.0, 0.0), (0.0, 0.0)], FEWER, CANNOT_SAY),
        ([(float("nan"), float("nan")), (1.0, 2.0)], MORE, CANNOT_SAY),
        ([], MORE, CANNOT_SAY),
    ],
)
def test_a_verdict_needs_intervals_of_all_founders_on_one_side(
    intervals: list[tuple[float, float]], expected: int, said: str
) -> None:
    assert verdict(intervals, expected) == said


@pytest.mark.parametrize("words", TESTS)
def test_signs_swapped_turn_a_verdict_round(words: str) -> None:
    test = TESTS[words]
    intervals = test.intervals(TABLES)
    said = verdict(intervals, test.expected)
    assert len(intervals) == len(FOUNDERS)
    assert verdict(intervals, -test.expected) == OPPOSITE[said]
    assert verdict([(-high, -low) for low, high in intervals], test.expected) == OPPOSITE[said]


def test_every_claim_is_tested_or_says_why_not() -> None:
    assert all(bool(claim.tests) != bool(claim.outside) for claims in CLAIMS.values() for claim in claims)


def test_founders_who_disagree_leave_a_difference_open() -> None:
    table = pd.DataFrame({"value": [2.0, -2.0], "value_low": [1.0, -3.0], "value_high": [3.0, -1.0]})
    assert both(table) == "cannot say"
    assert both(table.assign(value=2.0, value_low=1.0, value_high=3.0)) == "more"


def test_intervals_of_small_comparisons_are_widened_for_their_number() -> None:
    table = pd.DataFrame({"quantity": ["a"] * 10, "value": 1.0, "value_low": 0.0, "value_high": 2.0, "runs": 40})
    reach = student_quantile(1 - (1 - LEVEL) / 20, 39) / student_quantile(0.5 + LEVEL / 2, 39)
    assert widened(table)["value_high"].to_numpy() == pytest.approx(1 + reach)
    assert widened(table)["value_low"].to_numpy() == pytest.approx(1 - reach)
    assert reach > 1.0


# What the page names


def test_every_figure_has_its_command_and_is_kept() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(images/policy/(\w+)\.png\)\n\n```sh\n(race-sim .+)\n```", TEXT)
    assert {name for name, _ in shown} == {path.stem for path in IMAGES.glob("*.png")}
    assert TEXT.count("](images/") == len(shown)


@pytest.mark.parametrize("name", [name for name in BLOCKS if not name.endswith(("claims", "agreement"))])
def test_every_table_has_its_command(name: str) -> None:
    assert re.search(r"`race-sim (policy|sweep|compare) [^`]+`", BLOCKS[name])


def test_every_claim_named_is_in_the_ledger() -> None:
    named = set(re.findall(r"\b(?:S[0-3]-\d\d|W\d{3}|SF\d\d)\b", TEXT))
    assert named - set(evidence()) == set()
    assert {claim.id for claims in CLAIMS.values() for claim in claims} <= named


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_has_a_section_that_runs_it(policy: str) -> None:
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    runs = rf"^race-sim (?:compare|run)\b.*\b{policy}\b"
    assert any(re.search(runs, section, flags=re.MULTILINE) for section in sections)


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_names_what_there_is(line: str) -> None:
    program, verb, *words = shlex.split(line)
    assert program == "race-sim"
    named = [word for word in words if "=" not in word and "/" not in word and re.fullmatch(r"[a-z_]+", word)]
    if verb in ("compare", "run"):
        assert named, line
        assert set(named) <= set(library()), line
    elif verb == "sweep":
        assert load_study(named[0]).name == named[0]
    else:
        assert verb in ("policy", "evidence"), line
    paths = [word.partition("=")[0] for word in words if "=" in word]
    assert set(paths) <= {field.path for field in FIELDS}, line


# Races run now


def test_kept_races_are_of_the_policies_and_seeds_said() -> None:
    kept = TABLES["seeds"]
    assert set(kept["policy"]) == set(SPOT_CHECKS)
    assert len(kept) == len(SPOT_CHECKS) * len(FOUNDERS) * SPOT_SEEDS


@pytest.mark.parametrize("policy", SPOT_CHECKS)
@pytest.mark.parametrize("founders", FOUNDERS)
def test_races_run_now_make_the_hits_kept(policy: str, founders: str) -> None:
    study = load_study("policy_levers")
    settings = {**study.set, "founders.origin": founders}
    scenario = load(getattr(study.levels["policy"][policy], "scenario", None) or study.base).with_changes(settings)
    kept = TABLES["seeds"].query("policy == @policy and founders == @founders").sort_values("seed")
    records = run_ensemble(scenario, kept["seed"].to_list())
    measured = records.weekly["kinds"]["hits"][:, scenario.parameters.run.burn_in_weeks :, TOTAL]
    assert measured.mean(axis=1, dtype=np.float64) == pytest.approx(kept["total_hits"].to_numpy(), rel=1e-5)


def test_small_comparisons_are_kept_with_their_commands() -> None:
    kept = TABLES["extra"]
    expected = {with_founders(command(name), founders) for name in COMPARISONS for founders in FOUNDERS}
    assert set(kept["command"]) == expected
