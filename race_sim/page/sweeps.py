"""Stored sweeps on the page: their maps, and their runs watched again."""

from __future__ import annotations

import json

from race_sim.errors import InputError
from race_sim.page.job import Job
from race_sim.page.session import Session
from race_sim.scenario.text import listed
from race_sim.watch.link import Link, setup_of
from race_sim.watch.phase_map import phase_map
from race_sim.watch.stored_run import stored_run


def show_map(session: Session, name: str) -> None:
    """Have the map of a store read, in another thread, and shown; with an empty name take it away."""
    session.store, session.map = name, ""
    if not name:
        return
    store = session.offer.stores[name]

    def read() -> str | InputError:
        try:
            return json.dumps(phase_map(store), allow_nan=False)
        except InputError as error:
            return error

    def finish(found: str | InputError) -> None:
        if session.store != name:
            return
        session.revision += 1
        if isinstance(found, InputError):
            session.store = ""
            raise found
        session.map = found

    session.job = Job(f"reading the runs of {name}", read, finish)


def watch_stored(session: Session, run: str) -> None:
    """Play a run of the store whose map is shown. Raises InputError if there is no such run."""
    if not session.map:
        raise InputError("no map is shown: choose one first")
    stored = stored_run(session.offer.stores[session.store], run)
    setup = setup_of(stored.scenario, session.offer.scenarios)
    session.watch(Link((setup,), seed=stored.seed, control=session.link.control), stored=stored)
    session.playing = True
    told = [f"Watching the stored run {stored.name}: {stored.scenario.title}"]
    if stored.other:
        told.append(f"This installation has another {listed(stored.other)} than the store: values may differ.")
    session.tell("\n".join(told), "note")
