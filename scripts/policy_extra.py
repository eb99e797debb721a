"""Small comparisons that docs/policy.md asks for beside its studies: both kinds of founders, forty seeds each."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from race_sim.scenario import load
from scripts.policy_sections import SECTIONS

RUNS = 40
FOUNDERS = ("common", "independent")
TABLE = "extra"
COMPARISONS = {
    "likely_veto": "unanimity coalition --set coalition.veto_chance=0.4",
    "whole_coalition": "unanimity coalition --set coalition.members_share=1",
    "no_dissent": "unanimity unanimity --set-b coalition.dissenters=0",
    "tempo_without_intelligence": "baseline european_tempo --set primes.intelligence=0",
    "approval_of_models": "baseline slow_approval --set entry.variant_approval_weeks=0",
    "approval_short_steps": "baseline slow_approval --set workshops.step=per_cycle",
    "secrecy": "baseline baseline --set-a procurement.secrecy=0 --set-b procurement.secrecy=1",
    "connected_makers": "baseline baseline --set-b procurement.crony_share=0.4",
    "intermediaries": "baseline baseline --set-b procurement.intermediary_share=0.5",
    "during_the_shock": "baseline supply_shock --weeks 79",
    "after_the_shock": "baseline supply_shock --set run.burn_in_weeks=78",
    "barter_under_strikes": "baseline barter_deal --set strikes.home_hazard=0.02",
    "tempo_spills_over": "joint_ventures joint_ventures --set-b joint_lines.spillover_weeks=26",
    "pilots": "joint_ventures joint_ventures --set primes.standards=4 --set-b joint_lines.pilot_weeks_saved=4",
    "channels": "baseline baseline --set-b feedback.delay_weeks=0 --set-b feedback.quality=0.9",
    "copies": "baseline baseline --set-b workshops.copy_probability=0.6",
    "aid_alone": "baseline baseline --set-b treasuries.american_aid=0",
    "guarantee_alone": "baseline baseline --set-b treasuries.guaranteed_share=1",
    "broad_bench": "workshops_only workshops_only --set-b workshops.bench_candidates_per_week=32",
    "danish_never_grounded": "baseline danish_model --set operators.drop_after_weeks=0",
    "danish_more_crews": "baseline danish_model --set operators.crews=12000",
    "rearmament_never_grounded": "baseline rearmament --set operators.drop_after_weeks=0",
    "tempo_never_grounded": "baseline european_tempo --set operators.drop_after_weeks=0",
    "after_the_lull": "baseline postwar_stockpile --set run.burn_in_weeks=104",
}
"""Words of `race-sim compare`, by a name of our own."""


def command(name: str) -> str:
    """The comparison as a user would type it, with the defaults' founders."""
    return f"race-sim compare {COMPARISONS[name]} --runs {RUNS}"


def with_founders(line: str, founders: str) -> str:
    """The command with this kind of founders; the baseline's needs no word."""
    default = load("baseline").parameters.value("founders.origin")
    return line if founders == default else f"{line} --set founders.origin={founders}"


def race(names: Iterator[str] | list[str], told: Path | None = None) -> pd.DataFrame:
    """Run comparisons, one row a quantity that the page shows.

    A, B, and B less A with the 95% interval of this comparison alone.

    Args:
        names: of `COMPARISONS`.
        told: where the table is written after every comparison; nowhere if None.
    """
    wanted = {name: own for section in SECTIONS.values() for name, own in section.comparisons.items()}
    rows = []
    for name in names:
        for founders in FOUNDERS:
            line = with_founders(command(name), founders)
            words = [sys.executable, "-m", *shlex.split(line.replace("race-sim", "race_sim", 1)), "--json"]
            done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 -- words of this file
            found = {one["quantity"]: one for one in json.loads(done.stdout)["quantities"]}
            for quantity in wanted[name]:
                own = {key: found[quantity][key] for key in ("unit", "a", "b")}
                own |= {f"value{end}": found[quantity][f"difference{end}"] for end in ("", "_low", "_high")}
                place = {"comparison": name, "founders": founders, "quantity": quantity}
                rows.append({**place, **own, "runs": RUNS, "command": line})
            if told is not None:
                pd.DataFrame(rows).to_csv(told, index=False, float_format="%.6g", lineterminator="\n")
    return pd.DataFrame(rows)
