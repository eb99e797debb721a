"""Who races the blocks of a generation: this process, processes it starts, or a Dask cluster."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from race_sim.errors import InputError
from race_sim.study.design import Place
from race_sim.study.protocol import Order, worker_command
from race_sim.study.racing import race_block, racer
from race_sim.study.staging import sweep_orphans
from race_sim.study.store import Store

TRIES = 3
"""Times a run may end the process that races it before it counts as failed."""
STARTS = 3
"""Times in a row a worker may end before its first run before the sweep gives up."""
READ_BYTES = 65_536


class Workers(Protocol):
    """Races blocks; what is done is told by place, in any order, but only the store says what is there."""

    def race(self, places: Iterable[Place]) -> Iterator[Place]:
        """Race these blocks."""
        ...


@dataclass(frozen=True)
class ThisProcess:
    """Races blocks one after the other, here."""

    store: Store
    model: str | None = None

    def race(self, places: Iterable[Place]) -> Iterator[Place]:
        """Race these blocks."""
        race = racer(self.model)
        for place in places:
            race_block(self.store, place, race)
            yield place


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    order: Order | None = None
    run: int | None = None
    begun: bool = False
    heard: bytes = b""


@dataclass(eq=False)
class Processes:
    """Races blocks in processes of their own. One that dies is replaced and its block raced again.

    A run that was in hand when its process died for the third time gets a row with that as its error.

    Attributes:
        store: where the blocks belong.
        count: processes at a time.
        model: "module:Class" of a Mesa model, None for the ensemble driver.
    """

    store: Store
    count: int
    model: str | None = None
    _deaths: Counter[tuple[Place, int]] = field(default_factory=Counter)
    _condemned: dict[Place, dict[int, str]] = field(default_factory=dict)
    _failed_starts: int = 0

    def race(self, places: Iterable[Place]) -> Iterator[Place]:
        """Race these blocks. Raises InputError if a worker cannot work, such as on a full disk."""
        waiting = iter(places)
        again: deque[Place] = deque()
        workers: list[_Worker] = []
        with selectors.DefaultSelector() as selector:
            try:
                while True:
                    while len(workers) < self.count and (place := self._next(again, waiting)) is not None:
                        workers.append(self._start(selector, place))
                    if not workers:
                        return
                    for key, _ in selector.select():
                        worker: _Worker = key.data
                        heard = os.read(key.fd, READ_BYTES)
                        if not heard:
                            selector.unregister(key.fileobj)
                            workers.remove(worker)
                            self._bury(worker, again)
                            continue
                        for place in self._listen(worker, heard):
                            yield place
                            self._give(worker, self._next(again, waiting))
            finally:
                for worker in workers:
                    _end(worker)
                if workers:
                    sweep_orphans(self.store.directory)

    def _next(self, again: deque[Place], waiting: Iterator[Place]) -> Place | None:
        return again.popleft() if again else next(waiting, None)

    def _start(self, selector: selectors.BaseSelector, place: Place) -> _Worker:
        with _unmoved_by_ctrl_c():
            process = subprocess.Popen(  # noqa: S603 -- the words are ours
                worker_command(self.store.directory, self.model), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        worker = _Worker(process)
        assert process.stdout is not None  # noqa: S101 -- it is a pipe
        selector.register(process.stdout, selectors.EVENT_READ, worker)
        self._give(worker, place)
        return worker

    def _give(self, worker: _Worker, place: Place | None) -> None:
        """Hand over the next block, or say that there is none."""
        assert worker.process.stdin is not None  # noqa: S101 -- it is a pipe
        worker.run = None
        worker.order = None if place is None else Order(place, self._condemned.get(place, {}))
        with suppress(BrokenPipeError):  # it has died: what it was given is found out when its end is heard
            if worker.order is None:
                worker.process.stdin.close()
            else:
                worker.process.stdin.write(worker.order.line().encode())
                worker.process.stdin.flush()

    def _listen(self, worker: _Worker, heard: bytes) -> Iterator[Place]:
        """Blocks that a worker says are done. Raises InputError if it refuses to work."""
        *lines, worker.heard = (worker.heard + heard).split(b"\n")
        for line in lines:
            word, value = json.loads(line)
            if word == "refused":
                raise InputError(value)
            if word == "begun":
                worker.run, worker.begun = value, True
                self._failed_starts = 0
            if word == "done":
                yield Place(*value)

    def _bury(self, worker: _Worker, again: deque[Place]) -> None:
        """Take back what a dead worker had in hand."""
        status = worker.process.wait()
        _end(worker)
        if worker.order is None:
            return
        sweep_orphans(self.store.directory)
        place = worker.order.place
        if self.store.block(place) is not None:
            return
        again.append(place)
        if not worker.begun:
            self._failed_starts += 1
            if self._failed_starts >= STARTS * self.count:
                raise InputError(f"worker processes end before their first race ({_how(status)}); nothing is lost")
            return
        if worker.run is not None:
            self._deaths[place, worker.run] += 1
            if self._deaths[place, worker.run] >= TRIES:
                error = f"the process that raced it died {TRIES} times, at last {_how(status)}"
                self._condemned.setdefault(place, {})[worker.run] = error


@contextmanager
def _unmoved_by_ctrl_c() -> Iterator[None]:
    """Processes started meanwhile are not interrupted by Ctrl-C, not even while they start: it is for this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"with status {status}"
    try:
        return f"of {signal.Signals(-status).name}"
    except ValueError:
        return f"of signal {-status}"


def _end(worker: _Worker) -> None:
    """Have a worker end at once; the block it was writing is not there, or whole."""
    for pipe in (worker.process.stdin, worker.process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    worker.process.kill()
    worker.process.wait()
