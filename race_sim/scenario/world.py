"""The frame of a run: its length, the space of designs and their quality, founders, what is followed."""

from typing import Literal

from race_sim.scenario.parameter import Assumed, Group, Reading, parameter


class Run(Group):
    """How long a run lasts and which weeks count."""

    weeks: int = parameter(
        156,
        ge=1,
        le=5000,
        unit="weeks",
        fixed=True,
        description="Length of the run; one tick is one week.",
        source=Assumed(104, 260, "three years"),
    )
    burn_in_weeks: int = parameter(
        26,
        ge=0,
        le=4999,
        unit="weeks",
        fixed=True,
        description="First weeks left out of headline measures; must be smaller than run.weeks.",
        source=Assumed(13, 52, "half a year for both sides to leave their starting designs"),
    )


class Design(Group):
    """The space of designs: modules of bits in one 64-bit word."""

    modules: int = parameter(
        4,
        ge=1,
        le=8,
        unit="modules",
        fixed=True,
        description="Modules of a design (link, navigation, guidance, airframe: names without engineering).",
        source=Assumed(2, 8, "abstract"),
    )
    bits_per_module: int = parameter(
        12,
        ge=1,
        le=16,
        unit="bits",
        fixed=True,
        description="Bits of each module; modules times bits must not exceed 64.",
        source=Assumed(6, 16, "abstract; 12 leaves room to evade inside one module"),
    )


class Landscape(Group):
    """Intrinsic quality of designs (an NK landscape) and what it is worth in unopposed success."""

    interactions: int = parameter(
        3,
        ge=0,
        le=12,
        unit="bits",
        fixed=True,
        description="K: other bits on which the contribution of each bit depends; fewer than all bits.",
        source=Assumed(0, 8, "0 is smooth, large is rugged"),
    )
    neighbourhood: Literal["random", "adjacent"] = parameter(
        "random",
        unit="1",
        fixed=True,
        description="Which bits interact: drawn at random, or the next ones on a circle.",
        source=Assumed(None, None, "both are usual for NK landscapes"),
    )
    success_max: float = parameter(
        0.8,
        ge=0,
        le=1,
        unit="hits/sortie",
        fixed=True,
        description="Unopposed success of a sortie flown with a design of the highest quality.",
        source=Assumed(
            0.6,
            1.0,
            "trials report up to 1 (W041); crew error alone costs many drones (W044)",
            informed_by=("W044",),
            high_arithmetic="W041.trial_hit_rate",
        ),
    )
    success_slope: float = parameter(
        11.4,
        ge=0,
        le=1000,
        unit="1",
        fixed=True,
        description="Steepness of unopposed success in quality (logistic).",
        source=Assumed(5, 25, "prototype value"),
    )
    success_half: float = parameter(
        0.575,
        ge=0,
        le=1,
        unit="quality",
        fixed=True,
        description="Quality at which unopposed success is half its maximum.",
        source=Assumed(0.5, 0.65, "prototype value: a little above the mean quality 0.5 of random designs"),
    )


class Founders(Group):
    """The designs makers start from. Primes always start from separate climbs."""

    origin: Literal["common", "independent"] = parameter(
        "common",
        unit="1",
        fixed=True,
        description="Workshops start near one common ancestor, or each from a climb of its own.",
        source=Reading(("S1-32",), "commercial parts and open software as the shared stock; a reading, so vary it"),
    )
    flips: int = parameter(
        3,
        ge=0,
        le=64,
        unit="bits",
        fixed=True,
        description="Random flips that separate each workshop's first design from the common ancestor.",
        source=Assumed(0, 12),
    )
    climb_evaluations: int = parameter(
        200,
        ge=0,
        le=10_000,
        unit="evaluations",
        fixed=True,
        description="Evaluations of the one-flip climb that makes the ancestor and each independent founder.",
        source=Assumed(50, 1000),
    )


class Measures(Group):
    """What is followed beside the race."""

    shadow_weeks: int = parameter(
        26,
        ge=0,
        le=520,
        unit="weeks",
        fixed=True,
        description="Weeks a retired design is still evaluated without flying, for the shadow half-life.",
        source=Assumed(
            13,
            104,
            "half a year, at which survival of designs is compared; the threshold is an inference",
            informed_by=("SF04",),
        ),
    )
