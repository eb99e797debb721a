"""Levers by policy: under which heading the page shows a parameter, and which parameters act only with accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from race_sim.scenario import BY_PATH, FIELDS, ParameterField
from race_sim.study.ranges import ACCOUNT_GROUPS, ACTS_ALWAYS

POLICIES: Mapping[str, tuple[str, ...]] = {
    "Export regime": ("exports",),
    "Fund production at home": ("treasuries.home_funding", "treasuries.guaranteed_share"),
    "Build abroad": ("abroad",),
    "Joint ventures": ("joint_lines",),
    "Standards": (
        "primes.standards",
        "primes.weeks_per_extra_standard",
        "prime_accounts.cost_per_standard",
        "joint_lines.integration_weeks",
        "joint_lines.pilot_weeks_saved",
    ),
    "Budgets": ("treasuries",),
    "Coalition": ("coalition",),
    "American aid and barter": ("treasuries.american_aid", "barter"),
    "Strikes": ("strikes",),
    "Supply": ("inputs",),
    "Procurement": ("procurement",),
    "Entry and approval": ("entry",),
    "Knowledge sharing": (
        "workshops.copy_probability",
        "workshops.peers_sampled",
        "workshops.network",
        "workshops.network_degree",
        "workshops.network_rewiring",
        "feedback",
    ),
}
"""What governments can do, with the groups of the schema and the single parameters that belong to it.

A parameter named by its path belongs there, whoever names its group.
"""
OTHERS: Mapping[str, tuple[str, ...]] = {
    "Makers: workshops": ("workshops", "workshop_accounts"),
    "Makers: primes": ("primes", "prime_accounts"),
    "Makers: terms for all": ("money",),
    "Opponents": ("teams", "countermeasures"),
    "Front and arsenal": ("operators", "arsenal", "front"),
    "Designs": ("design", "landscape", "founders"),
    "Run and measures": ("run", "measures"),
}
"""All else, in the same way."""

ONLY_WITHOUT = ("workshops.weekly_output", "primes.weekly_output")
"""Parameters that do nothing in a race with accounts, where makers build what is ordered and paid for."""
WITH, WITHOUT = "with", "without"


@cache
def headings() -> Mapping[str, tuple[ParameterField, ...]]:
    """Every parameter under its heading; a group that no heading names has one of its own, last."""
    found: dict[str, list[ParameterField]] = {title: [] for title in (*POLICIES, *OTHERS)}
    for field in FIELDS:
        found.setdefault(_heading(field), []).append(field)
    return {title: tuple(fields) for title, fields in found.items() if fields}


def _heading(field: ParameterField) -> str:
    for named in (field.path, field.group):
        for title, members in (*POLICIES.items(), *OTHERS.items()):
            if named in members:
                return title
    return field.group


def is_policy(path: str) -> bool:
    """Whether governments set the parameter at this path."""
    return _heading(BY_PATH[path]) in POLICIES


def needs_accounts(field: ParameterField) -> str:
    """`WITH` or `WITHOUT` for a parameter that acts only in races with or without accounts; else empty."""
    if field.path in ONLY_WITHOUT:
        return WITHOUT
    return WITH if field.group in ACCOUNT_GROUPS and field.path not in ACTS_ALWAYS else ""
