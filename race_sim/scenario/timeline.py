"""A scenario cut into segments of constant parameters, as records of the compiled law."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from race_sim.records import PARAMETERS
from race_sim.scenario.schema import FIELDS, Parameters


class Timeline(NamedTuple):
    """`segments`: one PARAMETERS record each; `segment_of_week`: index of the one in force, per week."""

    segments: np.ndarray[Any, Any]
    segment_of_week: np.ndarray[Any, np.dtype[np.int64]]


def timeline(weeks: int, segments: Sequence[tuple[int, Parameters]]) -> Timeline:
    """Records of the segments, each given as (first week, parameters) in order of time from week 0."""
    rows = np.zeros(len(segments), PARAMETERS)
    segment_of_week = np.zeros(weeks, np.int64)
    for row, (first_week, parameters) in enumerate(segments):
        rows[row] = tuple(field.encoded(parameters.value(field.path)) for field in FIELDS)
        segment_of_week[first_week:] = row
    return Timeline(rows, segment_of_week)
