"""The Mesa driver: real agents, one race, one week a step."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from race_sim.agents import (
    CountermeasureTeam,
    HomeTreasury,
    JointLine,
    Maker,
    Market,
    Operators,
    PartnerTreasury,
    Prime,
    Workshop,
)
from race_sim.errors import InputError
from race_sim.firms import HOME, PARTNERS
from race_sim.recorder import measure_decisions, measure_outcome
from race_sim.records import JOINT_LINE, KIND_NAMES, PRIME, TOTAL, WORKSHOP, World
from race_sim.results import Records
from race_sim.rules.arsenal import scrap_expired, tidy
from race_sim.rules.calendar import begin_week
from race_sim.rules.engagement import engage, gather, order_countermeasures, settle
from race_sim.rules.founding import empty_world, found, trial_slots
from race_sim.rules.front import move_front
from race_sim.rules.lives import close_lives, follow_products
from race_sim.rules.reports import deliver_reports, publish, queue_reports
from race_sim.rules.room import make_room, make_trial_room, needs_room
from race_sim.rules.strikes import strike_depots, strike_plants
from race_sim.scenario import Scenario, load
from race_sim.scenario.timeline import Timeline

SEEDS = 2**64
COLLECTED = ("sorties", "stopped", "hits", "stock", "designs_fielded", "diversity", "gap")


class RaceModel(mesa.Model):
    """One race, week by week, with an agent for every workshop, prime and countermeasure team.

    Override a method of an agent class and name the class here to change how its agents behave:

        class MyRace(RaceModel):
            workshop_class = MyWorkshop

    Args:
        setting: a `Scenario`, or the name or path of one.
        seed: the run's seed in [0, 2**64).
        rng: passed to Mesa for agents of your own that use `self.random`; the law never draws from it.

    Attributes:
        world: all state, as arrays (`race_sim.records.World`).
        params: the parameters in force this week, a one-row `race_sim.records.PARAMETERS`.
        week: the week about to be run, from 0.
        workshops, primes, joint_lines, teams, operators, home_treasury, partner_treasury, market: the agents; some
            workshops and joint lines wait until they enter (`Maker.is_active`).
        datacollector: a Mesa `DataCollector` with weekly totals and columns by kind of maker.
    """

    workshop_class: type[Workshop] = Workshop
    prime_class: type[Prime] = Prime
    team_class: type[CountermeasureTeam] = CountermeasureTeam
    operators_class: type[Operators] = Operators
    joint_line_class: type[JointLine] = JointLine
    home_treasury_class: type[HomeTreasury] = HomeTreasury
    partner_treasury_class: type[PartnerTreasury] = PartnerTreasury
    market_class: type[Market] = Market

    def __init__(self, setting: Scenario | str = "baseline", *, seed: int = 0, rng: Any = None) -> None:
        if not 0 <= seed < SEEDS:
            raise InputError(f"seed {seed!r}: must be a whole number from 0 to {SEEDS - 1}")
        super().__init__(rng=seed if rng is None else rng)
        self.setting = load(setting) if isinstance(setting, str) else setting
        self.run_seed = np.uint64(seed)
        self.timeline = self.setting.timeline()
        self.week = 0
        self.params = self.timeline.segments[:1]
        self.world: World = empty_world(self.timeline.segments)
        self.recorded = Records.empty(np.array([seed], dtype=np.uint64), len(self.timeline.segment_of_week))
        found(self.world, self.timeline.segments, self.run_seed)
        self.operators = self.operators_class(self, 0)
        self.home_treasury = self.home_treasury_class(self, HOME)
        self.partner_treasury = self.partner_treasury_class(self, PARTNERS)
        self.treasuries = (self.home_treasury, self.partner_treasury)
        self.market = self.market_class(self, 0)
        self.makers = [self._make(index) for index in range(len(self.world.makers))]
        self.workshops = [maker for maker in self.makers if isinstance(maker, Workshop)]
        self.primes = [maker for maker in self.makers if isinstance(maker, Prime)]
        self.joint_lines = [maker for maker in self.makers if isinstance(maker, JointLine)]
        self.teams = [self.team_class(self, index) for index in range(len(self.world.teams))]
        self.datacollector = mesa.DataCollector(model_reporters=self._reporters())

    def _make(self, index: int) -> Maker:
        classes = {WORKSHOP: self.workshop_class, PRIME: self.prime_class, JOINT_LINE: self.joint_line_class}
        return classes[int(self.world.makers[index].kind)](self, index)

    @property
    def weeks(self) -> int:
        """Length of the race in weeks."""
        return len(self.timeline.segment_of_week)

    def step(self) -> None:
        """Run one week of the race.

        Raises RuntimeError after the last week.
        """
        if self.week >= self.weeks:
            raise RuntimeError(f"the race is over: it lasted {self.weeks} weeks")
        self.begin_week()  # 1: timeline events
        self.pay_and_order()  # 2: treasuries receive, makers settle and invest, firms come and move, orders are placed
        self.produce()  # 3: output enters lots
        self.strike()  # 3 too: drones are bartered, plants and depots struck, markets close
        self.operators.allocate()  # 4: operators choose what flies
        self.engage()  # 5: sorties against the countermeasures that stood at the end of last week
        self.operators.review()
        self.move_front()  # 6: hits move the front
        self.observe()
        self.report()  # 7: reports set out, and arrive
        self.decide_makers()  # 8: workshops due, then primes and joint lines
        self.act_teams()  # 9: teams sense, advance, field, spread
        self.record()  # 10: the week is on record
        self.week += 1
        self.running = self.week < self.weeks

    def begin_week(self) -> None:
        """Timeline events take effect; expired lots are scrapped."""
        segment = self.timeline.segment_of_week[self.week]
        self.params = self.timeline.segments[segment : segment + 1]
        if needs_room(self.world):
            self.world = make_room(self.world)
        begin_week(self.world)
        scrap_expired(self.world, self.params, self.week)

    def pay_and_order(self) -> None:
        """Treasuries receive and pay, makers settle and invest, firms come, move and join, and orders are placed."""
        if not self.params[0].money_accounts:
            return
        for treasury in self.treasuries:
            treasury.receive()
        for maker in self.makers:
            maker.settle()
        self.market.admit()
        self.market.move()
        self.market.agree_lines()
        self.market.clear_orders()
        for treasury in self.treasuries:
            treasury.order()
        self.market.order()

    def produce(self) -> None:
        """Every maker's output of the week enters its lots."""
        for maker in self.makers:
            maker.produce()

    def strike(self) -> None:
        """Drones are bartered, plants and depots are struck, and markets close on the week's sales."""
        if not self.params[0].money_accounts:
            return
        self.home_treasury.barter()
        strike_plants(self.world, self.params, self.week, self.run_seed)
        strike_depots(self.world, self.params, self.week, self.run_seed)
        self.market.close()

    def engage(self) -> None:
        """Sorties meet the countermeasures that stood at the end of last week."""
        sorties = gather(self.world, self.week)
        standing = order_countermeasures(self.world, self.week, self.run_seed)
        engage(self.world, self.params, sorties, standing)
        settle(self.world, self.params, self.week, self.run_seed)

    def move_front(self) -> None:
        """Hits push the front balance up, regeneration pulls it down."""
        move_front(self.world, self.params, self.week)

    def observe(self) -> None:
        """Evaluate every design against this week's countermeasures and measure the week's outcome."""
        follow_products(self.world, self.params, self.week)
        measure_outcome(self.world, self.params, self.week, self.recorded.weekly[0], self.week)

    def report(self) -> None:
        """Reports of the week set out; those that have arrived are read, and peers see what each maker fields."""
        queue_reports(self.world, self.params, self.week, self.run_seed)
        deliver_reports(self.world, self.params, self.week)
        publish(self.world)

    def decide_makers(self) -> None:
        """Workshops whose cycle ends, then primes and joint lines, decide; it takes effect next week."""
        for workshop in self.workshops:
            if workshop.is_due:
                workshop.adapt()
        for prime in self.primes:
            prime.develop()
        for line in self.joint_lines:
            line.follow_workshop()

    def act_teams(self) -> None:
        """Teams field, spread and take up countermeasures; it takes effect next week."""
        if self.params[0].teams_active:
            for team in self.teams:
                team.act()

    def record(self) -> None:
        """Measure what was decided, then close up what is no longer needed."""
        measure_decisions(self.world, self.recorded.weekly[0], self.week)
        self.datacollector.collect(self)
        tidy(self.world, self.params, self.week)

    def follow(self, setting: Scenario) -> None:
        """From the next week on follow another scenario, one that has been the same until now.

        The race goes on as if it had followed it from the start, to the bit.

        Raises InputError if the two differ in length, or in a week that has been run (before the first: in week 0).
        """
        timeline = setting.timeline()
        begun = max(self.week, 1)  # makers are founded by the parameters of week 0
        if _in_force(timeline, begun) != _in_force(self.timeline, begun) or len(timeline.segment_of_week) != self.weeks:
            raise InputError(f"{setting.name}: differs from {self.setting.name} before week {self.week}: start it anew")
        self.setting, self.timeline = setting, timeline
        self.world = make_trial_room(self.world, trial_slots(timeline.segments))

    def run(self) -> Records:
        """Run the weeks that are left and return the records of the whole race."""
        while self.running:
            self.step()
        return self.records()

    def records(self) -> Records:
        """What has been recorded so far; after the last week, with the life tables of designs still followed."""
        if self.week == self.weeks and not self.recorded.lives.any():
            close_lives(self.world, self.timeline.segments, self.weeks - 1)
            self.recorded.lives[0] = self.world.lives
        return self.recorded

    @property
    def this_week(self) -> Any:
        """The record of the last week run (`race_sim.records.WEEK`).

        Raises RuntimeError before the first.
        """
        if self.week == 0:
            raise RuntimeError("no week has been run yet")
        return self.recorded.weekly[0, self.week - 1]

    def _reporters(self) -> dict[str, Any]:
        """Columns of the Mesa data collector: a few of `COLLECTED` for each kind of maker, and the front balance."""

        def column(kind: int, name: str) -> Any:
            return lambda model: model.recorded.weekly["kinds"][name][0, model.week, kind].item()

        reporters = {
            f"{KIND_NAMES[kind]}_{name}": column(kind, name) for kind in range(TOTAL + 1) for name in COLLECTED
        }
        reporters["week"] = lambda model: model.week
        reporters["front_balance"] = lambda model: float(model.recorded.weekly["front_balance"][0, model.week, 1])
        return reporters


def _in_force(timeline: Timeline, weeks: int) -> bytes:
    """Parameters of each of the first weeks."""
    return timeline.segments[timeline.segment_of_week[:weeks]].tobytes()
