"""Studies that ship: forces that are compared are equal, levels change what is raced, and all of it runs small."""

import functools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from race_sim.analysis.measures import measure
from race_sim.scenario import BY_PATH, load
from race_sim.study.definition import Level, Levels, Part, Range, Study, factor_levels
from race_sim.study.estimate import count_points
from race_sim.study.points import Point, Sample, points
from race_sim.study.ranges import choices, is_number, plausible, varied
from race_sim.study.reading import experiments, load_study, shipped_studies
from race_sim.study.result import StudyResult
from race_sim.study.sweep import Request, run_study

STUDIES = shipped_studies()
SPREAD = 40  # points of a part that are looked at
BASELINE = load("baseline").parameters

GIVEN = (
    "feedback",
    "global_sensitivity",
    "headline",
    "mass_vs_capacity",
    "obsolescence",
    "sharing",
    "speed_vs_arsenal",
    "tempo_race",
)
"""Studies that hold output given: they compare drones, whoever pays for them."""
POLICY_STUDIES = (
    "policy_levers",
    "capital_x_speed",
    "export_ban",
    "relocation",
    "stockpile_age",
    "equal_euro",
)
"""Studies under accounts; what is equal in them is tested in test_policy_shipped.py."""
OUTPUT = 6000  # drones a week of a force with x1 arsenal
TRIALS = 600  # its trial sorties a week
UNEQUAL = {
    ("headline", "arsenal_factors"),  # asks which factors make an arsenal larger
    ("headline", "learning_by_evidence"),  # trials grow with the arsenal in half of it
    ("headline", "learning"),
    ("headline", "shared"),  # both forces in one race
    ("obsolescence", "at_once"),  # asks for more crews
    ("global_sensitivity", "screen"),  # one force, everything about it unsure
    ("global_sensitivity", "indices"),
    ("global_sensitivity", "worlds"),
    *((name, part.name) for name in POLICY_STUDIES for part in load_study(name).part),  # ask what money does
}
"""Parts that do not compare forces with equal means, and why."""
GROUNDING = {("headline", "controls"), ("obsolescence", "habits")}
"""Parts in which operators may ground designs: it is what they ask about."""
FAIR = [(name, part.name) for name in GIVEN for part in load_study(name).part if (name, part.name) not in UNEQUAL]


@functools.cache
def study_named(name: str) -> Study:
    return load_study(name)


@functools.cache
def resolved(name: str, part_name: str) -> Part:
    """The part; if a screen finds its factors, with all of those it may find."""
    study = study_named(name)
    part = study.named(part_name)
    if part.screen is None:
        return part
    return part.model_copy(update={"factors": study.named(part.screen.part).factors})


def some_levels(part: Part, factor: str) -> list[Level]:
    """Levels of a factor; of a range its ends and its middle."""
    levels = part.factors[factor]
    if isinstance(levels, Range):
        return list(dict.fromkeys(levels.at(share) for share in (0.0, 0.5, 1.0)))
    return levels


def spread_over(part: Part) -> list[dict[str, Level]]:
    """Combinations of levels, evenly spread over all of them: both ends and some between."""
    every = {factor: some_levels(part, factor) for factor in part.factors}
    shape = [len(levels) for levels in every.values()]
    found = []
    for place in np.unique(np.linspace(0, math.prod(shape) - 1, SPREAD).astype(np.int64)):
        indices = np.unravel_index(place, shape)
        found.append({name: levels[int(index)] for (name, levels), index in zip(every.items(), indices, strict=True)})
    return found


def raced(name: str, part_name: str, levels: Sequence[Levels]) -> list[Point]:
    study, part = study_named(name), resolved(name, part_name)
    return list(points(study, part, lambda _: 0.4, map(Sample, levels)))


def every_part() -> Iterator[tuple[str, str]]:
    for name in STUDIES:
        for part in load_study(name).part:
            yield name, part.name


# What a file says


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_asks_and_is_told_of(name: str) -> None:
    study = study_named(name)
    assert "?" in study.title + study.question
    assert all(part.question.endswith("?") for part in study.part)
    assert f"[`{name}.toml`]({name}.toml)" in (experiments() / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STUDIES)
def test_founders_of_both_kinds_race_wherever_forces_are_compared(name: str) -> None:
    """No headline without both founder settings."""
    for part in study_named(name).part:
        if (name, part.name) in FAIR:
            origins = {point.scenario.parameters.founders.origin for point in raced(name, part.name, spread_over(part))}
            assert origins == {"common", "independent"}, part.name


@pytest.mark.parametrize(("name", "part_name"), list(every_part()))
def test_levels_of_a_factor_are_different_races(name: str, part_name: str) -> None:
    """From one end or the other: a factor may do nothing beside some level of another one."""
    part = resolved(name, part_name)
    ends = [{factor: some_levels(part, factor)[end] for factor in part.factors} for end in (0, -1)]
    middle = {factor: some_levels(part, factor)[len(some_levels(part, factor)) // 2] for factor in part.factors}
    for factor in part.factors:
        levels = some_levels(part, factor)
        keys = [
            {point.key for point in raced(name, part_name, [{**base, factor: level} for level in levels])}
            for base in (*ends, middle)
        ]
        assert max(map(len, keys)) == len(levels), factor


# A fair test


@pytest.mark.parametrize("name", GIVEN)
def test_output_is_given_in_every_race(name: str) -> None:
    for one in study_named(name).part:
        part = resolved(name, one.name)
        ends = [{factor: some_levels(part, factor)[end] for factor in part.factors} for end in (0, -1)]
        for point in raced(name, part.name, ends):
            assert not point.scenario.parameters.money.accounts, part.name


@pytest.mark.parametrize(("name", "part_name"), FAIR)
def test_forces_that_are_compared_have_equal_means(name: str, part_name: str) -> None:
    """Bench tests and trial sorties a week are those of every other force; arsenals are as large as is said."""
    part = resolved(name, part_name)
    learning, weeks_in_stock = set(), set()
    for point in raced(name, part_name, spread_over(part)):
        parameters = point.scenario.parameters
        workshops, crews = parameters.workshops, parameters.operators.crews
        arsenal = float(point.levels.get("arsenal", 1))
        output = workshops.count * workshops.weekly_output
        assert parameters.primes.count == 0
        assert workshops.count * workshops.weekly_output * workshops.trial_share == pytest.approx(TRIALS, rel=1e-9)
        assert crews == pytest.approx(OUTPUT * arsenal, rel=0.021)  # drones are whole
        if name == "obsolescence":
            drones = output * parameters.run.weeks + workshops.count * workshops.initial_stock
            assert drones == OUTPUT * parameters.run.weeks
            assert crews * parameters.run.weeks == drones
        else:
            assert output == crews
            assert workshops.initial_stock in (0, 4 * workshops.weekly_output)
            weeks_in_stock.add(workshops.initial_stock // workshops.weekly_output)
        if (name, part_name) not in GROUNDING:
            assert parameters.operators.drop_after_weeks == 0
        if point.levels.get("rung", "copying") == "copying" and point.levels.get("control", "none") == "none":
            learning.add((workshops.bench_candidates_per_week, workshops.bench_noise, workshops.prior_weight))
    assert len(learning) == 1
    assert len(weeks_in_stock) <= 1


@pytest.mark.parametrize("name", [name for name in STUDIES if "step" in load_study(name).levels])
def test_equal_change_is_as_many_flips_a_week_for_every_cycle(name: str) -> None:
    study = study_named(name)
    part = next(part for part in study.part if "equal_change" in part.factors.get("step", []))
    cycles = part.factors["cycle"]
    levels = factor_levels(cycles) if isinstance(cycles, list) else [cycles.at(share) for share in (0.0, 0.3, 1.0)]
    base = spread_over(part)[0]
    for point in raced(name, part.name, [{**base, "step": "equal_change", "cycle": cycle} for cycle in levels]):
        workshops = point.scenario.parameters.workshops
        proposed = workshops.minimum_flips + workshops.flips_per_step * workshops.iteration_weeks
        assert workshops.step == "per_elapsed_week"
        assert proposed / workshops.iteration_weeks == pytest.approx(
            BASELINE.workshops.minimum_flips + BASELINE.workshops.flips_per_step
        )


@pytest.mark.parametrize("name", GIVEN)
def test_constants_that_repeat_the_baseline_are_its_own(name: str) -> None:
    study = study_named(name)
    repeated: Mapping[str, float] = {
        "output": BASELINE.operators.crews,
        "slots": BASELINE.teams.count * BASELINE.teams.slots,
        "flips_a_week": BASELINE.workshops.minimum_flips + BASELINE.workshops.flips_per_step,
        "spread": BASELINE.teams.diffusion_weeks / BASELINE.teams.discovery_weeks,
        "weeks": BASELINE.run.weeks,
        "trials": BASELINE.workshops.trial_share * BASELINE.operators.crews,
        "trial_share": BASELINE.workshops.trial_share,
    }
    for constant, value in study.constants.items():
        if constant in repeated:
            assert value == pytest.approx(repeated[constant]), constant
    defaults: Mapping[str, object] = {
        "makers": BASELINE.workshops.count,
        "founders": BASELINE.founders.origin,
        "lag": BASELINE.teams.discovery_weeks,
        "copying": BASELINE.workshops.copy_probability,
        "delay": BASELINE.feedback.delay_weeks,
        "quality": BASELINE.feedback.quality,
        "drones": BASELINE.operators.crews,
        "primes": BASELINE.primes.count,
        "teams": BASELINE.teams.count,
        "slots": BASELINE.teams.slots,
    }
    for factor, default in study.defaults.items():
        if factor in defaults:
            assert default == defaults[factor], factor


def test_capacity_is_what_its_name_says() -> None:
    """All point countermeasures together engage so many sorties, per sortie of an x1 force or of the one that flies."""
    part = study_named("mass_vs_capacity").named("mass")
    for point in raced("mass_vs_capacity", "mass", spread_over(part)):
        wanted = float(point.levels["point_capacity"])
        parameters = point.scenario.parameters
        slots = parameters.teams.count * parameters.teams.slots
        if point.levels["defence"] == "fixed":
            assert parameters.countermeasures.kind == "point"
            assert parameters.countermeasures.capacity_per_week * slots == pytest.approx(wanted * OUTPUT, rel=0.021)
        else:
            assert parameters.countermeasures.kind == "point_proportional"
            assert parameters.countermeasures.capacity_ratio == wanted


# The box of the global study


def test_the_screen_varies_every_parameter_that_may_matter() -> None:
    study = study_named("global_sensitivity")
    factors = study.named("screen").factors
    moved = {path for path in study.set if set(re.findall(r"[a-z_]+", str(study.set[path]))) & set(factors)}
    left_out = {field.path for field in varied(accounts=False)} - {*factors, *moved}
    assert left_out == {
        "front.value_per_hit",
        "front.regeneration",
        "front.regeneration_spread",
        "front.scale",
        "workshops.network_degree",
        "countermeasures.capacity_ratio",  # of the third kind of countermeasure, which grows with the attack
    }


def test_the_box_is_plausible() -> None:
    part = study_named("global_sensitivity").named("screen")
    for factor, levels in part.factors.items():
        if factor not in BY_PATH:
            continue
        field = next(field for field in varied() if field.path == factor)
        if not is_number(field):
            assert set(factor_levels(levels)) <= set(choices(field))
            assert len(factor_levels(levels)) > 1
            continue
        low, high = plausible(field)
        numbers = [float(level) for level in some_levels(part, factor)]
        ends = min(numbers), max(numbers)
        assert low <= ends[0] < ends[1]
        assert ends[1] <= (high if factor != "workshops.iteration_weeks" else 32)
        assert ends[0] <= float(BASELINE.value(factor)) <= ends[1]


def test_no_corner_of_the_box_contradicts_itself() -> None:
    part = study_named("global_sensitivity").named("screen")
    chance = np.random.default_rng(1)
    ends = {factor: (some_levels(part, factor)[0], some_levels(part, factor)[-1]) for factor in part.factors}
    corners = [
        {factor: pair[side] for (factor, pair), side in zip(ends.items(), sides, strict=True)}
        for sides in (*np.eye(len(ends), dtype=int), *chance.integers(2, size=(100, len(ends))))
    ]
    for point in raced("global_sensitivity", "screen", corners):
        parameters = point.scenario.parameters
        assert parameters.workshops.network_degree < parameters.workshops.count
        supply = (
            parameters.workshops.count * parameters.workshops.weekly_output
            + parameters.primes.count * parameters.primes.weekly_output
        )
        assert parameters.operators.crews / supply == pytest.approx(float(point.levels["crews"]), rel=0.15)


# Races


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, StudyResult]:
    """Quick runs, each raced when it is first asked for."""
    folder: Path = tmp_path_factory.mktemp("quick")

    class Runs(dict[str, StudyResult]):
        def __missing__(self, name: str) -> StudyResult:
            self[name] = run_study(load_study(name).smaller(), folder / name, Request(quick=True, workers=1))
            return self[name]

    return Runs()


@pytest.mark.parametrize("name", STUDIES)
def test_a_quick_run_races_every_point(results: Mapping[str, StudyResult], name: str) -> None:
    result = results[name]
    assert list(result.parts) == [part.name for part in study_named(name).part]
    assert (result.there, result.failed) == (result.wanted, 0)
    for part in result.study.part:
        rows, wanted = result.parts[part.name], count_points(result.study, part)
        seeds = range(1, result.study.replicates_of(part) + 1)
        assert wanted > 1
        assert len(result.points[part.name]) == wanted or (part.refine and len(result.points[part.name]) <= wanted)
        found = rows.groupby("point")["seed"].apply(sorted)
        assert list(found.index) == list(range(len(result.points[part.name])))
        assert all(one == list(seeds) for one in found)
        assert (rows["error"] == "").all()
        assert (rows["total_sorties"] > 0).all()
        for output in result.study.outputs_of(part):
            assert measure(output).of_runs(rows).notna().any(), output


@pytest.mark.parametrize("name", STUDIES)
def test_every_factor_of_a_grid_moves_the_races(results: Mapping[str, StudyResult], name: str) -> None:
    """Each level of it gives other hits than every other, between some points that differ in nothing else."""
    result = results[name]
    for part in result.study.part:
        if part.design != "grid":
            continue
        rows, factors = result.parts[part.name], list(part.factors)
        for factor in factors:
            others = [other for other in factors if other != factor]
            differ = rows.groupby([*others, "seed"])["total_hits"].nunique()
            assert differ.max() == len(factor_levels(part.factors[factor])), (part.name, factor)


@pytest.mark.parametrize("name", sorted({name for name, _ in FAIR}))
def test_forces_fly_as_many_sorties_and_trials(results: Mapping[str, StudyResult], name: str) -> None:
    """What the settings promise is what is flown; where designs are grounded or spoil, less may fly."""
    for part in results[name].study.part:
        if (name, part.name) not in FAIR or (name, part.name) in GROUNDING or part.name == "shelf_life":
            continue
        rows = results[name].parts[part.name]
        arsenal = rows["arsenal"].astype(float) if "arsenal" in rows else 1.0
        assert (rows["total_sorties"] / (OUTPUT * arsenal)).to_numpy() == pytest.approx(1.0, rel=0.021), part.name
        flown = rows["total_trial_sorties"].to_numpy()
        assert flown[flown > 0] == pytest.approx(TRIALS, rel=0.05), part.name


def test_a_boundary_is_looked_at_more_closely(results: Mapping[str, StudyResult]) -> None:
    result = results["speed_vs_arsenal"]
    for part in result.study.part:
        if part.boundary is None:
            continue
        panels = math.prod(len(factor_levels(one)) for one in part.factors.values() if not isinstance(one, Range))
        table = result.points[part.name]
        assert len(table) > (int(part.points or 0) + 1) * panels
        reference = part.boundary.reference
        rows = result.parts[part.name]
        here = rows[(rows[list(reference)] == list(reference.values())).all(axis=1)]
        assert here["point"].nunique() == panels


def test_the_screen_chooses_what_is_looked_at(results: Mapping[str, StudyResult]) -> None:
    result = results["global_sensitivity"]
    every = result.factors("screen")
    for part, most in (("indices", 10), ("worlds", 20)):
        chosen = result.factors(part)
        assert len(chosen) == most
        assert [name for name in every if name in chosen] == chosen
    assert set(result.factors("indices")) <= set(result.factors("worlds"))


def test_stock_is_what_is_asked_about(results: Mapping[str, StudyResult]) -> None:
    """The more is bought early, the more lies in store, and the older it is; without an opponent none is countered."""
    rows = results["obsolescence"].parts["stored"]
    low, high = (rows[rows["stored"] == level].reset_index() for level in (0.2, 0.8))
    assert (high["total_stock"] > low["total_stock"]).all()
    assert (high["total_stock_age"] >= low["total_stock_age"]).mean() > 0.8
    assert (rows.loc[rows["tempo"] == "none", "total_stock_countered"] == 0).all()
    assert (rows.loc[rows["tempo"] == "fast", "total_stock_countered"] > 0).any()
