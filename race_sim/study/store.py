"""Results of a study in a directory: blocks of rows written whole, a manifest that says what they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from race_sim.errors import InputError
from race_sim.study.saving import write_json
from race_sim.study.staging import TEMPORARY, write_whole

MANIFEST = "manifest.json"
RUNS = "runs"


class Store:
    """Rows of runs under `directory`, found again by the key of their scenario.

    A block of rows appears under its name only when it is whole and on the disk, so a killed process loses no more
    than the block in hand. Blocks of another law, of other measures or of other seeds are never mixed in.

    Args:
        directory: made if it is not there.
        facts: what every row depends on beside its scenario: law, measures and seeds.

    Raises InputError if the directory holds something else, belongs to other facts or cannot be written.
    """

    def __init__(self, directory: Path, facts: Mapping[str, Any]) -> None:
        self._runs = directory / RUNS
        manifest = directory / MANIFEST
        try:
            if directory.exists() and not directory.is_dir():
                raise InputError(f"{directory}: is a file; give the name of a directory")
            if manifest.is_file():
                _same(directory, _read(manifest), facts)
            else:
                if directory.is_dir() and not all(path.name.startswith(TEMPORARY) for path in directory.iterdir()):
                    raise InputError(
                        f"{directory}: was not written by a study (it holds no {MANIFEST}); give a new name"
                    )
                directory.mkdir(parents=True, exist_ok=True)
                write_whole(manifest, lambda path: write_json(path, facts))
            self._runs.mkdir(exist_ok=True)
            for orphan in self._runs.glob(f"{TEMPORARY}*"):
                orphan.unlink()
        except OSError as error:
            raise InputError(f"{directory}: cannot be written: {error.strerror or error}") from None

    def write(self, rows: pd.DataFrame) -> None:
        """Add a block of rows: column `scenario` holds the keys.

        Raises InputError if the disk refuses.
        """
        name = f"{rows['scenario'].iloc[0]}-{rows['scenario'].nunique()}.parquet"
        write_whole(self._runs / name, lambda path: rows.to_parquet(path, index=False, compression="zstd"))

    def rows(self) -> pd.DataFrame:
        """All rows written so far, one a run; no rows and no columns if there are none.

        Raises InputError if a block is not readable.
        """
        blocks = [_block(path, None) for path in self._paths()]
        if not blocks:
            return pd.DataFrame({"scenario": pd.Series(dtype=str)})
        return pd.concat(blocks, ignore_index=True).drop_duplicates(["scenario", "seed"])

    def keys(self) -> set[str]:
        """Keys of the scenarios whose runs are written."""
        return {key for path in self._paths() for key in _block(path, ["scenario", "seed"])["scenario"]}

    def _paths(self) -> list[Path]:
        return sorted(self._runs.glob("*.parquet"))


def _block(path: Path, columns: list[str] | None) -> pd.DataFrame:
    """Rows of one block, of all columns or of these."""
    try:
        names = pq.read_schema(path).names
        block = pd.read_parquet(path, columns=None if columns is None else [name for name in columns if name in names])
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is damaged ({error}); remove it and run the study again") from None
    if not {"scenario", "seed"} <= set(names):
        raise InputError(f"{path}: holds no runs of a study; remove it and run the study again")
    return block


def is_store(directory: Path) -> bool:
    """Whether runs of a study may be kept there."""
    return (directory / MANIFEST).is_file()


def _read(manifest: Path) -> dict[str, Any]:
    try:
        facts = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{manifest}: is not readable: {error}") from None
    if not isinstance(facts, dict):
        raise InputError(f"{manifest}: was not written by a study; give --out a new directory")
    return facts


def _same(directory: Path, found: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in found:
            raise InputError(
                f"{directory}: its {MANIFEST} does not say which {name} its runs have: an older version of race_sim "
                "wrote them; give --out a new directory"
            )
        if found.get(name) != value:
            raise InputError(
                f"{directory}: holds runs with {name} = {found.get(name)}, this study has {value}; "
                "give --out a new directory"
            )
