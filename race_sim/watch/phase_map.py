"""The maps of a stored sweep for the browser: what was measured where, the boundary, and the runs behind every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from race_sim.analysis.cells import BALANCE_END, DECISION_WEEK, HITS, SORTIES
from race_sim.analysis.measures import measure
from race_sim.errors import InputError
from race_sim.study.definition import Drawing, Part, Study
from race_sim.study.report import QUICK
from race_sim.study.result import StudyResult, read_result
from race_sim.study.store import Store
from race_sim.study.subject import Subject
from race_sim.study.wording import Wording
from race_sim.watch.map_kinds import EXCHANGE_MAP, boundary_map, exchange_map, grid_map
from race_sim.watch.map_parts import Plain

KINDS = {"phase": grid_map, "boundary": boundary_map}


@dataclass(frozen=True)
class _Source:
    """A map of a study: the part, and its figure; None for the headline's map of all cells."""

    part: Part
    drawing: Drawing | None


def phase_map(store: Store) -> dict[str, Any]:
    """All maps of a stored sweep as plain values; nothing but the store is read.

    Returns `study`, `title`, `notes` (what a reader must know first) and `maps`, each with

    - `name`, `title`, `part`, `question`, `words` (paragraphs: what its numbers say),
    - `value` (`label`; `threshold`, None if it is held against none), `key` (its colours: `map_parts.colour_key`) and
      `marks` (mark and meaning of each side of the threshold that occurs),
    - `x`, `y`: axes with `name`, `label`, `scale` ("log", "linear" or "categories"), `levels` and their `words`
      (of categories also `parts`: the words of each factor they are made of),
    - `panels`: `title`, `cells`, `line` (`map_parts.line_of_boundary`, or None) and `surface`
      (`map_parts.surface_rows` at the levels of the axes where a boundary was refined, else None),
    - `groups` of runs: `scenario` (its key), `label` (levels in words), `count` and `seeds`, the place in `seed_lists`
      of the seeds of the first runs; `roles`: what each group of a cell is to it. A run's name is the key, a hyphen
      and the seed.

    A cell has `x`, `y` (levels; places from 0 for categories), `value`, `low`, `high`, `text`, `finding`, `mark`,
    `fill` (a colour, None if nothing was measured), `light` (whether text on it must be light), `runs`, `left_out`,
    `more` ([label, text] pairs) and `groups` (their places in the map's).

    Raises InputError, saying which parts there are, if the study has no map; or if none can be drawn yet.
    """
    study = store.study
    sources = list(_sources(study))
    if not sources:
        raise InputError(
            f"study {study.name} has no map: none of its parts has a figure of kind {' or '.join(KINDS)}; "
            f"its parts are {', '.join(part.name for part in study.part)}"
        )
    names = {source.part.name for source in sources}
    columns = {column for source in sources for column in _columns(study, source)}
    result = read_result(store, [study.named(name) for name in sorted(names)], columns=sorted(columns))
    found, notes = [], _notes(store, result)
    for source in sources:
        try:
            found.append(_map(source, result))
        except InputError as error:
            notes.append(f"The map of part {source.part.name} cannot be drawn: {error}.")
    if not found:
        raise InputError(f"study {study.name} has no map to show yet. {' '.join(notes)}")
    return {"study": study.name, "title": study.title, "notes": notes, "maps": found}


def _sources(study: Study) -> Iterator[_Source]:
    for part in study.part:
        if EXCHANGE_MAP in part.figures:
            yield _Source(part, None)
        yield from (_Source(part, drawing) for drawing in part.figure if drawing.kind in KINDS)


def _columns(study: Study, source: _Source) -> set[str]:
    """Measures that a map needs."""
    if source.drawing is None:
        return {HITS, SORTIES, DECISION_WEEK, BALANCE_END}
    if source.part.boundary is not None and source.drawing.kind == "boundary":
        wanted = measure(source.part.boundary.output)
    else:
        wanted = measure(source.drawing.output or study.outputs_of(source.part)[0])
    return {wanted.above} if wanted.below is None else {wanted.above, wanted.below}


def _notes(store: Store, result: StudyResult) -> list[str]:
    notes = [QUICK] if store.facts.get("quick") else []
    if result.there < result.wanted:
        notes.append(f"The sweep is not complete: {result.there:,} of {result.wanted:,} runs are there.")
    if result.failed:
        notes.append(f"Runs that failed and have no measures: {result.failed:,}.")
    return notes


def _map(source: _Source, result: StudyResult) -> Plain:
    rows = result.parts.get(source.part.name)
    if rows is None or rows.empty:
        raise InputError("none of its runs is there")
    if source.drawing is None:
        return exchange_map(source.part, result)
    return KINDS[source.drawing.kind](Subject(source.drawing, source.part, result, Wording(result.study)))
