"""Points of the headline study, as shipped: what forces of a comparison share, and the only things they differ in."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from race_sim.analysis.headline import CELL, RUNGS
from race_sim.errors import InputError
from race_sim.scenario import FIELDS, Parameters, Scenario, load
from race_sim.study.definition import Part, Study
from race_sim.study.points import Point, defined, points
from race_sim.study.reading import load_study
from tests.study.small_study import written

STUDY = load_study("headline")
PARTS = {part.name: part for part in STUDY.part}
ARSENAL_PATHS = {"workshops.weekly_output", "workshops.initial_stock", "operators.crews", "workshops.trial_share"}
ADOPTED = 0.375  # stands for what the map adopted

REGIME_PATHS = {
    "founders": {"founders.origin"},
    "makers": {"workshops.count", "workshops.weekly_output", "workshops.initial_stock"},
    "step": {"workshops.step", "workshops.flips_per_step"},
    "variants": {"workshops.variants_per_cycle"},
    "countermeasures": {"countermeasures.kind"},
    "tempo": {"teams.discovery_weeks", "teams.diffusion_weeks"},
}


def designed(study: Study, part: Part) -> list[Point]:
    return list(points(study, part, lambda _: ADOPTED))


@pytest.fixture(scope="module")
def headline() -> dict[str, list[Point]]:
    return {name: designed(STUDY, part) for name, part in PARTS.items()}


def different(one: Scenario, other: Scenario) -> set[str]:
    return {field.path for field in FIELDS if one.parameters.value(field.path) != other.parameters.value(field.path)}


def by(found: Iterable[Point], *names: str) -> dict[tuple[object, ...], list[Point]]:
    """Points by their levels of all factors but these."""
    grouped = defaultdict(list)
    for point in found:
        grouped[tuple(level for name, level in point.levels.items() if name not in names)].append(point)
    return grouped


def at(found: Iterable[Point], **levels: object) -> Point:
    (point,) = [one for one in found if all(one.levels[name] == level for name, level in levels.items())]
    return point


def total_output(parameters: Parameters) -> int:
    return parameters.workshops.count * parameters.workshops.weekly_output


def trial_sorties(parameters: Parameters) -> float:
    return parameters.workshops.trial_share * total_output(parameters)


def test_every_cell_of_the_fair_test_has_all_forces(headline: dict[str, list[Point]]) -> None:
    cells = by(headline["map"], "cycle", "arsenal")
    assert len(cells) == 2 * 2 * 3 * 2 * 2 * 3
    assert all(len(forces) == 6 * 7 for forces in cells.values())
    assert {tuple(point.levels) for point in headline["map"]} == {(*CELL, "cycle", "arsenal")}


@pytest.mark.parametrize("name", ["map", "growing"])
def test_forces_of_a_cell_differ_in_cycle_variants_and_arsenal_alone(
    name: str, headline: dict[str, list[Point]]
) -> None:
    allowed = {"workshops.iteration_weeks", "workshops.variants_per_cycle"} | ARSENAL_PATHS
    for forces in by(headline[name], "cycle", "arsenal").values():
        reference = at(forces, cycle=1, arsenal=1).scenario
        for point in forces:
            changed = different(reference, point.scenario)
            flips = {"workshops.flips_per_step"} if point.levels.get("step") == "equal_change" else set()
            assert changed <= allowed | flips
            assert point.scenario.events == reference.events == ()
            assert ("workshops.iteration_weeks" in changed) == (point.levels["cycle"] != 1)
            assert (changed >= ARSENAL_PATHS) == (point.levels["arsenal"] != 1)
            if point.levels["arsenal"] == 1:
                assert not changed & ARSENAL_PATHS
            if point.levels.get("variants", "one") == "one":
                assert "workshops.variants_per_cycle" not in changed


@pytest.mark.parametrize("name", ["map", "growing", "controls", "ladder"])
def test_all_forces_have_as_many_makers_bench_tests_and_trial_sorties_a_week(
    name: str, headline: dict[str, list[Point]]
) -> None:
    for point in headline[name]:
        parameters, levels = point.scenario.parameters, {**STUDY.defaults, **point.levels}
        assert parameters.workshops.count == levels["makers"]
        assert parameters.workshops.iteration_weeks == levels["cycle"]
        assert parameters.primes.count == 0
        assert parameters.workshops.bench_candidates_per_week == 4
        assert trial_sorties(parameters) == pytest.approx(600)
        assert parameters.workshops.variants_per_cycle == (levels["cycle"] if levels["variants"] == "many" else 1)
        assert parameters.workshops.step == ("per_cycle" if levels["step"] == "per_cycle" else "per_elapsed_week")


@pytest.mark.parametrize("name", ["map", "capacity", "targets"])
def test_equal_change_means_as_many_flips_a_week_for_every_cycle(name: str, headline: dict[str, list[Point]]) -> None:
    points = [point for point in headline[name] if point.levels["step"] == "equal_change"]
    assert len({point.levels["cycle"] for point in points}) > 1
    for point in points:
        workshops, cycle = point.scenario.parameters.workshops, point.levels["cycle"]
        assert isinstance(cycle, int)
        flips_a_cycle = workshops.minimum_flips + workshops.flips_per_step * cycle
        assert flips_a_cycle / cycle == pytest.approx(1.5)


@pytest.mark.parametrize("name", ["map", "growing", "controls", "ladder"])
def test_output_stock_and_crews_grow_together(name: str, headline: dict[str, list[Point]]) -> None:
    for point in headline[name]:
        parameters, arsenal = point.scenario.parameters, {**STUDY.defaults, **point.levels}["arsenal"]
        assert total_output(parameters) == 6000 * arsenal
        assert parameters.workshops.count * parameters.workshops.initial_stock == 4 * 6000 * arsenal
        assert parameters.operators.crews == 6000 * arsenal


def test_all_points_have_the_same_seeds() -> None:
    assert list(STUDY.seeds) == list(range(1, 21))


@pytest.mark.parametrize("factor", list(REGIME_PATHS))
def test_a_factor_of_the_cells_changes_its_own_parameters_alone(factor: str, headline: dict[str, list[Point]]) -> None:
    seen: set[str] = set()
    for alike in by(headline["map"], factor).values():
        for point in alike[1:]:
            changed = different(alike[0].scenario, point.scenario)
            assert changed <= REGIME_PATHS[factor]
            seen |= changed
    assert seen == REGIME_PATHS[factor]


def test_tempo_is_that_of_the_library(headline: dict[str, list[Point]]) -> None:
    library = {"baseline": load("baseline"), "fast": load("fast_red"), "slow": load("slow_red")}
    for alike in by(headline["map"], "tempo").values():
        plain = at(alike, tempo="baseline").scenario
        assert plain.parameters.teams == library["baseline"].parameters.teams
        for tempo in ("fast", "slow"):
            other = at(alike, tempo=tempo).scenario
            paths = different(library["baseline"], library[tempo])
            assert paths
            assert different(plain, other) == paths
            assert all(other.parameters.value(path) == library[tempo].parameters.value(path) for path in paths)


def test_point_countermeasures_meet_half_of_the_smallest_attack(headline: dict[str, list[Point]]) -> None:
    for point in headline["map"]:
        parameters = point.scenario.parameters
        assert parameters.teams.count * parameters.teams.slots == STUDY.constants["slots"]
        assert 36 * parameters.countermeasures.capacity_per_week == pytest.approx(0.5 * 6000, rel=0.01)
    for point in headline["growing"]:
        assert point.scenario.parameters.countermeasures.kind == "point_proportional"
        assert point.scenario.parameters.countermeasures.capacity_ratio == 0.5


LIBRARY_CONTROLS = ("no_red", "frozen_red", "frozen_blue", "blind_drift", "shuffled_feedback")
CONTROL_PATHS: dict[str, Callable[[], set[str]]] = {
    **{name: lambda name=name: different(load("baseline"), load(name)) for name in LIBRARY_CONTROLS},
    "operators_drop": lambda: {"operators.drop_after_weeks"},
    "long_run": lambda: {"run.weeks", "run.burn_in_weeks"},
}


@pytest.mark.parametrize("control", list(CONTROL_PATHS))
def test_a_control_changes_what_its_scenario_changes(control: str, headline: dict[str, list[Point]]) -> None:
    library = load(control) if control in LIBRARY_CONTROLS else None
    cells = by(headline["controls"], "control")
    assert len(cells) == 2 * 2 * 2 * 3 * 2
    for alike in cells.values():
        plain, changed = at(alike, control="none").scenario, at(alike, control=control).scenario
        assert different(plain, changed) == CONTROL_PATHS[control]()
        assert changed.events == (library.events if library else ())
        for path in different(plain, changed):
            if path == "workshops.adoption_probability":
                assert changed.parameters.value(path) == ADOPTED
            elif library:
                assert changed.parameters.value(path) == library.parameters.value(path)
    if control == "frozen_red":
        assert changed.events


def test_the_long_run_measures_as_many_weeks(headline: dict[str, list[Point]]) -> None:
    measured = {
        point.levels["control"]: point.scenario.parameters.run.weeks - point.scenario.parameters.run.burn_in_weeks
        for point in headline["controls"]
    }
    assert measured["long_run"] == measured["none"] == 130


def test_each_rung_adds_one_thing_to_the_one_below(headline: dict[str, list[Point]]) -> None:
    added = {
        ("never", "drift"): {
            "workshops.adapts",
            "workshops.judgement",
            "workshops.adoption_probability",
            "workshops.bench_noise",
            "feedback.quality",
            "workshops.copy_probability",
        },
        ("drift", "bench"): {"workshops.bench_noise"},
        ("bench", "aim"): {"feedback.quality"},
        ("aim", "evidence"): {"workshops.judgement", "workshops.adoption_probability"},
        ("evidence", "copying"): {"workshops.copy_probability"},
    }
    assert list(added) == list(pairwise(RUNGS))
    whole = {tuple(sorted(point.levels.items(), key=str)): point for point in headline["map"]}
    for alike in by(headline["ladder"], "rung").values():
        rungs = {rung: at(alike, rung=rung) for rung in RUNGS}
        for (below, above), paths in added.items():
            assert different(rungs[below].scenario, rungs[above].scenario) == paths, above
        levels = {**{name: STUDY.defaults[name] for name in (*CELL, "cycle", "arsenal")}, **rungs["copying"].levels}
        del levels["rung"]
        assert rungs["copying"].key == whole[tuple(sorted(levels.items(), key=str))].key
        for rung in ("drift", "bench", "aim"):
            parameters = rungs[rung].scenario.parameters
            assert (parameters.workshops.judgement, parameters.workshops.adoption_probability) == ("chance", ADOPTED)
        assert rungs["never"].scenario.parameters.workshops.adapts is False


GROWS = {
    "stock": {"stock"},
    "output": {"output"},
    "crews": {"crews"},
    "stock and crews": {"stock", "crews"},
    "output and crews": {"output", "crews"},
    "all": {"stock", "output", "crews"},
}


def test_factors_of_the_arsenal_grow_alone_and_together(headline: dict[str, list[Point]]) -> None:
    assert set(PARTS["arsenal_factors"].factors["grown"]) == set(GROWS)
    for point in headline["arsenal_factors"]:
        parameters, arsenal = point.scenario.parameters, point.levels["arsenal"]
        size = {
            "stock": parameters.workshops.count * parameters.workshops.initial_stock / (26 * 6000),
            "output": total_output(parameters) / 6000,
            "crews": parameters.operators.crews / 6000,
        }
        grown = GROWS[str(point.levels["grown"])]
        assert size == {name: arsenal if name in grown else 1 for name in size}
        assert trial_sorties(parameters) == pytest.approx(600)


def test_trials_stay_or_grow_with_the_arsenal(headline: dict[str, list[Point]]) -> None:
    for alike in by(headline["learning"], "trials", "judged").values():
        for point in alike:
            parameters, levels = point.scenario.parameters, point.levels
            growing = levels["arsenal"] if levels["trials"] == "growing" else 1
            assert trial_sorties(parameters) == pytest.approx(600 * growing)
            assert parameters.workshops.judgement == levels["judged"]
            if levels["judged"] == "chance":
                assert parameters.workshops.adoption_probability == ADOPTED
            assert total_output(parameters) == 6000 * levels["arsenal"] == parameters.operators.crews


def test_in_one_race_both_kinds_have_equal_means(headline: dict[str, list[Point]]) -> None:
    for point in headline["shared"]:
        parameters, arsenal = point.scenario.parameters, point.levels["arsenal"]
        workshops, primes = parameters.workshops, parameters.primes
        assert workshops.count == primes.count == 60
        assert workshops.iteration_weeks == 1
        assert primes.development_weeks == point.levels["development"]
        assert primes.count * primes.weekly_output == arsenal * total_output(parameters) == arsenal * 6000
        assert primes.count * primes.initial_stock == arsenal * workshops.count * workshops.initial_stock
        assert primes.search_evaluations == workshops.bench_candidates_per_week * primes.development_weeks
        assert parameters.operators.crews == 6000 * (1 + arsenal)
        assert workshops.trial_share == STUDY.constants["trial_share"]


def test_keys_are_equal_for_equal_races_and_for_no_others(headline: dict[str, list[Point]]) -> None:
    races: dict[str, tuple[Parameters, tuple[object, ...]]] = {}
    found = [point for part in headline.values() for point in part]
    for point in found:
        race = (point.scenario.parameters, point.scenario.events)
        assert races.setdefault(point.key, race) == race
    assert len({(tuple(race.values().items()), events) for race, events in races.values()}) == len(races)
    assert len(races) < len(found)  # parts share races


def test_the_key_is_of_the_race_and_not_of_its_name(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    other = load_study(written(tmp_path, ('title = "Small"', 'title = "Other"'), name="other"))
    keys = [point.key for point in points(study, study.part[0])]
    assert keys == [point.key for point in points(other, other.part[0])]
    assert len(set(keys)) == len(keys) == 8


def test_parts_share_points_by_key(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    first = {tuple(sorted(point.levels.items())): point.key for point in points(study, study.part[0])}
    for point in points(study, study.part[1], lambda _: ADOPTED):
        same = first[("arsenal", 1), ("cycle", point.levels["cycle"]), ("teams", 2)]
        assert (point.key == same) == (point.levels["control"] == "none")


def test_a_scenario_of_a_level_changes_what_it_changes_whatever_the_base(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, ('title = "Small"', 'title = "Small"\nbase = "interceptors"')))
    plain, drift = [point.scenario for point in points(study, study.part[1], lambda _: ADOPTED)][:2]
    assert plain.parameters.countermeasures.kind == drift.parameters.countermeasures.kind == "point"
    assert different(plain, drift) == different(load("baseline"), load("blind_drift"))


def test_a_point_comes_back_from_its_definition(headline: dict[str, list[Point]]) -> None:
    for part in ("map", "controls", "shared"):
        for point in headline[part][:: len(headline[part]) // 7]:
            scenario, series = defined(point.definition)
            assert scenario.parameters == point.scenario.parameters
            assert scenario.events == point.scenario.events
            assert series == ()


def test_series_make_it_another_point(tmp_path: Path) -> None:
    study = load_study(written(tmp_path))
    part = study.part[0].model_copy(update={"series": ["total_hits"]})
    plain, weekly = next(points(study, study.part[0])), next(points(study, part))
    assert plain.key != weekly.key
    assert defined(weekly.definition)[1] == weekly.series == ("total_hits",)
    assert weekly.scenario.parameters == plain.scenario.parameters


def test_equal_levels_of_other_kinds_are_not_taken_for_one_another(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ('"operators.crews" = 1000', '"operators.crews" = 1000\n"teams.active" = "= switch"'),
        ("arsenal = 1\n", "arsenal = 1\nswitch = true\n"),
    )
    study = load_study(path)
    assert all(point.scenario.parameters.teams.active is True for point in points(study, study.part[0]))
    other = study.model_copy(update={"defaults": {**study.defaults, "switch": 1}})
    with pytest.raises(InputError, match=r"teams\.active = 1 is not allowed"):
        list(points(other, other.part[0]))
