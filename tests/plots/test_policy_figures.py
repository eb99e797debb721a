"""Figures of policies: bars and ribbons are as large as what they stand for, and nothing is lost on the way."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from race_sim.analysis.measures import measure
from race_sim.analysis.policy_budget import HOME_TREASURY, MAKERS, PARTNERS_TREASURY, Budget, Flow
from race_sim.analysis.policy_effects import effects_table, interaction_table
from race_sim.plots.budget_flow import COLOURS as BUDGET_COLOURS
from race_sim.plots.budget_flow import SWATCH, bars, budget_figure
from race_sim.plots.interaction import interaction_figure
from race_sim.plots.per_euro import exchange_per_euro
from race_sim.plots.style import caption, empty_figure, warn
from race_sim.plots.tornado import COLOURS, NEUTRAL, tornado_figure
from tests.analysis.made_up import cell_rows
from tests.analysis.policy_rows import policy_rows

MADE_UP = Budget(
    (
        Flow("home taxpayers", "home treasury", 60.0),
        Flow("partners", "partners' treasury", 40.0),
        Flow("home treasury", MAKERS, 50.0),
        Flow("home treasury", "mark-up of intermediaries", 10.0),
        Flow("partners' treasury", MAKERS, 40.0),
        Flow("customers abroad", MAKERS, 10.0),
        Flow(MAKERS, "flown", 70.0),
        Flow(MAKERS, "in stock", 25.0),
        Flow(MAKERS, "interest", 5.0),
    )
)


def test_a_tornado_shows_the_values_of_its_table() -> None:
    rows = policy_rows({"good": (50.0, 0.0), "bad": (-50.0, 0.0), "idle": (0.0, 0.0)})
    table = effects_table(rows, "policy", measure("hits"), {"policy": "none"}, ["founders"])
    figure = tornado_figure(table, "policy", panels=["founders"], label="hits", title="Hits")
    left = figure.axes[0]
    widths = [patch.get_width() for patch in left.patches if isinstance(patch, Rectangle)]
    here = table[table["founders"] == "common"].set_index("policy").loc[["good", "idle", "bad"]]
    assert widths == pytest.approx(list(here["value"]))
    assert [text.get_text() for text in left.get_yticklabels()] == ["good", "idle", "bad"]
    assert left.patches[0].get_facecolor()[:3] == pytest.approx(
        tuple(int(COLOURS["more"][i : i + 2], 16) / 255 for i in (1, 3, 5))
    )


@pytest.mark.parametrize("panels", [1, 2, 3, 4, 5])
def test_every_panel_has_ticks_with_labels(panels: int) -> None:
    rows = policy_rows({"good": (50.0, 0.0), "bad": (-50.0, 0.0)}, founders=tuple("abcde"[:panels]))
    table = effects_table(rows, "policy", measure("hits"), {"policy": "none"}, ["founders"])
    figure = tornado_figure(table, "policy", panels=["founders"], label="hits", title="Hits")
    figure.canvas.draw()
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == panels
    assert all(any(label.get_text() for label in visible_labels(axes)) for axes in shown)
    columns = {axes.get_subplotspec().get_gridspec().ncols for axes in shown}  # type: ignore[union-attr]
    assert columns == {{4: 2, 5: 3}.get(panels, panels)}


def visible_labels(axes: Axes) -> list[Text]:
    return [label for label in axes.get_xticklabels() if label.get_visible()]


def test_less_is_not_alarming_where_it_is_not_worse() -> None:
    rows = policy_rows({"dear": (0.0, 90_000.0), "cheap": (0.0, -90_000.0)})
    table = effects_table(rows, "policy", measure("public_spending"), {"policy": "none"}, ["founders"])
    figure = tornado_figure(table, "policy", panels=["founders"], label="EUR", title="Euros", colours=NEUTRAL)
    drawn = {to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches}
    assert drawn == set(NEUTRAL.values())
    assert not drawn & set(COLOURS.values())
    assert [to_hex(patch.get_facecolor()) for patch in figure.legends[0].get_patches()][:2] == list(NEUTRAL.values())


@pytest.mark.parametrize("text", ["Caption\nin two lines", ""])
def test_a_warning_stands_first(text: str) -> None:
    figure = empty_figure(5.0, 3.0)
    if text:
        caption(figure, text)
    warn(figure, "Beware.")
    assert figure.get_suptitle() == f"Beware.\n{text}".strip()
    assert figure.get_size_inches()[1] > 3.0


def test_a_heat_map_has_a_number_in_every_cell() -> None:
    rows = policy_rows({"a": (50.0, 0.0), "b": (20.0, 0.0), "a + b": (140.0, 0.0)})
    table = interaction_table(rows, "policy", None, measure("hits"), {"policy": "none"}, ["founders"])
    figure = interaction_figure(table, "other", "one", panels=["founders"], label="hits", title="Hits")
    numbers = [float(text.get_text()) for axes in figure.axes[:2] for text in axes.texts]
    assert numbers == pytest.approx(list(table["value"]), rel=0.01)
    assert all(text.get_fontweight() == "bold" for axes in figure.axes[:2] for text in axes.texts)


def test_a_budget_conserves_its_total() -> None:
    assert MADE_UP.total == 110.0
    assert sum(MADE_UP.into(end) for end in MADE_UP.ends) == MADE_UP.total
    places = bars(MADE_UP, MADE_UP.total)
    for names in (MADE_UP.sources, MADE_UP.ends):
        assert sum(places[name][2] for name in names) == pytest.approx(1.0)
    assert places[MAKERS][2] == pytest.approx(100.0 / 110.0)


def test_ribbons_are_as_high_as_their_euros() -> None:
    figure = budget_figure([("one", MADE_UP), ("two", MADE_UP)], "Money")
    for axes in figure.axes:
        ribbons = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
        heights = sorted(float(one.get_path().vertices[7, 1] - one.get_path().vertices[0, 1]) for one in ribbons)
        assert heights == pytest.approx(sorted(flow.euros / MADE_UP.total for flow in MADE_UP.flows))
        bar_heights = sum(patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle))
        assert bar_heights == pytest.approx((110.0 + 100.0 + 100.0 + 110.0) / 110.0)
        assert any("flown: 70 (63.6%)" in text.get_text() for text in axes.texts)


def test_no_end_has_the_colour_of_a_treasury() -> None:
    treasuries = {BUDGET_COLOURS[HOME_TREASURY], BUDGET_COLOURS[PARTNERS_TREASURY]}
    ends = {colour for name, colour in BUDGET_COLOURS.items() if name not in (HOME_TREASURY, PARTNERS_TREASURY)}
    assert len(treasuries) == 2
    assert not treasuries & ends


def test_treasuries_and_makers_are_named_above_everything_drawn() -> None:
    figure = budget_figure([("one", MADE_UP)], "Money")
    (axes,) = figure.axes
    highest = max(float(one.get_path().vertices[:, 1].max()) for one in axes.patches if isinstance(one, PathPatch))
    heads = {one.get_text(): one.get_position()[1] for one in axes.texts if one.get_text() != SWATCH}
    inner = ("home treasury: 60", "partners' treasury: 40", "makers: 100")
    assert all(heads[name] > highest for name in inner)
    assert heads[inner[0]] > heads[inner[1]]
    figure.canvas.draw()
    boxes = [one.get_window_extent() for one in axes.texts if one.get_text() in inner or one.get_text() == SWATCH]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_diagrams_of_different_size_have_one_scale() -> None:
    half = Budget(tuple(Flow(one.source, one.target, one.euros / 2) for one in MADE_UP.flows))
    figure = budget_figure([("whole", MADE_UP), ("half", half)], "Money")
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()


def test_worth_per_euro_is_that_per_drone_times_the_cost() -> None:
    found = []
    for counted, ratio, worth in (("drones", 1, 2.0), ("drones", 4, 2.0), ("euros", 1, 2.0), ("euros", 4, 8.0)):
        levels = {"founders": "common", "countermeasures": "area", "counted": counted, "cost_ratio": ratio}
        found.append(cell_rows({8: worth}, levels))
    figure = exchange_per_euro(pd.concat(found, ignore_index=True))
    lines = {
        container.get_label(): np.asarray(container.lines[0].get_ydata()) for container in figure.axes[0].containers
    }
    assert lines["equal drones, common founders"] == pytest.approx([2.0, 2.0], rel=0.05)
    assert lines["equal euros, common founders"] == pytest.approx([2.0, 8.0], rel=0.05)
