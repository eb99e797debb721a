"""One law, two drivers: what they record is identical to the bit."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from race_sim.ensemble.driver import block_results, run_ensemble
from race_sim.firms import CONSTRAINT_NAMES, DRONE_NAMES, MONEY_NAMES
from race_sim.model import RaceModel
from race_sim.records import JOINT_LINE, TOTAL
from race_sim.results import Records
from race_sim.scenario import Scenario, library, load
from tests.print_hash import SEED
from tests.small import six_firms, six_workshops
from tests.strategies import scenarios


def printed(module: str, **environment: str) -> str:
    """What a module prints that runs in a process of its own with this environment."""
    command = [sys.executable, "-W", "error", "-m", module]
    result = subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, text=True)
    return result.stdout


def hashes(**environment: str) -> tuple[str, str]:
    """Hashes of (ensemble, Mesa driver) from a process of its own with this environment."""
    ensemble, mesa = printed("tests.print_hash", **environment).split()
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


def test_everything_happens_in_the_small_race_with_accounts() -> None:
    """What the drivers are compared on below: every flow of money and drones, every event of firms and treasuries."""
    weekly = run_ensemble(six_firms(), [SEED]).weekly[0]
    kinds, treasuries = weekly["kinds"], weekly["treasuries"]
    for number, name in enumerate(DRONE_NAMES):
        assert kinds["drones"][:, TOTAL, number].any(), name
    for number, name in enumerate(MONEY_NAMES):
        assert kinds["money"][:, TOTAL, number].any(), name
    for name in ("income", "aid", "paid", "commission", "imports", "plants", "withheld", "committed"):
        assert treasuries[name].any(), name
    for name in ("strikes", "strikes_stopped", "depots_struck", "announced", "rival_sales", "rival_weeks"):
        assert weekly[name].any(), name
    assert kinds["bound"].any(axis=(0, 1)).all(), CONSTRAINT_NAMES
    assert kinds["entered"].any()
    assert kinds["failed"].any()
    assert kinds["makers"][:, JOINT_LINE].max() == 2
    assert kinds["makers"][-1, JOINT_LINE] == 1
    assert kinds["designs_fielded"][:, JOINT_LINE].sum() > 2
    assert weekly["goodwill"].min() < 1


@pytest.mark.parametrize("seed", range(SEED, SEED + 10))
def test_drivers_agree_on_races_with_accounts(seed: int) -> None:
    scenario = six_firms()
    assert run_ensemble(scenario, [seed], threads=1).same_bytes(mesa_records(scenario, seed))


@pytest.mark.parametrize("scenario", [six_workshops(), six_firms()], ids=["given", "accounts"])
def test_same_seed_same_bytes_whatever_the_threads_and_blocks(scenario: Scenario) -> None:
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


@pytest.mark.slow
def test_every_mutated_compiled_schedule_is_noticed() -> None:
    assert printed("tests.mutated_schedules", NUMBA_DISABLE_JIT="1").splitlines() == ["none"]


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


class BuildFirst(RaceModel):
    """Makers build what was ordered last week, before this week's money and orders come."""

    def pay_and_order(self) -> None:
        super().produce()

    def produce(self) -> None:
        super().pay_and_order()


class StrikesFirst(RaceModel):
    """Plants are struck before they have built."""

    def produce(self) -> None:
        super().strike()

    def strike(self) -> None:
        super().produce()


class LateStrikes(RaceModel):
    """Drones are bartered, and depots struck, after they have flown."""

    def strike(self) -> None:
        pass

    def move_front(self) -> None:
        super().strike()
        super().move_front()


@pytest.mark.parametrize("mutant", [BuildFirst, StrikesFirst, LateStrikes])
def test_a_mutated_mesa_schedule_of_money_is_noticed(mutant: type[RaceModel]) -> None:
    scenario = six_firms()
    assert not run_ensemble(scenario, [SEED]).same_bytes(mutant(scenario, seed=SEED).run())


@pytest.mark.slow
def test_no_rule_reads_outside_its_arrays() -> None:
    assert hashes(NUMBA_BOUNDSCHECK="1") == hashes()


@pytest.mark.slow
def test_the_bits_do_not_depend_on_the_processor() -> None:
    plainest = {"NUMBA_CPU_NAME": "generic", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"}
    assert hashes(**plainest) == hashes()
