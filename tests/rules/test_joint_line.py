"""Joint lines: with whom they are agreed, what they take over, how they follow their workshop, how they end."""

from typing import Any

import pytest

from race_sim.firms import ACTIVE, BANKS, HOME, IN_APPROVAL, PARTNERS, RING_WEEKS, SCRAPPED_AT_MAKERS, STOPPED, WAITING
from race_sim.records import JOINT_LINE, NEVER, RETIRED
from race_sim.records import PRIME as PRIMES
from race_sim.rules.joint_line import (
    agree_lines,
    first_line,
    has_running_line,
    integration_weeks,
    lines_of,
    prime_for_line,
    run_line,
    workshop_for_line,
)
from race_sim.rules.plant import begin_work, open_plant
from race_sim.rules.prime import programme_weeks
from race_sim.rules.settlement import collect, stop_maker
from tests.bare_race import latest
from tests.firms_race import LINE, PRIME, FirmsRace

WEEK = 5
QUICK = ("joint_lines.lines=1", "joint_lines.setup_weeks=1", "joint_lines.integration_weeks=0")
AMPLE = "joint_lines.budget=900000"  # orders for 750 drones a week, more than any plant here
FAR = 1 << 5


def agree(race: FirmsRace, week: int = WEEK) -> Any:
    agree_lines(race.world, race.params, week)
    return race.supplier(LINE)


def opened(*overrides: str) -> FirmsRace:
    """A race whose first line, of workshop 0 and the first prime, opened in week 0 and builds from week 1 on."""
    race = FirmsRace(*latest(*QUICK, AMPLE, *overrides))
    race.world.published["estimate"][:4] = [0.5, 0.2, 0.2, 0.2]
    agree(race, 0)
    run_line(race.world, LINE, race.params, 0)
    assert race.supplier(LINE).standing == ACTIVE
    return race


def publish_another(race: FirmsRace, flip: int = FAR) -> int:
    """Workshop 0 publishes another design."""
    published = race.world.published[0]
    published.design ^= type(published.design)(flip)
    return int(published.design)


# Agreement


def test_lines_come_after_all_other_makers() -> None:
    race = FirmsRace()
    assert first_line(race.world) == LINE
    assert race.world.suppliers["standing"][LINE:].tolist() == [WAITING, WAITING]


def test_the_best_reported_workshop_joins_the_prime_with_fewest_lines_and_most_plant() -> None:
    race = FirmsRace("joint_lines.lines=2")
    race.world.published["estimate"][:4] = [0.2, 0.5, 0.3, 0.4]
    race.supplier(PRIME + 1).capacity = 600
    agree(race)
    agree(race, WEEK + 1)
    lines = [race.supplier(i) for i in (LINE, LINE + 1)]
    assert [(int(line.prime), int(line.workshop)) for line in lines] == [(PRIME + 1, 1), (PRIME, 3)]
    assert [(int(line.standing), int(line.since)) for line in lines] == [(IN_APPROVAL, WEEK), (IN_APPROVAL, WEEK + 1)]
    assert [int(lines_of(race.world, i)) for i in (0, 1, 3, PRIME, PRIME + 1)] == [0, 1, 1, 1, 1]


def test_stopped_makers_are_not_asked() -> None:
    race = FirmsRace("joint_lines.lines=1")
    race.world.published["estimate"][:4] = [0.2, 0.5, 0.3, 0.4]
    race.stop(1)
    race.stop(PRIME)
    assert (prime_for_line(race.world), workshop_for_line(race.world)) == (PRIME + 1, 3)
    race.stop(PRIME + 1)
    assert agree(race).standing == WAITING


def test_no_more_lines_than_wanted_or_than_there_are_places() -> None:
    race = FirmsRace("joint_lines.lines=1")
    for week in range(3):
        agree(race, week)
    assert race.world.economy[0].lines == 1
    race.params[0].joint_lines_lines = 9
    for week in range(3, 9):
        agree(race, week)
    assert race.world.economy[0].lines == 2


# Opening


@pytest.mark.parametrize("weeks", [1, 3])
def test_a_line_builds_so_many_weeks_after_the_agreement(weeks: int) -> None:
    race = FirmsRace(f"joint_lines.setup_weeks={weeks}", "joint_lines.lines=1", AMPLE)
    line = agree(race)
    for week in range(WEEK, WEEK + weeks - 1):
        run_line(race.world, LINE, race.params, week)
        assert line.standing == IN_APPROVAL
    run_line(race.world, LINE, race.params, WEEK + weeks - 1)
    assert line.standing == ACTIVE
    assert race.fielded(LINE).week_fielded == WEEK + weeks


def test_it_takes_over_plant_and_working_capital_and_its_workshop_s_design() -> None:
    race = opened("joint_lines.capacity=150")
    assert (race.supplier(LINE).capacity, race.supplier(PRIME).capacity) == (150, 350)
    assert race.cash(LINE) == 150 * 1000 * 8
    assert race.cash(PRIME) == 5_000_000 - 1_200_000
    assert race.booked(PRIMES) == {"handed_on": 1_200_000}
    assert race.booked(JOINT_LINE) == {"taken_over": 1_200_000}
    assert race.supplier(LINE).price == 1200
    published = race.world.published[0]
    product = race.fielded(LINE)
    assert (product.design, product.quality, product.family) == (published.design, published.quality, published.family)


def test_a_prime_gives_half_of_its_plant_at_most_and_no_more_cash_than_it_has() -> None:
    race = FirmsRace(*QUICK, AMPLE, "joint_lines.capacity=900")
    race.endow(PRIME, cash=70_000, research=30_000)
    agree(race, 0)
    run_line(race.world, LINE, race.params, 0)
    assert (race.supplier(LINE).capacity, race.supplier(PRIME).capacity) == (250, 250)
    assert (race.cash(LINE), race.cash(PRIME)) == (40_000, 30_000)


@pytest.mark.parametrize(("budget", "expected", "capacity"), [(60_000, 50.0, 60), (900_000, 150.0, 150)])
def test_it_takes_the_plant_that_its_share_of_the_budget_needs(budget: int, expected: float, capacity: int) -> None:
    race = opened("joint_lines.capacity=150", f"joint_lines.budget={budget}")
    assert race.supplier(LINE).expected_orders == expected
    assert race.supplier(LINE).capacity == capacity


def test_a_line_does_not_open_before_there_is_a_budget() -> None:
    race = FirmsRace(*QUICK)
    agree(race, 0)
    run_line(race.world, LINE, race.params, 3)
    assert (race.supplier(LINE).standing, race.supplier(PRIME).capacity) == (IN_APPROVAL, 500)
    race.params[0].joint_lines_budget = 60_000
    run_line(race.world, LINE, race.params, 4)
    assert (race.supplier(LINE).standing, race.supplier(PRIME).capacity) == (ACTIVE, 440)


def test_the_plant_of_a_line_that_cannot_pay_goes_back_to_its_prime() -> None:
    race = opened("joint_lines.capacity=150")
    stop_maker(race.world, LINE, WEEK)
    assert (race.supplier(LINE).capacity, race.supplier(PRIME).capacity) == (0, 500)


# Refreshing


def test_the_design_is_refreshed_every_few_weeks() -> None:
    race = opened("joint_lines.sync_weeks=6")
    first = int(race.fielded(LINE).design)
    wanted = publish_another(race)
    for week in range(1, 6):
        run_line(race.world, LINE, race.params, week)
        assert race.fielded(LINE).design == first
    run_line(race.world, LINE, race.params, 6)
    assert race.fielded(LINE).design == wanted
    assert race.fielded(LINE).week_fielded == 7


def test_integration_takes_weeks_in_which_the_workshop_moves_on() -> None:
    race = opened("joint_lines.sync_weeks=2", "primes.standards=2", "joint_lines.pilot_weeks_saved=3")
    race.params[0].joint_lines_integration_weeks = 4
    assert integration_weeks(race.params) == 5
    first, wanted = int(race.fielded(LINE).design), publish_another(race)
    for week in range(1, 3):
        run_line(race.world, LINE, race.params, week)
    later = publish_another(race, 1 << 9)
    for week in range(3, 7):
        run_line(race.world, LINE, race.params, week)
        assert race.fielded(LINE).design == first
    run_line(race.world, LINE, race.params, 7)
    assert race.fielded(LINE).design == wanted
    run_line(race.world, LINE, race.params, 8)
    assert race.supplier(LINE).pending_design == later


def test_integration_that_ends_when_a_refresh_is_due_misses_none() -> None:
    race = opened("joint_lines.sync_weeks=3")
    race.params[0].joint_lines_integration_weeks = 3
    fielded = []
    for week in range(1, 13):
        publish_another(race, 1 << week)
        before = int(race.fielded(LINE).design)
        run_line(race.world, LINE, race.params, week)
        fielded += [week] if race.fielded(LINE).design != before else []
    assert fielded == [6, 9, 12]


def test_pilots_save_no_more_than_there_is() -> None:
    assert integration_weeks(FirmsRace("joint_lines.pilot_weeks_saved=9").params) == 0


def test_a_design_that_is_the_same_is_not_integrated_again() -> None:
    race = opened("joint_lines.sync_weeks=1")
    row = int(race.world.makers[LINE].product)
    for week in range(1, 5):
        run_line(race.world, LINE, race.params, week)
    assert race.world.makers[LINE].product == row
    assert race.supplier(LINE).ready == NEVER


def test_nothing_but_the_published_design_crosses() -> None:
    race = opened("joint_lines.sync_weeks=1")
    row = int(race.world.makers[LINE].product)
    race.world.makers[0].product = race.add_product(FAR, maker=0)
    race.world.published[1].design = FAR
    run_line(race.world, LINE, race.params, 1)
    assert race.world.makers[LINE].product == row


# Spillover


def test_a_running_line_shortens_its_prime_s_programmes() -> None:
    race = FirmsRace(*QUICK, AMPLE, "primes.development_weeks=78", "joint_lines.spillover_weeks=20")
    agree(race, 0)
    assert programme_weeks(race.world, PRIME, race.params) == 78
    run_line(race.world, LINE, race.params, 0)
    assert has_running_line(race.world, PRIME)
    assert [int(programme_weeks(race.world, i, race.params)) for i in (PRIME, PRIME + 1)] == [58, 78]
    race.params[0].joint_lines_spillover_weeks = 200
    assert programme_weeks(race.world, PRIME, race.params) == 1


# The end


def test_when_fewer_are_wanted_the_last_one_ends_and_everything_goes_back() -> None:
    race = opened("joint_lines.capacity=150")
    cash = race.cash(PRIME) + race.cash(LINE)
    race.endow(LINE, cash=race.cash(LINE), debt=70_000)
    race.hold(LINE, 40)
    race.params[0].joint_lines_lines = 0
    agree(race)
    line = race.supplier(LINE)
    assert (line.standing, line.since, line.capacity, race.supplier(PRIME).capacity) == (STOPPED, WEEK, 0, 500)
    assert (race.cash(LINE), race.debt(LINE)) == (0, 0)
    assert (race.cash(PRIME), race.debt(PRIME)) == (cash, 70_000)
    assert race.booked(PRIMES) == {"handed_on": 1_270_000, "borrowed": 70_000, "taken_over": 1_200_000}
    assert race.booked(JOINT_LINE) == {"handed_on": 1_200_000, "repaid": 70_000, "taken_over": 1_270_000}
    assert race.fielded(LINE).status == RETIRED
    assert race.world.flows[JOINT_LINE].drones[SCRAPPED_AT_MAKERS] == 40
    assert race.world.flows[JOINT_LINE].failed == 0
    assert race.is_balanced()


def test_claims_and_plant_under_way_go_back_to_the_prime_too() -> None:
    race = opened("joint_lines.capacity=150")
    begin_work(race.world, LINE, 30, 52, 0)
    slot = 9 % RING_WEEKS
    race.world.invoices[slot, [HOME, PARTNERS], LINE] = [1000, 2000]
    race.supplier(LINE).invoiced = 3000
    race.world.treasuries["committed"] = [1000, 2000]
    race.params[0].joint_lines_lines = 0
    agree(race)
    assert (race.supplier(LINE).invoiced, race.supplier(LINE).under_way) == (0, 0)
    assert (race.supplier(PRIME).invoiced, race.supplier(PRIME).under_way) == (3000, 30)
    cash, banks = race.cash(PRIME), race.held_by(BANKS)
    for i in (PRIME, LINE):
        collect(race.world, i, race.params, 9)
        open_plant(race.world, i, 52)
    assert (race.cash(PRIME) - cash, race.held_by(BANKS) - banks) == (3000, 0)
    assert (race.supplier(PRIME).capacity, race.supplier(LINE).capacity) == (530, 0)


def test_an_agreement_that_never_opened_ends_without_a_trace() -> None:
    race = FirmsRace("joint_lines.lines=1", "joint_lines.setup_weeks=20")
    agree(race, 0)
    race.params[0].joint_lines_lines = 0
    before = race.world.accounts.copy()
    agree(race, 1)
    assert race.supplier(LINE).standing == STOPPED
    assert (race.world.accounts == before).all()
    run_line(race.world, LINE, race.params, 40)
    assert race.supplier(LINE).standing == STOPPED


@pytest.mark.parametrize("wanted", [0, 1])
def test_a_line_stops_with_its_prime_and_leaves_nothing_to_it(wanted: int) -> None:
    race = opened("joint_lines.capacity=150")
    race.endow(LINE, cash=1000, debt=70_000)
    race.endow(PRIME, cash=0)
    race.stop(PRIME)
    capacity = int(race.supplier(PRIME).capacity)
    race.params[0].joint_lines_lines = wanted
    agree(race)
    run_line(race.world, LINE, race.params, WEEK)
    assert (race.supplier(LINE).standing, race.supplier(LINE).since) == (STOPPED, WEEK)
    assert (race.cash(LINE), race.debt(LINE), race.cash(PRIME), race.debt(PRIME)) == (0, 0, 0, 0)
    assert (race.supplier(LINE).capacity, race.supplier(PRIME).capacity) == (0, capacity)
    assert race.is_balanced()


def test_a_place_is_used_once() -> None:
    race = opened()
    race.params[0].joint_lines_lines = 0
    agree(race)
    race.params[0].joint_lines_lines = 1
    for week in range(6, 9):
        agree(race, week)
    assert race.world.suppliers["standing"][LINE:].tolist() == [STOPPED, IN_APPROVAL]
