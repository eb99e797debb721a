"""What leaves the country: sales to customers abroad, and drones bartered for air defence."""

from typing import Literal

from race_sim.scenario.money import MOST_MONEY
from race_sim.scenario.parameter import Assumed, Group, Reading, Source, parameter


class Exports(Group):
    """Sales of workshops to customers abroad, and what they bring about."""

    regime: Literal["ban", "surplus", "quota", "open"] = parameter(
        "ban",
        unit="1",
        description="Nothing may be sold; what capacity is left after all orders; up to quota_share of expected "
        "orders; or as much as customers want, before the front is served.",
        source=Reading(
            ("S0-01", "S0-02", "S0-03", "S2-06", "S2-10", "S2-12", "S2-41"),
            "a ban in fact, without a statute; licences, or sales of a surplus only, are weighed",
        ),
    )
    partner_share: float = parameter(
        0.5,
        ge=0,
        le=1,
        unit="1",
        description="Share of the surplus that goes to customers; what they pay has to build the rest for the front.",
        source=Source("S0_04.share", "some versions divide the surplus equally", 0.0, 1.0),
    )
    quota_share: float = parameter(
        0.2,
        ge=0,
        le=1,
        unit="1",
        description="Most of its expected orders that a workshop may sell abroad under a quota, over those.",
        source=Assumed(0.0, 0.5, "controlled export is ordered, how much of it is not told", informed_by=("W122",)),
    )
    customers: Literal["nato", "world"] = parameter(
        "nato",
        unit="1",
        description="Sales go to NATO states only, or to anybody; what NATO only leaves unserved goes to the rival.",
        source=Reading(("S2-42", "S2-43"), "both are argued for"),
    )
    nato_demand: int = parameter(
        600,
        ge=0,
        le=10_000_000,
        unit="drones/week",
        description="Drones that customers in NATO would buy of all workshops together.",
        source=Assumed(
            0,
            3000,
            "armies want access, and 10 to 30 billion dollars are spoken of over years not told; here a fifth of "
            "what workshops build without accounts, at most all of it",
            informed_by=("S0-06", "S2-02", "S2-04"),
        ),
    )
    other_demand: int = parameter(
        300,
        ge=0,
        le=10_000_000,
        unit="drones/week",
        description="Drones that customers beyond NATO would buy of all workshops together.",
        source=Assumed(
            0,
            3000,
            "Gulf states ask one maker for thousands, and three regions are named; half of NATO's demand",
            informed_by=("S2-42", "W133"),
        ),
    )
    price_ratio: float = parameter(
        2.0,
        gt=0,
        le=10,
        unit="1",
        description="Price abroad over the maker's price at home; customers pay when they order.",
        source=Assumed(
            1.0,
            3.0,
            "no price abroad is told; at most what the customers' own makers would need",
            high_arithmetic="S3_14.times_low",
        ),
    )
    goodwill_loss: float = parameter(
        0.5,
        ge=0,
        le=10,
        unit="1",
        description="Share of aid lost in the end, over the share of output sold abroad.",
        source=Assumed(
            0.0,
            2.0,
            "selling while asking for aid is said to look bad; nobody has measured what that costs",
            informed_by=("S2-19", "S2-20"),
        ),
    )
    goodwill_weeks: float = parameter(
        13.0,
        ge=1,
        le=520,
        unit="weeks",
        description="Mean weeks in which goodwill follows what is sold.",
        source=Assumed(
            4.0,
            52.0,
            "selling while living on aid is said to look bad; how soon givers act on that is not told: a quarter of a "
            "year",
            informed_by=("S2-19", "S2-20"),
        ),
    )
    leak: float = parameter(
        0.05,
        ge=0,
        le=10,
        unit="1",
        description="Weight of an exported drone in what a team senses of its design, and senses there without error.",
        source=Assumed(
            0.0,
            0.5,
            "partnerships are asked to carry safeguards, read as against leaks, and the rival is said to copy; how "
            "often a design sold abroad leaks is not told: seldom, as few see it",
            informed_by=("S0-09", "W002"),
        ),
    )
    rival_week_cost: int = parameter(
        1_000_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What the rival pays to shorten a project of a countermeasure team by a week, as far as its sales "
        "to markets left to it pay for that; 0: it cannot.",
        source=Assumed(
            0,
            10_000_000,
            "markets left to the rival bring it profit; what this buys is not told",
            informed_by=("S2-42",),
        ),
    )


class Barter(Group):
    """Drones for air defence."""

    drones_per_week: int = parameter(
        0,
        ge=0,
        le=1_000_000,
        unit="drones/week",
        description="Drones a week that leave the arsenal, newest first, for interceptors.",
        source=Assumed(0, 1000, "0: deals are only proposed, without numbers a week", informed_by=("S2-01", "W134")),
    )
    interceptors_per_drone: float = parameter(
        0.001,
        ge=0,
        le=100,
        unit="interceptors/drone",
        description="Interceptors received for a drone; each can stop one strike on a plant or depot.",
        source=Source(
            "round(W061.dollars / W061.drones / (W137.missile_thousands_high * 1000), 3)",
            "a drone's price over that of an air-defence missile of 140,000 to 500,000 dollars; up to 4 million for "
            "the dearest",
            0.0001,
            0.004,
            low_arithmetic="round(W061.dollars / W061.drones / W135.interceptor_dollars, 4)",
            high_arithmetic="round(W061.dollars / W061.drones / (W137.missile_thousands_low * 1000), 3)",
        ),
    )
    interception: float = parameter(
        0.8,
        ge=0,
        le=1,
        unit="1",
        description="Chance that an interceptor stops the strike it is used against.",
        source=Source(
            "W136.interception_low",
            "the lower of what a practised defender downs of drones; nearly 0.4 of ballistic missiles in a better "
            "month",
            0.4,
            0.95,
            low_arithmetic="W024.interception_before",
            informed_by=("S2-17",),
        ),
    )
