"""Limit 7: each control cuts the channel it says, and the others still work."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from race_sim.records import PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.verify.channels import check_channels
from race_sim.verify.check import STANDARD_ERRORS, Check, above, at_least, equal
from race_sim.verify.drivers import Drivers
from race_sim.verify.picks import differing_runs, everything
from race_sim.verify.sample import Numbers, mean

FREEZE = 26
"""Week from which red is frozen."""
MEASURED = slice(FREEZE, None)
LATE = slice(104, 156)
"""The last year of a race."""
MATCHED = 0.03
"""How far blind drift's rate of adoption may be from the baseline's, which it is set to match."""


def check_controls(drivers: Drivers) -> Iterator[Check]:
    """Recorded columns of all controls, then what passes through the hands of single workshops; output is given."""
    seeds = range(300, 300 + drivers.sample(24, 12))
    names = (
        "baseline",
        "no_red",
        "frozen_red",
        "frozen_blue",
        "no_sharing",
        "blind_drift",
        "shuffled_feedback",
    )
    records = {name: drivers.ensemble(drivers.given(name), seeds) for name in names}
    yield from check_no_red(drivers, records["no_red"])
    yield from check_frozen_red(records["frozen_red"], records["baseline"])
    yield from check_frozen_blue(records["frozen_blue"])
    yield from check_sharing(drivers, records)
    yield from check_judgement(drivers, records)
    yield from check_matched(*(drivers.ensemble(drivers.load(name), seeds) for name in ("baseline", "blind_drift")))
    yield from check_channels(drivers)


def count(records: Records, field: str, kind: int, weeks: slice = slice(None)) -> Numbers:
    """A recorded count of every run, summed over weeks."""
    return np.asarray(records.weekly["kinds"][field][:, weeks, kind].sum(axis=1), dtype=np.float64)


def success(records: Records, weeks: slice, kind: int = WORKSHOP) -> Numbers:
    """Hits a sortie of every run."""
    return count(records, "hits", kind, weeks) / count(records, "sorties", kind, weeks)


def adopted_share(records: Records, weeks: slice = slice(None)) -> float:
    """Share of the trials judged in these weeks that were adopted."""
    adopted = count(records, "trials_adopted", WORKSHOP, weeks)
    return float(adopted.sum() / count(records, "trials_judged", WORKSHOP, weeks).sum())


def nothing(what: str, measured: float) -> Check:
    """A check that something never happens."""
    return equal("7", "ensemble", what, expected=0, measured=float(measured))


def something(what: str, measured: float) -> Check:
    """A check that something happens in every run."""
    return at_least("7", "ensemble", what, bound=1, measured=float(measured))


def rises(what: str, differences: Numbers) -> Check:
    """A check that paired differences are positive, beyond what chance does."""
    estimate = mean(differences)
    return above("7", "ensemble", what, bound=STANDARD_ERRORS * estimate.error, measured=estimate.value)


def check_no_red(drivers: Drivers, records: Records) -> Iterator[Check]:
    """Nobody stops anything; makers still learn, as is seen best from founders that have not climbed."""
    yield nothing("no_red: sorties stopped", count(records, "stopped", TOTAL).sum())
    yield nothing("no_red: countermeasures standing", records.weekly["countermeasures_standing"].sum())
    generations = count(records, "designs_fielded", PRIME)
    yield something("no_red: fewest generations fielded by primes in a race", generations.min())
    random = drivers.given("no_red", ["founders.climb_evaluations=0"])
    quality = drivers.ensemble(random, range(records.runs)).weekly["kinds"]["quality"][..., WORKSHOP]
    yield rises(
        "no_red: gain in quality of workshops' designs over the race, from random founders",
        quality[:, -1] - quality[:, 0],
    )


def check_frozen_red(records: Records, baseline: Records) -> Iterator[Check]:
    """What stands in week 26 stays and goes on stopping; makers escape it."""
    weekly = records.weekly
    before = (everything(records.weekly[:, :FREEZE]), everything(baseline.weekly[:, :FREEZE]))
    yield nothing("frozen_red: races that differ from the baseline before week 26", differing_runs(*before))
    yield nothing(
        "frozen_red: countermeasures fielded from week 26 on",
        weekly["countermeasures_fielded"][:, FREEZE:].sum(),
    )
    for field in ("countermeasures_standing", "mean_reach"):
        frozen = weekly[field][:, FREEZE:]
        yield nothing(f"frozen_red: largest change of {field} after week 26", np.ptp(frozen, axis=1).max())
    stopped = count(records, "stopped", TOTAL, LATE)
    yield something("frozen_red: fewest sorties stopped in the last year of a race", stopped.min())
    yield rises(
        "frozen_red: hits a sortie of workshops in the last year, less the baseline's",
        success(records, LATE) - success(baseline, LATE),
    )


def check_frozen_blue(records: Records) -> Iterator[Check]:
    """No design changes; teams go on finding answers."""
    weekly = records.weekly
    yield nothing("frozen_blue: designs fielded", count(records, "designs_fielded", TOTAL).sum())
    yield nothing("frozen_blue: trial sorties", count(records, "trial_sorties", TOTAL).sum())
    for kind, name in ((WORKSHOP, "workshops"), (PRIME, "primes")):
        change = np.ptp(weekly["kinds"]["quality"][..., kind], axis=1)
        yield nothing(f"frozen_blue: largest change of quality of {name}' designs", change.max())
    fielded = weekly["countermeasures_fielded"][:, FREEZE:].sum(axis=1)
    yield something("frozen_blue: fewest countermeasures fielded in a race from week 26 on", fielded.min())
    yield rises(
        "frozen_blue: loss of hits a sortie, all makers, from the first 4 weeks to the last year",
        success(records, slice(0, 4), TOTAL) - success(records, LATE, TOTAL),
    )


def check_sharing(drivers: Drivers, records: dict[str, Records]) -> Iterator[Check]:
    """Peers are copied as often as the scenario says, or never."""
    for name in ("no_sharing", "blind_drift"):
        yield nothing(f"{name}: designs copied", count(records[name], "copied", WORKSHOP).sum())
    for name in ("baseline", "shuffled_feedback"):
        workshops = drivers.given(name).parameters.workshops
        cycles = records[name].runs * records[name].weeks * workshops.count
        share = workshops.copy_probability
        yield equal(
            "7",
            "ensemble",
            f"{name}: share of cycles that start from a peer's design",
            expected=share,
            measured=float(count(records[name], "copied", WORKSHOP).sum()) / cycles,
            tolerance=STANDARD_ERRORS * math.sqrt(share * (1 - share) / cycles),
        )
    adopted = count(records["no_sharing"], "trials_adopted", WORKSHOP)
    yield something("no_sharing: fewest trials adopted in a race", adopted.min())


def check_judgement(drivers: Drivers, records: dict[str, Records]) -> Iterator[Check]:
    """Trials are judged everywhere; by chance, and as often adopted as in the baseline, under blind drift."""
    for name in ("baseline", "shuffled_feedback", "blind_drift"):
        parameters = drivers.given(name).parameters
        # with a cycle of a week, one trial is flown every week, from week 0 on
        weeks = parameters.run.weeks - parameters.feedback.delay_weeks
        yield equal(
            "7",
            "ensemble",
            f"{name}: trials judged in a race, as reports arrive",
            expected=parameters.workshops.count * weeks,
            measured=float(count(records[name], "trials_judged", WORKSHOP).mean()),
        )
    chance = drivers.given("blind_drift").parameters.workshops.adoption_probability
    judged = count(records["blind_drift"], "trials_judged", WORKSHOP).sum()
    yield equal(
        "7",
        "ensemble",
        "blind_drift: share of trials adopted",
        expected=chance,
        measured=adopted_share(records["blind_drift"]),
        tolerance=STANDARD_ERRORS * math.sqrt(chance * (1 - chance) / judged),
    )
    fielded = records["blind_drift"].weekly["countermeasures_fielded"][:, FREEZE:].sum(axis=1)
    yield something("blind_drift: fewest countermeasures fielded in a race from week 26 on", fielded.min())


def check_matched(baseline: Records, blind_drift: Records) -> Iterator[Check]:
    """Blind drift adopts as often as the baseline, both as the library has them, with accounts."""
    yield equal(
        "7",
        "ensemble",
        "blind_drift: share of trials adopted after the burn-in, against the baseline's",
        expected=adopted_share(baseline, MEASURED),
        measured=adopted_share(blind_drift, MEASURED),
        tolerance=MATCHED,
    )
