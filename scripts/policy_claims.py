"""Claims of the seed documents that docs/policy.md judges, and what stands for each in its tables."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.policy_rule import FEWER, MORE, Claim, Difference


def ranked(policy: str, expected: int, words: str) -> Difference:
    """Extra hits of a policy as the ranking has them."""
    return Difference(words, "ranking", {"policy": policy}, expected)


def measured(policy: str, measure: str, expected: int, words: str) -> Difference:
    """Another measure of a policy."""
    return Difference(words, "measures", {"policy": policy, "measure": measure}, expected)


def compared(comparison: str, expected: int, words: str, quantity: str = "total_hits") -> Difference:
    """A small comparison."""
    return Difference(words, "extra", {"comparison": comparison, "quantity": quantity}, expected)


JOINTLY = {"tempo": 78, "extra": 1.0, "destination": "joint_lines"}
ONE_MILLION = {"tempo": 78, "extra": 1.0, "destination": "home"}
STORED = {"tempo": "baseline", "lull": 78, "early": 1.0}
FRAGMENTED = {"extra": 4.0, "standards": 4, "destination": "primes"}
CLAIMS: Mapping[str, tuple[Claim, ...]] = {
    "binds": (
        Claim("S3-12", outside="that plant is idle is put in, not found"),
        Claim(
            "S3-13",
            (measured("danish_model", "workshops_built", MORE, "a million a week more for workshops: more built"),),
        ),
    ),
    "exports": (
        Claim(
            "S2-09",
            (
                ranked("export_controlled", MORE, "controlled sales bring more hits"),
                ranked("export_open", MORE, "open sales bring more hits"),
                ranked("surplus_split", MORE, "sales of a surplus bring more hits"),
            ),
        ),
        Claim("S0-08", (measured("export_open", "workshops_capacity", MORE, "open sales: more plant of workshops"),)),
        Claim("S2-19", (ranked("export_open", FEWER, "open sales take hits from the front"),)),
        Claim(
            "S2-20",
            (
                Difference(
                    "open sales: fewer hits if aid lost is twice the share sold than if none is lost",
                    "goodwill",
                    {"regime": "open", "leak": 0.05, "loss": 2.0},
                    FEWER,
                ),
            ),
        ),
        Claim(
            "S2-42",
            (
                Difference(
                    "more hits with sales to anybody than with sales to NATO",
                    "world",
                    {"regime": "open_to_the_world", "leak": 0.05, "loss": 0.5},
                    MORE,
                ),
            ),
        ),
        Claim(
            "S2-43",
            (
                Difference(
                    "more hits with sales to anybody that leak nothing than with the ban",
                    "regimes",
                    {"regime": "open_to_the_world", "leak": 0.0, "loss": 0.5},
                    MORE,
                ),
            ),
        ),
    ),
    "danish": (
        Claim(
            "S3-15",
            (
                ranked("danish_model", MORE, "a million a week moved from primes to workshops brings more hits"),
                Difference(
                    "a million more a week: more hits with workshops than with primes",
                    "destinations",
                    ONE_MILLION,
                    MORE,
                ),
            ),
        ),
    ),
    "abroad": (
        Claim(
            "S2-34",
            (
                Difference(
                    "building abroad is worth more where plants at home are struck more often",
                    "interactions",
                    {"one": "build_abroad", "other": "plant_strikes"},
                    MORE,
                ),
                Difference(
                    "ten workshops abroad bring more if 2% of plants at home are struck a week than if none is",
                    "abroad_by_hazard",
                    {"abroad": 10, "hazard": 0.02, "cost": 2.0, "delay": 2},
                    MORE,
                ),
            ),
        ),
        Claim(
            "S2-23",
            (
                Difference(
                    "plants abroad: fewer hits if a drone costs twice as much there than if it costs the same",
                    "cost_abroad",
                    {"cost": 2.0, "hazard": 0.0, "delay": 2},
                    FEWER,
                ),
            ),
        ),
        Claim(
            "S2-24",
            (
                Difference(
                    "the same million: fewer hits with workshops abroad than at home",
                    "home_or_abroad",
                    ONE_MILLION,
                    MORE,
                ),
            ),
        ),
        Claim(
            "S2-25",
            (
                Difference(
                    "the same million: more hits with workshops at home than abroad",
                    "home_or_abroad",
                    ONE_MILLION,
                    MORE,
                ),
                ranked("build_abroad", MORE, "moving abroad for partners' money brings more hits than staying without"),
            ),
        ),
    ),
    "joint": (
        Claim(
            "S1-44",
            (ranked("joint_ventures", MORE, "a million a week moved from primes to joint lines brings more hits"),),
        ),
        Claim(
            "S1-45",
            (compared("tempo_spills_over", MORE, "joint lines: more hits if tempo spills over to their primes"),),
        ),
    ),
    "standards": (
        Claim(
            "S1-11",
            (ranked("fragmented_standards", FEWER, "four standards bring fewer hits than one, on the same money"),),
        ),
        Claim("S3-18", (ranked("common_standard", MORE, "one standard after four brings more hits than four"),)),
        Claim("S0-12", (compared("pilots", MORE, "joint lines and four standards: more hits with pilots"),)),
    ),
    "money": (
        Claim("S1-13", (ranked("imported_arms", FEWER, "imports instead of orders bring fewer hits"),)),
        Claim("S3-16", (ranked("rearmament", MORE, "rearmament brings more hits"),)),
        Claim(
            "S1-15",
            (
                Difference(
                    "a weekly tempo of primes brings more hits than rearmament",
                    "pairs",
                    {"one": "european_tempo", "other": "rearmament"},
                    MORE,
                ),
            ),
        ),
    ),
    "coalition": (
        Claim("S3-03", (compared("no_dissent", MORE, "unanimity without dissenters brings more hits than with two"),)),
        Claim("S3-04", (ranked("coalition", MORE, "the coalition brings more hits than unanimity"),)),
        Claim(
            "S3-19",
            (
                compared(
                    "whole_coalition", MORE, "a coalition that nobody stays out of brings more hits than unanimity"
                ),
            ),
        ),
    ),
    "withdrawal": (
        Claim("S3-01", (ranked("us_withdrawal", FEWER, "withdrawal costs hits"),)),
        Claim("S2-16", outside="how much America gives is put in, not found"),
    ),
    "barter": (
        Claim(
            "S2-01",
            (
                ranked("barter_deal", MORE, "the swap brings more hits"),
                compared("barter_under_strikes", MORE, "the swap brings more hits if 2% of plants are struck a week"),
            ),
        ),
        Claim("S2-17", outside="what interceptors do for cities, power and troops is not in the model"),
    ),
    "strikes": (Claim("S2-34", (ranked("plant_strikes", FEWER, "strikes on plants cost hits"),)),),
    "shock": (Claim("S2-18", (ranked("supply_shock", FEWER, "a shock to inputs costs hits"),)),),
    "procurement": (
        Claim("S2-44", (ranked("captured_procurement", FEWER, "captured procurement costs hits"),)),
        Claim(
            "S2-50",
            (compared("connected_makers", FEWER, "two fifths of orders for connected makers, alone, cost hits"),),
        ),
        Claim("S2-52", (compared("intermediaries", FEWER, "half of orders through intermediaries, alone, cost hits"),)),
        Claim("S2-53", outside="what an enemy learns from open books is not in the model"),
    ),
    "approval": (
        Claim("S3-08", (ranked("faster_approval", MORE, "faster approval brings more hits than slow approval"),)),
        Claim(
            "SF08",
            (
                measured(
                    "faster_approval", "workshops_designs_fielded", MORE, "faster approval: more new designs a week"
                ),
            ),
        ),
    ),
    "sharing": (
        Claim("S1-34", (ranked("open_sharing", MORE, "open sharing brings more hits"),)),
        Claim("S1-36", (compared("channels", MORE, "faster and surer reports alone bring more hits"),)),
    ),
    "tempo": (
        Claim("S1-30", (ranked("european_tempo", MORE, "a weekly tempo of primes brings more hits"),)),
        Claim(
            "S1-31",
            (compared("tempo_without_intelligence", MORE, "a weekly tempo without any intelligence brings more hits"),),
        ),
        Claim(
            "S1-38",
            (measured("european_tempo", "primes_hits_a_sortie", MORE, "weekly tempo: more hits a sortie of primes"),),
        ),
    ),
    "capital": (
        Claim(
            "S1-15",
            (
                Difference(
                    "twice the money and research of primes bring fewer hits than a weekly tempo on the same money",
                    "pairs",
                    {"one": "capital_without_feedback", "other": "european_tempo"},
                    FEWER,
                ),
            ),
        ),
    ),
    "stockpile": (
        Claim(
            "S3-23",
            (
                Difference(
                    "workshops: more hits if all is spent in the lull than if all is kept until war resumes",
                    "early",
                    {"force": "workshops", **STORED},
                    MORE,
                ),
                Difference("primes: the same", "early", {"force": "primes", **STORED}, MORE),
            ),
        ),
        Claim("S2-31", outside="what hosts will do is put in, not found"),
    ),
    "euro": (
        Claim(
            "S1-27",
            tuple(
                Difference(
                    f"a weekly cycle hits more than 32 weeks with four times the drones, {kind} countermeasures",
                    "price_or_speed",
                    {"countermeasures": kind, "force": "32 weeks x4"},
                    FEWER,
                )
                for kind in ("area", "point")
            ),
        ),
        Claim("S3-14", outside="what a drone costs is put in, not found"),
    ),
    "joined": (
        Claim(
            "S1-44",
            (
                Difference(
                    "a million more a week: more hits with joint lines than with primes", "destinations", JOINTLY, MORE
                ),
                Difference(
                    "four millions more a week for primes are worth more with a weekly tempo",
                    "interaction",
                    {"extra": 4.0, "tempo": 1},
                    MORE,
                ),
            ),
        ),
        Claim(
            "S1-12",
            (
                Difference(
                    "four millions more a week for primes are worth less with four standards",
                    "standards_interaction",
                    FRAGMENTED,
                    FEWER,
                ),
            ),
        ),
    ),
}
"""Claims of each section of the page."""
