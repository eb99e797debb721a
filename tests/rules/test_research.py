"""What research money buys: breadth of search, as far as there is money and benches to spend it on."""

import pytest

from race_sim.firms import ECONOMY
from race_sim.records import PRIME as PRIMES
from race_sim.records import WORKSHOP
from race_sim.rules.prime import search
from race_sim.rules.research import bench_candidates, evaluations_due
from race_sim.rules.workshop import try_variants
from tests.firms_race import PRIME, FirmsRace

MOST = "workshop_accounts.most_candidates_per_week=5"


@pytest.mark.parametrize(("research", "cycle", "candidates"), [(1049, 1, 2), (0, 1, 0), (9000, 1, 5), (9000, 3, 15)])
def test_a_workshop_tests_what_it_can_pay_for_up_to_its_benches(research: int, cycle: int, candidates: int) -> None:
    race = FirmsRace(MOST)
    race.endow(0, cash=20_000, research=research)
    assert bench_candidates(race.world, 0, cycle, race.params) == candidates
    assert race.supplier().research == research - 350 * candidates
    assert (race.cash(0), race.held_by(ECONOMY)) == (20_000 - 350 * candidates, 350 * candidates)
    assert race.booked().get("research", 0) == 350 * candidates


def test_without_accounts_the_number_is_given() -> None:
    race = FirmsRace("workshops.bench_candidates_per_week=3")
    race.endow(0, cash=20_000, research=0)
    race.params[0].money_accounts = 0
    assert bench_candidates(race.world, 0, 2, race.params) == 6
    assert race.cash(0) == 20_000


def test_a_workshop_without_research_money_tries_nothing_new() -> None:
    race = FirmsRace("workshops.variants_per_cycle=2")
    race.endow(0, cash=20_000, research=0)
    try_variants(race.world, 0, 0, race.params, 3, race.seed)
    assert race.world.trials["active"].sum() == 0
    race.endow(0, cash=20_000, research=350)
    try_variants(race.world, 0, 0, race.params, 3, race.seed)
    assert race.world.trials["active"].sum() == 1


@pytest.mark.parametrize(("research", "bought"), [(0, 0), (20_000, 3), (900_000, 8)])
def test_a_prime_makes_the_evaluations_it_can_pay_for(research: int, bought: int) -> None:
    race = FirmsRace("prime_accounts.evaluation_cost=6500", "prime_accounts.most_evaluations_per_week=8")
    race.endow(PRIME, cash=1_000_000, research=research)
    race.world.makers[PRIME].evaluations = 11
    assert evaluations_due(race.world, PRIME, 10, 50, race.params, 5) == 11 + bought
    assert race.supplier(PRIME).research == research - 6500 * bought
    assert race.booked(PRIMES).get("research", 0) == 6500 * bought


def test_evaluations_bought_are_made() -> None:
    race = FirmsRace("prime_accounts.evaluation_cost=6500", "prime_accounts.most_evaluations_per_week=8")
    search(race.world, PRIME, race.params, 0, race.seed)
    made = int(race.world.makers[PRIME].evaluations)
    race.endow(PRIME, cash=1_000_000, research=20_000)
    search(race.world, PRIME, race.params, 1, race.seed)
    assert race.world.makers[PRIME].evaluations == made + 3


def test_a_programme_under_way_at_the_start_has_its_evaluations_behind_it() -> None:
    race = FirmsRace("primes.search_evaluations=600")
    race.endow(PRIME, cash=1_000_000, research=0)
    assert evaluations_due(race.world, PRIME, 10, 50, race.params, 0) == 120
    race.params[0].money_accounts = 0
    assert evaluations_due(race.world, PRIME, 10, 50, race.params, 7) == 120
    assert race.booked(WORKSHOP) == race.booked(PRIMES) == {}
