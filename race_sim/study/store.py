"""A sweep's directory, which coordinates whoever works on it: manifest, design, blocks of rows, quarantine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from race_sim.errors import InputError
from race_sim.scenario.text import shown
from race_sim.study.blocks import (
    DamagedError,
    block_bytes,
    block_files,
    find_block,
    parquet_rows,
    read_block,
    read_table,
    table_bytes,
    write_block,
)
from race_sim.study.definition import Study
from race_sim.study.design import Generation, Place
from race_sim.study.reading import kept_study
from race_sim.study.saving import write_json
from race_sim.study.staging import TEMPORARY, sweep_orphans, write_once, write_whole

MANIFEST = "manifest.json"
DESIGN = "design.parquet"
RUNS = "runs"
QUARANTINE = "quarantine"
ELSEWHERE = "give --new-dir for a new directory beside it, or another --out"

WHY: Mapping[str, str] = {
    "format": "an older version of race_sim laid it out",
    "law": "the law of the race is another one: rules, numba or NumPy have changed",
    "schema": "the parameters of the schema are others",
    "measures": "runs are measured in another way",
    "quick": "quick runs and full ones do not mix",
    "model": "another model ran them",
    "model_source": "the source of the model has changed",
}
"""Reasons in words why runs with another fact are not mixed in."""


class Store:
    """A directory of runs. Nothing in it is ever changed, only added, so that many processes may work on it.

    `manifest.json` says what every row depends on; `design.parquet/gNNN.parquet` are the generations of the design;
    `runs/gNNN/bNNNNNNN.CHECKSUM.parquet` are blocks of rows. What is there is done: nothing else counts.

    Attributes:
        directory: where it is.
        study: as it is run: the smaller one if quick.
        facts: of the manifest.
    """

    def __init__(self, directory: Path, study: Study, facts: Mapping[str, Any]) -> None:
        self.directory = directory
        self.study = study
        self.facts = facts
        self._generations: list[Generation] = []

    @classmethod
    def create(cls, directory: Path, study: Study, facts: Mapping[str, Any]) -> Store:
        """The store in a directory, made if it is not there.

        Args:
            directory: new, empty, or one that holds runs of the same study and facts.
            study: what is run.
            facts: what every row depends on beside: law, measures, model and the like; names as in `WHY`, and others
                that are kept for the record under "record".

        Raises InputError if the directory holds something else, belongs to other facts or cannot be written.
        """
        manifest = directory / MANIFEST
        content = {**facts, "study": study.model_dump(mode="json")}
        try:
            if directory.exists() and not directory.is_dir():
                raise InputError(f"{directory}: is a file; give the name of a directory")
            if not manifest.is_file():
                if directory.is_dir() and not all(path.name.startswith(TEMPORARY) for path in directory.iterdir()):
                    raise InputError(
                        f"{directory}: was not written by a study (it holds no {MANIFEST}); give a new name"
                    )
                directory.mkdir(parents=True, exist_ok=True)
                write_once(manifest, (json.dumps(content, indent=2, allow_nan=False) + "\n").encode())
            found = _read(manifest)
            _same(directory, found, content)
            kept = kept_study(found["study"], manifest)
            if change := _difference(kept.deciding, study.deciding):
                raise InputError(
                    f"{directory}: holds runs of a study that was different: {change}; {ELSEWHERE}. "
                    "--more-replicates and --more-points add runs to a study as it is"
                )
            if kept != study:  # figures, titles and the like: nothing that was raced depends on them
                found = {**found, "study": content["study"]}
                write_whole(manifest, lambda path: write_json(path, found))
            (directory / RUNS).mkdir(exist_ok=True)
            (directory / DESIGN).mkdir(exist_ok=True)
            sweep_orphans(directory)
        except OSError as error:
            raise InputError(f"{directory}: cannot be written: {error.strerror or error}") from None
        return cls(directory, study, found)

    @classmethod
    def open(cls, directory: Path) -> Store:
        """The store that is in a directory. Raises InputError if there is none."""
        manifest = directory / MANIFEST
        if not directory.is_dir():
            raise InputError(f"{directory}: there is no such directory; `race-sim sweep STUDY --out DIR` makes one")
        if not manifest.is_file():
            raise InputError(f"{directory}: holds no runs of a study (there is no {MANIFEST} in it)")
        facts = _read(manifest)
        if not isinstance(facts.get("study"), dict):
            raise InputError(f"{manifest}: holds no study; {ELSEWHERE}")
        return cls(directory, kept_study(facts["study"], manifest), facts)

    def check(self, facts: Mapping[str, Any]) -> None:
        """Raises InputError, with the reason, if rows with these facts must not be mixed in."""
        _same(self.directory, self.facts, facts)

    def generations(self) -> list[Generation]:
        """All generations of the design so far. Raises InputError if one is damaged."""
        while (path := self._design_file(len(self._generations))).is_file():
            points, facts = read_table(path)
            self._generations.append(Generation(points=points, **facts))
        return self._generations

    def append(self, generation: Generation) -> bool:
        """Add a generation, unless another process has added one of this number; whether this one did.

        Raises InputError if the disk refuses.
        """
        return write_once(self._design_file(generation.number), table_bytes(generation.points, generation.facts))

    def _design_file(self, number: int) -> Path:
        return self.directory / DESIGN / f"g{number:03d}.parquet"

    def folder(self, generation: int) -> Path:
        """Where the blocks of a generation are."""
        return self.directory / RUNS / f"g{generation:03d}"

    def blocks(self, generation: int) -> dict[int, Path]:
        """Blocks of a generation that are there, by number."""
        return block_files(self.folder(generation))

    def block(self, place: Place) -> Path | None:
        """A block, if it is there."""
        return find_block(self.folder(place.generation), place.block)

    def missing(self, generation: Generation) -> list[int]:
        """Numbers of the blocks of a generation that are not there, the first replicates first."""
        there = self.blocks(generation.number)
        return [number for number in range(generation.blocks) if number not in there]

    def write(self, place: Place, rows: pd.DataFrame) -> Path:
        """Add a block. Raises InputError if the disk refuses."""
        facts = {name: self.facts[name] for name in ("law", "measures", "model")} | place._asdict()
        return write_block(self.folder(place.generation), place.block, block_bytes(rows, facts))

    def set_aside(self, path: Path) -> None:
        """Move a damaged block into quarantine, so that it is missing and will be raced again."""
        folder = self.directory / QUARANTINE / path.parent.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another process has moved it
            path.replace(folder / path.name)

    def verify(self, seen: Callable[[Generation, Path], None]) -> list[Path]:
        """Read every block, tell of each that is sound, and put damaged ones aside.

        Returns where the damaged ones were.
        """
        damaged = []
        for generation in self.generations():
            for path in self.blocks(generation.number).values():
                try:
                    seen(generation, path)
                except FileNotFoundError:  # another process has put it aside
                    continue
                except DamagedError:
                    self.set_aside(path)
                    damaged.append(path)
        return damaged

    def rows(self, columns: Sequence[str] | None = None, scenarios: set[str] | None = None) -> pd.DataFrame:
        """Rows written so far, one a run; all columns or `scenario`, `seed`, `error` and these.

        Args:
            columns: names of measures; those not there are left out.
            scenarios: keys of the scenarios whose rows are wanted; all if None.

        Raises InputError if a block is damaged.
        """
        wanted = None if columns is None else ["scenario", "seed", "error", *columns]
        return parquet_rows(self._tables(wanted, scenarios)).drop_duplicates(["scenario", "seed"], ignore_index=True)

    def _tables(self, columns: list[str] | None, scenarios: set[str] | None) -> Iterator[Any]:
        for generation in self.generations():
            if scenarios is not None and not any(key in scenarios for key, _ in generation.scenarios):
                continue
            for path in self.blocks(generation.number).values():
                try:
                    table = read_block(path, columns)
                except (DamagedError, FileNotFoundError) as error:
                    raise InputError(
                        f"{error}; `race-sim sweep` with this directory puts it aside and races it again"
                    ) from None
                yield table if scenarios is None else _only(table, scenarios)


def _only(table: Any, scenarios: set[str]) -> Any:
    """The rows of these scenarios."""
    import pyarrow as pa  # noqa: PLC0415 -- beside pyarrow.compute, which is slow to import
    import pyarrow.compute as pc  # noqa: PLC0415

    return table.filter(pc.is_in(table["scenario"], pa.array(sorted(scenarios))))


def is_store(directory: Path) -> bool:
    """Whether runs of a study may be kept there."""
    return (directory / MANIFEST).is_file()


def _read(manifest: Path) -> dict[str, Any]:
    try:
        facts = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{manifest}: is not readable: {error}") from None
    if not isinstance(facts, dict):
        raise InputError(f"{manifest}: was not written by a study; {ELSEWHERE}")
    return facts


def _same(directory: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for name, why in WHY.items():
        if name not in found:
            raise InputError(
                f"{directory}: its {MANIFEST} does not say which {name} its runs have: an older version of race_sim "
                f"wrote them; {ELSEWHERE}"
            )
        if found[name] != wanted[name]:
            raise InputError(
                f"{directory}: holds runs with {name} = {shown(found[name])}, now it is {shown(wanted[name])}: {why}; "
                f"{ELSEWHERE}"
            )
    if "study" not in found:
        raise InputError(f"{directory}: its {MANIFEST} holds no study; {ELSEWHERE}")


def _difference(found: Any, wanted: Any, place: str = "") -> str:
    """The first difference between two values of JSON, in words; empty if there is none."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in dict.fromkeys((*found, *wanted)):
            inner = f"{place}.{key}" if place else key
            if key not in found or key not in wanted:
                return f"{inner} was {'not there' if key not in found else 'there'}"
            if told := _difference(found[key], wanted[key], inner):
                return told
        return ""
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (old, new) in enumerate(zip(found, wanted, strict=True), start=1):
            if told := _difference(old, new, f"{place}.{number}"):
                return told
        return ""
    return "" if found == wanted else f"{place} was {_short(found)}, now it is {_short(wanted)}"


def _short(value: Any) -> str:
    text = shown(value) if not isinstance(value, dict | list) else json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
