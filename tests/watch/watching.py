"""Small races to watch, shared by tests."""

from race_sim.scenario import Scenario
from race_sim.scenario.overrides import parse_overrides
from race_sim.watch import WatchedRace
from tests.small import six_workshops


def watched(*overrides: str, weeks: int | None = None, seed: int = 3) -> WatchedRace:
    """The small race with these overrides, watched for so many weeks, or to its end."""
    changes = parse_overrides(overrides)
    return watched_scenario(six_workshops().with_changes(changes), weeks=weeks, seed=seed)


def watched_scenario(scenario: Scenario, *, weeks: int | None = None, seed: int = 3) -> WatchedRace:
    """A scenario, watched for so many weeks, or to its end."""
    race = WatchedRace(scenario, seed)
    while not race.over and (weeks is None or race.week + 1 < weeks):
        race.step()
    return race
