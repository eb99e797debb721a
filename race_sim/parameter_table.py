"""GENERATED from the schema by `python -m race_sim.scenario.tabulate`: do not edit.

`FIELDS` are the fields of the parameter record (name, NumPy type) in schema order; constants number choices.
"""

FIELDS: tuple[tuple[str, str], ...] = (
    ("run_weeks", "i8"),
    ("run_burn_in_weeks", "i8"),
    ("design_modules", "i8"),
    ("design_bits_per_module", "i8"),
    ("landscape_interactions", "i8"),
    ("landscape_neighbourhood", "i8"),
    ("landscape_success_max", "f8"),
    ("landscape_success_slope", "f8"),
    ("landscape_success_half", "f8"),
    ("founders_origin", "i8"),
    ("founders_flips", "i8"),
    ("founders_climb_evaluations", "i8"),
    ("workshops_count", "i8"),
    ("workshops_weekly_output", "i8"),
    ("workshops_initial_stock", "i8"),
    ("workshops_adapts", "i8"),
    ("workshops_iteration_weeks", "i8"),
    ("workshops_step", "i8"),
    ("workshops_flips_per_step", "f8"),
    ("workshops_minimum_flips", "i8"),
    ("workshops_bench_candidates_per_week", "i8"),
    ("workshops_bench_noise", "f8"),
    ("workshops_variants_per_cycle", "i8"),
    ("workshops_trial_share", "f8"),
    ("workshops_judgement", "i8"),
    ("workshops_adoption_probability", "f8"),
    ("workshops_prior_weight", "f8"),
    ("workshops_copy_probability", "f8"),
    ("workshops_peers_sampled", "i8"),
    ("workshops_network", "i8"),
    ("workshops_network_degree", "i8"),
    ("workshops_network_rewiring", "f8"),
    ("feedback_delay_weeks", "i8"),
    ("feedback_quality", "f8"),
    ("feedback_shuffled", "i8"),
    ("feedback_memory", "f8"),
    ("primes_count", "i8"),
    ("primes_weekly_output", "i8"),
    ("primes_batch_weeks", "i8"),
    ("primes_initial_stock", "i8"),
    ("primes_develops", "i8"),
    ("primes_development_weeks", "i8"),
    ("primes_search_evaluations", "i8"),
    ("primes_flips_per_week", "f8"),
    ("primes_intelligence", "f8"),
    ("primes_standards", "i8"),
    ("primes_weeks_per_extra_standard", "i8"),
    ("teams_count", "i8"),
    ("teams_active", "i8"),
    ("teams_slots", "i8"),
    ("teams_discovery_weeks", "f8"),
    ("teams_diffusion_weeks", "f8"),
    ("teams_reach_budget", "f8"),
    ("teams_skill", "f8"),
    ("teams_targeting", "i8"),
    ("teams_hits_weight", "f8"),
    ("teams_wreckage_weight", "f8"),
    ("teams_sensing_error", "f8"),
    ("teams_wreckage_half", "f8"),
    ("teams_stops_memory", "f8"),
    ("countermeasures_breadth", "f8"),
    ("countermeasures_reference_breadth", "f8"),
    ("countermeasures_breadth_penalty", "f8"),
    ("countermeasures_breadth_evolves", "i8"),
    ("countermeasures_breadth_step", "f8"),
    ("countermeasures_kind", "i8"),
    ("countermeasures_capacity_per_week", "i8"),
    ("countermeasures_capacity_ratio", "f8"),
    ("operators_crews", "i8"),
    ("operators_preference", "f8"),
    ("operators_drop_after_weeks", "i8"),
    ("operators_poor_ratio", "f8"),
    ("operators_minimum_expected_hits", "f8"),
    ("operators_memory", "f8"),
    ("arsenal_shelf_life_weeks", "i8"),
    ("front_targets_per_week", "i8"),
    ("front_value_per_hit", "f8"),
    ("front_regeneration", "f8"),
    ("front_regeneration_spread", "f8"),
    ("front_scale", "f8"),
    ("measures_shadow_weeks", "i8"),
)

LANDSCAPE_NEIGHBOURHOOD_RANDOM = 0
LANDSCAPE_NEIGHBOURHOOD_ADJACENT = 1
FOUNDERS_ORIGIN_COMMON = 0
FOUNDERS_ORIGIN_INDEPENDENT = 1
WORKSHOPS_STEP_PER_CYCLE = 0
WORKSHOPS_STEP_PER_ELAPSED_WEEK = 1
WORKSHOPS_JUDGEMENT_EVIDENCE = 0
WORKSHOPS_JUDGEMENT_CHANCE = 1
WORKSHOPS_NETWORK_COMPLETE = 0
WORKSHOPS_NETWORK_SMALL_WORLD = 1
WORKSHOPS_NETWORK_RING = 2
WORKSHOPS_NETWORK_NONE = 3
TEAMS_TARGETING_PROPORTIONAL = 0
TEAMS_TARGETING_GREEDY = 1
TEAMS_TARGETING_RANDOM = 2
COUNTERMEASURES_KIND_AREA = 0
COUNTERMEASURES_KIND_POINT = 1
COUNTERMEASURES_KIND_POINT_PROPORTIONAL = 2
