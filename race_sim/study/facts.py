"""What every row of a sweep depends on beside its scenario and seed: law, schema, measures, model."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Sequence
from inspect import getsource
from pathlib import Path
from typing import Any

from race_sim.analysis import columns, runs
from race_sim.analysis.frames import BALANCE_NAMES, DEFENCE_FIELDS
from race_sim.records import KIND_NAMES
from race_sim.rules.compiler import law_hash
from race_sim.scenario.schema import FIELDS
from race_sim.study.definition import Study
from race_sim.study.own_model import look_in_current_directory, race_model
from race_sim.study.provenance import provenance

FORMAT = 2  # of the directory; 1 had no design in it
HASH_LENGTH = 16  # hexadecimal digits


def study_facts(study: Study, *, quick: bool, model: str | None, command: Sequence[str] = ()) -> dict[str, Any]:
    """Facts of a manifest: those that must agree for rows to be mixed, and a record of who wrote the first.

    Raises InputError if there is no such model.
    """
    driver = "ensemble" if model is None else "mesa"
    return {
        "format": FORMAT,
        "law": law_hash(),
        "schema": schema_hash(),
        "measures": measures_hash(),
        "quick": quick,
        "model": model,
        "model_source": None if model is None else source_hash(model),
        "record": provenance(seeds=study.seeds, driver=driver, model=model, command=command),
    }


def schema_hash() -> str:
    """16 hexadecimal digits that change with any parameter's name, kind, unit, bounds, choices or default."""
    known = [(one.path, one.kind, one.unit, one.default, one.bounds, one.fixed) for one in FIELDS]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:HASH_LENGTH]


def measures_hash() -> str:
    """16 hexadecimal digits that change whenever rows could be measured differently from the same records."""
    names = (*KIND_NAMES, *columns.RECORDED, *columns.ECONOMY_COLUMNS, *DEFENCE_FIELDS, *BALANCE_NAMES)
    code = [ast.dump(ast.parse(getsource(part))) for part in (columns, runs)]  # comments and line breaks do not matter
    return hashlib.sha256(f"{names}{code}".encode()).hexdigest()[:HASH_LENGTH]


def source_hash(model: str) -> str:
    """16 hexadecimal digits that change with the source file of a model, named as "module:Class".

    Raises InputError if there is no such model.
    """
    look_in_current_directory()
    path = sys.modules[race_model(model).__module__].__file__
    return hashlib.sha256(Path(path).read_bytes() if path else model.encode()).hexdigest()[:HASH_LENGTH]
