"""The record of one agent, or of a family of designs: what it is, what it did week by week, its history in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from race_sim.errors import InputError
from race_sim.scenario.text import shown
from race_sim.watch.family_record import family_record
from race_sim.watch.maker_record import prime_record, workshop_record
from race_sim.watch.names import read_agent_id
from race_sim.watch.team_record import team_record

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

RECORDS = {"workshop": workshop_record, "prime": prime_record, "team": team_record, "family": family_record}
PLURALS = {"workshop": "workshops", "prime": "primes", "team": "teams", "family": "families"}


def agent_record(race: WatchedRace, agent_id: str) -> dict[str, Any]:
    """Facts with units, series by week and the dated history of an agent such as "team-3", as plain values.

    Needs a week that has been run. Raises InputError if there is no such agent.
    """
    agent = read_agent_id(agent_id)
    model = race.model
    counts = {
        "workshop": race.workshops,
        "prime": len(model.makers) - race.workshops,
        "team": len(model.teams),
        "family": len(model.makers),
    }
    count = counts[agent.role]
    if agent.number >= count:
        allowed = f"numbers 0 to {count - 1}" if count else "none"
        raise InputError(f"agent = {shown(agent_id)} is not allowed: of {PLURALS[agent.role]} this race has {allowed}")
    return RECORDS[agent.role](race, agent.number).plain(str(agent), agent.words.capitalize())
