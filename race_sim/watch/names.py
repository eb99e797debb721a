"""What readers call modules, makers, teams, families and treasuries. Numbers count from 0, as in the records."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from race_sim.errors import InputError
from race_sim.firms import TREASURY_NAMES
from race_sim.records import JOINT_LINE, PRIME, TOTAL, WORKSHOP
from race_sim.scenario.text import shown

LABELS = ("link", "navigation", "guidance", "airframe")
"""Names without engineering for the four modules of a default design."""
KIND_SINGULAR = {WORKSHOP: "workshop", PRIME: "prime", JOINT_LINE: "joint line"}
KIND_WORDS = {WORKSHOP: "workshops", PRIME: "primes", JOINT_LINE: "joint lines", TOTAL: "all makers"}
CHANGED_HERE = "a change while watching"
"""What gave a parameter its value that was changed on the page or in `WatchedRace.change`."""
MAKER_ROLES = {WORKSHOP: "workshop", PRIME: "prime", JOINT_LINE: "line"}
TREASURY_ROLE = "treasury"
ROLES = (*MAKER_ROLES.values(), "team", "family", TREASURY_ROLE)
ROLE_WORDS = {MAKER_ROLES[JOINT_LINE]: KIND_SINGULAR[JOINT_LINE]}
"""Roles that sentences call by another name."""
TREASURY_WORDS = tuple(f"the {name} treasury" for name in ("home", "partners'"))
"""What the treasuries are called in sentences, in the order of `TREASURY_NAMES`."""
_AGENT = re.compile(rf"({'|'.join(ROLES)})-([0-9]{{1,9}})")


class AgentId(NamedTuple):
    """One of `ROLES` and a number among those; its text, such as "team-3", is what links and clicks carry."""

    role: str
    number: int

    def __str__(self) -> str:
        return f"{self.role}-{self.number}"

    @property
    def words(self) -> str:
        """The agent in a sentence: "team 3", "joint line 0", "the home treasury"."""
        if self.role == TREASURY_ROLE and self.number < len(TREASURY_NAMES):
            return TREASURY_WORDS[self.number]
        return f"{ROLE_WORDS.get(self.role, self.role)} {self.number}"


class Rows(NamedTuple):
    """How the rows of the world's makers are divided: workshops first, places of newcomers among them, then primes.

    What is left are the places of joint lines.
    """

    workshops: int
    primes: int

    @classmethod
    def of(cls, kinds: npt.NDArray[np.int64]) -> Rows:
        """The division of makers of these kinds, i8[makers]."""
        return cls(int((kinds == WORKSHOP).sum()), int((kinds == PRIME).sum()))


def module_names(modules: int) -> tuple[str, ...]:
    """Names of the modules of a design."""
    return LABELS if modules == len(LABELS) else tuple(f"module {number}" for number in range(1, modules + 1))


def maker_id(row: int, rows: Rows) -> AgentId:
    """The maker in this row of the world."""
    if row < rows.workshops:
        return AgentId(MAKER_ROLES[WORKSHOP], row)
    if row < rows.workshops + rows.primes:
        return AgentId(MAKER_ROLES[PRIME], row - rows.workshops)
    return AgentId(MAKER_ROLES[JOINT_LINE], row - rows.workshops - rows.primes)


def read_agent_id(text: str) -> AgentId:
    """The agent that a text such as "team-3" stands for. Raises InputError if it stands for none."""
    match = _AGENT.fullmatch(text)
    if match is None:
        raise InputError(f"agent = {shown(text)} is not allowed: give one of {', '.join(ROLES)}, a hyphen and a number")
    return AgentId(match[1], int(match[2]))
