"""Maps of stored sweeps: the numbers of the figures, the runs behind every cell, and a cursor that leads to them."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from race_sim.analysis.headline import CELL, headline_tables, level_words
from race_sim.analysis.phase import grid_boundary
from race_sim.errors import InputError
from race_sim.study.drawings import draw
from race_sim.study.reading import load_study
from race_sim.study.replay import find_run, listed_runs, members
from race_sim.study.result import read_result
from race_sim.study.store import Store
from race_sim.study.sweep import Request, Sweep
from race_sim.watch.assets import stage_script, stage_style
from race_sim.watch.map_parts import MOST_SEEDS, line_of_boundary
from race_sim.watch.phase_map import phase_map
from race_sim.watch.replay_page import in_script
from tests.page.browsing import visit
from tests.study.gallery import gallery
from tests.study.small_study import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_BYTES = 1_000_000
LEFT = 70.0  # pixels from the left: to there, names of the first panel's rows
FIRST_COLUMN = 100.0  # pixels from the left: in its first column
Plain = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("gallery")
    return Sweep(load_study(gallery(folder)), folder / "out", Request(workers=1)).run()


@pytest.fixture(scope="module")
def maps(store: Store) -> Plain:
    return phase_map(store)


@pytest.fixture(scope="module")
def headline(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("headline")
    return Sweep(load_study("headline").smaller(), folder / "out", Request(parts=["map"], workers=1, quick=True)).run()


def named(maps: Plain, name: str) -> Plain:
    return next(one for one in maps["maps"] if one["name"] == name)


def cells(one: Plain) -> list[tuple[str, Plain]]:
    return [(panel["title"], cell) for panel in one["panels"] for cell in panel["cells"]]


def figure_table(store: Store, name: str) -> pd.DataFrame:
    result = read_result(store)
    part, drawing = next((part, one) for part in store.study.part for one in part.figure if one.name == name)
    table = draw(drawing, part, result).table
    assert table is not None
    return table


def run_names(one: Plain, cell: Plain) -> list[list[str]]:
    groups = [one["groups"][number] for number in cell["groups"]]
    return [[f"{group['scenario']}-{seed}" for seed in one["seed_lists"][group["seeds"]]] for group in groups]


def test_every_figure_that_is_a_map_is_there_as_plain_json(maps: Plain) -> None:
    assert [one["name"] for one in maps["maps"]] == ["plane", "plain", "line"]
    text = json.dumps(maps, allow_nan=False)
    assert len(text) < MOST_BYTES
    assert json.loads(text) == maps


@pytest.mark.parametrize("name", ["plane", "plain"])
def test_cells_hold_the_numbers_of_the_figure(name: str, maps: Plain, store: Store) -> None:
    table = figure_table(store, name)
    one = named(maps, name)
    found = {
        (title.split(" ")[-1] if " " in title else title, cell["x"], cell["y"]): cell for title, cell in cells(one)
    }
    assert len(found) == len(table) == 18
    for _, row in table.iterrows():
        place = (row["cycle"], row["arsenal"])
        (cell,) = [
            cell for title, cell in cells(one) if row["founders.origin"] in title and (cell["x"], cell["y"]) == place
        ]
        assert [cell["value"], cell["low"], cell["high"]] == pytest.approx(
            [row["value"], row["value_low"], row["value_high"]], rel=1e-5
        )
        assert (cell["text"], cell["finding"], cell["runs"]) == (row["value_words"], row["finding"], row["runs"])


def test_the_line_and_its_band_are_those_of_the_figure(maps: Plain, store: Store) -> None:
    rows = read_result(store).parts["plane"]
    reference, by = {"cycle": 1, "arsenal": 1}, ["founders.origin"]
    scale = named(maps, "plane")["y"]["scale"]
    expected = grid_boundary(rows, "cycle", "arsenal", "total_hits", reference, by, y_scale=scale)
    for panel in named(maps, "plane")["panels"]:
        origin = panel["title"].split()[-1]
        here = expected[[origin in level for level in expected["founders.origin"]]].set_index("cycle")
        assert [step["x"] for step in panel["line"]] == [1, 2, 4]
        for step in panel["line"]:
            row = here.loc[step["x"]]
            for key, value in (("y", row["arsenal"]), ("low", row["arsenal_low"]), ("high", row["arsenal_high"])):
                if isinstance(step[key], str):
                    assert value < 0.5 if step[key] == "below" else value > 2
                else:
                    assert step[key] == pytest.approx(value, rel=1e-5)


def test_a_map_without_threshold_has_neither_line_nor_sides(maps: Plain) -> None:
    one = named(maps, "plain")
    assert one["value"] == {"label": "Hits a sortie (hits/sortie)", "threshold": None}
    assert one["marks"] == []
    assert all(panel["line"] is None for panel in one["panels"])


def test_runs_of_a_cell_are_the_runs_of_that_point_and_of_its_reference(maps: Plain, store: Store) -> None:
    one = named(maps, "plane")
    raced = set(listed_runs(store)["run"])
    for title, cell in cells(one):
        groups = run_names(one, cell)
        assert len(groups) == (1 if cell["finding"] == "reference" else 2)
        wanted = [(cell["x"], cell["y"]), (1, 1)]
        for names, (cycle, arsenal) in zip(groups, wanted, strict=False):
            assert len(names) == cell["runs"] == 4
            assert set(names) <= raced
            levels = [member.levels for member in members(store, find_run(store, names[0])) if member.part == "plane"]
            assert [(level["cycle"], level["arsenal"]) for level in levels] == [(cycle, arsenal)]
            assert all(level["founders.origin"] in title for level in levels)


def test_a_refined_boundary_has_its_points_its_surface_and_its_line(maps: Plain, store: Store) -> None:
    one = named(maps, "line")
    (panel,) = one["panels"]
    points = read_result(store).points["line"]
    inside = [cell for cell in panel["cells"] if cell["x"] <= 8 and 0.25 <= cell["y"] <= 4]
    assert len(panel["cells"]) == len(inside) == len(points)
    surface = panel["surface"]
    assert [len(row) for row in surface["rows"]] == [2 * len(one["x"]["levels"])] * len(one["y"]["levels"])
    assert [len(row) for row in surface["unknown"]] == [len(one["x"]["levels"])] * len(one["y"]["levels"])
    heights = [int(row[:2], 36) for row in surface["rows"]]
    assert heights[-1] > heights[0]  # larger arsenals hit more
    table = figure_table(store, "line")
    assert [step["x"] for step in panel["line"]] == pytest.approx(sorted(table["cycle"]))
    (reference,) = [cell for cell in panel["cells"] if cell["finding"] == "reference"]
    assert (reference["x"], reference["y"], reference["value"]) == (1, 1, 1)


def test_the_headlines_map_holds_its_exchange_rates(headline: Store) -> None:
    maps = phase_map(headline)
    (one,) = maps["maps"]
    assert any("quick run" in note for note in maps["notes"])
    rows = read_result(headline, [headline.study.named("map")]).parts["map"]
    table = headline_tables({"exchange_map": rows})["exchange"]
    table = table[table["cycle"] == table["cycle"].max()]
    assert len(one["panels"][0]["cells"]) == len(table)
    for _, row in table.iterrows():
        here = [cell for _, cell in cells(one) if all(level_in(one, cell, name, row[name]) for name in CELL)]
        assert len(here) == 1
        assert here[0]["value"] == pytest.approx(row["ratio"], rel=1e-5)
        assert here[0]["more"][0][1] == row["worth_words"]
        cycles = [
            next(member.levels["cycle"] for member in members(headline, find_run(headline, names[0])))
            for names in run_names(one, here[0])
        ]
        assert cycles == [1, 8]


def level_in(one: Plain, cell: Plain, name: str, level: object) -> bool:
    """Whether the runs behind a cell have this level of a factor."""
    words = level_words(name, level).replace("\n", " ")
    return words in (*one["x"]["parts"][cell["x"]], *one["y"]["parts"][cell["y"]])


def test_a_store_without_a_map_says_which_parts_there_are(tmp_path: Path) -> None:
    store = Sweep(load_study(written(tmp_path)), tmp_path / "out", Request(workers=1, quick=True)).run()
    with pytest.raises(InputError, match=r"no map.*phase or boundary.*first, second"):
        phase_map(store)


def test_what_is_missing_is_told_and_not_made_up(tmp_path: Path) -> None:
    """Points that are left keep their numbers; a map whose reference is gone is left out and named."""
    store = Sweep(
        load_study(gallery(tmp_path)), tmp_path / "out", Request(workers=1, parts=["plane"], block_runs=6)
    ).run()
    blocks = sorted(store.blocks(0).items())
    for number, path in blocks:
        if number % 3 == 0:  # six of eighteen scenarios a replicate, the reference of the first panel among them
            path.unlink()
    maps = phase_map(Store.open(store.directory))
    told = " ".join(maps["notes"])
    assert "not complete: 48 of 72 runs" in told
    assert "line" in told
    assert "none of its runs is there" in told
    assert [one["name"] for one in maps["maps"]] == ["plain"]
    assert len(cells(maps["maps"][0])) == 12


def test_an_empty_store_has_no_map_yet(tmp_path: Path) -> None:
    store = Sweep(load_study(gallery(tmp_path)), tmp_path / "out", Request(workers=1, parts=["plane"])).run()
    for path in store.blocks(0).values():
        path.unlink()
    with pytest.raises(InputError, match="no map to show yet"):
        phase_map(Store.open(store.directory))


def test_of_many_runs_a_few_dozen_are_listed_and_all_counted(tmp_path: Path) -> None:
    study = load_study(
        gallery(tmp_path, ("replicates = 4", "replicates = 40"), ('"run.weeks" = 20', '"run.weeks" = 6'))
    )
    one = phase_map(Sweep(study, tmp_path / "out", Request(workers=1, parts=["plane"])).run())["maps"][0]
    assert {group["count"] for group in one["groups"]} == {40}
    assert {len(seeds) for seeds in one["seed_lists"]} == {MOST_SEEDS}


PAGE = """<!doctype html><meta charset="utf-8"><style>{style}</style><body><div id="stage"></div><script>{script}
var ran = [];
var stage = RaceStage.create(document.getElementById("stage"), {{run: function (name) {{ ran.push(name); }}}});
stage.map({maps});
</script>"""


def opened(page: "Page", maps: Plain, folder: Path) -> None:
    path = folder / "map.html"
    path.write_text(PAGE.format(style=stage_style(), script=stage_script(), maps=in_script(maps)), encoding="utf-8")
    page.goto(path.as_uri())


def test_pointing_tells_a_cell_clicking_chooses_it_and_a_double_click_runs_it(
    browser: "Browser", maps: Plain, tmp_path: Path
) -> None:
    with visit(browser) as tab:
        opened(tab.page, maps, tmp_path)
        plot = tab.page.locator(".rs-map .rs-drawing svg")
        box = plot.bounding_box()
        assert box is not None
        one = named(maps, "plane")
        tip = tab.page.locator(".rs-map .rs-tip")
        seen = set()
        for share in (0.15, 0.25, 0.35):
            tab.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.4)
            assert tip.is_visible()
            seen.add(tip.text_content())
        assert len(seen) > 1
        tab.page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.4)
        assert tab.page.evaluate("ran") == []
        value = tab.page.text_content("[data-chosen] [data-key='map.value']")
        assert tab.page.locator("[data-watch]").first.is_visible()
        box = plot.bounding_box()  # the page may have made room for what is chosen
        assert box is not None
        tab.page.mouse.dblclick(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.4)
        (name,) = tab.page.evaluate("ran")
        assert value == tab.page.text_content("[data-chosen] [data-key='map.value']")
        (cell,) = [cell for _, cell in cells(one) if run_names(one, cell)[0][0] == name]
        assert value == cell["text"]
        tab.page.select_option("[data-seeds] >> nth=0", index=2)
        tab.page.click("[data-watch] >> nth=0")
        assert tab.page.evaluate("ran") == [name, run_names(one, cell)[0][2]]


def test_cells_lie_where_the_axes_say(browser: "Browser", maps: Plain, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, maps, tmp_path)
        one = named(maps, "plane")
        for arsenal in (0.5, 1, 2):
            (tick,) = [box for text, box in texts(tab.page) if text == f"{arsenal:g}" and box["x"] < LEFT]
            tab.page.mouse.dblclick(FIRST_COLUMN, tick["y"] + tick["height"] / 2)
            name = tab.page.evaluate("ran[ran.length - 1]")
            (cell,) = [cell for _, cell in cells(one) if run_names(one, cell)[0][0] == name]
            assert (cell["x"], cell["y"]) == (1, arsenal)


def texts(page: "Page") -> list[tuple[str | None, dict[str, float]]]:
    """Texts of the drawing, and where they are in pixels."""
    every = page.locator(".rs-map .rs-drawing svg > text").all()
    return [(one.text_content(), dict(one.bounding_box() or {})) for one in every]


def test_a_boundary_beyond_the_levels_tried_is_said_to_be_beyond() -> None:
    rows = [
        (1, 0.0, 0.0, 1.5, 0.5, 2.0),
        (2, math.inf, 1.0, math.inf, 0.5, 2.0),
        (4, 1.0, math.nan, math.nan, 0.5, 2.0),
    ]
    table = pd.DataFrame(rows, columns=["cycle", "arsenal", "arsenal_low", "arsenal_high", "smallest", "largest"])
    assert line_of_boundary(table, "cycle", "arsenal") == [
        {"x": 1, "y": "below", "low": "below", "high": 1.5, "text": "<0.5 [<0.5, 1.50]"},
        {"x": 2, "y": "above", "low": 1.0, "high": "above", "text": ">2 [1.00, >2]"},
        {"x": 4, "y": 1.0, "low": None, "high": None, "text": "1.00"},
    ]


def test_arrow_keys_reach_every_cell_of_the_map_and_enter_runs_it(
    browser: "Browser", maps: Plain, tmp_path: Path
) -> None:
    with visit(browser) as tab:
        opened(tab.page, maps, tmp_path)
        one = named(maps, "plane")
        tab.page.focus(".rs-map .rs-drawing")
        for key in ["ArrowDown"] * 6 + (["ArrowRight"] * 5 + ["ArrowUp"] + ["ArrowLeft"] * 5 + ["ArrowUp"]) * 2:
            tab.page.keyboard.press(key)
            tab.page.keyboard.press("Enter")
        seen = set(tab.page.evaluate("ran"))
        assert seen == {run_names(one, cell)[0][0] for _, cell in cells(one)}


def test_every_map_is_drawn_and_is_a_file_of_its_own(browser: "Browser", maps: Plain, tmp_path: Path) -> None:
    with visit(browser) as tab:
        opened(tab.page, maps, tmp_path)
        for place, one in enumerate(maps["maps"]):
            tab.page.select_option("[data-map]", str(place))
            drawn = tab.page.locator(".rs-map .rs-drawing svg").inner_html()
            for panel in one["panels"]:
                assert panel["title"] in drawn
            assert one["x"]["label"] in drawn
            assert "NaN" not in drawn
            picture = tab.page.evaluate("stage.svg('map')")
            assert one["title"] in picture
            assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
        assert not math.isnan(tab.page.locator(".rs-map .rs-drawing svg").bounding_box()["height"])
