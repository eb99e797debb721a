"""Limit 6: every draw is keyed: same seed, same bytes, however a race is run; a lever changes no other draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from race_sim.agents import CountermeasureTeam
from race_sim.scenario import Event, Scenario
from race_sim.verify.busy import FIRMS, SETTINGS, WEEKS, busy, busy_firms
from race_sim.verify.check import Check, at_least, equal
from race_sim.verify.drivers import Drivers, joined
from race_sim.verify.picks import (
    Picked,
    balance,
    differing_runs,
    everything,
    hits,
    of_primes,
    of_workshops,
    without_balance,
)
from race_sim.verify.reproduction import digests, digests_elsewhere
from race_sim.verify.sample import Numbers

EVENT_WEEK = 20
LONE = {
    "teams.count": 0,
    "operators.crews": 100_000_000,
    "operators.drop_after_weeks": 0,
}
"""Nobody stops anybody, and makers neither share crews nor are compared."""


class Gambler(CountermeasureTeam):
    """A harness: a team that also uses the random stream of Mesa, as a user's agent may."""

    def act(self) -> None:
        """Draw, and go on as ever."""
        self.random.random()
        super().act()


def differing(one: Sequence[str], other: Sequence[str]) -> int:
    """Runs whose digests differ, or are missing on one side."""
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def check_draws(drivers: Drivers) -> Iterator[Check]:
    """Repetitions in both drivers, then levers."""
    yield from check_repetitions(drivers, BUSY)
    yield from check_repetitions(drivers, BUSY_FIRMS)
    yield from check_levers(drivers)


class Repeated(NamedTuple):
    """Races that are run again: in words, with their scenario, and the settings of it without events."""

    words: str
    scenario: Callable[[Drivers], Scenario]
    settings: Sequence[str]


BUSY = Repeated("busy races", busy, SETTINGS)
BUSY_FIRMS = Repeated("busy races of firms", busy_firms, FIRMS)


def check_repetitions(drivers: Drivers, races: Repeated = BUSY) -> Iterator[Check]:
    """The same runs again: threads, blocks, order, drivers, processes."""
    words, scenario, settings = races.words, races.scenario(drivers), races.settings
    seeds = range(100, 100 + drivers.sample(60, 20))
    few = seeds[: drivers.sample(6, 3)]
    first = digests(drivers.ensemble(scenario, seeds))
    mesa = digests(drivers.mesa(scenario, few))
    again: list[tuple[str, str, Sequence[str], Sequence[str]]] = [
        ("ensemble", "same seeds again", digests(drivers.ensemble(scenario, seeds)), first),
        ("mesa", "same seeds again", digests(drivers.mesa(scenario, few)), mesa),
        ("both", "the Mesa driver against the ensemble", mesa, first[: len(few)]),
    ]
    for threads in (1, 2, 5):
        records = drivers.ensemble(scenario, seeds, threads=threads)
        again.append(("ensemble", f"threads: {threads}", digests(records), first))
    for size in (1, 3, 50):
        records = joined(list(drivers.blocks(scenario, seeds, block_runs=size)))
        again.append(("ensemble", f"runs in a block: {size}", digests(records), first))
    backwards = digests(drivers.ensemble(scenario, seeds[::-1]))[::-1]
    again.append(("ensemble", "seeds in reverse order", backwards, first))
    quiet = drivers.load("baseline", settings)
    elsewhere = digests_elsewhere("baseline", settings, few[0], len(few))
    for driver, run, there in zip(("ensemble", "mesa"), (drivers.ensemble, drivers.mesa), elsewhere, strict=True):
        here = digests(run(quiet, few))
        again.append((driver, "another process, seeds in reverse order", there, here))
    gambled = digests(drivers.mesa(scenario, few, team_class=Gambler))
    again.append(("mesa", "a team draws from Mesa's own random stream", gambled, mesa))
    for driver, what, one, other in again:
        yield equal("6", driver, f"{words} that differ: {what}", expected=0, measured=differing(one, other))
    yield at_least(
        "6",
        "ensemble",
        f"distinct {words} among those seeds, share",
        bound=1,
        measured=len(set(first)) / len(first),
    )


def before_events(weekly: Numbers) -> Picked:
    """All that is recorded before the week of the event."""
    return everything(weekly[:, :EVENT_WEEK])


def first_week(weekly: Numbers) -> Picked:
    """What flew and hit in week 0, before any countermeasure stands."""
    return [weekly["kinds"][name][:, 0] for name in ("sorties", "hits", "stock", "quality")]


def common_weeks(weekly: Numbers) -> Picked:
    """All weeks of the shorter race."""
    return everything(weekly[:, :WEEKS])


EVENTS_TO_TRY: tuple[tuple[str, bool | int | float | str], ...] = (
    ("operators.crews", 400),
    ("feedback.quality", 0.0),
    ("feedback.shuffled", True),
    ("workshops.iteration_weeks", 5),
    ("workshops.judgement", "chance"),
    ("primes.batch_weeks", 5),
    ("teams.active", False),
    ("countermeasures.breadth_step", 1.0),
)
FIRM_EVENTS_TO_TRY: tuple[tuple[str, bool | int | float | str], ...] = (
    ("exports.regime", "ban"),
    ("joint_lines.lines", 0),
    ("treasuries.partner_budget", 1_000_000),
    ("money.advance_share", 0.5),
    ("strikes.home_hazard", 0.0),
    ("money.margin", 0.5),
    ("inputs.availability", 0.1),
    ("coalition.veto_chance", 1.0),
)


class Lever(NamedTuple):
    """A change of a scenario, what of the records it must leave as it is, and what it must move."""

    lever: str
    where: str
    scenario: Scenario
    changed: Scenario
    kept: Callable[[Numbers], Picked]
    moved: Callable[[Numbers], Picked] | None = None


def levers(drivers: Drivers) -> Iterator[Lever]:
    """Levers that reach some of the records only."""
    race = busy(drivers)
    alone = drivers.load("baseline", SETTINGS).with_changes(LONE)
    baseline = drivers.given("baseline")

    def lever(
        words: str,
        where: str,
        changes: Mapping[str, object],
        kept: Callable[[Numbers], Picked],
        *,
        moved: Callable[[Numbers], Picked] | None = None,
        scenario: Scenario = race,
    ) -> Lever:
        return Lever(words, where, scenario, scenario.with_changes(changes), kept, moved)

    yield lever(
        "front.regeneration",
        "anything but the balance",
        {"front.regeneration": 400},
        without_balance,
        moved=balance,
    )
    yield lever("measures.shadow_weeks", "anything", {"measures.shadow_weeks": 0}, everything, scenario=baseline)
    yield lever(
        "run.burn_in_weeks",
        "anything but the balance",
        {"run.burn_in_weeks": 20},
        without_balance,
        moved=balance,
    )
    yield lever("run.weeks", "weeks both have", {"run.weeks": WEEKS + 20}, common_weeks)
    yield lever(
        "parameters of primes (there are none)",
        "anything",
        {"primes.development_weeks": 3, "primes.flips_per_week": 4.0, "primes.weekly_output": 7},
        everything,
        scenario=race.with_changes({"primes.count": 0}),
    )
    yield lever(
        "teams.count (none of them active)",
        "anything",
        {"teams.count": 0},
        everything,
        scenario=race.with_changes({"teams.active": False}),
    )
    yield lever(
        "teams.skill (one module to choose from)",
        "anything",
        {"teams.skill": 0.0},
        everything,
        scenario=race.with_changes({"design.modules": 1, "design.bits_per_module": 16}),
    )
    yield lever(
        "how teams work",
        "week 0",
        {"teams.count": 9, "teams.slots": 2, "teams.sensing_error": 0.2, "countermeasures.breadth": 3.0},
        first_week,
        moved=hits,
    )
    yield lever(
        "workshops.count (nobody interacting)",
        "primes",
        {"workshops.count": 5},
        of_primes,
        moved=hits,
        scenario=alone,
    )
    yield lever(
        "how workshops learn (nobody interacting)",
        "primes",
        {"feedback.quality": 0.0, "workshops.judgement": "chance", "workshops.copy_probability": 0.9},
        of_primes,
        moved=hits,
        scenario=alone,
    )
    yield lever(
        "how primes develop (nobody interacting)",
        "workshops",
        {"primes.flips_per_week": 3.0, "primes.search_evaluations": 5, "primes.standards": 2},
        of_workshops,
        moved=hits,
        scenario=alone,
    )
    for own, events in ((race, EVENTS_TO_TRY), (busy_firms(drivers), FIRM_EVENTS_TO_TRY)):
        for path, value in events:
            later = replace(own, events=(*own.events, Event(EVENT_WEEK, path, value)))
            yield Lever(f"{path} from week {EVENT_WEEK} on", "earlier weeks", own, later, before_events, everything)
    firms = busy_firms(drivers)
    yield lever(
        "money (output given)",
        "anything",
        {
            "treasuries.home_budget": 1,
            "workshop_accounts.unit_cost": 9999,
            "entry.rate": 5.0,
            "strikes.home_hazard": 1.0,
        },
        everything,
    )
    yield lever(
        "what strikes and vetoes may do (they never happen)",
        "anything",
        {"strikes.capacity_lost": 1.0, "strikes.repair_cost": 1.0, "coalition.members_share": 0.1},
        everything,
        scenario=replace(
            firms.with_changes(
                {
                    "strikes.home_hazard": 0.0,
                    "strikes.abroad_hazard": 0.0,
                    "strikes.depot_hazard": 0.0,
                    "coalition.veto_chance": 0.0,
                }
            ),
            events=(),
        ),
    )


def check_levers(drivers: Drivers) -> Iterator[Check]:
    """Every lever leaves what it does not reach, and moves what it does."""
    seeds = range(200, 200 + drivers.sample(30, 8))
    for driver, run in drivers.each(seeds, few=1):
        for lever in levers(drivers):
            before, after = run(lever.scenario).weekly, run(lever.changed).weekly
            yield equal(
                "6",
                driver,
                f"races that differ in {lever.where} by {lever.lever}",
                expected=0,
                measured=differing_runs(lever.kept(before), lever.kept(after)),
            )
            if lever.moved is not None and driver == "ensemble":
                moved = differing_runs(lever.moved(before), lever.moved(after))
                yield at_least(
                    "6",
                    driver,
                    f"share of races that differ elsewhere by {lever.lever}",
                    bound=0.5,
                    measured=moved / len(before),
                )
