"""Limit 6 is missed when a draw depends on anything but its key."""

from collections.abc import Sequence
from typing import Any

import pytest

from race_sim.ensemble.driver import block_results, run_ensemble
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.verify.draws import BUSY_FIRMS, check_levers, check_repetitions
from race_sim.verify.drivers import joined
from tests.verify.mutants import HiddenChance, SharedStream, missed, quick, run_with

pytestmark = pytest.mark.usefixtures("elsewhere_once")


def test_races_that_depend_on_those_run_before() -> None:
    found = missed(list(check_repetitions(quick(model=HiddenChance))))
    assert "busy races that differ: same seeds again" in found
    assert "busy races that differ: the Mesa driver against the ensemble" in found
    assert "busy races that differ: another process, seeds in reverse order" in found
    found = missed(list(check_repetitions(quick(model=HiddenChance), BUSY_FIRMS)))
    assert "busy races of firms that differ: the Mesa driver against the ensemble" in found


def test_a_draw_from_the_stream_of_users() -> None:
    found = missed(list(check_repetitions(quick(model=SharedStream))))
    assert "busy races that differ: a team draws from Mesa's own random stream" in found
    assert "busy races that differ: same seeds again" not in found


def test_threads_that_matter() -> None:
    def ensemble(scenario: Scenario, seeds: Sequence[int], threads: int | None = None) -> Records:
        return run_ensemble(scenario, [seed + (threads or 0) for seed in seeds], threads=threads)

    found = missed(list(check_repetitions(quick(ensemble=ensemble))))
    assert found == [f"busy races that differ: threads: {threads}" for threads in (1, 2, 5)]


def test_order_that_matters() -> None:
    def ensemble(scenario: Scenario, seeds: Sequence[int], **options: Any) -> Records:
        return run_ensemble(scenario, [seed + place for place, seed in enumerate(seeds)], **options)

    found = missed(list(check_repetitions(quick(ensemble=ensemble))))
    assert "busy races that differ: seeds in reverse order" in found


def test_blocks_that_matter() -> None:
    def blocks(scenario: Scenario, seeds: Sequence[int], block_runs: int) -> list[Records]:
        parts = list(block_results(scenario, seeds, block_runs=block_runs))
        return parts[1:] if block_runs == 3 else parts

    found = missed(list(check_repetitions(quick(blocks=blocks))))
    assert found == ["busy races that differ: runs in a block: 3"]


def test_seeds_that_are_all_the_same() -> None:
    def ensemble(scenario: Scenario, seeds: Sequence[int], **_: Any) -> Records:
        return joined([run_ensemble(scenario, [1]) for _ in seeds])

    found = missed(list(check_repetitions(quick(ensemble=ensemble))))
    assert "distinct busy races among those seeds, share, at least" in found


LEVERS = {
    "front.regeneration": "front_regeneration",
    "measures.shadow_weeks": "measures_shadow_weeks",
    "run.burn_in_weeks": "run_burn_in_weeks",
    "workshops.count (nobody interacting)": "workshops_count",
    "how primes develop (nobody interacting)": "primes_standards",
}


@pytest.mark.parametrize("words", LEVERS)
def test_a_lever_that_moves_other_draws(words: str) -> None:
    def ensemble(scenario: Scenario, seeds: Sequence[int], **_: Any) -> Records:
        shift = int(scenario.timeline().segments[0][LEVERS[words]])
        return run_ensemble(scenario, [seed + shift for seed in seeds])

    found = missed([check for check in check_levers(quick(ensemble=ensemble)) if check.driver == "ensemble"])
    assert any(what.startswith("races") and what.endswith(f"by {words}") for what in found)


def test_events_that_act_before_their_week() -> None:
    def ensemble(scenario: Scenario, seeds: Sequence[int], **_: Any) -> Records:
        last = scenario.events[-1:]
        return run_ensemble(scenario.with_changes({event.path: event.value for event in last}), seeds)

    found = missed([check for check in check_levers(quick(ensemble=ensemble)) if check.driver == "ensemble"])
    assert sum("earlier weeks" in what for what in found) >= 7


def test_levers_that_do_nothing() -> None:
    ensemble = run_with({"front.regeneration": 150})
    found = missed([check for check in check_levers(quick(ensemble=ensemble)) if check.driver == "ensemble"])
    assert found == ["share of races that differ elsewhere by front.regeneration, at least"]
