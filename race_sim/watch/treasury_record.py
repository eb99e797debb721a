"""Records of the two treasuries: what they receive, and what they do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from race_sim.firms import HOME, TREASURY_NAMES
from race_sim.watch.history import RECORD_WEEKS
from race_sim.watch.money import money
from race_sim.watch.names import AgentId
from race_sim.watch.record_parts import Record, Series, logged
from race_sim.watch.words import euros_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace


def treasury_record(race: WatchedRace, number: int) -> Record:
    """The record of the home treasury, 0, or the partners', 1."""
    accounts: Any = money(race)
    name = TREASURY_NAMES[number]
    spent, now = accounts["run"]["treasuries"][name], accounts["treasuries"][name]
    week = accounts["week"]["treasuries"][name]
    facts = [
        ("Received this week", euros_text(week["income"] + week["aid"])),
        ("Received in this run", _received(number, spent)),
        ("Paid to makers in this run", euros_text(spent["paid"])),
    ]
    if number == HOME:
        taken = f"{euros_text(spent['commission'])} in this run"
        facts += [("Taken by intermediaries", taken), ("Donors' goodwill", share_text(accounts["goodwill"]))]
    else:
        facts += [
            ("Spent on other arms abroad", f"{euros_text(spent['imports'])} in this run"),
            ("Spent on plants abroad", f"{euros_text(spent['plants'])} in this run"),
        ]
    facts += [
        ("In hand", euros_text(now["cash"])),
        ("Of that, owed for drones delivered", euros_text(now["committed"])),
        ("Joint money held up by a veto", euros_text(now["withheld"])),
    ]
    first = max(0, race.week + 1 - RECORD_WEEKS)
    weeks = list(range(first, race.week + 1))
    rows = race.weekly["treasuries"][first:, number]
    series = [
        Series("Euros received a week", weeks, (rows["income"] + rows["aid"]).tolist()),
        Series("Euros paid to makers a week", weeks, rows["paid"].tolist()),
    ]
    return Record(facts, series, logged(race, str(AgentId("treasury", number)), ("veto",)))


def _received(number: int, spent: dict[str, int]) -> str:
    if number == HOME:
        return f"{euros_text(spent['income'])} from taxpayers, {euros_text(spent['aid'])} of aid"
    return f"{euros_text(spent['income'])} from taxpayers"
