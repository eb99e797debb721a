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
FRAGMENTED = {"extra": 4.0, "standards": 4, "destination": "primes"}
CLAIMS: Mapping[str, tuple[Claim, ...]] = {
    "binds": (
        Claim("S3-12", outside="that plant is idle is put in, not found"),
        Claim("S3-13", outside="that orders are few beside plant is put in; finance then binds nobody"),
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
        Claim(
            "S0-08",
            (
                measured(
                    "export_open", "workshops_capacity", MORE, "open sales: more plant of workshops, however little"
                ),
            ),
        ),
        Claim(
            "S2-19",
            (
                Difference(
                    "open sales that cost no aid take hits from the front",
                    "regimes",
                    {"regime": "open", "leak": 0.05, "loss": 0.0},
                    FEWER,
                ),
            ),
        ),
        Claim("S2-20", outside="that sales cost aid is put in; how many hits that costs is in the tables"),
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
        Claim("S2-23", outside="what a drone costs abroad is put in; what that takes is in the tables"),
        Claim("S2-24", outside="weeks added to a cycle abroad are put in; what they take is in the tables"),
        Claim(
            "S2-25",
            (ranked("build_abroad", MORE, "moving abroad for partners' money brings more hits than staying without"),),
        ),
    ),
    "joint": (
        Claim(
            "S1-44",
            (ranked("joint_ventures", MORE, "a million a week moved from primes to joint lines brings more hits"),),
        ),
        Claim("S1-45", outside="whether tempo spills over is put in; what it would bring is in the table"),
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
        Claim(
            "S1-13",
            (measured("imported_arms", "primes_hits_a_sortie", FEWER, "imports: fewer hits a sortie of primes"),),
        ),
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
        Claim("S3-01", outside="how likely a withdrawal is, the model cannot know"),
        Claim("S2-16", outside="how much America gives is put in, not found"),
    ),
    "barter": (
        Claim("S2-01", outside="nobody claims that the swap brings hits at the front"),
        Claim("S2-17", outside="what interceptors do for cities, power and troops is not in the model"),
    ),
    "strikes": (Claim("S2-34", (ranked("plant_strikes", FEWER, "strikes on plants cost hits"),)),),
    "shock": (Claim("S2-18", (ranked("supply_shock", FEWER, "a shock to inputs costs hits"),)),),
    "procurement": (
        Claim("S2-44", (compared("secrecy", FEWER, "orders in full secrecy bring fewer hits than in the open"),)),
        Claim(
            "S2-50",
            (compared("connected_makers", FEWER, "two fifths of orders for connected makers, alone, cost hits"),),
        ),
        Claim("S2-52", outside="that a mark-up buys nothing is put in; what it takes is in the table"),
        Claim("S2-53", outside="what an enemy learns from open books is not in the model"),
    ),
    "approval": (
        Claim(
            "S3-08",
            (
                compared("approval_of_models", FEWER, "two years to approve a model, none for a variant, cost hits"),
                ranked("slow_approval", FEWER, "the same, and half a year for a variant, which is assumed"),
            ),
        ),
        Claim(
            "SF08",
            (
                measured(
                    "faster_approval",
                    "workshops_designs_fielded",
                    MORE,
                    "faster approval: more new designs, by whatever factor",
                ),
            ),
        ),
    ),
    "sharing": (
        Claim(
            "S1-34",
            (
                ranked("open_sharing", MORE, "open sharing, reports and copies, brings more hits"),
                compared("copies", MORE, "more copying alone brings more hits"),
            ),
        ),
        Claim("S1-36", (compared("channels", MORE, "faster and surer reports alone bring more hits"),)),
    ),
    "tempo": (
        Claim(
            "S1-30",
            (
                ranked("european_tempo", MORE, "a weekly tempo of primes brings more hits"),
                compared("tempo_without_intelligence", MORE, "the same without any intelligence"),
            ),
        ),
        Claim("S1-31", outside="that hits grow is judged above; winning any race is more than was tested"),
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
        Claim("S3-23", outside="that teams go on learning in a lull is put in, not found"),
        Claim("S2-31", outside="what hosts will do is put in, not found"),
    ),
    "euro": (
        Claim(
            "S1-27",
            tuple(
                Difference(
                    f"a weekly cycle hits more than 32 weeks with {many} times the drones, {kind} countermeasures",
                    "price_or_speed",
                    {"countermeasures": kind, "force": f"32 weeks x{many}"},
                    FEWER,
                )
                for kind in ("area", "point")
                for many in (2, 4)
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
                Difference("the same: more hits a sortie", "destinations_a_sortie", JOINTLY, MORE),
                *(
                    Difference(
                        f"{millions} million more a week for primes are worth more with programmes of {weeks}",
                        "interaction",
                        {"extra": float(millions), "tempo": tempo},
                        MORE,
                    )
                    for tempo, weeks in ((8, "8 weeks"), (1, "1 week"))
                    for millions in (1, 4)
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
