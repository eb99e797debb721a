"""Bad input: status 2, a message naming place, key, value and what is allowed, nothing written."""

from pathlib import Path

import pytest

from tests.cli.commands import SMALL, Command, entries, race_sim, refusal

FILES = {
    "broken.toml": b"[run\nweeks = 3",
    "binary.toml": bytes(range(256)),
    "empty.toml": b"",
    "key.toml": b"[teams]\nskil = 0.5",
    "table.toml": b"[team]\nskill = 0.5",
    "type.toml": b'[teams]\nskill = "high"',
    "nan.toml": b"[teams]\nskill = nan",
    "bounds.toml": b"[teams]\nskill = 1.5",
    "late.toml": b'[[event]]\nweek = 400\nset = "teams.skill"\nvalue = 0.5',
    "twice.toml": b'[[event]]\nweek = 4\nset = "teams.skill"\nvalue = 0.5\n' * 2,
    "fixed.toml": b'[[event]]\nweek = 4\nset = "teams.count"\nvalue = 5',
    "base.toml": b'base = "basline"',
    "burn_in.toml": b"[run]\nburn_in_weeks = 200",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "directory.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


SCENARIOS = [
    ("basline", 'unknown scenario "basline". Did you mean "baseline"? The library has baseline, '),
    ("brokn.toml", 'brokn.toml: no such file. Did you mean "broken.toml"?'),
    ("broken.toml", "broken.toml: is not valid TOML: "),
    ("binary.toml", "binary.toml: is not text in UTF-8"),
    ("empty.toml", "empty.toml: is empty"),
    ("directory.toml", "directory.toml: is a directory; give a TOML file"),
    ("key.toml", 'key.toml: unknown key "skil" in [teams]. Did you mean "teams.skill"?'),
    ("table.toml", 'table.toml: unknown key or table "team". Did you mean "teams"?'),
    ("type.toml", 'type.toml: teams.skill = "high" is not allowed: give a number in [0, 1]'),
    ("nan.toml", "nan.toml: teams.skill = nan is not allowed: give a number in [0, 1]"),
    ("bounds.toml", "bounds.toml: teams.skill = 1.5 is not allowed: give a number in [0, 1]"),
    ("late.toml", "late.toml: event in week 400 setting teams.skill = 0.5: the run has weeks 0 to 155"),
    (
        "twice.toml",
        "twice.toml: event in week 4 setting teams.skill = 0.5: another event sets it",
    ),
    ("fixed.toml", "fixed.toml: event in week 4 setting teams.count = 5: teams.count is fixed"),
    ("base.toml", 'base.toml: base: unknown scenario "basline". Did you mean "baseline"?'),
    ("burn_in.toml", "burn_in.toml: run.burn_in_weeks = 200 must be smaller than run.weeks = 156"),
]


@pytest.mark.parametrize(("scenario", "message"), SCENARIOS)
@pytest.mark.parametrize("name", ["run", "show"])
def test_a_scenario_that_cannot_be(name: str, scenario: str, message: str, folder: Path, command: Command) -> None:
    before = entries(folder)
    out = ("--out", "out") if name == "run" else ()
    assert refusal(command(name, scenario, *out)).startswith(message)
    assert entries(folder) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "--set teams.skil=1",
            'override "teams.skil=1": unknown parameter "teams.skil". Did you mean "teams.skill"?',
        ),
        ("--set teams.skill", 'override "teams.skill": write path=value, such as teams.skill=0.5'),
        ("--set teams.skill=", 'teams.skill = "" is not allowed: give a number in [0, 1]'),
        ("--set teams.skill=nan", "teams.skill = nan is not allowed: give a number in [0, 1]"),
        ("--set teams.skill=2", "teams.skill = 2 is not allowed: give a number in [0, 1]"),
        (
            "--set teams.count=1.5",
            "teams.count = 1.5 is not allowed: give a whole number in [0, 1000] (teams)",
        ),
        ("--set teams.active=yes", 'teams.active = "yes" is not allowed: give true or false'),
        (
            "--set workshops.network=star",
            'workshops.network = "star" is not allowed: give one of "complete", "small_world", "ring", "none"',
        ),
        ("--set teams.skill=1 --set teams.skill=0", "teams.skill is set twice"),
        ("--set run.weeks=20", "run.burn_in_weeks = 26 must be smaller than run.weeks = 20"),
        ("--weeks 0", "run.weeks = 0 is not allowed: give a whole number in [1, 5000] (weeks)"),
        ("--weeks 5001", "run.weeks = 5001 is not allowed: give a whole number in [1, 5000] (weeks)"),
        ("--weeks 9 --set run.weeks=9", "weeks = 9 and run.weeks = 9: give one of them"),
        ("--runs 0", "runs = 0 is not allowed: give a whole number in [1, "),
        ("--runs -3", "runs = -3 is not allowed: give a whole number in [1, "),
        ("--seed -1", "seed = -1 is not allowed: give a whole number in [0, 18446744073709551615]"),
        ("--seed 18446744073709551616", "seed = 18446744073709551616 is not allowed"),
        ("--threads 0", "threads = 0 is not allowed: give a whole number in [1, "),
        ("--driver mess", 'driver = "mess" is not allowed: give ensemble or mesa. Did you mean "mesa"?'),
        ("--model a:B --driver ensemble", "driver = ensemble runs no model of your own"),
        ("--model a", 'model = "a" is not allowed: give module:Class'),
        ("--model nowhere:B", 'model "nowhere:B": there is no module "nowhere"'),
        (
            "--model os:environ",
            'model "os:environ" is a _Environ: give a subclass of race_sim.model.RaceModel',
        ),
    ],
)
def test_an_option_that_cannot_be(
    options: str, message: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = refusal(command("run", "baseline", "--out", "out", *options.split()))
    assert message in refused
    assert "\n" not in refused
    assert entries(tmp_path) == []


def test_faults_have_a_line_each(command: Command) -> None:
    refused = refusal(command("run", "baseline", "--set", "teams.skill=2", "--set", "teams.count=-1"))
    assert refused == (
        "baseline with changes: teams.count = -1 is not allowed: give a whole number in [0, 1000] (teams)\n"
        "baseline with changes: teams.skill = 2 is not allowed: give a number in [0, 1]"
    )


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("there", "there: is there already; give a new name, or --overwrite"),
        ("file", "file: is a file; give the name of a new directory"),
        ("file/out", "out: cannot be written: "),
        ("/proc/race_sim/out", "/proc/race_sim/out: cannot be written: "),
    ],
)
def test_output_that_cannot_be_written(
    out: str, message: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").touch()
    (tmp_path / "file").touch()
    assert message in refusal(command("run", "baseline", "--out", out, *SMALL))
    assert entries(tmp_path) == ["file", "there"]
    assert entries(tmp_path / "there") == ["thesis.txt"]
    assert "was not written by race_sim" in refusal(command("run", "baseline", "--out", "there", "--overwrite", *SMALL))
    assert entries(tmp_path / "there") == ["thesis.txt"]


def test_a_process_of_its_own_refuses_alike(folder: Path) -> None:
    for scenario, message in SCENARIOS[:6]:
        assert refusal(race_sim("run", scenario, folder=folder)).startswith(message)
