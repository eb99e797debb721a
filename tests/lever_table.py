"""Every policy lever: what it is set to in mid-race, and what that must move and must leave alone."""

from race_sim.firms import HOME, PARTNERS
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP
from tests.lever_races import (
    AID,
    BLIND,
    DEBTS,
    HOME_BUDGET,
    LINES_ORDERED,
    LINES_RUN,
    PARTNER_BUDGET,
    PRIMES,
    PRIMES_BUILT,
    PRIMES_ORDERED,
    STRUCK,
    VETOES,
    WORKSHOPS,
    WORKSHOPS_BUILT,
    WORKSHOPS_ORDERED,
    Lever,
    alone,
    drones,
    money,
    row,
    settings,
    treasury,
)
from tests.lever_table_ventures import VENTURE_LEVERS

LEVERS = VENTURE_LEVERS | {
    "budget at home": Lever(
        settings(treasuries__home_budget=200_000),
        up=(HOME_BUDGET, WORKSHOPS_ORDERED, WORKSHOPS_BUILT),
        same=(AID, PARTNER_BUDGET, PRIMES),
    ),
    "aid of partners": Lever(
        settings(treasuries__partner_aid=150_000),
        up=(AID, WORKSHOPS_ORDERED, WORKSHOPS_BUILT),
        same=(HOME_BUDGET, PARTNER_BUDGET, PRIMES),
    ),
    "budget of partners": Lever(
        settings(treasuries__partner_budget=2_000_000),
        up=(PARTNER_BUDGET, PRIMES_ORDERED, PRIMES_BUILT, money(PRIME, "research")),
        same=(HOME_BUDGET, AID, WORKSHOPS),
        always=BLIND,
    ),
    "funds for production at home": Lever(
        settings(treasuries__home_funding=200_000),
        up=(WORKSHOPS_BUILT, money(WORKSHOP, "sales")),
        down=(PRIMES_ORDERED,),
        same=(HOME_BUDGET, PARTNER_BUDGET, AID),
    ),
    "guarantee": Lever(
        settings(treasuries__guaranteed_share=1.0),
        down=(money(WORKSHOP, "interest"),),
        same=(PRIMES, HOME_BUDGET),
        always=DEBTS,
    ),
    "foreign entrants": Lever(
        settings(entry__foreign_share=1.0),
        up=(money(WORKSHOP, "paid_in"),),
        same=(row(WORKSHOP, "entered"), row(WORKSHOP, "makers"), PRIMES),
        always=settings(entry__rate=0.3),
    ),
    "standards": Lever(
        settings(primes__standards=4),
        up=(money(PRIME, "overhead"),),
        down=(row(PRIME, "designs_fielded"),),
        same=(HOME_BUDGET, PARTNER_BUDGET),
    ),
    "weeks for each standard": Lever(
        settings(primes__weeks_per_extra_standard=0),
        up=(row(PRIME, "designs_fielded"),),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET),
        always=settings(primes__standards=4),
    ),
    "development of primes": Lever(
        settings(primes__development_weeks=2),
        up=(row(PRIME, "designs_fielded"),),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET, AID),
    ),
    "cost of capital": Lever(
        settings(workshop_accounts__cost_of_capital=1.0),
        up=(money(WORKSHOP, "interest"),),
        down=(money(WORKSHOP, "plant"), row(WORKSHOP, "capacity")),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET, AID),
        always=DEBTS,
    ),
    "standards at joint lines": Lever(
        settings(primes__standards=4),
        down=(row(JOINT_LINE, "designs_fielded"),),
        same=(LINES_ORDERED,),
        always=LINES_RUN | settings(joint_lines__sync_weeks=4, joint_lines__integration_weeks=5),
    ),
    "home growth": Lever(
        settings(treasuries__home_growth=1.0), down=(HOME_BUDGET, AID, WORKSHOPS_ORDERED), same=(PRIMES, PARTNER_BUDGET)
    ),
    "home ceiling": Lever(
        settings(treasuries__home_ceiling=1.05), down=(HOME_BUDGET, AID, WORKSHOPS_ORDERED), same=(PRIMES,)
    ),
    "partner growth": Lever(
        settings(treasuries__partner_growth=2.0),
        up=(PARTNER_BUDGET, PRIMES_ORDERED),
        same=(HOME_BUDGET, AID, WORKSHOPS),
        always=BLIND,
    ),
    "partner ceiling": Lever(
        settings(treasuries__partner_ceiling=0.7), down=(PARTNER_BUDGET, PRIMES_ORDERED), same=(HOME_BUDGET, AID)
    ),
    "imports": Lever(
        settings(treasuries__import_share=0.5),
        up=(treasury(PARTNERS, "imports"),),
        down=(PRIMES_ORDERED, money(PRIME, "research")),
        same=(PARTNER_BUDGET, HOME_BUDGET, AID),
    ),
    "unanimity": Lever(
        VETOES,
        up=(treasury(HOME, "withheld"), treasury(PARTNERS, "withheld")),
        down=(AID, PARTNER_BUDGET, WORKSHOPS_ORDERED, PRIMES_ORDERED),
        same=(HOME_BUDGET,),
    ),
    "a coalition instead of vetoes": Lever(
        settings(coalition__rule="coalition"),
        up=(AID, PARTNER_BUDGET, PRIMES_ORDERED),
        down=(treasury(HOME, "withheld"),),
        same=(HOME_BUDGET,),
        always=VETOES,
    ),
    "joint share": Lever(
        settings(coalition__joint_share=0.8), down=(AID, PARTNER_BUDGET), same=(HOME_BUDGET,), always=VETOES
    ),
    "dissenters": Lever(
        settings(coalition__dissenters=0), up=(AID, PARTNER_BUDGET), same=(HOME_BUDGET,), always=VETOES
    ),
    "members of a coalition": Lever(
        settings(coalition__members_share=0.3),
        down=(AID, PARTNER_BUDGET),
        same=(HOME_BUDGET,),
        always=settings(coalition__rule="coalition"),
    ),
    "American withdrawal": Lever(
        settings(treasuries__american_aid=0), down=(AID, WORKSHOPS_ORDERED), same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET)
    ),
    "barter": Lever(
        settings(barter__drones_per_week=50),
        up=(drones(WORKSHOP, "bartered"), alone("interceptors")),
        down=(row(WORKSHOP, "sorties"),),
        same=(PRIMES, HOME_BUDGET, drones(PRIME, "bartered")),
    ),
    "interceptors in exchange": Lever(
        settings(barter__interceptors_per_drone=0.05),
        up=(alone("strikes_stopped"), row(WORKSHOP, "capacity")),
        same=(HOME_BUDGET, alone("strikes")),
        always=settings(barter__drones_per_week=50, strikes__home_hazard=0.1, barter__interceptors_per_drone=0.0),
    ),
    "interception": Lever(
        settings(barter__interception=1.0),
        up=(alone("strikes_stopped"),),
        same=(HOME_BUDGET, alone("strikes")),
        always=settings(
            barter__drones_per_week=50,
            strikes__home_hazard=0.1,
            barter__interceptors_per_drone=0.05,
            barter__interception=0.2,
        ),
    ),
    "strikes on plants": Lever(
        STRUCK,
        up=(alone("strikes"), money(WORKSHOP, "plant")),
        down=(row(WORKSHOP, "capacity"),),
        same=(PRIMES, HOME_BUDGET),
    ),
    "capacity lost": Lever(
        settings(strikes__capacity_lost=0.6),
        down=(row(WORKSHOP, "capacity"),),
        same=(alone("strikes"), PRIMES),
        always=STRUCK | settings(strikes__capacity_lost=0.2),
    ),
    "stock lost": Lever(
        settings(strikes__stock_lost=1.0),
        up=(drones(PRIME, "destroyed_at_makers"),),
        same=(alone("strikes"), HOME_BUDGET),
        always=settings(strikes__abroad_hazard=0.1, strikes__stock_lost=0.1),
    ),
    "repair": Lever(
        settings(strikes__repair_weeks=2),
        up=(row(WORKSHOP, "capacity"),),
        same=(alone("strikes"), PRIMES),
        always=STRUCK,
    ),
    "cost of repair": Lever(
        settings(strikes__repair_cost=0.0),
        down=(money(WORKSHOP, "plant"),),
        same=(alone("strikes"), PRIMES),
        always=STRUCK,
    ),
    "strikes on depots": Lever(
        settings(strikes__depot_hazard=0.5),
        up=(alone("depots_struck"), drones(WORKSHOP, "destroyed"), drones(PRIME, "destroyed")),
        same=(HOME_BUDGET, PRIMES_BUILT, WORKSHOPS_BUILT, row(WORKSHOP, "capacity")),
        always=BLIND,
    ),
    "depots lost": Lever(
        settings(strikes__depot_lost=0.5),
        up=(drones(WORKSHOP, "destroyed"),),
        same=(alone("depots_struck"), PRIMES_BUILT),
        always=settings(strikes__depot_hazard=0.5),
    ),
    "inputs": Lever(
        settings(inputs__availability=0.2),
        down=(WORKSHOPS_BUILT, PRIMES_BUILT),
        same=(HOME_BUDGET, PARTNER_BUDGET, AID),
    ),
    "dependence at home": Lever(
        settings(inputs__home_dependence=1.0),
        down=(WORKSHOPS_BUILT,),
        same=(PRIMES,),
        always=settings(inputs__availability=0.5),
    ),
    "dependence of partners": Lever(
        settings(inputs__partner_dependence=1.0),
        down=(PRIMES_BUILT,),
        same=(HOME_BUDGET, WORKSHOPS),
        always=BLIND | settings(inputs__availability=0.5),
    ),
    "merit": Lever(
        settings(procurement__merit=4.0),
        up=(row(WORKSHOP, "concentration"),),
        down=(row(WORKSHOP, "diversity"),),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET, AID),
        always=settings(procurement__merit=0.0, procurement__secrecy=0.0),
    ),
    "secrecy": Lever(
        settings(procurement__secrecy=1.0),
        up=(row(WORKSHOP, "diversity"),),
        down=(row(WORKSHOP, "concentration"),),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET, AID),
        always=settings(procurement__merit=4.0, procurement__secrecy=0.0),
    ),
    "crony share": Lever(
        settings(procurement__crony_share=1.0), down=(WORKSHOPS_BUILT,), same=(HOME_BUDGET, AID, PRIMES)
    ),
    "intermediaries": Lever(
        settings(procurement__intermediary_share=0.8),
        up=(treasury(HOME, "commission"),),
        down=(WORKSHOPS_ORDERED,),
        same=(HOME_BUDGET, AID, PRIMES, treasury(PARTNERS, "commission")),
    ),
    "mark-up": Lever(
        settings(procurement__intermediary_markup=2.0),
        up=(treasury(HOME, "commission"),),
        down=(WORKSHOPS_ORDERED,),
        same=(HOME_BUDGET, PRIMES),
    ),
    "entry": Lever(
        settings(entry__rate=0.6),
        up=(row(WORKSHOP, "entered"), row(WORKSHOP, "makers"), row(WORKSHOP, "capacity")),
        same=(PRIMES, HOME_BUDGET),
    ),
    "distance of newcomers": Lever(
        settings(entry__flips=40),
        down=(row(WORKSHOP, "quality"),),
        same=(row(WORKSHOP, "entered"), row(WORKSHOP, "makers"), PRIMES, HOME_BUDGET),
        always=settings(entry__flips=0, entry__approval_weeks=0),
        beside=settings(entry__rate=1.0),
    ),
    "approval of models": Lever(
        settings(entry__approval_weeks=20),
        down=(row(WORKSHOP, "makers"),),
        same=(row(WORKSHOP, "entered"), PRIMES),
        always=settings(entry__rate=0.2),
    ),
    "approval of variants": Lever(
        settings(entry__variant_approval_weeks=12), down=(row(WORKSHOP, "trials_judged"),), same=(PRIMES, HOME_BUDGET)
    ),
    "network": Lever(settings(workshops__network="none"), down=(row(WORKSHOP, "copied"),), same=(PRIMES, HOME_BUDGET)),
    "copying": Lever(
        settings(workshops__copy_probability=1.0),
        up=(row(WORKSHOP, "copied"),),
        same=(PRIMES, HOME_BUDGET),
        always=settings(workshops__copy_probability=0.1),
    ),
    "delay of feedback": Lever(
        settings(feedback__delay_weeks=10), down=(row(WORKSHOP, "trials_judged"),), same=(PRIMES, HOME_BUDGET)
    ),
}
