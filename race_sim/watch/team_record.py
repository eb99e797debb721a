"""Records of countermeasure teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from race_sim.watch.defence_log import Grip, standing_grips
from race_sim.watch.names import Rows, module_names
from race_sim.watch.record_parts import Record, Series, logged, plain
from race_sim.watch.sight import Sight
from race_sim.watch.words import family_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace


def team_record(race: WatchedRace, number: int) -> Record:
    """The record of the team with this number."""
    sight = race.history.last
    modules = module_names(int(sight.params[0].design_modules))
    standing = sight.standing
    own = [int(place) for place in np.flatnonzero(standing.team == number)]
    grips = standing_grips(sight)
    facts = [
        ("Stops this week, all its countermeasures", f"{share_text(stopped_share(sight, number))} of all sorties"),
        ("Countermeasures that act", f"{len(own)} of {int(sight.params[0].teams_slots)}"),
        *(
            (f"To the {modules[standing.module[place]]}", _standing(sight, place, grips[place], race.rows))
            for place in own
        ),
        ("In development", _project(race, number, modules)),
    ]
    weeks = [past.week for past in race.history.sights]
    shares = [plain(stopped_share(past, number)) for past in race.history.sights]
    history = logged(race, f"team-{number}", ("acting",))
    for fielding in race.history.fieldings:
        if fielding.team == number:
            text = (
                f"Fields a countermeasure to the {modules[fielding.module]}, {fielding.breadth:.1f} bits broad, "
                f"that can reach {share_text(fielding.full_reach)} of sorties once spread."
            )
            history.append((fielding.week, text))
    return Record(facts=facts, series=[Series("Share of all sorties it stops", weeks, shares)], history=history)


def stopped_share(sight: Sight, team: int) -> float:
    """Share of the week's sorties that the countermeasures of a team would stop without those of others."""
    sorties = sight.flying.sorties
    if not sorties.any():
        return 0.0
    passing = 1.0 - sight.stopping()[sight.standing.team == team]
    return float((sorties * (1.0 - passing.prod(axis=0))).sum() / sorties.sum())


def _standing(sight: Sight, place: int, grip: Grip, rows: Rows) -> str:
    standing = sight.standing
    reach = f"since week {int(standing.week[place])}, reaches {share_text(float(standing.reach[place]))} of sorties"
    if grip.family is None:
        return f"{reach}; nothing flies"
    return (
        f"{reach}; on its own stops {share_text(grip.of_all)} of all "
        f"and {share_text(grip.of_family)} of {family_text(grip.family, rows)}"
    )


def _project(race: WatchedRace, number: int, modules: tuple[str, ...]) -> str:
    team = race.model.teams[number]
    if not team.is_busy:
        return "nothing"
    return f"a countermeasure to the {modules[int(team.row.module)]}, ready in week {int(team.row.project_end)}"
