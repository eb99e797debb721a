"""The codebook: unit and meaning of every column of the weekly frame and of every measure of the summary."""

from __future__ import annotations

import pandas as pd

from race_sim.analysis.frames import BALANCE_NAMES
from race_sim.analysis.industry_entries import (
    BOUND_SHARES,
    ECONOMY_ENTRIES,
    FIRM_COLUMNS,
    FIRM_HISTORY,
    FIRM_RATIOS,
    SUMMARY_FIRM_MEANS,
    Entry,
)
from race_sim.firms import DRONE_NAMES, MONEY_NAMES
from race_sim.records import KIND_NAMES, MAXIMUM_MODULES

WHOSE = {"workshops": "workshops", "primes": "primes", "joint_lines": "joint lines", "total": "all makers"}

RUN_COLUMNS: dict[str, Entry] = {
    "run": ("1", "Number of the run, from 0."),
    "seed": ("1", "Seed of the run."),
    "week": ("week", "Week of the run, from 0."),
}

KIND_COLUMNS: dict[str, Entry] = {
    "deliveries": ("drones/week", "Drones delivered to the arsenal by {whose}."),
    "sorties": ("sorties/week", "Sorties flown with drones of {whose}; each uses up its drone."),
    "trial_sorties": ("sorties/week", "Of these sorties of {whose}, those with designs on trial."),
    "stopped": ("sorties/week", "Sorties of {whose} stopped by countermeasures."),
    "hits": ("hits/week", "Hits made by sorties of {whose}."),
    "trial_hits": ("hits/week", "Of these hits of {whose}, those made by designs on trial."),
    "expected_hits": ("hits/week", "Hits to be expected of {whose} before chance: what hits scatter about."),
    "expected_trial_hits": ("hits/week", "Of these expected hits of {whose}, those of designs on trial."),
    "fielded_success": (
        "hits/sortie",
        "Mean over {whose} of the success to be expected, this week, of the design each has in production.",
    ),
    "fielded_success_served": (
        "hits/sortie",
        "The same for {whose} if every countermeasure had served all engagements it wanted; the same for area ones.",
    ),
    "current_success": (
        "hits/sortie",
        "Mean over sorties of {whose}, trials left out, of the expected success of what their maker has in production.",
    ),
    "stock": ("drones", "Drones of {whose} in the arsenal at the end of the week."),
    "stock_age": ("weeks", "Mean time since delivery of that stock of {whose}."),
    "stock_countered": (
        "drones",
        "Stock of {whose} whose design countermeasures have robbed of half its unopposed success or more.",
    ),
    "stock_dropped": ("drones", "Stock of {whose} whose design operators no longer fly."),
    "scrapped": ("drones/week", "Drones of {whose} scrapped because they reached their shelf life."),
    "designs_fielded": ("designs/week", "Designs that {whose} put into production this week."),
    "trials_judged": ("trials/week", "Trials that {whose} judged this week."),
    "trials_adopted": ("trials/week", "Trials that {whose} judged and adopted this week."),
    "copied": ("cycles/week", "Cycles in which {whose} started from a peer's design."),
    "quality": ("1", "Mean intrinsic quality (NK landscape, 0 to 1) of the designs {whose} field."),
    "unopposed_success": (
        "hits/sortie",
        "Mean success over sorties of {whose} if no countermeasure had stood.",
    ),
    "gap": (
        "breadths",
        "Mean Hamming distance of the designs {whose} field to the nearest countermeasure, in its breadths.",
    ),
    "diversity": (
        "designs",
        "Effective number of designs among the sorties of {whose} (Hill number of order 2).",
    ),
    "concentration": ("1", "Herfindahl-Hirschman index of the sorties of {whose} over makers, 0 to 1."),
    **FIRM_COLUMNS,
    "effectiveness": ("hits/sortie", "Hits over sorties of {whose}."),
    "trial_effectiveness": ("hits/sortie", "Hits over sorties of {whose} with designs on trial."),
    "stock_countered_share": ("1", "Stock countered over stock of {whose}."),
    "stock_dropped_share": ("1", "Stock dropped over stock of {whose}."),
}
"""Columns of one kind of maker, to be completed with its name."""

DEFENCE_COLUMNS: dict[str, Entry] = {
    "countermeasures_standing": ("countermeasures", "Countermeasures standing."),
    "countermeasures_fielded": ("countermeasures/week", "Countermeasures that teams fielded this week."),
    "mean_reach": ("1", "Mean reach of the countermeasures standing: share of sorties they can meet."),
    "engagements": ("engagements/week", "Engagements of all countermeasures: sorties met, stopped or not."),
    "capacity": (
        "engagements/week",
        "Engagements that the point countermeasures standing can make; none recorded for area ones.",
    ),
    "saturation": ("1", "Share of would-be hits that find a target left; 1 where targets are unlimited."),
}

REGENERATION = {
    "low": "with the low regeneration value",
    "central": "with the central regeneration value",
    "high": "with the high regeneration value",
}

MODULE_COLUMNS: dict[str, Entry] = {
    f"stopped_module_{number}": (
        "sorties/week",
        f"Stopped sorties attributed to module {number} of the design.",
    )
    for number in range(1, MAXIMUM_MODULES + 1)
}

BALANCE_COLUMNS: dict[str, Entry] = {
    f"front_balance_{level}": (
        "1",
        (
            f"Front balance at the end of the week {REGENERATION[level]}: "
            "+1 attackers have prevailed, -1 defenders have; it stays there."
        ),
    )
    for level in BALANCE_NAMES
}


def _of_kinds(entries: dict[str, Entry], kinds: tuple[str, ...] = KIND_NAMES) -> dict[str, Entry]:
    return {
        f"{kind}_{name}": (unit, meaning.format(whose=WHOSE[kind]))
        for kind in kinds
        for name, (unit, meaning) in entries.items()
    }


WEEKLY: dict[str, Entry] = {
    **RUN_COLUMNS,
    **_of_kinds(KIND_COLUMNS),
    **MODULE_COLUMNS,
    **DEFENCE_COLUMNS,
    **ECONOMY_ENTRIES,
    **BALANCE_COLUMNS,
}
"""Columns of the weekly frame; `stopped_module_n` only for modules the scenario uses."""

SUMMARY_MEANS = (
    "deliveries",
    "sorties",
    "hits",
    "stock",
    "stock_age",
    "scrapped",
    "designs_fielded",
    "quality",
    "gap",
    "diversity",
    "concentration",
    *SUMMARY_FIRM_MEANS,
    *DRONE_NAMES,
    *MONEY_NAMES,
    "cash",
    "debt",
)
"""Columns of a kind of maker of which the summary has the mean."""

_SPAN: dict[str, Entry] = {
    "runs": ("runs", "Runs summarised."),
    "weeks": ("weeks", "Length of each run."),
    "first_week": (
        "week",
        "First week measured: the burn-in before it is left out.",
    ),
}

_RATIOS: dict[str, Entry] = {
    "hits_per_drone": ("hits/drone", "Hits of {whose} over drones they delivered in the same weeks."),
    "effectiveness": ("hits/sortie", "Hits over sorties of {whose}."),
    "unopposed_success": KIND_COLUMNS["unopposed_success"],
    "trial_effectiveness": KIND_COLUMNS["trial_effectiveness"],
    "trials_adopted_share": ("1", "Trials adopted over trials judged by {whose}."),
    "stock_countered_share": KIND_COLUMNS["stock_countered_share"],
    "stock_dropped_share": KIND_COLUMNS["stock_dropped_share"],
    **FIRM_RATIOS,
    **BOUND_SHARES,
}

_LIVES: dict[str, Entry] = {
    "fielded_half_life": (
        "weeks",
        (
            "Median time in which a design of {whose} falls to half its own peak of expected success while "
            "fielded; retirement follows failure and cuts it short."
        ),
    ),
    "shadow_half_life": (
        "weeks",
        "The same for {whose} with retired designs evaluated without flying, for measures.shadow_weeks.",
    ),
    "counter_lag": (
        "weeks",
        "Median time from first use of a design of {whose} until countermeasures halve its expected success.",
    ),
    "lineage_life": (
        "weeks",
        (
            "Median time after the burn-in until the best design still fielded among the descendants of what "
            "one of the {whose} fielded then falls to half the lineage's own peak, or none is."
        ),
    ),
}

_FRONT: dict[str, Entry] = {
    "front_decided_share": ("1", "Share of runs decided {regeneration}."),
    "front_attackers_share": ("1", "Share of runs in which the attackers prevail {regeneration}."),
    "front_defenders_share": ("1", "Share of runs in which the defenders prevail {regeneration}."),
    "front_decision_week": (
        "week",
        "Median week of decision {regeneration}; none if fewer than half of the runs were decided.",
    ),
    "front_balance_end": ("1", "Mean front balance at the end {regeneration}."),
}


def _summary() -> dict[str, Entry]:
    book = dict(_SPAN)
    for name in SUMMARY_MEANS:
        unit, meaning = KIND_COLUMNS[name]
        book |= _of_kinds({name: (unit, f"{meaning} Mean over measured weeks and runs.")})
    for name, (unit, meaning) in _RATIOS.items():
        book |= _of_kinds({name: (unit, f"{meaning} Over all measured weeks and runs.")})
    book |= _of_kinds(FIRM_HISTORY)
    book["hits_ratio"] = ("1", "Hits of workshops over hits of primes in measured weeks.")
    book["crews_used"] = ("1", "Sorties flown over crews there were, all measured weeks and runs together.")
    book |= _of_kinds(_LIVES, KIND_NAMES[:-1])
    for name in _LIVES:
        for kind in KIND_NAMES[:-1]:
            life = f"{kind}_{name}"
            book[f"{life}_observed"] = ("1", f"Share of the lives behind {life} whose end was seen.")
            book[f"{life}_beyond_26"] = ("1", f"Share of the lives behind {life} longer than 26 weeks.")
    for name, (unit, meaning) in {**DEFENCE_COLUMNS, **ECONOMY_ENTRIES}.items():
        book[name] = (unit, f"{meaning} Mean over measured weeks and runs.")
    for number in range(1, MAXIMUM_MODULES + 1):
        meaning = f"Share of stopped sorties attributed to module {number} of their design."
        book[f"stopped_share_module_{number}"] = ("1", meaning)
    for level in BALANCE_NAMES:
        for name, (unit, meaning) in _FRONT.items():
            book[f"{name}_{level}"] = (unit, meaning.format(regeneration=REGENERATION[level]))
    return book


WITH_INTERVAL: tuple[str, ...] = (
    *(
        f"{kind}_{name}"
        for kind in KIND_NAMES
        for name in ("hits", "effectiveness", "hits_per_drone", "utilisation", "euros_per_hit")
    ),
    "hits_ratio",
    *(f"{kind}_{name}" for kind in KIND_NAMES[:-1] for name in _LIVES),
)
"""Measures of the summary that come with `_low` and `_high`, their 95% interval over runs."""


def _with_intervals(book: dict[str, Entry]) -> dict[str, Entry]:
    full = {}
    for name, (unit, meaning) in book.items():
        full[name] = (unit, meaning)
        if name in WITH_INTERVAL:
            for side, word in (("low", "Lower"), ("high", "Upper")):
                limit = f"{word} limit of the 95% interval of {name}; none for one run, or if not reached."
                full[f"{name}_{side}"] = (unit, limit)
    return full


SUMMARY: dict[str, Entry] = _with_intervals(_summary())
"""Keys of the summary; `stopped_share_module_n` only for modules the scenario uses."""

COMPARISON_TERMS: dict[str, str] = {
    "starting": "of what designs would do, and how many would be flown, if nobody ever changed one",
    "movement": "changing designs as often but blindly gains, or loses, more on one side",
    "evidence": "aim, bench, copying, judging by results, search and intelligence add more to that",
    "choice": "operators fly makers whose designs in production are better, or worse, than the average maker's",
    "obsolescence": "what flies is further behind, or ahead of, what its makers have in production",
    "trials": "flying unproven variants costs, or brings, more",
    "capacity": "drones and crews allow more sorties, or targets or the defence are saturated more",
    "chance": "draws brought more hits than were to be expected",
    "starting_success": "of what designs would do if nobody ever changed one",
    "starting_flown": "of the share of possible sorties that would be flown if nobody ever changed a design",
    "movement_success": "blind change gains, or loses, more success a sortie",
    "movement_flown": "blind change keeps operators from grounding more",
    "evidence_success": "aiming and judging add more success a sortie",
    "evidence_flown": "aiming and judging keep operators from grounding more",
    "capacity_sorties": "drones and crews allow more sorties",
    "capacity_targets": "fewer would-be hits find their target gone",
    "capacity_defence": "the defence leaves more of the engagements it wants unserved",
}
"""Why one of two scenarios hits more: the terms of their difference, then parts of terms."""

COMPARISON: dict[str, Entry] = {
    **_of_kinds({"trial_sorties_share": ("1", "Sorties of {whose} with designs on trial over all their sorties.")}),
    **_of_kinds(
        {
            f"hits_by_{term}": (
                "hits/week",
                f"Difference in hits of {{whose}} between two scenarios because {meaning}.",
            )
            for term, meaning in COMPARISON_TERMS.items()
        }
    ),
    "euros_per_extra_hit": (
        "EUR/hit",
        (
            "How much more the treasuries spend for each hit more, of two scenarios; none unless there is evidence "
            "that one of them both hits more and spends more."
        ),
    ),
}
"""Quantities that only comparisons of two scenarios have; the others are of the summary."""

CODEBOOK: dict[str, Entry] = {
    **WEEKLY,
    **{name: entry for name, entry in SUMMARY.items() if name not in WEEKLY},
    **COMPARISON,
}
"""Unit and meaning of every weekly column, of every measure that only the summary has, and of those of comparisons.

A name in both, such as `workshops_effectiveness`, is a weekly value there and taken over weeks and runs here.
"""


def codebook_frame() -> pd.DataFrame:
    """The codebook as a table with the columns `column`, `unit`, `meaning`."""
    rows = [(column, unit, meaning) for column, (unit, meaning) in CODEBOOK.items()]
    return pd.DataFrame(rows, columns=["column", "unit", "meaning"])
