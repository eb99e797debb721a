"""Calibration: the baseline lies in its bands over 40 seeds, others are told to lie outside; the page is up to date."""

import csv
import json
import re
from pathlib import Path

import pytest

from race_sim.analysis.band import Role
from race_sim.analysis.bands import CALIBRATED, DESIGN_BANDS
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.firms import BUILT, RESEARCH
from race_sim.records import TOTAL, WORKSHOP
from race_sim.scenario import Scenario, load
from race_sim.scenario.scenario import Event
from race_sim.scenario.schema import FIELDS
from race_sim.study.calibration import (
    MONEY_SUPPLY,
    SUPPLIES,
    SUPPLY,
    Calibration,
    run_calibration,
    supply_scenario,
)
from race_sim.study.flatness import MEASURES
from tests.small import six_firms, six_workshops

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"


@pytest.fixture(scope="module")
def baseline() -> Calibration:
    return run_calibration(load("baseline"))


@pytest.fixture(scope="module")
def small() -> Calibration:
    return run_calibration(six_workshops(), runs=3)


@pytest.mark.slow
def test_the_baseline_lies_in_its_bands_over_40_seeds(baseline: Calibration) -> None:
    assert baseline.records.runs == 40
    assert [finding.band for finding in baseline.calibrated] == list(CALIBRATED)
    for finding in baseline.calibrated:
        assert finding.words == "inside", finding
    assert baseline.holds
    assert baseline.verdict.startswith("6 of 6 calibrated bands hold.")


@pytest.mark.parametrize(
    ("override", "missed"),
    [
        ("teams.count=0", {"fielded_half_life", "shadow_half_life", "hits_a_sortie"}),
        ("teams.count=60", {"hits_a_sortie"}),
        ("teams.discovery_weeks=40", {"shadow_half_life"}),
        ("workshop_accounts.initial_capacity=300", {"utilisation"}),
        ("prime_accounts.unit_cost=2600", {"cost_ratio"}),
        ("treasuries.home_growth=1.0", {"output_growth"}),
    ],
)
def test_a_scenario_outside_a_band_is_told_so(override: str, missed: set[str]) -> None:
    found = run_calibration(load("baseline", [override]), runs=4)
    outside = {MEASURES[finding.band] for finding in found.calibrated if not finding.holds}
    assert missed <= outside
    assert not found.holds
    assert f"{6 - len(outside)} of 6 calibrated bands hold." in found.verdict


def test_where_output_is_given_only_designs_are_held_against_bands() -> None:
    found = run_calibration(load("given_output"), runs=4)
    assert [finding.band for finding in found.calibrated] == list(DESIGN_BANDS)
    assert {finding.band.fact for finding in found.reported} == {"SF02", "SF03", "SF04", "SF05", "SF06"}
    assert found.churn == ""


def test_the_page_tells_what_is_measured(baseline: Calibration) -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = re.search(r"<!-- measured -->\n\n(.*?)\n\n<!-- end measured -->", text, flags=re.DOTALL)
    assert block, "docs/calibration.md has no marked table"
    rows = [
        f"| {finding.band.fact} | {finding.band.what} | {finding.estimate} | {finding.band} | {finding.words} |"
        for finding in baseline.findings
    ]
    shown = [line for line in block[1].splitlines() if line.startswith(("| SF", "| S3"))]
    assert shown == rows, "docs/calibration.md is out of date; it should say:\n" + "\n".join(rows)
    for sentence in (baseline.verdict, baseline.caution, baseline.churn):
        assert sentence in " ".join(text.split()), f"docs/calibration.md should say:\n{sentence}"


def test_primes_and_volume_are_reported_whatever_they_are(baseline: Calibration) -> None:
    facts = {finding.band.fact for finding in baseline.reported}
    assert facts == {"SF02", "SF03", "SF04", "SF05", "SF06", "SF07", "SF08", "SF09", "SF14"}
    assert all(finding.band.role is not Role.CALIBRATED for finding in baseline.reported)


def different(one: Scenario, other: Scenario) -> set[str]:
    return {field.path for field in FIELDS if one.parameters.value(field.path) != other.parameters.value(field.path)}


def test_supply_scales_what_is_built_stored_and_flown() -> None:
    plain = six_workshops("primes.initial_stock=80")
    twice = supply_scenario(plain, "point", 2.0)
    assert different(plain, twice) == set(SUPPLY)
    assert all(twice.parameters.value(path) == 2 * int(plain.parameters.value(path)) for path in SUPPLY)
    assert different(plain, supply_scenario(plain, "area", 1.0)) == {"countermeasures.kind"}


def test_supply_under_accounts_scales_what_pays_for_it() -> None:
    plain = six_firms("primes.initial_stock=80", "workshop_accounts.candidate_cost=300")
    twice = supply_scenario(plain, "point", 2.0)
    scaled = {path for path in MONEY_SUPPLY if plain.parameters.value(path) != 0}
    assert different(plain, twice) == scaled
    assert all(twice.parameters.value(path) == 2 * int(plain.parameters.value(path)) for path in scaled)
    assert not {"workshops.weekly_output", "primes.weekly_output"} & set(MONEY_SUPPLY)


def test_twice_the_supply_under_accounts_is_twice_the_drones_at_the_same_search() -> None:
    """Nothing but the number of drones changes, as far as whole drones and euros allow."""
    calm = load("baseline", ["teams.count=0", "strikes.home_hazard=0", "entry.rate=0", "coalition.veto_chance=0"])
    once, twice = (run_ensemble(supply_scenario(calm, "area", multiple), [1, 2]) for multiple in (1.0, 2.0))
    built = [records.weekly["kinds"]["drones"][:, :, TOTAL, BUILT].sum() for records in (once, twice)]
    assert built[1] / built[0] == pytest.approx(2.0, rel=0.02)
    research = [records.weekly["kinds"]["money"][:, :, WORKSHOP, RESEARCH].sum() for records in (once, twice)]
    assert research[1] / research[0] == pytest.approx(2.0, rel=0.05)


def test_supply_scales_events_too() -> None:
    events = (Event(3, "operators.crews", 100), Event(4, "teams.active", False))
    plain = six_workshops()
    scaled = supply_scenario(
        Scenario(plain.name, plain.title, plain.description, plain.parameters, events), "area", 0.5
    )
    assert scaled.events == (Event(3, "operators.crews", 50), Event(4, "teams.active", False))


def test_the_elasticity_comes_from_races_that_differ_in_supply(small: Calibration) -> None:
    assert set(small.supply) == {(kind, multiple) for kind in ("area", "point") for multiple in SUPPLIES}
    for (kind, multiple), (deliveries, hits) in small.supply.items():
        records = run_ensemble(supply_scenario(small.scenario, kind, multiple), [1, 2, 3])
        weeks = records.weekly["kinds"][:, 3:, TOTAL]
        assert hits.tolist() == weeks["hits"].sum(axis=1).tolist()
        assert deliveries.tolist() == weeks["deliveries"].sum(axis=1).tolist()


def test_targets_that_run_out_lower_the_elasticity(small: Calibration) -> None:
    few = run_calibration(six_workshops("front.targets_per_week=40"), runs=3)
    for plain, limited in zip(small.reported[-2:], few.reported[-2:], strict=True):
        assert plain.band.fact == "SF06"
        assert limited.estimate.value < plain.estimate.value - 0.2


def test_progress_counts_every_race() -> None:
    told: list[tuple[int, int]] = []
    found = run_calibration(six_workshops(), runs=2, progress=lambda _, done, total: told.append((done, total)))
    assert told[-1] == (found.races, found.races) == (18, 18)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_supply_beyond_bounds_is_refused() -> None:
    with pytest.raises(InputError, match=r"operators\.crews"):
        run_calibration(six_workshops("operators.crews=60000000"), runs=2)


def test_files_are_written_whole(small: Calibration, tmp_path: Path) -> None:
    folder = small.save(tmp_path / "calibration", command=["race-sim", "calibrate"])
    names = ["calibration.csv", "calibration.png", "provenance.json", "scenario.toml", "supply.csv"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["seeds"]["runs"] == 3
    with (folder / "calibration.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["verdict"] for line in lines] == [finding.words for finding in small.findings]
    assert load(folder / "scenario.toml").parameters == small.scenario.parameters
    with pytest.raises(InputError, match="there already"):
        small.save(folder)
