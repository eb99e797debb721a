"""Scenario files: bases, and one clear message for everything that can be wrong with a file."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, Event, library, load

SKILL = "is not allowed: give a number in [0, 1]"
COUNT = "is not allowed: give a whole number in [0, 10000] (workshops)"


def refusal(path: Path | str, *overrides: str) -> str:
    """The message with which loading fails; nothing of pydantic's own may show through."""
    with pytest.raises(InputError) as caught:
        load(path, overrides)
    message = str(caught.value)
    assert not re.search(r"pydantic|validation error|[Ii]nput should|type=|Extra inputs", message)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return message


def complaints(path: Path | str, *overrides: str) -> list[str]:
    """The lines of the message with which loading fails; none if it does not. No other exception may come."""
    try:
        load(path, overrides)
    except InputError as error:
        return str(error).split("\n")
    return []


def refused_text(folder: Path, text: str) -> str:
    """The message for a file with this text, without the leading path."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    lines = refusal(path).split("\n")
    assert all(line.startswith(f"{path}: ") for line in lines)
    return "\n".join(line.removeprefix(f"{path}: ") for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # unknown words
        ("skill = 1", 'unknown key or table "skill".'),
        ('titel = "x"', 'unknown key or table "titel". Did you mean "title"?'),
        ("[team]\nskill = 1", 'unknown key or table "team". Did you mean "teams"?'),
        ("[teams]\nskil = 1", 'unknown key "skil" in [teams]. Did you mean "teams.skill"?'),
        (
            "[primes]\niteration_weeks = 1",
            'unknown key "iteration_weeks" in [primes]. Did you mean "workshops.iteration_weeks"?',
        ),
        ("[teams]\nzzz = 1", 'unknown key "zzz" in [teams].'),
        ("[teams.skill]\nlow = 1", f"teams.skill = {{'low': 1}} {SKILL}"),
        # wrong types
        ('[teams]\nskill = "3"', f'teams.skill = "3" {SKILL}'),
        ("[teams]\nskill = true", f"teams.skill = true {SKILL}"),
        ("[teams]\nskill = [0.5]", f"teams.skill = [0.5] {SKILL}"),
        ("[teams]\nskill = 2024-05-27", f"teams.skill = 2024-05-27 {SKILL}"),
        ("[workshops]\ncount = true", f"workshops.count = true {COUNT}"),
        ("[workshops]\ncount = 3.0", f"workshops.count = 3.0 {COUNT}"),
        ('[workshops]\ncount = "3"', f'workshops.count = "3" {COUNT}'),
        ("[workshops]\nadapts = 1", "workshops.adapts = 1 is not allowed: give true or false"),
        ('[workshops]\nadapts = "yes"', 'workshops.adapts = "yes" is not allowed: give true or false'),
        (
            '[founders]\norigin = "Common"',
            'founders.origin = "Common" is not allowed: give one of "common", "independent"',
        ),
        ("[founders]\norigin = 1", 'founders.origin = 1 is not allowed: give one of "common", "independent"'),
        ("teams = 3", "teams = 3 is not allowed: teams is a table, [teams], of keys"),
        (
            "[[teams]]\nskill = 0.5",
            "teams = [{'skill': 0.5}] is not allowed: teams is a table, [teams], of keys",
        ),
        ("title = 3", "title = 3 is not allowed: give a text in quotes"),
        ("description = true", "description = true is not allowed: give a text in quotes"),
        ("base = 3", "base: base = 3 is not allowed: give a text in quotes"),
        # numbers that are none, and numbers out of bounds
        ("[teams]\nskill = nan", f"teams.skill = nan {SKILL}"),
        ("[teams]\nskill = inf", f"teams.skill = inf {SKILL}"),
        ("[teams]\nskill = -inf", f"teams.skill = -inf {SKILL}"),
        ("[teams]\nskill = 1.5", f"teams.skill = 1.5 {SKILL}"),
        ("[teams]\nskill = -0.1", f"teams.skill = -0.1 {SKILL}"),
        (
            "[feedback]\nmemory = 1.0",
            "feedback.memory = 1.0 is not allowed: give a number in [0, 1) (1/week)",
        ),
        (
            "[front]\nscale = 0",
            "front.scale = 0 is not allowed: give a number in (0, 10000000000] (hits-worth)",
        ),
        ("[workshops]\ncount = -1", f"workshops.count = -1 {COUNT}"),
        ("[workshops]\ncount = 10001", f"workshops.count = 10001 {COUNT}"),
        ("[workshops]\ncount = " + "9" * 80, f"workshops.count = {'9' * 60}... {COUNT}"),
        ("[teams]\nskill = " + "9" * 400, f"teams.skill = {'9' * 60}... {SKILL}"),
        (
            "[workshops]\ncount = 0x" + "f" * 9000,
            f"workshops.count = a number of thousands of digits {COUNT}",
        ),
        # parameters that contradict each other
        (
            "[run]\nweeks = 10",
            "run.burn_in_weeks = 26 must be smaller than run.weeks = 10",
        ),
        (
            "[design]\nmodules = 8",
            "design.modules = 8 times design.bits_per_module = 12 is 96 bits: at most 64 are allowed",
        ),
        (
            "[design]\nmodules = 1\nbits_per_module = 3",
            (
                "landscape.interactions = 3 must be smaller than the 3 bits of a design "
                "(design.modules times design.bits_per_module)"
            ),
        ),
        ("[workshops]\nnetwork_degree = 3", "workshops.network_degree = 3 must be even"),
        (
            '[workshops]\nnetwork = "ring"\ncount = 6',
            ('workshops.network_degree = 6 must be smaller than workshops.count = 6 when workshops.network is "ring"'),
        ),
        # several faults, one line each
        (
            "[teams]\nskill = 2\nzzz = 3\n[workshops]\ncount = 3.0",
            f'workshops.count = 3.0 {COUNT}\nteams.skill = 2 {SKILL}\nunknown key "zzz" in [teams].',
        ),
        # events
        ("event = 3", "event is a list of tables: write each as [[event]] with week, set and value"),
        ("[event]\nweek = 3", "event is a list of tables: write each as [[event]] with week, set and value"),
        ("[[event]]\nweek = 3", "event 1: set is missing; an event has week, set and value"),
        (
            '[[event]]\nweek = 3\nset = "teams.skill"',
            "event 1: value is missing; an event has week, set and value",
        ),
        (
            '[[event]]\nweeks = 3\nset = "teams.skill"\nvalue = 1',
            'event 1: unknown key "weeks". Did you mean "week"?',
        ),
        (
            '[[event]]\nweek = 3.0\nset = "teams.skill"\nvalue = 1',
            "event 1: week = 3.0 is not allowed: give a whole number",
        ),
        (
            '[[event]]\nweek = true\nset = "teams.skill"\nvalue = 1',
            "event 1: week = true is not allowed: give a whole number",
        ),
        (
            "[[event]]\nweek = 3\nset = 1\nvalue = 1",
            'event 1: set = 1 is not allowed: give a parameter as "group.key"',
        ),
        (
            '[[event]]\nweek = 3\nset = "teams.skil"\nvalue = 1',
            'event in week 3: unknown parameter "teams.skil". Did you mean "teams.skill"?',
        ),
        (
            '[[event]]\nweek = 300\nset = "teams.skill"\nvalue = 1',
            "event in week 300 setting teams.skill = 1: the run has weeks 0 to 155",
        ),
        (
            '[[event]]\nweek = 3\nset = "run.weeks"\nvalue = 9',
            "event in week 3 setting run.weeks = 9: run.weeks is fixed for the whole run; set it in [run]",
        ),
        (
            '[[event]]\nweek = 3\nset = "teams.skill"\nvalue = nan',
            f"events of week 3: teams.skill = nan {SKILL}",
        ),
        (
            '[[event]]\nweek = 3\nset = "teams.skill"\nvalue = 1\n' * 2,
            "event in week 3 setting teams.skill = 1: another event sets it in the same week, to 1",
        ),
        # no TOML, or nothing in it
        ("[teams]\nskill = \n", "is not valid TOML: Invalid value (at line 2, column 9)"),
        (
            "[teams\n",
            "is not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 7)",
        ),
        (
            "[teams]\nskill = 1\nskill = 1\n",
            "is not valid TOML: Cannot overwrite a value (at line 3, column 10)",
        ),
        ("x = " + "[" * 100_000, "is nested too deeply for a scenario file"),
        ("", "is empty; `race-sim new FILE` writes a file to start from"),
        ("# nothing but a comment\n", "is empty; `race-sim new FILE` writes a file to start from"),
        ("#" * 1_000_001, "is larger than 1000000 bytes; a scenario file is a short text"),
        # bases
        ('base = "baselin"', 'base: unknown scenario "baselin". Did you mean "baseline"? The library has '),
        ('base = ""', 'base: unknown scenario "". The library has '),
        ('base = "mine.toml"', "is its own base: mine.toml -> mine.toml"),
    ],
)
def test_a_bad_file_is_explained(text: str, message: str, tmp_path: Path) -> None:
    explained = refused_text(tmp_path, text)
    if message.endswith("The library has "):
        message += f"{', '.join(library())}; or give the path of a .toml file."
    assert explained == message


@given(data=st.data())
def test_a_damaged_file_loads_or_is_explained(data: st.DataObject, folder: Path) -> None:
    text = load("frozen_red").to_toml()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    path = folder / "damaged.toml"
    path.write_bytes(text[:start].encode() + data.draw(st.binary(max_size=6)) + text[end:].encode())
    assert all(line.startswith(f"{path}: ") for line in complaints(path))


@given(
    path=st.sampled_from(sorted(BY_PATH)),
    value=st.sampled_from(["[]", "{}", "[[1], {a = 2}]", "07:32:00", "1e999", "-nan", "0b1", "''", "", "+0.0"])
    | st.text(max_size=8),
)
def test_any_override_is_taken_or_explained(path: str, value: str) -> None:
    assert not any("pydantic" in line for line in complaints("baseline", f"{path}={value}"))


def test_the_line_of_broken_toml_is_named(tmp_path: Path) -> None:
    assert "line 4" in refused_text(tmp_path, 'title = "x"\n\n[teams]\nskill == 1\n')


def test_a_number_too_long_for_python_is_broken_toml(tmp_path: Path) -> None:
    assert refused_text(tmp_path, "[run]\nweeks = " + "9" * 5000).startswith("is not valid TOML: ")


@pytest.mark.parametrize("name", ["baselines", "Baseline", "base_line"])
def test_an_unknown_scenario_names_the_nearest_and_the_library(name: str) -> None:
    message = refusal(name)
    assert message.startswith(f'unknown scenario "{name}". Did you mean "baseline"? The library has baseline, ')
    assert all(known in message for known in library())


def test_an_unknown_scenario_far_from_all_names_only_the_library() -> None:
    assert refusal("zzz").startswith('unknown scenario "zzz". The library has baseline, ')


def test_no_name_is_no_scenario() -> None:
    assert refusal("").startswith('unknown scenario "". The library has ')


def test_a_missing_file_names_the_nearest_beside_it(tmp_path: Path) -> None:
    (tmp_path / "winter.toml").write_text('title = "Winter"', encoding="utf-8")
    missing = tmp_path / "wintr.toml"
    assert refusal(missing) == f'{missing}: no such file. Did you mean "winter.toml"?'
    elsewhere = tmp_path / "nowhere" / "wintr.toml"
    assert refusal(elsewhere) == f"{elsewhere}: no such file."


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: is a directory; give a TOML file"
    assert refusal(".") == ".: is a directory; give a TOML file"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b'title = "\xff"', b"\x1f\x8b\x08"])
def test_a_binary_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "picture.toml"
    path.write_bytes(content)
    assert re.fullmatch(r".*picture.toml: is not text in UTF-8 \(byte \d\); give a TOML file", refusal(path))


def test_a_file_with_null_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zeros.toml"
    path.write_bytes(bytes(64))
    assert refusal(path).startswith(f"{path}: is not valid TOML: ")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.toml"
    path.write_text('title = "x"', encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == f"{path}: cannot be read: Permission denied"


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5000 + ".toml", "x" * 5000, "a\0b"])
def test_an_impossible_file_name_is_refused(name: str) -> None:
    assert re.search("cannot be read|unknown scenario", refusal(name))


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "circle.toml"
    path.symlink_to(path)
    assert refusal(path).startswith(f"{path}: cannot be read: ")


def test_a_circle_of_bases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('base = "two.toml"', encoding="utf-8")
    (tmp_path / "two.toml").write_text('base = "./one.toml"', encoding="utf-8")
    assert refusal(tmp_path / "one.toml").endswith("one.toml: is its own base: one.toml -> two.toml -> one.toml")


def test_a_fault_in_a_base_names_the_base(tmp_path: Path) -> None:
    (tmp_path / "below.toml").write_text("[teams]\nskill = 2", encoding="utf-8")
    (tmp_path / "above.toml").write_text('base = "below.toml"', encoding="utf-8")
    assert refusal(tmp_path / "above.toml") == f"{tmp_path / 'below.toml'}: teams.skill = 2 {SKILL}"


def test_a_file_may_begin_with_a_byte_order_mark_and_use_any_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "Windows"\r\n[teams]\r\nskill = 0.5\r\n')
    assert load(path).parameters.teams.skill == 0.5


def test_without_a_base_the_defaults_hold(tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    path.write_text("[teams]\nskill = 0.5", encoding="utf-8")
    scenario = load(path)
    assert (scenario.name, scenario.title, scenario.description) == ("plain", "plain", "")
    assert scenario.parameters == load("baseline", ["teams.skill=0.5"]).parameters


def test_a_scenario_builds_on_its_base_and_wins(tmp_path: Path) -> None:
    (tmp_path / "below.toml").write_text(
        'title = "Below"\nbase = "frozen_red"\n[teams]\nskill = 0.5\nslots = 2\n'
        '[[event]]\nweek = 60\nset = "teams.active"\nvalue = true\n',
        encoding="utf-8",
    )
    above = tmp_path / "deeper" / "above.toml"
    above.parent.mkdir()
    above.write_text(
        'title = "Above"\nbase = "../below.toml"\n[teams]\nskill = 0.6\n'
        '[[event]]\nweek = 26\nset = "teams.active"\nvalue = true\n'
        '[[event]]\nweek = 90\nset = "teams.skill"\nvalue = 0.1\n',
        encoding="utf-8",
    )
    scenario = load(above)
    assert (scenario.title, scenario.description) == ("Above", "")
    assert scenario.parameters == load("baseline", ["teams.skill=0.6", "teams.slots=2"]).parameters
    assert scenario.events == (
        Event(60, "teams.active", True),
        Event(26, "teams.active", True),
        Event(90, "teams.skill", 0.1),
    )


def test_a_library_name_wins_over_a_file_but_a_path_reaches_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_red").write_text('title = "Mine"', encoding="utf-8")
    (tmp_path / "mine").write_text('title = "Mine"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load("no_red").title == "Control: no countermeasures"
    assert load(tmp_path / "no_red").title == "Mine"
    assert load("mine").title == "Mine"
