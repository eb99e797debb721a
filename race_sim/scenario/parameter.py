"""What a parameter of the race is: a typed default with unit, bounds, meaning and source."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from race_sim.scenario.arithmetic import names_in


@dataclass(frozen=True, slots=True)
class Source:
    """Evidence for a number: `arithmetic` leads from figures of rows of evidence to the default, `note` says why so.

    An expression names a figure by row and name, `W057.firms_with_orders`, `S1_28.months_high` (the hyphen of
    an id becomes an underscore). `low` and `high`, where given, are the plausible range; a bound without
    arithmetic of its own is assumed. `informed_by` are rows that support the meaning or the value in words.
    """

    arithmetic: str
    note: str
    low: float | None = None
    high: float | None = None
    low_arithmetic: str | None = None
    high_arithmetic: str | None = None
    informed_by: tuple[str, ...] = ()

    @property
    def expressions(self) -> dict[str, str]:
        """The arithmetic of the default and of those bounds that have one."""
        return {"default": self.arithmetic} | _bounds(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows whose figures the arithmetic uses, then those that inform it."""
        return tuple(dict.fromkeys((*_rows(self.expressions), *self.informed_by)))

    def __str__(self) -> str:
        assumed = [f"{bound:g}" for name, bound in _range(self) if name not in self.expressions]
        both = "range assumed" if len(assumed) == 2 else f"{''.join(assumed)} assumed"
        return f"{', '.join(self.ids)}: {self.note}{_span(self)}{f' ({both})' if assumed else ''}"


@dataclass(frozen=True, slots=True)
class Reading:
    """Evidence for a switch or a choice: `note` says how the rows are read; no arithmetic leads to a word."""

    ids: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        return f"{', '.join(self.ids)}, a reading: {self.note}"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A default that follows from no evidence, with the range found plausible; `None` twice for a switch or a choice.

    `informed_by` are rows that tell what the parameter means or that it matters, without fixing its value; a
    bound may follow from figures, as in `Source`.
    """

    low: float | None
    high: float | None
    note: str = ""
    informed_by: tuple[str, ...] = ()
    low_arithmetic: str | None = None
    high_arithmetic: str | None = None

    @property
    def expressions(self) -> dict[str, str]:
        """The arithmetic of those bounds that have one."""
        return _bounds(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows whose figures the arithmetic of a bound uses, then those that inform the parameter."""
        return tuple(dict.fromkeys((*_rows(self.expressions), *self.informed_by)))

    def __str__(self) -> str:
        informed = f", informed by {', '.join(self.ids)}" if self.ids else ""
        return f"assumed{_span(self)}{informed}" + (f": {self.note}" if self.note else "")


def figure_name(row_id: str, figure: str) -> str:
    """How an expression names a figure of a row: `S1_28.months_high`."""
    return f"{row_id.replace('-', '_')}.{figure}"


def _range(source: Source | Assumed) -> list[tuple[str, float]]:
    return [(name, bound) for name, bound in (("low", source.low), ("high", source.high)) if bound is not None]


def _span(source: Source | Assumed) -> str:
    bounds = [f"{bound:g}" for _, bound in _range(source)]
    return f", plausible {' to '.join(bounds)}" if bounds else ""


def _bounds(source: Source | Assumed) -> dict[str, str]:
    named = {"low": source.low_arithmetic, "high": source.high_arithmetic}
    return {name: expression for name, expression in named.items() if expression is not None}


def _rows(expressions: dict[str, str]) -> tuple[str, ...]:
    """Ids of the rows whose figures the expressions use, in order of appearance."""
    names = (name for expression in expressions.values() for name in names_in(expression))
    return tuple(dict.fromkeys(name.partition(".")[0].replace("_", "-") for name in names if "." in name))


@dataclass(frozen=True, slots=True)
class About:
    """What pydantic has no place for: unit, source, and whether the value is fixed for the whole run."""

    unit: str
    source: Source | Reading | Assumed
    fixed: bool

    def __call__(self, schema: JsonDict) -> None:
        """Add these facts to the JSON schema of the field (pydantic calls this)."""
        schema.update(unit=self.unit, source=str(self.source), fixed=self.fixed)


class Group(BaseModel):
    """A table of a scenario file: immutable; refuses unknown keys, NaN, infinity and silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


def parameter(
    default: float | str,
    *,
    unit: str,
    description: str,
    source: Source | Reading | Assumed,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    fixed: bool = False,
) -> Any:
    """Declare one parameter of a `Group`.

    `unit` is "1" for a dimensionless number, a switch or a choice. `fixed` marks what cannot change while
    a run lasts: no event may set it.
    """
    about = About(unit, source, fixed)
    return Field(default, description=description, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=about)
