"""Agents are named as in the records, and only agents are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.errors import InputError
from race_sim.watch.names import ROLES, AgentId, Rows, maker_id, module_names, read_agent_id


@given(st.sampled_from(ROLES), st.integers(0, 10**9 - 1))
def test_a_name_is_read_back(role: str, number: int) -> None:
    assert read_agent_id(str(AgentId(role, number))) == AgentId(role, number)


NOT_AGENTS = ("", "team", "team-", "team-x", "teams-3", "team--3", "team-3 ", "../team-3", "team-\u0663")


@pytest.mark.parametrize("text", NOT_AGENTS)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="give one of workshop, prime, line, team, family, treasury"):
        read_agent_id(text)


def test_makers_are_numbered_within_their_kind() -> None:
    names = ["workshop-0", "workshop-1", "prime-0", "line-0", "line-1"]
    assert [str(maker_id(row, Rows(workshops=2, primes=1))) for row in range(5)] == names


def test_sentences_call_agents_by_their_names() -> None:
    words = [AgentId("team", 3).words, AgentId("line", 0).words, AgentId("treasury", 0).words]
    assert words == ["team 3", "joint line 0", "the home treasury"]


def test_only_four_modules_have_labels() -> None:
    assert module_names(4) == ("link", "navigation", "guidance", "airframe")
    assert module_names(2) == ("module 1", "module 2")
