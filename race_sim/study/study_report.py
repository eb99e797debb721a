"""The report of a study: its parts with their questions, answers, figures and tables, as `report` renders them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from race_sim.analysis.measures import measure
from race_sim.study.definition import Part
from race_sim.study.reading import command_name
from race_sim.study.report import Figure, Replay, Report, Section, Table
from race_sim.study.result import StudyResult
from race_sim.study.store import Store
from race_sim.study.subject import Drawn

FIRST_SENTENCE = re.compile(r".+?(?:\.(?=\s+[A-Z]|$)|$)")
FAILURES = 50  # failed runs listed


def study_report(
    store: Store,
    result: StudyResult,
    drawn: Mapping[str, Sequence[Drawn]],
    tables: Mapping[str, pd.DataFrame],
    verdict: str,
) -> Report:
    """All that a report of a study says.

    Args:
        store: where its runs are.
        result: what they measured.
        drawn: figures of each part, with tables and words.
        tables: points of each part.
        verdict: of the fair test; empty if the study is none.
    """
    study = store.study
    sections = [_section(store, part, drawn[part.name], tables[part.name]) for part in _parts(result)]
    missing = result.wanted - result.there
    return Report(
        title=study.title,
        question=study.question.strip(),
        answer=_in_paragraphs(verdict) if verdict else _answer(_parts(result), drawn),
        sections=sections,
        provenance=_provenance(store, result),
        command=_sweep_command(store),
        replay=list(_replays(store, result)),
        quick=bool(store.facts["quick"]),
        partial=f"{missing:,} of {result.wanted:,} runs of its design so far are not there." if missing else "",
        runs=result.wanted,
        failed=_failures(result),
    )


def _parts(result: StudyResult) -> list[Part]:
    return [part for part in result.study.part if part.name in result.parts]


def _section(store: Store, part: Part, drawn: Sequence[Drawn], points: pd.DataFrame) -> Section:
    tables: list[Table] = []
    for one in drawn:
        if one.table is not None and not any(table.frame is one.table for table in tables):
            tables.append(Table(f"{one.name}-table", one.title, one.note, one.table))
    tables.append(Table(f"{part.name}-points", "Every point", "Measures with 95% intervals over runs.", points))
    return Section(
        name=part.name,
        title=part.name.replace("_", " ").capitalize(),
        question=part.question,
        answer="\n\n".join(one.words for one in drawn if one.words),
        figures=[
            Figure(
                one.name,
                one.title,
                one.png,
                one.alternative,
                one.caption,
                f"race-sim plot {shlex.quote(str(store.directory))} --figure {one.name}",
            )
            for one in drawn
        ],
        tables=tables,
        command=f"{_sweep_command(store)} --part {part.name}",
    )


def _answer(parts: Sequence[Part], drawn: Mapping[str, Sequence[Drawn]]) -> str:
    """The question of each part, with what each of its figures says first, of every panel."""
    told = []
    for part in parts:
        firsts = [one.words.partition("\n\n")[0].splitlines() for one in drawn[part.name]]
        sentences = [FIRST_SENTENCE.match(line) for lines in firsts for line in lines]
        found = " ".join(sentence[0].strip() for sentence in sentences if sentence is not None)
        if found:
            told.append(f"- {part.question} {found}")
    return "\n".join(told)


def _in_paragraphs(verdict: str) -> str:
    """A verdict with its first sentence, which is set large, apart from what it rests on."""
    *before, last = verdict.split("\n\n")
    first = FIRST_SENTENCE.match(last)
    said = [last] if first is None else [first[0], last[first.end() :].strip()]
    return "\n\n".join(one for one in (*before, *said) if one)


def _sweep_command(store: Store) -> str:
    quick = " --quick" if store.facts["quick"] else ""
    model = f" --model {store.facts['model']}" if store.facts["model"] else ""
    study, out = shlex.quote(command_name(store.study)), shlex.quote(str(store.directory))
    return f"race-sim sweep {study}{quick}{model} --out {out}"


def _provenance(store: Store, result: StudyResult) -> dict[str, object]:
    """Who raced what: facts of the manifest, and the design."""
    facts = {name: value for name, value in store.facts.items() if name not in ("study", "record")}
    design = [
        f"{one.origin}: {len(one.points):,} points of {', '.join(one.parts)}; replicates {one.first_replicate + 1} to "
        f"{one.last_replicate}"
        for one in store.generations()
    ]
    return {
        **facts,
        **dict(store.facts["record"]),
        "runs": f"{result.there:,} of {result.wanted:,}, {result.failed:,} failed",
        "common random numbers": store.study.common_random_numbers,
        "design": design,
    }


def _replays(store: Store, result: StudyResult) -> Iterator[Replay]:
    """Of each part, the runs with most and with least of its first output."""
    for part in _parts(result):
        wanted = measure(store.study.outputs_of(part)[0])
        rows = result.parts[part.name].reset_index(drop=True)
        values = wanted.of_runs(rows).dropna()
        if values.empty:
            continue
        for word, place in (("most", int(values.argmax())), ("least", int(values.argmin()))):
            row = rows.loc[values.index[place]]
            levels = ", ".join(f"{name} {row[name]}" for name in result.factors(part.name))
            run = f"{row['scenario']}-{row['seed']}"
            yield Replay(
                run,
                f"{part.name}: {word} {wanted.label.lower()} ({values.iloc[place]:.3g}); {levels}, seed {row['seed']}",
                f"race-sim replay {shlex.quote(str(store.directory))} {run}",
            )


def _failures(result: StudyResult) -> pd.DataFrame | None:
    """A row a run that failed, with its error; None if none did."""
    tables = []
    for name, rows in result.parts.items():
        failed = rows[rows["error"] != ""]
        tables.append(
            pd.DataFrame(
                {
                    "part": name,
                    "run": failed["scenario"] + "-" + failed["seed"].astype(str),
                    "error": failed["error"],
                }
            )
        )
    found = pd.concat(tables, ignore_index=True).drop_duplicates("run") if tables else pd.DataFrame()
    return found.head(FAILURES) if len(found) else None
