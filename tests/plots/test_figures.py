"""Figures are drawn from recorded races, whatever was recorded: panels, labels with units, no pyplot."""

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from race_sim.analysis.bands import hits_a_sortie
from race_sim.analysis.forces import Force
from race_sim.analysis.survival import survival
from race_sim.ensemble.driver import run_ensemble
from race_sim.plots import style
from race_sim.plots.calibration import calibration_figure
from race_sim.plots.comparison import comparison_figure
from race_sim.plots.demo import demo_figure
from race_sim.plots.flatness import OUTSIDE_COLOUR, flatness_figure
from race_sim.plots.summary import summary_figure
from race_sim.records import TOTAL
from race_sim.scenario import Scenario
from race_sim.study.calibration import Calibration, run_calibration
from race_sim.study.demo import DemoResult, run_demo
from race_sim.study.flatness import run_flatness
from tests.duel import PAIRS, duel
from tests.small import six_workshops

SMALL = six_workshops()


@pytest.fixture(scope="module")
def demo() -> DemoResult:
    return run_demo(size="quick")


def drawn(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=40)
    return stream.getvalue()


@pytest.mark.parametrize(
    "scenario",
    [
        SMALL,
        SMALL.with_changes({"workshops.count": 0}),
        SMALL.with_changes({"primes.count": 0}),
        SMALL.with_changes({"workshops.count": 0, "primes.count": 0}),
        SMALL.with_changes({"teams.count": 0}),
        SMALL.with_changes({"run.burn_in_weeks": 0, "run.weeks": 1}),
    ],
    ids=["both kinds", "primes only", "workshops only", "nobody", "no countermeasures", "one week"],
)
@pytest.mark.parametrize("runs", [1, 3])
def test_a_summary_is_drawn_of_any_race(scenario: Scenario, runs: int) -> None:
    figure = summary_figure(scenario, run_ensemble(scenario, range(runs)))
    assert drawn(figure).startswith(b"\x89PNG")
    assert len(figure.axes) == 6
    assert all(axes.get_ylabel() for axes in figure.axes)


def test_the_summary_shows_what_was_recorded() -> None:
    records = run_ensemble(SMALL, range(4))
    figure = summary_figure(SMALL, records)
    success, front = figure.axes[:2]
    lines = {line.get_label(): np.asarray(line.get_ydata()) for line in success.lines}
    kinds = records.weekly["kinds"]
    for place, name in enumerate(("workshops", "primes")):
        hits, sorties = kinds["hits"][:, :, place].sum(axis=0), kinds["sorties"][:, :, place].sum(axis=0)
        assert np.allclose(lines[name], hits / np.where(sorties > 0, sorties, np.nan), equal_nan=True)
    means = [line for line in front.lines if "hits' worth a week" in str(line.get_label())]
    assert len(means) == 3
    for place, line in enumerate(means):
        assert np.allclose(line.get_ydata(), records.weekly["front_balance"][:, :, place].mean(axis=0))
    assert {1.0, -1.0} <= {line.get_ydata()[0] for line in front.lines}


def test_bands_are_over_runs_and_absent_for_one() -> None:
    assert len(summary_figure(SMALL, run_ensemble(SMALL, range(3))).axes[0].collections) == 2
    assert len(summary_figure(SMALL, run_ensemble(SMALL, [1])).axes[0].collections) == 0


def test_the_demo_has_a_panel_a_regime_and_one_of_controls(demo: DemoResult) -> None:
    figure = demo_figure(demo)
    assert drawn(figure).startswith(b"\x89PNG")
    *regimes, controls = figure.axes
    assert [axes.get_title(loc="left").lower() for axes in regimes] == [str(one.regime) for one in demo.results]
    assert all(axes.get_xlabel() and axes.get_ylabel() for axes in regimes)
    assert controls.get_xlabel()
    assert [text.get_text() for text in controls.get_yticklabels()][1:] == list(
        dict.fromkeys(one.meaning for one in demo.controls if one.comparison.other == Force(8, 1))
    )


def test_the_demo_shows_the_measured_ratios(demo: DemoResult) -> None:
    for axes, result in zip(demo_figure(demo).axes, demo.results, strict=False):
        drawn_ratios = [np.asarray(bars[0].get_ydata()) for bars in axes.containers]
        for ratios, weeks in zip(drawn_ratios, result.cycles, strict=True):
            forces = [force for force in sorted(result.outcomes) if force.cycle_weeks == weeks]
            assert ratios == pytest.approx([result.comparison(force).ratio.value for force in forces])


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1: how a colour looks in grey (WCAG 2.1)."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def test_colours_keep_apart_in_grey() -> None:
    for colours in (style.SERIES_COLOURS, tuple(style.KIND_COLOURS.values())):
        lightness = sorted(116 * luminance(colour) ** (1 / 3) - 16 for colour in colours)
        assert min(np.diff(lightness)) > 8.0
    assert list(style.SERIES_COLOURS) == sorted(style.SERIES_COLOURS, key=luminance)
    assert len(set(style.SERIES_MARKERS)) == len(set(style.SERIES_LINES)) == len(style.SERIES_COLOURS)


def test_figures_do_not_import_pyplot() -> None:
    plots = ", ".join(f"race_sim.plots.{name}" for name in ("summary", "demo", "comparison"))
    code = f"import sys, {plots}; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", PAIRS)
def test_a_comparison_is_drawn_of_any_two(name: str) -> None:
    figure = comparison_figure(duel(name).contrast)
    assert drawn(figure).startswith(b"\x89PNG")
    assert all(axes.get_xlabel() and axes.get_title(loc="left") for axes in figure.axes)


def test_the_comparison_leads_from_one_sides_hits_to_the_others() -> None:
    contrast = duel("frozen").contrast
    weekly, terms = comparison_figure(contrast).axes
    for line, side in zip(weekly.lines, (contrast.a, contrast.b), strict=True):
        assert np.allclose(line.get_ydata(), side.records.weekly["kinds"]["hits"][:, :, TOTAL].mean(axis=0))
    bars = [patch for patch in terms.patches if patch.get_height() == pytest.approx(0.62)]
    assert len(bars) == len(contrast.of_all)
    hits = contrast.quantities["total_hits"]
    assert bars[0].get_x() == pytest.approx(hits.a.value)
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(hits.b.value)
    for bar, term in zip(bars, contrast.of_all, strict=True):
        assert bar.get_width() == pytest.approx(term.difference.value)
        assert (bar.get_alpha() == 1.0) == term.evident


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return run_calibration(SMALL.with_changes({"run.weeks": 60}), runs=3)


def test_the_calibration_shows_lives_hits_quarters_and_supply(calibration: Calibration) -> None:
    figure = calibration_figure(calibration)
    assert drawn(figure).startswith(b"\x89PNG")
    lives, hits, quarters, supply = figure.axes
    assert all(axes.get_xlabel() and axes.get_ylabel() for axes in figure.axes)
    shadow = next(line for line in lives.lines if str(line.get_label()).startswith("workshops, shadow"))
    alive = survival(calibration.records.lives[:, 0, 1].sum(axis=0))
    assert np.asarray(shadow.get_ydata()) == pytest.approx(alive[: len(shadow.get_ydata())])
    seeds = np.asarray(hits.lines[0].get_xdata())
    assert seeds == pytest.approx(np.sort(hits_a_sortie(calibration.scenario, calibration.records)))
    assert {line.get_label() for line in quarters.lines} == {"workshops", "all makers"}
    area = next(line for line in supply.lines if line.get_label() == "area countermeasures")
    means = [calibration.supply["area", multiple][1].mean() for multiple in (0.5, 1.0, 2.0, 4.0)]
    assert np.asarray(area.get_ydata()) == pytest.approx(np.array(means) / means[0])


@pytest.mark.parametrize(
    "override", [{"workshops.count": 0}, {"teams.count": 0}, {"run.weeks": 12}, {"operators.crews": 0}]
)
def test_a_calibration_is_drawn_of_any_scenario(override: dict[str, int]) -> None:
    scenario = SMALL.with_changes({"run.weeks": 60, **override})
    assert drawn(calibration_figure(run_calibration(scenario, runs=2))).startswith(b"\x89PNG")


def test_flatness_has_a_row_a_parameter_and_colours_what_leaves() -> None:
    flat = run_flatness(SMALL, end_runs=2, points=3, point_runs=1)
    figure = flatness_figure(flat)
    assert drawn(figure).startswith(b"\x89PNG")
    assert len(figure.axes) == 4
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert set(flat.leaving) <= set(rows) <= {end.path for end in flat.ends}
    assert set(rows[: len(flat.leaving)]) == set(flat.leaving)
    hits = figure.axes[2]
    low = [end for end in flat.ends if end.end == "low" and end.path in rows]
    points = next(found for found in hits.collections if len(found.get_offsets()) == len(low))
    outside = [to_rgb(colour) == to_rgb(OUTSIDE_COLOUR) for colour in points.get_facecolor()]
    assert outside == [not end.findings[2].holds for end in low]
    assert len(flatness_figure(run_flatness(SMALL, end_runs=2, points=0)).axes) == 3
