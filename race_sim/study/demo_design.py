"""What the demo runs: sizes, regimes, controls, and the scenario of each force."""

from __future__ import annotations

from dataclasses import dataclass

from race_sim.analysis.forces import Force, Regime
from race_sim.scenario import Scenario, load

REGIMES = tuple(
    Regime(founders, countermeasures) for founders in ("common", "independent") for countermeasures in ("area", "point")
)
CONTROLS = {
    "no_red": "without countermeasures",
    "frozen_red": "with countermeasures frozen at week 26",
    "frozen_blue": "when no design changes",
    "blind_drift": "when designs change as often but blindly",
    "shuffled_feedback": "when reports are shuffled among workshops",
}
"""Controls of the scenario library, in words."""
LONG_RUN = "long_run"
DROPPING = "dropping"
GROWING_CAPACITY = "growing_capacity"
FIRST_SEED = 1

OUTPUT = 100  # drones a week of a workshop with x1 arsenal, as in the library's workshops_only
STOCK_WEEKS = 4  # initial stock in weeks of output
TRIAL_SHARE = 0.1  # of the output with x1 arsenal
POINT_CAPACITY = 0.5  # engagements of all point countermeasures over the crews of a force with x1 arsenal
MASS = 4  # arsenal of the slow force in the control in which point capacity grows with the attack


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How much is run: every force under every regime, once a seed; controls for the reference and the slowest.

    `multiples` hold `MASS`: beside that arsenal, point countermeasures also race with a capacity that grows.
    Long runs last `long_weeks` and are measured over as many of their last weeks as the others are.
    """

    cycles: tuple[int, ...]
    multiples: tuple[int, ...]
    workshops: int
    teams: int
    weeks: int
    burn_in_weeks: int
    long_weeks: int
    runs: int

    @property
    def forces(self) -> list[Force]:
        """All forces, the reference first."""
        return [Force(cycle, multiple) for cycle in self.cycles for multiple in self.multiples]

    @property
    def extremes(self) -> list[Force]:
        """The reference and the force of equal arsenal with the longest cycle."""
        return [Force(min(self.cycles), min(self.multiples)), Force(max(self.cycles), min(self.multiples))]

    @property
    def massed(self) -> list[Force]:
        """The reference and the force with the longest cycle and `MASS` times the arsenal."""
        return [Force(min(self.cycles), min(self.multiples)), Force(max(self.cycles), MASS)]

    @property
    def races(self) -> int:
        """Races in all."""
        cells = len(self.forces) + len(control_meanings(self)) * len(self.extremes)
        return (cells * len(REGIMES) + len(self.massed) * len(point_regimes())) * self.runs


SIZES = {
    "full": DemoSize(
        cycles=(1, 4, 16, 32),
        multiples=(1, 2, 4, 8, 16),
        workshops=20,
        teams=4,
        weeks=156,
        burn_in_weeks=26,
        long_weeks=468,
        runs=40,
    ),
    "quick": DemoSize(
        cycles=(1, 8), multiples=(1, 4), workshops=10, teams=2, weeks=40, burn_in_weeks=8, long_weeks=80, runs=4
    ),
}
"""Full: the library's workshops_only at a third of its size. Quick: for tests; it shows nothing."""


def demo_scenario(
    size: DemoSize, regime: Regime, force: Force, control: str | None = None, *, adopted: float | None = None
) -> Scenario:
    """The races of one force.

    Output is given, without accounts: forces are equal in drones, not in euros. The arsenal multiple scales weekly
    output, initial stock and crews together and divides the trial share, so that makers, bench evaluations and trial
    sorties a week are the same for all forces. Point countermeasures have a fixed capacity, half the crews of a force
    with x1 arsenal: a larger attack saturates them by construction. Operators drop no design: dropping leaves crews
    idle beside a full arsenal, which would mix a habit of theirs into the question.

    Args:
        size: what is the same for all forces.
        regime: founders and kind of countermeasure.
        force: cycle length and arsenal multiple (a whole number).
        control: a control of the scenario library, whose cut is applied; or `LONG_RUN`; or `DROPPING`, operators
            as in the library; or `GROWING_CAPACITY`, for point countermeasures with as many engagements a sortie
            as the fixed capacity allows a crew with x1 arsenal.
        adopted: share of trials adopted by chance, where the control judges by chance.
    """
    multiple = int(force.multiple)
    base = load(control if control in CONTROLS else "baseline")
    slots = size.teams * base.parameters.teams.slots
    crews = size.workshops * OUTPUT
    capacity = round(POINT_CAPACITY * crews / slots)
    changes: dict[str, object] = {
        "money.accounts": False,
        "run.weeks": size.weeks,
        "run.burn_in_weeks": size.burn_in_weeks,
        "measures.shadow_weeks": 0,
        "founders.origin": regime.founders,
        "countermeasures.kind": regime.countermeasures,
        "countermeasures.capacity_per_week": capacity,
        "workshops.count": size.workshops,
        "primes.count": 0,
        "workshops.iteration_weeks": force.cycle_weeks,
        "workshops.weekly_output": OUTPUT * multiple,
        "workshops.initial_stock": OUTPUT * STOCK_WEEKS * multiple,
        "operators.crews": crews * multiple,
        "workshops.trial_share": TRIAL_SHARE / multiple,
    }
    if control != "no_red":
        changes["teams.count"] = size.teams
    if control != DROPPING:
        changes["operators.drop_after_weeks"] = 0
    if control == GROWING_CAPACITY:
        changes["countermeasures.kind"] = "point_proportional"
        changes["countermeasures.capacity_ratio"] = capacity * slots / crews
    if control == LONG_RUN:
        changes["run.weeks"] = size.long_weeks
        changes["run.burn_in_weeks"] = size.long_weeks - (size.weeks - size.burn_in_weeks)
    if adopted is not None:
        changes["workshops.adoption_probability"] = adopted
    return base.with_changes(changes)


def point_regimes() -> list[Regime]:
    """The regimes with point countermeasures."""
    return [regime for regime in REGIMES if regime.countermeasures == "point"]


def control_labels(size: DemoSize) -> dict[str, str]:
    """Controls of equal arsenals by name, each with its label in the table."""
    first = size.long_weeks - (size.weeks - size.burn_in_weeks) + 1
    poor_weeks = load("baseline").parameters.operators.drop_after_weeks
    return {
        LONG_RUN: f"weeks {first} to {size.long_weeks} of longer races",
        DROPPING: f"operators drop designs ({poor_weeks} poor weeks)",
        **{name: name for name in CONTROLS},
    }


def control_meanings(size: DemoSize) -> dict[str, str]:
    """The same controls, each in words that follow "the ratio is 1.2 ..."."""
    labels = control_labels(size)
    return {LONG_RUN: f"over {labels[LONG_RUN]}", DROPPING: f"when {labels[DROPPING]}", **CONTROLS}
