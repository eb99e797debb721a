"""Every parameter is documented, its default sensible, and the generated table up to date."""

import json
import re

import pytest
from pydantic import ValidationError

from race_sim import parameter_table
from race_sim.records import PARAMETERS
from race_sim.scenario import BY_PATH, FIELDS, GROUPS, ParameterField, Parameters
from race_sim.scenario.makers import Workshops
from race_sim.scenario.parameter import Assumed, Reading, Source
from race_sim.scenario.tabulate import TABLE, table

EVIDENCE_ID = re.compile(r"S[0-3]-\d\d|W\d{3}|SF\d\d")

each_field = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
each_number = pytest.mark.parametrize(
    "field", [field for field in FIELDS if field.kind in ("int", "float")], ids=lambda field: field.path
)


@each_field
def test_a_parameter_says_what_it_is(field: ParameterField) -> None:
    assert field.unit
    assert re.fullmatch(r"[A-Zb-z].*\.", field.description)
    assert isinstance(field.source, Source | Reading | Assumed)
    assert str(field.source)
    if field.kind in ("bool", "choice"):
        assert field.unit == "1"


@each_field
def test_a_source_cites_rows_of_the_evidence(field: ParameterField) -> None:
    assert all(EVIDENCE_ID.fullmatch(name) for name in field.source.ids)
    if not isinstance(field.source, Assumed):
        assert field.source.ids
        assert field.source.note


@each_field
def test_a_number_follows_from_evidence_by_arithmetic_and_a_word_by_a_reading(field: ParameterField) -> None:
    if field.kind in ("bool", "choice"):
        assert isinstance(field.source, Reading | Assumed)
    else:
        assert isinstance(field.source, Source | Assumed)


@each_number
def test_a_number_has_bounds_and_a_plausible_range_around_its_default(field: ParameterField) -> None:
    assert field.low is not None
    assert field.high is not None
    assert isinstance(field.source, Source | Assumed)
    default = float(field.default)
    assert field.low <= default <= field.high
    if isinstance(field.source, Assumed):
        assert field.source.low is not None
        assert field.source.high is not None
    if field.source.low is not None and field.source.high is not None:
        assert field.low <= field.source.low <= default <= field.source.high <= field.high


@each_field
def test_a_default_has_the_type_its_field_declares(field: ParameterField) -> None:
    expected = {"bool": bool, "int": int, "float": float, "choice": str}[field.kind]
    assert type(Parameters().value(field.path)) is expected
    assert Parameters().value(field.path) == field.default


def test_the_generated_table_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()


def test_the_parameter_record_has_the_fields_of_the_schema_in_order() -> None:
    assert PARAMETERS.names == tuple(field.record_name for field in FIELDS)
    for field in FIELDS:
        assert PARAMETERS[field.record_name].str[1:] == ("f8" if field.kind == "float" else "i8")


@each_field
def test_a_choice_has_a_constant_with_its_number(field: ParameterField) -> None:
    for number, choice in enumerate(field.choices):
        assert getattr(parameter_table, f"{field.record_name}_{choice}".upper()) == number
        assert field.encoded(choice) == number


def test_switches_are_encoded_as_whole_numbers() -> None:
    switch = BY_PATH["teams.active"]
    assert [type(switch.encoded(value)) for value in (True, False)] == [int, int]
    assert [switch.encoded(value) for value in (True, False)] == [1, 0]


@pytest.mark.parametrize(
    ("path", "bounds", "allowed"),
    [
        ("workshops.iteration_weeks", "[1, 104]", "a whole number in [1, 104] (weeks)"),
        ("feedback.memory", "[0, 1)", "a number in [0, 1) (1/week)"),
        ("front.scale", "(0, 10000000000]", "a number in (0, 10000000000] (hits-worth)"),
        ("feedback.quality", "[0, 1]", "a number in [0, 1]"),
        ("teams.active", "true or false", "true or false"),
        ("founders.origin", '"common", "independent"', 'one of "common", "independent"'),
    ],
)
def test_bounds_are_readable(path: str, bounds: str, allowed: str) -> None:
    assert BY_PATH[path].bounds == bounds
    assert BY_PATH[path].allowed == allowed


def test_paths_and_groups_cover_the_schema() -> None:
    assert list(Parameters.model_fields) == list(GROUPS)
    assert list(Parameters().values()) == [field.path for field in FIELDS] == list(BY_PATH)


def test_parameters_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Workshops().count = 3  # type: ignore[misc]


def test_the_json_schema_carries_unit_source_and_whether_fixed() -> None:
    schema = json.loads(json.dumps(Parameters.model_json_schema()))
    weeks = schema["$defs"]["Run"]["properties"]["weeks"]
    assert (weeks["unit"], weeks["fixed"], weeks["maximum"]) == ("weeks", True, 5000)
    assert weeks["source"] == "assumed, plausible 104 to 260: three years"
    drop = schema["$defs"]["Operators"]["properties"]["drop_after_weeks"]
    assert (
        drop["source"]
        == f"W020: {BY_PATH['operators.drop_after_weeks'].source.note}, plausible 0 to 12 (range assumed)"
    )
