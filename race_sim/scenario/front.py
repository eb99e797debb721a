"""What flies, from which stock, and what the hits are worth."""

from race_sim.scenario.parameter import Assumed, Group, Source, parameter


class Operators(Group):
    """Crews that choose what to fly and drop what does not work."""

    crews: int = parameter(
        6000,
        ge=0,
        le=100_000_000,
        unit="sorties/week",
        description="Most sorties flown in a week.",
        source=Assumed(
            1000,
            20_000,
            "equal to the weekly output of all makers, so that it seldom binds; about 3000 at the scale of 1/26",
            informed_by=("W045",),
        ),
    )
    preference: float = parameter(
        1.0,
        ge=0,
        le=8,
        unit="1",
        description="Exponent of a product's remembered success in the choice of what to fly; 0 is indifference.",
        source=Assumed(0.0, 4.0, "units buy by results; how strongly is not known", informed_by=("W103",)),
    )
    drop_after_weeks: int = parameter(
        3,
        ge=0,
        le=52,
        unit="weeks",
        description="Poor weeks of use in a row after which a product is dropped; 0 is never.",
        source=Source("W020.tries", "users try about three times and give up; a try is read as a week of use", 0, 12),
    )
    poor_ratio: float = parameter(
        0.33,
        ge=0,
        le=1,
        unit="1",
        description="A week of use is poor below this share of the week's average success over all sorties.",
        source=Assumed(0.1, 0.67),
    )
    minimum_expected_hits: float = parameter(
        3.0,
        ge=0,
        le=1000,
        unit="hits",
        description="A week counts as use of a product if the week's average success over all sorties would have "
        "given its sorties at least this many hits; with fewer, chance decides.",
        source=Assumed(1, 10, "at 3, an average product scores nothing in 5% of the weeks that count"),
    )
    memory: float = parameter(
        0.7,
        ge=0,
        lt=1,
        unit="1/week",
        description="Share of remembered success kept from one week to the next.",
        source=Assumed(0.3, 0.9),
    )


class Arsenal(Group):
    """Dated lots of drones."""

    shelf_life_weeks: int = parameter(
        104,
        ge=1,
        le=5000,
        unit="weeks",
        description="Age at which drones left in a lot are scrapped.",
        source=Assumed(26, 520),
    )


class Front(Group):
    """The balance of the front: (hits * value - regeneration) / scale more a week; +1 attack prevails, -1 defence."""

    targets_per_week: int = parameter(
        0,
        ge=0,
        le=100_000_000,
        unit="targets/week",
        description="Targets that can be hit in a week; 0 is unlimited.",
        source=Assumed(0, 20_000, "hits rose less than supply: vary it", informed_by=("W076",)),
    )
    value_per_hit: float = parameter(
        1.0,
        ge=0,
        le=1000,
        unit="hits-worth/hit",
        description="Worth of a hit.",
        source=Assumed(0.5, 2.0, "1 defines the unit"),
    )
    regeneration: float = parameter(
        1000.0,
        ge=0,
        le=1e8,
        unit="hits-worth/week",
        description="Losses the other side makes good each week (central value).",
        source=Assumed(
            300, 3000, "of the order of the baseline's hits, so that the three values shown lie on both sides of them"
        ),
    )
    regeneration_spread: float = parameter(
        0.2,
        ge=0,
        le=1,
        unit="1",
        description="The low and high values shown are the central one times 1 - spread and 1 + spread.",
        source=Assumed(0.1, 0.5),
    )
    scale: float = parameter(
        20_000.0,
        gt=0,
        le=1e10,
        unit="hits-worth",
        description="Net worth of hits that moves the balance by 1.",
        source=Assumed(5000, 100_000),
    )
