"""Flatness: what is varied and how far, a design that covers every range, ends and points from recorded races."""

import csv
from pathlib import Path

import numpy as np
import pytest

from race_sim.analysis.bands import DESIGN_BANDS, calibrated_values
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.scenario import BY_PATH, FIELDS, load
from race_sim.study.calibration import run_calibration
from race_sim.study.flatness import SPANS, Cloud, Flatness, Point, run_flatness
from race_sim.study.ranges import (
    ACCOUNT_GROUPS,
    EXCLUDED,
    NEEDS_ACCOUNTS,
    NO_RANGE,
    at_share,
    excluded,
    hypercube_points,
    latin_hypercube,
    nearest_allowed,
    varied,
)
from tests.small import six_workshops

SMALL = six_workshops()
OF_SMALL = varied(accounts=False)
POINTS = 24


@pytest.fixture(scope="module")
def flat() -> Flatness:
    return run_flatness(SMALL, end_runs=2, points=POINTS, point_runs=1)


def test_every_parameter_is_varied_or_left_out_for_a_reason() -> None:
    assert {field.path for field in varied()} | set(excluded()) == {field.path for field in FIELDS}
    assert not {field.path for field in varied()} & set(excluded())
    assert set(EXCLUDED) <= set(BY_PATH)
    assert {path for path, reason in excluded().items() if reason == NO_RANGE} == {"workshops.initial_stock"}


def test_without_accounts_no_policy_on_money_is_varied() -> None:
    groups = {field.group for field in FIELDS}
    assert groups > ACCOUNT_GROUPS
    assert {field.group for field in varied(accounts=False)} <= groups - ACCOUNT_GROUPS
    given = excluded(accounts=False)
    assert {path for path, reason in given.items() if reason == NEEDS_ACCOUNTS} == {
        field.path for field in varied() if field.group in ACCOUNT_GROUPS
    }


def test_the_hypercube_has_a_point_in_every_part() -> None:
    points = latin_hypercube(50, 7)
    assert points.shape == (50, 7)
    for column in points.T:
        assert sorted(np.floor(column * 50)) == list(range(50))
    assert np.abs(np.corrcoef(points.T)[np.triu_indices(7, 1)]).max() < 0.5
    assert latin_hypercube(0, 3).shape == (0, 3)


@pytest.mark.parametrize("field", varied(), ids=lambda field: field.path)
def test_shares_cover_the_plausible_range(field) -> None:
    own = SMALL.parameters.value(field.path)
    values = [at_share(field, share, own) for share in np.linspace(0, 1, 2001, endpoint=False).tolist()]
    if field.kind in ("bool", "choice"):
        assert set(values) == set(field.choices or (False, True))
        return
    assert min(values) == pytest.approx(field.source.low)
    assert min(values) >= field.source.low
    assert max(values) == pytest.approx(field.source.high, rel=0.01)
    assert max(values) <= field.source.high
    assert all(isinstance(value, int if field.kind == "int" else float) for value in values)


def test_wide_ranges_are_sampled_on_logarithms() -> None:
    assert at_share(BY_PATH["workshops.flips_per_step"], 0.5, 0.5) == pytest.approx((0.1 * 2.0) ** 0.5)
    assert at_share(BY_PATH["teams.skill"], 0.5, 0.7) == pytest.approx(0.65)
    assert at_share(BY_PATH["workshops.bench_noise"], 0.5, 0.02) == pytest.approx(0.05)


def test_ranges_shrink_towards_what_the_scenario_has() -> None:
    def ends(path: str, own: float, span: float) -> tuple[float, float]:
        values = [at_share(BY_PATH[path], share, own, span) for share in (0.0, 0.9999999)]
        return float(values[0]), float(values[1])

    assert ends("teams.skill", 0.7, 0.5) == pytest.approx((0.5, 0.85))
    assert ends("workshops.flips_per_step", 0.5, 0.5) == pytest.approx(((0.1 * 0.5) ** 0.5, (0.5 * 2.0) ** 0.5))
    assert ends("teams.slots", 3, 0.5) == (2, 5)
    assert ends("teams.skill", 0.7, 0.0) == pytest.approx((0.7, 0.7))
    kinds = [
        at_share(BY_PATH["teams.targeting"], share, "greedy", 0.5) for share in np.linspace(0, 0.999, 600).tolist()
    ]
    assert [kinds.count(kind) for kind in ("greedy", "proportional", "random")] == pytest.approx([400, 100, 100], abs=2)


def test_points_never_contradict_themselves() -> None:
    for scenario in (load("baseline"), SMALL):
        fields = varied(accounts=scenario.parameters.money.accounts)
        for span in SPANS:
            for changes in hypercube_points(scenario, 40, span):
                assert set(changes) == {field.path for field in fields}
                assert scenario.with_changes(changes)


def test_a_value_that_is_not_allowed_moves_towards_the_scenario() -> None:
    assert nearest_allowed(SMALL, "teams.slots", 8)[0] == 8
    value, scenario = nearest_allowed(SMALL, "design.modules", 8)
    assert value == scenario.parameters.design.modules == 5
    with pytest.raises(InputError):
        nearest_allowed(SMALL, "teams.skill", 2.0)
    baseline = load("baseline", ["joint_lines.budget=2500000"])
    value, scenario = nearest_allowed(baseline, "treasuries.partner_budget", 1_000_000)
    assert value == scenario.parameters.treasuries.partner_budget == 2_500_000


def test_every_end_of_every_parameter_is_run(flat: Flatness) -> None:
    numbers = [field.path for field in OF_SMALL if field.kind in ("int", "float")]
    assert [end.path for end in flat.ends if end.end == "low"] == numbers
    assert [end.path for end in flat.ends if end.end == "high"] == numbers
    choices = [end for end in flat.ends if end.end == "choice"]
    assert {end.path for end in choices} == {field.path for field in OF_SMALL} - set(numbers)
    assert flat.impossible == ['workshops.network = "small_world"', 'workshops.network = "ring"']  # 6 peers of 6
    for end in choices:
        assert end.value != SMALL.parameters.value(end.path)


def test_an_end_that_contradicts_the_scenario_is_brought_in(flat: Flatness) -> None:
    ends = {(end.path, end.end): end.value for end in flat.ends}
    assert ends["design.modules", "high"] == 5  # times 12 bits are 60 of 64
    assert ends["design.bits_per_module", "high"] == 16


def test_ends_are_measured_in_recorded_races(flat: Flatness) -> None:
    for end in flat.ends[::17]:
        scenario = SMALL.with_changes({end.path: end.value})
        values = calibrated_values(scenario, run_ensemble(scenario, [1, 2]))
        assert [finding.estimate.value for finding in end.findings] == pytest.approx(values, nan_ok=True)


def test_points_are_measured_in_recorded_races(flat: Flatness) -> None:
    assert [(cloud.span, len(cloud.points)) for cloud in flat.clouds] == [(span, POINTS) for span in SPANS]
    for point in [point for cloud in flat.clouds for point in cloud.points[::7]]:
        scenario = SMALL.with_changes(point.changes)
        assert point.values == pytest.approx(calibrated_values(scenario, run_ensemble(scenario, [1])), nan_ok=True)


def test_what_acts_on_nothing_is_seen_to_do_nothing(flat: Flatness) -> None:
    same = {end.path for end in flat.ends} - {end.path for end in flat.ends if not end.same}
    front = {"front.value_per_hit", "front.regeneration", "front.regeneration_spread", "front.scale"}
    assert front <= same
    assert not {"teams.reach_budget", "landscape.success_max", "workshops.count"} & same


def test_the_base_is_the_scenario_itself(flat: Flatness) -> None:
    expected = run_calibration(SMALL, runs=2).calibrated
    assert [str(finding.estimate) for finding in flat.base] == [str(finding.estimate) for finding in expected]


def test_the_verdict_counts(flat: Flatness) -> None:
    paths = {end.path for end in flat.ends}
    leaving = {end.path for end in flat.ends if not end.inside}
    acting = {end.path for end in flat.ends if not end.same}
    assert set(flat.leaving) == leaving
    assert f"{len(paths - leaving)} of {len(paths)} parameters" in flat.verdict
    assert f"{len(paths - acting)} of them change nothing" in flat.verdict
    for cloud in flat.clouds:
        share = sum(all(point.held(cloud.bands)) for point in cloud.points) / POINTS
        assert cloud.inside_share() == share
        assert f"{share:.1%} of {POINTS} points fit" in cloud.verdict
        assert cloud.verdict in flat.verdict


def test_a_cloud_tells_which_parameters_make_the_difference() -> None:
    """Points that fit by what is made up to be measured: those with little reach."""
    points = [
        Point(changes, (8.0, 8.0, 0.3 if float(changes["teams.reach_budget"]) < 1.5 else 0.1))
        for changes in hypercube_points(load("given_output"), 200, 1.0)
    ]
    cloud = Cloud(1.0, points, DESIGN_BANDS)
    assert {path: list(pins) for path, pins in cloud.pinned.items()} == {
        "teams.reach_budget": ["hits_a_sortie", "all bands"]
    }
    assert cloud.pinned["teams.reach_budget"]["all bands"].direction == "lower"
    few = "too few points for fielded_half_life, shadow_half_life"
    assert f"in 1 of {len(OF_SMALL)} parameters ({few}): teams.reach_budget." in cloud.verdict
    assert cloud.inside_share(0) == 1.0
    assert cloud.inside_share(2) == cloud.inside_share() == pytest.approx(0.4, abs=0.01)


def test_points_can_be_left_out() -> None:
    flat = run_flatness(SMALL, end_runs=2, points=0)
    assert flat.clouds == []
    assert "All together" not in flat.verdict


def test_the_same_twice_with_any_number_of_threads(flat: Flatness) -> None:
    again = run_flatness(SMALL, end_runs=2, points=POINTS, point_runs=1, threads=1)
    assert [repr(cloud.points) for cloud in again.clouds] == [repr(cloud.points) for cloud in flat.clouds]
    assert repr(again.ends) == repr(flat.ends)


def test_progress_reaches_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    flat = run_flatness(SMALL, end_runs=2, points=3, point_runs=1, progress=lambda *what: told.append(what))
    assert told[-1] == ("all parameters together", flat.races, flat.races)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_ctrl_c_stops_at_once() -> None:
    def interrupt(_doing: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_flatness(SMALL, end_runs=2, points=POINTS, progress=interrupt)


def test_files_hold_every_end_point_and_parameter(flat: Flatness, tmp_path: Path) -> None:
    found = run_calibration(SMALL, runs=2)
    folder = found.save(tmp_path / "out", flatness=flat)
    lines = {
        name: list(csv.DictReader((folder / f"flatness_{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("ends", "points", "parameters")
    }
    assert len(lines["ends"]) == len(flat.ends)
    assert len(lines["points"]) == 2 * POINTS
    assert len(lines["parameters"]) == 2 * 4 * len(OF_SMALL)
    assert (folder / "flatness.png").read_bytes().startswith(b"\x89PNG")


def test_ranges_hold_the_defaults_of_the_baseline() -> None:
    """Otherwise the ends of a range would lie on one side of the default."""
    own = load("baseline").parameters
    for field in varied():
        if field.kind in ("int", "float"):
            assert field.source.low <= own.value(field.path) <= field.source.high, field.path
