"""A race of the Mesa driver that is watched: stepped, changed on the way, shown as frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.model import RaceModel
from race_sim.records import JOINT_LINE, KIND_NAMES, KINDS
from race_sim.results import Records
from race_sim.scenario import Event, Scenario, Value
from race_sim.scenario.resolve import changed, check_path
from race_sim.watch.agent_record import agent_record
from race_sim.watch.ahead import ahead
from race_sim.watch.arsenal import arsenal
from race_sim.watch.controls import check_control, control_note, control_records
from race_sim.watch.design_space import design_space
from race_sim.watch.flows import flows
from race_sim.watch.history import History, Strike
from race_sim.watch.lineages import lineages
from race_sim.watch.log import entries
from race_sim.watch.names import CHANGED_HERE, Rows, module_names
from race_sim.watch.sight import Sight, see
from race_sim.watch.verdict import verdict

LOG_ENTRIES = 60  # newest ones in a frame
USUAL_CONTROL = "frozen_blue"

Frame = dict[str, Any]


class WatchedRace:
    """One race, with what has been seen of it.

    Args:
        scenario: what is raced.
        seed: in [0, 2**64).
        model: a class of models for the Mesa driver; agents of its own behave as they do there.
        control: the control drawn beside it, a key of `controls.CONTROLS`; very large races and models of a user's own
            have none.

    Raises InputError if the seed is out of range or there is no such control.

    Attributes:
        scenario: what is raced, with all changes made on the way as events.
        seed: of its draws.
        model: the model that is stepped.
        history: what has been seen.
        model_class: what makes the model.
        control: name of the control that is wanted.
    """

    def __init__(
        self, scenario: Scenario, seed: int, model: type[RaceModel] = RaceModel, control: str = USUAL_CONTROL
    ) -> None:
        check_control(control)
        self.scenario, self.seed = scenario, seed
        self.model_class, self.control = model, control
        self.history = History()
        self._sight: Sight | None = None
        self.model = self._watched(model)(scenario, seed=seed)

    @property
    def week(self) -> int:
        """The last week run, -1 before the first."""
        return self.model.week - 1

    @property
    def weeks(self) -> int:
        """Length of the race in weeks."""
        return self.model.weeks

    @property
    def over(self) -> bool:
        """Whether the last week has been run."""
        return self.model.week >= self.model.weeks

    @property
    def workshops(self) -> int:
        """How many workshops there have been so far, those that entered and those that stopped among them."""
        return int(self.model.world.economy[0].workshops)

    @property
    def lines(self) -> int:
        """How many joint lines have been agreed so far."""
        return int(self.model.world.economy[0].lines)

    @property
    def rows(self) -> Rows:
        """How the rows of the makers are divided between the kinds."""
        return Rows(len(self.model.workshops), len(self.model.primes))

    @property
    def has_accounts(self) -> bool:
        """Whether makers have accounts; else their output is given."""
        return self.scenario.parameters.money.accounts

    @property
    def kinds(self) -> tuple[int, ...]:
        """Kinds of makers that are shown: workshops and primes, and joint lines once one has been agreed."""
        return tuple(kind for kind in range(KINDS) if kind != JOINT_LINE or self.lines)

    @property
    def weekly(self) -> npt.NDArray[np.void]:
        """WEEK[weeks run]: what was recorded so far (`race_sim.records.WEEK`)."""
        return self.model.recorded.weekly[0, : self.model.week]

    @property
    def own_model(self) -> str | None:
        """A model of a user's own as "module:Class"; None for the usual one."""
        chosen = self.model_class
        return None if chosen is RaceModel else f"{chosen.__module__}:{chosen.__qualname__}"

    @property
    def control_note(self) -> str:
        """Why there is no control beside it although one is wanted; empty otherwise."""
        return control_note(self.scenario, self.control, own_model=self.own_model is not None)

    @cached_property
    def control_run(self) -> Records | None:
        """What the control recorded over its whole length; None without a control."""
        return None if self.control_note else control_records(self.scenario, self.seed, self.control)

    def step(self) -> None:
        """Run one week. Raises RuntimeError after the last, or if a model of a user's own leaves out `observe`."""
        self.history.note_start(self.model)
        self.model.step()
        if self._sight is None or self._sight.week != self.week:
            raise RuntimeError(f"{self.model_class.__qualname__}.step() must call observe() once a week")
        self.history.note_week(self._sight)
        self.history.note_decisions(self.model)
        self.history.log += entries(self)

    def change(self, changes: Mapping[str, Value]) -> None:
        """Give parameters other values from the next week on, as events of the timeline.

        Before the first week they are changes of the scenario itself. Later events on the same parameters stay.

        Raises InputError if a path is unknown, a value not allowed, a parameter fixed once a race has begun, or the
        race is over; nothing is changed then.
        """
        scenario = changed_scenario(self.scenario, changes, self.model.week)
        if self.week < 0:
            self.model = self._watched(self.model_class)(scenario, seed=self.seed)
        else:
            self.model.follow(scenario)
        self.scenario = scenario
        self.__dict__.pop("control_run", None)

    def hold_against(self, control: str) -> None:
        """Draw another control beside it. Raises InputError if there is no such control."""
        check_control(control)
        self.control = control
        self.__dict__.pop("control_run", None)

    def frame(self, selected: str | None = None) -> Frame:
        """All that is shown of the race after its last week, as plain values; `selected` names an agent to inspect.

        Raises InputError if there is no such agent.
        """
        started = self.week >= 0
        modules = int(self.model.params[0].design_modules)
        return {
            "name": self.scenario.name,
            "title": self.scenario.title,
            "seed": str(self.seed),
            "week": self.week,
            "weeks": self.weeks,
            "burn_in": self.scenario.parameters.run.burn_in_weeks,
            "modules": list(module_names(modules)),
            "kinds": [KIND_NAMES[kind] for kind in self.kinds],
            "accounts": self.has_accounts,
            "space": design_space(self.history) if started else None,
            "stream": lineages(self) if started else None,
            "ahead": ahead(self) if started else None,
            "verdict": verdict(self) if started else None,
            "arsenal": arsenal(self.history.last) if started else None,
            "flows": flows(self) if started else None,
            "log": [entry._asdict() for entry in self.history.log[: -LOG_ENTRIES - 1 : -1]],
            "inspected": agent_record(self, selected) if started and selected is not None else None,
        }

    def _watched(self, model: type[RaceModel]) -> type[RaceModel]:
        """The class of models with two more things done each week: what can be seen, and is struck, is kept."""
        race = self

        class Watched(model):  # type: ignore[misc, valid-type]
            def observe(self) -> None:
                super().observe()
                race._sight = see(self)

            def strike(self) -> None:
                before = self.world.suppliers["capacity"].copy()
                super().strike()
                lost = before - self.world.suppliers["capacity"]
                race.history.strikes += [
                    Strike(self.week, row, int(lost[row])) for row in np.flatnonzero(lost > 0).tolist()
                ]

        Watched.__name__, Watched.__qualname__ = model.__name__, model.__qualname__
        return Watched


def changed_scenario(scenario: Scenario, changes: Mapping[str, Value], week: int) -> Scenario:
    """The scenario with other values from a week on: events, or from week 0 on changes of the scenario itself.

    An event of the same week on the same parameter is replaced. Raises InputError if a path is unknown, a value not
    allowed, a parameter fixed or the week after the end.
    """
    for path in changes:
        check_path(path)
    replaced = tuple(event for event in scenario.events if not (event.week == week and event.path in changes))
    if week == 0:
        return replace(
            scenario,
            parameters=changed(scenario.parameters, changes),
            events=replaced,
            origins={**scenario.origins, **dict.fromkeys(changes, CHANGED_HERE)},
        )
    added = (Event(week, path, value, CHANGED_HERE) for path, value in changes.items())
    return replace(scenario, events=tuple(sorted((*replaced, *added), key=lambda event: event.week)))
