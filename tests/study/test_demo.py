"""The demo: forces differ only in what they should, numbers come from recorded races, files are written whole."""

import base64
import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from race_sim.analysis.forces import Force
from race_sim.analysis.verdict import verdict
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.records import TOTAL
from race_sim.scenario import Scenario, load
from race_sim.scenario.schema import FIELDS
from race_sim.study.demo import DemoResult, run_demo
from race_sim.study.demo_design import CONTROLS, DROPPING, GROWING_CAPACITY, LONG_RUN, REGIMES, SIZES, demo_scenario
from race_sim.study.demo_report import demo_report

FULL, QUICK = SIZES["full"], SIZES["quick"]
REFERENCE = Force(1, 1)
ARSENAL = {"workshops.weekly_output", "workshops.initial_stock", "operators.crews", "workshops.trial_share"}


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def demo(told: list[tuple[str, int, int]]) -> DemoResult:
    return run_demo(lambda doing, done, total: told.append((doing, done, total)), "quick")


def different(one: Scenario, other: Scenario) -> set[str]:
    return {field.path for field in FIELDS if one.parameters.value(field.path) != other.parameters.value(field.path)}


@pytest.mark.parametrize("regime", REGIMES, ids=str)
@pytest.mark.parametrize("force", FULL.forces[1:], ids=str)
def test_forces_differ_only_in_cycle_and_arsenal(regime, force: Force) -> None:
    reference, other = demo_scenario(FULL, regime, REFERENCE), demo_scenario(FULL, regime, force)
    allowed = (ARSENAL if force.multiple > 1 else set()) | (
        {"workshops.iteration_weeks"} if force.cycle_weeks > 1 else set()
    )
    assert different(reference, other) == allowed
    for path in ("workshops.weekly_output", "workshops.initial_stock", "operators.crews"):
        assert other.parameters.value(path) == force.multiple * reference.parameters.value(path)
    trials = [
        scenario.parameters.workshops.trial_share * scenario.parameters.workshops.weekly_output
        for scenario in (reference, other)
    ]
    assert trials[0] == pytest.approx(trials[1])


def test_regimes_differ_only_in_founders_and_countermeasures() -> None:
    for regime in REGIMES[1:]:
        changed = different(demo_scenario(FULL, REGIMES[0], REFERENCE), demo_scenario(FULL, regime, REFERENCE))
        assert changed <= {"founders.origin", "countermeasures.kind"}
        assert changed


def test_point_countermeasures_meet_half_of_the_smallest_attack() -> None:
    parameters = demo_scenario(FULL, REGIMES[1], Force(1, 16)).parameters
    slots = parameters.teams.count * parameters.teams.slots
    assert slots * parameters.countermeasures.capacity_per_week == pytest.approx(0.5 * 2000, rel=0.01)


def test_controls_change_only_their_own_channel() -> None:
    plain = demo_scenario(FULL, REGIMES[0], REFERENCE)
    groups = {
        "no_red": {"teams.count"},
        "frozen_red": set(),
        "frozen_blue": {"workshops.adapts", "primes.develops"},
        "shuffled_feedback": {"feedback.shuffled"},
    }
    for name, changed in groups.items():
        assert different(plain, demo_scenario(FULL, REGIMES[0], REFERENCE, name)) == changed, name
    drift = demo_scenario(FULL, REGIMES[0], REFERENCE, "blind_drift", adopted=0.123)
    assert drift.parameters.workshops.adoption_probability == 0.123
    assert demo_scenario(FULL, REGIMES[0], REFERENCE, "frozen_red").events
    long = demo_scenario(FULL, REGIMES[0], REFERENCE, LONG_RUN)
    assert different(plain, long) == {"run.weeks", "run.burn_in_weeks"}
    assert long.parameters.run.weeks - long.parameters.run.burn_in_weeks == FULL.weeks - FULL.burn_in_weeks


def test_nobody_drops_a_design_but_in_one_control() -> None:
    plain = demo_scenario(FULL, REGIMES[0], REFERENCE)
    assert plain.parameters.operators.drop_after_weeks == 0
    dropping = demo_scenario(FULL, REGIMES[0], REFERENCE, DROPPING)
    assert different(plain, dropping) == {"operators.drop_after_weeks"}
    library = load("baseline").parameters.operators.drop_after_weeks
    assert dropping.parameters.operators.drop_after_weeks == library > 0


@pytest.mark.parametrize("force", FULL.massed, ids=str)
def test_growing_capacity_is_the_fixed_one_for_the_smallest_attack(force: Force) -> None:
    fixed, growing = (demo_scenario(FULL, REGIMES[1], force, control) for control in (None, GROWING_CAPACITY))
    assert different(fixed, growing) <= {"countermeasures.kind", "countermeasures.capacity_ratio"}
    assert growing.parameters.countermeasures.kind == "point_proportional"
    smallest = demo_scenario(FULL, REGIMES[1], REFERENCE).parameters
    slots = smallest.teams.count * smallest.teams.slots
    assert growing.parameters.countermeasures.capacity_ratio * smallest.operators.crews == pytest.approx(
        slots * smallest.countermeasures.capacity_per_week
    )


def test_the_full_size_is_what_was_promised() -> None:
    assert 5000 <= FULL.races <= 5700
    assert len(FULL.cycles) >= 4
    assert min(FULL.multiples) == 1
    assert max(FULL.multiples) >= 16
    assert (FULL.weeks, FULL.burn_in_weeks) == (156, 26)


def test_every_outcome_is_that_of_recorded_races(demo: DemoResult) -> None:
    for result in demo.results:
        for force in QUICK.forces:
            records = run_ensemble(demo_scenario(QUICK, result.regime, force), range(1, QUICK.runs + 1))
            hits = records.weekly["kinds"]["hits"][:, QUICK.burn_in_weeks :, TOTAL].sum(axis=1)
            assert result.outcomes[force].hits.tolist() == hits.tolist()


def test_trial_sorties_are_equal(demo: DemoResult) -> None:
    for result in demo.results:
        for cycle in QUICK.cycles:
            flown = [result.outcomes[Force(cycle, multiple)].trial_sorties.mean() for multiple in QUICK.multiples]
            assert flown == pytest.approx([flown[0]] * len(flown), rel=0.02)


def test_frozen_makers_cannot_tell_cycles_apart(demo: DemoResult) -> None:
    frozen = [control for control in demo.controls if control.name == "frozen_blue"]
    assert len(frozen) == len(REGIMES)
    for control in frozen:
        assert control.comparison.ratio.interval == (1.0, 1.0)
        one, other = control.result.outcomes.values()
        assert (one.hits == other.hits).all()


def test_drift_adopts_as_often_as_the_force_it_stands_for(demo: DemoResult) -> None:
    for control in demo.controls:
        if control.name == "blind_drift":
            main = next(result for result in demo.results if result.regime == control.result.regime)
            for force, outcome in control.result.outcomes.items():
                assert outcome.adopted_share == pytest.approx(main.outcomes[force].adopted_share, abs=0.1)


def test_all_races_are_counted(demo: DemoResult, told: list[tuple[str, int, int]]) -> None:
    assert demo.races == QUICK.races == told[-1][1] == told[-1][2]
    assert demo.rate == pytest.approx(demo.races / demo.seconds)
    done = [races for _, races, _ in told]
    assert done == sorted(done)
    assert {total for _, _, total in told} == {QUICK.races}


def test_the_verdict_is_that_of_the_numbers(demo: DemoResult) -> None:
    assert demo.verdict == verdict(demo.results, demo.controls)
    assert demo.verdict.startswith(demo.headline)
    assert "\n" not in demo.verdict


def test_the_table_has_a_row_a_cycle_and_regime(demo: DemoResult) -> None:
    rows = demo.rows
    assert len(rows) == len(REGIMES) * len(QUICK.cycles)
    assert [row["cycle"] for row in rows[:2]] == ["1 week", "8 weeks"]
    assert rows[0]["x1"] == "1 (reference)"
    marks = {cell[-1] for row in rows for name, cell in row.items() if name.startswith("x") and cell[-1] != ")"}
    assert marks <= {"+", "-", "?"}
    assert rows[1]["worth"] == str(demo.results[0].exchange_rate(8))
    assert len({tuple(row) for row in rows}) == 1


def test_the_controls_have_a_row_each(demo: DemoResult) -> None:
    rows = demo.control_rows
    assert [row["control"] for row in rows] == [
        "none",
        "weeks 49 to 80 of longer races",
        "operators drop designs (3 poor weeks)",
        *CONTROLS,
        "x4: none",
        "x4: capacity grows with the attack",
    ]
    assert len({tuple(row) for row in rows}) == 1
    assert all(all(row.values()) for row in rows[:-1])
    growing = rows[-1]
    assert [regime for regime, cell in growing.items() if not cell] == ["common, area", "independent, area"]
    measured = next(one for one in demo.controls if one.name == GROWING_CAPACITY).comparison
    assert measured.other == Force(8, 4)
    assert growing["common, point"].startswith(str(measured.ratio))


def test_the_demo_is_the_same_twice(demo: DemoResult) -> None:
    again = run_demo(size="quick", threads=1)
    assert (again.rows, again.control_rows, again.verdict) == (demo.rows, demo.control_rows, demo.verdict)


def test_files_are_written_whole(demo: DemoResult, tmp_path: Path) -> None:
    folder = demo.save(tmp_path / "demo", command=["race-sim", "demo"])
    files = ["demo.csv", "demo.png", "provenance.json", "report.html", "verdict.txt"]
    assert sorted(path.name for path in folder.iterdir()) == files
    assert (folder / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "verdict.txt").read_text(encoding="utf-8").startswith(demo.verdict + "\n")
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["seeds"]["runs"] == QUICK.runs
    with pytest.raises(InputError, match="there already"):
        demo.save(folder)
    bare = demo.save(tmp_path / "bare", report=False)
    assert sorted(path.name for path in bare.iterdir()) == [name for name in files if name != "report.html"]


def test_the_report_holds_what_the_files_hold(demo: DemoResult, tmp_path: Path) -> None:
    folder = demo.save(tmp_path / "demo", command=["race-sim", "demo"])
    source = (folder / "report.html").read_text(encoding="utf-8")
    origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert origin["command"] == ["race-sim", "demo"]
    for fact in (origin["law"], origin["date"], origin["platform"]):
        assert fact in source
    embedded = re.findall(r'(?:src|href)="data:[^,"]+;base64,([^"]+)"', source)
    contents = [base64.b64decode(one) for one in embedded]
    assert contents[0] == (folder / "demo.png").read_bytes()
    tables = [list(csv.DictReader(one.decode().splitlines())) for one in contents[1:]]
    assert [len(rows) for rows in tables] == [len(demo.rows), len(demo.control_rows), len(demo.lines)]
    with (folder / "demo.csv").open(encoding="utf-8", newline="") as stream:
        for found, line in zip(tables[2], csv.DictReader(stream), strict=True):
            assert list(found) == list(line)
            assert [number(one) for one in found.values()] == [number(one) for one in line.values()]


def number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def test_the_report_says_what_the_demo_found(demo: DemoResult) -> None:
    report = demo_report(demo, demo.provenance(["race-sim", "demo", "--quick"]))
    said = report.answer.replace("\n- ", " ").replace("\n", " ")
    assert " ".join(said.split()) == demo.verdict
    assert report.answer.split("\n")[0] == demo.headline
    points = report.answer.split("\n- ")[1:]
    assert len(points) > len(demo.results)
    assert all(point[0].isupper() and point.endswith(".") for point in points)
    ratios, controls = report.sections[0].tables[0].frame, report.sections[1].tables[0].frame
    for shown, row in zip(ratios.to_dict("records"), demo.rows, strict=True):
        assert shown == row
    assert [row[1:] for row in controls.itertuples(index=False)] == [
        tuple(row.values())[1:] for row in demo.control_rows
    ]
    assert demo.setting in report.sections[0].answer
    (figure,) = report.sections[0].figures
    assert demo.headline in figure.alternative
    assert report.provenance["races"] == demo.races


def test_only_a_quick_demo_warns_of_its_numbers(demo: DemoResult) -> None:
    longer = replace(demo, size=replace(QUICK, weeks=QUICK.weeks + 1))
    told = [(report.quick, report.command) for report in (demo_report(one, {}) for one in (demo, longer))]
    assert told == [(True, "race-sim demo --quick"), (False, "race-sim demo")]


def test_the_file_of_numbers_has_every_force(demo: DemoResult, tmp_path: Path) -> None:
    folder = demo.save(tmp_path / "demo")
    with (folder / "demo.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) * QUICK.runs == demo.races
    first = lines[0]
    assert (first["founders"], first["control"], first["reference"]) == ("common", "", "itself")
    outcome = demo.results[0].outcomes[REFERENCE]
    assert float(first["hits_a_week"]) == pytest.approx(outcome.hits.mean() / outcome.weeks)
    ratio = demo.results[0].comparison(Force(8, 4)).ratio
    found = next(line for line in lines if (line["cycle_weeks"], line["arsenal_multiple"]) == ("8", "4"))
    assert [float(found[f"reference_over_this{part}"]) for part in ("", "_low", "_high")] == pytest.approx(
        [ratio.value, *(ratio.interval or ())]
    )
    worth = demo.results[0].exchange_rate(8).words
    assert (found["worth"], found["worth_low"], found["worth_high"]) == worth
    assert (first["worth"], first["worth_low"]) == ("", "")


def test_the_setting_is_told(demo: DemoResult) -> None:
    for fact in ("10 workshops", "2 countermeasure teams", "1,000 drones", "weeks 9 to 40", "498 engagements a week"):
        assert fact in demo.setting
    for limit in ("fixed capacity", "saturates them by construction", "tempo of red", "step rule", "number of makers"):
        assert limit in demo.setting


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(InputError, match="full or quick"):
        run_demo(size="huge")  # type: ignore[arg-type]


def test_seeds_are_common_to_all_forces(demo: DemoResult) -> None:
    """Runs with the same seed share landscape and founders: their hits go up and down together."""
    result = demo.results[0]
    hits = np.array([result.outcomes[force].hits for force in (REFERENCE, Force(1, 4))])
    assert np.corrcoef(hits)[0, 1] > 0.5
