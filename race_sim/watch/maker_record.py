"""Records of workshops, primes and joint lines: what they build, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from race_sim.records import NOBODY
from race_sim.watch.firm_log import FIRM_KINDS
from race_sim.watch.firm_record import account_facts, line_facts, lines_with, standing_facts
from race_sim.watch.history import Adoption
from race_sim.watch.names import maker_id, module_names
from race_sim.watch.record_parts import Dated, Record, Series, logged, rates
from race_sim.watch.words import counted, family_text, number_text, rate_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

NEVER_CHANGED = "none so far: still its first design"


def workshop_record(race: WatchedRace, number: int) -> Record:
    """The record of the workshop with this number."""
    workshop = race.model.workshops[number]
    losses = np.array(workshop.losses)
    blamed = module_names(len(losses))[int(losses.argmax())] if losses.any() else "none yet"
    own = [
        ("Design cycle", counted(int(race.model.params[0].workshops_iteration_weeks), "week")),
        ("Hits a sortie it believes in", rate_text(workshop.estimate)),
        ("Module that reports blame most", blamed),
        ("Variants on trial", str(workshop.trials_in_flight)),
    ]
    return _maker_record(race, workshop.index, own if workshop.is_active else [])


def prime_record(race: WatchedRace, number: int) -> Record:
    """The record of the prime with this number."""
    prime = race.model.primes[number]
    own = [
        ("Next generation", _programme(race, prime.index, prime.programme_weeks_left)),
        ("Built towards its next batch", counted(int(prime.row.backlog), "drone")),
    ]
    return _maker_record(race, prime.index, own if prime.is_active else [])


def line_record(race: WatchedRace, number: int) -> Record:
    """The record of the joint line with this number."""
    row = race.model.joint_lines[number].index
    return _maker_record(race, row, line_facts(race, row))


def _programme(race: WatchedRace, row: int, weeks_left: int) -> str:
    if not race.model.params[0].primes_develops:
        return "none: primes do not develop"
    freeze = int(race.model.world.makers[row].programme_start)
    if int(race.model.world.makers[row].programme_end) < 0:
        return "its requirement freezes next week"
    frozen = f"froze in week {freeze}" if freeze >= 0 else "froze before the race"
    return f"in {counted(weeks_left, 'week')}; its requirement {frozen}"


def _maker_record(race: WatchedRace, row: int, own: list[tuple[str, str]]) -> Record:
    history = race.history
    weeks = [past.week for past in history.maker_weeks]
    sorties = [int(past.sorties[row]) for past in history.maker_weeks]
    hits = [int(past.hits[row]) for past in history.maker_weeks]
    stopped = int(history.maker_weeks[-1].stopped[row])
    adoptions = history.adoptions.get(row, ())
    flown = f"{counted(sorties[-1], 'sortie')}, {number_text(stopped)} stopped, {counted(hits[-1], 'hit')}"
    facts = [
        ("This week", flown),
        *standing_facts(race, row),
        *_design_facts(race, row),
        ("Changes of design", number_text(history.changes[row]) if adoptions else NEVER_CHANGED),
        *own,
        ("Drones in the arsenal", _stock(race, row)),
        *lines_with(race, row),
        *account_facts(race, row),
    ]
    agent = str(maker_id(row, race.rows))
    return Record(
        facts=facts,
        series=[Series("Sorties a week", weeks, list(sorties)), Series("Hits a sortie", weeks, rates(hits, sorties))],
        history=[*(_adoption(adoption) for adoption in adoptions), *logged(race, agent, ("dropped", *FIRM_KINDS))],
    )


def _design_facts(race: WatchedRace, row: int) -> list[tuple[str, str]]:
    """What flew of the week's design in production, evaluated against the countermeasures of the week."""
    production = race.history.last.production
    if production.family[row] == NOBODY:
        return [("Design in production", "none")]
    since = int(production.week_fielded[row])
    gap = float(production.gap[row])
    return [
        ("Design in production", f"{int(production.design[row]):x} (hexadecimal), built since week {max(since, 0)}"),
        ("Family", family_text(int(production.family[row]), race.rows)),
        ("Quality", f"{production.quality[row]:.2f} of 1"),
        ("Unopposed it would make", f"{rate_text(float(production.success[row]))} hits a sortie"),
        ("Against this week's countermeasures", f"{rate_text(float(production.expected[row]))} hits a sortie"),
        ("Nearest countermeasure", f"{gap:.1f} breadths away" if np.isfinite(gap) else "none stands"),
    ]


def _stock(race: WatchedRace, row: int) -> str:
    stock = race.history.last.stock
    own = stock.maker == row
    drones = int(stock.quantity[own].sum())
    if drones == 0:
        return "none"
    countered = stock.quantity[own & stock.countered].sum() / drones
    dropped = stock.quantity[own & stock.dropped].sum() / drones
    return (
        f"{number_text(drones)}: {share_text(float(countered))} countered, "
        f"{share_text(float(dropped))} no longer flown by operators"
    )


def _adoption(adoption: Adoption) -> Dated:
    flips = (adoption.design ^ adoption.previous_design).bit_count()
    origin = ""
    if adoption.family != adoption.previous_family:
        origin = f", of family {adoption.family} through a peer instead of family {adoption.previous_family}"
    generation = "its next generation" if adoption.planned else "a new design"
    text = (
        f"Puts {generation} into production{origin}: {counted(flips, 'bit')} changed, quality {adoption.quality:.2f}, "
        f"{rate_text(adoption.estimate)} hits a sortie expected."
    )
    return adoption.week, text
