"""The file to start from, and the rows that describe a scenario."""

import re
from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.scenario import FIELDS, Event, describe, load, template, write_template


def test_the_template_is_the_baseline_until_something_is_uncommented(tmp_path: Path) -> None:
    path = tmp_path / "my_winter.toml"
    write_template(path)
    scenario = load(path)
    assert scenario.title == "My winter"
    assert scenario.parameters == load("baseline").parameters
    assert scenario.events == ()


def test_every_line_of_the_template_can_be_uncommented(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text(re.sub(r"^#(?=[a-z\[])", "", template('A "title"'), flags=re.MULTILINE), encoding="utf-8")
    assert len(re.findall(r"^[a-z_]+ = ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)) == len(FIELDS) + 6
    scenario = load(path)
    assert scenario.title == 'A "title"'
    assert scenario.parameters == load("baseline").parameters
    assert scenario.events == (Event(40, "feedback.delay_weeks", 4),)


def test_the_template_explains_every_parameter_on_short_lines() -> None:
    text = template("x")
    flat = re.sub(r"\s*\n# ", " ", text)
    for field in FIELDS:
        assert field.description in flat
        assert field.bounds in flat
    assert max(map(len, text.splitlines())) <= 110


def test_the_template_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml: is there already; give the name of a new file"):
        write_template(path)
    assert path.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["nowhere/mine.toml", "a\0b.toml", "x" * 5000])
def test_the_template_cannot_be_written_everywhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: "):
        write_template(tmp_path / name)


def test_a_description_has_a_row_for_each_parameter() -> None:
    scenario = load("fast_red")
    rows = describe(scenario.parameters, scenario.origins)
    assert [row.path for row in rows] == [field.path for field in FIELDS]
    row = next(row for row in rows if row.path == "teams.discovery_weeks")
    assert (row.value, row.default, row.unit, row.bounds) == (2.0, 8.0, "weeks", "[1, 104]")
    assert row.description.startswith("Mean weeks")
    assert all(row.source for row in rows)


def test_only_a_default_has_the_source_of_the_default(tmp_path: Path) -> None:
    middle, top = tmp_path / "middle.toml", tmp_path / "top.toml"
    middle.write_text('base = "fast_red"\n[teams]\nskill = 0.5\nhits_weight = 0.9\n', encoding="utf-8")
    top.write_text('base = "middle.toml"\n[teams]\nhits_weight = 0.8\nstops_memory = 0.7\n', encoding="utf-8")
    scenario = load(top, ["teams.slots=4"]).with_changes({"teams.sensing_error": 0.1})
    sources = {row.path: row.source for row in describe(scenario.parameters, scenario.origins)}
    assert sources["teams.discovery_weeks"] == "set by scenario fast_red, base of middle.toml, base of top.toml"
    assert sources["teams.skill"] == "set by middle.toml, base of top.toml"
    assert sources["teams.hits_weight"] == "set by top.toml"
    assert sources["teams.slots"] == "set by --set"
    assert sources["teams.sensing_error"] == "set by a change in Python"
    for field in FIELDS:
        if scenario.parameters.value(field.path) == field.default:
            assert sources[field.path] == str(field.source)
    assert [row.source for row in describe(scenario.parameters) if row.path == "teams.skill"] == ["set by the caller"]


def test_an_event_says_what_set_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    event = '\n[[event]]\nweek = 30\nset = "teams.active"\nvalue = true\n'
    path.write_text(f'base = "frozen_red"\n{event}', encoding="utf-8")
    origins = {event.week: event.origin for event in load(path).events}
    assert origins == {26: "scenario frozen_red, base of mine.toml", 30: "mine.toml"}
