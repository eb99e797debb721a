"""Figures of studies draw what the tables hold: panels for regimes, lines for populations, labels with units."""

import io
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.analysis.cells import exchange_table
from race_sim.analysis.headline import CELL, LIMITS, RUNG_WORDS, RUNGS, headline_tables, level_words, worst_cell
from race_sim.plots import gains
from race_sim.plots.arsenals import EDGE
from race_sim.plots.studies import FIGURES, check_figure
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult
from race_sim.study.sweep import Request, run_study
from tests.analysis.made_up import map_rows
from tests.analysis.test_headline import WORTH

STUDY = load_study("headline")
HEADLINE = [name for name in FIGURES if name != "exchange_per_euro"]  # which the study of equal euros asks for
Rows = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return run_study(STUDY.smaller(), tmp_path_factory.mktemp("headline"), Request(quick=True))


@pytest.fixture(scope="module")
def asked(result: StudyResult) -> Rows:
    return {figure: result.parts[part.name] for part in result.study.part for figure in part.figures}


@pytest.fixture(scope="module")
def tables(asked: Rows) -> dict[str, pd.DataFrame]:
    return headline_tables(asked)


@pytest.fixture(scope="module")
def drawn(asked: Rows) -> dict[str, Figure]:
    return {name: FIGURES[name].draw(rows, asked) for name, rows in asked.items()}


def title(axes: Axes) -> str:
    return axes.get_title(loc="left").replace("\n", " ")


def lines(axes: Axes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Points of each series with error bars, by label."""
    found = {}
    for bars in axes.containers:
        x, y = bars[0].get_data()
        found[str(bars.get_label())] = (np.asarray(x, float), np.asarray(y, float))
    return found


def ends(axes: Axes, label: str, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the error bars of a series, along x (0) or y (1)."""
    (bars,) = [one for one in axes.containers if one.get_label() == label]
    segments = np.array(bars[2][0].get_segments())
    return segments[:, 0, axis], segments[:, 1, axis]


def where(table: pd.DataFrame, **levels: object) -> pd.DataFrame:
    return table[(table[list(levels)] == list(levels.values())).all(axis=1)]


def test_the_headline_study_asks_for_every_figure(drawn: dict[str, Figure]) -> None:
    assert set(drawn) == set(HEADLINE)


@pytest.mark.parametrize("name", HEADLINE)
def test_every_figure_is_drawn(name: str, drawn: dict[str, Figure]) -> None:
    stream = io.BytesIO()
    drawn[name].savefig(stream, format="png", dpi=40)
    assert stream.getvalue().startswith(b"\x89PNG")
    assert drawn[name].get_suptitle()


@pytest.mark.parametrize(
    ("name", "panels", "x_label", "y_label"),
    [
        ("exchange_map", 1, "Large figure: how many times the arsenal", ""),
        ("exchange_curves_area", 1, "cycle of the other force (weeks)", "worth, in arsenals"),
        ("exchange_curves_point", 1, "cycle of the other force (weeks)", "worth, in arsenals"),
        ("exchange_curves_growing", 1, "cycle of the other force (weeks)", "worth, in arsenals"),
        ("exchange_by_point_capacity", 1, "engagements of all point countermeasures", "worth, in arsenals"),
        ("exchange_by_targets", 1, "targets a week", "worth, in arsenals"),
        ("controls", 2, "ratio of hits", ""),
        ("ladder", 2, "", "hits a sortie"),
        ("arsenal_factors", 8, "multiple of what grows", "hits, x1 = 1"),
        ("learning", 4, "arsenal (multiple)", "hits a sortie"),
        ("shared", 2, "development or cycle of the slow makers (weeks)", "worth, in arsenals"),
    ],
)
def test_panels_and_labels(name: str, panels: int, x_label: str, y_label: str, drawn: dict[str, Figure]) -> None:
    axes = drawn[name].axes
    assert len(axes) == panels
    assert axes[-1].get_xlabel().startswith(x_label)
    assert axes[0].get_ylabel() == y_label
    assert len({title(one) for one in axes}) == panels


def test_the_map_says_what_the_table_says(drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]) -> None:
    check_map(drawn["exchange_map"], tables["exchange"], 8)


@pytest.mark.parametrize("cycle", [16, 32])
def test_the_map_of_made_up_cells(cycle: int) -> None:
    rows = map_rows(WORTH, cycle=cycle)
    figure = FIGURES["exchange_map"].draw(rows, {})
    check_map(figure, exchange_table(rows, CELL), cycle)
    assert f"What a 1-week cycle is worth against a {cycle}-week cycle" in figure.get_suptitle()


def check_map(figure: Figure, table: pd.DataFrame, cycle: int) -> None:
    """Every cell in its place: number, question mark, colour, frame of the worst."""
    (axes,) = figure.axes
    longest = table[table["cycle"] == cycle]
    labels = sorted(axes.get_yticklabels(), key=lambda label: label.get_position()[1])
    assert [label.get_position()[1] for label in labels] == [row + 0.5 for row in range(len(labels))]
    rows = [label.get_text().replace(",\n", ", ") for label in labels]
    row_names = ("founders", "countermeasures", "tempo")
    written = [one for one in axes.texts if "(" in one.get_text()]
    texts = {tuple(np.floor(one.get_position()).astype(int)): one.get_text() for one in written}
    assert len(texts) == len(longest)
    columns = list(dict.fromkeys(longest["makers"]))
    heads = {one.get_text(): one.get_position()[0] for one in axes.texts if one.get_text().endswith("makers")}
    for place, makers in enumerate(columns):
        assert heads[level_words("makers", makers)] == pytest.approx(place + 0.5)
    colours = {}
    for _, cell in longest.iterrows():
        words = [level_words(name, cell[name]) for name in row_names]
        place = (columns.index(cell["makers"]), rows.index(", ".join(words)))
        large, _, small = texts[place].partition("\n")
        assert large == cell["worth_words"].split(" ")[0] + (" ?" if cell["finding"] == "no evidence" else "")
        told = small.strip("()")
        if told[0] not in "<>":
            assert float(told) == pytest.approx(cell["ratio"], rel=0.06)
        filled = [one for one in axes.patches if one.get_fill() and one.get_xy() == place]
        colours[cell["ratio"]] = filled[0].get_facecolor()
    worst = worst_cell(longest)
    words = [level_words(name, worst[name]) for name in row_names]
    place = (columns.index(worst["makers"]), rows.index(", ".join(words)))
    assert [one.get_xy() for one in axes.patches if not one.get_fill()] == [place]
    for ratio, (red, _, blue, _) in colours.items():
        if abs(math.log(ratio)) > 0.3:
            assert (red > blue) == (ratio > 1), "orange where the fast force hits more"


@pytest.mark.parametrize("factor", LIMITS)
def test_limits_show_exchange_rates(factor: str, drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]) -> None:
    name = f"exchange_by_{factor}"
    (axes,) = drawn[name].axes
    levels = [float(label.get_text()) for label in axes.get_xticklabels()]
    assert levels == list(tables[name][factor].unique())
    for label, (_, worth) in lines(axes).items():
        here = where(tables[name], founders=label.split(" ", maxsplit=1)[0])
        assert worth == pytest.approx(np.clip(here["worth"], 1, 4).tolist())


@pytest.mark.parametrize("kind", ["area", "point", "point_proportional"])
def test_curves_show_exchange_rates(kind: str, drawn: dict[str, Figure], asked: Rows) -> None:
    name = "exchange_curves_growing" if kind == "point_proportional" else f"exchange_curves_{kind}"
    table = exchange_table(where(asked[name], countermeasures=kind), CELL)
    (axes,) = drawn[name].axes
    assert level_words("countermeasures", kind) in drawn[name].get_suptitle()
    assert len(lines(axes)) == 2
    for label, (_, worth) in lines(axes).items():
        founders = label.split(" ", maxsplit=1)[0]
        here = where(table, founders=founders).sort_values("cycle")
        low, high = 1 / 1.35, 4 * 1.35  # arsenals x1 to x4 were tried
        assert worth == pytest.approx(np.clip(here["worth"], low, high))
        for end, column in zip(ends(axes, label, 1), ("worth_low", "worth_high"), strict=True):
            assert end == pytest.approx(np.clip(here[column], low, high))


def test_curves_of_made_up_cells_mark_what_is_beyond() -> None:
    rows = map_rows({**WORTH, ("common", 60, "area"): 50.0, ("independent", 60, "area"): 0.05})
    (axes,) = FIGURES["exchange_curves_area"].draw(rows, {}).axes
    worth = {label: values for label, (_, values) in lines(axes).items()}
    table = exchange_table(rows, CELL)
    assert worth["common founders, 6 makers"] == pytest.approx(
        where(table, founders="common", makers=6, countermeasures="area").sort_values("cycle")["worth"]
    )
    alone = [line for line in axes.lines if line.get_linestyle() == "None" and len(line.get_ydata())]
    beyond = {line.get_marker(): line.get_ydata() for line in alone}
    assert beyond["^"] == pytest.approx([16 * 1.35])
    assert beyond["v"] == pytest.approx([0.25 / 1.35] * len(beyond["v"]))


def test_controls_show_ratios(drawn: dict[str, Figure], tables: dict[str, pd.DataFrame], asked: Rows) -> None:
    controls = list(asked["controls"]["control"].unique())
    assert len(controls) == 8
    for axes, kind in zip(drawn["controls"].axes, ("area", "point"), strict=True):
        assert title(axes) == f"{kind} countermeasures, baseline red"
        for label, (ratios, heights) in lines(axes).items():
            here = where(tables["controls"], countermeasures=kind, founders=label.split(" ", maxsplit=1)[0], cycle=1)
            expected = here.set_index("control").loc[controls]
            assert ratios == pytest.approx(np.clip(expected["ratio"], gains.LEAST, gains.MOST))
            assert list(np.round(heights)) == list(range(8))
            low, high = ends(axes, label, 0)
            assert low == pytest.approx(np.clip(expected["ratio_low"], gains.LEAST, gains.MOST))
            assert high == pytest.approx(np.clip(expected["ratio_high"], gains.LEAST, gains.MOST))
    labels = [text.get_text() for text in drawn["controls"].axes[0].get_yticklabels()]
    assert labels[:2] == ["as it is", "no countermeasures"]
    assert len(set(labels)) == 8


def test_the_ladder_shows_hits_a_sortie(drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]) -> None:
    for axes, kind in zip(drawn["ladder"].axes, ("area", "point"), strict=True):
        assert title(axes).startswith(f"{kind} countermeasures")
        assert len(lines(axes)) == 4
        for label, (_, hits) in lines(axes).items():
            founders, cycle = label.split(" ", maxsplit=1)[0], int(label.split(", ")[1].split("-")[0])
            here = where(tables["ladder"], countermeasures=kind, founders=founders, cycle=cycle).set_index("rung")
            assert hits == pytest.approx(here.loc[list(RUNGS), "hits_a_sortie"].to_numpy())
        assert axes.get_ylim()[0] == 0
    labels = [text.get_text() for text in drawn["ladder"].axes[-1].get_xticklabels()]
    assert labels == [RUNG_WORDS[rung] for rung in RUNGS]


def test_factors_of_the_arsenal_show_hits_over_those_of_x1(
    drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]
) -> None:
    for axes in drawn["arsenal_factors"].axes:
        kind = title(axes).split(" ")[0]
        founders = title(axes).split(", ")[1].split(" ")[0]
        cycle = int(title(axes).split(", ")[2].split("-")[0])
        assert set(lines(axes)) == {"stock", "output", "crews", "stock and crews", "output and crews", "all"}
        for grown, (_, ratios) in lines(axes).items():
            here = where(tables["arsenal_factors"], countermeasures=kind, founders=founders, cycle=cycle, grown=grown)
            assert ratios == pytest.approx(here.sort_values("arsenal")["ratio"].to_numpy())
            assert ratios[0] == 1.0
    assert f"{STUDY.constants['half_year']} weeks of output" in drawn["arsenal_factors"].get_suptitle()


def test_learning_shows_hits_a_sortie(drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]) -> None:
    words = {"as many trial sorties": "equal", "trials grow with the arsenal": "growing"}
    assert "(area countermeasures)" in drawn["learning"].get_suptitle()
    for axes in drawn["learning"].axes:
        founders = title(axes).split(" ")[0]
        cycle = int(title(axes).split(", ")[-1].partition("-week")[0])
        assert len(lines(axes)) == 4
        for label, (_, hits) in lines(axes).items():
            trials, judged = label.split(", judged by ")
            here = where(tables["learning"], founders=founders, cycle=cycle, trials=words[trials], judged=judged)
            assert hits == pytest.approx(here.sort_values("arsenal")["hits_a_sortie"].to_numpy())


def test_one_race_shows_what_workshops_are_worth(drawn: dict[str, Figure], tables: dict[str, pd.DataFrame]) -> None:
    assert "60 makers of each kind" in drawn["shared"].get_suptitle()
    assert "(x1 to x4)" in drawn["shared"].get_suptitle()
    for axes, kind in zip(drawn["shared"].axes, ("area", "point"), strict=True):
        assert len(lines(axes)) == 2  # with as many makers nothing has raced apart in a quick run
        for label, (_, worth) in lines(axes).items():
            here = where(tables["shared"], countermeasures=kind, founders=label.split("; ")[1].split(" ")[0])
            assert worth == pytest.approx(np.clip(here["worth"], 1 / EDGE, 4 * EDGE))


def test_one_race_is_shown_beside_races_apart_of_as_many_makers(asked: Rows) -> None:
    beside = asked["exchange_map"].assign(makers=60)
    figure = FIGURES["shared"].draw(asked["shared"], {"exchange_map": beside})
    table = exchange_table(beside, CELL)
    for axes, kind in zip(figure.axes, ("area", "point"), strict=True):
        apart = {label: worth for label, (_, worth) in lines(axes).items() if label.startswith("races apart")}
        assert len(apart) == 2
        for label, worth in apart.items():
            here = where(table, countermeasures=kind, founders=label.split("; ")[1].split(" ")[0])
            assert worth == pytest.approx(np.clip(here["worth"], 1 / EDGE, 4 * EDGE))


@pytest.mark.parametrize("name", HEADLINE)
def test_a_figure_says_what_it_needs(name: str) -> None:
    (part,) = [part for part in STUDY.part if name in part.figures]
    levels = {**{factor: [level] for factor, level in STUDY.defaults.items()}, **part.factors}
    check_figure(name, levels)
    for factor in FIGURES[name].factors:
        with pytest.raises(ValueError, match=rf"figure {name} needs factor {factor}, in the part or among"):
            check_figure(name, {other: found for other, found in levels.items() if other != factor})
    for factor, needed in FIGURES[name].levels.items():
        with pytest.raises(ValueError, match=rf"figure {name} needs {factor} = "):
            check_figure(name, {**levels, factor: [level for level in levels[factor] if level != needed[0]]})
    if FIGURES[name].compares_cycles:
        with pytest.raises(ValueError, match="two levels of cycle"):
            check_figure(name, {**levels, "cycle": [1]})


def test_levels_without_words_and_many_lines_are_drawn(asked: Rows) -> None:
    for name in ("exchange_map", "exchange_curves_area", "controls"):
        rows = pd.concat([asked[name].assign(makers=makers) for makers in (3, 5, 7, 9)])
        figure = FIGURES[name].draw(rows, {})
        figure.savefig(io.BytesIO(), format="png", dpi=30)
        words = [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text"))]
        assert any("makers 7" in text for text in words)
