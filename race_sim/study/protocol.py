"""What whoever hands out blocks and whoever races them say to each other: one line of JSON each."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from race_sim.study.design import Place

MODULE = "race_sim.study.serve"
"""Run by the interpreter of a worker process."""


@dataclass(frozen=True, slots=True)
class Order:
    """A block to be raced; `condemned` are runs not to be tried again, {place in the block: error}."""

    place: Place
    condemned: Mapping[int, str] = field(default_factory=dict)

    def line(self) -> str:
        """As a line."""
        return json.dumps({"place": self.place, "condemned": dict(self.condemned)}) + "\n"

    @classmethod
    def read(cls, line: str) -> Order:
        """From a line."""
        content = json.loads(line)
        condemned = {int(place): error for place, error in content["condemned"].items()}
        return cls(Place(*content["place"]), condemned)


def worker_command(store: Path, model: str | None) -> Sequence[str]:
    """The words that start a worker process."""
    return [sys.executable, "-m", MODULE, str(store), *([model] if model else [])]


def said(word: str, value: Any = None) -> bytes:
    """A line of a worker: "ready", "begun" a run, "done" with the block, or "refused" it with a reason."""
    return (json.dumps([word, value]) + "\n").encode()
