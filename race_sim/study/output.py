"""What a study leaves for its reader beside the rows: tables, figures, a verdict, provenance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from race_sim.analysis.cells import point_table
from race_sim.analysis.headline import headline_tables, verdict
from race_sim.plots.studies import FIGURES
from race_sim.study.provenance import provenance
from race_sim.study.saving import write_json
from race_sim.study.staging import write_whole
from race_sim.study.sweep import StudyResult

HEADLINE_FIGURE = "exchange_map"
"""A part that asks for this figure has the factors of the fair test, and so a verdict."""
QUICK = "This was a quick run: it tests the set-up, and its numbers show nothing."
"""First line of its verdict."""
DOTS = 150  # dots an inch


def write_outputs(
    result: StudyResult, directory: Path, *, command: Sequence[str] = (), quick: bool = False
) -> list[Path]:
    """Write tables, figures and, for the fair test, its verdict; return their paths.

    For every part `tables/points-PART.csv` has a row a point. Each file appears whole or not at all. The verdict of a
    quick run begins by saying what it is.

    Raises InputError if one cannot be written.
    """
    asked = {
        figure: result.parts[part.name]
        for part in result.study.part
        if part.name in result.parts
        for figure in part.figures
    }
    tables = {f"points-{name}": point_table(rows, result.factors(name)) for name, rows in result.parts.items()}
    tables |= headline_tables(asked)
    told = ""
    if HEADLINE_FIGURE in asked:
        told = verdict(tables["exchange"], int(asked[HEADLINE_FIGURE]["cycle"].min()))
        told = f"{QUICK}\n\n{told}" if quick else told
    written = [write_whole(directory / "tables" / f"{name}.csv", _csv(table)) for name, table in tables.items()]
    for name, rows in asked.items():
        figure = FIGURES[name].draw(rows, asked)
        written.append(
            write_whole(directory / "figures" / f"{name}.png", partial(figure.savefig, dpi=DOTS, format="png"))
        )
    if told:
        written.append(
            write_whole(directory / "verdict.txt", lambda path: path.write_text(told + "\n", encoding="utf-8"))
        )
    origin = provenance(seeds=result.study.seeds, driver="ensemble", model=None, command=command)
    written.append(write_whole(directory / "provenance.json", lambda path: write_json(path, origin)))
    return written


def _csv(table: pd.DataFrame) -> Callable[[Path], object]:
    return lambda path: table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
