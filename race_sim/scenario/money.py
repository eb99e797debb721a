"""Terms of money that hold for all makers: on what they are paid, what they keep, when they invest."""

from race_sim.scenario.parameter import Assumed, Group, Source, parameter

MOST_MONEY = 1_000_000_000_000  # euros that one parameter may state


class Money(Group):
    """Terms that hold for all makers; without accounts output is a given weekly flow."""

    accounts: bool = parameter(
        True,
        unit="1",
        fixed=True,
        description="Output follows orders, finance, inputs and capacity; when false, makers build their weekly_output "
        "whatever it costs, and no policy on money acts (a control, and the fair test of equal drones).",
        source=Assumed(
            None,
            None,
            "both are of use: equal drones are one fair test, equal euros another; money is said to bind output",
            informed_by=("S1-27", "S3-13"),
        ),
    )
    margin: float = parameter(
        0.25,
        ge=0,
        le=1,
        unit="1",
        description="Price of a drone over its unit cost, less 1.",
        source=Source("W106.profit_cap", "the profit that state contracts allow, taken in full", 0.05, 0.4),
    )
    payment_weeks: int = parameter(
        8,
        ge=0,
        le=52,
        unit="weeks",
        description="Weeks from a delivery to its payment, as far as it was not paid in advance.",
        source=Assumed(
            1,
            26,
            "makers complain of too little cash flow; how late they are paid is not told: about two months",
            informed_by=("S2-09",),
        ),
    )
    advance_share: float = parameter(
        0.15,
        ge=0,
        le=1,
        unit="1",
        description="Share of the price paid when a drone is built.",
        source=Source(
            "W099.advance_share",
            "the advance of a German framework contract; joint European loans advance up to as much",
            0.0,
            0.5,
            informed_by=("W114",),
        ),
    )
    own_risk_weeks: float = parameter(
        0.0,
        ge=0,
        le=52,
        unit="weeks",
        description="Weeks of expected orders that makers build ahead and hold unsold at their own risk.",
        source=Assumed(
            0.0,
            8.0,
            "short orders favour whoever guessed ahead; how many do is not told; at most the two months of such an "
            "order",
            high_arithmetic="floor(W105.order_months * WEEKS_PER_MONTH)",
        ),
    )
    reserve_weeks: float = parameter(
        13.0,
        ge=0,
        le=520,
        unit="weeks",
        description="Weeks of their running cost that makers keep in cash; what is beyond goes to their owners.",
        source=Assumed(4.0, 52.0, "a quarter of a year; firms' cash is not reported"),
    )
    orders_memory: float = parameter(
        0.9,
        ge=0,
        lt=1,
        unit="1/week",
        description="Share of expected orders kept from one week to the next; lenders and investors look at them.",
        source=Assumed(0.7, 0.97, "looks back over about ten weeks of orders"),
    )
    headroom: float = parameter(
        0.2,
        ge=0,
        le=10,
        unit="1",
        description="Capacity that makers want beyond what expected orders need, over those.",
        source=Assumed(0.0, 1.0, "makers plan to grow a little; how much beyond orders is not reported"),
    )
    investment_weeks: int = parameter(
        260,
        ge=1,
        le=1040,
        unit="weeks",
        description="Weeks of margin, discounted at the cost of capital, that have to repay a new plant.",
        source=Source(
            "W107.contract_years * WEEKS_PER_YEAR",
            "the middle one of the long contracts offered to makers, of 3, 5 or 10 years; a German framework has 7; "
            "1 year if the war is expected to end",
            52,
            520,
            high_arithmetic="W107.contract_years_high * WEEKS_PER_YEAR",
            informed_by=("W097",),
        ),
    )
    loan_to_value: float = parameter(
        0.5,
        ge=0,
        le=1,
        unit="1",
        description="Share of the cost of a maker's standing plant that lenders accept as security.",
        source=Assumed(0.0, 0.8, "what lenders take as security is not reported; a bombed plant is worth little"),
    )
