"""All parameters of a run and the checks between them: the source of names, units, bounds, defaults."""

from dataclasses import dataclass
from typing import Any, Literal, Self, TypeAlias, cast, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from race_sim.scenario.accounts import PrimeAccounts, WorkshopAccounts
from race_sim.scenario.front import Arsenal, Front, Operators
from race_sim.scenario.industry import Entry, Inputs, Strikes
from race_sim.scenario.makers import Feedback, Primes, Workshops
from race_sim.scenario.money import Money
from race_sim.scenario.opponents import Countermeasures, Teams
from race_sim.scenario.parameter import About, Assumed, Group, Reading, Source
from race_sim.scenario.text import shown
from race_sim.scenario.trade import Barter, Exports
from race_sim.scenario.treasuries import Coalition, Procurement, Treasuries
from race_sim.scenario.ventures import Abroad, JointLines
from race_sim.scenario.world import Design, Founders, Landscape, Measures, Run

Value: TypeAlias = bool | int | float | str
Kind: TypeAlias = Literal["bool", "int", "float", "choice"]


class Parameters(BaseModel):
    """The constant parameters of one segment of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: Run = Field(default_factory=Run)
    design: Design = Field(default_factory=Design)
    landscape: Landscape = Field(default_factory=Landscape)
    founders: Founders = Field(default_factory=Founders)
    workshops: Workshops = Field(default_factory=Workshops)
    feedback: Feedback = Field(default_factory=Feedback)
    primes: Primes = Field(default_factory=Primes)
    teams: Teams = Field(default_factory=Teams)
    countermeasures: Countermeasures = Field(default_factory=Countermeasures)
    operators: Operators = Field(default_factory=Operators)
    arsenal: Arsenal = Field(default_factory=Arsenal)
    front: Front = Field(default_factory=Front)
    money: Money = Field(default_factory=Money)
    workshop_accounts: WorkshopAccounts = Field(default_factory=WorkshopAccounts)
    prime_accounts: PrimeAccounts = Field(default_factory=PrimeAccounts)
    treasuries: Treasuries = Field(default_factory=Treasuries)
    procurement: Procurement = Field(default_factory=Procurement)
    coalition: Coalition = Field(default_factory=Coalition)
    exports: Exports = Field(default_factory=Exports)
    barter: Barter = Field(default_factory=Barter)
    abroad: Abroad = Field(default_factory=Abroad)
    joint_lines: JointLines = Field(default_factory=JointLines)
    entry: Entry = Field(default_factory=Entry)
    strikes: Strikes = Field(default_factory=Strikes)
    inputs: Inputs = Field(default_factory=Inputs)
    measures: Measures = Field(default_factory=Measures)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        contradictions = list(_contradictions(self))
        if contradictions:
            raise ValueError("\n".join(contradictions))
        return self

    def value(self, path: str) -> Value:
        """The value at a dotted path such as `workshops.iteration_weeks`."""
        group, name = path.split(".")
        value: Value = getattr(getattr(self, group), name)
        return value

    def values(self) -> dict[str, Value]:
        """All values by dotted path, in schema order."""
        return {field.path: self.value(field.path) for field in FIELDS}


def _contradictions(parameters: Parameters) -> list[str]:
    """What the groups of a scenario say against each other, one sentence each."""
    run, design, workshops = parameters.run, parameters.design, parameters.workshops
    bits = design.modules * design.bits_per_module
    interactions = parameters.landscape.interactions
    found = []
    if run.burn_in_weeks >= run.weeks:
        found.append(f"run.burn_in_weeks = {run.burn_in_weeks} must be smaller than run.weeks = {run.weeks}")
    if bits > 64:
        found.append(
            f"design.modules = {design.modules} times design.bits_per_module = {design.bits_per_module} "
            f"is {bits} bits: at most 64 are allowed"
        )
    if interactions >= bits:
        found.append(
            f"landscape.interactions = {interactions} must be smaller than the {bits} bits of a design "
            f"(design.modules times design.bits_per_module)"
        )
    if workshops.network_degree % 2:
        found.append(f"workshops.network_degree = {workshops.network_degree} must be even")
    needs_degree = workshops.network in ("small_world", "ring") and workshops.count > 0
    if needs_degree and workshops.network_degree >= workshops.count:
        found.append(
            f"workshops.network_degree = {workshops.network_degree} must be smaller than "
            f"workshops.count = {workshops.count} when workshops.network is {shown(workshops.network)}"
        )
    return found + (_overreach(parameters) if parameters.money.accounts else _idle_levers(parameters))


def _overreach(parameters: Parameters) -> list[str]:
    """Policies that ask for more than there is, one sentence each."""
    treasuries, abroad, lines, barter = (
        parameters.treasuries,
        parameters.abroad,
        parameters.joint_lines,
        parameters.barter,
    )
    workshops = parameters.workshops.count + parameters.entry.places
    plant = parameters.workshops.count * parameters.workshop_accounts.initial_capacity
    earmarked = treasuries.home_funding + abroad.budget + lines.budget
    found = []
    if earmarked > treasuries.partner_budget:
        found.append(
            f"treasuries.home_funding = {treasuries.home_funding}, abroad.budget = {abroad.budget} and "
            f"joint_lines.budget = {lines.budget} add up to {earmarked}: at most "
            f"treasuries.partner_budget = {treasuries.partner_budget} is allowed (EUR/week)"
        )
    if lines.lines > lines.places:
        found.append(f"joint_lines.lines = {lines.lines} must be at most joint_lines.places = {lines.places}")
    if lines.lines > 0 and parameters.primes.count == 0:
        found.append(f"joint_lines.lines = {lines.lines} needs primes: it must be 0 when primes.count is 0")
    for path, wanted in (("joint_lines.lines", lines.lines), ("abroad.firms", abroad.firms)):
        if wanted > 0 and parameters.workshops.count == 0:
            found.append(f"{path} = {wanted} needs workshops: it must be 0 when workshops.count is 0")
    if abroad.firms > workshops:
        found.append(f"abroad.firms = {abroad.firms} must be at most workshops.count + entry.places = {workshops}")
    if barter.drones_per_week > plant:
        found.append(
            f"barter.drones_per_week = {barter.drones_per_week} is more than workshops can build at the start: at "
            f"most workshops.count times workshop_accounts.initial_capacity = {plant} is allowed (drones/week)"
        )
    return found


_NEEDS_ACCOUNTS: dict[str, Value] = {
    "treasuries.home_funding": 0,
    "exports.regime": "ban",
    "barter.drones_per_week": 0,
    "abroad.firms": 0,
    "abroad.budget": 0,
    "joint_lines.lines": 0,
    "joint_lines.budget": 0,
}
"""Levers that do nothing without accounts, and the value at which they are not pulled."""


def _idle_levers(parameters: Parameters) -> list[str]:
    """Levers that are pulled though there are no accounts for them to act on, one sentence each."""
    return [
        f"{path} = {shown(parameters.value(path))} does nothing when money.accounts is false: it must be {shown(idle)}"
        for path, idle in _NEEDS_ACCOUNTS.items()
        if parameters.value(path) != idle
    ]


@dataclass(frozen=True, slots=True)
class ParameterField:
    """Everything known of one parameter, read off the schema.

    `low` and `high` are the bounds (None for switches and choices); `low_open` and `high_open` exclude them.
    `choices` are the words allowed; the index of a word is its number in the compiled law.
    """

    group: str
    name: str
    kind: Kind
    unit: str
    default: Value
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    choices: tuple[str, ...]
    description: str
    source: Source | Reading | Assumed
    fixed: bool

    @property
    def path(self) -> str:
        """Dotted path in scenario files: `workshops.iteration_weeks`."""
        return f"{self.group}.{self.name}"

    @property
    def record_name(self) -> str:
        """Field of the parameter record of the law: `workshops_iteration_weeks`."""
        return f"{self.group}_{self.name}"

    @property
    def bounds(self) -> str:
        """The allowed range or words: `[1, 104]`, `[0, 1)`, `true or false`, `"area", "point"`."""
        if self.kind == "bool":
            return "true or false"
        if self.kind == "choice":
            return ", ".join(shown(choice) for choice in self.choices)
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{left}{_plain(self.low)}, {_plain(self.high)}{right}"

    @property
    def plausible(self) -> tuple[float, float] | None:
        """Ends of the plausible range; None where none is stated, and for switches and choices."""
        if isinstance(self.source, Reading) or self.source.low is None or self.source.high is None:
            return None
        return float(self.source.low), float(self.source.high)

    @property
    def allowed(self) -> str:
        """What a value must be, in words, for error messages."""
        if self.kind == "bool":
            return "true or false"
        if self.kind == "choice":
            return "one of " + self.bounds
        number = "a whole number" if self.kind == "int" else "a number"
        unit = "" if self.unit == "1" else f" ({self.unit})"
        return f"{number} in {self.bounds}{unit}"

    def encoded(self, value: Value) -> int | float:
        """The value as the compiled law holds it: switches as 0 or 1, choices as their index."""
        if isinstance(value, str):
            return self.choices.index(value)
        return int(value) if isinstance(value, bool) else value


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.12g}"


_KINDS: dict[object, Kind] = {bool: "bool", int: "int", float: "float"}


def _field(group: str, name: str, info: FieldInfo) -> ParameterField:
    about = cast(About, info.json_schema_extra)  # put there by `parameter`
    limits = {type(limit): cast(Any, limit) for limit in info.metadata}
    low_open, high_open = Gt in limits, Lt in limits
    return ParameterField(
        group=group,
        name=name,
        kind=_KINDS.get(info.annotation, "choice"),
        unit=about.unit,
        default=info.default,
        low=limits[Gt].gt if low_open else limits[Ge].ge if Ge in limits else None,
        high=limits[Lt].lt if high_open else limits[Le].le if Le in limits else None,
        low_open=low_open,
        high_open=high_open,
        choices=get_args(info.annotation),
        description=info.description or "",
        source=about.source,
        fixed=about.fixed,
    )


GROUPS: dict[str, type[Group]] = {
    name: info.annotation
    for name, info in Parameters.model_fields.items()
    if isinstance(info.annotation, type) and issubclass(info.annotation, Group)
}
"""The groups (tables of a scenario file) by name, in schema order."""

FIELDS: tuple[ParameterField, ...] = tuple(
    _field(group, name, info) for group, model in GROUPS.items() for name, info in model.model_fields.items()
)
"""All parameters, in schema order."""

BY_PATH: dict[str, ParameterField] = {field.path: field for field in FIELDS}
"""All parameters by dotted path."""
