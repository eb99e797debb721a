"""Who races blocks, and how many at a time, changes no byte; what goes wrong in a race stays in its row."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import cast

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from race_sim.errors import InputError
from race_sim.study import racing, sweep, workers
from race_sim.study.definition import Study
from race_sim.study.design import Place
from race_sim.study.execute import block_rows, race_compiled
from race_sim.study.racing import open_checked, race_block
from race_sim.study.reading import load_study
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import Request, Sweep
from race_sim.study.workers import TRIES, Processes, ThisProcess
from tests.study.small_study import written
from tests.study.sweeping import (
    HEEDS_CTRL_C,
    LONG_RACES,
    TWO_POINTS,
    blocks,
    children,
    finished,
    left_over,
    many_blocks,
    offer_models,
    ordered,
    started,
    swept,
)

COUNTED = """
import os
from race_sim.study import racing
raced = racing.block_rows
def counting(runs, *arguments, **options):
    with open(os.environ["COUNTED"], "a") as file:
        file.write(runs[0].name + "\\n")
    return raced(runs, *arguments, **options)
racing.block_rows = counting
from race_sim.study import sweep
sweep.LISTING_TIMES = 0.0
"""
"""Notes every block that a process races, and lists blocks before each: small beside two seconds, not beside 25 ms."""

SHARE = """
import sys
from pathlib import Path
from race_sim.study.racing import open_checked
from race_sim.study.sweep import Request, Sweep
out, shard, shards = sys.argv[1:]
store = open_checked(Path(out))
print(Sweep(store.study, Path(out), Request(workers=1, block_runs=2)).share(store, int(shard), int(shards)))
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(written(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def undisturbed(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return swept(study, tmp_path_factory.mktemp("undisturbed") / "out")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer_models(tmp_path, monkeypatch)


def prepared(study: Study, out: Path, block_runs: int = 1, model: str | None = None) -> Store:
    return Sweep(study, out, Request(block_runs=block_runs, model=model)).prepare()


def places(store: Store) -> list[Place]:
    return [Place(one.number, block) for one in store.generations() for block in range(one.blocks)]


@pytest.mark.slow
def test_processes_leave_the_same_bytes(study: Study, undisturbed: Store, tmp_path: Path) -> None:
    swept(study, tmp_path / "out", workers=2)
    assert blocks(tmp_path / "out") == blocks(undisturbed.directory)
    assert len(blocks(tmp_path / "out")) == 30
    assert left_over(tmp_path / "out") == []


def test_blocks_of_any_size_hold_the_same_rows(study: Study, undisturbed: Store, tmp_path: Path) -> None:
    for block_runs in (2, 7, 1000):
        store = swept(study, tmp_path / str(block_runs), block_runs=block_runs)
        assert_frame_equal(ordered(store), ordered(undisturbed), check_exact=True)


def test_a_block_that_is_there_is_not_raced_again(
    study: Study, undisturbed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(racing, "block_rows", lambda *_, **__: pytest.fail("raced"))
    assert list(ThisProcess(undisturbed).race(places(undisturbed))) == places(undisturbed)
    swept(study, undisturbed.directory)


def sound_rows(study: Study, out: Path) -> pd.DataFrame:
    """What the runs of a study are if no model is odd."""
    return ordered(swept(study, out, block_runs=3, model="odd_models:Sound"))


def check_one_failed(rows: pd.DataFrame, sound: pd.DataFrame, error: str) -> None:
    """The row of seed 6 and a three-week cycle holds the error and no measures; all others are sound."""
    assert rows[["scenario", "seed"]].equals(sound[["scenario", "seed"]])
    failed = rows["error"] != ""
    assert list(rows["error"][failed]) == [error]
    assert list(rows["seed"][failed]) == [6]
    assert rows[failed].drop(columns=["scenario", "seed", "error"]).isna().all(axis=None)
    assert_frame_equal(rows[~failed], sound[~failed], check_exact=True)
    assert not (sound["error"] != "").any()


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("block_runs", [1, 4])
def test_a_run_that_fails_is_a_row_with_its_error(block_runs: int, tmp_path: Path) -> None:
    study = load_study(written(tmp_path, *TWO_POINTS))
    store = swept(study, tmp_path / "out", block_runs=block_runs, model="odd_models:Fails")
    check_one_failed(ordered(store), sound_rows(study, tmp_path / "sound"), "ArithmeticError: no luck")


@pytest.mark.slow
@pytest.mark.usefixtures("models")
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_run_that_ends_its_process_is_tried_three_times(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, *TWO_POINTS))
    store = swept(study, tmp_path / "out", workers=2, block_runs=4, model="odd_models:Kills")
    error = "the process that raced it died 3 times, at last of SIGKILL"
    check_one_failed(ordered(store), sound_rows(study, tmp_path / "sound"), error)
    assert len((tmp_path / "tries").read_text()) == TRIES == 3
    assert left_over(tmp_path / "out") == []


@pytest.mark.slow
@pytest.mark.usefixtures("models")
def test_what_a_model_prints_is_not_taken_for_the_workers_words(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    study = load_study(written(tmp_path, *TWO_POINTS))
    swept(study, tmp_path / "out", workers=2, block_runs=2, model="odd_models:Talks")
    printed = capfd.readouterr()
    assert "this is not for you" in printed.err
    assert printed.out == ""
    talked = pd.concat([pd.read_parquet(path) for path in (tmp_path / "out" / "runs").rglob("b*.parquet")])
    talked = talked.sort_values(["seed", "scenario"], ignore_index=True)
    assert_frame_equal(talked, sound_rows(study, tmp_path / "sound"), check_exact=True)


@dataclass
class Liar:
    """Says of every block that it is done, and races every so many-th of all it is told."""

    store: Store
    every: int
    told: Iterator[int]

    def race(self, wanted: Iterable[Place]) -> Iterator[Place]:
        for place in wanted:
            if next(self.told) % self.every == 0:
                race_block(self.store, place, race_compiled)
            yield place


def test_only_the_store_says_what_is_done(
    study: Study, undisturbed: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = count(1)
    monkeypatch.setattr(Sweep, "_workers", lambda _, store, *__: Liar(store, 2, told))
    counts: list[int] = []
    asked = Request(block_runs=1)
    Sweep(study, tmp_path / "out", asked, lambda status: counts.append(status.done)).run()
    assert blocks(tmp_path / "out") == blocks(undisturbed.directory)
    assert max(counts) == 30

    monkeypatch.setattr(Sweep, "_workers", lambda _, store, *__: Liar(store, 10**9, told))
    with pytest.raises(InputError, match=r"out2: 24 blocks were raced and are not there; is the disk sound\?"):
        Sweep(study, tmp_path / "out2", asked).run()


def fake_worker(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have processes run this code in place of a worker's."""
    monkeypatch.setattr(workers, "worker_command", lambda store, _: [sys.executable, "-c", code, str(store)])


def test_workers_that_cannot_start_end_the_sweep(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = prepared(study, tmp_path / "out")
    fake_worker(monkeypatch, "import sys; sys.exit(3)")
    with pytest.raises(InputError, match=r"worker processes end before their first race \(with status 3\); nothing"):
        list(Processes(store, 2).race(places(store)))
    assert blocks(tmp_path / "out") == {}


@pytest.mark.slow
def test_workers_that_end_after_each_block_are_replaced(
    study: Study, undisturbed: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = prepared(study, tmp_path / "out", block_runs=8)
    ends_early = (
        "import os, sys; from pathlib import Path; from race_sim.study import serve, racing\n"
        "def once(*arguments, **options):\n    racing.race_block(*arguments, **options)\n    os._exit(0)\n"
        "serve.race_block = once\nserve.serve(Path(sys.argv[1]), None)"
    )
    fake_worker(monkeypatch, ends_early)
    list(Processes(store, 1).race(places(store)))
    assert store.missing(store.generations()[0]) == []
    there = ordered(store)
    whole = ordered(undisturbed)
    assert_frame_equal(there, whole[whole["scenario"].isin(set(there["scenario"]))].reset_index(drop=True))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
def test_nobody_works_on_once_the_sweep_stops(tmp_path: Path) -> None:
    study = load_study(many_blocks(tmp_path, *LONG_RACES, replicates=20))
    store = prepared(study, tmp_path / "out")
    hands = Processes(store, 2)
    race = hands.race(places(store))
    next(race)
    assert len(children(os.getpid())) == 2
    race.close()  # as Ctrl-C does
    assert children(os.getpid()) == []
    assert left_over(tmp_path / "out") == []
    assert 1 <= len(blocks(tmp_path / "out")) < 160


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_worker_is_not_interrupted_by_ctrl_c_while_it_starts(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = prepared(study, tmp_path / "out")
    fake_worker(monkeypatch, f"{HEEDS_CTRL_C}import os, sys; os.kill(os.getpid(), signal.SIGINT); sys.exit(3)")
    with pytest.raises(InputError, match="with status 3"):
        list(Processes(store, 1).race(places(store)))
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize(
    ("name", "told"),
    [("law", "the law of the race is another one"), ("measures", "measured in another way"), ("schema", "parameters")],
)
def test_a_worker_of_another_version_refuses(name: str, told: str, study: Study, tmp_path: Path) -> None:
    store = prepared(study, tmp_path / "out")
    manifest = tmp_path / "out" / MANIFEST
    manifest.write_text(manifest.read_text().replace(store.facts[name], "0123456789abcdef"))
    with pytest.raises(InputError, match=rf'{name} = "0123456789abcdef".*{told}'):
        open_checked(tmp_path / "out")
    if name == "law":
        with pytest.raises(InputError, match=rf'{name} = "0123456789abcdef".*{told}'):
            list(Processes(store, 1).race([Place(0, 0)]))
    assert blocks(tmp_path / "out") == {}


@pytest.mark.slow
def test_two_sweeps_in_one_directory_share_the_work(tmp_path: Path) -> None:
    path = many_blocks(tmp_path, *LONG_RACES, replicates=8)
    swept(path, tmp_path / "alone")
    counted = tmp_path / "counted"
    both = [started(path, tmp_path / "out", before=COUNTED, COUNTED=str(counted)) for _ in range(2)]
    for process in both:
        finished(process)
    assert blocks(tmp_path / "out") == blocks(tmp_path / "alone")
    raced = counted.read_text().split()
    assert len(set(raced)) == len(blocks(tmp_path / "out")) == 80
    assert len(raced) < 1.5 * 80
    assert left_over(tmp_path / "out") == []


@dataclass
class Disk:
    """Stands in for a store and for the module `time`: a listing takes 10 ms, and shows what is there by then."""

    clock: float = 0.0
    listings: int = 0
    there: dict[int, Path] = field(default_factory=dict)
    shown: dict[int, Path] = field(default_factory=dict)

    def monotonic(self) -> float:
        return self.clock

    def blocks(self, _: int) -> dict[int, Path]:
        self.listings += 1
        self.clock += 0.01
        self.shown = dict(self.there)
        return self.shown


def test_listing_takes_little_time_and_what_it_shows_is_not_raced_again(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process races as fast as this one, 100 ms a block, from the other end."""
    generation = prepared(study, tmp_path / "out").generations()[0]
    disk = Disk()
    monkeypatch.setattr(sweep, "time", disk)
    raced: list[int] = []
    for place in sweep._pending(cast(Store, disk), generation, range(24)):
        assert place.block not in disk.shown
        assert disk.listings <= 1 + 0.02 * disk.clock / 0.01
        raced.append(place.block)
        disk.clock += 0.1
        if others := set(range(24)).difference(raced, disk.there):
            disk.there[max(others)] = Path()
    assert disk.listings >= 3
    assert len(raced) == len(set(raced)) < 24
    assert set(raced) | set(disk.there) == set(range(24))


@pytest.mark.slow
def test_two_shares_make_the_whole_whoever_comes_last(study: Study, tmp_path: Path) -> None:
    """The second part comes after the first: its points are known once all of the first is raced."""
    swept(study, tmp_path / "alone", block_runs=2)
    store = prepared(study, tmp_path / "out", block_runs=2)
    left = []
    for _ in range(3):
        both = [
            subprocess.Popen(
                [sys.executable, "-c", SHARE, str(tmp_path / "out"), str(shard), "2"], stdout=subprocess.PIPE, text=True
            )
            for shard in range(2)
        ]
        said = [process.communicate(timeout=120)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0]
        left.append(min(map(int, said)))
        if left[-1] == 0 and not [one for one in store.generations() if store.missing(one)]:
            break
    assert len(store.generations()) == 2
    assert blocks(tmp_path / "out") == blocks(tmp_path / "alone")
    assert left_over(tmp_path / "out") == []


def test_a_share_is_every_so_many_th_block(study: Study, tmp_path: Path) -> None:
    store = prepared(study, tmp_path / "out")
    there: list[set[int]] = [set()]
    for shard in (2, 0, 1):
        missing = Sweep(study, tmp_path / "out", Request(workers=1, block_runs=1)).share(store, shard, 3)
        there.append(set(store.blocks(0)))
        if shard != 1:
            assert missing == 24 - len(there[-1])
            assert there[-1] - there[-2] == {block for block in range(24) if block % 3 == shard}
    assert all(before < after for before, after in pairwise(there))
    assert len(store.generations()) == 2  # the last share made the next wave, and raced its own of that
    assert set(store.blocks(1)) == {1, 4}


def test_condemned_runs_are_not_tried(study: Study, tmp_path: Path) -> None:
    runs = prepared(study, tmp_path / "out", block_runs=4).generations()[0].block(0)
    begun: list[int] = []
    rows = block_rows(runs, begin=begun.append, condemned={2: "it was the end of three"})
    assert begun == [0, 1, 3]
    assert list(rows["error"]) == ["", "", "it was the end of three", ""]
    assert list(rows["total_hits"].isna()) == [False, False, True, False]
