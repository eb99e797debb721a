"""`race-sim evidence`: both ways between rows and parameters, for readers and for programs."""

import json

import pytest

from race_sim.scenario import BY_PATH, FIELDS
from race_sim.scenario.evidence import evidence
from tests.cli.commands import Command, refusal


def flat(text: str) -> str:
    return " ".join(text.split())


def first_words(text: str) -> set[str]:
    return {line.split()[0] for line in text.splitlines() if line.split()}


@pytest.mark.parametrize("width", ["80", "160"])
def test_a_parameter_shows_its_rows_and_arithmetic(
    width: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    done = command("evidence", "primes.development_weeks")
    assert (done.status, done.errors) == (0, "")
    assert max(map(len, done.output.splitlines())) <= int(width)
    output = flat(done.output)
    assert "primes.development_weeks = 78 weeks" in output
    assert "default 78 = round((W098.months + W012.months) / 2 * WEEKS_PER_MONTH), with W098.months = 12" in output
    for row_id in BY_PATH["primes.development_weeks"].source.ids:
        assert f"{row_id} ({evidence()[row_id].kind}): {flat(evidence()[row_id].text)}" in output


def test_an_assumed_parameter_says_so(command: Command) -> None:
    output = flat(command("evidence", "run.weeks").output)
    assert "Basis: assumed: three years. default 156: assumed low 104: assumed high 260: assumed" in output


def test_a_row_shows_what_it_sets(command: Command) -> None:
    output = flat(command("evidence", "s1-28").output)
    assert "S1-28 (mechanism): Opponents answer" in output
    assert "Sets teams.active = true (reading)" in output
    assert "Informs teams.discovery_weeks = 8.0 weeks (evidence)" in output
    assert "low 2 = W025.weeks_low" in flat(command("evidence", "W025").output)
    assert "Sets SF01: Design half-life" in output
    assert "Informs operators.crews = 6000 sorties/week (assumed)" in flat(command("evidence", "W045").output)
    assert "unused: context" in flat(command("evidence", "S1-07").output)
    assert "Rests on: W076: Supplies up 19-fold" in flat(command("evidence", "SF06").output)


def test_a_scenario_shows_its_rows(command: Command) -> None:
    output = flat(command("evidence", "fast_red").output)
    assert "teams.discovery_weeks = 2.0 (default 8.0)" in output
    assert "W025 (web fact)" in output
    frozen = flat(command("evidence", "frozen_red").output)
    assert "teams.active = false from week 26 (default true)" in frozen
    assert "No row of evidence sets this scenario" in frozen


def test_the_overview_counts_rows_and_parameters(command: Command) -> None:
    output = command("evidence").output
    assert str(len(evidence())) in output
    counts = json.loads(command("evidence", "--json").output)
    assert sum(row["rows"] for row in counts["rows"]) == len(evidence())
    assert sum(counts["parameters"].values()) == len(FIELDS)


@pytest.mark.parametrize("width", ["80", "160"])
def test_unused_lists_the_rest_with_reasons(width: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    rows = [row for row in evidence().values() if row.unused]
    assert first_words(command("evidence", "--unused").output) >= {row.id for row in rows}
    claims = first_words(command("evidence", "--unused", "--kind", "claim").output)
    assert claims & set(evidence()) == {row.id for row in rows if row.kind == "claim"}


@pytest.mark.parametrize("name", ["workshops.count", "W057", "fast_red"])
def test_a_trail_is_data(name: str, command: Command) -> None:
    assert name in command("evidence", name, "--json").output
    json.loads(command("evidence", name, "--json").output)


def test_unused_is_data(command: Command) -> None:
    groups = json.loads(command("evidence", "--unused", "--json").output)
    assert sum(map(len, groups.values())) == sum(bool(row.unused) for row in evidence().values())


def test_misuse_is_explained(command: Command) -> None:
    assert 'Did you mean "W057"?' in refusal(command("evidence", "W57"))
    assert 'Did you mean "claim"?' in refusal(command("evidence", "--unused", "--kind", "claims"))
    for arguments in (("W057", "--unused"), ("--kind", "claim")):
        assert command("evidence", *arguments).status == 2
