"""The adaptive boundary on surfaces whose boundary is known: found, not invented, and no surer than it should be."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis import boundary as module
from race_sim.analysis.boundary import (
    Span,
    Surface,
    boundary_along,
    choose_next,
    crossings,
    fit_surface,
    in_levels,
    log_ratios,
    rises,
    uncertain_share,
)
from race_sim.analysis.intervals import ratio_estimate
from race_sim.errors import InputError

LINE = np.linspace(0.0, 1.0, 21)
NOISE = 0.15


def lattice(columns: int, rows: int) -> np.ndarray:
    axes = np.linspace(0.0, 1.0, columns), np.linspace(0.0, 1.0, rows)
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)


CANDIDATES = lattice(21, 21)


def truth(x: np.ndarray) -> np.ndarray:
    return 0.3 + 0.4 * x**2


def response(unit: np.ndarray) -> np.ndarray:
    ahead = unit[:, 1] - truth(unit[:, 0])
    return 3.0 * ahead + 1.5 * ahead * np.abs(ahead)


def tried(unit: np.ndarray, noise: float, seed: int) -> Surface:
    """A surface through noisy responses; points of the same number have the same luck, whatever the noise."""
    luck = np.random.default_rng(seed).standard_normal(len(unit))
    return fit_surface(unit, response(unit) + noise * luck, np.full(len(unit), noise))


def refined(count: int, noise: float, seed: int, batch: int = 6) -> Surface:
    unit = lattice(4, 4)
    surface = tried(unit, noise, seed)
    while len(unit) < count:
        chosen = choose_next(surface, CANDIDATES, unit, min(batch, count - len(unit)))
        unit = np.vstack([unit, CANDIDATES[chosen]])
        surface = tried(unit, noise, seed)
    return surface


def error(surface: Surface) -> float:
    found = boundary_along(surface, LINE, LINE)
    return float(np.sqrt(((found["y"].clip(0.0, 1.0) - truth(LINE)) ** 2).mean()))


def width(found: pd.DataFrame) -> float:
    return float((found["y_high"].clip(0.0, 1.0) - found["y_low"].clip(0.0, 1.0)).mean())


def test_without_noise_the_boundary_is_found() -> None:
    surface = tried(lattice(6, 6), 0.0, 0)
    found = boundary_along(surface, LINE, np.linspace(0.0, 1.0, 51))
    assert found["y"].to_numpy() == pytest.approx(truth(LINE), abs=0.01)
    assert (found["crossings"] == 1).all()
    assert (found["side"] == "").all()
    assert width(found) < 0.08


def test_points_chosen_tell_more_than_points_of_a_grid() -> None:
    """Of a response that says little away from its boundary, at equal numbers of points, read in both ways."""

    def saturating(unit: np.ndarray, luck: np.ndarray) -> Surface:
        return fit_surface(unit, np.tanh(4.0 * response(unit)) + 0.1 * luck[: len(unit)], np.full(len(unit), 0.1))

    squares: dict[str, list[float]] = {"chosen": [], "grid": [], "straight": []}
    for seed in range(5):
        luck = np.random.default_rng(seed).standard_normal(36)
        unit = lattice(4, 4)
        while len(unit) < 36:
            chosen = choose_next(saturating(unit, luck), CANDIDATES, unit, 5)
            unit = np.vstack([unit, CANDIDATES[chosen]])
        squares["chosen"].append(error(saturating(unit, luck)) ** 2)
        grid = lattice(6, 6)
        squares["grid"].append(error(saturating(grid, luck)) ** 2)
        lead = (np.tanh(4.0 * response(grid)) + 0.1 * luck).reshape(6, 6)
        straight = np.interp(LINE, grid[::6, 0], crossings(grid[:6, 1], lead, True)[0].clip(0.0, 1.0))
        squares["straight"].append(float(((straight - truth(LINE)) ** 2).mean()))
    assert np.mean(squares["chosen"]) < 0.5 * np.mean(squares["grid"])
    assert np.mean(squares["chosen"]) < 0.5 * np.mean(squares["straight"])


def test_points_are_chosen_where_the_side_is_not_known() -> None:
    unit = lattice(4, 4)
    chosen = CANDIDATES[choose_next(tried(unit, 0.05, 1), CANDIDATES, unit, 8)]
    assert np.abs(chosen[:, 1] - truth(chosen[:, 0])).max() < 0.2
    assert np.ptp(chosen[:, 0]) > 0.8  # a batch spreads along the boundary


def test_the_first_choice_has_the_largest_straddle() -> None:
    unit = lattice(4, 4)
    surface = tried(unit, NOISE, 2)
    mean, deviation = surface.predict(CANDIDATES)
    straddle = 1.96 * deviation - np.abs(mean)
    free = ~(np.abs(CANDIDATES[:, None] - unit[None]) < 1e-9).all(axis=2).any(axis=1)
    (first,) = choose_next(surface, CANDIDATES, unit, 1)
    assert straddle[first] == pytest.approx(straddle[free].max())


def test_no_place_is_chosen_twice_and_none_that_is_taken() -> None:
    unit = lattice(5, 5)
    candidates = np.vstack([lattice(5, 5), [[0.1, 0.2], [0.1, 0.2], [0.6, 0.7]]])
    chosen = choose_next(tried(unit, NOISE, 3), candidates, unit, 10)
    assert sorted(map(tuple, candidates[chosen])) == [(0.1, 0.2), (0.6, 0.7)]


def test_a_batch_counts_on_what_it_has_chosen() -> None:
    """After a choice, its neighbours are better known: the second choice is not the second best of the first."""
    unit = lattice(4, 4)
    surface = tried(unit, 0.02, 4)
    mean, deviation = surface.predict(CANDIDATES)
    chosen = choose_next(surface, CANDIDATES, unit, 2)
    straddle = 1.96 * deviation - np.abs(mean)
    second = np.argsort(-straddle)[:2]
    apart = np.linalg.norm(CANDIDATES[chosen[0]] - CANDIDATES[chosen[1]])
    assert apart > 3 * np.linalg.norm(CANDIDATES[second[0]] - CANDIDATES[second[1]])


def test_a_batch_is_what_one_choice_after_another_would_be_had_each_come_out_as_expected() -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415 -- an optional extra

    unit = lattice(4, 4)
    surface = tried(unit, NOISE, 5)
    alpha = (NOISE / surface._scale) ** 2
    mean = surface.predict(CANDIDATES)[0] / surface._scale
    expected: list[int] = []
    known = unit
    for _ in range(6):
        again = GaussianProcessRegressor(surface._regressor.kernel_, alpha=alpha, optimizer=None)
        deviation = again.fit(known, np.zeros(len(known))).predict(CANDIDATES, return_std=True)[1]
        taken = (np.abs(CANDIDATES[:, None] - known[None]) < 1e-9).all(axis=2).any(axis=1)
        expected.append(int(np.where(taken, -math.inf, 1.96 * deviation - np.abs(mean)).argmax()))
        known = np.vstack([known, CANDIDATES[expected[-1]]])
    assert choose_next(surface, CANDIDATES, unit, 6) == expected


@pytest.mark.parametrize(("sign", "side", "beyond"), [(1.0, "above", -math.inf), (-1.0, "below", math.inf)])
def test_where_nothing_crosses_no_boundary_is_invented(sign: float, side: str, beyond: float) -> None:
    unit = lattice(5, 5)
    rising = sign * 2.0 + 0.5 * unit[:, 1]
    surface = fit_surface(unit, rising, np.full(len(unit), 0.05))
    found = boundary_along(surface, LINE, LINE)
    assert (found["crossings"] == 0).all()
    assert (found["side"] == side).all()
    assert (found[["y", "y_low", "y_high"]] == beyond).all().all()
    assert uncertain_share(surface, CANDIDATES) == 0.0


def test_noise_alone_leaves_the_side_unknown() -> None:
    unit = lattice(5, 5)
    noise = np.random.default_rng(0).standard_normal(len(unit))
    surface = fit_surface(unit, 0.3 * noise, np.full(len(unit), 0.3))
    assert uncertain_share(surface, CANDIDATES) > 0.9
    found = boundary_along(surface, LINE, LINE)
    assert (found["y_low"] == -math.inf).mean() > 0.8
    assert (found["y_high"] == math.inf).mean() > 0.8


def test_twice_the_noise_widens_the_band() -> None:
    unit = lattice(6, 6)
    bands = [width(boundary_along(tried(unit, noise, 6), LINE, LINE)) for noise in (0.05, 0.1, 0.2)]
    assert bands[1] > 1.5 * bands[0]
    assert bands[2] > 1.5 * bands[1]
    assert uncertain_share(tried(unit, 0.2, 6), CANDIDATES) > uncertain_share(tried(unit, 0.05, 6), CANDIDATES)


def test_noisy_points_count_less_than_sure_ones() -> None:
    unit = np.vstack([lattice(5, 5), lattice(5, 5)])
    means = np.append(response(unit[:25]), response(unit[25:]) + 2.0)
    errors = np.append(np.full(25, 0.02), np.full(25, 2.0))
    assert error(fit_surface(unit, means, errors)) < 0.03
    assert error(fit_surface(unit, means, errors[::-1])) > 0.2


@pytest.mark.parametrize("count", [36, 0])
def test_the_band_holds_the_boundary_about_as_often_as_it_says(count: int) -> None:
    """Of surfaces with points chosen one batch after another (36), and of grids (0)."""
    held = []
    for seed in range(10):
        surface = refined(count, NOISE, seed) if count else tried(lattice(6, 6), NOISE, seed)
        found = boundary_along(surface, LINE, LINE)
        held.append(((found["y_low"] <= truth(LINE)) & (truth(LINE) <= found["y_high"])).mean())
    assert 0.85 < np.mean(held) <= 1.0
    assert width(found) < 0.3  # a band over everything would hold it too


def test_the_same_points_give_the_same_choices_and_no_warning() -> None:
    unit = lattice(4, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = [choose_next(tried(unit, NOISE, 7), CANDIDATES, unit, 6) for _ in range(2)]
        idle = fit_surface(unit, 2.0 * unit[:, 1] - 1.0, np.zeros(len(unit)))  # x does nothing
    assert results[0] == results[1]
    assert idle.lengths[0] == pytest.approx(module.LONGEST)


def test_luck_that_all_points_share_does_not_average_out() -> None:
    """Ratios to one reference move together with its luck: the band covers that only if it is told so."""
    unit = lattice(6, 6)
    own, shared = 0.05, 0.2
    covariance = shared**2 + own**2 * np.eye(len(unit))
    errors = np.sqrt(np.diag(covariance))
    held = {"told": [], "not told": []}
    for seed in range(15):
        rng = np.random.default_rng(seed)
        means = response(unit) + shared * rng.standard_normal() + own * rng.standard_normal(len(unit))
        for name, given in (("told", covariance), ("not told", None)):
            found = boundary_along(fit_surface(unit, means, errors, given), LINE, LINE)
            held[name].append(((found["y_low"] <= truth(LINE)) & (truth(LINE) <= found["y_high"])).mean())
    assert np.mean(held["told"]) > 0.88
    assert np.mean(held["not told"]) < np.mean(held["told"]) - 0.1
    surface = fit_surface(unit, response(unit), errors, covariance)
    assert surface.predict(CANDIDATES)[1].min() > 0.9 * shared


def test_errors_of_independent_points_add_nothing() -> None:
    unit = lattice(4, 4)
    errors = np.full(len(unit), NOISE)
    alone = fit_surface(unit, response(unit), errors).predict(CANDIDATES)
    with_covariance = fit_surface(unit, response(unit), errors, np.diag(errors**2)).predict(CANDIDATES)
    assert np.array(with_covariance) == pytest.approx(np.array(alone))


def test_log_ratios_are_those_of_ratio_estimates() -> None:
    rng = np.random.default_rng(0)
    reference = rng.lognormal(0.0, 0.3, 8)
    values = rng.lognormal(1.0, 0.3, (5, 8))
    found = log_ratios(values, reference, threshold=2.0)
    for place, runs in enumerate(values):
        estimate = ratio_estimate(runs, reference)
        assert estimate.interval is not None
        assert found.mean[place] == pytest.approx(math.log(estimate.value / 2.0))
        assert 1.96 * found.error[place] == pytest.approx(math.log(estimate.interval[1] / estimate.value))
    assert np.diag(found.covariance) == pytest.approx(found.error**2)
    swapped = log_ratios(np.broadcast_to(reference, values.shape), values, threshold=0.5)
    assert swapped.mean == pytest.approx(-found.mean)
    assert swapped.covariance == pytest.approx(found.covariance)


def test_the_covariance_of_log_ratios_is_the_references_luck() -> None:
    rng = np.random.default_rng(1)
    runs = 4_000
    reference = 1.0 + 0.2 * rng.standard_normal(runs)
    values = 1.0 + 0.1 * rng.standard_normal((3, runs))
    covariance = runs * log_ratios(values, reference).covariance
    assert covariance[0, 1] == pytest.approx(0.04, rel=0.1)
    assert covariance[0, 0] == pytest.approx(0.05, rel=0.1)


@pytest.mark.parametrize(
    ("values", "reference"),
    [([[1.0]], [1.0]), ([[0.0, 0.0]], [1.0, 1.0]), ([[1.0, math.nan]], [1.0, 1.0]), ([[1.0, 1.0]], [0.0, 0.0])],
)
def test_what_has_no_log_ratio_is_refused(values: list[list[float]], reference: list[float]) -> None:
    with pytest.raises(ValueError, match="log ratio"):
        log_ratios(values, reference)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": lattice(2, 2)[:3], "mean": np.zeros(3), "error": np.ones(3)}, "4 points at least"),
        ({"mean": np.zeros(3)}, "responses"),
        ({"mean": np.full(16, math.nan)}, "not finite"),
        ({"error": np.full(16, -1.0)}, "negative"),
        ({"unit": 2.0 * lattice(4, 4)}, "unit cube"),
        ({"covariance": np.eye(3)}, "covariance"),
    ],
)
def test_points_that_do_not_fit_are_refused(change: dict[str, np.ndarray], words: str) -> None:
    unit = lattice(4, 4)
    with pytest.raises(ValueError, match=words):
        fit_surface(**{"unit": unit, "mean": response(unit), "error": np.ones(16), **change})


def test_three_factors_are_a_surface_too() -> None:
    unit = np.random.default_rng(3).random((60, 3))
    surface = fit_surface(unit, unit[:, 2] - 0.5, np.full(60, 0.02))
    mean, _ = surface.predict([[0.5, 0.5, 0.9], [0.5, 0.5, 0.1]])
    assert mean == pytest.approx([0.4, -0.4], abs=0.05)
    candidates = np.random.default_rng(4).random((200, 3))
    chosen = candidates[choose_next(surface, candidates, unit, 5)]
    assert np.abs(chosen[:, 2] - 0.5).max() < 0.2


def test_places_of_crossings_by_hand() -> None:
    along = np.array([0.0, 1.0, 2.0, 4.0])
    lead = np.array(
        [
            [-1.0, 1.0, 2.0, 3.0],  # once, halfway
            [-3.0, -1.0, 0.0, 1.0],  # at a place itself
            [-1.0, 1.0, -1.0, 1.0],  # three times
            [3.0, 2.0, 1.0, -1.0],  # falls
            [1.0, 1.0, 1.0, 1.0],
            [-1.0, -1.0, -1.0, -1.0],
            [0.0, 1.0, 1.0, 1.0],
        ]
    )
    for rising, beyond in ((True, (-math.inf, math.inf)), (False, (math.inf, -math.inf))):
        place, count = crossings(along, lead, rising)
        assert list(place) == [0.5, 2.0, 0.5, 3.0, *beyond, 0.0]
        assert list(count) == [1, 1, 3, 1, 0, 0, 0]


def test_which_way_rows_go_together() -> None:
    along = np.array([0.0, 1.0, 2.0])
    assert rises(along, np.array([[0.0, 1.0, 2.0], [5.0, 5.0, 4.5]]))
    assert not rises(along, np.array([[0.0, -1.0, -2.0], [5.0, 5.0, 5.5]]))
    assert rises(along, np.array([[math.nan, 1.0, 2.0], [math.nan] * 3]))


def test_a_falling_response_has_its_boundary_beyond_on_the_other_side() -> None:
    unit = lattice(5, 5)
    surface = fit_surface(unit, 3.0 - unit[:, 1], np.full(len(unit), 0.05))
    assert (boundary_along(surface, LINE, LINE)["y"] == math.inf).all()


def test_several_crossings_are_told_and_the_lowest_counts() -> None:
    unit = lattice(5, 13)
    surface = fit_surface(unit, np.cos(3.0 * math.pi * unit[:, 1]), np.full(len(unit), 0.01))
    found = boundary_along(surface, LINE, np.linspace(0.0, 1.0, 61))
    assert (found["crossings"] == 3).all()
    assert found["y"].to_numpy() == pytest.approx(1.0 / 6.0, abs=0.02)


def test_a_threshold_moves_the_boundary() -> None:
    unit = lattice(5, 5)
    surface = fit_surface(unit, 2.0 * unit[:, 1] - 1.0, np.full(len(unit), 0.01))
    assert boundary_along(surface, LINE, LINE, threshold=0.5)["y"].to_numpy() == pytest.approx(0.75, abs=0.02)


def test_spans_lead_there_and_back() -> None:
    cycle, share = Span(1.0, 32.0, "log"), Span(-1.0, 3.0)
    assert cycle.unit([1.0, 2.0, 32.0]) == pytest.approx([0.0, 0.2, 1.0])
    assert share.unit([-1.0, 1.0, 3.0]) == pytest.approx([0.0, 0.5, 1.0])
    for span in (cycle, share):
        assert span.unit(span.levels(LINE)) == pytest.approx(LINE)
    assert list(cycle.levels([-math.inf, math.inf])) == [0.0, math.inf]
    assert list(share.levels([-math.inf, math.inf])) == [-math.inf, math.inf]
    for low, high in ((0.0, 1.0), (2.0, 1.0)):
        with pytest.raises(InputError, match="span"):
            Span(low, high, "log")


def test_a_boundary_in_levels() -> None:
    found = boundary_along(tried(lattice(5, 5), 0.05, 8), LINE, LINE)
    levels = in_levels(found, "cycle", Span(1.0, 32.0, "log"), "arsenal", Span(0.25, 16.0, "log"))
    assert list(levels["cycle"].iloc[[0, -1]]) == pytest.approx([1.0, 32.0])
    assert levels["arsenal"].to_numpy() == pytest.approx(0.25 * 64.0 ** found["y"].to_numpy())
    assert (levels["arsenal_low"] <= levels["arsenal"]).all()
    assert (levels["arsenal"] <= levels["arsenal_high"]).all()
    assert set(levels[["smallest", "largest"]].stack()) == {0.25, 16.0}


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.gaussian_process", None)
    with pytest.raises(InputError, match=r"race-sim\[analysis\]"):
        tried(lattice(4, 4), NOISE, 0)


@pytest.mark.parametrize(("place", "column", "beyond"), [(0.1, "y_low", -math.inf), (0.9, "y_high", math.inf)])
def test_a_band_that_reaches_the_edge_goes_on_beyond_it(place: float, column: str, beyond: float) -> None:
    unit = lattice(5, 5)
    surface = fit_surface(unit, 2.0 * (unit[:, 1] - place), np.full(len(unit), 0.5))
    found = boundary_along(surface, LINE, LINE)
    assert (found["crossings"] == 1).any()
    assert (found.loc[found["crossings"] == 1, column] == beyond).all()
