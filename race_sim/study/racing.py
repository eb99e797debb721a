"""Races one block of a store and adds its rows: what every kind of worker does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from race_sim.study.design import Place
from race_sim.study.execute import Race, block_rows, race_agents, race_compiled
from race_sim.study.facts import study_facts
from race_sim.study.own_model import look_in_current_directory, race_model
from race_sim.study.store import Store


def open_checked(directory: Path) -> Store:
    """The store in a directory, if rows raced here may be added to it.

    Raises InputError if there is none, or if its law, schema, measures or model are not those of this installation.
    """
    store = Store.open(directory)
    quick, model = bool(store.facts.get("quick")), store.facts.get("model")
    store.check(study_facts(store.study, quick=quick, model=model))
    return store


def race_block(
    store: Store,
    place: Place,
    race: Race,
    *,
    begin: Callable[[int], None] = lambda _: None,
    condemned: Mapping[int, str] | None = None,
) -> None:
    """Race a block and add it, unless another process has meanwhile. Raises InputError if the disk refuses."""
    if store.block(place) is not None:
        return
    runs = store.generations()[place.generation].block(place.block)
    store.write(place, block_rows(runs, race, begin=begin, condemned=condemned))


def racer(model: str | None) -> Race:
    """The driver that races: the ensemble driver, or the Mesa driver with the model named as "module:Class".

    Raises InputError if there is no such model.
    """
    if model is None:
        return race_compiled
    look_in_current_directory()
    return race_agents(race_model(model))
