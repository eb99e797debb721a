"""Controls differ from the baseline in what they cut and in nothing else that could pass for it."""

import numpy as np
import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.records import WORKSHOP
from race_sim.scenario import load

SEEDS = range(100, 124)


def adopted_share(name: str) -> float:
    """Share of judged trials that were adopted, after the burn-in."""
    scenario = load(name)
    kinds = run_ensemble(scenario, SEEDS).weekly["kinds"][:, scenario.parameters.run.burn_in_weeks :, WORKSHOP]
    return float(kinds["trials_adopted"].sum() / kinds["trials_judged"].sum())


def test_blind_drift_moves_as_often_as_the_baseline() -> None:
    assert adopted_share("blind_drift") == pytest.approx(adopted_share("baseline"), abs=0.03)


def test_frozen_red_fields_nothing_after_the_freeze_and_keeps_what_stands() -> None:
    weekly = run_ensemble(load("frozen_red"), SEEDS[:4]).weekly
    assert weekly["countermeasures_fielded"][:, :26].sum() > 0
    assert weekly["countermeasures_fielded"][:, 26:].sum() == 0
    standing = weekly["countermeasures_standing"][:, 26:]
    assert (standing == standing[:, :1]).all()
    assert np.ptp(weekly["mean_reach"][:, 26:], axis=1).max() == 0


def test_no_sharing_copies_nothing() -> None:
    assert run_ensemble(load("no_sharing"), SEEDS[:4]).weekly["kinds"]["copied"].sum() == 0
