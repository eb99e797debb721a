"""What a workshop tries next: whom it copies and whom it can see, its mutants, and what the bench keeps of them."""

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats

from race_sim.records import NOBODY, ON_TRIAL, WORKSHOP
from race_sim.rules.landscape import quality, quality_sum
from race_sim.rules.reports import publish
from race_sim.rules.research import bench_candidates
from race_sim.rules.workshop import bench_test, choose_parent, ring_neighbour, start_trial, try_variants
from tests.bare_race import BareRace
from tests.chance import SUSPICIOUS, agrees, follows, mean_agrees, share_agrees

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
