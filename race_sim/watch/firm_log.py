"""Log entries about makers as firms, and about money: who enters, moves, joins, stops; strikes, barter, vetoes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.firms import (
    ACTIVE,
    BARTERED,
    DESTROYED,
    DESTROYED_AT_MAKERS,
    IN_APPROVAL,
    PARTNERS,
    STOPPED,
    WAITING,
    WRITTEN_OFF,
)
from race_sim.records import JOINT_LINE, TOTAL, WORKSHOP
from race_sim.scenario.text import listed
from race_sim.watch.history import Adoption, Entry, Firms, Strike
from race_sim.watch.names import AgentId, maker_id
from race_sim.watch.words import counted, euros_text, family_text, number_text, sentence, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

MOST_TOLD = 3
"""Firms of one week that have an entry each for the same thing; more are put into one."""
FIRM_KINDS = ("entry", "stopped", "abroad", "line", "strike")
"""Kinds of entries that are about one maker."""

Places = npt.NDArray[np.intp]


def firm_entries(race: WatchedRace) -> Iterator[Entry]:
    """What makers as firms, treasuries and those who strike did this week; nothing without accounts.

    Kinds of entries: "entry", "stopped", "abroad", "line", "strike", "barter" and "veto".
    """
    before = race.history.before
    if before is None or not race.has_accounts:
        return
    for told in (_entered, _stopped, _abroad, _lines):
        yield from told(race, before)
    yield from _strikes(race)
    yield from _barter(race)
    yield from _vetoes(race, before)


def _turned(race: WatchedRace, before: Firms, was: int, now: int) -> Places:
    """Rows of makers whose standing went from one to another this week."""
    suppliers = race.model.world.suppliers
    return np.flatnonzero((before.suppliers["standing"] == was) & (suppliers["standing"] == now))


def _each(race: WatchedRace, kind: str, told: list[tuple[int, str]], summed: str) -> Iterator[Entry]:
    """An entry for each of a few makers, given as (row, words), or one that begins with `summed` for many."""
    if len(told) <= MOST_TOLD:
        for row, text in told:
            yield Entry(race.week, kind, sentence(text), str(maker_id(row, race.rows)))
        return
    names = listed([maker_id(row, race.rows).words for row, _ in told])
    yield Entry(race.week, kind, sentence(f"{len(told)} {summed}: {names}"), str(maker_id(told[0][0], race.rows)))


def _words(race: WatchedRace, row: int) -> str:
    return maker_id(row, race.rows).words


def _entered(race: WatchedRace, before: Firms) -> Iterator[Entry]:
    new = [
        row
        for row in np.flatnonzero(before.suppliers["standing"] == WAITING).tolist()
        if race.model.world.makers[row].kind == WORKSHOP and race.model.world.suppliers[row].standing != WAITING
    ]
    yield from _each(race, "entry", [(row, _newcomer(race, row)) for row in new], "workshops enter")


def _newcomer(race: WatchedRace, row: int) -> str:
    world, params = race.model.world, race.model.params[0]
    founder = ", founded by a foreign firm," if world.suppliers[row].foreign else ""
    family = family_text(int(race.history.last.production.family[row]), race.rows)
    weeks = int(params.entry_approval_weeks)
    approval = f"; it may be ordered from once it is approved, in {counted(weeks, 'week')}" if weeks else ""
    flips = counted(int(params.entry_flips), "flip")
    return f"{_words(race, row)}{founder} enters: its first design is one of {family} with {flips} at random{approval}"


def _stopped(race: WatchedRace, before: Firms) -> Iterator[Entry]:
    rows = [
        row
        for was in (ACTIVE, IN_APPROVAL)
        for row in _turned(race, before, was, STOPPED).tolist()
        if race.model.world.makers[row].kind != JOINT_LINE
    ]
    stock = race.history.last.stock
    told = []
    for row in rows:
        left = int(stock.quantity[stock.maker == row].sum())
        flies = f"; {counted(left, 'drone')} of its making still in the arsenal go on flying" if left else ""
        told.append((row, f"{_words(race, row)} stops: it cannot pay interest and overhead{_lost(race, rows)}{flies}"))
    yield from _each(race, "stopped", told, "makers stop, since they cannot pay interest and overhead")


def _lost(race: WatchedRace, rows: list[int]) -> str:
    """What banks lose by a maker that stops, where it is known to be its debt."""
    lost = int(race.weekly[-1]["kinds"]["money"][TOTAL, WRITTEN_OFF])
    return f", and banks lose {euros_text(lost)}" if lost and len(rows) == 1 else ""


def _abroad(race: WatchedRace, before: Firms) -> Iterator[Entry]:
    suppliers, params = race.model.world.suppliers, race.model.params[0]
    announced = np.flatnonzero(suppliers["announced"] > before.suppliers["announced"]).tolist()
    weeks = counted(int(params.abroad_planned_weeks), "week")
    told = [(row, f"{_words(race, row)} is announced to build abroad, in {weeks} as is said") for row in announced]
    yield from _each(race, "abroad", told, "workshops are announced to build abroad")
    moved = np.flatnonzero(suppliers["abroad"] > before.suppliers["abroad"]).tolist()
    yield from _each(race, "abroad", [(row, _move(race, row)) for row in moved], "plants abroad open")


def _move(race: WatchedRace, row: int) -> str:
    """That a plant abroad opens, with how long it took if the announcement is in the log."""
    agent = str(maker_id(row, race.rows))
    said = next((entry.week for entry in race.history.log if entry.kind == "abroad" and entry.select == agent), None)
    took = "" if said is None else f", {counted(race.week - said, 'week')} after it was announced"
    ratio = number_text(float(race.model.params[0].abroad_cost_ratio))
    return f"the plant of {_words(race, row)} abroad opens{took}: its drones cost {ratio} times as much to make there"


def _lines(race: WatchedRace, before: Firms) -> Iterator[Entry]:
    world = race.model.world
    lines = world.makers["kind"] == JOINT_LINE

    def rows(was: int, now: int) -> list[int]:
        return [row for row in _turned(race, before, was, now).tolist() if lines[row]]

    yield from _each(
        race, "line", [(row, _agreed(race, row)) for row in rows(WAITING, IN_APPROVAL)], "lines are agreed"
    )
    yield from _each(race, "line", [(row, _opened(race, row)) for row in rows(IN_APPROVAL, ACTIVE)], "lines open")
    refreshed = [
        (adoptions[-1].maker, adoptions[-1])
        for adoptions in race.history.adoptions.values()
        if adoptions and adoptions[-1].week == race.week and lines[adoptions[-1].maker]
    ]
    told = [(row, _refreshed(race, adoption)) for row, adoption in refreshed]
    yield from _each(race, "line", told, "joint lines refresh their design")
    ended = [*rows(ACTIVE, STOPPED), *rows(IN_APPROVAL, STOPPED)]
    yield from _each(race, "line", [(row, _ended(race, before, row)) for row in ended], "joint lines end")


def _agreed(race: WatchedRace, row: int) -> str:
    line = race.model.world.suppliers[row]
    weeks = counted(int(race.model.params[0].joint_lines_setup_weeks), "week")
    return (
        f"{_words(race, row)} is agreed: plant and capital of {_words(race, int(line.prime))} will build the design "
        f"of {_words(race, int(line.workshop))}, in {weeks}"
    )


def _opened(race: WatchedRace, row: int) -> str:
    line = race.model.world.suppliers[row]
    plant = f"{counted(int(line.capacity), 'drone')} a week"
    return (
        f"{_words(race, row)} opens with plant for {plant} of {_words(race, int(line.prime))}; "
        f"from next week it builds the design that {_words(race, int(line.workshop))} has now"
    )


def _refreshed(race: WatchedRace, adoption: Adoption) -> str:
    workshop = _words(race, int(race.model.world.suppliers[adoption.maker].workshop))
    changed = counted((adoption.design ^ adoption.previous_design).bit_count(), "bit")
    line = _words(race, adoption.maker)
    return f"{line} refreshes its design from {workshop}: {changed} changed, built from next week"


def _ended(race: WatchedRace, before: Firms, row: int) -> str:
    makers, suppliers = race.model.world.makers, race.model.world.suppliers
    standing = (before.suppliers["standing"] == ACTIVE) | (before.suppliers["standing"] == IN_APPROVAL)
    agreed = int((standing & (makers["kind"] == JOINT_LINE)).sum())
    if suppliers[int(suppliers[row].prime)].standing == STOPPED:
        return f"{_words(race, row)} ends: its prime has stopped"
    if agreed > race.model.params[0].joint_lines_lines:
        return f"{_words(race, row)} ends: fewer lines are wanted, and its plant goes back to its prime"
    return f"{_words(race, row)} stops: it cannot pay interest and overhead"


def _strikes(race: WatchedRace) -> Iterator[Entry]:
    record: Any = race.weekly[-1]
    drones = record["kinds"]["drones"][TOTAL]
    params = race.model.params[0]
    struck = [*takewhile(lambda strike: strike.week == race.week, reversed(race.history.strikes))][::-1]
    repair = counted(int(params.strikes_repair_weeks), "week")
    lost = int(drones[DESTROYED_AT_MAKERS])
    there = f" and destroys {counted(lost, 'drone')} there" if lost and len(struck) == 1 else ""
    told = [
        (strike.maker, f"{_struck(race, strike)}{there}; what it can pay for is repaired in {repair}")
        for strike in struck
    ]
    summed = f"plants are struck, and {counted(sum(strike.lost for strike in struck), 'drone')} a week out of use"
    yield from _each(race, "strike", told, summed)
    destroyed = int(drones[DESTROYED])
    if destroyed:
        text = f"a strike on depots destroys {counted(destroyed, 'drone')} of the arsenal"
        yield Entry(race.week, "strike", sentence(text), None)
    if record["strikes_stopped"]:
        text = f"interceptors stop {int(record['strikes_stopped'])} of {counted(int(record['strikes']), 'strike')}"
        yield Entry(race.week, "strike", sentence(text), None)


def _struck(race: WatchedRace, strike: Strike) -> str:
    whole = int(race.model.world.suppliers[strike.maker].capacity) + strike.lost
    plant = f"the plant of {_words(race, strike.maker)}"
    return f"a strike on {plant} puts {strike.lost:,} of its {whole:,} drones a week out of use"


def _barter(race: WatchedRace) -> Iterator[Entry]:
    """That barter begins, or ends: between these it is the same every week."""
    drones = race.weekly["kinds"]["drones"][-2:, TOTAL, BARTERED]
    now, earlier = int(drones[-1]), int(drones[0]) if len(drones) > 1 else 0
    if now and not earlier:
        each = float(race.model.params[0].barter_interceptors_per_drone)
        text = f"barter begins: {counted(now, 'drone')} leave the arsenal this week for {now * each:.3g} interceptors"
        yield Entry(race.week, "barter", sentence(text), None)
    if earlier and not now:
        yield Entry(race.week, "barter", sentence("no drones are bartered for interceptors any more"), None)


def _vetoes(race: WatchedRace, before: Firms) -> Iterator[Entry]:
    now, earlier = race.model.world.treasuries, before.treasuries
    select = str(AgentId("treasury", PARTNERS))
    if now["vetoed"].any() and not earlier["vetoed"].any() and now["withheld"].any():
        share = share_text(float(race.model.params[0].coalition_joint_share))
        text = f"a veto holds up joint money: {share} of the partners' budget and of their aid wait while it lasts"
        yield Entry(race.week, "veto", sentence(text), select)
    released = int(now["released"].sum())
    if released and earlier["vetoed"].any() and not now["vetoed"].any():
        text = f"the veto is over: {euros_text(released)} of joint money held up before are released"
        yield Entry(race.week, "veto", sentence(text), select)
