"""One law, two drivers: what they record is identical to the bit."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from race_sim.ensemble.driver import block_results, run_ensemble
from race_sim.model import RaceModel
from race_sim.results import Records
from race_sim.scenario import Scenario, library, load
from tests.print_hash import MUTATIONS
from tests.small import six_workshops
from tests.strategies import scenarios


def hashes(*arguments: str, **environment: str) -> tuple[str, str]:
    """Hashes of (ensemble, Mesa driver) from a process of its own with this environment."""
    command = [sys.executable, "-W", "error", "-m", "tests.print_hash", *arguments]
    result = subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, text=True)
    ensemble, mesa = result.stdout.split()
    return ensemble, mesa


def mesa_records(scenario: Scenario, seed: int) -> Records:
    return RaceModel(scenario, seed=seed).run()


@pytest.mark.parametrize("name", library())
def test_drivers_agree_on_every_library_scenario(name: str) -> None:
    scenario = load(name)
    assert run_ensemble(scenario, [11]).same_bytes(mesa_records(scenario, 11))


@settings(max_examples=60)
@given(scenarios())
def test_drivers_agree_on_random_scenarios(scenario: Scenario) -> None:
    assert run_ensemble(scenario, [7], threads=1).same_bytes(mesa_records(scenario, 7))


def test_same_seed_same_bytes_whatever_the_threads_and_blocks() -> None:
    scenario = six_workshops()
    seeds = list(range(20))
    once = run_ensemble(scenario, seeds, threads=1)
    assert once.same_bytes(run_ensemble(scenario, seeds, threads=4))
    done = 0
    for block in block_results(scenario, seeds, threads=2, block_runs=3):
        assert block.weekly.tobytes() == once.weekly[done : done + block.runs].tobytes()
        done += block.runs
    assert done == len(seeds)


def test_seeds_differ() -> None:
    records = run_ensemble(six_workshops(), [0, 1])
    assert records.weekly[0].tobytes() != records.weekly[1].tobytes()


def test_largest_seed_works() -> None:
    seed = 2**64 - 1
    assert run_ensemble(six_workshops(), [seed]).same_bytes(mesa_records(six_workshops(), seed))


def test_plain_python_gives_the_same_bytes() -> None:
    compiled = hashes()
    assert compiled[0] == compiled[1]
    assert hashes(NUMBA_DISABLE_JIT="1") == compiled


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_a_mutated_compiled_schedule_is_noticed(mutation: str) -> None:
    ensemble, mesa = hashes(mutation, NUMBA_DISABLE_JIT="1")
    assert ensemble != mesa


class TeamsFirst(RaceModel):
    """What teams field acts in the same week."""

    def move_front(self) -> None:
        super().act_teams()
        super().move_front()

    def act_teams(self) -> None:
        pass


class ReviewFirst(RaceModel):
    """Trials are judged before this week's reports have come."""

    def report(self) -> None:
        super().decide_makers()

    def decide_makers(self) -> None:
        super().report()


class LateDelivery(RaceModel):
    """Output arrives after operators have chosen what flies."""

    def produce(self) -> None:
        pass

    def engage(self) -> None:
        super().produce()
        super().engage()


@pytest.mark.parametrize("mutant", [TeamsFirst, ReviewFirst, LateDelivery])
def test_a_mutated_mesa_schedule_is_noticed(mutant: type[RaceModel]) -> None:
    scenario = six_workshops()
    assert not run_ensemble(scenario, [3]).same_bytes(mutant(scenario, seed=3).run())


@pytest.mark.slow
def test_no_rule_reads_outside_its_arrays() -> None:
    assert hashes(NUMBA_BOUNDSCHECK="1") == hashes()


@pytest.mark.slow
def test_the_bits_do_not_depend_on_the_processor() -> None:
    plainest = {"NUMBA_CPU_NAME": "generic", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"}
    assert hashes(**plainest) == hashes()
