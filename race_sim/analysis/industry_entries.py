"""Codebook entries of makers as firms, of the treasuries and of the economy: unit and meaning of each column."""

from __future__ import annotations

from race_sim.firms import TREASURY_NAMES

Entry = tuple[str, str]

FIRM_COLUMNS: dict[str, Entry] = {
    "makers": ("makers", "How many of the {whose} are at work: newcomers once approved, joint lines once set up."),
    "capacity": (
        "drones/week",
        "Drones that the plant of {whose} at work could build this week; 0 without accounts.",
    ),
    "at_makers": ("drones", "Drones of {whose} built and not delivered yet at the end of the week."),
    "entered": ("makers/week", "How many of the {whose} entered this week; they wait for approval."),
    "failed": ("makers/week", "How many of the {whose} could not pay what was due this week, and stopped for good."),
    "bound_by_orders": ("makers", "How many of the {whose} built all that was wanted of them."),
    "bound_by_finance": ("makers", "How many of the {whose} would have built more with more cash or credit."),
    "bound_by_inputs": ("makers", "How many of the {whose} would have built more with more imported inputs."),
    "bound_by_capacity": ("makers", "How many of the {whose} would have built more with more plant."),
    "ordered": ("drones/week", "Drones that treasuries and customers abroad ordered from {whose} for this week."),
    "built": ("drones/week", "Drones that {whose} built."),
    "exported": ("drones/week", "Drones of {whose} sold to customers abroad."),
    "kept_by_hosts": ("drones/week", "Drones of {whose} kept by the countries in which they build abroad."),
    "bartered": ("drones/week", "Drones of {whose} given from the arsenal for interceptors."),
    "destroyed": ("drones/week", "Drones of {whose} destroyed in the arsenal by strikes on depots."),
    "destroyed_at_makers": ("drones/week", "Drones of {whose} destroyed by strikes on plants before delivery."),
    "scrapped_at_makers": (
        "drones/week",
        "Drones of {whose} scrapped before delivery: too old, or their maker stopped.",
    ),
    "sales": ("EUR/week", "What the treasuries paid {whose} for drones, some of them delivered weeks before."),
    "export_sales": ("EUR/week", "What customers abroad paid {whose}."),
    "royalties_earned": ("EUR/week", "What joint lines paid {whose} for the use of their designs."),
    "paid_in": ("EUR/week", "What owners paid into newly entered {whose}."),
    "borrowed": ("EUR/week", "What banks lent {whose}."),
    "taken_over": ("EUR/week", "Cash that {whose} took over where a prime and its joint line share it."),
    "materials": ("EUR/week", "What {whose} paid to build their drones: parts and wages."),
    "overhead": ("EUR/week", "What {whose} paid for having plant, used or not."),
    "research": ("EUR/week", "What {whose} paid for bench tests or search."),
    "plant": ("EUR/week", "What {whose} paid for more plant and for repairs."),
    "interest": ("EUR/week", "What {whose} paid banks for their loans."),
    "royalties": ("EUR/week", "What {whose} paid workshops for the use of their designs."),
    "repaid": ("EUR/week", "Loans that {whose} paid back."),
    "paid_out": ("EUR/week", "Cash that {whose} gave their owners, or the creditors of a stopped maker, for good."),
    "handed_on": ("EUR/week", "Cash that {whose} handed on where a prime and its joint line share it."),
    "written_off": ("EUR/week", "Debt of stopped {whose} that banks gave up; no cash moves."),
    "cash": ("EUR", "Cash of {whose} at the end of the week."),
    "debt": ("EUR", "What {whose} owe banks at the end of the week."),
    "invoiced": ("EUR", "What the treasuries owe {whose} at the end of the week for drones accepted."),
    "procurement": (
        "EUR/week",
        "What the treasuries paid for drones of {whose}, intermediaries' mark-up included; none without accounts.",
    ),
    "production_cost": ("EUR/week", "Materials and overhead paid by {whose}; none without accounts."),
    "utilisation": (
        "1",
        "Drones built over capacity of {whose}; none without accounts.",
    ),
    "unit_cost": ("EUR/drone", "Materials and overhead over drones built by {whose}; none without accounts."),
    "euros_per_sortie": (
        "EUR/sortie",
        "What the treasuries paid for drones of {whose}, mark-up included, over their sorties; none without accounts.",
    ),
    "euros_per_hit": (
        "EUR/hit",
        "What the treasuries paid for drones of {whose}, mark-up included, over their hits; none without accounts.",
    ),
}
"""Columns of one kind of maker as firms, to be completed with its name."""

_TREASURY_WORDS = {"home": "the home treasury", "partners": "the partners' treasury"}
_TREASURY: dict[str, Entry] = {
    "income": ("EUR/week", "What taxpayers gave {whose}; joint money held up comes later or never."),
    "aid": ("EUR/week", "What donors gave {whose}."),
    "paid": ("EUR/week", "What {whose} paid makers for drones."),
    "commission": ("EUR/week", "What {whose} paid intermediaries beside that."),
    "imports": ("EUR/week", "What {whose} paid for other arms abroad."),
    "plants": ("EUR/week", "What {whose} paid for plants that workshops build abroad."),
    "withheld": ("EUR", "Joint money for {whose} held up by a veto at the end of the week."),
    "committed": ("EUR", "What {whose} owes makers at the end of the week for drones accepted."),
    "cash": ("EUR", "Cash of {whose} at the end of the week."),
}

ECONOMY_ENTRIES: dict[str, Entry] = {
    **{
        f"{name}_{column}": (unit, meaning.format(whose=_TREASURY_WORDS[name]))
        for name in TREASURY_NAMES
        for column, (unit, meaning) in _TREASURY.items()
    },
    "public_spending": (
        "EUR/week",
        "What left both treasuries for drones, intermediaries, other arms and plants abroad; none without accounts.",
    ),
    "goodwill": (
        "1",
        "Share of their aid that donors are willing to give, which exports lower; none without accounts.",
    ),
    "interceptors": ("interceptors", "Interceptors against strikes in stock at the end of the week."),
    "strikes": ("strikes/week", "Strikes on plants and depots, those stopped by an interceptor included."),
    "strikes_stopped": ("strikes/week", "Of these strikes, those stopped by an interceptor."),
    "depots_struck": ("strikes/week", "Of these strikes, those on depots, stopped or not."),
    "announced": ("makers", "Workshops announced so far to build abroad; not all of them ever do."),
    "rival_sales": ("EUR/week", "What customers abroad paid the rival for what workshops did not sell them."),
    "rival_weeks": ("weeks/week", "Weeks by which the rival shortened countermeasure projects with that money."),
    "cash_of_all": ("EUR", "Cash summed over all accounts, outside parties included: 0 unless money was lost."),
    "debt_of_all": ("EUR", "Debts less banks' claims, summed over all accounts: 0 unless a debt was lost."),
}
"""Columns of the treasuries and of the economy as a whole."""

SUMMARY_FIRM_MEANS = ("makers", "capacity", "at_makers", "procurement")
"""Columns of a kind of maker as firms of which the summary has the mean, beside all flows of drones and money."""

FIRM_RATIOS: dict[str, Entry] = {
    name: FIRM_COLUMNS[name] for name in ("utilisation", "unit_cost", "euros_per_sortie", "euros_per_hit")
}

BOUND_SHARES: dict[str, Entry] = {
    "bound_by_orders_share": ("1", "Share of makers' weeks in which {whose} built all that was wanted of them."),
    "bound_by_finance_share": ("1", "Share of makers' weeks in which cash and credit kept {whose} from building more."),
    "bound_by_inputs_share": ("1", "Share of makers' weeks in which imported inputs kept {whose} from building more."),
    "bound_by_capacity_share": ("1", "Share of makers' weeks in which plant kept {whose} from building more."),
}

FIRM_HISTORY: dict[str, Entry] = {
    "output_growth": (
        "1/year",
        "Factor by which output of {whose} grew a year, from the first to the last 13 of at least 26 measured weeks.",
    ),
    "entered_a_run": ("makers", "How many of the {whose} entered in a run, weeks not measured included. Mean of runs."),
    "failed_a_run": (
        "makers",
        "How many of the {whose} could not pay and stopped in a run, weeks not measured included. Mean of runs.",
    ),
    "first_failed_week": (
        "week",
        "Earliest week of any run in which one of the {whose} could not pay and stopped; none if none did.",
    ),
    "stock_change": (
        "drones/week",
        "By how much drones of {whose} in the arsenal or not delivered yet grew in number; below 0 if they dwindled.",
    ),
}
"""Measures of a kind of maker as firms that only the summary has."""
