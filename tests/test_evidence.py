"""The rows of evidence are readable and complete, and every row a parameter cites is among them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from race_sim.scenario import FIELDS
from race_sim.scenario.parameter import Source

SEEDS = Path(__file__).parents[1] / "seeds"
ID_PATTERNS = {
    "S0.toml": r"S0-\d\d",
    "S1.toml": r"S1-\d\d",
    "S2.toml": r"S2-\d\d",
    "S3.toml": r"S3-\d\d",
    "web.toml": r"W\d\d\d",
    "stylised_facts.toml": r"SF\d\d",
}
KEYS = {
    "web.toml": {"text", "value", "unit", "date", "url", "source_quality", "use"},
    "stylised_facts.toml": {"name", "band", "measure", "sources"},
}
DOCUMENT_KEYS = {"kind", "text", "value", "unit", "date", "said_by", "use"}


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text(encoding="utf-8"))


def rows(name: str) -> dict[str, dict[str, Any]]:
    return {key: value for key, value in document(name).items() if key not in {"title", "source"}}


def known_ids() -> set[str]:
    return {row_id for name in ID_PATTERNS for row_id in rows(name)}


def cited_ids() -> list[tuple[str, str]]:
    return [(field.path, row_id) for field in FIELDS if isinstance(field.source, Source) for row_id in field.source.ids]


def test_every_file_of_evidence_is_checked_here() -> None:
    assert {path.name for path in SEEDS.glob("*.toml")} == set(ID_PATTERNS)


@pytest.mark.parametrize("name", ID_PATTERNS)
def test_a_file_says_what_its_rows_come_from(name: str) -> None:
    head = document(name)
    assert head["title"].strip()
    assert head["source"].strip()


@pytest.mark.parametrize("name", ID_PATTERNS)
def test_ids_belong_to_their_file(name: str) -> None:
    assert rows(name)
    assert [row_id for row_id in rows(name) if not re.fullmatch(ID_PATTERNS[name], row_id)] == []


def test_ids_are_unique_across_files() -> None:
    assert len(known_ids()) == sum(len(rows(name)) for name in ID_PATTERNS)


@pytest.mark.parametrize("name", ID_PATTERNS)
def test_every_row_states_something_and_where_it_comes_from(name: str) -> None:
    for row_id, row in rows(name).items():
        assert set(row) <= KEYS.get(name, DOCUMENT_KEYS), row_id
        assert row.get("text") or row.get("band"), row_id
        assert row.get("date") or row.get("sources"), row_id
        assert all(value.strip() for value in row.values() if isinstance(value, str)), row_id
        assert all(isinstance(row[key], str) for key in row if key != "value"), row_id


@pytest.mark.parametrize("name", [name for name in ID_PATTERNS if name not in KEYS])
def test_a_row_of_a_document_names_its_speaker(name: str) -> None:
    assert [row_id for row_id, row in rows(name).items() if not row.get("said_by")] == []


def test_a_row_from_the_web_names_its_page_and_how_far_to_trust_it() -> None:
    for row_id, row in rows("web.toml").items():
        assert row["url"].startswith(("http://", "https://")), row_id
        assert row["source_quality"], row_id


@pytest.mark.parametrize("name", ID_PATTERNS)
def test_a_value_that_is_one_number_is_written_as_a_number(name: str) -> None:
    for row_id, row in rows(name).items():
        value = row.get("value")
        if isinstance(value, str):
            assert not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value), row_id


def test_stylised_facts_name_rows_that_exist() -> None:
    named = {row_id for row in rows("stylised_facts.toml").values() for row_id in re.findall(r"W\d{3}", row["sources"])}
    assert named
    assert named <= known_ids()


def test_parameters_cite_rows_that_exist() -> None:
    cited = cited_ids()
    assert cited
    assert [citation for citation in cited if citation[1] not in known_ids()] == []
