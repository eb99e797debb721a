"""A policy that contradicts itself is refused by the command line: status 2, one sentence, nothing written."""

from pathlib import Path

from tests.cli.commands import entries, race_sim, refusal

POLICY = """base = "baseline"

[joint_lines]
places = 2

[[event]]
week = 26
set = "joint_lines.lines"
value = 3
"""


def test_a_contradictory_policy_leaves_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    done = race_sim("run", "policy.toml", "--out", "out", folder=tmp_path)
    expected = "policy.toml: events of week 26: joint_lines.lines = 3 must be at most joint_lines.places = 2"
    assert refusal(done) == expected
    assert entries(tmp_path) == ["policy.toml"]
