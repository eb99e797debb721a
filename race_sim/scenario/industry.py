"""What befalls makers: entry and approval, strikes on plants and depots, shocks to their inputs."""

from race_sim.scenario.parameter import Assumed, Group, Source, parameter


class Entry(Group):
    """New makers, and the approval that their first model and later variants need."""

    places: int = parameter(
        20,
        ge=0,
        le=10_000,
        unit="workshops",
        fixed=True,
        description="Most workshops that can enter in a run.",
        source=Assumed(0, 500, "keeps a run small"),
    )
    rate: float = parameter(
        0.1,
        ge=0,
        le=1000,
        unit="workshops/week",
        description="Mean number of workshops that enter in a week (Poisson).",
        source=Assumed(
            0.0,
            1.7,
            "tuned; at most makers known from one year to the next, 200 to 500, of which 60 in 200 get orders; new "
            "ones almost monthly by another account",
            informed_by=("S1-33", "W069"),
            high_arithmetic="round((W070.firms / W057.firms - 1) * W057.firms_with_orders / WEEKS_PER_YEAR, 1)",
        ),
    )
    approval_weeks: int = parameter(
        4,
        ge=0,
        le=208,
        unit="weeks",
        description="Weeks to approve a newcomer's first model, before anybody may order it.",
        source=Source(
            "(W074.weeks_low + W074.weeks_high) / 2",
            "3 to 5 weeks since a reform, about two years before it",
            3,
            104,
            low_arithmetic="W074.weeks_low",
            high_arithmetic="W074.weeks_before",
            informed_by=("S3-08", "W075"),
        ),
    )
    variant_approval_weeks: int = parameter(
        0,
        ge=0,
        le=104,
        unit="weeks",
        description="Weeks from the last report on a variant to the permission to field it.",
        source=Assumed(
            0, 26, "0: only models are said to need approval, and units change designs in weeks", informed_by=("W074",)
        ),
    )
    flips: int = parameter(
        3,
        ge=0,
        le=64,
        unit="bits",
        description="Random flips that separate a newcomer's first design from the one it starts from.",
        source=Assumed(
            0,
            12,
            "as founders.flips; makers are said to be many and their drones varied, by how much is not told",
            informed_by=("S3-08",),
        ),
    )
    foreign_share: float = parameter(
        0.0,
        ge=0,
        le=1,
        unit="1",
        description="Share of newcomers that foreign firms found, with the primes' initial cash and cost of capital.",
        source=Assumed(
            0.0,
            0.5,
            "0 before a policy invites them; foreign firms may build at home, and 25 have begun, beside some 500 "
            "makers",
            informed_by=("S2-07", "S2-08", "W131"),
        ),
    )


class Strikes(Group):
    """Strikes on plants and on depots behind the front."""

    home_hazard: float = parameter(
        0.0015,
        ge=0,
        le=1,
        unit="1/week",
        description="Chance a week that a plant at home is struck.",
        source=Source(
            "round(W144.plants / (WEEKS_PER_YEAR / 4) / W057.firms, 4)",
            "four plants destroyed in a summer of 13 weeks, over some 200 makers; strikes that only damage are not "
            "counted",
            0.0,
            0.02,
            informed_by=("S2-34",),
        ),
    )
    abroad_hazard: float = parameter(
        0.0001,
        ge=0,
        le=1,
        unit="1/week",
        description="Chance a week that a plant abroad, or a prime's, is struck or sabotaged.",
        source=Assumed(
            0.0, 0.001, "small but not zero: producers inside the EU face threats too", informed_by=("S2-45",)
        ),
    )
    depot_hazard: float = parameter(
        0.0,
        ge=0,
        le=1,
        unit="1/week",
        description="Chance a week that depots of the arsenal are struck.",
        source=Assumed(0.0, 0.1, "0: rows tell of strikes on plants, and none of strikes on depots"),
    )
    capacity_lost: float = parameter(
        0.6,
        ge=0,
        le=1,
        unit="1",
        description="Share of a plant's capacity that a strike puts out of use until it is repaired.",
        source=Assumed(
            0.2,
            1.0,
            "plants are said to be destroyed or damaged, without saying how much of each",
            informed_by=("W145",),
        ),
    )
    stock_lost: float = parameter(
        0.5,
        ge=0,
        le=1,
        unit="1",
        description="Share of the drones at a struck plant that are destroyed.",
        source=Assumed(0.1, 1.0, "losses are told in money only", informed_by=("W145",)),
    )
    depot_lost: float = parameter(
        0.1,
        ge=0,
        le=1,
        unit="1",
        description="Share of every lot of the arsenal that a strike on depots destroys.",
        source=Assumed(0.01, 0.5, "no row tells of strikes on depots, or what they destroy; lots are spread over many"),
    )
    repair_weeks: int = parameter(
        13,
        ge=1,
        le=104,
        unit="weeks",
        description="Weeks until what a strike put out of use works again.",
        source=Assumed(
            4,
            52,
            "as long as new plant takes a workshop; plants are said to be damaged or destroyed, how long repair takes "
            "is not told",
            informed_by=("W144",),
        ),
    )
    repair_cost: float = parameter(
        0.5,
        ge=0,
        le=10,
        unit="1",
        description="What repair costs, over the cost of new plant; who cannot pay repairs as much as it can.",
        source=Assumed(
            0.1, 1.0, "35 million dollars lost with a plant, whose worth is not told", informed_by=("W145",)
        ),
    )


class Inputs(Group):
    """Parts and materials from abroad."""

    availability: float = parameter(
        1.0,
        ge=0,
        le=1,
        unit="1",
        description="Share of imported inputs that can be had.",
        source=Assumed(
            0.225,
            1.0,
            "1 without a shock; Europe makes 4500 tonnes of the 20,000 it needs of one input, and others shrink",
            informed_by=("S2-18", "W142"),
            low_arithmetic="W143.tonnes_low / W143.tonnes_needed",
        ),
    )
    home_dependence: float = parameter(
        0.65,
        ge=0,
        le=1,
        unit="1",
        description="Share of a plant's inputs at home that is imported.",
        source=Source(
            "W141.chinese_share",
            "up to 65% of parts come from China; by another account home production covers 40% of components",
            0.4,
            0.9,
            informed_by=("W142",),
        ),
    )
    partner_dependence: float = parameter(
        0.35,
        ge=0,
        le=1,
        unit="1",
        description="The same of plants abroad and of primes.",
        source=Source(
            "W116.outside_percent / 100",
            "the most that joint loans let come from outside; at most as much as at home",
            0.1,
            0.65,
            high_arithmetic="W141.chinese_share",
        ),
    )
