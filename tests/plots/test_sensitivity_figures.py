"""Figures of sensitivity and of discovery show the table's numbers, its intervals, and the rules told."""

import io
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from race_sim.analysis.discovery import discover
from race_sim.analysis.sensitivity import Floats, morris_table, sobol_table
from race_sim.plots.discovery import discovery_figure
from race_sim.plots.sensitivity import INDEX_SPAN, morris_figure, sensitivity_figure
from race_sim.study.sampling import morris_trajectories, saltelli

NAMES = ["idle", "cycle", "red"]


def output(unit: Floats, replicates: int, failed: int) -> Floats:
    chance = np.random.default_rng(1).standard_normal((len(unit), replicates))
    values = (unit @ [0.0, 3.0, 2.0])[:, None] + 0.3 * chance
    values[: 7 * failed : 7] = math.nan
    return values


def sobol(replicates: int = 4, failed: int = 0) -> pd.DataFrame:
    return sobol_table(output(saltelli(3, 0, 64, 1), replicates, failed), NAMES)


def morris(replicates: int = 4, failed: int = 0) -> pd.DataFrame:
    unit = morris_trajectories(3, 12, 1)
    return morris_table(unit, output(unit, replicates, failed), NAMES)


def drawn(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=40)
    return stream.getvalue()


def spans(axes: Axes, width: float) -> list[tuple[float, float]]:
    """Ends of the horizontal lines of this width, in the order drawn."""
    lines = [one for one in axes.collections if isinstance(one, LineCollection) and one.get_linewidth()[0] == width]
    return [tuple(segment[:, 0]) for line in lines for segment in line.get_segments()]


def keys(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize("failed", [0, 2])
@pytest.mark.parametrize("replicates", [1, 4])
def test_figures_are_drawn_of_any_table(replicates: int, failed: int) -> None:
    for figure in (
        sensitivity_figure(sobol(replicates, failed), "hits a week"),
        morris_figure(morris(replicates, failed), "hits a week"),
    ):
        assert drawn(figure).startswith(b"\x89PNG")
        assert all(axes.get_xlabel() for axes in figure.axes)
        assert ("One race a point" in figure.get_suptitle()) == (replicates == 1)
        assert any("left out for failed runs" in label for label in keys(figure)) == (failed > 0)
        assert any("noise" in label for label in keys(figure)) == (replicates > 1)


def test_factors_are_sorted_and_all_three_intervals_drawn_apart() -> None:
    table = sobol()
    axes = sensitivity_figure(table, "hits a week").axes[0]
    ranked = table.sort_values("total", ascending=False)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["cycle", "red", "idle"]
    for width, source in ((7.0, "_sampling"), (2.6, "_replicates"), (1.0, "")):
        expected = [
            pair
            for name in ("total", "first")
            for pair in ranked[[f"{name}{source}_low", f"{name}{source}_high"]].values
        ]
        assert np.array(spans(axes, width)) == pytest.approx(np.clip(expected, *INDEX_SPAN))


def test_morris_effects_and_the_noise_beside_them_are_drawn() -> None:
    table = morris()
    ranked = table.sort_values("mu_star", ascending=False)
    for axes, name in zip(morris_figure(table, "hits a week").axes, ("mu_star", "sigma"), strict=True):
        points = [one.get_offsets() for one in axes.collections if isinstance(one, PathCollection)]
        assert any(np.allclose(np.asarray(one)[:, 0], ranked[name]) for one in points if len(one) == 3)
        assert spans(axes, 1.6) == [pytest.approx((noise, noise)) for noise in ranked[f"{name}_noise"]]


def test_indices_beyond_the_axis_are_marked() -> None:
    noise = np.random.default_rng(0).standard_normal((64 * 5, 3))
    axes = sensitivity_figure(sobol_table(noise, NAMES), "hits a week").axes[0]
    arrows = [one for one in axes.collections if isinstance(one, PathCollection) and one.get_sizes()[0] == 26]
    ends = np.concatenate([np.asarray(one.get_offsets())[:, 0] for one in arrows])
    assert set(ends) == set(INDEX_SPAN)
    assert axes.get_xlim()[0] < INDEX_SPAN[0]


def planted(count: int = 400) -> tuple[pd.DataFrame, Floats]:
    chance = np.random.default_rng(1)
    levels = pd.DataFrame(
        {
            "idle": chance.random(count),
            "kind": chance.choice(["area", "grown", "point"], count),
            "red": chance.uniform(2.0, 20.0, count),
        }
    )
    return levels, ((levels["kind"] != "grown") & (levels["red"] > 11.0)).to_numpy(float)


def test_points_and_boxes_of_rules_are_drawn() -> None:
    levels, outcome = planted()
    outcome[:20] = math.nan
    found = discover(levels, outcome)
    figure = discovery_figure(levels, outcome, found, "the short cycle hits more")
    assert drawn(figure).startswith(b"\x89PNG")
    axes = figure.axes[0]
    assert {axes.get_xlabel(), axes.get_ylabel()} == {"kind", "red"}
    counts = [len(one.get_offsets()) for one in axes.collections if isinstance(one, PathCollection)]
    assert counts == [int((outcome == 0).sum()), int((outcome == 1).sum()), 20]
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    best = found.told[0]
    limit = next(condition.low for condition in best.conditions if condition.factor == "red")
    solid = [box for box in boxes if box.get_linestyle() == "-"]
    assert len(solid) == 2  # area and point are not neighbours on the axis
    across = axes.get_xlabel() == "red"
    for box, place in zip(solid, (0, 2), strict=True):
        edges = (box.get_x(), box.get_y()) if across else (box.get_y(), box.get_x())
        assert edges == pytest.approx((limit, place - 0.5), abs=0.2)
    assert any(best.words in label and "more than overall" in label for label in keys(figure))
    assert "20 unclear" in figure.get_suptitle()


def test_without_a_rule_no_box_is_drawn_and_the_figure_says_so() -> None:
    levels, _ = planted()
    outcome = np.random.default_rng(7).random(400) < 0.4
    figure = discovery_figure(levels, outcome, discover(levels, outcome), "the short cycle hits more")
    assert drawn(figure).startswith(b"\x89PNG")
    assert len(figure.axes[0].patches) == 0
    assert "no rule was found" in figure.get_suptitle()
    assert len(figure.axes[0].collections) == 2
