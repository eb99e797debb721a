"""The verdict follows the numbers: every branch, and reversed when the forces' results are exchanged."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from race_sim.analysis.forces import Comparison, ControlResult, Finding, Force, Outcome, Regime, RegimeResult
from race_sim.analysis.intervals import Estimate
from race_sim.analysis.verdict import verdict
from race_sim.ensemble.driver import run_ensemble
from race_sim.records import TOTAL, WEEK
from race_sim.results import Records
from race_sim.study.demo_design import SIZES, demo_scenario

RUNS = 20
FAST, SLOW = Force(1, 1), Force(32, 4)
AREA, POINT = Regime("common", "area"), Regime("independent", "point")
FORCES = [Force(cycle, multiple) for cycle in (1, 16, 32) for multiple in (1, 4)]


def outcome(hits: float, *, noise: float = 0.05, seed: int = 1, luck: float = 0.1) -> Outcome:
    """Hits of a force with noise of its own and luck shared by all forces."""
    shared = np.random.default_rng(0).lognormal(0.0, luck, RUNS)
    own = np.random.default_rng(seed).lognormal(0.0, noise, RUNS)
    return Outcome(1e5 * hits * shared * own, np.full(RUNS, 1e6), np.full(RUNS, 1e4), 0.4, 130)


def regime_result(regime: Regime, hits: Callable[[Force], float], noise: float = 0.05) -> RegimeResult:
    outcomes = {force: outcome(hits(force), noise=noise, seed=2 + place) for place, force in enumerate(FORCES)}
    return RegimeResult(regime, outcomes)


def fast_wins(force: Force) -> float:
    return force.multiple**0.1 / (1.0 if force.cycle_weeks == 1 else force.cycle_weeks)


def mass_wins(force: Force) -> float:
    return force.multiple * force.cycle_weeks**0.1


def alike(force: Force) -> float:
    return 1.0 + 0.0 * force.multiple


def both(hits: Callable[[Force], float], noise: float = 0.05) -> str:
    return verdict([regime_result(regime, hits, noise) for regime in (AREA, POINT)])


def test_speed_wins_everywhere() -> None:
    text = both(fast_wins)
    worth = str(regime_result(AREA, fast_wins).exchange_rate(32))
    assert text.startswith(
        f"A 1-week cycle was worth {worth} arsenals of a 32-week force in all 2 regimes; "
        "speed was worth more than an arsenal everywhere. "
    )
    assert text.count("speed won all 2") == 2
    assert "lost" not in text
    assert "of 4 comparisons the shorter cycle hit more in 4; hit less in none" in text


def test_speed_loses_everywhere() -> None:
    text = both(mass_wins)
    assert text.startswith(
        "A 1-week cycle was worth <1 [<1, <1] arsenals of a 32-week force in all 2 regimes; "
        "speed was not worth an arsenal anywhere. "
    )
    assert text.count("speed lost all 2") == 2
    assert text.count("was worth <1 [<1, <1] against 16 weeks and <1 [<1, <1] against 32 weeks") == 2
    assert "hit more in none; hit less in 4" in text


def test_speed_wins_in_one_regime_and_loses_in_the_other() -> None:
    text = verdict([regime_result(AREA, fast_wins), regime_result(POINT, mass_wins)])
    assert text.startswith(
        f"A 1-week cycle was worth between <1 [<1, <1] and >4 [>4, >4] arsenals of a 32-week force: most under {AREA}, "
        f"least under {POINT}; of 2 regimes, speed was worth more than an arsenal in 1 and less than an arsenal in 1. "
    )
    other_way = verdict([regime_result(AREA, mass_wins), regime_result(POINT, fast_wins)])
    assert f"most under {POINT}, least under {AREA};" in other_way
    assert "Common founders, area countermeasures: speed won all 2" in text
    assert "Independent founders, point countermeasures of fixed capacity: speed lost all 2" in text
    assert "hit less in 2 (independent founders, point countermeasures of fixed capacity: 16 and 32 weeks)" in text
    worst = re.search(r"The worst cell for speed is (.*?), where it made (\S+) ", text)
    assert worst is not None
    assert worst[1] == f"the 32-week cycle with x4 arsenal, {POINT}"
    assert float(worst[2]) == pytest.approx(1 / mass_wins(Force(32, 4)), rel=0.1)


def test_no_evidence() -> None:
    text = both(alike, noise=0.5)
    assert "; there is no evidence anywhere that speed was worth more or less than an arsenal. " in text
    assert text.index("; there is") < text.index(". ")
    assert text.count("no evidence in all 2") == 2
    assert "hit less in 4" not in text
    assert "hit more in 4" not in text


def test_some_evidence() -> None:
    def close(force: Force) -> float:
        return 1.0 if force in (FAST, Force(32, 4), Force(32, 1)) else mass_wins(force)

    results = [regime_result(AREA, close, noise=0.02), regime_result(POINT, mass_wins)]
    text = verdict(results)
    assert "; of 2 regimes, speed was worth less than an arsenal in 1, with no evidence in 1. " in text
    worth = results[0].exchange_rate(32)
    assert verdict(results[:1]).startswith(
        f"A 1-week cycle was worth {worth} arsenals of a 32-week force under {AREA}; "
        "there is no evidence that speed was worth more or less than an arsenal. "
    )
    assert "speed won 0 of 2, lost 1, no evidence in 1" in text


def two_forces(fast: Outcome, slow: Outcome) -> str:
    return verdict([RegimeResult(AREA, {FAST: fast, SLOW: slow})])


def test_one_run_is_no_evidence() -> None:
    def first(whole: Outcome) -> Outcome:
        return Outcome(whole.hits[:1], whole.sorties[:1], whole.trial_sorties[:1], whole.adopted_share, whole.weeks)

    text = two_forces(first(outcome(9.0)), first(outcome(1.0)))
    assert "; there is no evidence that speed was worth more or less than 4 arsenals. " in text
    assert "[" not in text


def test_exchanging_the_results_of_two_forces_reverses_the_sentence() -> None:
    winner, loser = outcome(3.0, seed=3), outcome(1.0, seed=4)
    start = "A 1-week cycle was worth {0}4 [{0}4, {0}4] arsenals of a 32-week force under " + str(AREA)
    assert two_forces(winner, loser).startswith(f"{start.format('>')}; speed was worth more than 4 arsenals. ")
    assert two_forces(loser, winner).startswith(f"{start.format('<')}; speed was not worth 4 arsenals. ")


def records_of(force: Force) -> Records:
    """Recorded races of a force of the demo's quick size."""
    return run_ensemble(demo_scenario(SIZES["quick"], AREA, force), range(1, 9))


def test_exchanging_recorded_races_reverses_the_sentence() -> None:
    fast, slow = (Outcome.of(records_of(force), 8) for force in (FAST, SLOW))
    words = {
        Finding.WINS: "speed was worth more than 4 arsenals. ",
        Finding.LOSES: "speed was not worth 4 arsenals. ",
        Finding.NO_EVIDENCE: "there is no evidence that speed was worth more or less than 4 arsenals. ",
    }
    found = RegimeResult(AREA, {FAST: fast, SLOW: slow}).comparison(SLOW).finding
    opposite = {Finding.WINS: Finding.LOSES, Finding.LOSES: Finding.WINS}[found]
    assert words[found] in two_forces(fast, slow)
    assert words[opposite] in two_forces(slow, fast)
    assert words[Finding.NO_EVIDENCE] in two_forces(fast, fast)


def test_overlapping_intervals_are_no_evidence_even_where_runs_agree() -> None:
    """Shared luck leaves the paired ratio, not the forces' own intervals: both must tell the forces apart."""
    better, worse = (outcome(hits, noise=0.01, seed=seed, luck=0.5) for hits, seed in ((1.2, 3), (1.0, 4)))
    for pair in ((better, worse), (worse, better)):
        comparison = RegimeResult(AREA, {FAST: pair[0], SLOW: pair[1]}).comparison(SLOW)
        low, high = comparison.ratio.interval or (0.0, 2.0)
        assert low > 1.0 or high < 1.0
        assert comparison.finding is Finding.NO_EVIDENCE
        assert "there is no evidence that speed was worth more or less than 4 arsenals. " in two_forces(*pair)


def test_intervals_apart_are_evidence_only_if_the_ratio_leaves_out_1() -> None:
    apart = Estimate(5.0, 4.0, 6.0), Estimate(2.0, 1.0, 3.0)
    findings = {
        (2.5, 2.0, 3.0): (Finding.WINS, Finding.NO_EVIDENCE),
        (0.4, 0.3, 0.5): (Finding.NO_EVIDENCE, Finding.LOSES),
        (1.1, 0.9, 1.3): (Finding.NO_EVIDENCE, Finding.NO_EVIDENCE),
        (2.5, None, None): (Finding.NO_EVIDENCE, Finding.NO_EVIDENCE),
    }
    for ratio, found in findings.items():
        for hits, finding in zip((apart, apart[::-1]), found, strict=True):
            assert Comparison(AREA, FAST, SLOW, Estimate(*ratio), *hits).finding is finding
    assert Comparison(AREA, FAST, SLOW, Estimate(2.5, 2.0, 3.0), Estimate(5.0), apart[1]).finding is Finding.NO_EVIDENCE


def test_every_finding_is_exchanged_with_the_results() -> None:
    for hits in (fast_wins, mass_wins, alike):
        result = regime_result(AREA, hits)
        for force in FORCES[1:]:
            pair = {FAST: result.outcomes[FAST], force: result.outcomes[force]}
            swapped = {FAST: result.outcomes[force], force: result.outcomes[FAST]}
            one = RegimeResult(AREA, pair).comparison(force)
            other = RegimeResult(AREA, swapped).comparison(force)
            assert other.ratio.value == pytest.approx(1.0 / one.ratio.value)
            exchanged = {Finding.WINS: Finding.LOSES, Finding.LOSES: Finding.WINS}
            assert other.finding is exchanged.get(one.finding, one.finding)


def test_controls_are_told_where_speed_gains_most() -> None:
    results = [regime_result(AREA, fast_wins), regime_result(POINT, mass_wins)]
    equal = {force: outcome(1.0) for force in (FAST, Force(32, 1))}
    controls = [ControlResult("no_red", "without anything", RegimeResult(regime, equal)) for regime in (AREA, POINT)]
    text = verdict(results, controls)
    assert "That ratio is 1.00 [1.00, 1.00] without anything." in text
    assert text.count("without anything") == 1


def test_controls_beside_a_larger_arsenal_are_told_regime_by_regime() -> None:
    results = [regime_result(AREA, fast_wins), regime_result(POINT, mass_wins)]
    control = ControlResult("more", "with more of it", RegimeResult(POINT, {FAST: outcome(2.0), SLOW: outcome(1.0)}))
    text = verdict(results, [control])
    measured = results[1].comparison(SLOW).ratio
    assert f"For the {SLOW}, {POINT}, the ratio is {measured}, but 2.00 [2.00, 2.00] with more of it." in text
    assert text.count("with more of it") == 1


def test_the_gain_is_split_into_success_and_sorties() -> None:
    slow = outcome(1.0)
    grounded = Outcome(slow.hits, 0.5 * slow.sorties, slow.trial_sorties, 0.4, 130)
    result = RegimeResult(AREA, {FAST: outcome(8.0), Force(32, 1): grounded, SLOW: outcome(1.0)})
    assert "8.00 [8.00, 8.00] times: 4.00 times the hits a sortie and 2.00 times the sorties" in verdict([result])


def test_chance_findings_are_owned_up_to() -> None:
    text = both(alike)
    assert "leaves out 1 and those of the two forces' own hits do not overlap" in text
    assert text.endswith("of 8 comparisons at most about 0.4 would name one by chance if there were none.")


def test_without_a_larger_arsenal_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="larger arsenal"):
        verdict([RegimeResult(AREA, {FAST: outcome(1.0), Force(32, 1): outcome(1.0)})])


def test_an_outcome_is_read_off_the_measured_weeks_of_records() -> None:
    weekly = np.zeros((2, 5), WEEK)
    weekly["kinds"]["hits"][:, :, TOTAL] = [[9, 9, 1, 2, 3], [9, 9, 4, 5, 6]]
    weekly["kinds"]["sorties"][:, :, TOTAL] = 10
    weekly["kinds"]["trials_judged"][:, :, TOTAL] = 4
    weekly["kinds"]["trials_adopted"][:, :, TOTAL] = 1
    records = Records(np.arange(2, dtype=np.uint64), weekly, Records.empty(np.arange(2, dtype=np.uint64), 5).lives)
    found = Outcome.of(records, 2)
    assert found.hits.tolist() == [6.0, 15.0]
    assert found.sorties.tolist() == [30.0, 30.0]
    assert (found.adopted_share, found.weeks) == (0.25, 3)
    assert found.weekly_hits.value == pytest.approx(3.5)
    assert found.effectiveness.value == pytest.approx(21 / 60)
