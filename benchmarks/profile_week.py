"""Where a week's time goes, step by step: `python -m benchmarks.profile_week [WORKSHOPS]`; baseline without a number.

Calls the compiled steps of `race_sim.ensemble.week.run_week` one by one and takes off what a call from Python costs.
A change of that schedule has to be made here too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.races import SEED, baseline, grown
from race_sim.ensemble import week as steps
from race_sim.records import WEEK, World
from race_sim.rules.room import make_room, needs_room
from race_sim.scenario import Scenario

ROUNDS = 5


class Profile:
    """Processor seconds by step of one race."""

    def __init__(self, scenario: Scenario) -> None:
        self.segments, self.segment_of_week = scenario.timeline()
        self.weekly = np.zeros(len(self.segment_of_week), WEEK)
        self.seconds: dict[str, float] = {}
        self.world: World = steps.empty_world(self.segments)
        self.cost_of_a_call = self.least_call()

    def least_call(self) -> float:
        """Seconds that the cheapest rule takes when called from Python."""
        needs_room(self.world)
        times = []
        for _ in range(1_000):
            start = time.perf_counter()
            needs_room(self.world)
            times.append(time.perf_counter() - start)
        return float(np.median(times))

    def step(self, rule: Callable[..., object], *arguments: object) -> object:
        """Call a step and add what it took."""
        start = time.thread_time()
        result = rule(self.world, *arguments)
        taken = time.thread_time() - start - self.cost_of_a_call
        self.seconds[rule.__name__] = self.seconds.get(rule.__name__, 0.0) + taken
        return result

    def race(self) -> dict[str, float]:
        """Run one race and return its seconds by step."""
        self.seconds = {}
        seed = np.uint64(SEED)
        self.world = steps.empty_world(self.segments)
        self.step(steps.found, self.segments, seed)
        for week, segment in enumerate(self.segment_of_week):
            if needs_room(self.world):
                self.world = make_room(self.world)
            self.run_week(self.segments[segment : segment + 1], week, seed)
        return self.seconds

    def run_week(self, params: np.ndarray, week: int, seed: np.uint64) -> None:
        """The schedule of `race_sim.ensemble.week.run_week`, with `fight` taken apart."""
        self.step(steps.begin_week)
        self.step(steps.scrap_expired, params, week)
        self.step(steps.pay_and_order, params, week, seed)
        self.step(steps.produce, params, week)
        self.step(steps.strike, params, week, seed)
        self.step(steps.allocate_sorties, params, week, seed)
        sorties = self.step(steps.gather, week)
        standing = self.step(steps.order_countermeasures, week, seed)
        self.step(steps.engage, params, sorties, standing)
        self.step(steps.settle, params, week, seed)
        self.step(steps.review_products, params)
        self.step(steps.move_front, params, week)
        self.step(steps.follow_products, params, week)
        self.step(steps.measure_outcome, params, week, self.weekly, week)
        self.step(steps.queue_reports, params, week, seed)
        self.step(steps.deliver_reports, params, week)
        self.step(steps.publish)
        self.step(steps.decide_makers, params, week, seed)
        self.step(steps.act_teams, params, week, seed)
        self.step(steps.measure_decisions, self.weekly, week)
        self.step(steps.tidy, params, week)


def main() -> None:
    """Print the steps, the longest first, by their least time over a few races."""
    profile = Profile(grown(int(sys.argv[1])) if len(sys.argv) > 1 else baseline())
    races = [profile.race() for _ in range(ROUNDS)]
    least = {name: max(0.0, min(race[name] for race in races)) for name in races[0]}
    total = sum(least.values())
    weeks = len(profile.weekly)
    for name, seconds in sorted(least.items(), key=lambda item: -item[1]):
        sys.stdout.write(f"{name:22} {seconds / weeks * 1e6:10.1f} us a week {seconds / total:6.1%}\n")
    sys.stdout.write(f"{'all':22} {total / weeks * 1e6:10.1f} us a week, {total * 1e3:.1f} ms a race\n")


if __name__ == "__main__":
    main()
