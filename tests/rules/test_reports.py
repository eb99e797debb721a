"""Reports: who learns what, and when."""

from typing import Any

import numpy as np
import pytest

from race_sim.records import NOBODY
from race_sim.rules.products import field_product
from race_sim.rules.reports import deliver_reports, publish, queue_reports
from race_sim.rules.workshop import start_trial
from tests.bare_race import BareRace
from tests.chance import agrees


def report(race: BareRace, week: int, results: dict[int, tuple[int, int]]) -> None:
    """Queue the reports of a week in which product rows had these (sorties, hits)."""
    race.fly({row: sorties for row, (sorties, _) in results.items()})
    race.world.products["losses"] = 0.0
    race.engage(week)
    for row, (sorties, hits) in results.items():
        race.world.products[row].hits = hits
        race.world.products[row].stopped = sorties - hits
        race.world.products[row].losses[row % 4] = sorties - hits
    queue_reports(race.world, race.params, week, race.seed)


def own_row(race: BareRace, maker: int = 0) -> int:
    return int(race.world.makers[maker].product)


def trial_of(race: BareRace, week: int, maker: int = 0) -> tuple[Any, int]:
    """A new trial of a workshop and its product row."""
    row = int(start_trial(race.world, maker, np.uint64(0), 0, maker, race.params, week))
    return next(one for one in race.world.trials[maker] if one.active and one.product == row), row


@pytest.mark.parametrize("delay", [0, 1, 4])
def test_a_report_arrives_exactly_after_the_delay(delay: int) -> None:
    race = BareRace(f"feedback.delay_weeks={delay}")
    heard = []
    for week in range(8):
        race.fly({})
        if week == 2:
            report(race, week, {own_row(race): (10, 4)})
        deliver_reports(race.world, race.params, week)
        heard.append(race.world.makers[0].evidence > 0)
    assert heard == [week >= 2 + delay for week in range(8)]
    assert race.tally.reports == 0


def test_reports_sent_under_different_delays_each_arrive_when_due() -> None:
    race = BareRace("feedback.delay_weeks=5", "feedback.memory=0")
    report(race, 0, {own_row(race): (10, 4)})
    race.params[0].feedback_delay_weeks = 1
    report(race, 1, {own_row(race): (20, 4)})
    report(race, 2, {own_row(race): (30, 4)})
    arrived = []
    for week in range(1, 7):
        deliver_reports(race.world, race.params, week)
        arrived.append(float(race.world.makers[0].evidence))
    assert arrived == [0, 20, 30, 0, 10, 0]


def test_only_what_workshops_field_or_try_is_reported(race: BareRace) -> None:
    _, on_trial = trial_of(race, 0)
    old = race.add_product(maker=1)
    prime = own_row(race, 4)
    report(race, 0, {own_row(race): (10, 4), on_trial: (5, 1), old: (8, 2), prime: (50, 9)})
    reports = race.world.reports[: race.tally.reports]
    assert sorted(reports["sorties"]) == [5, 10]


def test_belief_moves_by_beta_binomial_and_evidence_fades() -> None:
    race = BareRace("feedback.delay_weeks=0", "feedback.memory=0.7", "workshops.prior_weight=4")
    maker = race.world.makers[0]
    maker.estimate = 0.5
    report(race, 0, {own_row(race): (10, 2)})
    deliver_reports(race.world, race.params, 0)
    assert maker.estimate == pytest.approx((2 + 4 * 0.5) / 14)
    first = float(maker.estimate)
    report(race, 1, {own_row(race): (20, 10)})
    deliver_reports(race.world, race.params, 1)
    weight = 4 + 0.7 * 10
    assert maker.estimate == pytest.approx((10 + weight * first) / (20 + weight))
    assert maker.evidence == pytest.approx(0.7 * 10 + 20)


def test_belief_stays_while_there_is_no_news(race: BareRace) -> None:
    race.world.makers[0].estimate = 0.123
    for week in range(30):
        race.fly({})
        deliver_reports(race.world, race.params, week)
    assert race.world.makers[0].estimate == 0.123


def test_blame_is_added_up_by_module_and_fades() -> None:
    race = BareRace("feedback.delay_weeks=0", "feedback.memory=0.7")
    row = own_row(race)
    for week in range(2):
        report(race, week, {row: (10, 4)})
        deliver_reports(race.world, race.params, week)
    losses = np.zeros(8)
    losses[row % 4] = 0.7 * 6 + 6
    assert race.world.makers[0].losses == pytest.approx(losses)
    assert race.world.makers[1].losses.sum() == 0


def test_a_trial_and_its_yardstick_count_over_the_same_calendar_weeks() -> None:
    race = BareRace("feedback.delay_weeks=2", "workshops.iteration_weeks=5", "feedback.shuffled=false")
    trial, row = trial_of(race, 10)
    assert (trial.start, trial.last_evidence, trial.due) == (11, 13, 15)
    for week in range(8, 18):
        report(race, week, {own_row(race): (100 + week, week), row: (week, 1)})
        deliver_reports(race.world, race.params, week)
    assert trial.fielded_sorties == sum(100 + week for week in (11, 12, 13))
    assert trial.fielded_hits == 11 + 12 + 13
    assert (trial.sorties, trial.hits) == (11 + 12 + 13, 3)


def test_a_trial_says_nothing_of_the_fielded_design_nor_of_another_trial() -> None:
    race = BareRace("feedback.delay_weeks=0", "workshops.variants_per_cycle=2")
    one, row = trial_of(race, 0)
    other, _ = trial_of(race, 0)
    race.world.makers[0].estimate = 0.5
    report(race, 1, {row: (10, 0)})
    deliver_reports(race.world, race.params, 1)
    assert (one.sorties, other.sorties) == (10, 0)
    assert race.world.makers[0].estimate == 0.5
    assert race.world.makers[0].evidence == 0


def test_a_late_report_on_a_replaced_design_says_nothing_of_the_new_one() -> None:
    race = BareRace("feedback.delay_weeks=3")
    report(race, 0, {own_row(race): (100, 0)})
    field_product(race.world, race.add_product(), 1, 0.6)
    for week in range(1, 6):
        race.fly({})
        deliver_reports(race.world, race.params, week)
    assert race.world.makers[0].estimate == 0.6


# The control that severs evidence from one's own design


def one_week_of_reports(race: BareRace, rows: list[int], week: int) -> np.ndarray:
    """Reports on these products, the n-th of which flew 100 + n sorties."""
    race.tally.reports = 0
    report(race, week, {row: (100 + place, place) for place, row in enumerate(rows)})
    return race.world.reports[: race.tally.reports].copy()


def fielded_and_trials(race: BareRace) -> list[int]:
    """Rows of what four workshops field, then of a trial of each."""
    return [own_row(race, maker) for maker in range(4)] + [trial_of(race, 0, maker)[1] for maker in range(4)]


def test_shuffled_reports_are_a_permutation_among_fielded_and_among_trials() -> None:
    races = [BareRace(f"feedback.shuffled={switch}") for switch in ("false", "true")]
    plain, mixed = (one_week_of_reports(race, fielded_and_trials(race), 0) for race in races)
    for name in ("maker", "trial", "week", "due"):
        assert (plain[name] == mixed[name]).all()
    for group in (plain["trial"] == NOBODY, plain["trial"] != NOBODY):
        whole = [sorted((one.sorties, one.hits, *one.losses) for one in reports[group]) for reports in (plain, mixed)]
        assert whole[0] == whole[1]
    assert (plain["sorties"] != mixed["sorties"]).any()


def test_every_workshop_is_as_likely_to_get_any_other_s_report() -> None:
    race = BareRace("feedback.shuffled=true")
    rows = fielded_and_trials(race)
    fielded, trials = np.zeros((4, 4)), np.zeros((4, 4))
    for week in range(800):
        for one in one_week_of_reports(race, rows, week):
            (fielded if one.trial == NOBODY else trials)[one.maker, (one.sorties - 100) % 4] += 1
    for counts in (fielded, trials):
        assert (counts.sum(axis=0) == 800).all()
        assert agrees(counts)


# What peers see


def test_peers_see_what_a_maker_fields_and_what_it_believes(race: BareRace) -> None:
    row = race.add_product(0xABC, maker=2)
    field_product(race.world, row, 0, 0.77)
    assert race.world.published[2].design != 0xABC
    publish(race.world)
    published, product = race.world.published[2], race.world.products[row]
    assert (published.design, published.quality, published.family) == (0xABC, product.quality, product.family)
    assert published.estimate == 0.77
    assert race.world.published["design"].tolist().count(0xABC) == 1
