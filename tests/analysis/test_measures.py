"""Measures a study asks for by name: columns of a run as they are, shares over all runs together."""

import math

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.intervals import mean_estimate, ratio_estimate
from race_sim.analysis.measures import MEASURES, SHORT, check_measure, measure
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from tests.small import six_workshops

ROWS = pd.DataFrame(
    {
        "total_hits": [10.0, 30.0, 0.0, math.nan],
        "total_sorties": [100.0, 100.0, 0.0, math.nan],
        "workshops_hits": [1.0, 2.0, 3.0, math.nan],
    }
)


def test_every_measure_can_be_taken_from_the_rows_of_runs() -> None:
    rows = run_frame(run_ensemble(six_workshops(), [1, 2, 3]), 2)
    for name, one in MEASURES.items():
        assert one.name == name
        assert len(one.of_runs(rows)) == 3
        assert one.label
        assert one.label[0].isupper()
        estimate = one.estimate(rows)
        if one.of_runs(rows).notna().all():
            assert math.isfinite(estimate.value), name


def test_a_column_is_a_mean_over_runs_and_a_share_is_of_all_runs_together() -> None:
    hits = measure("total_hits")
    assert list(hits.of_runs(ROWS))[:3] == [10.0, 30.0, 0.0]
    assert hits.estimate(ROWS.dropna()) == mean_estimate(np.array([10.0, 30.0, 0.0]))
    share = measure("hits_a_sortie")
    assert list(share.of_runs(ROWS)) == pytest.approx([0.1, 0.3, math.nan, math.nan], nan_ok=True)
    late = ROWS.assign(total_hits=5.0)  # hits of drones that flew before the weeks that are measured
    assert list(share.of_runs(late)) == pytest.approx([0.05, 0.05, math.nan, math.nan], nan_ok=True)
    expected = ratio_estimate(np.array([10.0, 30.0, 0.0]), np.array([100.0, 100.0, 0.0]))
    assert share.estimate(ROWS) == expected
    assert expected.value == pytest.approx(0.2)


def test_failed_runs_are_left_out() -> None:
    for name in ("total_hits", "hits_a_sortie", "workshops_hits"):
        assert measure(name).estimate(ROWS) == measure(name).estimate(ROWS.dropna())


def test_short_names_stand_for_columns() -> None:
    assert {name: measure(name).name for name in SHORT} == {
        "hits": "total_hits",
        "sorties": "total_sorties",
        "diversity": "workshops_diversity",
    }
    assert measure("hits") is measure("total_hits")
    assert not set(SHORT) & set(MEASURES)


def test_shares_say_what_is_divided_by_what_and_whose() -> None:
    assert (measure("workshops_adopted_share").above, measure("workshops_adopted_share").below) == (
        "workshops_trials_adopted",
        "workshops_trials_judged",
    )
    assert (measure("primes_hits_a_sortie").above, measure("primes_hits_a_sortie").below) == (
        "primes_hits",
        "primes_sorties",
    )
    assert measure("hits_a_sortie").axis == "Hits a sortie (hits/sortie)"
    assert measure("adopted_share").axis == "Share of judged trials adopted"
    assert "workshops" in measure("workshops_adopted_share").label
    assert len({one.label for one in MEASURES.values()}) == len(MEASURES)


@pytest.mark.parametrize(
    ("name", "meant"), [("hitz", "hits"), ("total_hit", "total_hits"), ("hits_per_sortie", "hits_a_sortie")]
)
def test_an_unknown_measure_is_refused_with_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(InputError) as refused:
        check_measure(name)
    assert f'there is no measure "{name}". Did you mean "{meant}"?' in str(refused.value)
    with pytest.raises(InputError):
        measure(name)
    with pytest.raises(InputError, match="race-sim codebook"):
        check_measure("xyzzy")
