"""Those who counter drones, and what their countermeasures can do."""

from typing import Literal

from race_sim.scenario.parameter import Assumed, Group, Reading, Source, parameter


class Teams(Group):
    """Countermeasure teams: sense designs, develop answers, field and spread them."""

    count: int = parameter(
        12,
        ge=0,
        le=1000,
        unit="teams",
        fixed=True,
        description="Number of countermeasure teams.",
        source=Assumed(4, 40),
    )
    active: bool = parameter(
        True,
        unit="1",
        description="Teams work; when false, countermeasures standing stay exactly as they are (a control).",
        source=Reading(("S1-28",), "opponents answer each new weapon"),
    )
    slots: int = parameter(
        3,
        ge=1,
        le=16,
        unit="countermeasures",
        fixed=True,
        description="Countermeasures a team can field; that which stops least for its reach makes room for a new one.",
        source=Assumed(1, 8),
    )
    discovery_weeks: float = parameter(
        8.0,
        ge=1,
        le=104,
        unit="weeks",
        description="Mean weeks from choosing a target to fielding an answer: 1 + Poisson(mean - 1).",
        source=Source(
            "floor(W005.months_low * WEEKS_PER_MONTH)",
            "whole weeks of the two months, or three, that an edge lasts: the shorter, since the answer must then "
            "spread; 2 weeks at the fastest, months by most accounts",
            2,
            26,
            low_arithmetic="W025.weeks_low",
            informed_by=("S1-28", "W155"),
        ),
    )
    diffusion_weeks: float = parameter(
        6.0,
        ge=0,
        le=104,
        unit="weeks",
        description="Weeks from fielding until half of the full reach (logistic spread).",
        source=Assumed(
            2,
            35,
            "no source tells spreading apart: about 6 weeks for most of a type to be stopped, finding included; 6 to 8 "
            "months for a new organisation",
            informed_by=("W016", "W017", "W018", "W153", "W154"),
            high_arithmetic="round(W149.months_high * WEEKS_PER_MONTH)",
        ),
    )
    reach_budget: float = parameter(
        2.0,
        ge=0,
        le=16,
        unit="1",
        description="Sum of the full reaches of a team's slots, shared equally; each is at most 1.",
        source=Assumed(0.5, 3.0, "three slots cannot all have full reach"),
    )
    skill: float = parameter(
        0.7,
        ge=0,
        le=1,
        unit="1",
        description="Probability of attacking the module whose countermeasure would cover most damage.",
        source=Assumed(0.3, 1.0),
    )
    targeting: Literal["proportional", "greedy", "random"] = parameter(
        "proportional",
        unit="1",
        description="A target is chosen in proportion to its weight, as the heaviest, or at random.",
        source=Assumed(None, None),
    )
    hits_weight: float = parameter(
        0.7,
        ge=0,
        le=1,
        unit="1",
        description="Weight of hits suffered in what a team senses of a design.",
        source=Assumed(0.3, 1.0),
    )
    wreckage_weight: float = parameter(
        0.3,
        ge=0,
        le=1,
        unit="1",
        description="Weight of wreckage (stopped drones) in what a team senses of a design.",
        source=Assumed(0.0, 0.7),
    )
    sensing_error: float = parameter(
        0.03,
        ge=0,
        le=0.5,
        unit="1/bit",
        description="Probability that a bit of the target's pattern is copied wrongly.",
        source=Assumed(0.0, 0.15),
    )
    wreckage_half: float = parameter(
        0.0,
        ge=0,
        le=1_000_000,
        unit="wrecks",
        description="Wrecks at which the sensing error has halved; 0 makes it independent of wreckage.",
        source=Assumed(0, 1000),
    )
    stops_memory: float = parameter(
        0.7,
        ge=0,
        lt=1,
        unit="1/week",
        description="Share of a countermeasure's counted stops kept from one week to the next.",
        source=Assumed(0.3, 0.9),
    )


class Countermeasures(Group):
    """How a countermeasure acts on designs near its pattern, and how many sorties it can engage."""

    breadth: float = parameter(
        1.5,
        ge=0.1,
        le=16,
        unit="bits",
        description="b: width, in Hamming distance, of the Gaussian around the pattern.",
        source=Assumed(0.5, 4.0),
    )
    reference_breadth: float = parameter(
        1.5,
        ge=0.1,
        le=16,
        unit="bits",
        description="b0: breadth up to which the peak is 1.",
        source=Assumed(0.5, 4.0),
    )
    breadth_penalty: float = parameter(
        1.0,
        ge=0,
        le=4,
        unit="1",
        description="g: the peak is min(1, (b0/b)^g), so wider is weaker.",
        source=Assumed(0.0, 2.0),
    )
    breadth_evolves: bool = parameter(
        False,
        unit="1",
        description="A team varies the breadth by a log-normal step when it starts a project.",
        source=Assumed(None, None, "an option, off by default"),
    )
    breadth_step: float = parameter(
        0.2,
        ge=0,
        le=2,
        unit="1",
        description="Standard deviation of the logarithm of that step.",
        source=Assumed(0.05, 0.5),
    )
    kind: Literal["area", "point", "point_proportional"] = parameter(
        "area",
        unit="1",
        description="No limit on engagements; a fixed number a week; or a number that grows with the attack.",
        source=Assumed(
            None, None, "both jamming and interception are reported, half and half", informed_by=("W089", "W090")
        ),
    )
    capacity_per_week: int = parameter(
        100,
        ge=0,
        le=10_000_000,
        unit="engagements/week",
        description="Engagements of each countermeasure when kind is point.",
        source=Assumed(17, 500, "36 slots x 17 to 500 is 0.1 to 3 times 6000 weekly sorties"),
    )
    capacity_ratio: float = parameter(
        0.5,
        ge=0,
        le=100,
        unit="engagements/sortie",
        description="Engagements of all slots together per sortie flown when kind is point_proportional.",
        source=Assumed(
            0.1,
            3.0,
            "interceptors made a day over drones that come would give 4 or 5 (W081), more than can be flown",
            informed_by=("W081",),
        ),
    )
