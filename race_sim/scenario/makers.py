"""Those who make drones: workshops, the feedback that reaches them, and primes."""

from typing import Literal

from race_sim.scenario.parameter import Assumed, Group, Reading, Source, parameter


class Workshops(Group):
    """Many small makers that change their designs on evidence from the front."""

    count: int = parameter(
        60,
        ge=0,
        le=10_000,
        unit="workshops",
        fixed=True,
        description="Number of workshops.",
        source=Source(
            "W057.firms_with_orders",
            "about 60 of more than 200 makers held state orders; six before the war, over 500 by 2025",
            6,
            500,
            low_arithmetic="W068.makers_before",
            high_arithmetic="W070.firms",
            informed_by=("W064", "W069", "W071", "W101"),
        ),
    )
    weekly_output: int = parameter(
        50,
        ge=0,
        le=1_000_000,
        unit="drones/week",
        description="Drones each workshop builds a week.",
        source=Assumed(
            10,
            1300,
            "a scale model: 60 x 50 a week is about 1/26 of four million a year, which would be 1300 a week each",
            informed_by=("W064", "W071", "W101"),
            high_arithmetic="round(S1_22.drones / WEEKS_PER_YEAR / W057.firms_with_orders, -2)",
        ),
    )
    initial_stock: int = parameter(
        0,
        ge=0,
        le=10_000_000,
        unit="drones",
        fixed=True,
        description="Drones of the first design each workshop has in the arsenal at the start.",
        source=Source("S1_47.drones", "before the war, by this account, no drones"),
    )
    adapts: bool = parameter(
        True,
        unit="1",
        description="Workshops change their designs; false freezes them (a control).",
        source=Reading(("S1-34", "S1-35", "S3-08"), "designs are tested and refined at the front, weekly"),
    )
    iteration_weeks: int = parameter(
        1,
        ge=1,
        le=104,
        unit="weeks",
        description="Length of a workshop's design cycle.",
        source=Source(
            "S1_35.weeks",
            "weekly iteration; software changes daily (W001) to monthly (W010), hardware in 2 to 6 weeks (SF03); the "
            "tick is a week",
            1,
            6,
            high_arithmetic="SF03.hardware_weeks_high",
            informed_by=("W001", "W003", "W010", "W015"),
        ),
    )
    step: Literal["per_cycle", "per_elapsed_week"] = parameter(
        "per_elapsed_week",
        unit="1",
        description="Whether flips_per_step counts per cycle, or per week of the cycle and of approval.",
        source=Assumed(None, None, "a long cycle is then a bigger redesign, not a frozen one"),
    )
    flips_per_step: float = parameter(
        0.5,
        ge=0,
        le=16,
        unit="bits",
        description="Mean number (Poisson) of a mutant's flips beyond minimum_flips; see step.",
        source=Assumed(0.1, 2.0),
    )
    minimum_flips: int = parameter(
        1,
        ge=0,
        le=1,
        unit="bits",
        description="Flips every mutant has at least; 0 lets a mutant equal its parent.",
        source=Assumed(0, 1),
    )
    bench_candidates_per_week: int = parameter(
        4,
        ge=1,
        le=1000,
        unit="mutants/week",
        description="Mutants tested on the bench for each week of the cycle.",
        source=Assumed(1, 16),
    )
    bench_noise: float = parameter(
        0.02,
        ge=0,
        le=10,
        unit="quality",
        description="Standard deviation of a bench test of quality; when large, the bench tells nothing.",
        source=Assumed(0.0, 0.1, "quality itself has a standard deviation near 0.04 over random designs"),
    )
    variants_per_cycle: int = parameter(
        1,
        ge=1,
        le=104,
        unit="variants",
        description="Variants picked on the bench and flown in trials in one cycle.",
        source=Assumed(1, 8),
    )
    trial_share: float = parameter(
        0.1,
        ge=0,
        le=0.5,
        unit="1",
        description="Share of a workshop's output built as trial variants.",
        source=Assumed(0.02, 0.3),
    )
    judgement: Literal["evidence", "chance"] = parameter(
        "evidence",
        unit="1",
        description="A trial is judged on reported results, or by chance (a control).",
        source=Reading(("S1-34", "S3-08"), "everybody tests and refines designs at the front"),
    )
    adoption_probability: float = parameter(
        1.0,
        ge=0,
        le=1,
        unit="1",
        description="Probability that a trial is adopted when judgement is chance.",
        source=Assumed(0.05, 1.0, "a control; to be matched to the adoption rate of the scenario it is compared with"),
    )
    prior_weight: float = parameter(
        4.0,
        ge=0,
        le=1000,
        unit="sorties",
        description="Weight of what was believed before, in judging trials and one's own design.",
        source=Assumed(1, 20),
    )
    copy_probability: float = parameter(
        0.3,
        ge=0,
        le=1,
        unit="1",
        description="Probability that the next mutants start from a peer's design.",
        source=Assumed(0.0, 0.9, "sharing is reported, its rate is not", informed_by=("S1-34",)),
    )
    peers_sampled: int = parameter(
        3,
        ge=1,
        le=16,
        unit="workshops",
        description="Visible peers a workshop looks at; it copies the best-looking one.",
        source=Assumed(1, 10),
    )
    network: Literal["complete", "small_world", "ring", "none"] = parameter(
        "complete",
        unit="1",
        description="Who sees whose results.",
        source=Reading(("S1-34", "S1-36"), "an open laboratory with thousands of chat groups; complete is its limit"),
    )
    network_degree: int = parameter(
        6,
        ge=2,
        le=32,
        unit="workshops",
        fixed=True,
        description="Neighbours of each workshop in a small world or ring; even, smaller than count.",
        source=Assumed(2, 16),
    )
    network_rewiring: float = parameter(
        0.1,
        ge=0,
        le=1,
        unit="1",
        fixed=True,
        description="Probability that a small world's link is rewired to a random workshop.",
        source=Assumed(0.0, 0.5),
    )


class Feedback(Group):
    """What workshops learn from the front, and when."""

    delay_weeks: int = parameter(
        1,
        ge=0,
        le=26,
        unit="weeks",
        description="Weeks from a sortie to its report.",
        source=Assumed(
            0,
            4,
            "videos and chats, work-arounds within days: the shortest delay beyond the week itself",
            informed_by=("S1-36", "W013"),
        ),
    )
    quality: float = parameter(
        0.7,
        ge=0,
        le=1,
        unit="1",
        description="Probability that a flip aims at the module losing most; otherwise it falls anywhere.",
        source=Assumed(0.3, 1.0, "feedback is rich in channels; its worth is not measured", informed_by=("S1-36",)),
    )
    shuffled: bool = parameter(
        False,
        unit="1",
        description="Reports are permuted among workshops within the week (a control).",
        source=Assumed(None, None, "a control, off by default"),
    )
    memory: float = parameter(
        0.7,
        ge=0,
        lt=1,
        unit="1/week",
        description="Share of reported losses and evidence kept from one week to the next.",
        source=Assumed(0.3, 0.9),
    )


class Primes(Group):
    """Few large makers: requirement freeze, long search, batches of one design until the next generation."""

    count: int = parameter(
        6,
        ge=0,
        le=1000,
        unit="primes",
        fixed=True,
        description="Number of primes.",
        source=Assumed(1, 20, "few large contractors"),
    )
    weekly_output: int = parameter(
        500,
        ge=0,
        le=1_000_000,
        unit="drones/week",
        description="Drones each prime builds a week, delivered in batches.",
        source=Assumed(100, 5000, "6 x 500 equals 60 workshops x 50: equal arsenals"),
    )
    batch_weeks: int = parameter(
        4,
        ge=1,
        le=52,
        unit="weeks",
        description="Weeks from one delivery to the next; a batch is the output of these weeks.",
        source=Assumed(1, 26),
    )
    initial_stock: int = parameter(
        0,
        ge=0,
        le=10_000_000,
        unit="drones",
        fixed=True,
        description="Drones of the first design each prime has in the arsenal at the start.",
        source=Assumed(0, 100_000),
    )
    develops: bool = parameter(
        True,
        unit="1",
        description="Primes develop new generations; false freezes them (a control).",
        source=Assumed(None, None, "false is a control"),
    )
    development_weeks: int = parameter(
        78,
        ge=1,
        le=520,
        unit="weeks",
        description="Weeks from the requirement freeze of a generation to its fielding.",
        source=Source(
            "round((W098.months + W012.months) / 2 * WEEKS_PER_MONTH)",
            "midway between a start-up contract (12 months) and NATO's goal (24 months); 6 months off the shelf, "
            "up to 4 years",
            26,
            208,
            low_arithmetic="W012.months_off_the_shelf * WEEKS_PER_MONTH",
            high_arithmetic="W093.years * WEEKS_PER_YEAR",
        ),
    )
    search_evaluations: int = parameter(
        600,
        ge=0,
        le=100_000,
        unit="evaluations",
        description="Designs evaluated to develop a generation, and in the climb to a first design.",
        source=Assumed(100, 10_000),
    )
    flips_per_week: float = parameter(
        0.5,
        ge=0,
        le=16,
        unit="bits/week",
        description="A generation starts with a redesign of 1 + Poisson(this x development_weeks) flips.",
        source=Assumed(0.1, 2.0, "as for workshops per week elapsed"),
    )
    intelligence: float = parameter(
        0.5,
        ge=0,
        le=1,
        unit="1",
        description="Probability that a countermeasure standing at the requirement freeze is known.",
        source=Assumed(0.0, 1.0),
    )
    standards: int = parameter(
        1,
        ge=1,
        le=40,
        unit="standards",
        description="Incompatible standards that customers ask for.",
        source=Assumed(1, 20, "1 is no fragmentation; its cost is reported without a number", informed_by=("S1-11",)),
    )
    weeks_per_extra_standard: int = parameter(
        8,
        ge=0,
        le=104,
        unit="weeks",
        description="Weeks that each standard beyond the first adds to development.",
        source=Assumed(0, 52, "fragmentation is said to cost efficiency, without a number", informed_by=("S1-11",)),
    )
