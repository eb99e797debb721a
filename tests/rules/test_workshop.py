"""The workshop's cycle: when it turns, when a trial is judged, what it adopts."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from race_sim.records import FIELDED, NOBODY, ON_TRIAL, RETIRED, WORKSHOP
from race_sim.rules.arsenal import tidy
from race_sim.rules.workshop import judge_trials, start_trial, workshop_is_due
from tests.bare_race import BareRace
from tests.chance import share_agrees


def trial_of(race: BareRace, *, week: int = 0, maker: int = 0, design: int = 0) -> Any:
    """A new trial of a workshop."""
    row = start_trial(race.world, maker, np.uint64(design), 0, maker, race.params, week)
    return next(one for one in race.world.trials[maker] if one.active and one.product == row)


def judge(race: BareRace, week: int, maker: int = 0) -> int:
    return int(judge_trials(race.world, maker, race.params, week, race.seed))


# The cycle


@pytest.mark.parametrize("cycle", [1, 3, 8])
def test_every_workshop_decides_once_a_cycle_and_they_take_turns(cycle: int) -> None:
    race = BareRace(f"workshops.iteration_weeks={cycle}", "workshops.count=16")
    due = np.array(
        [[workshop_is_due(race.world, i, race.params, week) for i in range(16)] for week in range(5 * cycle)]
    )
    assert (due.reshape(5, cycle, 16).sum(axis=1) == 1).all()
    assert np.ptp(due.sum(axis=1)) <= 1


@pytest.mark.parametrize(("count", "cycle"), [(4, 8), (16, 8), (5, 32), (3, 1)])
def test_turns_are_spread_evenly_over_the_cycle(count: int, cycle: int) -> None:
    race = BareRace(f"workshops.count={count}", f"workshops.iteration_weeks={cycle}")
    turns = sorted(first_turn(race, maker) for maker in range(count))
    between = np.diff([*turns, turns[0] + cycle])
    assert np.abs(between - cycle / count).max() < 1


def first_turn(race: BareRace, maker: int) -> int:
    """Week in which the first cycle of a workshop ends."""
    return next(week for week in range(200) if workshop_is_due(race.world, maker, race.params, week))


@pytest.mark.parametrize("cycle", [1, 8, 32])
def test_a_race_begins_with_a_cycle_under_way_that_ends_at_the_first_turn(cycle: int) -> None:
    """Nobody is idle before its first turn: each workshop flies its variants from week 0 until then."""
    race = BareRace(
        f"workshops.iteration_weeks={cycle}",
        "workshops.count=20",
        "workshops.variants_per_cycle=3",
        "feedback.delay_weeks=1",
        under_way=True,
    )
    for maker in range(20):
        turn = first_turn(race, maker)
        trials = race.world.trials[maker]
        under_way = trials[trials["active"] == 1]
        assert len(under_way) == 3
        assert (under_way["start"] == 0).all()
        assert (under_way["last_output"] == turn).all()
        assert (under_way["due"] == max(turn, 1)).all()  # a trial of a single week is judged when its report is in
        variants = race.world.products[under_way["product"]]
        assert (variants["status"] == ON_TRIAL).all()
        assert (variants["family"] == maker).all()
        assert len(set(variants["design"].tolist()) | {int(race.fielded(maker).design)}) > 1


def test_workshops_judge_as_often_in_the_first_cycle_as_later() -> None:
    """With 64 workshops in a cycle of 32, but for the two whose first turn came before a report could."""
    race = BareRace(
        "workshops.iteration_weeks=32",
        "workshops.count=64",
        "workshops.network=none",
        "primes.count=0",
        "run.weeks=128",
        under_way=True,
    )
    judged = race.run(128)["kinds"]["trials_judged"][:, WORKSHOP]
    assert judged.reshape(4, 32).sum(axis=1).tolist() == [62, 66, 64, 64]


def test_frozen_workshops_begin_with_nothing_under_way() -> None:
    assert not BareRace("workshops.adapts=false", under_way=True).world.trials["active"].any()


def test_frozen_workshops_never_decide() -> None:
    race = BareRace("workshops.adapts=false")
    assert not any(workshop_is_due(race.world, i, race.params, week) for i in range(4) for week in range(9))


@pytest.mark.parametrize(
    ("cycle", "delay", "last_evidence", "due"),
    [(1, 0, 11, 11), (1, 1, 11, 12), (1, 4, 11, 15), (6, 2, 14, 16), (6, 0, 16, 16), (6, 6, 16, 22)],
)
def test_a_trial_is_due_when_its_last_report_has_arrived(cycle: int, delay: int, last_evidence: int, due: int) -> None:
    """By the end of its cycle where reports can come by then; else the whole cycle counts and judgement waits."""
    race = BareRace(f"workshops.iteration_weeks={cycle}", f"feedback.delay_weeks={delay}")
    trial = trial_of(race, week=10)
    assert (trial.start, trial.last_output) == (11, 10 + cycle)
    assert (trial.last_evidence, trial.due) == (last_evidence, due)


def test_with_a_delay_above_the_cycle_several_trials_are_in_flight_and_each_is_judged_once() -> None:
    race = BareRace("feedback.delay_weeks=4", "run.weeks=40")
    weekly = race.run(30)
    judged = weekly["kinds"]["trials_judged"][:, WORKSHOP]
    assert judged[:5].sum() == 0  # tried in week 0, flown in week 1, reported in week 5
    assert (judged[5:] == 4).all()
    assert (race.world.trials["active"].sum(axis=1) == 5).all()
    for slots in race.world.trials:
        numbers = slots["number"][slots["active"] == 1]
        assert sorted(numbers) == list(range(25, 30))


# Judgement

EXACT = ("workshops.prior_weight=4",)


def adopted(fielded: tuple[int, int], variant: tuple[int, int], believed: float = 0.25) -> bool:
    """Whether a variant with (hits, sorties) replaces a fielded design with (hits, sorties) and this estimate."""
    race = BareRace(*EXACT)
    race.world.makers[0].estimate = believed
    trial = trial_of(race)
    trial.fielded_hits, trial.fielded_sorties = fielded
    trial.hits, trial.sorties = variant
    return judge(race, int(trial.due)) == trial.product


@pytest.mark.parametrize(
    ("fielded", "variant", "believed", "expected"),
    [
        ((5, 20), (6, 20), 0.25, True),
        ((5, 20), (4, 20), 0.25, False),
        ((5, 20), (5, 20), 0.25, False),  # a tie
        ((5, 20), (0, 0), 0.25, False),  # no news is a tie
        ((0, 0), (0, 0), 0.25, False),
        (
            (0, 0),
            (2, 4),
            0.25,
            True,
        ),  # the fielded design did not fly: what is believed of it is the yardstick
        ((0, 0), (2, 4), 0.75, False),
    ],
)
def test_variant_is_adopted_when_it_looks_better_than_the_fielded_design(
    fielded: tuple[int, int], variant: tuple[int, int], believed: float, expected: bool
) -> None:
    weight = 4.0
    yardstick = (fielded[0] + weight * believed) / (fielded[1] + weight)
    assert ((variant[0] + weight * yardstick) / (variant[1] + weight) > yardstick) == expected
    assert adopted(fielded, variant, believed) == expected


def test_few_sorties_count_for_less_than_many() -> None:
    """Of two better variants the one with more evidence wins: 3 of 3 is weaker than 30 of 45 at weight four."""
    race = BareRace(*EXACT, "workshops.variants_per_cycle=2")
    race.world.makers[0].estimate = 0.3
    lucky, proven = trial_of(race), trial_of(race)
    lucky.hits, lucky.sorties = 3, 3
    proven.hits, proven.sorties = 30, 45
    for trial in (lucky, proven):
        trial.fielded_hits, trial.fielded_sorties = 30, 100
    assert judge(race, int(lucky.due)) == proven.product
    yardstick = (30 + 4 * 0.3) / 104
    assert race.world.makers[0].estimate == pytest.approx((30 + 4 * yardstick) / 49)


def test_adoption_fields_the_variant_and_retires_the_rest() -> None:
    race = BareRace("workshops.variants_per_cycle=3")
    old = race.world.makers[0].product
    trials = [trial_of(race, design=design) for design in (1, 2, 3)]
    for trial, hits in zip(trials, (3, 9, 6), strict=True):
        trial.hits, trial.sorties = hits, 10
    best, *others = trials[1].product, trials[0].product, trials[2].product, old
    week = int(trials[0].due)
    assert judge(race, week) == best == race.world.makers[0].product
    assert race.world.products[best].status == FIELDED
    assert race.world.products[best].week_fielded == week + 1
    assert (race.world.products["status"][others] == RETIRED).all()
    flow = race.world.flows[WORKSHOP]
    assert (flow.trials_judged, flow.trials_adopted) == (3, 1)


def test_a_trial_is_judged_once_and_not_before_it_is_due() -> None:
    race = BareRace("feedback.delay_weeks=3")
    early, late = trial_of(race, week=0), trial_of(race, week=2)
    for trial in (early, late):
        trial.hits, trial.sorties = 9, 10
    variants = int(early.product), int(late.product)
    found = [judge(race, week) for week in range(9)]
    assert found == [NOBODY] * 4 + [variants[0], NOBODY, variants[1], NOBODY, NOBODY]
    assert race.world.flows[WORKSHOP].trials_judged == 2


def test_judged_by_chance_evidence_plays_no_part() -> None:
    """The control: adopted with a given probability, whatever the reports say."""
    race = BareRace(
        "workshops.judgement=chance",
        "workshops.adoption_probability=0.4",
        "run.weeks=1600",
        "measures.shadow_weeks=0",
    )
    counts = Counter[tuple[bool, bool]]()
    for week in range(1500):
        trial = trial_of(race, week=week)
        good = week % 2 == 0
        trial.hits, trial.sorties = (10 if good else 0), 10
        counts[good, judge(race, int(trial.due)) != NOBODY] += 1
        tidy(race.world, race.params, week)
    for good in (True, False):
        assert share_agrees(counts[good, True] / 750, 0.4, 750)
