"""What docs/findings.md says agrees with the tables beside it, and the tables with races run now."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from race_sim.analysis.cells import exchange_table
from race_sim.analysis.headline import CELL, verdict
from race_sim.study.definition import Study
from race_sim.study.output import figure_names
from race_sim.study.reading import load_study
from race_sim.study.sweep import Request, run_study

DOCS = Path(__file__).parents[1] / "docs"
DATA = DOCS / "data" / "headline"
PAGE = (DOCS / "findings.md").read_text(encoding="utf-8")
TABLES = {path.stem: pd.read_csv(path) for path in sorted(DATA.glob("*.csv"))}
LINES = {path.stem: pd.read_csv(path) for path in sorted((DOCS / "data" / "speed_vs_arsenal").glob("*.csv"))}
QUOTED = re.compile(r"`([<>]?\d[\d.]* \[[<>]?\d[\d.]*, [<>]?\d[\d.]*\])`")
SPOT_CHECKS = (
    {"founders": "common", "makers": 6, "step": "per_elapsed_week", "countermeasures": "area", "tempo": "fast"},
    {"founders": "independent", "makers": 6, "step": "per_cycle", "countermeasures": "point", "tempo": "slow"},
    {"founders": "common", "makers": 60, "step": "per_elapsed_week", "countermeasures": "area", "tempo": "baseline"},
)


def test_every_estimate_quoted_stands_in_a_table() -> None:
    tables = [*TABLES.values(), *LINES.values()]
    known = {text for table in tables for name in table if name.endswith("_words") for text in table[name]}
    quoted = QUOTED.findall(PAGE)
    assert len(quoted) > 20
    assert [text for text in quoted if text not in known] == []


def test_the_verdict_is_that_of_the_exchange_table() -> None:
    assert " ".join(verdict(TABLES["exchange"], 1).split()) in " ".join(PAGE.replace("\n> ", "\n").split())


@pytest.mark.parametrize(("name", "shown_all"), [("headline", True), ("speed_vs_arsenal", False)])
def test_every_figure_has_its_command(name: str, shown_all: bool) -> None:
    asked = {figure: part.name for part in load_study(name).part for figure in figure_names(part)}
    shown = re.findall(rf"!\[[^\]]*\]\(images/{name}/(\w+)\.png\)\n\n```sh\n(.+)\n```", PAGE)
    assert {figure for figure, _ in shown} == {path.stem for path in (DOCS / "images" / name).glob("*.png")}
    assert {figure for figure, _ in shown} <= set(asked)
    assert not shown_all or len(shown) == len(asked)
    for figure, command in shown:
        words = shlex.split(command)
        assert words[:3] == ["race-sim", "sweep", name], command
        assert words[words.index("--part") + 1] == asked[figure]


def test_the_refined_line_agrees_with_the_map_wherever_both_looked() -> None:
    """Two designs, two ways to interpolate: a grid of arsenals, and a surface through points chosen near the line."""
    kept = TABLES["exchange"].query("variants == 'one' and cycle == 32")
    fixed = {"makers": 60, "step": "per_elapsed_week", "countermeasures": "area", "tempo": "baseline"}
    own = {"boundary": {}, "boundary_equal_change": {"step": "equal_change"}, "boundary_few": {"makers": 6}}
    compared = 0
    for name in (*own, "boundary_by_tempo"):
        for _, line in LINES[name].query("cycle == 32").iterrows():
            cell = {**fixed, **own.get(name, {}), **{key: line[key] for key in line.index if key in CELL}}
            ((_, there),) = kept[(kept[list(cell)] == list(cell.values())).all(axis=1)].iterrows()
            assert line["arsenal_low"] <= there["worth_high"], cell
            assert there["worth_low"] <= line["arsenal_high"], cell
            compared += 1
    assert compared == 20


def test_every_figure_and_table_of_the_study_is_kept() -> None:
    assert {path.stem for path in (DOCS / "images" / "headline").glob("*.png")} == {
        figure for part in load_study("headline").part for figure in part.figures
    }
    assert set(TABLES) >= {"exchange", "controls", "ladder", "arsenal_factors", "learning", "shared", "effects"}


@pytest.mark.slow
@pytest.mark.parametrize("levels", SPOT_CHECKS, ids=lambda levels: "-".join(str(level) for level in levels.values()))
def test_races_run_now_give_the_same_exchange_rate(levels: dict[str, object], tmp_path: Path) -> None:
    study = narrowed(load_study("headline"), {**levels, "variants": "one"})
    result = run_study(study, tmp_path / "study", Request(parts=["map"]))
    fresh = exchange_table(result.parts["map"], CELL)
    kept = TABLES["exchange"]
    place = (kept[list(levels)] == list(levels.values())).all(axis=1) & (kept["variants"] == "one")
    kept = kept[place & (kept["cycle"] == 32)]
    assert len(kept) == len(fresh) == 1
    for name in ("worth", "ratio", "ratio_low", "ratio_high", "reference_hits_a_sortie", "other_hits_a_sortie"):
        assert fresh[name].iloc[0] == pytest.approx(kept[name].iloc[0], rel=1e-4), name


def narrowed(study: Study, levels: dict[str, object]) -> Study:
    """The study with one cell in its map: the reference and one force of every arsenal."""
    part = next(part for part in study.part if part.name == "map")
    factors = {**part.factors, **{name: [level] for name, level in levels.items()}, "cycle": [1, 32]}
    return study.model_copy(update={"part": [part.model_copy(update={"factors": factors})]})
