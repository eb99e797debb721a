"""Limit 7 is missed by a control that does not cut what it says, or cuts more."""

from collections.abc import Sequence

import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.results import Records
from race_sim.scenario import Scenario, load
from race_sim.verify.channels import check_channel, check_isolation
from race_sim.verify.check import Check
from race_sim.verify.controls import (
    check_frozen_blue,
    check_frozen_red,
    check_judgement,
    check_matched,
    check_no_red,
    check_sharing,
)
from race_sim.verify.drivers import Drivers
from tests.verify.mutants import load_with, missed, quick

SEEDS = range(300, 306)


def given(name: str, *overrides: str) -> Scenario:
    """A scenario with output given, as the checks have it."""
    return quick().given(name, overrides)


@pytest.fixture(scope="module")
def baseline() -> Records:
    return run(given("baseline"))


def run(scenario: Scenario) -> Records:
    return run_ensemble(scenario, SEEDS)


def channel(name: str, changes: dict[str, object]) -> list[str]:
    return missed(list(check_channel(quick(load=load_with(changes)), name)))


def test_red_is_not_gone(baseline: Records) -> None:
    found = missed(list(check_no_red(quick(), baseline)))
    assert found == ["no_red: sorties stopped", "no_red: countermeasures standing"]


def test_nobody_learns_without_red() -> None:
    frozen = {"workshops.adapts": False, "primes.develops": False}
    drivers = quick(load=load_with(frozen))
    found = missed(list(check_no_red(drivers, run(drivers.given("no_red")))))
    assert found == [
        "no_red: fewest generations fielded by primes in a race, at least",
        "no_red: gain in quality of workshops' designs over the race, from random founders, more than",
    ]


def test_red_is_not_frozen(baseline: Records) -> None:
    found = missed(list(check_frozen_red(baseline, baseline)))
    assert "frozen_red: countermeasures fielded from week 26 on" in found
    assert "frozen_red: largest change of mean_reach after week 26" in found
    assert "frozen_red: hits a sortie of workshops in the last year, less the baseline's, more than" in found


def test_red_is_frozen_from_the_start_or_gone(baseline: Records) -> None:
    found = missed(list(check_frozen_red(run(given("no_red")), baseline)))
    assert "frozen_red: races that differ from the baseline before week 26" in found
    assert "frozen_red: fewest sorties stopped in the last year of a race, at least" in found


def test_blue_is_not_frozen(baseline: Records) -> None:
    found = missed(list(check_frozen_blue(baseline)))
    assert "frozen_blue: designs fielded" in found
    assert "frozen_blue: trial sorties" in found
    assert "frozen_blue: largest change of quality of workshops' designs" in found


def test_red_learns_nothing_from_frozen_blue() -> None:
    found = missed(list(check_frozen_blue(run(given("frozen_blue", "teams.count=0")))))
    assert len(found) == 2
    assert all("fewest" in what or "loss" in what for what in found)


def controls(baseline: Records, **others: Records) -> dict[str, Records]:
    names = ("no_sharing", "blind_drift", "shuffled_feedback")
    return {name: others.get(name) or run(given(name)) for name in names} | {"baseline": baseline}


def test_sharing_and_adoption_that_are_not_cut(baseline: Records) -> None:
    mistaken = controls(baseline, no_sharing=baseline, blind_drift=baseline)
    found = missed(list(check_sharing(quick(), mistaken)) + list(check_judgement(quick(), mistaken)))
    assert "no_sharing: designs copied" in found
    assert "blind_drift: designs copied" in found
    assert "blind_drift: trials judged in a race, as reports arrive" in found


def test_drift_at_another_rate(baseline: Records) -> None:
    faster = "workshops.adoption_probability=0.6"
    found = missed(list(check_judgement(quick(), controls(baseline, blind_drift=run(given("blind_drift", faster))))))
    assert found == ["blind_drift: share of trials adopted"]
    found = missed(list(check_matched(run(load("baseline")), run(load("blind_drift", [faster])))))
    assert found == ["blind_drift: share of trials adopted after the burn-in, against the baseline's"]


def test_shuffled_feedback_that_cuts_sharing_too(baseline: Records) -> None:
    lonely = run(given("shuffled_feedback", "workshops.network=none"))
    found = missed(list(check_sharing(quick(), controls(baseline, shuffled_feedback=lonely))))
    assert found == ["shuffled_feedback: share of cycles that start from a peer's design"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"workshops.judgement": "evidence"}, "correlation of adoption with chance hits"),
        ({"workshops.judgement": "evidence"}, "correlation of adoption with true gain"),
        ({"feedback.quality": 0.1}, "module that reports blame most"),
        ({"workshops.bench_noise": 0.05}, "candidate flown"),
        ({"feedback.shuffled": True}, "report is not the truth"),
    ],
)
def test_blind_drift_that_sees(changes: dict[str, object], words: str) -> None:
    assert any(words in what for what in channel("blind_drift", changes))


def test_feedback_that_is_not_shuffled() -> None:
    found = channel("shuffled_feedback", {"feedback.shuffled": False})
    assert len(found) == 3
    assert all("correlation" in what for what in found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"feedback.quality": 0.0}, "module that reports blame most"),
        ({"workshops.bench_noise": 10.0}, "candidate flown"),
    ],
)
def test_shuffled_feedback_that_cuts_more(changes: dict[str, object], words: str) -> None:
    assert any(words in what for what in channel("shuffled_feedback", changes))


def test_a_baseline_without_evidence() -> None:
    found = channel("baseline", {"workshops.judgement": "chance", "workshops.adoption_probability": 0.5})
    assert len(found) == 2
    assert all("correlation of adoption" in what for what in found)


def isolation(name: str, changes: dict[str, object]) -> list[Check]:
    return list(check_isolation(Drivers(load=load_with(changes)), name))


def test_sharing_by_another_way() -> None:
    sharing: dict[str, object] = {"workshops.copy_probability": 0.3, "workshops.network": "complete"}
    assert missed(isolation("no_sharing", sharing))
    assert missed(isolation("baseline", {"workshops.copy_probability": 0.0}))


def test_names_of_controls_are_those_of_the_library() -> None:
    names: Sequence[str] = ("no_red", "frozen_red", "frozen_blue", "no_sharing", "blind_drift")
    assert all(load(name).name == name for name in names)
