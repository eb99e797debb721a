"""Before week 0: founders, initial stock, and room for what a timeline can bring."""

from itertools import combinations

import numpy as np
import pytest

from race_sim.records import FIELDED, NEVER, PRIME, WORKSHOP
from race_sim.rules.founding import random_design
from race_sim.rules.landscape import flip_difference, quality, quality_sum
from race_sim.scenario import Event
from tests import firms_race
from tests.bare_race import BareRace
from tests.chance import agrees
from tests.firms_race import FirmsRace

CHEAP = ("founders.climb_evaluations=0", "primes.count=0", "landscape.interactions=0")


def designs(race: BareRace) -> list[int]:
    return [int(race.fielded(maker).design) for maker in range(len(race.world.makers))]


def mean_distance(words: list[int]) -> float:
    return float(np.mean([(one ^ other).bit_count() for one, other in combinations(words, 2)]))


def test_random_designs_have_every_bit_set_half_the_time() -> None:
    race = BareRace("design.modules=4", "design.bits_per_module=16")
    words = [int(random_design(race.world, race.seed, agent)) for agent in range(2000)]
    ones = np.array([[word >> locus & 1 for locus in range(64)] for word in words])
    assert agrees(ones.sum(axis=0))
    assert ones.mean() == pytest.approx(0.5, abs=0.01)
    assert np.abs(np.corrcoef(ones.T) - np.eye(64)).max() < 0.12


@pytest.mark.parametrize(("modules", "bits"), [(1, 1), (3, 5), (4, 12), (8, 8)])
def test_designs_use_the_bits_of_the_design_space_only(modules: int, bits: int) -> None:
    race = BareRace(f"design.modules={modules}", f"design.bits_per_module={bits}", "landscape.interactions=0")
    assert max(designs(race)) < 2 ** (modules * bits)


@pytest.mark.parametrize("flips", [0, 3, 10])
def test_common_founders_stand_a_few_random_flips_from_one_ancestor(flips: int) -> None:
    """With replacement: two founders differ in a bit with (1 - (1 - 2/N)**(2 flips)) / 2."""
    race = BareRace(*CHEAP, "workshops.count=120", f"founders.flips={flips}")
    assert mean_distance(designs(race)) == pytest.approx(24 * (1 - (1 - 2 / 48) ** (2 * flips)), rel=0.05)
    ancestor = designs(BareRace(*CHEAP, "founders.flips=0"))[0]
    distance = np.array([(design ^ ancestor).bit_count() for design in designs(race)])
    assert distance.max() <= flips
    assert (distance % 2 == flips % 2).all()


def test_independent_founders_have_nothing_in_common() -> None:
    race = BareRace(*CHEAP, "workshops.count=60", "founders.origin=independent")
    assert mean_distance(designs(race)) == pytest.approx(24, abs=0.5)


def test_primes_climb_apart_whatever_the_origin_of_workshops() -> None:
    race = BareRace("workshops.count=20", "primes.count=20", "founders.flips=2")
    words = designs(race)
    assert mean_distance(words[:20]) < 5
    assert mean_distance(words[20:]) > 18
    assert min((one ^ words[0]).bit_count() for one in words[20:]) > 5


@pytest.mark.parametrize("origin", ["common", "independent"])
def test_founders_have_climbed(origin: str) -> None:
    """500 evaluations of 48 flips leave a local optimum, which the ancestor's few flips then disturb."""
    race = BareRace(
        f"founders.origin={origin}",
        "founders.flips=0",
        "founders.climb_evaluations=800",
        "primes.search_evaluations=800",
        "primes.count=3",
    )
    for word in designs(race):
        gains = [flip_difference(race.world.landscape, np.uint64(word), locus) for locus in range(48)]
        assert sum(gain > 0 for gain in gains) <= 1
        assert quality(race.world.landscape, quality_sum(race.world.landscape, np.uint64(word))) > 0.6


def test_every_maker_starts_with_a_family_a_product_and_a_key_of_its_own() -> None:
    race = BareRace("workshops.count=5", "primes.count=3")
    makers, products = race.world.makers, race.world.products
    assert makers["kind"].tolist() == [WORKSHOP] * 5 + [PRIME] * 3
    assert makers["number"].tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    assert len(set(makers["key"])) == 8
    assert products["family"][makers["product"]].tolist() == list(range(8))
    for maker in range(8):
        product = race.fielded(maker)
        assert (product.status, product.week_fielded, product.maker) == (FIELDED, 0, maker)
        assert product.quality == quality_sum(race.world.landscape, product.design)
        assert makers[maker].estimate == product.success == race.world.published[maker].estimate
    assert (race.world.teams["project_end"] == NEVER).all()
    assert race.world.countermeasures["standing"].sum() == 0


def test_initial_stock_is_delivered_before_week_0() -> None:
    race = BareRace("workshops.initial_stock=70", "primes.initial_stock=900", "primes.count=2")
    assert [race.fielded(maker).stock for maker in range(6)] == [70] * 4 + [900] * 2
    assert race.world.flows["initial"].tolist() == [280, 1800, 0]
    assert race.world.lots["quantity"][: race.tally.lots].tolist() == [70] * 4 + [900] * 2
    assert (race.world.lots["week"][: race.tally.lots] == 0).all()


def test_workshops_expect_what_partners_set_aside_for_them_too() -> None:
    founded, plain = FirmsRace("treasuries.home_funding=300000"), FirmsRace()
    budgets = plain.params[0]
    home = budgets.treasuries_home_budget + budgets.treasuries_partner_aid + budgets.treasuries_american_aid
    for i, more in ((0, 300_000 / home), (firms_race.PRIME, -300_000 / budgets.treasuries_partner_budget)):
        assert founded.supplier(i).expected_orders == pytest.approx(plain.supplier(i).expected_orders * (1 + more))


@pytest.mark.parametrize(
    "override", ["workshops.count=9", "primes.count=4", "teams.count=7", "workshops.copy_probability=0.9"]
)
def test_changing_one_lever_leaves_the_founders_as_they_were(override: str) -> None:
    plain, changed = BareRace(), BareRace(override)
    assert designs(changed)[:4] == designs(plain)[:4]
    assert designs(changed)[changed.scenario.parameters.workshops.count] == designs(plain)[4]
    assert (changed.world.landscape.contributions == plain.world.landscape.contributions).all()


def test_another_seed_is_another_race() -> None:
    assert designs(BareRace(seed=1)) != designs(BareRace(seed=2))


def test_there_are_slots_for_every_trial_a_timeline_can_bring() -> None:
    """A long cycle, then a short one with a long delay and many variants: no trial waits for a free slot."""
    changes = {"workshops.iteration_weeks": 1, "feedback.delay_weeks": 10, "workshops.variants_per_cycle": 3}
    race = BareRace(
        "workshops.iteration_weeks=8",
        events=tuple(Event(9, path, value) for path, value in changes.items()),
        under_way=True,
    )
    weekly = race.run(40)
    assert (race.world.makers["trials_started"][:4] > 3 * (40 - 9)).all()
    assert (weekly["kinds"]["trials_judged"][30:, WORKSHOP] == 3 * 4).all()
