"""Makers as firms, treasuries, and the money between them: record types and the names of what is counted.

A leaf of the package, like `race_sim.records`. Money is in whole euros.
"""

from race_sim.layout import record

WAITING, IN_APPROVAL, ACTIVE, STOPPED = 0, 1, 2, 3  # standing of a maker; a row waits until a newcomer takes it

ORDERS, FINANCE, INPUTS, CAPACITY = 0, 1, 2, 3  # what kept a maker from building more this week
CONSTRAINTS = 4
CONSTRAINT_NAMES = ("orders", "finance", "inputs", "capacity")

HOME, PARTNERS = 0, 1  # treasuries
TREASURIES = 2
TREASURY_NAMES = ("home", "partners")

# Whom makers and treasuries pay, or are paid by: parties with an account of their own, after those of the makers.
# The first two are the treasuries.
TAXPAYERS, DONORS, CUSTOMERS, ECONOMY, BANKS, OWNERS, BROKERS, RIVAL = 2, 3, 4, 5, 6, 7, 8, 9
PARTIES = 10
RING_WEEKS = 128  # longest wait, and more, for a payment or for plant

AT_FRONT, AT_MAKER = 0, 1  # where a lot is kept

# What makers' money comes from and goes to: columns of a week of one kind of maker, in euros.
SALES, EXPORT_SALES, ROYALTIES_EARNED, PAID_IN, BORROWED, TAKEN_OVER = 0, 1, 2, 3, 4, 5
MATERIALS, OVERHEAD, RESEARCH, PLANT, INTEREST, ROYALTIES, REPAID, PAID_OUT, HANDED_ON = 6, 7, 8, 9, 10, 11, 12, 13, 14
WRITTEN_OFF = 15  # of debt: no cash moves
MONEY_NAMES = (
    "sales",
    "export_sales",
    "royalties_earned",
    "paid_in",
    "borrowed",
    "taken_over",
    "materials",
    "overhead",
    "research",
    "plant",
    "interest",
    "royalties",
    "repaid",
    "paid_out",
    "handed_on",
    "written_off",
)
MONEY_FLOWS = len(MONEY_NAMES)
MONEY_IN = 6  # the first of them bring cash, those up to WRITTEN_OFF take it

# What becomes of drones beside flying and being scrapped, a week of one kind of maker.
ORDERED, BUILT, EXPORTED, KEPT, BARTERED, DESTROYED, DESTROYED_AT_MAKERS, SCRAPPED_AT_MAKERS = 0, 1, 2, 3, 4, 5, 6, 7
DRONE_NAMES = (
    "ordered",
    "built",
    "exported",
    "kept_by_hosts",
    "bartered",
    "destroyed",
    "destroyed_at_makers",
    "scrapped_at_makers",
)
DRONE_FLOWS = len(DRONE_NAMES)

SUPPLIER = record(  # a maker as a firm
    ("standing", "i8"),  # WAITING, IN_APPROVAL, ACTIVE or STOPPED
    ("since", "i8"),  # week its standing began
    ("connected", "i8"),
    ("foreign", "i8"),
    ("abroad", "i8"),
    ("announced", "i8"),  # whether it has been announced to build abroad
    ("moves", "i8"),  # week its plant abroad opens, or NEVER
    ("prime", "i8"),  # of a joint line: row of the prime whose plant and capital it uses, or NOBODY
    ("workshop", "i8"),  # of a joint line: row of the workshop whose design it builds, or NOBODY
    ("pending_design", "u8"),  # of a joint line: the design being integrated
    ("pending_quality", "i8"),
    ("pending_family", "i8"),
    ("ready", "i8"),  # week the integration ends, or NEVER
    ("cost", "i8"),  # of a drone this week, in euros
    ("price", "i8"),  # of a drone this week, in euros
    ("capacity", "i8"),  # drones a week
    ("under_way", "i8"),  # capacity being built or repaired
    ("research", "i8"),  # cash set aside for research, in euros
    ("expected_orders", "f8"),  # drones a week
    ("home_orders", "i8"),  # drones ordered for this week by the home treasury
    ("partner_orders", "i8"),  # by the partners' treasury
    ("export_orders", "i8"),  # by customers abroad
    ("constraint", "i8"),  # what bound its output this week
    ("built", "i8"),  # drones this week
    ("unsold", "i8"),  # drones in lots that it holds
    ("invoiced", "i8"),  # what the treasuries owe it, in euros
)

ACCOUNT = record(("cash", "i8"), ("debt", "i8"))  # in euros; the banks' debt is minus what is owed to them

TREASURY = record(
    ("level", "f8"),  # budget over its start
    ("steady", "f8"),  # share of this week's orders that its income of the week pays for
    ("committed", "i8"),  # invoices accepted and not paid yet, in euros
    ("withheld", "i8"),  # joint money held up, in euros
    ("income", "i8"),  # this week: from taxpayers
    ("aid", "i8"),  # from donors
    ("released", "i8"),  # of income and aid: joint money that was held up before
    ("paid", "i8"),  # for drones, to makers
    ("commission", "i8"),  # to intermediaries
    ("imports", "i8"),  # for other arms abroad
    ("plants", "i8"),  # for plants abroad
    ("vetoed", "i8"),  # whether joint money is held up this week
)

ECONOMY_STATE = record(
    ("workshops", "i8"),  # rows of workshops in use, entered ones among them
    ("line_places", "i8"),  # rows of joint lines, the last of the makers
    ("lines", "i8"),  # of them in use
    ("announced", "i8"),  # workshops announced to build abroad so far
    ("goodwill", "f8"),  # share of aid that donors are willing to give
    ("interceptors", "f8"),
    ("strikes", "i8"),  # this week, stopped ones among them
    ("strikes_stopped", "i8"),
    ("depots_struck", "i8"),
    ("rival_sales", "i8"),  # this week, in euros
    ("rival_weeks", "i8"),  # weeks by which its sales shortened projects begun this week
)

TREASURY_WEEK = record(
    ("income", "i8"),
    ("aid", "i8"),
    ("paid", "i8"),
    ("commission", "i8"),
    ("imports", "i8"),
    ("plants", "i8"),
    ("withheld", "i8"),
    ("committed", "i8"),
    ("cash", "i8"),
)
