"""Parts of weekly records, to be compared byte by byte."""

from __future__ import annotations

from race_sim.records import PRIME, TOTAL, WEEK, WORKSHOP
from race_sim.verify.sample import Numbers

Picked = list[Numbers]


def everything(weekly: Numbers) -> Picked:
    """All that is recorded."""
    return [weekly[name] for name in WEEK.names or ()]


def without_balance(weekly: Numbers) -> Picked:
    """All that is recorded but the front balance."""
    return [weekly[name] for name in WEEK.names or () if name != "front_balance"]


def balance(weekly: Numbers) -> Picked:
    """The front balance."""
    return [weekly["front_balance"]]


def hits(weekly: Numbers) -> Picked:
    """Hits of all makers."""
    return [weekly["kinds"]["hits"][..., TOTAL]]


def of_workshops(weekly: Numbers) -> Picked:
    """All that is recorded of workshops."""
    return [weekly["kinds"][..., WORKSHOP]]


def of_primes(weekly: Numbers) -> Picked:
    """All that is recorded of primes."""
    return [weekly["kinds"][..., PRIME]]


def differing_runs(one: Picked, other: Picked) -> int:
    """Runs in which anything picked differs in any byte."""
    return sum(
        any(a[run].tobytes() != b[run].tobytes() for a, b in zip(one, other, strict=True)) for run in range(len(one[0]))
    )
