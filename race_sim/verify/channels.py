"""Limit 7 at single workshops of the Mesa driver: which information reaches a decision, and which does not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from race_sim.agents import Workshop
from race_sim.verify.check import STANDARD_ERRORS, Check, above, at_least, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.sample import Estimate, Numbers, correlation
from race_sim.verify.trials import Log, NotedRace

CHANNELS = ("baseline", "blind_drift", "shuffled_feedback")
FAINT = 0.005
"""Bench noise of 10 hides differences of quality of 0.02, but for this part of a standard deviation."""
ALONE = ("teams.count=0", "operators.crews=100000000", "operators.drop_after_weeks=0", "run.weeks=30")
"""Nothing but sharing lets one workshop notice another."""


class Trials(NamedTuple):
    """Judged trials, one column a quantity."""

    week: Numbers
    reported_sorties: Numbers
    reported_hits: Numbers
    sorties: Numbers
    hits: Numbers
    expected_hits: Numbers
    merit: Numbers
    adopted: Numbers


def noted(drivers: Drivers, name: str) -> tuple[Trials, Log]:
    """Run a control with harness workshops; all trials judged, and the rest of the notes."""
    logs = []
    parts = []
    for seed in range(400, 400 + drivers.sample(2, 1)):
        weeks = drivers.sample(156, 80)
        scenario = drivers.given(name, [f"run.weeks={weeks}"])
        race = type(NotedRace.__name__, (NotedRace, drivers.model), {})(scenario, seed=seed)
        race.run()
        columns = race.log.columns()
        columns[0] += weeks * seed
        parts.append(columns)
        logs.append(race.log)
    together = Log()
    for log in logs:
        together.aimed += log.aimed
        together.benched += log.benched
    return Trials(*np.concatenate(parts, axis=1)), together


def cut(what: str, estimate: Estimate, slack: float = 0.0, expected: float = 0.0) -> Check:
    """A check that a channel carries nothing: a statistic is what chance makes it."""
    return equal(
        "7",
        "mesa",
        what,
        expected=expected,
        measured=estimate.value,
        tolerance=STANDARD_ERRORS * estimate.error + slack,
    )


def works(what: str, estimate: Estimate, chance: float = 0.0) -> Check:
    """A check that a channel carries something: a statistic above what chance makes it."""
    bound = chance + STANDARD_ERRORS * estimate.error
    return above("7", "mesa", what, bound=bound, measured=estimate.value)


def check_channels(drivers: Drivers) -> Iterator[Check]:
    """Evidence, bench and aim, in the baseline and in the controls that cut them; then sharing."""
    for name in CHANNELS:
        yield from check_channel(drivers, name)
    for name in ("baseline", "no_sharing"):
        yield from check_isolation(drivers, name)


def check_channel(drivers: Drivers, name: str) -> Iterator[Check]:
    """Evidence, bench and aim in one scenario."""
    trials, log = noted(drivers, name)
    yield from check_reports(name, trials)
    yield from check_adoption(name, trials)
    yield from check_search(drivers, name, log)


def check_reports(name: str, trials: Trials) -> Iterator[Check]:
    """Reports tell of one's own trial; shuffled, of a trial of the same week, whichever."""
    lost = trials.reported_hits.sum() - trials.hits.sum()
    yield equal("7", "mesa", f"{name}: hits of trials that reports add or lose", expected=0, measured=lost)
    if name == "shuffled_feedback":
        told = trials.reported_hits / np.maximum(trials.reported_sorties, 1)
        estimate = correlation(trials.week, told, trials.hits / trials.sorties)
        yield cut(f"{name}: correlation of reported with true hits a sortie, within weeks", estimate)
        return
    wrong = (trials.reported_hits != trials.hits) | (trials.reported_sorties != trials.sorties)
    yield equal("7", "mesa", f"{name}: trials whose report is not the truth", expected=0, measured=wrong.sum())


def check_adoption(name: str, trials: Trials) -> Iterator[Check]:
    """Whether a variant is adopted has to do with its merit, and with its luck at the front, or with neither."""
    check = works if name == "baseline" else cut
    luck = trials.hits - trials.expected_hits
    yield check(
        f"{name}: correlation of adoption with chance hits of the trial, within weeks",
        correlation(trials.week, luck, trials.adopted),
    )
    flown = ~np.isnan(trials.merit)
    yield check(
        f"{name}: correlation of adoption with true gain in success, within weeks",
        correlation(trials.week[flown], trials.merit[flown], trials.adopted[flown]),
    )


def check_search(drivers: Drivers, name: str, log: Log) -> Iterator[Check]:
    """Flips are aimed where reports blame, and the bench finds the better candidate; blind drift does neither."""
    changed, inside = np.array(log.aimed).sum(axis=0)
    share = 1.0 / drivers.given(name).parameters.design.modules
    aim = Estimate(float(inside / changed), math.sqrt(share * (1.0 - share) / changed))
    benched = np.array(log.benched)
    bench = Estimate(float(benched.mean()), 1.0 / math.sqrt(len(benched)))
    words = f"{name}: share of changed bits in the module that reports blame most"
    picked = f"{name}: quality of the candidate flown above the mean, in standard deviations"
    if name == "blind_drift":
        yield cut(words, aim, expected=share)
        yield cut(picked, bench, slack=FAINT)
    else:
        yield works(words, aim, chance=share)
        yield works(picked, bench)


class FirstIdle(Workshop):
    """A harness: workshop 0 does nothing when its cycle ends."""

    def adapt(self) -> None:
        """Adapt, but for workshop 0."""
        if self.number > 0:
            super().adapt()


def check_isolation(drivers: Drivers, name: str) -> Iterator[Check]:
    """Workshops that do not share are not touched by what another does."""
    scenario = drivers.given(name, ALONE)
    races = [race(scenario, seed=5) for race in (drivers.model, drivers.manned(workshop_class=FirstIdle))]
    for race in races:
        race.run()
    designs = [[workshop.design for workshop in race.workshops[1:]] for race in races]
    touched = sum(one != other for one, other in zip(*designs, strict=True))
    words = f"{name}: other workshops whose design changes when one of them stops adapting"
    if name == "no_sharing":
        yield equal("7", "mesa", words, expected=0, measured=touched)
    else:
        yield at_least("7", "mesa", words, bound=1, measured=touched)
