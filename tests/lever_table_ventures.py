"""Levers of trade and of ventures with partners: exports, plants abroad, joint lines."""

from race_sim.firms import PARTNERS
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP
from tests.lever_races import (
    ABROAD,
    AID,
    BLIND,
    EXPORTED,
    HOME_BUDGET,
    LINES,
    LINES_BUILT,
    LINES_ORDERED,
    LINES_RUN,
    OPEN,
    PARTNER_BUDGET,
    PRIMES,
    PRIMES_ORDERED,
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

VENTURE_LEVERS = {
    "export regime, surplus": Lever(
        settings(exports__regime="surplus"),
        up=(
            EXPORTED,
            WORKSHOPS_BUILT,
            money(WORKSHOP, "export_sales"),
            money(WORKSHOP, "research"),
            row(WORKSHOP, "deliveries"),
        ),
        down=(alone("goodwill"),),
        same=(PRIMES, HOME_BUDGET, PARTNER_BUDGET),
    ),
    "export regime, quota": Lever(
        settings(exports__regime="quota"), up=(EXPORTED,), down=(alone("goodwill"), AID), same=(PRIMES, HOME_BUDGET)
    ),
    "export regime, open": Lever(
        OPEN, up=(EXPORTED, money(WORKSHOP, "export_sales")), down=(alone("goodwill"), AID), same=(PRIMES, HOME_BUDGET)
    ),
    "open exports when plant is scarce": Lever(
        OPEN,
        up=(EXPORTED,),
        down=(row(WORKSHOP, "deliveries"), row(WORKSHOP, "sorties")),
        same=(PRIMES,),
        always=settings(workshop_accounts__initial_capacity=25, workshop_accounts__build_weeks=52),
    ),
    "partner share of the surplus": Lever(
        settings(exports__partner_share=0.9),
        up=(EXPORTED,),
        down=(row(WORKSHOP, "deliveries"),),
        same=(PRIMES,),
        always=settings(exports__regime="surplus", exports__partner_share=0.4, exports__price_ratio=3.0),
    ),
    "share under a quota": Lever(
        settings(exports__quota_share=0.5), up=(EXPORTED,), same=(PRIMES,), always=settings(exports__regime="quota")
    ),
    "customers": Lever(
        settings(exports__customers="world"),
        up=(EXPORTED,),
        down=(alone("rival_sales"),),
        same=(PRIMES,),
        always=settings(exports__regime="open", exports__nato_demand=100),
    ),
    "demand": Lever(
        settings(exports__nato_demand=300),
        up=(EXPORTED,),
        same=(PRIMES,),
        always=settings(exports__regime="open", exports__nato_demand=50),
    ),
    "price abroad": Lever(
        settings(exports__price_ratio=3.0),
        up=(money(WORKSHOP, "export_sales"), alone("rival_sales")),
        same=(PRIMES, EXPORTED),
        always=settings(exports__regime="open", procurement__merit=0),
    ),
    "goodwill": Lever(
        settings(exports__goodwill_loss=2.0), down=(alone("goodwill"), AID), same=(PRIMES, HOME_BUDGET), always=OPEN
    ),
    "rival's sales": Lever(
        settings(exports__rival_week_cost=50_000),
        up=(alone("rival_weeks"), alone("countermeasures_fielded")),
        same=(HOME_BUDGET, PRIMES_ORDERED, alone("rival_sales")),
        always=settings(exports__rival_week_cost=0, teams__discovery_weeks=8),
    ),
    "workshops abroad": Lever(
        settings(abroad__firms=4),
        up=(alone("announced"), treasury(PARTNERS, "plants")),
        down=(row(WORKSHOP, "trials_judged"),),
        same=(HOME_BUDGET, PARTNER_BUDGET),
        always=ABROAD | settings(abroad__firms=0),
    ),
    "conversion": Lever(
        settings(abroad__conversion=0.0),
        down=(treasury(PARTNERS, "plants"),),
        same=(alone("announced"), HOME_BUDGET, PARTNER_BUDGET),
        always=ABROAD | settings(abroad__firms=0),
        beside=settings(abroad__firms=4),
    ),
    "cost abroad": Lever(
        settings(abroad__cost_ratio=4.0),
        down=(WORKSHOPS_BUILT,),
        same=(HOME_BUDGET, PARTNER_BUDGET, LINES),
        always=ABROAD,
    ),
    "distance from the front": Lever(
        settings(abroad__extra_weeks=6),
        down=(row(WORKSHOP, "trials_judged"),),
        same=(PARTNER_BUDGET, HOME_BUDGET),
        always=ABROAD,
    ),
    "hazard abroad": Lever(
        settings(strikes__abroad_hazard=0.3),
        up=(alone("strikes"), money(PRIME, "plant")),
        down=(row(PRIME, "capacity"),),
        same=(HOME_BUDGET, WORKSHOPS),
        always=BLIND,
    ),
    "share for the front": Lever(
        settings(abroad__front_share=0.2),
        up=(drones(WORKSHOP, "kept_by_hosts"),),
        down=(row(WORKSHOP, "deliveries"),),
        same=(PRIMES, PARTNER_BUDGET, WORKSHOPS_BUILT),
        always=ABROAD | BLIND,
    ),
    "budget for workshops abroad": Lever(
        settings(abroad__budget=400_000),
        up=(WORKSHOPS_ORDERED,),
        down=(PRIMES_ORDERED,),
        same=(HOME_BUDGET, AID),
        always=ABROAD,
    ),
    "joint lines": Lever(
        settings(joint_lines__lines=2),
        up=(row(JOINT_LINE, "makers"), LINES_BUILT),
        down=(row(PRIME, "capacity"),),
        same=(HOME_BUDGET, PARTNER_BUDGET),
        always=LINES_RUN | settings(joint_lines__lines=0),
    ),
    "fewer joint lines": Lever(
        settings(joint_lines__lines=0),
        up=(row(PRIME, "capacity"),),
        down=(row(JOINT_LINE, "makers"), LINES_BUILT),
        same=(HOME_BUDGET,),
        always=LINES_RUN,
    ),
    "weeks between refreshes": Lever(
        settings(joint_lines__sync_weeks=2),
        up=(row(JOINT_LINE, "designs_fielded"),),
        same=(PRIMES_ORDERED, LINES_ORDERED),
        always=LINES_RUN | settings(joint_lines__sync_weeks=12, joint_lines__integration_weeks=0),
    ),
    "integration": Lever(
        settings(joint_lines__integration_weeks=20),
        down=(row(JOINT_LINE, "designs_fielded"),),
        same=(PRIMES_ORDERED, LINES_ORDERED),
        always=LINES_RUN | settings(joint_lines__sync_weeks=2, joint_lines__integration_weeks=0),
    ),
    "pilots": Lever(
        settings(joint_lines__pilot_weeks_saved=20),
        up=(row(JOINT_LINE, "designs_fielded"),),
        same=(PRIMES_ORDERED, LINES_ORDERED),
        always=LINES_RUN | settings(joint_lines__sync_weeks=2, joint_lines__integration_weeks=20),
    ),
    "royalty": Lever(
        settings(joint_lines__royalty=0.2),
        up=(money(JOINT_LINE, "royalties"), money(WORKSHOP, "royalties_earned"), money(WORKSHOP, "research")),
        same=(PRIMES_ORDERED, LINES_ORDERED),
        always=LINES_RUN,
    ),
    "spillover": Lever(
        settings(joint_lines__spillover_weeks=7),
        up=(row(PRIME, "designs_fielded"),),
        same=(PRIMES_ORDERED, LINES_ORDERED, row(JOINT_LINE, "capacity")),
        always=LINES_RUN,
    ),
    "cost on joint lines": Lever(
        settings(joint_lines__unit_cost=2000),
        down=(LINES_ORDERED, LINES_BUILT),
        same=(HOME_BUDGET, PARTNER_BUDGET),
        always=LINES_RUN,
    ),
    "budget for joint lines": Lever(
        settings(joint_lines__budget=150_000),
        up=(PRIMES_ORDERED,),
        down=(LINES_ORDERED,),
        same=(HOME_BUDGET, PARTNER_BUDGET),
        always=LINES_RUN,
    ),
}
