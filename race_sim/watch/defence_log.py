"""Log entries about countermeasures: when one is fielded, and when it has come to stop a good part of a family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from race_sim.parameter_table import COUNTERMEASURES_KIND_AREA
from race_sim.scenario.text import listed
from race_sim.watch.history import Entry, Fielding
from race_sim.watch.names import AgentId, module_names
from race_sim.watch.sight import Flying, Sight
from race_sim.watch.words import family_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

NOTICEABLE_SHARE = 0.25
"""Share of a family's sorties from which on a countermeasure acting alone is said to stop it."""
NOTICEABLE_FAMILY = 0.05
"""Least share of all the week's sorties that such a family flies."""
NEGLIGIBLE_SHARE = 0.01
"""Share of all sorties below which a countermeasure matches nothing that flies."""
MOST_FIELDINGS = 3
"""Fieldings of one week that have an entry each; more are put into one."""

Numbers = npt.NDArray[np.float64]


class Grip(NamedTuple):
    """What a countermeasure acting alone stops in a week, to be expected.

    Attributes:
        family: the one most of whose sorties it stops; None if nothing flies.
        of_family: share of that family's sorties that it stops.
        of_all: share of all sorties that it stops.
        flown: share of all sorties that the family flies.
    """

    family: int | None
    of_family: float
    of_all: float
    flown: float

    @property
    def noticeable(self) -> bool:
        """Whether it stops a good part of a family that flies enough to matter."""
        return self.of_family >= NOTICEABLE_SHARE and self.flown >= NOTICEABLE_FAMILY


def grips(flying: Flying, chances: Numbers) -> list[Grip]:
    """The grip of each countermeasure, from its chance to stop a sortie of each flying product, f8[m, n]."""
    total = int(flying.sorties.sum())
    if total == 0:
        return [Grip(None, 0.0, 0.0, 0.0) for _ in chances]
    families, places = np.unique(flying.family, return_inverse=True)
    flown = np.zeros((len(places), len(families)))
    flown[np.arange(len(places)), places] = flying.sorties
    stops, sorties = chances @ flown, flown.sum(axis=0)
    most = stops.argmax(axis=1)
    measures = (
        families[most],
        stops[np.arange(len(most)), most] / sorties[most],
        stops.sum(axis=1) / total,
        sorties[most] / total,
    )
    return [Grip(*row) for row in zip(*(measure.tolist() for measure in measures), strict=True)]


def fielding_grip(race: WatchedRace, fielding: Fielding) -> Grip:
    """What a countermeasure just fielded would stop of what flew this week, at full reach."""
    flying = race.history.last.flying
    row = race.model.world.countermeasures[fielding.slot]
    distances = np.bitwise_count((flying.design ^ row.pattern) & row.mask).astype(np.intp)
    return grips(flying, row.effect[distances][None, :] * fielding.full_reach)[0]


def fielded(race: WatchedRace) -> Iterator[Entry]:
    """Countermeasures that teams field at the end of this week."""
    new = [*takewhile(lambda fielding: fielding.week == race.week, reversed(race.history.fieldings))][::-1]
    held = [(fielding, fielding_grip(race, fielding)) for fielding in new]
    if len(new) <= MOST_FIELDINGS:
        for fielding, found in held:
            team = AgentId("team", fielding.team)
            text = f"{team.words.capitalize()} fields a countermeasure to {_aim(race, fielding, found)}"
            yield Entry(race.week, "fielding", text, str(team))
        return
    fielding, found = max(held, key=lambda one: one[1].of_all)
    team = AgentId("team", fielding.team)
    text = (
        f"{len(new)} countermeasures are fielded, by {_fielders(new, fielding)}; "
        f"that of {team.words} matches most: {_aim(race, fielding, found)}"
    )
    yield Entry(race.week, "fielding", text, str(team))


def _fielders(new: Sequence[Fielding], first: Fielding) -> str:
    """The team of one fielding, and those of all others by number: "team 0 and also teams 3, 5 and 9"."""
    others = sorted({fielding.team for fielding in new} - {first.team})
    named = AgentId("team", first.team).words
    if not others:
        return named
    return f"{named} and also {'team' if len(others) == 1 else 'teams'} {listed([str(team) for team in others])}"


def _aim(race: WatchedRace, fielding: Fielding, found: Grip) -> str:
    """What a countermeasure is against, and what it could do there."""
    module = _module(race, fielding.module)
    if found.family is None or found.of_all < NEGLIGIBLE_SHARE:
        return (
            f"the {module}, but nothing that flies now is near it: "
            f"at full reach it would stop {share_text(found.of_all)} of all sorties."
        )
    area = race.history.last.params[0].countermeasures_kind == COUNTERMEASURES_KIND_AREA
    limit = "" if area else ", if it can engage them all"
    return (
        f"the {module} of {_family(race, found)}. It acts from week {fielding.week + 1} and spreads; "
        f"at full reach it would stop {share_text(found.of_family)} of that family's sorties as they fly now "
        f"and {share_text(found.of_all)} of all{limit}."
    )


def acting(race: WatchedRace) -> Iterator[Entry]:
    """Countermeasures that this week, for the first time in the weeks remembered, stop a good part of a family."""
    *earlier, now = race.history.sights
    standing = now.standing
    new = _noticeable(now)
    for sight in reversed(earlier):
        if not new:
            return
        told = _noticeable(sight)
        new = {key: found for key, found in new.items() if key not in told}
    for place, found in new.values():
        team = AgentId("team", int(standing.team[place]))
        module = _module(race, int(standing.module[place]))
        text = (
            f"The countermeasure to the {module} that {team.words} fielded in week {int(standing.week[place]) - 1} "
            f"now stops, on its own, {share_text(found.of_family)} of the sorties of {_family(race, found)} "
            f"and {share_text(found.of_all)} of all."
        )
        yield Entry(race.week, "acting", text, str(team))


def standing_grips(sight: Sight) -> list[Grip]:
    """The grip of each countermeasure that acted in a week, in the order of `sight.standing`."""
    return grips(sight.flying, sight.stopping())


def _noticeable(sight: Sight) -> dict[tuple[int, int], tuple[int, Grip]]:
    """Countermeasures that stopped a good part of a family, by slot and first week: place in the sight, and grip."""
    slots, weeks = sight.standing.slot, sight.standing.week
    return {
        (int(slots[place]), int(weeks[place])): (place, found)
        for place, found in enumerate(standing_grips(sight))
        if found.noticeable
    }


def _module(race: WatchedRace, module: int) -> str:
    return module_names(int(race.history.last.params[0].design_modules))[module]


def _family(race: WatchedRace, found: Grip) -> str:
    return "no family" if found.family is None else family_text(found.family, race.rows)
