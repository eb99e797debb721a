"""What the page of this process offers to everybody who opens it: scenarios, a start, stores, a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.scenario import Scenario, library, load
from race_sim.study.own_model import race_model
from race_sim.watch.link import USUAL_SCENARIO, USUAL_SEED, Link, Setup, read_seed
from race_sim.watch.watched_race import USUAL_CONTROL

if TYPE_CHECKING:
    from race_sim.study.store import Store

FROM_A_FILE = "{name} (file)"  # a scenario in a file that has the name of one in the library


def library_scenarios() -> dict[str, Scenario]:
    """All scenarios that come with the package, by name."""
    return {name: load(name) for name in library()}


@dataclass(frozen=True)
class Offer:
    """What can be watched.

    Attributes:
        scenarios: by the name that links and the picker use; nothing else can be reached from a browser.
        start: what is watched where a link says nothing.
        stores: studies whose runs can be watched, by name.
        model: the class of models that is raced.
    """

    scenarios: Mapping[str, Scenario] = field(default_factory=library_scenarios)
    start: Link = field(default_factory=lambda: Link(control=USUAL_CONTROL))
    stores: Mapping[str, Store] = field(default_factory=dict)
    model: type[RaceModel] = RaceModel


def offer_of(
    names: Sequence[str] = (),
    *,
    seed: int = USUAL_SEED,
    changes: Mapping[str, object] | None = None,
    stores: Sequence[Path] = (),
    model: str | None = None,
) -> Offer:
    """What a command line offers.

    Args:
        names: library names or paths of files. The first is watched at the start, a second beside it; others are
            only offered. None is the baseline.
        seed: of what is watched at the start.
        changes: {dotted path: value} made at the start in all that is watched then.
        stores: directories of studies.
        model: "module:Class" of a model of the user's own.

    Raises InputError if one of these is not allowed.
    """
    from race_sim.study.store import Store  # noqa: PLC0415 -- pandas is slow to import

    scenarios = library_scenarios()
    offered = [_offered(name, scenarios) for name in names] or [USUAL_SCENARIO]
    start = Link(
        tuple(_changed(name, scenarios[name], changes or {}) for name in offered[:2]),
        seed=read_seed(str(seed)),
        control=USUAL_CONTROL,
    )
    opened: dict[str, Store] = {}
    for directory in stores:
        name = directory.resolve().name
        if name in opened:
            raise InputError(f"--store {directory}: another store has the name {name}, too; give one of them")
        opened[name] = Store.open(directory)
    return Offer(scenarios, start, opened, race_model(model))


def _changed(name: str, scenario: Scenario, changes: Mapping[str, object]) -> Setup:
    """A race of the scenario with changes from outside, which are checked."""
    parameters = scenario.with_changes(changes).parameters if changes else scenario.parameters
    return Setup(name, tuple((path, parameters.value(path)) for path in changes))


def _offered(name: str, scenarios: dict[str, Scenario]) -> str:
    """The name under which a scenario is offered; one from a file is added to the others."""
    if name in scenarios:
        return name
    scenario = load(name)
    key = FROM_A_FILE.format(name=scenario.name) if scenario.name in library() else scenario.name
    if key in scenarios:
        raise InputError(f"{name}: another file has the name {scenario.name}, too; rename one of them")
    scenarios[key] = scenario
    return key


class Shelf:
    """The offer of this process: put there by the command, found by the page."""

    def __init__(self) -> None:
        self._offer: Offer | None = None

    def put(self, offer: Offer) -> None:
        """Offer this from now on to whoever opens the page."""
        self._offer = offer

    def take(self) -> Offer:
        """The offer; the library and its baseline if nothing else was put there."""
        if self._offer is None:
            self._offer = Offer()
        return self._offer


SHELF = Shelf()
"""Where the page of this process finds what it offers."""
