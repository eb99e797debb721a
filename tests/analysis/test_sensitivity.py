"""Sensitivity: against functions with known indices, against SALib, under noise, with failed runs, and by coverage."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol

from race_sim.analysis.intervals import resampling_weights
from race_sim.analysis.sensitivity import Floats, morris_table, sensitivity_words, sobol_table
from race_sim.errors import InputError
from race_sim.study.sampling import morris_trajectories, saltelli

NAMES = ["a", "b", "c"]
ISHIGAMI_FIRST, ISHIGAMI_TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
G_COEFFICIENTS = np.array([0.0, 1.0, 4.5, 99.0])


def ishigami(unit: Floats) -> Floats:
    """Ishigami and Homma (1990) with a = 7, b = 0.1; variance 13.845."""
    x = math.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(unit: Floats) -> Floats:
    return ((np.abs(4.0 * unit - 2.0) + G_COEFFICIENTS) / (1.0 + G_COEFFICIENTS)).prod(axis=1)


def g_indices() -> tuple[Floats, Floats]:
    """Exact indices of Sobol's g function."""
    parts = 1.0 / (3.0 * (1.0 + G_COEFFICIENTS) ** 2)
    variance = (1.0 + parts).prod() - 1.0
    return parts / variance, parts * (1.0 + parts).prod() / (1.0 + parts) / variance


def noisy(values: Floats, replicates: int, size: float, seed: int = 0) -> Floats:
    return values[:, None] + size * np.random.default_rng(seed).standard_normal((len(values), replicates))


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for what is tested here, in a fifth of the time."""
    monkeypatch.setattr("race_sim.analysis.point_groups.resampling_weights", partial(resampling_weights, resamples=400))


def column(table: pd.DataFrame, name: str) -> Floats:
    return table[name].to_numpy(np.float64)


def assert_covers(table: pd.DataFrame, name: str, truth: Floats | tuple[float, ...]) -> None:
    assert (column(table, f"{name}_low") <= truth).all()
    assert (column(table, f"{name}_high") >= truth).all()


def test_ishigami_without_noise() -> None:
    table = sobol_table(noisy(ishigami(saltelli(3, 0, 2048, 1)), 2, 0.0), NAMES)
    assert column(table, "first") == pytest.approx(ISHIGAMI_FIRST, abs=0.02)
    assert column(table, "total") == pytest.approx(ISHIGAMI_TOTAL, abs=0.02)
    assert (column(table, "noise_share") == 0.0).all()
    for name in ("first", "total"):
        assert np.array_equal(table[f"{name}_replicates_low"], table[name])
        assert np.array_equal(table[f"{name}_replicates_high"], table[name])
        assert column(table, f"{name}_low") == pytest.approx(column(table, f"{name}_sampling_low"), abs=1e-9)


def test_the_g_function_without_noise() -> None:
    first, total = g_indices()
    table = sobol_table(noisy(g_function(saltelli(4, 0, 2048, 3)), 2, 0.0), list("abcd"))
    assert column(table, "first") == pytest.approx(first, abs=0.01)
    assert column(table, "total") == pytest.approx(total, abs=0.01)


def test_one_replicate_gives_salibs_indices_and_no_interval_over_replicates() -> None:
    values = noisy(ishigami(saltelli(3, 0, 256, 1)), 1, 1.0)
    table = sobol_table(values, NAMES)
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0, 1]] * 3}
    known = salib_sobol.analyze(problem, values[:, 0], calc_second_order=False, seed=1)
    assert column(table, "total") == pytest.approx(known["ST"])
    assert column(table, "first") == pytest.approx(known["S1"], abs=0.01)  # centred about the mean of all points there
    for name in ("first_low", "total_high", "total_replicates_low", "noise_share"):
        assert table[name].isna().all()
    assert column(table, "total_sampling_high") - column(table, "total") == pytest.approx(known["ST_conf"], rel=0.3)
    assert "cannot be told from chance" in sensitivity_words(table, "hits")


@pytest.mark.parametrize("replicates", [2, 5, 20])
def test_indices_do_not_depend_on_how_much_noise_is_averaged_away(replicates: int) -> None:
    values = ishigami(saltelli(3, 0, 2048, 1))
    table = sobol_table(noisy(values, replicates, 3.0), NAMES)
    assert column(table, "first") == pytest.approx(ISHIGAMI_FIRST, abs=0.08)
    assert column(table, "total") == pytest.approx(ISHIGAMI_TOTAL, abs=0.08)
    share = 9.0 / replicates / (13.845 + 9.0 / replicates)
    assert column(table, "noise_share") == pytest.approx([share] * 3, rel=0.07)


def test_an_additive_effect_of_seeds_shared_by_all_points_changes_nothing() -> None:
    values = noisy(ishigami(saltelli(3, 0, 128, 1)), 6, 1.0)
    shared = values + np.array([5.0, -40.0, 3.0, 100.0, 0.0, 7.0])
    pd.testing.assert_frame_equal(sobol_table(values, NAMES), sobol_table(shared, NAMES), rtol=1e-6, atol=1e-9)


def test_a_factor_to_which_no_race_reacts_has_index_zero_exactly() -> None:
    unit = saltelli(3, 0, 128, 1)
    chance = np.random.default_rng(0).standard_normal((1000, 4))
    same_race = np.unique(unit[:, :2], axis=0, return_inverse=True)[1]
    table = sobol_table(unit[:, :1] + unit[:, 1:2] + 0.3 * chance[same_race], NAMES)
    assert column(table, "total")[2] == 0.0
    assert column(table, "total_high")[2] == 0.0
    assert "No evidence of an effect of c." in sensitivity_words(table, "hits")


def test_replicate_intervals_hold_what_seeds_do_to_the_effect_of_a_factor() -> None:
    unit = saltelli(2, 0, 512, 1)
    slopes = 1.0 + np.random.default_rng(3).standard_normal(8)
    table = sobol_table(unit[:, :1] * slopes + unit[:, 1:], ["a", "b"])
    replicates = column(table, "total_replicates_high") - column(table, "total_replicates_low")
    sampling = column(table, "total_sampling_high") - column(table, "total_sampling_low")
    both = column(table, "total_high") - column(table, "total_low")
    assert (replicates > 2.0 * sampling).all()
    assert (both > 0.95 * replicates).all()


def test_noise_that_points_with_the_same_level_share_is_no_effect_of_the_factor() -> None:
    unit = saltelli(2, 0, 32, 1)
    repeats, first, total = 100, 0.0, 0.0
    for seed in range(repeats):
        chance = 0.15 * np.random.default_rng(seed).standard_normal((2, 3))
        table = sobol_table(unit[:, 1:] + chance[(unit[:, 0] > 0.5).astype(int)], ["a", "b"])
        first += table["first"][0] / repeats
        total += table["total"][0] / repeats
    assert abs(first) < 0.02  # the noise that is common to a level is 0.04 of the variance of means
    assert abs(total) < 0.02


def test_pure_noise_shows_no_effect() -> None:
    unit = saltelli(3, 0, 64, 1)
    steps = morris_trajectories(3, 16, 1)
    claims = np.zeros((2, 3))
    for seed in range(10):
        noise = np.random.default_rng(seed).standard_normal((len(unit), 4))
        table = sobol_table(noise, NAMES)
        claims[0] += ((table["total_low"] > 0.0) & (table["noise_share_high"] < 1.0)) | (table["first_low"] > 0.0)
        assert (
            "No evidence" in (words := sensitivity_words(table, "hits")) or "no evidence" in words or "chance" in words
        )
        noise = np.random.default_rng(seed).standard_normal((len(steps), 4))
        table = morris_table(steps, noise, NAMES)
        claims[1] += table["mu_star_low"] > table["mu_star_noise"]
    assert (claims.sum(axis=1) <= 3).all()  # of 30, of which one in 40 is expected


def test_intervals_cover_the_indices_as_often_as_they_should() -> None:
    first, total = g_indices()
    unit = np.random.default_rng(5)
    held = np.zeros((2, 4))
    repeats = 16
    for seed in range(repeats):
        halves = unit.random((2, 100, 4))
        base = np.repeat(halves[0][:, None], 6, axis=1)
        each = np.arange(4)
        base[:, each + 1, each] = halves[1]
        base[:, -1] = halves[1]
        table = sobol_table(noisy(g_function(base.reshape(-1, 4)), 5, 0.3, seed), list("abcd"))
        for place, (name, truth) in enumerate((("first", first), ("total", total))):
            held[place] += (table[f"{name}_low"] <= truth) & (table[f"{name}_high"] >= truth)
    assert held.mean() / repeats > 0.9
    assert (held / repeats > 0.75).all()


def test_ishigami_with_noise_and_failed_runs() -> None:
    values = noisy(ishigami(saltelli(3, 0, 1024, 1)), 5, 1.0)
    values[np.random.default_rng(2).random(values.shape) < 0.1] = math.nan
    values[[0, 6, 52]] = math.nan  # A of base sample 0, AB_1 of 1, AB_2 of 10
    table = sobol_table(values, NAMES)
    assert (table["failed_runs"] == np.isnan(values).sum()).all()
    assert (table["groups_left_out"] == 3).all()
    assert column(table, "total") == pytest.approx(ISHIGAMI_TOTAL, abs=0.04)
    assert_covers(table, "first", ISHIGAMI_FIRST)
    assert_covers(table, "total", ISHIGAMI_TOTAL)
    assert column(table, "noise_share") == pytest.approx([0.2 / 0.9 / 13.8] * 3, rel=0.2)
    for name in ("first", "total"):
        assert (table[f"{name}_bound_low"] < table[name]).all()
        assert (table[f"{name}_bound_high"] > table[name]).all()


@pytest.mark.parametrize("fill", ["smallest", "largest", "middle", "alternating"])
def test_bounds_hold_every_estimate_with_values_in_the_range_seen(fill: str) -> None:
    unit, whole = saltelli(3, 0, 64, 1), np.random.default_rng(1)
    values = np.repeat(ishigami(unit)[:, None], 2, axis=1)
    steps = morris_trajectories(3, 30, 2)
    effects = np.repeat(ishigami(steps)[:, None], 2, axis=1)
    for outputs, table in (
        (values, lambda v: sobol_table(v, NAMES)),
        (effects, lambda v: morris_table(steps, v, NAMES)),
    ):
        gaps = whole.choice(len(outputs), 8, replace=False)
        outputs[gaps] = math.nan
        low, high = np.nanmin(outputs), np.nanmax(outputs)
        bounded = table(outputs)
        choices = {"smallest": [low], "largest": [high], "middle": [(low + high) / 2], "alternating": [low, high]}[fill]
        outputs[gaps] = np.resize(choices, 8)[:, None]
        filled = table(outputs)
        for name in ("first", "total") if "first" in bounded else ("mu_star", "mu", "sigma"):
            assert (bounded[f"{name}_bound_low"] <= filled[name] + 1e-3).all()  # first: about another mean
            assert (bounded[f"{name}_bound_high"] >= filled[name] - 1e-3).all()


def test_without_failures_bounds_are_the_estimate() -> None:
    unit = morris_trajectories(3, 10, 2)
    values = noisy(ishigami(unit), 3, 1.0)
    values[4, 1] = math.nan  # the point has other values
    table = morris_table(unit, values, NAMES)
    assert (table["failed_runs"] == 1).all()
    for name in ("mu_star", "mu", "sigma"):
        assert np.array_equal(table[name], table[f"{name}_bound_low"])
        assert np.array_equal(table[name], table[f"{name}_bound_high"])


def test_replicates_that_a_point_lacks_do_not_shift_it() -> None:
    unit = morris_trajectories(2, 10, 2)
    values = (unit @ [1.0, 2.0])[:, None] + np.array([0.0, 50.0, -20.0, 7.0])
    values[[3, 8], [0, 1]] = math.nan
    table = morris_table(unit, values, ["a", "b"])
    assert column(table, "mu") == pytest.approx([1.0, 2.0])
    assert column(table, "sigma") == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_linear_function_has_its_coefficients_as_effects_and_no_sigma() -> None:
    unit = morris_trajectories(4, 12, 7)
    table = morris_table(unit, noisy(1000.0 + unit @ [3.0, -2.0, 0.5, 0.0], 3, 0.0), list("abcd"))
    assert column(table, "mu_star") == pytest.approx([3.0, 2.0, 0.5, 0.0])
    assert column(table, "mu") == pytest.approx([3.0, -2.0, 0.5, 0.0])
    assert column(table, "sigma") == pytest.approx([0.0] * 4, abs=1e-9)
    words = sensitivity_words(table, "hits a week")
    assert words.startswith("hits a week: By mean absolute effect")
    assert words.index("a 3.00") < words.index("b 2.00") < words.index("c 0.500")
    assert "No two of these intervals overlap." in words
    assert "No evidence of an effect of d." in words
    assert "sigma" not in words


def test_effects_are_salibs() -> None:
    unit = morris_trajectories(3, 25, 7)
    values = ishigami(unit)
    table = morris_table(unit, values[:, None], NAMES)
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0, 1]] * 3}
    known = salib_morris.analyze(problem, unit, values, num_levels=4, seed=1)
    for name in ("mu_star", "mu", "sigma"):
        assert column(table, name) == pytest.approx(np.asarray(known[name]))


def test_noise_of_effects_is_measured_and_adds_to_them() -> None:
    unit = morris_trajectories(2, 400, 7)
    table = morris_table(unit, noisy(unit @ [5.0, 0.0], 4, 2.0), ["a", "b"])
    error = 2.0 * math.sqrt(2 / 4) / (2 / 3)  # of a difference of two means of four, over the step
    assert column(table, "sigma_noise") == pytest.approx([error] * 2, rel=0.05)
    assert column(table, "mu_star_noise") == pytest.approx([error * math.sqrt(2 / math.pi)] * 2, rel=0.05)
    assert table["mu_star"][1] == pytest.approx(table["mu_star_noise"][1], rel=0.1)
    assert column(table, "sigma") == pytest.approx([error] * 2, rel=0.1)
    assert "No evidence of an effect of b." in sensitivity_words(table, "hits")


def test_effects_are_covered_as_often_as_they_should() -> None:
    repeats, held = 40, np.zeros(2)
    for seed in range(repeats):
        unit = morris_trajectories(2, 20, seed)
        values = noisy(unit @ [5.0, 0.0] + 3.0 * unit.prod(axis=1), 5, 0.5, seed)
        table = morris_table(unit, values, ["a", "b"])
        held += (table["mu_low"] <= [6.5, 1.5]) & (table["mu_high"] >= [6.5, 1.5])
    assert (held / repeats > 0.84).all()  # three standard errors below 0.95


def test_words_say_what_cannot_be_told_apart_and_what_works_together() -> None:
    unit = saltelli(5, 0, 512, 2)
    values = noisy(3.0 * unit[:, 0] + 2.9 * unit[:, 1] + 10.0 * (unit[:, 2] - 0.5) * (unit[:, 3] - 0.5), 4, 0.2)
    words = sensitivity_words(sobol_table(values, ["cycle", "red", "step", "pace", "idle"]), "hits a week")
    assert "cycle cannot be told apart from" in words
    assert (
        "Part of what step and pace does depends on" in words or "Part of what pace and step does depends on" in words
    )
    assert "No evidence of an effect of idle." in words
    swapped = sensitivity_words(sobol_table(values, ["idle", "red", "step", "pace", "cycle"]), "hits a week")
    assert "idle cannot be told apart from" in swapped
    assert "No evidence of an effect of cycle." in swapped


def test_words_say_when_failed_runs_could_undo_an_effect() -> None:
    unit = morris_trajectories(2, 12, 2)
    values = noisy(unit @ [1.0, 1.0], 3, 0.01)
    values[4] = math.nan
    assert "stay beyond noise" in sensitivity_words(morris_table(unit, values, ["a", "b"]), "hits")
    unit = morris_trajectories(2, 40, 2)
    values = noisy(unit @ [1.0, 1.0], 8, 0.6)
    values[1:90:3] = math.nan  # the middle point of 30 of 40 trajectories
    rough = morris_table(unit, values, ["a", "b"])
    assert (rough["mu_star_low"] > rough["mu_star_noise"]).all()
    assert "could bring the estimate for" in sensitivity_words(rough, "hits")


@pytest.mark.parametrize("value", [math.nan, 3.7])
def test_outputs_that_tell_nothing_give_no_numbers(value: float) -> None:
    values = np.full((50, 3), value)
    table = sobol_table(values, NAMES)
    assert table[["first", "total", "total_low", "total_bound_high"]].isna().all(axis=None)
    assert not np.isinf(table.select_dtypes("number").to_numpy()).any()
    words = sensitivity_words(table, "hits")
    assert ("No group of points has a value" in words) == math.isnan(value)
    assert ("does not vary" in words) != math.isnan(value)


def test_faulty_input_is_refused() -> None:
    unit = morris_trajectories(3, 4, 1)
    with pytest.raises(ValueError, match="whole groups"):
        sobol_table(np.zeros((16, 2)), NAMES)
    with pytest.raises(ValueError, match="one at a time"):
        morris_table(np.roll(unit, 1, axis=0), np.zeros((16, 2)), NAMES)
    with pytest.raises(ValueError, match="trajectories"):
        morris_table(unit[:, :2], np.zeros((16, 2)), NAMES)
    with pytest.raises(InputError, match="infinite"):
        morris_table(unit, np.full((16, 2), math.inf), NAMES)


@pytest.mark.parametrize("seed", range(3))
def test_intervals_of_effects_hold_the_estimate_also_where_all_is_noise(seed: int) -> None:
    unit = morris_trajectories(3, 40, seed)
    table = morris_table(unit, noisy(np.zeros(len(unit)), 8, 1.0, seed), NAMES)
    for name in ("mu_star", "sigma"):
        for source in ("", "_sampling", "_replicates"):
            middle = (table[f"{name}{source}_low"] + table[f"{name}{source}_high"]) / 2
            reach = (table[f"{name}{source}_high"] - table[f"{name}{source}_low"]) / 2
            assert ((table[name] - middle).abs() < 0.5 * reach).all()


def test_an_output_whose_variance_may_be_noise_has_no_effects_whatever_the_indices_say() -> None:
    values = noisy(saltelli(3, 0, 128, 1) @ [1.0, 1.0, 0.0], 3, 0.1)
    table = sobol_table(values, NAMES)
    assert "By total index" in sensitivity_words(table, "hits")
    table["noise_share_high"] = 1.01
    words = sensitivity_words(table, "hits")
    assert "cannot be told from replicate noise" in words
    assert "By total index" not in words
