"""A report: one HTML file that needs no network, with what was asked, what the numbers say, and how to get them again.

It renders what it is given. Every sentence about the races is made by whoever made the numbers.
"""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import race_sim
from race_sim.analysis.intervals import LEVEL
from race_sim.errors import InputError
from race_sim.study.report_table import MOST_ROWS, Column, Table, shown_columns, shown_value
from race_sim.study.staging import write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figure", "Replay", "Report", "Section", "Table", "check_report", "page", "render", "write_report"]

QUICK = "A quick run tests the set-up: its numbers show nothing."
GENERATOR = '<meta name="generator" content="race_sim '
"""Stands near the beginning of every report; no other file is overwritten."""

POINT = "- "  # begins a line of a list
LONG = 20  # rows of a table that is shown whole
FIRST = 10  # rows shown of a longer one until it is unfolded
_TEMPLATE = Path(__file__).with_name("report.html.jinja")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report.

    Attributes:
        name: begins the address of its place in the page.
        title: what it shows, in words.
        png: the image.
        alternative: what it shows, for readers who do not see it.
        caption: how to read it.
        command: makes it again; empty if the section's command does.

    Raises ValueError if the image is no PNG or has no alternative.
    """

    name: str
    title: str
    png: bytes
    alternative: str
    caption: str = ""
    command: str = ""

    def __post_init__(self) -> None:
        if not self.png.startswith(_PNG):
            raise ValueError(f"figure {self.name}: not a PNG image")
        if not self.alternative.strip():
            raise ValueError(f"figure {self.name}: it needs words for those who do not see it")


@dataclass(frozen=True, slots=True)
class Section:
    """One question of a report. Paragraphs of its texts are set apart by an empty line; lines "- ..." are a list.

    Attributes:
        name: address of its place in the page.
        title: its heading.
        question: what it asks.
        answer: what the numbers say.
        figures: shown first.
        tables: shown below them.
        warnings: what a reader must know before believing the answer.
        command: makes it again; empty if the report's command does.
    """

    name: str
    title: str
    question: str = ""
    answer: str = ""
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    warnings: Sequence[str] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """One run to watch again: its identifier, what it is in words, and the command that repeats it."""

    run: str
    description: str
    command: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says. Paragraphs of its texts are set apart by an empty line; lines "- ..." are a list.

    Attributes:
        title: its heading.
        question: what was asked.
        answer: what the numbers say; the first paragraph is set large.
        sections: figures and tables behind it, one question each.
        provenance: where the numbers come from: plain values, lists and mappings of them (`study.provenance`).
        command: makes all of it again.
        replay: runs worth watching.
        warnings: what a reader must know before believing the answer.
        quick: whether the runs only tested the set-up.
        partial: what was left out of a sweep that is not complete, in words; empty if it is.
        runs: runs asked for; None if not known.
        failed: a row for each run that failed, with its error; None or no rows if none did.
    """

    title: str
    question: str
    answer: str
    sections: Sequence[Section]
    provenance: Mapping[str, object]
    command: str = ""
    replay: Sequence[Replay] = ()
    warnings: Sequence[str] = ()
    quick: bool = False
    partial: str = ""
    runs: int | None = None
    failed: pd.DataFrame | None = None


def render(report: Report) -> str:
    """The page. The same report always gives the same characters: dates stand in the provenance alone."""
    # Imported here: only reports need it.
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"paragraphs": _paragraphs, "data_uri": _data_uri}
    anchors = _Anchors(["answer", "again", "replay", "failed", "failed-runs", "provenance", "contents"])
    sections = [_section(section, anchors) for section in report.sections]
    failed = report.failed if report.failed is not None and len(report.failed) > 0 else None
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        report=report,
        sections=sections,
        failed=None if failed is None else _table(Table("failed-runs", "Runs that failed", "", failed), "failed-runs"),
        banner=_banner(report, failed),
        provenance=list(_facts(report.provenance)),
        level=f"{LEVEL:.0%}",
        version=race_sim.__version__,
    )


def page(report: Report) -> bytes:
    """The content of the report's file."""
    return render(report).encode("utf-8", "backslashreplace")  # a path in a command may hold bytes of no character


def write_report(report: Report, path: Path) -> Path:
    """Write the page, whole or not at all, in place of an older report if there is one; return its path.

    Raises InputError if something else has that name or it cannot be written.
    """
    check_report(path)
    content = page(report)
    return write_whole(path, lambda place: place.write_bytes(content))


def check_report(path: Path) -> None:
    """Find out before a long run whether a report would take the place of something else.

    Raises InputError if the path is there and is no report.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; the report needs this name")
        if path.exists():
            with path.open("rb") as stream:
                if GENERATOR.encode() not in stream.read(4096):
                    raise InputError(f"{path}: was not written by race_sim; it is not overwritten")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


@dataclass(frozen=True, slots=True)
class _TableView:
    """A table as the template takes it."""

    table: Table
    anchor: str
    columns: Sequence[Column]
    rows: int
    shown: int
    first: int
    file: str
    uri: str
    limits: bool


@dataclass(frozen=True, slots=True)
class _SectionView:
    """A section as the template takes it, with the address of each of its parts."""

    section: Section
    anchor: str
    figures: Sequence[tuple[str, Figure]]
    tables: Sequence[_TableView]


@dataclass(slots=True)
class _Anchors:
    """Addresses in the page: each is given once."""

    taken: list[str] = field(default_factory=list)

    def new(self, name: str) -> str:
        """An address made of the name's letters and figures, with a number if another has it."""
        base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "part"
        anchor, number = base, 1
        while anchor in self.taken:
            number += 1
            anchor = f"{base}-{number}"
        self.taken.append(anchor)
        return anchor


def _section(section: Section, anchors: _Anchors) -> _SectionView:
    return _SectionView(
        section,
        anchors.new(section.name),
        [(anchors.new(f"figure-{figure.name}"), figure) for figure in section.figures],
        [_table(table, anchors.new(f"table-{table.name}")) for table in section.tables],
    )


def _table(table: Table, anchor: str) -> _TableView:
    columns, rows = shown_columns(table), len(table.frame)
    shown = min(rows, MOST_ROWS)
    return _TableView(
        table=table,
        anchor=anchor,
        columns=columns,
        rows=rows,
        shown=shown,
        first=shown if shown <= LONG else FIRST,
        file=f"{anchor.removeprefix('table-')}.csv",
        uri=_data_uri(table.csv.encode("utf-8", "backslashreplace"), "text/csv;charset=utf-8"),
        limits=any("[" in cell for column in columns if column.number for cell in column.cells),
    )


def _banner(report: Report, failed: pd.DataFrame | None) -> list[str]:
    """What keeps the numbers from being those of a whole study, a sentence each."""
    told = [QUICK] if report.quick else []
    if report.partial:
        told.append(f"This sweep is not complete: {report.partial}")
    if failed is not None:
        of = "" if report.runs is None else f" of {report.runs:,}"
        told.append(f"Runs that failed and have no measures: {len(failed):,}{of}.")
    return told


def _facts(facts: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of the provenance; what stands in a mapping is led by the mapping's name."""
    for name, value in facts.items():
        words = f"{within}{name}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from _facts(value, f"{words}: ")
        elif isinstance(value, list | tuple):
            yield words, shlex.join(map(str, value)) if name == "command" else ", ".join(map(str, value))
        else:
            yield words, "none" if value is None else shown_value(value)


def _paragraphs(text: str) -> list[str | list[str]]:
    """Paragraphs of a text; one whose lines all begin with "- " is a list of points."""
    parts: list[str | list[str]] = []
    for part in re.split(r"\n\s*\n", text):
        lines = part.strip().splitlines()
        if lines and all(line.startswith(POINT) for line in lines):
            parts.append([line.removeprefix(POINT) for line in lines])
        elif lines:
            parts.append(part.strip())
    return parts


def _data_uri(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"
