"""Results of a study in a directory: blocks of rows written whole, a manifest that says what they belong to."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from race_sim.errors import InputError
from race_sim.study.saving import write_json

MANIFEST = "manifest.json"
RUNS = "runs"
TEMPORARY = ".tmp-"


class Store:
    """Rows of runs under `directory`, found again by the key of their scenario.

    A block of rows appears under its name only when it is whole and on the disk, so a killed process loses no more
    than the block in hand. Blocks of another law, of other measures or of other
    seeds are never mixed in.

    Args:
        directory: made if it is not there.
        facts: what every row depends on beside its scenario: law, measures and seeds.

    Raises InputError if the directory holds something else, belongs to other facts or cannot be written.
    """

    def __init__(self, directory: Path, facts: Mapping[str, Any]) -> None:
        self.directory = directory
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
                whole = directory / f"{TEMPORARY}{secrets.token_hex(4)}"
                write_json(whole, facts)
                whole.replace(manifest)
            self._runs.mkdir(exist_ok=True)
            for orphan in self._runs.glob(f"{TEMPORARY}*"):
                orphan.unlink()
        except OSError as error:
            raise InputError(f"{directory}: cannot be written: {error.strerror or error}") from None

    def write(self, rows: pd.DataFrame) -> None:
        """Add a block of rows: column `scenario` holds the keys.

        Raises InputError if the disk refuses.
        """
        path = self._runs / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
        name = f"{rows['scenario'].iloc[0]}-{rows['scenario'].nunique()}.parquet"
        try:
            rows.to_parquet(path, index=False, compression="zstd")
            with path.open("rb") as written:
                os.fsync(written.fileno())
            path.replace(self._runs / name)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise InputError(f"{self._runs / name}: cannot be written: {error.strerror or error}") from None

    def rows(self) -> pd.DataFrame:
        """All rows written so far, one a run; no rows and no columns if there are none.

        Raises InputError if a block is not readable.
        """
        blocks = []
        for path in sorted(self._runs.glob("*.parquet")):
            try:
                block = pd.read_parquet(path)
            except (OSError, ValueError) as error:
                raise InputError(f"{path}: is damaged ({error}); remove it and run the study again") from None
            if not {"scenario", "seed"} <= set(block):
                raise InputError(f"{path}: holds no runs of a study; remove it and run the study again")
            blocks.append(block)
        if not blocks:
            return pd.DataFrame({"scenario": pd.Series(dtype=str)})
        return pd.concat(blocks, ignore_index=True).drop_duplicates(["scenario", "seed"])

    def keys(self) -> set[str]:
        """Keys of the scenarios whose runs are written."""
        return set(self.rows()["scenario"])


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
