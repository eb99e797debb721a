"""A sweep on a Dask cluster: the same rows, whatever becomes of its workers."""

import errno
import importlib.util
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask as dask_settings
import pytest
from distributed import LocalCluster

from race_sim.errors import InputError
from race_sim.study import cluster as on_cluster
from race_sim.study.cluster import Cluster
from race_sim.study.definition import Study
from race_sim.study.design import Place
from race_sim.study.reading import load_study
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import RACING, Progress, Request, Sweep
from race_sim.study.tally import Status
from tests.study.sweeping import (
    LONG_RACES,
    TWO_POINTS,
    blocks,
    left_over,
    many_blocks,
    offer_models,
    ordered,
    swept,
    waited,
)

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="signals")]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder from which every process imports models."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        offer_models(folder, patch)
        yield folder


def local(workers: int, threads: int = 1, *, processes: bool = False) -> Any:
    """A cluster on this machine, its workers in this process unless they are to have their own."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        processes=processes,
        host="127.0.0.1",
        protocol="tcp://",
        dashboard_address="127.0.0.1:0",
    )


@pytest.fixture(scope="module")
def dask(models: Path) -> Iterator[Any]:  # noqa: ARG001 -- its processes import models
    """Two worker processes with one thread each; a task may end one of them, no more."""
    with (
        dask_settings.config.set({"distributed.scheduler.allowed-failures": 0}),
        local(2, processes=True) as cluster,
    ):
        yield cluster


def raced_on(cluster: Any, study: Study, out: Path, progress: Progress | None = None, **request: Any) -> Store:
    """A sweep on a cluster."""
    return Sweep(study, out, Request(scheduler=cluster.scheduler_address, **request), progress).run()


def worker_processes(cluster: Any) -> set[int]:
    """Of the two workers, once both have one."""
    waited(lambda: all(nanny.pid and nanny.status.name == "running" for nanny in cluster.workers.values()))
    return {nanny.pid for nanny in cluster.workers.values()}


def test_a_killed_worker_costs_nothing(dask: Any, tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path, *LONG_RACES))
    swept(study, tmp_path / "here")
    before = worker_processes(dask)
    killed = set(before)

    def kill_one(status: Status) -> None:
        if status.doing == RACING and status.done == 6 and len(killed) == 2:
            os.kill(killed.pop(), signal.SIGKILL)

    store = raced_on(dask, study, tmp_path / "there", kill_one, block_runs=1)
    assert len(killed) == 1
    assert blocks(tmp_path / "there") == blocks(tmp_path / "here")
    assert len(blocks(tmp_path / "there")) == 30
    assert set(store.rows()["error"]) == {""}
    Store.create(tmp_path / "there", study, store.facts)
    assert left_over(tmp_path / "there") == []
    assert len(worker_processes(dask) & before) == 1


def test_a_run_that_ends_its_process_is_a_failed_row(dask: Any, tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path, *TWO_POINTS))
    store = raced_on(dask, study, tmp_path / "out", block_runs=2, model="odd_models:Kills")
    rows = ordered(store)
    assert len(rows) == 6
    failed = rows[rows["error"] != ""]
    assert list(failed["error"]) == ["the process that raced it died 3 times, at last of SIGKILL"]
    assert list(failed["seed"]) == [6]
    measures = rows.columns.drop(["scenario", "seed", "error"])
    assert failed[measures].isna().all(axis=None)
    sound = swept(study, tmp_path / "sound", model="odd_models:Sound").rows()
    both = rows[rows["error"] == ""].merge(sound, on=["scenario", "seed"], suffixes=("", "_sound"))
    assert len(both) == 5
    for name in ("total_hits", "total_sorties"):
        assert list(both[name]) == list(both[f"{name}_sound"])


def test_a_worker_of_another_version_or_directory_refuses(dask: Any, tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path))
    store = Sweep(study, tmp_path / "out", Request()).prepare()
    cluster, places = Cluster(store, dask.scheduler_address), [Place(0, 0)]
    manifest = tmp_path / "out" / MANIFEST
    content = manifest.read_text()
    for name, told in [("law", "the law of the race is another one"), ("measures", "runs are measured in another way")]:
        manifest.write_text(content.replace(store.facts[name], "0123456789abcdef"))
        with pytest.raises(InputError, match=rf"Dask worker tcp://127.0.0.1:\d+: .*{name} = .*{told}"):
            list(cluster.race(places))
    manifest.write_text(content.replace(store.facts["record"]["date"], "2020-01-01T00:00:00+00:00"))
    with pytest.raises(InputError, match="holds another sweep there than here; all workers must see the same"):
        list(cluster.race(places))
    manifest.unlink()
    with pytest.raises(InputError, match="holds no runs of a study"):
        list(cluster.race(places))
    assert blocks(tmp_path / "out") == {}
    manifest.write_text(content)
    assert list(cluster.race(places)) == places
    assert len(blocks(tmp_path / "out")) == 1


def test_a_directory_made_anew_is_not_taken_for_the_one_before(dask: Any, tmp_path: Path) -> None:
    first, second = (load_study(many_blocks(tmp_path, replicates=count)) for count in (1, 2))
    raced_on(dask, first, tmp_path / "out", block_runs=3)
    shutil.rmtree(tmp_path / "out")
    raced_on(dask, second, tmp_path / "out", block_runs=4)
    swept(second, tmp_path / "here", block_runs=4)
    assert blocks(tmp_path / "out") == blocks(tmp_path / "here")


def test_few_blocks_are_out_at_a_time_and_none_once_it_stops(dask: Any, tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path, *LONG_RACES, replicates=20))
    store = Sweep(study, tmp_path / "out", Request(block_runs=1)).prepare()
    taken: list[int] = []

    def places() -> Iterator[Place]:
        for block in range(store.generations()[0].blocks):
            taken.append(block)
            yield Place(0, block)

    race = Cluster(store, dask.scheduler_address).race(places())
    next(race)
    assert len(taken) <= 2 * on_cluster.BLOCKS_A_THREAD + on_cluster.SPARE_BLOCKS + 2
    race.close()  # as Ctrl-C does
    waited(lambda: not dask.scheduler.tasks)
    time.sleep(0.5)  # what a worker had begun
    assert len(blocks(tmp_path / "out")) <= len(taken) < 160


def test_several_threads_of_a_worker_race_the_right_blocks(tmp_path: Path) -> None:
    """A store that threads share would read its generations twice and take one for another."""
    study = load_study(many_blocks(tmp_path))
    swept(study, tmp_path / "here")
    with local(1, threads=4) as threads:
        raced_on(threads, study, tmp_path / "there", block_runs=1)
    assert blocks(tmp_path / "there") == blocks(tmp_path / "here")


def test_a_full_disk_of_a_worker_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(many_blocks(tmp_path))
    Sweep(study, tmp_path / "out", Request(block_runs=1)).prepare()
    with local(1) as here:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", full_disk)
            with pytest.raises(InputError, match=r"Dask worker .*parquet: cannot be written: No space left on device"):
                raced_on(here, study, tmp_path / "out", block_runs=1)
        assert left_over(tmp_path / "out") == []
        raced_on(here, study, tmp_path / "out", block_runs=1)
    swept(study, tmp_path / "here")
    assert blocks(tmp_path / "out") == blocks(tmp_path / "here")


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_scheduler_that_goes_away_is_told_and_nothing_lost(tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path, *LONG_RACES))
    with local(1) as gone:

        def close(status: Status) -> None:
            if status.doing == RACING and status.done == 4:
                gone.close()

        with pytest.raises(InputError, match="was lost; blocks written so far are kept, and the same command goes on"):
            raced_on(gone, study, tmp_path / "out", close, block_runs=1)
    assert len(blocks(tmp_path / "out")) >= 4
    swept(study, tmp_path / "out")
    swept(study, tmp_path / "here")
    assert blocks(tmp_path / "out") == blocks(tmp_path / "here")


@pytest.mark.parametrize(
    ("address", "why"),
    [("tcp://127.0.0.1:1", "no answer within 1 seconds"), ("nowhere://1", "unknown address scheme"), ("", "")],
)
def test_a_scheduler_that_is_not_there(address: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cluster, "CONNECT_SECONDS", 1.0)
    store = Sweep(load_study(many_blocks(tmp_path)), tmp_path / "out", Request()).prepare()
    began = time.monotonic()
    with pytest.raises(InputError, match=rf'--scheduler "{address}": cannot be reached: .*{why}'):
        list(Cluster(store, address).race([Place(0, 0)]))
    assert time.monotonic() - began < 20


def test_a_scheduler_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cluster, "FIRST_WORKER_SECONDS", 0.5)
    store = Sweep(load_study(many_blocks(tmp_path)), tmp_path / "out", Request()).prepare()
    with (
        local(0) as empty,
        pytest.raises(InputError, match="has no workers; start some with `dask worker"),
    ):
        list(Cluster(store, empty.scheduler_address).race([Place(0, 0)]))


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    store = Sweep(load_study(many_blocks(tmp_path)), tmp_path / "out", Request()).prepare()
    with pytest.raises(InputError, match=r"pip install 'race-sim\[cluster\]'"):
        list(Cluster(store, "tcp://127.0.0.1:1").race([Place(0, 0)]))
