"""Every row of evidence says what it sets, every parameter what it rests on, and the arithmetic between them holds."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, FIELDS, ParameterField, library
from race_sim.scenario.arithmetic import evaluate
from race_sim.scenario.evidence import CONSTANTS, SEEDS, Evidence, evidence, figures, read_evidence
from race_sim.scenario.parameter import Reading, Source
from race_sim.scenario.trail import (
    ParameterTrail,
    RowTrail,
    ScenarioTrail,
    overview,
    parameter_trail,
    standing_of,
    trail,
    unused,
)

ID_PATTERNS = {
    "S0.toml": r"S0-\d\d",
    "S1.toml": r"S1-\d\d",
    "S2.toml": r"S2-\d\d",
    "S3.toml": r"S3-\d\d",
    "web.toml": r"W\d\d\d",
    "stylised_facts.toml": r"SF\d\d",
}
ANY_ID = re.compile(r"\b(?:S[0-3]-\d\d|W\d{3}|SF\d\d)\b")
ROWS = evidence()
AS_THE_BASELINE = {"baseline", "export_ban", "unanimity"}
"""Scenarios that state today's condition, which the baseline has too."""
REASONS = {
    "claim tested",
    "context",
    "finer than the model",
    "needs a second front",
    "outside the model",
    "pattern",
    "weak source",
}
COUNTING = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
MULTIPLES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9}

each_row = pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)
each_field = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text(encoding="utf-8"))


def numbers_in(text: str) -> set[float]:
    """Numbers that a text states, as digits or words, with and without a multiple that follows."""
    digits = [(match[1], match[2]) for match in re.finditer(r"(\d[\d,]*(?:\.\d+)?(?:e\d+)?)[ -]?([A-Za-z]*)", text)]
    words = re.findall(rf"\b({'|'.join(COUNTING)})\b[ -]?([a-z]*)", text.lower())
    found = [(float(number.replace(",", "")), unit) for number, unit in digits]
    found += [(float(COUNTING.index(word)), unit) for word, unit in words]
    return {number for number, _ in found} | {number * MULTIPLES.get(unit.lower(), 1) for number, unit in found}


def test_every_file_of_evidence_is_read() -> None:
    assert {path.name for path in SEEDS.glob("*.toml")} == set(ID_PATTERNS) == {row.file for row in ROWS.values()}
    assert list(dict.fromkeys(row.file for row in ROWS.values())) == list(ID_PATTERNS)


@pytest.mark.parametrize("name", ID_PATTERNS)
def test_a_file_says_what_its_rows_come_from(name: str) -> None:
    head = document(name)
    assert head["title"].strip()
    assert head["source"].strip()


@each_row
def test_a_row_says_what_was_said_when_by_whom_and_where(row: Evidence) -> None:
    assert re.fullmatch(ID_PATTERNS[row.file], row.id)
    assert row.text
    if row.kind == "stylised fact":
        assert row.value
        assert row.use
        assert row.sources
    elif row.kind == "web fact":
        assert row.date
        assert row.url.startswith(("http://", "https://"))
        assert row.source_quality
    else:
        assert row.kind in {"figure", "mechanism", "claim", "policy lever", "actor"}
        assert row.date
        assert row.said_by


@each_row
def test_a_value_that_is_one_number_is_written_as_a_number(row: Evidence) -> None:
    value = document(row.file)[row.id].get("value")
    assert not isinstance(value, str) or not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value)


@each_row
def test_a_row_sets_something_or_says_why_not(row: Evidence) -> None:
    assert bool(row.sets) != bool(row.unused.strip())
    assert set(row.sets) == {*row.parameters, *row.scenarios, *row.patterns}
    assert set(row.scenarios) <= set(library())


@each_row
def test_a_parameter_that_a_row_sets_cites_the_row_and_the_other_way_round(row: Evidence) -> None:
    assert set(row.parameters) == {field.path for field in FIELDS if row.id in field.source.ids}


@each_row
def test_a_stylised_fact_that_a_row_sets_rests_on_the_row_and_the_other_way_round(row: Evidence) -> None:
    assert set(row.patterns) == {other.id for other in ROWS.values() if row.id in other.sources}


@each_row
def test_a_figure_is_a_number_that_its_row_states(row: Evidence) -> None:
    stated = numbers_in(" ; ".join((row.text, row.value, row.use if row.kind == "stylised fact" else "", row.date)))
    assert set(row.figures.values()) <= stated


@each_row
def test_a_figure_is_used(row: Evidence) -> None:
    text = " ".join(" ".join(getattr(field.source, "expressions", {}).values()) for field in FIELDS)
    for name in row.figures:
        assert re.search(rf"\b{row.id.replace('-', '_')}\.{name}\b", text)


def test_numbers_are_found_in_texts() -> None:
    assert numbers_in("six of 1,200 in 4 million; 2-3 ~1.0, 2.2e6, 5M and four million") == (
        {6, 1200, 4, 4e6, 2, 3, 1.0, 2.2e6, 5, 5e6}
    )


@each_field
def test_a_parameter_cites_rows_that_exist(field: ParameterField) -> None:
    assert set(field.source.ids) <= set(ROWS)
    assert len(set(field.source.ids)) == len(field.source.ids)


@each_field
def test_a_row_named_in_a_note_is_cited(field: ParameterField) -> None:
    assert set(ANY_ID.findall(field.source.note)) <= set(field.source.ids)


@each_field
def test_the_default_and_its_range_follow_from_the_evidence_exactly(field: ParameterField) -> None:
    source = field.source
    if isinstance(source, Reading):
        assert field.kind in ("bool", "choice")
        return
    stated = {"default": field.default, "low": source.low, "high": source.high}
    for of, expression in source.expressions.items():
        assert evaluate(expression, figures(ROWS)) == stated[of], of
    assert ("default" in source.expressions) == isinstance(source, Source)


@each_field
def test_a_row_that_informs_a_parameter_is_not_also_in_its_arithmetic(field: ParameterField) -> None:
    if not isinstance(field.source, Reading):
        names = " ".join(field.source.expressions.values())
        assert [row_id for row_id in field.source.informed_by if f"{row_id.replace('-', '_')}." in names] == []


def test_constants_are_what_they_say() -> None:
    assert CONSTANTS["WEEKS_PER_MONTH"] * 12 == CONSTANTS["WEEKS_PER_YEAR"]


@each_field
def test_every_parameter_has_a_trail(field: ParameterField) -> None:
    found = trail(field.path)
    assert isinstance(found, ParameterTrail)
    assert found.default == field.default
    assert {row.id for row in found.rows} == set(field.source.ids)
    assert (found.basis == "assumed") == (not isinstance(field.source, Source | Reading))
    assert found.steps[0].of == "default"
    for step in found.steps:
        assert step.result is None or step.result == step.value
        assert (step.result is None) == (step.arithmetic is None) == (not step.figures)


@each_row
def test_every_row_has_a_trail(row: Evidence) -> None:
    for name in (row.id, row.id.lower()):
        found = trail(name)
        assert isinstance(found, RowTrail)
        assert found.row == row
        assert tuple(use.path for use in found.uses) == row.parameters
        assert tuple(found.scenarios) == row.scenarios
        assert tuple(pattern.id for pattern in found.patterns) == row.patterns
        assert tuple(other.id for other in found.rests_on) == row.sources


@pytest.mark.parametrize("name", library())
def test_every_scenario_has_a_trail(name: str) -> None:
    found = trail(name)
    assert isinstance(found, ScenarioTrail)
    assert [row.id for row in found.rows] == [row.id for row in ROWS.values() if name in row.sets]
    assert bool(found.settings) == (name not in AS_THE_BASELINE)


def test_a_trail_leads_from_the_parameter_to_the_row_and_back() -> None:
    count = parameter_trail(BY_PATH["workshops.count"])
    assert [(step.of, step.value, step.result) for step in count.steps] == [
        ("default", 60, 60),
        ("low", 6, 6),
        ("high", 500, 500),
    ]
    assert [(setting.scenario, setting.value) for setting in count.settings] == [("primes_only", 0)]
    back = trail("W057")
    assert isinstance(back, RowTrail)
    steps = {use.path: [step.of for step in use.steps] for use in back.uses}
    assert steps == {
        "workshops.count": ["default"],
        "workshops.weekly_output": ["high"],
        "entry.rate": ["high"],
        "strikes.home_hazard": ["default"],
    }


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("W57", "W057"),
        ("fast_rd", "fast_red"),
        ("workshop.count", "workshops.count"),
        ("iteration_weeks", "workshops.iteration_weeks"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(InputError, match=rf'unknown row, parameter or scenario "{name}"\. Did you mean "{meant}"'):
        trail(name)


def test_the_overview_counts_everything_once() -> None:
    counts = overview()
    assert sum(total for total, _ in counts.rows.values()) == len(ROWS)
    assert sum(used for _, used in counts.rows.values()) == sum(bool(row.sets) for row in ROWS.values())
    assert sum(counts.parameters.values()) == len(FIELDS)
    assert counts.parameters["evidence"] == sum(isinstance(field.source, Source) for field in FIELDS)
    assert {standing_of(field) for field in FIELDS} == set(counts.parameters)


def test_unused_rows_are_grouped_by_reason() -> None:
    groups = unused()
    assert sorted(row.id for rows in groups.values() for row in rows) == sorted(
        row.id for row in ROWS.values() if row.unused
    )
    assert all(row.unused.startswith(reason) for reason, rows in groups.items() for row in rows)
    assert set(groups) == REASONS
    sizes = [len(rows) for rows in groups.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert {row.kind for rows in unused("claim").values() for row in rows} == {"claim"}
    with pytest.raises(InputError, match=r'unknown kind of row "claims"\. Did you mean "claim"'):
        unused("claims")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("web.toml", "[W057]", "[W57]", "W57: is not an id"),
        ("S1.toml", "[S1-02]", "[S0-01]", "S0-01: is also in S0.toml"),
        ("web.toml", "[W057]\n", '[W057]\nmood = "grim"\n', 'W057: unknown key "mood"'),
        ("web.toml", "[W057]\n", '[W057]\nunused = "x"\n', "W057: give either sets"),
        ("web.toml", 'sets = ["operators.drop_after_weeks"]\n', "", "W020: give either sets"),
        ("web.toml", '["operators.drop_after_weeks"]', '["operators.drop_after_week"]', "Did you mean"),
        ("web.toml", '["operators.drop_after_weeks"]', '["fast_reed"]', 'Did you mean "fast_red"'),
        ("web.toml", '["operators.drop_after_weeks"]', '["SF99"]', 'sets "SF99", which is no parameter'),
        ("web.toml", '["operators.drop_after_weeks"]', '["W001"]', 'sets "W001", which is no parameter'),
        ("web.toml", '["operators.drop_after_weeks"]', "[]", "sets = [] is not allowed"),
        ("web.toml", '["operators.drop_after_weeks"]', '["fast_red", "fast_red"]', "names something twice"),
        ("web.toml", "{ tries = 3 }", '{ tries = "3" }', 'figures.tries = "3" is not allowed: give a number'),
        ("web.toml", "{ tries = 3 }", "{ Tries = 3 }", "figures.Tries: a name has small letters"),
        ("web.toml", "{ tries = 3 }", "3", "figures = 3 is not allowed"),
        ("web.toml", 'unit = "trials"', 'unit = " "', 'unit = " " is not allowed'),
        ("web.toml", 'unit = "trials"', "unit = 3", "unit = 3 is not allowed"),
        ("stylised_facts.toml", 'sources = ["W076"]', 'sources = ["W976"]', 'sources has "W976", which is no row'),
        ("S1.toml", 'kind = "actor"', "kind = false", "kind = false is not allowed"),
    ],
)
def test_a_fault_of_a_row_is_named(file: str, old: str, new: str, fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    assert read_evidence(folder) == ROWS
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_evidence(folder)
    lines = str(caught.value).split("\n")
    assert any(fault in line and line.startswith(f"{folder / file}: ") for line in lines)


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no rows of evidence"):
        read_evidence(tmp_path)
