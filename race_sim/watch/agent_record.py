"""The record of one agent, or of a family of designs: what it is, what it did week by week, its history in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from race_sim.errors import InputError
from race_sim.firms import TREASURIES
from race_sim.scenario.text import shown
from race_sim.watch.family_record import family_record
from race_sim.watch.maker_record import line_record, prime_record, workshop_record
from race_sim.watch.names import read_agent_id
from race_sim.watch.team_record import team_record
from race_sim.watch.treasury_record import treasury_record

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

FAMILY = "family"
RECORDS = {
    "workshop": workshop_record,
    "prime": prime_record,
    "line": line_record,
    "team": team_record,
    FAMILY: family_record,
    "treasury": treasury_record,
}
PLURALS = {
    "workshop": "workshops",
    "prime": "primes",
    "line": "joint lines",
    "team": "teams",
    FAMILY: "families",
    "treasury": "treasuries",
}


def counts(race: WatchedRace) -> dict[str, int]:
    """How many agents of each role have a record: of workshops and joint lines those that have entered so far."""
    model = race.model
    return {
        "workshop": race.workshops,
        "prime": len(model.primes),
        "line": race.lines,
        "team": len(model.teams),
        FAMILY: len(model.makers),
        "treasury": TREASURIES if race.has_accounts else 0,
    }


def agent_record(race: WatchedRace, agent_id: str) -> dict[str, Any]:
    """Facts with units, series by week and the dated history of an agent such as "team-3", as plain values.

    Needs a week that has been run. Raises InputError if there is no such agent.
    """
    agent = read_agent_id(agent_id)
    count = counts(race)[agent.role]
    if agent.number >= count:
        allowed = f"numbers 0 to {count - 1}" if count else "none"
        raise InputError(f"agent = {shown(agent_id)} is not allowed: of {PLURALS[agent.role]} this race has {allowed}")
    title = agent.words[:1].upper() + agent.words[1:]
    return RECORDS[agent.role](race, agent.number).plain(str(agent), title)
