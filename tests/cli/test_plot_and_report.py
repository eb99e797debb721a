"""`race-sim plot` and `race-sim report`: figures and the page again, from the runs there are; clear errors else."""

import json
from pathlib import Path

import pytest

from race_sim.study.output import write_outputs
from race_sim.study.reading import load_study
from race_sim.study.report import QUICK
from race_sim.study.subject import Drawn
from race_sim.study.sweep import Request, Sweep
from tests.cli.commands import Command, entries
from tests.study.gallery import gallery


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    Sweep(load_study(gallery(folder)), folder / "out", Request(workers=1, parts=("plane",))).run()
    return folder / "out"


def test_a_figure_is_drawn_in_the_formats_asked_for(out: Path, tmp_path: Path, command: Command) -> None:
    done = command(
        "plot", out, "--figure", "lines", "--format", "svg", "--format", "png", "--out", tmp_path / "figures"
    )
    assert done.status == 0
    assert done.output.splitlines() == [str(tmp_path / "figures" / name) for name in ("lines.svg", "lines.png")]
    assert entries(tmp_path / "figures") == ["lines.png", "lines.svg"]


def test_without_a_name_all_figures_of_what_was_run_are_drawn(out: Path, tmp_path: Path, command: Command) -> None:
    assert command("plot", out, "--out", tmp_path).status == 0
    assert entries(tmp_path) == ["lines.png", "plain.png", "plane.png", "weeks.png"]


@pytest.mark.parametrize("quick", [True, False])
def test_figures_of_a_quick_run_say_so_first(
    quick: bool, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions = []
    monkeypatch.setattr(
        Drawn, "image", lambda drawn, _: captions.append(drawn.figure.get_suptitle()) or b"\x89PNG\r\n\x1a\n"
    )
    study = load_study(gallery(tmp_path))
    store = Sweep(study.smaller() if quick else study, tmp_path / "out", Request(parts=("plane",), quick=quick)).run()
    write_outputs(store)
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["quick"] is quick
    assert command("plot", tmp_path / "out", "--out", tmp_path / "figures").status == 0
    assert len(captions) >= 2
    assert all(text.startswith(f"{QUICK}\n") == quick for text in captions)
    assert all((QUICK in text) == quick for text in captions)


def test_the_report_is_written_where_asked(out: Path, tmp_path: Path, command: Command) -> None:
    page = tmp_path / "page.html"
    done = command("report", out, "--out", page)
    assert done.status == 0
    assert f"wrote {page}" in done.errors
    text = page.read_text(encoding="utf-8")
    assert "Which arsenal matches which cycle?" in text
    assert f"race-sim sweep gallery.toml --out {out}" in text  # a study of one's own is named by its file


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plot", "{out}", "--figure", "lnes"), 'study gallery has no figure "lnes". Did you mean "lines"?'),
        (("plot", "{out}", "--format", "gif"), 'format = "gif" is not allowed: give png, svg, pdf'),
        (("plot", "{out}/nowhere"), "there is no such directory; `race-sim sweep STUDY --out DIR` makes one"),
        (("report", "{out}/runs"), "holds no runs of a study (there is no manifest.json in it)"),
    ],
)
def test_what_cannot_be_drawn_is_told(arguments: tuple[str, ...], told: str, out: Path, command: Command) -> None:
    before = entries(out)
    done = command(*(word.format(out=out) for word in arguments))
    assert done.status == 2
    assert told in done.errors
    assert "Traceback" not in done.errors
    assert entries(out) == before


def test_another_file_is_not_replaced_by_a_report(out: Path, tmp_path: Path, command: Command) -> None:
    thesis = tmp_path / "thesis.html"
    thesis.write_text("<p>mine</p>", encoding="utf-8")
    assert command("report", out, "--out", thesis).status == 2
    assert thesis.read_text(encoding="utf-8") == "<p>mine</p>"
