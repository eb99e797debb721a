"""Compares scenarios by what the law will see of them."""

from race_sim.scenario import Scenario


def same_timeline(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios resolve to the same bytes."""
    pairs = zip(one.timeline(), other.timeline(), strict=True)
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)
