"""Comparisons: what is run, what is handed over, what is written, what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import race_sim
from race_sim.analysis.codebook import CODEBOOK
from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.scenario import load
from race_sim.study.compare import run_comparison
from tests.duel import PAIRS, RUNS, WORKSHOPS, changed, duel
from tests.small import six_workshops

FILES = ["a.toml", "b.toml", "comparison.csv", "comparison.png", "comparison.txt", "provenance.json"]


def test_both_sides_are_run_with_the_same_seeds() -> None:
    contrast = duel("frozen").contrast
    for side, scenario in zip((contrast.a, contrast.b), PAIRS["frozen"], strict=True):
        assert side.records.same_bytes(run_ensemble(scenario, range(1, 1 + RUNS)))


def test_tables_hold_what_the_races_recorded() -> None:
    result = duel("grounded")
    table = result.table.set_index("quantity")
    hits = [side.values["total_hits"].mean() for side in (result.contrast.a, result.contrast.b)]
    assert table.loc["total_hits", ["a", "b"]].tolist() == pytest.approx(hits)
    assert table.loc["total_hits", "ratio"] == pytest.approx(hits[1] / hits[0])
    low, value, high = table.loc["total_hits", ["difference_low", "difference", "difference_high"]]
    assert low < value < high
    assert {"workshops_stock_age", "primes_fielded_half_life", "workshops_trials_adopted_share"} <= set(table.index)
    assert set(table.index) <= set(CODEBOOK)
    terms = result.terms.query("part_of == '' and kind == 'total'")
    assert terms["difference"].sum() == pytest.approx(value)
    assert terms["share"].sum() == pytest.approx(1.0)
    kinds = result.terms.query("part_of == '' and kind != 'total'")
    assert kinds["difference"].sum() == pytest.approx(value)
    parts = result.terms.query("part_of == 'movement' and kind == 'total'")
    whole = result.terms.query("term == 'movement' and kind == 'total'")
    assert parts["difference"].sum() == pytest.approx(whole["difference"].sum())


def test_progress_counts_all_races() -> None:
    told: list[tuple[str, int, int]] = []
    scenario = six_workshops()
    run_comparison(scenario, scenario, [1, 2], progress=lambda *report: told.append(report))
    assert told[-1][1:] == (12, 12)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert any("blind twin" in doing for doing, *_ in told)


def test_everything_is_written_or_nothing(tmp_path: Path) -> None:
    result = duel("stock")
    out = result.save(tmp_path / "out", command=["race-sim", "compare"])
    assert sorted(path.name for path in out.iterdir()) == FILES
    frame = pd.read_csv(out / "comparison.csv")
    assert set(frame["quantity"]) <= set(CODEBOOK)
    assert frame.set_index("quantity").loc["total_hits_by_obsolescence", "difference"] > 0
    assert (out / "comparison.txt").read_text(encoding="utf-8") == f"{result.explanation}\n"
    assert load(out / "a.toml").parameters == PAIRS["stock"][0].parameters
    assert load(out / "b.toml").parameters == PAIRS["stock"][1].parameters
    provenance = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["seeds"] == {"first": 1, "last": RUNS, "runs": RUNS}
    assert 0.0 < provenance["twins"]["a"]["adoption_probability"] < 1.0
    with pytest.raises(InputError, match="is there already"):
        result.save(out)
    result.save(out, overwrite=True)


def test_a_figure_that_cannot_be_drawn_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    with pytest.raises(InputError, match="No space left"):
        duel("stock").save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", PAIRS)
def test_a_document_is_plain(name: str) -> None:
    document = json.loads(json.dumps(duel(name).document(), allow_nan=False))
    assert document["identical"] is (name == "same")
    assert document["explanation"].startswith(("No ", "baseline"))
    assert {row["term"] for row in document["terms"]} >= {"movement", "evidence", "obsolescence", "capacity"}


def test_python_compares_names_scenarios_and_changes() -> None:
    small = dict(override.split("=") for override in WORKSHOPS)
    changes = {path: load("baseline", [f"{path}={value}"]).parameters.value(path) for path, value in small.items()}
    compared = race_sim.compare("frozen_blue", "baseline", runs=RUNS, changes=changes)
    assert compared.explanation == duel("frozen").explanation
    assert repr(compared) == f"<ComparisonResult: baseline against frozen_blue, {RUNS} pairs of races>"
    assert compared.figure().axes
    one = changed("baseline")
    halved = race_sim.compare(one, one, runs=2, changes_b={"operators.crews": 600})
    assert halved.contrast.b.scenario.parameters.operators.crews == 600
    assert halved.contrast.a.scenario.parameters == one.parameters
    assert np.array_equal(halved.seeds, [1, 2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"changes_b": {"run.weeks": 60}}, r"run\.weeks is 80 in baseline \(A\) but 60 in baseline \(B\): only equal"),
        (
            {"changes_a": {"run.burn_in_weeks": 3}},
            r"run\.burn_in_weeks is 3 in baseline \(A\) but 20 in baseline \(B\)",
        ),
        (
            {"changes": {"teams.skill": 1}, "changes_a": {"teams.skill": 0}},
            r"teams\.skill is set for both .* and for A",
        ),
        ({"runs": 0}, "runs = 0 is not allowed: give a whole number in"),
        ({"seed": -1}, "seed = -1 is not allowed"),
        ({"threads": 0}, "threads = 0 is not allowed"),
        ({"changes_b": {"teams.skil": 1}}, r'Did you mean "teams\.skill"'),
    ],
)
def test_what_is_not_allowed(arguments: dict[str, object], message: str) -> None:
    one = changed("baseline")
    with pytest.raises(InputError, match=message):
        race_sim.compare(one, one, **arguments)  # type: ignore[arg-type]
