"""Random scenarios, small enough to run in a test, over the sensible range of every parameter."""

from typing import Any

from hypothesis import strategies as st

from race_sim.scenario import BY_PATH, FIELDS, Event, ParameterField, Parameters, Scenario
from race_sim.scenario.resolve import changed

SMALL: dict[str, tuple[float, float]] = {
    "run.weeks": (5, 40),
    "landscape.interactions": (0, 6),
    "landscape.success_slope": (0, 30),
    "founders.flips": (0, 64),
    "founders.climb_evaluations": (0, 60),
    "workshops.count": (0, 8),
    "workshops.weekly_output": (0, 120),
    "workshops.initial_stock": (0, 300),
    "workshops.iteration_weeks": (1, 8),
    "workshops.flips_per_step": (0, 4),
    "workshops.bench_candidates_per_week": (1, 8),
    "workshops.bench_noise": (0, 1),
    "workshops.variants_per_cycle": (1, 5),
    "workshops.prior_weight": (0, 20),
    "workshops.peers_sampled": (1, 10),
    "feedback.delay_weeks": (0, 6),
    "primes.count": (0, 3),
    "primes.weekly_output": (0, 300),
    "primes.batch_weeks": (1, 8),
    "primes.initial_stock": (0, 600),
    "primes.development_weeks": (1, 20),
    "primes.search_evaluations": (0, 60),
    "primes.flips_per_week": (0, 4),
    "primes.standards": (1, 4),
    "primes.weeks_per_extra_standard": (0, 4),
    "teams.count": (0, 4),
    "teams.slots": (1, 5),
    "teams.discovery_weeks": (1, 12),
    "teams.diffusion_weeks": (0, 12),
    "teams.reach_budget": (0, 5),
    "teams.wreckage_half": (0, 500),
    "countermeasures.breadth": (0.1, 6),
    "countermeasures.reference_breadth": (0.1, 6),
    "countermeasures.breadth_penalty": (0, 4),
    "countermeasures.breadth_step": (0, 1),
    "countermeasures.capacity_per_week": (0, 200),
    "countermeasures.capacity_ratio": (0, 4),
    "operators.crews": (0, 2000),
    "operators.preference": (0, 6),
    "operators.drop_after_weeks": (0, 6),
    "operators.minimum_expected_hits": (0, 10),
    "arsenal.shelf_life_weeks": (1, 30),
    "front.targets_per_week": (0, 600),
    "front.value_per_hit": (0, 10),
    "front.regeneration": (0, 800),
    "front.scale": (100, 20_000),
    "measures.shadow_weeks": (0, 20),
    "money.payment_weeks": (0, 10),
    "money.own_risk_weeks": (0, 4),
    "money.reserve_weeks": (0, 20),
    "money.headroom": (0, 2),
    "money.investment_weeks": (1, 200),
    "workshop_accounts.unit_cost": (1, 1000),
    "workshop_accounts.initial_capacity": (0, 100),
    "workshop_accounts.initial_cash": (0, 60_000),
    "workshop_accounts.cost_of_capital": (0, 0.5),
    "workshop_accounts.credit_weeks": (0, 12),
    "workshop_accounts.overhead": (0, 60),
    "workshop_accounts.plant_cost": (0, 3000),
    "workshop_accounts.build_weeks": (1, 8),
    "workshop_accounts.candidate_cost": (1, 500),
    "workshop_accounts.most_candidates_per_week": (1, 8),
    "prime_accounts.unit_cost": (1, 3000),
    "prime_accounts.initial_capacity": (0, 300),
    "prime_accounts.initial_cash": (0, 2_000_000),
    "prime_accounts.cost_of_capital": (0, 0.5),
    "prime_accounts.credit_weeks": (0, 30),
    "prime_accounts.overhead": (0, 200),
    "prime_accounts.plant_cost": (0, 50_000),
    "prime_accounts.build_weeks": (1, 8),
    "prime_accounts.evaluation_cost": (1, 10_000),
    "prime_accounts.most_evaluations_per_week": (1, 20),
    "prime_accounts.cost_per_standard": (0, 50_000),
    "treasuries.home_budget": (0, 300_000),
    "treasuries.partner_aid": (0, 100_000),
    "treasuries.american_aid": (0, 100_000),
    "treasuries.home_growth": (0.5, 5),
    "treasuries.home_ceiling": (0, 4),
    "treasuries.partner_budget": (0, 2_000_000),
    "treasuries.partner_growth": (0.5, 5),
    "treasuries.partner_ceiling": (0, 4),
    "procurement.merit": (0, 4),
    "procurement.intermediary_markup": (0, 2),
    "coalition.dissenters": (0, 4),
    "exports.nato_demand": (0, 400),
    "exports.other_demand": (0, 400),
    "exports.price_ratio": (0.1, 3),
    "exports.goodwill_loss": (0, 3),
    "exports.goodwill_weeks": (1, 20),
    "exports.leak": (0, 2),
    "exports.rival_week_cost": (0, 200_000),
    "barter.interceptors_per_drone": (0, 1),
    "abroad.planned_weeks": (1, 6),
    "abroad.slip": (1, 3),
    "abroad.cost_ratio": (1, 4),
    "abroad.extra_weeks": (0, 3),
    "joint_lines.places": (0, 4),
    "joint_lines.setup_weeks": (1, 6),
    "joint_lines.capacity": (0, 200),
    "joint_lines.unit_cost": (1, 2000),
    "joint_lines.sync_weeks": (1, 6),
    "joint_lines.integration_weeks": (0, 4),
    "joint_lines.pilot_weeks_saved": (0, 6),
    "joint_lines.spillover_weeks": (0, 10),
    "entry.places": (0, 5),
    "entry.rate": (0, 1),
    "entry.approval_weeks": (0, 6),
    "entry.variant_approval_weeks": (0, 6),
    "entry.flips": (0, 8),
    "inputs.availability": (0.3, 1),
    "strikes.home_hazard": (0, 0.2),
    "strikes.abroad_hazard": (0, 0.1),
    "strikes.depot_hazard": (0, 0.3),
    "strikes.repair_weeks": (1, 8),
    "strikes.repair_cost": (0, 3),
}
"""Ranges that keep a run small or sensible; other numbers vary over all of their bounds, within [0, 1]."""

TOGETHER = frozenset(
    {
        "run.weeks",
        "run.burn_in_weeks",
        "design.modules",
        "design.bits_per_module",
        "landscape.interactions",
        "workshops.count",
        "workshops.network",
        "workshops.network_degree",
        "primes.count",
        "money.accounts",
        "workshop_accounts.initial_capacity",
        "joint_lines.places",
        "entry.places",
    }
)
"""Parameters which the schema checks against each other."""

ANY_DEGREE = ("complete", "none")  # networks of workshops that have no use for a degree

IDLE: dict[str, Any] = {
    "treasuries.home_funding": 0,
    "exports.regime": "ban",
    "barter.drones_per_week": 0,
    "abroad.firms": 0,
    "abroad.budget": 0,
    "joint_lines.lines": 0,
    "joint_lines.budget": 0,
}
"""Levers that need accounts, and the value at which they are not pulled."""


def values(field: ParameterField) -> st.SearchStrategy[Any]:
    """Sensible values of one parameter, its default among them."""
    if field.kind == "bool":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.path in SMALL:
        low, high, low_open, high_open = *SMALL[field.path], False, False
    else:
        low, high, low_open, high_open = field.low or 0, field.high or 0, field.low_open, field.high_open
    if field.kind == "int":
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=low_open, exclude_max=high_open, allow_subnormal=False)


@st.composite
def scenarios(draw: st.DrawFn, maximum_events: int = 4) -> Scenario:
    """Valid scenarios of 5 to 40 weeks with 0-8 workshops, 0-3 primes, 0-4 teams and some events.

    Half of them have accounts, up to 5 newcomers and up to 4 joint lines.
    """
    together = draw(_agreeing())
    levers = draw(_levers(together))
    free = {field.path: values(field) for field in FIELDS if field.path not in together}
    changes = draw(st.fixed_dictionaries(free | levers)) | together
    return Scenario(
        name="random",
        title="A random scenario",
        description="Does everything that must hold also hold here?",
        parameters=changed(Parameters(), changes),
        events=draw(_events(changes["run.weeks"], maximum_events, levers)),
    )


@st.composite
def _agreeing(draw: st.DrawFn) -> dict[str, Any]:
    """Values of the parameters in TOGETHER that do not contradict each other."""
    weeks = draw(values(BY_PATH["run.weeks"]))
    modules = draw(values(BY_PATH["design.modules"]))
    bits = draw(st.integers(1, min(16, 64 // modules)))
    count = draw(values(BY_PATH["workshops.count"]))
    network = draw(values(BY_PATH["workshops.network"])) if count > 2 else "complete"
    largest_degree = count - 1 if network in ("small_world", "ring") else 32
    chosen = {
        "run.weeks": weeks,
        "run.burn_in_weeks": draw(st.integers(0, weeks - 1)),
        "design.modules": modules,
        "design.bits_per_module": bits,
        "landscape.interactions": draw(st.integers(0, min(6, modules * bits - 1))),
        "workshops.count": count,
        "workshops.network": network,
        "workshops.network_degree": 2 * draw(st.integers(1, largest_degree // 2)),
    }
    return chosen | {path: draw(values(BY_PATH[path])) for path in sorted(TOGETHER - chosen.keys())}


@st.composite
def _levers(draw: st.DrawFn, together: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    """What the levers can be beside these values, whichever of them an event changes."""
    least_budget = draw(st.integers(0, 900_000))
    by_degree = together["workshops.network_degree"] < together["workshops.count"]
    levers: dict[str, st.SearchStrategy[Any]] = {
        "workshops.network": values(BY_PATH["workshops.network"]) if by_degree else st.sampled_from(ANY_DEGREE),
        "treasuries.partner_budget": st.integers(least_budget, int(SMALL["treasuries.partner_budget"][1])),
    }
    if not together["money.accounts"]:
        return levers | {path: st.just(value) for path, value in IDLE.items()}
    workshops = together["workshops.count"] + together["entry.places"] if together["workshops.count"] > 0 else 0
    lines = together["joint_lines.places"] if workshops > 0 and together["primes.count"] > 0 else 0
    plant = together["workshops.count"] * together["workshop_accounts.initial_capacity"]
    earmark = st.integers(0, least_budget // 3)
    return levers | {
        "treasuries.home_funding": earmark,
        "abroad.budget": earmark,
        "joint_lines.budget": earmark,
        "exports.regime": values(BY_PATH["exports.regime"]),
        "barter.drones_per_week": st.integers(0, min(100, plant)),
        "abroad.firms": st.integers(0, workshops),
        "joint_lines.lines": st.integers(0, lines),
    }


@st.composite
def _events(draw: st.DrawFn, weeks: int, maximum: int, levers: dict[str, st.SearchStrategy[Any]]) -> tuple[Event, ...]:
    changeable = [field for field in FIELDS if not field.fixed]
    places = draw(
        st.lists(
            st.tuples(st.integers(0, weeks - 1), st.sampled_from(changeable)),
            max_size=maximum,
            unique_by=lambda place: (place[0], place[1].path),
        )
    )
    return tuple(Event(week, field.path, draw(levers.get(field.path, values(field)))) for week, field in places)
