"""Newcomers: who enters, from which design, with which means, and when they may be ordered from."""

import numpy as np
import pytest

from race_sim.firms import ACTIVE, IN_APPROVAL, OWNERS, WAITING
from race_sim.records import FIELDED, NOBODY, WORKSHOP
from race_sim.rules.entry import admit_workshops, approve, found_newcomer
from race_sim.rules.landscape import quality_sum
from race_sim.rules.reports import publish
from tests.chance import mean_agrees, share_agrees
from tests.firms_race import NEWCOMER, FirmsRace

WEEK = 5


def enter(race: FirmsRace, i: int = NEWCOMER, seen: int = 4, week: int = WEEK) -> None:
    found_newcomer(race.world, i, seen, race.params, week, race.seed)


def entered(race: FirmsRace) -> int:
    return int(race.world.economy[0].workshops)


def test_rows_wait_until_a_newcomer_takes_them() -> None:
    race = FirmsRace()
    assert race.world.suppliers["standing"][NEWCOMER : NEWCOMER + 2].tolist() == [WAITING, WAITING]
    assert race.world.makers["product"][NEWCOMER] == NOBODY
    assert (race.cash(NEWCOMER), race.supplier(NEWCOMER).capacity) == (0, 0)


def test_newcomers_come_at_their_rate() -> None:
    race = FirmsRace("entry.places=1000", "entry.rate=1.5")
    counts = []
    for week in range(300):
        before = entered(race)
        admit_workshops(race.world, race.params, week, race.seed)
        counts.append(entered(race) - before)
        publish(race.world)
    assert mean_agrees(counts, 1.5)
    assert race.world.flows[WORKSHOP].entered == sum(counts)


def test_no_more_enter_than_there_are_places() -> None:
    race = FirmsRace("entry.rate=50")
    admit_workshops(race.world, race.params, WEEK, race.seed)
    assert entered(race) == 6
    assert (race.world.suppliers["standing"][NEWCOMER : NEWCOMER + 2] == IN_APPROVAL).all()
    assert race.world.flows[WORKSHOP].entered == 2


def test_nobody_enters_at_rate_0_or_where_there_is_nobody_to_learn_from() -> None:
    race = FirmsRace("entry.rate=0")
    admit_workshops(race.world, race.params, WEEK, race.seed)
    assert entered(race) == 4
    race = FirmsRace("entry.rate=50", "workshops.count=0")
    admit_workshops(race.world, race.params, WEEK, race.seed)
    assert entered(race) == 0


def test_a_newcomer_s_owners_pay_in_and_its_plant_stands() -> None:
    race = FirmsRace("workshop_accounts.initial_cash=70000")
    owners = race.held_by(OWNERS)
    enter(race)
    supplier = race.supplier(NEWCOMER)
    assert (supplier.standing, supplier.since, supplier.capacity, supplier.foreign) == (IN_APPROVAL, WEEK, 100, 0)
    assert (race.cash(NEWCOMER), race.held_by(OWNERS) - owners) == (70_000, -70_000)
    assert race.booked() == {"paid_in": 70_000}


def test_foreign_firms_bring_the_primes_means() -> None:
    race = FirmsRace("entry.foreign_share=1")
    enter(race)
    assert (race.supplier(NEWCOMER).foreign, race.cash(NEWCOMER)) == (1, 5_000_000)


def test_the_share_of_foreign_firms_is_as_set() -> None:
    race = FirmsRace("entry.places=600", "entry.rate=600", "entry.foreign_share=0.3", "entry.flips=0")
    admit_workshops(race.world, race.params, WEEK, race.seed)
    count = entered(race) - 4
    assert share_agrees(race.world.suppliers["foreign"].sum() / count, 0.3, count)


def test_it_begins_a_few_flips_from_a_published_design() -> None:
    race = FirmsRace("entry.flips=3", "founders.origin=independent")
    for week in range(20):
        enter(race, week=week)
        product = race.fielded(NEWCOMER)
        parents = [one for one in race.world.published[:4] if one.family == product.family]
        assert len(parents) == 1
        distance = (int(product.design) ^ int(parents[0].design)).bit_count()
        assert distance in (1, 3)
        assert product.quality == quality_sum(race.world.landscape, product.design)
        assert (product.status, product.week_fielded) == (FIELDED, week + 1)
        assert race.world.makers[NEWCOMER].estimate == parents[0].estimate


def test_without_flips_it_copies_and_any_of_those_seen_may_be_copied() -> None:
    race = FirmsRace("entry.flips=0", "founders.origin=independent")
    families = []
    for week in range(400):
        enter(race, week=week)
        families.append(int(race.fielded(NEWCOMER).family))
        assert race.fielded(NEWCOMER).design == race.world.published[families[-1]].design
    counts = np.bincount(families, minlength=4)
    assert all(share_agrees(count / 400, 0.25, 400) for count in counts)


def test_newcomers_of_one_week_have_not_seen_each_other() -> None:
    race = FirmsRace("entry.places=200", "entry.rate=200", "founders.origin=independent")
    admit_workshops(race.world, race.params, WEEK, race.seed)
    for i in range(NEWCOMER, entered(race)):
        product = race.fielded(i)
        assert product.family < NEWCOMER
        assert product.quality == quality_sum(race.world.landscape, product.design)


@pytest.mark.parametrize("weeks", [0, 1, 4])
def test_a_newcomer_may_be_ordered_from_once_its_model_is_approved(weeks: int) -> None:
    race = FirmsRace(f"entry.approval_weeks={weeks}")
    enter(race)
    race.world.economy[0].workshops = NEWCOMER + 1
    for week in range(WEEK, WEEK + weeks):
        approve(race.world, race.params, week)
        assert race.supplier(NEWCOMER).standing == IN_APPROVAL
    approve(race.world, race.params, WEEK + weeks)
    assert (race.supplier(NEWCOMER).standing, race.supplier(NEWCOMER).since) == (ACTIVE, WEEK + weeks)


def test_it_quotes_its_price_before_anybody_orders() -> None:
    race = FirmsRace("entry.approval_weeks=0")
    enter(race)
    race.world.economy[0].workshops = NEWCOMER + 1
    approve(race.world, race.params, WEEK)
    assert (race.supplier(NEWCOMER).cost, race.supplier(NEWCOMER).price) == (500, 600)


def test_approval_changes_nobody_else_s_standing() -> None:
    race = FirmsRace("entry.approval_weeks=0")
    race.stop(1)
    before = race.world.suppliers["standing"].copy()
    approve(race.world, race.params, WEEK)
    assert (race.world.suppliers["standing"] == before).all()
    assert (race.world.suppliers["since"] == 0).all()
