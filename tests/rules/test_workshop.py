"""The workshop's cycle: when it turns, what it adopts, whom it copies, what it tries."""

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats

from race_sim.records import FIELDED, NOBODY, ON_TRIAL, RETIRED, WORKSHOP
from race_sim.rules.arsenal import tidy
from race_sim.rules.landscape import quality, quality_sum
from race_sim.rules.reports import publish
from race_sim.rules.research import bench_candidates
from race_sim.rules.workshop import (
    bench_test,
    choose_parent,
    judge_trials,
    ring_neighbour,
    start_trial,
    try_variants,
    workshop_is_due,
)
from tests.bare_race import BareRace
from tests.chance import SUSPICIOUS, agrees, follows, mean_agrees, share_agrees


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


# Copying


def parents(race: BareRace, maker: int, weeks: int) -> list[int]:
    return [int(choose_parent(race.world, maker, race.params, week, race.seed)) for week in range(weeks)]


def rank_peers(race: BareRace) -> None:
    """Make higher-numbered workshops look better."""
    for number, published in enumerate(race.world.published[: race.world.trials.shape[0]]):
        published.estimate = 0.01 * (number + 1)


def test_a_workshop_copies_with_the_copy_probability() -> None:
    race = BareRace("workshops.count=12", "workshops.copy_probability=0.3")
    found = parents(race, 5, 3000)
    assert share_agrees(1 - found.count(5) / 3000, 0.3, 3000)
    assert race.world.flows[WORKSHOP].copied == 3000 - found.count(5)


@pytest.mark.parametrize("sampled", [1, 3])
def test_it_copies_the_best_looking_of_the_peers_it_samples(sampled: int) -> None:
    """P(rank r of n is the best of s) = (r/n)**s - ((r-1)/n)**s; primes and itself are no peers."""
    race = BareRace("workshops.count=9", "workshops.copy_probability=1", f"workshops.peers_sampled={sampled}")
    rank_peers(race)
    race.world.published[9].estimate = 0.99  # a prime
    counts = Counter(parents(race, 4, 4000))
    assert set(counts) <= set(range(9)) - {4}
    found = [counts[peer] for peer in range(9) if peer != 4]
    ranks = np.arange(1, 9) / 8
    assert agrees(found, ranks**sampled - (ranks - 1 / 8) ** sampled)


@pytest.mark.parametrize("network", ["ring", "small_world"])
def test_it_copies_only_whom_it_can_see(network: str) -> None:
    race = BareRace(
        "workshops.count=20",
        f"workshops.network={network}",
        "workshops.network_degree=4",
        "workshops.copy_probability=1",
        "workshops.peers_sampled=1",
    )
    links = race.world.network if network == "small_world" else ring(20, 4)
    for maker in (0, 7, 19):
        assert set(parents(race, maker, 200)) == set(links[maker].tolist()) - {maker}


@pytest.mark.parametrize(
    "overrides",
    [("workshops.network=none", "workshops.copy_probability=1"), ("workshops.copy_probability=0",)],
)
def test_without_a_network_or_without_copying_everyone_is_on_their_own(overrides: tuple[str, ...]) -> None:
    race = BareRace(*overrides)
    assert set(parents(race, 2, 100)) == {2}


def test_a_lone_workshop_has_nobody_to_copy() -> None:
    race = BareRace("workshops.count=1", "workshops.copy_probability=1")
    assert set(parents(race, 0, 50)) == {0}
    assert race.world.flows[WORKSHOP].copied == 0


def test_a_copy_starts_from_what_the_peer_has_published_and_joins_its_family() -> None:
    race = BareRace("workshops.minimum_flips=0", "workshops.flips_per_step=0")
    peer = race.fielded(3)
    peer.design = np.uint64(0xABC)
    publish(race.world)
    peer.design = np.uint64(0xDEF)  # fielded since, and not yet seen
    try_variants(race.world, 0, 3, race.params, 0, race.seed)
    variant = variants_of(race, 0)[0]
    assert (variant.design, variant.family, variant.maker) == (0xABC, 3, 0)
    try_variants(race.world, 1, 1, race.params, 0, race.seed)
    assert variants_of(race, 1)[0].design == race.fielded(1).design


# Networks


def small_world(rewiring: float) -> np.ndarray:
    race = BareRace(
        "workshops.count=300",
        "workshops.network=small_world",
        "workshops.network_degree=6",
        f"workshops.network_rewiring={rewiring}",
        "founders.climb_evaluations=0",
    )
    return race.world.network


def ring(workshops: int, degree: int) -> np.ndarray:
    """Whom every workshop of a ring sees, by link."""
    return np.array([[ring_neighbour(i, link, workshops) for link in range(degree)] for i in range(workshops)])


def test_ring_is_symmetric_and_joins_the_nearest() -> None:
    network = ring(300, 6)
    steps = (network - np.arange(300)[:, None] + 150) % 300 - 150
    assert (np.sort(steps, axis=1) == [-3, -2, -1, 1, 2, 3]).all()


@pytest.mark.parametrize("rewiring", [0.0, 0.1, 1.0])
def test_small_world_is_a_ring_with_a_share_of_links_rewired(rewiring: float) -> None:
    network, lattice = small_world(rewiring), ring(300, 6)
    assert (network != np.arange(300)[:, None]).all()
    assert share_agrees((network != lattice).mean(), rewiring * (1 - 1 / 299), 1800)
    if rewiring == 1.0:
        assert agrees(np.bincount(network.ravel(), minlength=300))


# Mutants and the bench


def variants_of(race: BareRace, maker: int) -> list[Any]:
    rows = [trial.product for trial in race.world.trials[maker] if trial.active]
    return [race.world.products[row] for row in rows]


def candidates(race: BareRace, maker: int, week: int, start: int = 0) -> np.ndarray:
    """Every candidate of one bench test, best first; needs variants_per_cycle to be as large."""
    word = np.uint64(start)
    total = quality_sum(race.world.landscape, word)
    number = bench_candidates(race.world, maker, int(race.params[0].workshops_iteration_weeks), race.params)
    kept = bench_test(race.world, maker, word, total, number, race.params, week, race.seed)
    return race.world.bench[:kept].copy()


def flips_from(race: BareRace, weeks: int) -> np.ndarray:
    """Words of flipped bits of many candidates."""
    return np.concatenate([candidates(race, 0, week)["design"] for week in range(weeks)])


def distances(words: np.ndarray) -> np.ndarray:
    return np.array([int(word).bit_count() for word in words])


@pytest.mark.parametrize(
    ("overrides", "certain", "mean"),
    [
        (("workshops.step=per_cycle",), 1, 2.0),
        (("workshops.step=per_elapsed_week",), 1, 8.0),
        (("workshops.step=per_elapsed_week", "workshops.minimum_flips=0"), 0, 8.0),
    ],
)
def test_a_step_is_one_flip_and_a_poisson_number_more(overrides: tuple[str, ...], certain: int, mean: float) -> None:
    """With replacement: a bit differs with (1 - (1 - 2/N)**certain exp(-2 mean / N)) / 2."""
    race = BareRace(
        *overrides,
        "workshops.flips_per_step=2",
        "workshops.iteration_weeks=4",
        "workshops.bench_candidates_per_week=25",
        "workshops.variants_per_cycle=100",
    )
    words = flips_from(race, 30)
    assert len(words) == 3000
    expected = 24 * (1 - (1 - 2 / 48) ** certain * math.exp(-2 * mean / 48))
    assert mean_agrees(distances(words), expected)


def test_number_of_flips_is_poisson() -> None:
    """In a design so long that flips hardly meet; parity of flips is exact: P(even) = (1 + exp(-2 m)) / 2."""
    race = BareRace(
        "workshops.flips_per_step=0.7",
        "workshops.minimum_flips=0",
        "workshops.bench_candidates_per_week=100",
        "workshops.variants_per_cycle=100",
    )
    found = distances(flips_from(race, 40))
    even = (1 + math.exp(-2 * 0.7)) / 2
    assert share_agrees((found % 2 == 0).mean(), even, 4000)
    unflipped = math.exp(-0.7 + 0.7**2 / 2 / 48)  # none drawn, or a pair that cancels
    assert share_agrees((found == 0).mean(), unflipped, 4000)


ONE_FLIP = (
    "workshops.flips_per_step=0",
    "workshops.bench_candidates_per_week=100",
    "workshops.variants_per_cycle=100",
)


@pytest.mark.parametrize("aim", [0.0, 0.7, 1.0])
def test_flips_aim_at_the_module_losing_most(aim: float) -> None:
    race = BareRace(*ONE_FLIP, f"feedback.quality={aim}")
    race.world.makers[0].losses[:4] = [3.0, 2.0, 9.0, 8.0]
    words = flips_from(race, 50)
    assert (distances(words) == 1).all()
    locus = np.array([int(word).bit_length() - 1 for word in words])
    expected = np.full(48, (1 - aim) / 48)
    expected[24:36] += aim / 12
    assert agrees(np.bincount(locus, minlength=48), expected)


def test_without_reported_losses_flips_fall_anywhere() -> None:
    race = BareRace(*ONE_FLIP, "feedback.quality=1")
    locus = np.array([int(word).bit_length() - 1 for word in flips_from(race, 50)])
    assert agrees(np.bincount(locus, minlength=48))


def test_the_bench_ranks_candidates_by_quality_and_keeps_the_best() -> None:
    whole = BareRace(*ONE_FLIP, "workshops.bench_noise=0")
    few = BareRace(*ONE_FLIP, "workshops.bench_noise=0")
    few.params[0].workshops_variants_per_cycle = 3
    for week in range(5):
        ranked = candidates(whole, 0, week)
        total = [quality_sum(whole.world.landscape, design) for design in ranked["design"]]
        assert ranked["quality"].tolist() == total
        assert total == sorted(total, reverse=True)
        assert candidates(few, 0, week)["quality"].tolist() == total[:3]


@pytest.mark.parametrize("cycle", [1, 5])
def test_candidates_are_in_proportion_to_the_length_of_the_cycle(cycle: int) -> None:
    race = BareRace(
        f"workshops.iteration_weeks={cycle}",
        "workshops.bench_candidates_per_week=4",
        "workshops.variants_per_cycle=104",
    )
    assert len(candidates(race, 0, 0)) == 4 * cycle


def test_bench_noise_is_normal() -> None:
    race = BareRace(*ONE_FLIP, "workshops.bench_noise=0.05")
    errors = []
    for week in range(20):
        ranked = candidates(race, 0, week)
        errors += [one.score - quality(race.world.landscape, one.quality) for one in ranked]
    assert follows(np.array(errors) / 0.05, "norm")


def test_a_bench_drowned_in_noise_tells_nothing() -> None:
    race = BareRace(*ONE_FLIP, "workshops.bench_noise=10")
    ranks = np.concatenate([stats.rankdata(candidates(race, 0, week)["quality"]) for week in range(40)])
    places = np.tile(np.arange(100), 40)
    assert stats.spearmanr(places, ranks).pvalue > SUSPICIOUS


def test_the_best_on_the_bench_go_on_trial() -> None:
    race = BareRace("workshops.variants_per_cycle=3")
    fielded = int(race.world.makers[0].product)
    expected = candidates(race, 0, 6, int(race.fielded(0).design))
    try_variants(race.world, 0, 0, race.params, 6, race.seed)
    variants = variants_of(race, 0)
    assert [variant.design for variant in variants] == expected["design"].tolist()
    assert {(int(one.status), int(one.family), int(one.stock)) for one in variants} == {(ON_TRIAL, 0, 0)}
    assert race.world.makers[0].product == fielded


def test_a_trial_needs_a_free_slot() -> None:
    race = BareRace()
    rows = [
        start_trial(race.world, 0, np.uint64(0), 0, 0, race.params, 0) for _ in range(race.world.trials.shape[1] + 2)
    ]
    assert NOBODY not in rows[:-2]
    assert rows[-2:] == [NOBODY, NOBODY]
    assert race.world.makers[0].trials_started == len(rows) - 2
