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
    }
)
"""Parameters which the schema checks against each other."""


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
    """Valid scenarios of 5 to 40 weeks with 0-8 workshops, 0-3 primes, 0-4 teams and some events."""
    changes = draw(_agreeing())
    free = [field for field in FIELDS if field.path not in TOGETHER]
    changes |= draw(st.fixed_dictionaries({field.path: values(field) for field in free}))
    return Scenario(
        name="random",
        title="A random scenario",
        description="Does everything that must hold also hold here?",
        parameters=changed(Parameters(), changes),
        events=draw(_events(changes["run.weeks"], maximum_events)),
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
    return {
        "run.weeks": weeks,
        "run.burn_in_weeks": draw(st.integers(0, weeks - 1)),
        "design.modules": modules,
        "design.bits_per_module": bits,
        "landscape.interactions": draw(st.integers(0, min(6, modules * bits - 1))),
        "workshops.count": count,
        "workshops.network": network,
        "workshops.network_degree": 2 * draw(st.integers(1, largest_degree // 2)),
    }


@st.composite
def _events(draw: st.DrawFn, weeks: int, maximum: int) -> tuple[Event, ...]:
    changeable = [field for field in FIELDS if not field.fixed]
    places = draw(
        st.lists(
            st.tuples(st.integers(0, weeks - 1), st.sampled_from(changeable)),
            max_size=maximum,
            unique_by=lambda place: (place[0], place[1].path),
        )
    )
    return tuple(Event(week, field.path, draw(values(field))) for week, field in places)
