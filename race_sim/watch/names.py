"""What readers call modules, makers, teams and families. Numbers count from 0, as in the records."""

import re
from typing import NamedTuple

from race_sim.errors import InputError
from race_sim.records import PRIME, WORKSHOP
from race_sim.scenario.text import shown

LABELS = ("link", "navigation", "guidance", "airframe")
"""Names without engineering for the four modules of a default design."""
KIND_SINGULAR = {WORKSHOP: "workshop", PRIME: "prime"}
CHANGED_HERE = "a change while watching"
"""What gave a parameter its value that was changed on the page or in `WatchedRace.change`."""
ROLES = (*KIND_SINGULAR.values(), "team", "family")
_AGENT = re.compile(rf"({'|'.join(ROLES)})-([0-9]{{1,9}})")


class AgentId(NamedTuple):
    """One of `ROLES` and a number among those; its text, such as "team-3", is what links and clicks carry."""

    role: str
    number: int

    def __str__(self) -> str:
        return f"{self.role}-{self.number}"

    @property
    def words(self) -> str:
        """The agent in a sentence: "team 3"."""
        return f"{self.role} {self.number}"


def module_names(modules: int) -> tuple[str, ...]:
    """Names of the modules of a design."""
    return LABELS if modules == len(LABELS) else tuple(f"module {number}" for number in range(1, modules + 1))


def maker_id(row: int, workshops: int) -> AgentId:
    """The maker in this row of the world, of whose makers the first `workshops` are workshops."""
    if row < workshops:
        return AgentId(KIND_SINGULAR[WORKSHOP], row)
    return AgentId(KIND_SINGULAR[PRIME], row - workshops)


def read_agent_id(text: str) -> AgentId:
    """The agent that a text such as "team-3" stands for. Raises InputError if it stands for none."""
    match = _AGENT.fullmatch(text)
    if match is None:
        raise InputError(f"agent = {shown(text)} is not allowed: give one of {', '.join(ROLES)}, a hyphen and a number")
    return AgentId(match[1], int(match[2]))
