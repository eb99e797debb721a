"""Races the runs of a block and gives their rows: one a run, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from race_sim.analysis.columns import economy_columns
from race_sim.analysis.frames import BALANCE_NAMES, DEFENCE_FIELDS, kind_fields
from race_sim.analysis.runs import run_frame
from race_sim.ensemble.week import run_races
from race_sim.records import KIND_NAMES
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study.design import Run
from race_sim.study.points import defined

if TYPE_CHECKING:
    from race_sim.model import RaceModel

WEEKLY_PREFIX = "weekly_"
"""Begins the name of a column that holds a list, one value a week."""
ERROR_LENGTH = 500  # characters of an error that are kept

Race = Callable[[Scenario, Records, int], None]
"""Fills one row of the records with the race of its seed."""


def race_compiled(scenario: Scenario, records: Records, row: int) -> None:
    """By the ensemble driver."""
    timeline = scenario.timeline()
    here = slice(row, row + 1)
    run_races(
        timeline.segments, timeline.segment_of_week, records.seeds[here], records.weekly[here], records.lives[here]
    )


def race_agents(model: type[RaceModel]) -> Race:
    """By the Mesa driver, with this model."""

    def race(scenario: Scenario, records: Records, row: int) -> None:
        one = model(scenario, seed=int(records.seeds[row])).run()
        records.weekly[row] = one.weekly[0]
        records.lives[row] = one.lives[0]

    return race


def block_rows(
    runs: Sequence[Run],
    race: Race = race_compiled,
    *,
    begin: Callable[[int], None] = lambda _: None,
    condemned: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """One row a run: `scenario`, `seed`, `error` and the measures of `analysis.runs.run_frame`, then series.

    A run that raises gets a row as well: its error in words, no measures.

    Args:
        runs: what is raced.
        race: by which driver.
        begin: called with the place of each run before it is raced.
        condemned: {place: error} of runs not to be raced, because they ended the process that tried.
    """
    errors = dict(condemned or {})
    alike: dict[tuple[int, int, tuple[str, ...]], list[int]] = {}
    scenarios: dict[int, Scenario] = {}
    for place, run in enumerate(runs):
        if place in errors:
            continue
        try:
            scenarios[place], series = defined(run.definition)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it belongs into the row
            errors[place] = _words(error)
            continue
        span = scenarios[place].parameters.run
        alike.setdefault((span.weeks, span.burn_in_weeks, series), []).append(place)
    frames = [_no_runs()]
    for (weeks, burn_in, series), places in alike.items():
        records = Records.empty(np.array([runs[place].seed for place in places], np.uint64), weeks)
        for row, place in enumerate(places):
            begin(place)
            try:
                race(scenarios[place], records, row)
            except Exception as error:  # noqa: BLE001 -- a model of the user's own may raise anything
                errors[place] = _words(error)
        frames.append(run_frame(records, burn_in).assign(place=places, **_series(records, series)))
    return _together(runs, frames, errors)


@cache
def _no_runs() -> pd.DataFrame:
    """Names the columns, also where every run failed."""
    return run_frame(Records.empty(np.zeros(0, np.uint64), 1), 0).assign(place=0)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


def _series(records: Records, names: Sequence[str]) -> dict[str, list[Any]]:
    """Weekly measures of each run, a list of arrays a column."""
    found: dict[str, Any] = {name: records.weekly[name] for name in DEFENCE_FIELDS}
    found |= economy_columns(records.weekly)
    for place, level in enumerate(BALANCE_NAMES):
        found[f"front_balance_{level}"] = records.weekly["front_balance"][:, :, place]
    for place, kind in enumerate(KIND_NAMES):
        fields = kind_fields(records.weekly, place)
        found |= {f"{kind}_{name}": values for name, values in fields.items()}
    return {WEEKLY_PREFIX + name: list(found[name].astype(np.float64)) for name in names}


def _together(runs: Sequence[Run], frames: Sequence[pd.DataFrame], errors: Mapping[int, str]) -> pd.DataFrame:
    """Rows in the order of the runs; those of failed runs hold no measures."""
    raced = pd.concat(frames, ignore_index=True).set_index("place").drop(columns="seed")
    raced = raced.drop(index=[place for place in errors if place in raced.index])
    rows = raced.reindex(range(len(runs)))
    whole = [name for name, kind in rows.dtypes.items() if kind.kind in "iu"]
    rows = rows.astype(dict.fromkeys(whole, np.float64)).reset_index(drop=True)
    whose = pd.DataFrame(
        {
            "scenario": [run.scenario for run in runs],
            "seed": np.array([run.seed for run in runs], np.uint64),
            "error": [errors.get(place, "") for place in range(len(runs))],
        }
    )
    return pd.concat([whose, rows], axis=1)
