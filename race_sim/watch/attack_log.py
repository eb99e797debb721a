"""Log entries about makers: generations of primes, changes of workshops, designs given up, families that fall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from race_sim.records import NOBODY, WORKSHOP
from race_sim.scenario.text import listed
from race_sim.watch.history import TRAIL_WEEKS, Adoption, Entry
from race_sim.watch.names import AgentId, maker_id
from race_sim.watch.sight import COUNTERED, Sight
from race_sim.watch.words import counted, family_text, rate_text, sentence, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

FEW_WORKSHOPS = 4
"""Most workshops whose changes of design have an entry each."""
SUMMED_WEEKS = 4
"""Weeks over which changes of more workshops are summed."""
MOST_GENERATIONS = 3
"""Generations of one week that have an entry each; more are put into one."""
NOTABLE_DROP = 0.02
"""Least share of the week's sorties flown by designs given up in it."""
IDLE_WEEKS = 4
"""Weeks without a sortie after which a family that nobody builds is said to fly no more."""
LEADING_SORTIES = 0.05
"""Least share of a week's sorties from which the success of the leading family is read."""
MOST_NAMED = 6
"""Most families that one entry names."""


def generations(race: WatchedRace) -> Iterator[Entry]:
    """Generations that primes put into production."""
    new = [adoption for adoption in _adoptions(race) if adoption.planned]
    if len(new) > MOST_GENERATIONS:
        primes = listed([str(_maker(race, adoption.maker).number) for adoption in new])
        text = f"{len(new)} primes put their next generation into production: {primes}"
        yield Entry(race.week, "generation", sentence(text), str(_maker(race, new[0].maker)))
        return
    for adoption in new:
        prime = _maker(race, adoption.maker)
        freeze = int(race.model.world.makers[adoption.maker].programme_start)
        known = f"froze in week {freeze}" if freeze >= 0 else "froze before the race"
        text = (
            f"{prime.words} puts its next generation into production. Its requirement {known}: against the "
            f"countermeasures known then it expects {rate_text(adoption.estimate)} hits a sortie, against those of "
            f"this week it would make {rate_text(success_now(race, adoption))}"
        )
        yield Entry(race.week, "generation", sentence(text), str(prime))


def success_now(race: WatchedRace, adoption: Adoption) -> float:
    """Hits a sortie to be expected of a design just put into production, against this week's countermeasures."""
    product = race.model.world.products[race.model.world.makers[adoption.maker].product]
    passing = 1.0 - race.history.last.stopping(np.array([adoption.design], np.uint64))
    return float(product.success * passing.prod())


def workshop_changes(race: WatchedRace) -> Iterator[Entry]:
    """New designs of workshops: one by one where there are few, else summed over a few weeks."""
    if race.workshops <= FEW_WORKSHOPS:
        for adoption in _adoptions(race):
            if _of_workshop(race, adoption):
                yield _change(race, adoption)
        return
    if (race.week + 1) % SUMMED_WEEKS:
        return
    first = race.week - SUMMED_WEEKS + 1
    recent = [
        adoption
        for adoptions in race.history.adoptions.values()
        for adoption in takewhile(lambda adoption: adoption.week >= first, reversed(adoptions))
        if _of_workshop(race, adoption)
    ]
    if not recent:
        return
    changed = len({adoption.maker for adoption in recent})
    moved = sum(adoption.family != adoption.previous_family for adoption in recent)
    text = (
        f"in the last {SUMMED_WEEKS} weeks {changed} of {race.workshops} workshops changed their design, "
        f"{counted(len(recent), 'time')} in all; {moved} of these designs came from another family, through a peer"
    )
    yield Entry(race.week, "workshops", sentence(text), None)


def _change(race: WatchedRace, adoption: Adoption) -> Entry:
    workshop = _maker(race, adoption.maker)
    origin = "" if adoption.family == adoption.previous_family else f", one of family {adoption.family} from a peer"
    text = (
        f"{workshop.words} changes its design{origin}; by its reports it expects "
        f"{rate_text(adoption.estimate)} hits a sortie"
    )
    return Entry(race.week, "workshops", sentence(text), str(workshop))


def dropped_designs(race: WatchedRace) -> Iterator[Entry]:
    """Designs that operators gave up after this week's sorties."""
    flying = race.history.last.flying
    products = race.model.world.products[flying.row]
    dropped = products["dropped"] == 1
    sorties = np.where(dropped, flying.sorties, 0)
    if not dropped.any() or sorties.sum() < NOTABLE_DROP * flying.sorties.sum():
        return
    largest = _maker(race, int(flying.maker[sorties.argmax()]))
    designs = int(dropped.sum())
    whose = f"a design of {largest.words}" if designs == 1 else f"{designs} designs, one of them of {largest.words}"
    stock = int(products["stock"][dropped].sum())
    left = f"; {counted(stock, 'drone')} stay in the arsenal" if stock else ""
    text = f"operators give up {whose}, after too many poor weeks{left}"
    yield Entry(race.week, "dropped", sentence(text), str(largest))


def families(race: WatchedRace) -> Iterator[Entry]:
    """Families that fly no more, and the leading family if it has lost half of its success."""
    yield from _ended(race)
    yield from _halved(race)


def families_since(race: WatchedRace) -> int:
    """First week from which family numbers mean what they mean in the last week.

    At the end of the warm-up what each maker flies becomes the root of a family of its own.
    """
    burn_in = race.scenario.parameters.run.burn_in_weeks
    return burn_in if race.week >= burn_in else 0


def _sights_of_families(race: WatchedRace) -> list[Sight]:
    """Weeks remembered in which families have their numbers of the last week."""
    return [sight for sight in race.history.sights if sight.week >= families_since(race)]


def _ended(race: WatchedRace) -> Iterator[Entry]:
    sights = _sights_of_families(race)
    if len(sights) <= IDLE_WEEKS:
        return
    alive = _alive(sights[-IDLE_WEEKS:])
    gone = sorted(_alive(sights[-IDLE_WEEKS - 1 : -1]) - alive)
    if not gone:
        return
    names = [str(family) for family in (gone if len(gone) == MOST_NAMED + 1 else gone[:MOST_NAMED])]
    if len(gone) > MOST_NAMED + 1:
        names.append(f"{len(gone) - MOST_NAMED} others")
    subject, verb = ("family", "flies") if len(gone) == 1 else ("families", "fly")
    text = f"{subject} {listed(names)} {verb} no more; {len(alive)} {'is' if len(alive) == 1 else 'are'} left"
    yield Entry(race.week, "family", sentence(text), str(AgentId("family", gone[0])))


def _alive(sights: list[Sight]) -> set[int]:
    """Families that flew in these weeks, or are in production in the last of them."""
    flown = {int(family) for sight in sights for family in np.unique(sight.flying.family)}
    return flown | {int(family) for family in np.unique(sights[-1].production.family) if family != NOBODY}


def _halved(race: WatchedRace) -> Iterator[Entry]:
    sights = _sights_of_families(race)
    family = leading_family(sights)
    if family is None:
        return
    select = str(AgentId("family", family))
    if any(entry.kind == "halved" and entry.select == select for entry in _recent(race)):
        return
    courses = [(family_success(sight, family), sight.week) for sight in sights]
    peaks = [(success, week) for success, week in courses if success is not None]
    now = courses[-1][0]
    if now is None or now > COUNTERED * max(peaks)[0]:
        return
    peak, when = max(peaks)
    text = (
        f"{family_text(family, race.rows)}, which made most hits of late, has lost "
        f"{share_text(1.0 - now / peak)} of its success: "
        f"{rate_text(now)} hits a sortie are to be expected of it, after {rate_text(peak)} in week {when}"
    )
    yield Entry(race.week, "halved", sentence(text), select)


def _recent(race: WatchedRace) -> Iterator[Entry]:
    """Entries of the weeks remembered, the newest first."""
    return takewhile(lambda entry: entry.week >= race.week - TRAIL_WEEKS, reversed(race.history.log))


def leading_family(sights: list[Sight]) -> int | None:
    """The family that made most hits in these weeks; None if there were none."""
    families = np.concatenate([sight.flying.family for sight in sights])
    hits = np.concatenate([sight.flying.hits for sight in sights])
    if not hits.any():
        return None
    return int(np.bincount(families, hits).argmax())


def family_success(sight: Sight, family: int) -> float | None:
    """Hits a sortie to be expected of a family in a week; None where it flies too little to matter."""
    flying = sight.flying
    own = flying.family == family
    sorties = int(flying.sorties[own].sum())
    if sorties == 0 or sorties < LEADING_SORTIES * int(flying.sorties.sum()):
        return None
    return float((flying.sorties * flying.success * flying.alive)[own].sum() / sorties)


def _adoptions(race: WatchedRace) -> list[Adoption]:
    """Designs put into production at the end of this week."""
    return [
        adoptions[-1] for adoptions in race.history.adoptions.values() if adoptions and adoptions[-1].week == race.week
    ]


def _maker(race: WatchedRace, row: int) -> AgentId:
    return maker_id(row, race.rows)


def _of_workshop(race: WatchedRace, adoption: Adoption) -> bool:
    return int(race.history.last.production.kind[adoption.maker]) == WORKSHOP
