"""Twin scenarios: the same race in which makers never change their designs, or change them as often but blindly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from race_sim.records import WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Event, Scenario, load
from race_sim.scenario.resolve import changed
from race_sim.scenario.schema import Value

FROZEN, BLIND = "frozen_blue", "blind_drift"
"""Scenarios of the library whose changes make the twins; the probability of adoption is matched to each scenario."""
BLIND_PRIMES: dict[str, Value] = {"primes.search_evaluations": 0, "primes.intelligence": 0.0}
"""From week 1 on: the same search also climbs to the first designs, which stay as they are."""
HOW_TWINS_ARE_MADE = (
    "Twins are the same scenarios with the same seeds. In frozen twins no maker changes its design. In blind twins "
    "makers change designs as often, but without information: workshops adopt by chance the share of trials that "
    "they adopt in the scenario itself, with a bench that tells nothing, flips not aimed and nobody copied; primes "
    "redesign without search or intelligence. Both meet countermeasure teams that adapt to them."
)


def frozen_twin(scenario: Scenario) -> Scenario:
    """The scenario in which no maker ever changes its design."""
    return _overridden(scenario, load(FROZEN).changes, "frozen")


def blind_twin(scenario: Scenario, adoption_probability: float) -> Scenario:
    """The scenario in which makers change designs as often as they do in it, but without information.

    Makers that the scenario keeps from changing stay so. Primes begin their work in week 1 instead of week 0, so
    that nothing of the programmes under way has been searched; what they field in week 1 comes a week later.

    Args:
        scenario: whose twin it is.
        adoption_probability: of a trial that a workshop judges, in [0, 1]; see `matching_probability`.
    """
    chance = {"workshops.adoption_probability": adoption_probability}
    blind = _overridden(scenario, {**load(BLIND).changes, **chance}, "blind")
    start = blind.segments[0][1]
    if blind.parameters.run.weeks < 2:
        return blind
    kept = [event for event in blind.events if event.path not in BLIND_PRIMES]
    develops = start.primes.develops
    kept = [event for event in kept if (event.week, event.path) != (0, "primes.develops")]
    if develops and not any((event.week, event.path) == (1, "primes.develops") for event in kept):
        kept.append(Event(1, "primes.develops", True))
    kept += [Event(1, path, value) for path, value in BLIND_PRIMES.items()]
    founding = {path: start.value(path) for path in BLIND_PRIMES}
    parameters = changed(blind.parameters, {**founding, "primes.develops": False})
    return replace(blind, parameters=parameters, events=tuple(kept))


def adopted_share(records: Records, first_week: int) -> float:
    """Share of trials judged from `first_week` on that workshops adopted, all runs together; NaN if none was."""
    kinds = records.weekly["kinds"][:, first_week:, WORKSHOP]
    judged = int(kinds["trials_judged"].sum())
    return float(kinds["trials_adopted"].sum()) / judged if judged else float("nan")


def matching_probability(share: float, variants: int) -> float:
    """Probability of adopting a trial by chance with which this share of all trials is adopted; 0 for NaN.

    Of the `variants` judged together at most one is adopted: with probability p each that is the share
    (1 - (1 - p)^variants) / variants.
    """
    if not share > 0.0:
        return 0.0
    return float(1.0 - (1.0 - min(1.0, share * variants)) ** (1.0 / variants))


def _overridden(scenario: Scenario, changes: Mapping[str, object], name: str) -> Scenario:
    """The scenario with these values throughout: events on the same parameters go."""
    return replace(
        scenario,
        name=f"{scenario.name}, {name} twin",
        parameters=changed(scenario.parameters, changes),
        events=tuple(event for event in scenario.events if event.path not in changes),
    )
