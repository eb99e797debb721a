"""What one browser window watches: its races, how they run, and what its user has done to them."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from race_sim.errors import InputError
from race_sim.page.job import Job
from race_sim.page.offer import Offer
from race_sim.scenario import BY_PATH, Event, Scenario, Value
from race_sim.watch.controls import check_control
from race_sim.watch.link import LONGEST_QUERY, Link, Setup, plain, read_link, read_value
from race_sim.watch.names import CHANGED_HERE
from race_sim.watch.stored_run import StoredRun, agreement
from race_sim.watch.watched_race import WatchedRace

CHUNK_SECONDS = 0.05  # how long races run before the browser gets a turn, on the way to a week
AS_FAST = "drawn"
SPEEDS: Mapping[str, float] = {"1": 1.0, "2": 2.0, "5": 5.0, "10": 10.0, "20": 20.0, AS_FAST: float("inf")}
"""Weeks a second, by the key that the browser sends; the last is bounded by drawing alone."""
USUAL_SPEED = "5"


@dataclass(frozen=True)
class Message:
    """Something to tell the user: `kind` is "error" or "note"."""

    kind: str
    text: str


class Session:
    """One window's races and their state. Nothing here knows a browser; nothing is shared with other windows.

    Args:
        offer: what can be watched.
        query: of the link that opened the window; one that is wrong becomes a message.

    Attributes:
        link: what is watched; its `week` is where the races are to be run to, not how far they are.
        scenarios: as they are raced, with all changes and events.
        races: one or two, in step.
        chosen: the number of the race on which levers act.
        restarts: whether a lever starts the race anew, rather than acting from the next week.
        playing: whether weeks go on by themselves.
        speed: a key of `SPEEDS`.
        goal: the week races are on their way to, None if they are on none.
        selected: the agent that is inspected.
        message: the last thing to tell.
        stored: the run of a store that is watched, None once anything is changed in it.
        model: the class of models that is raced: the store's own, or the offer's.
        store: name of the store whose map is shown, empty for none.
        map: that map as JSON, empty for none.
        job: what is being done in another thread, None if nothing is.
        download: a file for the browser to keep, as `exports.File` has it; empty if there is none.
        revision: grows whenever anything but the week has changed.
    """

    def __init__(self, offer: Offer, query: str = "") -> None:
        self.offer = offer
        self.link = offer.start
        self.scenarios: tuple[Scenario, ...] = ()
        self.races: tuple[WatchedRace, ...] = ()
        self.chosen = 0
        self.restarts = False
        self.playing = False
        self.speed = USUAL_SPEED
        self.goal: int | None = None
        self.selected: str | None = None
        self.message: Message | None = None
        self.stored: StoredRun | None = None
        self.model = offer.model
        self.store, self.map = "", ""
        self.job: Job | None = None
        self.download: dict[str, str] = {}
        self.revision = 0
        try:
            link = read_link(query, offer.scenarios, offer.start)
            self.watch(link, link.week)
        except Exception as error:  # noqa: BLE001 -- a user's own model may raise anything, and a link ask for much
            why = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            self.message = Message(
                "error", f"{why}\nThis link cannot be followed. Instead: {offer.start.races[0].words}."
            )
            self.watch(offer.start)

    @property
    def week(self) -> int:
        """The last week run by the race that is furthest, -1 before the first."""
        return max((race.week for race in self.races), default=-1)

    @property
    def weeks(self) -> int:
        """Length in weeks of the longest race."""
        return max((race.weeks for race in self.races), default=0)

    @property
    def over(self) -> bool:
        """Whether all races have ended."""
        return all(race.over for race in self.races)

    @property
    def busy(self) -> bool:
        """Whether weeks are to be run without being asked for."""
        return self.playing or self.goal is not None

    @property
    def scenario(self) -> Scenario:
        """The scenario, with what was changed in it, of the race on which levers act."""
        return self.scenarios[self.chosen]

    @property
    def place(self) -> Link:
        """The link that gives back what is being watched, at this week."""
        return replace(self.link, week=self.week)

    def watch(self, link: Link, week: int = -1, stored: StoredRun | None = None) -> None:
        """Start these races, and run them to a week if it is not -1.

        Args:
            link: what is watched.
            week: to be reached.
            stored: the run of a store that the link tells; the one before if the link tells the same races.

        Raises InputError, and goes on with what is watched, if they cannot be raced.
        """
        if (link.races, link.seed) == (self.link.races, self.link.seed):
            stored = stored or self.stored
        model = self.model if stored is None else stored.model
        scenarios = link.scenarios(self.offer.scenarios)
        races = tuple(WatchedRace(one, link.seed, model, link.control) for one in scenarios)
        self.link, self.scenarios, self.races = link, scenarios, races
        self.stored, self.model = stored, model
        self.chosen = min(self.chosen, len(races) - 1)
        self.goal = min(week, self.weeks - 1) if week >= 0 else None
        self.revision += 1
        gc.collect()  # a model and its agents hold each other: races left behind would stay for long

    def advance(self) -> None:
        """Run one week of every race that has one left; playing ends with the last."""
        for race in self.races:
            if not race.over:
                race.step()
        if self.over:
            self.playing = False
            if self.stored is not None:
                self.tell(agreement(self.stored, self.races[0].model.records()).sentence, "note")

    def approach(self) -> None:
        """Run towards the goal for `CHUNK_SECONDS`, a week at least."""
        until = time.monotonic() + CHUNK_SECONDS
        while self.goal is not None and self.week < self.goal and not self.over:
            self.advance()
            if time.monotonic() > until:
                return
        self.goal = None
        self.revision += 1

    def close(self) -> None:
        """Let go of the races."""
        self.playing, self.goal = False, None
        self.races, self.stored = (), None

    def tell(self, error: InputError | str, kind: str = "error") -> None:
        """Show a message."""
        self.message = Message(kind, str(error))
        self.revision += 1

    def fail(self, failure: Exception) -> None:
        """Stop, and tell what went wrong in a model of the user's own, or that a race needs more than there is."""
        self.playing, self.goal = False, None
        self.tell(f"something went wrong, so the race stands still: {type(failure).__name__}: {failure}")

    def jump(self, week: int) -> None:
        """Run to a week; one that is past is reached anew from the start."""
        self.playing = False
        if week < self.week:
            self.watch(self.link, week)
        else:
            self.goal = week if week > self.week else None

    def hold_against(self, control: str) -> None:
        """Draw another control beside the races. Raises InputError if there is no such control."""
        check_control(control)
        for race in self.races:
            race.hold_against(control)
        self.link = replace(self.link, control=control)

    def race_anew(self, setup: Setup, week: int = -1) -> None:
        """Put another race in the place of the one on which levers act, and start all of them anew.

        Raises InputError, and goes on with what is watched, if it cannot be raced.
        """
        self.watch(self._with_chosen(setup), week)

    def pull(self, path: str, text: str) -> None:
        """Give a parameter another value: from the next week on, or from the start of a new race.

        In a race that starts anew, events made here on the same parameter are taken back. Raises InputError, and
        changes nothing, if it cannot have this value, or a link could not hold one more change.
        """
        value = read_value(path, text)
        race = self.races[self.chosen]
        begun = race.week >= 0
        if value == self.scenario.in_force(race.week + 1).value(path) and not (self.restarts and begun):
            return
        if begun and not self.restarts and not BY_PATH[path].fixed:
            self._pull_from_next_week(path, value)
        else:
            self._pull_from_the_start(path, value)

    def _pull_from_next_week(self, path: str, value: Value) -> None:
        setup, race = self.link.races[self.chosen], self.races[self.chosen]
        if race.over:
            raise InputError(f"{path}: the race is over, so that no week is left; choose to start the race anew")
        link = self._with_chosen(setup.with_event(Event(race.week + 1, path, value, CHANGED_HERE)))
        race.change({path: value})
        self.link, self.scenarios, self.stored = link, link.scenarios(self.offer.scenarios), None
        self._tell_next_event(path, race.week + 1)

    def _pull_from_the_start(self, path: str, value: Value) -> None:
        setup, begun = self.link.races[self.chosen], self.races[self.chosen].week >= 0
        kept = tuple(event for event in setup.events if event.path != path)
        usual = self.offer.scenarios[setup.name].parameters.value(path)
        cleared = replace(setup, events=kept)
        self.race_anew(cleared.starting_as_usual(path) if value == usual else cleared.starting_with(path, value))
        if len(kept) < len(setup.events):
            self.tell(
                f"The race starts anew with {path} = {plain(value)}; later changes of it made here are gone.", "note"
            )
        elif begun and not self.restarts:
            self.tell(f"{path} cannot change while a race lasts: the race has started anew with it.", "note")
        self._tell_next_event(path, 0)

    def _tell_next_event(self, path: str, week: int) -> None:
        """Say so if a later event of the timeline sets the parameter that was just changed."""
        later = [event for event in self.scenario.events if event.path == path and event.week > week]
        if later:
            self.tell(f"In week {later[0].week} an event sets {path} to {plain(later[0].value)}.", "note")

    def _with_chosen(self, setup: Setup) -> Link:
        races = tuple(setup if number == self.chosen else race for number, race in enumerate(self.link.races))
        link = replace(self.link, races=races)
        if len(link.query()) > LONGEST_QUERY:
            raise InputError("these are more changes than a link can hold: take some back first")
        return link
