"""Figures of studies: every kind is drawn, its table holds what the runs measured, its words turn with the numbers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.intervals import mean_estimate, ratio_estimate
from race_sim.study.drawings import KINDS, draw
from race_sim.study.output import figure_names, needed, plot_figures, write_outputs
from race_sim.study.reading import load_study
from race_sim.study.result import StudyResult, read_result
from race_sim.study.store import Store
from race_sim.study.study_report import _in_paragraphs
from race_sim.study.subject import Drawn
from race_sim.study.sweep import Request, Sweep
from tests.study.gallery import gallery

PNG, PDF = b"\x89PNG", b"%PDF"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("gallery")
    return Sweep(load_study(gallery(folder)), folder / "out", Request(workers=1)).run()


@pytest.fixture(scope="module")
def result(store: Store) -> StudyResult:
    return read_result(store)


def drawn(result: StudyResult, name: str, **changes: object) -> Drawn:
    for part in result.study.part:
        for drawing in part.figure:
            if drawing.name == name:
                return draw(drawing.model_copy(update=changes), part, result)
    raise AssertionError(name)


def runs(result: StudyResult, part: str, **levels: object) -> pd.DataFrame:
    rows = result.parts[part]
    names = [name.replace("founders", "founders.origin") for name in levels]
    return rows[(rows[names] == list(levels.values())).all(axis=1)].sort_values("seed")


def test_the_gallery_has_a_figure_of_every_kind(result: StudyResult) -> None:
    assert {drawing.kind for part in result.study.part for drawing in part.figure} == set(KINDS)


def test_a_phase_diagram_holds_paired_ratios_and_their_boundary(result: StudyResult) -> None:
    one = drawn(result, "plane")
    assert one.table is not None
    assert len(one.table) == 18
    own = runs(result, "plane", founders="common", cycle=4, arsenal=2)["total_hits"].to_numpy()
    reference = runs(result, "plane", founders="common", cycle=1, arsenal=1)["total_hits"].to_numpy()
    here = one.table.query("cycle == 4 and arsenal == 2").set_index("founders.origin").loc["common"]
    expected = ratio_estimate(own, reference)
    assert list(here[["value", "value_low", "value_high"]]) == pytest.approx([expected.value, *expected.interval])
    assert "the line where hits of all makers over that of design cycle 1, arsenal 1 is 1 is at arsenal" in one.words


def test_words_turn_with_the_roles(result: StudyResult) -> None:
    here, there = drawn(result, "plane"), drawn(result, "plane", reference={"cycle": 4, "arsenal": 2})
    assert here.words.startswith("Hits of all makers over that of design cycle 1, arsenal 1 was largest")
    own, other = (one.table.set_index(["founders.origin", "cycle", "arsenal"])["value"] for one in (here, there))
    assert own["common", 4, 2] == pytest.approx(1.0 / other["common", 1, 1])
    assert (own["common", 4, 2] > 1) != (other["common", 1, 1] > 1)


def test_without_reference_or_threshold_values_are_told_and_no_line(result: StudyResult) -> None:
    one = drawn(result, "plain")
    own = runs(result, "plane", founders="independent", cycle=2, arsenal=0.5)
    here = one.table.query("cycle == 2 and arsenal == 0.5").set_index("founders.origin").loc["independent"]
    assert here["value"] == pytest.approx(own["total_hits"].sum() / own["total_sorties"].sum())
    assert "the line where" not in one.words
    assert "most by arsenal" in one.words


def test_lines_hold_means_with_students_interval(result: StudyResult) -> None:
    one = drawn(result, "lines")
    own = runs(result, "plane", founders="common", cycle=2, arsenal=2)["total_hits"].to_numpy()
    expected = mean_estimate(own)
    here = one.table.query("cycle == 2 and arsenal == 2").set_index("founders.origin").loc["common"]
    assert list(here[["value", "value_low", "value_high"]]) == pytest.approx([expected.value, *expected.interval])


def test_weeks_hold_the_kept_series_week_by_week(result: StudyResult) -> None:
    one = drawn(result, "weeks")
    own = np.stack(runs(result, "plane", founders="common", cycle=4, arsenal=1)["weekly_total_hits"].to_list())
    assert own.shape == (4, 20)
    here = one.table[
        (one.table["founders.origin"] == "common") & (one.table["cycle"] == 4) & (one.table["arsenal"] == 1)
    ]
    assert here["value"].to_numpy() == pytest.approx(own.mean(axis=0))
    late = mean_estimate(own[:, 12:].mean(axis=1))  # 16 weeks are measured, less than two years
    assert f"in the first 8 weeks after burn-in and {late} in the last" in one.words
    kept = runs(result, "plane", founders="common", cycle=4, arsenal=1)["total_hits"].to_numpy()
    assert own[:, 4:].mean(axis=1) == pytest.approx(kept)


def test_a_refined_boundary_spends_its_budget_and_lies_where_hits_are_equal(result: StudyResult) -> None:
    points = result.points["line"]
    assert points["generation"].nunique() > 1
    assert 12 <= len(points) <= 13  # the budget, and the reference
    line = drawn(result, "line").table
    at_one = line[line["cycle"] == 1].iloc[0]
    assert at_one["arsenal_low"] <= 1.0 <= at_one["arsenal_high"]
    assert (line["arsenal_low"] <= line["arsenal_high"]).all()
    assert "one of inf above the largest" in drawn(result, "line").note


def test_the_screen_decides_the_factors_of_the_indices(result: StudyResult) -> None:
    table = drawn(result, "screen").table.sort_values("mu_star", ascending=False)
    assert len(result.factors("indices")) == 2
    assert table["factor"].iloc[0] == "Arsenal"
    assert "arsenal" in result.factors("indices")
    indices = drawn(result, "indices").table.set_index("factor")
    assert indices["total"].idxmax() == "Arsenal"


def test_rules_find_the_planted_region(result: StudyResult) -> None:
    one = drawn(result, "worlds")
    assert "arsenal" in one.words
    assert "above 45" in one.words
    assert set(one.table["side"]) >= {"above", "below"}
    none = drawn(result, "worlds", threshold=1e6)
    assert "No rule was found" in none.words
    assert "arsenal" not in none.words


def test_every_figure_and_table_is_written_and_told_in_one_page(store: Store, result: StudyResult) -> None:
    written = write_outputs(store, command=["race-sim", "sweep"])
    names = [name for part in store.study.part for name in figure_names(part)]
    for name in names:
        assert (store.directory / "figures" / f"{name}.png").read_bytes().startswith(PNG)
        assert len(pd.read_csv(store.directory / "tables" / f"{name}.csv")) > 0
    page = written[-1].read_text(encoding="utf-8")
    assert written[-1] == store.directory / "report.html"
    for part in store.study.part:
        assert part.question in page
    assert page.count("data:image/png;base64,") == len(names)
    assert f"race-sim replay {store.directory}" in page
    points = pd.read_csv(store.directory / "tables" / "points-plane.csv")
    assert points["runs"].eq(4).all()
    assert points["failed"].eq(0).all()
    own = runs(result, "plane", founders="common", cycle=4, arsenal=2)["total_hits"]
    assert points.query("cycle == 4 and arsenal == 2")["hits"].iloc[0] == pytest.approx(own.mean(), rel=1e-5)


def test_figures_come_in_the_formats_asked_for(store: Store, tmp_path: Path) -> None:
    written = plot_figures(store, tmp_path, names=["lines"], formats=["svg", "pdf"])
    assert [path.name for path in written] == ["lines.svg", "lines.pdf"]
    assert written[0].read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert written[1].read_bytes().startswith(PDF)


def test_what_is_made_needs_only_some_columns(store: Store) -> None:
    some = read_result(store, columns=needed(store.study))
    assert some.parts["plane"].shape[1] < 30
    for part in store.study.part:
        for drawing in part.figure:
            assert draw(drawing, part, some).table is not None


def test_a_partial_sweep_gives_figures_and_says_what_is_missing(tmp_path: Path) -> None:
    study = load_study(gallery(tmp_path))
    half = Sweep(study, tmp_path / "out", Request(workers=1, parts=("plane",), block_runs=8)).run()
    blocks = sorted((half.folder(0)).rglob("*.parquet"))
    for path in blocks[5:]:
        path.unlink()
    page = write_outputs(Store.open(tmp_path / "out"))[-1].read_text(encoding="utf-8")
    missing = 72 - 5 * 8
    assert f"{missing} of 72 runs of its design so far are not there" in page


def test_failed_runs_are_left_out_and_counted(tmp_path: Path) -> None:
    study = load_study(gallery(tmp_path))
    whole = Sweep(study, tmp_path / "out", Request(workers=1, parts=("plane",), block_runs=18)).run()
    result = read_result(whole)
    rows = result.parts["plane"].copy()
    measures = [name for name in rows if name.startswith(("total_", "workshops_", "primes_"))]
    failed = (rows["seed"] == 2) & (rows["cycle"] == 4)
    rows.loc[failed, measures] = np.nan
    rows.loc[failed, "error"] = "ValueError: no"
    broken = StudyResult(result.study, {"plane": rows}, result.points, 72, 72, int(failed.sum()))
    table = drawn(broken, "lines").table.set_index(["founders.origin", "cycle", "arsenal"])
    sound = rows[(rows["seed"] != 2) & (rows["cycle"] == 4) & (rows["arsenal"] == 1)]
    expected = sound[sound["founders.origin"] == "common"]["total_hits"].mean()
    assert table.loc["common", 4, 1.0]["value"] == pytest.approx(expected)
    assert (table.loc["common", 4, 1.0]["runs"], table.loc["common", 1, 1.0]["runs"]) == (3, 4)


def test_provenance_tells_the_command(store: Store) -> None:
    write_outputs(store, command=["race-sim", "report", "x"])
    assert json.loads((store.directory / "provenance.json").read_text())["command"] == ["race-sim", "report", "x"]


def test_the_first_sentence_of_a_verdict_stands_apart() -> None:
    told = _in_paragraphs("It was worth 3.02 [2.75, 3.35] (worst: a). With equal arsenals it hit more. So it is.")
    assert told == "It was worth 3.02 [2.75, 3.35] (worst: a).\n\nWith equal arsenals it hit more. So it is."
    assert _in_paragraphs("A quick run shows nothing.\n\nOne. Two.") == "A quick run shows nothing.\n\nOne.\n\nTwo."
    assert _in_paragraphs("One sentence.") == "One sentence."
