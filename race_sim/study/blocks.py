"""Files of a sweep's directory: Parquet tables that appear whole or not at all, blocks named by their checksum."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from race_sim.errors import InputError
from race_sim.study.execute import WEEKLY_PREFIX
from race_sim.study.staging import write_whole

FOLDER_BLOCKS = 1000
DIGEST_LENGTH = 16  # hexadecimal digits of a block's SHA-256 in its name
NAME = re.compile(rf"b(\d{{7}})\.([0-9a-f]{{{DIGEST_LENGTH}}})\.parquet")
FACTS = b"race_sim"  # key of our facts in the metadata of a Parquet file
CHECKSUM = b"race_sim.sha256"


class DamagedError(Exception):
    """A block whose bytes are not those that were written."""


def block_bytes(rows: pd.DataFrame, facts: Mapping[str, Any]) -> bytes:
    """A block as a Parquet file: the same rows always give the same bytes, with the same version of pyarrow."""
    fields = [
        pa.field("scenario", pa.string()),
        pa.field("seed", pa.uint64()),
        pa.field("error", pa.string()),
        *(pa.field(name, pa.list_(pa.float64()) if _is_weekly(name) else pa.float64()) for name in rows.columns[3:]),
    ]
    schema = pa.schema(fields, metadata={FACTS: json.dumps(dict(facts), sort_keys=True).encode()})
    table = pa.Table.from_pandas(rows, schema=schema, preserve_index=False).replace_schema_metadata(schema.metadata)
    sink = io.BytesIO()
    numbers = [name for name in rows.columns[3:] if not _is_weekly(name)]
    pq.write_table(table, sink, compression="zstd", use_dictionary=["scenario", "error"], use_byte_stream_split=numbers)
    return sink.getvalue()


def _is_weekly(name: str) -> bool:
    return name.startswith(WEEKLY_PREFIX)


def write_block(generation: Path, number: int, content: bytes) -> Path:
    """Write a block under a name that holds its number and checksum.

    Raises InputError if the disk refuses; nothing is left behind then.
    """
    digest = hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]
    return write_whole(
        block_folder(generation, number) / f"b{number:07d}.{digest}.parquet", lambda path: path.write_bytes(content)
    )


def block_folder(generation: Path, number: int) -> Path:
    """Where a block of a generation is: a thousand to a folder, so that each is listed quickly."""
    return generation / f"{number // FOLDER_BLOCKS:04d}"


def find_block(generation: Path, number: int) -> Path | None:
    """A block of a generation, if it is there."""
    folder = block_folder(generation, number)
    return next(iter(sorted(folder.glob(f"b{number:07d}.*.parquet"))), None)


def block_files(generation: Path) -> dict[int, Path]:
    """Blocks of a generation by number; of two with one number, which two versions of pyarrow may write, the first."""
    found: dict[int, Path] = {}
    for folder in sorted(generation.iterdir()) if generation.is_dir() else []:
        for path in sorted(folder.iterdir()):
            match = NAME.fullmatch(path.name)
            if match is not None:
                found.setdefault(int(match[1]), path)
    return found


def read_block(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A block, or those of these columns that it has, checked against the checksum in its name.

    Raises DamagedError if the file is not what was written, FileNotFoundError if it is gone.
    """
    content = path.read_bytes()
    match = NAME.fullmatch(path.name)
    if match is None or hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH] != match[2]:
        raise DamagedError(f"{path}: is damaged: its checksum is not the one in its name")
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        return file.read(None if columns is None else [name for name in columns if name in file.schema_arrow.names])
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DamagedError(f"{path}: is damaged: {error}") from None


def table_bytes(frame: pd.DataFrame, facts: Mapping[str, Any]) -> bytes:
    """A data frame with facts about it, and a checksum of both, as a Parquet file."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = json.dumps(dict(facts), sort_keys=True).encode()
    metadata = {**(table.schema.metadata or {}), FACTS: told, CHECKSUM: _checksum(frame, told)}
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd")
    return sink.getvalue()


def read_table(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A data frame and its facts, as `table_bytes` made them. Raises InputError if the file is damaged."""
    try:
        table = pq.read_table(path)
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
        metadata = table.schema.metadata or {}
        if metadata.get(CHECKSUM, told := _checksum(frame, metadata[FACTS])) != told:  # the first designs had none
            raise ValueError("its checksum is another")  # noqa: TRY301 -- told as the others are
        return frame, json.loads(metadata[FACTS])
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise InputError(f"{path}: is damaged ({error}); restore it from a copy, or give --new-dir") from None


def _checksum(frame: pd.DataFrame, facts: bytes) -> bytes:
    """Of all values and facts: Parquet's own leave out dictionaries and metadata."""
    digest = hashlib.sha256(facts)
    for name in frame.columns:
        digest.update(f"\0{name}\0".encode())
        digest.update("\0".join(map(str, frame[name])).encode())
    return digest.hexdigest().encode()


def parquet_rows(tables: Iterator[pa.Table]) -> pd.DataFrame:
    """Tables of blocks one below the other; a column that some lack, such as a series, is empty there."""
    found = list(tables)
    if not found:
        return pd.DataFrame({"scenario": pd.Series(dtype=str), "seed": pd.Series(dtype="uint64"), "error": []})
    whole = pa.concat_tables([table.replace_schema_metadata() for table in found], promote_options="default")
    rows: pd.DataFrame = whole.to_pandas()
    return rows
