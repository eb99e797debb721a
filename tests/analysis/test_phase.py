"""Phase tables and boundaries: known answers, the same numbers by other ways, and no claim where there is none."""

import math

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.exchange import exchange_rate
from race_sim.analysis.intervals import Estimate, bootstrap_interval, mean_estimate, ratio_estimate, resampling_weights
from race_sim.analysis.phase import boundary_words, grid_boundary, phase_table, side
from race_sim.errors import InputError
from tests.analysis.made_up import ARSENALS, RUNS, cell_rows, swapped

REFERENCE = {"cycle": 1, "arsenal": 1.0}
WORTH = {4: 1.3, 32: 3.0}
XY = ("cycle", "arsenal", "total_hits")


def part(worth: dict[int, float], noise: float = 0.05, **levels: object) -> pd.DataFrame:
    return cell_rows(worth, {"tempo": "slow", **levels}, noise)


def values(rows: pd.DataFrame, column: str = "total_hits", **levels: object) -> np.ndarray:
    here = rows[(rows[list(levels)] == list(levels.values())).all(axis=1)]
    return here.sort_values("seed")[column].to_numpy()


def one(table: pd.DataFrame, **levels: object) -> pd.Series:
    (row,) = table[(table[list(levels)] == list(levels.values())).all(axis=1)].to_dict("records")
    return pd.Series(row)


def limits(row: pd.Series, name: str = "value") -> tuple[float, float, float]:
    return row[name], row[f"{name}_low"], row[f"{name}_high"]


def as_tuple(estimate: Estimate) -> tuple[float, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.concat([part(WORTH), part({4: 0.9, 32: 0.4}, tempo="fast")]).sample(frac=1.0, random_state=1)


def test_values_are_the_estimates_of_their_points(rows: pd.DataFrame) -> None:
    mean = phase_table(rows, *XY, by=["tempo"])
    share = phase_table(rows, "cycle", "arsenal", ("total_hits", "total_sorties"), by=["tempo"])
    ratio = phase_table(rows, *XY, REFERENCE, ["tempo"])
    assert len(mean) == len(share) == len(ratio) == 2 * 3 * len(ARSENALS)
    for tempo in ("slow", "fast"):
        for cycle in (1, 4, 32):
            levels = {"tempo": tempo, "cycle": cycle, "arsenal": 2.0}
            hits, sorties = values(rows, **levels), values(rows, "total_sorties", **levels)
            own = values(rows, tempo=tempo, cycle=1, arsenal=1.0)
            assert limits(one(mean, **levels)) == pytest.approx(as_tuple(mean_estimate(hits)))
            assert limits(one(share, **levels)) == pytest.approx(as_tuple(ratio_estimate(hits, sorties)))
            assert limits(one(ratio, **levels)) == pytest.approx(as_tuple(ratio_estimate(hits, own)))


def test_findings_are_on_the_side_where_the_interval_lies(rows: pd.DataFrame) -> None:
    table = phase_table(rows, *XY, REFERENCE, ["tempo"])
    slow = {"tempo": "slow", "cycle": 32}
    assert one(table, **slow, arsenal=16.0)["finding"] == "above"
    assert one(table, **slow, arsenal=1.0)["finding"] == "below"
    assert one(table, tempo="slow", cycle=1, arsenal=1.0)["finding"] == "reference"
    for _, row in table[table["finding"] != "reference"].iterrows():
        inside = row["value_low"] <= 1.0 <= row["value_high"]
        assert (row["finding"] == "no evidence") == inside
    higher = phase_table(rows, *XY, REFERENCE, ["tempo"], threshold=1e6)
    assert (higher["finding"].isin(["below", "reference"])).all()


def test_equal_forces_give_no_evidence() -> None:
    rows = part({32: 1.0}, noise=0.3)
    assert one(phase_table(rows, *XY, REFERENCE), cycle=32, arsenal=1.0)["finding"] == "no evidence"


def test_sides_of_estimates() -> None:
    assert side(Estimate(2.0, 1.1, 3.0), 1.0) == "above"
    assert side(Estimate(0.5, 0.4, 0.9), 1.0) == "below"
    assert side(Estimate(2.0, 1.0, 3.0), 1.0) == side(Estimate(2.0), 1.0) == "no evidence"


def test_a_reference_by_one_factor_is_the_point_with_the_others_alike(rows: pd.DataFrame) -> None:
    """As an axis, as a panel, and as a factor that is neither: always hits over those of cycle 32."""
    expected = ratio_estimate(
        values(rows, tempo="slow", cycle=4, arsenal=2.0), values(rows, tempo="slow", cycle=32, arsenal=2.0)
    )
    axis = phase_table(rows, *XY, {"cycle": 32}, ["tempo"])
    panel = phase_table(rows, "tempo", "arsenal", "total_hits", {"cycle": 32}, ["cycle"])
    neither = phase_table(rows[rows["cycle"] != 1], "tempo", "arsenal", "total_hits", {"cycle": 32})
    wanted = {"tempo": "slow", "arsenal": 2.0}
    for table in (axis, panel):
        assert limits(one(table, **wanted, cycle=4)) == pytest.approx(as_tuple(expected))
        assert (table.loc[table["cycle"] == 32, "finding"] == "reference").all()
    assert limits(one(neither, **wanted)) == pytest.approx(as_tuple(expected))
    assert len(neither) == 2 * len(ARSENALS)


def test_ratios_of_shares_vary_as_the_ratio_of_their_ratios_does(rows: pd.DataFrame) -> None:
    """Sorties are constant here: hits a sortie over hits a sortie is then hits over hits, but for a factor."""
    pair = ("total_hits", "total_sorties")
    shares = one(phase_table(rows, "cycle", "arsenal", pair, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=8.0)
    hits = one(phase_table(rows, *XY, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=8.0)
    assert limits(shares) == pytest.approx(np.array(limits(hits)) / 8.0)
    moving = rows.assign(total_sorties=rows["total_hits"] * 3.0)
    steady = one(
        phase_table(moving, "cycle", "arsenal", pair, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=8.0
    )
    assert limits(steady) == pytest.approx((1.0, 1.0, 1.0))


def test_failed_runs_pair_out_and_are_counted(rows: pd.DataFrame) -> None:
    failed = rows.copy()
    slow = failed["tempo"] == "slow"
    failed.loc[slow & (failed["cycle"] == 4) & failed["seed"].isin([2, 3]), "total_hits"] = math.nan
    failed.loc[slow & (failed["cycle"] == 1) & (failed["seed"] == 5), "total_hits"] = math.nan
    row = one(phase_table(failed, *XY, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=2.0)
    kept = ~np.isin(np.arange(1, RUNS + 1), [2, 3, 5])
    expected = ratio_estimate(
        values(rows, tempo="slow", cycle=4, arsenal=2.0)[kept], values(rows, tempo="slow", cycle=1, arsenal=1.0)[kept]
    )
    assert limits(row) == pytest.approx(as_tuple(expected))
    assert (row["runs"], row["left_out"]) == (RUNS - 3, 3)
    without = failed[~((failed["seed"].isin([2, 3])) & (failed["cycle"] == 4) & (failed["tempo"] == "slow"))]
    again = one(phase_table(without, *XY, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=2.0)
    pd.testing.assert_series_equal(row, again)  # a row that is not there is as a run that failed


def test_a_point_without_any_run_has_no_value(rows: pd.DataFrame) -> None:
    failed = rows.copy()
    gone = (failed["cycle"] == 4) & (failed["arsenal"] == 2.0)
    failed.loc[gone, "total_hits"] = math.nan
    row = one(phase_table(failed, *XY, REFERENCE, ["tempo"]), tempo="slow", cycle=4, arsenal=2.0)
    assert math.isnan(row["value"])
    assert row["finding"] == "no evidence"
    assert row["runs"] == 0
    kept = grid_boundary(rows[~((rows["cycle"] == 4) & (rows["arsenal"] == 2.0))], *XY, REFERENCE, ["tempo"])
    pd.testing.assert_frame_equal(grid_boundary(failed, *XY, REFERENCE, ["tempo"])[kept.columns[:7]], kept.iloc[:, :7])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": "tempi"}, "no column tempi"),
        ({"measure": "hits"}, "no column hits"),
        ({"reference": {"cycle": 3}}, "no point tempo = .*, cycle = 3, "),
        ({"by": ()}, "differ in more than their seed"),
        ({"x": "tempo", "by": (), "reference": {"cycle": 32}}, "differ in more than their seed"),
    ],
)
def test_what_is_missing_is_named(change: dict[str, object], words: str, rows: pd.DataFrame) -> None:
    asked = {"x": "cycle", "y": "arsenal", "measure": "total_hits", "by": ["tempo"], **change}
    with pytest.raises(InputError, match=words):
        phase_table(rows, **asked)  # type: ignore[arg-type]


def test_boundaries_are_exchange_rates(rows: pd.DataFrame) -> None:
    table = grid_boundary(rows, *XY, REFERENCE, ["tempo"])
    assert len(table) == 6
    for tempo in ("slow", "fast"):
        own = values(rows, tempo=tempo, cycle=1, arsenal=1.0)
        for cycle in (4, 32):
            hits = np.array([values(rows, tempo=tempo, cycle=cycle, arsenal=arsenal) for arsenal in ARSENALS])
            rate = exchange_rate(ARSENALS, hits, own).estimate
            row = one(table, tempo=tempo, cycle=cycle)
            assert limits(row, "arsenal") == pytest.approx(as_tuple(rate))
            assert row["crossings"] == 1
            assert (row["smallest"], row["largest"], row["runs"]) == (ARSENALS[0], ARSENALS[-1], RUNS)
    assert list(table["cycle"]) == [1, 4, 32] * 2
    assert limits(one(table, tempo="slow", cycle=1), "arsenal") == pytest.approx((1.0, 1.0, 1.0))


def test_known_boundaries_are_found_and_beyond_is_beyond() -> None:
    rows = part({2: 2.5, 4: 40.0, 8: 0.1}, noise=0.01)
    table = grid_boundary(rows, *XY, REFERENCE)
    assert one(table, cycle=2)["arsenal"] == pytest.approx(2.5, rel=0.02)
    above, below = one(table, cycle=4), one(table, cycle=8)
    assert limits(above, "arsenal") == (math.inf, math.inf, math.inf)
    assert limits(below, "arsenal") == (0.0, 0.0, 0.0)
    assert (above["side"], below["side"], one(table, cycle=2)["side"]) == ("below", "above", "")
    assert (above["crossings"], below["crossings"]) == (0, 0)


def test_the_band_covers_the_known_boundary_about_as_often_as_it_says() -> None:
    held = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        luck = rng.lognormal(0.0, 0.2, 10)
        found = []
        for cycle, arsenal in ((1, 1.0), *((4, arsenal) for arsenal in ARSENALS)):
            hits = 100.0 * arsenal / (3.0 if cycle == 4 else 1.0) * luck * rng.lognormal(0.0, 0.3, 10)
            found.append(pd.DataFrame({"cycle": cycle, "arsenal": arsenal, "seed": range(10), "total_hits": hits}))
        row = one(grid_boundary(pd.concat(found), *XY, REFERENCE), cycle=4)
        held.append(row["arsenal_low"] <= 3.0 <= row["arsenal_high"])
    assert 0.88 < np.mean(held) < 0.995


def test_twice_the_noise_widens_the_band() -> None:
    widths = []
    for noise in (0.1, 0.2):
        row = one(grid_boundary(part({4: 3.0}, noise=noise), *XY, REFERENCE), cycle=4)
        widths.append(math.log(row["arsenal_high"] / row["arsenal_low"]))
    assert 1.4 < widths[1] / widths[0] < 2.8


def curve(leads: dict[float, float], noise: float = 0.0, cycle: int = 1) -> pd.DataFrame:
    """Twenty runs at each y with this mean and noise."""
    rng = np.random.default_rng(5)
    return pd.concat(
        [
            pd.DataFrame({"x": cycle, "y": y, "seed": range(20), "m": mean + noise * rng.standard_normal(20)})
            for y, mean in leads.items()
        ]
    )


def test_several_crossings_are_told_and_the_lowest_counts() -> None:
    row = one(
        grid_boundary(
            curve({1.0: -1.0, 2.0: 1.0, 3.0: -1.0, 4.0: 3.0}), "x", "y", "m", None, (), 0.0, "linear", "linear"
        ),
        x=1,
    )
    assert (row["y"], row["crossings"], row["side"]) == (1.5, 3, "")


def test_linear_scales_and_falling_measures() -> None:
    falling = {0.0: 3.0, 1.0: 1.0, 2.0: -1.0}
    linear = grid_boundary(curve(falling), "x", "y", "m", threshold=0.0, y_scale="linear", value_scale="linear")
    assert limits(one(linear, x=1), "y") == (1.5, 1.5, 1.5)
    for threshold, beyond, lies in ((5.0, -math.inf, "below"), (-5.0, math.inf, "above")):
        found = grid_boundary(
            curve(falling), "x", "y", "m", threshold=threshold, y_scale="linear", value_scale="linear"
        )
        assert limits(one(found, x=1), "y") == (beyond, beyond, beyond)
        assert one(found, x=1)["side"] == lies


def test_the_scale_of_the_measure_decides_what_lies_between() -> None:
    rows = curve({1.0: 1.0, 4.0: 16.0})
    logarithmic = one(grid_boundary(rows, "x", "y", "m", threshold=4.0), x=1)["y"]
    linear = one(grid_boundary(rows, "x", "y", "m", threshold=4.0, value_scale="linear"), x=1)["y"]
    assert logarithmic == pytest.approx(2.0)
    assert linear == pytest.approx(4.0 ** (3.0 / 15.0))


def test_all_points_are_resampled_together() -> None:
    """What every point shares in a run moves the boundary with it: resampled apart, the band would be narrower."""
    rng = np.random.default_rng(3)
    luck = rng.lognormal(0.0, 0.5, 20)
    rows = pd.concat([pd.DataFrame({"x": 1, "y": y, "seed": range(20), "m": y * luck}) for y in (1.0, 2.0, 4.0)])
    row = one(grid_boundary(rows, "x", "y", "m", threshold=2.0), x=1)
    expected = bootstrap_interval(2.0 / (resampling_weights(20) @ luck), 20)
    assert limits(row, "y") == pytest.approx((2.0 / luck.mean(), *expected))
    with_reference = one(grid_boundary(rows, "x", "y", "m", {"y": 1.0}, threshold=2.0), x=1)
    assert limits(with_reference, "y") == pytest.approx((2.0, 2.0, 2.0))  # the shared luck cancels


def test_one_run_has_no_band() -> None:
    rows = part(WORTH)
    row = one(grid_boundary(rows[rows["seed"] == 1], *XY, REFERENCE), cycle=4)
    assert math.isfinite(row["arsenal"])
    assert math.isnan(row["arsenal_low"])
    assert "no evidence that it moves" in boundary_words(
        grid_boundary(rows[rows["seed"] == 1], *XY, REFERENCE), "cycle", "arsenal"
    )


def test_no_hits_at_all_lie_below() -> None:
    rows = curve({1.0: 0.0, 2.0: 0.0, 4.0: 9.0})
    row = one(grid_boundary(rows, "x", "y", "m"), x=1)
    assert 2.0 <= row["y"] <= 4.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"threshold": 0.0}, "logarithmic scale"),
        ({"rows": curve({0.0: 1.0, 1.0: 2.0})}, "y = 0 has no place"),
        ({"rows": curve({1.0: 1.0}).assign(y="many")}, "no numbers"),
    ],
)
def test_scales_that_do_not_fit_are_refused(change: dict[str, object], words: str) -> None:
    asked = {"rows": curve({1.0: 1.0, 2.0: 2.0}), "x": "x", "y": "y", "measure": "m", **change}
    with pytest.raises(InputError, match=words):
        grid_boundary(**asked)  # type: ignore[arg-type]


def words(rows: pd.DataFrame, by: tuple[str, ...] = ()) -> str:
    return boundary_words(grid_boundary(rows, *XY, REFERENCE, by), "cycle", "arsenal", by, "equal hits")


def test_words_say_where_it_lies_and_how_it_moves(rows: pd.DataFrame) -> None:
    slow, fast = words(rows, ("tempo",)).split("\n")
    if "slow" not in slow:
        slow, fast = fast, slow
    table = grid_boundary(rows, *XY, REFERENCE, ["tempo"])
    row = one(table, tempo="slow", cycle=32)
    assert f"{Estimate(*limits(row, 'arsenal'))} with cycle 32" in slow
    assert slow.endswith("it rises with cycle.")
    assert fast.endswith("it falls with cycle.")


def test_words_reverse_when_roles_are_swapped() -> None:
    """The names of the shortest and the longest cycle exchanged: the same races must be told the other way round."""
    rows = part({4: 2.0, 32: 4.0}, noise=0.02)
    exchanged = swapped(rows)
    table = grid_boundary(exchanged, *XY, {"cycle": 32, "arsenal": 1.0})
    assert words(rows).endswith("it rises with cycle.")
    assert boundary_words(table, "cycle", "arsenal").endswith("it falls with cycle.")


def test_words_claim_nothing_where_bands_overlap() -> None:
    told = words(part({4: 1.0, 32: 1.05}, noise=0.3))
    assert told.endswith("no evidence that it moves with cycle.")
    assert "rises" not in told
    assert "falls" not in told


def test_words_tell_a_bend() -> None:
    told = words(part({4: 4.0, 32: 0.5}, noise=0.02))
    assert "both rises and falls with cycle" in told


def test_words_for_a_boundary_that_is_nowhere() -> None:
    table = grid_boundary(curve({1.0: 5.0, 2.0: 6.0}), "x", "y", "m")
    assert boundary_words(table, "x", "y") == (
        "The boundary is nowhere among y from 1 to 2: every point is above the threshold."
    )
    below = boundary_words(grid_boundary(curve({1.0: 0.5, 2.0: 0.6}), "x", "y", "m"), "x", "y")
    assert "every point is below the threshold" in below


def test_words_for_what_lies_beyond_and_for_several_crossings() -> None:
    assert ">16 [>16, >16] with cycle 32" in words(part({4: 2.0, 32: 90.0}, noise=0.02))
    rows = curve({1.0: 0.5, 2.0: 2.0, 4.0: 0.5, 8.0: 3.0})
    told = boundary_words(grid_boundary(rows, "x", "y", "m"), "x", "y", unit=" weeks")
    assert "more than one crossing at x 1" in told
    assert " weeks" in told


def test_levels_without_order_keep_that_of_their_rows(rows: pd.DataFrame) -> None:
    here = rows[rows["cycle"] == 32].sort_values("tempo", ascending=False, kind="stable")
    table = grid_boundary(here, "tempo", "arsenal", "total_hits", threshold=1000.0)
    assert list(table["tempo"]) == ["slow", "fast"]
    assert "it falls with tempo" in boundary_words(table, "tempo", "arsenal")


def test_where_nothing_moves_along_y_a_boundary_may_lie_on_either_side() -> None:
    generator = np.random.default_rng(5)
    levels = [(cycle, arsenal, seed) for cycle in (1, 4) for arsenal in ARSENALS for seed in range(RUNS)]
    rows = pd.DataFrame(levels, columns=["cycle", "arsenal", "seed"])
    rows["total_hits"] = 10.0 * generator.lognormal(0.0, 0.1, len(rows))
    found = grid_boundary(rows, *XY)
    assert (found["side"] == "above").all()
    assert (found["arsenal_low"] < found["smallest"]).all()
    assert (found["arsenal_high"] > found["largest"]).all()
    rising = rows.assign(total_hits=rows["total_hits"] * rows["arsenal"] ** 0.5)
    assert (grid_boundary(rising, *XY)["arsenal_high"] < found["smallest"]).all()
