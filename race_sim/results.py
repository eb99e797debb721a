"""What a driver recorded of one or more runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from race_sim.records import KINDS, LIFE_NAMES, WEEK


@dataclass(frozen=True)
class Records:
    """Recorded output of a driver; both drivers give the same bytes for the same seed.

    Attributes:
        seeds: u8[runs], the seed of each run.
        weekly: WEEK[runs, weeks], one record a week (`race_sim.records.WEEK`).
        lives: i8[runs, kinds, durations, weeks + 1, 2], life tables: how many designs (or lineages) of a kind of
            maker ended (last index 1) or were censored (0) at each duration in weeks (`race_sim.records.LIFE_NAMES`).
    """

    seeds: npt.NDArray[np.uint64]
    weekly: npt.NDArray[np.void]
    lives: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, seeds: npt.NDArray[np.uint64], weeks: int) -> Records:
        """Room for the records of these runs over this many weeks."""
        runs = len(seeds)
        return cls(
            seeds=seeds,
            weekly=np.zeros((runs, weeks), WEEK),
            lives=np.zeros((runs, KINDS, len(LIFE_NAMES), weeks + 1, 2), np.int64),
        )

    @property
    def runs(self) -> int:
        """How many runs were recorded."""
        return len(self.seeds)

    @property
    def weeks(self) -> int:
        """How many weeks each run lasted."""
        return int(self.weekly.shape[1])

    def same_bytes(self, other: Records) -> bool:
        """Whether two records agree in every bit, NaN included."""
        return (
            self.weekly.shape == other.weekly.shape
            and self.seeds.tobytes() == other.seeds.tobytes()
            and self.weekly.tobytes() == other.weekly.tobytes()
            and self.lives.tobytes() == other.lives.tobytes()
        )
