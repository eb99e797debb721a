"""Who pays: two treasuries, how they buy, what they give to whom, and when joint money is held up."""

from typing import Literal

from race_sim.scenario.money import MOST_MONEY
from race_sim.scenario.parameter import Assumed, Group, Reading, Source, parameter


class Treasuries(Group):
    """The home treasury buys from workshops; the partners' treasury buys from primes and wherever it is told to."""

    home_budget: int = parameter(
        600_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What home taxpayers give the home treasury for drones, at the start.",
        source=Assumed(
            200_000,
            2_000_000,
            "tuned with aid, so that a third of workshops' capacity is used; at most the whole purchase planned for "
            "2025, at the model's scale",
            high_arithmetic="round(W061.dollars / S1_22.drones * MODEL_DRONES_PER_WEEK, -6)",
        ),
    )
    partner_aid: int = parameter(
        300_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="Aid of European partners to the home treasury, at the start and with full goodwill.",
        source=Assumed(
            0,
            2_000_000,
            "tuned with home_budget; 13 of 19 borrowers of joint loans plan to help, by how much is not told",
            informed_by=("W115",),
        ),
    )
    american_aid: int = parameter(
        200_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="Aid of the United States to the home treasury, at the start and with full goodwill.",
        source=Assumed(
            0,
            2_000_000,
            "tuned with home_budget; the largest outside source, and a cut or an end of it is a planning case",
            informed_by=("S1-05", "S2-16", "S3-01"),
        ),
    )
    home_growth: float = parameter(
        1.8,
        ge=0.1,
        le=10,
        unit="1/year",
        description="Factor by which home budget and aid grow in a year, up to home_ceiling.",
        source=Assumed(
            1.0,
            3.0,
            "tuned: output multiplies by 1.5 to 3 a year while funded; orders planned for 2025 were three "
            "times those of 2024",
            high_arithmetic="W061.drones / W061.drones_the_year_before",
        ),
    )
    home_ceiling: float = parameter(
        2.1,
        ge=0,
        le=100,
        unit="1",
        description="Fiscal ceiling: most that home budget and aid can be, over their start.",
        source=Assumed(
            1.0,
            5.0,
            "tuned: fiscal rules bind somewhere; if partners paid, five times four million drones a year could be made",
            informed_by=("S1-10",),
            high_arithmetic="W067.drones / S1_22.drones",
        ),
    )
    partner_budget: int = parameter(
        6_000_000,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What the partners' treasury may spend, at the start.",
        source=Assumed(
            1_000_000,
            30_000_000,
            "tuned: what goes to drones is not told; at most rearmament's hundreds of billions, at their least and "
            "over five years, all on drones and at the model's scale",
            informed_by=("S1-03", "S1-08"),
            high_arithmetic="S1_14.euros / 5 / S1_22.drones * MODEL_DRONES_PER_WEEK",
        ),
    )
    partner_growth: float = parameter(
        1.1,
        ge=0.1,
        le=10,
        unit="1/year",
        description="Factor by which the partners' budget grows in a year, up to partner_ceiling.",
        source=Assumed(
            1.0,
            2.0,
            "rearmament is quick by most accounts; its rate for drones is not told",
            informed_by=("S1-04", "S1-09", "S3-16"),
        ),
    )
    partner_ceiling: float = parameter(
        1.2,
        ge=0,
        le=100,
        unit="1",
        description="Fiscal ceiling: most that the partners' budget can be, over its start.",
        source=Assumed(
            1.0, 4.0, "credit and fiscal rules hold spending back; where they bind is not told", informed_by=("S1-10",)
        ),
    )
    import_share: float = parameter(
        0.0,
        ge=0,
        le=1,
        unit="1",
        description="Share of the partners' budget that buys other arms abroad: no drones, and no research at home.",
        source=Assumed(
            0.0,
            0.6,
            "0: partner_budget is what is left for drones; other arms compete with them, many bought in America",
            informed_by=("S1-13", "S3-17"),
        ),
    )
    home_funding: int = parameter(
        0,
        ge=0,
        le=MOST_MONEY,
        unit="EUR/week",
        description="What the partners' treasury spends on orders to workshops at home (the Danish model), paid in "
        "full when built.",
        source=Assumed(
            0,
            2_000_000,
            "0 before a partner does so; Denmark's 1.4 billion euros of 2025 are about a million a week at the "
            "model's scale, and Germany announced 5 billion",
            informed_by=("S1-02", "S2-26", "S2-27", "S2-29", "S3-15", "W120"),
        ),
    )
    guaranteed_share: float = parameter(
        0.0,
        ge=0,
        le=1,
        unit="1",
        description="Share of what a workshop owes that partners guarantee: it bears the primes' cost of capital.",
        source=Assumed(
            0.0,
            1.0,
            "0 before a partner does so; cheap loans from the state and money at no cost from seized assets are "
            "reported",
            informed_by=("S2-28", "W112"),
        ),
    )


class Procurement(Group):
    """How orders are spread over workshops, and what of the home treasury's reaches them."""

    merit: float = parameter(
        1.0,
        ge=0,
        le=8,
        unit="1",
        description="Exponent of a workshop's reported success in its share of orders, whoever places them; 0 looks at "
        "capacity only.",
        source=Assumed(
            0.0,
            4.0,
            "units buy for themselves and by verified results; how far orders follow results is not measured",
            informed_by=("W103", "W107"),
        ),
    )
    secrecy: float = parameter(
        0.5,
        ge=0,
        le=1,
        unit="1",
        description="Share of that exponent lost because buyers of the home treasury do not see results.",
        source=Assumed(
            0.0,
            1.0,
            "procurement has been opaque, and some say it must be in war; what that costs is not told",
            informed_by=("S0-13", "S2-44", "S2-53"),
        ),
    )
    crony_share: float = parameter(
        0.08,
        ge=0,
        le=1,
        unit="1",
        description="Share of the home treasury's orders kept for connected workshops, whatever they achieve.",
        source=Source(
            "round(S2_50.dollars / (W061.dollars / 2), 2)",
            "what one firm is said to have got through personal ties in half a year, over half of a year's planned "
            "orders",
            0.0,
            0.5,
        ),
    )
    connected_share: float = parameter(
        0.05,
        ge=0,
        le=1,
        unit="1",
        fixed=True,
        description="Chance that a workshop is connected, drawn when it is founded and unrelated to its design.",
        source=Assumed(0.01, 0.2, "single firms are named; how many there are is not told"),
    )
    intermediary_share: float = parameter(
        0.1,
        ge=0,
        le=1,
        unit="1",
        description="Share of the home treasury's contracts that go through intermediaries.",
        source=Assumed(
            0.0, 0.8, "named as the chief risk of corruption; its size is sought and not known", informed_by=("S2-52",)
        ),
    )
    intermediary_markup: float = parameter(
        0.3,
        ge=0,
        le=10,
        unit="1",
        description="What an intermediary takes, over the maker's price.",
        source=Source(
            "W146.kickback",
            "kickbacks of up to 30% of a contract, read as a mark-up; in one case drones were bought 70 to 90% "
            "above the market",
            0.1,
            0.9,
            high_arithmetic="W147.markup_high",
        ),
    )


class Coalition(Group):
    """Who decides on joint money of the partners, a quarter at a time."""

    rule: Literal["unanimity", "coalition"] = parameter(
        "unanimity",
        unit="1",
        description="Joint money needs everybody's consent, or flows from those who are willing.",
        source=Reading(
            ("S3-03", "S3-04", "S3-19", "W148"),
            "vetoes hold up joint money today; a coalition of the willing is proposed",
        ),
    )
    joint_share: float = parameter(
        0.3,
        ge=0,
        le=1,
        unit="1",
        description="Share of the partners' budget and aid that is joint money.",
        source=Assumed(
            0.0, 0.8, "joint loans and purchases are large, states' own budgets larger", informed_by=("W114",)
        ),
    )
    dissenters: int = parameter(
        2,
        ge=0,
        le=40,
        unit="states",
        description="States that may veto under unanimity.",
        source=Source("S3_03.states", "the two states named", 0, 5),
    )
    veto_chance: float = parameter(
        0.1,
        ge=0,
        le=1,
        unit="1/quarter",
        description="Chance that one dissenter vetoes in a quarter; joint money is then held up until one without.",
        source=Assumed(
            0.0, 0.5, "a veto held up billions for long; how often one is cast is not told", informed_by=("W148",)
        ),
    )
    members_share: float = parameter(
        0.85,
        ge=0,
        le=1,
        unit="1",
        description="Share of the joint money that the members of a coalition bring.",
        source=Assumed(
            0.68,
            1.0,
            "those who refuse are few and small; at least as large as the share of borrowers of joint loans that "
            "plan to help, 13 of 19",
            informed_by=("S3-19", "S3-21"),
            low_arithmetic="round(W115.states_that_help / W115.states, 2)",
        ),
    )
