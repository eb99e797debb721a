"""What workshops make with partners: plants of their own abroad, and joint lines with primes."""

from typing import Literal

from race_sim.scenario.accounts import WORKSHOP_UNIT_COST
from race_sim.scenario.money import MOST_MONEY
from race_sim.scenario.parameter import Assumed, Group, Reading, Source, parameter


class Abroad(Group):
    """Workshops that build abroad: safer and with a budget of their own, dearer and slower."""

    firms: int = parameter(
        0,
        ge=0,
        le=10_000,
        unit="workshops",
        description="Workshops that are to build abroad; announced one a week, moved when the plant is ready.",
        source=Assumed(0, 10, "0 before a plan is made; about ten were planned", high_arithmetic="S2_35.firms"),
    )
    choice: Literal["merit", "connection"] = parameter(
        "merit",
        unit="1",
        description="Who goes: those with the best reports, or connected ones first and then anybody.",
        source=Reading(
            ("S2-36", "S2-51"),
            "the highest political tier chooses: by which standard is open, and it may be that of opaque procurement",
        ),
    )
    planned_weeks: int = parameter(
        13,
        ge=1,
        le=104,
        unit="weeks",
        description="Weeks from an announcement to the first output, as announced.",
        source=Source(
            "(W125.opening_month - W125.announced_month) * WEEKS_PER_MONTH",
            "announced in September to open in December",
            13,
            52,
        ),
    )
    slip: float = parameter(
        4.0,
        ge=1,
        le=8,
        unit="1",
        description="Weeks it takes over weeks announced.",
        source=Source(
            "SF14.months_taken / SF14.months_planned",
            "a plant planned for 3 months takes 12 or more; another line took 5 in all",
            1.0,
            6.0,
            informed_by=("W126", "W129"),
        ),
    )
    conversion: float = parameter(
        0.6,
        ge=0,
        le=1,
        unit="1",
        description="Chance that an announcement is carried out at all.",
        source=Assumed(0.2, 1.0, "announcements are many; how many become output is not told", informed_by=("S1-50",)),
    )
    cost_ratio: float = parameter(
        2.0,
        ge=1,
        le=10,
        unit="1",
        description="Unit cost abroad over that at home; cost of the plant that partners pay for, likewise.",
        source=Assumed(
            1.0,
            4.0,
            "most of the edge in cost is said to go; at most the primes' cost, four times that at home",
            informed_by=("S2-23", "S2-24"),
            high_arithmetic="(S3_14.times_low + S3_14.times_high) / 2",
        ),
    )
    extra_weeks: int = parameter(
        2,
        ge=0,
        le=52,
        unit="weeks",
        description="Weeks that distance from the front adds to a workshop's design cycle.",
        source=Assumed(
            0, 12, "most of the edge in speed is said to go; by how much is not told", informed_by=("S2-24",)
        ),
    )
    budget: int = parameter(
        0,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What the partners' treasury offers workshops abroad; what they do not take is spread over its "
        "orders of the next quarter.",
        source=Assumed(
            0,
            2_000_000,
            "0 before a partner does so; a plant on their soil opens partners' budgets, and Denmark and the UK pay "
            "for some",
            informed_by=("S2-22", "S2-25", "S2-33", "W127"),
        ),
    )
    front_share: float = parameter(
        1.0,
        ge=0,
        le=1,
        unit="1",
        description="Share of what is built abroad that goes to the front; the host keeps the rest.",
        source=Source(
            "S2_30.front_share",
            "output returns in wartime; after the war hosts mean to keep it",
            0.0,
            1.0,
            informed_by=("S2-31",),
        ),
    )


class JointLines(Group):
    """A prime's line that builds a workshop's design: the prime's capital and plant, the workshop's tempo."""

    places: int = parameter(
        6,
        ge=0,
        le=1000,
        unit="lines",
        fixed=True,
        description="Most joint lines that can be agreed in a run.",
        source=Assumed(0, 20, "one for each prime; ten ventures are planned", informed_by=("W123",)),
    )
    lines: int = parameter(
        0,
        ge=0,
        le=1000,
        unit="lines",
        description="Joint lines that are set up; one a week is begun while there are fewer.",
        source=Assumed(
            0,
            6,
            "0 before any is agreed; at most one for each prime; several are reported or signed",
            informed_by=("S1-49", "S2-38", "W130"),
        ),
    )
    setup_weeks: int = parameter(
        22,
        ge=1,
        le=104,
        unit="weeks",
        description="Weeks from the agreement to a line's first output.",
        source=Source(
            "round(W129.months * WEEKS_PER_MONTH)",
            "about five months from announcement to first units in the UK; three months were planned elsewhere",
            13,
            78,
            low_arithmetic="(W125.opening_month - W125.announced_month) * WEEKS_PER_MONTH",
        ),
    )
    capacity: int = parameter(
        200,
        ge=0,
        le=1_000_000,
        unit="drones/week",
        description="Drones a week of its prime's plant that a line takes over.",
        source=Assumed(
            10,
            1000,
            "the first lines make 10,000 drones a year: 192 a week as stated, but 7.5 at the model's scale; so 200 "
            "is a line grown far beyond the first",
            low_arithmetic="round(W124.drones_a_year / S1_22.drones * MODEL_DRONES_PER_WEEK, -1)",
        ),
    )
    unit_cost: int = parameter(
        1000,
        ge=1,
        le=10_000_000,
        unit="EUR/drone",
        description="What a drone costs to make on a joint line.",
        source=Assumed(
            500,
            2500,
            "between a workshop's and a prime's: the one's design, the other's wages and automation",
            low_arithmetic=WORKSHOP_UNIT_COST,
            high_arithmetic=f"S3_14.times_high * {WORKSHOP_UNIT_COST}",
        ),
    )
    sync_weeks: int = parameter(
        6,
        ge=1,
        le=104,
        unit="weeks",
        description="Weeks between refreshes of the design from the workshop.",
        source=Source(
            "W009.weeks",
            "a British line is to refresh its design every six weeks, as often as the data from the front",
            1,
            26,
            informed_by=("W008",),
        ),
    )
    integration_weeks: int = parameter(
        4,
        ge=0,
        le=104,
        unit="weeks",
        description="Weeks to bring a design into production, and as many more for each standard beyond the first.",
        source=Assumed(
            0,
            26,
            "shared standards are said to shorten integration; how long it takes is not told",
            informed_by=("S0-11",),
        ),
    )
    pilot_weeks_saved: int = parameter(
        0,
        ge=0,
        le=104,
        unit="weeks",
        description="Weeks of integration that cross-border pilots save.",
        source=Assumed(0, 8, "0 before there are any; what they save is not told", informed_by=("S0-12",)),
    )
    royalty: float = parameter(
        0.05,
        ge=0,
        le=1,
        unit="1",
        description="Share of a line's price that goes to the workshop for each drone.",
        source=Assumed(
            0.0, 0.2, "building on the workshop's property is hoped for; its price is not told", informed_by=("S2-15",)
        ),
    )
    spillover_weeks: int = parameter(
        0,
        ge=0,
        le=520,
        unit="weeks",
        description="Weeks by which a prime with a running line shortens its own next programmes.",
        source=Assumed(0, 52, "0: claimed, not measured", informed_by=("S1-45",)),
    )
    budget: int = parameter(
        0,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What the partners' treasury offers joint lines; what they do not take is spread over its orders "
        "of the next quarter.",
        source=Assumed(
            0, 3_000_000, "0 before partners pay for any; joint investment is the proposal", informed_by=("S1-44",)
        ),
    )
