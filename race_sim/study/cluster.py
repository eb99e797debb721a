"""Races blocks on the workers of a Dask cluster that see the same directory."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from race_sim.errors import InputError
from race_sim.scenario.text import shown
from race_sim.study.design import Place
from race_sim.study.execute import Race
from race_sim.study.racing import open_checked, race_block, racer
from race_sim.study.store import Store
from race_sim.study.workers import TRIES, Processes

CONNECT_SECONDS = 10.0  # after which a scheduler counts as unreachable
FIRST_WORKER_SECONDS = 60.0  # after which it counts as one without workers
COUNT_SECONDS = 5.0  # how old the number of threads may be
BLOCKS_A_THREAD = 3  # handed out at a time, so that none waits for its next
SPARE_BLOCKS = 8  # handed out besides: a cluster that starts workers on demand sees that there is demand
PATIENCE_SECONDS = 90.0  # until a block written elsewhere is seen here: network file systems list with a delay
GLANCE_SECONDS = 0.5


@dataclass(eq=False)
class Cluster:
    """Races blocks on the workers that a Dask scheduler knows. They open the directory by its absolute path.

    A block whose worker dies is raced again on another. If that happens so often that Dask gives it up, it is raced
    in a process of its own, so that a run which ends its process becomes a row with that as its error.

    Attributes:
        store: where the blocks belong.
        address: of the scheduler, such as "tcp://node1:8786".
        model: "module:Class" of a Mesa model, None for the ensemble driver.
    """

    store: Store
    address: str
    model: str | None = None

    def race(self, places: Iterable[Place]) -> Iterator[Place]:
        """Race these blocks; a place is told once its block is seen here.

        Raises InputError if the scheduler cannot be reached or is lost, if it has no workers, or if one cannot work:
        it sees another directory, runs another version, or its disk is full.
        """
        if importlib.util.find_spec("distributed") is None:
            raise InputError("--scheduler needs Dask distributed: pip install 'race-sim[cluster]'")
        with _quiet(), _connected(self.address) as client:
            try:
                yield from _Desk(self.store, self.model, client).race(iter(places))
            except _LostError:
                raise InputError(
                    f"--scheduler {shown(self.address)}: was lost; blocks written so far are kept, and the same "
                    "command goes on"
                ) from None


class _LostError(Exception):
    """The scheduler is gone."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A block handed out; `guarded` counts the times it was, to be raced in a process of its own."""

    place: Place
    guarded: int = 0


@dataclass(eq=False)
class _Desk:
    """Hands out blocks, a few for each thread of the cluster, and takes back those that were not raced."""

    store: Store
    model: str | None
    client: Any  # distributed.Client
    _handed: dict[Any, _Task] = field(default_factory=dict)
    _unseen: list[Place] = field(default_factory=list)
    _room: int = 0
    _counted: float = -COUNT_SECONDS
    _number: int = 0

    def __post_init__(self) -> None:
        self._name = f"race_sim-{secrets.token_hex(8)}"
        self._arguments = (str(self.store.directory.absolute()), identity(self.store), self.model)

    def race(self, waiting: Iterator[Place]) -> Iterator[Place]:
        """Race these blocks."""
        from distributed import as_completed  # noqa: PLC0415 -- an extra

        finished: Any = as_completed(loop=self.client.loop)  # type: ignore[no-untyped-call]
        while True:
            for place in islice(waiting, max(0, self._window() - len(self._handed))):
                finished.add(self._hand(_Task(place)))
            if not self._handed:
                break
            future = next(finished)
            if (again := self._take_back(future)) is not None:
                finished.add(self._hand(again))
            yield from self._seen()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._unseen and time.monotonic() < deadline:
            time.sleep(GLANCE_SECONDS)
            yield from self._seen()

    def _window(self) -> int:
        """Blocks to be handed out at a time."""
        if time.monotonic() - self._counted > COUNT_SECONDS:
            try:
                threads = sum(self.client.nthreads().values())
            except (OSError, ValueError):
                raise _LostError from None
            self._room, self._counted = BLOCKS_A_THREAD * threads + SPARE_BLOCKS, time.monotonic()
        return self._room

    def _hand(self, task: _Task) -> Any:
        """Submit a block under a name used once: Dask must not answer from what it remembers."""
        self._number += 1
        key = f"{self._name}-{task.place.generation}-{task.place.block}-{self._number}"
        words = (*self._arguments, list(task.place), task.guarded > 0)
        future = self.client.submit(race_there, *words, key=key, pure=False)
        self._handed[future] = task
        return future

    def _take_back(self, future: Any) -> _Task | None:
        """What is to be handed out again in place of a block that was, if anything."""
        from distributed import KilledWorker  # noqa: PLC0415 -- an extra

        task = self._handed.pop(future)
        if future.status == "finished":
            self._unseen.append(task.place)
            return None
        if future.status != "error":
            raise _LostError
        error = future.exception()
        if isinstance(error, KilledWorker) and task.guarded < TRIES:
            return _Task(task.place, task.guarded + 1)
        if isinstance(error, KilledWorker):
            raise InputError(f"Dask workers die before they can start a process to race in: {error}")
        if isinstance(error, InputError):
            raise InputError(str(error))
        if isinstance(error, ImportError):
            raise InputError(f"a Dask worker cannot race: {error}; install the same race_sim there")
        raise error

    def _seen(self) -> Iterator[Place]:
        """Blocks raced that are seen here by now."""
        for place in [place for place in self._unseen if self.store.block(place) is not None]:
            self._unseen.remove(place)
            yield place


def race_there(directory: str, expected: str, model: str | None, place: list[int], guarded: bool) -> None:
    """Race a block in a Dask worker and add it to the directory; what counts is that it is there.

    Args:
        directory: absolute path.
        expected: `identity` of the store that is to be found there.
        model: "module:Class" of a Mesa model, None for the ensemble driver.
        place: of the block.
        guarded: whether to race in a process of its own.

    Raises InputError, naming the worker, if it cannot work.
    """
    from distributed import get_worker  # noqa: PLC0415 -- an extra

    try:
        store, race = _opened(directory, expected, model, threading.get_ident())
        if guarded:
            for _ in Processes(store, 1, model).race([Place(*place)]):
                pass
        else:
            race_block(store, Place(*place), race)
    except InputError as error:
        raise error.within(f"Dask worker {get_worker().address}") from None


@lru_cache
def _opened(directory: str, expected: str, model: str | None, thread: int) -> tuple[Store, Race]:  # noqa: ARG001
    """Store and driver of one thread of this worker: a store is not made for several."""
    store = open_checked(Path(directory))
    if identity(store) != expected:
        raise InputError(f"{directory}: holds another sweep there than here; all workers must see the same directory")
    return store, racer(model)


def identity(store: Store) -> str:
    """Tells two stores apart, whatever their paths: a hash of all that decides their rows, and of who began them."""
    facts = {name: value for name, value in store.facts.items() if name != "study"}
    return hashlib.sha256(json.dumps([facts, store.study.deciding], sort_keys=True).encode()).hexdigest()


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A connection to a scheduler that has a worker at least; its end takes back what no worker has begun.

    Raises InputError if there is none.
    """
    from distributed import Client  # noqa: PLC0415 -- an extra

    place = f"--scheduler {shown(address)}"
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        why = f"no answer within {CONNECT_SECONDS:g} seconds" if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{place}: cannot be reached: {why}; give the address that `dask scheduler` prints, such as tcp://node1:8786"
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
        except TimeoutError:
            raise InputError(f"{place}: has no workers; start some with `dask worker {address}`") from None
        yield client
    finally:
        with suppress(Exception):  # the scheduler may be gone
            client.close(timeout=CONNECT_SECONDS)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log, which tells of every worker that comes or goes, off the screen."""
    import distributed  # noqa: F401, PLC0415 -- an extra; it sets the levels of its log when it is imported

    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in {"distributed", "tornado"}]
    loggers = [logging.getLogger(name) for name in {"distributed", *names}]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
