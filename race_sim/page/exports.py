"""What can be taken home from a session, as text of a file."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from race_sim.errors import InputError
from race_sim.page.job import Job
from race_sim.page.session import Session
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.watch.link import labels
from race_sim.watch.replay_page import replay_page
from race_sim.watch.watched_race import WatchedRace

CSV, TOML, REPLAY = "weekly", "scenario", "replay"
WORDS = {
    CSV: "weeks run so far (CSV)",
    TOML: "scenario with its timeline (TOML)",
    REPLAY: "replay to send to others (HTML)",
}
MAKING = "making the replay: week {week} of 0 to {last}"


@dataclass(frozen=True)
class File:
    """A file for the browser to keep."""

    name: str
    kind: str
    text: str


def weekly_csv(session: Session) -> File:
    """Every measure of every week that the chosen race has run. Raises InputError before the first."""
    from race_sim.analysis.frames import weekly_frame  # noqa: PLC0415 -- pandas is slow to import

    race = session.races[session.chosen]
    if race.week < 0:
        raise InputError("no week has been run yet: there is nothing to export")
    recorded = race.model.recorded
    run = Records(recorded.seeds, recorded.weekly[:, : race.week + 1], recorded.lives)
    text = weekly_frame(run, session.scenario).to_csv(index=False, lineterminator="\n")
    return File(f"{_stem(session)}-weekly.csv", "text/csv", text)


def scenario_toml(session: Session) -> File:
    """The scenario of the chosen race with all that was changed, as a file that loads again."""
    return File(f"{_stem(session)}.toml", "application/toml", session.scenario.to_toml())


def replay_job(session: Session) -> Job:
    """The making of the replay of what is watched, all its weeks, two races side by side."""
    races = [anew(session, scenario) for scenario in session.scenarios]
    weeks = max(race.weeks for race in races)
    names, name = labels(session.link.races), f"{_stem(session)}-replay.html"

    def work() -> File:
        return File(name, "text/html", replay_page(races, told, names))

    def told(week: int) -> None:
        if not session.races:
            raise InputError("the window was closed before its replay was made")
        job.words = MAKING.format(week=week, last=weeks - 1)

    job = Job(MAKING.format(week=0, last=weeks - 1), work, lambda file: keep(session, file))
    return job


def anew(session: Session, scenario: Scenario) -> WatchedRace:
    """One of the session's races, not yet begun."""
    return WatchedRace(scenario, session.link.seed, session.model, session.link.control)


def keep(session: Session, file: File) -> None:
    """Hand a file to the browser."""
    session.download = asdict(file)


def _stem(session: Session) -> str:
    """The beginning of a file's name: letters, digits and hyphens, whatever the scenario is called."""
    name = session.link.races[session.chosen].name
    changed = "-changed" if session.scenario != session.offer.scenarios[name] else ""
    return f"{re.sub(r'[^A-Za-z0-9_]+', '-', name).strip('-') or 'race'}{changed}-seed-{session.link.seed}"
