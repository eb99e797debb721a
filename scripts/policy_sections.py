"""What docs/policy.md shows in each of its sections beside claims: policies, other measures, small comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """What stands in a section beside its prose.

    Attributes:
        policies: rows of the ranking.
        measures: {policy: other measures of it}.
        comparisons: {small comparison: quantities of it}.
    """

    policies: Sequence[str] = ()
    measures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    comparisons: Mapping[str, Sequence[str]] = field(default_factory=dict)


HITS = ("total_hits",)
FLOWN = ("total_hits", "total_sorties")
SECTIONS = {
    "binds": Section(),
    "exports": Section(
        ("export_controlled", "export_open", "surplus_split"),
        {
            "export_controlled": (
                "workshops_exported",
                "workshops_capacity",
                "home_aid",
                "workshops_hits",
                "primes_hits",
            ),
            "export_open": ("workshops_exported", "workshops_capacity", "home_aid", "workshops_hits", "primes_hits"),
            "surplus_split": ("workshops_exported", "workshops_capacity", "home_aid", "workshops_hits", "primes_hits"),
        },
    ),
    "danish": Section(
        ("danish_model", "foreign_firms"),
        {"danish_model": ("workshops_hits", "primes_hits", "workshops_built", "primes_built", "workshops_failed")},
        {"danish_never_grounded": FLOWN, "danish_more_crews": FLOWN, "guarantee_alone": HITS},
    ),
    "abroad": Section(
        ("build_abroad",), {"build_abroad": ("workshops_hits", "primes_hits", "workshops_built", "primes_built")}
    ),
    "joint": Section(
        ("joint_ventures",),
        {"joint_ventures": ("joint_lines_hits", "workshops_hits", "primes_hits", "joint_lines_built", "primes_built")},
        {"tempo_spills_over": ("total_hits", "primes_hits")},
    ),
    "standards": Section(
        ("fragmented_standards", "common_standard"),
        {"fragmented_standards": ("primes_hits", "primes_hits_a_sortie")},
        {"pilots": ("total_hits", "joint_lines_hits")},
    ),
    "money": Section(
        ("rearmament", "imported_arms"),
        {
            "rearmament": ("primes_built", "primes_sorties", "primes_stock", "primes_hits"),
            "imported_arms": ("primes_built", "primes_hits", "primes_hits_a_sortie"),
        },
        {"rearmament_never_grounded": FLOWN},
    ),
    "coalition": Section(("coalition",), {}, dict.fromkeys(("likely_veto", "whole_coalition", "no_dissent"), HITS)),
    "withdrawal": Section(
        ("us_withdrawal",),
        {"us_withdrawal": ("workshops_built", "primes_built", "workshops_hits", "primes_hits")},
        {"aid_alone": HITS},
    ),
    "barter": Section(("barter_deal",), {"barter_deal": ("strikes", "total_built")}, {"barter_under_strikes": HITS}),
    "strikes": Section(
        ("plant_strikes",),
        {"plant_strikes": ("strikes", "workshops_capacity", "workshops_failed", "workshops_built", "workshops_hits")},
    ),
    "shock": Section(
        ("supply_shock",),
        {"supply_shock": ("workshops_built", "primes_built", "workshops_hits", "primes_hits")},
        {
            "during_the_shock": ("total_hits", "total_built"),
            "after_the_shock": ("total_hits", "total_built"),
        },
    ),
    "procurement": Section(
        ("captured_procurement", "integrity_reform"),
        {
            "captured_procurement": ("home_commission", "workshops_built", "workshops_hits_a_sortie"),
            "integrity_reform": ("home_commission", "workshops_built", "workshops_hits_a_sortie"),
        },
        dict.fromkeys(("secrecy", "connected_makers", "intermediaries"), ("total_hits", "workshops_effectiveness")),
    ),
    "approval": Section(
        ("slow_approval", "faster_approval"),
        {
            "slow_approval": ("workshops_designs_fielded", "workshops_hits_a_sortie"),
            "faster_approval": ("workshops_designs_fielded", "workshops_hits_a_sortie"),
        },
        {"approval_of_models": HITS, "approval_short_steps": ("total_hits", "workshops_effectiveness")},
    ),
    "sharing": Section(
        ("open_sharing",),
        {"open_sharing": ("workshops_hits", "workshops_hits_a_sortie")},
        {"channels": HITS, "copies": HITS},
    ),
    "tempo": Section(
        ("european_tempo",),
        {"european_tempo": ("primes_hits", "primes_hits_a_sortie", "primes_sorties", "primes_stock", "workshops_hits")},
        {"tempo_without_intelligence": ("total_hits", "primes_effectiveness"), "tempo_never_grounded": FLOWN},
    ),
    "capital": Section(
        ("capital_without_feedback", "rearmament"),
        {
            "capital_without_feedback": (
                "primes_built",
                "primes_hits",
                "primes_hits_a_sortie",
                "primes_failed",
                "primes_debt",
            )
        },
    ),
    "stockpile": Section((), {}, {"after_the_lull": ("total_hits", "workshops_effectiveness", "primes_effectiveness")}),
    "euro": Section((), {}, {"broad_bench": ("total_hits", "workshops_effectiveness")}),
    "joined": Section(),
}
"""Sections by the word that their blocks begin with."""
