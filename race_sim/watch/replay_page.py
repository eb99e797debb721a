"""A replay: one HTML file that plays a race week by week and needs neither Python nor a network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import race_sim
from race_sim.errors import InputError
from race_sim.study.provenance import provenance
from race_sim.watch.assets import asset, stage_script, stage_style
from race_sim.watch.comparison import comparison
from race_sim.watch.replay_tape import Tape, dense, packed
from race_sim.watch.watched_race import WatchedRace

MOST_RACES = 2  # side by side
SPEEDS = (1, 2, 5, 10, 20)  # weeks a second
USUAL_SPEED = 5
MOST_REPLAYED = 150_000  # makers times weeks of a race in a replay: some twenty megabytes, and minutes to make
TOLD = {
    "model": "model of a user's own",
    "race_sim": "race_sim version",
    "commit": "commit of its source",
    "law": "law of the race",
    "date": "made on",
}
"""Facts of the provenance that a replay tells, and their words; none says whose machine it was."""

Progress = Callable[[int], None]


class Told(NamedTuple):
    """What the page says of one race: its label, its own model if it has one, facts, and the scenario as a file."""

    label: str
    model: str | None
    facts: Sequence[tuple[str, str]]
    scenario: str
    file: str
    address: str


def replay_page(
    races: WatchedRace | Sequence[WatchedRace], progress: Progress | None = None, labels: Sequence[str] = ()
) -> str:
    """The page of a race, or of two side by side, run here from the first week to the last.

    Args:
        races: one race or two, made anew: no week has been run.
        progress: called with each week that has been run.
        labels: what to call the races; their scenarios' names if not given.

    Raises InputError if there are not one or two races, as many labels, a race has begun, or one is too large.
    """
    chosen = [races] if isinstance(races, WatchedRace) else list(races)
    names = list(labels) or [race.scenario.name for race in chosen]
    _check(chosen, names)
    tapes = [Tape() for _ in chosen]
    compared: list[str] = []
    for week in range(max(race.weeks for race in chosen)):
        for race, tape in zip(chosen, tapes, strict=True):
            if not race.over:
                race.step()
                tape.record(race)
        if len(chosen) == MOST_RACES:
            compared.append(dense(comparison(chosen[0], chosen[1], names)))
        if progress is not None:
            progress(week)
    texts = [*(tape.text for tape in tapes), *(["\n".join(compared)] if compared else [])]
    return _render(chosen, names, [packed(text) for text in texts])


def _check(races: Sequence[WatchedRace], labels: Sequence[str]) -> None:
    if not 1 <= len(races) <= MOST_RACES:
        raise InputError(f"a replay shows one race or two side by side, not {len(races)}")
    if len(labels) != len(races):
        raise InputError(f"{len(labels)} labels for {len(races)} races: give one for each")
    for race in races:
        if len(race.model.makers) * race.weeks > MOST_REPLAYED:
            raise InputError(
                f"{race.scenario.name}: {len(race.model.makers):,} makers for {race.weeks:,} weeks are too many for a "
                f"replay, which holds at most {MOST_REPLAYED:,} makers times weeks: set run.weeks lower"
            )
        if race.week >= 0:
            raise InputError(
                f"a replay is made from the first week on, and {race.scenario.name} has run to week {race.week}: "
                "start it anew"
            )


def _render(races: Sequence[WatchedRace], labels: Sequence[str], tapes: Sequence[str]) -> str:
    # Imported here: only pages need it.
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    script = f"{stage_script()}\n{asset('replay.js')}"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(asset("replay.html.jinja")).render(
        title=" and ".join(dict.fromkeys(race.scenario.title for race in races)),
        races=[_told(race, label) for race, label in zip(races, labels, strict=True)],
        labels=in_script(labels if len(races) > 1 else []),
        tapes=tapes,
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode("ascii"),
        style=stage_style(),
        speeds=SPEEDS,
        usual_speed=USUAL_SPEED,
        last_week=max(race.weeks for race in races) - 1,
        version=race_sim.__version__,
    )


def _told(race: WatchedRace, label: str) -> Told:
    facts: Mapping[str, Any] = provenance(seeds=[race.seed], driver="mesa", model=race.own_model, command=[])
    scenario = race.scenario.to_toml()
    named = [("scenario", race.scenario.name), ("seed", str(race.seed)), ("weeks", str(race.weeks))]
    named += [(words, str(facts[name])) for name, words in TOLD.items() if facts[name] is not None]
    packages = ", ".join(f"{name} {number}" for name, number in facts["packages"].items() if number is not None)
    address = f"data:application/toml;base64,{b64encode(scenario.encode()).decode('ascii')}"
    return Told(
        label, race.own_model, [*named, ("packages", packages)], scenario, f"{race.scenario.name}.toml", address
    )


def in_script(value: Any) -> str:
    """A value as JSON that may stand inside a script element."""
    return dense(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
