"""The account of a difference: exact for every run, the same from both ends, and no term for what did not differ."""

from dataclasses import replace

import numpy as np
import pytest

import race_sim
from race_sim.analysis.contrast import Contrast
from race_sim.analysis.decomposition import (
    PARTS,
    STEPS,
    TERMS,
    TWIN_STEPS,
    Account,
    Flights,
    added,
    decompose,
    grounded,
)
from race_sim.records import JOINT_LINE, TOTAL, WEEK, WORKSHOP
from tests.duel import PAIRS, duel, reverse

RUNS = 7
EXACT = 1e-9  # hits a week


def account(seed: int, *, flying: bool = True, possible: bool = True) -> Account:
    """Random factors of some runs; in the first, if told so, nothing flew, or nothing could have flown."""
    generator = np.random.default_rng(seed)
    made = Account(
        hits=np.zeros(RUNS),
        chance=generator.normal(0.0, 3.0, RUNS),
        possible=generator.uniform(100.0, 9000.0, RUNS),
        flown={name: generator.uniform(0.05, 0.3, RUNS) for name in TWIN_STEPS},
        targets=generator.uniform(0.2, 1.0, RUNS),
        success={name: generator.uniform(-0.1, 0.2, RUNS) for name in STEPS},
    )
    if not (flying and possible):
        for share in made.flown.values():
            share[0] = np.nan if not possible else 0.0
        made.targets[0] = np.nan
        for step in made.success.values():
            step[0] = np.nan
    if not possible:
        made.possible[0] = 0.0
    success = sum(made.success.values())
    expected = np.nan_to_num(made.sorties * made.targets * success)
    return replace(made, hits=made.chance + expected)


def total(terms: dict[str, np.ndarray], names: tuple[str, ...] = TERMS) -> np.ndarray:
    return np.asarray(np.sum([terms[name] for name in names], axis=0))


CASES = [
    (account(1), account(2)),
    (account(3), account(4, flying=False)),
    (account(5, possible=False), account(6)),
    (account(7, possible=False), account(8, flying=False)),
]


@pytest.mark.parametrize(("a", "b"), CASES)
def test_terms_add_up_to_the_difference_of_every_run(a: Account, b: Account) -> None:
    terms = decompose(a, b)
    assert total(terms) == pytest.approx(b.hits - a.hits, abs=EXACT)
    for name in set(PARTS.values()):
        parts = tuple(part for part, whole in PARTS.items() if whole == name)
        assert total(terms, parts) == pytest.approx(terms[name], abs=EXACT)


@pytest.mark.parametrize(("a", "b"), CASES)
def test_terms_change_their_sign_when_the_sides_change_places(a: Account, b: Account) -> None:
    forth, back = decompose(a, b), decompose(b, a)
    for name, values in forth.items():
        assert back[name] == pytest.approx(-values, abs=EXACT)


def test_what_is_equal_has_no_term() -> None:
    a = account(1)
    for name in STEPS:
        more = {**a.success, name: a.success[name] + 0.01}
        changed = {term for term, values in decompose(a, replace(a, success=more)).items() if values.any()}
        part = {"defence": "capacity_defence"}.get(name, f"{name}_success" if name in TWIN_STEPS else name)
        assert changed == {part, PARTS.get(part, part)}
    terms = decompose(a, replace(a, possible=a.possible * 2.0))
    assert {term for term, values in terms.items() if values.any()} == {"capacity", "capacity_sorties"}
    terms = decompose(a, replace(a, chance=a.chance + 1.0))
    assert {term for term, values in terms.items() if values.any()} == {"chance"}


def test_kinds_taken_together_keep_their_hits() -> None:
    parts = [account(1), account(2, flying=False), account(3, possible=False)]
    whole = Account.together(parts)
    expected = whole.sorties * whole.targets * sum(whole.success.values())
    assert whole.chance + expected == pytest.approx(sum(part.hits for part in parts), abs=EXACT)
    assert whole.sorties == pytest.approx(sum(part.sorties for part in parts))


@pytest.mark.parametrize("name", PAIRS)
def test_terms_of_races_add_up_for_every_seed(name: str) -> None:
    contrast = duel(name).contrast
    difference = contrast.b.values["total_hits"] - contrast.a.values["total_hits"]
    assert total(contrast.of_runs["total"]) == pytest.approx(difference, abs=EXACT)
    kinds = [contrast.of_runs[kind] for kind in contrast.accounted]
    for term, values in added(kinds).items():
        assert values == pytest.approx(contrast.of_runs["total"][term], abs=EXACT)


@pytest.mark.parametrize("name", ["frozen", "point", "kinds", "grounded"])
def test_races_run_the_other_way_round_have_the_opposite_terms(name: str) -> None:
    forth, back = duel(name).contrast, reverse(name).contrast
    for key, term in forth.terms.items():
        assert back.terms[key].difference.value == pytest.approx(-term.difference.value, abs=EXACT)
    again = Contrast(forth.b, forth.a).difference
    assert again.value == back.difference.value


def test_steps_of_recorded_races_are_what_was_recorded() -> None:
    side = duel("frozen").contrast.b
    own, weeks = side.accounts["workshops"], side.measured["kinds"][:, :, WORKSHOP]
    expected = weeks["expected_hits"].mean(axis=1)
    assert own.sorties * own.targets * sum(own.success.values()) == pytest.approx(expected)
    frozen = side.frozen.weekly["kinds"]["fielded_success_served"][:, side.first_week :, WORKSHOP]
    for run in range(side.records.runs):
        assert own.success["starting"][run] == pytest.approx(frozen[run].mean())
        flown = np.average(weeks["current_success"][run], weights=weeks["sorties"][run])
        up_to_choice = sum(own.success[name][run] for name in STEPS[: STEPS.index("choice") + 1])
        assert up_to_choice == pytest.approx(flown)
    assert (weeks["expected_trial_hits"] > 0).all()


def test_what_frozen_makers_do_not_feel_has_no_starting_term() -> None:
    contrast = duel("slow").contrast
    assert contrast.a.frozen.same_bytes(contrast.b.frozen)
    assert not contrast.identical
    for terms in contrast.of_runs.values():
        assert not terms["starting"].any()


def accounts_of_fliers() -> list[Account]:
    """Accounts of the kinds of maker that fly, and of all, where nobody changes a design."""
    side = duel("grounded").contrast.a
    return [side.accounts[kind] for kind in (*side.kinds, "total")]


def test_makers_that_come_late_are_accounted_for_exactly() -> None:
    """Before a joint line opens, and in twins without one, there is no design in production to take a mean of."""
    short = {"run.weeks": 70, "workshops.count": 6, "primes.count": 2}
    contrast = race_sim.compare("baseline", "joint_ventures", runs=3, changes=short).contrast
    assert contrast.b.kinds == ["workshops", "primes", "joint_lines"]
    assert np.isnan(contrast.b.measured["kinds"]["fielded_success"][:, :, JOINT_LINE]).any()
    difference = contrast.b.values["total_hits"] - contrast.a.values["total_hits"]
    assert total(contrast.of_runs["total"]) == pytest.approx(difference, abs=EXACT)


def test_makers_that_never_change_a_design_gain_nothing_by_movement_or_evidence() -> None:
    for own in accounts_of_fliers():
        for name in ("movement", "evidence"):
            assert not own.success[name].any()
            assert not own.flown[name].any()


def test_makers_that_never_change_a_design_have_no_obsolescence() -> None:
    """Which of them flies, or is grounded, is choice."""
    for own in accounts_of_fliers():
        assert np.abs(own.success["obsolescence"]).max() < 1e-9
        assert np.abs(own.success["choice"]).max() > 1e-3


# Capacity and grounding


def recorded(sorties: list[int], dropped: list[int], success: float = 0.2) -> np.ndarray:
    """The records of a race of workshops that fly so much, with so much stock dropped at the end of each week."""
    weekly = np.zeros((1, len(sorties)), WEEK)
    weekly["saturation"] = 1.0
    for kind in (WORKSHOP, TOTAL):
        row = weekly["kinds"][:, :, kind]
        row["sorties"] = sorties
        row["stock_dropped"] = dropped
        row["expected_hits"] = row["hits"] = np.array(sorties) * success
        for name in ("fielded_success", "fielded_success_served", "current_success"):
            row[name] = success
    return weekly


def one_account(weekly: np.ndarray, crews: int) -> Account:
    flights = Flights.of(weekly, np.full(weekly.shape[1], crews), 0)
    return Account.of(flights, flights, flights, WORKSHOP)


def test_flying_in_bursts_is_no_difference_in_capacity() -> None:
    steady, bursts = recorded([10] * 4, [0] * 4), recorded([40, 0, 0, 0], [0] * 4, success=0.3)
    terms = decompose(one_account(steady, 100), one_account(bursts, 100))
    assert terms["capacity"] == pytest.approx(0.0)
    assert total(terms) == pytest.approx(1.0)


def test_each_grounded_drone_could_have_flown_once_by_an_idle_crew() -> None:
    weekly = recorded([10, 0, 0, 0], [30, 60, 60, 60])
    idle = grounded(weekly, np.array([10, 50, 50, 50]))[0, :, WORKSHOP]
    assert idle.tolist() == [0, 50, 10, 0]


def test_grounding_is_told_apart_from_capacity() -> None:
    """Both could fly 20 a week: one flies all, of the other half is grounded."""
    full, half = recorded([20] * 5, [0] * 5), recorded([10] * 5, [10, 20, 30, 40, 50])
    terms = decompose(one_account(half, 100), one_account(full, 100))
    assert terms["capacity"] == pytest.approx(0.0)
    assert terms["starting_flown"] == pytest.approx(10 * 0.2 / 1.0 * 1.0)
