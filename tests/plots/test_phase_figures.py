"""Phase diagrams, lines and weeks draw what their tables hold, say what bands are, and keep apart in grey."""

import io
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection, PathCollection, QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.text import Text

from race_sim.analysis.boundary import Span, boundary_along, fit_surface, in_levels
from race_sim.analysis.intervals import mean_estimate
from race_sim.analysis.phase import grid_boundary, phase_table
from race_sim.plots.lines import MOST_SERIES, lines_figure
from race_sim.plots.phase import MARKS, phase_figure
from race_sim.plots.surfaces import Plane, surface_figure
from race_sim.plots.weeks import weekly_means, weeks_figure
from tests.analysis.made_up import ARSENALS, cell_rows

REFERENCE = {"cycle": 1, "arsenal": 1.0}
LABELS = {"cycle": "cycle (weeks)", "arsenal": "arsenal (multiples)", "value": "ratio of hits", "tempo": "tempo"}
SCALES = {"cycle": "log", "arsenal": "log", "value": "log"}
PANELS = ["tempo"]


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.concat(
        [
            cell_rows({4: 1.3, 32: 40.0}, {"tempo": "slow"}, noise=0.3),
            cell_rows({4: 0.8, 32: 0.1}, {"tempo": "fast"}, noise=0.3),
        ]
    )


@pytest.fixture(scope="module")
def table(rows: pd.DataFrame) -> pd.DataFrame:
    return phase_table(rows, "cycle", "arsenal", "total_hits", REFERENCE, PANELS)


@pytest.fixture(scope="module")
def boundary(rows: pd.DataFrame) -> pd.DataFrame:
    return grid_boundary(rows, "cycle", "arsenal", "total_hits", REFERENCE, PANELS)


@pytest.fixture(scope="module")
def phases(table: pd.DataFrame, boundary: pd.DataFrame) -> Figure:
    return phase_figure(
        table, boundary, "cycle", "arsenal", labels=LABELS, scales=SCALES, panels=PANELS, title="Who hits more?"
    )


def saved(figure: Figure) -> None:
    """Drawn without any warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=40)


def legend_texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def inside(figure: Figure, artist: Text) -> bool:
    box = artist.get_window_extent()
    return box.x0 >= 0 and box.x1 <= figure.bbox.x1


def marks(axes: Axes) -> dict[tuple[float, float], str]:
    return {text.get_position(): text.get_text() for text in axes.texts}


def panel(figure: Figure, words: str) -> Axes:
    (axes,) = [axes for axes in figure.axes if axes.get_title(loc="left") == words]
    return axes


def test_a_cell_a_point_with_its_colour_and_mark(phases: Figure, table: pd.DataFrame) -> None:
    saved(phases)
    for tempo in ("slow", "fast"):
        axes = panel(phases, f"tempo {tempo}")
        here = table[table["tempo"] == tempo]
        expected = {(row["cycle"], row["arsenal"]): MARKS[row["finding"]] for _, row in here.iterrows()}
        assert marks(axes) == expected
        (mesh,) = [one for one in axes.collections if isinstance(one, QuadMesh)]
        drawn = np.asarray(mesh.get_array()).reshape(len(ARSENALS), 3)
        reach = mesh.norm.vmax
        assert mesh.norm.vmin == -reach  # alike on both sides
        known = here.pivot_table(index="arsenal", columns="cycle", values="value").to_numpy()
        assert drawn == pytest.approx(np.clip(np.log(known), -reach, reach))
        assert (axes.get_xlabel(), axes.get_ylabel()) == (LABELS["cycle"], LABELS["arsenal"])


def test_all_findings_there_are_in_the_legend_and_no_other(phases: Figure, table: pd.DataFrame) -> None:
    assert set(table["finding"]) == set(MARKS)
    texts = legend_texts(phases)
    assert {"above 1", "below 1", "no evidence: its 95% interval holds 1", "the reference itself"} < set(texts)
    assert "its 95% band" in texts
    assert "beyond the levels tried" in texts
    certain = table[table["finding"] == "above"]
    figure = phase_figure(certain, None, "cycle", "arsenal", labels=LABELS, scales=SCALES, threshold=0.5)
    assert legend_texts(figure) == ["above 0.5"]


def test_the_boundary_and_its_band_are_those_of_the_table(phases: Figure, boundary: pd.DataFrame) -> None:
    for tempo in ("slow", "fast"):
        axes = panel(phases, f"tempo {tempo}")
        here = boundary[boundary["tempo"] == tempo]
        least, most = axes.get_ylim()
        line = np.asarray(axes.lines[-2 if (here["arsenal"].isin([0.0, math.inf])).any() else -1].get_ydata())
        within = here["arsenal"].between(least, most).to_numpy()
        assert line[within] == pytest.approx(here["arsenal"].to_numpy()[within])
        assert np.isnan(line[~within]).all()
        (band,) = [one for one in axes.collections if isinstance(one, FillBetweenPolyCollection)]
        corners = band.get_paths()[0].vertices
        for _, row in here.iterrows():
            for name in ("arsenal_low", "arsenal_high"):
                edge = min(max(row[name], least), most)
                assert np.isclose(corners, [row["cycle"], edge]).all(axis=1).any()


@pytest.mark.parametrize(("tempo", "marker"), [("slow", "^"), ("fast", "v")])
def test_a_boundary_beyond_is_a_triangle_at_the_edge(tempo: str, marker: str, phases: Figure) -> None:
    axes = panel(phases, f"tempo {tempo}")
    (triangle,) = [line for line in axes.lines if line.get_marker() == marker]
    assert list(triangle.get_xdata()) == [32]
    assert triangle.get_ydata()[0] == axes.get_ylim()[1 if marker == "^" else 0]


def test_a_boundary_that_may_be_anywhere_is_not_drawn(table: pd.DataFrame, boundary: pd.DataFrame) -> None:
    slow = table[table["tempo"] == "slow"]
    own = boundary[boundary["tempo"] == "slow"]
    anywhere = own.assign(arsenal=math.inf, arsenal_low=0.0, arsenal_high=math.inf)
    drawn = phase_figure(slow, anywhere, "cycle", "arsenal", labels=LABELS, scales=SCALES)
    assert legend_texts(drawn) == legend_texts(
        phase_figure(slow, None, "cycle", "arsenal", labels=LABELS, scales=SCALES)
    )
    assert not [line for line in drawn.axes[0].lines if line.get_marker() in ("^", "v")]
    beyond = phase_figure(slow, anywhere.assign(arsenal_low=math.inf), "cycle", "arsenal", labels=LABELS, scales=SCALES)
    assert [line for line in beyond.axes[0].lines if line.get_marker() == "^"]


def test_legends_fit_on_narrow_figures(table: pd.DataFrame, boundary: pd.DataFrame) -> None:
    slow = table[table["tempo"] == "slow"]
    own = boundary[boundary["tempo"] == "slow"]
    weeks = np.random.default_rng(0).random((5, 10))
    figures = [
        phase_figure(slow, own, "cycle", "arsenal", labels=LABELS, scales=SCALES),
        weeks_figure({"a": weeks}, "hits", 3),
        weeks_figure({"a": weeks, "b": weeks}, "hits", 3),
        lines_figure(slow[slow["arsenal"] < 8], "cycle", "value", series="arsenal", labels=LABELS, scales=SCALES),
    ]
    for figure in figures:
        saved(figure)
        assert all(inside(figure, text) for text in figure.legends[0].get_texts())


def test_a_threshold_on_a_linear_scale(rows: pd.DataFrame) -> None:
    hits = rows.assign(total_hits=rows["total_hits"] - 1000.0)
    table = phase_table(hits, "cycle", "arsenal", "total_hits", by=PANELS, threshold=0.0)
    figure = phase_figure(
        table, None, "cycle", "arsenal", labels=LABELS, scales={**SCALES, "value": "linear"}, panels=PANELS,
        panel_words={("slow",): "Slow defenders"}, threshold=0.0,
    )  # fmt: skip
    saved(figure)
    (mesh,) = [one for one in panel(figure, "Slow defenders").collections if isinstance(one, QuadMesh)]
    assert mesh.norm.vmax == pytest.approx(table["value"].abs().max())


@pytest.fixture(scope="module")
def surface() -> Figure:
    axes = np.linspace(0.0, 1.0, 5)
    unit = np.stack(np.meshgrid(axes, axes), axis=-1).reshape(-1, 2)
    fitted = fit_surface(unit, 3.0 * (unit[:, 1] - 0.3 - 0.9 * unit[:, 0]), np.full(25, 0.2))
    x, y = np.linspace(0.0, 1.0, 21), np.linspace(0.0, 1.0, 31)
    cycle, arsenal = Span(1.0, 32.0, "log"), Span(0.25, 16.0, "log")
    mean, deviation = fitted.predict(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2))
    tried = pd.DataFrame(
        {
            "cycle": cycle.levels(unit[:, 0]),
            "arsenal": arsenal.levels(unit[:, 1]),
            "runs": [10] * 20 + [20] * 5,
            "step": [0] * 16 + [1] * 4 + [2] * 5,
        }
    )
    line = in_levels(boundary_along(fitted, x, y), "cycle", cycle, "arsenal", arsenal)
    grids = (cycle.levels(x), arsenal.levels(y), mean.reshape(31, 21), deviation.reshape(31, 21))
    planes = [Plane("one", *grids, tried, line), Plane("other", *grids, tried, line)]
    return surface_figure(planes, "cycle", "arsenal", labels=LABELS, scales=SCALES, title="Where it lies")


def test_without_a_threshold_cells_hold_their_value(table: pd.DataFrame) -> None:
    figure = phase_figure(
        table, None, "cycle", "arsenal", labels=LABELS, scales={**SCALES, "value": "linear"}, panels=PANELS,
        threshold=None,
    )  # fmt: skip
    saved(figure)
    assert not figure.legends
    for tempo in ("slow", "fast"):
        here = table[table["tempo"] == tempo]
        expected = {(row["cycle"], row["arsenal"]): f"{row['value']:.2g}" for _, row in here.iterrows()}
        assert marks(panel(figure, f"tempo {tempo}")) == expected


def test_a_surface_shows_points_batches_and_what_is_not_known(surface: Figure) -> None:
    saved(surface)
    texts = legend_texts(surface)
    assert "first points tried (10 to 20 runs each, larger for more)" in texts
    assert "chosen in 2 batches: the later the darker" in texts
    assert "side not known at 95%" in texts
    assert "beyond the levels tried" in texts
    assert all(inside(surface, text) for text in surface.legends[0].get_texts())
    points = [one for one in surface.axes[0].collections if isinstance(one, PathCollection)]
    assert [len(one.get_offsets()) for one in points] == [16, 4, 5]
    shades = [one.get_facecolor()[0, 0] for one in points]
    assert shades == sorted(shades, reverse=True)
    assert points[2].get_sizes().mean() > points[0].get_sizes().mean()


def test_a_surface_is_shaded_by_its_value(surface: Figure) -> None:
    """The response rises with the arsenal: the shade for the most lies above the one for the least."""
    filled = next(one for one in surface.axes[0].collections if isinstance(one, QuadContourSet) and one.filled)
    heights = [path.vertices[:, 1].mean() for path in filled.get_paths() if len(path.vertices) > 0]
    assert heights[-1] > 4.0 * heights[0]
    assert filled.norm.vmin == -filled.norm.vmax
    crossed = next(one for one in surface.axes[0].collections if isinstance(one, QuadContourSet) and not one.filled)
    assert 0.0 in crossed.levels  # a line where the value is the threshold


def test_lines_draw_estimates_and_bars(table: pd.DataFrame) -> None:
    few = table[table["arsenal"].isin([1.0, 4.0])]
    figure = lines_figure(
        few, "cycle", "value", series="arsenal", panels=PANELS, labels=LABELS, scales=SCALES, level=1.0, title="Hits"
    )
    saved(figure)
    axes = panel(figure, "tempo slow")
    here = few[few["tempo"] == "slow"].sort_values("cycle")
    for bars, arsenal in zip(axes.containers, (1.0, 4.0), strict=True):
        own = here[here["arsenal"] == arsenal]
        assert np.asarray(bars[0].get_ydata()) == pytest.approx(own["value"].to_numpy())
        shift = np.asarray(bars[0].get_xdata()) / own["cycle"].to_numpy()
        assert np.ptp(shift) < 1e-9  # the same step to the side on a logarithmic axis
        assert abs(math.log2(shift[0])) < 0.5
        ends = np.array(bars[2][0].get_segments())[:, :, 1]
        assert ends == pytest.approx(own[["value_low", "value_high"]].to_numpy())
    assert [line.get_ydata()[0] for line in axes.lines if list(line.get_xdata()) == [0, 1]] == [1.0]
    assert legend_texts(figure) == ["1.0", "4.0"]
    assert "95% intervals" in figure.get_suptitle()


def test_lines_beyond_what_was_tried_are_triangles(boundary: pd.DataFrame) -> None:
    figure = lines_figure(boundary, "cycle", "arsenal", series="tempo", labels=LABELS, scales=SCALES, level=1.0)
    saved(figure)
    axes = figure.axes[0]
    triangles = [line for line in axes.lines if line.get_linestyle() == "None" and line.get_markersize() == 9]
    assert [line.get_marker() for line in triangles] == ["^", "v"]
    assert "beyond what was tried" in figure.get_suptitle()


def test_lines_over_names_stand_in_the_order_of_their_rows(table: pd.DataFrame) -> None:
    figure = lines_figure(
        table[(table["arsenal"] == 4.0) & (table["cycle"] > 1)], "tempo", "value", series="cycle",
        labels={**LABELS, "tempo": "tempo of the defenders"}, scales={"tempo": "linear", "value": "linear"},
    )  # fmt: skip
    saved(figure)
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["slow", "fast"]
    assert figure.axes[0].get_ylim()[0] == 0.0  # no cut axis


def test_too_many_lines_are_refused(table: pd.DataFrame) -> None:
    assert table["arsenal"].nunique() > MOST_SERIES
    with pytest.raises(ValueError, match="keep apart"):
        lines_figure(table, "cycle", "value", series="arsenal", labels=LABELS, scales=SCALES)


def test_weekly_means_are_mean_estimates() -> None:
    values = np.random.default_rng(0).lognormal(3.0, 1.0, (7, 4))
    values[:, 1] = math.nan
    values[1:, 2] = math.nan
    values[:3, 3] = math.nan
    mean, reach = weekly_means(values)
    for week in (0, 3):
        estimate = mean_estimate(values[:, week])
        assert (mean[week], mean[week] + reach[week]) == pytest.approx((estimate.value, estimate.high))
    assert math.isnan(mean[1])
    assert mean[2] == values[0, 2]
    assert math.isnan(reach[2])


def test_weeks_show_the_mean_its_interval_and_the_middle_of_the_runs() -> None:
    values = np.random.default_rng(1).lognormal(3.0, 0.5, (40, 30))
    figure = weeks_figure({"baseline": values, "no red": values * 2.0}, "hits a week", 6, title="Hits")
    saved(figure)
    assert legend_texts(figure) == [
        "means of the other lines in the same setting",
        "middle 80% of the runs",
        "95% interval of the mean",
        "mean over runs",
        "burn-in, not measured",
    ]
    axes = panel(figure, "baseline (40 runs)")
    middle, interval = [one for one in axes.collections if isinstance(one, FillBetweenPolyCollection)]
    mean, reach = weekly_means(values)
    for band, low, high in (
        (middle, *np.percentile(values, (10.0, 90.0), axis=0)),
        (interval, mean - reach, mean + reach),
    ):
        box = band.get_paths()[0].vertices
        assert (box[:, 1].min(), box[:, 1].max()) == pytest.approx((low.min(), high.max()))
    assert interval.get_alpha() > middle.get_alpha()
    lines = {line.get_label(): np.asarray(line.get_ydata()) for line in axes.lines}
    assert lines["mean over runs"] == pytest.approx(mean)
    assert lines["means of the other lines in the same setting"] == pytest.approx(2.0 * mean)
    assert axes.get_ylim()[0] == 0.0


def test_one_run_has_no_bands() -> None:
    figure = weeks_figure({"alone": np.arange(12.0)[None] - 5.0}, "hits a week", 0)
    saved(figure)
    assert legend_texts(figure) == ["the run"]
    assert not [one for one in figure.axes[0].collections if isinstance(one, FillBetweenPolyCollection)]
    assert figure.axes[0].get_title(loc="left") == "alone (1 run)"
