"""Saves a race: its weeks, summary, figure, scenario and provenance in one directory."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from race_sim.study.provenance import provenance
from race_sim.study.staging import MARK, staged

if TYPE_CHECKING:
    from race_sim.api import Race


def save_race(race: Race, directory: Path, *, overwrite: bool = False, command: Sequence[str] = ()) -> Path:
    """Write all files of a race into `directory`, whole or not at all, and return its path.

    Raises InputError if the directory is there already (unless `overwrite`) or cannot be written.
    """
    from race_sim.analysis.codebook import codebook_frame  # noqa: PLC0415
    from race_sim.plots.summary import summary_figure  # noqa: PLC0415

    figure = summary_figure(race.scenario, race.records)
    origin = provenance(seeds=race.seeds, driver=race.driver, model=race.model, command=command)
    with staged(directory, overwrite=overwrite) as stage:
        race.weekly.to_csv(stage / "weekly.csv", index=False, lineterminator="\n")
        race.weekly.to_parquet(stage / "weekly.parquet", index=False, compression="zstd")
        codebook_frame().to_csv(stage / "codebook.csv", index=False, lineterminator="\n")
        (stage / "scenario.toml").write_text(race.scenario.to_toml(), encoding="utf-8")
        write_json(stage / "summary.json", document(race))
        write_json(stage / MARK, origin)
        figure.savefig(stage / "summary.png", dpi=150)
    return directory


def document(race: Race) -> dict[str, Any]:
    """Scenario, seed, weeks and summary of a race as plain values for JSON; what is not a number is None."""
    return {
        "scenario": race.scenario.name,
        "seed": race.seeds[0],
        "weeks": race.records.weeks,
        "summary": plain(race.summary),
    }


def plain(value: Any) -> Any:
    """The value made of what JSON has: NumPy scalars become numbers; NaN and infinity become None."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file for people and programs: indented, a line feed at the end."""
    path.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")
