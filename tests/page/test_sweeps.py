"""Runs of a stored sweep in a session: the very run is played, the page says so at its end, a change ends the claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.page.commands import obey
from race_sim.page.offer import Offer
from race_sim.page.session import Session
from race_sim.study.replay import listed_runs
from race_sim.study.store import Store
from race_sim.study.sweep import Request, run_study
from race_sim.watch.link import read_link
from race_sim.watch.stored_run import stored_run
from tests.study.test_replay import study_in


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("stored")
    run_study(study_in(folder), folder / "out", Request(workers=1))
    return Store.open(folder / "out")


@pytest.fixture
def watched(store: Store) -> Session:
    """A session that shows the store's map, as if it had been read: this small study has none."""
    opened = Session(Offer(stores={"mine": store}))
    opened.store, opened.map = "mine", "{}"
    return opened


def to_the_end(session: Session) -> None:
    obey(session, {"do": "jump", "value": str(session.weeks - 1)})
    while session.goal is not None:
        session.approach()


@pytest.mark.parametrize("part", ["first", "sampled", "event"])
def test_a_stored_run_is_played_and_proven(part: str, store: Store, watched: Session) -> None:
    name = list(listed_runs(store, part)["run"])[-1]
    obey(watched, {"do": "run", "value": name})
    assert watched.playing
    assert watched.scenario.segments == stored_run(store, name).scenario.segments
    assert read_link(watched.place.query(), watched.offer.scenarios) == watched.place
    for _ in range(2):  # the second time from the start again
        to_the_end(watched)
        assert watched.message is not None
        assert f"is the stored run {name}" in watched.message.text
        obey(watched, {"do": "reset"})


def test_a_change_ends_the_claim(store: Store, watched: Session) -> None:
    obey(watched, {"do": "run", "value": listed_runs(store)["run"].iloc[0]})
    obey(watched, {"do": "jump", "value": "2"})
    while watched.goal is not None:
        watched.approach()
    obey(watched, {"do": "pull", "path": "operators.crews", "value": "3"})
    to_the_end(watched)
    assert watched.message is None


def test_a_run_that_is_not_there_is_told(watched: Session) -> None:
    before = watched.link
    obey(watched, {"do": "run", "value": "ffff-1"})
    assert watched.message is not None
    assert watched.message.kind == "error"
    assert watched.link == before


def test_a_study_without_a_map_is_told(watched: Session) -> None:
    watched.store = ""
    obey(watched, {"do": "map", "value": "mine"})
    assert watched.job is not None
    assert watched.store == "mine"  # the choice stays while it is read
    with pytest.raises(InputError, match="has no map"):
        watched.job.finish(watched.job.start().result(timeout=60))
    assert (watched.store, watched.map) == ("", "")
