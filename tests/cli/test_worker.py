"""`race-sim worker`: races its share of a study, says what is left, loses nothing, refuses what cannot be."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from race_sim.study.reading import load_study
from race_sim.study.store import MANIFEST, Store
from race_sim.study.sweep import Request, Sweep
from tests.cli.commands import Command, entries, refusal
from tests.study.small_study import written
from tests.study.sweeping import HEEDS_CTRL_C, LONG_RACES, PATIENCE, blocks, left_over, many_blocks, ordered, swept

RACE_SIM = "import sys\nfrom race_sim.cli import main\nsys.argv = ['race-sim', *sys.argv[1:]]\nmain()"


def prepared(path: str, out: Path, *parts: str, block_runs: int = 1) -> Store:
    return Sweep(load_study(path), out, Request(parts=parts, block_runs=block_runs)).prepare()


def test_shares_one_after_the_other_race_all(tmp_path: Path, command: Command) -> None:
    """Eight blocks of the first part, one of the second, whose points are known once the first is raced."""
    path, out = written(tmp_path), tmp_path / "out"
    prepared(path, out, block_runs=3)
    finish = f"race-sim sweep with the same study and --out {out}"
    first = command("worker", "--store", out, "--shard", "0/2", "--workers", "1")
    assert first.status == 0
    assert words(first.output) == words(f"""
        {out}: share 0/2 is raced; 4 blocks are for others to race. Once they have, or instead of them, {finish} races
        the rest and writes tables, figures and report.
    """)
    assert sorted(Store.open(out).blocks(0)) == [0, 2, 4, 6]
    second = command("worker", "--store", out, "--shard", "1/2", "--workers", "1")
    assert second.status == 0
    assert "share 1/2 is raced; 1 block is for others to race." in second.output
    assert sorted(Store.open(out).blocks(0)) == list(range(8))
    last = command("worker", "--store", out, "--shard", "0/2", "--workers", "1")
    assert last.status == 0
    assert words(last.output) == words(f"{out}: all is raced; {finish} writes tables, figures and report.")
    again = command("worker", "--store", out, "--shard", "1/2", "--workers", "1")
    assert (again.status, again.output) == (0, last.output)
    alone = swept(path, tmp_path / "alone", block_runs=3)
    assert_frame_equal(ordered(Store.open(out)), ordered(alone), check_exact=True)


def words(text: str) -> list[str]:
    """Without line breaks."""
    return text.split()


def test_a_part_alone_stays_alone(tmp_path: Path, command: Command) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    prepared(path, out, "first", block_runs=1000)
    done = command("worker", "--store", out, "--shard", "0/1", "--part", "first", "--workers", "1")
    assert (done.status, len(Store.open(out).generations())) == (0, 1)
    assert "all is raced" in done.output
    assert command("worker", "--store", out, "--shard", "0/1", "--workers", "1").status == 0
    assert len(Store.open(out).generations()) == 2


def test_a_damaged_block_is_told_and_raced_again(tmp_path: Path, command: Command) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    store = swept(path, out, block_runs=3)
    before = blocks(out)
    store.blocks(0)[2].write_bytes(b"PAR1")
    done = command("worker", "--store", out, "--shard", "0/2", "--workers", "1")
    assert done.status == 0
    assert f"note: 1 block of rows was damaged and put aside in {out / 'quarantine'}" in done.errors
    assert blocks(out) == before


@pytest.mark.parametrize(
    ("shard", "told"),
    [
        ("8/8", 'shard "8/8" is not allowed: shares are counted from 0, so the last of 8 is 7/8'),
        ("1/1", 'shard "1/1" is not allowed: shares are counted from 0, so the last of 1 is 0/1'),
        ("0/0", 'shard "0/0" is not allowed: there can be 1 to 100,000 shares'),
        ("0/100001", "there can be 1 to 100,000 shares"),
        ("", 'shard "" is not allowed: give i/N, such as 0/8, the first of eight'),
        ("3", "give i/N"),
        ("-1/8", "give i/N"),
        ("a/8", "give i/N"),
        ("/8", "give i/N"),  # as where $SLURM_ARRAY_TASK_ID is not set
        ("1/8/2", "give i/N"),
        ("\u0661/8", "give i/N"),
        ("1 / 8", "give i/N"),
        ("00000000001/8", "give i/N"),
    ],
)
def test_shares_that_cannot_be(shard: str, told: str, tmp_path: Path, command: Command) -> None:
    refused = refusal(command("worker", f"--store={tmp_path}", f"--shard={shard}"))
    assert told in refused
    assert "\n" not in refused


def test_a_directory_without_a_design_names_the_command_that_writes_one(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    prepare = f"race-sim sweep STUDY --out {out} --prepare"

    def refused() -> str:
        return refusal(command("worker", "--store", out, "--shard", "0/8"))

    assert refused() == f"{out}: holds no design of a study; write it first, with {prepare}"
    out.mkdir()
    (out / "thesis.txt").touch()
    assert refused() == f"{out}: holds no design of a study; write it first, with {prepare}"
    assert entries(out) == ["thesis.txt"]
    (out / "thesis.txt").unlink()
    prepared(written(tmp_path), out)
    (out / "design.parquet" / "g000.parquet").unlink()
    assert refused() == f"{out}: its design is not there yet; {prepare} writes it"


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ("law", "the law of the race is another one: rules, numba or NumPy have changed"),
        ("schema", "the parameters of the schema are others"),
        ("measures", "runs are measured in another way"),
    ],
)
def test_another_version_refuses_in_the_words_of_a_sweep(fact: str, why: str, tmp_path: Path, command: Command) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    store = prepared(path, out)
    manifest = out / MANIFEST
    manifest.write_text(manifest.read_text().replace(store.facts[fact], "0123456789abcdef"))
    refused = refusal(command("worker", "--store", out, "--shard", "0/1"))
    assert refused.startswith(f'{out}: holds runs with {fact} = "0123456789abcdef", now it is "{store.facts[fact]}"')
    assert f": {why}; " in refused
    assert blocks(out) == {}


def test_a_model_that_is_not_here_is_told(tmp_path: Path, command: Command) -> None:
    path, out = written(tmp_path), tmp_path / "out"
    prepared(path, out)
    manifest = out / MANIFEST
    manifest.write_text(manifest.read_text().replace('"model": null', '"model": "nowhere_at_all:Model"', 1))
    assert "nowhere_at_all" in refusal(command("worker", "--store", out, "--shard", "0/1"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_loses_nothing(workers: int, tmp_path: Path, command: Command) -> None:
    """As a terminal sends it: to the command and the processes it has started, whatever they are at."""
    path, out = many_blocks(tmp_path, *LONG_RACES, replicates=8), tmp_path / "out"
    prepared(path, out)
    words = ["worker", "--store", str(out), "--shard", "0/2", "--workers", str(workers)]
    process = subprocess.Popen(
        [sys.executable, "-c", HEEDS_CTRL_C + RACE_SIM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not blocks(out) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    said = [line for line in errors.splitlines() if not line.endswith(" s elapsed")]
    assert said == [f"interrupted: stopped; the races in {out} are kept, and the same command goes on"]
    assert (process.returncode, output) == (130, "")
    assert left_over(out) == []
    kept = blocks(out)
    assert 0 < len(kept) < 32
    assert command(*words).status == 0
    assert len(Store.open(out).blocks(0)) == 32
    assert kept.items() <= blocks(out).items()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_while_workers_start_is_quiet(tmp_path: Path) -> None:
    path, out = many_blocks(tmp_path, *LONG_RACES, replicates=20), tmp_path / "out"
    prepared(path, out)
    code = (
        "import os, subprocess, threading\n"
        "start, timers = subprocess.Popen, []\n"
        "def starting(words, **options):\n"
        "    if 'race_sim.study.serve' in words and not timers:\n"
        "        timers.append(threading.Timer(0.2, os.killpg, (0, signal.SIGINT)))\n"
        "        timers[0].daemon = True\n"
        "        timers[0].start()\n"
        "    return start(words, **options)\n"
        "subprocess.Popen = starting\n"
    )
    words = ["worker", "--store", str(out), "--shard", "0/1", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", HEEDS_CTRL_C + code + RACE_SIM, *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _, errors = process.communicate(timeout=PATIENCE)
    said = [line for line in errors.splitlines() if not line.endswith(" s elapsed")]
    assert said == [f"interrupted: stopped; the races in {out} are kept, and the same command goes on"]
    assert process.returncode == 130
