"""Accounts of workshops and of primes: what each kind of maker pays, owes, owns and may borrow."""

from typing import Any

from race_sim.scenario.money import MOST_MONEY
from race_sim.scenario.parameter import Assumed, Group, Source, parameter

WORKSHOP_UNIT_COST = "round(W061.dollars / W061.drones / (1 + W106.profit_cap), -2)"
"""Arithmetic that leads to what a drone costs a workshop; other unit costs are stated over it."""
PRIME_UNIT_COST = f"(S3_14.times_low + S3_14.times_high) / 2 * {WORKSHOP_UNIT_COST}"


def _unit_cost(default: int, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=1,
        le=10_000_000,
        unit="EUR/drone",
        description="What one drone costs to make.",
        source=source,
    )


def _initial_capacity(default: int, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=1_000_000,
        unit="drones/week",
        fixed=True,
        description="Drones a week that the plant of each can build at the start.",
        source=source,
    )


def _initial_cash(default: int, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=MOST_MONEY,
        unit="EUR",
        description="Cash that the owners of each pay in when it is founded.",
        source=source,
    )


def _cost_of_capital(default: float, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=2,
        unit="1/year",
        description="Interest a year on what each owes, and the rate at which it discounts a plant's margin.",
        source=source,
    )


def _credit_weeks(default: float, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=520,
        unit="weeks",
        description="Weeks of the cost of its expected orders that lenders advance to each as working capital.",
        source=source,
    )


def _overhead(default: float, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=1_000_000,
        unit="EUR/week",
        description="Fixed cost a week for each drone a week of capacity, used or not.",
        source=source,
    )


def _plant_cost(default: int, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=1_000_000_000,
        unit="EUR",
        description="What plant for one more drone a week costs.",
        source=source,
    )


def _build_weeks(default: int, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=1,
        le=104,
        unit="weeks",
        description="Weeks from paying for a plant to its first output.",
        source=source,
    )


def _research_share(default: float, source: Source | Assumed) -> Any:
    return parameter(
        default,
        ge=0,
        le=1,
        unit="1",
        description="Share of what each is paid that it sets aside for research.",
        source=source,
    )


class WorkshopAccounts(Group):
    """What workshops pay and may borrow: cheap to set up, dear to finance."""

    unit_cost: int = _unit_cost(
        500,
        Source(
            WORKSHOP_UNIT_COST,
            "a year's planned order over its drones, less the margin, in round hundreds; a dollar counts as a euro, "
            "at most a fifth too high; wireless drones are also said to cost 500 dollars, fibre-optic ones several "
            "times that",
            300,
            1000,
            informed_by=("W033",),
        ),
    )
    initial_capacity: int = _initial_capacity(
        140,
        Assumed(
            50,
            500,
            "tuned: about a third is in use after a year, as reported",
            informed_by=("S3-12",),
        ),
    )
    initial_cash: int = _initial_cash(
        60_000,
        Assumed(
            10_000,
            500_000,
            "a few weeks' cost of building; over 25 million dollars raised by some 200 makers are about 125,000 "
            "each, and makers of the model are smaller",
            informed_by=("W118",),
        ),
    )
    cost_of_capital: float = _cost_of_capital(
        0.17,
        Source(
            "round(W111.loan_percent / 100, 2)",
            "what business loans cost in Ukraine; 5% under a state scheme for arms makers, of which some make use",
            0.05,
            0.25,
            low_arithmetic="W112.rate",
            informed_by=("S1-43", "W113"),
        ),
    )
    credit_weeks: float = _credit_weeks(
        8.0, Assumed(0.0, 26.0, "two months, as long as buyers take to pay; lenders' terms are not reported")
    )
    overhead: float = _overhead(
        10.0, Assumed(0.0, 50.0, "a fiftieth of what a drone costs: small shops rent little and own little")
    )
    plant_cost: int = _plant_cost(
        2000, Assumed(500, 10_000, "a hundredth of the primes': benches and hands instead of halls and machines")
    )
    build_weeks: int = _build_weeks(13, Assumed(4, 52, "a quarter of a year; a workshop grows by hiring and renting"))
    research_share: float = _research_share(
        0.05,
        Assumed(
            0.0, 0.2, "income is said to feed the industry's development; which share is not", informed_by=("S0-08",)
        ),
    )
    candidate_cost: int = parameter(
        350,
        ge=1,
        le=10_000_000,
        unit="EUR/mutant",
        description="What one mutant on the bench costs; money set aside for research buys no more than these.",
        source=Assumed(
            50, 2000, "tuned: over a run of the baseline income buys about workshops.bench_candidates_per_week of them"
        ),
    )
    most_candidates_per_week: int = parameter(
        16,
        ge=1,
        le=1000,
        unit="mutants/week",
        description="Mutants that a workshop can test on its bench for each week of its cycle, however rich.",
        source=Assumed(4, 64, "four times what workshops test without accounts"),
    )


class PrimeAccounts(Group):
    """What primes and their joint lines pay and may borrow: dear to set up, cheap to finance."""

    unit_cost: int = _unit_cost(
        2000,
        Source(
            PRIME_UNIT_COST,
            "three to five times the workshops' unit cost, the middle of which is four",
            1500,
            2500,
            low_arithmetic=f"S3_14.times_low * {WORKSHOP_UNIT_COST}",
            high_arithmetic=f"S3_14.times_high * {WORKSHOP_UNIT_COST}",
        ),
    )
    initial_capacity: int = _initial_capacity(
        450, Assumed(100, 5000, "tuned with the partners' budget, which six primes share")
    )
    initial_cash: int = _initial_cash(
        5_000_000,
        Assumed(
            0,
            100_000_000,
            "a few weeks' cost of building; a start-up alone raised 100 million dollars",
            high_arithmetic="W119.dollars",
        ),
    )
    cost_of_capital: float = _cost_of_capital(
        0.035,
        Assumed(
            0.02,
            0.06,
            "cheap and patient, on the best credit and for decades; the rate itself was not seen",
            informed_by=("S1-42", "W114"),
        ),
    )
    credit_weeks: float = _credit_weeks(
        26.0,
        Assumed(
            8.0, 104.0, "half a year: lenders trust stable rules; their terms are not reported", informed_by=("S1-42",)
        ),
    )
    overhead: float = _overhead(
        100.0, Assumed(0.0, 500.0, "a twentieth of what a drone costs: halls, machines and staff that stand by")
    )
    plant_cost: int = _plant_cost(
        50_000,
        Source(
            "round(W124.plant_euros / W124.deal_euros * WEEKS_PER_YEAR * (1 + W106.profit_cap) * "
            f"{PRIME_UNIT_COST}, -4)",
            "a plant costs 40 for every 100 of the yearly deal it serves (of dearer drones than these), and one drone "
            "a week is worth 52 prices a year; in round numbers",
            20_000,
            200_000,
            informed_by=("W139",),
        ),
    )
    build_weeks: int = _build_weeks(
        52,
        Source(
            "SF14.months_taken * WEEKS_PER_MONTH",
            "the 12 months or more that a plant begun in Denmark takes, at their least",
            26,
            104,
            informed_by=("W126",),
        ),
    )
    research_share: float = _research_share(0.05, Assumed(0.0, 0.2, "as for workshops"))
    evaluation_cost: int = parameter(
        6500,
        ge=1,
        le=100_000_000,
        unit="EUR/evaluation",
        description="What one evaluation in the search for a generation costs; research money buys no more than these.",
        source=Assumed(
            1000,
            50_000,
            "tuned: at the partners' first budget a programme's research money buys about primes.search_evaluations",
        ),
    )
    most_evaluations_per_week: int = parameter(
        64,
        ge=1,
        le=100_000,
        unit="evaluations/week",
        description="Evaluations that a prime can make in a week, however rich.",
        source=Assumed(8, 256, "about eight times what it makes at the start"),
    )
    cost_per_standard: int = parameter(
        20_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="Fixed cost a week that each standard beyond the first duplicates at each prime.",
        source=Assumed(
            0,
            100_000,
            "duplication is said to cost money and speed, and coordination cost one programme 1.4 billion euros; "
            "what one standard costs is not told",
            informed_by=("S3-18", "W095"),
        ),
    )
