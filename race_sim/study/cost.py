"""What a sweep will cost before it is begun: races, processor time, bytes on the disk."""

from __future__ import annotations

import math
from dataclasses import dataclass

from race_sim.scenario.schema import Parameters
from race_sim.study.design import Generation
from race_sim.study.points import defined

SECONDS_AN_AGENT_WEEK = 1.6e-6  # docs/performance.md: 20.5 ms for 78 makers and teams over 156 weeks
ACCOUNTS_SLOWER = 1.2  # a race with accounts over the same with output given, from the same page
SECONDS_A_RACE = 2e-4  # writing its row
AGENTS_SLOWER = 7.0  # the Mesa driver's time over the ensemble's, from the same page
BYTES_A_RACE = 260  # of a row, compressed; measured on the headline study
BYTES_A_BLOCK = 88_000  # of the names and places of a block's columns
BYTES_A_WEEK = 8  # of a series, which hardly compresses
SAMPLE = 50  # scenarios of a generation that are looked at
BLOCK_SECONDS = 2.0
MOST_BLOCK_RUNS = 5_000


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate: races, processor seconds and bytes."""

    races: int
    seconds: float
    bytes: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.races + other.races, self.seconds + other.seconds, self.bytes + other.bytes)


def race_seconds(parameters: Parameters, *, agents: bool = False) -> float:
    """Processor seconds of a race, roughly; `agents` for the Mesa driver."""
    actors = parameters.workshops.count + parameters.primes.count + parameters.teams.count
    seconds = SECONDS_A_RACE + SECONDS_AN_AGENT_WEEK * actors * parameters.run.weeks
    if parameters.money.accounts:
        seconds *= ACCOUNTS_SLOWER
    return seconds * AGENTS_SLOWER if agents else seconds


def race_cost(definitions: list[str], replicates: int, *, agents: bool = False) -> Cost:
    """Of racing scenarios with these definitions so often, judged by some of them; bytes are those of rows alone."""
    if not definitions:
        return Cost(0, 0.0, 0.0)
    sample = definitions[:: max(1, len(definitions) // SAMPLE)]
    seconds = size = 0.0
    for definition in sample:
        scenario, series = defined(definition)
        seconds += race_seconds(scenario.parameters, agents=agents)
        size += BYTES_A_RACE + BYTES_A_WEEK * len(series) * scenario.parameters.run.weeks
    races = len(definitions) * replicates
    return Cost(races, seconds / len(sample) * races, size / len(sample) * races)


def generation_cost(definitions: list[str], replicates: int, *, agents: bool = False) -> Cost:
    """Of racing scenarios with these definitions so often and keeping the rows in blocks."""
    return in_blocks(race_cost(definitions, replicates, agents=agents))


def in_blocks(cost: Cost) -> Cost:
    """The same with what blocks add to the bytes of rows."""
    return Cost(cost.races, cost.seconds, cost.bytes + BYTES_A_BLOCK * math.ceil(cost.seconds / BLOCK_SECONDS))


def block_runs(definitions: list[str], *, agents: bool = False) -> int:
    """Runs of a block that takes a second or two."""
    cost = race_cost(definitions, 1, agents=agents)
    if cost.races == 0:
        return 1
    return max(1, min(MOST_BLOCK_RUNS, round(BLOCK_SECONDS * cost.races / cost.seconds)))


def remaining_cost(generation: Generation, missing: list[int], *, agents: bool = False) -> Cost:
    """Of the missing blocks of a generation."""
    races = sum(generation.size(block) for block in missing)
    whole = race_cost([definition for _, definition in generation.scenarios], 1, agents=agents)
    if whole.races == 0:
        return whole
    size = whole.bytes / whole.races * races + BYTES_A_BLOCK * len(missing)
    return Cost(races, whole.seconds / whole.races * races, size)
