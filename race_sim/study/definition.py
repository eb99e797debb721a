"""A study as its file defines it: a question, factors and what they set, parts that vary them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from race_sim.analysis.policy_effects import TOGETHER
from race_sim.errors import InputError
from race_sim.scenario.arithmetic import names_in
from race_sim.scenario.text import did_you_mean, nearest, shown

Level: TypeAlias = bool | int | float | str
Levels: TypeAlias = Mapping[str, Level]
Kind: TypeAlias = Literal["phase", "boundary", "lines", "weeks", "morris", "sobol", "rules", "effects", "interaction"]

DIGITS = 12  # significant ones of a level in a range
FORMULA = "="  # first character of a setting that is computed from factors and constants
ADOPTED_SHARE = "adopted_share"
"""Name in formulas: share of judged trials adopted at the same factors in the part named by `after`."""


class Table(BaseModel):
    """A table of a study file: immutable; refuses unknown keys, NaN, infinity and silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Change(Table):
    """From the start of `week` on, the parameter at the path `set` has `value`; both may be formulas."""

    week: int | str
    set: str
    value: Level


class Meaning(Table):
    """What a level of a factor stands for.

    Attributes:
        scenario: what this scenario of the library changes in the baseline.
        set: settings.
        event: later changes.
        against: level that figures of effects compare it with, instead of their reference.
    """

    scenario: str | None = None
    set: dict[str, Level] = Field(default_factory=dict)
    event: list[Change] = Field(default_factory=list)
    against: str | None = None


class Range(Table):
    """A factor between two numbers: sampled, or in a grid cut into steps.

    Attributes:
        low, high: both ends, themselves included.
        steps: levels in a grid, evenly spaced on the scale.
        scale: "log" spaces and samples it on logarithms.
        whole: whether levels are rounded to whole numbers.
    """

    low: float
    high: float
    steps: int | None = Field(default=None, ge=2, le=10_000)
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False

    def at(self, share: float) -> Level:
        """The level this share of the way from low to high, both on the scale, to 12 significant digits.

        Rounded so, levels are the same whatever computes them, and come out as 2 and not as 1.9999999999999998.
        """
        if self.scale == "log":
            value = self.low * math.exp(share * math.log(self.high / self.low))
        else:
            value = self.low + share * (self.high - self.low)
        value = min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)
        return round(value) if self.whole else value

    def share(self, level: Level) -> float:
        """How far along the scale a level is: what `at` turns into it, but for rounding."""
        value = float(level)
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def levels(self) -> list[Level]:
        """Levels in a grid; whole ones that coincide once."""
        if self.steps is None:
            raise ValueError("a range without steps has no levels")
        return list(dict.fromkeys(self.at(step / (self.steps - 1)) for step in range(self.steps)))


def level_names(level: Level) -> list[str]:
    """Names of the tables that a level stands for: one, or several that hold at once."""
    return str(level).split(TOGETHER)


def spelled_out(given: object) -> object:
    """The levels that `{ alone = [...], pairs = [...], without = [...] }` stands for; anything else as it is.

    Levels of `pairs` come alone too, and any two of them together, but for those pairs that `without` names.
    Raises ValueError for a table that cannot be read.
    """
    if not isinstance(given, dict) or "pairs" not in given:
        return given
    known = {"alone", "pairs", "without"}
    if not set(given) <= known:
        raise ValueError(f"beside pairs there may be alone and without, not {', '.join(sorted(set(given) - known))}")
    alone, pairs, without = (given.get(key, []) for key in ("alone", "pairs", "without"))
    if not all(isinstance(level, str) for level in [*alone, *pairs]):
        raise ValueError("alone and pairs are lists of names of levels")
    left_out = {frozenset(pair) for pair in without}
    for pair in left_out:
        if len(pair) != len(("one", "other")) or not pair <= set(pairs):
            raise ValueError(f"without: {' and '.join(sorted(pair))} are no two levels of pairs")
    both = [TOGETHER.join(pair) for pair in combinations(pairs, 2) if frozenset(pair) not in left_out]
    return [*dict.fromkeys([*alone, *pairs]), *both]


Factor: TypeAlias = Annotated[list[Level] | Range, BeforeValidator(spelled_out)]


def factor_levels(factor: Factor) -> list[Level]:
    """Levels of a factor in a grid."""
    return factor.levels if isinstance(factor, Range) else factor


def level_at(factor: Factor, share: float) -> Level:
    """The level of a sampled factor at a coordinate in [0, 1): along a range, or one of a list's, each as likely."""
    if isinstance(factor, Range):
        return factor.at(share)
    return factor[min(int(share * len(factor)), len(factor) - 1)]


class Screen(Table):
    """Which factors of an earlier part, a Morris screen, a part varies: the `most` that move `output` most."""

    part: str
    most: int = Field(ge=1)
    output: str


class Boundary(Table):
    """Where a part looks closer: along the line on which an output crosses a threshold.

    Attributes:
        x, y: factors, both ranges; other factors are crossed, each combination having a boundary of its own.
        output: measure whose boundary is sought.
        reference: levels of the point whose output everything else is divided by; others are as at the point.
        threshold: of the output, or of the ratio; positive.
        budget: points of each combination in all, those of the first design included.
        batch: points of each combination added at a time.
    """

    x: str
    y: str
    output: str
    reference: dict[str, Level] = Field(default_factory=dict)
    threshold: float = Field(default=1.0, gt=0)
    budget: int = Field(ge=4, le=2_000)
    batch: int = Field(default=8, ge=1, le=1_000)


class Drawing(Table):
    """A figure of a part.

    Attributes:
        name: the file's stem.
        kind: what is drawn; docs/studies.md says what each kind needs.
        title: what it shows, for its heading.
        x, y: factors along the axes.
        series: factor that tells lines apart.
        panels: factors whose levels have axes of their own.
        output: measure; the part's first output if not given.
        reference: levels of the point by whose output others are divided.
        threshold: of a phase diagram's boundary and of rules.
    """

    name: str
    kind: Kind
    title: str
    x: str | None = None
    y: str | None = None
    series: str | None = None
    panels: list[str] = Field(default_factory=list)
    output: str | None = None
    reference: dict[str, Level] = Field(default_factory=dict)
    threshold: float | None = Field(default=None, gt=0)

    @property
    def factors(self) -> list[str]:
        """Every factor the figure names."""
        named = [self.x, self.y, self.series, *self.panels, *self.reference]
        return list(dict.fromkeys(name for name in named if name is not None))


class Part(Table):
    """One design: points in the space of its factors.

    Attributes:
        name: letters, digits, _ and -: files are named by it.
        question: what it asks.
        factors: {name or dotted parameter path: levels or range}; a dotted path sets that parameter itself.
        design: "grid": every combination of levels. "latin_hypercube", "sobol": `points` points that fill the space.
            "morris": `points` trajectories that change one factor at a time. "saltelli": `points` base samples of a
            design for Sobol' indices, each of factors + 2 points.
        points: see `design`; none for a grid.
        replicates: races a point, if not the study's.
        set: settings of every point, after the study's.
        event: what changes while the run lasts, beside the study's events.
        after: part that must be raced before, since formulas use its `adopted_share`.
        screen: where the factors come from, if not from `factors`.
        refine: "boundary": more points are added where the boundary is least certain.
        boundary: which boundary.
        outputs: measures in tables, if not the study's.
        series: weekly measures that are kept week by week for every run.
        figures: figures of the headline study.
        figure: other figures.
    """

    name: str
    question: str
    factors: dict[str, Factor] = Field(default_factory=dict)
    design: Literal["grid", "latin_hypercube", "sobol", "morris", "saltelli"] = "grid"
    points: int | None = Field(default=None, ge=1, le=1_000_000)
    replicates: int | None = Field(default=None, ge=1, le=100_000)
    set: dict[str, Level] = Field(default_factory=dict)
    event: list[Change] = Field(default_factory=list)
    after: str | None = None
    screen: Screen | None = None
    refine: Literal["boundary"] | None = None
    boundary: Boundary | None = None
    outputs: list[str] = Field(default_factory=list)
    series: list[str] = Field(default_factory=list)
    figures: list[str] = Field(default_factory=list)
    figure: list[Drawing] = Field(default_factory=list)

    @property
    def needs(self) -> str | None:
        """The part whose rows decide the points of this one."""
        return self.screen.part if self.screen is not None else self.after


class Quick(Table):
    """What is smaller in a quick run, which tests the set-up and shows nothing."""

    replicates: int = Field(default=2, ge=1)
    points: int = Field(default=4, ge=1)
    budget: int = Field(default=12, ge=4)
    factors: dict[str, Factor] = Field(default_factory=dict)
    set: dict[str, Level] = Field(default_factory=dict)


class Study(Table):
    """A study; `reading.load_study` reads one from a file.

    Attributes:
        name: the file's stem.
        base: scenario that settings change.
        replicates: races a point, with seeds `first_seed`, `first_seed` + 1, ...
        common_random_numbers: whether these seeds are the same for every point; else each point has its own.
        design_seed: seed of sampled designs.
        outputs: measures in tables.
        labels: {factor: words for its axis, with the unit}.
        constants: values that formulas may name.
        set: settings of every point, {parameter path: value or formula}.
        event: what changes while the run lasts, after the events of base and scenarios.
        defaults: levels of factors that a part does not vary.
        levels: {factor: {level: meaning}} for levels that stand for more than a value.
        part: the designs.
        quick: what replaces levels and settings in a quick run.
    """

    name: str
    title: str
    question: str
    base: str = "baseline"
    replicates: int = Field(ge=1, le=100_000)
    first_seed: int = Field(default=1, ge=0, le=2**63)
    common_random_numbers: bool = True
    design_seed: int = Field(default=1, ge=0, le=2**31)
    outputs: list[str] = Field(default=["hits_a_sortie"], min_length=1)
    labels: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Level] = Field(default_factory=dict)
    set: dict[str, Level] = Field(default_factory=dict)
    event: list[Change] = Field(default_factory=list)
    defaults: dict[str, Level] = Field(default_factory=dict)
    levels: dict[str, dict[str, Meaning]] = Field(default_factory=dict)
    part: list[Part] = Field(min_length=1)
    quick: Quick = Field(default_factory=Quick)

    @property
    def deciding(self) -> dict[str, Any]:
        """All that decides what is raced, as plain values: the rest is how it is told and drawn."""
        shown = {"figures", "figure", "outputs", "question"}
        kept = self.model_dump(mode="json", exclude={"title", "question", "outputs", "labels", "quick", "part"})
        parts = {part.name: part.model_dump(mode="json", exclude=shown) for part in self.part}
        return {**kept, "part": parts}

    @property
    def seeds(self) -> range:
        """Seeds of every point of a part that names no replicates of its own."""
        return range(self.first_seed, self.first_seed + self.replicates)

    def named(self, name: str) -> Part:
        """The part of this name. Raises InputError if there is none."""
        for part in self.part:
            if part.name == name:
                return part
        names = [part.name for part in self.part]
        raise InputError(
            f"study {self.name} has no part {shown(name)}.{did_you_mean(nearest(name, names))}"
            f" Its parts are {', '.join(names)}."
        )

    def parts(self, wanted: Sequence[str] = ()) -> list[Part]:
        """The parts of these names, all if none is given, each after those it needs.

        Raises InputError for an unknown name.
        """
        names = {self.named(name).name for name in wanted} or {part.name for part in self.part}
        for part in reversed(self.part):  # a part comes after earlier ones only
            if part.name in names and part.needs is not None:
                names.add(part.needs)
        return [part for part in self.part if part.name in names]

    def replicates_of(self, part: Part) -> int:
        """Races at each point of a part, before any are added."""
        return part.replicates or self.replicates

    def outputs_of(self, part: Part) -> list[str]:
        """Measures in the tables of a part."""
        return part.outputs or self.outputs

    def smaller(self) -> Study:
        """The study as `--quick` runs it; what it measures shows nothing."""
        quick = self.quick
        parts = []
        for part in self.part:
            changes: dict[str, object] = {
                "factors": {name: quick.factors.get(name, factor) for name, factor in part.factors.items()},
                "replicates": None if part.replicates is None else min(part.replicates, quick.replicates),
                "points": None if part.points is None else min(part.points, quick.points),
                "set": {path: setting for path, setting in part.set.items() if path not in quick.set},
            }
            if part.boundary is not None:
                budget = min(part.boundary.budget, quick.budget)
                changes["boundary"] = part.boundary.model_copy(update={"budget": budget})
            parts.append(part.model_copy(update=changes))
        return self.model_copy(update={"replicates": quick.replicates, "set": {**self.set, **quick.set}, "part": parts})

    def meanings(self, factor: str, level: Level) -> list[Meaning]:
        """What a level of a factor with tables stands for."""
        return [self.levels[factor][name] for name in level_names(level)]

    def against(self, factor: str) -> dict[Level, Level]:
        """Levels of a factor that are compared with another level than the reference, {level: that level}."""
        tables = self.levels.get(factor, {})
        return {level: meaning.against for level, meaning in tables.items() if meaning.against is not None}

    def events(self) -> list[Change]:
        """Every event in the file."""
        tables = [self.event, *(part.event for part in self.part)]
        tables += [meaning.event for levels in self.levels.values() for meaning in levels.values()]
        return [change for table in tables for change in table]

    def settings(self) -> list[dict[str, Level]]:
        """Every table of settings in the file, those of events included."""
        tables = [self.set, self.quick.set, *(part.set for part in self.part)]
        tables += [meaning.set for levels in self.levels.values() for meaning in levels.values()]
        return [*tables, *({change.set: value} for change in self.events() for value in (change.week, change.value))]


@lru_cache(maxsize=1_000)
def names_used(setting: Level) -> tuple[str, ...]:
    """Names in a setting's formula; none if it is a plain value. Raises InputError if it cannot be read."""
    if not isinstance(setting, str) or not setting.startswith(FORMULA):
        return ()
    return names_in(setting.removeprefix(FORMULA))
