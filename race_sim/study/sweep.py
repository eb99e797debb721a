"""Runs a study: what is missing of its design, block by block, until the design has no more to ask."""

from __future__ import annotations

import json
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from race_sim.analysis.measures import measure
from race_sim.ensemble.driver import available_processors, compile_schedule
from race_sim.errors import InputError
from race_sim.study.blocks import DamagedError
from race_sim.study.cost import Cost, generation_cost, remaining_cost
from race_sim.study.definition import Study
from race_sim.study.design import Generation, Origin, Place
from race_sim.study.estimate import check_size, count_points, study_costs
from race_sim.study.extras import check_extras
from race_sim.study.facts import study_facts
from race_sim.study.growth import Growth
from race_sim.study.points import defined
from race_sim.study.result import StudyResult, part_rows, read_result
from race_sim.study.staging import write_whole
from race_sim.study.store import Store, is_store
from race_sim.study.tally import Status, Tally
from race_sim.study.workers import Processes, ThisProcess, Workers

FINISHED = "finished.json"
"""File that says how much of the design there was when a command last came to its end."""
CHECKING = "checking points"
"""What progress is told of before the first race."""
READING = "reading what is there"
RACING = "racing"
LISTING_TIMES = 50.0  # times its own duration that a listing of blocks is old when it is made anew: 2% of the time
SHUFFLED_BLOCKS = 32  # within which processes that share a directory seldom race the same
IDLE_ROUNDS = 3  # times in a row that no block appears before the sweep gives up
FEW_SECONDS = 2.0  # of racing that are not worth starting processes for

Progress = Callable[[Status], None]


@dataclass(frozen=True, slots=True)
class Request:
    """How a study is to be run.

    Attributes:
        parts: names of those wanted; those they need are run as well. All if none is named.
        workers: processes; all processors this process may use by default, none beside this one if it is 1.
        scheduler: address of a Dask scheduler whose workers race instead.
        model: "module:Class" of a Mesa model that races instead of the ensemble driver.
        quick: whether the study is the smaller one.
        more_replicates: further races at every point.
        more_points: further points of every sampled part.
        large: whether the design may be large.
        block_runs: runs in a block, instead of as many as take a second or two.
        command: words of the command line, for the record.
    """

    parts: Sequence[str] = ()
    workers: int | None = None
    scheduler: str | None = None
    model: str | None = None
    quick: bool = False
    more_replicates: int = 0
    more_points: int = 0
    large: bool = False
    block_runs: int | None = None
    command: Sequence[str] = ()

    @property
    def extensions(self) -> Mapping[Origin, int]:
        """What is asked for beyond the study."""
        asked: dict[Origin, int] = {"more-points": self.more_points, "more-replicates": self.more_replicates}
        return {origin: count for origin, count in asked.items() if count}


def run_study(
    study: Study, directory: Path, request: Request | None = None, *, progress: Progress | None = None
) -> StudyResult:
    """Run what is missing of a study and return all its rows; see `Sweep`."""
    asked = request or Request()
    sweep = Sweep(study, directory, asked, progress)
    store = sweep.run()
    result = read_result(store, study.parts(asked.parts))
    sweep.finish(store)
    return result


class Sweep:
    """A study being run in a directory.

    What is in the directory is not run again: after an interruption the same call goes on. Other processes may work
    in it at the same time.

    Args:
        study: what is run.
        directory: where rows are kept.
        request: how.
        progress: called in the thread that runs it, with `CHECKING` while points are checked.

    Attributes:
        damaged: blocks that were there but damaged, and have been put aside.
    """

    def __init__(self, study: Study, directory: Path, request: Request, progress: Progress | None = None) -> None:
        self.damaged: list[Path] = []
        self._study, self._directory, self._request = study, directory, request
        self._progress = progress or (lambda _: None)
        self._wanted = study.parts(request.parts)
        self._agents = request.model is not None
        self._growth = Growth(study, self._wanted, agents=self._agents, block=request.block_runs)
        self._tally = Tally(measure(study.outputs[0]))
        self._compiled = False

    def run(self) -> Store:
        """Run it to its end and return what there is; call `finish` when its results are written, too.

        Raises InputError if a part is unknown, a point is wrong, the design is too large, or the directory cannot be
        used. Nothing that was there is lost then.
        """
        store = self.prepare()
        asked = self._request.extensions
        begun = {origin: _begun(store, origin, count) for origin, count in asked.items()}
        self._complete(store)
        for origin, count in asked.items():
            self._extend(store, origin, count, begun[origin])
            self._complete(store)
        return store

    def finish(self, store: Store) -> None:
        """Note that all that was asked for is done: extensions that are asked for from now on are further ones.

        Without this note, the same request finishes the one before it. Raises InputError if the disk refuses.
        """
        content = {"generations": len(store.generations())}
        write_whole(store.directory / FINISHED, lambda path: path.write_text(json.dumps(content), encoding="utf-8"))

    def prepare(self) -> Store:
        """Check all points, open the directory and write the first of the design if it is not there; race nothing."""
        check_extras(self._wanted)
        there = is_store(self._directory)
        request = self._request
        facts = study_facts(self._study, quick=request.quick, model=request.model, command=request.command)
        if not there:
            self._check()
        store = Store.create(self._directory, self._study, facts)
        if there:
            self._verify(store)
            known = {name for one in store.generations() for name in one.parts}
            if not {part.name for part in self._wanted} <= known:
                self._check()
        if not store.generations():
            _append(store, self._growth.next([], lambda part: part_rows(store, part)))
        return store

    def share(self, store: Store, shard: int, shards: int) -> int:
        """Race one share of the blocks there are, every `shards`-th; returns how many blocks others have yet to race.

        Once all are there, whoever comes last adds what comes next to the design and races a share of that.
        """
        self._verify(store)
        while True:
            for generation in store.generations():
                self._race(store, generation, lambda block: block % shards == shard)
            missing = sum(len(store.missing(one)) for one in store.generations())
            if missing or not self._grow(store):
                return missing

    def _complete(self, store: Store) -> None:
        """Race all that is missing, and whatever the design asks for then."""
        while True:
            for generation in store.generations():
                self._race(store, generation, lambda _: True)
            if not self._grow(store):
                return

    def _grow(self, store: Store) -> bool:
        """Add to the design what follows from the rows; whether there is something."""
        grown = self._growth.next(store.generations(), lambda part: part_rows(store, part))
        _append(store, grown)
        return bool(grown)

    def _extend(self, store: Store, origin: Origin, count: int, begun: Collection[str]) -> None:
        """Add what a user asks for, unless another process just did, or the same command had `begun` these parts."""
        generations = store.generations()
        before = len(generations)
        if origin == "more-replicates":
            added = self._growth.more_replicates(generations, count, begun)
        else:
            added = self._growth.more_points(generations, count, lambda part: part_rows(store, part), begun)
        cost = sum((self._cost(one) for one in added), Cost(0, 0.0, 0.0))
        check_size(cost, self._directory, self._processes, large=self._request.large)
        if not _append(store, added) and not any(
            one.origin == origin and one.requested == count for one in store.generations()[before:]
        ):
            raise InputError(f"{self._directory}: another process has added to the design; run the command again")

    def _check(self) -> None:
        """Make all points known before the first race, if there are not too many."""
        costs = study_costs(self._study, self._wanted, agents=self._agents)
        whole = sum(costs.values(), Cost(0, 0.0, 0.0))
        check_size(whole, self._directory, self._processes, large=self._request.large)
        total = sum(count_points(self._study, part) for part in self._wanted if part.screen is None)
        checked = 0

        def count(points: int) -> None:
            nonlocal checked
            checked += points
            self._progress(Status(CHECKING, checked, max(total, checked)))

        self._growth.check(count)

    def _verify(self, store: Store) -> None:
        """Read all blocks, and put damaged ones aside."""

        def read(generation: Generation, path: Path) -> None:
            self._tally.read(generation, path)
            self._tell(store, READING)

        self.damaged += store.verify(read)

    def _race(self, store: Store, generation: Generation, mine: Callable[[int], bool]) -> None:
        """Race what is missing of a generation, as long as there is something."""
        idle = 0
        while True:
            missing = [block for block in store.missing(generation) if mine(block)]
            if missing:
                self._compile(generation)
                workers = self._workers(store, generation, missing)
                for place in workers.race(_pending(store, generation, missing)):
                    if (path := store.block(place)) is not None:
                        self._count(store, generation, path, fresh=True)
                    self._tell(store, RACING)
            sound = [self._count(store, generation, path) for path in store.blocks(generation.number).values()]
            self._tell(store, RACING)
            left = sum(mine(block) for block in store.missing(generation))
            if left == 0 and all(sound):
                return
            idle = 0 if left < len(missing) else idle + 1
            if idle >= IDLE_ROUNDS:
                lost = left or len(sound) - sum(sound)
                raise InputError(f"{self._directory}: {lost} blocks were raced and are not there; is the disk sound?")

    def _count(self, store: Store, generation: Generation, path: Path, *, fresh: bool = False) -> bool:
        """Count a block; False if it is gone, or damaged and therefore put aside."""
        try:
            self._tally.read(generation, path, fresh=fresh)
        except FileNotFoundError:
            return False
        except DamagedError:
            store.set_aside(path)
            self.damaged.append(path)
            return False
        return True

    def _tell(self, store: Store, doing: str) -> None:
        self._progress(self._tally.status(doing, sum(one.runs for one in store.generations())))

    def _compile(self, generation: Generation) -> None:
        """Compile the law, or load it, once and here: worker processes find it compiled."""
        if self._compiled:
            return
        if not self._agents:
            compile_schedule(defined(generation.scenarios[0][1])[0].timeline())
        self._compiled = True
        self._tally.begin()

    @property
    def _processes(self) -> int:
        return self._request.workers or available_processors()

    def _workers(self, store: Store, generation: Generation, missing: list[int]) -> Workers:
        if self._request.scheduler is not None:
            from race_sim.study.cluster import Cluster  # noqa: PLC0415 -- Dask is an extra

            return Cluster(store, self._request.scheduler, self._request.model)
        count = min(self._processes, len(missing))
        seconds = remaining_cost(generation, missing, agents=self._agents).seconds
        if count == 1 or (self._request.workers is None and seconds < FEW_SECONDS):
            return ThisProcess(store, self._request.model)
        return Processes(store, count, self._request.model)

    def _cost(self, generation: Generation) -> Cost:
        definitions = [definition for _, definition in generation.scenarios]
        return generation_cost(definitions, generation.replicates, agents=self._agents)


def _begun(store: Store, origin: Origin, count: int) -> set[str]:
    """Parts extended by so much by a command that did not come to its end: the same command finishes that."""
    added = store.generations()[_finished(store) :]
    return {name for one in added if (one.origin, one.requested) == (origin, count) for name in one.parts}


def _finished(store: Store) -> int:
    """How many generations there were when a command last came to its end."""
    try:
        return int(json.loads((store.directory / FINISHED).read_text(encoding="utf-8"))["generations"])
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{store.directory / FINISHED}: is damaged; remove it and run the command again") from None


def _append(store: Store, added: Sequence[Generation]) -> bool:
    """Add generations to the design, up to the first that another process has added meanwhile; whether none was."""
    return all(store.append(one) for one in added)


def _pending(store: Store, generation: Generation, missing: Sequence[int]) -> Iterator[Place]:
    """Missing blocks, those of the first replicates first, but for those that other processes add meanwhile.

    Once others are seen at work, nearby blocks are shuffled: processes that began one behind the other would else soon
    race the same blocks side by side, to the end.
    """
    waiting = deque(sorted(missing))
    handed_out: set[int] = set()
    there: set[int] = set()
    listed = patience = 0.0
    alone = True
    while waiting:
        began = time.monotonic()
        if began - listed > patience:
            there, listed = set(store.blocks(generation.number)), time.monotonic()
            patience = LISTING_TIMES * (listed - began)
        if alone and not handed_out.issuperset(there.intersection(missing)):
            alone = False
            order, span = random.Random(), max(generation.round_blocks, SHUFFLED_BLOCKS)  # noqa: S311 -- who comes first
            waiting = deque(sorted(waiting, key=lambda block: (block // span, order.random())))
        block = waiting.popleft()
        if block not in there:
            handed_out.add(block)
            yield Place(generation.number, block)
