"""What a study leaves for its reader beside the rows: tables, figures, a verdict, a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from race_sim.analysis.cells import point_table
from race_sim.analysis.headline import headline_tables, verdict
from race_sim.analysis.measures import Measure, measure
from race_sim.errors import InputError
from race_sim.plots.studies import FIGURES
from race_sim.plots.style import warn
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.study.definition import Part, Study
from race_sim.study.drawings import draw
from race_sim.study.execute import WEEKLY_PREFIX
from race_sim.study.provenance import provenance
from race_sim.study.report import QUICK, write_report
from race_sim.study.result import StudyResult, read_result
from race_sim.study.saving import write_json
from race_sim.study.staging import write_whole
from race_sim.study.store import Store
from race_sim.study.study_report import study_report
from race_sim.study.subject import Drawn

HEADLINE_FIGURE = "exchange_map"
"""A part that asks for this figure has the factors of the fair test, and so a verdict."""
HEADLINE_COLUMNS = (
    "total_hits",
    "total_sorties",
    "total_trials_judged",
    "total_trials_adopted",
    "workshops_hits",
    "primes_hits",
    "front_decision_week_central",
    "front_balance_end_central",
)
"""Columns of the rows from which the tables and figures of the headline are made."""
FORMATS = ("png", "svg", "pdf")


def write_outputs(store: Store, *, command: Sequence[str] = (), report: Path | None = None) -> list[Path]:
    """Write tables, figures, for the fair test its verdict, and the report; return their paths, the report's last.

    For every part `tables/points-PART.csv` has a row a point. Each file appears whole or not at all. What comes from a
    quick run says so. Runs that are missing or failed are left out and counted.

    Args:
        store: where the runs are.
        command: words of the command line, for the provenance.
        report: place of the report, `report.html` in the store's directory if None.

    Raises InputError if one cannot be written or drawn.
    """
    directory, result = store.directory, read_result(store, columns=needed(store.study))
    tables = {
        name: point_table(rows, result.factors(name), _outputs(result.study, name))
        for name, rows in result.parts.items()
    }
    asked = _asked(result)
    headline = headline_tables(asked)
    told = ""
    if HEADLINE_FIGURE in asked:
        told = verdict(headline["exchange"], int(asked[HEADLINE_FIGURE]["cycle"].min()))
        told = f"{QUICK}\n\n{told}" if store.facts["quick"] else told
    quick = bool(store.facts["quick"])
    drawn = {part.name: list(_drawn(part, result, asked, headline, quick=quick)) for part in _parts(result)}
    files = {f"points-{name}": table for name, table in tables.items()} | headline
    for one in (one for figures in drawn.values() for one in figures):
        if one.table is not None and not any(one.table is table for table in headline.values()):
            files[one.name] = one.table
    written = [write_whole(directory / "tables" / f"{name}.csv", _csv(table)) for name, table in files.items()]
    written += [_save(one, directory / "figures", "png") for figures in drawn.values() for one in figures]
    if told:
        written.append(
            write_whole(directory / "verdict.txt", lambda path: path.write_text(told + "\n", encoding="utf-8"))
        )
    origin = provenance(
        seeds=store.study.seeds,
        driver="ensemble" if store.facts["model"] is None else "mesa",
        model=store.facts["model"],
        command=command,
    )
    facts = {**origin, "quick": quick}
    written.append(write_whole(directory / "provenance.json", lambda path: write_json(path, facts)))
    page = study_report(store, result, drawn, tables, told)
    written.append(write_report(page, report or directory / "report.html"))
    return written


def plot_figures(
    store: Store, folder: Path, *, names: Sequence[str] = (), formats: Sequence[str] = ("png",)
) -> list[Path]:
    """Draw figures of these names, all if none is given, in these formats; return their paths.

    Figures of a quick run say so above all else.

    Raises InputError if the study has no such figure or there is no such format.
    """
    there = [name for part in store.study.part for name in figure_names(part)]
    for name in names:
        if name not in there:
            raise InputError(
                f"study {store.study.name} has no figure {shown(name)}.{did_you_mean(nearest(name, there))}"
                f" It has {', '.join(there) or 'none'}."
            )
    for wanted in formats:
        if wanted not in FORMATS:
            raise InputError(f"format = {shown(wanted)} is not allowed: give {', '.join(FORMATS)}")
    result = read_result(store, columns=needed(store.study))
    asked = _asked(result)
    headline = headline_tables(asked)
    written = []
    for part in _parts(result):
        if names and not set(names) & set(figure_names(part)):
            continue
        for one in _drawn(part, result, asked, headline, names, quick=bool(store.facts["quick"])):
            written += [_save(one, folder, wanted) for wanted in formats]
    return written


def figure_names(part: Part) -> list[str]:
    """Names of all figures of a part."""
    return [*part.figures, *(drawing.name for drawing in part.figure)]


def needed(study: Study) -> list[str]:
    """Columns of the rows that the tables and figures of a study are made from."""
    outputs = [name for part in study.part for name in study.outputs_of(part)]
    outputs += [
        drawing.output for part in study.part for drawing in part.figure if drawing.kind != "weeks" and drawing.output
    ]
    outputs += [part.boundary.output for part in study.part if part.boundary is not None]
    outputs += [part.screen.output for part in study.part if part.screen is not None]
    columns = [column for name in outputs for column in (measure(name).above, measure(name).below) if column]
    series = [WEEKLY_PREFIX + name for part in study.part for name in part.series]
    return list(dict.fromkeys((*HEADLINE_COLUMNS, *columns, *series)))


def _parts(result: StudyResult) -> list[Part]:
    return [part for part in result.study.part if part.name in result.parts]


def _outputs(study: Study, part: str) -> list[Measure]:
    return [measure(name) for name in study.outputs_of(study.named(part))]


def _asked(result: StudyResult) -> dict[str, pd.DataFrame]:
    """{figure of the headline: rows of the part that asks for it}, without seeds of which a run is missing or failed.

    Forces are paired seed by seed there, so that a seed serves only whole.
    """
    return {figure: _whole_seeds(result.parts[part.name]) for part in _parts(result) for figure in part.figures}


def _whole_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    sound = rows[rows["error"] == ""]
    counts = sound.groupby("seed")["point"].count()
    whole = counts.index[counts == rows["point"].nunique()]
    return sound[sound["seed"].isin(whole)] if len(whole) < rows["seed"].nunique() else rows


def _drawn(
    part: Part,
    result: StudyResult,
    asked: Mapping[str, pd.DataFrame],
    headline: Mapping[str, pd.DataFrame],
    names: Sequence[str] = (),
    *,
    quick: bool,
) -> Iterable[Drawn]:
    """The figures of a part, of these names if any is given; those of a quick run say so first."""
    for one in _figures(part, result, asked, headline, names):
        if quick:
            warn(one.figure, QUICK)
        yield one


def _figures(
    part: Part,
    result: StudyResult,
    asked: Mapping[str, pd.DataFrame],
    headline: Mapping[str, pd.DataFrame],
    names: Sequence[str],
) -> Iterable[Drawn]:
    for name in part.figures:
        if not names or name in names:
            known = FIGURES[name]
            yield Drawn(name, known.title, known.draw(asked[name], asked), known.title, table=headline.get(known.table))
    for drawing in part.figure:
        if not names or drawing.name in names:
            yield draw(drawing, part, result)


def _save(drawn: Drawn, folder: Path, form: str) -> Path:
    content = drawn.png if form == "png" else drawn.image(form)
    return write_whole(folder / f"{drawn.name}.{form}", lambda path: path.write_bytes(content))


def _csv(table: pd.DataFrame) -> Callable[[Path], object]:
    return lambda path: table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
