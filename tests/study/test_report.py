"""The report: whole in itself, true to its frames, and no text in it becomes markup."""

import base64
import csv
import io
import math
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.codebook import CODEBOOK
from race_sim.analysis.intervals import rounded
from race_sim.errors import InputError
from race_sim.study.report import FIRST, LONG, QUICK, Figure, Replay, Report, Section, Table, render, write_report
from race_sim.study.report_table import MOST_ROWS, shown_columns

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NASTY = """<script>alert("1")</script> <img src=x onerror='a()'> & "quotes" 'and' {{ 7 * 7 }} {% raw %}"""
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """A page taken apart: elements with their attributes and own text, and the cells of its tables."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.tables: list[list[list[str]]] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        self.texts.append((tag, ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self.texts:
            self.texts.append((self._open[-1], data))
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data

    def of(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every element with this tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, *tags: str) -> list[str]:
        """What stands directly in such elements."""
        return [text.strip() for tag, text in self.texts if tag in tags and text.strip()]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def numbers(rows: int) -> pd.DataFrame:
    """Rows with whatever a frame may hold: limits, words for them, whole numbers, seeds, gaps, text."""
    chance = np.random.default_rng(7)
    ratio = chance.lognormal(0.0, 1.0, rows)
    return pd.DataFrame(
        {
            "cycle": np.tile([4.0, 32.0], rows)[:rows],
            "seed": np.arange(rows, dtype="u8") + np.uint64(2**63 + 1),
            "total_hits": chance.normal(3000.0, 400.0, rows),
            "ratio": ratio,
            "ratio_low": ratio / 1.1,
            "ratio_high": ratio * 1.1,
            "finding": np.tile(["wins", "no evidence", "a, comma"], rows)[:rows],
            "flows": np.tile([True, False], rows)[:rows],
        }
    )


def table(frame: pd.DataFrame, name: str = "map", **more: object) -> Table:
    return Table(name, "Title of the table", "", frame, **more)  # type: ignore[arg-type]


def report(*tables: Table, **more: object) -> Report:
    section = Section(
        "map",
        "The map",
        "Where?",
        "Here.",
        [Figure("map", "A map", PNG, "A map of cells", "How to read it", "race-sim sweep one")],
        tables,
        ["Take care."],
        "race-sim sweep all",
    )
    fields = {"sections": [section], "provenance": {"law": "ab12"}, **more}
    return Report("Title", "Question?", "Answer.\n\nMore.", **fields)  # type: ignore[arg-type]


def full_report() -> Report:
    failed = pd.DataFrame({"scenario": ["k1"], "seed": [3], "error": ["no room"]})
    return report(
        table(numbers(30)),
        command="race-sim report all",
        replay=[Replay("k1-7", "The worst cell", "race-sim run baseline --seed 7")],
        warnings=["Few runs."],
        quick=True,
        partial="part ladder is missing.",
        runs=60,
        failed=failed,
    )


def content(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    assert head.startswith("data:")
    assert head.endswith(";base64")
    return base64.b64decode(body, validate=True)


def downloads(page: Page) -> dict[str, str]:
    return {link["download"]: content(link["href"]).decode() for link in page.of("a") if "download" in link}


def body_rows(page: Page, place: int = 0) -> list[dict[str, str]]:
    heading, *rows = page.tables[place]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_nothing_is_asked_of_a_network() -> None:
    source = render(full_report())
    page = Page(source)
    for _, attributes in page.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster", "background"):
            if name in attributes:
                assert attributes[name].startswith(("data:", "#"))
    assert {tag for tag, _ in page.elements} & {"script", "link", "iframe", "object", "embed", "base", "form"} == set()
    style = "".join(page.text("style"))
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"(?i)\bhttps?:|//[a-z]", re.sub(r"data:[^\"]+", "", source))
    policy = next(meta["content"] for meta in page.of("meta") if "http-equiv" in meta)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert set(rules) == {"default-src", "img-src", "style-src", "base-uri", "form-action"}


def test_every_link_within_the_page_has_a_place_and_every_place_one_name() -> None:
    twice = Section("The map", "The map again")
    page = Page(render(report(table(numbers(3)), table(numbers(3)), sections=[twice, twice, Section("answer", "A")])))
    assert len(page.ids) == len(set(page.ids))
    page = Page(render(full_report()))
    assert len(page.ids) == len(set(page.ids))
    inner = {link["href"][1:] for link in page.of("a") if link["href"].startswith("#")}
    assert inner <= set(page.ids)
    assert {"answer", "map", "again", "replay", "failed", "provenance"} <= inner
    labels = {attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes}
    assert labels <= set(page.ids)


def test_no_text_becomes_markup() -> None:
    plain = Page(render(full_report()))
    frame = pd.DataFrame({NASTY: [NASTY], "seed": [1]})
    section = Section(
        NASTY,
        NASTY,
        NASTY,
        NASTY,
        [Figure(NASTY, NASTY, PNG, NASTY, NASTY, NASTY)],
        [Table(NASTY, NASTY, NASTY, frame)],
        [NASTY],
        NASTY,
    )
    nasty = Report(
        NASTY,
        NASTY,
        NASTY,
        [section],
        {NASTY: NASTY, "inner": {NASTY: [NASTY]}},
        NASTY,
        [Replay(NASTY, NASTY, NASTY)],
        [NASTY],
        partial=NASTY,
        failed=frame,
    )
    page = Page(render(nasty))
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements}
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert [image["alt"] for image in page.of("img")] == [NASTY]
    for tag in ("title", "h1", "h2", "h3", "p", "li", "th", "td", "code"):
        assert any(NASTY in text for text in page.text(tag)), tag
    assert next(iter(downloads(page).values())).count("script") == frame.to_csv().count("script")


def test_figures_are_in_the_page_with_words_for_those_who_do_not_see_them() -> None:
    images = Page(render(full_report())).of("img")
    assert [(content(image["src"]), image["alt"]) for image in images] == [(PNG, "A map of cells")]
    with pytest.raises(ValueError, match="do not see"):
        Figure("map", "A map", PNG, " ")
    with pytest.raises(ValueError, match="not a PNG"):
        Figure("map", "A map", b"<svg>", "A map")


def test_shown_numbers_are_those_of_the_frame() -> None:
    frame = numbers(LONG)
    rows = body_rows(Page(render(report(table(frame)))))
    assert len(rows) == len(frame)
    for shown, (_, row) in zip(rows, frame.iterrows(), strict=True):
        assert shown["cycle"] == str(int(row["cycle"]))
        assert shown["seed"] == str(int(row["seed"]))
        assert shown["total hits hits/week"] == rounded(row["total_hits"])
        limits = [rounded(row[name]) for name in ("ratio", "ratio_low", "ratio_high")]
        assert shown["ratio"] == "{} [{}, {}]".format(*limits)
        assert shown["finding"] == row["finding"]
        assert shown["flows"] == ("yes" if row["flows"] else "no")
        assert float(limits[0]) == pytest.approx(row["ratio"], rel=0.006, abs=0.0005)
    assert set(rows[0]) == {"cycle", "seed", "total hits hits/week", "ratio", "finding", "flows"}


def test_numbers_are_set_as_numbers() -> None:
    frame = numbers(3).assign(told="1.7 [1.6, 1.9]")
    kinds = {column.name: column.number for column in shown_columns(table(frame, numbers=["told"]))}
    assert [name for name, number in kinds.items() if not number] == ["finding", "flows"]
    page = Page(render(report(table(frame, numbers=["told"]))))
    right = [element.get("class") == "number" for element in page.of("td")[: len(kinds)]]
    assert right == list(kinds.values())


def test_the_file_of_a_table_reads_back_as_the_frame() -> None:
    frame = numbers(MOST_ROWS + 20)
    frame.loc[5, "total_hits"] = math.nan
    page = Page(render(report(table(frame))))
    lines = list(csv.DictReader(io.StringIO(downloads(page)["map.csv"])))
    assert list(lines[0]) == list(frame.columns)
    assert [int(line["seed"]) for line in lines] == frame["seed"].tolist()
    assert [line["finding"] for line in lines] == frame["finding"].tolist()
    for name in ("cycle", "total_hits", "ratio", "ratio_low", "ratio_high"):
        back = np.array([float(line[name] or "nan") for line in lines])
        assert np.array_equal(back, frame[name].to_numpy(), equal_nan=True)


@pytest.mark.parametrize(
    ("rows", "folded", "shown"),
    [
        (1, 0, 1),
        (LONG, 0, LONG),
        (LONG + 1, LONG + 1 - FIRST, LONG + 1),
        (MOST_ROWS + 1, MOST_ROWS - FIRST, MOST_ROWS),
    ],
)
def test_long_tables_are_folded_and_say_so(rows: int, folded: int, shown: int) -> None:
    page = Page(render(report(table(numbers(rows)))))
    assert len(body_rows(page)) == shown
    assert sum(row.get("class") == "more" for row in page.of("tr")) == folded
    told = " ".join(page.text("span", "p"))
    assert (f"First {FIRST} of {rows} rows" in told) == (folded > 0)
    assert (f"first {shown} rows of {rows}" in told) == (shown < rows)


def test_an_empty_table_is_no_table() -> None:
    page = Page(render(report(table(numbers(0)))))
    assert "No rows." in page.text("p")
    assert len(page.tables) == 1  # of the provenance


def test_headings_and_meanings_come_from_the_codebook_or_the_caller() -> None:
    frame = pd.DataFrame({"total_hits": [1.5], "my_worth": [2], "workshops_quality": [0.5]})
    page = Page(render(report(table(frame, headings={"my_worth": "what it is worth"}))))
    assert page.tables[0][0] == ["total hits hits/week", "what it is worth", "workshops quality"]
    told = " ".join(page.text("dd"))
    assert CODEBOOK["total_hits"][1] in told
    assert CODEBOOK["workshops_quality"][1] in told


def banner(page: Page) -> bool:
    return any(attributes.get("class") == "banner" for attributes in page.of("aside"))


def test_a_whole_study_has_no_banner() -> None:
    source = render(report(table(numbers(3)), failed=numbers(0), runs=3))
    assert not banner(Page(source))
    assert QUICK not in source


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quick": True}, QUICK),
        ({"partial": "part ladder is missing."}, "This sweep is not complete: part ladder is missing."),
        ({"failed": numbers(2), "runs": 5600}, "Runs that failed and have no measures: 2 of 5,600."),
        ({"failed": numbers(2)}, "Runs that failed and have no measures: 2."),
    ],
)
def test_what_is_not_a_whole_study_says_so_at_the_top(fields: dict[str, object], words: str) -> None:
    source = render(report(**fields))
    page = Page(source)
    assert banner(page)
    assert words in page.text("p")
    assert source.index(words) < source.index("<main>")
    assert ("failed" in page.ids) == ("failed" in fields)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(full_report()) == render(full_report())


def test_texts_are_paragraphs_and_lists() -> None:
    page = Page(
        render(report(sections=[Section("a", "A", answer="One\ntwo.\n\n- three\n- four - five\n\n- six\nseven")]))
    )
    assert {"One\ntwo.", "- six\nseven", "Answer.", "More."} <= set(page.text("p"))
    assert page.text("li")[-2:] == ["three", "four - five"]


def test_commands_are_given_to_the_letter() -> None:
    page = Page(render(full_report()))
    assert page.text("code")[:1] == ["race-sim sweep one"]
    assert {"race-sim sweep all", "race-sim report all", "race-sim run baseline --seed 7"} <= set(page.text("code"))
    assert "k1-7" in page.text("h3")
    assert len(page.of("pre")) == 4


def test_the_provenance_is_told_flat() -> None:
    facts = {
        "race_sim": "0.1.0",
        "commit": None,
        "seeds": {"first": 1, "runs": 40},
        "command": ["race-sim", "demo", "--out", "my dir"],
        "parts": ["one", "two"],
    }
    page = Page(render(report(provenance=facts)))
    assert page.tables[-1] == [
        ["race sim", "0.1.0"],
        ["commit", "none"],
        ["seeds: first", "1"],
        ["seeds: runs", "40"],
        ["command", "race-sim demo --out 'my dir'"],
        ["parts", "one, two"],
    ]


def test_landmarks_and_headings_lead_through_the_page() -> None:
    page = Page(render(full_report()))
    tags = [tag for tag, _ in page.elements]
    for tag in ("header", "nav", "main", "footer", "h1", "title"):
        assert tags.count(tag) == 1
    assert page.of("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(cell.get("scope") in {"col", "row"} for cell in page.of("th"))


def test_a_report_is_written_whole_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.txt").write_text("mine", encoding="utf-8")
    write_report(report(), path)
    assert path.read_bytes() == render(report()).encode()
    assert write_report(full_report(), path) == path
    assert path.read_bytes() == render(full_report()).encode()
    assert sorted(one.name for one in path.parent.iterdir()) == ["report.html", "thesis.txt"]


def test_what_is_no_report_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("<!DOCTYPE html>my own", encoding="utf-8")
    with pytest.raises(InputError, match="was not written by race_sim"):
        write_report(report(), path)
    assert path.read_text(encoding="utf-8") == "<!DOCTYPE html>my own"
    with pytest.raises(InputError, match="is a directory"):
        write_report(report(), tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        write_report(report(), path / "report.html")


def test_bytes_of_no_character_do_not_keep_a_report_from_being_written(tmp_path: Path) -> None:
    path = write_report(report(command="race-sim demo --out \udcff"), tmp_path / "report.html")
    assert "--out \\udcff" in path.read_text(encoding="utf-8")
