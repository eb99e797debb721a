"""Plans: spreads are those of the tables' intervals, costs are those measured, and what is not known is said."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim.analysis.measures import MEASURES, measure
from race_sim.errors import InputError
from race_sim.results import Records
from race_sim.scenario import Scenario
from race_sim.study import plan as planning
from race_sim.study.cost import Cost
from race_sim.study.definition import Study
from race_sim.study.demand import demands
from race_sim.study.estimate import count_points, some_samples
from race_sim.study.execute import race_compiled
from race_sim.study.growth import first_samples
from race_sim.study.pilot import FEWEST_SEEDS, POINTS
from race_sim.study.plan import Plan, plan_study
from race_sim.study.reading import load_study
from race_sim.study.result import read_result
from race_sim.study.spreads import Spreads, point_spreads, ratio_spreads, references
from race_sim.study.store import Store
from race_sim.study.sweep import Request, run_study
from tests.study.planned_study import small


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return small(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def planned(study: Study) -> Plan:
    return plan_study(study, workers=3, width=0.03, seconds=0.0)


@pytest.fixture(scope="module")
def store(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Store:
    directory = tmp_path_factory.mktemp("plan") / "out"
    run_study(study, directory, Request(parts=["lines", "second"], workers=1, block_runs=6))
    return Store.open(directory)


def made_up(points: int, seeds: int, rng: int = 1) -> pd.DataFrame:
    """Rows of an experiment with a shared part, a failed run and a point where nothing hits."""
    draws = np.random.default_rng(rng)
    point, seed = (axis.ravel() for axis in np.meshgrid(np.arange(points), np.arange(seeds), indexing="ij"))
    sorties = 100.0 + 10.0 * draws.normal(size=len(point))
    hits = 20.0 + 3.0 * draws.normal(size=seeds)[seed] + 2.0 * draws.normal(size=len(point)) + 0.1 * sorties
    rows = pd.DataFrame({"point": point, "seed": seed + 1, "error": "", "total_hits": hits, "total_sorties": sorties})
    rows.loc[rows["point"] == points - 1, "total_hits"] = 0.0
    rows.loc[1, ["total_hits", "total_sorties"]] = math.nan
    return rows


@pytest.mark.parametrize("name", ["hits", "hits_a_sortie"])
def test_widths_are_those_of_the_tables(name: str) -> None:
    rows = made_up(4, 7)
    wanted = measure(name)
    spreads = point_spreads(wanted, rows, range(4))
    assert list(spreads.runs[:3]) == [6, 7, 7]
    assert list(np.isfinite(spreads.spread)) == [True, True, True, False]
    for place in range(3):
        estimate = wanted.estimate(rows[rows["point"] == place])
        assert estimate.interval is not None
        half = (estimate.interval[1] - estimate.interval[0]) / 2 / estimate.value
        assert spreads.width(spreads.spread[place], int(spreads.runs[place])) == pytest.approx(half, rel=1e-9)


def test_widths_of_ratios_are_those_of_the_tables_and_their_seeds_count() -> None:
    rows = made_up(4, 7)
    table = pd.DataFrame({"point": range(4), "levels": ['{"a":1}', '{"a":2}', '{"a":3.0}', '{"a":4}']})
    wanted = MEASURES["total_hits"]
    spreads = ratio_spreads(wanted, rows, table, range(4), {"a": 3})
    assert list(spreads.point) == [0, 1, 3]
    assert spreads.unpaired is not None
    apart = {}
    for place, point in enumerate([0, 1]):
        own, other = (rows[rows["point"] == one].set_index("seed") for one in (point, 2))
        estimate = wanted.paired(own, other)
        assert estimate.interval is not None
        half = (estimate.interval[1] - estimate.interval[0]) / 2 / estimate.value
        assert spreads.width(spreads.spread[place], int(spreads.runs[place])) == pytest.approx(half, rel=1e-9)
        both = pd.concat([own["total_hits"], other["total_hits"]], axis=1, join="inner").dropna()
        apart[place] = math.hypot(*(both.std(ddof=1) / both.mean()))
        assert spreads.unpaired[place] == pytest.approx(apart[place])
        assert spreads.spread[place] < spreads.unpaired[place]
    assert math.isnan(spreads.spread[2])


def test_limits_hold_the_true_median_and_the_true_worst() -> None:
    """Of normal runs at twelve points of known spread, in at least 95% of pilots."""
    draws = np.random.default_rng(2)
    for true in (np.full(12, 0.2), np.linspace(0.05, 0.6, 12)):
        held = {"median": 0, "worst": 0}
        pilots = 400
        for _ in range(pilots):
            shown = (draws.normal(size=(12, 6)) * true[:, None]).std(axis=1, ddof=1)
            found = demands(Spreads(np.arange(12), shown, np.full(12, 6), False), 20, [0.1], lambda _: None)
            assert found is not None
            held["median"] += found[0].low <= float(np.median(true)) <= found[0].high
            held["worst"] += found[1].low <= float(true.max()) <= found[1].high
        assert all(count >= 0.95 * pilots - 4 * math.sqrt(0.05 * 0.95 * pilots) for count in held.values())


def test_a_demand_is_that_of_its_spread() -> None:
    """Known: s = 0.3 of the value needs 141 runs for 5%, 38 for 10%, 161 and 47 in nine of ten cases; 20 have 14%."""
    spreads = Spreads(np.array([4, 6, 9]), np.array([0.3, 0.1, 0.9]), np.full(3, 1000), False)
    found = demands(spreads, 20, [0.1, 0.05], lambda runs: Cost(int(runs), runs, runs))
    assert found is not None
    median, worst = found
    assert [need.replicates for need in median.needs] == [38, 141]
    assert [need.assured for need in median.needs] == [47, 161]
    assert median.now == pytest.approx(2.093 * 0.3 / math.sqrt(20), rel=1e-3)
    assert (median.point, worst.point, worst.spread) == (None, 9, 0.9)
    assert all(need.low <= need.replicates <= need.high for one in found for need in one.needs)
    assert median.needs[1].cost == Cost(141, 141.0, 141.0)
    assert (
        demands(Spreads(np.arange(2), np.full(2, math.nan), np.zeros(2, int), False), 20, [0.1], lambda _: None) is None
    )
    few = demands(Spreads(spreads.point, spreads.spread, np.array([3, 1000, 1000]), False), 20, [0.1], lambda _: None)
    assert few is not None
    assert few[1].high == pytest.approx(0.3 * math.sqrt(2 / 0.050636), rel=1e-4)  # not that of the largest
    single = demands(spreads, 1, [0.1], lambda _: None)
    assert single is not None
    assert math.isnan(single[0].now)


def test_a_ratio_of_a_wide_interval_needs_fewer_than_its_logarithm_seems_to() -> None:
    log = Spreads(np.array([0]), np.array([1.0]), np.array([9]), True)
    assert log.width(1.0, 20) == pytest.approx(math.sinh(2.093 / math.sqrt(20)), rel=1e-3)
    assert log.target(log.width(1.0, 20)) == pytest.approx(2.093 / math.sqrt(20), rel=1e-3)


def test_every_part_is_planned_as_the_study_has_it(study: Study, planned: Plan) -> None:
    assert [part.name for part in planned.parts] == ["first", "second", "lines", "anywhere", "most"]
    for part in planned.parts:
        own = study.named(part.name)
        assert part.points == count_points(study, own)
        assert (part.replicates, part.cost.races) == (3, 3 * part.points)
        assert not part.kept
        assert part.failed == 0
        for output in part.outputs:
            assert output.median is not None
            for need in output.median.needs:
                assert need.cost is not None
                assert need.cost.races == part.points * need.replicates
                assert need.cost.seconds == pytest.approx(part.cost.seconds * need.replicates / 3)
            assert [need.width for need in output.median.needs] == [0.1, 0.05, 0.03, 0.02, 0.01]
    by_name = {part.name: part for part in planned.parts}
    assert by_name["first"].raced == 8 * FEWEST_SEEDS
    assert by_name["anywhere"].raced == POINTS * FEWEST_SEEDS == 12 * FEWEST_SEEDS
    assert planned.cost.races == 3 * (8 + 4 + 6 + 24 + 8)


def test_what_stands_in_for_earlier_parts_is_said(planned: Plan) -> None:
    told = {part.name: " ".join(part.stand_ins) for part in planned.parts}
    assert told["first"] == told["lines"] == told["anywhere"] == ""
    assert "adopted" in told["second"]
    assert "part first" in told["second"]
    assert "first 2 factors of part anywhere" in told["most"]


def test_ratios_are_planned_where_the_study_asks_for_them(planned: Plan) -> None:
    lines = next(part for part in planned.parts if part.name == "lines")
    assert [(one.measure.name, one.reference is not None) for one in lines.outputs] == [
        ("total_hits", False),
        ("hits_a_sortie", False),
        ("total_hits", True),
    ]
    ratio = lines.outputs[2]
    assert ratio.points == 5  # of six: one is the reference itself
    assert ratio.pairing is not None
    assert 0.0 < ratio.pairing < 2.0
    assert ratio.seeds is None
    assert lines.outputs[0].seeds is not None
    assert [len(part.outputs) for part in planned.parts] == [1, 1, 3, 1, 1]
    headline = load_study("headline")
    asked = {part.name: [one.levels for one in references(headline, part)] for part in headline.part}
    assert asked["map"] == [{"cycle": 1, "arsenal": 1}]
    assert asked["controls"] == [{"cycle": 1}]
    assert asked["learning_by_evidence"] == []


def test_rows_that_are_there_are_used(study: Study, store: Store) -> None:
    plan = plan_study(study, ["lines", "anywhere"], store=store, workers=1, seconds=0.0)
    lines, anywhere = plan.parts
    assert (lines.kept, anywhere.kept) == (True, False)
    assert lines.raced == 18
    assert lines.outputs[0].runs == (3, 3)
    rows = read_result(store, [study.named("lines")]).parts["lines"]
    spread = (rows.groupby("point")["total_hits"].std() / rows.groupby("point")["total_hits"].mean()).median()
    assert lines.outputs[0].median is not None
    assert lines.outputs[0].median.spread == pytest.approx(spread)
    (second,) = (
        part for part in plan_study(study, ["second"], store=store, seconds=0.0).parts if part.name == "second"
    )
    assert (second.kept, second.stand_ins) == (True, [])
    own = [one for one in store.generations() if "lines" in one.parts]
    blocks = [path for one in own for path in store.blocks(one.number).values()]
    size = sum(path.stat().st_size for path in blocks) / sum(one.runs for one in own)
    assert lines.cost.bytes == pytest.approx(18 * size)


def test_further_replicates_of_a_store_count(study: Study, tmp_path: Path) -> None:
    run_study(study, tmp_path / "out", Request(parts=["lines"], workers=1, more_replicates=2))
    (lines,) = plan_study(study, ["lines"], store=Store.open(tmp_path / "out"), seconds=0.0).parts
    assert (lines.replicates, lines.cost.races, lines.raced) == (5, 30, 30)


def test_a_single_replicate_has_no_spread(study: Study, tmp_path: Path) -> None:
    single = study.model_copy(update={"replicates": 1})
    run_study(single, tmp_path / "out", Request(parts=["lines"], workers=1))
    (lines,) = plan_study(single, ["lines"], store=Store.open(tmp_path / "out"), seconds=0.0).parts
    assert not lines.kept
    assert lines.outputs[0].median is not None
    assert math.isnan(lines.outputs[0].median.now)


def test_failed_runs_are_counted_and_left_out(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(scenario: Scenario, records: Records, row: int) -> None:
        if records.seeds[row] == 7:
            raise ValueError("seven")
        race_compiled(scenario, records, row)

    monkeypatch.setattr(planning, "racer", lambda _: odd)
    (lines,) = plan_study(study, ["lines"], seconds=0.0).parts
    assert (lines.raced, lines.failed) == (6 * FEWEST_SEEDS, 6)
    assert lines.outputs[0].runs == (FEWEST_SEEDS - 1, FEWEST_SEEDS - 1)
    monkeypatch.setattr(planning, "racer", lambda _: _raises)
    (lines,) = plan_study(study, ["lines"], seconds=0.0).parts
    assert lines.failed == lines.raced
    assert (lines.outputs[0].median, lines.outputs[0].unknown) == (None, 6)


def _raises(*_: object) -> None:
    raise ValueError("never")


def test_points_with_seeds_of_their_own_have_no_pairs(tmp_path: Path) -> None:
    study = small(tmp_path, ("first_seed = 5", "first_seed = 5\ncommon_random_numbers = false"))
    (lines,) = plan_study(study, ["lines"], seconds=0.0).parts
    assert [(one.reference, one.seeds, one.pairing) for one in lines.outputs] == [(None, None, None)] * 2
    assert lines.outputs[0].runs == (FEWEST_SEEDS, FEWEST_SEEDS)


def test_what_cannot_be_planned_is_told(study: Study, store: Store) -> None:
    with pytest.raises(InputError, match="no part"):
        plan_study(study, ["frist"])
    for width in (0.0, -0.1, 11.0, math.nan):
        with pytest.raises(InputError, match=r"width = .* is not allowed"):
            plan_study(study, width=width)
    with pytest.raises(InputError, match="holds runs of another study"):
        plan_study(study.model_copy(update={"first_seed": 6}), store=store)
    with pytest.raises(InputError, match="holds runs of the ensemble driver, not of my:Model"):
        plan_study(study, store=store, model="my:Model")


def test_some_points_are_spread_over_a_part() -> None:
    """Each level of each factor of a large grid about as often as the others; trajectories not from one alone."""
    headline = load_study("headline")
    some = [one.levels for one in some_samples(headline, headline.named("map"), 84)]
    assert len(some) > 80
    for name, levels in headline.named("map").factors.items():
        counts = pd.Series([one[name] for one in some]).value_counts()
        assert len(counts) == len(levels)
        assert counts.max() - counts.min() <= 4
    assert len({tuple(one.values()) for one in some}) == len(some)
    assert some == [one.levels for one in some_samples(headline, headline.named("map"), 84)]


def test_some_points_of_a_sampled_part_are_spread_along_it(study: Study) -> None:
    part = study.named("anywhere")
    every = [one.levels for one in first_samples(study, part)]
    trajectories = {every.index(one.levels) // 4 for one in some_samples(study, part)}
    assert len(every) == 24
    assert len(trajectories) >= 5  # of six: a point may be of two
