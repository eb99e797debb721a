"""Record types of the law: what a maker, a product, a lot, a trial, a report, a team and a countermeasure hold.

A leaf of the package: it imports NumPy and the generated parameter table only. Every field is `u8` (bit strings),
`i8` (counts, weeks, row numbers, flags) or `f8`. A `World` is one race: its arrays and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from race_sim.firms import (
    CONSTRAINTS,
    DRONE_NAMES,
    MONEY_NAMES,
    TREASURIES,
    TREASURY_WEEK,
)
from race_sim.layout import Bundle, record
from race_sim.parameter_table import FIELDS

MAXIMUM_MODULES = 8
MAXIMUM_BITS = 16  # bits of one module
MAXIMUM_VARIANTS = 104  # variants one workshop can fly in one cycle

WORKSHOP, PRIME, JOINT_LINE, TOTAL = 0, 1, 2, 3  # kinds of maker; TOTAL is the row of sums in a weekly record
KINDS = 3
KIND_NAMES = ("workshops", "primes", "joint_lines", "total")

FREE, ON_TRIAL, FIELDED, RETIRED = 0, 1, 2, 3  # status of a product row
LOW, CENTRAL, HIGH = 0, 1, 2  # the three regeneration values of the front balance
BALANCES = 3

FIELDED_LIFE, SHADOW_LIFE, COUNTER_LAG, LINEAGE_LIFE = 0, 1, 2, 3  # durations collected over a run
LIFE_NAMES = ("fielded_half_life", "shadow_half_life", "counter_lag", "lineage_life")
CENSORED, OBSERVED = 0, 1

NEVER = -1  # a week that has not come
NOBODY = -1  # a row number that points nowhere


PARAMETERS = record(*FIELDS)
"""One row of parameters in force during a segment of the timeline; generated from the scenario schema."""

MAKER = record(
    ("kind", "i8"),  # WORKSHOP, PRIME or JOINT_LINE
    ("number", "i8"),  # number among the makers of its kind
    ("key", "i8"),  # agent word of every draw this maker makes
    ("product", "i8"),  # row of the product it fields
    ("born", "i8"),  # products it has made so far
    ("trials_started", "i8"),
    ("evidence", "f8"),  # reported sorties behind its estimate, decayed weekly
    ("estimate", "f8"),  # success a sortie it believes its fielded product has
    ("losses", "f8", (MAXIMUM_MODULES,)),  # reported stops by module, decayed weekly
    ("backlog", "i8"),  # drones built towards a prime's next batch
    ("programme_start", "i8"),  # week of the requirement freeze
    ("programme_end", "i8"),  # week the generation is fielded; NEVER: no programme runs
    ("programme_number", "i8"),
    ("programme_design", "u8"),
    ("programme_quality", "i8"),
    ("programme_value", "f8"),  # expected success against what was known at the freeze
    ("evaluations", "i8"),  # search evaluations spent in this programme
)

PUBLISHED = record(  # what peers can see of a maker this week
    ("design", "u8"),
    ("quality", "i8"),
    ("family", "i8"),
    ("estimate", "f8"),
)

FAMILY = record(  # descendants of one founder
    ("kind", "i8"),
    ("best", "f8"),  # best expected success among fielded designs of the family this week
    ("peak", "f8"),
    ("ended", "i8"),  # week its best success fell to half its peak, or NEVER
)

PRODUCT = record(  # one design of one maker
    ("status", "i8"),
    ("maker", "i8"),
    ("kind", "i8"),
    ("ordinal", "i8"),  # its number among the products of its maker
    ("family", "i8"),
    ("design", "u8"),
    ("quality", "i8"),  # intrinsic quality as an integer sum over loci
    ("success", "f8"),  # success a sortie when unopposed, p0
    ("week_fielded", "i8"),
    ("week_retired", "i8"),
    ("week_first_flown", "i8"),
    ("stock", "i8"),  # drones in its lots at the front
    ("kept", "i8"),  # drones in its lots at the maker
    ("exported", "i8"),  # this week
    ("sorties", "i8"),  # this week
    ("stopped", "i8"),
    ("hits", "i8"),
    ("losses", "f8", (MAXIMUM_MODULES,)),  # stopped sorties of this week by module
    ("record_sorties", "f8"),  # operators' memory of it, decayed in the weeks it flies
    ("record_hits", "f8"),
    ("poor_weeks", "i8"),
    ("dropped", "i8"),
    ("first_expected", "f8"),  # its expected success in the week of its first use
    ("expected", "f8"),  # expected success a sortie against the countermeasures of this week
    ("expected_served", "f8"),  # the same if they had served every engagement they wanted; of fielded products only
    ("gap", "f8"),  # Hamming distance to the nearest countermeasure, in breadths
    ("peak", "f8"),  # highest expected success since it was fielded
    ("fielded_life", "i8"),  # weeks from fielding to half its peak while fielded, or NEVER
    ("shadow_life", "i8"),  # the same, counted on after retirement
    ("counter_lag", "i8"),  # weeks from first use to half of its success then
)

LOT = record(("product", "i8"), ("week", "i8"), ("quantity", "i8"), ("place", "i8"))

TRIAL = record(
    ("active", "i8"),
    ("number", "i8"),  # its id among the trials of its maker
    ("product", "i8"),
    ("start", "i8"),  # first week flown
    ("last_output", "i8"),  # last week the variant is built
    ("last_evidence", "i8"),  # last week whose reports count
    ("due", "i8"),  # week the last of these reports arrives
    ("sorties", "i8"),
    ("hits", "i8"),
    ("fielded_sorties", "i8"),
    ("fielded_hits", "i8"),
)

REPORT = record(
    ("maker", "i8"),
    ("trial", "i8"),  # trial id, or NOBODY for the fielded product
    ("week", "i8"),
    ("due", "i8"),
    ("sorties", "i8"),
    ("hits", "i8"),
    ("losses", "f8", (MAXIMUM_MODULES,)),
)

TEAM = record(
    ("number", "i8"),
    ("project_end", "i8"),  # week the project is ready to field; NEVER: idle
    ("projects", "i8"),  # projects started so far
    ("module", "i8"),
    ("pattern", "u8"),  # in place inside the 64-bit design word
    ("breadth", "f8"),
)

COUNTERMEASURE = record(
    ("standing", "i8"),
    ("team", "i8"),
    ("module", "i8"),
    ("pattern", "u8"),
    ("mask", "u8"),
    ("breadth", "f8"),
    ("week", "i8"),  # first week it acts
    ("full_reach", "f8"),
    ("reach", "f8"),
    ("fraction", "f8"),  # share of wanted engagements it can serve this week
    ("engagements", "f8"),  # this week
    ("stops", "f8"),  # expected stops, decayed weekly
    ("exposure", "f8"),  # its reach, summed over weeks and decayed like its stops
    ("effect", "f8", (MAXIMUM_BITS + 1,)),  # chance to stop an engaged sortie, by Hamming distance
)

BENCH = record(("score", "f8"), ("design", "u8"), ("quality", "i8"))

FLOW = record(  # what happened this week to one kind of maker
    ("initial", "i8"),  # drones in stock before week 0
    ("deliveries", "i8"),
    ("scrapped", "i8"),
    ("trial_sorties", "i8"),
    ("trial_hits", "i8"),
    ("expected_trial_hits", "f8"),
    ("fielded", "i8"),
    ("trials_judged", "i8"),
    ("trials_adopted", "i8"),
    ("copied", "i8"),
    ("money", "i8", (len(MONEY_NAMES),)),
    ("drones", "i8", (len(DRONE_NAMES),)),
    ("bound", "i8", (CONSTRAINTS,)),  # makers whose output each constraint bound
    ("capacity", "i8"),  # drones a week that active makers could build this week
    ("entered", "i8"),
    ("failed", "i8"),  # makers that could not pay and stopped
)

TALLY = record(
    ("product_rows", "i8"),  # rows of `products` in use or on the free list
    ("free_rows", "i8"),
    ("lots", "i8"),
    ("reports", "i8"),
    ("lineup", "i8"),  # products in stock before this week's sorties
    ("columns", "i8"),  # products flying this week
    ("countermeasures_fielded", "i8"),
    ("fleet_sorties", "f8"),  # operators' memory of all sorties, decayed weekly
    ("fleet_hits", "f8"),
    ("saturation", "f8"),  # share of would-be hits that find a target still standing
    ("expected_hits", "f8", (KINDS,)),
    ("balance", "f8", (BALANCES,)),
    ("decided", "i8", (BALANCES,)),  # week the balance reached +1 or -1, or NEVER
)


@dataclass(frozen=True, eq=False)
class Landscape(Bundle):
    """The NK landscape of a race."""

    neighbours: np.ndarray  # i8[loci, interactions + 1], loci that a contribution depends on
    contributions: np.ndarray  # i8[loci, 2 ** (interactions + 1)], in units of 2**-32
    touched_start: np.ndarray  # i8[loci + 1]
    touched_locus: np.ndarray  # i8[loci * (interactions + 1)], contributions that a locus enters
    touched_place: np.ndarray  # i8, its bit in each of them


@dataclass(frozen=True, eq=False)
class Columns(Bundle):
    """Work space over products, one column a flying product; it carries nothing from week to week."""

    lineup: np.ndarray  # i8[capacity], product rows in stock, in the order of their oldest lots
    row: np.ndarray  # i8[capacity], product row of each column
    design: np.ndarray  # u8[capacity]
    weight: np.ndarray  # f8[capacity]
    alive: np.ndarray  # f8[capacity], expected sorties alive
    survival: np.ndarray  # f8[modules, capacity], share alive after the countermeasures to each module
    passing: np.ndarray  # f8[MAXIMUM_BITS + 1], chance to get past the acting countermeasure, by distance
    followed: np.ndarray  # u8[capacity], designs still followed, flying or not
    slots: np.ndarray  # i8[4 * capacity], hash table and permutations


@dataclass(frozen=True, eq=False)
class World(Bundle):
    """All state of one race. Arrays only, so that compiled and plain Python rules share it."""

    makers: np.ndarray  # MAKER[workshops + places of entry + primes + places of joint lines]
    suppliers: np.ndarray  # SUPPLIER[makers]
    accounts: np.ndarray  # ACCOUNT[makers + PARTIES]
    invoices: np.ndarray  # i8[RING_WEEKS, TREASURIES, makers], euros due in a week
    opening: np.ndarray  # i8[RING_WEEKS, makers], capacity that begins to work in a week
    treasuries: np.ndarray  # TREASURY[TREASURIES]
    economy: np.ndarray  # ECONOMY_STATE[1]
    shares: np.ndarray  # f8[makers], work space of the division of orders
    published: np.ndarray  # PUBLISHED[makers]
    families: np.ndarray  # FAMILY[makers]
    products: np.ndarray  # PRODUCT[capacity]
    free: np.ndarray  # i8[capacity], stack of free product rows
    lots: np.ndarray  # LOT[capacity], in order of delivery
    trials: np.ndarray  # TRIAL[workshops + places of entry, slots]
    reports: np.ndarray  # REPORT[capacity]
    teams: np.ndarray  # TEAM[teams]
    countermeasures: np.ndarray  # COUNTERMEASURE[teams * slots]
    known: np.ndarray  # COUNTERMEASURE[primes, teams * slots], as known at the requirement freeze
    order: np.ndarray  # i8[teams * slots], order of action this week
    priority: np.ndarray  # f8[teams * slots]
    network: np.ndarray  # i8[workshops, degree], visible peers
    bench: np.ndarray  # BENCH[MAXIMUM_VARIANTS], best candidates of the workshop at the bench
    lives: np.ndarray  # i8[kinds, durations, weeks + 1, 2]
    flows: np.ndarray  # FLOW[kinds]
    tally: np.ndarray  # TALLY[1]
    landscape: Landscape
    columns: Columns


KIND_WEEK = record(
    ("deliveries", "i8"),
    ("sorties", "i8"),
    ("trial_sorties", "i8"),
    ("stopped", "i8"),
    ("hits", "i8"),
    ("trial_hits", "i8"),
    ("expected_hits", "f8"),
    ("expected_trial_hits", "f8"),
    ("fielded_success", "f8"),
    ("fielded_success_served", "f8"),
    ("current_success", "f8"),
    ("stock", "i8"),
    ("stock_age", "f8"),
    ("stock_countered", "i8"),
    ("stock_dropped", "i8"),
    ("scrapped", "i8"),
    ("designs_fielded", "i8"),
    ("trials_judged", "i8"),
    ("trials_adopted", "i8"),
    ("copied", "i8"),
    ("quality", "f8"),
    ("unopposed_success", "f8"),
    ("gap", "f8"),
    ("diversity", "f8"),
    ("concentration", "f8"),
    ("makers", "i8"),
    ("capacity", "i8"),
    ("at_makers", "i8"),
    ("entered", "i8"),
    ("failed", "i8"),
    ("bound", "i8", (CONSTRAINTS,)),
    ("drones", "i8", (len(DRONE_NAMES),)),
    ("money", "i8", (len(MONEY_NAMES),)),
    ("cash", "i8"),
    ("debt", "i8"),
    ("invoiced", "i8"),
)

WEEK = record(
    ("week", "i8"),
    ("kinds", KIND_WEEK, (KINDS + 1,)),
    ("stopped_by_module", "f8", (MAXIMUM_MODULES,)),
    ("countermeasures_standing", "i8"),
    ("countermeasures_fielded", "i8"),
    ("mean_reach", "f8"),
    ("engagements", "f8"),
    ("capacity", "f8"),
    ("saturation", "f8"),
    ("front_balance", "f8", (BALANCES,)),
    ("treasuries", TREASURY_WEEK, (TREASURIES,)),
    ("goodwill", "f8"),
    ("interceptors", "f8"),
    ("strikes", "i8"),
    ("strikes_stopped", "i8"),
    ("depots_struck", "i8"),
    ("announced", "i8"),
    ("rival_sales", "i8"),
    ("rival_weeks", "i8"),
    ("cash_of_all", "i8"),
    ("debt_of_all", "i8"),
)
"""What both drivers record each week; the columns are described in `race_sim.analysis.codebook`."""
